//! Compose: who → what → when. A preview that counts before anything is sent, and the send itself.

use crate::audience::Why;
use crate::render::{Rendered, Setting, UNKNOWN};
use crate::wide::Reached;
use crate::*;
use domain::message::*;
use domain::people::{Role, School};
use domain::rights::{Act, Actor};
use std::collections::BTreeMap;

/// What a form says. The id is made with the form: sent twice, the first one stays.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The id it will have.
    pub id: MessageId,
    /// For whom.
    pub audience: Audience,
    /// How heavy.
    pub weight: Weight,
    /// Words.
    pub words: Words,
    /// Learning link.
    pub learning: Learning,
    /// Answers.
    pub answers: AnswerSet,
    /// Not before; `None` = now.
    pub send_at: Option<Time>,
    /// End of use; `None` = proposed.
    pub useful_until: Option<Time>,
    /// Corrects that one.
    pub corrects: Option<MessageId>,
}

/// One language in a preview.
#[derive(Clone, Debug)]
pub struct LanguagePreview {
    /// BCP 47; `und` = not on file.
    pub language: String,
    /// How many contact points.
    pub families: usize,
    /// Of those, by SMS.
    pub by_sms: usize,
    /// The words, with answer lines, as a text.
    pub text: String,
    /// The notice that goes before, if any.
    pub notice: String,
    /// SMS segments with the longest name, the notice before it counted: what one family's text comes to.
    pub segments: u16,
    /// It is too long for a text: its first words go, with a link to the whole.
    pub linked: bool,
    /// Where the words came from.
    pub from: WordsFrom,
    /// Who or what.
    pub source: String,
    /// Why it waits, and until when.
    pub waits: Option<(String, Time)>,
}

/// "26 families: 7 languages go now; 2 languages (3 families) wait for a reviewer; 2 adults not included (office)".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OneLine {
    /// Contact points.
    pub families: usize,
    /// Languages that go now.
    pub languages_now: usize,
    /// Contact points whose language is not on file: they are asked.
    pub language_asked: usize,
    /// Languages that wait.
    pub languages_waiting: usize,
    /// Families in those.
    pub families_waiting: usize,
    /// Until when at the latest.
    pub waiting_until: Option<Time>,
    /// Adults the office has not included.
    pub not_included: usize,
    /// Adults whose rights are unknown: the office decides.
    pub rights_unknown: usize,
    /// Adults with no usable way: by hand.
    pub by_hand: usize,
    /// Adults who stopped.
    pub stopped: usize,
    /// Numbers that are greeted first: for them it goes two hours later.
    pub greeted_first: usize,
}

/// Something to look at before Send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// Another pupil's name is in the words.
    OtherPupil(String),
    /// "today" or "tomorrow" in words that may arrive later.
    RelativeDay(String),
    /// A private matter may reach a shared phone.
    SharedPhone(usize),
}

/// What a draft would do.
#[derive(Clone, Debug)]
pub struct Preview {
    /// Languages, most families first.
    pub languages: Vec<LanguagePreview>,
    /// The one line before Send.
    pub line: OneLine,
    /// Warnings.
    pub warnings: Vec<Warning>,
    /// End of use as it will be.
    pub useful_until: Time,
    /// When it goes.
    pub opens: Time,
    /// Each family reads its own child's name where the preview shows one.
    pub names_child: bool,
    /// What it comes to.
    pub estimate: Estimate,
    /// The price of one segment, where one is known.
    pub price: Option<domain::price::Price>,
}

