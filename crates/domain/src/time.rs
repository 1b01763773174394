//! Time as the store keeps it: integer microseconds UTC. Never reads a clock.

use jiff::{Timestamp, Zoned, civil, tz::TimeZone};
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
        let clamped = self.0.clamp(Timestamp::MIN.as_microsecond(), Timestamp::MAX.as_microsecond());
        Timestamp::from_microsecond(clamped).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone.clone())
    }
    /// The moment a wall clock in `zone` shows `local`: the first where it comes twice, the next valid one in a gap.
    pub fn of_local(local: civil::DateTime, zone: &TimeZone) -> Time {
        local.to_zoned(zone.clone()).map_or(Time(0), |zoned| Time(zoned.timestamp().as_microsecond()))
    }
}

/// The day US carriers count caps by: midnight in Pacific time, in days since 1970. Source: T-Mobile's daily cap as Twilio's
/// "A2P 10DLC" pages describe it.
pub fn carrier_day(now: Time) -> i64 {
    i64::from(civil::Date::constant(1970, 1, 1).until(now.in_zone(&zone("America/Los_Angeles")).date()).map_or(0, |span| span.get_days()))
}

/// The zone named by an IANA name, UTC if the name is unknown.
pub fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}
