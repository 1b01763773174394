//! [`People`]: the roster in, staff, languages and rights.

use super::*;
use domain::message::Audience;
use domain::people::*;
use domain::rights::Actor;
use domain::*;

crate::statements! {
    DRAFT = "SELECT body FROM roster WHERE district = $1";
    IDS = "SELECT 'school', source, id FROM school WHERE district = $1 UNION ALL SELECT 'staff', source, id FROM staff WHERE district = $1 UNION ALL SELECT 'class', source, id FROM class WHERE district = $1 UNION ALL SELECT 'student', source, id FROM student WHERE district = $1 UNION ALL SELECT 'guardian', source, id FROM guardian WHERE district = $1 UNION ALL SELECT 'contact', address, id FROM contact WHERE district = $1";
    OWNED = "SELECT o.contact, o.guardian, r.student, o.by_office FROM contact_guardian o LEFT JOIN relation r ON r.district = o.district AND r.guardian = o.guardian WHERE o.district = $1";
    OWN_CHOICES = "SELECT source FROM guardian WHERE district = $1 AND own_choice = 1";
    DISTRICT = "SELECT body FROM district WHERE id = $1";
    SCHOOLS = "SELECT body FROM school WHERE district = $1 AND gone = 0 ORDER BY id";
    SENDERS = "SELECT body, paused FROM sender WHERE district = $1 ORDER BY id";
    STAFF = "SELECT body, gone FROM staff WHERE district = $1 ORDER BY id";
    SAVE_STAFF = "INSERT INTO staff (district, id, source, gone, title, body) VALUES ($1, $2, $3, 0, $4, $5) ON CONFLICT (district, id) DO UPDATE SET title = excluded.title, body = excluded.body";
    DROP_SESSIONS = "DELETE FROM session WHERE district = $1 AND staff = $2";
    ONE_STAFF = "SELECT body FROM staff WHERE district = $1 AND id = $2 AND gone = 0";
    TAUGHT = "SELECT t.class FROM teaches t JOIN class c ON c.district = t.district AND c.id = t.class AND c.gone = 0 WHERE t.district = $1 AND t.staff = $2";
    CONTACT_AT = "SELECT id FROM contact WHERE district = $1 AND channel = $2 AND address = $3";
    STRANGE = "INSERT INTO contact (district, id, channel, address, textable, suspended, confirmed) VALUES ($1, $2, $3, $4, 1, 0, 0) ON CONFLICT (district, channel, address) DO NOTHING";
    SET_LANGUAGE = "UPDATE guardian SET language = $3, own_choice = $4 WHERE district = $1 AND id = $2";
    SET_RIGHT = "INSERT INTO relation (district, guardian, student, relation, knows, order_from, order_until, by_office) VALUES ($1, $2, $3, $4, $5, $6, $7, 1) ON CONFLICT (district, guardian, student) DO UPDATE SET relation = excluded.relation, knows = excluded.knows, order_from = excluded.order_from, order_until = excluded.order_until, by_office = 1";
    OFFICE_CONTACT = "INSERT INTO contact_guardian (district, contact, guardian, by_office) VALUES ($1, $2, $3, 1) ON CONFLICT (district, contact, guardian) DO UPDATE SET by_office = 1";
    WITHHOLD_ORDER = "UPDATE delivery SET state = 6, reason = 'Not included by the office.', changed = $4 WHERE district = $1 AND state IN (0, 8) AND contact IN (SELECT contact FROM contact_guardian WHERE district = $1 AND guardian = $2) AND students LIKE $3";
    SUSPEND = "UPDATE contact SET suspended = $3 WHERE district = $1 AND id = $2";
    STUDENT = "SELECT s.id, s.given, s.family, s.school, (SELECT COUNT(*) FROM attends a JOIN teaches t ON t.district = a.district AND t.class = a.class WHERE a.district = s.district AND a.student = s.id AND t.staff = $3) FROM student s WHERE s.district = $1 AND s.id = $2 AND s.gone = 0";
    CLASS = "SELECT school, title FROM class WHERE district = $1 AND id = $2 AND gone = 0";
}

