//! Settlements and receipts: forward only, within an attempt; what will not arrive is walked down the ladder once.

use super::*;
use domain::carrier::LEAD;
use domain::delivery::DeliveryState;
use domain::message::{Message, Rendition};
use domain::people::Channel;
use domain::verdict::reason_of;
use domain::*;
use serde_json::json;

crate::statements! {
    DELIVERY = "SELECT d.id, d.state, d.contact, d.channel, d.sender, r.body, m.body, d.speaks_for, d.students, d.reason, d.attempt FROM delivery d JOIN rendition r ON r.district = d.district AND r.id = d.rendition JOIN message m ON m.district = d.district AND m.id = d.message WHERE d.district = $1 AND d.id = $2";
    FALLEN = concat!("SELECT d.id, d.state, d.contact, d.channel, d.sender, r.body, m.body, d.speaks_for, d.students, d.reason, d.attempt FROM delivery d JOIN rendition r ON r.district = d.district AND r.id = d.rendition JOIN message m ON m.district = d.district AND m.id = d.message WHERE d.district = $1 AND d.walked = 0 AND d.state IN (4, 6, 7)", aside!("d", "$1", "a.kind = 4 ORDER BY a.id LIMIT $2"), " ORDER BY d.id LIMIT $2");
    // $2 says of each delivery when it may leave again; everything else is the same for all of them.
    SETTLE = concat!("UPDATE delivery SET state = $3, opens = s.opens, reason = $4, claimed_until = NULL, changed = $5, walked = $6 FROM (SELECT CAST(e.key AS BIGINT) AS id, CAST(e.value AS BIGINT) AS opens FROM ", pairs!("$2"), ") AS s WHERE delivery.district = $1 AND delivery.id = s.id AND delivery.attempt = $7 AND +delivery.state = 1 AND +delivery.claimed_until = $8 AND CAST($5 AS BIGINT) < CAST($8 AS BIGINT) RETURNING delivery.id");
    OVER = "UPDATE delivery SET sender = $3, menu_base = $4, offers = $5 WHERE district = $1 AND id = $2 AND state = 0";
    OUTCOME = concat!("INSERT INTO attempt (district, delivery, number, at, outcome, segments, reason) SELECT $1, CAST(e.key AS BIGINT), CAST($3 AS BIGINT), CAST($4 AS BIGINT), CAST($5 AS BIGINT), CAST($6 AS BIGINT), CAST($7 AS TEXT) FROM ", pairs!("$2"), " WHERE true ON CONFLICT (district, delivery, number) DO UPDATE SET outcome = excluded.outcome, segments = excluded.segments, reason = excluded.reason");
    PROVIDER_IDS = concat!("INSERT INTO provider_id (district, id, delivery, number) SELECT $1, e.key, CAST(e.value AS BIGINT), CAST($3 AS BIGINT) FROM ", pairs!("$2"), " WHERE true ON CONFLICT (district, id) DO NOTHING");
    ANY_PARKED = "SELECT COUNT(*) FROM (SELECT 1 FROM receipt WHERE district = $1 AND delivery IS NULL LIMIT 1) AS p";
    PARKED = concat!("UPDATE receipt SET delivery = p.delivery, number = p.number FROM provider_id p WHERE receipt.district = $1 AND receipt.delivery IS NULL AND receipt.provider_id = p.id AND p.district = $1 AND p.id IN (SELECT e.value FROM ", list!("$2"), ") RETURNING receipt.delivery, receipt.number, receipt.state, receipt.at, receipt.code");
    BY_PROVIDER_IDS = concat!("SELECT id, delivery, number FROM provider_id WHERE district = $1 AND id IN (SELECT e.value ->> 0 FROM ", rows!("$2"), ")");
    KEEP_RECEIPTS = concat!("INSERT INTO receipt (district, replay, delivery, number, provider_id, state, code, at) SELECT $1, e.value ->> 0, CAST(e.value ->> 1 AS BIGINT), CAST(e.value ->> 2 AS BIGINT), e.value ->> 3, CAST(e.value ->> 4 AS BIGINT), e.value ->> 5, CAST(e.value ->> 6 AS BIGINT) FROM ", rows!("$2"), " WHERE true ON CONFLICT (district, replay) DO NOTHING RETURNING replay");
    MOVE = concat!("UPDATE delivery SET state = CAST($3 AS BIGINT), changed = s.at, reason = CASE WHEN CAST($3 AS BIGINT) = 4 THEN s.reason ELSE delivery.reason END FROM (SELECT CAST(e.value ->> 0 AS BIGINT) AS id, CAST(e.value ->> 1 AS BIGINT) AS attempt, CAST(e.value ->> 2 AS BIGINT) AS at, e.value ->> 3 AS reason FROM ", rows!("$2"), ") AS s WHERE delivery.district = $1 AND delivery.id = s.id AND (delivery.attempt = s.attempt OR s.attempt = 0 OR CAST($5 AS BIGINT) = 1) AND ((CAST($4 AS BIGINT) >> CAST(delivery.state AS INTEGER)) & 1) = 1 RETURNING delivery.id");
    KNOWN = concat!("SELECT id FROM delivery WHERE district = $1 AND id", one_of!("$2"));
    DELIVERY_TO = "SELECT id FROM delivery WHERE district = $1 AND message = $2 AND contact = $3 ORDER BY id DESC LIMIT 1";
}

