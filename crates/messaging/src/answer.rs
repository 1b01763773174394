//! A digit of an open menu: what it means, and what happens (DIALOGUE 3 to 5).

use crate::receive::Arrival;
use crate::*;
use domain::conversation::{Place, TaskKind};
use domain::menu::{Meaning, MenuEntry};
use domain::message::{Answer, Weight, Words};

impl Flows {
    /// Concludes an incoming that chose an option. `rest` is what was written after the digit.
    pub(crate) async fn chosen(&self, arrival: &Arrival, entry: &MenuEntry, rest: &str) -> Flow<Conclusion> {
        match &entry.meaning {
            Meaning::Answer { delivery, answer } => self.answered(arrival, *delivery, *answer, rest).await,
            Meaning::For { incoming, staff, student } => self.question_answered(arrival, *incoming, Some((*staff, *student)), rest).await,
            Meaning::Office { incoming } => self.question_answered(arrival, *incoming, None, rest).await,
            Meaning::StopOnly { staff } => {
                let mut conclusion = self.conclusion(arrival, Place::Handled, "STOP narrowed: only this teacher.");
                conclusion.block = Some((arrival.contact, 0, Some(*staff)));
                conclusion.audit.act = "consent";
                let title = self.title(arrival.district.id, *staff).await?.unwrap_or_default();
                let notice = self.notice(
                    &arrival.notice_to(),
                    "stopped-teacher-only",
                    &[("school", &arrival.school.short_name), ("teacher", &title)],
                    vec![],
                    String::new(),
                );
                self.push_notice(&mut conclusion, arrival, notice);
                Ok(conclusion)
            }
            Meaning::StopAll => {
                let mut conclusion = self.conclusion(arrival, Place::Handled, "STOP widened: emergencies too.");
                conclusion.block = Some((arrival.contact, Weight::ALL_BITS, None));
                conclusion.audit.act = "consent";
                let notice =
                    self.notice(&arrival.notice_to(), "stopped-all", &[("school", &arrival.school.short_name)], vec![], String::new());
                self.push_notice(&mut conclusion, arrival, notice);
                Ok(conclusion)
            }
            Meaning::ShowOriginal { delivery } => {
                let mut conclusion = self.conclusion(arrival, Place::Handled, "The family asked for the first wording.");
                if let Some(info) = self.ports.outbound.delivery(arrival.district.id, *delivery).await?
                    && let Words::Free { text } = &info.message.words
                {
                    let original = self.ready(&arrival.notice_to(), text.clone(), vec![], String::new());
                    conclusion.notices.push(original);
                }
                Ok(conclusion)
            }
            Meaning::ContactMe { delivery } => self.contact_me(arrival, *delivery).await,
            Meaning::Language { tag } => {
                let mut conclusion = self.conclusion(arrival, Place::Handled, "The family chose its language.");
                conclusion.audit.act = "language";
                conclusion.language = arrival.card.guardians.first().map(|guardian| (guardian.id, tag.clone()));
                conclusion.closes = arrival
                    .evidence
                    .open
                    .iter()
                    .filter(|e| matches!(e.meaning, Meaning::Language { .. }))
                    .map(|e| (e.contact, e.sender, e.digit))
                    .collect();
                let to = crate::notice::NoticeTo { language: tag, ..arrival.notice_to() };
                let arguments = [("school", arrival.school.short_name.as_str()), ("phone", arrival.school.phone.as_str())];
                let notice = self.notice(&to, "first-contact", &arguments, vec![], String::new());
                self.push_notice(&mut conclusion, arrival, notice);
                Ok(conclusion)
            }
        }
    }

