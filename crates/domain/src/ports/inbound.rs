//! The way in: raw first, then understood, then concluded in one transaction.

use super::*;
use crate::conversation::*;
use crate::menu::MenuEntry;
use crate::message::Answer;
use crate::people::Channel;

/// Something that came in, raw.
#[derive(Clone, Debug)]
pub struct NewIncoming {
    /// Id.
    pub id: IncomingId,
    /// Replay key, unique in the district: a repeated one is dropped.
    pub key: String,
    /// How.
    pub via: Via,
    /// When.
    pub received: Time,
    /// Family phone or envelope sender.
    pub from: String,
    /// Our number or the envelope recipient (with its token).
    pub to: String,
    /// The text's words, or the letter's raw bytes.
    pub raw: Vec<u8>,
    /// The carrier has already answered STOP, START or HELP.
    pub carrier_answered: bool,
}

/// One part of a long text that the company did not join.
#[derive(Clone, Debug)]
pub struct NewPart {
    /// As it came; its own id is not used.
    pub row: NewIncoming,
    /// What all parts of the text have in common.
    pub set: String,
    /// From 1.
    pub number: u16,
    /// How many there are.
    pub of: u16,
}

/// A route as found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Whose conversation.
    pub staff: StaffId,
    /// About whom.
    pub student: Option<StudentId>,
    /// Last used.
    pub at: Time,
}

impl Route {
    /// Days after which a route that nobody used ends. It stays as a tombstone: it takes no number any more, and still tells that a
    /// text to that number may be meant for its conversation.
    pub const IDLE_DAYS: i64 = 120;
}

/// A delivery that may be what a text answers.
#[derive(Clone, Debug)]
pub struct Recent {
    /// Which.
    pub delivery: DeliveryId,
    /// Whose.
    pub speaks_for: StaffId,
    /// About whom, if one child.
    pub student: Option<StudentId>,
    /// When its last attempt left, not when a receipt came.
    pub at: Time,
    /// The message.
    pub message: MessageId,
}

/// Everything a text's routing needs, read at once.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// Routes on (contact, sender), newest first, tombstones too.
    pub routes: Vec<Route>,
    /// Options on (contact, sender) still open at the time asked, of texts that may have left by then, the newest text first.
    pub open: Vec<MenuEntry>,
    /// Whether this digit ever had a meaning here.
    pub closed_digits: Vec<u8>,
    /// Digits that no new menu may take: open ones, those of texts that have not left, and those closed a moment ago.
    pub taken: Vec<u8>,
    /// Deliveries of people (not notices) to the contact from the sender that left in the last 30 days, newest first, at most 20.
    pub recent: Vec<Recent>,
    /// With whom the family talks on this number, and when it last wrote to each.
    pub heard: Vec<(StaffId, Time)>,
    /// Incoming of this contact and sender that wait in a question, oldest first.
    pub pending: Vec<IncomingId>,
    /// Those whose question nobody answered in time: the office reads them, and a late answer still carries them along. Oldest first.
    pub asked: Vec<IncomingId>,
}

/// Which conversation an incoming joins; made if it is not there.
#[derive(Clone, Debug)]
pub struct JoinThread {
    /// The id it gets if it is new.
    pub id: ThreadId,
    /// The family's contact point.
    pub contact: ContactId,
    /// With whom (the thread's person, whoever owns it today).
    pub staff: StaffId,
    /// About whom.
    pub student: Option<StudentId>,
    /// School.
    pub school: SchoolId,
    /// Private (nurse).
    pub private: bool,
    /// Owner and clock from now on.
    pub clock: Deadline,
    /// The sender the family used, for the answer's way back.
    pub sender: SenderId,
}

/// A family's answer to a message.
#[derive(Clone, Debug)]
pub struct NewAnswer {
    /// The delivery that asked.
    pub delivery: DeliveryId,
    /// Which act.
    pub answer: Answer,
    /// Words that came with it.
    pub words: String,
}

