//! Accounts with companies as an administrator describes them: what a kind of company wants to know, and what was given. Values are
//! handed in, read already. Must never know a company.

use std::collections::BTreeMap;
use std::time::Duration;

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
    pub const fn needed(name: &'static str, help: &'static str) -> Self {
        Self { name, help, default: None, secret: false }
    }
    /// One that may be left out.
    pub const fn or(name: &'static str, default: &'static str, help: &'static str) -> Self {
        Self { name, help, default: Some(default), secret: false }
    }
    /// One that is read from somewhere else.
    pub const fn secret(name: &'static str, help: &'static str) -> Self {
        Self { name, help, default: None, secret: true }
    }
    /// A secret that may be left out.
    pub const fn secret_or_none(name: &'static str, help: &'static str) -> Self {
        Self { name, help, default: Some(""), secret: true }
    }
}

/// What an administrator gave for one account: each setting of its kind, defaults filled in, secrets read.
#[derive(Clone)]
pub struct Given {
    /// The public address of its webhook, `https://…/hooks/sms/ACCOUNT` or `…/hooks/mail/ACCOUNT`, without a final slash.
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
    ///
    /// # Errors
    /// It is no such address.
    pub fn base(&self, name: &str) -> Result<String, Wrong> {
        let url = self.get(name).trim_end_matches('/');
        if url.starts_with("https://") || url.starts_with("http://") {
            Ok(url.to_owned())
        } else {
            Err(Wrong { setting: name.to_owned(), want: "must begin with https:// (or http:// for a server on this machine)".into() })
        }
    }

    /// One of a few words.
    ///
    /// # Errors
    /// It is another one.
    pub fn one_of<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Result<T, Wrong> {
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

/// A kind's part of the sample configuration: each of its settings, all of it commented out. `table` is where its accounts stand.
pub fn sample(table: &str, name: &str, title: &str, settings: &[Setting]) -> String {
    let mut text = format!("\n# {title}: docs/providers/{name}.md\n# [{table}.{name}]\n# kind = \"{name}\"\n");
    for setting in settings {
        let value = match (setting.default, setting.secret) {
            (None, true) => format!("env:HOMEWORD_{}_{}", name.to_uppercase().replace('-', "_"), setting.name.to_uppercase()),
            (Some(default), _) => default.to_owned(),
            (None, false) => String::new(),
        };
        let leave = if setting.default.is_some() { " May be left out." } else { "" };
        text.push_str(&format!("# # {}{leave}\n# {} = {value:?}\n", setting.help, setting.name));
    }
    text
}
