//! Claims, settlements, receipts: the attempt's number is record, fence and provider key in one.

use super::*;
use domain::delivery::DeliveryState;
use domain::message::{Message, Rendition};
use domain::people::Channel;
use domain::verdict::reason_of;
use domain::*;
use serde_json::json;

crate::statements! {
    CLAIM = concat!("WITH due AS MATERIALIZED (SELECT id FROM delivery WHERE district = $1 AND sender = $2 AND lane = $3 AND state = 0 AND opens <= $4 AND NOT EXISTS (SELECT 1 FROM restore p WHERE p.district = $1 AND p.resumed IS NULL) ORDER BY opens, id LIMIT $6", skip_locked!(), ") UPDATE delivery SET attempt = attempt + 1, claimed_at = $4, claimed_until = $5, changed = $4, state = CASE WHEN EXISTS (SELECT 1 FROM block b WHERE b.district = delivery.district AND b.contact = delivery.contact AND ((b.bits >> CAST(delivery.weight - 1 AS INTEGER)) & 1) = 1) THEN 6 WHEN delivery.weight > 1 AND EXISTS (SELECT 1 FROM stopped_staff p WHERE p.district = delivery.district AND p.contact = delivery.contact AND p.staff = delivery.speaks_for) THEN 6 WHEN closes <= $4 THEN 7 ELSE 1 END FROM due WHERE delivery.district = $1 AND delivery.id = due.id RETURNING delivery.id");
    NOT_PAUSED = "SELECT 1 FROM sender WHERE district = $1 AND id = $2 AND paused = 0";
    RECLAIM = concat!("WITH late AS MATERIALIZED (SELECT id FROM delivery WHERE district = $1 AND state = 1 AND claimed_until <= $2 ORDER BY claimed_until LIMIT $4", skip_locked!(), ") UPDATE delivery SET claimed_until = $3 FROM late WHERE delivery.district = $1 AND delivery.id = late.id RETURNING delivery.id");
    CLAIMED = concat!("SELECT d.id, d.attempt, d.state, d.claimed_at, d.contact, c.address, d.sender, s.body, r.body, m.body, (SELECT f.title FROM staff f WHERE f.district = d.district AND f.id = d.speaks_for), d.students, d.menu_base, d.closes, (SELECT t.last_message_id FROM thread t WHERE t.district = d.district AND t.contact = d.contact AND t.staff = d.speaks_for ORDER BY t.last_at DESC LIMIT 1), c.confirmed, d.restored FROM delivery d JOIN contact c ON c.district = d.district AND c.id = d.contact JOIN sender s ON s.district = d.district AND s.id = d.sender JOIN rendition r ON r.district = d.district AND r.id = d.rendition JOIN message m ON m.district = d.district AND m.id = d.message WHERE d.district = $1 AND d.id IN (SELECT CAST(e.value ->> 0 AS BIGINT) FROM ", rows!("$2"), ") ORDER BY d.opens, d.id");
    RECORD = concat!("INSERT INTO attempt (district, delivery, number, at) SELECT $1, d.id, d.attempt, $3 FROM delivery d WHERE d.district = $1 AND d.state = 1 AND d.id IN (SELECT CAST(e.value ->> 0 AS BIGINT) FROM ", rows!("$2"), ") ON CONFLICT (district, delivery, number) DO NOTHING");
    SETTLE = concat!("UPDATE delivery SET state = s.state, opens = s.opens, reason = s.reason, claimed_until = NULL, changed = s.at FROM (SELECT CAST(e.value ->> 0 AS BIGINT) AS id, CAST(e.value ->> 1 AS BIGINT) AS attempt, CAST(e.value ->> 2 AS BIGINT) AS state, CAST(e.value ->> 3 AS BIGINT) AS opens, e.value ->> 4 AS reason, CAST(e.value ->> 5 AS BIGINT) AS at FROM ", rows!("$2"), ") AS s WHERE delivery.district = $1 AND delivery.id = s.id AND delivery.attempt = s.attempt AND delivery.state IN (1, 5) RETURNING delivery.id");
    OUTCOME = concat!("UPDATE attempt SET outcome = s.state, segments = s.segments, reason = s.reason FROM (SELECT CAST(e.value ->> 0 AS BIGINT) AS id, CAST(e.value ->> 1 AS BIGINT) AS number, CAST(e.value ->> 2 AS BIGINT) AS state, e.value ->> 4 AS reason, CAST(e.value ->> 6 AS BIGINT) AS segments FROM ", rows!("$2"), ") AS s WHERE attempt.district = $1 AND attempt.delivery = s.id AND attempt.number = s.number");
    PROVIDER_ID = "INSERT INTO provider_id (district, id, delivery, number) SELECT a.district, CAST($2 AS TEXT), a.delivery, a.number FROM attempt a WHERE a.district = $1 AND a.delivery = $3 AND a.number = $4 ON CONFLICT (district, id) DO NOTHING";
    PARKED = "UPDATE receipt SET delivery = $3, number = $4 WHERE district = $1 AND provider_id = $2 AND delivery IS NULL RETURNING state, at, code";
    BY_PROVIDER_ID = "SELECT delivery, number FROM provider_id WHERE district = $1 AND id = $2";
    KEEP_RECEIPT = "INSERT INTO receipt (district, replay, delivery, number, provider_id, state, code, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (district, replay) DO NOTHING";
    MOVE = concat!("UPDATE delivery SET state = CAST($3 AS BIGINT), changed = $4, reason = CASE WHEN CAST($3 AS BIGINT) = 4 THEN CAST($5 AS TEXT) ELSE reason END WHERE district = $1 AND id = $2 AND state IN (SELECT CAST(e.value ->> 0 AS BIGINT) FROM ", rows!("$6"), ")");
    EXISTS_DELIVERY = "SELECT 1 FROM delivery WHERE district = $1 AND id = $2";
    DELIVERY = "SELECT d.state, d.contact, d.channel, d.sender, r.body, m.body, d.speaks_for, d.students FROM delivery d JOIN rendition r ON r.district = d.district AND r.id = d.rendition JOIN message m ON m.district = d.district AND m.id = d.message WHERE d.district = $1 AND d.id = $2";
    DELIVERY_TO = "SELECT id FROM delivery WHERE district = $1 AND message = $2 AND contact = $3 ORDER BY id DESC LIMIT 1";
}

