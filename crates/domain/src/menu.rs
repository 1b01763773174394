//! The menu ledger: each numbered option sent is a row, and a digit whose menu is closed is never guessed (DIALOGUE 4).

use crate::message::{Answer, AnswerSet};
use crate::*;
use serde::{Deserialize, Serialize};

/// What a digit means on one (family phone, our number).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Meaning {
    /// An answer to a message.
    Answer {
        /// The delivery that offered it.
        delivery: DeliveryId,
        /// Which act.
        answer: Answer,
    },
    /// "Who is it for?": this member of staff, about this child.
    For {
        /// The incoming that waits.
        incoming: IncomingId,
        /// Who.
        staff: StaffId,
        /// About whom, if the choice names a child.
        student: Option<StudentId>,
    },
    /// "Who is it for?": the office, or not sure.
    Office {
        /// The incoming that waits.
        incoming: IncomingId,
    },
    /// After STOP: stop only this member of staff.
    StopOnly {
        /// Who.
        staff: StaffId,
    },
    /// After STOP: stop emergencies too.
    StopAll,
    /// After 0: show the first wording.
    ShowOriginal {
        /// The delivery that was unclear.
        delivery: DeliveryId,
    },
    /// After 0, or anywhere: a person contacts me in my language.
    ContactMe {
        /// The delivery it belongs to, if any.
        delivery: Option<DeliveryId>,
    },
    /// Wrong number.
    Language {
        /// The autonym question: this language.
        tag: String,
    },
}

/// An open option.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MenuEntry {
    /// The family's contact point.
    pub contact: ContactId,
    /// Our number.
    pub sender: SenderId,
    /// 0 to 9.
    pub digit: u8,
    /// What it means.
    pub meaning: Meaning,
    /// Closed after this.
    pub until: Time,
}

/// The digits of an answer set, beginning at `base` (1 or 4): the acts, then "contact me"; 0 is always "not clear".
/// Empty when the set does not fit below 7, or offers nothing.
pub fn digits(set: AnswerSet, base: u8) -> Vec<(u8, Answer)> {
    if set == AnswerSet::None || base == 0 {
        return Vec::new();
    }
    let acts = set.acts().iter().copied().chain([Answer::ContactMe]);
    let mut all: Vec<(u8, Answer)> = acts.enumerate().map(|(index, act)| (base + index as u8, act)).collect();
    if all.last().is_some_and(|(digit, _)| *digit > 6) {
        return Vec::new();
    }
    all.push((0, Answer::NotClear));
    all
}

/// Where a new menu of `count` digits begins, given the digits open now: 1, else 4, else 0 = none is free, answer in words.
pub fn base(open: &[u8], count: usize) -> u8 {
    let free = |base: u8| (base..base + count as u8).all(|digit| digit <= 6 && !open.contains(&digit));
    if free(1) {
        1
    } else if free(4) {
        4
    } else {
        0
    }
}

/// Seconds for which the digits of a closed menu are given to no other: an answer that a carrier brings late must not be read as one
/// to the next menu.
pub const REST: i64 = 2 * 3600;

/// What a digit means among the entries that are open, the newest text first: 0 belongs to the newest text that offers it (how long a
/// menu stays open says nothing), every other digit to the one menu that does. `None`: it is not guessed.
pub fn meant(open: &[MenuEntry], digit: u8) -> Option<&MenuEntry> {
    open.iter().find(|entry| entry.digit == digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_belongs_to_the_newest_text_though_an_older_one_is_open_longer() {
        let entry = |delivery, until| MenuEntry {
            contact: ContactId(1),
            sender: SenderId(1),
            digit: 0,
            meaning: Meaning::Answer { delivery: DeliveryId(delivery), answer: Answer::NotClear },
            until: Time(until),
        };
        let open = [entry(8, 100), entry(7, 900)];
        assert_eq!(meant(&open, 0), Some(&open[0]));
        assert_eq!(meant(&open, 1), None);
    }

    #[test]
    fn digits_of_two_open_menus_never_overlap() {
        let first = digits(AnswerSet::Coming, base(&[], 3));
        let open: Vec<u8> = first.iter().map(|(digit, _)| *digit).filter(|digit| *digit > 0).collect();
        let second = digits(AnswerSet::Permission, base(&open, 3));
        assert_eq!(second.iter().map(|(digit, _)| *digit).collect::<Vec<_>>(), [4, 5, 6, 0]);
        assert_eq!(base(&[1, 2, 3, 4, 5, 6], 3), 0);
        assert!(digits(AnswerSet::Absence, 4).is_empty(), "five digits do not fit from 4");
    }
}
