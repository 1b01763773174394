//! The waist between the flows and whoever carries words: companies for texts, servers for letters.

use crate::calls::{CallAnswer, CallStage};
use crate::letter::BounceClass;
use crate::{Address, Body, DeliveryId, DistrictId, Phone, SenderId, Time, wire::*};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How a carrier behaves when one attempt is sent twice (invariant 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// Drops a repeated key within this life: resend with it.
    Keyed(Duration),
    /// Our attempt can be found: ask, then decide.
    LookUp,
    /// Neither: an unclear attempt stays `uncertain` until a receipt or a person settles it.
    Blind,
}

/// What a carrier can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Abilities {
    /// See [`Repeat`].
    pub repeat: Repeat,
    /// Whether receipts come.
    pub receipts: bool,
    /// Longest text in UTF-16 units the company takes in one request; 0 = no limit.
    pub longest: usize,
    /// What its segments hold.
    pub capacity: Capacity,
    /// The longest one `send` may take: claims last longer.
    pub slowest: Duration,
}

/// What the segments of a text hold over a carrier, as its account is set. A text is measured by what it goes by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Capacity {
    /// National tables that pass.
    pub tables: Tables,
    /// Nobody joins the parts of a long text: each goes as a text of its own and says which it is.
    pub numbered: bool,
}

/// National tables of 3GPP TS 23.038 that a carrier passes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tables {
    /// None.
    #[default]
    None,
    /// The extension tables of these languages (BCP 47), not their letters in place of the default ones.
    Extensions(&'static [&'static str]),
    /// All.
    All,
}

/// One attempt on its way out. The claim that made it committed before.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// The tenant.
    pub district: DistrictId,
    /// The delivery.
    pub delivery: DeliveryId,
    /// The attempt's number: with the delivery, fence and provider key in one.
    pub attempt: i16,
    /// Which of our senders, with its number or address.
    pub sender: SenderId,
    /// Our number (E.164), or our mail identity's address.
    pub from: String,
    /// Where to.
    pub to: Destination,
    /// What.
    pub content: Content,
    /// Not to be delivered after this.
    pub useful_until: Time,
    /// The call must begin before this: later its claim could end while it is under way.
    pub begin_before: Time,
}

impl Outgoing {
    /// The attempt as one word: `district.delivery.attempt`, our provider key and reference.
    pub fn reference(&self) -> String {
        format!("{}.{}.{}", self.district, self.delivery, self.attempt)
    }

    /// What a [`Repeat::Keyed`] carrier compares: one per delivery, not per attempt. An attempt that was refused left no key
    /// behind; after a restore nobody knows how many attempts there were, and each of them must be this one.
    pub fn key(&self) -> String {
        let lead = if self.attempt >= LEAD { ".lead" } else { "" };
        format!("{}.{}{lead}", self.district, self.delivery)
    }
}

/// Attempt numbers of lead texts (the notice that goes before an original): never those of a delivery's own attempts.
pub const LEAD: i16 = 1000;

/// An attempt's reference read back.
pub fn read_reference(text: &str) -> Option<(DistrictId, DeliveryId, i16)> {
    let mut parts = text.split('.');
    let found = (DistrictId(parts.next()?.parse().ok()?), DeliveryId(parts.next()?.parse().ok()?), parts.next()?.parse().ok()?);
    parts.next().is_none().then_some(found)
}

/// A contact point as a carrier sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// A phone.
    Phone(Phone),
    /// A mailbox.
    Mailbox(Address),
}

/// What is carried.
#[derive(Clone, Debug)]
pub enum Content {
    /// A text, as the family reads it.
    Text(Body),
    /// A letter, composed and signed: raw RFC 5322 bytes and the envelope sender.
    Letter {
        /// RFC 5322 bytes.
        raw: Vec<u8>,
        /// Envelope sender (VERP).
        envelope_from: String,
    },
}

/// What a carrier said of one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendResult {
    /// Taken.
    Accepted(Accepted),
    /// Not taken, or not known.
    Fault(SendFault),
}

/// An accepted attempt.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Accepted {
    /// Every part's id at the company.
    pub provider_ids: Vec<String>,
    /// How many segments the company counted, where it says so.
    pub segments: Option<u16>,
}

