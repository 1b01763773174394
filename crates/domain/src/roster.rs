//! The draft of people out of files, and what applying it would do.
//!
//! Everything is keyed by the roster's own id (`sourcedId`). Must never know the store, the file format, nor our ids: `roster`
//! fills a draft and compares it, `messaging` applies it as a whole. `Debug` prints ids and counts, never a person.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What a roster says about a district. Lists are sorted by roster id.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// Schools.
    pub schools: Vec<DraftSchool>,
    /// Staff.
    pub staff: Vec<DraftStaff>,
    /// Classes.
    pub classes: Vec<DraftClass>,
    /// Students.
    pub students: Vec<DraftStudent>,
    /// Guardians. An adult student who speaks for themself is also a guardian, `STUDENT#self`.
    pub guardians: Vec<DraftGuardian>,
    /// Who sits in and who teaches which class.
    pub enrollments: Vec<Enrollment>,
    /// Which guardian belongs to which student.
    pub relations: Vec<DraftRelation>,
    /// Phones and mailboxes, one entry per guardian; a shared phone stands here once for each.
    pub contacts: Vec<DraftContact>,
    /// (guardian, field) the family chose itself, filled by the caller in the *current* draft. Fields: `language`, `reads`,
    /// `signs`, `contact-rule`.
    #[serde(skip)]
    pub own_choice: BTreeSet<(String, String)>,
    /// How the draft came out of its files; empty in a draft that was kept.
    #[serde(skip)]
    pub reading: Reading,
}

/// How a draft came out of its files. Not kept with it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// How much of `orgs.csv`, of users, of classes and of enrollments the files hold.
    pub extents: BTreeMap<Group, Extent>,
    /// Marked as deleted (or signed off) by a row.
    pub gone: BTreeSet<Key>,
    /// People the roster names and Homeword does not enrol (aides, proctors, switched off), so that what names them is no fault.
    pub passed_over: BTreeSet<String>,
    /// Guardian fields the files have a column for; the others stay as they are. Names as in `own_choice`, and `rights`.
    pub fields: BTreeSet<String>,
    /// Where each row stands.
    pub places: BTreeMap<Key, Place>,
    /// Rows that could not be taken.
    pub refused: Vec<RowFault>,
    /// Rows that were taken although a cell of theirs was not understood.
    pub remarks: Vec<RowFault>,
    /// Sentences about the files as a whole, such as which column was taken for the language.
    pub notes: Vec<String>,
}

/// A set of rows that is complete or not, together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// `orgs.csv`.
    Schools,
    /// `users.csv`: staff, students, guardians, relations, contacts.
    People,
    /// `classes.csv`.
    Classes,
    /// `enrollments.csv`.
    Enrollments,
}

/// How much a file holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Extent {
    /// Everything: what is not there is gone.
    Bulk,
    /// Only what changed: what is not there stays.
    Partial,
    /// The file is not there or could not be read: all stays.
    #[default]
    Absent,
}

/// What a roster id names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A school.
    School,
    /// A member of staff.
    Staff,
    /// A class.
    Class,
    /// A student.
    Student,
    /// A guardian; relations and contacts are told as changes of theirs.
    Guardian,
    /// A seat in a class.
    Enrollment,
}

impl Kind {
    /// Every kind, in the order in which they must be applied.
    pub const ALL: [Kind; 6] = [Kind::School, Kind::Staff, Kind::Class, Kind::Student, Kind::Guardian, Kind::Enrollment];

    /// One lower-case word, as `ports::Enrolment::removed` and reports use it.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::School => "school",
            Kind::Staff => "staff",
            Kind::Class => "class",
            Kind::Student => "student",
            Kind::Guardian => "guardian",
            Kind::Enrollment => "enrollment",
        }
    }

    /// The group whose extent decides what an absence means.
    pub fn group(self) -> Group {
        match self {
            Kind::School => Group::Schools,
            Kind::Class => Group::Classes,
            Kind::Enrollment => Group::Enrollments,
            Kind::Staff | Kind::Student | Kind::Guardian => Group::People,
        }
    }
}

