//! Deliver: claim, ask the carrier, settle. The claim committed before the call; an unclear attempt is never sent again.

use crate::compose::fill_students;
use crate::*;
use domain::carrier::*;
use domain::conversation::TaskKind;
use domain::delivery::DeliveryState;
use domain::letter::{LetterBlock, LetterDraft, Token};
use domain::message::*;
use domain::verdict::{Verdict, reason_of, verdict};

/// How much longer than its carrier's slowest call a claim lasts.
const CLAIM_MORE: i64 = 30;

impl Flows {
    /// Claims and sends what is due on one sender and lane. Gives how many rows were claimed.
    pub async fn deliver(&self, due: Due, most: i64) -> Flow<usize> {
        let now = self.now();
        let until = now.plus_seconds(self.claim_seconds(due.channel));
        let ask = Ask { district: due.district, sender: due.sender, lane: due.lane, now, until, most };
        let claimed = self.ports.outbound.claim(&ask).await?;
        let count = claimed.len();
        let (go, stay): (Vec<Claimed>, Vec<Claimed>) = claimed.into_iter().partition(|row| row.state == DeliveryState::Claimed);
        let tasks: Vec<NewTask> = stay.iter().map(|row| self.unsent_task(row)).collect();
        if !tasks.is_empty() {
            self.ports.outbound.add_tasks(due.district, &tasks).await?;
        }
        let place = self.district(due.district).await?;
        // In rehearsal only the addresses on the list are reached; every page says so (DIALOGUE 21).
        let (go, stay): (Vec<Claimed>, Vec<Claimed>) =
            go.into_iter().partition(|row| !place.rehearsal || place.allowed.contains(&row.address));
        self.rehearse(due.district, &stay).await?;
        let mut go = self.still_keyed(due.district, go).await?;
        for row in go.iter_mut().filter(|row| place.introduce && !row.confirmed && row.rendition.channel == Channel::Sms) {
            self.without_names(row);
        }
        self.carry(due.district, go).await?;
        if count > 0 {
            self.ring(due.district);
        }
        Ok(count)
    }

    fn claim_seconds(&self, channel: Channel) -> i64 {
        let slowest = self.ports.carriers.get(&channel).map_or(60, |carrier| carrier.abilities().slowest.as_secs() as i64);
        slowest + CLAIM_MORE
    }

    /// No child's name to a number that never answered: "your child" instead (DIALOGUE 12).
    fn without_names(&self, row: &mut Claimed) {
        let language = if row.rendition.from == WordsFrom::OriginalWithNotice { &row.message.language } else { &row.rendition.language };
        let said = self.speech.say(language, "your-child", &[]).or_else(|| self.speech.say(&row.message.language, "your-child", &[]));
        row.students = said.into_iter().collect();
    }

