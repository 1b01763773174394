//! Claims: the attempt's number on the delivery's row is record, fence and provider key in one; the deadline is the fence
//! beside it; its outcome gets a row of its own when it settles. What a family
//! stopped, what an order forbids, what is past its use and how fast a number may speak are decided inside the claim's own transaction.

use super::*;
use domain::delivery::DeliveryState;
use domain::message::{Lane, Message, Rendition};
use domain::views::Ahead;
use domain::*;
use std::collections::{BTreeMap, BTreeSet};

/// Whether this relation `$r` is one by which nothing may be told at $4: the office's word, or an order that runs.
macro_rules! kept_out {
    ($r:literal) => {
        concat!(
            "(",
            $r,
            ".knows = 3 OR (",
            $r,
            ".order_from IS NOT NULL AND ",
            $r,
            ".order_from <= $4 AND (",
            $r,
            ".order_until IS NULL OR ",
            $r,
            ".order_until > $4)))"
        )
    };
}

/// Whether a delivery is about a child of whom an adult of its contact point may not be told, while nobody else there who reads its
/// language may.
macro_rules! ordered {
    () => {
        concat!("EXISTS (SELECT 1 FROM contact_guardian o CROSS JOIN relation r WHERE o.district = delivery.district AND o.contact = delivery.contact AND r.district = o.district AND r.guardian = o.guardian AND ", kept_out!("r"), " AND delivery.students LIKE '%[' || CAST(r.student AS TEXT) || ',%' AND NOT EXISTS (SELECT 1 FROM contact_guardian x CROSS JOIN guardian v CROSS JOIN relation q WHERE x.district = o.district AND x.contact = o.contact AND v.district = x.district AND v.id = x.guardian AND COALESCE(v.language, 'und') = delivery.language AND q.district = x.district AND q.guardian = x.guardian AND q.student = r.student AND NOT ", kept_out!("q"), "))")
    };
}

/// What a delivery that may leave at $4 is found to be: withheld, late, or claimed.
macro_rules! found {
    ($ordered:expr) => {
        concat!("CASE WHEN ", $ordered, " THEN 6 WHEN EXISTS (SELECT 1 FROM block b WHERE b.district = delivery.district AND b.contact = delivery.contact AND ((b.bits >> CAST(delivery.weight - 1 AS INTEGER)) & 1) = 1) THEN 6 WHEN delivery.weight > 1 AND EXISTS (SELECT 1 FROM stopped_staff p WHERE p.district = delivery.district AND p.contact = delivery.contact AND p.staff = delivery.speaks_for) THEN 6 WHEN delivery.closes <= $4 THEN 7 ELSE 1 END")
    };
}

/// Claims what is due of one number and lane.
macro_rules! claim {
    ($which:literal) => {
        concat!("WITH due AS MATERIALIZED (SELECT delivery.id, CASE WHEN ", ordered!(), " THEN 1 ELSE 0 END AS ordered FROM ", due!(from), " WHERE delivery.district = $1 AND ", due!(which), $which, " AND NOT EXISTS (SELECT 1 FROM restore p WHERE p.district = $1 AND p.resumed IS NULL) ORDER BY ", due!(order), " LIMIT $6", skip_locked!("delivery"), ") UPDATE delivery SET attempt = attempt + 1, claimed_at = $4, claimed_until = $5, changed = $4, reason = CASE WHEN due.ordered = 1 THEN 'Not included by the office.' ELSE reason END, state = ", found!("due.ordered = 1"), " FROM due WHERE delivery.district = $1 AND delivery.id = due.id RETURNING delivery.id, delivery.state")
    };
}

