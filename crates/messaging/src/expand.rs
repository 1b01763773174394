//! Expansion: from an accepted message to its deliveries, in slices with a cursor, so that one killed half-way continues.

use crate::audience::{Target, Why, fates};
use crate::compose::opens;
use crate::render::UNKNOWN;
use crate::wide::{self, Rest};
use crate::*;
use domain::conversation::TaskKind;
use domain::delivery::DeliveryState;
use domain::menu::{Meaning, MenuEntry, base};
use domain::message::*;
use domain::people::{District, School, Sender, SenderUse};

/// Guardians a slice.
const SLICE: i64 = 500;
/// Within so many minutes somebody calls about what is urgent.
const CALL_MINUTES: i64 = 15;

/// Whom a slice goes out from.
#[derive(Clone, Copy)]
struct From<'a> {
    district: &'a District,
    schools: &'a [School],
    senders: &'a [Sender],
}

/// What goes out, from whom, and when it may leave.
#[derive(Clone, Copy)]
pub(crate) struct Going<'a> {
    pub message: &'a Message,
    pub district: &'a District,
    pub school: &'a School,
    pub senders: &'a [Sender],
    /// Whose conversation it belongs to.
    pub speaks_for: StaffId,
    /// Its window opens then, at the earliest.
    pub opens: Time,
}

impl Flows {
    /// Plans one slice of every message that is being expanded. Gives how many slices were written.
    pub async fn expand(&self, district: DistrictId) -> Flow<usize> {
        let expansions = self.ports.outbound.expansions(district, 8).await?;
        if expansions.is_empty() {
            return Ok(0);
        }
        let place = self.district(district).await?;
        let schools = self.ports.people.schools(district).await?;
        let senders = self.ports.people.senders(district).await?;
        let mut fault = None;
        for expansion in &expansions {
            let from = From { district: &place, schools: &schools, senders: &senders };
            if let Err(why) = self.expand_one(from, expansion).await {
                fault.get_or_insert(why);
            }
        }
        self.ring(district);
        fault.map_or(Ok(expansions.len()), Err)
    }

    async fn expand_one(&self, from: From<'_>, expansion: &Expansion) -> Flow<()> {
        let message = &expansion.message;
        let school = from.schools.iter().find(|school| school.id == message.school).ok_or(FlowFault::NotFound)?;
        let rest = match wide::rule(from.district, from.senders, message, self.now()) {
            Some(rule) => {
                let opens = opens(message, from.district, school);
                match self.plain(from.district.id, expansion, rule, opens).await? {
                    Some(rest) => rest,
                    None => return Ok(()),
                }
            }
            None => {
                let rows = self.ports.people.reach(from.district.id, &message.audience, self.now(), expansion.cursor, SLICE).await?;
                Rest { cursor: rows.iter().map(|row| row.guardian).max(), rows }
            }
        };
        let slice = self.slice(from, school, expansion, rest).await?;
        (self.ports.point)("sliced");
        match self.ports.outbound.plan(from.district.id, expansion.message.id, &slice).await {
            // Another node took a digit or a line of it meanwhile: it is planned anew, with what is free then.
            Err(StoreFault::Taken) => return Ok(()),
            done => done.map(drop)?,
        }
        (self.ports.point)("planned");
        Ok(())
    }