/// Why an attempt was not accepted. A closed list; one function turns it into a verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SendFault {
    /// Our account, key or number is wrong: stop this sender, tell the operator.
    Config(String),
    /// The number or address can never be reached this way.
    BadAddress(String),
    /// The family stopped with the company.
    OptedOut,
    /// Refused for a reason that repeating does not mend.
    Refused {
        /// The company's code.
        code: String,
    },
    /// Too fast; not processed.
    Throttled {
        /// When the company says to come back.
        after: Option<Duration>,
    },
    /// Nothing was sent: we could not put its words together.
    NotMade,
    /// Nothing was sent, or the company documents the refusal as temporary.
    NotSent(String),
    /// Nothing was sent: our own process ended first. The company was asked, and does not know it; nothing is wrong with it.
    Lost,
    /// It may or may not have been taken.
    Unclear(String),
    /// The answer could not be read: treated as unclear.
    Garbled(String),
}

impl SendFault {
    /// Whether it may have been taken all the same.
    pub fn is_unclear(&self) -> bool {
        matches!(self, SendFault::Unclear(_) | SendFault::Garbled(_))
    }
}

/// Whether an attempt was found at the company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// It was taken.
    Found(Accepted),
    /// It was not taken.
    Absent,
    /// Not known yet.
    Unclear,
}

/// An attempt to be looked up.
#[derive(Clone, Debug)]
pub struct Attempted {
    /// The attempt as it was made.
    pub outgoing: Outgoing,
    /// When it was claimed.
    pub at: Time,
}

/// The one waist. SMPP and SMTP implement it; HTTP companies are translators behind one wrapper.
#[async_trait::async_trait]
pub trait Carrier: Send + Sync {
    /// What it can do.
    fn abilities(&self) -> Abilities;
    /// Sends a set; one answer each, in order.
    async fn send(&self, set: &[Outgoing]) -> Vec<SendResult>;
    /// Asks whether attempts were taken; one answer each, in order.
    async fn find(&self, attempts: &[Attempted]) -> Vec<Found>;
    /// Whether calls to its numbers can be answered from here.
    fn answers_calls(&self) -> bool {
        false
    }
}

/// What a receipt says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReceiptKind {
    /// Taken by the company or passed on.
    Accepted,
    /// At the phone or in the mailbox.
    Delivered,
    /// Will not arrive.
    Failed,
}

/// One part of a long text that the company did not join.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// What all its parts have in common; with both phones it names the text. Companies use it again after some hundreds of texts.
    pub set: String,
    /// From 1.
    pub number: u16,
    /// How many there are.
    pub of: u16,
}

/// What a company's call means. Written to the spool while the database is away: a field may be added with a default, none renamed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// A text from a phone.
    Incoming {
        /// Replay key, unique in the store.
        key: String,
        /// From.
        from: Phone,
        /// Our number.
        to: Phone,
        /// What it says.
        text: Body,
        /// Addresses of pictures or voice messages.
        media: Vec<String>,
        /// The carrier has already answered STOP, START or HELP itself.
        carrier_answered: bool,
        /// Where the company hands long texts over in parts: which one this is.
        #[serde(default)]
        part: Option<Part>,
    },
    /// What happened to an attempt.
    Receipt {
        /// Replay key.
        key: String,
        /// The attempt, where our reference came back.
        reference: Option<String>,
        /// The company's id.
        provider_id: String,
        /// What it says.
        kind: ReceiptKind,
        /// The company's code, if any.
        code: Option<String>,
        /// What the code means for us, on failure.
        fault: Option<SendFault>,
        /// Our number, where the company names it: a receipt without our reference finds its district by it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ours: Option<Phone>,
    },
    /// Somebody called our number; with nothing more said, nobody took it.
    MissedCall {
        /// Replay key.
        key: String,
        /// From.
        from: Phone,
        /// Our number.
        to: Phone,
        /// How far it came.
        #[serde(default, skip_serializing_if = "CallStage::is_missed")]
        stage: CallStage,
    },
    /// Nothing to do, and why.
    #[serde(skip)]
    Ignored(#[serde(skip)] &'static str),
}