crate::statements! {
    SPEAKS = concat!("SELECT body, paused, on_time FROM sender WHERE district = $1 AND id = $2 AND paused = 0", for_update!());
    ON_TIME = "UPDATE sender SET on_time = $3 WHERE district = $1 AND id = $2";
    SPENT = "SELECT count FROM spent WHERE district = $1 AND brand = $2 AND day = $3";
    SPEND = "INSERT INTO spent (district, brand, day, count) VALUES ($1, $2, $3, $4) ON CONFLICT (district, brand, day) DO UPDATE SET count = spent.count + excluded.count";
    WAITING = concat!("SELECT COUNT(*) FROM (SELECT 1 FROM ", waiting!(from), " WHERE q.sender = $1 AND q.lane = $2 AND ", waiting!(which), " LIMIT $3) AS capped");
    CLAIM = claim!("");
    // Its digits belong to its own number where nobody of the staff speaks or the family chooses its language by one.
    CLAIM_OVER = claim!(" AND speaks_for <> 0 AND language <> 'und' AND COALESCE(restored, 0) <= 0");
    RECLAIM = concat!("WITH late AS MATERIALIZED (SELECT id FROM delivery WHERE district = $1 AND state = 1 AND claimed_until <= $4", under_way!("delivery", "$1", "$4"), " ORDER BY claimed_until LIMIT $2", skip_locked!(), ") UPDATE delivery SET claimed_until = $3 FROM late WHERE delivery.district = $1 AND delivery.id = late.id RETURNING delivery.id, CAST(", found!(ordered!()), " AS BIGINT)");
    CLAIMED = concat!("SELECT ", packed!("d.id, d.attempt, d.state, d.claimed_at, d.claimed_until, d.contact, c.address, d.sender, d.rendition, d.message, d.students, d.menu_base, d.speaks_for, d.closes, c.confirmed, d.restored", "d.opens, d.id"), " FROM ", listed!(from "$2"), " CROSS JOIN contact c WHERE d.district = $1 AND ", listed!(which "$2"), " AND c.district = d.district AND c.id = d.contact");
    THEIR_RENDITIONS = concat!("SELECT id, body FROM rendition WHERE district = $1 AND id", one_of!("$2"));
    THEIR_MESSAGES = concat!("SELECT id, body FROM message WHERE district = $1 AND id", one_of!("$2"));
    THEIR_SENDERS = concat!("SELECT id, body FROM sender WHERE district = $1 AND id", one_of!("$2"));
    THEIR_TITLES = concat!("SELECT id, title FROM staff WHERE district = $1 AND id", one_of!("$2"));
    LAST_LETTERS = concat!("SELECT contact, staff, last_message_id FROM thread WHERE district = $1 AND last_message_id IS NOT NULL AND contact", one_of!("$2"), " ORDER BY last_at");
}

/// Claims; gives the rows' ids. None where others hold the number for long: it is claimed soon enough.
pub(super) async fn claim(conn: &mut Conn, ask: &Ask) -> Stored<Vec<i64>> {
    let mut step = conn.begin_with(BEGIN_CLAIM).await.map_err(fault)?;
    let held = sqlx::query::<Db>(SPEAKS).bind(ask.district.0).bind(ask.sender.0).fetch_optional(&mut *step).await;
    let row = match held {
        Ok(Some(row)) => row,
        Ok(None) => return Ok(Vec::new()),
        Err(error) if gave_up(&error) => return Ok(Vec::new()),
        Err(error) => return Err(fault(error)),
    };
    let sender = directory::sender(&row, 0, 1)?;
    let on_time = Time(int(&row, 2)?);
    let mut most = throttle::allowed(ask.now, on_time, sender.rate, ask.lane, ask.most);
    let capped = sender.daily > 0;
    if capped {
        most = most.min(sender.daily - spent(&mut step, ask.district, &sender.brand, ask.day).await?);
    }
    if most <= 0 {
        return Ok(Vec::new());
    }
    let query = sqlx::query::<Db>(CLAIM).bind(ask.district.0).bind(ask.sender.0).bind(i64::from(ask.lane.code())).bind(ask.now.0);
    let rows = query.bind(ask.until.0).bind(most).fetch_all(&mut *step).await.map_err(fault)?;
    let mut ids = Vec::with_capacity(rows.len());
    let mut taken = 0;
    for row in &rows {
        ids.push(int(row, 0)?);
        taken += i64::from(int(row, 1)? == i64::from(DeliveryState::Claimed.code()));
    }
    if taken > 0 {
        let next = throttle::next(ask.now, on_time, sender.rate, taken);
        sqlx::query::<Db>(ON_TIME).bind(ask.district.0).bind(ask.sender.0).bind(next.0).execute(&mut *step).await.map_err(fault)?;
        if capped {
            let query = sqlx::query::<Db>(SPEND).bind(ask.district.0).bind(clean(&sender.brand)).bind(ask.day).bind(taken);
            match query.execute(&mut *step).await {
                // Another of the brand's numbers.
                Err(error) if gave_up(&error) => return Ok(Vec::new()),
                done => done.map_err(fault)?,
            };
        }
    }
    step.commit().await.map_err(fault)?;
    Ok(ids)
}

