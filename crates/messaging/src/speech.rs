//! The product's sentences as the flows need them. The only file of this room that knows `localization`.

use domain::message::Answer;
use domain::people::School;
use domain::{Time, message::AnswerSet, message::Weight};
use jiff::tz::TimeZone;
use localization::{Catalogue, Keyword, Keywords, Languages, PhraseInfo, Status};
use std::collections::BTreeMap;

/// What a family's whole message means, beyond words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spoken {
    /// A digit, and what was written after it.
    Digit {
        /// 0 to 9.
        digit: u8,
        /// The rest.
        rest: String,
    },
    /// Yes or no.
    YesNo(bool),
}

/// A keyword.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spoke {
    Stop,
    Start,
    Help,
    Wrong,
    ContactMe,
}

/// A phrase in one language.
#[derive(Clone, Debug)]
pub struct SpokenPhrase {
    /// Words.
    pub text: String,
    /// Subject of a letter.
    pub subject: String,
    /// The speaker who checked it.
    pub checked_by: Option<String>,
}

/// A phrase for a form.
#[derive(Clone, Debug)]
pub struct PhraseCard {
    /// Key.
    pub key: String,
    /// For staff.
    pub label: String,
    /// Weight.
    pub weight: Weight,
    /// Answers offered.
    pub answers: AnswerSet,
    /// Linked to learning.
    pub learning: bool,
    /// Argument and kind.
    pub arguments: Vec<(String, String)>,
}

/// See the module.
pub struct Speech {
    catalogue: &'static Catalogue,
    keywords: &'static Keywords,
    languages: &'static Languages,
}

impl Default for Speech {
    fn default() -> Self {
        Self { catalogue: Catalogue::shipped(), keywords: Keywords::shipped(), languages: Languages::shipped() }
    }
}

impl Speech {
    /// A product sentence, or `None` where the language lacks it.
    pub fn say(&self, language: &str, id: &str, arguments: &[(&str, &str)]) -> Option<String> {
        let given: Vec<(&str, String)> = arguments.iter().map(|(name, value)| (*name, self.in_direction(language, name, value))).collect();
        let given: Vec<(&str, &str)> = given.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.catalogue.say(language, id, &given)
    }

    /// After Arabic letters "203-555-0100" is shown as "0100-555-203": in right-to-left words a phone number has digits only.
    fn in_direction(&self, language: &str, name: &str, value: &str) -> String {
        if name == "phone" && self.right_to_left(language) {
            value.chars().filter(|mark| mark.is_ascii_digit() || *mark == '+').collect()
        } else {
            value.to_owned()
        }
    }

    /// A language's own name.
    pub fn autonym<'a>(&'a self, language: &'a str) -> &'a str {
        self.languages.autonym(language)
    }

    /// A language's English name, for staff.
    pub fn language_name<'a>(&'a self, language: &'a str) -> &'a str {
        if language == crate::render::UNKNOWN { "Language unknown" } else { self.languages.name(language) }
    }

    /// Whether it is written right to left.
    pub fn right_to_left(&self, language: &str) -> bool {
        self.languages.right_to_left(language)
    }

