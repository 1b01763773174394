//! One IMAP connection. async-imap knows the protocol; here are time limits, and the commands whose refusal must not be taken for
//! "nothing there", which is what its streams of letters make of a NO.

use super::{Entry, MailboxFault, MailboxSettings, away};
use crate::Tls;
use crate::secure::{Unsecured, secured};
use async_imap::imap_proto::{AttributeValue, MailboxDatum, Response, Status};
use async_imap::{Authenticator, Client};
use domain::Time;
use std::fmt::Debug;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;

pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin + Debug {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin + Debug> Stream for T {}

type Line = Box<dyn Stream>;

/// Letters read in one go; the next look finds the rest.
pub(super) const MOST: usize = 1000;
/// Where numbers mean nothing any more, letters are searched by the day they came; days are told in zones nobody knows.
const BACK: i64 = 2 * 86_400;

/// A folder as it was opened.
pub(super) struct Opened {
    pub validity: u32,
    /// The number that the next letter will have.
    pub next: u32,
}

/// See the module.
pub(super) struct Session {
    inner: async_imap::Session<Line>,
    idle: bool,
    answer: Duration,
}

/// XOAUTH2, as Google and Microsoft document it. A refusal is told in a second challenge, which wants an empty answer.
struct XOauth2 {
    first: Option<String>,
}

impl Authenticator for XOauth2 {
    type Response = String;
    fn process(&mut self, _: &[u8]) -> String {
        self.first.take().unwrap_or_default()
    }
}

async fn within<T, E>(limit: Duration, what: &str, step: impl Future<Output = Result<T, E>>) -> Result<T, MailboxFault> {
    match timeout(limit, step).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(_)) => Err(away(format!("{what} failed"))),
        Err(_) => Err(away(format!("{what} was not answered in time"))),
    }
}

/// A server that refuses because it is ill says so by a code of RFC 5530; any other NO is its last word.
fn is_ill(said: &str) -> bool {
    ["UNAVAILABLE", "SERVERBUG", "INUSE", "LIMIT"].iter().any(|code| said.contains(code))
}

/// What a refused login means.
fn not_let_in(fault: &async_imap::error::Error) -> MailboxFault {
    match fault {
        async_imap::error::Error::No(said) if is_ill(said) => away("the mail server lets nobody in now"),
        async_imap::error::Error::No(_) => MailboxFault::Refused("the mailbox's user, password or token was refused".into()),
        async_imap::error::Error::Bad(_) => MailboxFault::Refused("the mail server does not know this way to sign in".into()),
        _ => away("signing in failed"),
    }
}

impl Session {
    /// Connects, protects, signs in.
    pub async fn open(settings: &MailboxSettings) -> Result<Self, MailboxFault> {
        let limits = settings.limits;
        let connected = tokio::net::TcpStream::connect((settings.host.as_str(), settings.port));
        let stream = within(limits.connect, "connecting to the mailbox", connected).await?;
        stream.set_nodelay(true).map_err(|_| away("the connection failed"))?;
        let mut line: Line = Box::new(stream);
        if settings.tls == Tls::Whole {
            line = protect(settings, line).await?;
        }
        let mut client = Client::new(line);
        greeting(&mut client, limits.answer).await?;
        if settings.tls == Tls::Starttls {
            within(limits.answer, "STARTTLS", client.run_command_and_check_ok("STARTTLS", None)).await?;
            // What was said before the handshake is not protected: the client forgets it here.
            client = Client::new(protect(settings, client.into_inner()).await?);
        }
        let signed_in = match &settings.entry {
            Entry::Password(password) => timeout(limits.answer, client.login(&settings.user, password)).await,
            Entry::Bearer(bearer) => {
                let token = bearer.token().await?;
                let first = Some(format!("user={}\x01auth=Bearer {token}\x01\x01", settings.user));
                timeout(limits.answer, client.authenticate("XOAUTH2", XOauth2 { first })).await
            }
        };
        let mut inner = match signed_in {
            Ok(Ok(session)) => session,
            Ok(Err((fault, _))) => {
                if let Entry::Bearer(bearer) = &settings.entry {
                    bearer.refused();
                }
                return Err(not_let_in(&fault));
            }
            Err(_) => return Err(away("signing in was not answered in time")),
        };
        let able = within(limits.answer, "CAPABILITY", inner.capabilities()).await?;
        Ok(Self { inner, idle: able.has_str("IDLE"), answer: limits.answer })
    }

