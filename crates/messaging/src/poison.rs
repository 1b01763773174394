//! Rows that can't be handled: what panics or fails is that row's alone, its neighbours go on, and it ends where a person sees
//! it, with the reason in words. Must never know what a row says.

use crate::*;
use domain::carrier::{Outgoing, SendFault, SendResult};
use domain::conversation::{Place, TaskKind, Via};
use domain::people::School;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Poll;

/// Minutes in which the office looks at what nobody could read.
const LOOK_MINUTES: i64 = 120;
/// Characters of a raw row that the office is shown; the whole of it stays in the database.
const SHOWN: usize = 2000;

/// Runs a step that may panic; it isn't polled again after that.
pub(crate) async fn caught<T>(step: impl Future<Output = Flow<T>>) -> Flow<T> {
    let mut step = std::pin::pin!(step);
    std::future::poll_fn(move |context| {
        let polled = catch_unwind(AssertUnwindSafe(|| step.as_mut().poll(context)));
        polled.unwrap_or_else(|_| Poll::Ready(Err(FlowFault::Invalid("it failed inside Homeword".into()))))
    })
    .await
}

impl Flows {
    /// What goes out for a row: the notice that goes ahead, if any, and the words; nothing where they can't be put together.
    pub(crate) fn made(&self, district: DistrictId, row: &Claimed) -> Option<(Option<Outgoing>, Outgoing)> {
        catch_unwind(AssertUnwindSafe(|| (self.lead(district, row), self.outgoing(district, row)))).ok()
    }

    /// Says of a row that its words can't be put together.
    pub(crate) fn unmade() -> SendResult {
        SendResult::Fault(SendFault::NotMade)
    }

    /// Incoming that were taken up too often go to the office as they came. Gives how many.
    pub(crate) async fn quarantine(&self, district: DistrictId) -> Flow<usize> {
        let poisoned = self.ports.inbound.poisoned(district, self.now(), 50).await?;
        if poisoned.is_empty() {
            return Ok(0);
        }
        let schools = self.ports.people.schools(district).await?;
        for (incoming, why) in &poisoned {
            let sender = self.ports.directory.sender_by_address(&incoming.to).await?.filter(|(owner, _)| *owner == district);
            let school = sender.map(|(_, sender)| sender.school).or_else(|| schools.first().map(|school: &School| school.id));
            // A district without a school has nobody who could look: it waits for one.
            let Some(school) = school else { continue };
            let channel = if incoming.via == Via::Email { Channel::Email } else { Channel::Sms };
            let contact = self.ports.people.contact_at(district, channel, &incoming.from).await?;
            let why = if why.is_empty() { "the program ended while reading it" } else { why };
            let reason = format!("Nobody but a person can read this: five times {why}. Here it is as it came.");
            let now = self.now();
            let task = NewTask {
                id: self.id(),
                kind: TaskKind::Attend,
                school,
                contact,
                guardian: None,
                student: None,
                message: None,
                incoming: Some(incoming.id),
                reason: reason.clone(),
                due: now.plus_minutes(LOOK_MINUTES),
                made: now,
                key: format!("poison:{}", incoming.id),
            };
            let text: String = String::from_utf8_lossy(&incoming.raw).chars().take(SHOWN).collect();
            let audit = self.audit(StaffId::HOUSE, "quarantined", format!("incoming {}", incoming.id));
            let conclusion = Conclusion {
                understood: Understood { text, ..Understood::default() },
                tasks: vec![task],
                ..Conclusion::of(incoming.id, Place::Poison, reason, audit)
            };
            self.ports.inbound.conclude(district, &conclusion).await?;
        }
        Ok(poisoned.len())
    }
}
