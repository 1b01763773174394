//! Lists and cards for pages: messages, families, classes, holds, tasks.

use super::views::{mask, optional};
use super::*;
use domain::conversation::*;
use domain::delivery::DeliveryState;
use domain::message::*;
use domain::people::*;
use domain::views::*;
use domain::*;

crate::statements! {
    MESSAGE = "SELECT m.body, m.state, (SELECT f.title FROM staff f WHERE f.district = m.district AND f.id = m.author), m.not_included, (SELECT MAX(x.id) FROM message x WHERE x.district = m.district AND x.corrects = m.id), (SELECT MAX(x.id) FROM message x WHERE x.district = m.district AND x.reminds = m.id) FROM message m WHERE m.district = $1 AND m.id = $2";
    RENDITIONS = "SELECT body FROM rendition WHERE district = $1 AND message = $2 ORDER BY language, channel";
    STATES = "SELECT rendition, state, COUNT(*) FROM delivery WHERE district = $1 AND message = $2 GROUP BY rendition, state";
    ANSWERS = "SELECT d.students, (SELECT MIN(g.name) FROM contact_guardian o JOIN guardian g ON g.district = o.district AND g.id = o.guardian WHERE o.district = d.district AND o.contact = d.contact), c.channel, c.address, a.answer, a.words, a.at FROM answer a JOIN delivery d ON d.district = a.district AND d.id = a.delivery JOIN contact c ON c.district = d.district AND c.id = d.contact WHERE a.district = $1 AND d.message = $2 AND NOT EXISTS (SELECT 1 FROM answer b WHERE b.district = a.district AND b.delivery = a.delivery AND (b.at > a.at OR b.at = a.at AND b.incoming > a.incoming)) ORDER BY a.at LIMIT 5000";
    UNANSWERED = "SELECT COUNT(*) FROM delivery d WHERE d.district = $1 AND d.message = $2 AND d.state IN (2, 3, 5) AND NOT EXISTS (SELECT 1 FROM answer a WHERE a.district = d.district AND a.delivery = d.id)";
    NOT_REACHED = "SELECT c.channel, c.address, d.language, d.state, d.reason, (SELECT MIN(g.name) FROM contact_guardian o JOIN guardian g ON g.district = o.district AND g.id = o.guardian WHERE o.district = d.district AND o.contact = d.contact) FROM delivery d JOIN contact c ON c.district = d.district AND c.id = d.contact WHERE d.district = $1 AND d.message = $2 AND d.state IN (4, 5, 6, 7) ORDER BY d.state, d.id LIMIT 500";
    SENT = "SELECT m.id, (SELECT f.title FROM staff f WHERE f.district = m.district AND f.id = m.author), m.body, m.state, (SELECT COUNT(*) FROM delivery d WHERE d.district = m.district AND d.message = m.id AND d.walked <> 2), (SELECT COUNT(*) FROM delivery d WHERE d.district = m.district AND d.message = m.id AND d.state IN (2, 3)), (SELECT COUNT(*) FROM delivery d WHERE d.district = m.district AND d.message = m.id AND d.state IN (4, 6, 7) AND d.walked <> 2), (SELECT COUNT(*) FROM delivery d WHERE d.district = m.district AND d.message = m.id AND d.state = 8) FROM message m WHERE m.district = $1 AND m.author <> 0 AND (CAST($2 AS BIGINT) = 0 OR m.author = CAST($2 AS BIGINT)) ORDER BY m.id DESC LIMIT $3";
    STUDENTS = "SELECT s.id, s.given, s.family, s.school FROM student s WHERE s.district = $1 AND s.gone = 0 ORDER BY s.family, s.given LIMIT 20000";
    SEATS = "SELECT a.student, a.class, c.title FROM attends a JOIN class c ON c.district = a.district AND c.id = a.class AND c.gone = 0 WHERE a.district = $1 ORDER BY a.student, c.id";
    GUARDIANS = "SELECT r.student, g.name, g.language, r.knows, c.address, c.textable, c.suspended, (SELECT b.bits FROM block b WHERE b.district = g.district AND b.contact = c.id), g.id FROM relation r JOIN guardian g ON g.district = r.district AND g.id = r.guardian AND g.gone = 0 LEFT JOIN contact_guardian o ON o.district = g.district AND o.guardian = g.id LEFT JOIN contact c ON c.district = o.district AND c.id = o.contact WHERE r.district = $1 ORDER BY r.student, g.id";
    STUDENT = "SELECT given, family, school FROM student WHERE district = $1 AND id = $2 AND gone = 0";
    STUDENT_CLASSES = "SELECT a.class, c.title, f.title FROM attends a JOIN class c ON c.district = a.district AND c.id = a.class AND c.gone = 0 LEFT JOIN teaches t ON t.district = a.district AND t.class = a.class LEFT JOIN staff f ON f.district = t.district AND f.id = t.staff AND f.gone = 0 WHERE a.district = $1 AND a.student = $2 ORDER BY a.class";
    STUDENT_GUARDIANS = "SELECT g.id, g.source, g.name, g.language, g.as_written, g.reads, g.signs, g.rule, r.relation, r.knows, r.order_from, r.order_until FROM relation r JOIN guardian g ON g.district = r.district AND g.id = r.guardian AND g.gone = 0 WHERE r.district = $1 AND r.student = $2 ORDER BY g.id";
    CONTACTS_OF = "SELECT c.id, c.channel, c.address, c.textable, (SELECT b.bits FROM block b WHERE b.district = c.district AND b.contact = c.id), c.suspended, (SELECT COUNT(*) FROM contact_guardian x WHERE x.district = c.district AND x.contact = c.id) FROM contact_guardian o JOIN contact c ON c.district = o.district AND c.id = o.contact WHERE o.district = $1 AND o.guardian = $2 ORDER BY c.channel, c.id";
    CLASSES = "SELECT c.id, c.school, c.title, (SELECT COUNT(*) FROM attends a WHERE a.district = c.district AND a.class = c.id) FROM class c WHERE c.district = $1 AND c.gone = 0 AND (CAST($2 AS BIGINT) = 0 OR EXISTS (SELECT 1 FROM teaches t WHERE t.district = c.district AND t.class = c.id AND t.staff = CAST($2 AS BIGINT))) ORDER BY c.title";
    HOLDS = "SELECT h.id, h.kind, h.reason, r.body, m.body, (SELECT COUNT(*) FROM delivery d WHERE d.district = h.district AND d.message = h.message AND d.rendition = h.rendition), h.due, h.waiting, (SELECT f.title FROM staff f WHERE f.district = m.district AND f.id = m.author) FROM hold h JOIN rendition r ON r.district = h.district AND r.id = h.rendition JOIN message m ON m.district = h.district AND m.id = h.message WHERE h.district = $1 AND h.open = 1 ORDER BY h.waiting DESC, h.due, h.id LIMIT 500";
    TASKS = "SELECT t.id, t.kind, t.school, t.reason, t.due, t.made, c.channel, c.address, (SELECT s.given FROM student s WHERE s.district = t.district AND s.id = t.student), t.contact, t.guardian, t.message, (SELECT i.words FROM incoming i WHERE i.district = t.district AND i.id = t.incoming), t.result, (SELECT m.body FROM message m WHERE m.district = t.district AND m.id = t.message), (SELECT f.title FROM staff f WHERE f.district = t.district AND f.id = t.taken_by), t.incoming FROM task t LEFT JOIN contact c ON c.district = t.district AND c.id = t.contact WHERE t.district = $1 AND (CAST($2 AS BIGINT) = 1 OR t.ended IS NULL) ORDER BY CASE WHEN t.ended IS NULL THEN 0 ELSE 1 END, CASE WHEN t.kind = 6 THEN 0 ELSE 1 END, t.due LIMIT 500";
    ONE_GUARDIAN = "SELECT g.id, g.source, g.name, g.language, g.as_written, g.reads, g.signs, g.rule FROM guardian g WHERE g.district = $1 AND g.id = $2";
    LANGUAGES = "SELECT COALESCE(g.language, 'und'), COUNT(*) FROM guardian g WHERE g.district = $1 AND g.gone = 0 GROUP BY COALESCE(g.language, 'und') ORDER BY COUNT(*) DESC";
}

