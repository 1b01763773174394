//! What came with texts and letters: kept as links at once, fetched afterwards, shown to whoever may read the conversation.

use super::*;
use crate::media::MediaKind;

/// Before the number of a letter's attachment: a link into the letter itself, which no company keeps.
pub const IN_LETTER: &str = "letter:";

/// A link that came with a text.
#[derive(Clone, Debug)]
pub struct NewAttachment {
    /// The text's replay key.
    pub key: String,
    /// From 0, in the text's order.
    pub number: i16,
    /// The account of the number it came to; empty where there is only one.
    pub account: String,
    /// Where the company keeps it. Whoever knows it may read the picture: never logged.
    pub link: String,
    /// When it came.
    pub at: Time,
}

/// One that is to be fetched.
#[derive(Clone)]
pub struct ToFetch {
    /// The text's replay key.
    pub key: String,
    /// Which of the text's.
    pub number: i16,
    /// The account of the number it came to.
    pub account: String,
    /// Where.
    pub link: String,
    /// How often it was tried, this time included.
    pub tries: i64,
}

/// The text or letter that something came with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    /// It.
    pub incoming: IncomingId,
    /// The phone or mailbox it came from.
    pub contact: Option<ContactId>,
    /// Our number or identity it came to.
    pub sender: Option<SenderId>,
    /// The conversation it stands in.
    pub thread: Option<ThreadId>,
}

/// What became of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tried {
    /// It is here.
    Here {
        /// By its first bytes.
        kind: MediaKind,
        /// All of it.
        bytes: Vec<u8>,
    },
    /// Not now: again at this time.
    Again(Time),
    /// Given up, with the reason in words.
    GivenUp(String),
}

/// As a page lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attached {
    /// Of this incoming.
    pub incoming: IncomingId,
    /// Which of its.
    pub number: i16,
    /// What it is, once it is here.
    pub kind: Option<MediaKind>,
    /// Bytes.
    pub size: i64,
    /// Why it could not be fetched; empty while that is still tried, or once it is here.
    pub reason: String,
}

/// Why nothing was fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotFetched {
    /// It may be there later.
    Later(&'static str),
    /// It will never be fetched.
    Never(&'static str),
}

/// Fetches what companies keep. It alone decides which addresses may be asked.
#[async_trait::async_trait]
pub trait Fetch: Send + Sync {
    /// All bytes behind a link that came over this account.
    async fn fetch(&self, account: &str, link: &str) -> Result<Vec<u8>, NotFetched>;
}

/// Draws pictures anew, dot by dot: what else was in the file (where it was taken, whatever hides behind it) is left behind.
#[async_trait::async_trait]
pub trait Redraw: Send + Sync {
    /// A picture of the same sight, with its kind. `None`: it is broken, or too large to be drawn.
    async fn redraw(&self, kind: MediaKind, bytes: Vec<u8>) -> Option<(MediaKind, Vec<u8>)>;
}

/// See the module.
#[async_trait::async_trait]
pub trait Attachments: Send + Sync {
    /// Keeps links; a repeated (key, number) is dropped. Committed when it returns.
    async fn attach(&self, district: DistrictId, rows: &[NewAttachment]) -> Stored<()>;
    /// Districts in which something is to be fetched at `now`.
    async fn fetching(&self, now: Time) -> Stored<Vec<DistrictId>>;
    /// What is to be fetched at `now`, oldest first; nobody else is given it before `until`.
    async fn to_fetch(&self, district: DistrictId, now: Time, until: Time, most: i64) -> Stored<Vec<ToFetch>>;
    /// Keeps what became of a try, with a task if somebody has to look. False: it was settled before.
    async fn tried(&self, district: DistrictId, row: &ToFetch, tried: &Tried, task: Option<&NewTask>) -> Stored<bool>;
    /// What a text or letter with this key became, once it was understood.
    async fn owner(&self, district: DistrictId, key: &str) -> Stored<Option<Owner>>;
    /// What came with these incoming.
    async fn attached(&self, district: DistrictId, incoming: &[IncomingId]) -> Stored<Vec<Attached>>;
    /// The bytes of one, if they are here.
    async fn bytes(&self, district: DistrictId, incoming: IncomingId, number: i16) -> Stored<Option<(MediaKind, Vec<u8>)>>;
    /// Whether an incoming stands in a thread.
    async fn stands_in(&self, district: DistrictId, incoming: IncomingId, thread: ThreadId) -> Stored<bool>;
    /// Fetches what was given up once more.
    async fn fetch_again(&self, district: DistrictId, incoming: IncomingId, number: i16, now: Time) -> Stored<()>;
}