    async fn rehearse(&self, district: DistrictId, rows: &[Claimed]) -> Flow<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let now = self.now();
        let settlement = |row: &Claimed| Settlement {
            delivery: row.delivery,
            attempt: row.attempt,
            state: DeliveryState::Withheld,
            opens: now,
            provider_ids: vec![],
            segments: 0,
            reason: "Rehearsal: nothing leaves this district yet.".into(),
            at: now,
        };
        let settlements: Vec<Settlement> = rows.iter().map(settlement).collect();
        self.ports.outbound.settle(district, &settlements).await?;
        Ok(())
    }

    async fn carry(&self, district: DistrictId, rows: Vec<Claimed>) -> Flow<()> {
        for channel in [Channel::Sms, Channel::Email] {
            let mine: Vec<&Claimed> = rows.iter().filter(|row| row.rendition.channel == channel).collect();
            if mine.is_empty() {
                continue;
            }
            let Some(carrier) = self.ports.carriers.get(&channel) else {
                let results =
                    mine.iter().map(|_| SendResult::Fault(SendFault::Config("no carrier is configured for this channel".into()))).collect();
                self.settle(district, &mine, results).await?;
                continue;
            };
            let mut results: Vec<Option<SendResult>> = vec![None; mine.len()];
            let leads: Vec<(usize, Outgoing)> =
                mine.iter().enumerate().filter_map(|(index, row)| Some((index, self.lead(district, row)?))).collect();
            if !leads.is_empty() {
                let set: Vec<Outgoing> = leads.iter().map(|(_, outgoing)| outgoing.clone()).collect();
                for ((index, _), result) in leads.iter().zip(carrier.send(&set).await) {
                    // A lead that did not leave stops its text; one that may have left does not.
                    if let SendResult::Fault(fault) = result
                        && !matches!(fault, SendFault::Unclear(_) | SendFault::Garbled(_))
                    {
                        results[*index] = Some(SendResult::Fault(fault));
                    }
                }
            }
            let open: Vec<usize> = (0..mine.len()).filter(|index| results[*index].is_none()).collect();
            let set: Vec<Outgoing> = open.iter().map(|index| self.outgoing(district, mine[*index])).collect();
            for (index, result) in open.iter().zip(carrier.send(&set).await) {
                results[*index] = Some(result);
            }
            let results =
                results.into_iter().map(|result| result.unwrap_or(SendResult::Fault(SendFault::Unclear("no answer".into())))).collect();
            self.settle(district, &mine, results).await?;
        }
        Ok(())
    }

    /// The notice of invariant 5 as a text of its own, on the first attempt.
    fn lead(&self, district: DistrictId, row: &Claimed) -> Option<Outgoing> {
        let first = row.rendition.channel == Channel::Sms && row.attempt == 1 && !row.rendition.notice.is_empty();
        first.then(|| Outgoing {
            attempt: LEAD + row.attempt,
            content: Content::Text(self.ports.texts.economy(&self.notice_with_answers(row)).into()),
            ..self.outgoing(district, row)
        })
    }

    fn notice_with_answers(&self, row: &Claimed) -> String {
        let lines = self.answer_lines(&row.rendition.language, row.message.answers, row.menu_base);
        if lines.is_empty() { row.rendition.notice.clone() } else { format!("{}\n{lines}", row.rendition.notice) }
    }

    pub(crate) fn outgoing(&self, district: DistrictId, row: &Claimed) -> Outgoing {
        let (to, content) = match row.rendition.channel {
            Channel::Sms => {
                let text = self.dressed(&row.message, &row.rendition, &row.speaks_for, &row.students.join(", "));
                let lines = self.answer_lines(&row.rendition.language, row.message.answers, row.menu_base);
                let text = match (row.rendition.notice.is_empty(), row.attempt, lines.is_empty()) {
                    (true, _, true) => text,
                    (true, _, false) => format!("{text}\n{lines}"),
                    (false, 1, _) => text,
                    // A later attempt does not know whether the notice left: it goes again, in the same text.
                    (false, _, _) => format!("{}\n{text}", self.notice_with_answers(row)),
                };
                (Destination::Phone(row.address.clone().into()), Content::Text(self.ports.texts.economy(&text).into()))
            }
            Channel::Email => {
                let letter = self.ports.letters.compose(&self.letter_draft(district, row));
                (Destination::Mailbox(row.address.clone().into()), Content::Letter { raw: letter.raw, envelope_from: letter.envelope_from })
            }
        };
        Outgoing {
            district,
            delivery: row.delivery,
            attempt: row.attempt,
            sender: row.sender,
            from: row.sender_address.clone(),
            to,
            content,
            useful_until: row.useful_until,
        }
    }

    fn letter_draft(&self, district: DistrictId, row: &Claimed) -> LetterDraft {
        let language = row.rendition.language.clone();
        let rtl = self.speech.right_to_left(&language);
        let domain_part = row.sender_address.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
        let at = |token| format!("{}@{domain_part}", self.ports.letters.local_part(token));
        let block = |language: &str, heading: String, text: String, quiet| LetterBlock {
            language: language.to_owned(),
            right_to_left: self.speech.right_to_left(language),
            heading,
            text,
            quiet,
        };
        let names = row.students.join(", ");
        let mut blocks = Vec::new();
        if !row.rendition.notice.is_empty() {
            blocks.push(block(&language, String::new(), row.rendition.notice.clone(), false));
        }
        let words_language = if row.rendition.from == WordsFrom::OriginalWithNotice { &row.message.language } else { &language };
        let label = self.about_the_last(&row.message, words_language).unwrap_or_default();
        blocks.push(block(words_language, label, fill_students(&row.rendition.text, &names), false));
        if *words_language != row.message.language
            && let Words::Free { text } = &row.message.words
        {
            let heading = self.speech.say(&language, "email-original-label", &[]).unwrap_or_default();
            blocks.push(block(&row.message.language, heading, text.clone(), true));
        }
        if row.message.author != StaffId::HOUSE
            && let Some(footer) = self.speech.say(&language, "email-footer", &[("school", &row.speaks_for)])
        {
            blocks.push(block(&language, String::new(), footer, true));
        }
        let answers = domain::menu::digits(row.message.answers, row.menu_base)
            .into_iter()
            .filter_map(|(digit, answer)| Some((self.speech.answer_word(&language, answer)?, digit)))
            .collect();
        LetterDraft {
            from_name: row.speaks_for.clone(),
            from: at(Token::Family { district, delivery: row.delivery }),
            to: row.address.clone().into(),
            subject: row.rendition.subject.clone(),
            marker: self.speech.say(&language, "email-reply-above", &[]).unwrap_or_default(),
            right_to_left: rtl,
            language,
            blocks,
            answers,
            message_id: format!("{district}.{}.{}@{domain_part}", row.delivery, row.attempt),
            references: row.in_reply_to.iter().cloned().collect(),
            in_reply_to: row.in_reply_to.clone(),
            envelope_from: at(Token::Bounce { district, delivery: row.delivery }),
            automatic: row.message.author == StaffId::HOUSE || !matches!(row.message.audience, Audience::Thread { .. }),
            list_id: matches!(row.message.audience, Audience::School { .. } | Audience::District | Audience::Class { .. })
                .then(|| format!("school-{}.{domain_part}", row.message.school)),
            date: row.at,
        }
    }

    async fn settle(&self, district: DistrictId, rows: &[&Claimed], results: Vec<SendResult>) -> Flow<()> {
        let now = self.now();
        let mut settlements = Vec::new();
        let mut tasks = Vec::new();
        for (row, result) in rows.iter().zip(results) {
            let mut settlement = Settlement {
                delivery: row.delivery,
                attempt: row.attempt,
                state: DeliveryState::Accepted,
                opens: now,
                provider_ids: vec![],
                segments: 0,
                reason: String::new(),
                at: now,
            };
            match result {
                SendResult::Accepted(accepted) => {
                    settlement.segments = accepted.segments.map_or(0, |count| count as i16);
                    settlement.provider_ids = accepted.provider_ids;
                }
                SendResult::Fault(fault) => match verdict(&fault, row.attempt, now, self.ports.ids.jitter()) {
                    Verdict::Retry(at) if at < row.useful_until => {
                        settlement.state = DeliveryState::Queued;
                        settlement.opens = at;
                    }
                    Verdict::Retry(_) => {
                        settlement.state = DeliveryState::Failed;
                        settlement.reason = "The carrier did not take it while it was useful.".into();
                        tasks.push(self.unsent_task(row));
                    }
                    Verdict::GiveUp(why) => {
                        settlement.state = DeliveryState::Failed;
                        settlement.reason = why;
                        tasks.push(self.unsent_task(row));
                    }
                    Verdict::Block => {
                        settlement.state = DeliveryState::Withheld;
                        settlement.reason = "The family stopped texts with its carrier.".into();
                        let audit = self.audit(StaffId::HOUSE, "consent", format!("contact {}", row.contact));
                        self.ports.outbound.block(district, row.contact, Weight::ALL_BITS, "carrier", &audit).await?;
                        tasks.push(self.unsent_task(row));
                    }
                    Verdict::Uncertain(why) => {
                        settlement.state = DeliveryState::Uncertain;
                        settlement.reason = why;
                    }
                    Verdict::PauseSender(why) => {
                        settlement.state = DeliveryState::Queued;
                        settlement.opens = now.plus_minutes(5);
                        let audit = self.audit(StaffId::HOUSE, "paused", format!("sender {}", row.sender));
                        self.ports.outbound.pause_sender(district, row.sender, true, &why, &audit).await?;
                    }
                },
            }
            settlements.push(settlement);
        }
        self.ports.outbound.settle(district, &settlements).await?;
        if !tasks.is_empty() {
            self.ports.outbound.add_tasks(district, &tasks).await?;
        }
        Ok(())
    }

    /// What could not go is told to the author and goes on the call list, unless it was only a notice of ours.
    fn unsent_task(&self, row: &Claimed) -> NewTask {
        let kind = if row.message.author == StaffId::HOUSE { TaskKind::Attend } else { TaskKind::NotReached };
        let reason = match row.state {
            DeliveryState::Withheld => "The family stopped texts: tell them by hand.",
            DeliveryState::Late => "It was no longer useful when it could go: tell them by hand.",
            _ => "It did not arrive: tell them by hand, or ask for another number or address.",
        };
        let mut task = self.task(kind, &row.message, Some(row.contact), None, None, reason);
        task.due = self.now().plus_hours(4);
        task
    }

    /// Claims past their deadline: resent with the same key, looked up, or left uncertain, as the carrier's kind says.
    pub async fn reconcile(&self, district: DistrictId) -> Flow<usize> {
        let now = self.now();
        let rows = self.ports.outbound.reclaim(district, now, now.plus_seconds(self.claim_seconds(Channel::Sms)), 200).await?;
        for row in &rows {
            let Some(carrier) = self.ports.carriers.get(&row.rendition.channel) else {
                continue;
            };
            let outgoing = self.outgoing(district, row);
            let result = match carrier.abilities().repeat {
                Repeat::Keyed(life) if now.0 - row.at.0 < life.as_micros() as i64 => {
                    carrier.send(std::slice::from_ref(&outgoing)).await.into_iter().next()
                }
                Repeat::LookUp => match carrier.find(&Attempted { outgoing, at: row.at }).await {
                    Found::Found(accepted) => Some(SendResult::Accepted(accepted)),
                    Found::Absent => Some(SendResult::Fault(SendFault::NotSent("the carrier does not know it".into()))),
                    Found::Unclear => None,
                },
                Repeat::Keyed(_) | Repeat::Blind => Some(SendResult::Fault(SendFault::Unclear("a worker stopped during the call".into()))),
            };
            if let Some(result) = result {
                self.settle(district, &[row], vec![result]).await?;
            }
        }
        Ok(rows.len())
    }

    /// Receipts of a set of events, settled forward.
    pub async fn receipts(&self, district: DistrictId, receipts: &[NewReceipt]) -> Flow<()> {
        let effects = self.ports.outbound.receipts(district, receipts).await?;
        for (receipt, effect) in receipts.iter().zip(&effects) {
            let Some(delivery) = effect.delivery.filter(|_| effect.moved && receipt.state == DeliveryState::Failed) else {
                continue;
            };
            let Some(info) = self.ports.outbound.delivery(district, delivery).await? else {
                continue;
            };
            let mut task = self.task(
                TaskKind::NotReached,
                &info.message,
                Some(info.contact),
                None,
                info.students.first().copied(),
                &reason_of(&receipt.code),
            );
            task.due = self.now().plus_hours(4);
            self.ports.outbound.add_tasks(district, &[task]).await?;
        }
        if effects.iter().any(|effect| effect.moved) {
            self.ring(district);
        }
        Ok(())
    }
}
