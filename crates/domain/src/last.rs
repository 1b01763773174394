//! When the last text of a message will have left: as claims will let it, at its number's rate, over quiet hours and over the days
//! that carriers count. Says what must come about where nothing goes wrong; it decides nothing. No clock here: `from` is handed in.

use crate::Time;
use crate::time::{carrier_day, zone};
use jiff::tz::TimeZone;

/// How fast a number gets rid of texts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    /// Texts a second.
    pub rate: f64,
    /// Texts a day its brand may send; 0 = no limit.
    pub daily: i64,
    /// Of those, spent on the day it was when this was read,
    pub spent: i64,
    /// that day (see [`carrier_day`]).
    pub day: i64,
}

/// Stretches looked at: at two or three a day more than a month.
const STRETCHES: usize = 100;

/// When the last of so many texts leaves, the first one not before `from`. `quiet`: quiet hours in minutes of the local day, where they
/// hold these texts. `None`: not within a month, or there is nothing to send.
pub fn last_leaves(from: Time, texts: i64, pace: Pace, quiet: Option<(i64, i64)>, local: &TimeZone) -> Option<Time> {
    let interval = 1_000_000.0 / pace.rate.max(0.001);
    let pacific = zone("America/Los_Angeles");
    let quiet = quiet.filter(|(begins, ends)| begins != ends);
    let (mut at, mut left) = (from, texts);
    let (mut day, mut spent) = (pace.day, pace.spent);
    for _ in 0..STRETCHES {
        at = quiet.map_or(at, |quiet| crate::quiet::opens(at, quiet, local));
        if carrier_day(at) != day {
            (day, spent) = (carrier_day(at), 0);
        }
        let midnight = next(at, 0, &pacific);
        let until = quiet.map_or(midnight, |(begins, _)| midnight.min(next(at, begins, local)));
        let room = if pace.daily > 0 { (pace.daily - spent).max(0) } else { i64::MAX };
        // One leaves at once, when its number has not spoken for a while.
        let places = ((until.0 - at.0 - 1) as f64 / interval) as i64 + 1;
        let now = room.min(places).min(left);
        if left > 0 && now == left {
            return Some(Time(at.0 + ((left - 1) as f64 * interval) as i64));
        }
        left -= now;
        spent += now;
        at = if now == room { midnight } else { until };
    }
    None
}

/// The next time after `at` that a clock shows this minute of its day.
fn next(at: Time, minute: i64, zone: &TimeZone) -> Time {
    let today = at.in_zone(zone).date();
    let shown = |date: jiff::civil::Date| Time::of_local(date.at((minute / 60) as i8, (minute % 60) as i8, 0, 0), zone);
    let days = std::iter::successors(Some(today), |date| date.tomorrow().ok());
    days.take(3).map(shown).find(|moment| *moment > at).unwrap_or_else(|| at.plus_days(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NIGHT: Option<(i64, i64)> = Some((21 * 60, 7 * 60));

    fn at(text: &str) -> Time {
        Time::of_local(text.parse().expect("a local time"), &zone("America/New_York"))
    }

    fn pace(rate: f64, daily: i64, spent: i64, now: Time) -> Pace {
        Pace { rate, daily, spent, day: carrier_day(now) }
    }

    fn last(from: Time, texts: i64, pace: Pace, quiet: Option<(i64, i64)>) -> Option<Time> {
        last_leaves(from, texts, pace, quiet, &zone("America/New_York"))
    }

    #[test]
    fn a_number_speaks_at_its_rate() {
        let now = at("2026-03-10T10:00");
        let slow = pace(0.5, 0, 0, now);
        assert_eq!(last(now, 1, slow, NIGHT), Some(now), "one leaves at once");
        assert_eq!(last(now, 31, slow, NIGHT), Some(now.plus_minutes(1)));
        assert_eq!(last(now, 0, slow, NIGHT), None);
    }

    #[test]
    fn what_quiet_hours_stop_goes_on_in_the_morning_and_an_emergency_goes_on_at_night() {
        let now = at("2026-03-10T20:59");
        let slow = pace(1.0, 0, 0, now);
        assert_eq!(last(now, 60, slow, NIGHT), Some(at("2026-03-10T20:59:59")));
        assert_eq!(last(now, 61, slow, NIGHT), Some(at("2026-03-11T07:00")));
        assert_eq!(last(now, 61, slow, None), Some(at("2026-03-10T21:00")));
        assert_eq!(last(now, 61, slow, Some((0, 0))), Some(at("2026-03-10T21:00")));
        // Written at night: in the morning.
        assert_eq!(last(at("2026-03-10T23:00"), 2, slow, NIGHT), Some(at("2026-03-11T07:00:01")));
    }

    #[test]
    fn what_is_over_the_brands_day_goes_on_after_midnight_in_the_west_or_the_morning_after() {
        let now = at("2026-03-10T10:00");
        // 2,000 a day, of which 500 are gone: 1,500 today, 2,000 tomorrow, and the last on Thursday.
        let capped = pace(10.0, 2_000, 500, now);
        assert_eq!(last(now, 1_500, capped, NIGHT), Some(Time(now.0 + 149_900_000)));
        assert_eq!(last(now, 1_501, capped, NIGHT), Some(at("2026-03-11T07:00")));
        assert_eq!(last(now, 3_501, capped, NIGHT), Some(at("2026-03-12T07:00")));
        // The carriers' day begins at three in the morning here.
        assert_eq!(last(now, 1_501, capped, None), Some(at("2026-03-11T03:00")));
        // What was spent is another day's.
        assert_eq!(last(at("2026-03-11T10:00"), 2_000, capped, NIGHT), Some(Time(at("2026-03-11T10:00").0 + 199_900_000)));
        assert_eq!(last(now, 1_000_000, pace(10.0, 10, 0, now), NIGHT), None, "not within a month");
    }

    #[test]
    fn an_hour_that_is_missing_does_not_stop_it() {
        // On Sunday 8 March 2026 two o'clock becomes three.
        let now = at("2026-03-08T01:59:59");
        assert_eq!(last(now, 11, pace(1.0, 0, 0, now), Some((22 * 60, 60))), Some(now.plus_seconds(10)));
    }
}
