//! Clocks: questions nobody answered, words nobody reviewed, replies nobody read. Nobody is left in silence (invariant 14).

use crate::*;
use domain::conversation::{Deadline, TaskKind};
use domain::quiet;

impl Flows {
    /// Everything of a district whose time has come. Gives how many things were done.
    pub async fn tend(&self, district: DistrictId) -> Flow<usize> {
        let done = self.join_parts(district).await?
            + self.questions(district).await?
            + self.holds(district).await?
            + self.clocks(district).await?
            + self.walk(district).await?
            + self.pass_risks_on(district).await?;
        if done > 0 {
            self.ring(district);
        }
        Ok(done)
    }

    async fn questions(&self, district: DistrictId) -> Flow<usize> {
        let now = self.now();
        let before = now.plus_minutes(-crate::receive::QUESTION_MINUTES);
        let due = self.ports.inbound.questions_due(district, before, 100).await?;
        let senders = self.ports.people.senders(district).await?;
        for (incoming, contact, sender) in &due {
            let Some(school) = senders.iter().find(|row| row.id == *sender).map(|row| row.school) else {
                continue;
            };
            let task = NewTask {
                id: self.id(),
                kind: TaskKind::Attend,
                school,
                contact: Some(*contact),
                guardian: None,
                student: None,
                message: None,
                incoming: Some(*incoming),
                reason: "The family did not say whom its text is for: the office reads it.".into(),
                due: now.plus_hours(2),
                made: now,
                key: format!("question:{incoming}"),
            };
            self.ports.inbound.question_to_office(district, *incoming, &task).await?;
        }
        Ok(due.len())
    }

    async fn holds(&self, district: DistrictId) -> Flow<usize> {
        let due = self.ports.outbound.holds_due(district, self.now(), 50).await?;
        let count = due.len();
        for (hold, _, rendition, message) in due {
            self.give_original(district, hold, rendition, &message, "clock", StaffId::HOUSE).await?;
        }
        Ok(count)
    }

    async fn clocks(&self, district: DistrictId) -> Flow<usize> {
        let due = self.ports.inbound.clocks_due(district, self.now(), 100).await?;
        if due.is_empty() {
            return Ok(0);
        }
        let place = self.district(district).await?;
        let schools = self.ports.people.schools(district).await?;
        let staff = self.ports.people.staff(district).await?;
        for thread in &due {
            let Some(school) = schools.iter().find(|school| school.id == thread.school) else {
                continue;
            };
            let zone = domain::time::zone(school.zone.as_deref().unwrap_or(&place.zone));
            let owner = self.next_owner(&staff, thread).unwrap_or(thread.owner);
            let clock = Deadline { owner, due: quiet::due(self.now(), 240, place.hours, &zone) };
            let notice = if owner != thread.owner && thread.passed == 0 {
                self.who_answers_now(district, school, thread, owner).await?
            } else {
                None
            };
            let audit = self.audit(StaffId::HOUSE, "handed-over", format!("thread {}", thread.id));
            self.ports
                .inbound
                .hand_over(district, thread.id, clock, "The clock passed without an answer: it comes to you.", notice.as_ref(), &audit)
                .await?;
        }
        Ok(due.len())
    }

    /// Owner → backup or office → principal.
    fn next_owner(&self, staff: &[domain::people::Staff], thread: &ThreadInfo) -> Option<StaffId> {
        use domain::people::Role;
        if thread.private {
            return None;
        }
        match thread.passed {
            0 => self.substitute(staff, thread.owner, thread.school),
            _ => staff
                .iter()
                .find(|p| p.active && !p.absent && p.roles.contains(&Role::Principal) && p.schools.contains(&thread.school))
                .map(|p| p.id),
        }
    }

    /// The family is told once who answers.
    pub(crate) async fn who_answers_now(
        &self,
        district: DistrictId,
        school: &domain::people::School,
        thread: &ThreadInfo,
        owner: StaffId,
    ) -> Flow<Option<Ready>> {
        let Some(card) = self.ports.people.card(district, thread.contact, self.now()).await? else {
            return Ok(None);
        };
        let Some(language) = card.guardians.iter().find_map(|guardian| guardian.language.clone()) else {
            return Ok(None);
        };
        let title = self.title(district, owner).await?.unwrap_or_default();
        let to = crate::notice::NoticeTo {
            contact: thread.contact,
            channel: thread.channel,
            sender: thread.sender,
            school: thread.school,
            language: &language,
            speaks_for: StaffId::HOUSE,
            answers_to: None,
        };
        let arguments = [("school", school.short_name.as_str()), ("teacher", title.as_str())];
        Ok(self.notice(&to, "who-answers-now", &arguments, vec![], format!("who-answers:{}", thread.id)))
    }
}