/// See [`Outbound::claim`].
pub(super) async fn claim(conn: &mut Conn, ask: &Ask) -> Stored<Vec<Claimed>> {
    let open = sqlx::query::<Db>(NOT_PAUSED).bind(ask.district.0).bind(ask.sender.0).fetch_optional(&mut *conn).await.map_err(fault)?;
    if open.is_none() {
        return Ok(Vec::new());
    }
    let mut step = conn.begin_with(BEGIN).await.map_err(fault)?;
    let query = sqlx::query::<Db>(CLAIM).bind(ask.district.0).bind(ask.sender.0).bind(i64::from(ask.lane.code())).bind(ask.now.0);
    let rows = query.bind(ask.until.0).bind(ask.most).fetch_all(&mut *step).await.map_err(fault)?;
    let ids: Vec<i64> = rows.iter().map(|row| int(row, 0)).collect::<Stored<_>>()?;
    let list = id_list(ids);
    sqlx::query::<Db>(RECORD).bind(ask.district.0).bind(list.clone()).bind(ask.now.0).execute(&mut *step).await.map_err(fault)?;
    step.commit().await.map_err(fault)?;
    claimed(conn, ask.district, list).await
}

/// See [`Outbound::reclaim`].
pub(super) async fn reclaim(conn: &mut Conn, district: DistrictId, now: Time, until: Time, most: i64) -> Stored<Vec<Claimed>> {
    let rows =
        sqlx::query::<Db>(RECLAIM).bind(district.0).bind(now.0).bind(until.0).bind(most).fetch_all(&mut *conn).await.map_err(fault)?;
    let ids: Vec<i64> = rows.iter().map(|row| int(row, 0)).collect::<Stored<_>>()?;
    claimed(conn, district, id_list(ids)).await
}

