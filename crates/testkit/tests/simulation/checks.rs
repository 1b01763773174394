//! What must hold, whatever happens. Kept from plain facts of its own; it asks no rule of the house whether the house is right.

use crate::people::*;
use crate::queue::*;
use domain::carrier::Repeat;
use domain::delivery::DeliveryState::*;
use domain::menu::{Meaning, MenuEntry};
use domain::message::*;
use domain::ports::Evidence;
use domain::*;
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Default)]
pub struct Checks {
    /// What each contact point has stopped, and teachers it stopped.
    pub stops: BTreeMap<i64, i16>,
    stopped: BTreeSet<(i64, i64)>,
    /// Teachers a question named to a phone.
    named: BTreeSet<(i64, i64)>,
    /// Per sender: how full its bucket is, when that was (truth), and how often clocks were set since it was empty.
    buckets: BTreeMap<i64, (f64, i64, u32)>,
    /// Texts taken twice because a clock was set while their call was under way.
    pub excused: u32,
    /// Digits that mean two things.
    pub clashes: u64,
    set_ever: bool,
    pub claims: u64,
    /// Claims that were taken over and may be repeated.
    pub taken_over: u64,
    pub texts: u64,
    pub withheld: u64,
    pub late_at_claim: u64,
    pub refused_settlements: u64,
    pub routed: u64,
    pub chosen: u64,
    pub rungs: u64,
}

impl Checks {
    /// A text of a delivery arrived at the company for the n-th time.
    pub fn taken(&mut self, row: &Row, times: u32, repeat: Repeat) {
        self.texts += 1;
        if times > 1 && row.clock_set {
            self.excused += 1;
            return;
        }
        assert!(times == 1, "{times} texts of delivery {} were taken ({repeat:?}, {:?}, attempt {})", row.id, row.state, row.attempt);
    }

    pub fn starts(&mut self, contact: i64) {
        self.stops.remove(&contact);
        self.stopped.retain(|one| one.0 != contact);
    }

    pub fn starts_but(&mut self, contact: i64, staff: i64) {
        self.stops.remove(&contact);
        self.stopped.insert((contact, staff));
    }

    pub fn clock_set(&mut self) {
        self.set_ever = true;
        self.buckets.values_mut().for_each(|bucket| bucket.2 += 1);
    }

    /// A row was claimed: no STOP stands against it, nothing of it is past its use, no order forbids it.
    pub fn claimed(&mut self, people: &Families, row: &Row, now: Time) {
        self.claims += 1;
        self.may_leave(people, row, now);
    }

    /// A row was taken over: what forbids a claim forbids the same key once more.
    pub fn taken_over(&mut self, people: &Families, row: &Row, now: Time) {
        self.taken_over += 1;
        self.may_leave(people, row, now);
    }

    fn may_leave(&self, people: &Families, row: &Row, now: Time) {
        let bits = self.stops.get(&row.contact).copied().unwrap_or(0);
        assert!(bits & row.weight.bit() == 0, "claimed after a STOP: delivery {} of weight {:?}", row.id, row.weight);
        let stopped = self.stopped.contains(&(row.contact, row.speaks_for)) && row.weight > Weight::Emergency;
        assert!(!stopped, "claimed though the family stopped this teacher: delivery {}", row.id);
        assert!(now < row.closes, "claimed past its use: delivery {}", row.id);
        assert!(now >= row.opens, "claimed before its window: delivery {}", row.id);
        if !row.students.is_empty() {
            let may = people.someone_may_know(row.contact, row.language, &row.students);
            assert!(may, "claimed though an order forbids it: delivery {}", row.id);
        }
    }

    /// A row the claim found blocked or late: it must really be so.
    pub fn not_claimed(&mut self, row: &Row, now: Time) {
        match row.state {
            Late => {
                self.late_at_claim += 1;
                assert!(row.closes <= now, "late before its end");
            }
            _ => self.withheld += 1,
        }
    }

    /// It leaves now: not in quiet hours, but for what may. The wall clock is read here from the offset alone.
    pub fn leaves(&mut self, row: &Row, now: Time, (from, to): (i64, i64), zone: &TimeZone) {
        let at = jiff::Timestamp::from_microsecond(now.0).expect("a time");
        let minute = (now.0 / 1_000_000 + i64::from(zone.to_offset(at).seconds())).rem_euclid(86_400) / 60;
        let quiet = from != to && if from < to { (from..to).contains(&minute) } else { minute >= from || minute < to };
        if !quiet || row.message.weight <= Weight::Urgent {
            return;
        }
        // Our answer to what the family wrote, or a live exchange: within half an hour.
        let answers = row.message.answers_to.is_some() && now.0 - row.message.not_before.0 < 1_800_000_000;
        assert!(answers, "delivery {} left at minute {minute}, in quiet hours {from} to {to}", row.id);
    }

