//! A staff member answers in a thread: previewed in the family's language, sent the way the family wrote.

use crate::render::Setting;
use crate::*;
use domain::delivery::DeliveryState;
use domain::message::*;
use domain::rights::{Act, Actor};
use domain::views::ThreadView;

/// What an answer would read like.
#[derive(Clone, Debug)]
pub struct AnswerPreview {
    /// The family's language.
    pub language: String,
    /// The words.
    pub text: String,
    /// The notice before them, if the original goes.
    pub notice: String,
    /// Where they came from.
    pub from: WordsFrom,
    /// Who or what.
    pub source: String,
    /// SMS segments, with those of a notice before it; 0 for a letter.
    pub segments: u16,
    /// It is too long for a text: its first words go, with a link to the whole.
    pub linked: bool,
    /// Why it waits, if it does.
    pub waits: Option<String>,
}

impl Flows {
    /// A thread's page; asks rights, and marks it read for its owner.
    pub async fn thread(&self, actor: &Actor, thread: ThreadId) -> Flow<ThreadView> {
        let view = self.ports.views.thread_view(actor.district, thread).await?.ok_or(FlowFault::NotFound)?;
        actor.may(&Act::ReadThread { owner: view.owner, school: view.school, private: view.private })?;
        let viewed = view.private.then(|| self.audit(actor.staff, "viewed", format!("thread {thread}")));
        self.ports.views.mark_read(actor.district, thread, actor.staff, viewed.as_ref()).await?;
        Ok(view)
    }

    async fn words_for(&self, actor: &Actor, thread: ThreadId, id: MessageId, text: &str) -> Flow<(ThreadInfo, Ready, Vec<NewHold>)> {
        let info = self.ports.inbound.thread(actor.district, thread).await?.ok_or(FlowFault::NotFound)?;
        actor.may(&Act::ReadThread { owner: info.owner, school: info.school, private: info.private })?;
        if text.trim().is_empty() {
            return Err(FlowFault::Invalid("Write the answer first.".into()));
        }
        let district = self.district(actor.district).await?;
        let school = self
            .ports
            .people
            .schools(actor.district)
            .await?
            .into_iter()
            .find(|school| school.id == info.school)
            .ok_or(FlowFault::NotFound)?;
        let card = self.ports.people.card(actor.district, info.contact, self.now()).await?.ok_or(FlowFault::NotFound)?;
        if card.suspended {
            return Err(FlowFault::Invalid("This number is not this family's. Ask the office for the right one, then write anew.".into()));
        }
        let language =
            card.guardians.iter().find_map(|guardian| guardian.language.clone()).unwrap_or_else(|| district.staff_language.clone());
        let staff = self.ports.people.staff(actor.district).await?;
        let title = staff.iter().find(|person| person.id == actor.staff).map(|person| person.title.clone()).unwrap_or_default();
        let reviewed = crate::render::reviewed(&staff);
        let now = self.now();
        let message = Message {
            id,
            author: actor.staff,
            school: info.school,
            weight: Weight::Routine,
            audience: Audience::Thread { thread },
            words: Words::Free { text: text.trim().to_owned() },
            learning: Learning::default(),
            answers: AnswerSet::None,
            language: district.staff_language.clone(),
            written: now,
            not_before: now.plus_seconds(district.undo.0),
            useful_until: now.plus_days(3),
            corrects: None,
            about: info.student,
            reach_only: false,
            answers_to: info.last_in.map(|(incoming, _)| incoming),
            answered_in: None,
        };
        let names = self.names_of(&card);
        let setting = Setting { district: &district, school: &school, title: &title, names: &names, reviewed: &reviewed, approvals: &[] };
        let mut rendered = self.render(&message, &[(language, info.channel)], &setting).await?;
        let mut rendered = rendered.pop().ok_or(FlowFault::NotFound)?;
        let mut rendition = rendered.rendition;
        if info.private && info.channel == Channel::Sms && card.guardians.len() > 1 {
            // A private matter never stands on a phone that several adults read (DIALOGUE 20).
            self.reach_only(&mut rendition, &setting);
            rendered.hold = None;
        }
        if info.channel == Channel::Sms && !title.is_empty() {
            rendition.text = format!("{title}: {}", rendition.text);
        }
        // A live exchange: the family wrote less than half an hour ago, so quiet hours do not hold the answer.
        let live = info.last_in.is_some_and(|(_, at)| now.0 - at.0 < 30 * 60 * 1_000_000);
        let opens = if live { message.not_before } else { crate::compose::opens(&message, &district, &school) };
        let delivery = NewDelivery {
            id: self.id(),
            contact: info.contact,
            rendition: rendition.id,
            sender: info.sender,
            lane: Lane::Reply,
            weight: message.weight,
            state: if rendition.state == RenditionState::Held { DeliveryState::Held } else { DeliveryState::Queued },
            opens,
            closes: message.useful_until,
            students: card
                .children
                .iter()
                .filter(|child| info.student.is_none_or(|id| id == child.id))
                .map(|child| (child.id, child.given.clone()))
                .collect(),
            menu_base: 0,
            offers: AnswerSet::None,
            speaks_for: info.staff,
        };
        Ok((info, Ready { message, rendition, delivery, menus: vec![], once: String::new() }, rendered.hold.into_iter().collect()))
    }

