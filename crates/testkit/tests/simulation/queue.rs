//! The queue as a model: the rules of `store/src/shared/{claiming,sending,outbound,walking}.rs` once more, in Rust, in the same
//! order. With a [`Mirror`] every act is done on the real SQLite store as well, and what both say and hold is compared.

use crate::mirror::Mirror;
use crate::people::Families;
use domain::delivery::DeliveryState::{self, *};
use domain::message::*;
use domain::people::Channel;
use domain::*;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// A delivery.
#[derive(Clone, Debug)]
pub struct Row {
    pub id: i64,
    pub message: Rc<Message>,
    pub contact: i64,
    pub language: &'static str,
    pub channel: Channel,
    pub sender: i64,
    pub lane: Lane,
    pub weight: Weight,
    pub state: DeliveryState,
    pub attempt: i16,
    pub opens: Time,
    pub closes: Time,
    pub at: Time,
    pub until: Option<Time>,
    pub speaks_for: i64,
    pub students: Vec<i64>,
    pub changed: Time,
    pub reason: String,
    pub walked: bool,
    /// The clock was set while an attempt was under way (or since one was).
    pub clock_set: bool,
}

/// One of our numbers, as the store keeps it.
#[derive(Clone, Debug)]
pub struct Speaker {
    pub rate: f64,
    pub daily: i64,
    pub on_time: Time,
    pub paused: bool,
}

/// What a claim gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    pub id: i64,
    pub attempt: i16,
    pub state: DeliveryState,
    pub at: Time,
    pub until: Time,
}

/// A settlement.
#[derive(Clone, Debug)]
pub struct Settle {
    pub held: Claim,
    pub state: DeliveryState,
    pub opens: Time,
    pub reason: String,
    pub provider_id: Option<String>,
    pub at: Time,
}

/// A receipt.
#[derive(Clone, Debug)]
pub struct Receipt {
    pub key: String,
    pub attempt: Option<(i64, i16)>,
    pub provider_id: String,
    pub state: DeliveryState,
    pub at: Time,
}

#[derive(Default)]
pub struct Queue {
    pub rows: BTreeMap<i64, Row>,
    pub blocks: BTreeMap<i64, i16>,
    pub stopped: BTreeSet<(i64, i64)>,
    pub speakers: BTreeMap<i64, Speaker>,
    spent: BTreeMap<i64, i64>,
    keys: BTreeSet<String>,
    ids: BTreeMap<String, (i64, i16)>,
    parked: Vec<Receipt>,
    attempts: BTreeSet<(i64, i16)>,
    pub withdrawn: BTreeSet<i64>,
    pub mirror: Option<Mirror>,
}

impl Queue {
    /// Inserts a slice; unique in (message, contact, language). Gives the ids that were new.
    pub fn plan(&mut self, message: &Rc<Message>, rows: Vec<Row>) -> Vec<i64> {
        let mut new = Vec::new();
        for row in rows.iter().filter(|_| !self.withdrawn.contains(&message.id.0)) {
            let same = |old: &Row| old.message.id == message.id && old.contact == row.contact && old.language == row.language;
            if !self.rows.values().any(same) {
                new.push(row.id);
                self.rows.insert(row.id, row.clone());
            }
        }
        if let Some(mirror) = &mut self.mirror {
            mirror.plan(message, &rows, new.len());
        }
        new
    }

    pub fn claim(&mut self, (sender, lane): (i64, Lane), (now, until): (Time, Time), most: i64, people: &Families) -> Vec<Claim> {
        let day = domain::time::carrier_day(now);
        let held = self.claim_here((sender, lane), (now, until), most, day, people);
        if let Some(mirror) = &mut self.mirror {
            mirror.claim((sender, lane), (now, until), most, &held);
        }
        held
    }

