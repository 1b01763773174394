//! A school in a box: the flows over a real SQLite store, fake families with phones and mailboxes, a carrier that can fail, and
//! a clock that is handed in. Stories are told with it; it stands outside the house and no room may know it.

mod air;
mod hands;
mod logs;
mod school;

pub use air::{Air, Fault, Mailed};
pub use school::{Form, School, at};

/// What mail programs write in all languages, as the gateway hands it to the reader of letters.
pub fn mail_words() -> email::MailWords {
    let sentences = localization::Catalogue::shipped();
    let tables = localization::MailTables::shipped();
    email::MailWords {
        attribution: tables.attribution.clone(),
        sent_from: tables.sent_from.clone(),
        automatic: tables.automatic.clone(),
        undelivered: tables.undelivered.clone(),
        late: tables.late.clone(),
        full: tables.full.clone(),
        gone: tables.gone.clone(),
        unwanted: tables.unwanted.clone(),
        separators: tables.separators.clone(),
        markers: sentences.languages().filter_map(|tag| sentences.say(tag, "email-reply-above", &[])).collect(),
    }
}