    /// What an answer would read like; nothing is written.
    pub async fn preview_answer(&self, actor: &Actor, thread: ThreadId, text: &str) -> Flow<AnswerPreview> {
        let (info, ready, holds) = self.words_for(actor, thread, MessageId(0), text).await?;
        let (rendition, message) = (ready.rendition, ready.message);
        let held = rendition.state == RenditionState::Held;
        let right_to_left = rendition.notice.is_empty() && info.channel == Channel::Sms && self.speech.right_to_left(&rendition.language);
        let senders = self.ports.people.senders(actor.district).await?;
        let account = senders.iter().find(|sender| sender.id == info.sender).map(|sender| sender.account.as_str()).unwrap_or_default();
        let sample = || self.link(actor.district, ready.delivery.id, &message);
        let (as_sent, linked) = self.body(&message, &rendition, ("", ""), "", account, sample);
        let measured = |text: &str| self.ports.texts.measure(text, self.ports.carriers.capacity(account)).segments;
        let notice = if rendition.notice.is_empty() { 0 } else { measured(&rendition.notice) };
        let segments = if info.channel == Channel::Sms { measured(&as_sent) + notice } else { 0 };
        let text = crate::compose::right_to_left_first(right_to_left, rendition.text);
        Ok(AnswerPreview {
            segments,
            linked,
            language: rendition.language,
            text,
            notice: rendition.notice,
            from: rendition.from,
            source: rendition.source,
            waits: holds.first().filter(|_| held).map(|hold| hold.reason.clone()),
        })
    }

    /// Sends an answer. The id comes with the form: sent twice, the first stays.
    pub async fn answer(&self, actor: &Actor, thread: ThreadId, id: MessageId, text: &str) -> Flow<bool> {
        Ok(self.answer_or_wait(actor, thread, id, text).await?.0)
    }

    /// The same; says too whether its words wait for a person before the family gets them.
    pub(crate) async fn answer_or_wait(&self, actor: &Actor, thread: ThreadId, id: MessageId, text: &str) -> Flow<(bool, bool)> {
        let (_, ready, holds) = self.words_for(actor, thread, id, text).await?;
        let audit = self.audit(actor.staff, "sent", format!("message {id} in thread {thread}"));
        let new = self.ports.inbound.answer_thread(actor.district, thread, &ready, &holds, &audit).await?;
        self.ring(actor.district);
        Ok((new, ready.rendition.state == RenditionState::Held))
    }

    /// Done without an answer.
    pub async fn close_thread(&self, actor: &Actor, thread: ThreadId) -> Flow<()> {
        let info = self.ports.inbound.thread(actor.district, thread).await?.ok_or(FlowFault::NotFound)?;
        actor.may(&Act::ReadThread { owner: info.owner, school: info.school, private: info.private })?;
        let audit = self.audit(actor.staff, "closed", format!("thread {thread}"));
        self.ports.inbound.close_thread(actor.district, thread, &audit).await?;
        self.ring(actor.district);
        Ok(())
    }
}