/// What settlements of a batch mostly say alike: one statement for all of them, and of each row only its id goes with it.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Alike<'a> {
    attempt: i16,
    until: Time,
    state: i16,
    reason: &'a str,
    at: Time,
    walked: bool,
    claimed: Time,
    segments: i16,
}

impl<'a> Alike<'a> {
    fn of(one: &'a Settlement) -> Self {
        let Settlement { attempt, until, reason, at, walked, claimed, segments, .. } = one;
        let (attempt, until, at, walked, claimed, segments) = (*attempt, *until, *at, *walked, *claimed, *segments);
        Self { attempt, until, state: one.state.code(), reason, at, walked, claimed, segments }
    }
}

/// Whether the number that takes a delivery over still has its digits to give. Where not, the delivery keeps its own number, and
/// whoever claims it next looks anew.
async fn still_free(conn: &mut Conn, district: DistrictId, one: &Settlement, over: &Over) -> Stored<bool> {
    let Some(route) = &over.route else { return Ok(true) };
    let digits = domain::menu::digits(over.offers, over.menu_base).into_iter().map(|(digit, _)| digit).collect();
    match planning::free(conn, district, &[(route.contact, over.sender, digits)], &[], one.at).await {
        Err(StoreFault::Taken) => Ok(false),
        free => free.map(|()| true),
    }
}

/// See [`Outbound::settle`].
pub(super) async fn settle(conn: &mut Conn, district: DistrictId, settlements: &[Settlement]) -> Stored<Vec<bool>> {
    let mut alike: std::collections::BTreeMap<Alike<'_>, Vec<&Settlement>> = std::collections::BTreeMap::new();
    for one in settlements {
        alike.entry(Alike::of(one)).or_default().push(one);
    }
    let mut done = std::collections::HashSet::new();
    let mut step = conn.begin_with(BEGIN).await.map_err(fault)?;
    if settlements.iter().any(|one| one.over.is_some()) {
        planning::hold_digits(&mut step, district).await?;
    }
    for (all, rows) in &alike {
        let set = object(rows.iter().map(|one| (one.delivery.to_string(), one.opens.0)))?;
        let (state, number, reason) = (i64::from(all.state), i64::from(all.attempt), clean(all.reason));
        let query = sqlx::query::<Db>(SETTLE).bind(district.0).bind(set.clone()).bind(state).bind(reason.clone()).bind(all.at.0);
        let query = query.bind(i64::from(all.walked)).bind(number).bind(all.until.0);
        for row in query.fetch_all(&mut *step).await.map_err(fault)? {
            done.insert(int(&row, 0)?);
        }
        let query = sqlx::query::<Db>(OUTCOME).bind(district.0).bind(set).bind(number).bind(all.claimed.0).bind(state);
        query.bind(i64::from(all.segments)).bind(reason).execute(&mut *step).await.map_err(fault)?;
        let id = |one: &&Settlement| one.provider_ids.iter().map(|id| (clean(id), one.delivery.0)).collect::<Vec<_>>();
        let ids = object(rows.iter().flat_map(id))?;
        if ids != "{}" {
            sqlx::query::<Db>(PROVIDER_IDS).bind(district.0).bind(ids).bind(number).execute(&mut *step).await.map_err(fault)?;
        }
    }
    for one in settlements.iter().filter(|one| done.contains(&one.delivery.0)) {
        let Some(over) = &one.over else { continue };
        if !still_free(&mut step, district, one, over).await? {
            continue;
        }
        sqlx::query::<Db>(OVER)
            .bind(district.0)
            .bind(one.delivery.0)
            .bind(over.sender.0)
            .bind(i64::from(over.menu_base))
            .bind(i64::from(over.offers.code()))
            .execute(&mut *step)
            .await
            .map_err(fault)?;
        planning::routes(&mut step, district, over.route.as_slice()).await?;
    }
    let ids: Vec<String> = settlements.iter().flat_map(|one| &one.provider_ids).map(|id| clean(id)).collect();
    // A receipt may have come before the answer to the send was stored: it was parked.
    let parked = async |step: &mut Conn| {
        let any = sqlx::query::<Db>(ANY_PARKED).bind(district.0).fetch_one(&mut *step).await.map_err(fault)?;
        if int(&any, 0)? == 0 {
            return Ok(Vec::new());
        }
        sqlx::query::<Db>(PARKED).bind(district.0).bind(to_json(&ids)?).fetch_all(step).await.map_err(fault)
    };
    if !ids.is_empty() {
        let mut moves = Vec::new();
        for row in parked(&mut step).await? {
            moves.push(Move {
                delivery: int(&row, 0)?,
                attempt: int(&row, 1)?,
                state: DeliveryState::from_code(int(&row, 2)? as i16).unwrap_or(DeliveryState::Accepted),
                at: int(&row, 3)?,
                code: text(&row, 4)?,
            });
        }
        step_forward(&mut step, district, &moves).await?;
    }
    step.commit().await.map_err(fault)?;
    Ok(settlements.iter().map(|one| done.contains(&one.delivery.0)).collect())
}

