//! The one body of SQL, compiled once per database. What a database says in its own way is the including file's: its macros, and
//! `Db`, `Conn`, `BEGIN`, `BEGIN_CLAIM`, `BEGIN_COUNT`, `GAVE_UP`, `BYTES`, `COUNT`, `FORGET`, `SQLITE`, `STEP` and `Lines`.

mod attachments;
mod backlog;
mod bell;
mod cards;
mod claiming;
mod directory;
mod enrol;
mod inbound;
mod listing;
mod outbound;
mod parts;
mod people;
mod planning;
pub(crate) mod restored;
mod sending;
mod views;
mod walking;
mod wide;
mod words;

use super::{BEGIN, BEGIN_CLAIM, BEGIN_COUNT, BYTES, COUNT, Conn, Db, FORGET, GAVE_UP, Lines, SQLITE, STEP};
use crate::combiner::Combiner;
use crate::fault::{clean, fault};
use domain::DistrictId;
use domain::ports::*;
use sqlx::{Connection, Row};
use std::sync::Arc;

type DbRow = <Db as sqlx::Database>::Row;

/// Every statement of every file, by name: one test prepares each on both databases.
pub const STATEMENTS: &[&[(&str, &str)]] = &[
    ALL,
    attachments::ALL,
    backlog::ALL,
    bell::ALL,
    cards::ALL,
    claiming::ALL,
    directory::ALL,
    enrol::ALL,
    inbound::ALL,
    parts::ALL,
    listing::ALL,
    outbound::ALL,
    people::ALL,
    planning::ALL,
    restored::ALL,
    sending::ALL,
    views::ALL,
    walking::ALL,
    wide::ALL,
    words::ALL,
];

crate::statements! {
    AUDIT = "INSERT INTO audit (district, at, staff, act, subject, detail) VALUES ($1, $2, $3, $4, $5, $6)";
    APPLIED = "SELECT number FROM migration ORDER BY number";
}

/// Migrations in order. They expand, then contract: version N-1 runs on schema N.
const MIGRATIONS: &[(i64, &str)] = &[
    (1, include_str!("../../migrations/0001_house.sql")),
    (2, include_str!("../../migrations/0002_people_and_duty.sql")),
    (3, include_str!("../../migrations/0003_restore.sql")),
    (4, include_str!("../../migrations/0004_engine.sql")),
    (5, include_str!("../../migrations/0005_lean.sql")),
    (6, include_str!("../../migrations/0006_bell.sql")),
    (7, include_str!("../../migrations/0007_once.sql")),
    (8, include_str!("../../migrations/0008_lease.sql")),
    (9, include_str!("../../migrations/0009_parts.sql")),
    (10, include_str!("../../migrations/0010_asked.sql")),
    (12, include_str!("../../migrations/0012_greetings_and_pictures.sql")),
    (13, include_str!("../../migrations/0013_by_contact.sql")),
    (14, include_str!("../../migrations/0014_letters.sql")),
    (15, include_str!("../../migrations/0015_mailbox.sql")),
    (16, include_str!("../../migrations/0016_aside.sql")),
];

/// How many migrations a database lacks; all of them where it has no table of migrations. Writes nothing.
pub(crate) async fn behind(conn: &mut Conn) -> Stored<usize> {
    let Ok(rows) = sqlx::query::<Db>(APPLIED).fetch_all(&mut *conn).await else {
        return Ok(MIGRATIONS.len());
    };
    let applied: Vec<i64> = rows.iter().map(|row| int(row, 0)).collect::<Stored<_>>()?;
    Ok(MIGRATIONS.iter().filter(|(number, _)| !applied.contains(number)).count())
}

/// The newest schema this version knows.
pub(crate) fn newest() -> i64 {
    MIGRATIONS.iter().map(|(number, _)| *number).max().unwrap_or_default()
}

/// Brings the schema up to date, one transaction a migration. Nodes that begin at the same moment may all try: whoever comes
/// second finds it done.
pub(crate) async fn migrate(conn: &mut Conn) -> Stored<()> {
    let mut refused = 0;
    loop {
        match bring_up(conn).await {
            Err(_) if refused < TRIES => refused += 1,
            outcome => return outcome,
        }
    }
}

/// A node that another one outran looks again so often: once a migration.
const TRIES: usize = MIGRATIONS.len() + 1;

