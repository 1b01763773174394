//! Accounts with companies, as the configuration names them: checked against the tables of kinds and links in `sms`, secrets read,
//! each made into a carrier, and a webhook or a session of its own. Knows no company.

use crate::config::{distance, secret};
use anyhow::{Context, bail};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// One account.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its kind, as `sms::KINDS` or `sms::LINKS` calls it.
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
        link(&self.kind).is_some()
    }

    /// Its translator, secrets read.
    pub fn build(&self, name: &str, public_url: &str) -> anyhow::Result<Arc<dyn domain::carrier::SmsProvider>> {
        let kind = sms::kind(&self.kind).context("an account's kind was checked when the configuration was read")?;
        kind.make(&self.given(name, public_url)?).map_err(|wrong| anyhow::anyhow!("sms.accounts.{name}.{wrong}"))
    }

    /// Whether everything it needs is there and can be used, its secrets too; nothing is connected.
    pub fn check(&self, name: &str, public_url: &str) -> anyhow::Result<()> {
        if self.is_link() {
            let given = self.given(name, public_url)?;
            sms::SmppSettings::read(&given).map(drop).map_err(|wrong| anyhow::anyhow!("sms.accounts.{name}.{wrong}"))
        } else {
            self.build(name, public_url).map(drop)
        }
    }

    /// Its settings, defaults filled in and secrets read.
    pub fn given(&self, name: &str, public_url: &str) -> anyhow::Result<sms::Given> {
        let mut values = BTreeMap::new();
        for setting in settings(&self.kind).context("an account's kind was checked when the configuration was read")? {
            let given = self.values.get(setting.name).map(String::as_str).or(setting.default).unwrap_or_default();
            let place = format!("sms.accounts.{name}.{}", setting.name);
            let value = if setting.secret && !given.is_empty() { secret(given, &place)? } else { given.to_owned() };
            values.insert(setting.name.to_owned(), value);
        }
        Ok(sms::Given {
            hook: format!("{}/hooks/sms/{name}", public_url.trim_end_matches('/')),
            slowest: self.patience() + Duration::from_secs(5),
            values,
        })
    }
}

/// Reads `[sms.accounts.…]`.
pub fn read(given: &toml::Table) -> anyhow::Result<BTreeMap<String, Account>> {
    given.iter().map(|(name, table)| Ok((name.clone(), account(name, table)?))).collect()
}

fn account(name: &str, table: &toml::Value) -> anyhow::Result<Account> {
    let place = format!("sms.accounts.{name}");
    if name.is_empty() || !name.chars().all(|mark| mark.is_ascii_alphanumeric() || mark == '-') {
        bail!("{place}: a name has letters, digits and - only, it is the last word of a webhook's address");
    }
    let table = table.as_table().with_context(|| format!("{place} must be a table: [{place}]"))?;
    let said = table.get("kind").and_then(toml::Value::as_str).with_context(|| format!("{place}.kind is missing: one of {}", kinds()))?;
    let settings = settings(said).with_context(|| format!("{place}.kind is {said:?}, and must be one of {}", kinds()))?;
    let link = link(said);
    if link.is_some() && !cfg!(feature = "smpp") {
        return no_such_link(&place);
    }
    let mut account =
        Account { kind: said.to_owned(), connections: 64, patience_seconds: 30, terms: terms(&place, table)?, values: BTreeMap::new() };
    for (key, value) in table {
        let number = || value.as_integer().and_then(|value| u16::try_from(value).ok()).filter(|value| *value > 0);
        match key.as_str() {
            "kind" | "price_per_segment" | "price_currency" | "link_after" => {}
            "connections" if link.is_some() => bail!("{place}.connections is for companies over HTTP: a link has window and rate"),
            "connections" => account.connections = number().with_context(|| format!("{place}.connections must be a number"))?,
            "patience_seconds" => {
                account.patience_seconds = number().with_context(|| format!("{place}.patience_seconds must be a number"))?;
            }
            key => {
                let more = ["price_per_segment", "price_currency", "link_after", "patience_seconds", "connections"];
                let more = more.into_iter().take(if link.is_some() { 4 } else { 5 });
                let known = settings.iter().map(|setting| setting.name).chain(more);
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

fn settings(kind: &str) -> Option<&'static [sms::Setting]> {
    sms::kind(kind).map(|kind| kind.settings).or_else(|| link(kind).map(|link| link.settings))
}

fn kinds() -> String {
    let all = sms::KINDS.iter().map(|kind| kind.name).chain(sms::LINKS.iter().map(|link| link.name));
    all.collect::<Vec<_>>().join(", ")
}
