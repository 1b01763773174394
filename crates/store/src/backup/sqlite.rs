//! SQLite: a snapshot with `VACUUM INTO`, which other connections do not notice; a file that is checked, migrated and marked
//! before it takes its place.

use super::*;
use crate::fault::fault;
use crate::sqlite::{BEGIN, Conn, migrate, restored};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use sqlx::{ConnectOptions, Connection, Executor, Row};
use std::path::Path;
use std::time::Duration;

async fn connect(path: &str, journal: Option<SqliteJournalMode>) -> Stored<Conn> {
    let options = SqliteConnectOptions::new().filename(path).busy_timeout(Duration::from_secs(5));
    let options = match journal {
        Some(mode) => options.journal_mode(mode),
        None => options,
    };
    options.connect().await.map_err(fault)
}

pub(super) async fn note(path: &str, version: &str, at: Time) -> Stored<i64> {
    let mut conn = connect(path, None).await?;
    let table = sqlx::query("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'backup'");
    if table.fetch_optional(&mut conn).await.map_err(fault)?.is_none() {
        return Err(StoreFault::Refused(TOO_OLD.into()));
    }
    let schema = restored::note(&mut conn, version, at).await?;
    conn.close().await.map_err(fault)?;
    Ok(schema)
}

/// Writes a consistent copy into `to`, an empty file or none, while others read and write.
pub async fn snapshot(path: &str, to: &Path) -> Stored<()> {
    let mut conn = connect(path, None).await?;
    sqlx::query("VACUUM INTO $1").bind(to.display().to_string()).execute(&mut conn).await.map_err(fault)?;
    conn.close().await.map_err(fault)
}

/// Checks a file from first page to last, and that this version can read its schema.
pub async fn inspect(path: &str) -> Stored<Manifest> {
    let mut conn = connect(path, Some(SqliteJournalMode::Delete)).await?;
    let check = sqlx::query("PRAGMA integrity_check").fetch_all(&mut conn).await.map_err(fault)?;
    let said: Vec<String> = check.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>().map_err(fault)?;
    if said != ["ok"] {
        // The lines name pages and trees, never what stands in a row.
        return Err(StoreFault::Refused(format!("it is damaged: {}", said.first().map_or("", String::as_str))));
    }
    let table = sqlx::query("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'backup'");
    if table.fetch_optional(&mut conn).await.map_err(fault)?.is_none() {
        return manifest(None, 0);
    }
    let schema = restored::schema(&mut conn).await?;
    known(schema)?;
    let found = manifest(restored::manifest(&mut conn).await?, schema)?;
    conn.close().await.map_err(fault)?;
    Ok(found)
}

/// Folds the `-wal` into the file where nobody else has it open. False: somebody has.
pub async fn free(path: &str) -> Stored<bool> {
    let mut conn = connect(path, None).await?;
    conn.execute("PRAGMA busy_timeout = 0").await.map_err(fault)?;
    // Leaving WAL needs the file alone; SQLite answers with the mode it then has, or that it is locked.
    let alone = match sqlx::query("PRAGMA journal_mode = DELETE").fetch_one(&mut conn).await {
        Ok(row) => row.try_get::<String, _>(0).map_err(fault)? == "delete",
        Err(why) => match fault(why) {
            StoreFault::Away(_) => false,
            refused => return Err(refused),
        },
    };
    conn.close().await.map_err(fault)?;
    Ok(alone)
}

pub(super) async fn take_in(path: &str, now: Time) -> Stored<(Manifest, u64)> {
    let found = inspect(path).await?;
    let mut conn = connect(path, Some(SqliteJournalMode::Delete)).await?;
    migrate(&mut conn).await?;
    let mut step = conn.begin_with(BEGIN).await.map_err(fault)?;
    let marked = restored::mark(&mut step, found.at, now).await?;
    step.commit().await.map_err(fault)?;
    conn.close().await.map_err(fault)?;
    Ok((found, marked))
}
