//! [`Outbound`]: the way out.

use super::*;
use domain::conversation::HoldKind;
use domain::delivery::DeliveryState;
use domain::message::*;
use domain::*;

crate::statements! {
    BLOCK = "INSERT INTO block (district, contact, bits, why, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (district, contact) DO UPDATE SET bits = excluded.bits, why = excluded.why, at = excluded.at";
    UNBLOCK = "DELETE FROM block WHERE district = $1 AND contact = $2";
    UNSTOP = "DELETE FROM stopped_staff WHERE district = $1 AND contact = $2";
    STOP_STAFF = "INSERT INTO stopped_staff (district, contact, staff, at) VALUES ($1, $2, $3, $4) ON CONFLICT (district, contact, staff) DO NOTHING";
    WITHHOLD = "UPDATE delivery SET state = 6, reason = 'The family stopped texts.', changed = $4 WHERE district = $1 AND contact = $2 AND state IN (0, 8) AND ((CAST($3 AS BIGINT) >> CAST(weight - 1 AS INTEGER)) & 1) = 1";
    WITHHOLD_STAFF = "UPDATE delivery SET state = 6, reason = 'The family stopped this teacher.', changed = $4 WHERE district = $1 AND contact = $2 AND speaks_for = $3 AND state IN (0, 8) AND weight > 1";
    END_TASK = "UPDATE task SET ended = $3, result = $4 WHERE district = $1 AND id = $2 AND ended IS NULL";
    TAKE_TASK = "UPDATE task SET taken_by = $3 WHERE district = $1 AND id = $2 AND ended IS NULL AND (taken_by IS NULL OR taken_by = $3)";
    RISKS_DUE = "SELECT id, school, passed FROM task WHERE district = $1 AND kind = 6 AND ended IS NULL AND taken_by IS NULL AND due <= $2 ORDER BY due LIMIT $3";
    PASS_RISK = "UPDATE task SET passed = passed + 1, due = $3 WHERE district = $1 AND id = $2 AND ended IS NULL AND taken_by IS NULL";
    LINE_ROUTES = concat!("SELECT contact, sender, staff, at FROM route WHERE district = $1 AND contact", one_of!("$2"), " ORDER BY at DESC");
    GREETINGS = concat!("SELECT c.id, d.state, CASE WHEN d.state IN (0, 8) OR d.changed = 0 THEN d.opens ELSE d.changed END FROM contact c JOIN delivery d ON d.district = c.district AND d.id = c.greeting WHERE c.district = $1 AND c.id", one_of!("$2"));
    LINE_MENUS = concat!("SELECT contact, sender, digit FROM menu WHERE district = $1 AND ends > $3 AND contact", one_of!("$2"));
    LINE_OFFERS = concat!("SELECT contact, sender, menu_base, offers FROM delivery WHERE district = $1 AND offers <> 4 AND menu_base > 0 AND state NOT IN (6, 7, 9) AND (closes > $3 OR opens > $4) AND contact", one_of!("$2"));
    PAUSE = "UPDATE sender SET paused = $3, why = $4 WHERE district = $1 AND id = $2";
}

/// Blocks inside a step: the block and what waits, together (a block row alone loses the race on PostgreSQL).
pub(super) async fn block(
    conn: &mut Conn,
    district: DistrictId,
    contact: ContactId,
    bits: i16,
    only: Option<StaffId>,
    why: &str,
    at: Time,
) -> Stored<u64> {
    if let Some(staff) = only {
        sqlx::query::<Db>(STOP_STAFF).bind(district.0).bind(contact.0).bind(staff.0).bind(at.0).execute(&mut *conn).await.map_err(fault)?;
        sqlx::query::<Db>(UNBLOCK).bind(district.0).bind(contact.0).execute(&mut *conn).await.map_err(fault)?;
        let query = sqlx::query::<Db>(WITHHOLD_STAFF).bind(district.0).bind(contact.0).bind(staff.0).bind(at.0);
        return Ok(query.execute(conn).await.map_err(fault)?.rows_affected());
    }
    if bits == 0 {
        sqlx::query::<Db>(UNBLOCK).bind(district.0).bind(contact.0).execute(&mut *conn).await.map_err(fault)?;
        sqlx::query::<Db>(UNSTOP).bind(district.0).bind(contact.0).execute(conn).await.map_err(fault)?;
        return Ok(0);
    }
    let query = sqlx::query::<Db>(BLOCK).bind(district.0).bind(contact.0).bind(i64::from(bits)).bind(clean(why)).bind(at.0);
    query.execute(&mut *conn).await.map_err(fault)?;
    let query = sqlx::query::<Db>(WITHHOLD).bind(district.0).bind(contact.0).bind(i64::from(bits)).bind(at.0);
    Ok(query.execute(conn).await.map_err(fault)?.rows_affected())
}

