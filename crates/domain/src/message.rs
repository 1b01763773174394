//! What staff write: weight, audience, words, answer sets, renditions and where their words came from.

use crate::people::{Channel, coded};
use crate::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

coded! {
    /// How heavy a message is (DIALOGUE 10). Order: heavier first.
    Weight {
        /// All families, now.
        Emergency = 1 "emergency",
        /// One family, by office, nurse or principal.
        Urgent = 2 "urgent",
        /// Rights, discipline, special education, health, safety, consent: never on machine words alone.
        Essential = 3 "essential",
        /// Everyday.
        Routine = 4 "routine",
        /// Own opt-in.
        Community = 5 "community",
    }
}

impl Weight {
    /// The bit a block compares with.
    pub fn bit(self) -> i16 {
        1 << (self.code() - 1)
    }
    /// STOP stops everything but emergencies.
    pub const STOP_BITS: i16 = 0b11110;
    /// "Stop emergencies too."
    pub const ALL_BITS: i16 = 0b11111;
}

coded! {
    /// A priority in the queue: smaller leaves first.
    Lane {
        /// Emergency and urgent.
        Emergency = 0 "emergency",
        /// Answers in a live exchange, and our immediate answers.
        Reply = 1 "reply",
        /// To one family.
        Direct = 2 "direct",
        /// To many.
        Broadcast = 3 "broadcast",
    }
}

coded! {
    /// Which answers a message offers (DIALOGUE 3). "Contact me" and "0 not clear" are always there.
    AnswerSet {
        /// No numbered answers but the two that are always there.
        Open = 0 "open",
        /// Coming, not coming.
        Coming = 1 "coming",
        /// I give permission, I do not.
        Permission = 2 "permission",
        /// Ill, appointment, on the way, my child should be in school.
        Absence = 3 "absence",
        /// None at all: nothing numbered (our own notices, answers in a conversation).
        None = 4 "none",
    }
}

coded! {
    /// One answer of a set; what a digit means.
    Answer {
        /// The text was unclear (not the reader).
        NotClear = 0 "not-clear",
        /// We will come.
        Coming = 1 "coming",
        /// We will not.
        NotComing = 2 "not-coming",
        /// I give permission.
        Permit = 3 "permit",
        /// I do not.
        Refuse = 4 "refuse",
        /// My child is ill.
        Ill = 5 "ill",
        /// My child has an appointment.
        Appointment = 6 "appointment",
        /// We are on the way.
        OnTheWay = 7 "on-the-way",
        /// My child should be in school: alerts office and duty list at once.
        ShouldBeThere = 8 "should-be-there",
        /// A person contacts me in my language.
        ContactMe = 9 "contact-me",
    }
}

impl AnswerSet {
    /// The acts a set offers, before "contact me" and "not clear".
    pub fn acts(self) -> &'static [Answer] {
        match self {
            AnswerSet::Coming => &[Answer::Coming, Answer::NotComing],
            AnswerSet::Permission => &[Answer::Permit, Answer::Refuse],
            AnswerSet::Absence => &[Answer::Ill, Answer::Appointment, Answer::OnTheWay, Answer::ShouldBeThere],
            AnswerSet::Open | AnswerSet::None => &[],
        }
    }
}

/// Who a message is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Audience {
    /// The guardians of one student.
    Family {
        /// Which child.
        student: StudentId,
    },
    /// The guardians of a class.
    Class {
        /// Which.
        class: ClassId,
    },
    /// Everyone at a school.
    School {
        /// Which.
        school: SchoolId,
    },
    /// Everyone.
    District,
    /// The contact point of a thread: an answer, or a notice of ours.
    Thread {
        /// Which.
        thread: ThreadId,
    },
    /// One contact point, for Homeword's own notices.
    Contact {
        /// Which.
        contact: ContactId,
    },
    /// Exactly those who got another message: a correction.
    SameAs {
        /// Which.
        message: MessageId,
    },
    /// Those who got it and have not answered: a reminder.
    Unanswered {
        /// Which.
        message: MessageId,
    },
}

