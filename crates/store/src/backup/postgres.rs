//! PostgreSQL: `pg_dump` and `pg_restore` do the copying. A table stands in a database from before its restore until it is
//! marked, and nobody opens one that has it: a restore killed half-way never sends.

use super::*;
use crate::fault::fault;
use crate::postgres::{BEGIN, Conn, migrate, restored};
use sqlx::{AssertSqlSafe, Connection, Executor, Row};

const HALF: &str = "SELECT to_regclass('homeword_restoring') IS NOT NULL";

/// What is in a database before a restore.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occupied {
    /// Tables.
    pub tables: i64,
    /// Other connections.
    pub sessions: i64,
}

async fn connect(url: &str) -> Stored<Conn> {
    Conn::connect(url).await.map_err(fault)
}

async fn yes(conn: &mut Conn, question: &'static str) -> Stored<bool> {
    sqlx::query(question).fetch_one(conn).await.map_err(fault)?.try_get(0).map_err(fault)
}

/// Refuses a database whose restore did not end.
pub(crate) async fn not_half_restored(conn: &mut Conn) -> Stored<()> {
    if yes(conn, HALF).await? {
        return Err(StoreFault::Refused("a restore into this database did not end: run homeword restore again".into()));
    }
    Ok(())
}

pub(super) async fn note(url: &str, version: &str, at: Time) -> Stored<i64> {
    let mut conn = connect(url).await?;
    not_half_restored(&mut conn).await?;
    if !yes(&mut conn, "SELECT to_regclass('backup') IS NOT NULL").await? {
        return Err(StoreFault::Refused(TOO_OLD.into()));
    }
    restored::note(&mut conn, version, at).await
}

/// Tables and other connections of a database.
pub async fn occupied(url: &str) -> Stored<Occupied> {
    let mut conn = connect(url).await?;
    let row = sqlx::query(
        "SELECT (SELECT COUNT(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() AND c.relkind = 'r'), (SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid())",
    );
    let row = row.fetch_one(&mut conn).await.map_err(fault)?;
    Ok(Occupied { tables: row.try_get(0).map_err(fault)?, sessions: row.try_get(1).map_err(fault)? })
}

/// Keeps what is there under another schema's name, and leaves an empty one. Gives the name.
pub async fn move_aside(url: &str, now: Time) -> Stored<String> {
    let mut conn = connect(url).await?;
    let name = format!("before_restore_{}", now.millis());
    let mut step = conn.begin_with(BEGIN).await.map_err(fault)?;
    let schema: String =
        sqlx::query("SELECT quote_ident(current_schema())").fetch_one(&mut *step).await.map_err(fault)?.try_get(0).map_err(fault)?;
    // The name is the server's own, quoted by it, and a number of ours.
    step.execute(AssertSqlSafe(format!("ALTER SCHEMA {schema} RENAME TO {name}"))).await.map_err(fault)?;
    step.execute(AssertSqlSafe(format!("CREATE SCHEMA {schema}"))).await.map_err(fault)?;
    step.commit().await.map_err(fault)?;
    Ok(name)
}

/// Nobody opens this database until [`take_in`](super::take_in) ended.
pub async fn guard(url: &str) -> Stored<()> {
    let mut conn = connect(url).await?;
    conn.execute("CREATE TABLE IF NOT EXISTS homeword_restoring (since BIGINT)").await.map_err(fault)?;
    Ok(())
}

pub(super) async fn take_in(url: &str, now: Time) -> Stored<(Manifest, u64)> {
    let mut conn = connect(url).await?;
    let schema = restored::schema(&mut conn).await?;
    known(schema)?;
    let found = manifest(restored::manifest(&mut conn).await?, schema)?;
    migrate(&mut conn).await?;
    let mut step = conn.begin_with(BEGIN).await.map_err(fault)?;
    let marked = restored::mark(&mut step, found.at, now).await?;
    step.execute("DROP TABLE IF EXISTS homeword_restoring").await.map_err(fault)?;
    step.commit().await.map_err(fault)?;
    Ok((found, marked))
}
