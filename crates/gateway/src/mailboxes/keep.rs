//! Keeps every mailbox read, by one process at a time, until the end is asked for.

use super::oauth::Tokens;
use super::{Key, Mailbox};
use crate::client::HttpClient;
use crate::config::{Config, Secrets};
use crate::ending::Ending;
use crate::intake::{Intake, NotKept};
use crate::spool::Call;
use domain::letter::{Bookmark, LetterVerdict};
use domain::ports::{Clock, Directory};
use email::{Behind, Dns, Entry, InMailbox, MailboxFault, MailboxLimits, MailboxSettings, Took};
use messaging::Flows;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

/// How long a process has a mailbox for itself without saying so again. Two that read one take nothing twice: each letter is known by
/// what it is.
const SECONDS: i64 = 30;
const RENEW: Duration = Duration::from_secs(5);
/// How long the token's company may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// Pauses after a line that broke: the first, and what doubling ends at.
const SOON: Duration = Duration::from_secs(2);
const LATE: Duration = Duration::from_secs(300);
/// A letter that says it came to more addresses of ours is delivered to these.
const MOST: usize = 10;

/// The configuration's mailboxes, ready to be read.
fn settings(
    config: &Config,
    secrets: &Secrets,
    clock: &Arc<dyn Clock>,
    ending: &Ending,
) -> anyhow::Result<Vec<(Mailbox, MailboxSettings)>> {
    let mut all = Vec::new();
    for (mailbox, key) in config.letters.mailboxes.iter().zip(&secrets.mailboxes) {
        let (host, port) = mailbox.server()?;
        let entry = match (key, &mailbox.oauth) {
            (Key::OAuth(secret, refresh), Some(oauth)) => {
                let wire = Arc::new(HttpClient::new(PATIENCE, clock.clone(), ending.clone())?);
                Entry::Bearer(Arc::new(Tokens::new(oauth.clone(), secret.clone(), refresh.clone(), wire, clock.clone())))
            }
            (Key::Password(secret) | Key::OAuth(secret, _), _) => Entry::Password(secret.clone()),
        };
        let tls = crate::serve::tls(&mailbox.tls);
        let (user, folder, limits) = (mailbox.user.clone(), mailbox.folder.clone(), MailboxLimits::default());
        all.push((mailbox.clone(), MailboxSettings { host, port, tls, user, entry, folder, limits }));
    }
    Ok(all)
}

/// Signs in to each and opens its folder: what an operator wants to know before families write.
pub async fn try_each(
    config: &Config,
    secrets: &Secrets,
    clock: &Arc<dyn Clock>,
    directory: &dyn Directory,
) -> anyhow::Result<Vec<(String, Result<(), MailboxFault>)>> {
    let mut all = Vec::new();
    for (mailbox, settings) in settings(config, secrets, clock, &Ending::never())? {
        let tried = match email::try_mailbox(&settings).await {
            Ok(()) if directory.sender_by_address(&mailbox.address().to_lowercase()).await?.is_none() => {
                Err(MailboxFault::Refused(NOBODYS.into()))
            }
            tried => tried,
        };
        all.push((mailbox.server, tried));
    }
    Ok(all)
}

/// Reads them all from now on. The tasks end when the end is asked for, each with its mailbox given back.
pub fn keep(
    config: &Config,
    secrets: &Secrets,
    flows: &Flows,
    intake: &Intake,
    clock: &Arc<dyn Clock>,
    ending: &Ending,
) -> anyhow::Result<JoinSet<()>> {
    let mut all = JoinSet::new();
    let dns = config.letters.dns()?;
    for (mailbox, settings) in settings(config, secrets, clock, ending)? {
        let reader = Reader {
            name: format!("mailbox {}/{}@{}", mailbox.folder, mailbox.user, mailbox.server),
            holder: flows.ports().ids.secret(),
            address: mailbox.address().to_owned(),
            directory: flows.ports().directory.clone(),
            flows: flows.clone(),
            intake: intake.clone(),
            clock: clock.clone(),
            dns: dns.clone(),
        };
        let ending = ending.clone();
        all.spawn(async move {
            tokio::select! {
                () = reader.run(&mailbox.server, &settings) => {}
                () = ending.wait() => {}
            }
            reader.give_back().await;
        });
    }
    Ok(all)
}

/// What an operator is told of a mailbox whose address nobody has.
pub const NOBODYS: &str =
    "no sender of kind email has the mailbox's address: set it under District, Numbers, or say it as address in letters.mailboxes";

struct Reader {
    name: String,
    holder: String,
    address: String,
    directory: Arc<dyn Directory>,
    flows: Flows,
    intake: Intake,
    clock: Arc<dyn Clock>,
    dns: Option<Dns>,
}