    /// A claim counted against a number: its rate holds over every window of true time (a bucket that leaks at that rate never
    /// overflows), but for one look ahead each time a clock was set; and an emergency never waits longer than one text takes.
    pub fn speaks(&mut self, sender: i64, lane: Lane, (before, after): (&Speaker, &Speaker), truth: Time, now: Time, taken: usize) {
        assert!(taken == 0 || !before.paused, "a paused number spoke");
        let rate = after.rate;
        let (level, at, set) = self.buckets.entry(sender).or_insert((0.0, truth.0, 0));
        *level -= (truth.0 - *at) as f64 / 1_000_000.0 * rate;
        if *level <= 0.0 {
            (*level, *set) = (0.0, 0);
        }
        *level += taken as f64;
        *at = truth.0;
        let most = (3.0 * rate + 1.0) * f64::from(1 + *set) + 0.01;
        assert!(*level <= most, "number {sender} may say {rate} a second: {level} at once, at most {most}");
        let interval = 1.0 / rate;
        let ahead = (after.on_time.0 - now.0).max(0) as f64 / 1_000_000.0;
        if lane == Lane::Broadcast && taken > 0 {
            let lead_before = (before.on_time.0 - now.0).max(0) as f64 / 1_000_000.0;
            let reserved = ahead <= 1.0_f64.max(interval) + 0.001 || lead_before > 1.0;
            assert!(reserved, "a broadcast took the places of an emergency: {ahead} s ahead at {rate} a second");
        }
    }

    /// A settlement: counted only for the claim it names, before its deadline.
    pub fn settled(&mut self, before: &Row, one: &Settle, done: bool) {
        let mine = before.attempt == one.held.attempt && before.until == Some(one.held.until) && one.at < one.held.until;
        assert!(!done || (mine && before.state == Claimed), "a settlement of another claim counted");
        self.refused_settlements += u64::from(!done);
    }

    /// Only who may write to a class or a child does.
    pub fn wrote(&self, people: &Families, staff: i64, audience: &Audience) {
        let own = match audience {
            Audience::Class { class } => class.0 == staff,
            Audience::Family { student } => people.teaches.contains(&(staff, student.0)),
            _ => false,
        };
        assert!(own || staff == OFFICE, "{staff} wrote to whom it does not teach");
    }

    /// Made for people who may know, on contact points that have not stopped it.
    pub fn planned<'a>(&self, people: &Families, rows: impl Iterator<Item = &'a Row>) {
        for row in rows.filter(|row| !row.students.is_empty()) {
            assert!(people.someone_may_know(row.contact, row.language, &row.students), "planned though an order forbids it");
            let bits = self.stops.get(&row.contact).copied().unwrap_or(0);
            assert!(bits & row.weight.bit() == 0, "planned to a contact point that stopped it");
            assert!(!people.suspended.contains(&row.contact), "planned to a number that takes nothing");
        }
    }

    /// Another way of the ladder: another contact point, who may know, and never a text after a STOP of everyday words.
    pub fn another_way(&mut self, people: &Families, fell: &Row, new: &Row) {
        self.rungs += 1;
        assert!(new.contact != fell.contact, "the ladder went where it fell");
        assert!(people.someone_may_know(new.contact, new.language, &new.students), "the ladder told somebody who may not know");
    }

    /// A digit offered: none that is open means two things, but 0 and what every STOP offers. Known gaps, counted: two nodes that
    /// offer at the same moment, and a clock that was set back over a menu's end.
    pub fn offered(&mut self, menus: &[MenuEntry], entry: &MenuEntry, now: Time, stale: bool) {
        let line = |old: &&MenuEntry| old.contact == entry.contact && old.sender == entry.sender && old.digit == entry.digit;
        let clash = menus.iter().filter(line).any(|old| old.until > now && old.meaning != entry.meaning);
        if clash && entry.digit != 0 && (stale || self.set_ever) {
            self.clashes += 1;
            return;
        }
        assert!(entry.digit == 0 || !clash, "digit {} means two things on one line", entry.digit);
    }

    /// A digit was understood: its menu is open, and of several texts 0 is of the newest.
    pub fn chosen(&mut self, entry: &MenuEntry, open: &[MenuEntry], digit: u8, now: Time) {
        self.chosen += 1;
        assert!(entry.digit == digit && open.contains(entry), "a digit of a closed menu was guessed");
        let _ = now;
        let ids = open.iter().filter(|other| other.digit == digit).filter_map(|other| match other.meaning {
            Meaning::Answer { delivery, .. } => Some(delivery.0),
            _ => None,
        });
        if let (Meaning::Answer { delivery, .. }, Some(newest)) = (&entry.meaning, ids.max()) {
            assert_eq!(delivery.0, newest, "{digit} was taken for an older text");
        }
    }

    /// A reply reaches a teacher who teaches a child of this phone, or who wrote to it.
    pub fn reaches(&mut self, people: &Families, rows: &BTreeMap<i64, Row>, (contact, _sender): (i64, i64), staff: i64) {
        self.routed += 1;
        let teaches = people.card(contact).candidates.iter().any(|candidate| candidate.staff.0 == staff);
        let wrote = rows.values().any(|row| row.contact == contact && row.speaks_for == staff);
        let named = self.named.contains(&(contact, staff));
        assert!(teaches || wrote || named, "a reply of {contact} reached {staff}, who neither teaches its children nor wrote to it");
    }

    /// A question names somebody: one who teaches a child of this phone or wrote to it.
    pub fn names(&mut self, people: &Families, rows: &BTreeMap<i64, Row>, at: (i64, i64), staff: i64) {
        self.reaches(people, rows, at, staff);
        self.named.insert((at.0, staff));
    }

    /// Proof, not a guess: nobody else talked with this family on this number, or nobody else's text left near that time.
    pub fn only_one(&self, evidence: &Evidence, staff: StaffId, at: Time) {
        let near = |recent: &ports::Recent| recent.at > at.plus_hours(-12);
        let other = |recent: &&ports::Recent| recent.speaks_for != staff && recent.speaks_for != StaffId::HOUSE;
        let others = evidence.recent.iter().filter(other).any(near);
        assert!(!others, "a reply was given to {staff:?} though another could be meant");
    }
}
