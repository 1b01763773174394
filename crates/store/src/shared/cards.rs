//! Who an audience reaches, and what is known behind a contact point.

use super::*;
use domain::message::Audience;
use domain::people::*;
use domain::*;
use std::collections::BTreeMap;

crate::statements! {
    OF_FAMILY = "SELECT DISTINCT r.guardian FROM relation r JOIN guardian g ON g.district = r.district AND g.id = r.guardian AND g.gone = 0 WHERE r.district = $1 AND r.student = $2 AND r.guardian > $3 ORDER BY r.guardian LIMIT $4";
    OF_CLASS = "SELECT DISTINCT r.guardian FROM attends a JOIN student s ON s.district = a.district AND s.id = a.student AND s.gone = 0 JOIN relation r ON r.district = a.district AND r.student = a.student JOIN guardian g ON g.district = r.district AND g.id = r.guardian AND g.gone = 0 WHERE a.district = $1 AND a.class = $2 AND r.guardian > $3 ORDER BY r.guardian LIMIT $4";
    OF_SCHOOL = "SELECT DISTINCT r.guardian FROM student s JOIN relation r ON r.district = s.district AND r.student = s.id JOIN guardian g ON g.district = r.district AND g.id = r.guardian AND g.gone = 0 WHERE s.district = $1 AND s.school = $2 AND s.gone = 0 AND r.guardian > $3 ORDER BY r.guardian LIMIT $4";
    OF_DISTRICT = "SELECT DISTINCT r.guardian FROM student s JOIN relation r ON r.district = s.district AND r.student = s.id JOIN guardian g ON g.district = r.district AND g.id = r.guardian AND g.gone = 0 WHERE s.district = $1 AND s.gone = 0 AND s.school <> $2 AND r.guardian > $3 ORDER BY r.guardian LIMIT $4";
    OF_CONTACT = "SELECT o.guardian FROM contact_guardian o JOIN guardian g ON g.district = o.district AND g.id = o.guardian AND g.gone = 0 WHERE o.district = $1 AND o.contact = $2 AND o.guardian > $3 ORDER BY o.guardian LIMIT $4";
    OF_THREAD = "SELECT o.guardian FROM thread t JOIN contact_guardian o ON o.district = t.district AND o.contact = t.contact WHERE t.district = $1 AND t.id = $2 AND o.guardian > $3 ORDER BY o.guardian LIMIT $4";
    OF_MESSAGE = "SELECT DISTINCT o.guardian FROM delivery d JOIN contact_guardian o ON o.district = d.district AND o.contact = d.contact WHERE d.district = $1 AND d.message = $2 AND o.guardian > $3 ORDER BY o.guardian LIMIT $4";
    UNANSWERED = "SELECT DISTINCT o.guardian FROM delivery d JOIN contact_guardian o ON o.district = d.district AND o.contact = d.contact WHERE d.district = $1 AND d.message = $2 AND d.state IN (2, 3, 5) AND NOT EXISTS (SELECT 1 FROM answer a WHERE a.district = d.district AND a.delivery = d.id) AND o.guardian > $3 ORDER BY o.guardian LIMIT $4";
    WAYS = concat!("SELECT g.id, g.name, g.language, g.reads, c.id, c.channel, c.address, c.textable, c.suspended, (SELECT COUNT(*) FROM contact_guardian x WHERE x.district = g.district AND x.contact = c.id), (SELECT b.bits FROM block b WHERE b.district = g.district AND b.contact = c.id), c.confirmed, c.introduced FROM guardian g LEFT JOIN contact_guardian o ON o.district = g.district AND o.guardian = g.id LEFT JOIN contact c ON c.district = o.district AND c.id = o.contact WHERE g.district = $1 AND g.id", one_of!("$2"), " ORDER BY g.id, c.channel, c.id");
    CHILDREN = concat!("SELECT r.guardian, s.id, s.given, s.family, s.school, r.knows, r.order_from, r.order_until FROM relation r JOIN student s ON s.district = r.district AND s.id = r.student AND s.gone = 0 WHERE r.district = $1 AND r.guardian", one_of!("$2"), " ORDER BY r.guardian, s.id");
    IN_CLASS = "SELECT student FROM attends WHERE district = $1 AND class = $2";
    REACHED = "SELECT DISTINCT contact FROM delivery WHERE district = $1 AND message = $2";
    OF_DELIVERIES = "SELECT students FROM delivery WHERE district = $1 AND message = $2";
    THREAD_CONTACT = "SELECT contact, student FROM thread WHERE district = $1 AND id = $2";
    CONTACT = "SELECT channel, address, suspended, confirmed, (SELECT b.bits FROM block b WHERE b.district = contact.district AND b.contact = contact.id) FROM contact WHERE district = $1 AND id = $2";
    GUARDIANS_OF = "SELECT g.id, g.source, g.name, g.language, g.as_written, g.reads, g.signs, g.rule FROM contact_guardian o JOIN guardian g ON g.district = o.district AND g.id = o.guardian AND g.gone = 0 WHERE o.district = $1 AND o.contact = $2 ORDER BY g.id";
    TEACHERS = concat!("SELECT a.student, t.staff, f.title, c.title, c.school FROM attends a JOIN class c ON c.district = a.district AND c.id = a.class AND c.gone = 0 JOIN teaches t ON t.district = a.district AND t.class = a.class JOIN staff f ON f.district = t.district AND f.id = t.staff AND f.gone = 0 WHERE a.district = $1 AND a.student", one_of!("$2"), " ORDER BY a.student, c.id");
    STOPPED = "SELECT staff FROM stopped_staff WHERE district = $1 AND contact = $2";
}

