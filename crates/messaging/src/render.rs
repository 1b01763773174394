//! From one message to its renditions: translated per *language*, never per family (phrase, else memory, else engine), with
//! a hold where a person must look first, and the original plus a notice where there are no words (invariants 4 and 5).

use crate::compose::right_to_left_first;
use crate::*;
use domain::conversation::HoldKind;
use domain::message::*;
use domain::passage::ToTranslate;
use domain::people::District;

/// The language tag of families whose language is not on file.
pub(crate) const UNKNOWN: &str = "und";

/// What rendering a message in one language came to.
#[derive(Clone, Debug)]
pub(crate) struct Rendered {
    pub rendition: Rendition,
    pub hold: Option<NewHold>,
}

/// What rendering needs beside the message.
pub(crate) struct Setting<'a> {
    pub district: &'a District,
    pub school: &'a domain::people::School,
    /// As families call the author.
    pub title: &'a str,
    /// Names that must survive translation.
    pub names: &'a [String],
    /// Languages some reviewer of the district reads.
    pub reviewed: &'a [String],
    pub approvals: &'a [PhraseApproval],
}

/// Words found for one language.
struct Found {
    text: String,
    subject: String,
    from: WordsFrom,
    source: String,
    findings: Vec<String>,
}

/// Languages that a person of the district reviews.
pub(crate) fn reviewed(staff: &[domain::people::Staff]) -> Vec<String> {
    let reviews = |person: &&domain::people::Staff| person.active && person.roles.contains(&domain::people::Role::Interpreter);
    staff.iter().filter(reviews).flat_map(|person| person.languages.clone()).collect()
}

impl Flows {
    /// The whole text in the author's language: what a reviewer sees as the source, and what "the original" is.
    pub(crate) fn source_text(&self, message: &Message, setting: &Setting<'_>) -> String {
        let body = match &message.words {
            Words::Free { text } => text.trim().to_owned(),
            Words::Phrase { key, arguments } => {
                let spoken =
                    self.speech.phrase(&message.language, key, arguments, &self.speech.setting_arguments(setting.school, setting.title));
                spoken.map_or_else(|| key.clone(), |spoken| spoken.text)
            }
        };
        self.with_learning(&message.language, body, &message.learning)
    }

    fn with_learning(&self, language: &str, body: String, learning: &Learning) -> String {
        let mut lines = vec![body];
        for (label, words) in
            [("we-are-learning", &learning.learning), ("try-at-home", &learning.try_at_home), ("ask-your-child", &learning.ask)]
        {
            if !words.trim().is_empty() {
                let label = self.speech.say(language, label, &[]).unwrap_or_default();
                lines.push(if label.is_empty() { words.trim().to_owned() } else { format!("{} {}", label.trim(), words.trim()) });
            }
        }
        lines.join("\n")
    }

    /// One rendition per (language, channel) wanted.
    pub(crate) async fn render(&self, message: &Message, wanted: &[(String, Channel)], setting: &Setting<'_>) -> Flow<Vec<Rendered>> {
        let source = self.source_text(message, setting);
        let mut languages: Vec<String> = wanted.iter().map(|(language, _)| language.clone()).collect();
        languages.sort();
        languages.dedup();
        let mut all = Vec::new();
        for language in languages {
            let found = self.words_in(&language, message, &source, setting).await?;
            for (_, channel) in wanted.iter().filter(|(tag, _)| *tag == language) {
                all.push(self.rendered(&language, *channel, message, &source, found.as_ref(), setting));
            }
        }
        Ok(all)
    }

