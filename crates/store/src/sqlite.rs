//! What SQLite says differently: one writer, a few readers, WAL, `synchronous=FULL`.

use crate::fault::fault;
use domain::ports::{Meter, Stored};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, Row, pool::PoolConnection};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, OwnedMutexGuard};

pub(crate) type Db = sqlx::Sqlite;
pub(crate) type Conn = SqliteConnection;
pub(crate) const BEGIN: &str = "BEGIN IMMEDIATE";
pub(crate) const BEGIN_CLAIM: &str = BEGIN;
/// Nobody waits for a row here.
pub(crate) const GAVE_UP: &str = "";
pub(crate) const BYTES: &str = "BLOB";
pub(crate) const SQLITE: bool = true;
const COMBINERS: usize = 1;
/// Pages in memory (negative: KiB). With SQLite's own 2 MB a broadcast reads the queue's indexes from the file again and again.
const WRITER_CACHE: &str = "-49152";
const READER_CACHE: &str = "-8192";
/// Rows that wait for whoever reads them: a whole batch, else reader and database wake each other all the way through it.
const ROWS: usize = 1024;
/// Pages in the log before they are written back into the file: 32 MB, so that a row which is claimed and settled soon after is
/// written back once.
const CHECKPOINT: &str = "8192";
/// An index entry of a claim goes with the claim.
pub(crate) const FORGET: Option<&str> = None;
/// It was told what its tables are like: see `statistics`.
pub(crate) const COUNT: Option<&str> = None;
/// Begins the counting of a district's groups.
pub(crate) const BEGIN_COUNT: &str = "BEGIN";
/// A file does not go without a word: it says that it is locked or cannot be read.
pub(crate) const STEP: Duration = Duration::MAX;

macro_rules! rows {
    ($p:literal) => {
        concat!("json_each(", $p, ") AS e")
    };
}
macro_rules! list {
    ($p:literal) => {
        concat!("json_each(", $p, ") AS e")
    };
}
macro_rules! pairs {
    ($p:literal) => {
        concat!("json_each(", $p, ") AS e")
    };
}
macro_rules! one_of {
    ($p:literal) => {
        concat!(" IN (SELECT e.value FROM json_each(", $p, ") AS e)")
    };
}
macro_rules! bytes {
    ($x:literal) => {
        concat!("unhex(", $x, ")")
    };
}
macro_rules! skip_locked {
    ($($of:literal)?) => {
        ""
    };
}

/// What waits is found by a partial index.
macro_rules! waiting {
    (from) => {
        "delivery q"
    };
    (which) => {
        "q.state = 0"
    };
}

/// Deliveries of number $2 and lane $3 that may leave at $4: where they come from, which they are, the order.
macro_rules! due {
    (from) => {
        "delivery"
    };
    (which) => {
        "sender = $2 AND lane = $3 AND state = 0 AND opens <= $4"
    };
    (order) => {
        "opens"
    };
}

/// What somebody has to see to in `district` at $1: claims past their deadline, what did not arrive, what is to be asked about.
macro_rules! seen_to {
    (late) => {
        "delivery d WHERE d.district = district.id AND d.state = 1 AND d.claimed_until <= $1"
    };
    (fallen) => {
        "delivery f WHERE f.district = district.id AND f.walked = 0 AND f.state IN (4, 6, 7)"
    };
    (restored) => {
        "delivery r WHERE r.district = district.id AND r.state = 5 AND r.restored > 0 AND r.opens <= $1"
    };
}

/// That a delivery stands aside says the state it is in already; PostgreSQL has to be told where to look.
macro_rules! aside {
    ($($which:literal),*) => {
        ""
    };
}
macro_rules! under_way {
    ($($which:literal),*) => {
        ""
    };
}

/// Deliveries of a list, one after the other.
macro_rules! listed {
    (from $p:literal) => {
        concat!(list!($p), " CROSS JOIN delivery d")
    };
    (which $p:literal) => {
        "d.id = CAST(e.value AS BIGINT)"
    };
}

