//! The carrier of letters: lanes that share a set and a few open lines.

use super::SmtpSettings;
use super::line::{Carried, Envelope, Line};
use crate::sign::{self, Signer};
use domain::carrier::*;
use std::borrow::Cow;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::Instant;

/// Letters over one line before a new one is opened: servers answer 421 after some number of their own.
const MOST_LETTERS: usize = 100;
/// How old a line grows, and how long it waits unused.
const OLDEST: Duration = Duration::from_secs(300);
const IDLE: Duration = Duration::from_secs(30);

/// See the module.
pub struct SmtpCarrier {
    settings: SmtpSettings,
    lines: Semaphore,
    idle: Mutex<Vec<Line>>,
}

impl SmtpCarrier {
    /// For one server.
    pub fn new(settings: SmtpSettings) -> Self {
        let lines = Semaphore::new(settings.connections.max(1));
        Self { settings, lines, idle: Mutex::new(Vec::new()) }
    }

    fn rested(&self) -> Option<Line> {
        let mut idle = self.idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        idle.retain(|line| line.used.elapsed() < IDLE && !tired(line, 0));
        idle.pop()
    }

    async fn rest(&self, line: Line) {
        if line.ahead || tired(&line, 0) {
            return line.close().await;
        }
        self.idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(line);
    }

    /// One lane: takes the next letter until none is left, or the server is away.
    async fn lane(&self, set: &[Outgoing], next: &AtomicUsize, results: &Mutex<Vec<Option<SendResult>>>) {
        let Ok(_permit) = self.lines.acquire().await else { return };
        let until = Instant::now() + self.settings.limits.begin;
        let put = |index: usize, result: SendResult| {
            results.lock().unwrap_or_else(std::sync::PoisonError::into_inner)[index] = Some(result);
        };
        let take = || {
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                match envelope(set.get(index)?, &self.settings.signers) {
                    Ok(letter) => return Some((index, letter)),
                    Err(fault) => put(index, SendResult::Fault(fault)),
                }
            }
        };
        let mut line = self.rested();
        let mut following = take();
        while let Some((index, letter)) = following.filter(|_| Instant::now() < until) {
            following = take();
            if line.as_ref().is_some_and(|line| tired(line, 0))
                && let Some(tired) = line.take()
            {
                tired.close().await;
            }
            let result = loop {
                let mut open = match line.take() {
                    Some(line) => line,
                    None => match Line::open(&self.settings).await {
                        Ok(line) => line,
                        Err(fault) => {
                            // The others of this set would only wait as long: they are told the same.
                            put(index, SendResult::Fault(fault));
                            return;
                        }
                    },
                };
                let follows = following.as_ref().map(|(_, letter)| letter).filter(|_| !tired(&open, 1));
                match open.carry(&letter, follows).await {
                    Carried::Done(result) => {
                        line = Some(open);
                        break result;
                    }
                    Carried::Last(result) => break result,
                    // Only a line that carried before can be stale: the new one settles it.
                    Carried::Stale => {}
                }
            };
            put(index, result);
        }
        if let Some(line) = line {
            self.rest(line).await;
        }
    }
}

/// Whether a line has carried enough, or will have after so many letters more.
fn tired(line: &Line, more: usize) -> bool {
    line.carried + more >= MOST_LETTERS || line.born.elapsed() >= OLDEST
}

fn envelope<'a>(outgoing: &'a Outgoing, signers: &[Signer]) -> Result<Envelope<'a>, SendFault> {
    let (Destination::Mailbox(to), Content::Letter { raw, envelope_from }) = (&outgoing.to, &outgoing.content) else {
        return Err(SendFault::Config("a mail server carries letters only".into()));
    };
    // Nothing in an address may end the command.
    let safe = |address: &str| {
        address.contains('@') && !address.chars().any(|mark| mark.is_control() || mark.is_whitespace() || matches!(mark, '<' | '>' | '"'))
    };
    if !safe(to.reveal()) {
        return Err(SendFault::BadAddress("this is no email address".into()));
    }
    if !safe(envelope_from) {
        return Err(SendFault::Config("our own address is no email address".into()));
    }
    // Here and not where it is written: no byte changes after this, and a lane waits for its own signature alone.
    let signed = sign::signed(signers, &outgoing.from, raw);
    Ok(Envelope { from: envelope_from, to: to.reveal(), raw: signed.map_or(Cow::Borrowed(raw.as_slice()), Cow::Owned) })
}

#[async_trait::async_trait]
impl Carrier for SmtpCarrier {
    fn abilities(&self) -> Abilities {
        Abilities {
            repeat: Repeat::Blind,
            receipts: false,
            longest: 0,
            capacity: Capacity::default(),
            slowest: self.settings.limits.whole(),
        }
    }

    async fn send(&self, set: &[Outgoing]) -> Vec<SendResult> {
        let next = AtomicUsize::new(0);
        let results = Mutex::new(vec![None; set.len()]);
        let lanes = (0..self.settings.connections.clamp(1, set.len().max(1))).map(|_| self.lane(set, &next, &results));
        futures_util::future::join_all(lanes).await;
        let results = results.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        let away = results.iter().flatten().find_map(|result| match result {
            SendResult::Fault(fault @ (SendFault::Config(_) | SendFault::NotSent(_))) => Some(fault.clone()),
            _ => None,
        });
        let unbegun = away.unwrap_or_else(|| SendFault::NotSent("the mail server was too slow for this set".into()));
        results.into_iter().map(|result| result.unwrap_or_else(|| SendResult::Fault(unbegun.clone()))).collect()
    }

    async fn find(&self, attempts: &[Attempted]) -> Vec<Found> {
        vec![Found::Unclear; attempts.len()]
    }
}
