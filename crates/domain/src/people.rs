//! Schools, classes, students, guardians, staff, and the ways they can be reached.

use crate::*;
use serde::{Deserialize, Serialize};

macro_rules! coded {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal $text:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name { $($(#[$vdoc])* $variant = $code),* }
        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];
            /// The number the store keeps.
            pub fn code(self) -> i16 { self as i16 }
            /// Reads the store's number.
            pub fn from_code(code: i16) -> Option<Self> { match code { $($code => Some($name::$variant),)* _ => None } }
            /// One lower-case word for forms, files and the API.
            pub fn as_str(self) -> &'static str { match self { $($name::$variant => $text),* } }
            /// Reads that word.
            pub fn read(text: &str) -> Option<Self> { match text { $($text => Some($name::$variant),)* _ => None } }
        }
    };
}
pub(crate) use coded;

coded! {
    /// What a member of staff is here to do.
    Role {
        /// Writes to their classes' families.
        Teacher = 1 "teacher",
        /// Sees the school's families; answers what nobody owns.
        Office = 2 "office",
        /// Private threads.
        Nurse = 3 "nurse",
        /// Announces to the school; sees all but private threads.
        Principal = 4 "principal",
        /// Corrects and approves words.
        Interpreter = 5 "interpreter",
        /// Installs and audits.
        District = 6 "district",
    }
}

coded! {
    /// How much a guardian reads.
    Reads {
        /// The written language on file.
        Written = 1 "written",
        /// Little or nothing: short plain forms, and a person.
        Little = 2 "little",
    }
}

coded! {
    /// How a person may contact a guardian.
    ContactRule {
        /// Any way.
        Any = 0 "any",
        /// No voice calls.
        NoVoice = 1 "no-voice",
        /// Voice only.
        VoiceOnly = 2 "voice-only",
        /// Through a relay service.
        Relay = 3 "relay",
    }
}

coded! {
    /// Whether a guardian may be told about a child. Orders have dates and act at the next claim.
    Right {
        /// Gets everything.
        Full = 1 "full",
        /// Not known: class messages go, child-specific ones wait with an office task.
        Unknown = 2 "unknown",
        /// An order on file, within its dates.
        None = 3 "none",
    }
}

coded! {
    /// Whether a contact point is a phone or a mailbox.
    Channel {
        /// SMS.
        Sms = 1 "sms",
        /// Email.
        Email = 2 "email",
    }
}

coded! {
    /// What a sender of ours is used for.
    SenderUse {
        /// The school's office and announcements; replies go to the office unless a delivery names the author.
        Office = 1 "office",
        /// Conversations with teachers: routes live here.
        Conversation = 2 "conversation",
        /// Mail identity.
        Mail = 3 "mail",
    }
}

coded! {
    /// What a number is to the carriers of the US and Canada; anything else, anywhere else, is `Other`.
    NumberKind {
        /// A SIM, a link to a message center, a number outside North America, an unregistered one.
        Other = 0 "other",
        /// A local number of a registered brand (10DLC).
        Registered = 1 "10dlc",
        /// A local number of a sole proprietor.
        Sole = 2 "10dlc-sole",
        /// Toll-free, verified.
        TollFree = 3 "toll-free",
        /// Five or six digits.
        ShortCode = 4 "short-code",
    }
}

/// What carriers usually allow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Usual {
    /// Texts a second.
    pub rate: f64,
    /// Texts a day for the whole brand; 0 = no limit.
    pub daily: i64,
}

impl NumberKind {
    /// What a number of this kind may do while nobody knows better: the least that carriers give it. They count segments; a company
    /// or a brand with a better score may do more. Sources: Twilio's pages "A2P 10DLC message throughput and daily limits" (low-volume
    /// brands 3.75 a second in all, T-Mobile 2,000 a day; sole proprietors 1 a second, 1,000 a day), "toll-free throughput" (3 a
    /// second) and "Rate limits and message queues" (long codes 1, short codes 100 a second).
    pub fn usual(self) -> Usual {
        let (rate, daily) = match self {
            Self::Other => (1.0, 0),
            Self::Registered => (3.75, 2_000),
            Self::Sole => (1.0, 1_000),
            Self::TollFree => (3.0, 0),
            Self::ShortCode => (100.0, 0),
        };
        Usual { rate, daily }
    }
}

fn other() -> NumberKind {
    NumberKind::Other
}

coded! {
    /// How often a member of staff is told by letter that families answered (DIALOGUE 17). Risks are told always.
    Telling {
        /// For each answer.
        Each = 1 "each",
        /// Once an hour at most.
        Hourly = 2 "hourly",
        /// At the end of the school day.
        Daily = 3 "daily",
    }
}

fn hourly() -> Telling {
    Telling::Hourly
}

fn one() -> i64 {
    1
}

