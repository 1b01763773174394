//! [`Restored`]: what may have gone since a backup was made, marked in the transaction of the restore and asked about later.
//!
//! A marked delivery is uncertain (5), or held (8) until its words are released; its attempt is the one the next claim would
//! have made. This file must never queue one that no carrier answered for.

use super::*;
use domain::delivery::DeliveryState;
use domain::*;
use serde_json::json;

/// What staff read beside a delivery that may have gone.
const MAY_HAVE_GONE: &str = "Queued when the backup was made: it may have gone since.";

crate::statements! {
    NOTE = "INSERT INTO backup (at, version, schema_number) SELECT $1, $2, MAX(number) FROM migration WHERE true ON CONFLICT (at) DO NOTHING";
    MANIFEST = "SELECT at, version, schema_number FROM backup ORDER BY at DESC LIMIT 1";
    SCHEMA = "SELECT MAX(number) FROM migration";
    ALL_DISTRICTS = "SELECT id FROM district ORDER BY id";
    MARK_ATTEMPTS = "INSERT INTO attempt (district, delivery, number, at) SELECT district, id, attempt + 1, $2 FROM delivery WHERE district = $1 AND state IN (0, 8) AND opens <= $3 ON CONFLICT (district, delivery, number) DO NOTHING";
    MARK_DELIVERIES = "UPDATE delivery SET restored = CASE WHEN state IN (1, 5) THEN COALESCE(claimed_at, $2) ELSE $2 END, attempt = CASE WHEN state IN (0, 8) THEN attempt + 1 ELSE attempt END, state = CASE WHEN state = 8 THEN 8 ELSE 5 END, opens = $3, claimed_until = NULL, reason = $4 WHERE district = $1 AND restored IS NULL AND (state IN (1, 5) OR (state IN (0, 8) AND opens <= $3))";
    MARK_AGAIN = "UPDATE delivery SET state = 5, restored = CASE WHEN restored > 0 THEN restored ELSE COALESCE(claimed_at, $3) END, opens = $2, claimed_until = NULL WHERE district = $1 AND restored IS NOT NULL AND state IN (0, 1)";
    MARK_MESSAGES = "UPDATE message SET restored = $2 WHERE district = $1 AND state = 1 AND not_before <= $2";
    MARK_INCOMING = "UPDATE incoming SET restored = $2 WHERE district = $1 AND place = 0";
    END_SESSIONS = "DELETE FROM session WHERE district = $1";
    END_INVITATIONS = "DELETE FROM invitation WHERE district = $1";
    PAUSE = "INSERT INTO restore (district, at, backup, marked) VALUES ($1, $2, $3, $4) ON CONFLICT (district, at) DO NOTHING";
    PAUSED = "SELECT backup, at, marked FROM restore WHERE district = $1 AND resumed IS NULL ORDER BY at DESC LIMIT 1";
    RESUME = "UPDATE restore SET resumed = $2 WHERE district = $1 AND resumed IS NULL";
    STANDING = "SELECT COALESCE(SUM(CASE WHEN restored IS NOT NULL AND state IN (2, 3, 4) THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN restored > 0 AND state = 5 THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN restored = 0 AND state = 5 THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN state = 0 THEN 1 ELSE 0 END), 0) FROM delivery WHERE district = $1";
    TO_ASK = concat!("WITH open AS MATERIALIZED (SELECT id FROM delivery WHERE district = $1 AND state = 5 AND restored > 0 AND opens <= $2", aside!("delivery", "$1", "a.kind = 5 AND a.key <= $2 ORDER BY a.key, a.id LIMIT $4 * 8"), " ORDER BY opens, id LIMIT $4", skip_locked!(), ") UPDATE delivery SET opens = $3 FROM open WHERE delivery.district = $1 AND delivery.id = open.id RETURNING delivery.id");
    GONE = "UPDATE delivery SET attempt = $4, state = 1, claimed_until = $5 WHERE district = $1 AND id = $2 AND attempt = $3 AND state = 5 AND restored > 0";
    GONE_ATTEMPT = "INSERT INTO attempt (district, delivery, number, at) VALUES ($1, $2, $3, $4) ON CONFLICT (district, delivery, number) DO NOTHING";
    BACK = concat!("UPDATE delivery SET state = CASE WHEN EXISTS (SELECT 1 FROM message m WHERE m.district = delivery.district AND m.id = delivery.message AND m.state = 3) THEN 9 ELSE 0 END, opens = CAST($3 AS BIGINT), changed = CAST($3 AS BIGINT), reason = '', restored = CASE WHEN s.keyed = 1 THEN restored ELSE NULL END FROM (SELECT CAST(e.value ->> 0 AS BIGINT) AS id, CAST(e.value ->> 1 AS BIGINT) AS attempt, CAST(e.value ->> 2 AS BIGINT) AS keyed FROM ", rows!("$2"), ") AS s WHERE delivery.district = $1 AND delivery.id = s.id AND delivery.attempt = s.attempt AND delivery.state = 5 AND delivery.restored > 0");
    UNKNOWN = concat!("UPDATE delivery SET restored = 0, reason = s.reason FROM (SELECT CAST(e.value ->> 0 AS BIGINT) AS id, CAST(e.value ->> 1 AS BIGINT) AS attempt, e.value ->> 2 AS reason FROM ", rows!("$2"), ") AS s WHERE delivery.district = $1 AND delivery.id = s.id AND delivery.attempt = s.attempt AND delivery.state = 5 AND delivery.restored > 0");
    MESSAGE_RESTORED = "SELECT restored FROM message WHERE district = $1 AND id = $2 AND restored IS NOT NULL";
    INCOMING_RESTORED = "SELECT restored FROM incoming WHERE district = $1 AND id = $2 AND restored IS NOT NULL";
    MADE = concat!("UPDATE delivery SET restored = 0, state = CASE WHEN state = 0 THEN 5 ELSE state END, reason = CAST($4 AS TEXT) WHERE district = $1 AND state IN (0, 8) AND opens <= $3 AND id", one_of!("$2"));
}

