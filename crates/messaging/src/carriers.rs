//! Who carries: by channel, and by the account with a company that a number belongs to. Knows no company by name.

use domain::carrier::Carrier;
use domain::people::Channel;
use std::collections::BTreeMap;
use std::sync::Arc;

/// See the module.
#[derive(Clone, Default)]
pub struct Carriers(BTreeMap<(Channel, String), Arc<dyn Carrier>>);

impl Carriers {
    /// With one more.
    pub fn with(mut self, channel: Channel, account: &str, carrier: Arc<dyn Carrier>) -> Self {
        self.0.insert((channel, account.to_owned()), carrier);
        self
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
