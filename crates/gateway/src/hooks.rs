//! Webhooks: authentic on the raw bytes, kept, then acknowledged. Refused calls are neither parsed nor stored.

use crate::intake::Intake;
use crate::metrics::Metrics;
use crate::spool::Call;
use domain::calls::{CallAnswer, CallStage};
use domain::carrier::{Event, SmsProvider};
use domain::wire::*;
use messaging::{Flow, Flows};
use std::sync::Arc;
use std::time::Duration;

/// A caller hears nothing meanwhile, and companies give up after fifteen seconds, which the door needs, too.
pub const CALLER_WAITS: Duration = Duration::from_secs(3);

/// Who says what becomes of a call; the flows, or a test's broken ones.
#[async_trait::async_trait]
pub trait Deciding: Send + Sync {
    /// What the caller is told, and the stage that is kept of the call.
    async fn call(&self, from: &str, to: &str, stage: CallStage) -> Flow<(CallAnswer, CallStage)>;
}

#[async_trait::async_trait]
impl Deciding for Flows {
    async fn call(&self, from: &str, to: &str, stage: CallStage) -> Flow<(CallAnswer, CallStage)> {
        self.answer_call(from, to, stage).await
    }
}

/// Companies by the name in their webhook's path.
pub struct Companies {
    /// The door.
    pub intake: Intake,
    /// Who says what becomes of a call.
    pub calls: Arc<dyn Deciding>,
    /// How long the decision is waited for.
    pub caller_waits: Duration,
    /// (name, translator).
    pub sms: Vec<(String, Arc<dyn SmsProvider>)>,
    /// Where answers are counted.
    pub metrics: Arc<Metrics>,
    /// Now and a nonce.
    pub moment: Arc<dyn Fn() -> Moment + Send + Sync>,
    /// Those that carry letters.
    pub mail: Option<crate::mail_hooks::MailHooks>,
}

pub(crate) fn plain(status: u16, words: &str) -> WireReply {
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

    async fn mail(&self, company: &str, call: WireCall) -> WireReply {
        match &self.mail {
            Some(mail) => mail.answer(company, &call).await,
            None => plain(404, "no such company"),
        }
    }

    async fn stop(&self, address: &str) -> bool {
        // A mail program that asks again within a minute asked once.
        let minute = (self.moment)().now.seconds() / 60;
        let raw = format!("List-Unsubscribe=One-Click {minute}").into_bytes();
        let kept = self.intake.take(Call::Letter { from: String::new(), to: address.to_owned(), raw }).await;
        if let Err(fault) = &kept {
            tracing::error!(%fault, "a stop could not be kept; whoever asked is told so");
        }
        kept.is_ok()
    }
}

impl Companies {
    /// The answer to a company that asks what becomes of a call. What the caller is told is what is kept, so it is decided first:
    /// where nobody can decide, the call was missed.
    async fn becomes_of_a_call(&self, provider: &dyn SmsProvider, events: &mut [Event]) -> Option<WireReply> {
        let [Event::MissedCall { from, to, stage, .. }] = events else { return None };
        let end = provider.answer_call(&CallAnswer::End)?;
        let decision = self.calls.call(from.reveal(), to.reveal(), *stage);
        let Ok(Ok((answer, kept))) = tokio::time::timeout(self.caller_waits, decision).await else {
            if *stage != CallStage::Answered {
                *stage = CallStage::Missed;
            }
            return Some(end);
        };
        *stage = kept;
        provider.answer_call(&answer)
    }

    async fn answer(&self, company: &str, provider: &dyn SmsProvider, call: &WireCall) -> WireReply {
        if let Err(refusal) = provider.authentic(call, &(self.moment)()) {
            tracing::warn!(?refusal, company, "a webhook was refused");
            return plain(403, "refused");
        }
        let mut events = match provider.events(call) {
            Ok(events) => events,
            Err(refusal) => {
                tracing::warn!(?refusal, company, "an authentic webhook could not be read");
                return plain(400, "not understood");
            }
        };
        let count = events.len();
        let answer = self.becomes_of_a_call(provider, &mut events).await;
        match self.intake.take(Call::Events(events)).await {
            Ok(()) => answer.unwrap_or_else(|| provider.acknowledge(count)),
            Err(fault) => {
                tracing::error!(%fault, company, "a webhook could not be kept");
                plain(503, "try again")
            }
        }
    }
}