impl Flows {
    /// The school a draft speaks for, having asked rights.
    async fn school_of(&self, actor: &Actor, draft: &Draft) -> Flow<School> {
        let people = &self.ports.people;
        let schools = people.schools(actor.district).await?;
        let first = || actor.schools.first().copied().or_else(|| schools.first().map(|school| school.id));
        let id = match &draft.audience {
            Audience::Family { student } => {
                let (child, own) = people.student(actor.district, *student, actor.staff).await?.ok_or(FlowFault::NotFound)?;
                actor.may(&Act::WriteFamily { school: child.school, own_student: own })?;
                Some(child.school)
            }
            Audience::Class { class } => {
                let (school, _) = people.class(actor.district, *class).await?.ok_or(FlowFault::NotFound)?;
                actor.may(&Act::WriteClass(*class, school))?;
                Some(school)
            }
            Audience::School { school } => {
                actor.may(&Act::WriteSchool(*school))?;
                Some(*school)
            }
            Audience::District => {
                actor.may(&Act::WriteDistrict)?;
                first()
            }
            Audience::SameAs { message } | Audience::Unanswered { message } => {
                let view = self.ports.views.message_view(actor.district, *message).await?.ok_or(FlowFault::NotFound)?;
                let reminds = matches!(draft.audience, Audience::Unanswered { .. });
                if reminds && view.reminded_by.is_some_and(|id| id != draft.id) {
                    return Err(FlowFault::Invalid("These families were reminded once. Contact them by hand.".into()));
                }
                if view.message.author != actor.staff {
                    actor.may(&Act::WriteSchool(view.message.school))?;
                }
                Some(view.message.school)
            }
            Audience::Thread { .. } | Audience::Contact { .. } => return Err(FlowFault::NotFound),
        };
        actor.may(&Act::Weigh(draft.weight))?;
        id.and_then(|id| schools.into_iter().find(|school| school.id == id)).ok_or(FlowFault::NotFound)
    }

    fn message_of(&self, actor: &Actor, draft: &Draft, school: &School, district: &domain::people::District) -> Flow<Message> {
        match &draft.words {
            Words::Free { text } if text.trim().is_empty() => {
                return Err(FlowFault::Invalid("Write the message first.".into()));
            }
            Words::Free { text } if text.chars().count() > 3000 => {
                return Err(FlowFault::Invalid("Shorten the message to 3,000 characters.".into()));
            }
            Words::Free { .. } => {}
            Words::Phrase { key, arguments } => self.speech.check_arguments(key, arguments).map_err(FlowFault::Invalid)?,
        }
        let now = self.now();
        let start = draft.send_at.unwrap_or(now).max(now);
        let undo = if matches!(draft.audience, Audience::Family { .. }) { district.undo.0 } else { district.undo.1 };
        let undo = if draft.weight <= Weight::Urgent { 0 } else { undo };
        let zone = domain::time::zone(school.zone.as_deref().unwrap_or(&district.zone));
        let proposed = || crate::useful::until(&draft.words, draft.weight, start, &zone);
        let useful_until = draft.useful_until.unwrap_or_else(proposed);
        if useful_until <= start {
            return Err(FlowFault::Invalid("\"Stop trying after\" must be later than the time it goes.".into()));
        }
        Ok(Message {
            id: draft.id,
            author: actor.staff,
            school: school.id,
            weight: draft.weight,
            audience: draft.audience.clone(),
            words: draft.words.clone(),
            learning: draft.learning.clone(),
            answers: draft.answers,
            language: district.staff_language.clone(),
            written: now,
            not_before: start.max(now.plus_seconds(undo)),
            useful_until,
            corrects: draft.corrects,
            about: if let Audience::Family { student } = draft.audience { Some(student) } else { None },
            reach_only: actor.is(Role::Nurse) && matches!(draft.audience, Audience::Family { .. }),
            answers_to: None,
            answered_in: None,
        })
    }

    /// Renditions for every (language, channel) an audience needs, with what it needs to know.
    async fn prepare(&self, actor: &Actor, draft: &Draft) -> Flow<(Message, Reached, Vec<Rendered>, School)> {
        let school = self.school_of(actor, draft).await?;
        let district = self.district(actor.district).await?;
        let message = self.message_of(actor, draft, &school, &district)?;
        let reached = self.reached(&district, &message).await?;
        let wanted = reached.wanted();
        let staff = self.ports.people.staff(actor.district).await?;
        let title = staff.iter().find(|person| person.id == actor.staff).map(|person| person.title.clone()).unwrap_or_default();
        let names = self.names_among(actor.district, &message, &reached, &staff).await?;
        let reviewed = crate::render::reviewed(&staff);
        let approvals = self.ports.words.approvals(actor.district).await?;
        let setting =
            Setting { district: &district, school: &school, title: &title, names: &names, reviewed: &reviewed, approvals: &approvals };
        let rendered = self.render(&message, &wanted, &setting).await?;
        Ok((message, reached, rendered, school))
    }