/// A company that carries texts over HTTP: a pure translator, tested with text files.
pub trait SmsProvider: Send + Sync {
    /// What it can do.
    fn abilities(&self) -> Abilities;
    /// The request that sends this text.
    fn submit(&self, sms: &Outgoing, at: &Moment) -> WireRequest;
    /// Reads the answer.
    fn accepted(&self, answer: &WireAnswer) -> Result<Accepted, SendFault>;
    /// Whether the call is the company's, over the raw bytes. No default body.
    fn authentic(&self, call: &WireCall, at: &Moment) -> Result<(), Refusal>;
    /// What an authentic call means.
    fn events(&self, call: &WireCall) -> Result<Vec<Event>, Refusal>;
    /// What the company wants to hear once `taken` events are committed.
    fn acknowledge(&self, taken: usize) -> WireReply;
    /// Headers that let us fetch what a family sent, for a link to the company's own host alone: its secrets are nobody else's.
    fn opens(&self, _link: &str) -> Vec<(String, String)> {
        Vec::new()
    }
    /// What a company that asks about a call is told; `None` = nobody asks us, its calls go elsewhere.
    fn answer_call(&self, _answer: &CallAnswer) -> Option<WireReply> {
        None
    }
    /// The request that looks an attempt up, for [`Repeat::LookUp`].
    fn look_up(&self, sms: &Outgoing) -> Option<WireRequest>;
    /// Reads that answer.
    fn found(&self, answer: &WireAnswer) -> Found;
    /// For how long a look-up finds an attempt: past it, "absent" may mean forgotten, and nobody is asked.
    fn remembers(&self) -> Duration {
        Duration::MAX
    }
}

/// What a mail company says of a letter of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailReport {
    /// The attempt, where our reference came back.
    pub reference: Option<String>,
    /// Whose mailbox; empty where nobody says.
    pub recipient: Address,
    /// What happened.
    pub happened: MailHappened,
}

/// See [`MailReport`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailHappened {
    /// The mailbox's server has it.
    Delivered,
    /// The company goes on trying.
    Late,
    /// It will not arrive.
    Failed {
        /// How dead the address is.
        class: BounceClass,
        /// The server's enhanced status (RFC 3463), where it was told.
        status: String,
    },
    /// "This is spam", or no more letters: said to the company.
    Unwanted,
}

/// What a mail company's call says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailNews {
    /// A letter that came for us, as it is.
    Letter {
        /// Where it goes back to; may be empty.
        from: String,
        /// The addresses it came to.
        to: Vec<String>,
        /// Its bytes.
        raw: Vec<u8>,
    },
    /// See [`MailReport`].
    Report(MailReport),
    /// The company wants this address of its own to be visited before it says anything more.
    Confirm(String),
    /// Something is set up wrong there; what to do, in words.
    Tell(&'static str),
}

/// A company that carries letters over HTTP: a pure translator, tested with text files.
pub trait MailProvider: Send + Sync {
    /// What it can do.
    fn abilities(&self) -> Abilities;
    /// The request that sends this letter; why there can be none.
    fn submit(&self, letter: &Outgoing, at: &Moment) -> Result<WireRequest, SendFault>;
    /// Reads the answer.
    fn accepted(&self, answer: &WireAnswer) -> Result<Accepted, SendFault>;
    /// The address of the certificate that a call says it was signed with, where it is one of the company's own.
    fn certificate(&self, _call: &WireCall) -> Result<Option<String>, Refusal> {
        Ok(None)
    }
    /// Whether the call is the company's, over the raw bytes, with that certificate. No default body.
    fn authentic(&self, call: &WireCall, at: &Moment, certificate: Option<&[u8]>) -> Result<(), Refusal>;
    /// A word that no other call may carry, where the signature covers nothing else.
    fn once(&self, _call: &WireCall) -> Option<String> {
        None
    }
    /// What an authentic call says.
    fn news(&self, call: &WireCall) -> Result<Vec<MailNews>, Refusal>;
}

/// Measures and splits texts.
pub trait Texts: Send + Sync {
    /// Segments, encoding and units of a text after economy, over a carrier of this capacity.
    fn measure(&self, text: &str, over: Capacity) -> Measure;
    /// The text as it goes out: punctuation-only economy, letters never changed.
    fn economy(&self, text: &str) -> String;
}

/// What a text costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Measure {
    /// How many segments.
    pub segments: u16,
    /// Whether it needs UCS-2.
    pub ucs2: bool,
    /// Septets or UTF-16 units.
    pub units: u32,
}
