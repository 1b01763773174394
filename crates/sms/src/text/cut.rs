//! Where a text is cut. A grapheme cluster is never cut, unless it is longer than a part: then between two characters, and so
//! never inside an escape pair or a surrogate pair.

use super::coding::Coding;
use unicode_segmentation::GraphemeCursor;

/// The parts of a text whose every character the coding has; joined they are the text.
#[derive(Clone, Debug)]
pub(super) struct Parts<'a> {
    /// What is left of the text.
    rest: &'a str,
    /// Units of it.
    left: u32,
    most: u32,
    coding: Coding,
}

impl<'a> Parts<'a> {
    /// `units`: of the whole text. `most`: what a part holds; every character fits.
    pub(super) fn new(text: &'a str, units: u32, coding: Coding, most: u32) -> Self {
        Self { rest: text, left: units, most, coding }
    }
}

impl<'a> Iterator for Parts<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.left <= self.most {
            self.left = 0;
            let last = std::mem::take(&mut self.rest);
            return if last.is_empty() { None } else { Some(last) };
        }
        let cost = |mark| self.coding.cost(mark).unwrap_or_default();
        let (mut used, mut full) = (0, self.rest.len());
        for (at, mark) in self.rest.char_indices() {
            let price = cost(mark);
            if used + price > self.most {
                full = at;
                break;
            }
            used += price;
        }
        let end = before_cluster(self.rest, full);
        used -= self.rest[end..full].chars().map(cost).sum::<u32>();
        let (part, rest) = self.rest.split_at(end);
        (self.rest, self.left) = (rest, self.left - used);
        Some(part)
    }
}

/// The last place at or before `full` that is not inside a cluster; `full` itself where the text begins with a cluster that
/// reaches past it. `full` is a character's place.
pub(super) fn before_cluster(text: &str, full: usize) -> usize {
    let octets = text.as_bytes();
    // Two plain letters are two clusters; what is asked most is answered first.
    if full > 0 && octets[full - 1].is_ascii_graphic() && octets.get(full).is_none_or(u8::is_ascii_graphic) {
        return full;
    }
    let mut cursor = GraphemeCursor::new(full, text.len(), true);
    // Asked of a whole text, the cursor never wants more of it.
    match cursor.is_boundary(text, 0) {
        Ok(true) | Err(_) => full,
        Ok(false) => match cursor.prev_boundary(text, 0) {
            Ok(Some(place)) if place > 0 => place,
            _ => full,
        },
    }
}
