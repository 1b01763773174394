//! Receive: what was committed raw is understood: duplicate, keyword, menu digit, route; concluded in one transaction.

use crate::route::{Because, Came, Decision, addressed, decide, only_named};
use crate::speech::Spoken;
use crate::*;
use domain::conversation::*;
use domain::menu::{Meaning, MenuEntry};
use domain::people::{District, School, Sender, SenderUse};
use domain::quiet;

/// School minutes a family may wait for an answer.
const ANSWER_MINUTES: i64 = 480;
/// So often a text is concluded anew, where somebody took the digits it offers.
const LOOKS: usize = 4;
/// How long a question waits before the office reads it.
pub(crate) const QUESTION_MINUTES: i64 = 120;

/// One incoming with everything its handling needs.
pub(crate) struct Arrival {
    pub incoming: NewIncoming,
    pub district: District,
    pub school: School,
    pub sender: Sender,
    pub contact: ContactId,
    pub card: ContactCard,
    pub evidence: Evidence,
    /// The family's language; the staff's where none is on file.
    pub language: String,
    pub carrier_answered: bool,
    pub understood: Understood,
}

impl Arrival {
    /// Guardians stand behind the number, and nobody said that it is not theirs.
    pub(crate) fn known(&self) -> bool {
        !self.card.guardians.is_empty() && !self.card.suspended
    }

    /// What routing asks of it beside the evidence.
    pub(crate) fn came(&self, addressed: Option<StaffId>) -> Came {
        Came { at: self.incoming.received, known: self.known(), office: self.sender.use_for == SenderUse::Office, addressed }
    }
}

impl Flows {
    pub(crate) fn raw(
        &self,
        key: String,
        via: Via,
        received: Time,
        (from, to): (&str, &str),
        raw: Vec<u8>,
        carrier_answered: bool,
    ) -> NewIncoming {
        NewIncoming { id: self.id(), key, via, received, from: from.to_owned(), to: to.to_owned(), raw, carrier_answered }
    }

    /// Understands and concludes what waits. Gives how many were looked at.
    pub async fn receive(&self, district: DistrictId) -> Flow<usize> {
        let now = self.now();
        let waiting = self.ports.inbound.waiting(district, now, now.plus_seconds(120), 50).await?;
        // One that fails or panics must not hold the others: it is tried again later, and after five times a person looks.
        let mut away = None;
        for incoming in &waiting {
            match crate::poison::caught(self.receive_one(district, incoming)).await {
                Ok(()) => {}
                Err(why @ FlowFault::Store(StoreFault::Away(_))) => {
                    away.get_or_insert(why);
                }
                Err(why) => self.ports.inbound.failed(district, incoming.id, &why.to_string()).await?,
            }
        }
        let done = waiting.len() + self.quarantine(district).await?;
        if done > 0 {
            self.ring(district);
        }
        away.map_or(Ok(done), Err)
    }

    async fn receive_one(&self, district: DistrictId, incoming: &NewIncoming) -> Flow<()> {
        let mut looks = 0;
        let conclusion = loop {
            let conclusion = match incoming.via {
                Via::Email => self.receive_letter(district, incoming).await?,
                Via::Sms | Via::Call => self.receive_text(district, incoming).await?,
                Via::Hand => self.receive_said(district, incoming).await?,
            };
            looks += 1;
            match self.ports.inbound.conclude(district, &conclusion).await {
                // A message took the digits of our question meanwhile: the next free ones.
                Err(StoreFault::Taken) if looks < LOOKS => {}
                done => break done.map(|_| conclusion)?,
            }
        };
        self.tell_owner(district, &conclusion).await
    }

