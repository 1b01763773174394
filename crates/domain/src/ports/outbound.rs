//! The way out: accept, plan, claim, settle, receipts; stop, undo, holds.

use super::*;
use crate::conversation::{HoldKind, TaskKind};
use crate::delivery::DeliveryState;
use crate::menu::MenuEntry;
use crate::message::*;
use crate::people::Channel;
use std::sync::Arc;

/// A thing that waits for a human.
#[derive(Clone, Debug)]
pub struct NewHold {
    /// Id.
    pub id: HoldId,
    /// Which rendition.
    pub rendition: RenditionId,
    /// Why.
    pub kind: HoldKind,
    /// In words, for staff.
    pub reason: String,
    /// When waiting ends.
    pub due: Time,
}

/// Work for a person.
#[derive(Clone, Debug)]
pub struct NewTask {
    /// Id.
    pub id: TaskId,
    /// What.
    pub kind: TaskKind,
    /// Where.
    pub school: SchoolId,
    /// The family's contact point, if one.
    pub contact: Option<ContactId>,
    /// The guardian, where there is no contact point.
    pub guardian: Option<GuardianId>,
    /// About whom.
    pub student: Option<StudentId>,
    /// The message it comes from.
    pub message: Option<MessageId>,
    /// The incoming it comes from.
    pub incoming: Option<IncomingId>,
    /// Why, in words for staff; no names, phones or bodies.
    pub reason: String,
    /// When it should be done.
    pub due: Time,
    /// Made then.
    pub made: Time,
    /// Two tasks with one key are one: the second is dropped.
    pub key: String,
}

/// A delivery to make.
#[derive(Clone, Debug)]
pub struct NewDelivery {
    /// Id.
    pub id: DeliveryId,
    /// Where to.
    pub contact: ContactId,
    /// What.
    pub rendition: RenditionId,
    /// From which of our senders.
    pub sender: SenderId,
    /// Lane.
    pub lane: Lane,
    /// Weight (its bit is compared with blocks in the claim).
    pub weight: Weight,
    /// Queued, or Held while its rendition is held.
    pub state: DeliveryState,
    /// Window.
    pub opens: Time,
    /// End of window.
    pub closes: Time,
    /// Given names of its children, for `{student}`; and their ids.
    pub students: Vec<(StudentId, String)>,
    /// Where its menu begins; 0 = no digits.
    pub menu_base: u8,
    /// The answers its digits stand for; `None` where it offers none, or what a digit means stands in menu rows.
    pub offers: AnswerSet,
    /// Who it speaks for in "stop only …" and where answers go.
    pub speaks_for: StaffId,
}

/// The proof by which an SMS finds its thread.
#[derive(Clone, Copy, Debug)]
pub struct NewRoute {
    /// Family phone.
    pub contact: ContactId,
    /// Our number.
    pub sender: SenderId,
    /// Whose conversation.
    pub staff: StaffId,
    /// About whom, if one child.
    pub student: Option<StudentId>,
    /// When it was made or used.
    pub at: Time,
}

/// A slice of an expansion.
#[derive(Clone, Debug, Default)]
pub struct Slice {
    /// Rows; unique in (message, contact, language of the rendition): a repeated one is dropped.
    pub deliveries: Vec<NewDelivery>,
    /// Routes, upserted by (contact, sender, staff, student).
    pub routes: Vec<NewRoute>,
    /// Menus. Written only for deliveries that were new.
    pub menus: Vec<(DeliveryId, MenuEntry)>,
    /// First contacts that go before.
    pub notices: Vec<Ready>,
    /// Tasks.
    pub tasks: Vec<NewTask>,
    /// Adults the office has not included (orders).
    pub not_included: i64,
    /// Where it began, `None` = at the first adult. A slice that another node planned already is dropped.
    pub after: Option<GuardianId>,
    /// Where to continue; `None` = done.
    pub cursor: Option<GuardianId>,
    /// When its lines were looked at.
    pub at: Time,
    /// Lines that were free of other conversations then, and who takes them: the plan is refused where somebody else came first.
    pub alone: Vec<(ContactId, SenderId, StaffId)>,
}

