//! A text as the air carries it, and the port the flows measure by.

use super::coding::{Coding, Languages, Link, Shifts};
use super::cut::Parts;
use super::economy::{economise, is_plain, pieces};
use super::language::Language;
use super::measure::{choose, count, plain};
use super::number::{Limit, numbered};
use domain::carrier::{Capacity, Measure, Tables, Texts};
use serde::Serialize;
use std::borrow::Cow;

/// A text as the air carries it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Segments {
    /// `gsm7`, `ucs2`, or `gsm7-shift` where national tables were allowed and save a segment.
    pub encoding: &'static str,
    /// How many.
    pub segments: usize,
    /// Septets or UTF-16 units of the whole text, without headers.
    pub units: u32,
    /// The parts; joined they are the text after economy.
    pub parts: Vec<String>,
    /// The text after economy.
    pub economy: String,
}

/// Measures and splits a text after economy, for a carrier without national tables that joins parts by an eight-bit number.
pub fn segments(text: &str) -> Segments {
    segments_over(text, Link::default())
}

/// The same, for a carrier that can do more.
pub fn segments_over(text: &str, link: Link) -> Segments {
    let split = split(text, link);
    let parts: Vec<String> = split.parts().map(str::to_owned).collect();
    Segments { encoding: split.coding.name(), segments: parts.len(), units: split.units, parts, economy: split.economy.into_owned() }
}

/// A text that is measured and can be brought into bytes part by part.
#[derive(Clone, Debug)]
pub struct Split<'a> {
    /// How all of its parts are coded.
    pub coding: Coding,
    /// Septets or UTF-16 units of the whole text, without headers.
    pub units: u32,
    /// The text after economy.
    pub economy: Cow<'a, str>,
    link: Link,
}

/// Chooses the coding of a text after economy.
pub fn split(text: &str, link: Link) -> Split<'_> {
    let economy = economise(text);
    let (coding, units) = choose(&economy, link);
    Split { coding, units, economy, link }
}

impl Split<'_> {
    /// How many parts: counted, not built.
    pub fn segments(&self) -> u32 {
        count(&self.economy, self.coding, self.units, self.link)
    }

    /// The parts in order; joined they are the text after economy. An empty text has one empty part.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        let alone = self.units <= self.coding.single();
        let whole = alone.then_some(&*self.economy);
        let several = (!alone).then(|| Parts::new(&self.economy, self.units, self.coding, self.coding.part(self.link.width)));
        whole.into_iter().chain(several.into_iter().flatten())
    }
}

/// The codec behind the flows' port.
#[derive(Clone, Copy, Debug, Default)]
pub struct Codec;

impl Texts for Codec {
    /// Builds no part, and nothing at all for a text of one segment.
    fn measure(&self, text: &str, over: Capacity) -> Measure {
        if over.numbered {
            return each_alone(text);
        }
        if over.tables != Tables::None {
            let split = split(text, Link { shifts: shifts(over.tables), ..Link::default() });
            return measured(split.segments(), split.coding, split.units);
        }
        let (coding, units) = if is_plain(text) { plain(std::iter::once(text)) } else { plain(pieces(text)) };
        let segments = if units <= coding.single() { 1 } else { count(&economise(text), coding, units, Link::default()) };
        measured(segments, coding, units)
    }
    fn economy(&self, text: &str) -> String {
        super::economy(text)
    }
}

fn measured(segments: u32, coding: Coding, units: u32) -> Measure {
    Measure { segments: u16::try_from(segments).unwrap_or(u16::MAX), ucs2: coding == Coding::Ucs2, units }
}

/// Parts that go as texts of their own, each coded by itself.
fn each_alone(text: &str) -> Measure {
    let (mut segments, mut ucs2, mut sum) = (0, false, 0);
    for part in numbered(text, Limit::default()) {
        let whole = part.whole();
        let (coding, units) = plain(std::iter::once(whole.as_str()));
        segments += 1;
        ucs2 |= coding == Coding::Ucs2;
        sum += units;
    }
    Measure { segments, ucs2, units: sum }
}

/// The codec's word for the tables that a carrier passes on.
pub(crate) fn shifts(tables: Tables) -> Shifts {
    match tables {
        Tables::None => Shifts::None,
        Tables::All => Shifts::All,
        Tables::Extensions(tags) => {
            Shifts::Extensions(tags.iter().filter_map(|tag| Language::tagged(tag)).fold(Languages::default(), Languages::with))
        }
    }
}
