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

pub use twilio::{Outcome, Twilio, TwilioSettings, signature};

use domain::carrier::SmsProvider;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

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

/// One thing a kind wants to know.
pub struct Setting {
    /// Its key.
    pub name: &'static str,
    /// One line for whoever fills it in.
    pub help: &'static str,
    /// What it is where nothing is said; `None` = it must be said.
    pub default: Option<&'static str>,
    /// Never in the configuration itself, never in a log: `env:NAME` or `file:PATH`.
    pub secret: bool,
}

impl Setting {
    /// One that must be said.
    pub(crate) const fn needed(name: &'static str, help: &'static str) -> Self {
        Self { name, help, default: None, secret: false }
    }
    /// One that may be left out.
    pub(crate) const fn or(name: &'static str, default: &'static str, help: &'static str) -> Self {
        Self { name, help, default: Some(default), secret: false }
    }
    /// One that is read from somewhere else.
    pub(crate) const fn secret(name: &'static str, help: &'static str) -> Self {
        Self { name, help, default: None, secret: true }
    }
    /// A secret that may be left out.
    pub(crate) const fn secret_or_none(name: &'static str, help: &'static str) -> Self {
        Self { name, help, default: Some(""), secret: true }
    }
}

/// What an administrator gave for one account: each setting of its kind, defaults filled in, secrets read.
#[derive(Clone)]
pub struct Given {
    /// The public address of its webhook, `https://…/hooks/sms/ACCOUNT`, without a final slash.
    pub hook: String,
    /// The longest a call may take, with what the client needs beside it.
    pub slowest: Duration,
    /// By name.
    pub values: BTreeMap<String, String>,
}

impl Given {
    /// A setting's value; empty where there is none.
    pub fn get(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    /// The address of an API, without a final slash.
    fn base(&self, name: &str) -> Result<String, Wrong> {
        let url = self.get(name).trim_end_matches('/');
        if url.starts_with("https://") || url.starts_with("http://") {
            Ok(url.to_owned())
        } else {
            Err(Wrong { setting: name.to_owned(), want: "must begin with https:// (or http:// for a server on this machine)".into() })
        }
    }

    /// One of a few words.
    pub(crate) fn one_of<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Result<T, Wrong> {
        words.iter().find(|(word, _)| *word == self.get(name)).map(|(_, value)| *value).ok_or_else(|| {
            let all: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            Wrong { setting: name.to_owned(), want: format!("must be one of: {}", all.join(", ")) }
        })
    }
}

/// A setting that cannot be used, and what it should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{setting} {want}")]
pub struct Wrong {
    /// Its key.
    pub setting: String,
    /// What to write instead.
    pub want: String,
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
    let mut text = String::new();
    let kinds = KINDS.iter().map(|kind| (kind.name, kind.title, kind.settings));
    for (name, title, settings) in kinds.chain(LINKS.iter().map(|link| (link.name, link.title, link.settings))) {
        text.push_str(&format!("\n# {title}: docs/providers/{name}.md\n# [sms.accounts.{name}]\n# kind = \"{name}\"\n"));
        for setting in settings {
            let value = match (setting.default, setting.secret) {
                (None, true) => format!("env:HOMEWORD_{}_{}", name.to_uppercase().replace('-', "_"), setting.name.to_uppercase()),
                (Some(default), _) => default.to_owned(),
                (None, false) => String::new(),
            };
            let leave = if setting.default.is_some() { " May be left out." } else { "" };
            text.push_str(&format!("# # {}{leave}\n# {} = {value:?}\n", setting.help, setting.name));
        }
    }
    text
}