    /// What a draft would do; nothing is written.
    pub async fn preview(&self, actor: &Actor, draft: &Draft) -> Flow<Preview> {
        let (message, reached, rendered, school) = self.prepare(actor, draft).await?;
        let title = self.title(actor.district, actor.staff).await?.unwrap_or_default();
        let district = self.district(actor.district).await?;
        let mut longest = reached.longest.clone();
        if let Some(rule) = &reached.rule {
            let name = self.ports.wide.longest_name(actor.district, rule).await?;
            longest = if name.chars().count() > longest.chars().count() { name } else { longest };
        }
        let ways = self.ways(actor.district, &message).await?;
        let sample = || self.link(actor.district, DeliveryId(message.id.0), &message);
        let mut groups: BTreeMap<String, LanguagePreview> = BTreeMap::new();
        for item in &rendered {
            let here = |channel| reached.count(&item.rendition.language, channel);
            let lines = self.answer_lines(&item.rendition.language, message.answers, 1);
            let text = self.dressed(&message, &item.rendition, &title, &longest);
            let under = |words: &str| if lines.is_empty() { words.to_owned() } else { format!("{words}\n{lines}") };
            // Answers stand under the notice, where there is one: it is in the family's language.
            let (notice, text) = match item.rendition.notice.as_str() {
                "" => (String::new(), under(&text)),
                notice => (under(notice), text),
            };
            let entry = groups.entry(item.rendition.language.clone()).or_insert_with(|| LanguagePreview {
                language: item.rendition.language.clone(),
                families: 0,
                by_sms: 0,
                segments: 0,
                linked: false,
                text,
                notice: notice.clone(),
                from: item.rendition.from,
                source: item.rendition.source.clone(),
                waits: item
                    .hold
                    .as_ref()
                    .filter(|_| item.rendition.state == RenditionState::Held)
                    .map(|hold| (hold.reason.clone(), hold.due)),
            });
            entry.families += here(item.rendition.channel);
            if item.rendition.channel == Channel::Sms {
                entry.by_sms += here(Channel::Sms);
                // As `outgoing` will put it together.
                let as_sent = |account: &str| self.body(&message, &item.rendition, (&title, &longest), &lines, account, sample);
                let texts: Vec<(String, bool)> = ways.accounts().map(as_sent).collect();
                entry.linked = texts.iter().any(|(_, linked)| *linked);
                let measured = |text: &str| ways.measure(self.ports.texts.as_ref(), text);
                entry.segments = texts.iter().map(|(text, _)| measured(text)).max().unwrap_or_else(|| measured(&entry.text));
                if !notice.is_empty() {
                    entry.segments += measured(&notice);
                }
            }
        }
        let mut languages: Vec<LanguagePreview> = groups.into_values().collect();
        languages.sort_by_key(|language| std::cmp::Reverse(language.families));
        let mut line = one_line(&reached, &languages);
        if district.introduce && message.weight > Weight::Urgent {
            line.greeted_first = reached.strange;
        }
        let warnings = self.warnings(actor, draft, &message, &reached).await?;
        let opens = opens(&message, &district, &school);
        let names_child = message.about.is_none() && rendered.iter().any(|item| item.rendition.text.contains("{student}"));
        let price = ways.price();
        let segments = languages.iter().map(|language| language.by_sms as u64 * u64::from(language.segments)).sum();
        let now = languages.iter().filter(|language| language.waits.is_none()).map(|language| language.by_sms).sum();
        let last = self.last(&district, &school, &message, &ways, now, opens).await?;
        let estimate = Estimate { segments, cost: price.as_ref().map(|price| price.of(segments)), last };
        Ok(Preview { languages, line, warnings, useful_until: message.useful_until, opens, names_child, estimate, price })
    }