/// Whether it waited long enough for somebody else's row.
fn gave_up(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(|told| told.code()).is_some_and(|code| code == GAVE_UP)
}

/// What a brand sent on a carriers' day.
async fn spent(conn: &mut Conn, district: DistrictId, brand: &str, day: i64) -> Stored<i64> {
    let row = sqlx::query::<Db>(SPENT).bind(district.0).bind(clean(brand)).bind(day).fetch_optional(conn).await.map_err(fault)?;
    Ok(row.map(|row| int(&row, 0)).transpose()?.unwrap_or_default())
}

/// See [`Views::ahead`].
pub(super) async fn ahead(conn: &mut Conn, district: DistrictId, sender: &domain::people::Sender, lane: Lane, day: i64) -> Stored<Ahead> {
    let mut ahead = Ahead { waiting: 0, spent: spent(conn, district, &sender.brand, day).await? };
    for heavier in Lane::ALL.iter().filter(|other| **other <= lane) {
        let query = sqlx::query::<Db>(WAITING).bind(sender.id.0).bind(i64::from(heavier.code())).bind(Ahead::MOST);
        ahead.waiting += int(&query.fetch_one(&mut *conn).await.map_err(fault)?, 0)?;
    }
    ahead.waiting = ahead.waiting.min(Ahead::MOST);
    Ok(ahead)
}

/// Claims rows of a number that is down, to be handed over; gives their ids.
pub(super) async fn claim_over(conn: &mut Conn, ask: &Ask) -> Stored<Vec<i64>> {
    let mut step = conn.begin_with(BEGIN).await.map_err(fault)?;
    let query = sqlx::query::<Db>(CLAIM_OVER).bind(ask.district.0).bind(ask.sender.0).bind(i64::from(ask.lane.code())).bind(ask.now.0);
    let rows = query.bind(ask.until.0).bind(ask.most).fetch_all(&mut *step).await.map_err(fault)?;
    step.commit().await.map_err(fault)?;
    rows.iter().map(|row| int(row, 0)).collect()
}

/// Takes over claims that are past their deadline; gives the rows' ids, and what a claim would find them to be now.
pub(super) async fn reclaim(conn: &mut Conn, district: DistrictId, now: Time, until: Time, most: i64) -> Stored<BTreeMap<i64, i64>> {
    if let Some(forget) = FORGET {
        sqlx::query::<Db>(forget).bind(district.0).bind(now.0).execute(&mut *conn).await.map_err(fault)?;
    }
    let rows =
        sqlx::query::<Db>(RECLAIM).bind(district.0).bind(most).bind(until.0).bind(now.0).fetch_all(&mut *conn).await.map_err(fault)?;
    rows.iter().map(|row| Ok((int(row, 0)?, int(row, 1)?))).collect()
}

/// A row of [`CLAIMED`], its columns in their order.
#[derive(serde::Deserialize)]
struct Row {
    id: i64,
    attempt: i16,
    state: i16,
    claimed_at: Option<i64>,
    claimed_until: Option<i64>,
    contact: i64,
    address: String,
    sender: i64,
    rendition: i64,
    message: i64,
    students: String,
    menu_base: u8,
    speaks_for: i64,
    closes: i64,
    confirmed: i64,
    restored: Option<i64>,
}

