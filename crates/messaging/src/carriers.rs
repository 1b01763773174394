//! Who carries, and on what terms: by channel, and by the account with a company that a number belongs to. Knows no company by name.

use domain::carrier::{Capacity, Carrier};
use domain::people::Channel;
use domain::price::Price;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What an administrator says of an account, whoever the company is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// What a segment costs; `None`: nobody said.
    pub price: Option<Price>,
    /// A text of more segments goes as its first words and a link to the whole; 0 = never.
    pub link_after: u16,
}

impl Default for Terms {
    fn default() -> Self {
        Self { price: None, link_after: 6 }
    }
}

/// See the module.
#[derive(Clone, Default)]
pub struct Carriers(BTreeMap<(Channel, String), Arc<dyn Carrier>>, BTreeMap<String, Terms>);

impl Carriers {
    /// With one more.
    pub fn with(mut self, channel: Channel, account: &str, carrier: Arc<dyn Carrier>) -> Self {
        self.0.insert((channel, account.to_owned()), carrier);
        self
    }

    /// With the terms of an account that carries texts.
    pub fn on(mut self, account: &str, terms: Terms) -> Self {
        self.1.insert(account.to_owned(), terms);
        self
    }

    /// The terms of the account that [`Carriers::get`] finds under this name for texts.
    pub fn terms(&self, account: &str) -> Terms {
        self.agreed(account).cloned().unwrap_or_default()
    }

    fn agreed(&self, account: &str) -> Option<&Terms> {
        self.account(Channel::Sms, account).and_then(|name| self.1.get(name))
    }

    /// Of how many segments its longest whole text is; 0 = any.
    pub(crate) fn link_after(&self, account: &str) -> u16 {
        self.agreed(account).map_or_else(|| Terms::default().link_after, |terms| terms.link_after)
    }

    /// What the segments of its texts hold.
    pub fn capacity(&self, account: &str) -> Capacity {
        self.get(Channel::Sms, account).map(|carrier| carrier.abilities().capacity).unwrap_or_default()
    }

    /// The longest text it takes, in UTF-16 units; 0 = any.
    pub(crate) fn longest(&self, account: &str) -> usize {
        self.get(Channel::Sms, account).map_or(0, |carrier| carrier.abilities().longest)
    }

    /// Whoever carries for this account; for a number that names none, the channel's first.
    pub fn get(&self, channel: Channel, account: &str) -> Option<&Arc<dyn Carrier>> {
        let named =
            |(key, carrier): (&'_ (Channel, String), _)| (key.0 == channel && (account.is_empty() || key.1 == account)).then_some(carrier);
        self.0.iter().find_map(named)
    }

    /// The account that [`Carriers::get`] finds under this name.
    pub fn account(&self, channel: Channel, account: &str) -> Option<&str> {
        self.accounts(channel).find(|name| account.is_empty() || *name == account)
    }

    /// The accounts of a channel, in the order of their names.
    pub fn accounts(&self, channel: Channel) -> impl Iterator<Item = &str> {
        self.0.keys().filter(move |key| key.0 == channel).map(|key| key.1.as_str())
    }

    /// All of them.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Arc<dyn Carrier>> {
        self.0.values()
    }
}