/// One row's subject.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Key {
    /// What it is.
    pub kind: Kind,
    /// Roster id.
    pub source: String,
}

impl Key {
    /// A key.
    pub fn new(kind: Kind, source: impl Into<String>) -> Key {
        Key { kind, source: source.into() }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.as_str(), self.source)
    }
}

/// Where a row stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// File name, as in `users.csv`.
    pub file: String,
    /// Line as an editor counts; 0 = the file as a whole.
    pub line: u64,
}

/// Something in a row (or a whole file) that could not be taken, and what a person does about it. Never holds a name, phone or address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowFault {
    /// File name.
    pub file: String,
    /// Line as an editor counts; 0 = the file as a whole.
    pub line: u64,
    /// Column header; empty = the row as a whole.
    pub column: String,
    /// Roster id of the row, where it could be read.
    pub source: Option<String>,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub what_to_do: String,
}

/// A school.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftSchool {
    /// Roster id.
    pub source: String,
    /// Full name.
    pub name: String,
    /// Short SMS name, at most 18 GSM-7 characters.
    pub short_name: String,
    /// IANA zone, where the roster gives one.
    pub zone: Option<String>,
    /// The office's phone, E.164; empty = not given.
    pub phone: String,
    /// Roster ids of the organisations above it: staff of those are staff of this school.
    pub within: Vec<String>,
}

/// What a member of staff is here to do. The words are those of `people::Role`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StaffRole {
    /// Writes to their classes' families.
    Teacher,
    /// The office.
    Office,
    /// Private threads.
    Nurse,
    /// The principal.
    Principal,
    /// Corrects and approves words.
    Interpreter,
    /// Installs and audits.
    District,
}

impl StaffRole {
    /// One lower-case word.
    pub fn as_str(self) -> &'static str {
        match self {
            StaffRole::Teacher => "teacher",
            StaffRole::Office => "office",
            StaffRole::Nurse => "nurse",
            StaffRole::Principal => "principal",
            StaffRole::Interpreter => "interpreter",
            StaffRole::District => "district",
        }
    }
    /// Reads that word.
    pub fn read(word: &str) -> Option<StaffRole> {
        Some(match word {
            "teacher" => StaffRole::Teacher,
            "office" => StaffRole::Office,
            "nurse" => StaffRole::Nurse,
            "principal" => StaffRole::Principal,
            "interpreter" => StaffRole::Interpreter,
            "district" => StaffRole::District,
            _ => return None,
        })
    }
}

/// A member of staff.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftStaff {
    /// Roster id.
    pub source: String,
    /// Given name.
    pub given: String,
    /// Family name.
    pub family: String,
    /// As families call them: "Ms Rivera".
    pub title: String,
    /// Where staff letters go; also the sign-in name. Lower case; empty = not given.
    pub email: String,
    /// What they do.
    pub roles: Vec<StaffRole>,
    /// Roster ids of their schools.
    pub schools: Vec<String>,
    /// BCP 47 tags of the languages an interpreter reviews.
    pub languages: Vec<String>,
}

/// A class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftClass {
    /// Roster id.
    pub source: String,
    /// Roster id of its school.
    pub school: String,
    /// Title.
    pub title: String,
    /// Subject; empty = not given.
    pub subject: String,
}

/// A student.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftStudent {
    /// Roster id.
    pub source: String,
    /// Given name.
    pub given: String,
    /// Family name.
    pub family: String,
    /// Roster id of their school.
    pub school: String,
    /// Of age, speaks for themself.
    pub adult: bool,
    /// BCP 47 of the home language on the student's own row: used for guardians whose row says nothing.
    pub home_language: Option<String>,
}

/// How much a guardian reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reads {
    /// The written language.
    Written,
    /// Little or nothing.
    Little,
    /// The roster does not say.
    #[default]
    Unknown,
}

