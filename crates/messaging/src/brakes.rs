//! Loop brakes: what stops two programs that answer each other, whether or not anybody took them for programs. A letter of our own
//! that comes back goes nowhere; many to one answer address within minutes wait for a person, and none of them is answered.

use crate::receive::Arrival;
use crate::speech::Spoke;
use crate::writer::Writer;
use crate::*;
use domain::conversation::{Place, TaskKind};
use domain::letter::IncomingLetter;

/// So many letters to one answer address within so many minutes are too many.
const MANY: i64 = 5;
const MINUTES: i64 = 10;
/// The office sees them within so many minutes.
const OFFICE_MINUTES: i64 = 60;

impl Flows {
    /// What is not let on. It is read where the delivery's answers are, so that nobody's words are lost.
    pub(crate) async fn braked(&self, arrival: &Arrival, letter: &IncomingLetter, info: &DeliveryInfo) -> Flow<Option<Conclusion>> {
        if self.is_ours(arrival.district.id, letter).await? {
            return Ok(Some(self.by_nobody(arrival, Place::Handled, "An email of our own that came back.")));
        }
        let incoming = &arrival.incoming;
        if !self.too_many(arrival.district.id, incoming).await? {
            return Ok(None);
        }
        let reason = "Many emails in a few minutes: perhaps a program answers.";
        let mut conclusion = self.by_nobody(arrival, Place::Office, reason);
        if info.speaks_for != StaffId::HOUSE {
            conclusion.place = Place::Thread;
            conclusion.understood.warnings.push(reason.into());
            self.join(&mut conclusion, arrival, info.speaks_for, info.only()).await?;
        }
        let words = "Many emails came from one mailbox in a few minutes, and none of them was answered: read them, a program may have written them.";
        let burst = self.burst(arrival, words);
        // One for a burst, where all of them stand in the conversation.
        let task = if conclusion.thread.is_some() { burst } else { self.incoming_task(arrival, burst.kind, words, OFFICE_MINUTES) };
        conclusion.tasks.push(task);
        self.alert_risk(&mut conclusion, arrival);
        Ok(Some(conclusion))
    }

    /// The same for what comes to a member of staff's answer address: a program in their mailbox may answer our news, and the family
    /// is no program's to write to.
    pub(crate) fn staff_burst(&self, arrival: &Arrival) -> Conclusion {
        let words =
            "Many emails came from a staff mailbox in a few minutes: perhaps a program answers. The last ones were not sent to the family.";
        let mut conclusion = self.by_nobody(arrival, Place::Office, words);
        conclusion.tasks.push(self.burst(arrival, words));
        conclusion
    }

    pub(crate) async fn too_many(&self, id: DistrictId, incoming: &NewIncoming) -> Flow<bool> {
        let since = Time(incoming.received.0 - MINUTES * 60_000_000);
        Ok(self.ports.inbound.letters_to(id, &incoming.to, since, incoming.received).await? >= MANY)
    }

    /// The office's work with a burst: one for all of it.
    fn burst(&self, arrival: &Arrival, words: &str) -> NewTask {
        let incoming = &arrival.incoming;
        let key = format!("many-letters:{}:{}", incoming.to.to_lowercase(), incoming.received.0 / (3_600 * 1_000_000));
        NewTask { key, ..self.incoming_task(arrival, TaskKind::Attend, words, OFFICE_MINUTES) }
    }

    /// A STOP of the family's counts, however many letters came before it; it is not answered.
    pub(crate) async fn held_but_stop(&self, arrival: &Arrival, letter: &IncomingLetter, held: Conclusion) -> Flow<Conclusion> {
        let spoke = self.speech.keyword(letter.text.reveal(), &arrival.language, arrival.card.blocked != 0);
        if !matches!(spoke, Some(Spoke::Stop)) || self.writer(arrival, letter).await? != Writer::Family {
            return Ok(held);
        }
        let stopped = self.keyword(arrival, Spoke::Stop).await?;
        Ok(Conclusion { notices: vec![], ..stopped })
    }

    /// Its Message-ID is one of those we give.
    pub(crate) async fn is_ours(&self, id: DistrictId, letter: &IncomingLetter) -> Flow<bool> {
        let Some((district, delivery)) = letter.message_id.as_deref().and_then(crate::outgoing::named) else { return Ok(false) };
        Ok(district == id && self.ports.outbound.delivery(id, delivery).await?.is_some())
    }
}
