//! What pages show: read models, one query (or few) each. Nothing here can change anything.

use crate::conversation::*;
use crate::delivery::DeliveryState;
use crate::message::*;
use crate::people::*;
use crate::ports::{Attached, Audit, GuardianRow, RelationRow, Stored};
use crate::*;

/// A row of the inbox.
#[derive(Clone, Debug)]
pub struct InboxRow {
    /// Which thread.
    pub thread: ThreadId,
    /// Who wrote: guardian names joined, or the masked address.
    pub who: String,
    /// The child, if one.
    pub child: String,
    /// The last thing said, in the staff's language if there are words.
    pub line: String,
    /// The family's language.
    pub language: String,
    /// Channel.
    pub channel: Channel,
    /// Last activity.
    pub at: Time,
    /// The clock, while the family waits.
    pub due: Option<Time>,
    /// Something new that the owner has not read.
    pub unread: bool,
    /// A risk phrase in it.
    pub risk: bool,
    /// Owner's title, when it is not the viewer.
    pub owner: String,
    /// The last thing sent failed.
    pub failed: bool,
    /// An answer waits for a reviewer.
    pub waits: bool,
}

/// A bubble.
#[derive(Clone, Debug)]
pub struct Bubble {
    /// From the family.
    pub incoming: bool,
    /// When.
    pub at: Time,
    /// Words to read first, and their language (the staff's language where there is a translation).
    pub text: String,
    /// BCP 47 of `text`.
    pub language: String,
    /// The other side, for the disclosure "Original · Soomaali"; empty when there is none.
    pub original: String,
    /// BCP 47 of `original`.
    pub original_language: String,
    /// Where the words came from.
    pub source: String,
    /// State in words' code: a delivery state for what we sent.
    pub state: Option<DeliveryState>,
    /// Why it failed or why it came here.
    pub reason: String,
    /// Who wrote it.
    pub who: String,
    /// Warnings in words.
    pub warnings: Vec<String>,
    /// Pictures and the like that came with it.
    pub attached: Vec<Attached>,
}

/// A thread's page.
#[derive(Clone, Debug)]
pub struct ThreadView {
    /// Id.
    pub thread: ThreadId,
    /// Owner.
    pub owner: StaffId,
    /// Owner's title.
    pub owner_title: String,
    /// With whom.
    pub staff: StaffId,
    /// School.
    pub school: SchoolId,
    /// Private.
    pub private: bool,
    /// The family's contact point.
    pub contact: ContactId,
    /// Masked address ("…23", "…@families.example").
    pub address: String,
    /// Channel.
    pub channel: Channel,
    /// Guardians behind it.
    pub guardians: Vec<GuardianRow>,
    /// Child, if one.
    pub child: String,
    /// The clock, while the family waits.
    pub due: Option<Time>,
    /// Why it came here.
    pub reason: String,
    /// Blocked weight bits.
    pub blocked: i16,
    /// Oldest first.
    pub bubbles: Vec<Bubble>,
}

/// Counts of one message.
#[derive(Clone, Debug)]
pub struct MessageView {
    /// The message.
    pub message: Message,
    /// State.
    pub state: MessageState,
    /// Author's title.
    pub author: String,
    /// Adults the office has not included.
    pub not_included: i64,
    /// (language, channel, where the words came from, rendition state, delivery state, count).
    pub counts: Vec<(String, Channel, WordsFrom, RenditionState, Option<DeliveryState>, i64)>,
    /// Renditions with their words.
    pub renditions: Vec<Rendition>,
    /// (answer, families): the newest answer of each delivery.
    pub tally: Vec<(Answer, i64)>,
    /// Who answered what, by child: two guardians' answers stand side by side, never summed.
    pub answers: Vec<AnswerRow>,
    /// Deliveries sent that have no answer.
    pub unanswered: i64,
    /// Who was not reached: (guardian or masked contact, language, state, reason).
    pub not_reached: Vec<(String, String, DeliveryState, String)>,
    /// The newest correction of it.
    pub corrected_by: Option<MessageId>,
    /// The reminder of it: there is one at most.
    pub reminded_by: Option<MessageId>,
}

