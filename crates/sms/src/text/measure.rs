//! Which coding a text goes in, and what it costs in it. Nothing is allocated here.

use super::coding::{Coding, Link, Shift, Shifts};
use super::cut::Parts;
use super::language::Language;
use super::latin;

/// How many parts a text of so many units has.
pub(super) fn count(text: &str, coding: Coding, units: u32, link: Link) -> u32 {
    if units <= coding.single() { 1 } else { Parts::new(text, units, coding, coding.part(link.width)).count() as u32 }
}

/// The coding of a text after economy, and its units in it. The default alphabet where it has every character, UTF-16
/// otherwise; national tables only where they need fewer segments, since not every phone knows them. Among these one table
/// rather than two. Without national tables nothing is cut here.
pub(super) fn choose(text: &str, link: Link) -> (Coding, u32) {
    let (coding, units) = plain(std::iter::once(text));
    if link.shifts == Shifts::None || units <= coding.single() {
        return (coding, units);
    }
    let mut best = (coding, units);
    let mut fewest = (count(text, coding, units, link), 0, units);
    for shift in candidates(link.shifts) {
        let coding = Coding::Gsm7(shift);
        let Some(units) = text.chars().map(|mark| coding.cost(mark)).sum::<Option<u32>>() else { continue };
        let least = if units <= coding.single() { 1 } else { units.div_ceil(coding.part(link.width)) };
        if least > fewest.0 {
            continue;
        }
        let rank = (count(text, coding, units, link), shift.named(), units);
        // Nothing is named yet: then a table has to save a segment.
        if rank.0 < fewest.0 || fewest.1 > 0 && rank < fewest {
            (best, fewest) = ((coding, units), rank);
        }
    }
    best
}

/// Of each language: its extension, its letters, and both.
fn candidates(shifts: Shifts) -> impl Iterator<Item = Shift> {
    let languages = Language::ALL.into_iter().filter(move |language| match shifts {
        Shifts::None => false,
        Shifts::Of(one) => one == *language,
        Shifts::Extensions(those) => those.has(*language),
        Shifts::All => true,
    });
    let letters = !matches!(shifts, Shifts::Extensions(_));
    languages.flat_map(move |language| {
        let locking = Some(language).filter(|language| letters && language.locking().is_some());
        let single = Some(language);
        let several = [Shift { locking: None, single }, Shift { locking, single: None }, Shift { locking, single }];
        several.into_iter().take(if locking.is_some() { 3 } else { 1 })
    })
}

/// The coding without national tables, and the units of a text that comes in pieces.
pub(super) fn plain<'a>(pieces: impl Iterator<Item = &'a str> + Clone) -> (Coding, u32) {
    match pieces.clone().map(septets).sum() {
        Some(septets) => (Coding::Gsm7(Shift::default()), septets),
        None => (Coding::Ucs2, pieces.map(utf16).sum()),
    }
}

/// Septets in the default alphabet.
fn septets(text: &str) -> Option<u32> {
    let mut sum = 0;
    for mark in text.chars() {
        match latin::septets(mark) {
            0 => return None,
            cost => sum += cost,
        }
    }
    Some(sum)
}

/// UTF-16 units, counted by octets: each character has one that does not continue another, and those that take four take two
/// units.
fn utf16(text: &str) -> u32 {
    text.bytes().map(|octet| u32::from(octet & 0xC0 != 0x80) + u32::from(octet >= 0xF0)).sum()
}
