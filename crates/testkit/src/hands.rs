//! What is handed in: a clock that a story moves, ids that count.

use domain::Time;
use domain::ports::{Clock, Ids};
use std::sync::atomic::{AtomicI64, Ordering};

/// A clock in the story's hand.
pub(crate) struct Hand(pub AtomicI64);

impl Clock for Hand {
    fn now(&self) -> Time {
        Time(self.0.load(Ordering::SeqCst))
    }
}

/// Ids and secrets that count.
pub(crate) struct Counter(pub AtomicI64);

impl Ids for Counter {
    fn next(&self) -> i64 {
        self.0.fetch_add(1, Ordering::SeqCst)
    }
    fn block(&self, count: i64) -> i64 {
        self.0.fetch_add(domain::id::nth(0, count) + 1, Ordering::SeqCst)
    }
    fn jitter(&self) -> f64 {
        0.0
    }
    fn secret(&self) -> String {
        format!("secret-{}", self.next())
    }
}
