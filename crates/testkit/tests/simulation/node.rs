//! A node: one small act at a time, so that it can die or sleep between every two. The order of acts is that of
//! `messaging::{deliver, reconcile, receive}`; what it decides by is `domain::{breaker, verdict, quiet}`.

use crate::company::SLOWEST;
use crate::queue::*;
use crate::world::World;
use domain::breaker::Breaker;
use domain::carrier::*;
use domain::delivery::DeliveryState::*;
use domain::message::Lane;
use domain::people::Channel;
use domain::ports::Evidence;
use domain::verdict::{Verdict, verdict};
use domain::*;
use std::collections::BTreeMap;

/// How much longer than its carrier's slowest call a claim lasts (`messaging::deliver`).
const CLAIM_MORE: i64 = 15;
/// How long a carrier that can be asked is asked, in hours (`messaging::reconcile`).
const ASKING: i64 = 24;
/// As `messaging::restored` says: a call that is decided now may wait so long for its turn, in microseconds.
const ON_ITS_WAY: i64 = 30_000_000;

/// What a node is in the middle of.
#[derive(Default)]
pub enum Doing {
    #[default]
    Nothing,
    Claimed(Channel, Vec<Claim>),
    Begins(Channel, Vec<Claim>),
    Calls(Channel, Vec<(Claim, SendResult)>, Time),
    Reclaimed(Channel, Vec<Claim>),
    Heard(usize, Box<Evidence>),
}

#[derive(Default)]
pub struct Node {
    pub doing: Doing,
    pub sleeps_until: Time,
    breakers: BTreeMap<Channel, Breaker>,
    /// Faults in a row as counted here, and when the last try was let through: for the check.
    faults: BTreeMap<Channel, (u32, Time)>,
}

impl Node {
    pub fn clock_set(&mut self) {
        // The check counts by the clock; the breaker has to cope.
        self.faults.values_mut().for_each(|(_, tried)| *tried = Time(0));
    }
}

impl World {
    /// The next act of a node.
    pub fn node_step(&mut self, index: usize) {
        if self.truth < self.nodes[index].sleeps_until {
            return;
        }
        let (now, truth) = (self.now(), self.truth);
        match std::mem::take(&mut self.nodes[index].doing) {
            Doing::Nothing => {
                self.nodes[index].doing = match self.dice.roll(8) {
                    0 => self.reclaims(),
                    1..=2 => self.hears(),
                    _ => self.claims(index),
                };
            }
            Doing::Claimed(channel, held) => {
                let (night, go) = held.into_iter().partition(|one| self.held_at_night(one).is_some());
                let night: Vec<Claim> = night;
                let wait = |one: Claim| {
                    let opens = self.held_at_night(&one).unwrap_or(now);
                    Settle { held: one, state: Queued, opens, reason: String::new(), provider_id: None, at: now }
                };
                let waits: Vec<Settle> = night.into_iter().map(wait).collect();
                self.queue.settle(&waits);
                let go: Vec<Claim> = go;
                for one in &go {
                    self.checks.leaves(&self.queue.rows[&one.id], now, self.quiet, &self.zone);
                }
                if go.is_empty() {
                    self.nodes[index].breakers.entry(channel).or_default().untried(now);
                    self.nodes[index].faults.entry(channel).or_default().1 = Time(0);
                }
                self.nodes[index].doing = Doing::Begins(channel, go);
            }
            Doing::Begins(channel, held) => {
                let mut ends = truth;
                let mut results = Vec::new();
                for one in held {
                    let begin_before = Time(one.until.0 - SLOWEST);
                    let (result, takes) = if now >= begin_before {
                        (SendResult::Fault(SendFault::NotSent("its turn came too late".into())), 0)
                    } else {
                        let company = self.companies.get_mut(&channel).expect("a company");
                        company.send(&mut self.dice, truth, one.id, one.attempt)
                    };
                    ends = ends.max(Time(truth.0 + takes));
                    results.push((one, result));
                }
                self.nodes[index].doing = Doing::Calls(channel, results, ends);
            }
            Doing::Calls(channel, results, ends) if truth < ends => self.nodes[index].doing = Doing::Calls(channel, results, ends),
            Doing::Calls(channel, results, _) => {
                let again = self.companies[&channel].repeat != Repeat::Blind;
                let heard =
                    results.into_iter().filter(|(_, result)| !(again && matches!(result, SendResult::Fault(fault) if fault.is_unclear())));
                self.settles(index, channel, heard.collect());
            }
            Doing::Reclaimed(channel, held) => self.reconciles(index, channel, held),
            Doing::Heard(incoming, evidence) => self.conclude(incoming, &evidence),
        }
    }