/// Writes down that a backup begins. Gives the database's schema number.
pub(crate) async fn note(conn: &mut Conn, version: &str, at: Time) -> Stored<i64> {
    sqlx::query::<Db>(NOTE).bind(at.0).bind(clean(version)).execute(&mut *conn).await.map_err(fault)?;
    schema(conn).await
}

/// The database's schema number.
pub(crate) async fn schema(conn: &mut Conn) -> Stored<i64> {
    Ok(maybe(&sqlx::query::<Db>(SCHEMA).fetch_one(conn).await.map_err(fault)?, 0)?.unwrap_or_default())
}

/// The newest backup this database knows of: (when, version, schema number).
pub(crate) async fn manifest(conn: &mut Conn) -> Stored<Option<(Time, String, i64)>> {
    let row = sqlx::query::<Db>(MANIFEST).fetch_optional(conn).await.map_err(fault)?;
    row.map(|row| Ok((Time(int(&row, 0)?), text(&row, 1)?, int(&row, 2)?))).transpose()
}

/// Marks everything that may have gone since the backup and pauses every district. Inside the caller's transaction. Gives
/// how many deliveries.
pub(crate) async fn mark(conn: &mut Conn, backup: Time, now: Time) -> Stored<u64> {
    let mut all = 0;
    for row in sqlx::query::<Db>(ALL_DISTRICTS).fetch_all(&mut *conn).await.map_err(fault)? {
        let district = int(&row, 0)?;
        let again = sqlx::query::<Db>(MARK_AGAIN).bind(district).bind(now.0).bind(backup.0).execute(&mut *conn).await.map_err(fault)?;
        let attempts = sqlx::query::<Db>(MARK_ATTEMPTS).bind(district).bind(backup.0).bind(now.0);
        attempts.execute(&mut *conn).await.map_err(fault)?;
        let deliveries = sqlx::query::<Db>(MARK_DELIVERIES).bind(district).bind(backup.0).bind(now.0).bind(MAY_HAVE_GONE);
        let marked = again.rows_affected() + deliveries.execute(&mut *conn).await.map_err(fault)?.rows_affected();
        for statement in [MARK_MESSAGES, MARK_INCOMING] {
            sqlx::query::<Db>(statement).bind(district).bind(now.0).execute(&mut *conn).await.map_err(fault)?;
        }
        // Who signed out, was signed out or used an invitation since the backup must not be let in by it.
        for statement in [END_SESSIONS, END_INVITATIONS] {
            sqlx::query::<Db>(statement).bind(district).execute(&mut *conn).await.map_err(fault)?;
        }
        let pause = sqlx::query::<Db>(PAUSE).bind(district).bind(now.0).bind(backup.0).bind(marked as i64);
        pause.execute(&mut *conn).await.map_err(fault)?;
        let act = Audit {
            staff: StaffId::HOUSE,
            at: now,
            act: "restored",
            subject: format!("district {district}"),
            detail: format!("{marked} deliveries may have gone since the backup"),
        };
        audit(conn, DistrictId(district), &act).await?;
        all += marked;
    }
    Ok(all)
}

