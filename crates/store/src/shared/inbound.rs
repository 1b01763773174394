//! [`Inbound`]: raw first, then concluded in one transaction; threads and their clocks.

use super::*;
use domain::conversation::*;
use domain::menu::{Meaning, MenuEntry};
use domain::message::AnswerSet;
use domain::people::Channel;
use domain::*;
use serde::{Deserialize, Serialize};

crate::statements! {
    TAKE_IN = concat!("INSERT INTO incoming (district, id, replay, via, received, sent_from, sent_to, raw, carrier_answered, place, asked, reason, words, claimed_until, tries) SELECT CAST(e.value ->> 0 AS BIGINT), CAST(e.value ->> 1 AS BIGINT), e.value ->> 2, CAST(e.value ->> 3 AS BIGINT), CAST(e.value ->> 4 AS BIGINT), e.value ->> 5, e.value ->> 6, ", bytes!("e.value ->> 7"), ", CAST(e.value ->> 8 AS BIGINT), 0, 0, '', '', 0, 0 FROM ", rows!("$1"), " WHERE true ON CONFLICT (district, replay) DO NOTHING");
    TAKEN_IN = concat!("SELECT i.id FROM ", rows!("$1"), " CROSS JOIN incoming i WHERE i.district = CAST(e.value ->> 0 AS BIGINT) AND i.id = CAST(e.value ->> 1 AS BIGINT)");
    POISONED = "SELECT id, replay, via, received, sent_from, sent_to, raw, carrier_answered, reason FROM incoming WHERE district = $1 AND place = 0 AND tries >= 5 AND claimed_until <= $2 ORDER BY tries, id LIMIT $3";
    FAILED = "UPDATE incoming SET reason = $3 WHERE district = $1 AND id = $2 AND place = 0";
    WAITING = concat!("WITH next AS MATERIALIZED (SELECT id FROM incoming WHERE district = $1 AND place = 0 AND tries < 5 AND claimed_until <= $2 ORDER BY id LIMIT $4", skip_locked!(), ") UPDATE incoming SET claimed_until = $3, tries = tries + 1 FROM next WHERE incoming.district = $1 AND incoming.id = next.id RETURNING incoming.id, replay, via, received, sent_from, sent_to, raw, carrier_answered");
    INCOMING = "SELECT id, replay, via, received, sent_from, sent_to, raw, carrier_answered FROM incoming WHERE district = $1 AND id = $2";
    ROUTES = "SELECT staff, student, at FROM route WHERE district = $1 AND contact = $2 AND sender = $3 ORDER BY at DESC";
    MENU = "SELECT digit, ends, meaning FROM menu WHERE district = $1 AND contact = $2 AND sender = $3 ORDER BY ends DESC";
    OFFERED = "SELECT id, menu_base, offers, closes, opens, CASE WHEN state IN (1, 2, 3, 5) THEN COALESCE(claimed_at, opens) END FROM delivery WHERE district = $1 AND contact = $2 AND sender = $3 AND offers <> 4 AND menu_base > 0 AND state NOT IN (6, 7, 9) ORDER BY id DESC LIMIT 200";
    RECENT = "SELECT d.id, d.speaks_for, d.students, COALESCE(d.claimed_at, d.opens), d.message FROM delivery d JOIN message m ON m.district = d.district AND m.id = d.message WHERE d.district = $1 AND d.contact = $2 AND d.sender = $3 AND d.state IN (1, 2, 3, 5) AND m.author <> 0 AND COALESCE(d.claimed_at, d.opens) > $4 AND COALESCE(d.claimed_at, d.opens) <= $5 ORDER BY 4 DESC, d.id DESC LIMIT 20";
    PENDING = "SELECT id FROM incoming WHERE district = $1 AND contact = $2 AND sender = $3 AND place = 2 ORDER BY id";
    ASKED = "SELECT id FROM incoming WHERE district = $1 AND contact = $2 AND sender = $3 AND place = 3 AND asked = 1 AND received > $4 ORDER BY id";
    HEARD = "SELECT staff, MAX(last_in_at) FROM thread WHERE district = $1 AND contact = $2 AND sender = $3 AND last_in_at IS NOT NULL GROUP BY staff";
    CONCLUDE = "UPDATE incoming SET place = CAST($3 AS BIGINT), asked = CASE WHEN CAST($3 AS BIGINT) = 2 THEN 1 ELSE asked END, reason = $4, contact = $5, sender = $6, thread = $7, words = $8 WHERE district = $1 AND id = $2 AND place = 0";
    JOIN_ALSO = "UPDATE incoming SET place = $3, thread = $4, reason = $5 WHERE district = $1 AND id = $2 AND (place = 2 OR (place = 3 AND asked = 1))";
    CONFIRM = "UPDATE contact SET confirmed = 1 WHERE district = $1 AND id = $2";
    SUSPEND = "UPDATE contact SET suspended = 1 WHERE district = $1 AND id = $2";
    WITHHOLD_SUSPENDED = "UPDATE delivery SET state = 6, reason = $4, changed = $3 WHERE district = $1 AND contact = $2 AND state IN (0, 8)";
    LANGUAGE = "UPDATE guardian SET language = $3, own_choice = 1 WHERE district = $1 AND id = $2";
    CLOSE_DIGIT = "UPDATE menu SET ends = $5 WHERE district = $1 AND contact = $2 AND sender = $3 AND digit = $4 AND ends > $5";
    ANSWER = "INSERT INTO answer (district, delivery, incoming, answer, words, at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (district, delivery, incoming) DO NOTHING";
    JOIN_THREAD = "INSERT INTO thread (district, id, contact, staff, student, owner, school, private, sender, due, passed, unread, last_at, last_in, last_in_at, last_message_id, risk, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $16, $11, $12, $11, $13, $14, $15) ON CONFLICT (district, contact, staff, student) DO UPDATE SET owner = excluded.owner, sender = excluded.sender, due = COALESCE(thread.due, excluded.due), unread = CASE WHEN excluded.unread = 1 THEN 1 ELSE thread.unread END, last_at = excluded.last_at, last_in = CASE WHEN excluded.unread = 1 OR thread.last_in IS NULL THEN excluded.last_in ELSE thread.last_in END, last_in_at = CASE WHEN excluded.unread = 1 OR thread.last_in IS NULL THEN excluded.last_in_at ELSE thread.last_in_at END, last_message_id = COALESCE(excluded.last_message_id, thread.last_message_id), risk = CASE WHEN excluded.risk = 1 THEN 1 ELSE thread.risk END, reason = CASE WHEN excluded.unread = 1 OR thread.last_in IS NULL THEN excluded.reason ELSE thread.reason END RETURNING id";
    OPEN_THREAD = "INSERT INTO thread (district, id, contact, staff, student, owner, school, private, sender, due, passed, unread, last_at, risk, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL, 0, 0, $10, 0, '') ON CONFLICT (district, contact, staff, student) DO UPDATE SET last_at = thread.last_at RETURNING id";
    LETTERS_TO = "SELECT COUNT(*) FROM (SELECT 1 FROM incoming WHERE district = $1 AND via = 2 AND sent_to = $2 AND received > $3 AND received <= $4 LIMIT 100) AS capped";
    QUESTIONS_DUE = "SELECT id, contact, sender FROM incoming WHERE district = $1 AND place = 2 AND received <= $2 ORDER BY received LIMIT $3";
    TO_OFFICE = "UPDATE incoming SET place = 3, reason = 'The family did not say whom it is for.' WHERE district = $1 AND id = $2 AND place = 2";
    THREAD = "SELECT t.id, t.contact, c.channel, t.staff, t.owner, t.student, t.school, t.private, t.sender, t.last_in, t.last_in_at, t.last_message_id, t.passed, t.unread FROM thread t JOIN contact c ON c.district = t.district AND c.id = t.contact WHERE t.district = $1 AND t.id = $2";
    ANSWERED = "UPDATE thread SET due = NULL, passed = 0, unread = 0, risk = 0, last_at = $3 WHERE district = $1 AND id = $2";
    CLOCKS_DUE = "SELECT t.id, t.contact, c.channel, t.staff, t.owner, t.student, t.school, t.private, t.sender, t.last_in, t.last_in_at, t.last_message_id, t.passed, t.unread FROM thread t JOIN contact c ON c.district = t.district AND c.id = t.contact WHERE t.district = $1 AND t.due <= $2 ORDER BY t.due LIMIT $3";
    OWNED = "SELECT t.id, t.contact, c.channel, t.staff, t.owner, t.student, t.school, t.private, t.sender, t.last_in, t.last_in_at, t.last_message_id, t.passed, t.unread FROM thread t JOIN contact c ON c.district = t.district AND c.id = t.contact WHERE t.district = $1 AND t.owner = $2 AND t.due IS NOT NULL ORDER BY t.due LIMIT $3";
    HAND_OVER = "UPDATE thread SET owner = $3, due = $4, passed = passed + 1, unread = 1, reason = $5 WHERE district = $1 AND id = $2";
}

