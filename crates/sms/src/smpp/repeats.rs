//! Replay keys of texts that come in. SMPP gives a family's text no id of its own, and two texts may say the same: "yes" on
//! Monday and "yes" on Tuesday are two. So a key is what was said and when it was first heard; a delivery that the center repeats,
//! since our acknowledgement did not reach it, gets the key it had before.
//!
//! A repetition is the same octets again, before we acknowledged them, or soon after a cut when we had acknowledged them shortly
//! before it. After a restart of the process nothing is remembered: a repetition then shows a text twice rather than never.

use domain::Time;
use sha2::Digest;
use std::collections::HashMap;

/// How long before a cut an acknowledgement may have been lost.
const SHORTLY: i64 = 30;
/// How long after a cut the center repeats.
const SOON: i64 = 600;
/// The most that are remembered.
const MOST: usize = 20_000;

/// What the octets of a delivery come to.
pub(super) type Print = [u8; 32];

/// A print.
pub(super) fn print(body: &[u8]) -> Print {
    sha2::Sha256::digest(body).into()
}

struct Seen {
    first: Time,
    last: Time,
    acknowledged: Option<Time>,
    /// When the cut came after which it may be repeated.
    cut: Option<Time>,
}

/// See the module.
#[derive(Default)]
pub(super) struct Repeats(HashMap<Print, Seen>);

impl Repeats {
    /// The key of a delivery heard now.
    pub fn key(&mut self, print: Print, now: Time) -> String {
        if self.0.len() > MOST {
            self.0.retain(|_, seen| seen.acknowledged.is_none_or(|at| at > now.plus_seconds(-SHORTLY)));
        }
        let known = self.0.get(&print).filter(|seen| match (seen.acknowledged, seen.cut) {
            (None, cut) => now < cut.unwrap_or(seen.last).plus_seconds(SOON),
            (Some(_), Some(cut)) => now < cut.plus_seconds(SOON),
            (Some(_), None) => false,
        });
        let first = known.map_or(now, |seen| seen.first);
        self.0.insert(print, Seen { first, last: now, acknowledged: None, cut: None });
        format!("{}.{}", domain::hex(&print[..16]), first.0)
    }

    /// It was acknowledged.
    pub fn acknowledged(&mut self, print: &Print, now: Time) {
        if let Some(seen) = self.0.get_mut(print) {
            seen.acknowledged = Some(now);
        }
    }

    /// The link was cut.
    pub fn cut(&mut self, now: Time) {
        self.0.retain(|_, seen| seen.acknowledged.is_none_or(|at| at > now.plus_seconds(-SHORTLY)));
        self.0.values_mut().for_each(|seen| seen.cut = Some(now));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_words_twice_are_two_texts_and_a_repeated_delivery_is_one() {
        let (mut repeats, at) = (Repeats::default(), |second: i64| Time(0).plus_seconds(second));
        let yes = print(b"yes");
        let first = repeats.key(yes, at(0));
        assert_eq!(repeats.key(yes, at(5)), first, "not acknowledged yet: the center was impatient");
        repeats.acknowledged(&yes, at(6));
        let second = repeats.key(yes, at(20));
        assert_ne!(second, first, "acknowledged, and the link held: a second yes");
        repeats.acknowledged(&yes, at(21));
        repeats.cut(at(30));
        assert_eq!(repeats.key(yes, at(40)), second, "the acknowledgement may have been lost in the cut");
        repeats.acknowledged(&yes, at(41));
        assert_ne!(repeats.key(yes, at(50)), second, "but only once");
        repeats.acknowledged(&yes, at(51));
        repeats.cut(at(500));
        assert_ne!(repeats.key(yes, at(501)), first, "long acknowledged before the cut");
        repeats.cut(at(510));
        let third = repeats.key(yes, at(520));
        assert_ne!(repeats.key(yes, at(5000)), third, "nobody repeats so late: a yes of another day");
        assert_ne!(repeats.key(print(b"no"), at(0)), first);
    }
}