    fn claim_here(
        &mut self,
        (sender, lane): (i64, Lane),
        (now, until): (Time, Time),
        most: i64,
        day: i64,
        people: &Families,
    ) -> Vec<Claim> {
        let speaker = self.speakers[&sender].clone();
        if speaker.paused {
            return Vec::new();
        }
        let mut most = throttle::allowed(now, speaker.on_time, speaker.rate, lane, most);
        if speaker.daily > 0 {
            most = most.min(speaker.daily - self.spent.get(&day).copied().unwrap_or(0));
        }
        if most <= 0 {
            return Vec::new();
        }
        let due = |row: &&Row| row.sender == sender && row.lane == lane && row.state == Queued && row.opens <= now;
        let mut due: Vec<(Time, i64)> = self.rows.values().filter(due).map(|row| (row.opens, row.id)).collect();
        due.sort();
        let mut held = Vec::new();
        for (_, id) in due.into_iter().take(most as usize) {
            let state = self.found(&self.rows[&id], now, people);
            let row = self.rows.get_mut(&id).expect("it is due");
            if people.forbids(row.contact, row.language, &row.students) {
                row.reason = domain::ladder::NOT_INCLUDED.to_owned();
            }
            row.attempt += 1;
            (row.at, row.until, row.changed) = (now, Some(until), now);
            row.moves(state);
            held.push(Claim { id, attempt: row.attempt, state, at: now, until });
            self.attempts.extend((state == Claimed).then_some((id, row.attempt)));
        }
        let taken = held.iter().filter(|one| one.state == Claimed).count() as i64;
        if taken > 0 {
            let next = throttle::next(now, speaker.on_time, speaker.rate, taken);
            self.speakers.get_mut(&sender).expect("a sender").on_time = next;
            if speaker.daily > 0 {
                *self.spent.entry(day).or_default() += taken;
            }
        }
        held
    }

    /// What a claim finds a row to be.
    fn found(&self, row: &Row, now: Time, people: &Families) -> DeliveryState {
        let blocked = self.blocks.get(&row.contact).is_some_and(|bits| bits & row.weight.bit() != 0);
        let stopped = row.weight > Weight::Emergency && self.stopped.contains(&(row.contact, row.speaks_for));
        if blocked || stopped || people.forbids(row.contact, row.language, &row.students) {
            Withheld
        } else if row.closes <= now {
            Late
        } else {
            Claimed
        }
    }

    pub fn reclaim(&mut self, now: Time, until: Time, people: &Families) -> Vec<Claim> {
        let late = |row: &&Row| row.state == Claimed && row.until.is_some_and(|end| end <= now);
        let claim = |row: &Row| Claim { id: row.id, attempt: row.attempt, state: self.found(row, now, people), at: row.at, until };
        let mut held: Vec<(Time, Claim)> = self.rows.values().filter(late).map(|row| (row.opens, claim(row))).collect();
        for (_, one) in &held {
            self.rows.get_mut(&one.id).expect("it is late").until = Some(until);
        }
        held.sort_by_key(|(opens, one)| (*opens, one.id));
        let held: Vec<Claim> = held.into_iter().map(|(_, one)| one).collect();
        if let Some(mirror) = &mut self.mirror {
            mirror.reclaim(now, until, &held);
        }
        held
    }

    pub fn settle(&mut self, all: &[Settle]) -> Vec<bool> {
        let mut done = Vec::new();
        for one in all {
            let row = self.rows.get_mut(&one.held.id).expect("a settlement is of a row");
            let still = row.attempt == one.held.attempt && row.state == Claimed && row.until == Some(one.held.until);
            let still = still && one.at < one.held.until;
            if still {
                row.moves(one.state);
                (row.opens, row.reason, row.until, row.changed) = (one.opens, one.reason.clone(), None, one.at);
            }
            done.push(still);
        }
        for one in all {
            let Some(id) = &one.provider_id else { continue };
            let attempt = (one.held.id, one.held.attempt);
            if self.attempts.contains(&attempt) && !self.ids.contains_key(id) {
                self.ids.insert(id.clone(), attempt);
            }
            let (mine, others) = std::mem::take(&mut self.parked).into_iter().partition(|receipt| receipt.provider_id == *id);
            self.parked = others;
            let mine: Vec<Receipt> = mine;
            let named = self.ids.get(id).copied();
            let moves: Vec<Receipt> = mine.into_iter().map(|receipt| Receipt { attempt: named, ..receipt }).collect();
            self.step_forward(&moves);
        }
        if let Some(mirror) = &mut self.mirror {
            mirror.settle(all, &done);
            mirror.compare(&self.rows, all.iter().map(|one| one.held.id));
        }
        done
    }

