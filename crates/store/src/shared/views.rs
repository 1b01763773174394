//! [`Views`]: what pages show. Reads only, but for "read".

use super::*;
use domain::conversation::*;
use domain::delivery::DeliveryState;
use domain::message::*;
use domain::people::*;
use domain::views::*;
use domain::*;

crate::statements! {
    INBOX = "SELECT t.id, (SELECT c.address FROM contact c WHERE c.district = t.district AND c.id = t.contact), (SELECT c.channel FROM contact c WHERE c.district = t.district AND c.id = t.contact), (SELECT s.given FROM student s WHERE s.district = t.district AND s.id = t.student), t.last_at, t.due, t.unread, t.risk, t.owner, (SELECT f.title FROM staff f WHERE f.district = t.district AND f.id = t.owner), (SELECT i.words FROM incoming i WHERE i.district = t.district AND i.id = t.last_in), t.contact, (SELECT d.state FROM delivery d WHERE d.district = t.district AND d.contact = t.contact AND d.speaks_for = t.staff ORDER BY d.id DESC LIMIT 1), t.school, t.private FROM thread t WHERE t.district = $1 AND (t.owner = $2 OR (CAST($3 AS BIGINT) = 1 AND t.private = 0)) AND t.last_in IS NOT NULL ORDER BY t.risk DESC, CASE WHEN t.due IS NULL THEN 1 ELSE 0 END, t.unread DESC, t.due, t.last_at DESC LIMIT 200";
    THREAD = "SELECT t.owner, (SELECT f.title FROM staff f WHERE f.district = t.district AND f.id = t.owner), t.staff, t.school, t.private, t.contact, c.address, c.channel, (SELECT s.given FROM student s WHERE s.district = t.district AND s.id = t.student), t.due, t.reason, (SELECT b.bits FROM block b WHERE b.district = t.district AND b.contact = t.contact) FROM thread t JOIN contact c ON c.district = t.district AND c.id = t.contact WHERE t.district = $1 AND t.id = $2";
    HEARD = "SELECT received, words, reason, id FROM incoming WHERE district = $1 AND thread = $2 ORDER BY received DESC, id DESC LIMIT 100";
    SAID = "SELECT CASE d.changed WHEN 0 THEN d.opens ELSE d.changed END, r.body, m.body, d.state, d.reason, (SELECT f.title FROM staff f WHERE f.district = m.district AND f.id = m.author), d.students FROM delivery d JOIN rendition r ON r.district = d.district AND r.id = d.rendition JOIN message m ON m.district = d.district AND m.id = d.message WHERE d.district = $1 AND d.contact = $2 AND (d.speaks_for = $3 OR m.author = 0) ORDER BY d.id DESC LIMIT 100";
    SENDERS = "SELECT body, paused, why FROM sender WHERE district = $1 ORDER BY school, id";
    RECEIPTS_SEEN = "SELECT COUNT(*) FROM delivery WHERE district = $1 AND state = 3";
    READ = "UPDATE thread SET unread = 0 WHERE district = $1 AND id = $2 AND owner = $3";
    COUNT_INBOX = "SELECT COUNT(*) FROM thread WHERE district = $1 AND owner = $2 AND unread = 1";
    COUNT_HOLDS = "SELECT COUNT(*) FROM hold WHERE district = $1 AND open = 1";
    COUNT_TASKS = "SELECT school, COUNT(*) FROM task WHERE district = $1 AND ended IS NULL GROUP BY school";
    INBOUND_FIGURES = "SELECT place, asked, COUNT(*) FROM incoming WHERE district = $1 AND place <> 0 GROUP BY place, asked";
    DELIVERY_FIGURES = "SELECT d.channel, d.state, COUNT(*) FROM delivery d JOIN message m ON m.district = d.district AND m.id = d.message WHERE d.district = $1 AND m.author <> 0 GROUP BY d.channel, d.state";
    AUDIT_ROWS = "SELECT a.staff, a.at, a.act, a.subject, a.detail, (SELECT f.title FROM staff f WHERE f.district = a.district AND f.id = a.staff) FROM audit a WHERE a.district = $1 ORDER BY a.at DESC LIMIT $2";
}

/// The line of what came without words.
const WORDLESS: &str = "A picture or a recording, without words.";

/// "…23", "…@families.example".
pub(super) fn mask(channel: Channel, address: &str) -> String {
    match channel {
        Channel::Sms => format!("{:?}", Phone::new(address)),
        Channel::Email => format!("{:?}", Address::new(address)),
    }
}

