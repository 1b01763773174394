//! The ladder: what will not arrive this way goes another way of the same guardian (the other channel first), else to another
//! guardian of the child whom the message has not gone to, else to a person; each rung says why in everyday words.
//!
//! Pure policy over rows that are handed in. It must never know a store, a clock, a carrier's codes, or anybody's name.

use crate::delivery::DeliveryState;
use crate::message::Weight;
use crate::people::{Channel, Right};
use crate::ports::Reach;
use crate::verdict::{CANNOT, LANDLINE, NO_SUCH, NOT_MADE, STOPPED};
use crate::*;

/// What the store writes when an order withholds a delivery.
pub const NOT_INCLUDED: &str = "Not included by the office.";
/// Why nothing goes to a contact point of which somebody there said that it is not the family's.
pub const NOT_THEIRS: &str = "This number is not the family's.";
/// Why nothing goes to a mailbox that complained of us.
pub const UNWANTED: &str = "Their mailbox reported our emails as unwanted.";

/// Why a delivery fell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Past its use.
    Late,
    /// The number or address takes nothing, now or later; the words say what to ask for.
    Dead(&'static str),
    /// We could not put its words together.
    NotMade,
    /// It did not arrive.
    NotTaken,
    /// The family stopped this contact point, or one person's words to it.
    Stopped,
    /// Somebody there said that it is not the family's.
    WrongNumber,
    /// An order forbids it.
    Ordered,
}

impl Cause {
    /// Reads it off where a delivery stands. `None`: it has not fallen; above all, what is `uncertain` never does (invariant 2).
    /// `reason` is what settled it; `suspended`: its contact point is not used any more.
    pub fn of(state: DeliveryState, reason: &str, suspended: bool) -> Option<Cause> {
        match state {
            DeliveryState::Late => Some(Cause::Late),
            DeliveryState::Withheld if reason == NOT_INCLUDED => Some(Cause::Ordered),
            DeliveryState::Withheld if suspended && reason != UNWANTED => Some(Cause::WrongNumber),
            DeliveryState::Withheld => Some(Cause::Stopped),
            DeliveryState::Failed if reason == STOPPED => Some(Cause::Stopped),
            DeliveryState::Failed if reason == NOT_MADE => Some(Cause::NotMade),
            DeliveryState::Failed => {
                let dead = [LANDLINE, NO_SUCH, CANNOT].into_iter().find(|words| *words == reason);
                Some(dead.map_or(Cause::NotTaken, Cause::Dead))
            }
            _ => None,
        }
    }

    fn words(self, channel: Channel) -> &'static str {
        match (self, channel) {
            (Cause::Late, _) => "It was no longer useful when it could go",
            (Cause::Dead(words), _) => words,
            (Cause::NotMade, _) => "Its words could not be put together",
            (Cause::NotTaken, Channel::Sms) => "The phone did not take it",
            (Cause::NotTaken, Channel::Email) => "The mailbox did not take it",
            (Cause::Stopped, Channel::Sms) => "The family stopped texts",
            (Cause::Stopped, Channel::Email) => "The family stopped letters",
            (Cause::WrongNumber, _) => "This number is not the family's",
            (Cause::Ordered, _) => NOT_INCLUDED,
        }
    }
}

/// How private a matter is (DIALOGUE 20).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Privacy {
    /// Everyday.
    Open,
    /// A text says only that somebody needs to reach the family; a letter goes only to a mailbox of one adult that answered.
    Reserved,
    /// An answer in a private conversation: it stays on its contact point.
    InPerson,
}

/// What fell.
#[derive(Clone, Copy, Debug)]
pub struct Fall<'a> {
    /// Why.
    pub cause: Cause,
    /// Where it should have arrived.
    pub contact: ContactId,
    /// By which channel.
    pub channel: Channel,
    /// BCP 47 of its words; `und` = of a guardian whose language is not on file.
    pub language: &'a str,
    /// How heavy.
    pub weight: Weight,
    /// It is about one child: who has unknown rights does not get it.
    pub about_one: bool,
    /// How private.
    pub privacy: Privacy,
    /// One of our own notices.
    pub ours: bool,
    /// It was for all guardians of its children, so another one may have it: not an answer, a correction, a reminder.
    pub for_all: bool,
    /// When it could leave by another way: now, or when quiet hours end.
    pub opens: Time,
    /// End of use. Nothing leaves after it.
    pub ends: Time,
}