fn state(code: i64) -> DeliveryState {
    DeliveryState::from_code(code as i16).unwrap_or(DeliveryState::Uncertain)
}

/// See [`Views::message_view`].
pub(super) async fn message_view(conn: &mut Conn, district: DistrictId, message: MessageId) -> Stored<Option<MessageView>> {
    let Some(row) = sqlx::query::<Db>(MESSAGE).bind(district.0).bind(message.0).fetch_optional(&mut *conn).await.map_err(fault)? else {
        return Ok(None);
    };
    let renditions: Vec<Rendition> = sqlx::query::<Db>(RENDITIONS)
        .bind(district.0)
        .bind(message.0)
        .fetch_all(&mut *conn)
        .await
        .map_err(fault)?
        .iter()
        .map(|row| json(row, 0))
        .collect::<Stored<_>>()?;
    let mut counts = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for row in sqlx::query::<Db>(STATES).bind(district.0).bind(message.0).fetch_all(&mut *conn).await.map_err(fault)? {
        let id = RenditionId(int(&row, 0)?);
        if let Some(rendition) = renditions.iter().find(|rendition| rendition.id == id) {
            seen.insert(id);
            counts.push((
                rendition.language.clone(),
                rendition.channel,
                rendition.from,
                rendition.state,
                Some(state(int(&row, 1)?)),
                int(&row, 2)?,
            ));
        }
    }
    let unplanned = renditions.iter().filter(|rendition| !seen.contains(&rendition.id));
    counts.extend(unplanned.map(|rendition| (rendition.language.clone(), rendition.channel, rendition.from, rendition.state, None, 0)));
    let mut answers: Vec<AnswerRow> = Vec::new();
    for row in sqlx::query::<Db>(ANSWERS).bind(district.0).bind(message.0).fetch_all(&mut *conn).await.map_err(fault)? {
        let Some(answer) = Answer::from_code(int(&row, 4)? as i16) else { continue };
        let students: Vec<(i64, String)> = json(&row, 0)?;
        let channel = Channel::from_code(int(&row, 2)? as i16).unwrap_or(Channel::Sms);
        let name = optional(&row, 1)?;
        answers.push(AnswerRow {
            children: students.into_iter().map(|(_, name)| name).collect(),
            who: if name.is_empty() { mask(channel, &text(&row, 3)?) } else { name },
            answer,
            words: text(&row, 5)?,
            at: Time(int(&row, 6)?),
        });
    }
    let mut tally: Vec<(Answer, i64)> = Vec::new();
    for row in &answers {
        match tally.iter_mut().find(|(answer, _)| *answer == row.answer) {
            Some((_, count)) => *count += 1,
            None => tally.push((row.answer, 1)),
        }
    }
    tally.sort_by_key(|(answer, _)| *answer);
    let mut not_reached = Vec::new();
    for row in sqlx::query::<Db>(NOT_REACHED).bind(district.0).bind(message.0).fetch_all(&mut *conn).await.map_err(fault)? {
        let name = optional(&row, 5)?;
        let channel = Channel::from_code(int(&row, 0)? as i16).unwrap_or(Channel::Sms);
        let who = if name.is_empty() { mask(channel, &text(&row, 1)?) } else { name };
        not_reached.push((who, text(&row, 2)?, state(int(&row, 3)?), text(&row, 4)?));
    }
    let unanswered = sqlx::query::<Db>(UNANSWERED).bind(district.0).bind(message.0).fetch_one(conn).await.map_err(fault)?;
    Ok(Some(MessageView {
        message: json(&row, 0)?,
        state: MessageState::from_code(int(&row, 1)? as i16).unwrap_or(MessageState::Planning),
        author: optional(&row, 2)?,
        not_included: int(&row, 3)?,
        counts,
        renditions,
        tally,
        answers,
        unanswered: int(&unanswered, 0)?,
        not_reached,
        corrected_by: maybe(&row, 4)?.map(MessageId),
        reminded_by: maybe(&row, 5)?.map(MessageId),
    }))
}

