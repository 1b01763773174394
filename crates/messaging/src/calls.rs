//! Calls to our numbers (DIALOGUE 19): put through to the school, or one line in the caller's language; and what nobody took is seen
//! where a text from that phone would be. Must never know what a company calls any of it.

use crate::receive::Arrival;
use crate::route::{Decision, decide};
use crate::*;
use domain::calls::{CallAnswer, CallStage, Calls, Line};
use domain::conversation::{Place, TaskKind};
use domain::people::Sender;

/// What is kept of a call that was put through.
pub(crate) const PUT_THROUGH: &[u8] = b"put through";
/// Minutes in which somebody calls back.
const CALL_BACK_MINUTES: i64 = 120;
/// Languages a caller nobody knows is spoken to in, the staff's among them.
const LANGUAGES: usize = 3;

impl Flows {
    /// What becomes of a call that is at this stage; and the stage that is kept of it, which is what the caller was told.
    pub async fn answer_call(&self, from: &str, to: &str, stage: CallStage) -> Flow<(CallAnswer, CallStage)> {
        if stage == CallStage::Answered {
            return Ok((CallAnswer::End, stage));
        }
        let Some((district, sender)) = self.ports.directory.sender_by_address(to).await? else {
            return Ok((CallAnswer::End, CallStage::Missed));
        };
        if let (CallStage::Ringing, Calls::Forward(to)) = (stage, &sender.calls) {
            return Ok((CallAnswer::Forward { to: to.clone() }, CallStage::PutThrough));
        }
        let sentence = if stage == CallStage::Ringing { "call-says" } else { "call-missed" };
        Ok((self.lines(district, &sender, from, sentence).await?, CallStage::Missed))
    }

    /// The line in the languages of whoever is known by this phone, else in the district's first ones.
    async fn lines(&self, id: DistrictId, sender: &Sender, from: &str, sentence: &str) -> Flow<CallAnswer> {
        let district = self.district(id).await?;
        let schools = self.ports.people.schools(id).await?;
        let Some(school) = schools.iter().find(|school| school.id == sender.school) else {
            return Ok(CallAnswer::End);
        };
        let mut languages: Vec<String> = Vec::new();
        if let Some(contact) = self.ports.people.contact_at(id, Channel::Sms, from).await?
            && let Some(card) = self.ports.people.card(id, contact, self.now()).await?
        {
            languages.extend(card.guardians.into_iter().filter_map(|guardian| guardian.language));
        }
        if languages.is_empty() {
            languages.push(district.staff_language.clone());
            languages.extend(self.ports.views.languages(id, &[]).await?.into_iter().map(|(language, _)| language));
        }
        let mut seen = std::collections::BTreeSet::new();
        languages.retain(|language| language != crate::render::UNKNOWN && seen.insert(language.clone()));
        let arguments = [("school", school.short_name.as_str()), ("phone", school.phone.as_str())];
        let line = |language: &String| {
            let words = self.speech.say(language, sentence, &arguments)?;
            Some(Line { language: language.clone(), words })
        };
        let lines: Vec<Line> = languages.iter().filter_map(line).take(LANGUAGES).collect();
        Ok(line(&district.staff_language).map_or(CallAnswer::End, |spare| CallAnswer::Say { lines, spare }))
    }

    /// Why calls to this number reach nobody, and what to do; `None` = they are taken care of, or it takes none.
    pub fn calls_go_nowhere(&self, sender: &Sender) -> Option<&'static str> {
        if sender.channel != Channel::Sms {
            return None;
        }
        let answers = self.ports.carriers.get(Channel::Sms, &sender.account).is_some_and(|carrier| carrier.answers_calls());
        match &sender.calls {
            Calls::Unsaid => Some("Say where calls to this number go."),
            Calls::Forward(to) if to.reveal() == sender.address => Some("A number cannot put calls through to itself."),
            Calls::Forward(to) if !Phone::is_international(to.reveal()) => {
                Some("Write the phone calls are put through to, with its area code.")
            }
            Calls::Elsewhere(note) if note.trim().is_empty() => Some("Write who takes the calls, so that others know."),
            Calls::Elsewhere(_) => None,
            Calls::Forward(_) | Calls::Says if !answers => {
                Some("Homeword cannot answer calls at this number's company: set them up there, and write who takes them.")
            }
            Calls::Forward(_) | Calls::Says => None,
        }
    }

    /// Where a call is seen: with whom a text from this phone would be, else with the office. Nobody is texted about it.
    pub(crate) async fn called(&self, arrival: &Arrival) -> Flow<Conclusion> {
        let words =
            |text: &str| Understood { text: text.into(), language: arrival.district.staff_language.clone(), ..Understood::default() };
        if arrival.incoming.raw == PUT_THROUGH {
            let mut conclusion = self.conclusion(arrival, Place::Handled, "A call, put through to the school.");
            conclusion.understood = words("Called; put through to the school.");
            return Ok(conclusion);
        }
        if let Decision::Thread { staff, student, .. } = decide(&arrival.evidence, &arrival.card, &arrival.came(None)) {
            let mut conclusion = self.conclusion(arrival, Place::Thread, "This family called the number on which it writes with you.");
            conclusion.understood = words("Called, and nobody took it.");
            self.join(&mut conclusion, arrival, staff, student).await?;
            // A call proves no route, and "we got your text" would be no answer to it.
            conclusion.route = None;
            conclusion.notices.clear();
            return Ok(conclusion);
        }
        let (kind, reason) = if arrival.known() {
            (TaskKind::ContactFamily, "A family called our number, and nobody took it: contact them.")
        } else {
            (TaskKind::UnknownSender, "A number nobody has on file called, and nobody took it: find out who it is.")
        };
        let mut conclusion = self.conclusion(arrival, Place::Office, "A missed call.");
        conclusion.understood = words("Called, and nobody took it.");
        let mut task = self.incoming_task(arrival, kind, reason, CALL_BACK_MINUTES);
        // Ten calls in a row are one thing to do.
        task.key = format!("called:{}:{}", arrival.contact, self.day(arrival));
        conclusion.tasks.push(task);
        Ok(conclusion)
    }
}