pub(super) async fn claimed(conn: &mut Conn, district: DistrictId, ids: String) -> Stored<Vec<Claimed>> {
    if ids == "[]" {
        return Ok(Vec::new());
    }
    let rows = sqlx::query::<Db>(CLAIMED).bind(district.0).bind(ids).fetch_all(conn).await.map_err(fault)?;
    let row = |row: &DbRow| {
        let sender: domain::people::Sender = json(row, 7)?;
        let students: Vec<(i64, String)> = json(row, 11)?;
        let closes = Time(int(row, 13)?);
        let restored = maybe(row, 16)?.filter(|since| *since > 0);
        Ok(Claimed {
            delivery: DeliveryId(int(row, 0)?),
            attempt: int(row, 1)? as i16,
            state: DeliveryState::from_code(int(row, 2)? as i16).unwrap_or(DeliveryState::Uncertain),
            at: Time(restored.or(maybe(row, 3)?).unwrap_or_default()),
            restored: restored.is_some(),
            contact: ContactId(int(row, 4)?),
            address: text(row, 5)?,
            sender: SenderId(int(row, 6)?),
            sender_address: sender.address,
            rendition: json(row, 8)?,
            message: json(row, 9)?,
            speaks_for: row.try_get::<Option<String>, _>(10).map_err(fault)?.unwrap_or_default(),
            students: students.into_iter().map(|(_, name)| name).collect(),
            menu_base: int(row, 12)? as u8,
            useful_until: closes,
            confirmed: int(row, 15)? != 0,
            in_reply_to: row.try_get(14).map_err(fault)?,
        })
    };
    rows.iter().map(row).collect()
}

/// See [`Outbound::settle`].
pub(super) async fn settle(conn: &mut Conn, district: DistrictId, settlements: &[Settlement]) -> Stored<Vec<bool>> {
    if settlements.is_empty() {
        return Ok(Vec::new());
    }
    let row = |one: &Settlement| json!([one.delivery, one.attempt, one.state.code(), one.opens, clean(&one.reason), one.at, one.segments]);
    let set = to_json(&settlements.iter().map(row).collect::<Vec<_>>())?;
    let mut step = conn.begin_with(BEGIN).await.map_err(fault)?;
    let done = sqlx::query::<Db>(SETTLE).bind(district.0).bind(set.clone()).fetch_all(&mut *step).await.map_err(fault)?;
    let done: std::collections::HashSet<i64> = done.iter().map(|row| int(row, 0)).collect::<Stored<_>>()?;
    sqlx::query::<Db>(OUTCOME).bind(district.0).bind(set).execute(&mut *step).await.map_err(fault)?;
    for one in settlements {
        for id in &one.provider_ids {
            let query = sqlx::query::<Db>(PROVIDER_ID).bind(district.0).bind(clean(id)).bind(one.delivery.0).bind(i64::from(one.attempt));
            if query.execute(&mut *step).await.map_err(fault)?.rows_affected() == 0 {
                // No such attempt, or an id that is known already.
                continue;
            }
            // A receipt may have come before the answer to the send was stored: it was parked.
            let query = sqlx::query::<Db>(PARKED).bind(district.0).bind(clean(id)).bind(one.delivery.0).bind(i64::from(one.attempt));
            for row in query.fetch_all(&mut *step).await.map_err(fault)? {
                let state = DeliveryState::from_code(int(&row, 0)? as i16).unwrap_or(DeliveryState::Accepted);
                step_forward(&mut step, district, one.delivery, state, Time(int(&row, 1)?), &text(&row, 2)?).await?;
            }
        }
    }
    step.commit().await.map_err(fault)?;
    Ok(settlements.iter().map(|one| done.contains(&one.delivery.0)).collect())
}