    /// Everything known about a text's two ends.
    async fn arrival(&self, id: DistrictId, incoming: &NewIncoming) -> Flow<Arrival> {
        let district = self.district(id).await?;
        let now = self.now();
        let (_, sender) =
            self.ports.directory.sender_by_address(&incoming.to).await?.filter(|(owner, _)| *owner == id).ok_or(FlowFault::NotFound)?;
        let known = self.ports.people.contact_at(id, Channel::Sms, &incoming.from).await?;
        let contact = match known {
            Some(contact) => contact,
            None => self.ports.people.strange_contact(id, self.id(), Channel::Sms, &incoming.from).await?,
        };
        let card = self.ports.people.card(id, contact, now).await?.ok_or(FlowFault::NotFound)?;
        let evidence = self.ports.inbound.evidence(id, contact, sender.id, incoming.received).await?;
        let schools = self.ports.people.schools(id).await?;
        let school = schools.into_iter().find(|school| school.id == sender.school).ok_or(FlowFault::NotFound)?;
        let text = String::from_utf8_lossy(&incoming.raw).into_owned();
        let on_file = card.guardians.iter().find_map(|guardian| guardian.language.clone());
        let several: std::collections::BTreeSet<&String> =
            card.guardians.iter().filter_map(|guardian| guardian.language.as_ref()).collect();
        let home = on_file.clone().unwrap_or_else(|| district.staff_language.clone());
        let understood = self.understand(&text, &home, &district.staff_language, self.names_of(&card)).await;
        // On a phone of two languages, the one this text is written in is answered.
        let language = if several.len() > 1 && several.contains(&understood.language) { understood.language.clone() } else { home };
        Ok(Arrival {
            carrier_answered: incoming.carrier_answered,
            incoming: incoming.clone(),
            district,
            school,
            sender,
            contact,
            card,
            evidence,
            language,
            understood,
        })
    }

    pub(crate) fn names_of(&self, card: &ContactCard) -> Vec<String> {
        let children = card.children.iter().flat_map(|child| [child.given.clone(), child.family.clone()]);
        children.chain(card.candidates.iter().map(|candidate| candidate.title.clone())).filter(|name| !name.is_empty()).collect()
    }

    async fn receive_text(&self, id: DistrictId, incoming: &NewIncoming) -> Flow<Conclusion> {
        let arrival = self.arrival(id, incoming).await?;
        // STOP is heard from every phone; nothing else of a staff member's own is a family's.
        if arrival.card.guardians.is_empty() && self.is_staffs(id, &incoming.from).await? && !self.stops(&arrival) {
            return Ok(self.conclusion(&arrival, Place::Handled, "From a staff member's own phone: an answer to a notice reaches nobody."));
        }
        if incoming.via == Via::Call {
            return self.called(&arrival).await;
        }
        let text = arrival.understood.text.clone();
        let stopped = arrival.card.blocked != 0;
        if let Some(spoke) = self.speech.keyword(&text, &arrival.language, stopped) {
            let mut conclusion = self.keyword(&arrival, spoke).await?;
            self.alert_risk(&mut conclusion, &arrival);
            return Ok(conclusion);
        }
        // Whose number it is not, answers nothing: what stands open on it was asked of somebody else.
        if !arrival.known() {
            return self.routed(&arrival).await;
        }
        if let Some(Spoken::Digit { digit, rest }) = self.speech.answer(&text, &arrival.language) {
            if let Some(entry) = domain::menu::meant(&arrival.evidence.open, digit) {
                let mut conclusion = self.chosen(&arrival, entry, &rest).await?;
                self.alert_risk(&mut conclusion, &arrival);
                return Ok(conclusion);
            }
            if arrival.evidence.closed_digits.contains(&digit) && rest.is_empty() {
                return self.closed_digit(&arrival).await;
            }
        }
        if let Some(Spoken::YesNo(yes)) = self.speech.answer(&text, &arrival.language)
            && let Some(entry) = yes_no_entry(&arrival.evidence, yes)
        {
            return self.chosen(&arrival, &entry, "").await;
        }
        self.routed(&arrival).await
    }

    fn stops(&self, arrival: &Arrival) -> bool {
        let spoke = self.speech.keyword(&arrival.understood.text, &arrival.language, arrival.card.blocked != 0);
        arrival.incoming.via == Via::Sms && matches!(spoke, Some(crate::speech::Spoke::Stop | crate::speech::Spoke::Start))
    }

