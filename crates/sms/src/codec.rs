//! Segments: how a text is measured and split. A grapheme, an escape pair and a surrogate pair are never cut.

use crate::gsm::septets;
use domain::carrier::{Measure, Texts};
use serde::Serialize;
use unicode_segmentation::UnicodeSegmentation;

/// A text as the air carries it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Segments {
    /// `gsm7` or `ucs2`.
    pub encoding: &'static str,
    /// How many.
    pub segments: usize,
    /// Septets or UTF-16 units of the whole text.
    pub units: u32,
    /// The parts; joined they are the text after economy.
    pub parts: Vec<String>,
    /// The text after economy.
    pub economy: String,
}

/// Punctuation-only economy: curly quotes, dashes, ellipsis and odd spaces become their plain forms. Letters are never changed;
/// joiners (ZWJ, ZWNJ) and the right-to-left mark stay; isolation marks go, since a phone shows them as boxes or pays for them.
pub fn economy(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for mark in text.chars() {
        match mark {
            '‘' | '’' | '‚' | '′' | '`' => plain.push('\''),
            '“' | '”' | '„' | '″' => plain.push('"'),
            '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => plain.push('-'),
            '…' => plain.push_str("..."),
            '•' | '·' => plain.push('-'),
            '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' | '\t' => plain.push(' '),
            '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{2066}'..='\u{2069}' | '\u{202a}'..='\u{202e}' | '\u{ad}' | '\0' => {}
            other => plain.push(other),
        }
    }
    plain
}

/// Measures and splits a text after economy.
pub fn segments(text: &str) -> Segments {
    let economy = economy(text);
    let gsm = economy.chars().all(|mark| septets(mark).is_some());
    let cost = |piece: &str| -> u32 { if gsm { piece.chars().filter_map(septets).sum() } else { piece.encode_utf16().count() as u32 } };
    let (single, part) = if gsm { (160, 153) } else { (70, 67) };
    let units = cost(&economy);
    let parts = if units <= single { vec![economy.clone()] } else { split(&economy, part, &cost) };
    Segments { encoding: if gsm { "gsm7" } else { "ucs2" }, segments: parts.len(), units, parts, economy }
}

fn split(text: &str, most: u32, cost: &dyn Fn(&str) -> u32) -> Vec<String> {
    let mut parts = Vec::new();
    let (mut part, mut used) = (String::new(), 0);
    let mut add = |piece: &str, part: &mut String, used: &mut u32| {
        let price = cost(piece);
        if *used + price > most && !part.is_empty() {
            parts.push(std::mem::take(part));
            *used = 0;
        }
        part.push_str(piece);
        *used += price;
    };
    for cluster in text.graphemes(true) {
        if cost(cluster) > most {
            // Only a cluster longer than a part is cut, and then between characters.
            let mut buffer = [0; 4];
            for mark in cluster.chars() {
                add(mark.encode_utf8(&mut buffer), &mut part, &mut used);
            }
        } else {
            add(cluster, &mut part, &mut used);
        }
    }
    if !part.is_empty() {
        parts.push(part);
    }
    parts
}

/// The codec behind the flows' port.
#[derive(Clone, Copy, Debug, Default)]
pub struct Codec;

impl Texts for Codec {
    fn measure(&self, text: &str) -> Measure {
        let found = segments(text);
        Measure { segments: u16::try_from(found.segments).unwrap_or(u16::MAX), ucs2: found.encoding == "ucs2", units: found.units }
    }
    fn economy(&self, text: &str) -> String {
        economy(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn counts_where_other_splitters_go_wrong() {
        let a = |count: usize| "a".repeat(count);
        assert_eq!(segments(&a(160)).segments, 1);
        assert_eq!(segments(&a(161)).segments, 2);
        assert_eq!(segments(&format!("{}{{{}", a(152), a(152))).segments, 3, "an escape pair is never cut");
        assert_eq!(segments(&"😀".repeat(35)).segments, 1);
        assert_eq!(segments(&"😀".repeat(36)).segments, 2);
        assert_eq!(segments(&"😀".repeat(67)).segments, 3, "a surrogate pair is never cut");
        assert_eq!(segments("ñ¿¡éüà").encoding, "gsm7");
        assert_eq!(segments("sí").encoding, "ucs2", "an accent is never dropped to save a segment");
        assert_eq!(segments("“don’t” — 5:30\u{202f}PM…").economy, "\"don't\" - 5:30 PM...");
        assert_eq!(economy("\u{200f}Maple: قف"), "\u{200f}Maple: قف", "the mark that says right to left stays, and is paid for");
    }

    #[test]
    fn a_family_of_joined_emoji_stays_together() {
        let text = format!("{}👨‍👩‍👧‍👦", "x".repeat(62));
        let found = segments(&text);
        assert_eq!(found.parts.last().map(String::as_str), Some("👨‍👩‍👧‍👦"));
    }

    proptest! {
        #[test]
        fn join_of_split_is_the_text_and_no_part_is_too_long(text in "\\PC{0,400}") {
            let found = segments(&text);
            prop_assert_eq!(found.parts.concat(), found.economy.clone());
            if found.segments > 1 {
                for part in &found.parts {
                    let units = if found.encoding == "gsm7" { part.chars().filter_map(septets).sum() } else { part.encode_utf16().count() as u32 };
                    let most = if found.encoding == "gsm7" { 153 } else { 67 };
                    prop_assert!(units <= most, "a part of {} units", units);
                }
            }
        }
    }
}
