//! Messages, renditions, holds, and the slices of an expansion.

use super::*;
use domain::menu::MenuEntry;
use domain::message::*;
use domain::*;
use serde_json::json;

crate::statements! {
    ACCEPT = "INSERT INTO message (district, id, author, school, weight, state, reached, not_included, not_before, useful_until, written, corrects, reminds, body) VALUES ($1, $2, $3, $4, $5, $6, 0, 0, $7, $8, $9, $10, $11, $12) ON CONFLICT (district, id) DO NOTHING";
    RENDITION = "INSERT INTO rendition (district, id, message, language, channel, state, body) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (district, id) DO UPDATE SET state = excluded.state, body = excluded.body";
    HOLD = "INSERT INTO hold (district, id, rendition, message, kind, reason, due, open, waiting, outcome) VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, '')";
    PLANNING = "SELECT body, reached FROM message WHERE district = $1 AND state = 1 ORDER BY weight, id LIMIT $2";
    RENDITIONS = "SELECT body FROM rendition WHERE district = $1 AND message = $2 ORDER BY id";
    STILL_PLANNING = concat!("SELECT state FROM message WHERE district = $1 AND id = $2 AND reached = $3", for_update!());
    DELIVERIES = concat!("INSERT INTO delivery (district, id, message, contact, rendition, language, channel, sender, lane, weight, state, attempt, opens, closes, students, menu_base, speaks_for, reason, changed, offers) SELECT $1, CAST(e.value ->> 0 AS BIGINT), $2, CAST(e.value ->> 1 AS BIGINT), r.id, r.language, r.channel, CAST(e.value ->> 3 AS BIGINT), CAST(e.value ->> 4 AS BIGINT), CAST(e.value ->> 5 AS BIGINT), CASE WHEN r.state = 1 AND CAST(e.value ->> 6 AS BIGINT) = 8 THEN 0 ELSE CAST(e.value ->> 6 AS BIGINT) END, 0, CAST(e.value ->> 7 AS BIGINT), CAST(e.value ->> 8 AS BIGINT), e.value ->> 9, CAST(e.value ->> 10 AS BIGINT), CAST(e.value ->> 11 AS BIGINT), '', 0, CAST(e.value ->> 12 AS BIGINT) FROM ", rows!("$3"), " JOIN rendition r ON r.district = $1 AND r.id = CAST(e.value ->> 2 AS BIGINT) WHERE true ON CONFLICT (message, contact, language) DO NOTHING RETURNING id");
    ROUTES = concat!("INSERT INTO route (district, contact, sender, staff, student, at) SELECT $1, CAST(e.value ->> 0 AS BIGINT), CAST(e.value ->> 1 AS BIGINT), CAST(e.value ->> 2 AS BIGINT), CAST(e.value ->> 3 AS BIGINT), CAST(e.value ->> 4 AS BIGINT) FROM ", rows!("$2"), " WHERE true ON CONFLICT (district, contact, sender, staff, student) DO UPDATE SET at = excluded.at");
    MENUS = concat!("INSERT INTO menu (district, contact, sender, digit, ends, meaning) SELECT $1, CAST(e.value ->> 0 AS BIGINT), CAST(e.value ->> 1 AS BIGINT), CAST(e.value ->> 2 AS BIGINT), CAST(e.value ->> 3 AS BIGINT), e.value ->> 4 FROM ", rows!("$2"), " WHERE true ON CONFLICT (district, contact, sender, digit, meaning) DO NOTHING");
    TASKS = concat!("INSERT INTO task (district, id, once, kind, school, contact, guardian, student, message, incoming, reason, due, made) SELECT $1, CAST(e.value ->> 0 AS BIGINT), e.value ->> 1, CAST(e.value ->> 2 AS BIGINT), CAST(e.value ->> 3 AS BIGINT), CAST(e.value ->> 4 AS BIGINT), CAST(e.value ->> 5 AS BIGINT), CAST(e.value ->> 6 AS BIGINT), CAST(e.value ->> 7 AS BIGINT), CAST(e.value ->> 8 AS BIGINT), e.value ->> 9, CAST(e.value ->> 10 AS BIGINT), CAST(e.value ->> 11 AS BIGINT) FROM ", rows!("$2"), " WHERE true ON CONFLICT (district, once) DO NOTHING");
    REACHED = "UPDATE message SET reached = $3, not_included = not_included + $4, state = $5 WHERE district = $1 AND id = $2";
    WITHDRAW_MESSAGE = "UPDATE message SET state = 3 WHERE district = $1 AND id = $2";
    WITHDRAW = "UPDATE delivery SET state = 9, changed = $3 WHERE district = $1 AND message = $2 AND state IN (0, 8)";
    CLOSE_MESSAGE_HOLDS = "UPDATE hold SET open = 0, waiting = 0, outcome = 'withdrawn' WHERE district = $1 AND message = $2 AND open = 1";
    HOLD_DIGITS = concat!("SELECT id FROM district WHERE id = $1", for_update!());
    INTRODUCE = "UPDATE contact SET introduced = $3, greeting = $4 WHERE district = $1 AND id = $2 AND introduced IS NULL";
    ONCE = "INSERT INTO notice_once (district, contact, once) VALUES ($1, $2, $3) ON CONFLICT (district, contact, once) DO NOTHING";
    SET_RENDITION = "UPDATE rendition SET state = $3, body = $4 WHERE district = $1 AND id = $2";
    RELEASE = concat!("UPDATE delivery SET state = CASE WHEN CAST($3 AS BIGINT) = 0 AND restored IS NOT NULL THEN 5 ELSE CAST($3 AS BIGINT) END, changed = $4 WHERE district = $1 AND rendition = $2 AND state = 8", aside!("delivery", "$1", "a.kind = 8 AND a.key = $2"));
    NOT_SURE = "UPDATE hold SET reason = $3 WHERE district = $1 AND id = $2 AND open = 1";
    END_HOLD = "UPDATE hold SET waiting = 0, open = $3, outcome = $4 WHERE district = $1 AND id = $2 AND open = 1";
    ONE_HOLD = "SELECT h.kind, r.body, m.body FROM hold h JOIN rendition r ON r.district = h.district AND r.id = h.rendition JOIN message m ON m.district = h.district AND m.id = h.message WHERE h.district = $1 AND h.id = $2 AND h.open = 1";
    HOLDS_DUE = "SELECT h.id, h.kind, r.body, m.body FROM hold h JOIN rendition r ON r.district = h.district AND r.id = h.rendition JOIN message m ON m.district = h.district AND m.id = h.message WHERE h.district = $1 AND h.open = 1 AND h.waiting = 1 AND h.due <= $2 ORDER BY h.due LIMIT $3";
}

