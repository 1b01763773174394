//! Letters as the flows see them. How RFC 5322 is read or written is `email`'s secret.

use crate::{Address, Body, DeliveryId, DistrictId, StaffId, ThreadId, Time};

/// What a reply token in an address proves. Kinds are separate classes: a family's token never acts as staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Token {
    /// A family answers this delivery.
    Family {
        /// The tenant.
        district: DistrictId,
        /// The delivery the letter came with.
        delivery: DeliveryId,
    },
    /// A bounce of this delivery's attempt.
    Bounce {
        /// The tenant.
        district: DistrictId,
        /// The delivery.
        delivery: DeliveryId,
    },
    /// No more letters, please: a mail program's own button, or the page behind it. Its holder can do nothing else with it.
    Stop {
        /// The tenant.
        district: DistrictId,
        /// The delivery whose letter had the button.
        delivery: DeliveryId,
    },
    /// Staff answer a thread from their own mailbox.
    Staff {
        /// The tenant.
        district: DistrictId,
        /// The thread.
        thread: ThreadId,
        /// Who.
        staff: StaffId,
    },
}

impl Token {
    /// Whose it is.
    pub fn district(self) -> DistrictId {
        match self {
            Token::Family { district, .. }
            | Token::Bounce { district, .. }
            | Token::Stop { district, .. }
            | Token::Staff { district, .. } => district,
        }
    }
}

/// What the link to one long message proves: it was sent to this delivery's contact point, and may be read until the end of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PageLink {
    /// The tenant.
    pub district: DistrictId,
    /// The delivery whose text it stood in.
    pub delivery: DeliveryId,
    /// The last day it opens anything, in days since 1970, UTC.
    pub last_day: u16,
}

/// A letter to compose.
#[derive(Clone, Debug)]
pub struct LetterDraft {
    /// Our mail identity's display name ("Ms Rivera, Maple Street School").
    pub from_name: String,
    /// Our mail identity: always the same address, so that a mailbox gets to know it.
    pub from: String,
    /// The address answers go to, with its token inside.
    pub reply_to: String,
    /// Recipient.
    pub to: Address,
    /// Subject, in the family's language.
    pub subject: String,
    /// BCP 47 tag of the words.
    pub language: String,
    /// Whether that language is written right to left.
    pub right_to_left: bool,
    /// "Write your answer above this line", localized; the marker our reader finds again.
    pub marker: String,
    /// Paragraphs, in order, each with its language: the translation first, the original after it.
    pub blocks: Vec<LetterBlock>,
    /// Answers offered as `mailto:` links: (words, the digit put in the body).
    pub answers: Vec<(String, u8)>,
    /// Names that may stand in the blocks in another script than the words around them: children, teacher, school.
    pub names: Vec<String>,
    /// Stable Message-ID of the attempt, without angle brackets.
    pub message_id: String,
    /// Message-ID this one answers, if any.
    pub in_reply_to: Option<String>,
    /// Ids of the thread, oldest first.
    pub references: Vec<String>,
    /// Envelope sender with its bounce token.
    pub envelope_from: String,
    /// Written by a machine (notices, broadcasts): says so in Auto-Submitted.
    pub automatic: bool,
    /// What marks it as one of many; `None` for what goes to one family.
    pub list: Option<List>,
    /// When it is composed.
    pub date: Time,
}

/// A letter that goes to many says whose list it is and how one leaves it (RFC 2919, 2369, 8058).
#[derive(Clone, Debug)]
pub struct List {
    /// `List-Id` of the school, e.g. `school-7.mail.example`.
    pub id: String,
    /// Where a POST stops these letters, and where a person sees a page: `https://…`.
    pub stop_link: String,
    /// An empty letter to this address stops them as well.
    pub stop_address: String,
    /// Four fields by which a mailbox provider counts complaints: message, district, kind, who sends.
    pub feedback: [String; 4],
}

/// One block of a letter.
#[derive(Clone, Debug)]
pub struct LetterBlock {
    /// BCP 47 tag.
    pub language: String,
    /// Right to left.
    pub right_to_left: bool,
    /// A short heading, localized, may be empty.
    pub heading: String,
    /// The words; line breaks are kept.
    pub text: String,
    /// Quieter: original, footers.
    pub quiet: bool,
}

/// A letter ready to carry.
#[derive(Clone, Debug)]
pub struct ComposedLetter {
    /// RFC 5322 bytes.
    pub raw: Vec<u8>,
    /// Envelope sender.
    pub envelope_from: String,
}

/// What is known of the letter that another one answers.
#[derive(Clone, Copy, Debug)]
pub struct Ours<'a> {
    /// Its words.
    pub text: &'a str,
    /// The address it was from: heads of quotations name it.
    pub from: &'a str,
}