/// A message whose expansion goes on.
#[derive(Clone, Debug)]
pub struct Expansion {
    /// The message.
    pub message: Message,
    /// Its renditions.
    pub renditions: Vec<Rendition>,
    /// Continue after this guardian.
    pub cursor: GuardianId,
}

/// A claim on one sender and lane.
#[derive(Clone, Copy, Debug)]
pub struct Ask {
    /// The tenant.
    pub district: DistrictId,
    /// Which sender.
    pub sender: SenderId,
    /// Which lane.
    pub lane: Lane,
    /// Now.
    pub now: Time,
    /// The claim's deadline.
    pub until: Time,
    /// At most so many; the sender's rate and its brand's daily cap may let fewer.
    pub most: i64,
    /// The day the carriers count, in days since 1970.
    pub day: i64,
}

/// A delivery as a worker needs it.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// Which.
    pub delivery: DeliveryId,
    /// The attempt's number.
    pub attempt: i16,
    /// Claimed; or Withheld or Late, which the claim itself found out: tell the author, walk the ladder.
    pub state: DeliveryState,
    /// When it was claimed; for one that was restored, since when it may have gone.
    pub at: Time,
    /// The claim's deadline: the fence beside the attempt's number. A settlement must name it.
    pub until: Time,
    /// Restored from a backup and never asked about: it may only go under its old key.
    pub restored: bool,
    /// Where to.
    pub contact: ContactId,
    /// Address.
    pub address: String,
    /// From which sender.
    pub sender: SenderId,
    /// Its number or mail address.
    pub sender_address: String,
    /// The account it belongs to; empty where there is only one.
    pub account: String,
    /// The words, once for all deliveries that carry them.
    pub rendition: Arc<Rendition>,
    /// The message.
    pub message: Arc<Message>,
    /// Author's or speaker's title ("Ms Rivera").
    pub speaks_for: String,
    /// Who that is: where answers go.
    pub answers_to: StaffId,
    /// The child it is about, if one.
    pub about: Option<StudentId>,
    /// Children's given names.
    pub students: Vec<String>,
    /// Menu base.
    pub menu_base: u8,
    /// End of use.
    pub useful_until: Time,
    /// Somebody answered from this contact point before.
    pub confirmed: bool,
    /// Message-ID this delivery answers (the incoming letter's), if any.
    pub in_reply_to: Option<String>,
}

/// How an attempt ended.
#[derive(Clone, Debug)]
pub struct Settlement {
    /// Which delivery.
    pub delivery: DeliveryId,
    /// Which attempt. Another attempt's settlement is refused.
    pub attempt: i16,
    /// The deadline it was claimed until. A settlement after it, or of a claim that was taken over since, is refused.
    pub until: Time,
    /// Queued (again, not before `opens`), Accepted, Failed, Uncertain or Withheld.
    pub state: DeliveryState,
    /// For Queued.
    pub opens: Time,
    /// The company's ids.
    pub provider_ids: Vec<String>,
    /// Segments counted.
    pub segments: i16,
    /// When it was claimed.
    pub claimed: Time,
    /// In words for staff.
    pub reason: String,
    /// Failed or Withheld, and nobody needs to be told (rehearsal): the ladder leaves it.
    pub walked: bool,
    /// For Queued: another number sends it.
    pub over: Option<Over>,
    /// When.
    pub at: Time,
}

/// A delivery goes on over another number.
#[derive(Clone, Copy, Debug)]
pub struct Over {
    /// Which number.
    pub sender: SenderId,
    /// The route it takes there, so that an answer finds its thread.
    pub route: Option<NewRoute>,
    /// Where its menu begins there.
    pub menu_base: u8,
    /// The answers its digits stand for there.
    pub offers: AnswerSet,
}

