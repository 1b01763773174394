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
    /// Beginnings of subjects by which a mail server says that a letter did not arrive.
    #[serde(default)]
    pub undelivered: Vec<String>,
    /// Beginnings of subjects by which it says that a letter is late.
    #[serde(default)]
    pub late: Vec<String>,
    /// What it says of a box that is full, or of what may go later.
    #[serde(default)]
    pub full: Vec<String>,
    /// What it says of an address that is not there.
    #[serde(default)]
    pub gone: Vec<String>,
    /// What it says where it thinks ill of a letter or its sender.
    #[serde(default)]
    pub unwanted: Vec<String>,
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
                all.undelivered.extend(one.undelivered);
                all.late.extend(one.late);
                all.full.extend(one.full);
                all.gone.extend(one.gone);
                all.unwanted.extend(one.unwanted);
            }
            let servers = [&mut all.undelivered, &mut all.late, &mut all.full, &mut all.gone, &mut all.unwanted];
            for list in [&mut all.attribution, &mut all.sent_from, &mut all.automatic, &mut all.separators].into_iter().chain(servers) {
                list.sort();
                list.dedup();
            }
            all
        })
    }
}
