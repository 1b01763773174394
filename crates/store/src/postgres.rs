//! What PostgreSQL says differently: a pool, `SKIP LOCKED`, two combiner tasks.

use crate::fault::fault;
use domain::ports::{Meter, Stored};
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnection, PgPool, PgPoolOptions};
use sqlx::{Connection, Executor};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

pub(crate) type Db = sqlx::Postgres;
pub(crate) type Conn = PgConnection;
pub(crate) const BEGIN: &str = "BEGIN";
/// Begins a claim. Whoever waits for a number longer than this gives up: behind a node that sleeps (see [`SLEEPS`]) the claims of
/// others wait, and those of nodes that sleep by then would each be given the number and keep it as long again.
pub(crate) const BEGIN_CLAIM: &str = "BEGIN; SET LOCAL lock_timeout = '2s'";
/// "lock_not_available": it gave up.
pub(crate) const GAVE_UP: &str = "55P03";
pub(crate) const BYTES: &str = "BYTEA";
pub(crate) const SQLITE: bool = false;
const COMBINERS: usize = 2;
/// Forgets claims of district $1 that are past $2 and of which nothing is under way any more.
pub(crate) const FORGET: Option<&str> = Some(
    "DELETE FROM under_way u WHERE u.number = ANY(ARRAY(SELECT o.number FROM under_way o WHERE o.district = $1 AND o.claimed_until <= $2 ORDER BY o.claimed_until LIMIT 1000)) AND NOT EXISTS (SELECT 1 FROM unnest(u.ids) AS i(id) CROSS JOIN delivery d WHERE d.district = u.district AND d.id = i.id AND d.state = 1 AND COALESCE(d.claimed_until, 0) = u.claimed_until)",
);
/// Said with a roster's last row: what PostgreSQL believes of a district it has not counted makes "how many adults are there" a
/// matter of minutes (seen: over sixty seconds for two thousand).
pub(crate) const COUNT: Option<&str> =
    Some("ANALYZE school, staff, class, student, guardian, contact, contact_guardian, relation, attends, teaches");
/// Begins the counting of a district's groups: tables are joined whole. Looked up row by row, as PostgreSQL would (it takes "nobody
/// else's" for one row in all), it costs twice as much.
pub(crate) const BEGIN_COUNT: &str = "BEGIN; SET LOCAL enable_nestloop = off; SET LOCAL work_mem = '32MB'";
/// How long a step that a loop waits for may take: a server that went without a word never answers.
pub(crate) const STEP: Duration = Duration::from_secs(20);

macro_rules! rows {
    ($p:literal) => {
        concat!("json_array_elements(CAST(", $p, " AS json)) AS e(value)")
    };
}
macro_rules! list {
    ($p:literal) => {
        concat!("json_array_elements_text(CAST(", $p, " AS json)) AS e(value)")
    };
}
macro_rules! pairs {
    ($p:literal) => {
        concat!("json_each_text(CAST(", $p, " AS json)) AS e(key, value)")
    };
}
macro_rules! one_of {
    ($p:literal) => {
        concat!(" = ANY(ARRAY(SELECT CAST(e.value AS BIGINT) FROM json_array_elements_text(CAST(", $p, " AS json)) AS e(value)))")
    };
}
macro_rules! bytes {
    ($x:literal) => {
        concat!("decode(", $x, ", 'hex')")
    };
}
macro_rules! skip_locked {
    () => {
        " FOR UPDATE SKIP LOCKED"
    };
    ($of:literal) => {
        concat!(" FOR UPDATE OF ", $of, " SKIP LOCKED")
    };
}

/// What waits stands in a table of its own (migration 16), as everything that is looked for by its state.
macro_rules! waiting {
    (from) => {
        "waiting q"
    };
    (which) => {
        "true"
    };
}

/// Deliveries of number $2 and lane $3 that may leave at $4: where they come from, which they are, the order.
macro_rules! due {
    (from) => {
        "waiting q CROSS JOIN delivery"
    };
    (which) => {
        "q.sender = $2 AND q.lane = $3 AND q.opens <= $4 AND delivery.id = q.id AND delivery.state = 0 AND delivery.sender = q.sender AND delivery.lane = q.lane AND delivery.opens = q.opens"
    };
    (order) => {
        "q.opens"
    };
}

/// What somebody has to see to in `district` at $1: claims past their deadline, or whose end is to be noted; what did not arrive;
/// what is to be asked about.
macro_rules! seen_to {
    (late) => {
        "under_way d WHERE d.district = district.id AND d.claimed_until <= $1"
    };
    (fallen) => {
        "aside f WHERE f.district = district.id AND f.kind = 4"
    };
    (restored) => {
        "aside r WHERE r.district = district.id AND r.kind = 5 AND r.key <= $1"
    };
}

/// Of these deliveries of a district, those of a kind that stand aside. As an array, for it is read first.
macro_rules! aside {
    ($delivery:literal, $district:literal, $which:literal) => {
        concat!(" AND ", $delivery, ".id = ANY(ARRAY(SELECT a.id FROM aside a WHERE a.district = ", $district, " AND ", $which, "))")
    };
}

/// Those that were claimed until a time or before.
macro_rules! under_way {
    ($delivery:literal, $district:literal, $until:literal) => {
        concat!(
            " AND ",
            $delivery,
            ".id = ANY(ARRAY(SELECT unnest(u.ids) FROM under_way u WHERE u.district = ",
            $district,
            " AND u.claimed_until <= ",
            $until,
            "))"
        )
    };
}