/// How a person may contact a guardian. The words are those of `people::ContactRule`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ContactRule {
    /// Any way.
    #[default]
    Any,
    /// No voice calls.
    NoVoice,
    /// Voice only.
    VoiceOnly,
    /// Through a relay service.
    Relay,
}

/// A guardian.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftGuardian {
    /// Roster id.
    pub source: String,
    /// Given name.
    pub given: String,
    /// Family name.
    pub family: String,
    /// BCP 47; `None` = unknown, the family is asked.
    pub language: Option<String>,
    /// As the roster wrote it; empty = it said nothing (then a child's row may have).
    pub language_as_written: String,
    /// How much they read.
    pub reads: Reads,
    /// Signs (Deaf): no voice.
    pub signs: bool,
    /// How a person may contact them.
    pub contact_rule: ContactRule,
}

/// Whether a guardian may be told about a child.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rights {
    /// Gets everything: no order on file.
    #[default]
    Full,
    /// An order forbids. Dates are ISO days in the school's zone; `None` = open end; both days belong to it.
    None {
        /// First day.
        since: Option<String>,
        /// Last day.
        until: Option<String>,
        /// What the order is filed under; empty = not given.
        order: String,
    },
    /// Not known: never taken for consent, the office decides.
    Unknown,
}

/// A guardian's relation to a student.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftRelation {
    /// Roster id of the guardian.
    pub guardian: String,
    /// Roster id of the student.
    pub student: String,
    /// mother, father, grandmother, self, …
    pub relation: String,
    /// Right to know.
    pub rights: Rights,
    /// The guardian's row names the student.
    pub by_guardian: bool,
    /// The student's row names the guardian.
    pub by_student: bool,
}

/// Phone or mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ContactKind {
    /// A phone.
    Phone,
    /// A mailbox.
    Email,
}

/// A way to reach a guardian.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftContact {
    /// Roster id of the guardian.
    pub guardian: String,
    /// Phone or mailbox.
    pub kind: ContactKind,
    /// E.164, or an address in lower case.
    pub value: String,
    /// As the roster wrote it.
    pub original: String,
    /// `Some(false)` = a landline; `None` = the roster does not say (always so for a mailbox).
    pub textable: Option<bool>,
}

/// What somebody does in a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Seat {
    /// Learns.
    Student,
    /// Teaches.
    Teacher,
}

/// A seat in a class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrollment {
    /// Roster id of the enrollment.
    pub source: String,
    /// Roster id of the class.
    pub class: String,
    /// Roster id of the student or the member of staff.
    pub person: String,
    /// What they do there.
    pub seat: Seat,
    /// The teacher responsible.
    pub primary: bool,
}

/// What applying would do to one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// New.
    Added(Key),
    /// Differs; the fields that do (for a guardian also `relations` and `contacts`).
    Changed(Key, Vec<&'static str>),
    /// Gone.
    Removed(Key),
}

/// How many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// New.
    pub added: usize,
    /// Different.
    pub changed: usize,
    /// Gone.
    pub removed: usize,
    /// As before.
    pub unchanged: usize,
}

/// What applying a draft to the current one would do.
#[derive(Clone, Debug, Default)]
pub struct Delta {
    /// The draft as it will be: merged with what partial files leave out, families' own choices kept, every reference checked.
    /// This is what `messaging` applies and keeps for the next comparison.
    pub draft: Draft,
    /// What differs, in the order to apply it (removals last, in reverse).
    pub changes: Vec<Change>,
    /// How many of each kind.
    pub counts: BTreeMap<Kind, Counts>,
    /// Row by row, in the order of files and lines. Unchanged rows have none.
    pub lines: Vec<ReportLine>,
}

impl Delta {
    /// The sum over all kinds.
    pub fn total(&self) -> Counts {
        self.counts.values().fold(Counts::default(), |sum, one| Counts {
            added: sum.added + one.added,
            changed: sum.changed + one.changed,
            removed: sum.removed + one.removed,
            unchanged: sum.unchanged + one.unchanged,
        })
    }
}

