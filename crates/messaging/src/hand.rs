//! By hand (DIALOGUE 18): a queue, not a failure. Somebody takes a task, says what came of it, and what the family said enters
//! its conversation like a text would.

use crate::*;
use domain::conversation::{Place, Via};
use domain::message::Answer;
use domain::people::Role;
use domain::rights::{Act, Actor};
use domain::views::TaskRow;
use serde::{Deserialize, Serialize};

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Result {
    /// In words, for staff.
    pub words: String,
    /// The answer the family chose, if the message offers answers.
    pub answer: Option<Answer>,
    /// What the family said, as it was understood.
    pub said: String,
}

/// What was said, as it is kept raw until it is in its thread.
#[derive(Serialize, Deserialize)]
struct Said {
    contact: ContactId,
    message: Option<MessageId>,
    answer: Option<Answer>,
    by: StaffId,
    school: SchoolId,
    said: String,
}

impl Flows {
    pub(crate) async fn open_task(&self, actor: &Actor, task: TaskId) -> Flow<TaskRow> {
        let schools = if actor.is(Role::District) { vec![] } else { actor.schools.clone() };
        let open = self.ports.views.tasks(actor.district, &schools, false, "", self.now()).await?;
        let found = open.into_iter().find(|row| row.task == task).ok_or(FlowFault::NotFound)?;
        actor.may(&Act::WorkByHand(found.school))?;
        Ok(found)
    }

    /// Somebody has it: a risk is not passed on any more.
    pub async fn take_task(&self, actor: &Actor, task: TaskId) -> Flow<bool> {
        self.open_task(actor, task).await?;
        let audit = self.audit(actor.staff, "by-hand", format!("task {task} taken"));
        let mine = self.ports.outbound.take_task(actor.district, task, actor.staff, &audit).await?;
        self.ring(actor.district);
        Ok(mine)
    }

    /// Ends a task with its result.
    pub async fn end_task(&self, actor: &Actor, task: TaskId, result: &Result) -> Flow<bool> {
        let row = self.open_task(actor, task).await?;
        let (words, said) = (result.words.trim(), result.said.trim());
        if words.is_empty() && said.is_empty() && result.answer.is_none() {
            return Err(FlowFault::Invalid("Write what came of it.".into()));
        }
        let offered = |answer: &Answer| row.answers.acts().contains(answer);
        if result.answer.as_ref().is_some_and(|answer| !offered(answer)) {
            return Err(FlowFault::Invalid("This message does not offer that answer.".into()));
        }
        if let Some(contact) = row.contact.filter(|_| result.answer.is_some() || !said.is_empty()) {
            let said =
                Said { contact, message: row.message, answer: result.answer, by: actor.staff, school: row.school, said: said.to_owned() };
            let raw = serde_json::to_vec(&said).map_err(|_| FlowFault::Invalid("What was said cannot be kept.".into()))?;
            // The key is the task's: pressed twice, it is said once.
            let incoming = self.raw(format!("hand:{task}"), Via::Hand, self.now(), ("", ""), raw, false);
            self.ports.inbound.take_in(actor.district, &[incoming]).await?;
        }
        let answer = result.answer.and_then(|answer| self.speech.answer_word("en", answer));
        let told: Vec<&str> = [answer.as_deref().unwrap_or_default(), words, said].into_iter().filter(|part| !part.is_empty()).collect();
        let audit = self.audit(actor.staff, "by-hand", format!("task {task}"));
        let done = self.ports.outbound.end_task(actor.district, task, &told.join(". "), &audit).await?;
        self.ring(actor.district);
        Ok(done)
    }

    /// What was said on the phone or at the door enters the conversation with the message's author, else with who took it down.
    pub(crate) async fn receive_said(&self, district: DistrictId, incoming: &NewIncoming) -> Flow<Conclusion> {
        let said: Said = serde_json::from_slice(&incoming.raw).map_err(|_| FlowFault::Invalid("not what Homeword wrote down".into()))?;
        let card = self.ports.people.card(district, said.contact, self.now()).await?.ok_or(FlowFault::NotFound)?;
        let delivery = match said.message {
            Some(message) => self.ports.outbound.delivery_to(district, message, said.contact).await?,
            None => None,
        };
        let info = match delivery {
            Some(delivery) => self.ports.outbound.delivery(district, delivery).await?,
            None => None,
        };
        let staff = info.as_ref().map(|info| info.speaks_for).filter(|id| *id != StaffId::HOUSE).unwrap_or(said.by);
        let senders = self.ports.people.senders(district).await?;
        let fits = |sender: &&domain::people::Sender| sender.channel == card.channel && sender.school == said.school;
        let sender = info
            .as_ref()
            .and_then(|info| senders.iter().find(|sender| sender.id == info.sender))
            .or_else(|| senders.iter().find(fits))
            .or_else(|| senders.first())
            .cloned()
            .ok_or(FlowFault::NotFound)?;
        let place = self.district(district).await?;
        let schools = self.ports.people.schools(district).await?;
        let school = schools.into_iter().find(|school| school.id == said.school).ok_or(FlowFault::NotFound)?;
        let language = place.staff_language.clone();
        let understood = self.understand(&said.said, &language, &language, vec![]).await;
        let by = self.title(district, said.by).await?.unwrap_or_default();
        let arrival = crate::receive::Arrival {
            incoming: incoming.clone(),
            district: place,
            school,
            sender,
            contact: said.contact,
            card,
            evidence: Evidence::default(),
            language,
            // Nobody is texted about what was said in person.
            carrier_answered: true,
            understood,
        };
        let mut conclusion = self.conclusion(&arrival, Place::Thread, &format!("Said in person; {by} wrote it down."));
        let student = info.as_ref().and_then(DeliveryInfo::only);
        self.join(&mut conclusion, &arrival, staff, student).await?;
        conclusion.notices.clear();
        if let (Some(answer), Some(delivery)) = (said.answer, delivery) {
            conclusion.answer = Some(NewAnswer { delivery, answer, words: said.said.clone() });
            let word = self.speech.answer_word(&arrival.language, answer).unwrap_or_default();
            conclusion.understood.translation = if said.said.is_empty() { word } else { format!("{word} + {}", said.said) };
        }
        conclusion.understood.source = format!("said in person to {by}");
        self.alert_risk(&mut conclusion, &arrival);
        Ok(conclusion)
    }
}
