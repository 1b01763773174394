//! The wrapper that runs a company's translator over the one client. Knows no company and no socket.

use domain::carrier::*;
use domain::wire::*;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// A company behind the waist.
pub struct HttpCarrier {
    provider: Arc<dyn SmsProvider>,
    wire: Arc<dyn Wire>,
    moment: Arc<dyn Fn() -> Moment + Send + Sync>,
    /// Calls under way at once, whatever the number of batches.
    places: Semaphore,
}

impl HttpCarrier {
    /// Wraps a translator; at most so many calls are under way at once.
    pub fn new(provider: Arc<dyn SmsProvider>, wire: Arc<dyn Wire>, moment: Arc<dyn Fn() -> Moment + Send + Sync>, at_once: usize) -> Self {
        Self { provider, wire, moment, places: Semaphore::new(at_once.max(1)) }
    }

    async fn one(&self, outgoing: &Outgoing) -> SendResult {
        let Ok(_place) = self.places.acquire().await else {
            return SendResult::Fault(SendFault::NotSent("the carrier is closing".into()));
        };
        let moment = (self.moment)();
        if moment.now >= outgoing.begin_before {
            return SendResult::Fault(SendFault::NotSent("its turn came too late: it is queued again".into()));
        }
        let request = self.provider.submit(outgoing, &moment);
        match self.wire.call(request).await {
            WireOutcome::Answer(answer) => match self.provider.accepted(&answer) {
                Ok(accepted) => SendResult::Accepted(accepted),
                Err(fault) => SendResult::Fault(fault),
            },
            WireOutcome::NotSent(why) => SendResult::Fault(SendFault::NotSent(why.into())),
            WireOutcome::Unclear(why) => SendResult::Fault(SendFault::Unclear(why.into())),
        }
    }

    async fn ask(&self, attempted: &Attempted) -> Found {
        let age = u128::try_from((self.moment)().now.0.saturating_sub(attempted.at.0)).unwrap_or(0);
        if age > self.provider.remembers().as_micros() {
            return Found::Unclear;
        }
        let (Some(request), Ok(_place)) = (self.provider.look_up(&attempted.outgoing), self.places.acquire().await) else {
            return Found::Unclear;
        };
        match self.wire.call(request).await {
            WireOutcome::Answer(answer) => self.provider.found(&answer),
            WireOutcome::NotSent(_) | WireOutcome::Unclear(_) => Found::Unclear,
        }
    }
}

#[async_trait::async_trait]
impl Carrier for HttpCarrier {
    fn abilities(&self) -> Abilities {
        self.provider.abilities()
    }

    async fn send(&self, set: &[Outgoing]) -> Vec<SendResult> {
        futures_util::future::join_all(set.iter().map(|outgoing| self.one(outgoing))).await
    }

    async fn find(&self, attempts: &[Attempted]) -> Vec<Found> {
        futures_util::future::join_all(attempts.iter().map(|attempted| self.ask(attempted))).await
    }

    fn answers_calls(&self) -> bool {
        self.provider.answer_call(&domain::calls::CallAnswer::End).is_some()
    }
}