/// What happens to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// New.
    Added,
    /// Different.
    Changed,
    /// Gone.
    Removed,
    /// Left as it was, on purpose; the words say why.
    Kept,
    /// Not taken.
    Refused,
    /// Taken, but a cell was not understood.
    Noted,
}

impl Outcome {
    /// One lower-case word.
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Added => "added",
            Outcome::Changed => "changed",
            Outcome::Removed => "removed",
            Outcome::Kept => "kept",
            Outcome::Refused => "refused",
            Outcome::Noted => "noted",
        }
    }
}

/// A line of the report. Names roster ids, never a person, a phone or an address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ReportLine {
    /// Where.
    pub place: Place,
    /// What happens.
    pub outcome: Outcome,
    /// In words.
    pub words: String,
}

impl fmt::Display for ReportLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.place.file)?;
        if self.place.line > 0 {
            write!(f, ":{}", self.place.line)?;
        }
        write!(f, "  {:<8} {}", self.outcome.as_str(), self.words)
    }
}

/// The brake: a roster that takes away too much is asked about, not applied.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the roster would take away {removed} of {of} {what}, more than {limit_percent} %: look at the report; if it is right, import again with a higher limit"
)]
pub struct TooManyRemovals {
    /// Of what, in the plural: "guardians", "phones and mailboxes", "languages", …
    pub what: &'static str,
    /// How many would go.
    pub removed: usize,
    /// How many there are.
    pub of: usize,
    /// The limit that was set.
    pub limit_percent: u8,
}

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft")
            .field("schools", &self.schools.len())
            .field("staff", &self.staff.len())
            .field("classes", &self.classes.len())
            .field("students", &self.students.len())
            .field("guardians", &self.guardians.len())
            .field("enrollments", &self.enrollments.len())
            .field("relations", &self.relations.len())
            .field("contacts", &self.contacts.len())
            .finish_non_exhaustive()
    }
}

macro_rules! debug_by_id {
    ($($name:ident . $id:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.$id)
            }
        }
    )*};
}
debug_by_id!(DraftStaff.source, DraftStudent.source, DraftGuardian.source, DraftContact.guardian);

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Draft {
        Draft {
            guardians: vec![DraftGuardian {
                source: "G-1".into(),
                given: "Amina".into(),
                family: "Warsame".into(),
                language: Some("so".into()),
                language_as_written: "Somali".into(),
                reads: Reads::Little,
                signs: false,
                contact_rule: ContactRule::VoiceOnly,
            }],
            relations: vec![DraftRelation {
                guardian: "G-1".into(),
                student: "S-1".into(),
                relation: "mother".into(),
                rights: Rights::None { since: Some("2026-09-01".into()), until: None, order: "FA-1".into() },
                by_guardian: true,
                by_student: false,
            }],
            contacts: vec![DraftContact {
                guardian: "G-1".into(),
                kind: ContactKind::Phone,
                value: "+12035550123".into(),
                original: "(203) 555-0123".into(),
                textable: Some(false),
            }],
            ..Draft::default()
        }
    }

    #[test]
    fn a_kept_draft_reads_back_the_same() {
        let json = serde_json::to_string(&draft()).unwrap();
        assert_eq!(serde_json::from_str::<Draft>(&json).unwrap(), draft());
        assert_eq!(serde_json::from_str::<Draft>("{}").unwrap(), Draft::default());
    }

    #[test]
    fn debug_shows_no_person() {
        let draft = draft();
        let shown = format!("{draft:?} {:?} {:?}", draft.guardians[0], draft.contacts[0]);
        for secret in ["Amina", "Warsame", "555"] {
            assert!(!shown.contains(secret), "{secret} in {shown}");
        }
    }

    #[test]
    fn role_words_are_those_of_people() {
        for role in crate::people::Role::ALL {
            assert_eq!(StaffRole::read(role.as_str()).map(StaffRole::as_str), Some(role.as_str()));
        }
    }
}
