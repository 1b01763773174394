//! An import, applied in one transaction, row sets as one JSON bind each.

use super::*;
use serde_json::json;

crate::statements! {
    SCHOOLS = concat!("INSERT INTO school (district, id, source, gone, body) SELECT $1, CAST(e.value ->> 0 AS BIGINT), e.value ->> 1, 0, e.value ->> 2 FROM ", rows!("$2"), " WHERE true ON CONFLICT (district, id) DO UPDATE SET source = excluded.source, gone = 0, body = excluded.body");
    STAFF = concat!("INSERT INTO staff (district, id, source, gone, title, body) SELECT $1, CAST(e.value ->> 0 AS BIGINT), e.value ->> 1, 0, e.value ->> 2, e.value ->> 3 FROM ", rows!("$2"), " WHERE true ON CONFLICT (district, id) DO UPDATE SET source = excluded.source, gone = 0, title = excluded.title, body = excluded.body");
    CLASSES = concat!("INSERT INTO class (district, id, source, gone, school, title) SELECT $1, CAST(e.value ->> 0 AS BIGINT), e.value ->> 1, 0, CAST(e.value ->> 2 AS BIGINT), e.value ->> 3 FROM ", rows!("$2"), " WHERE true ON CONFLICT (district, id) DO UPDATE SET source = excluded.source, gone = 0, school = excluded.school, title = excluded.title");
    STUDENTS = concat!("INSERT INTO student (district, id, source, gone, given, family, school, adult) SELECT $1, CAST(e.value ->> 0 AS BIGINT), e.value ->> 1, 0, e.value ->> 2, e.value ->> 3, CAST(e.value ->> 4 AS BIGINT), CAST(e.value ->> 5 AS BIGINT) FROM ", rows!("$2"), " WHERE true ON CONFLICT (district, id) DO UPDATE SET source = excluded.source, gone = 0, given = excluded.given, family = excluded.family, school = excluded.school, adult = excluded.adult");
    GUARDIANS = concat!("INSERT INTO guardian (district, id, source, gone, name, language, own_choice, as_written, reads, signs, rule) SELECT $1, CAST(e.value ->> 0 AS BIGINT), e.value ->> 1, 0, e.value ->> 2, e.value ->> 3, 0, e.value ->> 4, CAST(e.value ->> 5 AS BIGINT), CAST(e.value ->> 6 AS BIGINT), CAST(e.value ->> 7 AS BIGINT) FROM ", rows!("$2"), " WHERE true ON CONFLICT (district, id) DO UPDATE SET source = excluded.source, gone = 0, name = excluded.name, language = CASE WHEN guardian.own_choice = 1 THEN guardian.language ELSE excluded.language END, as_written = excluded.as_written, reads = excluded.reads, signs = excluded.signs, rule = excluded.rule");
    DROP_ATTENDS = "DELETE FROM attends WHERE district = $1";
    DROP_TEACHES = "DELETE FROM teaches WHERE district = $1";
    ATTENDS = concat!("INSERT INTO attends (district, class, student) SELECT $1, CAST(e.value ->> 0 AS BIGINT), CAST(e.value ->> 1 AS BIGINT) FROM ", rows!("$2"), " WHERE true ON CONFLICT (district, class, student) DO NOTHING");
    TEACHES = concat!("INSERT INTO teaches (district, class, staff) SELECT $1, CAST(e.value ->> 0 AS BIGINT), CAST(e.value ->> 1 AS BIGINT) FROM ", rows!("$2"), " WHERE true ON CONFLICT (district, class, staff) DO NOTHING");
    DECIDED = "SELECT guardian, student, knows, order_from, order_until FROM relation WHERE district = $1 AND by_office = 1";
    DECIDE_AGAIN = "UPDATE relation SET knows = $4, order_from = $5, order_until = $6, by_office = 1 WHERE district = $1 AND guardian = $2 AND student = $3 AND knows <> 3 AND order_from IS NULL";
    DROP_RELATIONS = "DELETE FROM relation WHERE district = $1";
    RELATIONS = concat!("INSERT INTO relation (district, guardian, student, relation, knows, order_from, order_until) SELECT $1, CAST(e.value ->> 0 AS BIGINT), CAST(e.value ->> 1 AS BIGINT), e.value ->> 2, CAST(e.value ->> 3 AS BIGINT), CAST(e.value ->> 4 AS BIGINT), CAST(e.value ->> 5 AS BIGINT) FROM ", rows!("$2"), " WHERE true ON CONFLICT (district, guardian, student) DO UPDATE SET relation = excluded.relation, knows = excluded.knows, order_from = excluded.order_from, order_until = excluded.order_until");
    CONTACTS = concat!("INSERT INTO contact (district, id, channel, address, textable, suspended, confirmed) SELECT $1, CAST(e.value ->> 0 AS BIGINT), CAST(e.value ->> 1 AS BIGINT), e.value ->> 2, CAST(e.value ->> 3 AS BIGINT), 0, 0 FROM ", rows!("$2"), " WHERE true ON CONFLICT (district, channel, address) DO UPDATE SET textable = excluded.textable");
    PASS_ON = concat!("UPDATE contact SET address = address || '#' || CAST(id AS TEXT), suspended = 1 WHERE district = $1 AND id", one_of!("$2"), " AND (EXISTS (SELECT 1 FROM thread t WHERE t.district = contact.district AND t.contact = contact.id) OR EXISTS (SELECT 1 FROM route w WHERE w.district = contact.district AND w.contact = contact.id) OR EXISTS (SELECT 1 FROM delivery d WHERE d.contact = contact.id))");
    WITHHOLD_PASSED = concat!("UPDATE delivery SET state = 6, walked = 1, reason = 'This number is another family''s by now.', changed = $3 WHERE district = $1 AND state IN (0, 8) AND contact", one_of!("$2"), " AND EXISTS (SELECT 1 FROM contact c WHERE c.district = $1 AND c.id = delivery.contact AND c.suspended = 1)");
    KEEP_STOPPED = concat!("INSERT INTO block (district, contact, bits, why, at) SELECT $1, c.id, b.bits, b.why, b.at FROM block b CROSS JOIN contact o CROSS JOIN contact c WHERE b.district = $1 AND b.contact", one_of!("$2"), " AND o.district = $1 AND o.id = b.contact AND c.district = $1 AND c.channel = o.channel AND o.address = c.address || '#' || CAST(o.id AS TEXT) ON CONFLICT (district, contact) DO NOTHING");
    DROP_OWNERS = "DELETE FROM contact_guardian WHERE district = $1 AND by_office = 0";
    OWNERS = concat!("INSERT INTO contact_guardian (district, contact, guardian) SELECT $1, c.id, CAST(e.value ->> 2 AS BIGINT) FROM ", rows!("$2"), " CROSS JOIN contact c WHERE c.district = $1 AND c.channel = CAST(e.value ->> 0 AS BIGINT) AND c.address = e.value ->> 1 ON CONFLICT (district, contact, guardian) DO NOTHING");
    SCHOOL_GONE = concat!("UPDATE school SET gone = 1 WHERE district = $1 AND source IN (SELECT e.value ->> 0 FROM ", rows!("$2"), ")");
    STAFF_GONE = concat!("UPDATE staff SET gone = 1 WHERE district = $1 AND source IN (SELECT e.value ->> 0 FROM ", rows!("$2"), ")");
    CLASS_GONE = concat!("UPDATE class SET gone = 1 WHERE district = $1 AND source IN (SELECT e.value ->> 0 FROM ", rows!("$2"), ")");
    STUDENT_GONE = concat!("UPDATE student SET gone = 1 WHERE district = $1 AND source IN (SELECT e.value ->> 0 FROM ", rows!("$2"), ")");
    GUARDIAN_GONE = concat!("UPDATE guardian SET gone = 1 WHERE district = $1 AND source IN (SELECT e.value ->> 0 FROM ", rows!("$2"), ")");
    KEEP_DRAFT = "INSERT INTO roster (district, body) VALUES ($1, $2) ON CONFLICT (district) DO UPDATE SET body = excluded.body";
}

