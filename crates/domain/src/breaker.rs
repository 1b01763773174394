//! A carrier that is down is not asked again and again: after some faults in a row nothing is claimed for it, until one try
//! shows that it is back. No attempt is burned while it is down. Memory of one process: each node finds out for itself.

use crate::Time;

/// Faults in a row that open it.
const FAULTS: u32 = 20;
/// Seconds until the first try; doubled up to [`LONGEST`].
const FIRST: i64 = 5;
/// The longest pause in seconds.
const LONGEST: i64 = 60;

/// See the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Breaker {
    faults: u32,
    pause: i64,
    closed_from: Time,
}

impl Default for Breaker {
    fn default() -> Self {
        Self { faults: 0, pause: FIRST, closed_from: Time(0) }
    }
}

impl Breaker {
    /// How many may be claimed now: all, one to try, or none. The one try is taken by whoever asked: workers of other numbers and
    /// lanes wait for what it shows, or for the next.
    pub fn allows(&mut self, now: Time, most: i64) -> i64 {
        if self.faults < FAULTS {
            return most;
        }
        // A clock that was set back must not make the pause longer than it was.
        if now < self.closed_from && self.closed_from < now.plus_seconds(LONGEST + 1) {
            return 0;
        }
        self.rest(now);
        most.min(1)
    }

    /// Nothing was left to try with: all that was claimed was late or withheld. The next may try at once.
    pub fn untried(&mut self, now: Time) {
        if self.faults >= FAULTS {
            self.closed_from = now;
            self.pause = (self.pause / 2).max(FIRST);
        }
    }

    /// The carrier answered, whatever it said of the text.
    pub fn answered(&mut self) {
        *self = Self::default();
    }

    /// The carrier could not be reached or said that it is out of order.
    pub fn failed(&mut self, now: Time) {
        self.faults = self.faults.saturating_add(1);
        if self.faults == FAULTS {
            self.rest(now);
        }
    }

    /// Refused in a way that the next try will not mend: open at once.
    pub fn refused(&mut self, now: Time) {
        if self.faults < FAULTS {
            self.faults = FAULTS;
            self.rest(now);
        }
    }

    /// Whether nothing speaks against it.
    pub fn closed(&self) -> bool {
        self.faults < FAULTS
    }

    fn rest(&mut self, now: Time) {
        self.closed_from = now.plus_seconds(self.pause);
        self.pause = (self.pause * 2).min(LONGEST);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_opens_tries_once_and_closes_with_the_first_answer() {
        let mut breaker = Breaker::default();
        for _ in 0..FAULTS {
            assert_eq!(breaker.allows(Time(0), 500), 500);
            breaker.failed(Time(0));
        }
        assert_eq!(breaker.allows(Time(0), 500), 0);
        let later = Time(0).plus_seconds(FIRST);
        assert_eq!(breaker.allows(later, 500), 1);
        assert_eq!(breaker.allows(later, 500), 0, "one try, though another number asks at the same moment");
        breaker.untried(later);
        assert_eq!(breaker.allows(later, 500), 1, "what was late tried nothing");
        breaker.failed(later);
        assert_eq!(breaker.allows(later.plus_seconds(FIRST), 500), 0, "the pause grows");
        assert_eq!(breaker.allows(later.plus_seconds(-3600), 500), 1, "a clock that was set back does not keep it closed for an hour");
        breaker.answered();
        assert_eq!(breaker.allows(later, 500), 500);
    }
}