/// Deliveries of a message that was still being expanded, and of the first contacts before it: others may have gone in their
/// stead, under ids nobody knows.
pub(super) async fn made_by_message(conn: &mut Conn, district: DistrictId, message: MessageId, new: &[i64], also: &[Ready]) -> Stored<()> {
    let since = sqlx::query::<Db>(MESSAGE_RESTORED).bind(district.0).bind(message.0).fetch_optional(&mut *conn).await.map_err(fault)?;
    match since {
        Some(row) => made(conn, district, new.iter().copied().chain(also.iter().map(|one| one.delivery.id.0)), int(&row, 0)?).await,
        None => Ok(()),
    }
}

/// What is said to families about something that came in before the backup and was not understood in it: it may have been
/// said already.
pub(super) async fn made_by_incoming(conn: &mut Conn, district: DistrictId, incoming: IncomingId, notices: &[Ready]) -> Stored<()> {
    let since = sqlx::query::<Db>(INCOMING_RESTORED).bind(district.0).bind(incoming.0).fetch_optional(&mut *conn).await.map_err(fault)?;
    match since {
        Some(_) => made(conn, district, notices.iter().map(|one| one.delivery.id.0), Time::NEVER.0).await,
        None => Ok(()),
    }
}

/// What a clock says to a family while the district is paused: the clock may have run out before the restore.
pub(super) async fn made_by_clock(conn: &mut Conn, district: DistrictId, notice: &Ready) -> Stored<()> {
    match paused(conn, district).await? {
        Some(_) => made(conn, district, [notice.delivery.id.0], Time::NEVER.0).await,
        None => Ok(()),
    }
}

async fn made(conn: &mut Conn, district: DistrictId, deliveries: impl IntoIterator<Item = i64>, opened_by: i64) -> Stored<()> {
    let query = sqlx::query::<Db>(MADE).bind(district.0).bind(id_list(deliveries)).bind(opened_by);
    query.bind("Its message was on its way when the backup was made: it may have gone already.").execute(conn).await.map_err(fault)?;
    Ok(())
}

async fn paused(conn: &mut Conn, district: DistrictId) -> Stored<Option<Pause>> {
    let row = sqlx::query::<Db>(PAUSED).bind(district.0).fetch_optional(conn).await.map_err(fault)?;
    row.map(|row| Ok(Pause { backup: Time(int(&row, 0)?), restored: Time(int(&row, 1)?), marked: int(&row, 2)? })).transpose()
}

#[async_trait::async_trait]
impl Restored for Handle {
    async fn pause(&self, district: DistrictId) -> Stored<Option<Pause>> {
        paused(&mut *self.lines.read().await?, district).await
    }