/// See [`Views::sent`].
pub(super) async fn sent(
    conn: &mut Conn,
    district: DistrictId,
    staff: Option<StaffId>,
    schools: &[SchoolId],
    most: i64,
) -> Stored<Vec<SentRow>> {
    let rows = sqlx::query::<Db>(SENT).bind(district.0).bind(staff.map_or(0, |id| id.0)).bind(most).fetch_all(conn).await.map_err(fault)?;
    let mut all = Vec::new();
    for row in &rows {
        let message: Message = json(row, 2)?;
        if staff.is_none() && !schools.is_empty() && !schools.contains(&message.school) {
            continue;
        }
        all.push(SentRow {
            message: message.id,
            author: optional(row, 1)?,
            words: message.words,
            weight: message.weight,
            audience: message.audience,
            at: message.not_before,
            state: MessageState::from_code(int(row, 3)? as i16).unwrap_or(MessageState::Planning),
            counts: (int(row, 4)?, int(row, 5)?, int(row, 6)?, int(row, 7)?),
        });
    }
    Ok(all)
}

/// See [`Views::families`]. A district's students are read once and filtered here: search is in several scripts, which the two
/// databases' LIKE treat differently.
pub(super) async fn families(
    conn: &mut Conn,
    district: DistrictId,
    schools: &[SchoolId],
    class: Option<ClassId>,
    search: &str,
    most: i64,
) -> Stored<Vec<FamilyRow>> {
    let needle = search.trim().to_lowercase();
    let mut rows: std::collections::BTreeMap<i64, (FamilyRow, String, bool)> = std::collections::BTreeMap::new();
    let mut order = Vec::new();
    for row in sqlx::query::<Db>(STUDENTS).bind(district.0).fetch_all(&mut *conn).await.map_err(fault)? {
        let school = SchoolId(int(&row, 3)?);
        if !schools.is_empty() && !schools.contains(&school) {
            continue;
        }
        let id = int(&row, 0)?;
        let name = format!("{} {}", text(&row, 1)?, text(&row, 2)?);
        let found = FamilyRow {
            student: StudentId(id),
            name: name.clone(),
            classes: String::new(),
            school,
            languages: vec![],
            guardians: 0,
            flags: vec![],
        };
        order.push(id);
        rows.insert(id, (found, name.to_lowercase(), class.is_none()));
    }
    for row in sqlx::query::<Db>(SEATS).bind(district.0).fetch_all(&mut *conn).await.map_err(fault)? {
        if let Some((family, _, wanted)) = rows.get_mut(&int(&row, 0)?) {
            let separator = if family.classes.is_empty() { "" } else { ", " };
            family.classes = format!("{}{separator}{}", family.classes, text(&row, 2)?);
            *wanted |= class.is_some_and(|class| Ok(class.0) == int(&row, 1).map_err(|_| ()));
        }
    }
    let mut last = (0, 0);
    for row in sqlx::query::<Db>(GUARDIANS).bind(district.0).fetch_all(conn).await.map_err(fault)? {
        let Some((family, haystack, _)) = rows.get_mut(&int(&row, 0)?) else {
            continue;
        };
        let key = (int(&row, 0)?, int(&row, 8)?);
        let address = optional(&row, 4)?;
        if key != last {
            last = key;
            family.guardians += 1;
            let language = row.try_get::<Option<String>, _>(2).map_err(fault)?.unwrap_or_else(|| "und".into());
            let mut flag = |wanted: bool, word: &str| {
                if wanted && !family.flags.iter().any(|flag| flag == word) {
                    family.flags.push(word.to_owned());
                }
            };
            flag(language == "und", "language-unknown");
            flag(int(&row, 3)? == i64::from(Right::Unknown.code()), "rights-unknown");
            flag(address.is_empty(), "no-contact");
            if !family.languages.contains(&language) {
                family.languages.push(language);
            }
        }
        if maybe(&row, 7)?.unwrap_or(0) != 0 && !family.flags.iter().any(|flag| flag == "stopped") {
            family.flags.push("stopped".into());
        }
        haystack.push(' ');
        haystack.push_str(&text(&row, 1)?.to_lowercase());
        haystack.push(' ');
        haystack.push_str(&address);
    }
    let fits = |(_, haystack, wanted): &&(FamilyRow, String, bool)| *wanted && (needle.is_empty() || haystack.contains(&needle));
    Ok(order
        .iter()
        .filter_map(|id| rows.get(id))
        .filter(fits)
        .map(|(row, _, _)| row.clone())
        .take(usize::try_from(most).unwrap_or(0))
        .collect())
}

