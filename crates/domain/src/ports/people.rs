//! People and places: the roster in, cards and reach out.

use super::*;
use crate::message::Audience;
use crate::people::*;
use crate::rights::Actor;

/// A guardian as enrolled.
#[derive(Clone, Debug)]
pub struct GuardianRow {
    /// Id.
    pub id: GuardianId,
    /// Roster id.
    pub source: String,
    /// Name.
    pub name: String,
    /// BCP 47 of a shipped or known language; `None` = unknown, asked with the autonym question.
    pub language: Option<String>,
    /// As the roster wrote it.
    pub language_as_written: String,
    /// How much they read.
    pub reads: Reads,
    /// Signs (Deaf): no voice.
    pub signs: bool,
    /// How a person may contact them.
    pub rule: ContactRule,
}

/// A guardian's relation to a student. Dates are moments; `None` = open end.
#[derive(Clone, Debug)]
pub struct RelationRow {
    /// Who.
    pub guardian: GuardianId,
    /// To whom.
    pub student: StudentId,
    /// mother, father, grandmother, self, …
    pub relation: String,
    /// Right to know while no order runs.
    pub right: Right,
    /// An order forbids from then …
    pub order_from: Option<Time>,
    /// … until then.
    pub order_until: Option<Time>,
}

/// A contact point and whose it is. A phone of two guardians is one contact point.
#[derive(Clone, Debug)]
pub struct ContactRow {
    /// Id.
    pub id: ContactId,
    /// Phone or mailbox.
    pub channel: Channel,
    /// E.164 or address in lower case; unique in the district.
    pub address: String,
    /// False: a landline.
    pub textable: bool,
    /// Whose.
    pub guardians: Vec<GuardianId>,
}

/// Everything an import changes, applied in one transaction. Rows are upserts by id; families' own choices are already kept
/// out of them by the caller.
#[derive(Clone, Debug, Default)]
pub struct Enrolment {
    /// (roster id, school)
    pub schools: Vec<(String, School)>,
    /// (roster id, staff)
    pub staff: Vec<(String, Staff)>,
    /// (class, roster id, school, title)
    pub classes: Vec<(ClassId, String, SchoolId, String)>,
    /// (student, roster id, given name, family name, school, adult)
    pub students: Vec<(StudentId, String, String, String, SchoolId, bool)>,
    /// Guardians.
    pub guardians: Vec<GuardianRow>,
    /// (class, student)
    pub attends: Vec<(ClassId, StudentId)>,
    /// (class, staff)
    pub teaches: Vec<(ClassId, StaffId)>,
    /// Relations.
    pub relations: Vec<RelationRow>,
    /// Contact points.
    pub contacts: Vec<ContactRow>,
    /// Contact points whose number or address is another family's by now. One that has a past keeps it, under its address with its id
    /// behind it, and takes and sends nothing any more; what the new family says and hears begins anew.
    pub passed_on: Vec<ContactId>,
    /// Roster ids by kind that are gone: (`student`|`guardian`|`staff`|`class`|`school`, roster id).
    pub removed: Vec<(&'static str, String)>,
    /// The draft as imported, JSON, kept to compare the next import with.
    pub draft_json: String,
}

/// What the district has, to compare an import with.
#[derive(Clone, Debug, Default)]
pub struct CurrentRoster {
    /// Whose contact points are: (contact point, guardian, a child of theirs, written down by the office).
    pub owners: Vec<(ContactId, GuardianId, Option<StudentId>, bool)>,
    /// The last draft, JSON; empty before the first import.
    pub draft_json: String,
    /// (kind, roster id, id) of everything enrolled, kinds as in [`Enrolment::removed`], and `contact` with its address.
    pub ids: Vec<(String, String, i64)>,
    /// (guardian roster id, field) the family chose itself: `language`.
    pub own_choices: Vec<(String, String)>,
    /// Staff that a person disabled: a roster does not bring them back.
    pub disabled: Vec<StaffId>,
}

/// One child as seen from a contact point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Child {
    /// Id.
    pub id: StudentId,
    /// Given name.
    pub given: String,
    /// Family name.
    pub family: String,
    /// School.
    pub school: SchoolId,
    /// The right to know at the time asked, orders applied.
    pub right: Right,
}

/// One (guardian, contact point) of an audience.
#[derive(Clone, Debug)]
pub struct Reach {
    /// Who.
    pub guardian: GuardianId,
    /// Their name.
    pub name: String,
    /// Where; `None` when the guardian has no contact point at all.
    pub contact: Option<ContactId>,
    /// Phone or mailbox.
    pub channel: Channel,
    /// E.164 or address.
    pub address: String,
    /// False: a landline.
    pub textable: bool,
    /// Several guardians share it.
    pub shared: bool,
    /// Failed hard or was called wrong: not used.
    pub suspended: bool,
    /// Language on file.
    pub language: Option<String>,
    /// How much they read.
    pub reads: Reads,
    /// Weight bits blocked at this contact point (see [`crate::message::Weight::bit`]).
    pub blocked: i16,
    /// It has answered before: a child's name may stand in a text to it (DIALOGUE 12).
    pub confirmed: bool,
    /// When its first contact went or goes.
    pub introduced: Option<Time>,
    /// The children of the audience this guardian has, with the right at `now`.
    pub children: Vec<Child>,
}