#[async_trait::async_trait]
impl People for Handle {
    async fn roster(&self, district: DistrictId) -> Stored<CurrentRoster> {
        let mut conn = self.lines.read().await?;
        let draft = sqlx::query::<Db>(DRAFT).bind(district.0).fetch_optional(&mut *conn).await.map_err(fault)?;
        let ids = sqlx::query::<Db>(IDS).bind(district.0).fetch_all(&mut *conn).await.map_err(fault)?;
        let own = sqlx::query::<Db>(OWN_CHOICES).bind(district.0).fetch_all(&mut *conn).await.map_err(fault)?;
        let owned = sqlx::query::<Db>(OWNED).bind(district.0).fetch_all(&mut *conn).await.map_err(fault)?;
        let owner = |row: &DbRow| -> Stored<(ContactId, GuardianId, Option<StudentId>, bool)> {
            Ok((ContactId(int(row, 0)?), GuardianId(int(row, 1)?), maybe(row, 2)?.map(StudentId), int(row, 3)? != 0))
        };
        let mut disabled = Vec::new();
        for row in sqlx::query::<Db>(STAFF).bind(district.0).fetch_all(&mut *conn).await.map_err(fault)? {
            let person: Staff = json(&row, 0)?;
            if !person.active {
                disabled.push(person.id);
            }
        }
        Ok(CurrentRoster {
            owners: owned.iter().map(owner).collect::<Stored<_>>()?,
            disabled,
            draft_json: draft.map(|row| text(&row, 0)).transpose()?.unwrap_or_default(),
            ids: ids.iter().map(|row| Ok((text(row, 0)?, text(row, 1)?, int(row, 2)?))).collect::<Stored<_>>()?,
            own_choices: own.iter().map(|row| Ok((text(row, 0)?, "language".to_owned()))).collect::<Stored<_>>()?,
        })
    }

    async fn enrol(&self, district: DistrictId, rows: &Enrolment, audit: &Audit) -> Stored<()> {
        let mut conn = self.lines.write().await?;
        enrol::enrol(&mut conn, district, rows, audit).await
    }

    async fn district(&self, district: DistrictId) -> Stored<Option<District>> {
        let mut conn = self.lines.read().await?;
        let row = sqlx::query::<Db>(DISTRICT).bind(district.0).fetch_optional(&mut *conn).await.map_err(fault)?;
        row.map(|row| json(&row, 0)).transpose()
    }

    async fn schools(&self, district: DistrictId) -> Stored<Vec<School>> {
        let mut conn = self.lines.read().await?;
        sqlx::query::<Db>(SCHOOLS).bind(district.0).fetch_all(&mut *conn).await.map_err(fault)?.iter().map(|row| json(row, 0)).collect()
    }

    async fn senders(&self, district: DistrictId) -> Stored<Vec<Sender>> {
        let mut conn = self.lines.read().await?;
        sqlx::query::<Db>(SENDERS)
            .bind(district.0)
            .fetch_all(&mut *conn)
            .await
            .map_err(fault)?
            .iter()
            .map(|row| directory::sender(row, 0, 1))
            .collect()
    }

    async fn staff(&self, district: DistrictId) -> Stored<Vec<Staff>> {
        let mut conn = self.lines.read().await?;
        let rows = sqlx::query::<Db>(STAFF).bind(district.0).fetch_all(&mut *conn).await.map_err(fault)?;
        let person = |row: &DbRow| {
            let mut person: Staff = json(row, 0)?;
            person.active &= int(row, 1)? == 0;
            Ok(person)
        };
        rows.iter().map(person).collect()
    }