/// What kind of letter came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LetterKind {
    /// A person wrote it.
    Reply,
    /// A machine answered: absence notices and the like.
    AutoReply,
    /// A delivery report that says no.
    Bounce,
    /// A complaint report.
    Complaint,
    /// Anything else.
    Other,
}

/// Whether a letter is from whom it says, as the school's own mail server found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authentication {
    /// It is.
    Pass,
    /// It is not, or the writer's domain disowns it.
    Fail,
    /// Nobody said.
    Unknown,
}

/// How dead the address is that bounced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BounceClass {
    /// 5.1.x and the like: there is no such address, or not any more.
    Hard,
    /// 4.x and a full box: it may take the next letter.
    Soft,
    /// 5.7.x: policy, the address lives.
    Policy,
}

/// A letter as it was read. Never fails: the worst case is plain text with a warning.
#[derive(Clone, Debug)]
pub struct IncomingLetter {
    /// What it is.
    pub kind: LetterKind,
    /// From, lower-cased, empty if none.
    pub from: Address,
    /// Whether it is from there.
    pub authentication: Authentication,
    /// Subject, decoded.
    pub subject: String,
    /// Message-ID without angle brackets.
    pub message_id: Option<String>,
    /// What the person wrote, quoted text trimmed; never empty if there was text.
    pub text: Body,
    /// What was trimmed.
    pub elided: Body,
    /// 0..=1: how sure the trimming is.
    pub confidence: f32,
    /// A bounce's recipient, class and status.
    pub bounce: Option<Bounce>,
    /// Message-IDs it answers, without angle brackets, the one it names as such first.
    pub answers: Vec<String>,
    /// Addresses that the letter which a report encloses was from, or went back to.
    pub about: Vec<String>,
    /// Names and sizes of attachments.
    pub attachments: Vec<(String, usize)>,
    /// How many of them stand beside the words, not within their page as a logo does.
    pub beside: usize,
    /// What was odd, in words.
    pub warnings: Vec<String>,
}

/// A bounce.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounce {
    /// Whose.
    pub recipient: Address,
    /// How dead.
    pub class: BounceClass,
    /// Enhanced status, e.g. `5.1.1`; empty where none was said.
    pub status: String,
    /// The mail server gave up; otherwise it says that the letter is late, and goes on trying.
    pub last: bool,
}

/// Composes, reads, and knows tokens.
pub trait Letters: Send + Sync {
    /// The bytes of a letter.
    fn compose(&self, draft: &LetterDraft) -> ComposedLetter;
    /// Reads a letter; `ours` is the one it answers, if known, so that it can be told from what the family wrote.
    fn read(&self, raw: &[u8], ours: Option<Ours<'_>>) -> IncomingLetter;
    /// The bytes of one of its attachments, by its place in [`IncomingLetter::attachments`].
    fn attachment(&self, raw: &[u8], number: usize) -> Option<Vec<u8>>;
    /// The address that carries a token, for letters from an address of ours: `reply+…@DOMAIN`, `reply-…@SUB.DOMAIN`, or, where that is
    /// the only mailbox there is, `OURS+r-…@DOMAIN`; that mailbox's own where a token does not fit beside its name.
    fn address(&self, token: Token, ours: &str) -> String;
    /// The last word of a link's address: letters, digits, `-` and `_`.
    fn page_code(&self, link: PageLink) -> String;
    /// Reads it back, whether its day has passed or not. `None`: it is not ours, or was altered.
    fn page_link(&self, code: &str) -> Option<PageLink>;
    /// Whether anybody here finds out who wrote a letter: a mail server whose word is believed, or Homeword itself.
    fn knows_writers(&self) -> bool;
    /// Reads a local part: a token of ours, forged (looks like one, fails the check), or none.
    fn token(&self, local_part: &str) -> TokenRead;
}

/// How far a mailbox that is read over IMAP was read: everything up to `uid` is kept, or was for nobody here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bookmark {
    /// UIDVALIDITY: with another one, numbers name other letters.
    pub validity: u32,
    /// The number of the last letter.
    pub uid: u32,
    /// When that was known.
    pub read: Time,
}

/// What an address answers at RCPT, before any byte of the letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LetterVerdict {
    /// Taken.
    Welcome,
    /// A token of ours that is forged or revoked: 550.
    Forged,
    /// Not one of our addresses: 550.
    Stranger,
    /// The store is away: 451.
    Later,
}

/// What a local part carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenRead {
    /// Ours.
    Ok(Token),
    /// Looks like one of ours and is not.
    Forged,
    /// None.
    Absent,
}
