//! Stories: whole flows in the words of the house, told with a school in a box on SQLite and a clock that is handed in.

mod answers;
mod by_hand;
mod calls;
mod compose;
mod duty;
mod fail_over;
mod first_contact;
mod ladder;
mod letter_files;
mod letters;
mod long;
mod outages;
mod own_mailbox;
mod parts;
mod pictures;
mod poison;
mod private;
mod reports;
mod review;
mod rights;
mod routing;
mod staff;
mod stop;
mod stop_button;
mod wide;

pub(crate) use domain::conversation::TaskKind;
pub(crate) use domain::message::*;
pub(crate) use domain::*;
pub(crate) use testkit::{Fault, School, at};

/// Families of the sample, by phone.
pub(crate) const LUCIA: &str = "+12035550101";
pub(crate) const KARIM: &str = "+12035550102";
pub(crate) const JANE: &str = "+12035550103";
pub(crate) const ROSA_AND_LUIS: &str = "+12035550104";
pub(crate) const AYAN: &str = "+12035550105";
pub(crate) const CARMEN: &str = "+12035550106";
pub(crate) const PABLO: &str = "+12035550107";
pub(crate) const SAMIRA: &str = "+12035550108";
pub(crate) const JUANA: &str = "+12035550110";
pub(crate) const DINA: &str = "+12035550112";
pub(crate) const LAYLA: &str = "layla@families.example";
pub(crate) const STRANGER: &str = "+12035550150";
pub(crate) const OFFICE: &str = "+12035550190";

/// Free words.
pub(crate) fn free(text: &str) -> Words {
    Words::Free { text: text.into() }
}

/// A phrase with arguments.
pub(crate) fn phrase(key: &str, arguments: &[(&str, &str)]) -> Words {
    let arguments = arguments.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Words::Phrase { key: key.into(), arguments }
}
