//! Accounts with companies, as the configuration names them: checked against the tables of kinds in `sms` and `email`, secrets read,
//! each made into a carrier, and a webhook or a session of its own. Knows no company.

use crate::config::{distance, secret};
use anyhow::{Context, bail};
use domain::account::{Given, Setting};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// What an account is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carries {
    /// `[sms.accounts.NAME]`.
    Texts,
    /// `[letters.accounts.NAME]`.
    Letters,
}

impl Carries {
    fn table(self) -> &'static str {
        match self {
            Carries::Texts => "sms.accounts",
            Carries::Letters => "letters.accounts",
        }
    }

    fn hook(self) -> &'static str {
        match self {
            Carries::Texts => "sms",
            Carries::Letters => "mail",
        }
    }

    fn settings(self, kind: &str) -> Option<&'static [Setting]> {
        match self {
            Carries::Texts => sms::kind(kind).map(|kind| kind.settings).or_else(|| link(kind).map(|link| link.settings)),
            Carries::Letters => mail_kind(kind).map(|kind| kind.settings),
        }
    }

    fn kinds(self) -> String {
        let all: Vec<&str> = match self {
            Carries::Texts => sms::KINDS.iter().map(|kind| kind.name).chain(sms::LINKS.iter().map(|link| link.name)).collect(),
            Carries::Letters => email::MAIL_KINDS.iter().map(|kind| kind.name).collect(),
        };
        all.join(", ")
    }
}

/// One account.
#[derive(Clone, Debug)]
pub struct Account {
    /// What it is for.
    carries: Carries,
    /// Its kind, as `sms::KINDS`, `sms::LINKS` or `email::MAIL_KINDS` calls it.
    pub kind: String,
    /// Calls under way at once.
    pub connections: u16,
    /// Seconds a call may take.
    pub patience_seconds: u16,
    /// What a segment costs, and when a text is too long for one.
    pub terms: messaging::Terms,
    /// The settings of its kind that were given. Secrets are references still.
    values: BTreeMap<String, String>,
}

impl Account {
    /// The longest a call may take.
    pub fn patience(&self) -> Duration {
        Duration::from_secs(self.patience_seconds.max(1).into())
    }

    /// Whether it holds a session of its own, instead of being called over HTTP.
    pub fn is_link(&self) -> bool {
        self.carries == Carries::Texts && link(&self.kind).is_some()
    }

    /// Its translator, secrets read.
    pub fn build(&self, name: &str, public_url: &str) -> anyhow::Result<Arc<dyn domain::carrier::SmsProvider>> {
        let kind = sms::kind(&self.kind).context("an account's kind was checked when the configuration was read")?;
        kind.make(&self.given(name, public_url)?).map_err(|wrong| anyhow::anyhow!("sms.accounts.{name}.{wrong}"))
    }

    /// Its translator of letters, secrets read.
    pub fn build_mail(&self, name: &str, public_url: &str) -> anyhow::Result<Arc<dyn domain::carrier::MailProvider>> {
        let kind = mail_kind(&self.kind).context("an account's kind was checked when the configuration was read")?;
        (kind.make)(&self.given(name, public_url)?).map_err(|wrong| anyhow::anyhow!("letters.accounts.{name}.{wrong}"))
    }

    /// Whether everything it needs is there and can be used, its secrets too; nothing is connected.
    pub fn check(&self, name: &str, public_url: &str) -> anyhow::Result<()> {
        if self.carries == Carries::Letters {
            self.build_mail(name, public_url).map(drop)
        } else if self.is_link() {
            let given = self.given(name, public_url)?;
            sms::SmppSettings::read(&given).map(drop).map_err(|wrong| anyhow::anyhow!("sms.accounts.{name}.{wrong}"))
        } else {
            self.build(name, public_url).map(drop)
        }
    }

    /// Its settings, defaults filled in and secrets read.
    pub fn given(&self, name: &str, public_url: &str) -> anyhow::Result<Given> {
        let mut values = BTreeMap::new();
        for setting in self.carries.settings(&self.kind).context("an account's kind was checked when the configuration was read")? {
            let given = self.values.get(setting.name).map(String::as_str).or(setting.default).unwrap_or_default();
            let place = format!("{}.{name}.{}", self.carries.table(), setting.name);
            let value = if setting.secret && !given.is_empty() { secret(given, &place)? } else { given.to_owned() };
            values.insert(setting.name.to_owned(), value);
        }
        Ok(Given {
            hook: format!("{}/hooks/{}/{name}", public_url.trim_end_matches('/'), self.carries.hook()),
            slowest: self.patience() + Duration::from_secs(5),
            values,
        })
    }
}

/// Takes the accounts out of what was given: which there are, the default cannot know; what each may say, the table of kinds does.
pub fn take(given: &mut toml::Table, carries: Carries) -> anyhow::Result<BTreeMap<String, Account>> {
    let (outer, inner) = carries.table().split_once('.').unwrap_or_default();
    match given.get_mut(outer).and_then(toml::Value::as_table_mut).and_then(|outer| outer.remove(inner)) {
        Some(toml::Value::Table(table)) => table.iter().map(|(name, table)| Ok((name.clone(), account(name, table, carries)?))).collect(),
        Some(_) => bail!("{0} must be tables: [{0}.NAME]", carries.table()),
        None => Ok(BTreeMap::new()),
    }
}

