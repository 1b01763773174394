//! Our own notices to a family: a message, a rendition and a delivery at once, in the family's language or not at all.

use crate::*;
use domain::delivery::DeliveryState;
use domain::menu::{MenuEntry, digits};
use domain::message::*;

/// Where and how a notice goes.
#[derive(Clone, Debug)]
pub(crate) struct NoticeTo<'a> {
    pub contact: ContactId,
    pub channel: Channel,
    pub sender: SenderId,
    pub school: SchoolId,
    pub language: &'a str,
    /// Staff it names in "stop only …"; [`StaffId::HOUSE`] if none.
    pub speaks_for: StaffId,
    pub answers_to: Option<IncomingId>,
}

impl Flows {
    /// A notice of the catalogue; `None` when the language has no such sentence. `tail` is added on a line of its own.
    pub(crate) fn notice(
        &self,
        to: &NoticeTo<'_>,
        id: &str,
        arguments: &[(&str, &str)],
        menus: Vec<MenuEntry>,
        once: String,
    ) -> Option<Ready> {
        let text = self.speech.say(to.language, id, arguments)?;
        Some(self.ready(to, text, menus, once))
    }

    /// A notice with words already made.
    pub(crate) fn ready(&self, to: &NoticeTo<'_>, text: String, menus: Vec<MenuEntry>, once: String) -> Ready {
        let now = self.now();
        let message = Message {
            id: self.id(),
            author: StaffId::HOUSE,
            school: to.school,
            weight: Weight::Routine,
            audience: Audience::Contact { contact: to.contact },
            words: Words::Free { text: text.clone() },
            learning: Learning::default(),
            answers: AnswerSet::None,
            language: to.language.to_owned(),
            written: now,
            not_before: now,
            useful_until: now.plus_days(1),
            corrects: None,
            about: None,
            reach_only: false,
            answers_to: to.answers_to,
            answered_in: None,
        };
        let school = self.speech.say(to.language, "email-subject-from", &[("school", "")]).unwrap_or_default();
        let rendition = Rendition {
            id: self.id(),
            message: message.id,
            language: to.language.to_owned(),
            channel: to.channel,
            subject: school,
            text,
            notice: String::new(),
            from: WordsFrom::PhraseDraft,
            source: "phrase".into(),
            state: RenditionState::Ready,
        };
        let delivery = NewDelivery {
            id: self.id(),
            contact: to.contact,
            rendition: rendition.id,
            sender: to.sender,
            lane: Lane::Reply,
            // A confirmation of STOP must pass the block it confirms: notices answer what the family just sent.
            weight: Weight::Emergency,
            state: DeliveryState::Queued,
            opens: now,
            closes: message.useful_until,
            students: vec![],
            menu_base: 0,
            offers: AnswerSet::None,
            speaks_for: to.speaks_for,
        };
        Ready { message, rendition, delivery, menus, once }
    }

    /// The answer lines of a set with its digits: "1 Coming 2 Not coming 3 Contact me 0 Not clear"; empty without digits.
    pub(crate) fn answer_lines(&self, language: &str, set: AnswerSet, base: u8) -> String {
        let lines: Vec<String> = digits(set, base)
            .into_iter()
            .filter_map(|(digit, answer)| Some(format!("{digit} {}", self.speech.answer_word(language, answer)?)))
            .collect();
        lines.join(" ")
    }
}