/// What understanding found, as kept beside the raw words.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Words {
    pub text: String,
    pub language: String,
    pub translation: String,
    pub source: String,
    pub risks: Vec<String>,
    pub warnings: Vec<String>,
}

/// Stores raw rows of any districts in one statement; one answer each.
pub(super) async fn take_in(conn: &mut Conn, rows: &[(DistrictId, NewIncoming)]) -> Stored<Vec<bool>> {
    let row = |(district, row): &(DistrictId, NewIncoming)| {
        let (key, from, to) = (clean(&row.key), clean(&row.from), clean(&row.to));
        (*district, row.id, key, row.via.code(), row.received, from, to, hex(&row.raw), i64::from(row.carrier_answered))
    };
    let set = to_json(&rows.iter().map(row).collect::<Vec<_>>())?;
    let count = sqlx::query::<Db>(TAKE_IN).bind(set.clone()).execute(&mut *conn).await.map_err(fault)?.rows_affected();
    if count == rows.len() as u64 {
        return Ok(vec![true; rows.len()]);
    }
    // Which of them were there already: their ids are not.
    let new = sqlx::query::<Db>(TAKEN_IN).bind(set).fetch_all(conn).await.map_err(fault)?;
    let new: std::collections::HashSet<i64> = new.iter().map(|row| int(row, 0)).collect::<Stored<_>>()?;
    Ok(rows.iter().map(|(_, row)| new.contains(&row.id.0)).collect())
}

