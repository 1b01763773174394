//! Quiet hours and "send at" over every zone of the time zone database and every transition from 2024 to 2036 (DIALOGUE 7,
//! failure 11 of the catalogue). What is right is worked out here from offsets alone, minute by minute; it never asks the house.
//!
//! Zones that do the same in these years (aliases, and whole regions) are counted under each name and walked through once.

use domain::{Time, quiet};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::sync::Mutex;

const MINUTE: i64 = 60_000_000;
const DAY: i64 = 1440;
/// Minutes looked at on either side of a transition: a night and a day, and the next one.
const AROUND: i64 = 40 * 60;

/// A transition: its minute since 1970 (UTC), and the minutes east of UTC before and after it.
type Jump = (i64, i64, i64);

/// A zone as this test sees it: what its clocks show, from offsets.
struct Clocks {
    zone: TimeZone,
    jumps: Vec<Jump>,
    first: i64,
}

impl Clocks {
    fn of(zone: TimeZone) -> Clocks {
        let (begin, end) = (stamp("2024-01-01T00:00:00Z"), stamp("2037-01-01T00:00:00Z"));
        let east = |at: Timestamp| {
            let seconds = i64::from(zone.to_offset(at).seconds());
            assert_eq!(seconds % 60, 0, "an offset of these years is in minutes");
            seconds / 60
        };
        let jump = |at: Timestamp| {
            assert_eq!(at.as_second() % 60, 0, "a transition of these years is at a minute");
            (at.as_second() / 60, east(at - SignedDuration::from_secs(1)), east(at))
        };
        let all = zone.following(begin).map(|transition| transition.timestamp()).take_while(|at| *at < end).map(jump);
        // A change of name alone moves no clock.
        let jumps: Vec<Jump> = all.filter(|(_, before, after)| before != after).collect();
        let first = east(begin);
        Clocks { zone, jumps, first }
    }

    /// The wall clock at a UTC minute, in minutes since 1970.
    fn local(&self, utc: i64) -> i64 {
        utc + self.jumps.iter().take_while(|jump| jump.0 <= utc).last().map_or(self.first, |jump| jump.2)
    }
}

fn stamp(text: &str) -> Timestamp {
    text.parse().expect("a timestamp")
}

fn is_quiet(local: i64, (from, to): (i64, i64)) -> bool {
    let minute = local.rem_euclid(DAY);
    if from == to {
        false
    } else if from < to {
        (from..to).contains(&minute)
    } else {
        minute >= from || minute < to
    }
}

/// Zones of the database by what their clocks do: (names, clocks) of each kind.
fn kinds() -> Vec<(Vec<String>, Clocks)> {
    let mut kinds: BTreeMap<(i64, Vec<Jump>), (Vec<String>, Clocks)> = BTreeMap::new();
    for name in jiff::tz::db().available() {
        let clocks = Clocks::of(TimeZone::get(name.as_str()).expect("a zone that is listed is there"));
        let key = (clocks.first, clocks.jumps.clone());
        kinds.entry(key).or_insert_with(|| (Vec::new(), clocks)).0.push(name.to_string());
    }
    kinds.into_values().collect()
}

/// Runs a check over all kinds on as many threads as there are; gives what it counted.
fn over_all(check: impl Fn(&Clocks, &str) -> u64 + Sync) -> (usize, usize, u64) {
    let kinds = kinds();
    let zones = kinds.iter().map(|(names, _)| names.len()).sum();
    let transitions = kinds.iter().map(|(names, clocks)| names.len() * clocks.jumps.len()).sum();
    let (next, count) = (Mutex::new(kinds.iter()), Mutex::new(0));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                loop {
                    let one = next.lock().expect("no panic holds it").next();
                    let Some((names, clocks)) = one else { return };
                    let done = check(clocks, &names[0]);
                    *count.lock().expect("no panic holds it") += done;
                }
            });
        }
    });
    (zones, transitions, count.into_inner().expect("no panic holds it"))
}

fn enough(what: &str, (zones, transitions, checked): (usize, usize, u64), least: u64) {
    println!("{what}: {zones} zones, {transitions} transitions, {checked} checked, 0 breaches");
    assert!(zones >= 400, "only {zones} zones: is the time zone database here?");
    assert!(transitions >= 4_000, "only {transitions} transitions");
    assert!(checked >= least, "only {checked} checked");
}

