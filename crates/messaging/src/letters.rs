//! Letters in: the token in the address is the proof; what the family wrote is told from what we sent.

use crate::receive::Arrival;
use crate::writer::Writer;
use crate::*;
use domain::conversation::{Place, TaskKind, Via};
use domain::letter::*;
use domain::message::{Answer, Words};

impl Flows {
    /// Whether a letter to this address is taken.
    pub async fn recipient(&self, address: &str) -> LetterVerdict {
        let Some((local, domain_part)) = address.rsplit_once('@') else {
            return LetterVerdict::Stranger;
        };
        if self.ports.letters.token(local) == TokenRead::Forged {
            return LetterVerdict::Forged;
        }
        match self.letter_district(local, domain_part).await {
            Ok(Some(district)) => self.not_revoked(district, local).await,
            Ok(None) => LetterVerdict::Stranger,
            Err(_) => LetterVerdict::Later,
        }
    }

    /// What a member of staff could answer by is nobody's once they have left.
    async fn not_revoked(&self, district: DistrictId, local: &str) -> LetterVerdict {
        let TokenRead::Ok(Token::Staff { staff, .. }) = self.ports.letters.token(local) else {
            return LetterVerdict::Welcome;
        };
        match self.ports.people.staff(district).await {
            Ok(all) if all.iter().any(|person| person.id == staff && person.active) => LetterVerdict::Welcome,
            Ok(_) => LetterVerdict::Forged,
            Err(_) => LetterVerdict::Later,
        }
    }

    /// Whether an address carries a token of ours, which is one family's or one member of staff's alone.
    pub fn is_token(&self, address: &str) -> bool {
        let local = address.rsplit_once('@').map_or(address, |(local, _)| local);
        matches!(self.ports.letters.token(local), TokenRead::Ok(_))
    }

    /// Where a company's word about an attempt goes, written as a mail server's report: one way for all that comes back.
    pub fn report_address(&self, reference: &str) -> Option<String> {
        let (district, delivery, _) = domain::carrier::read_reference(reference)?;
        Some(self.ports.letters.address(Token::Bounce { district, delivery }, "reports@homeword.invalid"))
    }

    async fn letter_district(&self, local: &str, domain_part: &str) -> Flow<Option<DistrictId>> {
        if let TokenRead::Ok(token) = self.ports.letters.token(local) {
            return Ok(Some(token.district()));
        }
        let address = format!("{local}@{domain_part}").to_lowercase();
        Ok(self.ports.directory.sender_by_address(&address).await?.map(|(district, _)| district))
    }

    /// Stores a letter, which came at `received`, raw for one recipient; committed when it returns. A repeated letter is dropped.
    pub async fn take_letter(&self, envelope_from: &str, recipient: &str, raw: &[u8], received: Time) -> Flow<()> {
        let Some((local, domain_part)) = recipient.rsplit_once('@') else {
            return Err(FlowFault::NotFound);
        };
        let district = self.letter_district(local, domain_part).await?.ok_or(FlowFault::NotFound)?;
        let letter = self.ports.letters.read(raw, None);
        // The sender chooses the Message-ID: the recipient and the body are part of the key.
        let key = format!("mail:{}:{}:{:016x}", letter.message_id.unwrap_or_default(), recipient.to_lowercase(), fold(as_sent(raw)));
        // What machines send back encloses our own letters, and nothing for anybody.
        if matches!(letter.kind, LetterKind::Reply | LetterKind::Other) {
            let links: Vec<String> = (0..letter.attachments.len()).map(|number| format!("{IN_LETTER}{number}")).collect();
            self.attach(district, "", &key, &links, received).await?;
        }
        let row = self.raw(key, Via::Email, received, (envelope_from, recipient), raw.to_vec(), false);
        self.ports.inbound.take_in(district, &[row]).await?;
        self.ring(district);
        Ok(())
    }

    pub(crate) async fn receive_letter(&self, id: DistrictId, incoming: &NewIncoming) -> Flow<Conclusion> {
        let local = incoming.to.rsplit_once('@').map_or("", |(local, _)| local);
        match self.ports.letters.token(local) {
            TokenRead::Ok(Token::Family { delivery, .. }) => self.family_letter(id, incoming, delivery, false).await,
            TokenRead::Ok(Token::Bounce { delivery, .. }) => self.family_letter(id, incoming, delivery, true).await,
            TokenRead::Ok(Token::Stop { delivery, .. }) => self.stop_letter(id, incoming, delivery).await,
            TokenRead::Ok(Token::Staff { thread, staff, .. }) => self.staff_letter(id, incoming, thread, staff).await,
            TokenRead::Forged | TokenRead::Absent => match self.delivery_it_answers(id, incoming).await? {
                Some(delivery) => self.family_letter(id, incoming, delivery, false).await,
                None => self.open_letter(id, incoming).await,
            },
        }
    }

