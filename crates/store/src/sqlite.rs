//! What SQLite says differently: one writer, a few readers, WAL, `synchronous=FULL`.

use crate::fault::fault;
use domain::ports::Stored;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, pool::PoolConnection};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, OwnedMutexGuard};

pub(crate) type Db = sqlx::Sqlite;
pub(crate) type Conn = SqliteConnection;
pub(crate) const BEGIN: &str = "BEGIN IMMEDIATE";
pub(crate) const BYTES: &str = "BLOB";
const COMBINERS: usize = 1;

macro_rules! rows {
    ($p:literal) => {
        concat!("json_each(", $p, ") AS e")
    };
}
macro_rules! bytes {
    ($x:literal) => {
        concat!("unhex(", $x, ")")
    };
}
macro_rules! skip_locked {
    () => {
        ""
    };
}

#[path = "shared/mod.rs"]
mod shared;
pub use shared::{Handle, STATEMENTS};
pub(crate) use shared::{migrate, newest, restored};

/// One writer and a pool of readers.
pub(crate) struct Lines {
    writer: Arc<Mutex<Conn>>,
    readers: SqlitePool,
}

impl Lines {
    pub(crate) async fn write(&self) -> Stored<OwnedMutexGuard<Conn>> {
        Ok(self.writer.clone().lock_owned().await)
    }
    pub(crate) async fn read(&self) -> Stored<PoolConnection<Db>> {
        self.readers.acquire().await.map_err(fault)
    }
}

/// Opens (and migrates) a database file.
pub async fn open(path: &str) -> Stored<Handle> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(5));
    let mut writer = options.connect().await.map_err(fault)?;
    shared::migrate(&mut writer, BYTES).await?;
    let readers = SqlitePoolOptions::new().max_connections(4).connect_with(options).await.map_err(fault)?;
    Ok(Handle::new(Lines { writer: Arc::new(Mutex::new(writer)), readers }, COMBINERS))
}
