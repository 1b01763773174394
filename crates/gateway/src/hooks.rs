//! Webhooks: authentic on the raw bytes, kept, then acknowledged. Refused calls are neither parsed nor stored.

use crate::intake::Intake;
use crate::metrics::Metrics;
use crate::spool::Call;
use domain::carrier::SmsProvider;
use domain::wire::*;
use std::sync::Arc;

/// Companies by the name in their webhook's path.
pub struct Companies {
    /// The door.
    pub intake: Intake,
    /// (name, translator).
    pub sms: Vec<(String, Arc<dyn SmsProvider>)>,
    /// Where answers are counted.
    pub metrics: Arc<Metrics>,
    /// Now and a nonce.
    pub moment: Arc<dyn Fn() -> Moment + Send + Sync>,
}

fn plain(status: u16, words: &str) -> WireReply {
    WireReply { status, content_type: "text/plain", body: words.to_owned() }
}

#[async_trait::async_trait]
impl web::Hooks for Companies {
    async fn sms(&self, company: &str, call: WireCall) -> WireReply {
        let Some((name, provider)) = self.sms.iter().find(|(name, _)| name == company) else {
            self.metrics.webhook("unknown", 404);
            return plain(404, "no such company");
        };
        let reply = self.answer(name, provider.as_ref(), &call).await;
        self.metrics.webhook(name, reply.status);
        reply
    }
}

impl Companies {
    async fn answer(&self, company: &str, provider: &dyn SmsProvider, call: &WireCall) -> WireReply {
        if let Err(refusal) = provider.authentic(call, &(self.moment)()) {
            tracing::warn!(?refusal, company, "a webhook was refused");
            return plain(403, "refused");
        }
        let events = match provider.events(call) {
            Ok(events) => events,
            Err(refusal) => {
                tracing::warn!(?refusal, company, "an authentic webhook could not be read");
                return plain(400, "not understood");
            }
        };
        let count = events.len();
        match self.intake.take(Call::Events(events)).await {
            Ok(()) => provider.acknowledge(count),
            Err(fault) => {
                tracing::error!(%fault, company, "a webhook could not be kept");
                plain(503, "try again")
            }
        }
    }
}