    async fn save_staff(&self, district: DistrictId, staff: &Staff, audit: &Audit) -> Stored<()> {
        let mut conn = self.lines.write().await?;
        let mut step = conn.begin_with(BEGIN).await.map_err(fault)?;
        let query = sqlx::query::<Db>(SAVE_STAFF).bind(district.0).bind(staff.id.0).bind(format!("staff:{}", staff.id));
        query.bind(clean(&staff.title)).bind(to_json(staff)?).execute(&mut *step).await.map_err(fault)?;
        if !staff.active {
            sqlx::query::<Db>(DROP_SESSIONS).bind(district.0).bind(staff.id.0).execute(&mut *step).await.map_err(fault)?;
        }
        super::audit(&mut step, district, audit).await?;
        step.commit().await.map_err(fault)
    }

    async fn actor(&self, district: DistrictId, staff: StaffId) -> Stored<Option<Actor>> {
        let mut conn = self.lines.read().await?;
        let row = sqlx::query::<Db>(ONE_STAFF).bind(district.0).bind(staff.0).fetch_optional(&mut *conn).await.map_err(fault)?;
        let Some(row) = row else { return Ok(None) };
        let person: Staff = json(&row, 0)?;
        if !person.active {
            return Ok(None);
        }
        let taught = sqlx::query::<Db>(TAUGHT).bind(district.0).bind(staff.0).fetch_all(&mut *conn).await.map_err(fault)?;
        let classes = taught.iter().map(|row| Ok(ClassId(int(row, 0)?))).collect::<Stored<_>>()?;
        Ok(Some(Actor { district, staff, roles: person.roles, schools: person.schools, classes }))
    }

    async fn reach(&self, district: DistrictId, audience: &Audience, now: Time, after: GuardianId, most: i64) -> Stored<Vec<Reach>> {
        let mut conn = self.lines.read().await?;
        cards::reach(&mut conn, district, audience, now, after, most).await
    }

    async fn reach_these(&self, district: DistrictId, audience: &Audience, now: Time, adults: &[GuardianId]) -> Stored<Vec<Reach>> {
        let mut conn = self.lines.read().await?;
        cards::reach_these(&mut conn, district, audience, now, adults.iter().map(|adult| adult.0).collect()).await
    }

    async fn card(&self, district: DistrictId, contact: ContactId, now: Time) -> Stored<Option<ContactCard>> {
        let mut conn = self.lines.read().await?;
        cards::card(&mut conn, district, contact, now).await
    }

    async fn contact_at(&self, district: DistrictId, channel: Channel, address: &str) -> Stored<Option<ContactId>> {
        let mut conn = self.lines.read().await?;
        let query = sqlx::query::<Db>(CONTACT_AT).bind(district.0).bind(i64::from(channel.code())).bind(clean(address));
        query.fetch_optional(&mut *conn).await.map_err(fault)?.map(|row| Ok(ContactId(int(&row, 0)?))).transpose()
    }

    async fn strange_contact(&self, district: DistrictId, id: ContactId, channel: Channel, address: &str) -> Stored<ContactId> {
        {
            let mut conn = self.lines.write().await?;
            let query = sqlx::query::<Db>(STRANGE).bind(district.0).bind(id.0).bind(i64::from(channel.code()));
            query.bind(clean(address)).execute(&mut *conn).await.map_err(fault)?;
        }
        Ok(self.contact_at(district, channel, &clean(address)).await?.unwrap_or(id))
    }

    async fn set_language(
        &self,
        district: DistrictId,
        guardian: GuardianId,
        language: &str,
        own_choice: bool,
        audit: &Audit,
    ) -> Stored<()> {
        let mut conn = self.lines.write().await?;
        let mut step = conn.begin_with(BEGIN).await.map_err(fault)?;
        let query = sqlx::query::<Db>(SET_LANGUAGE).bind(district.0).bind(guardian.0).bind(clean(language)).bind(i64::from(own_choice));
        query.execute(&mut *step).await.map_err(fault)?;
        super::audit(&mut step, district, audit).await?;
        step.commit().await.map_err(fault)
    }

