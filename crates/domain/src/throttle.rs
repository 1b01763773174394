//! How fast a number may speak. One row per sender holds when its next text would be on time; every worker of every node
//! claims against that row, so the rate holds for all of them together. No clock here: `now` is handed in.

use crate::Time;
use crate::message::Lane;

/// How far ahead a lane may claim: what is heavier never finds all the places taken by a broadcast.
fn ahead(lane: Lane) -> f64 {
    match lane {
        Lane::Emergency | Lane::Reply => 3.0,
        Lane::Direct => 1.5,
        Lane::Broadcast => 1.0,
    }
}

/// Microseconds between two texts at `rate` a second.
fn interval(rate: f64) -> f64 {
    1_000_000.0 / rate.max(0.001)
}

/// How many texts may be claimed now, at most `most`. `next` is when the next text would be on time.
pub fn allowed(now: Time, next: Time, rate: f64, lane: Lane, most: i64) -> i64 {
    let behind = lead(now, next, rate);
    let places = ((ahead(lane) * 1_000_000.0 - behind) / interval(rate)).floor() as i64;
    // A slow number still sends one when its time has come.
    let places = if behind == 0.0 { places.max(1) } else { places };
    places.clamp(0, most)
}

/// How far `next` lies ahead, in microseconds. Claims bring it no further than the heaviest lane may look ahead: what lies beyond was
/// written before the clock was set back, and counts no more. Nobody waits for an hour because of it.
fn lead(now: Time, next: Time, rate: f64) -> f64 {
    let most = ahead(Lane::Emergency) * 1_000_000.0 + interval(rate);
    let lead = (next.0 - now.0).max(0) as f64;
    if lead > most { 0.0 } else { lead }
}

/// When the next text is on time, once `taken` were claimed.
pub fn next(now: Time, next: Time, rate: f64, taken: i64) -> Time {
    Time(now.0 + lead(now, next, rate) as i64 + (taken as f64 * interval(rate)) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_holds_over_time_and_a_broadcast_leaves_places_for_replies() {
        let mut on_time = Time(0);
        let mut sent = 0;
        for tenth in 0..1000 {
            let now = Time(tenth * 100_000);
            let count = allowed(now, on_time, 7.0, Lane::Broadcast, 500);
            on_time = next(now, on_time, 7.0, count);
            sent += count;
        }
        assert!((700..=707).contains(&sent), "100 s at 7 a second, and a second ahead: {sent}");
        assert!(allowed(Time(99_900_000), on_time, 7.0, Lane::Broadcast, 500) <= 1);
        assert!(allowed(Time(99_900_000), on_time, 7.0, Lane::Reply, 500) >= 13);
    }

    #[test]
    fn a_clock_that_was_set_back_does_not_silence_a_number() {
        let (before, after) = (Time(7_200_000_000), Time(3_600_000_000));
        let taken = allowed(before, Time(0), 10.0, Lane::Emergency, 500);
        let on_time = next(before, Time(0), 10.0, taken);
        assert_eq!((taken, allowed(before, on_time, 10.0, Lane::Emergency, 500)), (30, 0));
        assert_eq!(allowed(after, on_time, 10.0, Lane::Broadcast, 500), 10);
        assert_eq!(next(after, on_time, 10.0, 10), after.plus_seconds(1));
    }

    #[test]
    fn a_slow_number_sends_one_when_its_time_has_come() {
        assert_eq!(allowed(Time(0), Time(0), 0.01, Lane::Broadcast, 500), 1);
        assert_eq!(allowed(Time(1), next(Time(0), Time(0), 0.01, 1), 0.01, Lane::Broadcast, 500), 0);
        assert_eq!(next(Time(0), Time(0), 0.01, 1), Time(100_000_000));
    }
}