    /// Sends: accepted means committed. False: this form had been sent before.
    pub async fn send(&self, actor: &Actor, draft: &Draft) -> Flow<(MessageId, bool)> {
        let (mut message, _, rendered, _) = self.prepare(actor, draft).await?;
        if let Some(corrected) = message.corrects
            && let Some(view) = self.ports.views.message_view(actor.district, corrected).await?
            && view.state == MessageState::Planning
        {
            // Not all of its deliveries exist yet: its whole audience gets the correction instead.
            message.audience = view.message.audience;
        }
        let renditions: Vec<Rendition> = rendered.iter().map(|item| item.rendition.clone()).collect();
        let holds: Vec<NewHold> = rendered.into_iter().filter_map(|item| item.hold).collect();
        let audit = self.audit(actor.staff, "sent", format!("message {}", message.id));
        let new = self.ports.outbound.accept(actor.district, &message, &renditions, &holds, &audit).await?;
        (self.ports.point)("accepted");
        if let (true, Some(corrected)) = (new, message.corrects) {
            let audit = self.audit(actor.staff, "withdrawn", format!("message {corrected} replaced by {}", message.id));
            self.ports.outbound.withdraw(actor.district, corrected, &audit).await?;
        }
        self.ring(actor.district);
        Ok((message.id, new))
    }

    /// Undo, or stop what still runs. Gives how many deliveries did not go.
    pub async fn withdraw(&self, actor: &Actor, message: MessageId) -> Flow<u64> {
        let view = self.ports.views.message_view(actor.district, message).await?.ok_or(FlowFault::NotFound)?;
        if view.message.author != actor.staff {
            actor.may(&Act::WriteSchool(view.message.school))?;
        }
        let audit = self.audit(actor.staff, "withdrawn", format!("message {message}"));
        let count = self.ports.outbound.withdraw(actor.district, message, &audit).await?;
        self.ring(actor.district);
        Ok(count)
    }

    /// A text as the family reads it: who writes, what it is about a message before it, the words with the child's name.
    /// Families distrust unknown numbers; phrases name their author themselves.
    pub(crate) fn dressed(&self, message: &Message, rendition: &Rendition, title: &str, students: &str) -> String {
        let text = fill_students(&rendition.text, students);
        let language = if rendition.from == WordsFrom::OriginalWithNotice { &message.language } else { &rendition.language };
        let text = match self.about_the_last(message, language) {
            Some(label) => format!("{label}\n{text}"),
            None => text,
        };
        let names_author =
            !matches!(message.words, Words::Free { .. }) || matches!(message.audience, Audience::Thread { .. } | Audience::Contact { .. });
        // What a nurse's text says names its author already.
        let text =
            if names_author || rendition.from == WordsFrom::ReachOnly || title.is_empty() { text } else { format!("{title}: {text}") };
        // Under a notice stands the original.
        let language = if rendition.notice.is_empty() { language } else { &message.language };
        right_to_left_first(self.speech.right_to_left(language), text)
    }

    /// "Correction. This replaces our last message:", "A reminder …", in a language; `None` for any other message.
    pub(crate) fn about_the_last(&self, message: &Message, language: &str) -> Option<String> {
        let says_so = matches!(&message.words, Words::Phrase { key, .. } if key == "correction");
        match (message.corrects, &message.audience) {
            (Some(_), _) if !says_so => self.speech.say(language, "corrects", &[]),
            (None, Audience::Unanswered { .. }) => self.speech.say(language, "reminder", &[]),
            _ => None,
        }
    }