/// Applies an import as a whole. Relations, seats and owners of contact points are replaced: the draft holds them all.
pub(super) async fn enrol(conn: &mut Conn, district: DistrictId, rows: &Enrolment, by: &Audit) -> Stored<()> {
    let mut step = conn.begin_with(BEGIN).await.map_err(fault)?;
    let mut sets: Vec<(&'static str, Vec<serde_json::Value>)> = Vec::new();
    let mut schools = Vec::new();
    for (source, school) in &rows.schools {
        schools.push(json!([school.id, source, to_json(school)?]));
    }
    sets.push((SCHOOLS, schools));
    let mut staff = Vec::new();
    for (source, person) in &rows.staff {
        staff.push(json!([person.id, source, clean(&person.title), to_json(person)?]));
    }
    sets.push((STAFF, staff));
    sets.push((CLASSES, rows.classes.iter().map(|(id, source, school, title)| json!([id, source, school, title])).collect()));
    let student = |(id, source, given, family, school, adult): &(domain::StudentId, String, String, String, domain::SchoolId, bool)| {
        json!([id, source, given, family, school, i64::from(*adult)])
    };
    sets.push((STUDENTS, rows.students.iter().map(student).collect()));
    let guardian = |row: &GuardianRow| {
        json!([
            row.id,
            row.source,
            row.name,
            row.language,
            row.language_as_written,
            row.reads.code(),
            i64::from(row.signs),
            row.rule.code()
        ])
    };
    sets.push((GUARDIANS, rows.guardians.iter().map(guardian).collect()));
    sets.push((ATTENDS, rows.attends.iter().map(|(class, student)| json!([class, student])).collect()));
    sets.push((TEACHES, rows.teaches.iter().map(|(class, staff)| json!([class, staff])).collect()));
    let relation = |row: &RelationRow| json!([row.guardian, row.student, row.relation, row.right.code(), row.order_from, row.order_until]);
    sets.push((RELATIONS, rows.relations.iter().map(relation).collect()));
    let contact = |row: &ContactRow| json!([row.id, row.channel.code(), row.address, i64::from(row.textable)]);
    sets.push((CONTACTS, rows.contacts.iter().map(contact).collect()));
    let owner =
        |row: &ContactRow| row.guardians.iter().map(|guardian| json!([row.channel.code(), row.address, guardian])).collect::<Vec<_>>();
    sets.push((OWNERS, rows.contacts.iter().flat_map(owner).collect()));
    let decided = sqlx::query::<Db>(DECIDED).bind(district.0).fetch_all(&mut *step).await.map_err(fault)?;
    for statement in [DROP_ATTENDS, DROP_TEACHES, DROP_RELATIONS, DROP_OWNERS] {
        sqlx::query::<Db>(statement).bind(district.0).execute(&mut *step).await.map_err(fault)?;
    }
    let passed_on = id_list(rows.passed_on.iter().map(|contact| contact.0));
    if !rows.passed_on.is_empty() {
        sqlx::query::<Db>(PASS_ON).bind(district.0).bind(passed_on.clone()).execute(&mut *step).await.map_err(fault)?;
        let query = sqlx::query::<Db>(WITHHOLD_PASSED).bind(district.0).bind(passed_on.clone()).bind(by.at.0);
        query.execute(&mut *step).await.map_err(fault)?;
    }
    for (statement, set) in sets {
        for slice in set.chunks(5000) {
            sqlx::query::<Db>(statement).bind(district.0).bind(to_json(&slice)?).execute(&mut *step).await.map_err(fault)?;
        }
    }
    if !rows.passed_on.is_empty() {
        // A STOP is the phone's, whoever has it now (carriers keep it so too).
        sqlx::query::<Db>(KEEP_STOPPED).bind(district.0).bind(passed_on).execute(&mut *step).await.map_err(fault)?;
    }
    // What the office decided stays, unless the roster brings an order: the stricter of the two acts.
    for row in &decided {
        let query = sqlx::query::<Db>(DECIDE_AGAIN).bind(district.0).bind(int(row, 0)?).bind(int(row, 1)?).bind(int(row, 2)?);
        query.bind(maybe(row, 3)?).bind(maybe(row, 4)?).execute(&mut *step).await.map_err(fault)?;
    }
    for (kind, statement) in
        [("school", SCHOOL_GONE), ("staff", STAFF_GONE), ("class", CLASS_GONE), ("student", STUDENT_GONE), ("guardian", GUARDIAN_GONE)]
    {
        let gone: Vec<_> = rows.removed.iter().filter(|(other, _)| *other == kind).map(|(_, source)| json!([source])).collect();
        if !gone.is_empty() {
            sqlx::query::<Db>(statement).bind(district.0).bind(to_json(&gone)?).execute(&mut *step).await.map_err(fault)?;
        }
    }
    sqlx::query::<Db>(KEEP_DRAFT).bind(district.0).bind(clean(&rows.draft_json)).execute(&mut *step).await.map_err(fault)?;
    audit(&mut step, district, by).await?;
    if let Some(count) = COUNT {
        sqlx::raw_sql(count).execute(&mut *step).await.map_err(fault)?;
    }
    step.commit().await.map_err(fault)
}
