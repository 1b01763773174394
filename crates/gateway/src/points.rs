//! Steps between a commit and a call, by name. With the feature `points`, and only for tests, `HOMEWORD_DIE_AT=name:count` ends
//! the process the count-th time it comes by, as a power cut would: nothing is flushed, nothing is told.

/// A step was reached.
#[cfg(not(feature = "points"))]
pub fn at(_: &'static str) {}

/// A step was reached.
#[cfg(feature = "points")]
pub fn at(name: &'static str) {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicI64, Ordering};
    static WHERE: OnceLock<Option<(String, AtomicI64)>> = OnceLock::new();
    let parse = || {
        let text = std::env::var("HOMEWORD_DIE_AT").ok()?;
        let (name, count) = text.split_once(':')?;
        Some((name.to_owned(), AtomicI64::new(count.parse().ok()?)))
    };
    if let Some((wanted, left)) = WHERE.get_or_init(parse)
        && wanted == name
        && left.fetch_sub(1, Ordering::SeqCst) == 1
    {
        std::process::abort();
    }
}
