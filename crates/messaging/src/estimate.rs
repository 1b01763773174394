//! What a message comes to before it is sent: texts as their carriers count them, their price where one is known, and when the last
//! of them will have left. Reads settings and the ledger, changes nothing; a class's numbers are looked at as if the slowest and
//! dearest took it all, so what comes about is never more nor later while nothing goes wrong.

use crate::*;
use domain::carrier::Capacity;
use domain::last::{Pace, last_leaves};
use domain::message::*;
use domain::people::{District, School, Sender};
use domain::price::{Cost, Price};

/// See the module. Counts with the longest name of a child.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Estimate {
    /// Segments of all texts, as the company writes them on its bill; at most.
    pub segments: u64,
    /// What they cost, at most; `None` where no price is configured.
    pub cost: Option<Cost>,
    /// When the last text will have left, at the latest: of the languages that need nobody. `None`: nothing goes by text.
    pub last: Option<Leaves>,
}

/// When the last text leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaves {
    /// At the latest then.
    By(Time),
    /// Not all of them before their use ends: rates or a brand's day do not let them.
    TooLate,
}

/// How the texts of a message may go: over these numbers.
pub(crate) struct Ways {
    senders: Vec<Sender>,
    /// Their accounts, each once.
    accounts: Vec<Way>,
}

struct Way {
    account: String,
    capacity: Capacity,
    price: Option<Price>,
}

impl Ways {
    /// The price of a segment: the dearest, where all are in one currency.
    pub(crate) fn price(&self) -> Option<Price> {
        let prices: Vec<&Price> = self.accounts.iter().map(|way| way.price.as_ref()).collect::<Option<_>>()?;
        let dearest = prices.iter().max_by_key(|price| price.millionths)?;
        prices.iter().all(|price| price.currency == dearest.currency).then(|| (*dearest).clone())
    }

    /// The accounts, each once.
    pub(crate) fn accounts(&self) -> impl Iterator<Item = &str> {
        self.accounts.iter().map(|way| way.account.as_str())
    }

    /// Segments of a text over the carrier that needs most.
    pub(crate) fn measure(&self, texts: &dyn domain::carrier::Texts, text: &str) -> u16 {
        let most = self.accounts.iter().map(|way| texts.measure(text, way.capacity).segments).max();
        most.unwrap_or_else(|| texts.measure(text, Capacity::default()).segments)
    }
}

impl Flows {
    /// The numbers a message may go over, as [`choose_sender`] would take them.
    pub(crate) async fn ways(&self, district: DistrictId, message: &Message) -> Flow<Ways> {
        let all = self.ports.people.senders(district).await?;
        let senders: Vec<Sender> = crate::expand::pool(&all, message).into_iter().cloned().collect();
        let accounts: std::collections::BTreeSet<&str> = senders.iter().map(|sender| sender.account.as_str()).collect();
        let carriers = &self.ports.carriers;
        let way =
            |account: &str| Way { account: account.to_owned(), capacity: carriers.capacity(account), price: carriers.terms(account).price };
        let accounts = accounts.into_iter().map(way).collect();
        Ok(Ways { senders, accounts })
    }

    /// When the last of so many texts will have left.
    pub(crate) async fn last(
        &self,
        district: &District,
        school: &School,
        message: &Message,
        ways: &Ways,
        texts: usize,
        opens: Time,
    ) -> Flow<Option<Leaves>> {
        if texts == 0 {
            return Ok(None);
        }
        let zone = domain::time::zone(school.zone.as_deref().unwrap_or(&district.zone));
        let quiet = (message.weight > Weight::Urgent).then_some(district.quiet);
        let day = domain::time::carrier_day(self.now());
        let mut latest = opens;
        for sender in &ways.senders {
            let ahead = self.ports.views.ahead(district.id, sender, crate::expand::lane(message), day).await?;
            let pace = Pace { rate: sender.rate, daily: sender.daily, spent: ahead.spent, day };
            match last_leaves(opens, ahead.waiting + texts as i64, pace, quiet, &zone) {
                Some(last) if last < message.useful_until => latest = latest.max(last),
                _ => return Ok(Some(Leaves::TooLate)),
            }
        }
        Ok((!ways.senders.is_empty()).then_some(Leaves::By(latest)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::carrier::Tables;

    fn ways(accounts: &[(Option<(&str, &str)>, Tables)]) -> Ways {
        let way = |(price, tables): &(Option<(&str, &str)>, Tables)| Way {
            account: String::new(),
            capacity: Capacity { tables: *tables, numbered: false },
            price: price.and_then(|(amount, currency)| Price::read(amount, currency)),
        };
        Ways { senders: vec![], accounts: accounts.iter().map(way).collect() }
    }

    #[test]
    fn the_dearest_speaks_for_all_and_two_currencies_or_an_unknown_price_for_none() {
        let price = |accounts: &[Option<(&str, &str)>]| {
            let all: Vec<_> = accounts.iter().map(|price| (*price, Tables::None)).collect();
            ways(&all).price().map(|price| price.millionths)
        };
        assert_eq!(price(&[Some(("0.004", "USD")), Some(("0.0079", "USD")), Some(("0.005", "USD"))]), Some(7_900));
        assert_eq!(price(&[Some(("0.004", "USD")), Some(("0.0079", "EUR"))]), None, "they cannot be compared");
        assert_eq!(price(&[Some(("0.004", "USD")), None]), None, "no money is made up");
        assert_eq!(price(&[]), None);
    }

    #[test]
    fn a_text_counts_as_over_the_carrier_that_needs_most() {
        // Turkish: in its own tables one segment, without them in UCS-2.
        let text = "Yarın okul yok, çocuğunuzu evde tutun; öğretmeniniz perşembe günü saat sekizde bekliyor, şimdilik bu kadar.";
        let all = (None, Tables::All);
        let (most, least) = (ways(&[all, (None, Tables::None), all]), ways(&[all]));
        assert_eq!((least.measure(&sms::Codec, text), most.measure(&sms::Codec, text), ways(&[]).measure(&sms::Codec, text)), (1, 2, 2));
    }
}