fn incoming(row: &DbRow) -> Stored<NewIncoming> {
    Ok(NewIncoming {
        id: IncomingId(int(row, 0)?),
        key: text(row, 1)?,
        via: Via::from_code(int(row, 2)? as i16).unwrap_or(Via::Sms),
        received: Time(int(row, 3)?),
        from: text(row, 4)?,
        to: text(row, 5)?,
        raw: row.try_get(6).map_err(fault)?,
        carrier_answered: int(row, 7)? != 0,
    })
}

fn thread(row: &DbRow) -> Stored<ThreadInfo> {
    let last_in = maybe(row, 9)?.zip(maybe(row, 10)?).map(|(id, at)| (IncomingId(id), Time(at)));
    Ok(ThreadInfo {
        id: ThreadId(int(row, 0)?),
        contact: ContactId(int(row, 1)?),
        channel: Channel::from_code(int(row, 2)? as i16).unwrap_or(Channel::Sms),
        staff: StaffId(int(row, 3)?),
        owner: StaffId(int(row, 4)?),
        student: Some(int(row, 5)?).filter(|id| *id != 0).map(StudentId),
        school: SchoolId(int(row, 6)?),
        private: int(row, 7)? != 0,
        sender: SenderId(int(row, 8)?),
        last_in,
        last_message_id: row.try_get(11).map_err(fault)?,
        passed: int(row, 12)? as i16,
        unread: int(row, 13)? != 0,
    })
}

async fn join(conn: &mut Conn, district: DistrictId, conclusion: &Conclusion, thread: &JoinThread, words: &Words) -> Stored<i64> {
    let at = conclusion.audit.at;
    let query = sqlx::query::<Db>(JOIN_THREAD).bind(district.0).bind(thread.id.0).bind(thread.contact.0).bind(thread.staff.0);
    let query =
        query.bind(thread.student.map_or(0, |id| id.0)).bind(thread.clock.owner.0).bind(thread.school.0).bind(i64::from(thread.private));
    let query = query
        .bind(thread.sender.0)
        .bind((!conclusion.by_nobody).then_some(thread.clock.due.0))
        .bind(at.0)
        .bind(conclusion.incoming.0)
        // An answer of ours is none to what a machine wrote.
        .bind(conclusion.understood.message_id.as_deref().filter(|_| !conclusion.by_nobody).map(clean));
    let query = query.bind(i64::from(!words.risks.is_empty())).bind(clean(&conclusion.reason)).bind(i64::from(!conclusion.by_nobody));
    int(&query.fetch_one(conn).await.map_err(fault)?, 0)
}