/// A JSON object, for `pairs!`.
fn object(pairs: impl Iterator<Item = (String, i64)>) -> Stored<String> {
    to_json(&pairs.collect::<std::collections::BTreeMap<_, _>>())
}

/// What a receipt says of a delivery.
struct Move {
    delivery: i64,
    attempt: i64,
    state: DeliveryState,
    at: i64,
    code: String,
}

/// Moves states forward, never back: gives the deliveries that moved. "Delivered" counts from any attempt, for the family has
/// it; everything else only from the attempt under way. A bounce names a delivery and no attempt (0): it is of that one.
async fn step_forward(conn: &mut Conn, district: DistrictId, moves: &[Move]) -> Stored<std::collections::HashSet<i64>> {
    let mut moved = std::collections::HashSet::new();
    for state in [DeliveryState::Accepted, DeliveryState::Delivered, DeliveryState::Failed] {
        let row = |one: &Move| json!([one.delivery, one.attempt, one.at, clean(&reason_of(&one.code))]);
        let set: Vec<_> = moves.iter().filter(|one| one.state == state).map(row).collect();
        if set.is_empty() {
            continue;
        }
        let mut from = DeliveryState::sources_of(state);
        let any = state == DeliveryState::Delivered;
        if any {
            from.push(DeliveryState::Queued.code());
        }
        let query = sqlx::query::<Db>(MOVE).bind(district.0).bind(to_json(&set)?).bind(i64::from(state.code()));
        let bits = from.into_iter().fold(0, |bits, state| bits | 1i64 << state);
        let query = query.bind(bits).bind(i64::from(any));
        for row in query.fetch_all(&mut *conn).await.map_err(fault)? {
            moved.insert(int(&row, 0)?);
        }
    }
    Ok(moved)
}

