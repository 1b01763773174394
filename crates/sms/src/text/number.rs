//! Long texts where the carrier does not join parts: each goes as a message of its own and says which it is ("1/3 …").

use super::cut::before_cluster;
use super::economy::economise;
use super::latin;

/// What a message of its own holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Septets, where all of its characters are in the default alphabet.
    pub septets: u32,
    /// UTF-16 units otherwise.
    pub units: u32,
}

impl Default for Limit {
    /// One segment.
    fn default() -> Self {
        Self { septets: 160, units: 70 }
    }
}

/// A part that is read alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbered {
    /// What stands before its words: `1/3 `, behind the mark of a text from right to left.
    pub number: String,
    /// Its words; joined, those of all parts are the text after economy.
    pub words: String,
}

impl Numbered {
    /// What is sent. The mark that the text itself begins with is not sent twice.
    pub fn whole(&self) -> String {
        let words = if self.number.starts_with(RIGHT_TO_LEFT) { self.words.strip_prefix(RIGHT_TO_LEFT) } else { None };
        format!("{}{}", self.number, words.unwrap_or(&self.words))
    }
}

/// Says that what follows runs from right to left, though it begins with a digit or a Latin name.
const RIGHT_TO_LEFT: char = '\u{200f}';

/// Numbers the parts of a text after economy so that each fits one message. A text that fits as it is gets no number.
///
/// Each part is coded by itself, so one emoji does not make the others short. Clusters stay whole unless one alone is longer than
/// a part; a part ends after a word where that costs at most a quarter of it. Where the text begins with U+200F so does each part,
/// before its number: phones that look for the first strong character then read every part from right to left, and the
/// digits and the stroke stay in their order (Unicode UAX #9, W4: a common separator between European numbers is one).
///
/// A limit that has no room for the number and one character is taken for one that has.
pub fn numbered(text: &str, limit: Limit) -> Vec<Numbered> {
    let text = economise(text);
    let limit = Limit { septets: limit.septets.max(24), units: limit.units.max(24) };
    if fitting(&text, limit, 0, false) == text.len() {
        return vec![Numbered { number: String::new(), words: text.into_owned() }];
    }
    let mark = if text.starts_with(RIGHT_TO_LEFT) { "\u{200f}" } else { "" };
    // How many parts there are depends on how long their numbers are, and so on how many there are.
    let mut digits = 1;
    let parts = loop {
        let parts = cut(&text, limit, mark, digits);
        if decimal(parts.len()) <= digits {
            break parts;
        }
        digits += 1;
    };
    let total = parts.len();
    let number = |index: usize| format!("{mark}{}/{total} ", index + 1);
    parts.into_iter().enumerate().map(|(index, words)| Numbered { number: number(index), words: words.to_owned() }).collect()
}

/// Digits of a count.
fn decimal(count: usize) -> u32 {
    count.checked_ilog10().unwrap_or_default() + 1
}

/// The words of the parts, for a total of so many digits.
fn cut<'a>(text: &'a str, limit: Limit, mark: &str, digits: u32) -> Vec<&'a str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        // The first part has the mark of the text itself.
        let added = if parts.is_empty() { 0 } else { mark.chars().count() as u32 };
        let number = added + decimal(parts.len() + 1) + digits + 2;
        let full = fitting(rest, limit, number, !mark.is_empty());
        let (part, after) = rest.split_at(if full == rest.len() { full } else { after_word(rest, before_cluster(rest, full)) });
        parts.push(part);
        rest = after;
    }
    parts
}

/// How many octets of a text fit beside a number of so many characters, which is `marked` where U+200F stands before it.
fn fitting(text: &str, limit: Limit, number: u32, marked: bool) -> usize {
    let (mut septets, mut units) = (Some(number).filter(|_| !marked), number);
    for (at, mark) in text.char_indices() {
        septets = match (septets, latin::septets(mark)) {
            (None, _) | (_, 0) => None,
            (Some(sum), cost) => Some(sum + cost),
        };
        units += mark.len_utf16() as u32;
        if septets.map_or(units > limit.units, |sum| sum > limit.septets) {
            return at;
        }
    }
    text.len()
}

/// The end of the last word before `full`, with the space after it, unless that wastes more than a quarter of the part.
fn after_word(text: &str, full: usize) -> usize {
    match text[..full].rfind([' ', '\n']) {
        Some(space) if space + 1 > full / 4 * 3 && before_cluster(text, space + 1) == space + 1 => space + 1,
        _ => full,
    }
}