/// The options of a line: open ones, the newest text first, and which digits are not free. A text that had not left by then offers
/// nothing: nobody can have read it.
async fn options(
    conn: &mut Conn,
    district: DistrictId,
    (contact, sender): (ContactId, SenderId),
    at: Time,
    evidence: &mut Evidence,
) -> Stored<()> {
    let line = |sql| sqlx::query::<Db>(sql).bind(district.0).bind(contact.0).bind(sender.0);
    let rest = at.plus_seconds(-domain::menu::REST);
    let mut answers = Vec::new();
    let mut closed = std::collections::BTreeSet::new();
    let mut taken = std::collections::BTreeSet::new();
    for row in line(OFFERED).fetch_all(&mut *conn).await.map_err(fault)? {
        let (delivery, set) = (DeliveryId(int(&row, 0)?), AnswerSet::from_code(int(&row, 2)? as i16).unwrap_or(AnswerSet::None));
        // Open for a day at least, however short the message is of use.
        let until = Time(int(&row, 3)?).max(Time(int(&row, 4)?).plus_days(1));
        let left = maybe(&row, 5)?.filter(|left| *left <= at.0);
        for (digit, answer) in domain::menu::digits(set, int(&row, 1)? as u8) {
            if until > rest {
                taken.insert(digit);
            }
            if let Some(left) = left {
                let meaning = Meaning::Answer { delivery, answer };
                answers.push((left, delivery, MenuEntry { contact, sender, digit, meaning, until }));
            }
        }
    }
    answers.sort_by_key(|(left, delivery, _)| std::cmp::Reverse((*left, *delivery)));
    for (_, _, entry) in answers {
        // A family reads the last text that offers a digit: where that one is closed, an older one is not meant.
        if entry.until > at && !closed.contains(&entry.digit) {
            evidence.open.push(entry);
        } else {
            closed.insert(entry.digit);
        }
    }
    for row in line(MENU).fetch_all(&mut *conn).await.map_err(fault)? {
        let (digit, until) = (int(&row, 0)? as u8, Time(int(&row, 1)?));
        if until > rest {
            taken.insert(digit);
        }
        if until > at {
            evidence.open.push(MenuEntry { contact, sender, digit, meaning: json(&row, 2)?, until });
        } else {
            closed.insert(digit);
        }
    }
    evidence.closed_digits = closed.into_iter().collect();
    evidence.taken = taken.into_iter().collect();
    Ok(())
}