/// A receipt.
#[derive(Clone, Debug)]
pub struct NewReceipt {
    /// Replay key, unique in the district.
    pub key: String,
    /// Which delivery and attempt, if our reference came back; attempt 0 = the one under way (a bounce names none).
    pub attempt: Option<(DeliveryId, i16)>,
    /// The company's id: the other way to find the attempt.
    pub provider_id: String,
    /// Accepted, Delivered or Failed.
    pub state: DeliveryState,
    /// The company's code.
    pub code: String,
    /// When it came.
    pub at: Time,
}

/// What is known of a message when one of its deliveries has fallen.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Withdrawn: nothing more of it goes.
    pub state: MessageState,
    /// Its words, in every language and form it has.
    pub renditions: Vec<Rendition>,
    /// Which of the contact points asked about have a delivery of it, and where that stands.
    pub carried: Vec<(ContactId, DeliveryState)>,
}

/// What is done about a delivery that will not arrive.
#[derive(Clone, Debug, Default)]
pub struct Rung {
    /// Why it fell and what is done, for staff: the delivery's reason from now on. Empty = it keeps its own.
    pub reason: String,
    /// It goes another way, now or already: its family counts there, not among those not reached.
    pub another_way: bool,
    /// New words of the message, for other ways that need another form or language.
    pub renditions: Vec<Rendition>,
    /// Where a person must see them first.
    pub holds: Vec<NewHold>,
    /// When it was looked which digits are free.
    pub at: Time,
    /// Other ways, for the same message.
    pub deliveries: Vec<NewDelivery>,
    /// Their routes.
    pub routes: Vec<NewRoute>,
    /// Their menus; written only for deliveries that were new.
    pub menus: Vec<(DeliveryId, MenuEntry)>,
    /// Work for a person.
    pub tasks: Vec<NewTask>,
    /// First contacts that go before, and the letter that tells the author.
    pub notices: Vec<Ready>,
    /// Its contact point takes nothing from us: suspended, with this on record.
    pub suspend: Option<Audit>,
}

/// What a receipt did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptEffect {
    /// The delivery it belongs to, if found.
    pub delivery: Option<DeliveryId>,
    /// Whether the state moved.
    pub moved: bool,
}

/// One delivery, for tokens, answers and ladders.
#[derive(Clone, Debug)]
pub struct DeliveryInfo {
    /// Which.
    pub delivery: DeliveryId,
    /// State.
    pub state: DeliveryState,
    /// Where to.
    pub contact: ContactId,
    /// Channel.
    pub channel: Channel,
    /// From which sender.
    pub sender: SenderId,
    /// The rendition sent.
    pub rendition: Rendition,
    /// The message.
    pub message: Message,
    /// Where answers go.
    pub speaks_for: StaffId,
    /// Children.
    pub students: Vec<StudentId>,
    /// Why it stands there, in words for staff; may be empty.
    pub reason: String,
    /// The newest attempt.
    pub attempt: i16,
}

impl DeliveryInfo {
    /// The one child it is about, if it is one.
    pub fn only(&self) -> Option<StudentId> {
        if let [student] = self.students.as_slice() { Some(*student) } else { None }
    }
}

/// One of our own notices, or an answer in a thread: message, rendition and delivery at once.
#[derive(Clone, Debug)]
pub struct Ready {
    /// The message (audience `Contact` or `Thread`).
    pub message: Message,
    /// Its rendition.
    pub rendition: Rendition,
    /// Its delivery.
    pub delivery: NewDelivery,
    /// Menus it opens.
    pub menus: Vec<MenuEntry>,
    /// At most one with this key per contact point: a repeated one is dropped. Empty = no limit.
    pub once: String,
}