/// Deliveries of a list, as an array: a join would take them for any number, and read the table.
macro_rules! listed {
    (from $p:literal) => {
        "delivery d"
    };
    (which $p:literal) => {
        concat!("d.id", one_of!($p))
    };
}

/// Nobody else's rows are looked at than those of the slice ($2 after, $3 up to).
macro_rules! in_slice {
    ($guardian:literal) => {
        concat!(" AND ", $guardian, " > $2 AND ", $guardian, " <= $3")
    };
}

macro_rules! for_update {
    () => {
        " FOR UPDATE"
    };
}

macro_rules! few {
    ($x:literal) => {
        $x
    };
}

/// Adults of a slice ($1 district, $2 after, $3 up to) with their number in it, from 0: where they come from, which they are, the
/// number.
macro_rules! numbered {
    (from) => {
        "guardian g"
    };
    (which) => {
        "g.district = $1 AND g.id > $2 AND g.id <= $3"
    };
    (number) => {
        "ROW_NUMBER() OVER (ORDER BY g.id) - 1"
    };
}

/// All rows as one JSON text.
macro_rules! packed {
    ($columns:literal, $order:literal) => {
        concat!("CAST(COALESCE(json_agg(json_build_array(", $columns, ") ORDER BY ", $order, "), '[]') AS TEXT)")
    };
}

macro_rules! json_text {
    ($x:literal) => {
        concat!("CAST(to_json(", $x, ") AS TEXT)")
    };
}

macro_rules! clock {
    () => {
        // Not now(): that is when the transaction began.
        "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)"
    };
}

#[path = "shared/mod.rs"]
mod shared;
pub use shared::{Handle, STATEMENTS};
pub(crate) use shared::{migrate, newest, restored};

/// A node that sleeps in the middle of a step, or whose line was cut, gives back the rows it locked: its step never happened.
/// Shorter than any claim, so that what it was settling is never settled after the deadline.
const SLEEPS: &str = "SET idle_in_transaction_session_timeout = '5s'";

/// Machine code made for one statement costs more than any statement of ours takes.
const UNCOMPILED: &str = "SET jit = off";

/// Tables with rows that PostgreSQL has never looked at: it takes `district = …` for one row in two hundred there, though it is all
/// of them, and reads them through again and again (measured: two seconds to plan two thousand families). Its own autovacuum comes
/// by once a minute, which is a long time in a district's first broadcast.
const UNSEEN: &str = "SELECT c.relname FROM pg_class c WHERE c.relnamespace = to_regnamespace(current_schema()) AND c.relkind = 'r' AND c.reltuples < 0 AND pg_relation_size(c.oid) > 0";
/// How often it is asked for them.
const LOOK: Duration = Duration::from_secs(1);

/// Has PostgreSQL look at tables it never looked at.
async fn seen(pool: PgPool) {
    let mut every = tokio::time::interval(LOOK);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        // Away, it is asked again with the next look; what matters then is told by whoever needs it.
        let _ = see(&pool).await;
    }
}

async fn see(pool: &PgPool) -> sqlx::Result<()> {
    let mut conn = pool.acquire().await?;
    for table in sqlx::query_scalar::<Db, String>(UNSEEN).fetch_all(&mut *conn).await? {
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!("ANALYZE (SKIP_LOCKED) {table}"))).execute(&mut *conn).await?;
    }
    Ok(())
}

/// A pool.
pub(crate) struct Lines {
    pool: PgPool,
    /// Ends with it.
    _looks: JoinSet<()>,
}

impl Lines {
    pub(crate) async fn write(&self) -> Stored<PoolConnection<Db>> {
        self.pool.acquire().await.map_err(fault)
    }
    pub(crate) async fn write_first(&self, _calls: usize) -> Stored<PoolConnection<Db>> {
        self.write().await
    }
    pub(crate) async fn read(&self) -> Stored<PoolConnection<Db>> {
        self.pool.acquire().await.map_err(fault)
    }
}

/// See [`crate::behind`].
pub async fn behind(url: &str) -> Stored<usize> {
    shared::behind(&mut PgConnection::connect(url).await.map_err(fault)?).await
}

/// How long a connection may take to say that it is there.
const ALIVE: Duration = Duration::from_secs(1);

/// Whether a connection answers. One whose other side went without a word never does, and is not waited for: the pool's own
/// question has no limit of time, and would hold the connection's place for ever.
async fn alive(conn: &mut Conn) -> sqlx::Result<bool> {
    tokio::time::timeout(ALIVE, conn.ping()).await.map_err(|_| sqlx::Error::PoolTimedOut)?.map(|()| true)
}

/// Opens (and migrates) the database behind a URL.
pub async fn open(url: &str, meter: Arc<dyn Meter>) -> Stored<Handle> {
    let pool = PgPoolOptions::new()
        .max_connections(8)
        .acquire_timeout(Duration::from_secs(5))
        .test_before_acquire(false)
        .before_acquire(|conn, _| Box::pin(alive(conn)))
        .after_release(|conn, _| Box::pin(alive(conn)))
        .after_connect(|conn, _| {
            Box::pin(async move {
                conn.execute(SLEEPS).await?;
                conn.execute(UNCOMPILED).await.map(|_| ())
            })
        });
    let pool = pool.connect(url).await.map_err(fault)?;
    let mut first = pool.acquire().await.map_err(fault)?;
    crate::backup::not_half_restored(&mut first).await?;
    shared::migrate(&mut first).await?;
    drop(first);
    let looks = JoinSet::from_iter([seen(pool.clone())]);
    Ok(Handle::new(Lines { pool, _looks: looks }, COMBINERS, meter))
}