    async fn answered(&self, arrival: &Arrival, delivery: DeliveryId, answer: Answer, rest: &str) -> Flow<Conclusion> {
        let Some(info) = self.ports.outbound.delivery(arrival.district.id, delivery).await? else {
            return Ok(self.conclusion(arrival, Place::Office, "It answers a message that is no longer there."));
        };
        if answer == Answer::ContactMe {
            return self.contact_me(arrival, Some(delivery)).await;
        }
        if answer == Answer::NotClear {
            // The first 0 opened "show the first wording" for this text: a second one asks for a person.
            let asked = |entry: &MenuEntry| matches!(entry.meaning, Meaning::ShowOriginal { delivery: other } if other == delivery);
            if arrival.evidence.open.iter().any(asked) {
                return self.contact_me(arrival, Some(delivery)).await;
            }
            return self.not_clear(arrival, &info).await;
        }
        let mut conclusion = self.conclusion(arrival, Place::Thread, "It answers a question of yours by its number.");
        let student = info.only();
        self.join(&mut conclusion, arrival, info.speaks_for, student).await?;
        conclusion.answer = Some(NewAnswer { delivery, answer, words: rest.to_owned() });
        let word = self.speech.answer_word(&arrival.language, answer).unwrap_or_default();
        let staff_word = self.speech.answer_word(&arrival.district.staff_language, answer).unwrap_or_else(|| answer.as_str().to_owned());
        conclusion.understood.translation =
            if rest.is_empty() { staff_word } else { format!("{staff_word} + {}", pick(&conclusion.understood.translation, rest)) };
        conclusion.understood.source = "answer by number".into();
        let notice = self.notice(
            &arrival.notice_to(),
            "answer-noted",
            &[("school", &arrival.school.short_name), ("answer", &word)],
            vec![],
            String::new(),
        );
        conclusion.notices.retain(|ready| !ready.once.starts_with("received:"));
        self.push_notice(&mut conclusion, arrival, notice);
        if answer == Answer::ShouldBeThere {
            conclusion.tasks.push(self.incoming_task(
                arrival,
                TaskKind::Risk,
                "A family says the child should be in school: look for the child now.",
                5,
            ));
        }
        Ok(conclusion)
    }

    /// 0: the text was unclear, not the reader. The phrase's plain form; on free text the author is asked; a second 0 makes the task.
    async fn not_clear(&self, arrival: &Arrival, info: &DeliveryInfo) -> Flow<Conclusion> {
        let mut conclusion = self.conclusion(arrival, Place::Thread, "The family says the text was not clear.");
        let student = info.only();
        self.join(&mut conclusion, arrival, info.speaks_for, student).await?;
        conclusion.notices.clear();
        conclusion.answer = Some(NewAnswer { delivery: info.delivery, answer: Answer::NotClear, words: String::new() });
        conclusion.understood.translation = "0 — this text was not clear. Please write one short sentence.".into();
        conclusion.understood.source = "answer by number".into();
        let until = self.now().plus_days(2);
        let base = domain::menu::base(&arrival.evidence.taken, 2);
        let entry = |digit, meaning| MenuEntry { contact: arrival.contact, sender: arrival.sender.id, digit, meaning, until };
        let menus = if base == 0 {
            vec![]
        } else {
            vec![
                entry(base, Meaning::ShowOriginal { delivery: info.delivery }),
                entry(base + 1, Meaning::ContactMe { delivery: Some(info.delivery) }),
            ]
        };
        let digits = [base.to_string(), (base + 1).to_string()];
        let arguments = [("show", digits[0].as_str()), ("contact", digits[1].as_str())];
        let sorry = if base == 0 {
            None
        } else {
            self.notice(&arrival.notice_to(), "not-clear", &arguments, menus, format!("not-clear:{}", info.delivery))
        };
        self.push_notice(&mut conclusion, arrival, sorry);
        if let Words::Phrase { key, arguments } = &info.message.words {
            let plain = self.speech.plain(&arrival.language, key, arguments, &self.speech.setting_arguments(&arrival.school, ""));
            if let Some(plain) = plain {
                let notice = self.ready(&arrival.notice_to(), plain, vec![], format!("plain:{}", info.delivery));
                self.push_notice(&mut conclusion, arrival, Some(notice));
            }
        }
        Ok(conclusion)
    }