async fn step_forward(
    conn: &mut Conn,
    district: DistrictId,
    delivery: DeliveryId,
    state: DeliveryState,
    at: Time,
    code: &str,
) -> Stored<bool> {
    let from = id_list(DeliveryState::sources_of(state).into_iter().map(i64::from));
    let query = sqlx::query::<Db>(MOVE)
        .bind(district.0)
        .bind(delivery.0)
        .bind(i64::from(state.code()))
        .bind(at.0)
        .bind(clean(&reason_of(code)))
        .bind(from);
    Ok(query.execute(conn).await.map_err(fault)?.rows_affected() == 1)
}

/// See [`Outbound::receipts`].
pub(super) async fn receipts(conn: &mut Conn, district: DistrictId, receipts: &[NewReceipt]) -> Stored<Vec<ReceiptEffect>> {
    let mut step = conn.begin_with(BEGIN).await.map_err(fault)?;
    let mut effects = Vec::with_capacity(receipts.len());
    for receipt in receipts {
        let found = match receipt.attempt {
            Some((delivery, number)) => {
                let known =
                    sqlx::query::<Db>(EXISTS_DELIVERY).bind(district.0).bind(delivery.0).fetch_optional(&mut *step).await.map_err(fault)?;
                // A lead text's receipt names an attempt that is none: kept, and nothing moves.
                known.filter(|_| number < 1000).map(|_| (delivery, i64::from(number)))
            }
            None => {
                let row = sqlx::query::<Db>(BY_PROVIDER_ID)
                    .bind(district.0)
                    .bind(clean(&receipt.provider_id))
                    .fetch_optional(&mut *step)
                    .await
                    .map_err(fault)?;
                row.map(|row| Ok::<_, StoreFault>((DeliveryId(int(&row, 0)?), int(&row, 1)?))).transpose()?
            }
        };
        let query = sqlx::query::<Db>(KEEP_RECEIPT)
            .bind(district.0)
            .bind(clean(&receipt.key))
            .bind(found.map(|(id, _)| id.0))
            .bind(found.map(|(_, number)| number));
        let query =
            query.bind(clean(&receipt.provider_id)).bind(i64::from(receipt.state.code())).bind(clean(&receipt.code)).bind(receipt.at.0);
        let new = query.execute(&mut *step).await.map_err(fault)?.rows_affected() == 1;
        let moved = match found {
            Some((delivery, _)) if new => step_forward(&mut step, district, delivery, receipt.state, receipt.at, &receipt.code).await?,
            _ => false,
        };
        effects.push(ReceiptEffect { delivery: found.map(|(id, _)| id), moved });
    }
    step.commit().await.map_err(fault)?;
    Ok(effects)
}

/// See [`Outbound::delivery`].
pub(super) async fn delivery(conn: &mut Conn, district: DistrictId, delivery: DeliveryId) -> Stored<Option<DeliveryInfo>> {
    let Some(row) = sqlx::query::<Db>(DELIVERY).bind(district.0).bind(delivery.0).fetch_optional(conn).await.map_err(fault)? else {
        return Ok(None);
    };
    let rendition: Rendition = json(&row, 4)?;
    let message: Message = json(&row, 5)?;
    let students: Vec<(i64, String)> = json(&row, 7)?;
    Ok(Some(DeliveryInfo {
        delivery,
        state: DeliveryState::from_code(int(&row, 0)? as i16).unwrap_or(DeliveryState::Uncertain),
        contact: ContactId(int(&row, 1)?),
        channel: Channel::from_code(int(&row, 2)? as i16).unwrap_or(Channel::Sms),
        sender: SenderId(int(&row, 3)?),
        rendition,
        message,
        speaks_for: StaffId(int(&row, 6)?),
        students: students.into_iter().map(|(id, _)| StudentId(id)).collect(),
    }))
}

/// See [`Outbound::delivery_to`].
pub(super) async fn delivery_to(
    conn: &mut Conn,
    district: DistrictId,
    message: MessageId,
    contact: ContactId,
) -> Stored<Option<DeliveryId>> {
    let row = sqlx::query::<Db>(DELIVERY_TO).bind(district.0).bind(message.0).bind(contact.0).fetch_optional(conn).await.map_err(fault)?;
    row.map(|row| Ok(DeliveryId(int(&row, 0)?))).transpose()
}