/// See [`Views::family`].
pub(super) async fn family(conn: &mut Conn, district: DistrictId, student: StudentId) -> Stored<Option<FamilyView>> {
    let Some(row) = sqlx::query::<Db>(STUDENT).bind(district.0).bind(student.0).fetch_optional(&mut *conn).await.map_err(fault)? else {
        return Ok(None);
    };
    let mut classes: Vec<(ClassId, String, String)> = Vec::new();
    for row in sqlx::query::<Db>(STUDENT_CLASSES).bind(district.0).bind(student.0).fetch_all(&mut *conn).await.map_err(fault)? {
        let id = ClassId(int(&row, 0)?);
        let teacher = optional(&row, 2)?;
        match classes.iter_mut().find(|class| class.0 == id) {
            Some(class) => class.2 = format!("{}, {teacher}", class.2),
            None => classes.push((id, text(&row, 1)?, teacher)),
        }
    }
    let mut guardians = Vec::new();
    for row in sqlx::query::<Db>(STUDENT_GUARDIANS).bind(district.0).bind(student.0).fetch_all(&mut *conn).await.map_err(fault)? {
        let guardian = cards::guardian(&row, 0)?;
        let relation = RelationRow {
            guardian: guardian.id,
            student,
            relation: text(&row, 8)?,
            right: Right::from_code(int(&row, 9)? as i16).unwrap_or(Right::Unknown),
            order_from: maybe(&row, 10)?.map(Time),
            order_until: maybe(&row, 11)?.map(Time),
        };
        let mut contacts = Vec::new();
        for row in sqlx::query::<Db>(CONTACTS_OF).bind(district.0).bind(guardian.id.0).fetch_all(&mut *conn).await.map_err(fault)? {
            let channel = Channel::from_code(int(&row, 1)? as i16).unwrap_or(Channel::Sms);
            contacts.push((
                ContactId(int(&row, 0)?),
                channel,
                text(&row, 2)?,
                int(&row, 3)? != 0,
                maybe(&row, 4)?.unwrap_or(0) as i16,
                int(&row, 5)? != 0,
                int(&row, 6)? > 1,
            ));
        }
        guardians.push(FamilyGuardian { guardian, relation, contacts });
    }
    Ok(Some(FamilyView {
        student,
        name: format!("{} {}", text(&row, 0)?, text(&row, 1)?),
        school: SchoolId(int(&row, 2)?),
        classes,
        guardians,
    }))
}

