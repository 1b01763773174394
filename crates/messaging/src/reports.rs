//! What machines write back to a letter: bounces settle their delivery, complaints close their mailbox, automatic answers are shown
//! as such. Must never answer one of them, nor take one for a sign that somebody lives at the address.

use crate::receive::Arrival;
use crate::*;
use domain::carrier::SendFault;
use domain::conversation::{Place, TaskKind};
use domain::delivery::DeliveryState;
use domain::ladder::UNWANTED;
use domain::letter::*;
use domain::verdict::receipt_code;

/// Within so many minutes the office sees what a machine said that nobody could read, or that a family complained.
const OFFICE_MINUTES: i64 = 480;
const AUTOMATIC: &str = "An automatic answer of their mailbox: nobody wrote it.";

impl Flows {
    /// What became of a letter that a machine wrote about one of ours. `None`: as far as anybody can tell a person wrote it.
    /// `to_envelope`: it came to the address that only machines write to.
    pub(crate) async fn report(
        &self,
        arrival: &Arrival,
        letter: &IncomingLetter,
        info: &DeliveryInfo,
        to_envelope: bool,
    ) -> Flow<Option<Conclusion>> {
        // RFC 5321 section 4.5.5: only machines write from nowhere.
        let from_nowhere = arrival.incoming.from.is_empty();
        // Mail servers' own reports are seldom signed; the address for them is known to few.
        let forged = letter.authentication == Authentication::Fail && !to_envelope;
        let done = match (letter.kind, &letter.bounce) {
            (LetterKind::Bounce | LetterKind::Complaint | LetterKind::AutoReply, _) if forged => self.held(arrival),
            (LetterKind::Bounce, Some(bounce)) => self.bounced(arrival, bounce, info, to_envelope).await?,
            // Whoever has our letter could say so in the family's place.
            (LetterKind::Complaint, _) => self.complained(arrival, to_envelope || letter.authentication == Authentication::Pass),
            (LetterKind::AutoReply, _) => self.automatic(arrival, letter, info).await?,
            _ if from_nowhere && to_envelope => self.unread_report(arrival),
            _ if from_nowhere => self.automatic(arrival, letter, info).await?,
            _ => return Ok(None),
        };
        Ok(Some(done))
    }

    /// A letter of a machine without an address of ours on it. What it encloses may say which of our letters it is about.
    pub(crate) async fn report_about(&self, id: DistrictId, letter: &IncomingLetter) -> Flow<Option<DeliveryInfo>> {
        for address in &letter.about {
            let local = address.rsplit_once('@').map_or("", |(local, _)| local);
            let token = self.ports.letters.token(local);
            if let TokenRead::Ok(Token::Family { district, delivery } | Token::Bounce { district, delivery }) = token
                && district == id
            {
                return Ok(self.ports.outbound.delivery(id, delivery).await?);
            }
        }
        Ok(None)
    }

    async fn bounced(&self, arrival: &Arrival, bounce: &Bounce, info: &DeliveryInfo, to_envelope: bool) -> Flow<Conclusion> {
        let failed = bounce.recipient.reveal();
        let theirs = failed == arrival.card.address.to_lowercase();
        if !to_envelope && !theirs {
            return Ok(self.by_nobody(arrival, Place::Handled, "A delivery report about another address than the one on file."));
        }
        if !bounce.last {
            return Ok(self.by_nobody(arrival, Place::Handled, "A mail server says the email is late; it goes on trying."));
        }
        let status = &bounce.status;
        let code = match bounce.class {
            // Where they forward their letters to; their own address lives.
            BounceClass::Hard if !theirs && !failed.is_empty() => "5.0.0".into(),
            BounceClass::Hard if status.is_empty() || status == "5.1.1" => "5.1.1".into(),
            BounceClass::Hard => receipt_code(Some(&SendFault::BadAddress(String::new())), status),
            BounceClass::Soft | BounceClass::Policy if status.is_empty() => "5.0.0".into(),
            BounceClass::Soft | BounceClass::Policy => status.clone(),
        };
        let receipt = NewReceipt {
            key: format!("bounce:{}", arrival.incoming.key),
            attempt: Some((info.delivery, info.attempt)),
            provider_id: String::new(),
            state: DeliveryState::Failed,
            code,
            at: self.now(),
        };
        self.receipts(arrival.district.id, &[receipt]).await?;
        Ok(self.by_nobody(arrival, Place::Handled, "A delivery report of a mail server: the email did not arrive."))
    }

    /// "This is spam": nothing more goes there, and somebody asks the family how it wants to hear from the school.
    fn complained(&self, arrival: &Arrival, surely: bool) -> Conclusion {
        let mut conclusion = self.by_nobody(arrival, Place::Handled, UNWANTED);
        conclusion.suspend = surely.then_some(UNWANTED);
        conclusion.tasks.push(self.incoming_task(
            arrival,
            TaskKind::Attend,
            if surely {
                "This mailbox reported our email as unwanted, so nothing more goes there. Ask the family how it wants to hear from you."
            } else {
                "Somebody reports in this family's name that our email is unwanted; nothing was changed. Ask the family how it wants to hear from you."
            },
            OFFICE_MINUTES,
        ));
        conclusion.audit.act = "consent";
        conclusion
    }

    /// Shown in the conversation, and nobody's clock runs. Words that may mean danger alert all the same: a person may have been
    /// taken for a machine.
    async fn automatic(&self, arrival: &Arrival, letter: &IncomingLetter, info: &DeliveryInfo) -> Flow<Conclusion> {
        let mut conclusion = self.by_nobody(arrival, Place::Handled, AUTOMATIC);
        if info.speaks_for != StaffId::HOUSE {
            conclusion.place = Place::Thread;
            // No interpreter is asked for it, and nothing that came with it matters.
            conclusion.understood.warnings = vec![AUTOMATIC.into()];
            self.join(&mut conclusion, arrival, info.speaks_for, info.only()).await?;
        }
        self.alert_risk(&mut conclusion, arrival);
        self.held_but_stop(arrival, letter, conclusion).await
    }

    /// Something came back, and it does not say what in a way anybody here understands.
    fn unread_report(&self, arrival: &Arrival) -> Conclusion {
        let mut conclusion = self.by_nobody(arrival, Place::Office, "A mail server wrote back, perhaps that our email did not arrive.");
        conclusion.tasks.push(self.incoming_task(
            arrival,
            TaskKind::Attend,
            "A mail server wrote back about an email of ours: read whether it arrived.",
            OFFICE_MINUTES,
        ));
        conclusion
    }
}
