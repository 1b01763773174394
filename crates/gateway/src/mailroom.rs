//! Letters handed over by the school's mail server: judged and kept by the flows, answered after the commit.

use domain::letter::LetterVerdict;
use messaging::Flows;

/// What stands behind our addresses.
pub struct Mailroom {
    /// The flows.
    pub flows: Flows,
}

#[async_trait::async_trait]
impl email::Mailroom for Mailroom {
    async fn recipient(&self, address: &str) -> LetterVerdict {
        self.flows.recipient(address).await
    }

    async fn take(&self, envelope_from: &str, recipient: &str, raw: &[u8]) -> bool {
        match self.flows.take_letter(envelope_from, recipient, raw).await {
            Ok(kept) => kept,
            Err(fault) => {
                tracing::error!(%fault, "a letter could not be stored; its server is asked to come again");
                false
            }
        }
    }
}