    async fn slice(&self, from: From<'_>, school: &School, expansion: &Expansion, rest: Rest) -> Flow<Slice> {
        let From { district, senders, .. } = from;
        let message = &expansion.message;
        let now = self.now();
        let Rest { rows, cursor } = rest;
        let mut slice = Slice { after: Some(expansion.cursor), cursor, at: now, ..Slice::default() };
        let fates = fates(&rows, &message.audience, message.weight, district.first());
        let phones: Vec<ContactId> = fates.targets.iter().filter(|t| t.channel == Channel::Sms).map(|t| t.contact).collect();
        let mut lines = self.ports.outbound.lines(district.id, &phones, now).await?;
        let going = Going { message, district, school, senders, speaks_for: message.author, opens: opens(message, district, school) };
        for target in &fates.targets {
            let language = target.language.clone().unwrap_or_else(|| UNKNOWN.into());
            let Some(rendition) = expansion.renditions.iter().find(|r| r.language == language && r.channel == target.channel) else {
                // A family whose language changed since the preview: a person sees it.
                let reason = "This family's language changed while the message was being sent.";
                slice.tasks.push(self.about(TaskKind::NotReached, message, target, reason));
                continue;
            };
            self.aim(&mut slice, &mut lines, &going, target, rendition);
            if message.weight == Weight::Urgent {
                // All contact points and a call, together (DIALOGUE 10).
                let mut call =
                    self.about(TaskKind::ContactFamily, message, target, "Urgent: it was sent every way we know. Call them as well.");
                call.due = now.plus_minutes(CALL_MINUTES);
                slice.tasks.push(call);
            }
        }
        for missed in &fates.missed {
            match missed.why {
                Why::NotIncluded => slice.not_included += 1,
                Why::RightsUnknown => slice.tasks.push(self.task(
                    TaskKind::RightsUnknown,
                    message,
                    missed.contact,
                    Some(missed.guardian),
                    missed.child,
                    "It is not known whether this adult may be told. Find out, then send again.",
                )),
                Why::NoWay => slice.tasks.push(self.task(
                    TaskKind::NotReached,
                    message,
                    missed.contact,
                    Some(missed.guardian),
                    missed.child,
                    "No phone that takes texts and no email on file: tell them by hand.",
                )),
                Why::Stopped if message.weight <= Weight::Essential => slice.tasks.push(self.task(
                    TaskKind::NotReached,
                    message,
                    missed.contact,
                    Some(missed.guardian),
                    missed.child,
                    "This family stopped texts: tell them by hand.",
                )),
                Why::Stopped => {}
            }
        }
        Ok(slice)
    }

    /// What one contact point gets: its delivery with its window, menu and route, a first contact before it, and what a person has
    /// to do besides. The one place where a delivery is made of a target, for expansion and ladder alike.
    pub(crate) fn aim(&self, slice: &mut Slice, lines: &mut Vec<Line>, going: &Going<'_>, target: &Target, rendition: &Rendition) {
        let Going { message, district, school, .. } = *going;
        let Some(sender) = choose_sender(going.senders, message, target, lines) else {
            let reason = "The school has no number or mail identity for this channel.";
            slice.tasks.push(self.about(TaskKind::NotReached, message, target, reason));
            return;
        };
        if message.reach_only && domain::ladder::too_private(target.channel, target.shared, target.confirmed) {
            let reason = "A private matter, and a mailbox that is shared or never answered: reach this adult in person.";
            slice.tasks.push(self.about(TaskKind::ContactFamily, message, target, reason));
            return;
        }
        let strange = district.introduce && target.channel == Channel::Sms && !target.confirmed && target.language.is_some();
        let mut introduced = target.introduced;
        if strange && introduced.is_none() {
            let hello = self.first_contact(message, target, sender, school, going.opens);
            introduced = hello.is_some().then_some(going.opens);
            slice.notices.extend(hello);
        }
        // Everyday messages wait two hours for "wrong number"; an emergency waits for nothing.
        let first = match introduced.filter(|_| strange && message.weight > Weight::Urgent) {
            Some(since) => going.opens.max(since.plus_hours(2)),
            None => going.opens,
        };
        let line = |line: &&Line| line.contact == target.contact && line.sender == sender.id;
        let open: Vec<u8> = lines.iter().filter(line).flat_map(|line| line.digits.clone()).collect();
        let offered = domain::menu::digits(message.answers, 1).len().saturating_sub(1);
        let menu_base = match target.channel {
            Channel::Email => u8::from(offered > 0),
            Channel::Sms => base(&open, offered),
        };
        let known = target.channel == Channel::Sms && rendition.language != UNKNOWN;
        let by_digits = known && !domain::menu::digits(message.answers, menu_base).is_empty();
        let delivery = NewDelivery {
            id: self.id(),
            contact: target.contact,
            rendition: rendition.id,
            sender: sender.id,
            lane: lane(message),
            weight: message.weight,
            state: if rendition.state == RenditionState::Held { DeliveryState::Held } else { DeliveryState::Queued },
            opens: first,
            closes: message.useful_until,
            students: target.children.iter().map(|child| (child.id, child.given.clone())).collect(),
            menu_base,
            offers: if by_digits { message.answers } else { AnswerSet::None },
            speaks_for: going.speaks_for,
        };
        if target.channel == Channel::Sms {
            if rendition.language == UNKNOWN {
                self.ask_language(slice, &delivery, message, sender.id, target);
            }
            self.take_line(slice, lines, going, target, sender, &delivery);
        }
        if target.language.is_none() {
            let reason = "Language unknown: the family was asked in eight languages. Ask the child or the family.";
            slice.tasks.push(NewTask { student: None, ..self.about(TaskKind::UnknownLanguage, message, target, reason) });
        }
        if target.reads_little && message.weight <= Weight::Essential {
            let reason = "This guardian reads little: tell them in person as well.";
            slice.tasks.push(self.about(TaskKind::ContactFamily, message, target, reason));
        }
        slice.deliveries.push(delivery);
    }