/// The usual hours, hours within a day, up to midnight, none, and such as begin or end inside what a transition leaves out or
/// shows twice.
fn ranges((at, before, after): Jump) -> Vec<(i64, i64)> {
    let (low, high) = ((at + before.min(after)).rem_euclid(DAY), (at + before.max(after)).rem_euclid(DAY));
    let inside = (low + (after - before).abs() / 2).rem_euclid(DAY);
    let far = (inside + 9 * 60).rem_euclid(DAY);
    let mut all = vec![(1260, 420), (60, 390), (1200, 1440), (600, 600), (inside, far), (far, inside), (low, high), (inside, high)];
    all.dedup();
    all
}

#[test]
fn quiet_hours_are_kept_over_every_transition_of_every_zone() {
    let counted = over_all(|clocks, name| clocks.jumps.iter().map(|jump| nights(clocks, name, *jump)).sum());
    enough("quiet hours", counted, 1_000_000);
}

/// One transition: for every range, the minutes around it and around each edge of quiet hours nearby.
fn nights(clocks: &Clocks, name: &str, jump: Jump) -> u64 {
    let (begin, end) = (jump.0 - AROUND, jump.0 + AROUND);
    let local: Vec<i64> = (begin..end).map(|utc| clocks.local(utc)).collect();
    let mut checked = 0;
    for range in ranges(jump) {
        let quiet: Vec<bool> = local.iter().map(|minute| is_quiet(*minute, range)).collect();
        // The first minute that is allowed, from the end backwards; the last day serves as the outlook only.
        let mut open = vec![end; quiet.len() + 1];
        for index in (0..quiet.len()).rev() {
            open[index] = if quiet[index] { open[index + 1] } else { begin + index as i64 };
        }
        for index in 0..quiet.len() - DAY as usize {
            let utc = begin + index as i64;
            let edge = (1..=2).any(|near| quiet.get(index + near).is_some_and(|next| *next != quiet[index]))
                || (index > 0 && quiet[index - 1] != quiet[index]);
            let near = (utc - jump.0).abs() <= 150;
            if !edge && !near && index % 41 != 0 {
                continue;
            }
            // At the minute and within it.
            for more in [0, 59_999_999] {
                if more > 0 && !edge {
                    continue;
                }
                let asked = Time(utc * MINUTE + more);
                let given = quiet::opens(asked, range, &clocks.zone);
                let shows = clocks.local(given.0.div_euclid(MINUTE));
                let whole = || format!("{name}, quiet {range:?}, asked {}", Timestamp::from_microsecond(asked.0).expect("a time"));
                assert!(!is_quiet(shows, range), "given {shows} is inside quiet hours: {}", whole());
                assert!(given >= asked, "given {given:?} is earlier than asked: {}", whole());
                let first = if quiet[index] { Time(open[index] * MINUTE) } else { asked };
                assert!(given <= first, "given {given:?} is later than needed, {first:?}: {}", whole());
                checked += 1;
            }
        }
    }
    checked
}

#[test]
fn what_is_sent_at_a_local_time_goes_once_at_the_first_such_time_or_the_next_valid_one() {
    let counted = over_all(|clocks, name| clocks.jumps.iter().map(|jump| wall_times(clocks, name, *jump)).sum());
    enough("send at", counted, 20_000);
}

/// One transition: every wall time near it, those that never come and those that come twice among them.
fn wall_times(clocks: &Clocks, name: &str, jump: Jump) -> u64 {
    let (begin, end) = (jump.0 - 300, jump.0 + 300);
    let shown: Vec<(i64, i64)> = (begin..end).map(|utc| (utc, clocks.local(utc))).collect();
    let mut checked = 0;
    for wall in shown[0].1 + 60..shown[shown.len() - 1].1 - 60 {
        // The first moment whose clock shows this or, where none does, has gone past it.
        let due = shown.iter().find(|(_, local)| *local >= wall).expect("in what was looked at").0;
        let date = DateTime::constant(1970, 1, 1, 0, 0, 0, 0) + SignedDuration::from_mins(wall);
        let given = Time::of_local(date, &clocks.zone);
        assert_eq!(given, Time(due * MINUTE), "{name}, {date}");
        checked += 1;
    }
    checked
}
