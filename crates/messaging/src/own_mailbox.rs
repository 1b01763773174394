//! Staff who answer from their own mailbox: the letter that tells of one family's answer carries an address that is theirs, in that
//! conversation, alone; what they write there goes the way of the page's form. What does not go is told to them at once.

use crate::receive::Arrival;
use crate::*;
use domain::conversation::{Place, TaskKind};
use domain::letter::*;
use domain::people::Staff;

const NOT_SENT: &str = "staff-answer-not-sent";

impl Flows {
    /// The address by which a member of staff answers a thread from their own mailbox.
    pub fn staff_address(&self, district: DistrictId, thread: ThreadId, staff: StaffId, mail_domain: &str) -> String {
        self.ports.letters.address(Token::Staff { district, thread, staff }, mail_domain)
    }

    /// The page of one conversation.
    pub(crate) fn thread_link(&self, thread: ThreadId) -> String {
        format!("{}/thread/{thread}", self.ports.public_url)
    }

    /// News of one conversation alone, with a link to it and no other: an answer to this letter is an answer there, and it says so.
    pub(crate) fn answered_here(&self, news: &mut Ready, language: &str, seat: (ThreadId, StaffId)) {
        if let Some(words) = self.news_of(language, seat.0) {
            news.message.answered_in = Some(seat);
            news.rendition.text = words;
        }
    }

    /// The words of that letter: what an answer to it quotes, too.
    fn news_of(&self, language: &str, thread: ThreadId) -> Option<String> {
        let link = self.thread_link(thread);
        let said = self.speech.say(language, "staff-new-reply", &[("link", link.as_str()), ("count", "1")])?;
        Some(format!("{said}\n\n{}", self.speech.say(language, "staff-answer-here", &[])?))
    }

    /// A letter to an answer address of a member of staff.
    pub(crate) async fn staff_letter(&self, id: DistrictId, incoming: &NewIncoming, thread: ThreadId, staff: StaffId) -> Flow<Conclusion> {
        let people = self.ports.people.staff(id).await?;
        let person = people.iter().find(|person| person.id == staff && person.active);
        let info = self.ports.inbound.thread(id, thread).await?;
        let (Some(person), Some(info)) = (person, info) else {
            return self.open_letter(id, incoming).await;
        };
        // Their program quotes our letter under what they write: that is not for the family.
        let place = self.district(id).await?;
        let ours = self.news_of(&place.staff_language, thread).unwrap_or_default();
        let from = self.ports.people.senders(id).await?;
        let from = from.iter().find(|sender| sender.channel == Channel::Email).map_or("", |sender| sender.address.as_str());
        let letter = self.ports.letters.read(&incoming.raw, Some(Ours { text: &ours, from }));
        let machine = letter.kind != LetterKind::Reply && letter.kind != LetterKind::Other;
        let theirs = letter.from.reveal().eq_ignore_ascii_case(person.email.reveal()) && letter.authentication == Authentication::Pass;
        let text = letter.text.reveal().trim();
        let link = self.thread_link(thread);
        let many = theirs && self.too_many(id, incoming).await?;
        // What the office is to look at, it can read; a private conversation is nobody else's.
        let shown = if !machine && !info.private && (many || !theirs) { text } else { "" };
        let arrival = self.letter_arrival(id, incoming, &letter, info.contact, info.sender, shown.to_owned()).await?;
        if machine {
            return Ok(self.by_nobody(&arrival, Place::Handled, "An automatic answer of a staff mailbox."));
        }
        if !theirs {
            let mut conclusion = self.by_nobody(
                &arrival,
                Place::Office,
                "An email to a staff address of ours that is not surely from that person's mailbox: nothing was sent to the family.",
            );
            conclusion.tasks.push(self.incoming_task(
                &arrival,
                TaskKind::Attend,
                "An email used a staff answer address, and it is not sure that it is from that person's mailbox. Nothing was sent.",
                240,
            ));
            self.alert_risk(&mut conclusion, &arrival);
            return Ok(conclusion);
        }
        if many {
            let mut conclusion = self.staff_burst(&arrival);
            conclusion.notices.extend(self.tell_writer(id, info.school, person, &link, NOT_SENT, self.hour()).await?);
            self.alert_risk(&mut conclusion, &arrival);
            return Ok(conclusion);
        }
        if self.is_ours(id, &letter).await? {
            return Ok(self.by_nobody(&arrival, Place::Handled, "An email of our own that came back."));
        }
        // Sent once before, by a process that ended before it could say so.
        let went = self.ports.views.message_view(id, MessageId(incoming.id.0)).await?.is_some();
        let for_us = self.speech.keyword(text, &place.staff_language, false).is_some();
        let outcome = if went {
            Ok(false)
        } else if text.is_empty() || info.private || for_us {
            Err(NOT_SENT)
        } else if info.unread {
            // The family wrote again, or the letter was answered unread: an answer would end the clock of words nobody saw.
            Err("staff-answer-unread")
        } else {
            match self.answer_as(id, staff, thread, incoming, text).await {
                Ok(waits) => Ok(waits),
                // The store is away: it is read again.
                Err(FlowFault::Store(fault)) => return Err(fault.into()),
                // Handed over meanwhile, or no right to it any more.
                Err(FlowFault::NotFound | FlowFault::Invalid(_)) => Err(NOT_SENT),
            }
        };
        let mut tell = Vec::new();
        let reason = match outcome {
            Ok(waits) => {
                tell.extend(waits.then_some("staff-answer-waits"));
                tell.extend((letter.beside > 0).then_some("staff-answer-no-files"));
                "A member of staff answered from their own mailbox."
            }
            Err(sentence) => {
                tell.push(sentence);
                "A member of staff wrote from their own mailbox; nothing was sent to the family, and they were told."
            }
        };
        let mut conclusion = self.by_nobody(&arrival, Place::Handled, reason);
        for sentence in tell {
            conclusion.notices.extend(self.tell_writer(id, info.school, person, &link, sentence, incoming.id.0).await?);
        }
        Ok(conclusion)
    }