fn words(raw: Option<String>) -> inbound::Words {
    raw.and_then(|raw| serde_json::from_str(&raw).ok()).unwrap_or_default()
}

/// The line to read first: the translation, else the words.
fn first(words: &inbound::Words) -> &str {
    if words.translation.is_empty() { &words.text } else { &words.translation }
}

pub(super) fn optional(row: &DbRow, index: usize) -> Stored<String> {
    Ok(row.try_get::<Option<String>, _>(index).map_err(fault)?.unwrap_or_default())
}

fn channel(code: i64) -> Channel {
    Channel::from_code(code as i16).unwrap_or(Channel::Sms)
}

/// Staff acts that the audit view names; anything else is `other`.
fn act(word: &str) -> &'static str {
    const KNOWN: &[&str] = &[
        "sent",
        "approved",
        "consent",
        "rights",
        "language",
        "exported",
        "viewed",
        "imported",
        "withdrawn",
        "released",
        "handed-over",
        "received",
        "told",
        "paused",
        "closed",
        "staff",
        "password",
        "by-hand",
        "settings",
        "live",
        "contact",
        "not-sure",
    ];
    KNOWN.iter().find(|known| **known == word).copied().unwrap_or("other")
}

fn heard(row: &DbRow) -> Stored<Bubble> {
    let found = words(Some(text(row, 1)?));
    let translated = !found.translation.is_empty();
    Ok(Bubble {
        incoming: true,
        at: Time(int(row, 0)?),
        text: first(&found).to_owned(),
        language: if translated { String::new() } else { found.language.clone() },
        original: if translated { found.text.clone() } else { String::new() },
        original_language: found.language.clone(),
        source: found.source.clone(),
        state: None,
        reason: text(row, 2)?,
        who: String::new(),
        warnings: found.warnings.clone(),
        attached: vec![],
    })
}

fn said(row: &DbRow) -> Stored<Bubble> {
    let mut rendition: Rendition = json(row, 1)?;
    let message: Message = json(row, 2)?;
    let students: Vec<(i64, String)> = json(row, 6)?;
    let names: Vec<String> = students.into_iter().map(|(_, name)| name).collect();
    rendition.text = rendition.text.replace("{student}", &names.join(", "));
    let own = match &message.words {
        domain::message::Words::Free { text } => text.clone(),
        domain::message::Words::Phrase { key, .. } => key.clone(),
    };
    let foreign = rendition.language != message.language;
    Ok(Bubble {
        incoming: false,
        at: Time(int(row, 0)?),
        text: if foreign && message.author != StaffId::HOUSE { own } else { rendition.text.clone() },
        language: if foreign && message.author != StaffId::HOUSE { message.language } else { rendition.language.clone() },
        original: if foreign && message.author != StaffId::HOUSE { rendition.text } else { String::new() },
        original_language: rendition.language,
        source: rendition.source,
        state: DeliveryState::from_code(int(row, 3)? as i16),
        reason: text(row, 4)?,
        who: optional(row, 5)?,
        warnings: vec![],
        attached: vec![],
    })
}

#[async_trait::async_trait]
impl Views for Handle {
    async fn inbox(&self, district: DistrictId, staff: StaffId, leads: bool, schools: &[SchoolId], _now: Time) -> Stored<Vec<InboxRow>> {
        let mut conn = self.lines.read().await?;
        let rows =
            sqlx::query::<Db>(INBOX).bind(district.0).bind(staff.0).bind(i64::from(leads)).fetch_all(&mut *conn).await.map_err(fault)?;
        let mut all = Vec::new();
        for row in &rows {
            let owner = int(row, 8)?;
            let school = SchoolId(int(row, 13)?);
            if owner != staff.0 && !schools.is_empty() && !schools.contains(&school) {
                continue;
            }
            let said = words(row.try_get(10).map_err(fault)?);
            let way = channel(int(row, 2)?);
            let names: Vec<String> =
                cards::guardians(&mut conn, district, ContactId(int(row, 11)?)).await?.into_iter().map(|guardian| guardian.name).collect();
            let last = maybe(row, 12)?.and_then(|code| DeliveryState::from_code(code as i16));
            all.push(InboxRow {
                thread: ThreadId(int(row, 0)?),
                who: if names.is_empty() { mask(way, &text(row, 1)?) } else { names.join(", ") },
                child: optional(row, 3)?,
                line: if first(&said).is_empty() { WORDLESS.to_owned() } else { first(&said).chars().take(160).collect() },
                language: said.language,
                channel: way,
                at: Time(int(row, 4)?),
                due: maybe(row, 5)?.map(Time),
                unread: int(row, 6)? != 0,
                risk: int(row, 7)? != 0,
                owner: if owner == staff.0 { String::new() } else { optional(row, 9)? },
                failed: last == Some(DeliveryState::Failed),
                waits: last == Some(DeliveryState::Held),
            });
        }
        Ok(all)
    }

