//! Staff are told without an open page: a letter with a count and a link; no child, no content (DIALOGUE 17).

use crate::*;
use domain::letter::Token;

impl Flows {
    /// After a reply reached a thread, its owner gets one letter an hour at most; a risk always.
    pub(crate) async fn tell_owner(&self, district: DistrictId, conclusion: &Conclusion) -> Flow<()> {
        let Some(thread) = &conclusion.thread else {
            return Ok(());
        };
        let risk = !conclusion.understood.risks.is_empty();
        let senders = self.ports.people.senders(district).await?;
        let Some(sender) = senders.iter().find(|sender| sender.channel == Channel::Email && !sender.paused) else {
            return Ok(());
        };
        let all = self.ports.people.staff(district).await?;
        let Some(owner) = all.iter().find(|person| person.id == thread.clock.owner && person.active) else {
            return Ok(());
        };
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

impl Flows {
    /// Ends a task with its result in words.
    pub async fn end_task(&self, actor: &domain::rights::Actor, task: TaskId, result: &str) -> Flow<bool> {
        if result.trim().is_empty() {
            return Err(FlowFault::Invalid("Write what came of it.".into()));
        }
        let schools = if actor.is(domain::people::Role::District) { vec![] } else { actor.schools.clone() };
        let open = self.ports.views.tasks(actor.district, &schools, false, "", self.now()).await?;
        let found = open.iter().find(|row| row.task == task).ok_or(FlowFault::NotFound)?;
        actor.may(&domain::rights::Act::WorkByHand(found.school))?;
        let audit = self.audit(actor.staff, "by-hand", format!("task {task}"));
        let done = self.ports.outbound.end_task(actor.district, task, result, &audit).await?;
        self.ring(actor.district);
        Ok(done)
    }

    /// The office sets an adult's language; a family's own choice is only changed by the family.
    pub async fn set_language(&self, actor: &domain::rights::Actor, student: StudentId, guardian: GuardianId, language: &str) -> Flow<()> {
        let (child, _) = self.ports.people.student(actor.district, student, actor.staff).await?.ok_or(FlowFault::NotFound)?;
        actor.may(&domain::rights::Act::ManageFamilies(child.school))?;
        let view = self.ports.views.family(actor.district, student).await?.ok_or(FlowFault::NotFound)?;
        if !view.guardians.iter().any(|adult| adult.guardian.id == guardian) {
            return Err(FlowFault::NotFound);
        }
        if !self.speech.languages_for_forms().iter().any(|(tag, _)| tag == language) {
            return Err(FlowFault::Invalid("Choose a language.".into()));
        }
        let audit = self.audit(actor.staff, "language", format!("guardian {guardian}"));
        self.ports.people.set_language(actor.district, guardian, language, false, &audit).await?;
        self.ring(actor.district);
        Ok(())
    }
}