    fn held_at_night(&self, one: &Claim) -> Option<Time> {
        let row = &self.queue.rows[&one.id];
        quiet::holds(&row.message, row.channel, self.now(), self.quiet, &self.zone)
    }

    /// A claim of one sender and lane: mostly of the heaviest that has something due, sometimes of any, as workers overlap.
    fn claims(&mut self, index: usize) -> Doing {
        let now = self.now();
        let mut due: Vec<(Lane, i64)> =
            self.queue.rows.values().filter(|row| row.state == Queued && row.opens <= now).map(|row| (row.lane, row.sender)).collect();
        due.sort_by_key(|(lane, sender)| (lane.code(), *sender));
        due.dedup();
        if due.is_empty() {
            return Doing::Nothing;
        }
        let (lane, sender) = if self.dice.once_in(2) { due[0] } else { self.dice.of_these(&due) };
        let channel = if sender == 74 { Channel::Email } else { Channel::Sms };
        let most = self.dice.of_these(&[1, 5, 64]);
        let node = &mut self.nodes[index];
        let most = node.breakers.entry(channel).or_default().allows(now, most);
        if most == 0 {
            return Doing::Nothing;
        }
        let until = now.plus_seconds(SLOWEST / 1_000_000 + CLAIM_MORE);
        let before = self.queue.speakers[&sender].clone();
        let held = self.queue.claim((sender, lane), (now, until), most, &self.people);
        let (go, stay): (Vec<Claim>, Vec<Claim>) = held.into_iter().partition(|one| one.state == Claimed);
        for one in &stay {
            self.checks.not_claimed(&self.queue.rows[&one.id], now);
        }
        for one in &go {
            self.checks.claimed(&self.people, &self.queue.rows[&one.id], now);
        }
        self.checks.speaks(sender, lane, (&before, &self.queue.speakers[&sender]), self.truth, now, go.len());
        let node = &mut self.nodes[index];
        let (faults, tried) = node.faults.entry(channel).or_default();
        if !go.is_empty() && *faults >= 20 {
            assert!(
                go.len() == 1 && now >= tried.plus_seconds(5),
                "a carrier that is down was tried with {} texts, or twice within five seconds",
                go.len()
            );
            *tried = now;
        }
        Doing::Claimed(channel, go)
    }

    /// Settles results by the one verdict function.
    fn settles(&mut self, index: usize, channel: Channel, results: Vec<(Claim, SendResult)>) {
        let now = self.now();
        let mut all = Vec::new();
        for (held, result) in results {
            let row = &self.queue.rows[&held.id];
            let (sender, contact, ends) = (row.sender, row.contact, row.closes);
            let mut one = Settle { held, state: Accepted, opens: now, reason: String::new(), provider_id: None, at: now };
            match result {
                SendResult::Accepted(accepted) => {
                    self.nodes[index].breakers.entry(channel).or_default().answered();
                    self.nodes[index].faults.remove(&channel);
                    one.provider_id = accepted.provider_ids.first().cloned();
                }
                SendResult::Fault(fault) => {
                    let node = &mut self.nodes[index];
                    match fault {
                        SendFault::NotSent(_) => {
                            node.breakers.entry(channel).or_default().failed(now);
                            node.faults.entry(channel).or_default().0 += 1;
                        }
                        SendFault::Unclear(_) => {}
                        _ => {
                            node.breakers.entry(channel).or_default().answered();
                            node.faults.remove(&channel);
                        }
                    }
                    match verdict(&fault, one.held.attempt, now, self.dice.roll(100) as f64 / 100.0) {
                        Verdict::Uncertain(why) => (one.state, one.reason) = (Uncertain, why),
                        Verdict::Retry(at) if at < ends => (one.state, one.opens) = (Queued, at),
                        Verdict::Retry(_) => (one.state, one.reason) = (Failed, "not while it was useful".into()),
                        Verdict::GiveUp(why) => (one.state, one.reason) = (Failed, why),
                        Verdict::Block => {
                            one.state = Withheld;
                            self.queue.block(contact, message::Weight::ALL_BITS, None, now);
                            self.checks.stops.insert(contact, message::Weight::ALL_BITS);
                        }
                        Verdict::PauseSender(_) => {
                            (one.state, one.opens) = (Queued, now.plus_minutes(5));
                            self.queue.pause(sender, true, now);
                        }
                    }
                }
            }
            all.push(one);
        }
        let before: Vec<Row> = all.iter().map(|one| self.queue.rows[&one.held.id].clone()).collect();
        let done = self.queue.settle(&all);
        for ((one, row), done) in all.iter().zip(&before).zip(done) {
            self.checks.settled(row, one, done);
        }
    }