/// Writes a message, its renditions and holds. False: the id was there.
pub(super) async fn accept(
    conn: &mut Conn,
    district: DistrictId,
    message: &Message,
    state: MessageState,
    renditions: &[Rendition],
    holds: &[NewHold],
) -> Stored<bool> {
    let query = sqlx::query::<Db>(ACCEPT).bind(district.0).bind(message.id.0).bind(message.author.0).bind(message.school.0);
    let query =
        query.bind(i64::from(message.weight.code())).bind(i64::from(state.code())).bind(message.not_before.0).bind(message.useful_until.0);
    let reminds = if let Audience::Unanswered { message } = message.audience { Some(message.0) } else { None };
    let query = query.bind(message.written.0).bind(message.corrects.map(|id| id.0)).bind(reminds).bind(to_json(message)?);
    if query.execute(&mut *conn).await.map_err(fault)?.rows_affected() == 0 {
        return Ok(false);
    }
    self::renditions(conn, district, message.id, renditions, holds).await?;
    Ok(true)
}

/// Writes renditions of a message, and the holds on them.
pub(super) async fn renditions(
    conn: &mut Conn,
    district: DistrictId,
    message: MessageId,
    renditions: &[Rendition],
    holds: &[NewHold],
) -> Stored<()> {
    for rendition in renditions {
        write_rendition(conn, district, rendition).await?;
    }
    for hold in holds {
        let waiting = renditions.iter().any(|rendition| rendition.id == hold.rendition && rendition.state == RenditionState::Held);
        let query = sqlx::query::<Db>(HOLD).bind(district.0).bind(hold.id.0).bind(hold.rendition.0).bind(message.0);
        let query = query.bind(i64::from(hold.kind.code())).bind(clean(&hold.reason)).bind(hold.due.0).bind(i64::from(waiting));
        query.execute(&mut *conn).await.map_err(fault)?;
    }
    Ok(())
}

