//! What the office writes down about a family: languages, rights, contact points. What a family chose itself is never changed here.

use crate::*;
use domain::people::Right;
use domain::rights::{Act, Actor};

/// What the office decided about an adult's right to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// May know everything.
    Full,
    /// Not known yet.
    Unknown,
    /// Not included, from then on; `None` = from now, and without an end.
    None {
        /// From.
        from: Option<Time>,
        /// Until.
        until: Option<Time>,
    },
}

impl Flows {
    /// A child's page as the office may change it.
    async fn managed(&self, actor: &Actor, student: StudentId, guardian: GuardianId) -> Flow<domain::views::FamilyGuardian> {
        let (child, _) = self.ports.people.student(actor.district, student, actor.staff).await?.ok_or(FlowFault::NotFound)?;
        actor.may(&Act::ManageFamilies(child.school))?;
        let view = self.ports.views.family(actor.district, student).await?.ok_or(FlowFault::NotFound)?;
        view.guardians.into_iter().find(|adult| adult.guardian.id == guardian).ok_or(FlowFault::NotFound)
    }

    /// The office sets an adult's language; a family's own choice is only changed by the family.
    pub async fn set_language(&self, actor: &Actor, student: StudentId, guardian: GuardianId, language: &str) -> Flow<()> {
        self.managed(actor, student, guardian).await?;
        if !self.speech.languages_for_forms().iter().any(|(tag, _)| tag == language) {
            return Err(FlowFault::Invalid("Choose a language.".into()));
        }
        let audit = self.audit(actor.staff, "language", format!("guardian {guardian}"));
        self.ports.people.set_language(actor.district, guardian, language, false, &audit).await?;
        self.ring(actor.district);
        Ok(())
    }

    /// The office decides who may know: what waits about this child for an adult who may not is withheld in the same step.
    pub async fn decide_right(&self, actor: &Actor, student: StudentId, guardian: GuardianId, decision: Decision) -> Flow<()> {
        let mut relation = self.managed(actor, student, guardian).await?.relation;
        (relation.right, relation.order_from, relation.order_until) = match decision {
            Decision::Full => (Right::Full, None, None),
            Decision::Unknown => (Right::Unknown, None, None),
            Decision::None { from: None, until: None } => (Right::None, None, None),
            Decision::None { from, until } => (Right::Full, Some(from.unwrap_or(self.now())), Some(until.unwrap_or(Time::NEVER))),
        };
        if relation.order_until.is_some_and(|until| relation.order_from.is_some_and(|from| until <= from)) {
            return Err(FlowFault::Invalid("The last day of an order is after its first.".into()));
        }
        let audit = self.audit(actor.staff, "rights", format!("guardian {guardian} student {student}"));
        self.ports.people.set_right(actor.district, &relation, &audit).await?;
        self.ring(actor.district);
        Ok(())
    }

    /// The office writes down a number (E.164) or an address it was given.
    pub async fn add_contact(&self, actor: &Actor, student: StudentId, guardian: GuardianId, channel: Channel, address: &str) -> Flow<()> {
        self.managed(actor, student, guardian).await?;
        let address = address.trim().to_lowercase();
        let good = match channel {
            Channel::Sms => domain::Phone::is_international(&address) && address[1..].bytes().all(|byte| byte.is_ascii_digit()),
            Channel::Email => {
                address.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.ends_with('.'))
                    && !address.contains(char::is_whitespace)
            }
        };
        if !good {
            return Err(FlowFault::Invalid("Write a phone number with its area code, or an email address.".into()));
        }
        if self.ports.directory.sender_by_address(&address).await?.is_some() {
            return Err(FlowFault::Invalid("This is a number or address of the school's own.".into()));
        }
        let audit = self.audit(actor.staff, "contact", format!("guardian {guardian}"));
        self.ports.people.add_contact(actor.district, self.id(), guardian, channel, &address, &audit).await?;
        self.ring(actor.district);
        Ok(())
    }

    /// The office heard that a number that was called wrong is right after all.
    pub async fn confirm_contact(&self, actor: &Actor, student: StudentId, guardian: GuardianId, contact: ContactId) -> Flow<()> {
        let adult = self.managed(actor, student, guardian).await?;
        if !adult.contacts.iter().any(|row| row.0 == contact) {
            return Err(FlowFault::NotFound);
        }
        let audit = self.audit(actor.staff, "contact", format!("contact {contact}"));
        self.ports.people.suspend(actor.district, contact, false, &audit).await?;
        self.ring(actor.district);
        Ok(())
    }
}