/// What understanding found.
#[derive(Clone, Debug, Default)]
pub struct Understood {
    /// What the family wrote, trimmed.
    pub text: String,
    /// BCP 47 of it.
    pub language: String,
    /// In the staff's language, if there are words.
    pub translation: String,
    /// Where those came from ("apertium, not checked"; empty when the text is in the staff's language).
    pub source: String,
    /// Risk phrases matched.
    pub risks: Vec<String>,
    /// Findings and warnings in words.
    pub warnings: Vec<String>,
    /// Message-ID of a letter.
    pub message_id: Option<String>,
}

/// How an incoming ended: applied in one transaction, only while it waits (or waits in its question).
#[derive(Clone, Debug)]
pub struct Conclusion {
    /// Which.
    pub incoming: IncomingId,
    /// Where it ended.
    pub place: Place,
    /// Why, in words for staff ("answered your text of Tuesday").
    pub reason: String,
    /// The contact point it came from.
    pub contact: Option<ContactId>,
    /// The sender it came to.
    pub sender: Option<SenderId>,
    /// Words.
    pub understood: Understood,
    /// The thread it joins.
    pub thread: Option<JoinThread>,
    /// The route it takes or refreshes.
    pub route: Option<NewRoute>,
    /// Other incoming (that waited in the same question, or went to the office unanswered) that join the same thread.
    pub also: Vec<IncomingId>,
    /// An answer.
    pub answer: Option<NewAnswer>,
    /// Menu digits that close: all rows of these (contact, sender, digit).
    pub closes: Vec<(ContactId, SenderId, u8)>,
    /// Blocks: (contact, bits, only this staff). Bits 0 lifts.
    pub block: Option<(ContactId, i16, Option<StaffId>)>,
    /// Suspend the contact point; why what waits for it is withheld.
    pub suspend: Option<&'static str>,
    /// Nobody of the family is known to have written it, since a machine did or somebody else: it says of nobody that they live
    /// there, and nobody waits for an answer.
    pub by_nobody: bool,
    /// Tasks.
    pub tasks: Vec<NewTask>,
    /// Our notices to the family.
    pub notices: Vec<Ready>,
    /// A guardian's language the family chose.
    pub language: Option<(GuardianId, String)>,
    /// Audit.
    pub audit: Audit,
}

impl Conclusion {
    /// One that says where it went and why, and does nothing else.
    pub fn of(incoming: IncomingId, place: Place, reason: String, audit: Audit) -> Self {
        Self {
            incoming,
            place,
            reason,
            contact: None,
            sender: None,
            understood: Understood::default(),
            thread: None,
            route: None,
            also: vec![],
            answer: None,
            closes: vec![],
            block: None,
            suspend: None,
            by_nobody: false,
            tasks: vec![],
            notices: vec![],
            language: None,
            audit,
        }
    }
}

/// A thread as the flows need it.
#[derive(Clone, Debug)]
pub struct ThreadInfo {
    /// Id.
    pub id: ThreadId,
    /// The family's contact point.
    pub contact: ContactId,
    /// Channel.
    pub channel: Channel,
    /// With whom.
    pub staff: StaffId,
    /// Owner today.
    pub owner: StaffId,
    /// About whom.
    pub student: Option<StudentId>,
    /// School.
    pub school: SchoolId,
    /// Private.
    pub private: bool,
    /// The sender the family used last.
    pub sender: SenderId,
    /// The last thing the family wrote.
    pub last_in: Option<(IncomingId, Time)>,
    /// Message-ID of the last letter.
    pub last_message_id: Option<String>,
    /// How often its clock has passed.
    pub passed: i16,
    /// Its owner has not read yet what came last.
    pub unread: bool,
}

