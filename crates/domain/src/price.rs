//! What a segment costs, and many: in whole millionths of a currency, since fractions of a cent add up over a district.

/// A price of one segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Price {
    /// Millionths of the currency.
    pub millionths: i64,
    /// As ISO 4217 writes it: USD.
    pub currency: String,
}

/// What is paid in all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Millionths of the currency.
    pub millionths: i128,
    /// As ISO 4217 writes it: USD.
    pub currency: String,
}

impl Price {
    /// Reads "0.0079" and "USD". `None`: no number with at most six places, below nothing, above a thousand, or no such currency.
    pub fn read(amount: &str, currency: &str) -> Option<Price> {
        let (whole, part) = amount.split_once('.').unwrap_or((amount, ""));
        let digits = |text: &str| text.bytes().all(|octet| octet.is_ascii_digit());
        if whole.is_empty() || part.len() > 6 || whole.len() > 3 || !digits(whole) || !digits(part) {
            return None;
        }
        let known = currency.len() == 3 && currency.bytes().all(|octet| octet.is_ascii_uppercase());
        let millionths = format!("{whole}{part:0<6}").parse().ok()?;
        known.then(|| Price { millionths, currency: currency.to_owned() })
    }

    /// What so many segments cost.
    pub fn of(&self, segments: u64) -> Cost {
        Cost { millionths: i128::from(self.millionths) * i128::from(segments), currency: self.currency.clone() }
    }
}

/// "9.80 USD": to the cent, rounded up, so that it is never more than it says.
impl std::fmt::Display for Cost {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let cents = (self.millionths + 9_999).div_euclid(10_000);
        write!(to, "{}.{:02} {}", cents / 100, cents % 100, self.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_read_exactly_and_many_cost_what_they_cost_rounded_up_to_the_cent() {
        let price = Price::read("0.0079", "USD").expect("a price");
        assert_eq!(price.millionths, 7_900);
        assert_eq!(price.of(1_240).to_string(), "9.80 USD", "9.796");
        assert_eq!(price.of(100).to_string(), "0.79 USD", "no cent is added to what comes out even");
        assert_eq!((price.of(0).to_string(), price.of(1).to_string()), ("0.00 USD".into(), "0.01 USD".into()));
        assert_eq!(price.of(u64::MAX).millionths, i128::from(u64::MAX) * 7_900);
        // Three tenths are no float's.
        assert_eq!(Price::read("0.1", "EUR").map(|price| price.of(3).millionths), Some(300_000));
        assert_eq!(Price::read("12", "KES").map(|price| price.of(2).to_string()), Some("24.00 KES".into()));
        let wrong =
            [("0.0000001", "USD"), ("-1", "USD"), ("", "USD"), ("1,5", "USD"), ("1e3", "USD"), ("1000", "USD"), ("1", "usd"), ("1", "")];
        assert!(wrong.iter().all(|(amount, currency)| Price::read(amount, currency).is_none()));
    }
}