    async fn set_right(&self, district: DistrictId, relation: &RelationRow, audit: &Audit) -> Stored<()> {
        let mut conn = self.lines.write().await?;
        let mut step = conn.begin_with(BEGIN).await.map_err(fault)?;
        let query = sqlx::query::<Db>(SET_RIGHT)
            .bind(district.0)
            .bind(relation.guardian.0)
            .bind(relation.student.0)
            .bind(clean(&relation.relation));
        let query =
            query.bind(i64::from(relation.right.code())).bind(relation.order_from.map(|at| at.0)).bind(relation.order_until.map(|at| at.0));
        query.execute(&mut *step).await.map_err(fault)?;
        let now = audit.at;
        let runs = relation.order_from.is_some_and(|from| from <= now) && relation.order_until.is_none_or(|until| until > now);
        if relation.right == Right::None || runs {
            // An order that committed is never followed by a claim: what waits about this child is withheld here.
            let only = format!("%[{},%", relation.student);
            let query = sqlx::query::<Db>(WITHHOLD_ORDER).bind(district.0).bind(relation.guardian.0).bind(only).bind(now.0);
            query.execute(&mut *step).await.map_err(fault)?;
        }
        super::audit(&mut step, district, audit).await?;
        step.commit().await.map_err(fault)
    }

    async fn suspend(&self, district: DistrictId, contact: ContactId, suspended: bool, audit: &Audit) -> Stored<()> {
        let mut conn = self.lines.write().await?;
        let mut step = conn.begin_with(BEGIN).await.map_err(fault)?;
        sqlx::query::<Db>(SUSPEND).bind(district.0).bind(contact.0).bind(i64::from(suspended)).execute(&mut *step).await.map_err(fault)?;
        super::audit(&mut step, district, audit).await?;
        step.commit().await.map_err(fault)
    }

    async fn add_contact(
        &self,
        district: DistrictId,
        id: ContactId,
        guardian: GuardianId,
        channel: Channel,
        address: &str,
        audit: &Audit,
    ) -> Stored<()> {
        let mut conn = self.lines.write().await?;
        let mut step = conn.begin_with(BEGIN).await.map_err(fault)?;
        let query = sqlx::query::<Db>(STRANGE).bind(district.0).bind(id.0).bind(i64::from(channel.code()));
        query.bind(clean(address)).execute(&mut *step).await.map_err(fault)?;
        let query = sqlx::query::<Db>(CONTACT_AT).bind(district.0).bind(i64::from(channel.code())).bind(clean(address));
        let contact = int(&query.fetch_one(&mut *step).await.map_err(fault)?, 0)?;
        sqlx::query::<Db>(OFFICE_CONTACT).bind(district.0).bind(contact).bind(guardian.0).execute(&mut *step).await.map_err(fault)?;
        super::audit(&mut step, district, audit).await?;
        step.commit().await.map_err(fault)
    }

    async fn student(&self, district: DistrictId, student: StudentId, staff: StaffId) -> Stored<Option<(Child, bool)>> {
        let mut conn = self.lines.read().await?;
        let row =
            sqlx::query::<Db>(STUDENT).bind(district.0).bind(student.0).bind(staff.0).fetch_optional(&mut *conn).await.map_err(fault)?;
        let child = |row: &DbRow| {
            Ok(Child {
                id: StudentId(int(row, 0)?),
                given: text(row, 1)?,
                family: text(row, 2)?,
                school: SchoolId(int(row, 3)?),
                right: Right::Full,
            })
        };
        row.map(|row| Ok((child(&row)?, int(&row, 4)? > 0))).transpose()
    }

    async fn class(&self, district: DistrictId, class: ClassId) -> Stored<Option<(SchoolId, String)>> {
        let mut conn = self.lines.read().await?;
        let row = sqlx::query::<Db>(CLASS).bind(district.0).bind(class.0).fetch_optional(&mut *conn).await.map_err(fault)?;
        row.map(|row| Ok((SchoolId(int(&row, 0)?), text(&row, 1)?))).transpose()
    }
}