/// The right at `now`: an order that runs forbids.
pub(super) fn right(row: &DbRow, knows: usize, now: Time) -> Stored<Right> {
    let from = maybe(row, knows + 1)?;
    let until = maybe(row, knows + 2)?;
    let runs = from.is_some_and(|from| from <= now.0) && until.is_none_or(|until| until > now.0);
    Ok(if runs { Right::None } else { Right::from_code(int(row, knows)? as i16).unwrap_or(Right::Unknown) })
}

/// See [`People::reach`].
pub(super) async fn reach(
    conn: &mut Conn,
    district: DistrictId,
    audience: &Audience,
    now: Time,
    after: GuardianId,
    most: i64,
) -> Stored<Vec<Reach>> {
    let (statement, subject) = match audience {
        Audience::Family { student } => (OF_FAMILY, student.0),
        Audience::Class { class } => (OF_CLASS, class.0),
        Audience::School { school } => (OF_SCHOOL, school.0),
        Audience::District => (OF_DISTRICT, 0),
        Audience::Contact { contact } => (OF_CONTACT, contact.0),
        Audience::Thread { thread } => (OF_THREAD, thread.0),
        Audience::SameAs { message } => (OF_MESSAGE, message.0),
        Audience::Unanswered { message } => (UNANSWERED, message.0),
    };
    let found =
        sqlx::query::<Db>(statement).bind(district.0).bind(subject).bind(after.0).bind(most).fetch_all(&mut *conn).await.map_err(fault)?;
    reach_these(conn, district, audience, now, found.iter().map(|row| int(row, 0)).collect::<Stored<_>>()?).await
}

