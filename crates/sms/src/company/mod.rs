//! The companies, in one table: what each kind is called, what it wants to know, and how its translator is made. The table makes
//! the accounts' part of `config/homeword.toml`, checks what an administrator wrote, and says which settings are secrets.
//!
//! Must never know a socket, a store, or where a secret is kept: values are handed in, read already.

mod android;
mod bandwidth;
mod bounds;
#[cfg(test)]
mod conformance;
mod generic;
mod infobip;
mod jasmin;
mod kannel;
mod plivo;
mod reading;
#[cfg(test)]
mod sdk;
mod telnyx;
mod twilio;
mod vonage;

pub use domain::account::{Given, Setting, Wrong};
pub use twilio::{Outcome, Twilio, TwilioSettings, signature};

use domain::carrier::SmsProvider;
use std::sync::Arc;
#[cfg(test)]
use std::{collections::BTreeMap, time::Duration};

/// One kind of company.
pub struct Kind {
    /// As `kind` in the configuration says it.
    pub name: &'static str,
    /// Who that is, for a person.
    pub title: &'static str,
    /// What it wants to know.
    pub settings: &'static [Setting],
    /// Makes the translator of an account, as its own module knows it.
    build: fn(&Given) -> Result<Arc<dyn SmsProvider>, Wrong>,
}

impl Kind {
    /// Makes the translator of an account, held to what the store and the flows rely on.
    pub fn make(&self, given: &Given) -> Result<Arc<dyn SmsProvider>, Wrong> {
        (self.build)(given).map(|translator| Arc::new(bounds::Bounded(translator)) as Arc<dyn SmsProvider>)
    }
}

/// Every kind there is, in the order an administrator reads them.
pub const KINDS: &[Kind] = &[
    twilio::KIND,
    telnyx::KIND,
    bandwidth::KIND,
    infobip::KIND,
    android::KIND,
    vonage::KIND,
    plivo::KIND,
    kannel::KIND,
    jasmin::KIND,
    generic::KIND,
];

/// The kind of this name.
pub fn kind(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name)
}

/// A kind that is no translator but holds a link of its own. The gateway makes it from its settings, if the build has it.
pub struct LinkKind {
    /// As `kind` in the configuration says it.
    pub name: &'static str,
    /// Who that is, for a person.
    pub title: &'static str,
    /// What it wants to know.
    pub settings: &'static [Setting],
}

/// Every link there is, in every build.
pub const LINKS: &[LinkKind] = &[crate::smpp_settings::LINK];

/// The accounts' part of the sample configuration: each kind, each of its settings, all of it commented out.
pub fn sample() -> String {
    let kinds = KINDS.iter().map(|kind| (kind.name, kind.title, kind.settings));
    let links = LINKS.iter().map(|link| (link.name, link.title, link.settings));
    kinds.chain(links).map(|(name, title, settings)| domain::account::sample("sms.accounts", name, title, settings)).collect()
}