async fn write_rendition(conn: &mut Conn, district: DistrictId, rendition: &Rendition) -> Stored<()> {
    let query =
        sqlx::query::<Db>(RENDITION).bind(district.0).bind(rendition.id.0).bind(rendition.message.0).bind(clean(&rendition.language));
    let query = query.bind(i64::from(rendition.channel.code())).bind(i64::from(rendition.state.code())).bind(to_json(rendition)?);
    query.execute(conn).await.map_err(fault)?;
    Ok(())
}

/// A message's words, in every language and form.
pub(super) async fn renditions_of(conn: &mut Conn, district: DistrictId, message: MessageId) -> Stored<Vec<Rendition>> {
    let rows = sqlx::query::<Db>(RENDITIONS).bind(district.0).bind(message.0).fetch_all(conn).await.map_err(fault)?;
    rows.iter().map(|row| json(row, 0)).collect()
}

/// See [`Outbound::expansions`].
pub(super) async fn expansions(conn: &mut Conn, district: DistrictId, most: i64) -> Stored<Vec<Expansion>> {
    let mut all = Vec::new();
    for row in sqlx::query::<Db>(PLANNING).bind(district.0).bind(most).fetch_all(&mut *conn).await.map_err(fault)? {
        let message: Message = json(&row, 0)?;
        all.push(Expansion { renditions: renditions_of(conn, district, message.id).await?, cursor: GuardianId(int(&row, 1)?), message });
    }
    Ok(all)
}

/// See [`Outbound::plan`].
pub(super) async fn plan(conn: &mut Conn, district: DistrictId, message: MessageId, slice: &Slice) -> Stored<u64> {
    let mut step = conn.begin_with(BEGIN).await.map_err(fault)?;
    // Waited for: were it passed over while another node tries the same slice, neither of two might ever come to write.
    let query = sqlx::query::<Db>(STILL_PLANNING).bind(district.0).bind(message.0).bind(slice.after.map_or(0, |after| after.0));
    let row = query.fetch_optional(&mut *step).await.map_err(fault)?;
    if row.map(|row| int(&row, 0)).transpose()? != Some(i64::from(MessageState::Planning.code())) {
        return Ok(0);
    }
    free(&mut step, district, &offered_by(&slice.deliveries), &slice.alone, slice.at).await?;
    let new = deliveries(&mut step, district, message, &slice.deliveries).await?;
    routes(&mut step, district, &slice.routes).await?;
    let fresh: Vec<&MenuEntry> = slice.menus.iter().filter(|(delivery, _)| new.contains(&delivery.0)).map(|(_, entry)| entry).collect();
    menus(&mut step, district, fresh).await?;
    for notice in &slice.notices {
        ready(&mut step, district, notice, &[]).await?;
    }
    restored::made_by_message(&mut step, district, message, &new, &slice.notices).await?;
    tasks(&mut step, district, &slice.tasks).await?;
    let state = if slice.cursor.is_some() { MessageState::Planning } else { MessageState::Planned };
    let query = sqlx::query::<Db>(REACHED).bind(district.0).bind(message.0).bind(slice.cursor.map_or(0, |cursor| cursor.0));
    query.bind(slice.not_included).bind(i64::from(state.code())).execute(&mut *step).await.map_err(fault)?;
    step.commit().await.map_err(fault)?;
    Ok(new.len() as u64)
}