/// What a person has to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hand {
    /// Nothing.
    Nobody,
    /// Tell the family by hand.
    Family,
    /// Find out whether this adult may be told.
    Rights,
    /// The office looks at it: it was a notice of ours.
    Office,
}

/// The next rung.
#[derive(Clone, Debug)]
pub struct Next<'a> {
    /// Rows to write to, one per contact point.
    pub ways: Vec<&'a Reach>,
    /// What a person does, also beside other ways.
    pub hand: Hand,
    /// The contact point takes nothing: it is not used again, and somebody asks for another.
    pub dead: bool,
    /// The adult it was for, the first one.
    pub guardian: Option<GuardianId>,
    /// Why and what happens now, for staff.
    pub reason: String,
}

/// A private letter never goes to a mailbox that several adults read, or that never answered (DIALOGUE 20).
pub fn too_private(channel: Channel, shared: bool, confirmed: bool) -> bool {
    channel == Channel::Email && (shared || !confirmed)
}

/// Decides. `rows`: every guardian of the children it names, each with every contact point and, as children, those of the message
/// alone, with the right now. `carried`: contact points that have a delivery of this message, whatever became of it.
///
/// A STOP is the contact point's: after one on a phone, everyday words go by letter where an address is on file (as they do
/// when a message is planned), never by a text to another phone of the same guardian. Emergencies go there too. What is urgent or
/// an emergency goes every other way, and somebody calls as well.
pub fn next<'a>(fall: &Fall<'_>, rows: &'a [Reach], carried: &[(ContactId, DeliveryState)]) -> Next<'a> {
    let here: Vec<&Reach> = rows.iter().filter(|row| row.contact == Some(fall.contact)).collect();
    let speaks = |row: &&&Reach| row.language.as_deref().unwrap_or("und") == fall.language;
    let mut mine: Vec<GuardianId> = here.iter().filter(speaks).map(|row| row.guardian).collect();
    if mine.is_empty() {
        mine = here.iter().map(|row| row.guardian).collect();
    }
    let own: Vec<&Reach> = rows.iter().filter(|row| mine.contains(&row.guardian)).collect();
    let all = Ladder { fall, rows, carried };
    let mut next = all.decide(&mine, &own);
    next.guardian = mine.first().copied();
    next
}

struct Ladder<'f, 'a> {
    fall: &'f Fall<'f>,
    rows: &'a [Reach],
    carried: &'f [(ContactId, DeliveryState)],
}