    /// Notes what a delivery takes on its line, for the next target of the same phone, and keeps the route of a conversation.
    fn take_line(
        &self,
        slice: &mut Slice,
        lines: &mut Vec<Line>,
        going: &Going<'_>,
        target: &Target,
        sender: &Sender,
        delivery: &NewDelivery,
    ) {
        let conversation = sender.use_for == SenderUse::Conversation;
        let asked = slice.menus.iter().filter(|(id, _)| *id == delivery.id).map(|(_, entry)| entry.digit);
        let offered = domain::menu::digits(delivery.offers, delivery.menu_base).into_iter().map(|(digit, _)| digit);
        let taken: Vec<u8> = asked.chain(offered).collect();
        let mut alone = conversation;
        match lines.iter_mut().find(|line| line.contact == target.contact && line.sender == sender.id) {
            Some(line) => {
                line.digits.extend(&taken);
                alone &= line.staff.iter().all(|staff| *staff == going.speaks_for);
                if conversation && !line.staff.contains(&going.speaks_for) {
                    line.staff.push(going.speaks_for);
                }
            }
            None => {
                lines.push(Line { contact: target.contact, sender: sender.id, staff: vec![going.speaks_for], past: vec![], digits: taken })
            }
        }
        if alone {
            slice.alone.push((target.contact, sender.id, going.speaks_for));
        }
        if conversation {
            let student = if target.children.len() == 1 { target.children.first().map(|child| child.id) } else { None };
            let (contact, at) = (target.contact, self.now());
            slice.routes.push(NewRoute { contact, sender: sender.id, staff: going.speaks_for, student, at });
        }
    }

    /// A task about one target.
    fn about(&self, kind: TaskKind, message: &Message, target: &Target, reason: &str) -> NewTask {
        let student = target.children.first().map(|child| child.id);
        self.task(kind, message, Some(target.contact), Some(target.guardian), student, reason)
    }

    /// First contact (DIALOGUE 12) of a number that never answered: once, before the first message.
    fn first_contact(&self, message: &Message, target: &Target, sender: &Sender, school: &School, goes: Time) -> Option<Ready> {
        let to = crate::notice::NoticeTo {
            contact: target.contact,
            channel: Channel::Sms,
            sender: sender.id,
            school: school.id,
            language: target.language.as_deref()?,
            speaks_for: StaffId::HOUSE,
            answers_to: None,
        };
        let mut hello = self.notice(&to, "first-contact", &[("school", &school.short_name)], vec![], FIRST_CONTACT.into())?;
        hello.delivery.opens = goes;
        hello.delivery.closes = message.useful_until.max(goes.plus_days(1));
        hello.delivery.weight = message.weight;
        Some(hello)
    }