/// Inserts deliveries; gives the ids that were new.
pub(super) async fn deliveries(conn: &mut Conn, district: DistrictId, message: MessageId, rows: &[NewDelivery]) -> Stored<Vec<i64>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut set = Vec::with_capacity(rows.len());
    for row in rows {
        set.push(json!([
            row.id,
            row.contact,
            row.rendition,
            row.sender,
            row.lane.code(),
            row.weight.code(),
            row.state.code(),
            row.opens,
            row.closes,
            to_json(&row.students)?,
            row.menu_base,
            row.speaks_for,
            row.offers.code()
        ]));
    }
    let done = sqlx::query::<Db>(DELIVERIES).bind(district.0).bind(message.0).bind(to_json(&set)?).fetch_all(conn).await.map_err(fault)?;
    done.iter().map(|row| int(row, 0)).collect()
}

/// Digits, by the line they are offered on.
pub(super) type Offered = Vec<(ContactId, SenderId, Vec<u8>)>;

/// What deliveries offer.
pub(super) fn offered_by(deliveries: &[NewDelivery]) -> Offered {
    let digits = |row: &NewDelivery| domain::menu::digits(row.offers, row.menu_base).into_iter().map(|(digit, _)| digit).collect();
    deliveries.iter().map(|row| (row.contact, row.sender, digits(row))).collect()
}

/// What menus offer of the digits that no two of them may share. 7 to 9 mean the same whoever offers them, and a language is asked
/// for with the same digits each time.
pub(super) fn offered_in(menus: &[&MenuEntry]) -> Offered {
    let shared = |entry: &&&MenuEntry| entry.digit > 6 || matches!(entry.meaning, domain::menu::Meaning::Language { .. });
    menus.iter().filter(|entry| !shared(entry)).map(|entry| (entry.contact, entry.sender, vec![entry.digit])).collect()
}

/// Nobody else in this district gives digits or lines away until the commit. Whoever holds a message's row as well took that first:
/// two who wait for each other would wait for ever.
pub(super) async fn hold_digits(conn: &mut Conn, district: DistrictId) -> Stored<()> {
    sqlx::query::<Db>(HOLD_DIGITS).bind(district.0).fetch_optional(conn).await.map_err(fault)?;
    Ok(())
}

/// Whether digits are free, and lines still nobody else's, now that nobody else can take them. Who offers them looked before,
/// without holding anything.
pub(super) async fn free(
    conn: &mut Conn,
    district: DistrictId,
    offered: &[(ContactId, SenderId, Vec<u8>)],
    alone: &[(ContactId, SenderId, StaffId)],
    at: Time,
) -> Stored<()> {
    let asking = offered.iter().filter(|(.., digits)| !digits.is_empty()).map(|(contact, ..)| *contact);
    let contacts: std::collections::BTreeSet<ContactId> = asking.chain(alone.iter().map(|(contact, ..)| *contact)).collect();
    if contacts.is_empty() {
        return Ok(());
    }
    hold_digits(conn, district).await?;
    let contacts: Vec<ContactId> = contacts.into_iter().collect();
    let lines = outbound::lines(conn, district, &contacts, at).await?;
    let lines: std::collections::BTreeMap<(ContactId, SenderId), Line> =
        lines.into_iter().map(|line| ((line.contact, line.sender), line)).collect();
    let clash = offered.iter().any(|(contact, sender, digits)| {
        lines.get(&(*contact, *sender)).is_some_and(|line| digits.iter().any(|digit| *digit > 0 && line.digits.contains(digit)))
    });
    let shared = alone
        .iter()
        .any(|(contact, sender, staff)| lines.get(&(*contact, *sender)).is_some_and(|line| line.staff.iter().any(|other| other != staff)));
    if clash || shared { Err(StoreFault::Taken) } else { Ok(()) }
}