    async fn to_ask(&self, district: DistrictId, now: Time, until: Time, most: i64) -> Stored<Vec<Claimed>> {
        let mut conn = self.lines.write().await?;
        let query = sqlx::query::<Db>(TO_ASK).bind(district.0).bind(now.0).bind(until.0).bind(most);
        let rows = query.fetch_all(&mut *conn).await.map_err(fault)?;
        let ids: Vec<i64> = rows.iter().map(|row| int(row, 0)).collect::<Stored<_>>()?;
        claiming::claimed(&mut conn, district, ids).await
    }

    async fn answered(&self, district: DistrictId, answers: &[(DeliveryId, i16, Answered)], now: Time) -> Stored<()> {
        let mut conn = self.lines.write().await?;
        let (mut back, mut unknown, mut gone) = (Vec::new(), Vec::new(), Vec::new());
        for (delivery, attempt, answer) in answers {
            match answer {
                Answered::NotGone => back.push(json!([delivery, attempt, 0])),
                Answered::UnderItsKey => back.push(json!([delivery, attempt, 1])),
                Answered::Unknown(why) => unknown.push(json!([delivery, attempt, why])),
                Answered::Gone(as_attempt, accepted) => gone.push((*delivery, *attempt, *as_attempt, accepted)),
                Answered::NotYet => {}
            }
        }
        sqlx::query::<Db>(BACK).bind(district.0).bind(to_json(&back)?).bind(now.0).execute(&mut *conn).await.map_err(fault)?;
        sqlx::query::<Db>(UNKNOWN).bind(district.0).bind(to_json(&unknown)?).execute(&mut *conn).await.map_err(fault)?;
        for (delivery, attempt, as_attempt, accepted) in gone {
            // Each step may be repeated: killed half-way, the delivery is asked about again from the attempt that was found.
            let query = sqlx::query::<Db>(GONE).bind(district.0).bind(delivery.0).bind(i64::from(attempt)).bind(i64::from(as_attempt));
            // Held for the settlement alone: killed before it, the claim is late, and the carrier is asked again.
            let until = now.plus_seconds(60);
            let query = query.bind(until.0);
            if query.execute(&mut *conn).await.map_err(fault)?.rows_affected() == 0 {
                continue;
            }
            let query = sqlx::query::<Db>(GONE_ATTEMPT).bind(district.0).bind(delivery.0).bind(i64::from(as_attempt)).bind(now.0);
            query.execute(&mut *conn).await.map_err(fault)?;
            let settlement = Settlement {
                over: None,
                delivery,
                attempt: as_attempt,
                until,
                walked: false,
                state: DeliveryState::Accepted,
                opens: now,
                provider_ids: accepted.provider_ids.clone(),
                segments: accepted.segments.map_or(0, |count| count as i16),
                reason: String::new(),
                claimed: now,
                at: now,
            };
            sending::settle(&mut conn, district, &[settlement]).await?;
        }
        Ok(())
    }

    async fn standing(&self, district: DistrictId) -> Stored<RestoreFigures> {
        let mut conn = self.lines.read().await?;
        let row = sqlx::query::<Db>(STANDING).bind(district.0).fetch_one(&mut *conn).await.map_err(fault)?;
        Ok(RestoreFigures { gone: int(&row, 0)?, to_ask: int(&row, 1)?, uncertain: int(&row, 2)?, will_go: int(&row, 3)? })
    }

    async fn resume(&self, district: DistrictId, audit: &Audit) -> Stored<bool> {
        let mut conn = self.lines.write().await?;
        let mut step = conn.begin_with(BEGIN).await.map_err(fault)?;
        let done = sqlx::query::<Db>(RESUME).bind(district.0).bind(audit.at.0).execute(&mut *step).await.map_err(fault)?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        super::audit(&mut step, district, audit).await?;
        step.commit().await.map_err(fault)?;
        Ok(true)
    }
}
