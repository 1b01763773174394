//! Letters in, for a school that has a mailbox and nothing else: read over IMAP (RFC 3501, 2177) from where the last reading ended.
//!
//! The mailbox stays as it is: nothing is marked as read, moved or taken away. Must never know whose letters they are; who takes them
//! is asked through [`Behind`], and a letter counts as read only when it is kept.

mod session;

use crate::Tls;
use crate::read::{recipients, went_back_to};
use domain::Time;
use domain::letter::Bookmark;
use session::Session;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

/// Where a mailbox is, and how one gets in.
#[derive(Clone)]
pub struct MailboxSettings {
    /// Host name; certificates are checked against it.
    pub host: String,
    /// 993, 143.
    pub port: u16,
    /// See [`Tls`].
    pub tls: Tls,
    /// Whose it is, as its mail company wants it written.
    pub user: String,
    /// The password, or a token.
    pub entry: Entry,
    /// `INBOX`, or another folder, in ASCII.
    pub folder: String,
    /// See [`MailboxLimits`].
    pub limits: MailboxLimits,
}

/// What opens a mailbox.
#[derive(Clone)]
pub enum Entry {
    /// A password, for LOGIN.
    Password(String),
    /// A bearer token, for XOAUTH2: asked for anew with each connection.
    Bearer(Arc<dyn Bearer>),
}

/// Who gives bearer tokens.
#[async_trait::async_trait]
pub trait Bearer: Send + Sync {
    /// One that is good now.
    async fn token(&self) -> Result<String, MailboxFault>;
    /// The mailbox did not open with the last one.
    fn refused(&self) {}
}

/// Times and sizes.
#[derive(Clone, Copy, Debug)]
pub struct MailboxLimits {
    /// Name lookup, TCP and TLS.
    pub connect: Duration,
    /// One answer; where it carries a letter, ten times that.
    pub answer: Duration,
    /// The server is asked anew after so long, whatever it said meanwhile: some connections are dead and look alive.
    pub look: Duration,
    /// Bytes read of a letter. What is over is cut off: the words come first.
    pub letter: u32,
}

impl Default for MailboxLimits {
    fn default() -> Self {
        Self { connect: Duration::from_secs(10), answer: Duration::from_secs(60), look: Duration::from_secs(60), letter: 25 * 1024 * 1024 }
    }
}

/// A letter as it lies there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InMailbox {
    /// Where it goes back to, as the last server noted; empty: nowhere, or nobody noted it.
    pub from: String,
    /// Every address it says it came to, the mail servers' own notes first.
    pub to: Vec<String>,
    /// Its bytes.
    pub raw: Vec<u8>,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Took {
    /// Committed.
    Kept,
    /// For nobody here: it stays where it is, and is not read again.
    NotOurs,
    /// Not now.
    Later,
}

/// Who takes letters, and remembers how far they were read.
#[async_trait::async_trait]
pub trait Behind: Send + Sync {
    /// How far; `Ok(None)` where it was never read, `Err` where nobody can tell now.
    async fn bookmark(&self) -> Result<Option<Bookmark>, MailboxFault>;
    /// Remembers it; true once that is committed.
    async fn set_bookmark(&self, bookmark: Bookmark) -> bool;
    /// Takes a letter. It may be asked again with one that it took.
    async fn take(&self, letter: InMailbox) -> Took;
}

/// Why the reading ended.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailboxFault {
    /// The server or the line: it is tried again.
    #[error("{0}")]
    Away(String),
    /// A setting, the password, the folder: it goes on like this until somebody looks.
    #[error("{0}")]
    Refused(String),
}

fn away(why: impl Into<String>) -> MailboxFault {
    MailboxFault::Away(why.into())
}

/// A bookmark says at least this often that nothing came: whoever must search by date does not go back far.
const ANEW: i64 = 3600;

/// Reads over one connection, until it ends.
pub async fn read_mailbox(settings: &MailboxSettings, behind: &dyn Behind, now: &(dyn Fn() -> Time + Send + Sync)) -> MailboxFault {
    match reading(settings, behind, now).await {
        Err(fault) => fault,
        Ok(never) => match never {},
    }
}

/// Signs in and opens the folder, and reads nothing.
///
/// # Errors
/// Why that cannot be done, in words for whoever operates it.
pub async fn try_mailbox(settings: &MailboxSettings) -> Result<(), MailboxFault> {
    Session::open(settings).await?.examine(&settings.folder).await.map(|_| ())
}

async fn reading(
    settings: &MailboxSettings,
    behind: &dyn Behind,
    now: &(dyn Fn() -> Time + Send + Sync),
) -> Result<Infallible, MailboxFault> {
    let mut session = Session::open(settings).await?;
    let mut known = behind.bookmark().await?;
    loop {
        let opened = session.examine(&settings.folder).await?;
        let mut bookmark = match known {
            Some(known) if known.validity == opened.validity => known,
            // What came before the house knew the mailbox is not for it; what its numbers meant before, only the dates tell now.
            before => {
                let uid = match before {
                    None => opened.next.saturating_sub(1),
                    Some(before) => session.before(before.read).await?.unwrap_or(opened.next.saturating_sub(1)),
                };
                let begun = Bookmark { validity: opened.validity, uid, read: now() };
                if !behind.set_bookmark(begun).await {
                    return Err(away("the database does not keep how far the mailbox was read"));
                }
                begun
            }
        };
        let found = session.after(bookmark.uid).await?;
        let (mut more, mut put_off) = (found.len() == session::MOST, false);
        for uid in found {
            // Taken away since, by somebody who reads the mailbox too.
            if let Some(raw) = session.letter(uid, settings.limits.letter).await? {
                let letter = InMailbox { from: went_back_to(&raw), to: recipients(&raw), raw };
                if behind.take(letter).await == Took::Later {
                    (more, put_off) = (false, true);
                    break;
                }
            }
            bookmark = Bookmark { uid, read: now(), ..bookmark };
            // Not kept, it is read once more after the next start, and known.
            behind.set_bookmark(bookmark).await;
        }
        if !put_off && now().0 - bookmark.read.0 > ANEW * 1_000_000 {
            bookmark.read = now();
            behind.set_bookmark(bookmark).await;
        }
        known = Some(bookmark);
        if more {
            continue;
        }
        session = session.wait(settings.limits.look).await?;
    }
}