    pub(crate) async fn letter_arrival(
        &self,
        id: DistrictId,
        incoming: &NewIncoming,
        letter: &IncomingLetter,
        contact: ContactId,
        sender: SenderId,
        text: String,
    ) -> Flow<Arrival> {
        let district = self.district(id).await?;
        let card = self.ports.people.card(id, contact, self.now()).await?.ok_or(FlowFault::NotFound)?;
        let senders = self.ports.people.senders(id).await?;
        let sender = senders
            .iter()
            .find(|row| row.id == sender)
            .or_else(|| senders.iter().find(|row| row.channel == Channel::Email))
            .cloned()
            .ok_or(FlowFault::NotFound)?;
        let schools = self.ports.people.schools(id).await?;
        let school_id = card.children.first().map_or(sender.school, |child| child.school);
        let school = schools.iter().find(|school| school.id == school_id).or(schools.first()).cloned().ok_or(FlowFault::NotFound)?;
        let home = card.guardians.iter().find_map(|guardian| guardian.language.clone()).unwrap_or_else(|| district.staff_language.clone());
        let mut understood = self.understand(&text, &home, &district.staff_language, self.names_of(&card)).await;
        understood.message_id = letter.message_id.clone();
        understood.warnings.extend(letter.warnings.clone());
        let more = letter.attachments.len().saturating_sub(crate::pictures::MOST);
        if more > 0 {
            understood.warnings.push(format!("{more} more files came with this email: they are kept with it, and not shown."));
        }
        Ok(Arrival {
            incoming: incoming.clone(),
            district,
            school,
            sender,
            contact,
            card,
            evidence: Evidence::default(),
            language: home,
            carrier_answered: false,
            understood,
        })
    }

    /// A letter about a delivery or in answer to it. `to_envelope`: to the address for what machines say.
    async fn family_letter(&self, id: DistrictId, incoming: &NewIncoming, delivery: DeliveryId, to_envelope: bool) -> Flow<Conclusion> {
        let Some(info) = self.ports.outbound.delivery(id, delivery).await? else {
            return self.open_letter(id, incoming).await;
        };
        // Our letter said it in both languages.
        let mut ours = info.rendition.text.clone();
        if let Words::Free { text } = &info.message.words {
            ours.push('\n');
            ours.push_str(text);
        }
        let senders = self.ports.people.senders(id).await?;
        let identity = senders.iter().find(|sender| sender.id == info.sender).map_or("", |sender| sender.address.as_str());
        let letter = self.ports.letters.read(&incoming.raw, Some(Ours { text: &ours, from: identity }));
        let text = words(&letter);
        let mut arrival = self.letter_arrival(id, incoming, &letter, info.contact, info.sender, text.clone()).await?;
        // What a mail server reports is never answered, and must not be missed.
        if !by_server(&letter)
            && let Some(held) = self.braked(&arrival, &letter, &info).await?
        {
            return self.held_but_stop(&arrival, &letter, held).await;
        }
        if let Some(conclusion) = self.report(&arrival, &letter, &info, to_envelope).await? {
            return Ok(conclusion);
        }
        let writer = self.writer(&arrival, &letter).await?;
        if writer == Writer::Forged {
            return Ok(self.held(&arrival));
        }
        if let Some(spoke) = self.speech.keyword(&text, &arrival.language, arrival.card.blocked != 0) {
            return match self.uncertain(&arrival, &letter, writer, &spoke) {
                Some(conclusion) => Ok(conclusion),
                None => self.keyword(&arrival, spoke).await,
            };
        }
        if writer == Writer::Elsewhere {
            arrival.understood.warnings.push("Sent from another address than the one on file.".into());
        }
        if let Some(crate::speech::Spoken::Digit { digit, rest }) = self.speech.answer(first_line(&text), &arrival.language) {
            let offered = domain::menu::digits(info.message.answers, 1);
            if let Some((_, answer)) = offered.iter().find(|(offered, _)| *offered == digit) {
                let entry = domain::menu::MenuEntry {
                    contact: info.contact,
                    sender: info.sender,
                    digit,
                    meaning: domain::menu::Meaning::Answer { delivery, answer: *answer },
                    until: self.now(),
                };
                let mut conclusion = self.chosen(&arrival, &entry, &rest).await?;
                self.alert_risk(&mut conclusion, &arrival);
                return Ok(conclusion);
            }
        }
        if info.speaks_for == StaffId::HOUSE
            && let Some(conclusion) = self.staff_astray(&arrival, &letter, &info).await?
        {
            return Ok(conclusion);
        }
        let mut conclusion = self.conclusion(&arrival, Place::Thread, "It answers your email.");
        if info.speaks_for == StaffId::HOUSE {
            conclusion.place = Place::Office;
            conclusion.reason = "It answers a notice of ours.".into();
            conclusion.tasks.push(self.incoming_task(&arrival, TaskKind::Attend, "A family answered a notice of ours by email.", 240));
        } else {
            self.join(&mut conclusion, &arrival, info.speaks_for, info.only()).await?;
        }
        self.alert_risk(&mut conclusion, &arrival);
        Ok(conclusion)
    }