/// Upserts routes.
pub(super) async fn routes(conn: &mut Conn, district: DistrictId, rows: &[NewRoute]) -> Stored<()> {
    // One statement may not touch a row twice on PostgreSQL.
    let mut distinct = std::collections::BTreeMap::new();
    for row in rows {
        distinct.insert((row.contact, row.sender, row.staff, row.student), row.at);
    }
    let set: Vec<_> = distinct
        .iter()
        .map(|((contact, sender, staff, student), at)| json!([contact, sender, staff, student.map_or(0, |id| id.0), at]))
        .collect();
    if !set.is_empty() {
        sqlx::query::<Db>(ROUTES).bind(district.0).bind(to_json(&set)?).execute(conn).await.map_err(fault)?;
    }
    Ok(())
}

/// Opens menu rows.
pub(super) async fn menus(conn: &mut Conn, district: DistrictId, rows: Vec<&MenuEntry>) -> Stored<()> {
    let mut set = Vec::with_capacity(rows.len());
    for row in rows {
        set.push(json!([row.contact, row.sender, row.digit, row.until, to_json(&row.meaning)?]));
    }
    if !set.is_empty() {
        sqlx::query::<Db>(MENUS).bind(district.0).bind(to_json(&set)?).execute(conn).await.map_err(fault)?;
    }
    Ok(())
}

/// Adds tasks; one per key.
pub(super) async fn tasks(conn: &mut Conn, district: DistrictId, rows: &[NewTask]) -> Stored<()> {
    let task = |row: &NewTask| {
        json!([
            row.id,
            row.key,
            row.kind.code(),
            row.school,
            row.contact,
            row.guardian,
            row.student,
            row.message,
            row.incoming,
            row.reason,
            row.due,
            row.made
        ])
    };
    let set: Vec<_> = rows.iter().map(task).collect();
    if !set.is_empty() {
        sqlx::query::<Db>(TASKS).bind(district.0).bind(to_json(&set)?).execute(conn).await.map_err(fault)?;
    }
    Ok(())
}

/// See [`Outbound::withdraw`].
pub(super) async fn withdraw(conn: &mut Conn, district: DistrictId, message: MessageId, by: &Audit) -> Stored<u64> {
    let mut step = conn.begin_with(BEGIN).await.map_err(fault)?;
    sqlx::query::<Db>(WITHDRAW_MESSAGE).bind(district.0).bind(message.0).execute(&mut *step).await.map_err(fault)?;
    let done = sqlx::query::<Db>(WITHDRAW).bind(district.0).bind(message.0).bind(by.at.0).execute(&mut *step).await.map_err(fault)?;
    sqlx::query::<Db>(CLOSE_MESSAGE_HOLDS).bind(district.0).bind(message.0).execute(&mut *step).await.map_err(fault)?;
    audit(&mut step, district, by).await?;
    step.commit().await.map_err(fault)?;
    Ok(done.rows_affected())
}

/// A message of ours with its one delivery, inside a step. False: dropped.
pub(super) async fn ready(conn: &mut Conn, district: DistrictId, ready: &Ready, holds: &[NewHold]) -> Stored<bool> {
    if !ready.once.is_empty() {
        let query = sqlx::query::<Db>(ONCE).bind(district.0).bind(ready.delivery.contact.0).bind(clean(&ready.once));
        if query.execute(&mut *conn).await.map_err(fault)?.rows_affected() == 0 {
            return Ok(false);
        }
    }
    if ready.once == FIRST_CONTACT {
        let query = sqlx::query::<Db>(INTRODUCE)
            .bind(district.0)
            .bind(ready.delivery.contact.0)
            .bind(ready.message.written.0)
            .bind(ready.delivery.id.0);
        query.execute(&mut *conn).await.map_err(fault)?;
    }
    if !accept(conn, district, &ready.message, MessageState::Planned, std::slice::from_ref(&ready.rendition), holds).await? {
        return Ok(false);
    }
    deliveries(conn, district, ready.message.id, std::slice::from_ref(&ready.delivery)).await?;
    menus(conn, district, ready.menus.iter().collect()).await?;
    Ok(true)
}

