//! The SMPP 3.4 link to a mobile company's message center: texts out, receipts and families' texts in, over one held session.
//!
//! It is no translator like the companies over HTTP: it owns a socket. It must never know the store, a sender's rate, or which
//! node holds the link: the gateway runs [`Smpp::run`] where it owns the lease, and hands in a [`Sink`] that commits.
//!
//! What it keeps to:
//! - A delivery is acknowledged after the sink has committed it, never before (invariant 1); what could not be committed is
//!   answered "not now", and the center delivers it again.
//! - A submission that was not written whole is not sent; one that was written and not answered is unclear (invariant 2). No
//!   center drops a repeated submission or can be asked for one by a name of ours, so it is `Blind`.
//! - What cannot be read is read as far as it goes, and never ends the link: the center would deliver it again, for ever.
//!
//! Why our own PDUs: `rusmppc` ends the session with the first PDU its codec does not accept (a letter outside ASCII in a sender's
//! name suffices), says "closed" both of what was written and of what was not, and prints bodies and passwords in its debug
//! lines. Its codec is the second witness in our tests.
//!
//! Source: SMPP 3.4 issue 1.2.

mod connect;
mod fault;
mod intake;
mod known;
mod letters;
mod pace;
mod pdu;
mod receipt;
mod repeats;
mod send;
mod session;
mod text;

#[cfg(test)]
mod link_tests;
#[cfg(test)]
#[path = "../../../../fuzz/src/properties/smpp.rs"]
mod properties;
#[cfg(test)]
mod tests;

use super::smpp_settings as settings;
use domain::carrier::*;
use domain::mask::Phone;
use domain::wire::Moment;
use known::Known;
use pace::Pace;
use repeats::Repeats;
use session::{End, Role};
use settings::{Limits, SmppSettings};
use std::sync::atomic::AtomicU8;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, Semaphore, watch};

/// Takes what the link hears.
#[async_trait::async_trait]
pub trait Sink: Send + Sync {
    /// Commits all of it, or says that it did not. Taken again, each comes to the same: its key is the same.
    async fn take(&self, heard: Vec<Heard>) -> Result<(), NotTaken>;
}

/// An event, and our number that it is about: a receipt whose text this process does not remember has no reference of ours, and
/// this number's district is where the store knows the center's id, or parks it.
#[derive(Clone, Debug)]
pub struct Heard {
    /// What happened.
    pub event: Event,
    /// Our number.
    pub ours: Phone,
}

/// The sink could not commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotTaken;

/// How the link stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Not run here, or about to connect.
    Waiting,
    /// Signed in.
    Bound,
    /// Not signed in, and why.
    Down(SendFault),
}

/// An account at a message center.
pub struct Smpp {
    settings: SmppSettings,
    moment: Arc<dyn Fn() -> Moment + Send + Sync>,
    sink: Arc<dyn Sink>,
    window: Semaphore,
    pace: Pace,
    /// What the parts of the next long text have in common.
    reference: AtomicU8,
    known: Mutex<Known>,
    repeats: Mutex<Repeats>,
    /// A submission was answered: receipts may wait for that.
    answered: Notify,
    way_out: watch::Sender<session::WayOut>,
    /// Why the connection that receives, where it is one of its own, does not stand.
    deaf: Mutex<Option<SendFault>>,
}

impl Smpp {
    /// An account's link; nothing is connected before [`Smpp::run`].
    pub fn new(settings: SmppSettings, moment: Arc<dyn Fn() -> Moment + Send + Sync>, sink: Arc<dyn Sink>) -> Self {
        let first = (jitter(&moment()) * 255.0) as u8;
        Self {
            window: Semaphore::new(settings.window.max(1)),
            pace: Pace::new(settings.rate),
            reference: AtomicU8::new(first),
            known: Mutex::default(),
            repeats: Mutex::default(),
            answered: Notify::new(),
            way_out: watch::Sender::new(session::WayOut::Waiting),
            deaf: Mutex::default(),
            settings,
            moment,
            sink,
        }
    }