    /// Arguments Homeword fills in itself.
    pub fn setting_arguments(&self, school: &School, title: &str) -> Vec<(String, String)> {
        [("school", school.short_name.as_str()), ("phone", school.phone.as_str()), ("teacher", title), ("student", "{student}")]
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    /// A phrase in a language with its arguments in that language's style.
    pub fn phrase(
        &self,
        language: &str,
        key: &str,
        arguments: &BTreeMap<String, String>,
        setting: &[(String, String)],
    ) -> Option<SpokenPhrase> {
        let all = self.arguments(language, key, arguments, setting)?;
        let given: Vec<(&str, &str)> = all.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        Some(SpokenPhrase {
            checked_by: self.checked_by(language, key),
            text: self.catalogue.say(language, key, &given)?,
            subject: self.catalogue.attribute(language, key, "subject", &given).unwrap_or_default(),
        })
    }

    /// A phrase's plain form.
    pub fn plain(&self, language: &str, key: &str, arguments: &BTreeMap<String, String>, setting: &[(String, String)]) -> Option<String> {
        let all = self.arguments(language, key, arguments, setting)?;
        let given: Vec<(&str, &str)> = all.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.catalogue.attribute(language, key, "plain", &given)
    }

    fn arguments(
        &self,
        language: &str,
        key: &str,
        arguments: &BTreeMap<String, String>,
        setting: &[(String, String)],
    ) -> Option<Vec<(String, String)>> {
        let info = self.info(key)?;
        let mut all: Vec<(String, String)> =
            setting.iter().map(|(name, value)| (name.clone(), self.in_direction(language, name, value))).collect();
        for (name, kind) in &info.arguments {
            let raw = arguments.get(name)?;
            let value = match kind.as_str() {
                "date" => {
                    let date: jiff::civil::Date = raw.parse().ok()?;
                    localization::date(language, i32::from(date.year()), date.month() as u8, date.day() as u8)?
                }
                "time" => {
                    let time: jiff::civil::Time = raw.parse().ok()?;
                    localization::time(language, time.hour() as u8, time.minute() as u8)?
                }
                _ => raw.trim().to_owned(),
            };
            all.push((name.clone(), value));
        }
        Some(all)
    }

    fn info(&self, key: &str) -> Option<&PhraseInfo> {
        self.catalogue.phrases().iter().find(|info| info.key == key)
    }

    /// Whether a phrase's arguments are there and readable; else what to do, for the author.
    pub fn check_arguments(&self, key: &str, arguments: &BTreeMap<String, String>) -> Result<(), String> {
        let info = self.info(key).ok_or_else(|| "Choose a phrase.".to_owned())?;
        for (name, kind) in &info.arguments {
            let value = arguments.get(name).map(|value| value.trim()).unwrap_or_default();
            let readable = match kind.as_str() {
                "date" => value.parse::<jiff::civil::Date>().is_ok(),
                "time" => value.parse::<jiff::civil::Time>().is_ok(),
                _ => !value.is_empty(),
            };
            if !readable {
                return Err(format!("Fill in \"{name}\" for the phrase \"{}\".", info.label));
            }
        }
        Ok(())
    }

    /// The entry as written, to compare approvals with.
    pub fn phrase_source(&self, language: &str, key: &str) -> Option<String> {
        self.catalogue.source(language, key).map(str::to_owned)
    }

    /// The speaker who checked a phrase, if one did.
    pub(crate) fn checked_by(&self, language: &str, key: &str) -> Option<String> {
        match self.catalogue.status(language, key) {
            Some(Status::SpeakerChecked(who)) => Some(who.clone()),
            _ => None,
        }
    }

    /// Languages that have words.
    pub fn languages_with_words(&self) -> Vec<String> {
        self.catalogue.languages().map(str::to_owned).collect()
    }

    /// A text to say or print: the child's name is said, not read.
    pub fn filled_by_hand(&self, text: &str) -> String {
        text.replace("{student}", "…")
    }

    /// Phrases for forms.
    pub fn phrases(&self) -> Vec<PhraseCard> {
        let card = |info: &PhraseInfo| PhraseCard {
            key: info.key.clone(),
            label: info.label.clone(),
            weight: Weight::read(&info.weight).unwrap_or(Weight::Routine),
            answers: info.answers.as_deref().and_then(AnswerSet::read).unwrap_or(AnswerSet::Open),
            learning: info.learning,
            arguments: info.arguments.iter().map(|(name, kind)| (name.clone(), kind.clone())).collect(),
        };
        self.catalogue.phrases().iter().map(card).collect()
    }

    /// The words of an answer.
    pub fn answer_word(&self, language: &str, answer: Answer) -> Option<String> {
        self.say(language, &format!("answer-{}", answer.as_str()), &[])
    }

    /// "Who is it for?" with its choices on lines of their own.
    pub(crate) fn who_is_it_for(&self, language: &str, school: &str, choices: &[String]) -> Option<String> {
        let header = self.say(language, "who-is-it-for", &[("school", school)])?;
        let office = self.say(language, "who-is-it-for-office", &[])?;
        let otherwise = self.say(language, "who-is-it-for-else", &[])?;
        let mut lines = vec![header];
        lines.extend(choices.iter().cloned());
        lines.push(office);
        lines.push(otherwise);
        Some(lines.join("\n"))
    }

    /// The question of a family whose language is not on file: up to eight names of languages, a digit each.
    pub(crate) fn autonym_question(&self, school: &str) -> String {
        let lines: Vec<String> = self.autonym_digits().into_iter().map(|(digit, tag)| format!("{digit} {}", self.autonym(&tag))).collect();
        format!("{school}\n{}", lines.join("\n"))
    }

    /// The digits of that question: only languages the product has words in.
    pub(crate) fn autonym_digits(&self) -> Vec<(u8, String)> {
        let spoken: Vec<&str> = self.catalogue.languages().collect();
        let offered = self.languages.all().iter().filter(|language| spoken.contains(&language.tag.as_str())).take(8);
        offered.enumerate().map(|(index, language)| (index as u8 + 1, language.tag.clone())).collect()
    }

    /// Where a language has no notice: the names of languages we have, and a phone number.
    pub(crate) fn list_of_languages(&self, phone: &str) -> String {
        let names: Vec<&str> = self.languages.all().iter().take(8).map(|language| language.autonym.as_str()).collect();
        format!("{}: {phone}", names.join(", "))
    }

    pub(crate) fn keyword(&self, text: &str, home: &str, opted_out: bool) -> Option<Spoke> {
        match self.keywords.recognise(text, home, opted_out)? {
            Keyword::Stop => Some(Spoke::Stop),
            Keyword::Start => Some(Spoke::Start),
            Keyword::Help => Some(Spoke::Help),
            Keyword::Wrong => Some(Spoke::Wrong),
            Keyword::ContactMe => Some(Spoke::ContactMe),
        }
    }

    /// Whether it may want the texts to end, though no keyword says so.
    pub(crate) fn perhaps_stop(&self, text: &str, home: &str) -> bool {
        self.keywords.perhaps_stop(text, home)
    }

    pub(crate) fn answer(&self, text: &str, home: &str) -> Option<Spoken> {
        if let Some((digit, rest)) = self.keywords.digit(text) {
            return Some(Spoken::Digit { digit, rest });
        }
        self.keywords.yes_no(text, home).map(Spoken::YesNo)
    }

    pub(crate) fn language_of(&self, text: &str, home: &str, others: &[&str]) -> String {
        localization::language_of(text, home, others)
    }

    pub(crate) fn risks(&self, text: &str, languages: &[&str]) -> Vec<String> {
        self.keywords.risks(text, languages)
    }

    /// The day of a moment in a family's words.
    pub(crate) fn day(&self, language: &str, at: Time, zone: &TimeZone) -> String {
        let local = at.in_zone(zone);
        localization::date(language, i32::from(local.year()), local.month() as u8, local.day() as u8)
            .unwrap_or_else(|| local.date().to_string())
    }
}

impl Speech {
    /// (tag, English name) of every language, for forms.
    pub fn languages_for_forms(&self) -> Vec<(String, String)> {
        self.languages.all().iter().map(|language| (language.tag.clone(), language.name.clone())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_number_keeps_its_order_in_right_to_left_words() {
        let arguments = [("school", "Maple"), ("phone", "203-555-0100")];
        let speech = Speech::default();
        assert!(speech.say("ar", "notice-original", &arguments).is_some_and(|text| text.contains("2035550100")));
        assert!(speech.say("es", "notice-original", &arguments).is_some_and(|text| text.contains("203-555-0100")));
    }

    /// (budget, text) of every language's sentence that costs more than DIALOGUE allows.
    fn over(language: &str, id: &str, text: &str, emergency: bool) -> Option<String> {
        let right_to_left = Languages::shipped().right_to_left(language);
        let cost = sms::segments(&crate::compose::right_to_left_first(right_to_left, text.to_owned()));
        let most = if emergency || cost.encoding == "gsm7" { 1 } else { 2 };
        (cost.segments > most).then(|| format!("{language} {id}: {} {} segments, {most} allowed: {text}", cost.segments, cost.encoding))
    }

    #[test]
    fn first_words_and_a_link_are_one_segment_of_septets_or_two_others() {
        let speech = Speech::default();
        let link = format!("https://words.maple-harbor.example/m/{}", "x".repeat(47));
        let short = |language: &str| {
            let sentence = speech.say(language, "whole-message", &[]).expect("every language has every sentence");
            // As `long` writes them, with the fewest words there are.
            over(language, "whole-message", &format!("Ms Rivera: on 12/3 ...\n{sentence}\n{link}"), false)
        };
        let found: Vec<String> = speech.languages_with_words().iter().filter_map(|language| short(language)).collect();
        assert!(found.is_empty(), "{}", found.join("\n"));
        let ended = |language: &String| speech.say(language, "link-ended", &[]).is_none();
        assert!(!speech.languages_with_words().iter().any(ended), "every language says that a link has ended");
    }

    #[test]
    fn product_sentences_and_emergency_phrases_keep_their_budgets_in_every_language() {
        let speech = Speech::default();
        let school = School {
            id: domain::SchoolId(1),
            name: String::new(),
            short_name: "Maple Street Sc".into(),
            zone: None,
            phone: "203-555-0100".into(),
        };
        let setting = speech.setting_arguments(&school, "Ms Rivera");
        let mut found = Vec::new();
        // The longest day names of the languages are not the same day: several are tried.
        for (date, time) in [("2026-03-11", "10:30"), ("2026-09-23", "12:45"), ("2026-11-05", "17:30")] {
            let arguments: BTreeMap<String, String> =
                [("date", date), ("time", time), ("reason", "snow"), ("place", "Main St gym"), ("text", "9:30")]
                    .map(|(name, value)| (name.to_owned(), value.to_owned()))
                    .into();
            for language in speech.languages_with_words() {
                for card in speech.phrases().iter().filter(|card| card.weight == Weight::Emergency) {
                    let spoken = speech.phrase(&language, &card.key, &arguments, &setting).expect("every language has every phrase");
                    found.extend(over(&language, &card.key, &spoken.text, true));
                }
                let day = speech.day(
                    &language,
                    Time::of_local(date.parse::<jiff::civil::Date>().expect("a date").at(12, 0, 0, 0), &TimeZone::UTC),
                    &TimeZone::UTC,
                );
                let given: Vec<(&str, &str)> = vec![
                    ("school", "Maple Street Sc"),
                    ("teacher", "Ms Rivera"),
                    ("phone", "203-555-0100"),
                    ("date", &day),
                    ("show", "4"),
                    ("contact", "5"),
                ];
                for id in [
                    "first-contact",
                    "stopped",
                    "stopped-simple",
                    "stopped-teacher-only",
                    "stopped-all",
                    "perhaps-stop",
                    "started",
                    "help",
                    "received",
                    "received-unknown-number",
                    "not-clear",
                    "wrong-number",
                    "notice-original",
                    "contact-me-received",
                    "routed-to",
                    "menu-closed",
                    "who-answers-now",
                    "needs-to-reach-you",
                ] {
                    let text = speech.say(&language, id, &given).expect("every language has every sentence");
                    found.extend(over(&language, id, &text, false));
                }
                let question = speech.who_is_it_for(&language, "Maple Street", &["4 Ms Rivera".into(), "5 Mr Chen".into()]);
                found.extend(over(&language, "who-is-it-for", &question.expect("every language asks"), false));
            }
        }
        found.sort();
        found.dedup();
        assert!(found.is_empty(), "{}", found.join("\n"));
    }
}
