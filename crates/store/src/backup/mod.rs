//! Backup and restore as far as they are SQL: the note that begins a backup, SQLite's snapshot, what a restored database must
//! go through before anybody opens it. Files, programs and words for operators are the gateway's.

mod postgres;
mod sqlite;

pub(crate) use postgres::not_half_restored;
pub use postgres::{Occupied, guard, move_aside, occupied};
pub use sqlite::{free, inspect, snapshot};

use domain::Time;
use domain::ports::{StoreFault, Stored};

/// What a backup says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// When it began: everything later is not in it, or not wholly.
    pub at: Time,
    /// The version that made it.
    pub version: String,
    /// Number of its newest migration.
    pub schema: i64,
}

/// The newest schema this version knows.
pub fn newest_schema() -> i64 {
    crate::sqlite::newest().max(crate::postgres::newest())
}

/// Writes down in the running database that a backup begins, so that it stands in the snapshot. Never migrates: a backup
/// comes before an upgrade.
pub async fn begin(url: &str, version: &str, at: Time) -> Stored<Manifest> {
    let schema = match sqlite_path(url) {
        Some(path) => sqlite::note(path, version, at).await?,
        None => postgres::note(url, version, at).await?,
    };
    Ok(Manifest { at, version: version.to_owned(), schema })
}

/// Brings a restored database up to date, marks what may have gone since the backup, and pauses every district. Gives the
/// manifest and how many deliveries were marked. Repeating it is harmless.
pub async fn take_in(url: &str, now: Time) -> Stored<(Manifest, u64)> {
    match sqlite_path(url) {
        Some(path) => sqlite::take_in(path, now).await,
        None => postgres::take_in(url, now).await,
    }
}

/// The file of a SQLite URL.
pub fn sqlite_path(url: &str) -> Option<&str> {
    url.strip_prefix("sqlite:").map(|path| path.trim_start_matches("//"))
}

/// Refuses a schema newer than this version.
pub fn known(schema: i64) -> Stored<()> {
    let newest = newest_schema();
    if schema > newest {
        return Err(StoreFault::Refused(format!(
            "the backup has schema {schema} and this version knows {newest}: restore it with the version that made it, or a newer one"
        )));
    }
    Ok(())
}

fn manifest(found: Option<(Time, String, i64)>, schema: i64) -> Stored<Manifest> {
    let (at, version, _) =
        found.ok_or_else(|| StoreFault::Refused("it does not say when it was made: it was not written by homeword backup".into()))?;
    Ok(Manifest { at, version, schema })
}

const TOO_OLD: &str = "its schema is older than backups are: run homeword migrate first";
