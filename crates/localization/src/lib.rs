//! Every sentence the product itself says to families: Fluent catalogues, word lists, languages, dates, direction.
//!
//! Must never know who asks. A sentence that a language lacks is missing: no other language is ever put in its place.

mod catalogue;
mod dates;
mod guess;
mod keywords;
mod languages;
#[cfg(test)]
mod locale_tests;
mod mail;
mod shipped;

pub use catalogue::{Catalogue, PhraseInfo, Status};
pub use dates::{date, time};
pub use guess::language_of;
pub use keywords::{Keyword, Keywords, fold};
pub use languages::{Language, Languages};
pub use mail::MailTables;