async fn conclude(conn: &mut Conn, district: DistrictId, conclusion: &Conclusion) -> Stored<bool> {
    let found = &conclusion.understood;
    let words = Words {
        text: found.text.clone(),
        language: found.language.clone(),
        translation: found.translation.clone(),
        source: found.source.clone(),
        risks: found.risks.clone(),
        warnings: found.warnings.clone(),
    };
    let menus: Vec<&MenuEntry> = conclusion.notices.iter().flat_map(|notice| &notice.menus).collect();
    let offered = planning::offered_in(&menus);
    if !offered.is_empty() {
        // Before anything else of the district is held.
        planning::hold_digits(conn, district).await?;
    }
    let thread = match &conclusion.thread {
        Some(thread) => Some(join(conn, district, conclusion, thread, &words).await?),
        None => None,
    };
    let own_thread = thread.filter(|_| conclusion.place == Place::Thread);
    let query = sqlx::query::<Db>(CONCLUDE)
        .bind(district.0)
        .bind(conclusion.incoming.0)
        .bind(i64::from(conclusion.place.code()))
        .bind(clean(&conclusion.reason));
    let query =
        query.bind(conclusion.contact.map(|id| id.0)).bind(conclusion.sender.map(|id| id.0)).bind(own_thread).bind(to_json(&words)?);
    if query.execute(&mut *conn).await.map_err(fault)?.rows_affected() == 0 {
        return Ok(false);
    }
    for also in &conclusion.also {
        let place = if thread.is_some() { Place::Thread } else { Place::Office };
        let query = sqlx::query::<Db>(JOIN_ALSO).bind(district.0).bind(also.0).bind(i64::from(place.code())).bind(thread);
        query.bind("The family said whom it is for.").execute(&mut *conn).await.map_err(fault)?;
    }
    let at = conclusion.audit.at;
    if let Some(contact) = conclusion.contact {
        if !conclusion.by_nobody {
            sqlx::query::<Db>(CONFIRM).bind(district.0).bind(contact.0).execute(&mut *conn).await.map_err(fault)?;
        }
        if let Some(why) = conclusion.suspend {
            sqlx::query::<Db>(SUSPEND).bind(district.0).bind(contact.0).execute(&mut *conn).await.map_err(fault)?;
            let query = sqlx::query::<Db>(WITHHOLD_SUSPENDED).bind(district.0).bind(contact.0).bind(at.0).bind(why);
            query.execute(&mut *conn).await.map_err(fault)?;
        }
    }
    if let Some((guardian, language)) = &conclusion.language {
        sqlx::query::<Db>(LANGUAGE).bind(district.0).bind(guardian.0).bind(clean(language)).execute(&mut *conn).await.map_err(fault)?;
    }
    for (contact, sender, digit) in &conclusion.closes {
        let query = sqlx::query::<Db>(CLOSE_DIGIT).bind(district.0).bind(contact.0).bind(sender.0).bind(i64::from(*digit)).bind(at.0);
        query.execute(&mut *conn).await.map_err(fault)?;
    }
    if let Some(answer) = &conclusion.answer {
        let query = sqlx::query::<Db>(ANSWER).bind(district.0).bind(answer.delivery.0).bind(conclusion.incoming.0);
        query.bind(i64::from(answer.answer.code())).bind(clean(&answer.words)).bind(at.0).execute(&mut *conn).await.map_err(fault)?;
    }
    if let Some((contact, bits, only)) = conclusion.block {
        outbound::block(conn, district, contact, bits, only, "family", at).await?;
    }
    planning::free(conn, district, &offered, &[], at).await?;
    planning::routes(conn, district, conclusion.route.as_slice()).await?;
    planning::tasks(conn, district, &conclusion.tasks).await?;
    for notice in &conclusion.notices {
        planning::ready(conn, district, notice, &[]).await?;
    }
    restored::made_by_incoming(conn, district, conclusion.incoming, &conclusion.notices).await?;
    audit(conn, district, &conclusion.audit).await?;
    Ok(true)
}

#[async_trait::async_trait]
impl Inbound for Handle {
    async fn take_in(&self, district: DistrictId, rows: &[NewIncoming]) -> Stored<Vec<bool>> {
        self.inlet.ask(rows.iter().map(|row| (district, row.clone())).collect()).await
    }

    async fn take_part(&self, district: DistrictId, part: &NewPart) -> Stored<()> {
        within(async { parts::take(&mut *self.lines.write().await?, district, part).await }).await
    }

    async fn open_parts(&self, district: DistrictId, most: i64) -> Stored<Vec<NewPart>> {
        parts::open(&mut *self.lines.read().await?, district, most).await
    }

    async fn join_parts(&self, district: DistrictId, whole: &NewIncoming, parts: &[String]) -> Stored<bool> {
        within(async { parts::join(&mut *self.lines.write().await?, district, whole, parts).await }).await
    }

    async fn waiting(&self, district: DistrictId, now: Time, until: Time, most: i64) -> Stored<Vec<NewIncoming>> {
        let mut conn = self.lines.write().await?;
        let query = sqlx::query::<Db>(WAITING).bind(district.0).bind(now.0).bind(until.0).bind(most);
        let mut all: Vec<NewIncoming> = query.fetch_all(&mut *conn).await.map_err(fault)?.iter().map(incoming).collect::<Stored<_>>()?;
        all.sort_by_key(|row| row.id);
        Ok(all)
    }

    async fn failed(&self, district: DistrictId, incoming: IncomingId, why: &str) -> Stored<()> {
        let mut conn = self.lines.write().await?;
        let query = sqlx::query::<Db>(FAILED).bind(district.0).bind(incoming.0).bind(clean(why));
        query.execute(&mut *conn).await.map_err(fault)?;
        Ok(())
    }

