//! Passages as the flows see them: pieces, keys and patterns of free text, whatever the languages.

use crate::passage::{Passage, Piece, fill, memory_key, pattern};
use domain::passage::Passages;

/// See [`Passages`].
pub struct Slots;

impl Passages for Slots {
    fn pieces(&self, text: &str, names: &[String]) -> Vec<(String, bool)> {
        let piece = |piece: Piece| match piece {
            Piece::Text(text) => (text, false),
            Piece::Slot(slot) => (slot, true),
        };
        Passage::of(text, names).pieces.into_iter().map(piece).collect()
    }
    fn key(&self, from: &str, text: &str, names: &[String]) -> String {
        memory_key(from, text, names)
    }
    fn pattern(&self, _from: &str, _to: &str, source: &str, target: &str, names: &[String]) -> Option<String> {
        pattern(source, target, names)
    }
    fn fill(&self, _from: &str, _to: &str, pattern: &str, source: &str, names: &[String]) -> Option<String> {
        fill(pattern, source, names)
    }
}
