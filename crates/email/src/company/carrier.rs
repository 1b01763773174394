//! The wrapper that runs a company's translator over the one client. Knows no company and no socket.

use domain::carrier::*;
use domain::wire::*;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// A mail company behind the waist.
pub struct HttpLetters {
    provider: Arc<dyn MailProvider>,
    wire: Arc<dyn Wire>,
    moment: Arc<dyn Fn() -> Moment + Send + Sync>,
    /// Calls under way at once, whatever the number of batches.
    places: Semaphore,
}

impl HttpLetters {
    /// Wraps a translator; at most so many calls are under way at once.
    pub fn new(
        provider: Arc<dyn MailProvider>,
        wire: Arc<dyn Wire>,
        moment: Arc<dyn Fn() -> Moment + Send + Sync>,
        at_once: usize,
    ) -> Self {
        Self { provider, wire, moment, places: Semaphore::new(at_once.max(1)) }
    }

    async fn one(&self, letter: &Outgoing) -> Result<Accepted, SendFault> {
        let Ok(_place) = self.places.acquire().await else {
            return Err(SendFault::NotSent("the carrier is closing".into()));
        };
        let moment = (self.moment)();
        if moment.now >= letter.begin_before {
            return Err(SendFault::NotSent("its turn came too late: it is queued again".into()));
        }
        let request = self.provider.submit(letter, &moment)?;
        self.provider.accepted(&self.wire.call(request).await.answered()?)
    }
}

#[async_trait::async_trait]
impl Carrier for HttpLetters {
    fn abilities(&self) -> Abilities {
        self.provider.abilities()
    }

    async fn send(&self, set: &[Outgoing]) -> Vec<SendResult> {
        let all = futures_util::future::join_all(set.iter().map(|letter| self.one(letter))).await;
        all.into_iter().map(|result| result.map_or_else(SendResult::Fault, SendResult::Accepted)).collect()
    }

    async fn find(&self, attempts: &[Attempted]) -> Vec<Found> {
        vec![Found::Unclear; attempts.len()]
    }
}
