//! Mailboxes that letters are fetched from: their settings here, in every build; how they are read, in the builds that can.

#[cfg(feature = "imap")]
mod keep;
#[cfg(feature = "imap")]
mod oauth;

#[cfg(feature = "imap")]
pub use keep::{keep, try_each};

use crate::config::secret;
use anyhow::{Context, bail, ensure};
use serde::Deserialize;

/// One `[[letters.mailboxes]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mailbox {
    /// `HOST:PORT`.
    pub server: String,
    /// `tls`, `starttls`, `none`.
    #[serde(default = "whole")]
    pub tls: String,
    /// Who signs in.
    pub user: String,
    /// The school's address whose letters lie there; empty: the user is one.
    #[serde(default)]
    pub address: String,
    /// Reference of the password; empty where a token opens it.
    #[serde(default)]
    pub password: String,
    /// The folder.
    #[serde(default = "inbox")]
    pub folder: String,
    /// How a token is got.
    pub oauth: Option<OAuth>,
}

/// How tokens are got (RFC 6749): with a refresh token for one mailbox, without one for an application that may open it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(not(feature = "imap"), expect(dead_code, reason = "this build reads no mailbox"))]
pub struct OAuth {
    /// `https://…`.
    pub token_url: String,
    /// The application.
    pub client_id: String,
    /// Reference of its secret.
    pub client_secret: String,
    /// Reference of the refresh token; empty: none.
    #[serde(default)]
    pub refresh_token: String,
    /// What is asked for; empty: the company knows.
    #[serde(default)]
    pub scope: String,
}

/// What opens a mailbox, as read.
#[derive(Clone)]
#[cfg_attr(not(feature = "imap"), expect(dead_code, reason = "this build reads no mailbox"))]
pub enum Key {
    /// A password.
    Password(String),
    /// The application's secret, and the refresh token.
    OAuth(String, Option<String>),
}

fn whole() -> String {
    "tls".into()
}

fn inbox() -> String {
    "INBOX".into()
}

impl Mailbox {
    /// Whose letters they are that name no answer address.
    pub fn address(&self) -> &str {
        if self.address.is_empty() { &self.user } else { &self.address }
    }

    /// Host and port.
    pub fn server(&self) -> anyhow::Result<(String, u16)> {
        let (host, port) =
            self.server.rsplit_once(':').context("letters.mailboxes: server must be HOST:PORT, such as imap.example.org:993")?;
        let port = port.parse().ok().filter(|port| *port > 0).context("letters.mailboxes: server must end in a port, such as :993")?;
        Ok((host.trim_matches(['[', ']']).to_owned(), port))
    }

    /// Whether the settings can be meant.
    pub fn check(&self) -> anyhow::Result<()> {
        let what = format!("letters.mailboxes, {}", self.server);
        if !cfg!(feature = "imap") {
            bail!("{what}: this build of Homeword reads no mailbox: build it with --features imap, or take the setting out");
        }
        let (host, _) = self.server()?;
        ensure!(["tls", "starttls", "none"].contains(&self.tls.as_str()), "{what}: tls must be tls, starttls or none");
        let here = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
        ensure!(
            self.tls != "none" || here,
            "{what}: tls = \"none\" is for a server on this machine: the password would be read on its way"
        );
        ensure!(self.address().contains('@'), "{what}: address must be the school's mail address, as its sender of kind email has it");
        let plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        ensure!(plain(&self.user) && plain(&self.folder), "{what}: user and folder must be plain ASCII");
        match &self.oauth {
            Some(oauth) => {
                ensure!(self.password.is_empty(), "{what}: either password or oauth opens it, not both");
                let secure = oauth.token_url.starts_with("https://");
                let place = oauth.token_url.strip_prefix("http://").and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
                let local = ["127.0.0.1", "localhost"].contains(&place.split(':').next().unwrap_or_default());
                ensure!(secure || local, "{what}: oauth.token_url must begin with https://");
            }
            None => ensure!(!self.password.is_empty(), "{what}: password or oauth is missing"),
        }
        Ok(())
    }

    /// Reads what opens it.
    pub fn key(&self) -> anyhow::Result<Key> {
        let Some(oauth) = &self.oauth else {
            return Ok(Key::Password(secret(&self.password, "letters.mailboxes: password")?));
        };
        let refresh = Some(&oauth.refresh_token).filter(|reference| !reference.is_empty());
        let refresh = refresh.map(|reference| secret(reference, "letters.mailboxes: oauth.refresh_token")).transpose()?;
        Ok(Key::OAuth(secret(&oauth.client_secret, "letters.mailboxes: oauth.client_secret")?, refresh))
    }
}
