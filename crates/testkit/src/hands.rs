//! What is handed in: a clock that a story moves, ids that count, slots of free text.

use domain::Time;
use domain::ports::{Clock, Ids};
use messaging::Passages;
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
    fn jitter(&self) -> f64 {
        0.0
    }
    fn secret(&self) -> String {
        format!("secret-{}", self.next())
    }
}

/// Slots as the gateway wires them.
pub(crate) struct Slots;

impl Passages for Slots {
    fn pieces(&self, text: &str, names: &[String]) -> Vec<(String, bool)> {
        let piece = |piece: translation::Piece| match piece {
            translation::Piece::Text(text) => (text, false),
            translation::Piece::Slot(slot) => (slot, true),
        };
        translation::Passage::of(text, names).pieces.into_iter().map(piece).collect()
    }
    fn key(&self, from: &str, text: &str, names: &[String]) -> String {
        translation::memory_key(from, text, names)
    }
    fn pattern(&self, _: &str, _: &str, source: &str, target: &str, names: &[String]) -> Option<String> {
        translation::pattern(source, target, names)
    }
    fn fill(&self, _: &str, _: &str, pattern: &str, source: &str, names: &[String]) -> Option<String> {
        translation::fill(pattern, source, names)
    }
}