impl<'a> Ladder<'_, 'a> {
    fn decide(&self, mine: &[GuardianId], own: &[&'a Reach]) -> Next<'a> {
        let fall = self.fall;
        if fall.ours {
            return self.by(Hand::Office, "tell them by hand");
        }
        let kept_out = !own.is_empty() && own.iter().all(|row| !row.children.is_empty() && forbidden(row));
        if kept_out || fall.cause == Cause::Ordered {
            return Next { reason: NOT_INCLUDED.into(), ..self.by(Hand::Nobody, "") };
        }
        if !own.is_empty() && !own.iter().any(|row| self.may_know(row)) {
            return self.by(Hand::Rights, "whether this adult may be told is not known. Find out, then send again");
        }
        let every = fall.weight <= Weight::Urgent;
        if fall.cause == Cause::Late {
            return self.by(Hand::Family, "tell them by hand");
        }
        if fall.privacy == Privacy::InPerson {
            return self.by(Hand::Family, "a private matter, reach this adult in person");
        }
        if fall.opens >= fall.ends {
            return self.by(Hand::Family, "another way would be too late, tell them by hand");
        }
        let text_stays = fall.cause == Cause::Stopped && fall.weight != Weight::Emergency;
        let mut ways = self.open(own.iter().copied(), |row| !text_stays || row.channel != Channel::Sms);
        // The other channel first: what ails a phone may ail the guardian's other phone too.
        ways.sort_by_key(|row| row.channel == fall.channel);
        let others = if every || ways.is_empty() { self.others(mine) } else { Vec::new() };
        if every {
            ways.extend(others.iter().copied().filter(|row| !mine.contains(&row.guardian)));
            return match (ways.as_slice(), self.on_its_way(own)) {
                ([], false) => self.by(Hand::Family, "tell them by hand"),
                ([], true) => self.by(Hand::Family, "it goes another way too; call them as well"),
                ([one], _) => Next { ways: vec![one], ..self.by(Hand::Family, &format!("{}; call them as well", self.by_way(one, mine))) },
                _ => Next { ways, ..self.by(Hand::Family, "it goes every other way; call them as well") },
            };
        }
        if self.on_its_way(own) {
            return self.by(Hand::Nobody, "it goes another way too");
        }
        match ways.first().or(others.first()).copied() {
            Some(way) => Next { ways: vec![way], ..self.by(Hand::Nobody, &self.by_way(way, mine)) },
            None if fall.privacy == Privacy::Reserved => self.by(Hand::Family, "a private matter, reach this adult in person"),
            None if fall.cause == Cause::NotTaken => self.by(Hand::Family, "tell them by hand, or ask for another number or address"),
            None => self.by(Hand::Family, "tell them by hand"),
        }
    }

    /// Ways of other guardians who may know and whom the message has not gone to.
    fn others(&self, mine: &[GuardianId]) -> Vec<&'a Reach> {
        if !self.fall.for_all || mine.is_empty() {
            return Vec::new();
        }
        let reached = |guardian: GuardianId| self.rows.iter().any(|row| row.guardian == guardian && self.state_at(row).is_some());
        self.open(self.rows.iter().filter(|row| !mine.contains(&row.guardian) && !reached(row.guardian)), |_| true)
    }

    /// Those of these rows that may be used, each contact point once.
    fn open(&self, rows: impl Iterator<Item = &'a Reach>, more: impl Fn(&Reach) -> bool) -> Vec<&'a Reach> {
        let mut ways: Vec<&Reach> = Vec::new();
        for row in rows.filter(|row| self.usable(row) && more(row)) {
            if !ways.iter().any(|way| way.contact == row.contact) {
                ways.push(row);
            }
        }
        ways
    }

    fn usable(&self, row: &Reach) -> bool {
        let stands = row.contact.is_some() && row.textable && !row.suspended && row.blocked & self.fall.weight.bit() == 0;
        let private = self.fall.privacy == Privacy::Reserved && too_private(row.channel, row.shared, row.confirmed);
        // Who shares it with somebody that may not know would tell them.
        let overheard = self.rows.iter().any(|other| other.contact == row.contact && !self.may_know(other));
        stands && !private && !overheard && row.contact != Some(self.fall.contact) && self.state_at(row).is_none() && self.may_know(row)
    }

    fn may_know(&self, row: &Reach) -> bool {
        let knows = |right| right == Right::Full || right == Right::Unknown && !self.fall.about_one;
        row.children.is_empty() || row.children.iter().any(|child| knows(child.right))
    }

    fn state_at(&self, row: &Reach) -> Option<DeliveryState> {
        let at = |(contact, _): &&(ContactId, DeliveryState)| Some(*contact) == row.contact;
        self.carried.iter().filter(at).map(|(_, state)| *state).next()
    }

    /// Whether another contact point of these guardians has it, or will. One that may or may not have it does not count.
    fn on_its_way(&self, own: &[&Reach]) -> bool {
        use DeliveryState::*;
        own.iter().any(|row| {
            row.contact != Some(self.fall.contact) && matches!(self.state_at(row), Some(Queued | Claimed | Accepted | Delivered | Held))
        })
    }

    fn by_way(&self, way: &Reach, mine: &[GuardianId]) -> String {
        match (mine.contains(&way.guardian), way.channel == self.fall.channel, way.channel) {
            (false, _, _) => "it goes to another guardian".into(),
            (true, false, Channel::Email) => "it goes by email".into(),
            (true, false, Channel::Sms) => "it goes by text".into(),
            (true, true, Channel::Sms) => "it goes to their other phone".into(),
            (true, true, Channel::Email) => "it goes to their other mailbox".into(),
        }
    }

    fn by(&self, hand: Hand, then: &str) -> Next<'a> {
        let cause = self.fall.cause.words(self.fall.channel);
        let dead = matches!(self.fall.cause, Cause::Dead(_)) && !self.fall.ours;
        Next { ways: Vec::new(), hand, dead, guardian: None, reason: sentence(cause, then) }
    }
}

/// Every child of the message this adult has is kept from them by an order.
fn forbidden(row: &Reach) -> bool {
    row.children.iter().all(|child| child.right == Right::None)
}

/// "The phone did not take it: it goes by email." A cause that is a sentence already stays one.
fn sentence(cause: &str, then: &str) -> String {
    let mut letters = then.chars();
    match (cause.ends_with('.'), letters.next()) {
        (_, None) => cause.to_owned(),
        (true, Some(first)) => format!("{cause} {}{}.", first.to_uppercase(), letters.as_str()),
        (false, _) => format!("{cause}: {then}."),
    }
}

#[cfg(test)]
#[path = "ladder_tests.rs"]
mod tests;