    /// Opens the digits by which a family whose language is not on file says it.
    fn ask_language(&self, slice: &mut Slice, delivery: &NewDelivery, message: &Message, sender: SenderId, target: &Target) {
        let until = message.useful_until.max(self.now().plus_days(1));
        for (digit, tag) in self.speech.autonym_digits() {
            let entry = MenuEntry { contact: target.contact, sender, digit, meaning: Meaning::Language { tag }, until };
            slice.menus.push((delivery.id, entry));
        }
    }

    /// A task that comes from a message; one per (kind, message, guardian).
    pub(crate) fn task(
        &self,
        kind: TaskKind,
        message: &Message,
        contact: Option<ContactId>,
        guardian: Option<GuardianId>,
        student: Option<StudentId>,
        reason: &str,
    ) -> NewTask {
        let now = self.now();
        NewTask {
            id: self.id(),
            kind,
            school: message.school,
            contact,
            guardian,
            student,
            message: Some(message.id),
            incoming: None,
            reason: reason.to_owned(),
            due: message.useful_until.min(now.plus_days(1)).max(now),
            made: now,
            key: format!("{}:{}:{}", kind.as_str(), message.id, guardian.map_or(contact.map_or(0, |c| c.0), |g| g.0)),
        }
    }
}

pub(crate) fn lane(message: &Message) -> Lane {
    match (message.weight, &message.audience) {
        (Weight::Emergency | Weight::Urgent, _) => Lane::Emergency,
        (_, Audience::Thread { .. } | Audience::Contact { .. }) => Lane::Reply,
        (_, Audience::Family { .. }) => Lane::Direct,
        _ => Lane::Broadcast,
    }
}

/// The sender for a target: for a conversation the number its route names, else one where this phone talks with nobody (the one that
/// was its own before it ended, else one without tombstones), else the one with the fewest conversations; for announcements the
/// office's number.
pub fn choose_sender<'a>(senders: &'a [Sender], message: &Message, target: &Target, lines: &[Line]) -> Option<&'a Sender> {
    let mine = |sender: &&Sender| sender.channel == target.channel && !sender.paused && sender.school == message.school;
    if target.channel == Channel::Email {
        return senders
            .iter()
            .find(|sender| mine(sender))
            .or_else(|| senders.iter().find(|sender| sender.channel == Channel::Email && !sender.paused));
    }
    let pool = pool(senders, message);
    let on = |sender: &Sender| lines.iter().find(|line| line.contact == target.contact && line.sender == sender.id);
    let talks = |sender: &Sender| on(sender).map_or(0, |line| line.staff.len());
    let own = |sender: &&&Sender| on(sender).is_some_and(|line| line.staff.contains(&message.author));
    let free = |sender: &&&Sender| {
        let past = on(sender).map_or(&[] as &[StaffId], |line| &line.past);
        (talks(sender), !past.contains(&message.author), past.len())
    };
    pool.iter().filter(own).min_by_key(|sender| talks(sender)).or_else(|| pool.iter().min_by_key(free)).copied()
}

