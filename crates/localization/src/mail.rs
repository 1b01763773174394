//! How mail programs mark what is not the person's own words, in every shipped language and some others: `mail.toml`, all languages
//! together, since a family's program may speak another language than the family.

use serde::Deserialize;
use std::sync::OnceLock;

/// Compared without case.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct MailTables {
    /// Verbs of a quoted letter's head: "wrote", "escribió".
    pub attribution: Vec<String>,
    /// Beginnings of lines a phone or a program adds: "Sent from my".
    pub sent_from: Vec<String>,
    /// Beginnings of subjects of automatic answers.
    pub automatic: Vec<String>,
    /// Lines between an answer and the letter under it, and the names of its fields (these end in a colon).
    pub separators: Vec<String>,
}

impl MailTables {
    /// Those compiled in, of all languages.
    pub fn shipped() -> &'static MailTables {
        static SHIPPED: OnceLock<MailTables> = OnceLock::new();
        SHIPPED.get_or_init(|| {
            let mut all = MailTables::default();
            for table in crate::shipped::LOCALES.iter().map(|locale| locale.mail).chain([crate::shipped::OTHER_MAIL]) {
                let one: MailTables = toml::from_str(table).expect("mail.toml is checked by a test of this crate");
                all.attribution.extend(one.attribution);
                all.sent_from.extend(one.sent_from);
                all.automatic.extend(one.automatic);
                all.separators.extend(one.separators);
            }
            for list in [&mut all.attribution, &mut all.sent_from, &mut all.automatic, &mut all.separators] {
                list.sort();
                list.dedup();
            }
            all
        })
    }
}
