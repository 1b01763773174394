//! Quiet hours, school hours and clocks, over every transition of a zone (DIALOGUE 1 and 7).

use crate::message::{Audience, Message, Weight};
use crate::people::Channel;
use crate::{StaffId, Time};
use jiff::{Span, Zoned, civil::Weekday, tz::TimeZone};

/// The first moment at or after `at` that is outside quiet hours. `quiet` is (from, to) in minutes of the local day;
/// equal ends mean no quiet hours. Between two transitions the wall clock runs evenly: there the end is a subtraction. At each
/// transition it jumps, into quiet hours or out of them, and is read anew.
pub fn opens(at: Time, quiet: (i64, i64), zone: &TimeZone) -> Time {
    let mut now = at;
    for transition in zone.following(at.stamp()).take(JUMPS) {
        let ends = ends(now, quiet, zone);
        let jump = Time(transition.timestamp().as_microsecond());
        if ends < jump {
            return ends;
        }
        now = jump;
    }
    ends(now, quiet, zone)
}

/// Transitions looked at before quiet hours are taken to end by the clock as it runs: no zone has more in two days.
const JUMPS: usize = 4;

/// As [`opens`], while the wall clock runs evenly.
fn ends(at: Time, (from, to): (i64, i64), zone: &TimeZone) -> Time {
    let local = at.0 + i64::from(zone.to_offset(at.stamp()).seconds()) * 1_000_000;
    let since_midnight = local.rem_euclid(DAY);
    let minute = since_midnight / MINUTE;
    let inside = if from <= to { (from..to).contains(&minute) } else { minute >= from || minute < to };
    if inside { Time(at.0 + (to * MINUTE - since_midnight).rem_euclid(DAY)) } else { at }
}

const MINUTE: i64 = 60_000_000;
const DAY: i64 = 1440 * MINUTE;

/// Until when a message that is claimed at `now` must wait after all: its window opened before quiet hours, and a slow number, a
/// carrier that was down or a first contact brought it into them. `None`: it may leave. What passes (DIALOGUE 7): `emergency`
/// and `urgent`; our answer to what the family just sent; a staff member's answer that was let through quiet hours when it was
/// written, because the family wrote just before. Our letters without a question are to staff: they keep hours of their own.
pub fn holds(message: &Message, channel: Channel, now: Time, quiet: (i64, i64), zone: &TimeZone) -> Option<Time> {
    let just = now.0 - message.not_before.0 < LIVE * MINUTE;
    let passes = match (message.author == StaffId::HOUSE, &message.audience) {
        _ if message.weight <= Weight::Urgent => true,
        (true, _) => {
            if message.answers_to.is_some() {
                just
            } else {
                channel == Channel::Email
            }
        }
        (false, Audience::Thread { .. }) => just && opens(message.not_before, quiet, zone) > message.not_before,
        (false, _) => false,
    };
    let until = opens(now, quiet, zone);
    (!passes && until > now).then_some(until)
}

/// An exchange is live, and an answer immediate, for so many minutes.
pub const LIVE: i64 = 30;

/// When a clock that starts at `at` runs out after `minutes` of school hours, Monday to Friday.
pub fn due(at: Time, minutes: i64, hours: (i64, i64), zone: &TimeZone) -> Time {
    let (from, to) = hours;
    let mut left = minutes.max(0);
    let mut local = at.in_zone(zone);
    for _ in 0..60 {
        let minute = i64::from(local.hour()) * 60 + i64::from(local.minute());
        let school_day = !matches!(local.weekday(), Weekday::Saturday | Weekday::Sunday);
        if school_day && minute < to {
            let start = minute.max(from);
            if left <= to - start {
                return local_minute(&local, 0, start + left, zone);
            }
            left -= to - start;
        }
        local = local_minute(&local, 1, from, zone).in_zone(zone);
    }
    at.plus_days(14)
}

/// Whether school hours run at `at`.
pub fn in_hours(at: Time, hours: (i64, i64), zone: &TimeZone) -> bool {
    // From midnight to midnight: a house that never closes, on weekends neither.
    if hours == (0, 24 * 60) {
        return true;
    }
    let local = at.in_zone(zone);
    let minute = i64::from(local.hour()) * 60 + i64::from(local.minute());
    !matches!(local.weekday(), Weekday::Saturday | Weekday::Sunday) && (hours.0..hours.1).contains(&minute)
}

fn local_minute(local: &Zoned, days: i64, minute: i64, zone: &TimeZone) -> Time {
    let date = local.date().checked_add(Span::new().days(days)).unwrap_or(local.date());
    let clock = date.at((minute / 60).clamp(0, 23) as i8, (minute % 60) as i8, 0, 0);
    Time::of_local(clock, zone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::zone;

    fn at(text: &str) -> Time {
        Time(text.parse::<jiff::Timestamp>().expect("a timestamp").as_microsecond())
    }

    #[test]
    fn quiet_hours_hold_until_morning_over_the_spring_transition() {
        let eastern = zone("America/New_York");
        // 2026-03-08 02:00 does not exist in New York; 21:30 the evening before waits for 07:00 EDT = 11:00Z.
        assert_eq!(opens(at("2026-03-08T02:30:00Z"), (1260, 420), &eastern), at("2026-03-08T11:00:00Z"));
        assert_eq!(opens(at("2026-03-09T15:00:00Z"), (1260, 420), &eastern), at("2026-03-09T15:00:00Z"));
        // After midnight the same morning opens it.
        assert_eq!(opens(at("2026-03-09T05:00:00Z"), (1260, 420), &eastern), at("2026-03-09T11:00:00Z"));
    }

    #[test]
    fn a_clock_runs_in_school_hours_only() {
        let eastern = zone("America/New_York");
        // Friday 15:00 EST, four school hours (8:00 to 16:00): one on Friday, three on Monday.
        assert_eq!(due(at("2026-01-09T20:00:00Z"), 240, (480, 960), &eastern), at("2026-01-12T16:00:00Z"));
    }

    #[test]
    fn a_house_from_midnight_to_midnight_never_closes_and_another_does_on_saturday() {
        let saturday = at("2026-11-28T17:00:00Z");
        let zone = zone("America/New_York");
        assert!(in_hours(saturday, (0, 24 * 60), &zone));
        assert!(!in_hours(saturday, (0, 24 * 60 - 1), &zone));
        assert!(in_hours(saturday.plus_days(2), (0, 24 * 60 - 1), &zone));
    }
}