/// The numbers a message may go over by text: those for conversations; for announcements, or where there are none, the office's, and
/// only where there is no such one the first of the others.
pub(crate) fn pool<'a>(senders: &'a [Sender], message: &Message) -> Vec<&'a Sender> {
    let mine = |sender: &&Sender| sender.channel == Channel::Sms && !sender.paused && sender.school == message.school;
    let office = senders.iter().filter(mine).find(|sender| sender.use_for == SenderUse::Office);
    let mut conversation: Vec<&Sender> = senders.iter().filter(mine).filter(|sender| sender.use_for == SenderUse::Conversation).collect();
    let wide = matches!(message.audience, Audience::School { .. } | Audience::District);
    if wide || conversation.is_empty() {
        conversation.truncate(1);
        return office.map_or(conversation, |office| vec![office]);
    }
    conversation
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sender(id: i64, use_for: SenderUse) -> Sender {
        Sender {
            id: SenderId(id),
            school: SchoolId(1),
            address: format!("+1203555010{id}"),
            channel: Channel::Sms,
            use_for,
            kind: domain::people::NumberKind::Other,
            rate: 1.0,
            paused: false,
            brand: String::new(),
            daily: 0,
            account: String::new(),
            weight: 1,
            calls: domain::calls::Calls::default(),
        }
    }
    fn message(author: i64, audience: Audience) -> Message {
        Message {
            id: MessageId(1),
            author: StaffId(author),
            school: SchoolId(1),
            weight: Weight::Routine,
            audience,
            words: Words::Free { text: "x".into() },
            learning: Learning::default(),
            answers: AnswerSet::None,
            language: "en".into(),
            written: Time(0),
            not_before: Time(0),
            useful_until: Time::NEVER,
            corrects: None,
            about: None,
            reach_only: false,
            answers_to: None,
            answered_in: None,
        }
    }
    fn target() -> Target {
        Target {
            contact: ContactId(7),
            channel: Channel::Sms,
            language: None,
            children: vec![],
            shared: false,
            reads_little: false,
            guardian: GuardianId(1),
            confirmed: true,
            introduced: None,
        }
    }

    #[test]
    fn two_teachers_of_one_family_get_two_numbers_and_keep_them() {
        let senders = [sender(1, SenderUse::Office), sender(2, SenderUse::Conversation), sender(3, SenderUse::Conversation)];
        let class = Audience::Class { class: ClassId(1) };
        let on = |sender: i64, staff: i64| Line {
            contact: ContactId(7),
            sender: SenderId(sender),
            staff: vec![StaffId(staff)],
            past: vec![],
            digits: vec![],
        };
        let first = choose_sender(&senders, &message(10, class.clone()), &target(), &[]).unwrap();
        assert_eq!(first.id, SenderId(2));
        let second = choose_sender(&senders, &message(11, class.clone()), &target(), &[on(2, 10)]).unwrap();
        assert_eq!(second.id, SenderId(3));
        let again = choose_sender(&senders, &message(11, class), &target(), &[on(2, 10), on(3, 11)]).unwrap();
        assert_eq!(again.id, SenderId(3));
        let school = choose_sender(&senders, &message(11, Audience::School { school: SchoolId(1) }), &target(), &[]).unwrap();
        assert_eq!(school.id, SenderId(1));
    }

    #[test]
    fn a_number_whose_conversation_ended_is_taken_again_and_sooner_by_the_one_who_had_it() {
        let senders = [sender(2, SenderUse::Conversation), sender(3, SenderUse::Conversation)];
        let past = |sender: i64, staff: i64| Line {
            contact: ContactId(7),
            sender: SenderId(sender),
            staff: vec![],
            past: vec![StaffId(staff)],
            digits: vec![],
        };
        let chosen = |author: i64, lines: &[Line]| {
            choose_sender(&senders, &message(author, Audience::Class { class: ClassId(1) }), &target(), lines).unwrap().id.0
        };
        assert_eq!(chosen(11, &[past(2, 10)]), 3, "one without a tombstone first");
        assert_eq!(chosen(10, &[past(2, 10)]), 2, "back on its own");
        let busy = Line { staff: vec![StaffId(12)], ..past(3, 11) };
        assert_eq!(chosen(11, &[past(2, 10), busy]), 2, "a tombstone gives way, a conversation does not");
    }
}