/// See [`Views::classes`].
pub(super) async fn classes(
    conn: &mut Conn,
    district: DistrictId,
    staff: Option<StaffId>,
    schools: &[SchoolId],
) -> Stored<Vec<(ClassId, SchoolId, String, i64)>> {
    let rows = sqlx::query::<Db>(CLASSES).bind(district.0).bind(staff.map_or(0, |id| id.0)).fetch_all(conn).await.map_err(fault)?;
    let all: Vec<(ClassId, SchoolId, String, i64)> =
        rows.iter().map(|row| Ok((ClassId(int(row, 0)?), SchoolId(int(row, 1)?), text(row, 2)?, int(row, 3)?))).collect::<Stored<_>>()?;
    Ok(all.into_iter().filter(|class| schools.is_empty() || schools.contains(&class.1)).collect())
}

/// See [`Views::holds`].
pub(super) async fn holds(conn: &mut Conn, district: DistrictId, languages: &[String]) -> Stored<Vec<HoldRow>> {
    let mut all = Vec::new();
    for row in sqlx::query::<Db>(HOLDS).bind(district.0).fetch_all(conn).await.map_err(fault)? {
        let rendition: Rendition = json(&row, 3)?;
        let message: Message = json(&row, 4)?;
        if !languages.is_empty() && !languages.contains(&rendition.language) {
            continue;
        }
        let source = match &message.words {
            Words::Free { text } => text.chars().take(120).collect(),
            Words::Phrase { key, .. } => key.clone(),
        };
        all.push(HoldRow {
            hold: HoldId(int(&row, 0)?),
            kind: HoldKind::from_code(int(&row, 1)? as i16).unwrap_or(HoldKind::Guard),
            reason: text(&row, 2)?,
            language: rendition.language,
            weight: message.weight,
            source,
            families: int(&row, 5)?,
            due: Time(int(&row, 6)?),
            waiting: int(&row, 7)? != 0,
            author: optional(&row, 8)?,
        });
    }
    Ok(all)
}

