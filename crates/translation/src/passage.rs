//! Passages: free text split into what may be translated and what must survive. Slots are names, dates, times, numbers with
//! their units, money, links, addresses, phone numbers.

use regex::Regex;
use sha2::{Digest, Sha256};
use std::sync::OnceLock;

/// A piece of a passage.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Piece {
    /// May be translated.
    Text(String),
    /// Must come back exactly once.
    Slot(String),
}

/// A text in pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// In order; joined they are the text.
    pub pieces: Vec<Piece>,
}

/// Script-neutral slots: placeholders, links, addresses, money, times, numeric dates, phones, numbers.
fn slots() -> &'static Regex {
    static SLOTS: OnceLock<Regex> = OnceLock::new();
    SLOTS.get_or_init(|| {
        Regex::new(concat!(
            r"\{[a-z_]+\}|https?://[^\s<>]+|[\w.+-]+@[\w-]+\.[\w.-]+",
            r"|[$€£]\s?\d[\d.,]*\d|[$€£]\s?\d|\d{1,2}:\d{2}(?:\s?[AaPp]\.?\s?[Mm]\b\.?)?|\b\d{1,2}\s?[AaPp]\.?[Mm]\b\.?",
            r"|\+?\d[\d().\s-]{6,}\d|\d+(?:[.,/]\d+)*"
        ))
        .expect("a constant pattern, covered by tests")
    })
}

impl Passage {
    /// Splits a text. `names` are those of the roster that must survive.
    pub fn of(text: &str, names: &[String]) -> Passage {
        let mut spans: Vec<(usize, usize)> = slots().find_iter(text).map(|found| (found.start(), found.end())).collect();
        for name in names.iter().filter(|name| name.chars().count() > 1) {
            for (at, _) in text.match_indices(name.as_str()) {
                let end = at + name.len();
                let edge = |mark: Option<char>| mark.is_none_or(|mark| !mark.is_alphanumeric());
                if edge(text[..at].chars().next_back()) && edge(text[end..].chars().next()) {
                    spans.push((at, end));
                }
            }
        }
        // The longest of those that begin first; what overlaps it is part of it.
        spans.sort_by_key(|(start, end)| (*start, std::cmp::Reverse(*end)));
        let mut pieces = Vec::new();
        let mut at = 0;
        for (start, end) in spans {
            if start < at {
                continue;
            }
            if start > at {
                pieces.push(Piece::Text(text[at..start].to_owned()));
            }
            pieces.push(Piece::Slot(text[start..end].to_owned()));
            at = end;
        }
        if at < text.len() {
            pieces.push(Piece::Text(text[at..].to_owned()));
        }
        Passage { pieces }
    }

    /// The slots, in order.
    pub fn slots(&self) -> Vec<&str> {
        self.pieces.iter().filter_map(|piece| if let Piece::Slot(slot) = piece { Some(slot.as_str()) } else { None }).collect()
    }
}

/// The memory key of a source: the same for two texts that differ in their slots only.
pub fn memory_key(from: &str, text: &str, names: &[String]) -> String {
    let mut hash = Sha256::new();
    hash.update(from.as_bytes());
    for piece in Passage::of(text.trim(), names).pieces {
        match piece {
            Piece::Text(words) => hash.update(words.split_whitespace().collect::<Vec<_>>().join(" ").as_bytes()),
            Piece::Slot(_) => hash.update([0]),
        }
    }
    domain::hex(&hash.finalize())
}

/// An approved translation with its slots numbered, `\u{1}0\u{1}`. `None` where a slot of the source is not in the target
/// exactly once: then the words serve for exactly this source only.
pub fn pattern(source: &str, target: &str, names: &[String]) -> Option<String> {
    let passage = Passage::of(source.trim(), names);
    let mut text = target.to_owned();
    for (index, slot) in passage.slots().into_iter().enumerate() {
        if target.matches(slot).count() != 1 || passage.slots().iter().filter(|other| **other == slot).count() != 1 {
            return None;
        }
        text = text.replacen(slot, &format!("\u{1}{index}\u{1}"), 1);
    }
    Some(text)
}

/// A pattern filled with this source's slots. `None` where the pattern has a slot the source lacks, or the words without
/// slots were approved for another source.
pub fn fill(pattern: &str, source: &str, names: &[String]) -> Option<String> {
    let passage = Passage::of(source.trim(), names);
    let slots = passage.slots();
    if !pattern.contains('\u{1}') {
        // Approved for one exact text: every slot of this source must stand in it.
        return slots.iter().all(|slot| pattern.contains(slot)).then(|| pattern.to_owned());
    }
    let mut text = pattern.to_owned();
    for (index, slot) in slots.iter().enumerate() {
        let mark = format!("\u{1}{index}\u{1}");
        if !text.contains(&mark) {
            return None;
        }
        text = text.replace(&mark, slot);
    }
    (!text.contains('\u{1}')).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_must_survive_becomes_a_slot() {
        let names = vec!["Amina".to_owned(), "Ms Long".to_owned()];
        let passage = Passage::of("Amina meets Ms Long at 8:15 AM, bring $5.50 or see https://x.test/a?b=1. Call 203-555-0100.", &names);
        assert_eq!(passage.slots(), ["Amina", "Ms Long", "8:15 AM", "$5.50", "https://x.test/a?b=1.", "203-555-0100"]);
        assert!(Passage::of("Aminata sings", &names).slots().is_empty(), "a name inside a word is no name");
    }

    #[test]
    fn an_approved_translation_serves_again_when_only_a_slot_changed() {
        let (first, again) = ("The form is due at 9:00 AM.", "The form is due at 8:30 AM.");
        assert_eq!(memory_key("en", first, &[]), memory_key("en", again, &[]));
        assert_ne!(memory_key("en", first, &[]), memory_key("en", "The form was due at 9:00 AM.", &[]));
        let kept = pattern(first, "El formulario vence a las 9:00 AM.", &[]).expect("each slot once");
        assert_eq!(fill(&kept, again, &[]).as_deref(), Some("El formulario vence a las 8:30 AM."));
        assert_eq!(pattern(first, "El formulario vence a las nueve.", &[]), None);
        assert_eq!(fill("El formulario vence a las nueve.", again, &[]), None, "words for another time are not used");
    }
}