fn account(name: &str, table: &toml::Value, carries: Carries) -> anyhow::Result<Account> {
    let place = format!("{}.{name}", carries.table());
    let kinds = || carries.kinds();
    if name.is_empty() || !name.chars().all(|mark| mark.is_ascii_alphanumeric() || mark == '-') {
        bail!("{place}: a name has letters, digits and - only, it is the last word of a webhook's address");
    }
    if carries == Carries::Letters && ["mime", "parse"].contains(&name) {
        bail!("{place}: this name is a word that companies want at the end of a webhook's address, choose another");
    }
    let table = table.as_table().with_context(|| format!("{place} must be a table: [{place}]"))?;
    let said = table.get("kind").and_then(toml::Value::as_str).with_context(|| format!("{place}.kind is missing: one of {}", kinds()))?;
    let settings = carries.settings(said).with_context(|| format!("{place}.kind is {said:?}, and must be one of {}", kinds()))?;
    let link = link(said).filter(|_| carries == Carries::Texts);
    if link.is_some() && !cfg!(feature = "smpp") {
        return no_such_link(&place);
    }
    let mut account = Account {
        carries,
        kind: said.to_owned(),
        connections: 64,
        patience_seconds: 30,
        terms: terms(&place, table)?,
        values: BTreeMap::new(),
    };
    for (key, value) in table {
        let number = || value.as_integer().and_then(|value| u16::try_from(value).ok()).filter(|value| *value > 0);
        match key.as_str() {
            "kind" => {}
            "price_per_segment" | "price_currency" | "link_after" if carries == Carries::Texts => {}
            "connections" if link.is_some() => bail!("{place}.connections is for companies over HTTP: a link has window and rate"),
            "connections" => account.connections = number().with_context(|| format!("{place}.connections must be a number"))?,
            "patience_seconds" => {
                account.patience_seconds = number().with_context(|| format!("{place}.patience_seconds must be a number"))?;
            }
            key => {
                let more: &[&str] = match (carries, link) {
                    (Carries::Letters, _) => &["patience_seconds", "connections"],
                    (Carries::Texts, Some(_)) => &["price_per_segment", "price_currency", "link_after", "patience_seconds"],
                    (Carries::Texts, None) => &["price_per_segment", "price_currency", "link_after", "patience_seconds", "connections"],
                };
                let known = settings.iter().map(|setting| setting.name).chain(more.iter().copied());
                if !settings.iter().any(|setting| setting.name == key) {
                    let nearest = known.min_by_key(|known| distance(known, key)).unwrap_or_default();
                    bail!("there is no setting {place}.{key}; did you mean {place}.{nearest}?");
                }
                let text = match value {
                    toml::Value::String(text) => text.clone(),
                    toml::Value::Integer(number) => number.to_string(),
                    toml::Value::Boolean(truth) => truth.to_string(),
                    _ => bail!("{place}.{key} must be a string"),
                };
                account.values.insert(key.to_owned(), text);
            }
        }
    }
    // What cannot be used, and secrets, are looked at by whoever makes the account or checks it.
    let missing =
        settings.iter().find(|setting| setting.default.is_none() && account.values.get(setting.name).is_none_or(String::is_empty));
    if let Some(setting) = missing {
        bail!("{place}.{} is missing: {}", setting.name, setting.help);
    }
    Ok(account)
}

/// What every account may say of its bill, whoever the company is.
fn terms(place: &str, table: &toml::Table) -> anyhow::Result<messaging::Terms> {
    let mut terms = messaging::Terms::default();
    let words = |key: &str| table.get(key).map(|value| value.as_str().with_context(|| format!("{place}.{key} must be a string")));
    let (amount, currency) = (words("price_per_segment").transpose()?, words("price_currency").transpose()?);
    if amount.is_some() || currency.is_some() {
        let price = domain::price::Price::read(amount.unwrap_or_default(), currency.unwrap_or_default());
        let want = "must be a price and its currency, such as price_per_segment = \"0.0079\" and price_currency = \"USD\"";
        terms.price = Some(price.with_context(|| format!("{place}.price_per_segment and price_currency {want}"))?);
    }
    if let Some(value) = table.get("link_after") {
        let most = value.as_integer().and_then(|value| u16::try_from(value).ok()).filter(|value| *value <= 30);
        terms.link_after = most.with_context(|| format!("{place}.link_after must be a number from 0 to 30"))?;
    }
    Ok(terms)
}

/// What is said where a link is wanted of a build that has none.
pub fn no_such_link<T>(place: &str) -> anyhow::Result<T> {
    bail!("{place}.kind is \"smpp\", and this build of Homeword has no SMPP: build it with --features smpp, or take the account out")
}

fn link(kind: &str) -> Option<&'static sms::LinkKind> {
    sms::LINKS.iter().find(|link| link.name == kind)
}

fn mail_kind(name: &str) -> Option<&'static email::MailKind> {
    email::MAIL_KINDS.iter().find(|kind| kind.name == name)
}