    async fn words_in(&self, language: &str, message: &Message, source: &str, setting: &Setting<'_>) -> Flow<Option<Found>> {
        if language == message.language {
            return Ok(Some(Found {
                text: source.to_owned(),
                subject: String::new(),
                from: WordsFrom::Original,
                source: String::new(),
                findings: vec![],
            }));
        }
        if language == UNKNOWN {
            return Ok(None);
        }
        let key = self.ports.passages.key(&message.language, source, setting.names);
        let wanted = [(key, language.to_owned())];
        let remembered = self.ports.words.remembered(setting.district.id, &message.language, &wanted).await?;
        if let Some(memory) = remembered.into_iter().next().flatten()
            && let Some(text) = self.ports.passages.fill(&message.language, language, &memory.pattern, source, setting.names)
        {
            return Ok(Some(Found { text, subject: String::new(), from: WordsFrom::Person, source: memory.by, findings: vec![] }));
        }
        let pieces = self.free_pieces(message);
        let mut translated = Vec::new();
        let mut engine = String::new();
        let mut findings = Vec::new();
        if !pieces.is_empty() {
            if !self.ports.translate.covers(&message.language, language) {
                return Ok(None);
            }
            let set: Vec<ToTranslate> = pieces
                .iter()
                .map(|text| ToTranslate {
                    from: message.language.clone(),
                    to: language.to_owned(),
                    text: text.clone(),
                    names: setting.names.to_vec(),
                })
                .collect();
            for answer in self.ports.translate.translate(&set).await {
                let Ok(words) = answer else { return Ok(None) };
                engine = words.engine;
                findings.extend(words.findings);
                translated.push(words.text);
            }
        }
        let mut words = translated.into_iter();
        let (body, subject, phrase) = match &message.words {
            Words::Free { .. } => (words.next().unwrap_or_default(), String::new(), None),
            Words::Phrase { key, arguments } => {
                let Some(spoken) =
                    self.speech.phrase(language, key, arguments, &self.speech.setting_arguments(setting.school, setting.title))
                else {
                    return Ok(None);
                };
                let approved = setting.approvals.iter().find(|approval| {
                    approval.key == *key
                        && approval.language == language
                        && self.speech.phrase_source(language, key).as_deref() == Some(&approval.text)
                });
                let status = match (approved, &spoken.checked_by) {
                    (Some(approval), _) if approval.sample => (WordsFrom::PhraseApproved, format!("{} (sample approval)", approval.by)),
                    (Some(approval), _) => (WordsFrom::PhraseApproved, approval.by.clone()),
                    (None, Some(speaker)) => (WordsFrom::PhraseApproved, speaker.clone()),
                    (None, None) => (WordsFrom::PhraseDraft, "phrase, draft".to_owned()),
                };
                (spoken.text, spoken.subject, Some(status))
            }
        };
        let mut learning = message.learning.clone();
        for field in [&mut learning.learning, &mut learning.try_at_home, &mut learning.ask] {
            if !field.trim().is_empty() {
                *field = words.next().unwrap_or_default();
            }
        }
        let text = self.with_learning(language, body, &learning);
        let (from, source) = match phrase {
            Some(status) if engine.is_empty() => status,
            _ => (WordsFrom::Machine, format!("{engine}, not checked")),
        };
        Ok(Some(Found { text, subject, from, source, findings }))
    }

    /// What a person typed and an engine would have to translate, in the order body, learning, try at home, ask.
    fn free_pieces(&self, message: &Message) -> Vec<String> {
        let mut pieces = Vec::new();
        if let Words::Free { text } = &message.words {
            pieces.push(text.trim().to_owned());
        }
        let learning = &message.learning;
        pieces.extend(
            [&learning.learning, &learning.try_at_home, &learning.ask].into_iter().map(|t| t.trim().to_owned()).filter(|t| !t.is_empty()),
        );
        pieces
    }

    /// The policy of DIALOGUE 9 to 11 and invariants 4 and 5 over what was found.
    fn rendered(
        &self,
        language: &str,
        channel: Channel,
        message: &Message,
        original: &str,
        found: Option<&Found>,
        setting: &Setting<'_>,
    ) -> Rendered {
        let mut rendition = Rendition {
            id: self.id(),
            message: message.id,
            language: language.to_owned(),
            channel,
            subject: found.map(|found| found.subject.clone()).unwrap_or_default(),
            text: found.map_or(original, |found| &found.text).to_owned(),
            notice: String::new(),
            from: found.map_or(WordsFrom::OriginalWithNotice, |found| found.from),
            source: found.map(|found| found.source.clone()).unwrap_or_default(),
            state: RenditionState::Ready,
        };
        if rendition.subject.is_empty() {
            rendition.subject = self.plain_subject(language, setting);
        }
        let now = self.now();
        let reviewer = setting.reviewed.iter().any(|tag| tag == language);
        let clock = now.plus_minutes(setting.district.review_minutes).min(message.useful_until.plus_minutes(-15)).max(now);
        let hold =
            |kind, reason: &str, due| Some(NewHold { id: self.id(), rendition: RenditionId(0), kind, reason: reason.to_owned(), due });
        let emergency = message.weight == Weight::Emergency;
        let hold = match found {
            Some(found) => match found.from {
                WordsFrom::Original | WordsFrom::PhraseApproved | WordsFrom::Person => None,
                WordsFrom::PhraseDraft if emergency => {
                    rendition.notice = right_to_left_first(self.speech.right_to_left(language), rendition.text.clone());
                    rendition.text = original.to_owned();
                    None
                }
                WordsFrom::PhraseDraft if message.weight == Weight::Essential => {
                    rendition.state = RenditionState::Held;
                    hold(HoldKind::Essential, "An essential message: a speaker checks these draft words first.", clock)
                }
                WordsFrom::PhraseDraft => None,
                _ if emergency => {
                    self.original_with_notice(&mut rendition, original, setting);
                    hold(
                        HoldKind::MachineWords,
                        "An emergency never waits: the original went with a notice. Approved words follow as an update.",
                        clock,
                    )
                }
                _ if !found.findings.is_empty() => {
                    rendition.state = RenditionState::Held;
                    hold(HoldKind::Guard, &format!("Check before it goes: {}", found.findings.join("; ")), clock)
                }
                _ if message.weight >= Weight::Routine && setting.district.machine_words_may_go => {
                    if let Some(label) = self.speech.say(language, "notice-machine", &[]) {
                        rendition.text = format!("{}\n{label}", rendition.text);
                    }
                    None
                }
                _ => {
                    rendition.state = RenditionState::Held;
                    hold(HoldKind::MachineWords, "A machine wrote this: a person reads it first.", clock)
                }
            },
            None => {
                self.original_with_notice(&mut rendition, original, setting);
                if reviewer && !emergency && language != UNKNOWN {
                    rendition.state = RenditionState::Held;
                    hold(
                        HoldKind::NoLanguage,
                        "No words in this language yet: an interpreter writes them, or the original goes with a notice.",
                        clock,
                    )
                } else if language == UNKNOWN {
                    None
                } else {
                    hold(HoldKind::NoLanguage, "No words in this language: the original went with a notice.", clock)
                }
            }
        };
        let mut hold = hold;
        if message.reach_only && channel == Channel::Sms && !emergency {
            self.reach_only(&mut rendition, setting);
            hold = None;
        } else if message.reach_only {
            rendition.subject = self.plain_subject(language, setting);
        }
        let hold = hold.map(|hold| NewHold { rendition: rendition.id, ..hold });
        Rendered { rendition, hold }
    }