/// One family's answer to a message.
#[derive(Clone, Debug)]
pub struct AnswerRow {
    /// The children it is about.
    pub children: Vec<String>,
    /// Guardian names, or the masked contact.
    pub who: String,
    /// Which.
    pub answer: Answer,
    /// Words that came with it.
    pub words: String,
    /// When.
    pub at: Time,
}

/// A message in a list.
#[derive(Clone, Debug)]
pub struct SentRow {
    /// Which.
    pub message: MessageId,
    /// Author's title.
    pub author: String,
    /// First words, or the phrase's key.
    pub words: Words,
    /// Weight.
    pub weight: Weight,
    /// For whom.
    pub audience: Audience,
    /// When it goes.
    pub at: Time,
    /// State.
    pub state: MessageState,
    /// Deliveries, those that arrived or were accepted, failed, waiting for words.
    pub counts: (i64, i64, i64, i64),
}

/// A row of the families table: one student.
#[derive(Clone, Debug)]
pub struct FamilyRow {
    /// Which student.
    pub student: StudentId,
    /// Name.
    pub name: String,
    /// Classes joined.
    pub classes: String,
    /// School.
    pub school: SchoolId,
    /// Languages of guardians, BCP 47; `und` = unknown.
    pub languages: Vec<String>,
    /// Guardians.
    pub guardians: i64,
    /// Some guardian has no way to be reached, or rights unknown, or language unknown: codes `no-contact`, `rights-unknown`, `language-unknown`, `stopped`.
    pub flags: Vec<String>,
}

/// A guardian on a family's page.
#[derive(Clone, Debug)]
pub struct FamilyGuardian {
    /// Guardian.
    pub guardian: GuardianRow,
    /// Relation and rights.
    pub relation: RelationRow,
    /// (contact point, channel, address, textable, blocked bits, suspended, shared).
    pub contacts: Vec<(ContactId, Channel, String, bool, i16, bool, bool)>,
}

/// A family's page.
#[derive(Clone, Debug)]
pub struct FamilyView {
    /// The student.
    pub student: StudentId,
    /// Name.
    pub name: String,
    /// School.
    pub school: SchoolId,
    /// (class, title, teachers joined).
    pub classes: Vec<(ClassId, String, String)>,
    /// Guardians.
    pub guardians: Vec<FamilyGuardian>,
}

/// A row of the review queue.
#[derive(Clone, Debug)]
pub struct HoldRow {
    /// Which.
    pub hold: HoldId,
    /// Why.
    pub kind: HoldKind,
    /// In words.
    pub reason: String,
    /// Language wanted.
    pub language: String,
    /// Weight.
    pub weight: Weight,
    /// First words of the source.
    pub source: String,
    /// Families that wait for it.
    pub families: i64,
    /// The clock.
    pub due: Time,
    /// Its rendition still waits (false: original + notice went, words still wanted).
    pub waiting: bool,
    /// Author's title.
    pub author: String,
}

/// A row of the by-hand queue.
#[derive(Clone, Debug)]
pub struct TaskRow {
    /// Which.
    pub task: TaskId,
    /// What.
    pub kind: TaskKind,
    /// School.
    pub school: SchoolId,
    /// Why.
    pub reason: String,
    /// Clock.
    pub due: Time,
    /// Made.
    pub made: Time,
    /// Guardian names, or the address.
    pub who: String,
    /// Address to call, or empty.
    pub address: String,
    /// Child.
    pub child: String,
    /// Language of the family.
    pub language: Option<String>,
    /// Signs; contact rule.
    pub signs: bool,
    /// How a person may contact them.
    pub rule: ContactRule,
    /// What the family wrote, if it came from an incoming, and its language and translation.
    pub wrote: Option<(String, String, String)>,
    /// The message it is about, as it reads in the family's language, and in the author's.
    pub script: Option<(String, String)>,
    /// The message.
    pub message: Option<MessageId>,
    /// Answers the message offers.
    pub answers: AnswerSet,
    /// Who took it.
    pub taken_by: String,
    /// Contact point.
    pub contact: Option<ContactId>,
    /// What came in, if it is about that, and what came with it.
    pub incoming: Option<IncomingId>,
    /// See `incoming`.
    pub attached: Vec<Attached>,
    /// Done: result.
    pub result: Option<String>,
}

/// What stands before the next text of a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ahead {
    /// Texts of its lane and heavier ones that wait there, at most [`Ahead::MOST`].
    pub waiting: i64,
    /// What its brand sent on a day.
    pub spent: i64,
}