/// Claimed rows with what they point to, each message and rendition read once.
pub(super) async fn claimed(conn: &mut Conn, district: DistrictId, ids: Vec<i64>) -> Stored<Vec<Claimed>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let packed = sqlx::query::<Db>(CLAIMED).bind(district.0).bind(id_list(ids)).fetch_one(&mut *conn).await.map_err(fault)?;
    let rows: Vec<Row> = json(&packed, 0)?;
    let of = |column: fn(&Row) -> i64| rows.iter().map(column).collect::<BTreeSet<i64>>();
    let renditions: BTreeMap<i64, Arc<Rendition>> = theirs(conn, THEIR_RENDITIONS, district, of(|row| row.rendition)).await?;
    let messages: BTreeMap<i64, Arc<Message>> = theirs(conn, THEIR_MESSAGES, district, of(|row| row.message)).await?;
    let senders: BTreeMap<i64, Arc<domain::people::Sender>> = theirs(conn, THEIR_SENDERS, district, of(|row| row.sender)).await?;
    let mut titles = BTreeMap::new();
    for row in theirs_rows(conn, THEIR_TITLES, district, of(|row| row.speaks_for)).await? {
        titles.insert(int(&row, 0)?, text(&row, 1)?);
    }
    let mut letters = BTreeMap::new();
    if renditions.values().any(|rendition| rendition.channel == domain::people::Channel::Email) {
        for row in theirs_rows(conn, LAST_LETTERS, district, of(|row| row.contact)).await? {
            letters.insert((int(&row, 0)?, int(&row, 1)?), text(&row, 2)?);
        }
    }
    let gone = || StoreFault::Refused("a delivery names what is not there".into());
    let whole = |row: Row| {
        let students: Vec<(i64, String)> = from_json(&row.students)?;
        let sender = senders.get(&row.sender).ok_or_else(gone)?;
        let restored = row.restored.filter(|since| *since > 0);
        Ok(Claimed {
            delivery: DeliveryId(row.id),
            attempt: row.attempt,
            state: DeliveryState::from_code(row.state).unwrap_or(DeliveryState::Uncertain),
            at: Time(restored.or(row.claimed_at).unwrap_or_default()),
            restored: restored.is_some(),
            until: Time(row.claimed_until.unwrap_or_default()),
            contact: ContactId(row.contact),
            address: row.address,
            sender: SenderId(row.sender),
            sender_address: sender.address.clone(),
            account: sender.account.clone(),
            rendition: renditions.get(&row.rendition).ok_or_else(gone)?.clone(),
            message: messages.get(&row.message).ok_or_else(gone)?.clone(),
            speaks_for: titles.get(&row.speaks_for).cloned().unwrap_or_default(),
            answers_to: StaffId(row.speaks_for),
            about: if let [(only, _)] = students.as_slice() { Some(StudentId(*only)) } else { None },
            students: students.into_iter().map(|(_, name)| name).collect(),
            menu_base: row.menu_base,
            useful_until: Time(row.closes),
            confirmed: row.confirmed != 0,
            in_reply_to: letters.get(&(row.contact, row.speaks_for)).cloned(),
        })
    };
    rows.into_iter().map(whole).collect()
}

async fn theirs_rows(conn: &mut Conn, sql: &'static str, district: DistrictId, ids: BTreeSet<i64>) -> Stored<Vec<DbRow>> {
    sqlx::query::<Db>(sql).bind(district.0).bind(id_list(ids)).fetch_all(conn).await.map_err(fault)
}

async fn theirs<T: serde::de::DeserializeOwned>(
    conn: &mut Conn,
    sql: &'static str,
    district: DistrictId,
    ids: BTreeSet<i64>,
) -> Stored<BTreeMap<i64, Arc<T>>> {
    theirs_rows(conn, sql, district, ids).await?.iter().map(|row| Ok((int(row, 0)?, Arc::new(json(row, 1)?)))).collect()
}