/// See [`People::reach_these`].
pub(super) async fn reach_these(
    conn: &mut Conn,
    district: DistrictId,
    audience: &Audience,
    now: Time,
    guardians: Vec<i64>,
) -> Stored<Vec<Reach>> {
    if guardians.is_empty() {
        return Ok(Vec::new());
    }
    let ids = id_list(guardians);
    let allowed = children_of_audience(conn, district, audience).await?;
    let contacts = contacts_of_audience(conn, district, audience).await?;
    let mut children: BTreeMap<i64, Vec<Child>> = BTreeMap::new();
    for row in sqlx::query::<Db>(CHILDREN).bind(district.0).bind(ids.clone()).fetch_all(&mut *conn).await.map_err(fault)? {
        let child = Child {
            id: StudentId(int(&row, 1)?),
            given: text(&row, 2)?,
            family: text(&row, 3)?,
            school: SchoolId(int(&row, 4)?),
            right: right(&row, 5, now)?,
        };
        let in_school = if let Audience::School { school } = audience { child.school == *school } else { true };
        if in_school && allowed.as_ref().is_none_or(|ids| ids.contains(&child.id.0)) {
            children.entry(int(&row, 0)?).or_default().push(child);
        }
    }
    let rows = sqlx::query::<Db>(WAYS).bind(district.0).bind(ids).fetch_all(conn).await.map_err(fault)?;
    let mut all = Vec::with_capacity(rows.len());
    for row in &rows {
        let contact = maybe(row, 4)?;
        if contacts.as_ref().is_some_and(|wanted| contact.is_none_or(|id| !wanted.contains(&id))) {
            continue;
        }
        let guardian = int(row, 0)?;
        all.push(Reach {
            guardian: GuardianId(guardian),
            name: text(row, 1)?,
            contact: contact.map(ContactId),
            channel: maybe(row, 5)?.and_then(|code| Channel::from_code(code as i16)).unwrap_or(Channel::Sms),
            address: row.try_get::<Option<String>, _>(6).map_err(fault)?.unwrap_or_default(),
            textable: maybe(row, 7)? != Some(0),
            suspended: maybe(row, 8)? == Some(1),
            shared: maybe(row, 9)?.unwrap_or(0) > 1,
            language: row.try_get(2).map_err(fault)?,
            reads: Reads::from_code(int(row, 3)? as i16).unwrap_or(Reads::Written),
            blocked: maybe(row, 10)?.unwrap_or(0) as i16,
            confirmed: maybe(row, 11)? == Some(1),
            introduced: maybe(row, 12)?.map(Time),
            children: children.get(&guardian).cloned().unwrap_or_default(),
        });
    }
    Ok(all)
}

/// The students an audience is about; `None` = all of a guardian's (a school's are filtered by school).
async fn children_of_audience(conn: &mut Conn, district: DistrictId, audience: &Audience) -> Stored<Option<Vec<i64>>> {
    Ok(match audience {
        Audience::Family { student } => Some(vec![student.0]),
        Audience::Class { class } => {
            let rows = sqlx::query::<Db>(IN_CLASS).bind(district.0).bind(class.0).fetch_all(conn).await.map_err(fault)?;
            Some(rows.iter().map(|row| int(row, 0)).collect::<Stored<_>>()?)
        }
        Audience::SameAs { message } | Audience::Unanswered { message } => {
            let rows = sqlx::query::<Db>(OF_DELIVERIES).bind(district.0).bind(message.0).fetch_all(conn).await.map_err(fault)?;
            let mut all = Vec::new();
            for row in &rows {
                let students: Vec<(i64, String)> = json(row, 0)?;
                all.extend(students.into_iter().map(|(id, _)| id));
            }
            Some(all)
        }
        _ => None,
    })
}

/// The contact points an audience is limited to; `None` = all of a guardian's.
async fn contacts_of_audience(conn: &mut Conn, district: DistrictId, audience: &Audience) -> Stored<Option<Vec<i64>>> {
    Ok(match audience {
        Audience::Contact { contact } => Some(vec![contact.0]),
        Audience::Thread { thread } => {
            let row = sqlx::query::<Db>(THREAD_CONTACT).bind(district.0).bind(thread.0).fetch_optional(conn).await.map_err(fault)?;
            Some(row.map(|row| int(&row, 0)).transpose()?.into_iter().collect())
        }
        Audience::SameAs { message } | Audience::Unanswered { message } => {
            let rows = sqlx::query::<Db>(REACHED).bind(district.0).bind(message.0).fetch_all(conn).await.map_err(fault)?;
            Some(rows.iter().map(|row| int(row, 0)).collect::<Stored<_>>()?)
        }
        _ => None,
    })
}

