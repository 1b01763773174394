//! The wrapper that runs a company's translator over the one client. Knows no company and no socket.

use domain::carrier::*;
use domain::wire::*;
use futures_util::StreamExt;
use std::sync::Arc;

/// Requests under way at once.
const CONCURRENT: usize = 16;

/// A company behind the waist.
pub struct HttpCarrier {
    provider: Arc<dyn SmsProvider>,
    wire: Arc<dyn Wire>,
    moment: Arc<dyn Fn() -> Moment + Send + Sync>,
}

impl HttpCarrier {
    /// Wraps a translator.
    pub fn new(provider: Arc<dyn SmsProvider>, wire: Arc<dyn Wire>, moment: Arc<dyn Fn() -> Moment + Send + Sync>) -> Self {
        Self { provider, wire, moment }
    }

    async fn one(&self, outgoing: &Outgoing) -> SendResult {
        let request = self.provider.submit(outgoing, &(self.moment)());
        match self.wire.call(request).await {
            WireOutcome::Answer(answer) => match self.provider.accepted(&answer) {
                Ok(accepted) => SendResult::Accepted(accepted),
                Err(fault) => SendResult::Fault(fault),
            },
            WireOutcome::NotSent(why) => SendResult::Fault(SendFault::NotSent(why.into())),
            WireOutcome::Unclear(why) => SendResult::Fault(SendFault::Unclear(why.into())),
        }
    }
}

#[async_trait::async_trait]
impl Carrier for HttpCarrier {
    fn abilities(&self) -> Abilities {
        self.provider.abilities()
    }

    async fn send(&self, set: &[Outgoing]) -> Vec<SendResult> {
        // Boxed: a closure that borrows in a stream confuses the compiler's reasoning about `Send`.
        let calls: Vec<futures_util::future::BoxFuture<'_, SendResult>> =
            set.iter().map(|outgoing| Box::pin(self.one(outgoing)) as _).collect();
        futures_util::stream::iter(calls).buffered(CONCURRENT).collect().await
    }

    async fn find(&self, attempted: &Attempted) -> Found {
        let Some(request) = self.provider.look_up(&attempted.outgoing) else {
            return Found::Unclear;
        };
        match self.wire.call(request).await {
            WireOutcome::Answer(answer) => self.provider.found(&answer),
            WireOutcome::NotSent(_) | WireOutcome::Unclear(_) => Found::Unclear,
        }
    }
}