impl Reader {
    async fn run(&self, server: &str, settings: &MailboxSettings) {
        let mut pause = SOON;
        let now = || self.clock.now();
        loop {
            if self.mine().await {
                let begun = tokio::time::Instant::now();
                tokio::select! {
                    fault = email::read_mailbox(settings, self, &now) => pause = self.after(server, fault, begun.elapsed(), pause),
                    () = self.lost() => tracing::warn!(server, "another process reads the mailbox now"),
                }
            } else {
                pause = RENEW;
            }
            // Others must not try a wrong password in turn: the mailbox stays this process's meanwhile.
            let until = tokio::time::Instant::now() + pause;
            while tokio::time::Instant::now() < until {
                tokio::time::sleep(RENEW.min(pause)).await;
                if pause > RENEW {
                    self.mine().await;
                }
            }
        }
    }

    /// How long to wait after a reading that ended so.
    fn after(&self, server: &str, fault: MailboxFault, lasted: Duration, before: Duration) -> Duration {
        match fault {
            // Each try with a wrong password brings the account nearer to being locked.
            MailboxFault::Refused(why) => {
                tracing::error!(server, "the mailbox is not read: {why}");
                LATE
            }
            MailboxFault::Away(why) if lasted > LATE => {
                tracing::info!(server, "the mailbox's line ended: {why}");
                SOON
            }
            MailboxFault::Away(why) => {
                tracing::warn!(server, "the mailbox's line ended: {why}");
                (before * 2).min(LATE)
            }
        }
    }

    async fn mine(&self) -> bool {
        let now = self.clock.now();
        let asked = self.directory.lease(&self.name, &self.holder, now, now.plus_seconds(SECONDS));
        match tokio::time::timeout(PATIENCE, asked).await {
            Ok(Ok(mine)) => mine,
            // Who had it goes on: what it reads is kept in the spool meanwhile.
            Ok(Err(_)) | Err(_) => true,
        }
    }

    /// Comes back when the lease is another's.
    async fn lost(&self) {
        loop {
            tokio::time::sleep(RENEW).await;
            if !self.mine().await {
                return;
            }
        }
    }

    async fn give_back(&self) {
        let now = self.clock.now();
        let given = self.directory.lease(&self.name, &self.holder, now, now);
        let _ = tokio::time::timeout(Duration::from_secs(1), given).await;
    }

    /// To which of our addresses a letter came: those with a token, else the school's own.
    async fn ours(&self, letter: &InMailbox) -> Result<Vec<String>, Took> {
        let mut tokens: Vec<String> = Vec::new();
        for to in letter.to.iter().map(|to| to.to_lowercase()) {
            if self.flows.is_token(&to) && !tokens.contains(&to) && tokens.len() < MOST {
                tokens.push(to);
            }
        }
        if !tokens.is_empty() {
            return Ok(tokens);
        }
        for to in letter.to.iter().take(MOST).chain([&self.address]) {
            match self.flows.recipient(to).await {
                LetterVerdict::Welcome => return Ok(vec![to.clone()]),
                LetterVerdict::Later => return Err(Took::Later),
                LetterVerdict::Forged | LetterVerdict::Stranger => {}
            }
        }
        Err(Took::NotOurs)
    }
}

#[async_trait::async_trait]
impl Behind for Reader {
    async fn bookmark(&self) -> Result<Option<Bookmark>, MailboxFault> {
        // Else letters without a token would be for nobody, and passed by for good.
        match self.flows.recipient(&self.address).await {
            LetterVerdict::Welcome => {}
            LetterVerdict::Later => return Err(MailboxFault::Away("the database does not answer".into())),
            LetterVerdict::Forged | LetterVerdict::Stranger => {
                return Err(MailboxFault::Refused(NOBODYS.into()));
            }
        }
        match tokio::time::timeout(PATIENCE, self.directory.bookmark(&self.name)).await {
            Ok(Ok(bookmark)) => Ok(bookmark),
            Ok(Err(_)) | Err(_) => Err(MailboxFault::Away("the database does not say how far it was read".into())),
        }
    }

    async fn set_bookmark(&self, bookmark: Bookmark) -> bool {
        matches!(tokio::time::timeout(PATIENCE, self.directory.set_bookmark(&self.name, bookmark)).await, Ok(Ok(())))
    }

    async fn take(&self, letter: InMailbox) -> Took {
        let to = match self.ours(&letter).await {
            Ok(to) => to,
            Err(took) => {
                if took == Took::NotOurs {
                    tracing::warn!(
                        "a letter in a mailbox is for no address of this house: it stays there; does a sender of kind email have the mailbox's address?"
                    );
                }
                return took;
            }
        };
        let mut raw = letter.raw;
        if let Some(dns) = &self.dns {
            let top = dns.who_wrote(&raw, None).await;
            raw.splice(0..0, top.into_bytes());
        }
        for to in to {
            let call = Call::Letter { from: letter.from.clone(), to, raw: raw.clone() };
            match self.intake.take(call).await {
                Ok(()) => {}
                // One letter that nobody can keep must not hold up those behind it.
                Err(fault @ NotKept::Refused(_)) => {
                    tracing::error!(%fault, "a letter could not be taken in; it stays in its mailbox, read it there");
                }
                Err(fault) => {
                    tracing::error!(%fault, "a letter could not be kept; it stays in its mailbox and is read again");
                    return Took::Later;
                }
            }
        }
        Took::Kept
    }
}