/// See [`Outbound::lines`].
pub(super) async fn lines(conn: &mut Conn, district: DistrictId, contacts: &[ContactId], now: Time) -> Stored<Vec<Line>> {
    let ids = id_list(contacts.iter().map(|contact| contact.0));
    let mut all: std::collections::BTreeMap<(i64, i64), Line> = std::collections::BTreeMap::new();
    let blank = |key: (i64, i64)| Line { contact: ContactId(key.0), sender: SenderId(key.1), staff: vec![], past: vec![], digits: vec![] };
    let idle = now.plus_days(-Route::IDLE_DAYS);
    for row in sqlx::query::<Db>(LINE_ROUTES).bind(district.0).bind(ids.clone()).fetch_all(&mut *conn).await.map_err(fault)? {
        let key = (int(&row, 0)?, int(&row, 1)?);
        let staff = StaffId(int(&row, 2)?);
        let line = all.entry(key).or_insert_with(|| blank(key));
        // The newest first: one person's second route, about another child, may have ended while the first has not.
        if !line.staff.contains(&staff) && !line.past.contains(&staff) {
            if int(&row, 3)? > idle.0 { line.staff.push(staff) } else { line.past.push(staff) }
        }
    }
    let rest = now.plus_seconds(-domain::menu::REST);
    let query = sqlx::query::<Db>(LINE_OFFERS).bind(district.0).bind(ids.clone()).bind(rest.0).bind(rest.plus_days(-1).0);
    for row in query.fetch_all(&mut *conn).await.map_err(fault)? {
        let key = (int(&row, 0)?, int(&row, 1)?);
        let set = AnswerSet::from_code(int(&row, 3)? as i16).unwrap_or(AnswerSet::None);
        let taken = domain::menu::digits(set, int(&row, 2)? as u8).into_iter().map(|(digit, _)| digit);
        all.entry(key).or_insert_with(|| blank(key)).digits.extend(taken);
    }
    for row in sqlx::query::<Db>(LINE_MENUS).bind(district.0).bind(ids).bind(rest.0).fetch_all(&mut *conn).await.map_err(fault)? {
        let key = (int(&row, 0)?, int(&row, 1)?);
        all.entry(key).or_insert_with(|| blank(key)).digits.push(int(&row, 2)? as u8);
    }
    Ok(all.into_values().collect())
}