    async fn routed(&self, arrival: &Arrival) -> Flow<Conclusion> {
        // Other words than STOP count too; a family of which nobody can be sure what it wants is asked in one line (DIALOGUE 6).
        let ends = arrival.known() && arrival.card.blocked == 0 && self.speech.perhaps_stop(&arrival.understood.text, &arrival.language);
        let came = arrival.came(if arrival.known() { self.addressed(arrival).await? } else { None });
        if let (Some(waiting), Some(staff)) = (arrival.evidence.pending.first(), came.addressed)
            && only_named(&arrival.understood.text, &self.title(arrival.district.id, staff).await?.unwrap_or_default())
        {
            // The question answered in words: "Ms Rivera, please".
            let student = arrival.card.candidates.iter().find(|one| one.staff == staff).and_then(|one| one.student);
            let mut conclusion =
                self.question_answered(arrival, *waiting, Some((staff, student)), &arrival.understood.text.clone()).await?;
            self.alert_risk(&mut conclusion, arrival);
            return Ok(conclusion);
        }
        let mut conclusion = match decide(&arrival.evidence, &arrival.card, &came) {
            // Two questions at once would be one too many.
            Decision::Ask(_) if ends => self.conclusion(arrival, Place::Office, "Perhaps it wants no more texts: the office reads it."),
            Decision::Thread { staff, student, because } => {
                let title = self.title(arrival.district.id, staff).await?.unwrap_or_default();
                let reason = match because {
                    Because::Route => {
                        format!("It came to the number on which this family talks with {title}.")
                    }
                    Because::LastMessage => {
                        format!("It answers {title}'s message; nobody else wrote from this number.")
                    }
                    Because::Addressed => format!("It begins with {title}'s name."),
                    Because::InFront => {
                        format!("{title} talked with this family last on a number that several share, and nobody else near that time.")
                    }
                };
                let mut conclusion = self.conclusion(arrival, Place::Thread, &reason);
                self.join(&mut conclusion, arrival, staff, student).await?;
                conclusion
            }
            Decision::Ask(candidates) => self.question(arrival, candidates).await?,
            Decision::Waits => self.conclusion(arrival, Place::Question, "It waits with the question who it is for."),
            Decision::Office => {
                let (reason, work) = if arrival.card.suspended {
                    (
                        "A number that was said not to be this family's wrote to the school.",
                        "A text from a number that was said not to be its family's: find out who it is.",
                    )
                } else {
                    ("A number nobody has on file wrote to the school.", "A text from a number nobody has on file: find out who it is.")
                };
                let mut conclusion = self.conclusion(arrival, Place::Office, reason);
                conclusion.tasks.push(self.incoming_task(arrival, TaskKind::UnknownSender, work, 120));
                let once = format!("unknown:{}:{}", arrival.contact, self.day(arrival));
                let notice = self.notice(
                    &arrival.notice_to(),
                    "received-unknown-number",
                    &[("school", &arrival.school.short_name), ("phone", &arrival.school.phone)],
                    vec![],
                    once,
                );
                self.push_notice(&mut conclusion, arrival, notice);
                conclusion
            }
        };
        if ends {
            let words = "A family may want no more texts. It was asked to answer STOP if so; see what it meant.";
            conclusion.tasks.push(self.incoming_task(arrival, TaskKind::Attend, words, 24 * 60));
            let once = format!("perhaps-stop:{}:{}", arrival.contact, self.day(arrival));
            let school = [("school", arrival.school.short_name.as_str())];
            let notice = self.notice(&arrival.notice_to(), "perhaps-stop", &school, vec![], once);
            self.push_notice(&mut conclusion, arrival, notice);
        }
        self.alert_risk(&mut conclusion, arrival);
        Ok(conclusion)
    }

    /// Whom a text addresses by name, of those this family talks with here or whose classes its children are in.
    async fn addressed(&self, arrival: &Arrival) -> Flow<Option<StaffId>> {
        let evidence = &arrival.evidence;
        let mut people: Vec<(StaffId, String)> = arrival.card.candidates.iter().map(|one| (one.staff, one.title.clone())).collect();
        let routes = evidence.routes.iter().map(|route| route.staff);
        for staff in routes.chain(evidence.recent.iter().map(|recent| recent.speaks_for)) {
            if !people.iter().any(|(known, _)| *known == staff)
                && let Some(title) = self.title(arrival.district.id, staff).await?
            {
                people.push((staff, title));
            }
        }
        Ok(addressed(&arrival.understood.text, &people))
    }