    /// Sends it, once however often the letter is read. True: its words wait for a person first.
    async fn answer_as(&self, id: DistrictId, staff: StaffId, thread: ThreadId, incoming: &NewIncoming, text: &str) -> Flow<bool> {
        let actor = self.ports.people.actor(id, staff).await?.ok_or(FlowFault::NotFound)?;
        Ok(self.answer_or_wait(&actor, thread, MessageId(incoming.id.0), text).await?.1)
    }

    /// A letter to a notice of ours that went to a member of staff. The news of one conversation is answered there, though their
    /// program wrote to the letter's From; any other goes to no family, and its writer learns that. `None`: it is a family's.
    pub(crate) async fn staff_astray(&self, arrival: &Arrival, letter: &IncomingLetter, info: &DeliveryInfo) -> Flow<Option<Conclusion>> {
        let id = arrival.district.id;
        if let Some((thread, staff)) = info.message.answered_in {
            return Ok(Some(self.staff_letter(id, &arrival.incoming, thread, staff).await?));
        }
        let people = self.ports.people.staff(id).await?;
        // Who is a parent here as well writes as one.
        let own = |one: &&Staff| one.active && letter.from.reveal().eq_ignore_ascii_case(one.email.reveal());
        let Some(person) = people.iter().find(own).filter(|_| arrival.card.guardians.is_empty()) else {
            return Ok(None);
        };
        let reason = "A member of staff answered a letter that is about no one family; they were told where to write.";
        let mut conclusion = self.by_nobody(arrival, Place::Handled, reason);
        // Once an hour: what tells a program that it reached nobody is a letter too.
        let told = self.tell_writer(id, arrival.school.id, person, &self.ports.public_url, NOT_SENT, self.hour()).await?;
        conclusion.notices.extend(told);
        self.alert_risk(&mut conclusion, arrival);
        Ok(Some(conclusion))
    }

    fn hour(&self) -> i64 {
        self.now().seconds() / 3600
    }

    /// What did not go as its writer thinks it did.
    async fn tell_writer(
        &self,
        id: DistrictId,
        school: SchoolId,
        person: &Staff,
        link: &str,
        sentence: &str,
        each: i64,
    ) -> Flow<Option<Ready>> {
        self.letter_to_staff(id, school, person, sentence, &[("link", link)], format!("{sentence}:{each}")).await
    }
}