/// The slice is an adult's alone: who looks for more reads two tables to the end.
macro_rules! in_slice {
    ($guardian:literal) => {
        ""
    };
}

macro_rules! for_update {
    () => {
        ""
    };
}

macro_rules! few {
    ($x:literal) => {
        concat!("likelihood(", $x, ", 0.0001)")
    };
}

/// Adults of a slice ($1 district, $2 after, $3 up to) with their number in it, from 0: where they come from, which they are, the
/// number. A list's keys number them: a window function would lay all of them down first, at a third of what planning costs.
macro_rules! numbered {
    (from) => {
        "json_each((SELECT json_group_array(y.id ORDER BY y.id) FROM guardian y WHERE y.district = $1 AND y.id > $2 AND y.id <= $3)) AS e CROSS JOIN guardian g"
    };
    (which) => {
        "g.district = $1 AND g.id = e.value"
    };
    (number) => {
        "e.key"
    };
}

/// All rows as one JSON text: a value each would be copied and handed over by itself.
macro_rules! packed {
    ($columns:literal, $order:literal) => {
        concat!("json_group_array(json_array(", $columns, ") ORDER BY ", $order, ")")
    };
}

macro_rules! json_text {
    ($x:literal) => {
        concat!("json_quote(", $x, ")")
    };
}

macro_rules! clock {
    () => {
        "CAST(unixepoch('now', 'subsec') * 1000000 AS BIGINT)"
    };
}

#[path = "shared/mod.rs"]
mod shared;
pub use shared::{Handle, STATEMENTS};
pub(crate) use shared::{migrate, newest, restored};

/// One writer and a pool of readers.
pub(crate) struct Lines {
    writer: Arc<Mutex<Conn>>,
    /// Whoever writes what nobody waits for at a company's door passes here first: of these at most one stands before the door. It
    /// says when the last one had its turn.
    gate: Arc<Mutex<Instant>>,
    /// When the door was last crowded.
    crowded: std::sync::Mutex<Option<Instant>>,
    readers: SqlitePool,
}

/// So many companies' calls at once are a crowd.
const CROWD: usize = 8;
/// It has gone where none came for so long.
const GONE: Duration = Duration::from_millis(5);
/// While it is there, somebody else has a turn this often: companies give up on a call in seconds and carriers seldom repeat one,
/// but what families wrote is to be understood meanwhile, and a STOP is to act.
const TURN: Duration = Duration::from_millis(8);

/// The writer, for one step.
pub(crate) struct Writing {
    conn: OwnedMutexGuard<Conn>,
    _gate: Option<OwnedMutexGuard<Instant>>,
}