    /// "Who is it for?": each choice a row of the menu ledger, 9 the office. The office sees it at once, with a clock.
    async fn question(&self, arrival: &Arrival, mut candidates: Vec<Candidate>) -> Flow<Conclusion> {
        let taken = &arrival.evidence.taken;
        let mut base = domain::menu::base(taken, candidates.len());
        while base == 0 && candidates.len() > 1 {
            candidates.pop();
            base = domain::menu::base(taken, candidates.len());
        }
        let mut conclusion = self.conclusion(arrival, Place::Question, "Several people could be meant: the family was asked.");
        conclusion.tasks.push(self.incoming_task(
            arrival,
            TaskKind::Attend,
            "A family was asked whom its text is for. If it does not answer, the office reads it.",
            QUESTION_MINUTES,
        ));
        if candidates.is_empty() || base == 0 {
            conclusion.place = Place::Office;
            conclusion.reason = "Nobody in particular could be meant: the office reads it.".into();
            return Ok(conclusion);
        }
        let until = self.now().plus_days(2);
        let entry = |digit, meaning| MenuEntry { contact: arrival.contact, sender: arrival.sender.id, digit, meaning, until };
        let mut lines = Vec::new();
        let mut menus = Vec::new();
        for (index, candidate) in candidates.iter().enumerate() {
            let digit = base + index as u8;
            let title = if candidate.title.is_empty() {
                self.title(arrival.district.id, candidate.staff).await?.unwrap_or_default()
            } else {
                candidate.title.clone()
            };
            let teaches = if candidate.teaches.is_empty() { String::new() } else { format!(", {}", candidate.teaches) };
            lines.push(format!("{digit} {title}{teaches}"));
            menus.push(entry(digit, Meaning::For { incoming: arrival.incoming.id, staff: candidate.staff, student: candidate.student }));
        }
        menus.push(entry(9, Meaning::Office { incoming: arrival.incoming.id }));
        let text = self.speech.who_is_it_for(&arrival.language, &arrival.school.short_name, &lines);
        let notice = text.map(|text| self.ready(&arrival.notice_to(), text, menus, String::new()));
        if notice.is_none() {
            conclusion.place = Place::Office;
            conclusion.reason = "We cannot ask in this family's language: the office reads it.".into();
        }
        self.push_notice(&mut conclusion, arrival, notice);
        Ok(conclusion)
    }

    /// A digit whose menu is closed is never guessed: it is read by a person, and the family is asked to use words.
    async fn closed_digit(&self, arrival: &Arrival) -> Flow<Conclusion> {
        let mut conclusion = self.routed(arrival).await?;
        conclusion.reason = format!("A digit of a question that is closed; not counted as an answer. {}", conclusion.reason);
        let notice = self.notice(
            &arrival.notice_to(),
            "menu-closed",
            &[("school", &arrival.school.short_name)],
            vec![],
            format!("closed:{}", arrival.incoming.id),
        );
        self.push_notice(&mut conclusion, arrival, notice);
        Ok(conclusion)
    }

    /// The thread an incoming joins, its clock, the route it proves, and "received" outside the owner's hours.
    pub(crate) async fn join(
        &self,
        conclusion: &mut Conclusion,
        arrival: &Arrival,
        staff: StaffId,
        student: Option<StudentId>,
    ) -> Flow<()> {
        let all = self.ports.people.staff(arrival.district.id).await?;
        let person = all.iter().find(|person| person.id == staff);
        let zone = domain::time::zone(arrival.school.zone.as_deref().unwrap_or(&arrival.district.zone));
        let due = quiet::due(self.now(), ANSWER_MINUTES, arrival.district.hours, &zone);
        let owner = match person {
            Some(person) if person.active && !person.absent => staff,
            _ => self.substitute(&all, staff, arrival.school.id).unwrap_or(staff),
        };
        if owner != staff {
            conclusion.reason.push_str(" Its owner is away: it comes to you.");
        }
        let private = person.is_some_and(|person| person.roles.contains(&domain::people::Role::Nurse));
        let only = if let [child] = arrival.card.children.as_slice() { Some(child.id) } else { None };
        let child = student.or(only);
        conclusion.thread = Some(JoinThread {
            id: self.id(),
            contact: arrival.contact,
            staff,
            student: child,
            school: arrival.school.id,
            private,
            clock: Deadline { owner, due },
            sender: arrival.sender.id,
        });
        if arrival.sender.channel == Channel::Sms {
            conclusion.route =
                Some(NewRoute { contact: arrival.contact, sender: arrival.sender.id, staff, student: child, at: self.now() });
        }
        if !conclusion.by_nobody && !quiet::in_hours(self.now(), arrival.district.hours, &zone) {
            let reader = all.iter().find(|person| person.id == owner).map(|person| person.title.clone()).unwrap_or_default();
            let day = self.speech.day(&arrival.language, due, &zone);
            let once = format!("received:{owner}:{}", self.day(arrival));
            let arguments = [("school", arrival.school.short_name.as_str()), ("teacher", reader.as_str()), ("date", day.as_str())];
            let notice = self.notice(&arrival.notice_to(), "received", &arguments, vec![], once);
            self.push_notice(conclusion, arrival, notice);
        }
        Ok(())
    }