    pub(crate) async fn contact_me(&self, arrival: &Arrival, delivery: Option<DeliveryId>) -> Flow<Conclusion> {
        let mut conclusion = self.conclusion(arrival, Place::Thread, "The family asks that a person contacts it in its language.");
        let info = match delivery {
            Some(delivery) => self.ports.outbound.delivery(arrival.district.id, delivery).await?,
            None => None,
        };
        match &info {
            Some(info) => {
                let student = info.only();
                self.join(&mut conclusion, arrival, info.speaks_for, student).await?;
                conclusion.notices.clear();
                conclusion.answer = Some(NewAnswer { delivery: info.delivery, answer: Answer::ContactMe, words: String::new() });
            }
            None => conclusion.place = Place::Office,
        }
        conclusion.understood.translation =
            self.speech.answer_word(&arrival.district.staff_language, Answer::ContactMe).unwrap_or_default();
        conclusion.understood.source = "answer by number".into();
        let mut task = self.incoming_task(
            arrival,
            TaskKind::ContactFamily,
            "Contact this family in its language, with an interpreter if you need one.",
            24 * 60,
        );
        task.message = info.as_ref().map(|info| info.message.id);
        let zone = domain::time::zone(arrival.school.zone.as_deref().unwrap_or(&arrival.district.zone));
        let due = domain::quiet::due(self.now(), 480, arrival.district.hours, &zone);
        task.due = due;
        conclusion.tasks.push(task);
        let day = self.speech.day(&arrival.language, due, &zone);
        let notice = self.notice(
            &arrival.notice_to(),
            "contact-me-received",
            &[("school", &arrival.school.short_name), ("date", &day)],
            vec![],
            String::new(),
        );
        self.push_notice(&mut conclusion, arrival, notice);
        Ok(conclusion)
    }

    /// The answer to "who is it for?": the text that waited, and every other that waits with it, go where the family said.
    pub(crate) async fn question_answered(
        &self,
        arrival: &Arrival,
        waiting: IncomingId,
        to: Option<(StaffId, Option<StudentId>)>,
        rest: &str,
    ) -> Flow<Conclusion> {
        let also = together(&arrival.evidence, waiting);
        let closes: Vec<(ContactId, SenderId, u8)> = arrival
            .evidence
            .open
            .iter()
            .filter(|entry| asked_about(&entry.meaning).is_some_and(|asked| also.contains(&asked)))
            .map(|entry| (entry.contact, entry.sender, entry.digit))
            .collect();
        let mut conclusion = match to {
            Some((staff, student)) => {
                let mut conclusion = self.conclusion(arrival, Place::Handled, "The family said whom its text is for.");
                self.join(&mut conclusion, arrival, staff, student).await?;
                let title = self.title(arrival.district.id, staff).await?.unwrap_or_default();
                if conclusion.notices.is_empty() {
                    let notice = self.notice(
                        &arrival.notice_to(),
                        "routed-to",
                        &[("school", &arrival.school.short_name), ("teacher", &title)],
                        vec![],
                        String::new(),
                    );
                    self.push_notice(&mut conclusion, arrival, notice);
                }
                conclusion
            }
            None => {
                let mut conclusion = self.conclusion(arrival, Place::Handled, "The family chose the office.");
                conclusion.tasks.push(self.incoming_task(arrival, TaskKind::Attend, "A family's text is for the office.", 240));
                conclusion
            }
        };
        if !rest.is_empty() && to.is_some() {
            conclusion.place = Place::Thread;
        }
        conclusion.closes = closes;
        conclusion.also = also;
        Ok(conclusion)
    }
}

/// The incoming a choice of "who is it for?" is about.
fn asked_about(meaning: &Meaning) -> Option<IncomingId> {
    match meaning {
        Meaning::For { incoming, .. } | Meaning::Office { incoming } => Some(*incoming),
        _ => None,
    }
}

/// What one answer carries along: the text that was asked about, what waits now, and what waited with it until the office took it.
/// What came after the next question belongs to that one.
fn together(evidence: &Evidence, waiting: IncomingId) -> Vec<IncomingId> {
    let next = evidence.open.iter().filter_map(|entry| asked_about(&entry.meaning)).filter(|asked| *asked > waiting).min();
    let with_it = |id: &&IncomingId| **id >= waiting && next.is_none_or(|next| **id < next);
    let mut all: Vec<IncomingId> = vec![waiting];
    all.extend(evidence.asked.iter().chain(&evidence.pending).filter(with_it));
    all.dedup();
    all
}

fn pick(translation: &str, rest: &str) -> String {
    if translation.is_empty() { rest.to_owned() } else { translation.to_owned() }
}
