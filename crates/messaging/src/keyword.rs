//! STOP, START, HELP and "wrong number", in the family's language: at once, within their scope (DIALOGUE 6).

use crate::notice::NoticeTo;
use crate::receive::Arrival;
use crate::speech::Spoke;
use crate::*;
use domain::conversation::{Place, TaskKind};
use domain::menu::{Meaning, MenuEntry};
use domain::message::{Answer, Weight};

impl Flows {
    /// Concludes an incoming that is a keyword and nothing else.
    pub(crate) async fn keyword(&self, arrival: &Arrival, spoke: Spoke) -> Flow<Conclusion> {
        let school = arrival.school.short_name.as_str();
        let mut conclusion = self.conclusion(arrival, Place::Handled, "");
        let to = arrival.notice_to();
        let last = arrival
            .evidence
            .recent
            .first()
            .map(|recent| recent.speaks_for)
            .or_else(|| arrival.evidence.routes.first().map(|route| route.staff));
        let teacher = match last {
            Some(staff) => self.title(arrival.district.id, staff).await?,
            None => None,
        };
        match spoke {
            Spoke::Stop => {
                conclusion.reason = "STOP: no more messages but emergencies.".into();
                conclusion.block = Some((arrival.contact, Weight::STOP_BITS, None));
                let until = self.now().plus_days(30);
                let entry = |digit, meaning| MenuEntry { contact: arrival.contact, sender: arrival.sender.id, digit, meaning, until };
                let mut menus = vec![entry(8, Meaning::StopAll)];
                let notice = match (teacher, last) {
                    (Some(teacher), Some(staff)) => {
                        menus.push(entry(7, Meaning::StopOnly { staff }));
                        self.notice(&to, "stopped", &[("school", school), ("teacher", &teacher)], menus, String::new())
                    }
                    _ => self.notice(&to, "stopped-simple", &[("school", school)], menus, String::new()),
                };
                self.push_notice(&mut conclusion, arrival, notice);
            }
            Spoke::Start => {
                conclusion.reason = "START: messages again.".into();
                conclusion.block = Some((arrival.contact, 0, None));
                let notice = self.notice(&to, "started", &[("school", school)], vec![], String::new());
                self.push_notice(&mut conclusion, arrival, notice);
            }
            Spoke::Help => {
                conclusion.reason = "HELP: answered, and shown to the office.".into();
                conclusion.tasks.push(self.incoming_task(
                    arrival,
                    TaskKind::Attend,
                    "A family asked for help. Our answer went; see whether it was enough.",
                    240,
                ));
                let arguments = [("school", school), ("phone", arrival.school.phone.as_str())];
                let notice = self.notice(&to, "help", &arguments, vec![], String::new());
                self.push_notice(&mut conclusion, arrival, notice);
            }
            Spoke::ContactMe => {
                // In words what "3 contact me" says by digit: about the newest text that offered it, if there is one.
                let offers = |entry: &&MenuEntry| matches!(entry.meaning, Meaning::Answer { answer: Answer::ContactMe, .. });
                let newest = arrival.evidence.open.iter().find(offers);
                let delivery =
                    newest.and_then(|entry| if let Meaning::Answer { delivery, .. } = entry.meaning { Some(delivery) } else { None });
                return self.contact_me(arrival, delivery).await;
            }
            Spoke::Wrong => {
                conclusion.reason = "Wrong number: not used again until the office confirms it.".into();
                conclusion.suspend = Some(domain::ladder::NOT_THEIRS);
                conclusion.tasks.push(self.incoming_task(
                    arrival,
                    TaskKind::Attend,
                    "Somebody says this number is not this family's: ask for the right one.",
                    480,
                ));
                let notice = self.notice(&to, "wrong-number", &[("school", school)], vec![], String::new());
                self.push_notice(&mut conclusion, arrival, notice);
            }
        }
        conclusion.audit.act = "consent";
        Ok(conclusion)
    }

    /// A notice goes unless the carrier has already answered itself.
    pub(crate) fn push_notice(&self, conclusion: &mut Conclusion, arrival: &Arrival, notice: Option<Ready>) {
        if !arrival.carrier_answered {
            conclusion.notices.extend(notice);
        }
    }

    /// Staff as families call them.
    pub(crate) async fn title(&self, district: DistrictId, staff: StaffId) -> Flow<Option<String>> {
        if staff == StaffId::HOUSE {
            return Ok(None);
        }
        let all = self.ports.people.staff(district).await?;
        Ok(all.into_iter().find(|person| person.id == staff).map(|person| person.title))
    }
}

impl Arrival {
    /// How a notice goes back.
    pub(crate) fn notice_to(&self) -> NoticeTo<'_> {
        NoticeTo {
            contact: self.contact,
            channel: self.sender.channel,
            sender: self.sender.id,
            school: self.school.id,
            language: &self.language,
            speaks_for: StaffId::HOUSE,
            answers_to: Some(self.incoming.id),
        }
    }
}