/// A guardian row from columns id, source, name, language, as_written, reads, signs, rule starting at `first`.
pub(super) fn guardian(row: &DbRow, first: usize) -> Stored<GuardianRow> {
    Ok(GuardianRow {
        id: GuardianId(int(row, first)?),
        source: text(row, first + 1)?,
        name: text(row, first + 2)?,
        language: row.try_get(first + 3).map_err(fault)?,
        language_as_written: text(row, first + 4)?,
        reads: Reads::from_code(int(row, first + 5)? as i16).unwrap_or(Reads::Written),
        signs: int(row, first + 6)? != 0,
        rule: ContactRule::from_code(int(row, first + 7)? as i16).unwrap_or(ContactRule::Any),
    })
}

/// The guardians behind a contact point.
pub(super) async fn guardians(conn: &mut Conn, district: DistrictId, contact: ContactId) -> Stored<Vec<GuardianRow>> {
    sqlx::query::<Db>(GUARDIANS_OF)
        .bind(district.0)
        .bind(contact.0)
        .fetch_all(conn)
        .await
        .map_err(fault)?
        .iter()
        .map(|row| guardian(row, 0))
        .collect()
}

/// See [`People::card`].
pub(super) async fn card(conn: &mut Conn, district: DistrictId, contact: ContactId, now: Time) -> Stored<Option<ContactCard>> {
    let Some(row) = sqlx::query::<Db>(CONTACT).bind(district.0).bind(contact.0).fetch_optional(&mut *conn).await.map_err(fault)? else {
        return Ok(None);
    };
    let guardians = guardians(conn, district, contact).await?;
    let ids = id_list(guardians.iter().map(|guardian| guardian.id.0));
    let mut children: Vec<Child> = Vec::new();
    for row in sqlx::query::<Db>(CHILDREN).bind(district.0).bind(ids).fetch_all(&mut *conn).await.map_err(fault)? {
        let child = Child {
            id: StudentId(int(&row, 1)?),
            given: text(&row, 2)?,
            family: text(&row, 3)?,
            school: SchoolId(int(&row, 4)?),
            right: right(&row, 5, now)?,
        };
        if child.right != Right::None && !children.iter().any(|other| other.id == child.id) {
            children.push(child);
        }
    }
    let students = id_list(children.iter().map(|child| child.id.0));
    let mut candidates: Vec<Candidate> = Vec::new();
    for row in sqlx::query::<Db>(TEACHERS).bind(district.0).bind(students).fetch_all(&mut *conn).await.map_err(fault)? {
        let candidate = Candidate {
            student: Some(StudentId(int(&row, 0)?)),
            staff: StaffId(int(&row, 1)?),
            title: text(&row, 2)?,
            teaches: text(&row, 3)?,
            school: SchoolId(int(&row, 4)?),
        };
        match candidates.iter_mut().find(|other| other.staff == candidate.staff) {
            // One teacher of two children of the family: the choice names the teacher, not a child.
            Some(other) if other.student != candidate.student => other.student = None,
            Some(_) => {}
            None => candidates.push(candidate),
        }
    }
    let stopped = sqlx::query::<Db>(STOPPED).bind(district.0).bind(contact.0).fetch_all(conn).await.map_err(fault)?;
    Ok(Some(ContactCard {
        contact,
        channel: Channel::from_code(int(&row, 0)? as i16).unwrap_or(Channel::Sms),
        address: text(&row, 1)?,
        guardians,
        children,
        candidates,
        blocked: maybe(&row, 4)?.unwrap_or(0) as i16,
        stopped_staff: stopped.iter().map(|row| Ok(StaffId(int(row, 0)?))).collect::<Stored<_>>()?,
        suspended: int(&row, 2)? != 0,
        confirmed: int(&row, 3)? != 0,
    }))
}
