//! Fluent catalogues, one bundle a language, no isolation marks (they would turn a 160-character text into a 70-character one).

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;
use unic_langid::LanguageIdentifier;

/// Whether a speaker checked an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// Nobody did.
    Draft,
    /// Name and date.
    SpeakerChecked(String),
}

/// What a phrase is, for forms.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhraseInfo {
    /// Key.
    pub key: String,
    /// For staff.
    pub label: String,
    /// `emergency` … `community`.
    pub weight: String,
    /// Name of an answer set; `open` if absent.
    #[serde(default)]
    pub answers: Option<String>,
    /// Linked to what children learn.
    #[serde(default)]
    pub learning: bool,
    /// Argument → kind (`text`, `date`, `time`).
    pub arguments: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct PhraseFile {
    phrase: Vec<PhraseInfo>,
}

struct Tongue {
    bundle: FluentBundle<FluentResource>,
    statuses: BTreeMap<String, Status>,
    sources: BTreeMap<String, String>,
}

/// Every shipped sentence.
pub struct Catalogue {
    tongues: BTreeMap<&'static str, Tongue>,
    phrases: Vec<PhraseInfo>,
}

impl Catalogue {
    /// The one compiled in.
    pub fn shipped() -> &'static Catalogue {
        static SHIPPED: OnceLock<Catalogue> = OnceLock::new();
        SHIPPED.get_or_init(|| {
            let tongues = crate::shipped::LOCALES.iter().map(|locale| (locale.tag, tongue(locale))).collect();
            let phrases: PhraseFile =
                toml::from_str(crate::shipped::PHRASES).expect("locales/phrases.toml is checked by a test of this crate");
            Catalogue { tongues, phrases: phrases.phrase }
        })
    }

    /// Languages that have words.
    pub fn languages(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.tongues.keys().copied()
    }

    /// Phrases with their arguments.
    pub fn phrases(&self) -> &[PhraseInfo] {
        &self.phrases
    }

    /// A sentence, or `None` where the language lacks it or an argument is missing: never another language's.
    pub fn say(&self, language: &str, id: &str, arguments: &[(&str, &str)]) -> Option<String> {
        self.format(language, id, None, arguments)
    }

    /// An attribute (`plain`, `subject`) of a phrase.
    pub fn attribute(&self, language: &str, id: &str, attribute: &str, arguments: &[(&str, &str)]) -> Option<String> {
        self.format(language, id, Some(attribute), arguments)
    }

    /// Whether a speaker checked it.
    pub fn status(&self, language: &str, id: &str) -> Option<&Status> {
        self.tongues.get(language)?.statuses.get(id)
    }

    /// The entry as written in its file, to tell whether an approval still covers it.
    pub fn source(&self, language: &str, id: &str) -> Option<&str> {
        self.tongues.get(language)?.sources.get(id).map(String::as_str)
    }

    fn format(&self, language: &str, id: &str, attribute: Option<&str>, arguments: &[(&str, &str)]) -> Option<String> {
        let bundle = &self.tongues.get(language)?.bundle;
        let message = bundle.get_message(id)?;
        let pattern = match attribute {
            Some(name) => message.get_attribute(name)?.value(),
            None => message.value()?,
        };
        let mut given = FluentArgs::new();
        for (name, value) in arguments {
            given.set(*name, *value);
        }
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&given), &mut errors).into_owned();
        errors.is_empty().then_some(text)
    }
}

fn tongue(locale: &crate::shipped::Locale) -> Tongue {
    let tag: LanguageIdentifier = locale.tag.parse().expect("shipped tags are well-formed: checked by a test");
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    bundle.set_use_isolating(false);
    let (mut statuses, mut sources) = (BTreeMap::new(), BTreeMap::new());
    for text in locale.fluent {
        let resource = FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(partial, _)| partial);
        // Two entries of one name are found by the locale test; the first stays.
        let _ = bundle.add_resource(resource);
        read_comments(text, &mut statuses, &mut sources);
    }
    Tongue { bundle, statuses, sources }
}

/// `# status: …` above each entry, and the entry's own lines.
fn read_comments(text: &str, statuses: &mut BTreeMap<String, Status>, sources: &mut BTreeMap<String, String>) {
    let mut status = Status::Draft;
    let mut current: Option<String> = None;
    for line in text.lines() {
        if let Some(word) = line.strip_prefix("# status:") {
            let word = word.trim();
            status = word.strip_prefix("speaker-checked").map_or(Status::Draft, |who| Status::SpeakerChecked(who.trim().to_owned()));
            current = None;
        } else if !line.starts_with([' ', '#']) {
            current = line.split_once('=').map(|(id, _)| id.trim().to_owned());
            if let Some(id) = &current {
                statuses.insert(id.clone(), status.clone());
                sources.insert(id.clone(), line.to_owned());
            }
        } else if let (Some(id), true) = (&current, line.starts_with(' ')) {
            let whole = sources.entry(id.clone()).or_default();
            whole.push('\n');
            whole.push_str(line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_a_language_lacks_is_missing_and_never_english() {
        let catalogue = Catalogue::shipped();
        assert!(
            catalogue
                .say("es", "routed-to", &[("school", "Maple"), ("teacher", "Ms R")])
                .is_some_and(|text| text.contains("tiene su mensaje"))
        );
        assert_eq!(catalogue.say("es", "staff-risk", &[("link", "x")]), None);
        assert_eq!(catalogue.say("ps", "routed-to", &[("school", "Maple"), ("teacher", "Ms R")]), None);
        assert_eq!(catalogue.say("es", "routed-to", &[("school", "Maple")]), None, "a missing argument is never printed");
    }
}
