//! Database errors as the ports' two faults; never a row's content.
//!
//! The question is whether the same row may pass another time. Where it may, the database is away, and what came in waits in
//! a spool; a row that is refused is refused for ever, and must not hold up what stands behind it.

use domain::ports::StoreFault;

/// SQLite, primary code (<https://www.sqlite.org/rescode.html>): busy, locked, no memory, read-only, interrupted, I/O,
/// corrupt, full, cannot open, locking protocol, not a database. The last ones wait for a person who mends the file.
const SQLITE_AWAY: &[i64] = &[5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 26];

/// PostgreSQL, class (<https://www.postgresql.org/docs/current/errcodes-appendix.html>): connection, sign-in, no such
/// database, rolled back, resources, in use, shutdown, system.
const POSTGRES_AWAY: &[&str] = &["08", "28", "3D", "40", "53", "55", "57", "58"];

/// A server that became a stand-by takes no writes.
const POSTGRES_READ_ONLY: &str = "25006";

/// Sorts a database error.
pub(crate) fn fault(error: sqlx::Error) -> StoreFault {
    match &error {
        sqlx::Error::Database(database) => {
            let code = database.code().unwrap_or_default().into_owned();
            if away(&code) {
                StoreFault::Away(format!("code {code}"))
            } else if code.len() == 5 && code.starts_with("22") {
                // What PostgreSQL says of a wrong value quotes the value.
                StoreFault::Refused(format!("code {code}"))
            } else {
                StoreFault::Refused(format!("code {code}: {}", database.message()))
            }
        }
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::BeginFailed => StoreFault::Away("no connection".into()),
        other => StoreFault::Refused(other.to_string()),
    }
}

/// A code of PostgreSQL has five characters, a code of SQLite is a number of at most four digits.
fn away(code: &str) -> bool {
    match code.parse::<i64>() {
        Ok(number) if code.len() < 5 => SQLITE_AWAY.contains(&(number & 255)),
        _ => code == POSTGRES_READ_ONLY || POSTGRES_AWAY.iter().any(|class| code.len() == 5 && code.starts_with(class)),
    }
}

/// A text as both databases take it: without NUL.
pub(crate) fn clean(text: &str) -> String {
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_pass_another_time_is_away_and_what_never_will_is_refused() {
        // Busy, a snapshot that is stale, full, a failed write, a failed fsync, a file system that turned read-only.
        for code in ["5", "517", "13", "778", "1034", "8458", "264", "14"] {
            assert!(away(code), "SQLite {code}");
        }
        for code in ["57P01", "57P03", "08006", "53100", "53300", "40001", "40P01", "25006", "55P03", "58030", "28P01"] {
            assert!(away(code), "PostgreSQL {code}");
        }
        // Unique, check, not null, a type that does not fit, an unknown column; a wrong value, a NUL, a missing table.
        for code in ["2067", "275", "1299", "20", "1", "23505", "22P02", "22021", "42P01", ""] {
            assert!(!away(code), "{code:?}");
        }
        for lost in [sqlx::Error::PoolTimedOut, sqlx::Error::PoolClosed, sqlx::Error::WorkerCrashed] {
            assert!(matches!(fault(lost), StoreFault::Away(_)));
        }
        let cut = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
        assert!(matches!(fault(sqlx::Error::Io(cut)), StoreFault::Away(_)));
        assert!(matches!(fault(sqlx::Error::RowNotFound), StoreFault::Refused(_)));
    }
}