/// The words of a message before any language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Words {
    /// Free text in the author's language.
    Free {
        /// As written.
        text: String,
    },
    /// A phrase of ours with arguments.
    Phrase {
        /// Its key.
        key: String,
        /// Raw arguments: text as typed, dates `2026-03-12`, times `17:30`.
        arguments: BTreeMap<String, String>,
    },
}

/// Learning link, as fields of their own.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Learning {
    /// What we are learning.
    pub learning: String,
    /// Try at home.
    pub try_at_home: String,
    /// Ask your child.
    pub ask: String,
}

impl Learning {
    /// Whether no field is filled.
    pub fn is_empty(&self) -> bool {
        self.learning.is_empty() && self.try_at_home.is_empty() && self.ask.is_empty()
    }
}

/// What a staff member wrote.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Message {
    /// Id, made with the form: sent twice, it shows the first.
    pub id: MessageId,
    /// Author; [`StaffId::HOUSE`] for our own notices.
    pub author: StaffId,
    /// School it speaks for.
    pub school: SchoolId,
    /// Weight.
    pub weight: Weight,
    /// For whom.
    pub audience: Audience,
    /// Words.
    pub words: Words,
    /// Learning link.
    pub learning: Learning,
    /// Answers offered.
    pub answers: AnswerSet,
    /// Language it is written in.
    pub language: String,
    /// When written.
    pub written: Time,
    /// Not before: schedule and undo.
    pub not_before: Time,
    /// End of use.
    pub useful_until: Time,
    /// Corrects this one.
    pub corrects: Option<MessageId>,
    /// A child-specific message (right to know applies).
    pub about: Option<StudentId>,
    /// A nurse's matter about a child (DIALOGUE 20): by SMS only that the author needs to reach the family.
    #[serde(default)]
    pub reach_only: bool,
    /// The incoming it answers, if any.
    pub answers_to: Option<IncomingId>,
    /// Of a letter to a member of staff about one conversation: which, and who they are. An answer to the letter is theirs in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_in: Option<(ThreadId, StaffId)>,
}

coded! {
    /// Where a message stands.
    MessageState {
        /// Accepted; its expansion goes on.
        Planning = 1 "planning",
        /// All deliveries exist.
        Planned = 2 "planned",
        /// Undone or stopped: what had not gone does not go.
        Withdrawn = 3 "withdrawn",
    }
}

coded! {
    /// Where the words of a rendition came from.
    WordsFrom {
        /// The author's own.
        Original = 1 "original",
        /// A shipped phrase nobody checked.
        PhraseDraft = 2 "phrase-draft",
        /// A phrase a named speaker checked or the district approved.
        PhraseApproved = 3 "phrase-approved",
        /// A person approved exactly this text (memory).
        Person = 4 "person",
        /// An engine, not checked.
        Machine = 5 "machine",
        /// The original with the notice of invariant 5.
        OriginalWithNotice = 6 "original-with-notice",
        /// Only that the author needs to reach the family: the matter is private.
        ReachOnly = 7 "reach-only",
    }
}

coded! {
    /// Whether a rendition may go.
    RenditionState {
        /// May go.
        Ready = 1 "ready",
        /// Waits for a person.
        Held = 2 "held",
        /// Never goes.
        Withdrawn = 3 "withdrawn",
    }
}

/// One message in one language and one form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rendition {
    /// Id.
    pub id: RenditionId,
    /// Of which message.
    pub message: MessageId,
    /// BCP 47.
    pub language: String,
    /// Which channel's form.
    pub channel: Channel,
    /// Subject, for letters.
    pub subject: String,
    /// The words; `{student}` is filled at the send. Answer lines are added at the send.
    pub text: String,
    /// A text that goes before it as a message of its own (the notice of invariant 5), may be empty.
    pub notice: String,
    /// Where the words came from.
    pub from: WordsFrom,
    /// Who approved, which engine, which phrase status: shown to whoever reads it.
    pub source: String,
    /// Whether it may go.
    pub state: RenditionState,
}
