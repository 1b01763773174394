//! The oracle: a phone's screen, and what a reasonable person means who has nothing else. It is made of the texts that the carrier
//! brought, in their order, and of what the person wrote; it never looks into the house.
//!
//! What it says of acts that could mean two things:
//! - A digit means what the last text with this digit on the screen of that number says.
//! - Words to a number on whose screen only one teacher ever stood are meant for that teacher, however long ago.
//! - Else they are meant for whoever stands last, if that is warm. Another teacher is warm for eight hours after the last text to or
//!   from them, unless the person has written to the newer one since. Where two are warm the words may be meant for either, and must be
//!   asked about: giving them to one is a guess, even if it is the one the person had in mind.
//! - The office's number is nobody's: words to it are meant for who wrote last from there, within five days.

use domain::Time;
use std::collections::BTreeSet;

/// Hours for which a matter is warm.
const WARM: i64 = 8;

/// A line on the screen.
#[derive(Clone, Debug)]
pub struct Shown {
    pub at: Time,
    /// Our number.
    pub number: String,
    /// Who wrote it, or to whom the person meant it; `None`: the house itself.
    pub who: Option<usize>,
    /// Written by the person.
    pub own: bool,
    /// The message, where a person wrote it.
    pub message: Option<usize>,
    /// Digits it offers, with what stands beside them.
    pub digits: Vec<(u8, String)>,
}

#[derive(Default)]
pub struct Screen {
    pub lines: Vec<Shown>,
}

/// Whom words may be meant for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meant {
    One(usize),
    /// Nobody can tell, not even a person.
    Unsure,
}

impl Screen {
    fn on<'a>(&'a self, number: &'a str) -> impl DoubleEndedIterator<Item = &'a Shown> {
        self.lines.iter().filter(move |line| line.number == number)
    }

    /// Whom bare words to this number are meant for, read off the screen.
    pub fn words(&self, number: &str, office: bool, at: Time) -> Meant {
        let people: BTreeSet<usize> = self.on(number).filter_map(|line| line.who).collect();
        let last = |who: usize| self.on(number).filter(|line| line.who == Some(who)).map(|line| line.at).max();
        let Some(newest) = self.on(number).rev().find_map(|line| line.who) else { return Meant::Unsure };
        let when = last(newest).unwrap_or(at);
        if office && when < at.plus_days(-5) {
            return Meant::Unsure;
        }
        if people.len() == 1 {
            return Meant::One(newest);
        }
        let wrote = self.on(number).filter(|line| line.own && line.who == Some(newest)).map(|line| line.at).max();
        let warm = |other: usize| last(other).is_some_and(|last| last >= at.plus_hours(-WARM) && wrote.is_none_or(|wrote| wrote <= last));
        let fresh = when >= at.plus_days(-5);
        if fresh && people.iter().all(|other| *other == newest || !warm(*other)) { Meant::One(newest) } else { Meant::Unsure }
    }

    /// The last text on this number's screen that offers a digit.
    pub fn digit<'a>(&'a self, number: &'a str, digit: u8) -> Option<&'a Shown> {
        self.on(number).rev().find(|line| line.digits.iter().any(|(offered, _)| *offered == digit))
    }

    /// The newest text of a person on it that asks for an answer.
    pub fn newest<'a>(&'a self, number: &'a str) -> Option<&'a Shown> {
        self.on(number).rev().find(|line| !line.own)
    }
}

/// The digits a text offers, with the words that follow each, as they can be read off it.
pub fn digits(text: &str) -> Vec<(u8, String)> {
    let mut found: Vec<(u8, String)> = Vec::new();
    for word in text.split_whitespace() {
        match word.parse::<u8>() {
            Ok(digit) if word.len() == 1 => found.push((digit, String::new())),
            _ => {
                if let Some((_, said)) = found.last_mut() {
                    said.push_str(if said.is_empty() { "" } else { " " });
                    said.push_str(word);
                }
            }
        }
    }
    found
}
