//! Who wrote a letter. The token proves that the writer has our letter; the address, and what the school's mail server found, whose
//! mailbox it came from. Must never let a setting of the family's change on less than both.

use crate::receive::Arrival;
use crate::speech::Spoke;
use crate::*;
use domain::conversation::{Place, TaskKind};
use domain::letter::{Authentication, IncomingLetter};

/// Within so many minutes the office sees a letter that may not be the family's.
const OFFICE_MINUTES: i64 = 240;

/// Whose mailbox a letter with a family's token came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Writer {
    /// One of the family's, as far as its address tells.
    Family,
    /// Another one: a colleague's, a new one.
    Elsewhere,
    /// The address is not the sender's own.
    Forged,
}

impl Flows {
    pub(crate) async fn writer(&self, arrival: &Arrival, letter: &IncomingLetter) -> Flow<Writer> {
        if letter.authentication == Authentication::Fail {
            return Ok(Writer::Forged);
        }
        let from = letter.from.reveal();
        if from == arrival.card.address.to_lowercase() {
            return Ok(Writer::Family);
        }
        // Another mailbox of the same home, on file.
        let id = arrival.district.id;
        let Some(contact) = self.ports.people.contact_at(id, Channel::Email, from).await? else {
            return Ok(Writer::Elsewhere);
        };
        let card = self.ports.people.card(id, contact, self.now()).await?;
        let here = |child: &domain::ports::Child| arrival.card.children.iter().any(|known| known.id == child.id);
        let theirs = card.is_some_and(|card| !card.suspended && card.children.iter().any(here));
        Ok(if theirs { Writer::Family } else { Writer::Elsewhere })
    }

    /// A letter whose address is not the sender's own: kept for the office, passed on to nobody.
    pub(crate) fn held(&self, arrival: &Arrival) -> Conclusion {
        let reason = "An email in this family's name failed your mail server's check of who sent it: it may be forged.";
        let mut conclusion = self.by_nobody(arrival, Place::Office, reason);
        conclusion.tasks.push(self.incoming_task(
            arrival,
            TaskKind::Attend,
            "An email in this family's name may be forged; no teacher got it. Ask the family whether they wrote it.",
            OFFICE_MINUTES,
        ));
        self.alert_risk(&mut conclusion, arrival);
        conclusion
    }

    /// What a letter asks for that is nothing but a keyword, where it is not certain enough who asks: a person finds out. To stop
    /// needs less than to start, since a family that is not heard is worse off.
    pub(crate) fn uncertain(&self, arrival: &Arrival, letter: &IncomingLetter, writer: Writer, spoke: &Spoke) -> Option<Conclusion> {
        let certain = match spoke {
            Spoke::Help | Spoke::ContactMe => true,
            Spoke::Stop | Spoke::Wrong => writer == Writer::Family,
            Spoke::Start => writer == Writer::Family && letter.authentication == Authentication::Pass,
        };
        if certain {
            return None;
        }
        let mut conclusion =
            self.by_nobody(arrival, Place::Office, "An email asks for a change, and it is not certain that the family wrote it.");
        conclusion.tasks.push(self.incoming_task(
            arrival,
            TaskKind::Attend,
            "An email asks to stop or to get messages, and it is not certain that the family wrote it. Ask them; nothing was changed.",
            OFFICE_MINUTES,
        ));
        Some(conclusion)
    }
}
