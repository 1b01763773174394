//! What the staff does: writes to a class or a family, announces, answers what families wrote.

use crate::life::{Life, Said};
use domain::message::*;
use domain::*;
use testkit::Form;

impl Life {
    pub(crate) fn title(&self, who: usize) -> &'static str {
        self.town.teachers.get(who).copied().unwrap_or("Ms Okafor")
    }

    pub(crate) async fn form(&mut self, who: usize, audience: Audience) {
        let number = self.said.len();
        let mut form: Form = self.school.form(audience, Words::Free { text: format!("This is note m{number} about our week.") });
        form.answers = self.dice.of_these(&[
            AnswerSet::Coming,
            AnswerSet::Coming,
            AnswerSet::Permission,
            AnswerSet::Absence,
            AnswerSet::None,
            AnswerSet::None,
        ]);
        form.useful_until = Some(self.school.now().plus_hours(self.dice.of_these(&[6, 30, 80, 200])));
        self.said.push(Said { id: form.id, who });
        let actor = self.school.person(self.title(who)).await;
        self.school.flows.send(&actor, &form).await.expect("sent");
        self.school.waits(2);
        self.school.rounds(2).await;
    }

    pub(crate) async fn writes(&mut self, teacher: usize) {
        let class = crate::town::class(teacher);
        let pupils: Vec<usize> =
            (0..self.town.families.len()).filter(|family| self.town.families[*family].teachers().contains(&teacher)).collect();
        if pupils.is_empty() {
            return;
        }
        let classes = self.school.flows.ports().views.classes(self.school.district, None, &[]).await.expect("classes");
        let class = classes.iter().find(|row| row.2 == class).expect("a class").0;
        let audience = if self.dice.once_in(3) {
            let rows = self.school.flows.ports().views.families(self.school.district, &[], Some(class), "", 50).await.expect("families");
            let Some(row) = rows.get(self.dice.roll(rows.len())) else { return };
            Audience::Family { student: row.student }
        } else {
            Audience::Class { class }
        };
        self.form(teacher, audience).await;
    }

    pub(crate) async fn announces(&mut self) {
        let school = self.school.flows.ports().people.schools(self.school.district).await.expect("schools")[0].id;
        self.form(self.town.teachers.len(), Audience::School { school }).await;
    }

    pub(crate) async fn answers(&mut self) {
        let who = self.dice.roll(self.town.teachers.len());
        let rows = self.school.inbox(self.title(who)).await;
        if rows.is_empty() {
            return;
        }
        let thread = rows[self.dice.roll(rows.len())].2;
        let actor = self.school.person(self.title(who)).await;
        let view = self.school.flows.thread(&actor, thread).await.expect("a conversation");
        if view.due.is_none() {
            return;
        }
        let number = self.said.len();
        let id = MessageId(self.school.flows.ports().ids.next());
        self.said.push(Said { id, who });
        match self.school.flows.answer(&actor, thread, id, &format!("This is answer m{number} to you.")).await {
            Ok(new) => assert!(new, "answered twice"),
            // The phone is not the family's any more.
            Err(why) => assert!(why.to_string().contains("not this family's"), "{why}"),
        }
        self.school.waits(1);
        self.school.rounds(1).await;
    }
}