    async fn warnings(&self, actor: &Actor, draft: &Draft, message: &Message, reached: &Reached) -> Flow<Vec<Warning>> {
        let mut warnings = Vec::new();
        let Words::Free { text } = &draft.words else {
            return Ok(warnings);
        };
        let words: Vec<String> = text.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase).collect();
        if let Some(day) = ["today", "tonight", "tomorrow", "hoy", "mañana"].iter().find(|day| words.iter().any(|word| word == *day)) {
            warnings.push(Warning::RelativeDay((*day).to_owned()));
        }
        if let Some(student) = message.about {
            let others = self.ports.views.families(actor.district, &actor.schools, None, "", 2000).await?;
            let own = reached.children.iter().find(|child| child.id == student).map(|c| c.given.to_lowercase());
            for other in others.iter().filter(|other| other.student != student) {
                let given = other.name.split_whitespace().next().unwrap_or_default();
                let lower = given.to_lowercase();
                if given.chars().count() > 2 && Some(&lower) != own.as_ref() && words.contains(&lower) {
                    warnings.push(Warning::OtherPupil(given.to_owned()));
                    break;
                }
            }
            if reached.shared > 0 && draft.weight == Weight::Essential {
                warnings.push(Warning::SharedPhone(reached.shared));
            }
        }
        Ok(warnings)
    }
}

/// When a message's window opens, in the school's zone.
pub(crate) fn opens(message: &Message, district: &domain::people::District, school: &School) -> Time {
    if message.weight <= Weight::Urgent {
        return message.not_before;
    }
    let zone = domain::time::zone(school.zone.as_deref().unwrap_or(&district.zone));
    domain::quiet::opens(message.not_before, district.quiet, &zone)
}

/// Many phones lay a text out by its first strong letter. Right-to-left words that begin with a Latin name would be turned around,
/// and a digit would stand beside the wrong answer: a right-to-left mark, one unit, goes first.
pub(crate) fn right_to_left_first(right_to_left: bool, text: String) -> String {
    let leftward = |mark: char| matches!(mark, '\u{590}'..='\u{8ff}' | '\u{200f}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}');
    let first = text.chars().find(|mark| mark.is_alphabetic() || *mark == '\u{200f}');
    if right_to_left && first.is_some_and(|mark| !leftward(mark)) { format!("\u{200f}{text}") } else { text }
}

/// `{student}` filled with names.
pub(crate) fn fill_students(text: &str, names: &str) -> String {
    text.replace("{student}", names)
}

fn one_line(reached: &Reached, languages: &[LanguagePreview]) -> OneLine {
    let (known, unknown): (Vec<&LanguagePreview>, Vec<_>) = languages.iter().partition(|language| language.language != UNKNOWN);
    let waiting: Vec<&&LanguagePreview> = known.iter().filter(|language| language.waits.is_some()).collect();
    OneLine {
        families: reached.families(),
        languages_now: known.len() - waiting.len(),
        language_asked: unknown.iter().map(|language| language.families).sum(),
        languages_waiting: waiting.len(),
        families_waiting: waiting.iter().map(|language| language.families).sum(),
        waiting_until: waiting.iter().filter_map(|language| language.waits.as_ref().map(|(_, until)| *until)).max(),
        not_included: reached.missed(Why::NotIncluded),
        rights_unknown: reached.missed(Why::RightsUnknown),
        by_hand: reached.missed(Why::NoWay),
        stopped: reached.missed(Why::Stopped),
        greeted_first: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::right_to_left_first;

    #[test]
    fn right_to_left_words_that_begin_with_a_latin_name_get_a_mark_and_no_other_words_do() {
        let first = |right_to_left, text: &str| right_to_left_first(right_to_left, text.to_owned());
        assert_eq!(first(true, "Ms Rivera: نتعلم"), "\u{200f}Ms Rivera: نتعلم");
        assert_eq!(first(true, "٩ Ms Rivera"), "\u{200f}٩ Ms Rivera", "digits have no direction");
        assert_eq!(first(true, "1 سنحضر 2 لن نحضر"), "1 سنحضر 2 لن نحضر");
        assert_eq!(first(true, "\u{200f}Maple: قف"), "\u{200f}Maple: قف", "once");
        assert_eq!(first(false, "Maple: PARAR"), "Maple: PARAR");
    }
}