async fn bring_up(conn: &mut Conn) -> Stored<()> {
    sqlx::query::<Db>("CREATE TABLE IF NOT EXISTS migration (number BIGINT PRIMARY KEY)").execute(&mut *conn).await.map_err(fault)?;
    let applied: Vec<i64> = sqlx::query::<Db>(APPLIED)
        .fetch_all(&mut *conn)
        .await
        .map_err(fault)?
        .iter()
        .map(|row| row.try_get(0))
        .collect::<Result<_, _>>()
        .map_err(fault)?;
    for (number, text) in MIGRATIONS.iter().filter(|(number, _)| !applied.contains(number)) {
        let mut step = conn.begin_with(BEGIN).await.map_err(fault)?;
        let text: String =
            text.lines().filter(|line| !line.starts_with("--")).collect::<Vec<_>>().join("\n").replace(" BYTES ", &format!(" {BYTES} "));
        // A statement that begins with a database's name is of its layout: the other has its own.
        let theirs = if SQLITE { "POSTGRESQL " } else { "SQLITE " };
        let mine = |statement: &&str| !statement.is_empty() && !statement.starts_with(theirs);
        // A statement ends with its line.
        for statement in text.split(";\n").map(str::trim).filter(mine) {
            let statement = statement.trim_start_matches("SQLITE ").trim_start_matches("POSTGRESQL ");
            // The text is this crate's own file, with one word of ours filled in.
            sqlx::query::<Db>(sqlx::AssertSqlSafe(statement.to_owned())).execute(&mut *step).await.map_err(fault)?;
        }
        sqlx::query::<Db>("INSERT INTO migration (number) VALUES ($1)").bind(*number).execute(&mut *step).await.map_err(fault)?;
        step.commit().await.map_err(fault)?;
    }
    Ok(())
}

/// One database behind every port.
pub struct Handle {
    lines: Arc<Lines>,
    inlet: Combiner<(DistrictId, NewIncoming), bool>,
    receipts: Combiner<(DistrictId, NewReceipt), ReceiptEffect>,
    meter: Arc<dyn Meter>,
    numbers: crate::numbers::Numbers,
}

impl Handle {
    pub(crate) fn new(lines: Lines, combiners: usize, meter: Arc<dyn Meter>) -> Self {
        let lines = Arc::new(lines);
        let shared = lines.clone();
        let inlet = Combiner::start(combiners, 256, meter.clone(), move |rows| {
            let lines = shared.clone();
            Box::pin(within(async move {
                let mut conn = lines.write_first(rows.len()).await?;
                inbound::take_in(&mut conn, &rows).await
            }))
        });
        let shared = lines.clone();
        let receipts = Combiner::start(1, 256, meter.clone(), move |rows| {
            let lines = shared.clone();
            Box::pin(within(async move {
                let mut conn = lines.write().await?;
                sending::receipts(&mut conn, &rows).await
            }))
        });
        Self { lines, inlet, receipts, meter, numbers: crate::numbers::Numbers::default() }
    }
}

/// A step that a loop waits for: where the database does not answer, it is away. Cut in the middle, it is as if the process
/// had ended there.
async fn within<T>(step: impl Future<Output = Stored<T>>) -> Stored<T> {
    tokio::time::timeout(STEP, step).await.unwrap_or_else(|_| Err(StoreFault::Away("no answer in time".into())))
}

/// An optional column.
fn maybe(row: &DbRow, index: usize) -> Stored<Option<i64>> {
    row.try_get(index).map_err(fault)
}

/// A number.
fn int(row: &DbRow, index: usize) -> Stored<i64> {
    row.try_get(index).map_err(fault)
}

/// A text.
fn text(row: &DbRow, index: usize) -> Stored<String> {
    row.try_get(index).map_err(fault)
}

/// A struct kept as JSON.
fn json<T: serde::de::DeserializeOwned>(row: &DbRow, index: usize) -> Stored<T> {
    from_json(&text(row, index)?)
}

fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> Stored<T> {
    serde_json::from_str(text).map_err(|_| StoreFault::Refused("a row holds what this version cannot read".into()))
}

/// A struct as JSON, without NUL.
fn to_json<T: serde::Serialize>(value: &T) -> Stored<String> {
    let text = serde_json::to_string(value).map_err(|_| StoreFault::Refused("a value cannot be written as JSON".into()))?;
    // JSON writes NUL as an escape, which PostgreSQL's text functions refuse.
    Ok(if text.contains("\\u0000") { text.replace("\\u0000", "\\ufffd") } else { text })
}

/// Ids as a JSON array, for `list!` and `one_of!`.
fn id_list(ids: impl IntoIterator<Item = i64>) -> String {
    let all: Vec<String> = ids.into_iter().map(|id| id.to_string()).collect();
    format!("[{}]", all.join(","))
}

/// Writes an audit row inside a step.
async fn audit(conn: &mut Conn, district: DistrictId, row: &Audit) -> Stored<()> {
    sqlx::query::<Db>(AUDIT)
        .bind(district.0)
        .bind(row.at.0)
        .bind(row.staff.0)
        .bind(row.act)
        .bind(clean(&row.subject))
        .bind(clean(&row.detail))
        .execute(conn)
        .await
        .map_err(fault)?;
    Ok(())
}
