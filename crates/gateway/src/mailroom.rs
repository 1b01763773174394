//! Letters handed over by the school's mail server or the world's: judged by the flows, answered once they are kept.

use crate::config::{Config, Secrets};
use crate::ending::Ending;
use crate::intake::{Intake, PATIENCE};
use crate::spool::Call;
use domain::letter::LetterVerdict;
use domain::ports::Clock;
use email::{ListenLimits, Listening, Protocol};
use messaging::Flows;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// So many letters to one answer address within this time, and to the school's own; who has more to say is asked to come again later. A
/// person is slower, and what is held for a person to read must not be thousands.
const MOST: u32 = 30;
const MOST_OF_ALL: u32 = 300;
const WITHIN: Duration = Duration::from_secs(600);
/// Addresses that are counted at once.
const COUNTED: usize = 20_000;

/// What stands behind our addresses.
pub struct Mailroom {
    flows: Flows,
    intake: Intake,
    rates: Mutex<HashMap<String, (Instant, u32)>>,
}

impl Mailroom {
    /// Over the flows and the door.
    pub fn new(flows: Flows, intake: Intake) -> Self {
        Self { flows, intake, rates: Mutex::default() }
    }

    /// Whether one more letter to this address is too many.
    fn is_too_many(&self, address: &str, most: u32) -> bool {
        let now = Instant::now();
        let mut rates = self.rates.lock().unwrap_or_else(PoisonError::into_inner);
        if rates.len() >= COUNTED {
            rates.retain(|_, (since, _)| now.duration_since(*since) < WITHIN);
        }
        let (since, count) = rates.entry(address.to_lowercase()).or_insert((now, 0));
        if now.duration_since(*since) >= WITHIN {
            (*since, *count) = (now, 0);
        }
        *count += 1;
        *count > most
    }
}

/// Listens where the configuration says, until the end is asked for; where that is, by LMTP and by SMTP.
pub async fn listen(
    config: &Config,
    secrets: &Secrets,
    mailroom: Arc<Mailroom>,
    clock: Arc<dyn Clock>,
    ending: &Ending,
) -> anyhow::Result<(Option<String>, Option<String>)> {
    let mut listening = Listening {
        protocol: Protocol::Lmtp,
        name: config.letters.name.clone(),
        limits: ListenLimits::default(),
        tls: None,
        dns: config.letters.dns()?,
        now: Arc::new(move || clock.now()),
    };
    let lmtp = open(config.letters.listen()?, "letters", mailroom.clone(), listening.clone(), ending).await?;
    (listening.protocol, listening.tls) = (Protocol::Smtp, secrets.tls.clone());
    Ok((lmtp, open(config.letters.listen_smtp()?, "letters by SMTP", mailroom, listening, ending).await?))
}

async fn open(
    address: Option<SocketAddr>,
    what: &str,
    mailroom: Arc<Mailroom>,
    listening: Listening,
    ending: &Ending,
) -> anyhow::Result<Option<String>> {
    let Some(address) = address else { return Ok(None) };
    let listener = crate::serve::listen(address, what).await?;
    let address = listener.local_addr()?.to_string();
    let (talk, ending) = (email::listen(listener, mailroom, listening), ending.clone());
    tokio::spawn(async move {
        tokio::select! {
            () = talk => {}
            () = ending.wait() => {}
        }
    });
    Ok(Some(address))
}

#[async_trait::async_trait]
impl email::Mailroom for Mailroom {
    /// A token is checked without the database: a letter that answers one of ours is welcome while it is away.
    async fn recipient(&self, address: &str) -> LetterVerdict {
        let verdict = tokio::time::timeout(PATIENCE, self.flows.recipient(address)).await.unwrap_or(LetterVerdict::Later);
        let most = if self.flows.is_token(address) { MOST } else { MOST_OF_ALL };
        if verdict == LetterVerdict::Welcome && self.is_too_many(address, most) {
            tracing::warn!("too many letters to one address: its mail server is asked to come again");
            return LetterVerdict::Later;
        }
        verdict
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