    /// Claims past their deadline.
    fn reclaims(&mut self) -> Doing {
        let now = self.now();
        let held = self.queue.reclaim(now, Time(now.0 + SLOWEST + ON_ITS_WAY), &self.people);
        for one in held.iter().filter(|one| one.state == Claimed) {
            self.checks.taken_over(&self.people, &self.queue.rows[&one.id], now);
        }
        let channel = self.dice.of_these(&[Channel::Sms, Channel::Sms, Channel::Email]);
        let mine = held.into_iter().filter(|one| self.queue.rows[&one.id].channel == channel);
        Doing::Reclaimed(channel, mine.collect())
    }

    /// By the carrier's kind: the same key again, a question, or that nobody knows.
    fn reconciles(&mut self, index: usize, channel: Channel, held: Vec<Claim>) {
        let (now, truth) = (self.now(), self.truth);
        let repeat = self.companies[&channel].repeat;
        let (open, closed): (Vec<Claim>, Vec<Claim>) = match repeat {
            Repeat::Keyed(life) => {
                let lives = |one: &Claim| now.0 + SLOWEST + ON_ITS_WAY - one.at.0 < life.as_micros() as i64;
                held.into_iter().partition(|one| one.state == Claimed && lives(one))
            }
            Repeat::LookUp => held.into_iter().partition(|one| now < one.at.plus_hours(ASKING)),
            Repeat::Blind => (Vec::new(), held),
        };
        let nobody_knows = || SendResult::Fault(SendFault::Unclear("nobody knows whether it left".into()));
        self.settles(index, channel, closed.into_iter().map(|one| (one, nobody_knows())).collect());
        match repeat {
            Repeat::Keyed(_) => {
                let mut ends = truth;
                let mut results = Vec::new();
                for one in open.into_iter().filter(|one| now < Time(one.until.0 - SLOWEST)) {
                    let company = self.companies.get_mut(&channel).expect("a company");
                    let (result, takes) = company.send(&mut self.dice, truth, one.id, one.attempt);
                    ends = ends.max(Time(truth.0 + takes));
                    // A repeat that did not leave says nothing of the first call.
                    if !matches!(result, SendResult::Fault(SendFault::NotSent(_) | SendFault::Throttled { .. })) {
                        results.push((one, result));
                    }
                }
                self.nodes[index].doing = Doing::Calls(channel, results, ends);
            }
            Repeat::LookUp => {
                let mut results = Vec::new();
                for one in open {
                    match self.companies[&channel].find(&mut self.dice, one.id, one.attempt) {
                        Found::Found(accepted) => results.push((one, SendResult::Accepted(accepted))),
                        Found::Absent => results.push((one, SendResult::Fault(SendFault::Lost))),
                        Found::Unclear => {}
                    }
                }
                self.settles(index, channel, results);
            }
            Repeat::Blind => {}
        }
    }

    /// Takes what waits, and reads what is known about it.
    fn hears(&mut self) -> Doing {
        let now = self.now();
        let Some(index) = self.incoming.iter().position(|one| one.place.is_none() && one.claimed_until <= now) else {
            return Doing::Nothing;
        };
        self.incoming[index].claimed_until = now.plus_seconds(120);
        let (contact, sender) = (self.incoming[index].contact, self.incoming[index].sender);
        Doing::Heard(index, Box::new(self.evidence(contact, sender)))
    }
}
