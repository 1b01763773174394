//! Letters handed over by the school's mail server: judged by the flows, answered once they are kept.

use crate::intake::{Intake, PATIENCE};
use crate::spool::Call;
use domain::letter::LetterVerdict;
use messaging::Flows;

/// What stands behind our addresses.
pub struct Mailroom {
    /// The flows.
    pub flows: Flows,
    /// The door.
    pub intake: Intake,
}

#[async_trait::async_trait]
impl email::Mailroom for Mailroom {
    /// A token is checked without the database: a letter that answers one of ours is welcome while it is away.
    async fn recipient(&self, address: &str) -> LetterVerdict {
        tokio::time::timeout(PATIENCE, self.flows.recipient(address)).await.unwrap_or(LetterVerdict::Later)
    }

    async fn take(&self, envelope_from: &str, recipient: &str, raw: &[u8]) -> bool {
        let letter = Call::Letter { from: envelope_from.to_owned(), to: recipient.to_owned(), raw: raw.to_vec() };
        match self.intake.take(letter).await {
            Ok(()) => true,
            Err(fault) => {
                tracing::error!(%fault, "a letter could not be kept; its server is asked to come again");
                false
            }
        }
    }
}