    pub fn receipt(&mut self, receipt: &Receipt) {
        if self.keys.insert(receipt.key.clone()) {
            let found = receipt.attempt.or_else(|| self.ids.get(&receipt.provider_id).copied());
            let found = found.filter(|(delivery, _)| self.rows.contains_key(delivery));
            match found {
                Some(_) => self.step_forward(&[Receipt { attempt: found, ..receipt.clone() }]),
                None if receipt.attempt.is_none() => self.parked.push(receipt.clone()),
                None => {}
            }
        }
        if let Some(mirror) = &mut self.mirror {
            mirror.receipt(receipt);
            mirror.compare(&self.rows, receipt.attempt.map(|(delivery, _)| delivery).into_iter());
        }
    }

    /// "Delivered" counts from any attempt; everything else only from the one under way.
    fn step_forward(&mut self, moves: &[Receipt]) {
        for state in [Accepted, Delivered, Failed] {
            for one in moves.iter().filter(|one| one.state == state) {
                let Some((delivery, attempt)) = one.attempt else { continue };
                let Some(row) = self.rows.get_mut(&delivery) else { continue };
                let any = state == Delivered;
                let from = row.state.may_become(state) || (any && row.state == Queued);
                if from && (any || attempt == row.attempt || attempt == 0) {
                    row.state = state;
                    row.changed = one.at;
                    if state == Failed {
                        row.reason = verdict::reason_of("");
                    }
                }
            }
        }
    }

    /// STOP, START, "only this teacher": the block and what waits, together.
    pub fn block(&mut self, contact: i64, bits: i16, only: Option<i64>, now: Time) {
        let mut withhold: Vec<i64> = Vec::new();
        let waits = |row: &&Row| row.contact == contact && matches!(row.state, Queued | Held);
        match only {
            Some(staff) => {
                self.stopped.insert((contact, staff));
                self.blocks.remove(&contact);
                let theirs = |row: &&Row| row.speaks_for == staff && row.weight > Weight::Emergency;
                withhold.extend(self.rows.values().filter(waits).filter(theirs).map(|row| row.id));
            }
            None if bits == 0 => {
                self.blocks.remove(&contact);
                self.stopped.retain(|(at, _)| *at != contact);
            }
            None => {
                self.blocks.insert(contact, bits);
                let theirs = |row: &&Row| bits & row.weight.bit() != 0;
                withhold.extend(self.rows.values().filter(waits).filter(theirs).map(|row| row.id));
            }
        }
        let why = if only.is_some() { "The family stopped this teacher." } else { "The family stopped texts." };
        self.withhold(&withhold, why, now);
        if let Some(mirror) = &mut self.mirror {
            mirror.block(contact, bits, only, now);
            mirror.compare(&self.rows, withhold.into_iter());
        }
    }

    /// The ladder took it on.
    pub fn walked(&mut self, id: i64) {
        self.rows.get_mut(&id).expect("it is there").walked = true;
        if let Some(mirror) = &mut self.mirror {
            mirror.walked(id);
        }
    }

    pub fn withhold(&mut self, ids: &[i64], why: &str, now: Time) {
        for id in ids {
            let row = self.rows.get_mut(id).expect("it waits");
            row.moves(Withheld);
            (row.reason, row.changed) = (why.to_owned(), now);
        }
    }

    pub fn pause(&mut self, sender: i64, paused: bool, now: Time) {
        self.speakers.get_mut(&sender).expect("a sender").paused = paused;
        if let Some(mirror) = &mut self.mirror {
            mirror.pause(sender, paused, now);
        }
    }

    pub fn withdraw(&mut self, message: MessageId, now: Time) {
        let mut ids = Vec::new();
        self.withdrawn.insert(message.0);
        for row in self.rows.values_mut().filter(|row| row.message.id == message && matches!(row.state, Queued | Held)) {
            row.moves(Withdrawn);
            row.changed = now;
            ids.push(row.id);
        }
        if let Some(mirror) = &mut self.mirror {
            mirror.withdraw(message, now);
            mirror.compare(&self.rows, ids.into_iter());
        }
    }
}

impl Row {
    /// Forward only (invariant 2).
    pub fn moves(&mut self, state: DeliveryState) {
        assert!(self.state.may_become(state), "{:?} became {state:?}: delivery {}", self.state, self.id);
        assert!(!(self.state == Uncertain && state == Queued), "an unclear attempt was queued again by itself");
        self.state = state;
    }
}