/// See [`Outbound::receipts`].
pub(super) async fn receipts(conn: &mut Conn, rows: &[(DistrictId, NewReceipt)]) -> Stored<Vec<ReceiptEffect>> {
    let mut effects = vec![ReceiptEffect { delivery: None, moved: false }; rows.len()];
    let districts: std::collections::BTreeSet<DistrictId> = rows.iter().map(|(district, _)| *district).collect();
    let mut step = conn.begin_with(BEGIN).await.map_err(fault)?;
    for district in districts {
        let mine: Vec<usize> = (0..rows.len()).filter(|index| rows[*index].0 == district).collect();
        let found = found(&mut step, district, &mine.iter().map(|index| &rows[*index].1).collect::<Vec<_>>()).await?;
        let kept = |(index, found): (&usize, &Option<(i64, i64)>)| {
            let one = &rows[*index].1;
            json!([
                clean(&one.key),
                found.map(|at| at.0),
                found.map(|at| at.1),
                clean(&one.provider_id),
                one.state.code(),
                clean(&one.code),
                one.at
            ])
        };
        let set = to_json(&mine.iter().zip(&found).map(kept).collect::<Vec<_>>())?;
        let new = sqlx::query::<Db>(KEEP_RECEIPTS).bind(district.0).bind(set).fetch_all(&mut *step).await.map_err(fault)?;
        let mut new: std::collections::HashSet<String> = new.iter().map(|row| text(row, 0)).collect::<Stored<_>>()?;
        let mut moves = Vec::new();
        for (index, found) in mine.iter().zip(&found) {
            let one = &rows[*index].1;
            if let (Some((delivery, attempt)), true) = (found, new.remove(&clean(&one.key))) {
                moves.push(Move { delivery: *delivery, attempt: *attempt, state: one.state, at: one.at.0, code: one.code.clone() });
            }
            effects[*index].delivery = found.map(|at| DeliveryId(at.0));
        }
        let moved = step_forward(&mut step, district, &moves).await?;
        for index in mine {
            effects[index].moved = effects[index].delivery.is_some_and(|delivery| moved.contains(&delivery.0));
        }
    }
    step.commit().await.map_err(fault)?;
    Ok(effects)
}

/// The attempt each receipt belongs to, by our reference or by the company's id.
async fn found(conn: &mut Conn, district: DistrictId, rows: &[&NewReceipt]) -> Stored<Vec<Option<(i64, i64)>>> {
    // A lead text's receipt names an attempt that is none: kept, and nothing moves.
    let named: Vec<i64> = rows.iter().filter_map(|one| one.attempt).filter(|at| at.1 < LEAD).map(|at| at.0.0).collect();
    let mut known = std::collections::HashSet::new();
    if !named.is_empty() {
        for row in sqlx::query::<Db>(KNOWN).bind(district.0).bind(id_list(named)).fetch_all(&mut *conn).await.map_err(fault)? {
            known.insert(int(&row, 0)?);
        }
    }
    let ids: Vec<_> = rows.iter().filter(|one| one.attempt.is_none()).map(|one| json!([clean(&one.provider_id)])).collect();
    let mut by_id = std::collections::HashMap::new();
    if !ids.is_empty() {
        for row in sqlx::query::<Db>(BY_PROVIDER_IDS).bind(district.0).bind(to_json(&ids)?).fetch_all(conn).await.map_err(fault)? {
            by_id.insert(text(&row, 0)?, (int(&row, 1)?, int(&row, 2)?));
        }
    }
    let find = |one: &&NewReceipt| match one.attempt {
        Some((delivery, number)) => (number < LEAD && known.contains(&delivery.0)).then_some((delivery.0, i64::from(number))),
        None => by_id.get(&clean(&one.provider_id)).copied(),
    };
    Ok(rows.iter().map(find).collect())
}

/// See [`Outbound::fallen`].
pub(super) async fn fallen(conn: &mut Conn, district: DistrictId, most: i64) -> Stored<Vec<DeliveryInfo>> {
    let rows = sqlx::query::<Db>(FALLEN).bind(district.0).bind(most).fetch_all(conn).await.map_err(fault)?;
    rows.iter().map(info).collect()
}

/// See [`Outbound::delivery`].
pub(super) async fn delivery(conn: &mut Conn, district: DistrictId, delivery: DeliveryId) -> Stored<Option<DeliveryInfo>> {
    let row = sqlx::query::<Db>(DELIVERY).bind(district.0).bind(delivery.0).fetch_optional(conn).await.map_err(fault)?;
    row.as_ref().map(info).transpose()
}

fn info(row: &DbRow) -> Stored<DeliveryInfo> {
    let rendition: Rendition = json(row, 5)?;
    let message: Message = json(row, 6)?;
    let students: Vec<(i64, String)> = json(row, 8)?;
    Ok(DeliveryInfo {
        delivery: DeliveryId(int(row, 0)?),
        state: DeliveryState::from_code(int(row, 1)? as i16).unwrap_or(DeliveryState::Uncertain),
        contact: ContactId(int(row, 2)?),
        channel: Channel::from_code(int(row, 3)? as i16).unwrap_or(Channel::Sms),
        sender: SenderId(int(row, 4)?),
        rendition,
        message,
        speaks_for: StaffId(int(row, 7)?),
        students: students.into_iter().map(|(id, _)| StudentId(id)).collect(),
        reason: text(row, 9)?,
        attempt: int(row, 10)? as i16,
    })
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
