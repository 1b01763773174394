//! A company that carries: keyed, to be looked up, or blind. It loses and delays requests, refuses and throttles, and its receipts
//! come twice, late and in any order. What it took is what a family read; nobody asks the house.

use crate::dice::Dice;
use crate::queue::Receipt;
use domain::Time;
use domain::carrier::*;
use domain::delivery::DeliveryState;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// The longest a call takes, in microseconds: what arrives does so within it.
pub const SLOWEST: i64 = 60_000_000;

pub struct Company {
    pub repeat: Repeat,
    /// Nothing gets through: connections are refused.
    pub down: bool,
    /// Nothing goes wrong any more.
    pub well: bool,
    /// Requests under way: (arrives, delivery, attempt).
    under_way: Vec<(Time, i64, i16)>,
    /// Texts taken, by delivery.
    pub taken: BTreeMap<i64, u32>,
    references: BTreeSet<(i64, i16)>,
    keys: BTreeMap<i64, Time>,
    /// Receipts to come: (when, receipt).
    receipts: Vec<(Time, Receipt)>,
    /// Receipts name its own id and not our reference.
    by_id: bool,
    count: u64,
}

impl Company {
    pub fn of(repeat: Repeat, by_id: bool) -> Company {
        Company {
            repeat,
            down: false,
            well: false,
            under_way: Vec::new(),
            taken: BTreeMap::new(),
            references: BTreeSet::new(),
            keys: BTreeMap::new(),
            receipts: Vec::new(),
            by_id,
            count: 0,
        }
    }

    /// One attempt: what the caller hears, and how long it takes.
    pub fn send(&mut self, dice: &mut Dice, truth: Time, delivery: i64, attempt: i16) -> (SendResult, i64) {
        let fault = |fault| SendResult::Fault(fault);
        let longest = if dice.once_in(4) { SLOWEST } else { 500_000 };
        let takes = dice.between(10_000, longest);
        if self.down {
            return (fault(SendFault::NotSent("refused".into())), 1000);
        }
        let throw = if self.well { 99 } else { dice.roll(100) };
        let refused = match throw {
            0..=3 => SendFault::NotSent("connect".into()),
            4..=6 => SendFault::Throttled { after: dice.once_in(2).then_some(Duration::from_secs(7)) },
            7 => SendFault::BadAddress("no such number".into()),
            8 => SendFault::BadAddress("landline".into()),
            9 => SendFault::Refused { code: "30007".into() },
            10 => SendFault::OptedOut,
            11 if dice.once_in(10) => SendFault::Config("key".into()),
            // Lost on the way: nobody heard it, nobody knows.
            12..=15 => SendFault::Unclear("lost".into()),
            _ => {
                let arrives = Time(truth.0 + dice.between(0, takes));
                self.under_way.push((arrives, delivery, attempt));
                return match throw {
                    16..=21 => (fault(SendFault::Unclear("cut".into())), takes),
                    22 => (fault(SendFault::Garbled("half an answer".into())), takes),
                    _ => (SendResult::Accepted(Accepted { provider_ids: vec![id_of(delivery, attempt)], segments: None }), takes),
                };
            }
        };
        (fault(refused), takes)
    }

    /// What arrives by now is taken.
    pub fn takes(&mut self, dice: &mut Dice, truth: Time) -> Vec<i64> {
        let (now, later) = std::mem::take(&mut self.under_way).into_iter().partition(|one| one.0 <= truth);
        self.under_way = later;
        let now: Vec<(Time, i64, i16)> = now;
        let mut new = Vec::new();
        for (at, delivery, attempt) in now {
            let known = self.keys.get(&delivery).copied();
            if let (Repeat::Keyed(life), Some(first)) = (self.repeat, known)
                && at.0 - first.0 < life.as_micros() as i64
            {
                continue;
            }
            self.keys.insert(delivery, at);
            self.references.insert((delivery, attempt));
            *self.taken.entry(delivery).or_default() += 1;
            new.push(delivery);
            self.tells(dice, truth, delivery, attempt);
        }
        new
    }

    /// Receipts of a text that was taken: some, in any order, some twice, some before the answer, some hours later, some never.
    fn tells(&mut self, dice: &mut Dice, truth: Time, delivery: i64, attempt: i16) {
        let end = if dice.once_in(8) { DeliveryState::Failed } else { DeliveryState::Delivered };
        for state in [DeliveryState::Accepted, end] {
            for _ in 0..dice.of_these(&[0, 1, 1, 1, 2]) {
                self.count += 1;
                let at = Time(truth.0 + dice.of_these(&[0, 1_000_000, 30_000_000, 7_200_000_000]));
                let key = if dice.once_in(3) { format!("{delivery}.{attempt}.{state:?}") } else { format!("k{}", self.count) };
                let attempt_named = (!self.by_id).then_some((delivery, attempt));
                self.receipts.push((at, Receipt { key, attempt: attempt_named, provider_id: id_of(delivery, attempt), state, at }));
            }
        }
    }

    /// One receipt whose time has come, not always the oldest.
    pub fn receipt(&mut self, dice: &mut Dice, truth: Time, now: Time) -> Option<Receipt> {
        let due: Vec<usize> = (0..self.receipts.len()).filter(|index| self.receipts[*index].0 <= truth).collect();
        if due.is_empty() {
            return None;
        }
        let index = due[dice.roll(due.len())];
        let again = !self.well && dice.once_in(8);
        let receipt = if again { self.receipts[index].1.clone() } else { self.receipts.swap_remove(index).1 };
        Some(Receipt { at: now, ..receipt })
    }

    /// Asked about an attempt.
    pub fn find(&self, dice: &mut Dice, delivery: i64, attempt: i16) -> Found {
        if self.down || (!self.well && dice.once_in(5)) {
            Found::Unclear
        } else if self.references.contains(&(delivery, attempt)) {
            Found::Found(Accepted { provider_ids: vec![id_of(delivery, attempt)], segments: None })
        } else {
            Found::Absent
        }
    }

    /// Nothing is under way and nothing is to be told any more.
    pub fn rests(&self) -> bool {
        self.under_way.is_empty() && self.receipts.is_empty()
    }
}

fn id_of(delivery: i64, attempt: i16) -> String {
    format!("SM{delivery}.{attempt}")
}
