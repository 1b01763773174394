//! Understood before routed: language, translation to the staff's language, guard, risk phrases, on every stored reply,
//! whatever its route (DIALOGUE 2).

use crate::*;
use domain::passage::ToTranslate;

impl Flows {
    /// Language, translation and risks of what a family wrote. `home` is the language on file.
    pub(crate) async fn understand(&self, text: &str, home: &str, staff_language: &str, names: Vec<String>) -> Understood {
        let language = self.speech.language_of(text, home, &[staff_language]);
        let mut understood = Understood { text: text.to_owned(), language: language.clone(), ..Understood::default() };
        let same = language == staff_language || text.trim().is_empty() || !text.chars().any(char::is_alphabetic);
        if !same {
            let wanted = [ToTranslate { from: language.clone(), to: staff_language.to_owned(), text: text.to_owned(), names }];
            if self.ports.translate.covers(&language, staff_language) {
                match self.ports.translate.translate(&wanted).await.into_iter().next() {
                    Some(Ok(words)) => {
                        understood.translation = words.text;
                        understood.source = format!("{}, not checked", words.engine);
                        understood.warnings = words.findings;
                    }
                    _ => understood.warnings.push("The translation failed: read the original, or ask an interpreter.".into()),
                }
            } else {
                understood.warnings.push("No translation for this language: ask an interpreter.".into());
            }
        }
        understood.risks = self.speech.risks(text, &[&language, home, staff_language]);
        understood.risks.extend(self.speech.risks(&understood.translation, &[staff_language]));
        understood.risks.sort();
        understood.risks.dedup();
        understood
    }
}