    async fn thread_view(&self, district: DistrictId, thread: ThreadId) -> Stored<Option<ThreadView>> {
        let mut conn = self.lines.read().await?;
        let Some(row) = sqlx::query::<Db>(THREAD).bind(district.0).bind(thread.0).fetch_optional(&mut *conn).await.map_err(fault)? else {
            return Ok(None);
        };
        let (staff, contact, way) = (int(&row, 2)?, ContactId(int(&row, 5)?), channel(int(&row, 7)?));
        let rows = sqlx::query::<Db>(HEARD).bind(district.0).bind(thread.0).fetch_all(&mut *conn).await.map_err(fault)?;
        let ids: Vec<IncomingId> = rows.iter().map(|row| Ok(IncomingId(int(row, 3)?))).collect::<Stored<_>>()?;
        let attached = attachments::attached(&mut conn, district, &ids).await?;
        let with = |(row, id): (&DbRow, &IncomingId)| {
            let attached = attached.iter().filter(|one| one.incoming == *id).cloned().collect();
            Ok(Bubble { attached, ..heard(row)? })
        };
        let mut bubbles: Vec<Bubble> = rows.iter().zip(&ids).map(with).collect::<Stored<_>>()?;
        for row in sqlx::query::<Db>(SAID).bind(district.0).bind(contact.0).bind(staff).fetch_all(&mut *conn).await.map_err(fault)? {
            bubbles.push(said(&row)?);
        }
        // Both lists come newest first: of two at one moment the earlier one stays above.
        bubbles.reverse();
        bubbles.sort_by_key(|bubble| bubble.at);
        Ok(Some(ThreadView {
            thread,
            owner: StaffId(int(&row, 0)?),
            owner_title: optional(&row, 1)?,
            staff: StaffId(staff),
            school: SchoolId(int(&row, 3)?),
            private: int(&row, 4)? != 0,
            contact,
            address: mask(way, &text(&row, 6)?),
            channel: way,
            guardians: cards::guardians(&mut conn, district, contact).await?,
            child: optional(&row, 8)?,
            due: maybe(&row, 9)?.map(Time),
            reason: text(&row, 10)?,
            blocked: maybe(&row, 11)?.unwrap_or(0) as i16,
            bubbles,
        }))
    }

    async fn mark_read(&self, district: DistrictId, thread: ThreadId, staff: StaffId, viewed: Option<&Audit>) -> Stored<()> {
        let mut conn = self.lines.write().await?;
        let mut step = conn.begin_with(BEGIN).await.map_err(fault)?;
        sqlx::query::<Db>(READ).bind(district.0).bind(thread.0).bind(staff.0).execute(&mut *step).await.map_err(fault)?;
        if let Some(viewed) = viewed {
            super::audit(&mut step, district, viewed).await?;
        }
        step.commit().await.map_err(fault)
    }

    async fn senders(&self, district: DistrictId) -> Stored<Vec<(Sender, String)>> {
        let mut conn = self.lines.read().await?;
        let rows = sqlx::query::<Db>(SENDERS).bind(district.0).fetch_all(&mut *conn).await.map_err(fault)?;
        rows.iter().map(|row| Ok((directory::sender(row, 0, 1)?, text(row, 2)?))).collect()
    }

    async fn ahead(&self, district: DistrictId, sender: &Sender, lane: Lane, day: i64) -> Stored<Ahead> {
        claiming::ahead(&mut *self.lines.read().await?, district, sender, lane, day).await
    }

    async fn receipts_seen(&self, district: DistrictId) -> Stored<i64> {
        let mut conn = self.lines.read().await?;
        int(&sqlx::query::<Db>(RECEIPTS_SEEN).bind(district.0).fetch_one(&mut *conn).await.map_err(fault)?, 0)
    }