    async fn poisoned(&self, district: DistrictId, now: Time, most: i64) -> Stored<Vec<(NewIncoming, String)>> {
        let mut conn = self.lines.read().await?;
        let query = sqlx::query::<Db>(POISONED).bind(district.0).bind(now.0).bind(most);
        query.fetch_all(&mut *conn).await.map_err(fault)?.iter().map(|row| Ok((incoming(row)?, text(row, 8)?))).collect()
    }

    async fn incoming(&self, district: DistrictId, id: IncomingId) -> Stored<Option<NewIncoming>> {
        let mut conn = self.lines.read().await?;
        let row = sqlx::query::<Db>(INCOMING).bind(district.0).bind(id.0).fetch_optional(&mut *conn).await.map_err(fault)?;
        row.map(|row| incoming(&row)).transpose()
    }

    async fn evidence(&self, district: DistrictId, contact: ContactId, sender: SenderId, at: Time) -> Stored<Evidence> {
        let mut conn = self.lines.read().await?;
        let line = |sql| sqlx::query::<Db>(sql).bind(district.0).bind(contact.0).bind(sender.0);
        let mut evidence = Evidence::default();
        for row in line(ROUTES).fetch_all(&mut *conn).await.map_err(fault)? {
            let student = Some(int(&row, 1)?).filter(|id| *id != 0).map(StudentId);
            evidence.routes.push(Route { staff: StaffId(int(&row, 0)?), student, at: Time(int(&row, 2)?) });
        }
        options(&mut conn, district, (contact, sender), at, &mut evidence).await?;
        for row in line(RECENT).bind(at.plus_days(-30).0).bind(at.0).fetch_all(&mut *conn).await.map_err(fault)? {
            let students: Vec<(i64, String)> = json(&row, 2)?;
            let student = if let [(id, _)] = students.as_slice() { Some(StudentId(*id)) } else { None };
            evidence.recent.push(Recent {
                delivery: DeliveryId(int(&row, 0)?),
                speaks_for: StaffId(int(&row, 1)?),
                student,
                at: Time(int(&row, 3)?),
                message: MessageId(int(&row, 4)?),
            });
        }
        for row in line(HEARD).fetch_all(&mut *conn).await.map_err(fault)? {
            evidence.heard.push((StaffId(int(&row, 0)?), Time(int(&row, 1)?)));
        }
        for row in line(PENDING).fetch_all(&mut *conn).await.map_err(fault)? {
            evidence.pending.push(IncomingId(int(&row, 0)?));
        }
        for row in line(ASKED).bind(at.plus_days(-2).0).fetch_all(&mut *conn).await.map_err(fault)? {
            evidence.asked.push(IncomingId(int(&row, 0)?));
        }
        Ok(evidence)
    }

    async fn conclude(&self, district: DistrictId, conclusion: &Conclusion) -> Stored<bool> {
        let mut conn = self.lines.write().await?;
        let mut step = conn.begin_with(BEGIN).await.map_err(fault)?;
        if !conclude(&mut step, district, conclusion).await? {
            return Ok(false);
        }
        step.commit().await.map_err(fault)?;
        Ok(true)
    }

    async fn letters_to(&self, district: DistrictId, address: &str, after: Time, until: Time) -> Stored<i64> {
        let mut conn = self.lines.read().await?;
        let query = sqlx::query::<Db>(LETTERS_TO).bind(district.0).bind(clean(address)).bind(after.0).bind(until.0);
        int(&query.fetch_one(&mut *conn).await.map_err(fault)?, 0)
    }

    async fn questions_due(&self, district: DistrictId, asked_before: Time, most: i64) -> Stored<Vec<(IncomingId, ContactId, SenderId)>> {
        let mut conn = self.lines.read().await?;
        let rows =
            sqlx::query::<Db>(QUESTIONS_DUE).bind(district.0).bind(asked_before.0).bind(most).fetch_all(&mut *conn).await.map_err(fault)?;
        rows.iter()
            .map(|row| Ok((IncomingId(int(row, 0)?), ContactId(maybe(row, 1)?.unwrap_or(0)), SenderId(maybe(row, 2)?.unwrap_or(0)))))
            .collect()
    }

