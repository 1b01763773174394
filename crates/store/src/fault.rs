//! Database errors as the ports' two faults; never a row's content.

use domain::ports::StoreFault;

/// Sorts a database error.
pub(crate) fn fault(error: sqlx::Error) -> StoreFault {
    match &error {
        sqlx::Error::Database(database) => {
            let code = database.code().unwrap_or_default().into_owned();
            // SQLite: 5 busy, 6 locked, 10 I/O, 13 full; PostgreSQL: 40001/40P01 retry, 53 resources, 57 shutdown, 08 connection.
            let primary = code.parse::<i64>().ok().filter(|_| code.len() < 5).map(|number| number & 255);
            let away = matches!(primary, Some(5 | 6 | 10 | 13))
                || ["40001", "40P01"].contains(&code.as_str())
                || ["53", "57", "08"].iter().any(|class| code.len() == 5 && code.starts_with(class));
            if away {
                StoreFault::Away(format!("code {code}"))
            } else {
                StoreFault::Refused(format!("code {code}: {}", database.message()))
            }
        }
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Tls(_) => {
            StoreFault::Away("no connection".into())
        }
        other => StoreFault::Refused(other.to_string()),
    }
}

/// A text as both databases take it: without NUL.
pub(crate) fn clean(text: &str) -> String {
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text.to_owned() }
}