    /// How the link stands now. With two connections it is down while either is.
    pub fn state(&self) -> State {
        let deaf = self.deaf.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match (&*self.way_out.borrow(), deaf) {
            (_, Some(why)) => State::Down(why),
            (session::WayOut::Waiting, None) => State::Waiting,
            (session::WayOut::Open(_), None) => State::Bound,
            (session::WayOut::Closed(why), None) => State::Down(why.clone()),
        }
    }

    /// Comes back when the link stands otherwise than when it was called.
    pub async fn changed(&self) {
        // The sender of the channel is ours: it cannot be gone.
        let _ = self.way_out.subscribe().changed().await;
    }

    /// Keeps the link until `stop` is true or dropped: signs in, connects again after a cut, signs out. Only one node may run it at a time;
    /// which one is the gateway's lease.
    pub async fn run(&self, stop: watch::Receiver<bool>) {
        if self.settings.separate {
            tokio::join!(self.keep(Role::Transmitter, stop.clone()), self.keep(Role::Receiver, stop));
        } else {
            self.keep(Role::Transceiver, stop).await;
        }
    }

    async fn keep(&self, role: Role, mut stop: watch::Receiver<bool>) {
        let Limits { again, again_at_most, .. } = self.settings.limits;
        let mut failures = 0;
        while !*stop.borrow() {
            let (end, bound) = session::session(self, role, stop.clone()).await;
            self.repeats().cut((self.moment)().now);
            let why = match end {
                End::Stopped => break,
                End::Fault(why) => why,
            };
            failures = if bound { 1 } else { failures + 1 };
            // A wrong password is tried seldom: centers lock accounts.
            let least = if matches!(why, SendFault::Config(_)) { again * 16 } else { again };
            self.closed(role, why);
            let wait = (least * 2_u32.pow(failures.min(10) - 1)).min(again_at_most.max(least));
            let wait = wait.mul_f64(0.5 + jitter(&(self.moment)()));
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                _ = stop.wait_for(|stop| *stop) => break,
            }
        }
        self.closed(role, SendFault::NotSent("the link was ended".into()));
    }

    /// A session is over, or is about to be.
    fn closed(&self, role: Role, why: SendFault) {
        if role.sends() {
            self.way_out.send_replace(session::WayOut::Closed(why));
        } else {
            *self.deaf.lock().unwrap_or_else(PoisonError::into_inner) = Some(why);
        }
    }

    /// A session stands.
    fn opened(&self, role: Role, out: tokio::sync::mpsc::UnboundedSender<session::Out>) {
        if role.sends() {
            self.way_out.send_replace(session::WayOut::Open(out));
        } else {
            *self.deaf.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn repeats(&self) -> MutexGuard<'_, Repeats> {
        self.repeats.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A center's id as the store keeps it.
    fn named(&self, id: &str) -> String {
        let account = &self.settings.account;
        // A message_id has 64 octets at most (SMPP 3.4 section 5.2.23); PostgreSQL indexes no word of any length.
        if id.len() <= LONGEST_ID {
            format!("{account}:{id}")
        } else {
            format!("{account}:~{}", domain::hex(&repeats::print(id.as_bytes())))
        }
    }
}

/// Longer ids are kept as their print.
const LONGEST_ID: usize = 150;

/// 0..1, from the moment's random value.
fn jitter(moment: &Moment) -> f64 {
    moment.nonce as f64 / u64::MAX as f64
}

#[async_trait::async_trait]
impl Carrier for Smpp {
    fn abilities(&self) -> Abilities {
        // What reading, queueing and the store need beside the slowest text.
        let slowest = self.settings.limits.slowest + Duration::from_secs(1);
        let tables = if self.settings.tables == crate::text::Shifts::None { Tables::None } else { Tables::All };
        let capacity = Capacity { tables, numbered: false };
        Abilities { repeat: Repeat::Blind, receipts: true, longest: 0, capacity, slowest }
    }

    async fn send(&self, set: &[Outgoing]) -> Vec<SendResult> {
        futures_util::future::join_all(set.iter().map(|outgoing| self.one(outgoing))).await
    }

    async fn find(&self, attempts: &[Attempted]) -> Vec<Found> {
        attempts.iter().map(|_| Found::Unclear).collect()
    }
}
