//! Staff who answer from their own mailbox: the letter that tells of one family's answer carries an address that is theirs, in that
//! conversation, alone; what they write there goes the way of the page's form. What does not go is told to them at once.

use crate::receive::Arrival;
use crate::*;
use domain::conversation::{Place, TaskKind};
use domain::letter::*;
use domain::people::Staff;

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
        if let Some(here) = self.speech.say(language, "staff-answer-here", &[]) {
            news.message.answered_in = Some(seat);
            news.rendition.text = format!("{}\n\n{here}", news.rendition.text);
        }
    }

    /// The words of that letter.
    fn news_of(&self, language: &str, thread: ThreadId) -> String {
        let link = self.thread_link(thread);
        let said = self.speech.say(language, "staff-new-reply", &[("link", link.as_str()), ("count", "1")]);
        [said, self.speech.say(language, "staff-answer-here", &[])].map(Option::unwrap_or_default).join("\n\n")
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
        let ours = self.news_of(&place.staff_language, thread);
        let from = self.ports.people.senders(id).await?;
        let from = from.iter().find(|sender| sender.channel == Channel::Email).map_or("", |sender| sender.address.as_str());
        let letter = self.ports.letters.read(&incoming.raw, Some(Ours { text: &ours, from }));
        let arrival = self.letter_arrival(id, incoming, &letter, info.contact, info.sender, String::new()).await?;
        if letter.kind != LetterKind::Reply && letter.kind != LetterKind::Other {
            return Ok(self.by_nobody(&arrival, Place::Handled, "An automatic answer of a staff mailbox."));
        }
        let theirs = letter.from.reveal().eq_ignore_ascii_case(person.email.reveal()) && letter.authentication != Authentication::Fail;
        if !theirs {
            let mut conclusion = self.by_nobody(
                &arrival,
                Place::Office,
                "An email to a staff address of ours that is not from that person's mailbox: nothing was sent to the family.",
            );
            conclusion.tasks.push(self.incoming_task(
                &arrival,
                TaskKind::Attend,
                "An email used a staff answer address from another mailbox. Nothing was sent.",
                240,
            ));
            return Ok(conclusion);
        }
        if let Some(conclusion) = self.staff_braked(&arrival, &letter).await? {
            return Ok(conclusion);
        }
        let text = letter.text.reveal().trim();
        let outcome = if text.is_empty() { Err(FlowFault::NotFound) } else { self.answer_as(id, staff, thread, incoming, text).await };
        let (reason, waits, sent) = match outcome {
            Ok(waits) => ("A member of staff answered from their own mailbox.", waits, true),
            // The store is away: it is read again.
            Err(FlowFault::Store(fault)) => return Err(fault.into()),
            // Handed over meanwhile, nothing but a file, or no right to it any more.
            Err(FlowFault::NotFound | FlowFault::Invalid(_)) => {
                ("A member of staff wrote from their own mailbox; nothing was sent to the family, and they were told.", false, false)
            }
        };
        let tell = [(waits, "staff-answer-waits"), (sent && letter.beside > 0, "staff-answer-no-files"), (!sent, "staff-answer-not-sent")];
        let mut conclusion = self.by_nobody(&arrival, Place::Handled, reason);
        let link = self.thread_link(thread);
        for (_, sentence) in tell.into_iter().filter(|(so, _)| *so) {
            conclusion.notices.extend(self.tell_writer(id, info.school, person, &link, (sentence, incoming.id)).await?);
        }
        Ok(conclusion)
    }

    /// Sends it, once however often the letter is read. True: its words wait for a person first.
    async fn answer_as(&self, id: DistrictId, staff: StaffId, thread: ThreadId, incoming: &NewIncoming, text: &str) -> Flow<bool> {
        let actor = self.ports.people.actor(id, staff).await?.ok_or(FlowFault::NotFound)?;
        Ok(self.answer_or_wait(&actor, thread, MessageId(incoming.id.0), text).await?.1)
    }

    /// A letter to a notice of ours that names no conversation, where it is from a member of staff: it goes to no family, and its
    /// writer learns that.
    pub(crate) async fn staff_astray(&self, arrival: &Arrival, letter: &IncomingLetter) -> Flow<Option<Conclusion>> {
        let id = arrival.district.id;
        let people = self.ports.people.staff(id).await?;
        let Some(person) = people.iter().find(|one| one.active && letter.from.reveal().eq_ignore_ascii_case(one.email.reveal())) else {
            return Ok(None);
        };
        let reason = "A member of staff answered a letter that is about no one family; they were told where to write.";
        let mut conclusion = self.by_nobody(arrival, Place::Handled, reason);
        let (incoming, link) = (arrival.incoming.id, self.ports.public_url.as_str());
        let told = self.tell_writer(id, arrival.school.id, person, link, ("staff-answer-not-sent", incoming)).await?;
        conclusion.notices.extend(told);
        Ok(Some(conclusion))
    }

    /// What did not go as its writer thinks it did.
    async fn tell_writer(
        &self,
        id: DistrictId,
        school: SchoolId,
        person: &Staff,
        link: &str,
        (sentence, incoming): (&str, IncomingId),
    ) -> Flow<Option<Ready>> {
        self.letter_to_staff(id, school, person, sentence, &[("link", link)], format!("{sentence}:{incoming}")).await
    }
}