/// See [`Outbound::resolve`].
pub(super) async fn resolve(conn: &mut Conn, district: DistrictId, resolution: &Resolution, by: &Audit) -> Stored<bool> {
    let mut step = conn.begin_with(BEGIN).await.map_err(fault)?;
    let query =
        sqlx::query::<Db>(END_HOLD).bind(district.0).bind(resolution.hold.0).bind(i64::from(resolution.keep_open)).bind(resolution.outcome);
    if query.execute(&mut *step).await.map_err(fault)?.rows_affected() == 0 {
        return Ok(false);
    }
    let rendition = &resolution.rendition;
    let query = sqlx::query::<Db>(SET_RENDITION).bind(district.0).bind(rendition.id.0).bind(i64::from(rendition.state.code()));
    query.bind(to_json(rendition)?).execute(&mut *step).await.map_err(fault)?;
    let next: i64 = if rendition.state == RenditionState::Ready { 0 } else { 9 };
    sqlx::query::<Db>(RELEASE).bind(district.0).bind(rendition.id.0).bind(next).bind(by.at.0).execute(&mut *step).await.map_err(fault)?;
    if let Some(memory) = &resolution.memory {
        words::remember(&mut step, district, memory).await?;
    }
    audit(&mut step, district, by).await?;
    step.commit().await.map_err(fault)?;
    Ok(true)
}

/// See [`Outbound::not_sure`].
pub(super) async fn not_sure(conn: &mut Conn, district: DistrictId, hold: HoldId, reason: &str, by: &Audit) -> Stored<bool> {
    let mut step = conn.begin_with(BEGIN).await.map_err(fault)?;
    let done = sqlx::query::<Db>(NOT_SURE).bind(district.0).bind(hold.0).bind(clean(reason)).execute(&mut *step).await.map_err(fault)?;
    audit(&mut step, district, by).await?;
    step.commit().await.map_err(fault)?;
    Ok(done.rows_affected() == 1)
}

/// See [`Outbound::holds_due`].
pub(super) async fn holds_due(
    conn: &mut Conn,
    district: DistrictId,
    now: Time,
    most: i64,
) -> Stored<Vec<(HoldId, domain::conversation::HoldKind, Rendition, Message)>> {
    let rows = sqlx::query::<Db>(HOLDS_DUE).bind(district.0).bind(now.0).bind(most).fetch_all(conn).await.map_err(fault)?;
    rows.iter().map(|row| Ok((HoldId(int(row, 0)?), hold_kind(int(row, 1)?), json(row, 2)?, json(row, 3)?))).collect()
}

/// See [`Outbound::hold`].
pub(super) async fn hold(
    conn: &mut Conn,
    district: DistrictId,
    hold: HoldId,
) -> Stored<Option<(domain::conversation::HoldKind, Rendition, Message)>> {
    let row = sqlx::query::<Db>(ONE_HOLD).bind(district.0).bind(hold.0).fetch_optional(conn).await.map_err(fault)?;
    row.map(|row| Ok((hold_kind(int(&row, 0)?), json(&row, 1)?, json(&row, 2)?))).transpose()
}

fn hold_kind(code: i64) -> domain::conversation::HoldKind {
    domain::conversation::HoldKind::from_code(code as i16).unwrap_or(domain::conversation::HoldKind::Guard)
}