#[async_trait::async_trait]
impl Outbound for Handle {
    async fn accept(
        &self,
        district: DistrictId,
        message: &Message,
        renditions: &[Rendition],
        holds: &[NewHold],
        audit: &Audit,
    ) -> Stored<bool> {
        let mut conn = self.lines.write().await?;
        let mut step = conn.begin_with(BEGIN).await.map_err(fault)?;
        let new = planning::accept(&mut step, district, message, MessageState::Planning, renditions, holds).await?;
        if new {
            super::audit(&mut step, district, audit).await?;
        }
        step.commit().await.map_err(fault)?;
        Ok(new)
    }
    async fn expansions(&self, district: DistrictId, most: i64) -> Stored<Vec<Expansion>> {
        planning::expansions(&mut *self.lines.read().await?, district, most).await
    }
    async fn plan(&self, district: DistrictId, message: MessageId, slice: &Slice) -> Stored<u64> {
        planning::plan(&mut *self.lines.write().await?, district, message, slice).await
    }
    async fn claim(&self, ask: &Ask) -> Stored<Vec<Claimed>> {
        let claimed = within(async {
            // What was claimed is read beside the writer: it is committed, and others may write meanwhile.
            let ids = claiming::claim(&mut *self.lines.write().await?, ask).await?;
            claiming::claimed(&mut *self.lines.read().await?, ask.district, ids).await
        });
        let claimed = claimed.await?;
        self.meter.claimed(ask.lane, claimed.len());
        Ok(claimed)
    }
    async fn claim_over(&self, ask: &Ask) -> Stored<Vec<Claimed>> {
        within(async {
            let ids = claiming::claim_over(&mut *self.lines.write().await?, ask).await?;
            claiming::claimed(&mut *self.lines.read().await?, ask.district, ids).await
        })
        .await
    }
    async fn reclaim(&self, district: DistrictId, now: Time, until: Time, most: i64) -> Stored<Vec<Claimed>> {
        within(async {
            let found = claiming::reclaim(&mut *self.lines.write().await?, district, now, until, most).await?;
            let ids = found.keys().copied().collect();
            let mut rows = claiming::claimed(&mut *self.lines.read().await?, district, ids).await?;
            for row in &mut rows {
                let code = found.get(&row.delivery.0).copied().unwrap_or_default();
                row.state = DeliveryState::from_code(code as i16).unwrap_or(row.state);
            }
            Ok(rows)
        })
        .await
    }
    async fn settle(&self, district: DistrictId, settlements: &[Settlement]) -> Stored<Vec<bool>> {
        if settlements.is_empty() {
            return Ok(Vec::new());
        }
        let done = within(async { sending::settle(&mut *self.lines.write().await?, district, settlements).await }).await?;
        settlements.iter().zip(&done).filter(|(_, done)| **done).for_each(|(one, _)| self.meter.settled(one.state));
        Ok(done)
    }
    async fn receipts(&self, district: DistrictId, receipts: &[NewReceipt]) -> Stored<Vec<ReceiptEffect>> {
        self.receipts.ask(receipts.iter().map(|receipt| (district, receipt.clone())).collect()).await
    }
    async fn fallen(&self, district: DistrictId, most: i64) -> Stored<Vec<DeliveryInfo>> {
        sending::fallen(&mut *self.lines.read().await?, district, most).await
    }
    async fn standing(&self, district: DistrictId, message: MessageId, contacts: &[ContactId]) -> Stored<Option<Standing>> {
        walking::standing(&mut *self.lines.read().await?, district, message, contacts).await
    }
    async fn walk(&self, district: DistrictId, delivery: DeliveryId, rung: &Rung) -> Stored<bool> {
        walking::walk(&mut *self.lines.write().await?, district, delivery, rung).await
    }
    async fn delivery(&self, district: DistrictId, delivery: DeliveryId) -> Stored<Option<DeliveryInfo>> {
        sending::delivery(&mut *self.lines.read().await?, district, delivery).await
    }
    async fn delivery_to(&self, district: DistrictId, message: MessageId, contact: ContactId) -> Stored<Option<DeliveryId>> {
        sending::delivery_to(&mut *self.lines.read().await?, district, message, contact).await
    }
    async fn withdraw(&self, district: DistrictId, message: MessageId, audit: &Audit) -> Stored<u64> {
        planning::withdraw(&mut *self.lines.write().await?, district, message, audit).await
    }
    async fn send_ready(&self, district: DistrictId, ready: &Ready, audit: &Audit) -> Stored<bool> {
        let mut conn = self.lines.write().await?;
        let mut step = conn.begin_with(BEGIN).await.map_err(fault)?;
        let new = planning::ready(&mut step, district, ready, &[]).await?;
        if new {
            super::audit(&mut step, district, audit).await?;
        }
        step.commit().await.map_err(fault)?;
        Ok(new)
    }
    async fn block(&self, district: DistrictId, contact: ContactId, bits: i16, why: &str, audit: &Audit) -> Stored<u64> {
        let mut conn = self.lines.write().await?;
        let mut step = conn.begin_with(BEGIN).await.map_err(fault)?;
        let count = block(&mut step, district, contact, bits, None, why, audit.at).await?;
        super::audit(&mut step, district, audit).await?;
        step.commit().await.map_err(fault)?;
        Ok(count)
    }
    async fn resolve(&self, district: DistrictId, resolution: &Resolution, audit: &Audit) -> Stored<bool> {
        planning::resolve(&mut *self.lines.write().await?, district, resolution, audit).await
    }
    async fn not_sure(&self, district: DistrictId, hold: HoldId, reason: &str, audit: &Audit) -> Stored<bool> {
        planning::not_sure(&mut *self.lines.write().await?, district, hold, reason, audit).await
    }
    async fn holds_due(&self, district: DistrictId, now: Time, most: i64) -> Stored<Vec<(HoldId, HoldKind, Rendition, Message)>> {
        planning::holds_due(&mut *self.lines.read().await?, district, now, most).await
    }
    async fn hold(&self, district: DistrictId, hold: HoldId) -> Stored<Option<(HoldKind, Rendition, Message)>> {
        planning::hold(&mut *self.lines.read().await?, district, hold).await
    }
    async fn add_tasks(&self, district: DistrictId, tasks: &[NewTask]) -> Stored<()> {
        planning::tasks(&mut *self.lines.write().await?, district, tasks).await
    }
    async fn end_task(&self, district: DistrictId, task: TaskId, result: &str, audit: &Audit) -> Stored<bool> {
        let mut conn = self.lines.write().await?;
        let mut step = conn.begin_with(BEGIN).await.map_err(fault)?;
        let done = sqlx::query::<Db>(END_TASK)
            .bind(district.0)
            .bind(task.0)
            .bind(audit.at.0)
            .bind(clean(result))
            .execute(&mut *step)
            .await
            .map_err(fault)?;
        super::audit(&mut step, district, audit).await?;
        step.commit().await.map_err(fault)?;
        Ok(done.rows_affected() == 1)
    }
    async fn take_task(&self, district: DistrictId, task: TaskId, staff: StaffId, audit: &Audit) -> Stored<bool> {
        let mut conn = self.lines.write().await?;
        let mut step = conn.begin_with(BEGIN).await.map_err(fault)?;
        let query = sqlx::query::<Db>(TAKE_TASK).bind(district.0).bind(task.0).bind(staff.0);
        let done = query.execute(&mut *step).await.map_err(fault)?;
        super::audit(&mut step, district, audit).await?;
        step.commit().await.map_err(fault)?;
        Ok(done.rows_affected() == 1)
    }
    async fn risks_due(&self, district: DistrictId, now: Time, most: i64) -> Stored<Vec<(TaskId, SchoolId, i64)>> {
        let mut conn = self.lines.read().await?;
        let rows = sqlx::query::<Db>(RISKS_DUE).bind(district.0).bind(now.0).bind(most).fetch_all(&mut *conn).await.map_err(fault)?;
        rows.iter().map(|row| Ok((TaskId(int(row, 0)?), SchoolId(int(row, 1)?), int(row, 2)?))).collect()
    }
    async fn pass_risk(&self, district: DistrictId, task: TaskId, due: Time, letter: Option<&Ready>, audit: &Audit) -> Stored<()> {
        let mut conn = self.lines.write().await?;
        let mut step = conn.begin_with(BEGIN).await.map_err(fault)?;
        let query = sqlx::query::<Db>(PASS_RISK).bind(district.0).bind(task.0).bind(due.0);
        if query.execute(&mut *step).await.map_err(fault)?.rows_affected() == 0 {
            return Ok(());
        }
        if let Some(letter) = letter {
            planning::ready(&mut step, district, letter, &[]).await?;
        }
        super::audit(&mut step, district, audit).await?;
        step.commit().await.map_err(fault)
    }
    async fn greetings(&self, district: DistrictId, contacts: &[ContactId]) -> Stored<Vec<Greeting>> {
        let ids = id_list(contacts.iter().map(|contact| contact.0));
        let mut conn = self.lines.read().await?;
        let rows = sqlx::query::<Db>(GREETINGS).bind(district.0).bind(ids).fetch_all(&mut *conn).await.map_err(fault)?;
        let greeting = |row: &DbRow| {
            let state = domain::delivery::DeliveryState::from_code(int(row, 1)? as i16);
            let state = state.unwrap_or(domain::delivery::DeliveryState::Uncertain);
            Ok(Greeting { contact: ContactId(int(row, 0)?), state, at: Time(int(row, 2)?) })
        };
        rows.iter().map(greeting).collect()
    }
    async fn lines(&self, district: DistrictId, contacts: &[ContactId], now: Time) -> Stored<Vec<Line>> {
        lines(&mut *self.lines.read().await?, district, contacts, now).await
    }
    async fn pause_sender(&self, district: DistrictId, sender: SenderId, paused: bool, why: &str, audit: &Audit) -> Stored<()> {
        let mut conn = self.lines.write().await?;
        let mut step = conn.begin_with(BEGIN).await.map_err(fault)?;
        sqlx::query::<Db>(PAUSE)
            .bind(district.0)
            .bind(sender.0)
            .bind(i64::from(paused))
            .bind(clean(why))
            .execute(&mut *step)
            .await
            .map_err(fault)?;
        super::audit(&mut step, district, audit).await?;
        step.commit().await.map_err(fault)
    }
}
