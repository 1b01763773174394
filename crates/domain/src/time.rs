//! Time as the store keeps it: integer microseconds UTC. Never reads a clock.

use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp, Zoned, civil};
use serde::{Deserialize, Serialize};

/// A moment, in microseconds since the Unix epoch, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Time(pub i64);

impl Time {
    /// Far enough away to mean "no end".
    pub const NEVER: Time = Time(i64::MAX / 4);

    /// `seconds` later (or earlier, if negative).
    pub fn plus_seconds(self, seconds: i64) -> Time {
        Time(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }
    /// `minutes` later.
    pub fn plus_minutes(self, minutes: i64) -> Time {
        self.plus_seconds(minutes * 60)
    }
    /// `hours` later.
    pub fn plus_hours(self, hours: i64) -> Time {
        self.plus_seconds(hours * 3600)
    }
    /// `days` of 24 hours later.
    pub fn plus_days(self, days: i64) -> Time {
        self.plus_hours(days * 24)
    }
    /// Milliseconds since the epoch.
    pub fn millis(self) -> u64 {
        u64::try_from(self.0 / 1000).unwrap_or(0)
    }
    /// Whole seconds since the epoch.
    pub fn seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }
    /// The wall clock in `zone`.
    pub fn in_zone(self, zone: &TimeZone) -> Zoned {
        self.stamp().to_zoned(zone.clone())
    }
    /// The same moment as `jiff` counts it, as near as it goes.
    pub(crate) fn stamp(self) -> Timestamp {
        let clamped = self.0.clamp(Timestamp::MIN.as_microsecond(), Timestamp::MAX.as_microsecond());
        Timestamp::from_microsecond(clamped).unwrap_or(Timestamp::UNIX_EPOCH)
    }
    /// The moment a wall clock in `zone` shows `local`: the first where it comes twice, the next valid one in a gap.
    pub fn of_local(local: civil::DateTime, zone: &TimeZone) -> Time {
        let moment = |at: Timestamp| Time(at.as_microsecond());
        let found = zone.to_ambiguous_zoned(local);
        // Read with the offset of before, what falls into a gap lies as long after the jump as it lies into the gap.
        let jump = match found.offset() {
            AmbiguousOffset::Gap { before, .. } => before.to_timestamp(local).ok().and_then(|at| zone.preceding(at + NANO).next()),
            AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => None,
        };
        match jump {
            Some(jump) => moment(jump.timestamp()),
            None => found.compatible().map_or(Time(0), |zoned| moment(zoned.timestamp())),
        }
    }
}

/// So that a jump at the very moment counts as before it.
const NANO: SignedDuration = SignedDuration::from_nanos(1);

/// The day US carriers count caps by: midnight in Pacific time, in days since 1970. Source: T-Mobile's daily cap as Twilio's
/// "A2P 10DLC" pages describe it.
pub fn carrier_day(now: Time) -> i64 {
    i64::from(civil::Date::constant(1970, 1, 1).until(now.in_zone(&zone("America/Los_Angeles")).date()).map_or(0, |span| span.get_days()))
}

/// The zone named by an IANA name, UTC if the name is unknown.
pub fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}