/// See the module.
#[async_trait::async_trait]
pub trait Inbound: Send + Sync {
    /// Stores raw; one answer each: true = new, false = a repeated key. Committed when it returns.
    async fn take_in(&self, district: DistrictId, rows: &[NewIncoming]) -> Stored<Vec<bool>>;
    /// Keeps a part of a text; a repeated key is dropped. Committed when it returns.
    async fn take_part(&self, district: DistrictId, part: &NewPart) -> Stored<()>;
    /// Parts that are not joined yet, oldest first.
    async fn open_parts(&self, district: DistrictId, most: i64) -> Stored<Vec<NewPart>>;
    /// Makes one incoming of the parts with these keys. False: one of them was joined meanwhile, and nothing is done.
    async fn join_parts(&self, district: DistrictId, whole: &NewIncoming, parts: &[String]) -> Stored<bool>;
    /// What waits to be understood, oldest first; taken until then so that two workers do not both work on it. A row taken
    /// five times without a conclusion is not given again: see [`Inbound::poisoned`].
    async fn waiting(&self, district: DistrictId, now: Time, until: Time, most: i64) -> Stored<Vec<NewIncoming>>;
    /// Keeps why one that waits was not understood.
    async fn failed(&self, district: DistrictId, incoming: IncomingId, why: &str) -> Stored<()>;
    /// What was taken five times without a conclusion, and why the last time; the reason is empty where a process ended.
    async fn poisoned(&self, district: DistrictId, now: Time, most: i64) -> Stored<Vec<(NewIncoming, String)>>;
    /// One incoming, raw.
    async fn incoming(&self, district: DistrictId, incoming: IncomingId) -> Stored<Option<NewIncoming>>;
    /// Evidence for routing, as it stood at that moment: what left later, the family had not read.
    async fn evidence(&self, district: DistrictId, contact: ContactId, sender: SenderId, at: Time) -> Stored<Evidence>;
    /// Concludes. False: it had been concluded before; nothing was written. [`StoreFault::Taken`]: a menu it opens has a digit that is
    /// taken by now.
    async fn conclude(&self, district: DistrictId, conclusion: &Conclusion) -> Stored<bool>;
    /// Letters that came to one of our addresses after the one moment and until the other; at most a hundred are counted.
    async fn letters_to(&self, district: DistrictId, address: &str, after: Time, until: Time) -> Stored<i64>;
    /// Questions nobody answered by then: (incoming, contact, sender).
    async fn questions_due(&self, district: DistrictId, asked_before: Time, most: i64) -> Stored<Vec<(IncomingId, ContactId, SenderId)>>;
    /// Moves a question that nobody answered to the office.
    async fn question_to_office(&self, district: DistrictId, incoming: IncomingId, task: &NewTask) -> Stored<bool>;
    /// A thread.
    async fn thread(&self, district: DistrictId, thread: ThreadId) -> Stored<Option<ThreadInfo>>;
    /// The thread of (contact, staff, student), made if absent.
    async fn open_thread(&self, district: DistrictId, join: &JoinThread) -> Stored<ThreadId>;
    /// An answer in a thread: message, rendition, delivery, and the thread's clock stops; its holds, if its words wait. False: the id was there.
    async fn answer_thread(&self, district: DistrictId, thread: ThreadId, ready: &Ready, holds: &[NewHold], audit: &Audit) -> Stored<bool>;
    /// Threads whose clock has passed.
    async fn clocks_due(&self, district: DistrictId, now: Time, most: i64) -> Stored<Vec<ThreadInfo>>;
    /// Threads of this owner in which a family waits.
    async fn waiting_with(&self, district: DistrictId, owner: StaffId, most: i64) -> Stored<Vec<ThreadInfo>>;
    /// Hands a thread over: new owner and clock, and a notice to the family if given.
    async fn hand_over(
        &self,
        district: DistrictId,
        thread: ThreadId,
        clock: Deadline,
        reason: &str,
        notice: Option<&Ready>,
        audit: &Audit,
    ) -> Stored<()>;
    /// Marks a thread done without an answer (its clock stops).
    async fn close_thread(&self, district: DistrictId, thread: ThreadId, audit: &Audit) -> Stored<()>;
}