    /// A letter without a token: a known family asks the office, a stranger is shown to the office.
    pub(crate) async fn open_letter(&self, id: DistrictId, incoming: &NewIncoming) -> Flow<Conclusion> {
        let letter = self.ports.letters.read(&incoming.raw, None);
        let machine = by_server(&letter) || letter.kind == LetterKind::AutoReply;
        if machine && let Some(info) = self.report_about(id, &letter).await? {
            let arrival = self.letter_arrival(id, incoming, &letter, info.contact, info.sender, words(&letter)).await?;
            if let Some(conclusion) = self.report(&arrival, &letter, &info, false).await? {
                return Ok(conclusion);
            }
        }
        let from = letter.from.reveal().to_lowercase();
        let from = if from.is_empty() { incoming.from.to_lowercase() } else { from };
        let contact = match self.ports.people.contact_at(id, Channel::Email, &from).await? {
            Some(contact) => contact,
            None => self.ports.people.strange_contact(id, self.id(), Channel::Email, &from).await?,
        };
        let subject = letter.subject.trim();
        let text = if subject.is_empty() { letter.text.reveal().to_owned() } else { format!("{subject}\n{}", letter.text.reveal()) };
        let arrival = self.letter_arrival(id, incoming, &letter, contact, SenderId(0), text).await?;
        let forged = letter.authentication == Authentication::Fail;
        let known = !arrival.card.guardians.is_empty();
        // A family's mailbox seldom writes here by itself: a person may have been taken for a machine.
        if machine && (by_server(&letter) || !known) {
            let mut conclusion = self.by_nobody(&arrival, Place::Handled, "An automatic email of a mail system.");
            self.alert_risk(&mut conclusion, &arrival);
            return Ok(conclusion);
        }
        let (reason, kind) = if known {
            ("A family on file wrote to the school, not in answer to an email.", TaskKind::Attend)
        } else {
            ("An email from an address nobody has on file.", TaskKind::UnknownSender)
        };
        if known && forged {
            return Ok(self.held(&arrival));
        }
        let mut conclusion = Conclusion { by_nobody: forged || machine, ..self.conclusion(&arrival, Place::Office, reason) };
        conclusion.tasks.push(self.incoming_task(&arrival, kind, reason, 240));
        self.alert_risk(&mut conclusion, &arrival);
        Ok(conclusion)
    }

    /// The delivery that a letter without a token answers: some programs answer the writer's address and not the one for answers. It
    /// names our Message-ID, which anybody can make up; so it must surely be from the very mailbox that ours went to.
    async fn delivery_it_answers(&self, id: DistrictId, incoming: &NewIncoming) -> Flow<Option<DeliveryId>> {
        let letter = self.ports.letters.read(&incoming.raw, None);
        if letter.authentication != Authentication::Pass || letter.kind != LetterKind::Reply {
            return Ok(None);
        }
        let Some(contact) = self.ports.people.contact_at(id, Channel::Email, letter.from.reveal()).await? else {
            return Ok(None);
        };
        for (district, delivery) in letter.answers.iter().filter_map(|name| crate::outgoing::named(name)) {
            if district == id && self.ports.outbound.delivery(id, delivery).await?.is_some_and(|info| info.contact == contact) {
                return Ok(Some(delivery));
            }
        }
        Ok(None)
    }

    /// The answer an email link names, for pages that show it.
    pub fn answer_digit(&self, answers: domain::message::AnswerSet, digit: u8) -> Option<Answer> {
        domain::menu::digits(answers, 1).into_iter().find(|(offered, _)| *offered == digit).map(|(_, answer)| answer)
    }
}

/// Written by a mail server about a letter of ours.
fn by_server(letter: &IncomingLetter) -> bool {
    matches!(letter.kind, LetterKind::Bounce | LetterKind::Complaint)
}

/// Somebody's words; what a mail server says of itself is nobody's.
fn words(letter: &IncomingLetter) -> String {
    if by_server(letter) { String::new() } else { letter.text.reveal().to_owned() }
}

fn first_line(text: &str) -> &str {
    text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("")
}

/// A letter without what the servers on its way wrote on top: sent again, it has another date there, and is the same letter.
fn as_sent(raw: &[u8]) -> &[u8] {
    let trace = |line: &[u8]| {
        let names: [&[u8]; 5] = [b"return-path:", b"received:", b"authentication-results:", b"delivered-to:", b"x-original-to:"];
        names.iter().any(|name| line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)))
    };
    let (mut rest, mut on_top) = (raw, true);
    while let Some(end) = rest.iter().position(|byte| *byte == b'\n').filter(|_| on_top) {
        let goes_on = rest.len() < raw.len() && matches!(rest.first(), Some(b' ' | b'\t'));
        on_top = goes_on || trace(&rest[..end]);
        if on_top {
            rest = &rest[end + 1..];
        }
    }
    rest
}

/// FNV-1a over the letter: only to tell two letters apart that carry one Message-ID.
fn fold(raw: &[u8]) -> u64 {
    raw.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