/// What became of a hold.
#[derive(Clone, Debug)]
pub struct Resolution {
    /// Which hold.
    pub hold: HoldId,
    /// The rendition as it goes now (Ready), or Withdrawn.
    pub rendition: Rendition,
    /// Kept for the next time: (key, from, to, pattern).
    pub memory: Option<NewMemory>,
    /// The word for it: `approved`, `corrected`, `clock`, `cannot`.
    pub outcome: &'static str,
    /// Keep it open for people to see, though the rendition goes (invariant 5).
    pub keep_open: bool,
}

/// Where the greeting of a number stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Greeting {
    /// Whom it greets.
    pub contact: ContactId,
    /// Its delivery's state.
    pub state: crate::delivery::DeliveryState,
    /// Since when; for one that has not left yet, when it may.
    pub at: Time,
}

/// The [`Ready::once`] of a number's first contact: the store notes when it was introduced.
pub const FIRST_CONTACT: &str = "first-contact";

/// See the module.
#[async_trait::async_trait]
pub trait Outbound: Send + Sync {
    /// Where the greetings of these contact points stand; those that were never greeted are left out.
    async fn greetings(&self, district: DistrictId, contacts: &[ContactId]) -> Stored<Vec<Greeting>>;
    /// Message, renditions, holds and audit in one transaction. False: the id was there already (the first one stays).
    async fn accept(
        &self,
        district: DistrictId,
        message: &Message,
        renditions: &[Rendition],
        holds: &[NewHold],
        audit: &Audit,
    ) -> Stored<bool>;
    /// Messages in state Planning, oldest first, heavier first.
    async fn expansions(&self, district: DistrictId, most: i64) -> Stored<Vec<Expansion>>;
    /// Writes a slice; moves the cursor; the last slice makes the message Planned. Gives how many deliveries were new.
    /// [`StoreFault::Taken`]: a digit it offers or a line that was free is taken by now, and nothing was written.
    async fn plan(&self, district: DistrictId, message: MessageId, slice: &Slice) -> Stored<u64>;
    /// Claims rows of one sender and lane: raises the attempt and records it; blocked rows become Withheld and late ones Late in
    /// the same statement, and come back so. Paused senders give nothing.
    async fn claim(&self, ask: &Ask) -> Stored<Vec<Claimed>>;
    /// Claims rows of a sender that is down, only to hand them over: as [`Outbound::claim`], but counted neither against its rate nor its
    /// brand's cap, and nothing whose digits belong to this number alone or that a backup asks its account about.
    async fn claim_over(&self, ask: &Ask) -> Stored<Vec<Claimed>>;
    /// Claims past their deadline: moves the deadline (so that the first claimer can settle no more) and gives them with the
    /// *same* attempt, to be reconciled. They come back as a claim would find them now: what is Withheld or Late may be asked about,
    /// and must not be sent once more.
    async fn reclaim(&self, district: DistrictId, now: Time, until: Time, most: i64) -> Stored<Vec<Claimed>>;
    /// Settles; one answer each: whether the row was still this attempt's.
    async fn settle(&self, district: DistrictId, settlements: &[Settlement]) -> Stored<Vec<bool>>;
    /// Keeps receipts and moves states forward; unknown attempts are parked and applied when the settlement names their id.
    async fn receipts(&self, district: DistrictId, receipts: &[NewReceipt]) -> Stored<Vec<ReceiptEffect>>;
    /// Deliveries that will not arrive this way (Failed, Withheld, Late) and have not been walked down the ladder.
    async fn fallen(&self, district: DistrictId, most: i64) -> Stored<Vec<DeliveryInfo>>;
    /// The message, and which of these contact points have a delivery of it. `None`: no such message.
    async fn standing(&self, district: DistrictId, message: MessageId, contacts: &[ContactId]) -> Stored<Option<Standing>>;
    /// One rung, and the mark that it was walked, in one transaction. Nothing of a message that was withdrawn meanwhile is made but
    /// the mark. False: walked before. [`StoreFault::Taken`]: a digit of it is taken by now; nothing was written.
    async fn walk(&self, district: DistrictId, delivery: DeliveryId, rung: &Rung) -> Stored<bool>;
    /// One delivery.
    async fn delivery(&self, district: DistrictId, delivery: DeliveryId) -> Stored<Option<DeliveryInfo>>;
    /// Deliveries of this message that have one contact point: the newest of it.
    async fn delivery_to(&self, district: DistrictId, message: MessageId, contact: ContactId) -> Stored<Option<DeliveryId>>;
    /// Withdraws what has not gone (Held, Queued) and the message. Gives how many deliveries.
    async fn withdraw(&self, district: DistrictId, message: MessageId, audit: &Audit) -> Stored<u64>;
    /// A message of ours with its one delivery, in one transaction. False: dropped (`once`, or the id was there).
    async fn send_ready(&self, district: DistrictId, ready: &Ready, audit: &Audit) -> Stored<bool>;
    /// Blocks weight bits at a contact point and withholds its queued deliveries of those weights, in one transaction.
    async fn block(&self, district: DistrictId, contact: ContactId, bits: i16, why: &str, audit: &Audit) -> Stored<u64>;
    /// Resolves a hold: rendition, its Held deliveries (Ready → Queued, Withdrawn → Withdrawn), memory, audit.
    async fn resolve(&self, district: DistrictId, resolution: &Resolution, audit: &Audit) -> Stored<bool>;
    /// A reviewer is not sure: the hold stays, with its reason in new words, for another.
    async fn not_sure(&self, district: DistrictId, hold: HoldId, reason: &str, audit: &Audit) -> Stored<bool>;
    /// Open holds past their clock whose rendition is still held: (hold, kind, rendition, message).
    async fn holds_due(&self, district: DistrictId, now: Time, most: i64) -> Stored<Vec<(HoldId, HoldKind, Rendition, Message)>>;
    /// One hold with rendition and message.
    async fn hold(&self, district: DistrictId, hold: HoldId) -> Stored<Option<(HoldKind, Rendition, Message)>>;
    /// Adds tasks.
    async fn add_tasks(&self, district: DistrictId, tasks: &[NewTask]) -> Stored<()>;
    /// Ends a task with its result. False: not there, or ended before.
    async fn end_task(&self, district: DistrictId, task: TaskId, result: &str, audit: &Audit) -> Stored<bool>;
    /// Somebody has it: a risk is not passed on any more. False: somebody else had it before.
    async fn take_task(&self, district: DistrictId, task: TaskId, staff: StaffId, audit: &Audit) -> Stored<bool>;
    /// Risks nobody took in time: (task, school, how often it was passed on).
    async fn risks_due(&self, district: DistrictId, now: Time, most: i64) -> Stored<Vec<(TaskId, SchoolId, i64)>>;
    /// Passes a risk on: counted, with a new clock and a letter to the next person, in one transaction.
    async fn pass_risk(&self, district: DistrictId, task: TaskId, due: Time, letter: Option<&Ready>, audit: &Audit) -> Stored<()>;
    /// Numbers of ours that have routes or open menus with this contact: (sender, staff of its routes, open digits).
    async fn lines(&self, district: DistrictId, contacts: &[ContactId], now: Time) -> Stored<Vec<Line>>;
    /// Pauses or resumes a sender.
    async fn pause_sender(&self, district: DistrictId, sender: SenderId, paused: bool, why: &str, audit: &Audit) -> Stored<()>;
}

/// What a family phone has on one of our numbers.
#[derive(Clone, Debug)]
pub struct Line {
    /// Family phone.
    pub contact: ContactId,
    /// Our number.
    pub sender: SenderId,
    /// Whose conversations run on it (distinct), the one used last first.
    pub staff: Vec<StaffId>,
    /// Whose ran on it and ended: tombstones.
    pub past: Vec<StaffId>,
    /// Digits that no new menu may take: open ones, and those closed a moment ago.
    pub digits: Vec<u8>,
}