    /// Opens the folder, to read only.
    pub async fn examine(&mut self, folder: &str) -> Result<Opened, MailboxFault> {
        let opened = match timeout(self.answer, self.inner.examine(folder)).await {
            Ok(Ok(opened)) => opened,
            Ok(Err(async_imap::error::Error::No(said))) if !is_ill(&said) => {
                return Err(MailboxFault::Refused("the mailbox has no such folder".into()));
            }
            Ok(Err(_)) => return Err(away("opening the folder failed")),
            Err(_) => return Err(away("opening the folder was not answered in time")),
        };
        let (Some(validity), Some(next)) = (opened.uid_validity, opened.uid_next) else {
            return Err(MailboxFault::Refused("the mail server does not number letters (UIDVALIDITY, UIDNEXT)".into()));
        };
        Ok(Opened { validity, next })
    }

    /// Runs a command, shows each answer, and fails where the server says anything but OK to it.
    async fn ask(&mut self, command: &str, patience: Duration, mut each: impl FnMut(&Response<'_>)) -> Result<(), MailboxFault> {
        let tag = within(self.answer, "a command", self.inner.run_command(command)).await?;
        loop {
            let Some(answer) = within(patience, "a command", self.inner.read_response()).await? else {
                return Err(away("the mail server closed the connection"));
            };
            match answer.parsed() {
                Response::Done { tag: whose, status, .. } if *whose == tag => {
                    return if *status == Status::Ok { Ok(()) } else { Err(away("the mail server refused a command")) };
                }
                answer => each(answer),
            }
        }
    }

    /// The numbers of letters after one, ascending.
    pub async fn after(&mut self, uid: u32) -> Result<Vec<u32>, MailboxFault> {
        let Some(first) = uid.checked_add(1) else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        // "n:*" always has the last letter in it, even one before n.
        self.ask(&format!("UID SEARCH UID {first}:*"), self.answer, |answer| {
            if let Response::MailboxData(MailboxDatum::Search(all)) = answer {
                found.extend(all.iter().filter(|found| **found > uid));
            }
        })
        .await?;
        found.sort_unstable();
        found.dedup();
        found.truncate(MOST);
        Ok(found)
    }

    /// The number before the first letter that came since a time, or somewhat earlier; none where no letter did.
    pub async fn before(&mut self, time: Time) -> Result<Option<u32>, MailboxFault> {
        let day = mail_parser::DateTime::from_timestamp(time.seconds() - BACK);
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let month = months[usize::from(day.month.clamp(1, 12)) - 1];
        let mut first: Option<u32> = None;
        self.ask(&format!("UID SEARCH SINCE {}-{month}-{}", day.day, day.year), self.answer, |answer| {
            if let Response::MailboxData(MailboxDatum::Search(all)) = answer {
                first = first.into_iter().chain(all.iter().copied()).min();
            }
        })
        .await?;
        Ok(first.map(|first| first.saturating_sub(1)))
    }

    /// The bytes of one letter, `most` of them; none where it is there no more.
    pub async fn letter(&mut self, uid: u32, most: u32) -> Result<Option<Vec<u8>>, MailboxFault> {
        let mut found = None;
        self.ask(&format!("UID FETCH {uid} (UID BODY.PEEK[]<0.{most}>)"), self.answer * 10, |answer| {
            let Response::Fetch(_, parts) = answer else { return };
            if !parts.iter().any(|part| matches!(part, AttributeValue::Uid(of) if *of == uid)) {
                return;
            }
            for part in parts {
                if let AttributeValue::BodySection { section: None, data: Some(data), .. } = part {
                    found = Some(data.to_vec());
                }
            }
        })
        .await?;
        Ok(found)
    }

    /// Until the server says that something changed, but not longer than that.
    pub async fn wait(mut self, longest: Duration) -> Result<Self, MailboxFault> {
        if !self.idle {
            tokio::time::sleep(longest).await;
            return Ok(self);
        }
        let mut idle = self.inner.idle();
        within(self.answer, "IDLE", idle.init()).await?;
        let (heard, stop) = idle.wait_with_timeout(longest);
        // It begins anew with every "still here"; this does not.
        let heard = timeout(longest, heard).await;
        drop(stop);
        if matches!(heard, Ok(Err(_))) {
            return Err(away("the connection ended"));
        }
        self.inner = within(self.answer, "the end of IDLE", idle.done()).await?;
        Ok(self)
    }
}

async fn protect(settings: &MailboxSettings, line: Line) -> Result<Line, MailboxFault> {
    match secured(&settings.host, line, settings.limits.connect).await {
        Ok(line) => Ok(Box::new(line)),
        Err(Unsecured::Setting(why)) => Err(MailboxFault::Refused(why.into())),
        Err(Unsecured::Server(why)) => Err(away(why)),
    }
}

async fn greeting(client: &mut Client<Line>, patience: Duration) -> Result<(), MailboxFault> {
    let greeting = within(patience, "the mail server's greeting", client.read_response()).await?;
    match greeting.as_ref().map(|greeting| greeting.parsed()) {
        Some(Response::Data { status: Status::Ok, .. }) => Ok(()),
        _ => Err(away("the mail server did not greet")),
    }
}
