//! The door: a call is acknowledged once the database has it, or the spool while the database is away.
//!
//! While anything waits in the spool, what comes is put behind it, so that a family's texts keep their order. A drain takes
//! it in when the database is back; what was taken twice is dropped by its replay key in the store. Must never know HTTP,
//! SMTP or a company.

use crate::spool::{Call, Found, Record, Spool, SpoolFault};
use domain::Time;
use domain::carrier::Event;
use domain::ports::{Clock, StoreFault};
use messaging::{Flow, FlowFault, Flows};
use std::sync::Arc;
use std::time::Duration;

#[cfg(test)]
mod tests;

/// How long the database is waited for before a call goes to the spool. Companies hang up after about fifteen seconds.
pub const PATIENCE: Duration = Duration::from_secs(8);
/// How long the drain waits after the database was away.
const PAUSE: Duration = Duration::from_millis(500);

/// Who puts into the database; the flows, or a test's broken ones.
#[async_trait::async_trait]
pub trait Taking: Send + Sync {
    /// Commits authentic events that came at `received`.
    async fn events(&self, events: Vec<Event>, received: Time) -> Flow<()>;
    /// Commits a letter for one recipient.
    async fn letter(&self, from: &str, to: &str, raw: &[u8], received: Time) -> Flow<()>;
}

#[async_trait::async_trait]
impl Taking for Flows {
    async fn events(&self, events: Vec<Event>, received: Time) -> Flow<()> {
        self.take_events(events, received).await.map(|_| ())
    }
    async fn letter(&self, from: &str, to: &str, raw: &[u8], received: Time) -> Flow<()> {
        self.take_letter(from, to, raw, received).await
    }
}

/// Why nothing was kept: the company is asked to come again.
#[derive(Debug, thiserror::Error)]
pub enum NotKept {
    /// The database is away, and the spool cannot be written either.
    #[error("the database is away, and {0}")]
    Nowhere(SpoolFault),
    /// It is there and does not take this.
    #[error(transparent)]
    Refused(FlowFault),
}

/// What became of one record.
enum Outcome {
    Committed,
    Away,
    Refused(FlowFault),
}

/// See the module.
#[derive(Clone)]
pub struct Intake {
    taking: Arc<dyn Taking>,
    spool: Spool,
    clock: Arc<dyn Clock>,
    patience: Duration,
}

impl Intake {
    /// Over the flows and an open spool.
    pub fn new(taking: Arc<dyn Taking>, spool: Spool, clock: Arc<dyn Clock>, patience: Duration) -> Self {
        Self { taking, spool, clock, patience }
    }

    /// Keeps a call; it may be acknowledged when this returns.
    pub async fn take(&self, call: Call) -> Result<(), NotKept> {
        if matches!(&call, Call::Events(events) if events.iter().all(|event| matches!(event, Event::Ignored(_)))) {
            return Ok(());
        }
        let record = Arc::new(Record { received: self.clock.now(), call });
        let mut spooled = Ok(());
        if self.spool.waits() {
            spooled = self.spool.keep(&record).await;
            if spooled.is_ok() {
                return Ok(());
            }
            // To be kept at all goes before order: perhaps the database is back.
        }
        match self.commit(record.clone()).await {
            Outcome::Committed => Ok(()),
            Outcome::Refused(fault) => Err(NotKept::Refused(fault)),
            Outcome::Away => {
                spooled.map_err(NotKept::Nowhere)?;
                self.spool.keep(&record).await.map_err(NotKept::Nowhere)?;
                tracing::warn!("the database is away: what comes in waits in the spool");
                Ok(())
            }
        }
    }

    /// Puts a record into the database. A task of its own: what takes too long is left to end, not cut in the middle, and
    /// a panic is this record's alone.
    async fn commit(&self, record: Arc<Record>) -> Outcome {
        let taking = self.taking.clone();
        let task = tokio::spawn(async move {
            match &record.call {
                Call::Events(events) => taking.events(events.clone(), record.received).await,
                Call::Letter { from, to, raw } => taking.letter(from, to, raw, record.received).await,
            }
        });
        match tokio::time::timeout(self.patience, task).await {
            Ok(Ok(Ok(()))) => Outcome::Committed,
            Ok(Ok(Err(FlowFault::Store(StoreFault::Away(_))))) | Err(_) => Outcome::Away,
            Ok(Ok(Err(fault))) => Outcome::Refused(fault),
            Ok(Err(_)) => Outcome::Refused(FlowFault::Invalid("taking it in failed inside".into())),
        }
    }

    /// Takes in what waits, in order, until the process ends.
    pub async fn drain(&self) {
        loop {
            self.spool.something().await;
            if !self.step().await {
                tokio::time::sleep(PAUSE).await;
            } else if !self.spool.waits() {
                tracing::warn!("the database is back: everything in the spool was taken in");
            }
        }
    }

    /// Takes in the oldest record; false where it must wait.
    async fn step(&self) -> bool {
        let outcome = match self.spool.first().await {
            Ok(None) => return true,
            Ok(Some(found)) => self.take_in(found).await,
            Err(fault) => Err(fault),
        };
        outcome.unwrap_or_else(|fault| {
            tracing::error!(kind = ?fault.kind(), "the spool cannot be read or changed; it is tried again");
            false
        })
    }

    async fn take_in(&self, found: Found) -> std::io::Result<bool> {
        let Some(record) = found.payload.as_deref().and_then(Record::decode) else {
            tracing::error!("a record of the spool cannot be read: it was set aside in aside.spool");
            self.spool.set_aside(found).await?;
            return Ok(true);
        };
        match self.commit(Arc::new(record)).await {
            Outcome::Committed => self.spool.taken(found).await?,
            Outcome::Away => return Ok(false),
            Outcome::Refused(fault) => {
                tracing::error!(%fault, "the database refuses a record of the spool: it was set aside in aside.spool");
                self.spool.set_aside(found).await?;
            }
        }
        Ok(true)
    }

    /// Returns once everything that waits at this moment was taken in; whether there was anything.
    pub async fn caught_up(&self) -> bool {
        self.spool.caught_up().await
    }
}