    /// Words that may go, in the other channel's form: the same words, since people may have approved or corrected exactly these.
    /// `None` where that form needs others: what waits for a person, and a private matter, of which a text says less than a letter.
    pub(crate) fn reformed(&self, words: &Rendition, channel: Channel, message: &Message, setting: &Setting<'_>) -> Option<Rendition> {
        if words.state != RenditionState::Ready || message.reach_only {
            return None;
        }
        let subject = match &message.words {
            Words::Phrase { key, arguments } => self
                .speech
                .phrase(&words.language, key, arguments, &self.speech.setting_arguments(setting.school, setting.title))
                .map(|spoken| spoken.subject),
            Words::Free { .. } => None,
        };
        let subject = subject.filter(|subject| !subject.is_empty()).unwrap_or_else(|| self.plain_subject(&words.language, setting));
        Some(Rendition { id: self.id(), channel, subject, ..words.clone() })
    }

    /// "Message from Maple Street".
    fn plain_subject(&self, language: &str, setting: &Setting<'_>) -> String {
        self.speech
            .say(language, "email-subject-from", &[("school", &setting.school.short_name)])
            .unwrap_or_else(|| setting.school.short_name.clone())
    }

    /// Only that somebody needs to reach the family: in its language, or in the school's where it lacks the sentence.
    pub(crate) fn reach_only(&self, rendition: &mut Rendition, setting: &Setting<'_>) {
        let arguments =
            [("school", setting.school.short_name.as_str()), ("teacher", setting.title), ("phone", setting.school.phone.as_str())];
        let said = self.speech.say(&rendition.language, "needs-to-reach-you", &arguments);
        if let Some(words) = said.or_else(|| self.speech.say(&setting.district.staff_language, "needs-to-reach-you", &arguments)) {
            rendition.text = words;
        }
        rendition.notice = String::new();
        rendition.from = WordsFrom::ReachOnly;
        rendition.source = "phrase, draft".into();
        rendition.state = RenditionState::Ready;
    }

    /// Invariant 5: the original, and the notice in the family's language before it.
    pub(crate) fn original_with_notice(&self, rendition: &mut Rendition, original: &str, setting: &Setting<'_>) {
        rendition.from = WordsFrom::OriginalWithNotice;
        rendition.source = "original with notice".into();
        rendition.text = original.to_owned();
        let arguments = [("school", setting.school.short_name.as_str()), ("phone", setting.school.phone.as_str())];
        rendition.notice = if rendition.language == UNKNOWN {
            self.speech.autonym_question(&setting.school.short_name)
        } else {
            self.speech
                .say(&rendition.language, "notice-original", &arguments)
                .map(|notice| right_to_left_first(self.speech.right_to_left(&rendition.language), notice))
                .unwrap_or_else(|| self.speech.list_of_languages(&setting.school.phone))
        };
    }
}