fn yes() -> bool {
    true
}

/// A district's own settings, as the flows need them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct District {
    /// Id.
    pub id: DistrictId,
    /// Name.
    pub name: String,
    /// IANA zone.
    pub zone: String,
    /// Language staff work in.
    pub staff_language: String,
    /// Rehearsal: nothing leaves but to the addresses of `allowed`.
    pub rehearsal: bool,
    /// Phones and mailboxes of staff that rehearsal reaches.
    #[serde(default)]
    pub allowed: Vec<String>,
    /// A number that never answered is greeted first, and no child is named to it (DIALOGUE 12).
    #[serde(default = "yes")]
    pub introduce: bool,
    /// What can wait goes by email first where an adult has a mailbox besides a phone: letters cost nothing and have no daily cap.
    #[serde(default)]
    pub email_first: bool,
    /// Engine words may go to families without a person, for routine and community, labelled.
    pub machine_words_may_go: bool,
    /// How long words wait for a reviewer before original + notice goes, minutes.
    pub review_minutes: i64,
    /// Quiet hours: (from, to) in minutes of the local day, e.g. (1260, 420).
    pub quiet: (i64, i64),
    /// School hours: (from, to) in minutes of the local day, Monday to Friday.
    pub hours: (i64, i64),
    /// Seconds in which a send can be undone: (one family, many).
    pub undo: (i64, i64),
}

impl District {
    /// The channel of what goes one way only, for who has both.
    pub fn first(&self) -> Channel {
        if self.email_first { Channel::Email } else { Channel::Sms }
    }
}

/// A school.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct School {
    /// Id.
    pub id: SchoolId,
    /// Full name.
    pub name: String,
    /// Short SMS name, at most 18 GSM-7 characters.
    pub short_name: String,
    /// IANA zone, if not the district's.
    pub zone: Option<String>,
    /// The office's phone as families dial it.
    pub phone: String,
}

/// A member of staff.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Staff {
    /// Id.
    pub id: StaffId,
    /// As families call them: "Ms Rivera".
    pub title: String,
    /// Full name.
    pub name: String,
    /// Where staff letters go; also the sign-in name.
    pub email: Address,
    /// What they do.
    pub roles: Vec<Role>,
    /// Where.
    pub schools: Vec<SchoolId>,
    /// Languages an interpreter reviews.
    pub languages: Vec<String>,
    /// May sign in and own threads.
    pub active: bool,
    /// Who answers when they are absent or gone.
    pub backup: Option<StaffId>,
    /// Absent now: threads go to the backup at once.
    pub absent: bool,
    /// On the duty list of their schools, alerted by risk phrases, in order.
    pub duty: bool,
    /// How often they are told by letter.
    #[serde(default = "hourly")]
    pub telling: Telling,
    /// Their own phone, if they wish to be told there as well.
    #[serde(default)]
    pub phone: Option<OwnPhone>,
}

impl Staff {
    /// The phone they are told on: confirmed.
    pub fn own_phone(&self) -> Option<&Phone> {
        self.phone.as_ref().filter(|phone| phone.confirmed && self.active).map(|phone| &phone.number)
    }
}

/// A staff member's own phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnPhone {
    /// Which.
    pub number: Phone,
    /// The code that was sent there came back.
    pub confirmed: bool,
    /// Hash of the code.
    pub hash: String,
    /// Until when the code is good.
    pub until: Time,
    /// Wrong codes since it was sent.
    pub wrong: i16,
    /// The day (UTC) of the last code, and how many were sent on it.
    pub day: String,
    /// See `day`.
    pub codes: i64,
}

/// One of our numbers or mail identities.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sender {
    /// Id.
    pub id: SenderId,
    /// Whose.
    pub school: SchoolId,
    /// Number (E.164) or mail domain address.
    pub address: String,
    /// SMS or email.
    pub channel: Channel,
    /// What for.
    pub use_for: SenderUse,
    /// What it is to carriers: what is usual for it stands in the table of kinds.
    #[serde(default = "other")]
    pub kind: NumberKind,
    /// At most so many a second.
    pub rate: f64,
    /// Paused by a person, a company fault or a restore.
    pub paused: bool,
    /// The brand (campaign) it is registered under; numbers of one brand share its daily cap.
    #[serde(default)]
    pub brand: String,
    /// Texts a day the brand may send; 0 = no cap.
    #[serde(default)]
    pub daily: i64,
    /// The account with a company that it belongs to, as the configuration names it; empty where there is only one.
    #[serde(default)]
    pub account: String,
    /// Its share of what numbers of another account cannot send; 0 = it takes nothing of theirs.
    #[serde(default = "one")]
    pub weight: i64,
    /// Where calls to it go.
    #[serde(default)]
    pub calls: crate::calls::Calls,
}