    async fn question_to_office(&self, district: DistrictId, incoming: IncomingId, task: &NewTask) -> Stored<bool> {
        let mut conn = self.lines.write().await?;
        let mut step = conn.begin_with(BEGIN).await.map_err(fault)?;
        let moved =
            sqlx::query::<Db>(TO_OFFICE).bind(district.0).bind(incoming.0).execute(&mut *step).await.map_err(fault)?.rows_affected() == 1;
        if moved {
            planning::tasks(&mut step, district, std::slice::from_ref(task)).await?;
        }
        step.commit().await.map_err(fault)?;
        Ok(moved)
    }

    async fn thread(&self, district: DistrictId, id: ThreadId) -> Stored<Option<ThreadInfo>> {
        let mut conn = self.lines.read().await?;
        let row = sqlx::query::<Db>(THREAD).bind(district.0).bind(id.0).fetch_optional(&mut *conn).await.map_err(fault)?;
        row.map(|row| thread(&row)).transpose()
    }

    async fn open_thread(&self, district: DistrictId, join: &JoinThread) -> Stored<ThreadId> {
        let mut conn = self.lines.write().await?;
        let query = sqlx::query::<Db>(OPEN_THREAD)
            .bind(district.0)
            .bind(join.id.0)
            .bind(join.contact.0)
            .bind(join.staff.0)
            .bind(join.student.map_or(0, |id| id.0));
        let query =
            query.bind(join.clock.owner.0).bind(join.school.0).bind(i64::from(join.private)).bind(join.sender.0).bind(join.clock.due.0);
        Ok(ThreadId(int(&query.fetch_one(&mut *conn).await.map_err(fault)?, 0)?))
    }

    async fn answer_thread(&self, district: DistrictId, thread: ThreadId, ready: &Ready, holds: &[NewHold], audit: &Audit) -> Stored<bool> {
        let mut conn = self.lines.write().await?;
        let mut step = conn.begin_with(BEGIN).await.map_err(fault)?;
        let new = planning::ready(&mut step, district, ready, holds).await?;
        if new {
            sqlx::query::<Db>(ANSWERED).bind(district.0).bind(thread.0).bind(audit.at.0).execute(&mut *step).await.map_err(fault)?;
            super::audit(&mut step, district, audit).await?;
        }
        step.commit().await.map_err(fault)?;
        Ok(new)
    }

    async fn clocks_due(&self, district: DistrictId, now: Time, most: i64) -> Stored<Vec<ThreadInfo>> {
        let mut conn = self.lines.read().await?;
        sqlx::query::<Db>(CLOCKS_DUE)
            .bind(district.0)
            .bind(now.0)
            .bind(most)
            .fetch_all(&mut *conn)
            .await
            .map_err(fault)?
            .iter()
            .map(thread)
            .collect()
    }

    async fn waiting_with(&self, district: DistrictId, owner: StaffId, most: i64) -> Stored<Vec<ThreadInfo>> {
        let mut conn = self.lines.read().await?;
        let rows = sqlx::query::<Db>(OWNED).bind(district.0).bind(owner.0).bind(most).fetch_all(&mut *conn).await.map_err(fault)?;
        rows.iter().map(thread).collect()
    }

    async fn hand_over(
        &self,
        district: DistrictId,
        thread: ThreadId,
        clock: Deadline,
        reason: &str,
        notice: Option<&Ready>,
        audit: &Audit,
    ) -> Stored<()> {
        let mut conn = self.lines.write().await?;
        let mut step = conn.begin_with(BEGIN).await.map_err(fault)?;
        let query = sqlx::query::<Db>(HAND_OVER).bind(district.0).bind(thread.0).bind(clock.owner.0).bind(clock.due.0).bind(clean(reason));
        query.execute(&mut *step).await.map_err(fault)?;
        if let Some(notice) = notice {
            planning::ready(&mut step, district, notice, &[]).await?;
            restored::made_by_clock(&mut step, district, notice).await?;
        }
        super::audit(&mut step, district, audit).await?;
        step.commit().await.map_err(fault)
    }

    async fn close_thread(&self, district: DistrictId, thread: ThreadId, audit: &Audit) -> Stored<()> {
        let mut conn = self.lines.write().await?;
        let mut step = conn.begin_with(BEGIN).await.map_err(fault)?;
        sqlx::query::<Db>(ANSWERED).bind(district.0).bind(thread.0).bind(audit.at.0).execute(&mut *step).await.map_err(fault)?;
        super::audit(&mut step, district, audit).await?;
        step.commit().await.map_err(fault)
    }
}