    /// Backup, then office, then principal of the school.
    pub(crate) fn substitute(&self, all: &[domain::people::Staff], staff: StaffId, school: SchoolId) -> Option<StaffId> {
        use domain::people::Role;
        let usable = |person: &&domain::people::Staff| person.active && !person.absent && person.id != staff;
        let backup = all.iter().find(|person| person.id == staff).and_then(|person| person.backup);
        let here = |role: Role| {
            all.iter()
                .filter(usable)
                .find(|person| person.roles.contains(&role) && person.schools.contains(&school))
                .map(|person| person.id)
        };
        backup
            .filter(|id| all.iter().filter(usable).any(|person| person.id == *id))
            .or_else(|| here(Role::Office))
            .or_else(|| here(Role::Principal))
    }

    /// An empty conclusion of this arrival.
    pub(crate) fn conclusion(&self, arrival: &Arrival, place: Place, reason: &str) -> Conclusion {
        let audit = self.audit(StaffId::HOUSE, "received", format!("incoming {}", arrival.incoming.id));
        Conclusion {
            contact: Some(arrival.contact),
            sender: Some(arrival.sender.id),
            understood: arrival.understood.clone(),
            ..Conclusion::of(arrival.incoming.id, place, reason.to_owned(), audit)
        }
    }

    /// A conclusion about what nobody of the family is known to have written.
    pub(crate) fn by_nobody(&self, arrival: &Arrival, place: Place, reason: &str) -> Conclusion {
        Conclusion { by_nobody: true, ..self.conclusion(arrival, place, reason) }
    }

    /// A task that comes from an incoming, due in so many minutes.
    pub(crate) fn incoming_task(&self, arrival: &Arrival, kind: TaskKind, reason: &str, minutes: i64) -> NewTask {
        let now = self.now();
        NewTask {
            id: self.id(),
            kind,
            school: arrival.school.id,
            contact: Some(arrival.contact),
            guardian: arrival.card.guardians.first().map(|guardian| guardian.id),
            student: if let [child] = arrival.card.children.as_slice() { Some(child.id) } else { None },
            message: None,
            incoming: Some(arrival.incoming.id),
            reason: reason.to_owned(),
            due: now.plus_minutes(minutes),
            made: now,
            key: format!("{}:{}", kind.as_str(), arrival.incoming.id),
        }
    }

    /// A risk phrase alerts the duty list, whatever the route: acknowledged within five minutes, else the next.
    pub(crate) fn alert_risk(&self, conclusion: &mut Conclusion, arrival: &Arrival) {
        if !conclusion.understood.risks.is_empty() {
            conclusion.tasks.push(self.incoming_task(
                arrival,
                TaskKind::Risk,
                "A family's words may mean danger: read them now.",
                crate::duty::MINUTES,
            ));
        }
    }

    pub(crate) fn day(&self, arrival: &Arrival) -> String {
        let zone = domain::time::zone(arrival.school.zone.as_deref().unwrap_or(&arrival.district.zone));
        self.now().in_zone(&zone).date().to_string()
    }
}

/// A yes or no counts only where exactly one open question takes it, and that is the last text on the screen.
fn yes_no_entry(evidence: &Evidence, yes: bool) -> Option<MenuEntry> {
    use domain::message::Answer;
    let wanted: &[Answer] = if yes { &[Answer::Coming, Answer::Permit] } else { &[Answer::NotComing, Answer::Refuse] };
    let fits = |entry: &&MenuEntry| matches!(&entry.meaning, Meaning::Answer { answer, .. } if wanted.contains(answer));
    let mut fitting = evidence.open.iter().filter(fits);
    let first = fitting.next()?;
    let last = evidence.recent.first().map(|recent| recent.delivery).filter(|_| evidence.pending.is_empty());
    let asked = matches!(first.meaning, Meaning::Answer { delivery, .. } if last == Some(delivery));
    (asked && fitting.next().is_none()).then(|| first.clone())
}