impl std::ops::Deref for Writing {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl std::ops::DerefMut for Writing {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}

impl Lines {
    pub(crate) async fn write(&self) -> Stored<Writing> {
        let mut gate = self.gate.clone().lock_owned().await;
        while gate.elapsed() < TURN && self.crowd().is_some_and(|since| since.elapsed() < GONE) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let conn = self.writer.clone().lock_owned().await;
        *gate = Instant::now();
        Ok(Writing { conn, _gate: Some(gate) })
    }
    /// For what so many of a company's calls wait for: they stand behind one other step at most.
    pub(crate) async fn write_first(&self, calls: usize) -> Stored<Writing> {
        let conn = self.writer.clone().lock_owned().await;
        if calls >= CROWD {
            *self.crowd() = Some(Instant::now());
        }
        Ok(Writing { conn, _gate: None })
    }
    fn crowd(&self) -> std::sync::MutexGuard<'_, Option<Instant>> {
        self.crowded.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
    pub(crate) async fn read(&self) -> Stored<PoolConnection<Db>> {
        self.readers.acquire().await.map_err(fault)
    }
}

const TOLD: &str = "SELECT COUNT(*) FROM sqlite_schema WHERE name = 'sqlite_stat1'";
const INDEXES: &str = "SELECT t.name, i.name, i.\"unique\", i.partial, (SELECT COUNT(*) FROM pragma_index_info(i.name)), COALESCE((SELECT c.name FROM pragma_index_info(i.name) c WHERE c.seqno = 0), '') FROM sqlite_schema t JOIN pragma_index_list(t.name) i WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%'";

/// Tells the planner what these tables are like. Without it a fresh file takes `district = ?` for a few rows, though it is all
/// of them, and reads a table through once for every row of a batch (measured: 5,000 rows in 180 s instead of 20 ms).
async fn statistics(writer: &mut Conn) -> Stored<()> {
    let rows = sqlx::query::<Db>(INDEXES).fetch_all(&mut *writer).await.map_err(fault)?;
    let there: i64 = sqlx::query_scalar::<Db, i64>(TOLD).fetch_one(&mut *writer).await.map_err(fault)?;
    if there == 1 {
        let told: i64 = sqlx::query_scalar::<Db, i64>("SELECT COUNT(*) FROM sqlite_stat1").fetch_one(&mut *writer).await.map_err(fault)?;
        if told == rows.len() as i64 {
            // Told when its newest index was made.
            return Ok(());
        }
    }
    sqlx::query::<Db>("ANALYZE district").execute(&mut *writer).await.map_err(fault)?;
    let mut step = writer.begin_with(BEGIN).await.map_err(fault)?;
    sqlx::query::<Db>("DELETE FROM sqlite_stat1").execute(&mut *step).await.map_err(fault)?;
    for row in rows {
        let (unique, partial, columns): (i64, i64, i64) =
            (row.try_get(2).map_err(fault)?, row.try_get(3).map_err(fault)?, row.try_get(4).map_err(fault)?);
        let by_district = row.try_get::<String, _>(5).map_err(fault)? == "district";
        let all = if partial == 1 { 1000 } else { 1_000_000 };
        let mut told = all.to_string();
        for column in 1..=columns {
            let left = match (column == columns, column == 1 && by_district) {
                (true, _) => {
                    if unique == 1 {
                        1
                    } else {
                        10
                    }
                }
                (false, true) => all,
                (false, false) => 300,
            };
            told.push_str(&format!(" {left}"));
        }
        let query = sqlx::query::<Db>("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ($1, $2, $3)");
        let query = query.bind(row.try_get::<String, _>(0).map_err(fault)?).bind(row.try_get::<String, _>(1).map_err(fault)?);
        query.bind(told).execute(&mut *step).await.map_err(fault)?;
    }
    step.commit().await.map_err(fault)?;
    sqlx::query::<Db>("ANALYZE sqlite_schema").execute(writer).await.map_err(fault)?;
    Ok(())
}

/// See [`crate::behind`].
pub async fn behind(path: &str) -> Stored<usize> {
    let options = SqliteConnectOptions::new().filename(path).read_only(true).busy_timeout(Duration::from_secs(5));
    shared::behind(&mut options.connect().await.map_err(fault)?).await
}

/// Connects. A new file is switched to its log by whoever comes first, and SQLite sends the others away meanwhile, whatever they
/// would wait.
async fn connect(options: &SqliteConnectOptions) -> Stored<Conn> {
    let mut tries = 0;
    loop {
        match options.connect().await.map_err(fault) {
            Err(domain::ports::StoreFault::Away(_)) if tries < 40 => tries += 1,
            outcome => return outcome,
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Opens (and migrates) a database file.
pub async fn open(path: &str, meter: Arc<dyn Meter>) -> Stored<Handle> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(5))
        .row_buffer_size(ROWS)
        .pragma("wal_autocheckpoint", CHECKPOINT);
    let mut writer = connect(&options.clone().pragma("cache_size", WRITER_CACHE)).await?;
    shared::migrate(&mut writer).await?;
    statistics(&mut writer).await?;
    let readers =
        SqlitePoolOptions::new().max_connections(4).connect_with(options.pragma("cache_size", READER_CACHE)).await.map_err(fault)?;
    let (writer, gate) = (Arc::new(Mutex::new(writer)), Arc::new(Mutex::new(Instant::now())));
    Ok(Handle::new(Lines { writer, gate, crowded: std::sync::Mutex::default(), readers }, COMBINERS, meter))
}