/// See [`Views::tasks`].
pub(super) async fn tasks(conn: &mut Conn, district: DistrictId, schools: &[SchoolId], ended: bool, search: &str) -> Stored<Vec<TaskRow>> {
    let needle = search.trim().to_lowercase();
    let mut all: Vec<TaskRow> = Vec::new();
    for row in sqlx::query::<Db>(TASKS).bind(district.0).bind(i64::from(ended)).fetch_all(&mut *conn).await.map_err(fault)? {
        let school = SchoolId(int(&row, 2)?);
        if !schools.is_empty() && !schools.contains(&school) {
            continue;
        }
        let contact = maybe(&row, 9)?.map(ContactId);
        let guardians: Vec<GuardianRow> = match (contact, maybe(&row, 10)?) {
            (Some(contact), _) => cards::guardians(conn, district, contact).await?,
            (None, Some(id)) => sqlx::query::<Db>(ONE_GUARDIAN)
                .bind(district.0)
                .bind(id)
                .fetch_all(&mut *conn)
                .await
                .map_err(fault)?
                .iter()
                .map(|row| cards::guardian(row, 0))
                .collect::<Stored<_>>()?,
            (None, None) => vec![],
        };
        let address = optional(&row, 7)?;
        let names: Vec<String> = guardians.iter().map(|guardian| guardian.name.clone()).collect();
        let child = optional(&row, 8)?;
        let haystack = format!("{} {child} {address}", names.join(" ")).to_lowercase();
        if !needle.is_empty() && !haystack.contains(&needle) {
            continue;
        }
        let words: Option<inbound::Words> =
            row.try_get::<Option<String>, _>(12).map_err(fault)?.and_then(|raw| serde_json::from_str(&raw).ok());
        let message: Option<Message> = row.try_get::<Option<String>, _>(14).map_err(fault)?.and_then(|raw| serde_json::from_str(&raw).ok());
        let language = guardians.iter().find_map(|guardian| guardian.language.clone());
        let script = match &message {
            Some(message) => Some(script(conn, district, message, language.as_deref()).await?),
            None => None,
        };
        all.push(TaskRow {
            task: TaskId(int(&row, 0)?),
            kind: TaskKind::from_code(int(&row, 1)? as i16).unwrap_or(TaskKind::Attend),
            school,
            reason: text(&row, 3)?,
            due: Time(int(&row, 4)?),
            made: Time(int(&row, 5)?),
            who: if names.is_empty() { address.clone() } else { names.join(", ") },
            address,
            child,
            signs: guardians.iter().any(|guardian| guardian.signs),
            rule: guardians.first().map_or(ContactRule::Any, |guardian| guardian.rule),
            wrote: words.map(|words| (words.text, words.language, words.translation)),
            script,
            answers: message.as_ref().map_or(AnswerSet::None, |message| message.answers),
            message: message.map(|message| message.id),
            taken_by: optional(&row, 15)?,
            attached: vec![],
            incoming: maybe(&row, 16)?.map(IncomingId),
            contact,
            language,
            result: row.try_get(13).map_err(fault)?,
        });
    }
    let about: Vec<IncomingId> = all.iter().filter_map(|row| row.incoming).collect();
    for one in attachments::attached(conn, district, &about).await? {
        for row in all.iter_mut().filter(|row| row.incoming == Some(one.incoming)) {
            row.attached.push(one.clone());
        }
    }
    Ok(all)
}

/// A message in the family's language, and in the author's.
async fn script(conn: &mut Conn, district: DistrictId, message: &Message, language: Option<&str>) -> Stored<(String, String)> {
    let renditions: Vec<Rendition> = sqlx::query::<Db>(RENDITIONS)
        .bind(district.0)
        .bind(message.id.0)
        .fetch_all(conn)
        .await
        .map_err(fault)?
        .iter()
        .map(|row| json(row, 0))
        .collect::<Stored<_>>()?;
    let in_language = |tag: &str| renditions.iter().find(|rendition| rendition.language == tag).map(|rendition| rendition.text.clone());
    let own = match &message.words {
        Words::Free { text } => Some(text.clone()),
        Words::Phrase { .. } => in_language(&message.language),
    };
    Ok((language.and_then(in_language).unwrap_or_default(), own.unwrap_or_default()))
}

/// See [`Views::languages`].
pub(super) async fn languages(conn: &mut Conn, district: DistrictId, _schools: &[SchoolId]) -> Stored<Vec<(String, i64)>> {
    let rows = sqlx::query::<Db>(LANGUAGES).bind(district.0).fetch_all(conn).await.map_err(fault)?;
    rows.iter().map(|row| Ok((text(row, 0)?, int(row, 1)?))).collect()
}