/// A teacher or other staff a family may mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub staff: StaffId,
    /// As families call them.
    pub title: String,
    /// What they teach this child, or their role.
    pub teaches: String,
    /// Which child.
    pub student: Option<StudentId>,
    /// That child's school.
    pub school: SchoolId,
}

/// Everything known behind a contact point.
#[derive(Clone, Debug)]
pub struct ContactCard {
    /// Id.
    pub contact: ContactId,
    /// Phone or mailbox.
    pub channel: Channel,
    /// E.164 or address.
    pub address: String,
    /// (guardian, name, language, reads, signs, rule).
    pub guardians: Vec<GuardianRow>,
    /// Their children.
    pub children: Vec<Child>,
    /// Their children's teachers, by child, then the principal of the first school.
    pub candidates: Vec<Candidate>,
    /// Weight bits blocked.
    pub blocked: i16,
    /// Staff the family stopped.
    pub stopped_staff: Vec<StaffId>,
    /// Suspended.
    pub suspended: bool,
    /// Has it ever answered? (No child's name to a number that never did, DIALOGUE 12.)
    pub confirmed: bool,
}

/// See the module.
#[async_trait::async_trait]
pub trait People: Send + Sync {
    /// What is enrolled.
    async fn roster(&self, district: DistrictId) -> Stored<CurrentRoster>;
    /// Applies an import as a whole.
    async fn enrol(&self, district: DistrictId, rows: &Enrolment, audit: &Audit) -> Stored<()>;
    /// The district.
    async fn district(&self, district: DistrictId) -> Stored<Option<District>>;
    /// Its schools.
    async fn schools(&self, district: DistrictId) -> Stored<Vec<School>>;
    /// Its senders.
    async fn senders(&self, district: DistrictId) -> Stored<Vec<Sender>>;
    /// Its staff.
    async fn staff(&self, district: DistrictId) -> Stored<Vec<Staff>>;
    /// Changes or adds a member of staff.
    async fn save_staff(&self, district: DistrictId, staff: &Staff, audit: &Audit) -> Stored<()>;
    /// The acting person: roles, schools, classes; `None` if absent or inactive.
    async fn actor(&self, district: DistrictId, staff: StaffId) -> Stored<Option<Actor>>;
    /// Who an audience reaches at `now`: guardians after `after`, by guardian id, at most `most` guardians, every contact point of each.
    /// `Audience::Contact` and `Thread` give the guardians of that one contact point, with that contact point only;
    /// `SameAs` and `Unanswered` give the contact points of that message's deliveries; `SameAs` also those that were withdrawn
    /// before they left, since a correction replaces the message for them.
    async fn reach(&self, district: DistrictId, audience: &Audience, now: Time, after: GuardianId, most: i64) -> Stored<Vec<Reach>>;
    /// The same for these adults.
    async fn reach_these(&self, district: DistrictId, audience: &Audience, now: Time, adults: &[GuardianId]) -> Stored<Vec<Reach>>;
    /// The card of a contact point.
    async fn card(&self, district: DistrictId, contact: ContactId, now: Time) -> Stored<Option<ContactCard>>;
    /// The contact point at this address.
    async fn contact_at(&self, district: DistrictId, channel: Channel, address: &str) -> Stored<Option<ContactId>>;
    /// Makes a contact point for an address nobody has on file (an unknown number that wrote), or gives the one there is.
    async fn strange_contact(&self, district: DistrictId, id: ContactId, channel: Channel, address: &str) -> Stored<ContactId>;
    /// The language of a guardian, as chosen by the family (`own_choice`) or set by staff.
    async fn set_language(&self, district: DistrictId, guardian: GuardianId, language: &str, own_choice: bool, audit: &Audit)
    -> Stored<()>;
    /// A relation's right and order.
    async fn set_right(&self, district: DistrictId, relation: &RelationRow, audit: &Audit) -> Stored<()>;
    /// Suspends a contact point (hard failure, wrong number) or lifts it.
    async fn suspend(&self, district: DistrictId, contact: ContactId, suspended: bool, audit: &Audit) -> Stored<()>;
    /// Adds a contact point to a guardian, as the office wrote it down; it survives the next roster. `id` is used if it is new.
    async fn add_contact(
        &self,
        district: DistrictId,
        id: ContactId,
        guardian: GuardianId,
        channel: Channel,
        address: &str,
        audit: &Audit,
    ) -> Stored<()>;
    /// A student's school and whether the actor teaches them.
    async fn student(&self, district: DistrictId, student: StudentId, staff: StaffId) -> Stored<Option<(Child, bool)>>;
    /// A class's school and title.
    async fn class(&self, district: DistrictId, class: ClassId) -> Stored<Option<(SchoolId, String)>>;
}