impl Ahead {
    /// So many are counted.
    pub const MOST: i64 = 100_000;
}

/// Counts for the navigation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Threads with something new.
    pub inbox: i64,
    /// Holds.
    pub review: i64,
    /// Tasks.
    pub by_hand: i64,
}

/// See the module. The caller has asked `rights` before; `schools` limits what is seen, empty = the whole district.
#[async_trait::async_trait]
pub trait Views: Send + Sync {
    /// The inbox of a person: their threads, and (if `leads`) everyone's of these schools that are not private.
    async fn inbox(&self, district: DistrictId, staff: StaffId, leads: bool, schools: &[SchoolId], now: Time) -> Stored<Vec<InboxRow>>;
    /// A thread.
    async fn thread_view(&self, district: DistrictId, thread: ThreadId) -> Stored<Option<ThreadView>>;
    /// Marks it read by its owner; writes the audit row of a private one in the same transaction.
    async fn mark_read(&self, district: DistrictId, thread: ThreadId, staff: StaffId, viewed: Option<&Audit>) -> Stored<()>;
    /// A message.
    async fn message_view(&self, district: DistrictId, message: MessageId) -> Stored<Option<MessageView>>;
    /// Messages people wrote, newest first. `staff` = only theirs.
    async fn sent(&self, district: DistrictId, staff: Option<StaffId>, schools: &[SchoolId], most: i64) -> Stored<Vec<SentRow>>;
    /// Students, by name; `search` matches student, guardian, or the last four digits of a phone.
    async fn families(
        &self,
        district: DistrictId,
        schools: &[SchoolId],
        class: Option<ClassId>,
        search: &str,
        most: i64,
    ) -> Stored<Vec<FamilyRow>>;
    /// A family.
    async fn family(&self, district: DistrictId, student: StudentId) -> Stored<Option<FamilyView>>;
    /// Classes: (class, school, title, students) that this person teaches, or all of these schools.
    async fn classes(
        &self,
        district: DistrictId,
        staff: Option<StaffId>,
        schools: &[SchoolId],
    ) -> Stored<Vec<(ClassId, SchoolId, String, i64)>>;
    /// Senders with why they are paused.
    async fn senders(&self, district: DistrictId) -> Stored<Vec<(Sender, String)>>;
    /// What stands before the next text of a number in a lane, and what its brand sent on a carriers' day.
    async fn ahead(&self, district: DistrictId, sender: &Sender, lane: Lane, day: i64) -> Stored<Ahead>;
    /// Deliveries that a carrier reported as arrived, ever: the proof that receipts come back.
    async fn receipts_seen(&self, district: DistrictId) -> Stored<i64>;
    /// Open holds.
    async fn holds(&self, district: DistrictId, languages: &[String]) -> Stored<Vec<HoldRow>>;
    /// Open tasks (and those ended since, if `ended`).
    async fn tasks(&self, district: DistrictId, schools: &[SchoolId], ended: bool, search: &str, now: Time) -> Stored<Vec<TaskRow>>;
    /// Counts.
    async fn counts(&self, district: DistrictId, staff: StaffId, leads: bool, schools: &[SchoolId]) -> Stored<Counts>;
    /// (language, families) of the district; `und` = unknown.
    async fn languages(&self, district: DistrictId, schools: &[SchoolId]) -> Stored<Vec<(String, i64)>>;
    /// The audit, newest first.
    async fn audit(&self, district: DistrictId, most: i64) -> Stored<Vec<(Audit, String)>>;
    /// Replies: (received, routed, asked, office, handled) of people's incoming, for figures.
    async fn inbound_figures(&self, district: DistrictId) -> Stored<InboundFigures>;
    /// (channel, state, count) of deliveries of people's messages.
    async fn delivery_figures(&self, district: DistrictId) -> Stored<Vec<(Channel, DeliveryState, i64)>>;
}

/// Figures of the way in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InboundFigures {
    /// Everything but handled ones.
    pub received: i64,
    /// In threads, without a question.
    pub routed: i64,
    /// Asked (whether or not answered since).
    pub asked: i64,
    /// With the office.
    pub office: i64,
    /// Handled.
    pub handled: i64,
}