    async fn message_view(&self, district: DistrictId, message: MessageId) -> Stored<Option<MessageView>> {
        listing::message_view(&mut *self.lines.read().await?, district, message).await
    }
    async fn sent(&self, district: DistrictId, staff: Option<StaffId>, schools: &[SchoolId], most: i64) -> Stored<Vec<SentRow>> {
        listing::sent(&mut *self.lines.read().await?, district, staff, schools, most).await
    }
    async fn families(
        &self,
        district: DistrictId,
        schools: &[SchoolId],
        class: Option<ClassId>,
        search: &str,
        most: i64,
    ) -> Stored<Vec<FamilyRow>> {
        listing::families(&mut *self.lines.read().await?, district, schools, class, search, most).await
    }
    async fn family(&self, district: DistrictId, student: StudentId) -> Stored<Option<FamilyView>> {
        listing::family(&mut *self.lines.read().await?, district, student).await
    }
    async fn classes(
        &self,
        district: DistrictId,
        staff: Option<StaffId>,
        schools: &[SchoolId],
    ) -> Stored<Vec<(ClassId, SchoolId, String, i64)>> {
        listing::classes(&mut *self.lines.read().await?, district, staff, schools).await
    }
    async fn holds(&self, district: DistrictId, languages: &[String]) -> Stored<Vec<HoldRow>> {
        listing::holds(&mut *self.lines.read().await?, district, languages).await
    }
    async fn tasks(&self, district: DistrictId, schools: &[SchoolId], ended: bool, search: &str, _now: Time) -> Stored<Vec<TaskRow>> {
        listing::tasks(&mut *self.lines.read().await?, district, schools, ended, search).await
    }

    async fn counts(&self, district: DistrictId, staff: StaffId, _leads: bool, schools: &[SchoolId]) -> Stored<Counts> {
        let mut conn = self.lines.read().await?;
        let inbox = sqlx::query::<Db>(COUNT_INBOX).bind(district.0).bind(staff.0).fetch_one(&mut *conn).await.map_err(fault)?;
        let review = sqlx::query::<Db>(COUNT_HOLDS).bind(district.0).fetch_one(&mut *conn).await.map_err(fault)?;
        let mut counts = Counts { inbox: int(&inbox, 0)?, review: int(&review, 0)?, by_hand: 0 };
        for row in sqlx::query::<Db>(COUNT_TASKS).bind(district.0).fetch_all(&mut *conn).await.map_err(fault)? {
            if schools.is_empty() || schools.contains(&SchoolId(int(&row, 0)?)) {
                counts.by_hand += int(&row, 1)?;
            }
        }
        Ok(counts)
    }

    async fn languages(&self, district: DistrictId, schools: &[SchoolId]) -> Stored<Vec<(String, i64)>> {
        listing::languages(&mut *self.lines.read().await?, district, schools).await
    }

    async fn audit(&self, district: DistrictId, most: i64) -> Stored<Vec<(Audit, String)>> {
        let mut conn = self.lines.read().await?;
        let rows = sqlx::query::<Db>(AUDIT_ROWS).bind(district.0).bind(most).fetch_all(&mut *conn).await.map_err(fault)?;
        let row = |row: &DbRow| {
            let audit = Audit {
                staff: StaffId(int(row, 0)?),
                at: Time(int(row, 1)?),
                act: act(&text(row, 2)?),
                subject: text(row, 3)?,
                detail: text(row, 4)?,
            };
            Ok((audit, optional(row, 5)?))
        };
        rows.iter().map(row).collect()
    }

    async fn inbound_figures(&self, district: DistrictId) -> Stored<InboundFigures> {
        let mut conn = self.lines.read().await?;
        let mut figures = InboundFigures::default();
        for row in sqlx::query::<Db>(INBOUND_FIGURES).bind(district.0).fetch_all(&mut *conn).await.map_err(fault)? {
            let count = int(&row, 2)?;
            match (Place::from_code(int(&row, 0)? as i16), int(&row, 1)? != 0) {
                (Some(Place::Handled), _) => figures.handled += count,
                (_, true) | (Some(Place::Question), _) => figures.asked += count,
                (Some(Place::Thread), false) => figures.routed += count,
                _ => figures.office += count,
            }
        }
        figures.received = figures.routed + figures.asked + figures.office;
        Ok(figures)
    }

    async fn delivery_figures(&self, district: DistrictId) -> Stored<Vec<(Channel, DeliveryState, i64)>> {
        let mut conn = self.lines.read().await?;
        let rows = sqlx::query::<Db>(DELIVERY_FIGURES).bind(district.0).fetch_all(&mut *conn).await.map_err(fault)?;
        rows.iter()
            .map(|row| {
                Ok((channel(int(row, 0)?), DeliveryState::from_code(int(row, 1)? as i16).unwrap_or(DeliveryState::Uncertain), int(row, 2)?))
            })
            .collect()
    }
}
