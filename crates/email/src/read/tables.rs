//! The word tables as lines are compared with them: made once, since every line of every letter is.

use super::wrote::flat;
use crate::post::MailWords;

/// Everything in lower case.
pub(crate) struct Tables {
    pub attribution: Vec<String>,
    pub sent_from: Vec<String>,
    pub automatic: Vec<String>,
    pub undelivered: Vec<String>,
    pub late: Vec<String>,
    pub full: Vec<String>,
    pub gone: Vec<String>,
    pub unwanted: Vec<String>,
    /// Names of a head's fields, with their colon.
    pub fields: Vec<String>,
    /// Lines between two letters, and our own markers: letters and digits alone.
    pub separators: Vec<String>,
    pub markers: Vec<String>,
}

impl From<MailWords> for Tables {
    fn from(words: MailWords) -> Self {
        let lower = |list: Vec<String>| list.iter().map(|word| word.to_lowercase()).collect();
        let flat = |list: Vec<String>| list.iter().map(|word| flat(word)).filter(|word| !word.is_empty()).collect();
        let (fields, separators) = words.separators.into_iter().partition(|word| word.ends_with([':', '：']));
        Self {
            attribution: lower(words.attribution),
            sent_from: lower(words.sent_from),
            automatic: lower(words.automatic),
            undelivered: lower(words.undelivered),
            late: lower(words.late),
            full: lower(words.full),
            gone: lower(words.gone),
            unwanted: lower(words.unwanted),
            fields: lower(fields),
            separators: flat(separators),
            markers: flat(words.markers),
        }
    }
}
