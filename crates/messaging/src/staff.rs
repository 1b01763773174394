//! Staff are told without an open page: a letter with a count and a link; no child, no content (DIALOGUE 17).

use crate::*;
use domain::letter::Token;

impl Flows {
    /// After a reply reached a thread, its owner gets one letter an hour at most; a risk always.
    pub(crate) async fn tell_owner(&self, district: DistrictId, conclusion: &Conclusion) -> Flow<()> {
        let Some(thread) = &conclusion.thread else { return Ok(()) };
        let risk = !conclusion.understood.risks.is_empty();
        let senders = self.ports.people.senders(district).await?;
        let Some(sender) = senders.iter().find(|sender| sender.channel == Channel::Email && !sender.paused) else { return Ok(()) };
        let all = self.ports.people.staff(district).await?;
        let Some(owner) = all.iter().find(|person| person.id == thread.clock.owner && person.active) else { return Ok(()) };
        let place = self.district(district).await?;
        let contact = self.ports.people.strange_contact(district, self.id(), Channel::Email, &owner.email.reveal().to_lowercase()).await?;
        let hour = self.now().seconds() / 3600;
        let once = if risk { format!("risk:{}", conclusion.incoming) } else { format!("tell:{}:{hour}", owner.id) };
        let id = if risk { "staff-risk" } else { "staff-new-reply" };
        let to = crate::notice::NoticeTo {
            contact,
            channel: Channel::Email,
            sender: sender.id,
            school: thread.school,
            language: &place.staff_language,
            speaks_for: StaffId::HOUSE,
            answers_to: None,
        };
        let notice = self.notice(&to, id, &[("link", &self.ports.staff_url)], vec![], once);
        if let Some(mut ready) = notice {
            ready.rendition.subject = self.speech.say(&place.staff_language, "staff-new-reply-subject", &[]).unwrap_or_default();
            let audit = self.audit(StaffId::HOUSE, "told", format!("staff {}", owner.id));
            self.ports.outbound.send_ready(district, &ready, &audit).await?;
        }
        Ok(())
    }

    /// The address by which a member of staff answers a thread from their own mailbox.
    pub fn staff_address(&self, district: DistrictId, thread: ThreadId, staff: StaffId, mail_domain: &str) -> String {
        format!("{}@{mail_domain}", self.ports.letters.local_part(Token::Staff { district, thread, staff }))
    }
}
