//! Phone numbers as companies and gateways write them, to E.164 and back.
//!
//! The rule, as the pages say it: a number with a plus sign is international, and `00` before it means the same. A leading `0` is
//! national and wants the account's `country`. Where that is said, up to ten digits that are not the code with at least eight more
//! are national too (Spain and Italy write no 0; hardly anybody's whole number is so short), and for country 1 ten digits are and no
//! other count is. Other digits are international without their plus sign. Up to six digits are a short code; it and a name (an
//! alphanumeric sender) are nobody's phone.
//!
//! Must never know a company, or whose number it is.

use super::super::{Given, Wrong};
use domain::Phone;
use domain::carrier::{Destination, Outgoing};

/// How a company wants numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::company) enum Style {
    /// `+12035550100`
    Plus,
    /// `12035550100`
    Digits,
    /// `0012035550100`
    Zeros,
}

/// The words of [`Style`] in a configuration.
pub(in crate::company) const STYLES: &[(&str, Style)] = &[("plus", Style::Plus), ("digits", Style::Digits), ("00", Style::Zeros)];

impl Style {
    /// An E.164 number in this style; what is no such number stays as it is.
    pub(in crate::company) fn write(self, number: &str) -> String {
        match (self, number.strip_prefix('+')) {
            (Style::Digits, Some(digits)) => digits.to_owned(),
            (Style::Zeros, Some(digits)) => format!("00{digits}"),
            _ => number.to_owned(),
        }
    }

    /// Where a text goes; empty for a mailbox, which no company of texts is asked to reach.
    pub(in crate::company) fn to(self, sms: &Outgoing) -> String {
        match &sms.to {
            Destination::Phone(phone) => self.write(phone.reveal()),
            Destination::Mailbox(_) => String::new(),
        }
    }
}

/// The account's calling code, or nothing.
pub(in crate::company) fn country(given: &Given) -> Result<String, Wrong> {
    let code = given.get("country").trim_start_matches('+').to_owned();
    if code.len() <= 3 && code.bytes().all(|byte| byte.is_ascii_digit()) && !code.starts_with('0') {
        return Ok(code);
    }
    Err(Wrong { setting: "country".into(), want: "must be the calling code in digits, such as 1, 44 or 254, or empty".into() })
}

/// A number that came in. What is nobody's phone stays as it came, without NUL, which no database takes.
pub(in crate::company) fn read(raw: &str, country: &str) -> Phone {
    let bare = bare(raw);
    let word = || if !bare.is_empty() && is_digits(&bare) { bare.clone() } else { raw.trim().replace('\0', "") };
    Phone::new(international(&bare, country).unwrap_or_else(word))
}

/// A phone in E.164, or `None` where a word or a short code wrote, which no family has.
pub(in crate::company) fn e164(raw: &str, country: &str) -> Option<String> {
    international(&bare(raw), country)
}

/// Without what people and programs put between digits, and marks of direction that come along with copied numbers.
fn bare(raw: &str) -> String {
    let between = |mark: char| mark.is_whitespace() || matches!(mark, '-' | '\u{2010}'..='\u{2015}' | '(' | ')' | '.' | '/' | '\0');
    let direction = |mark: char| matches!(mark, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    raw.trim().trim_start_matches("tel:").chars().filter(|mark| !between(*mark) && !direction(*mark)).collect()
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn international(bare: &str, country: &str) -> Option<String> {
    let american = country == "1";
    let national = |digits: &str| (!american || digits.len() == 10).then(|| format!("{country}{digits}"));
    let whole =
        |digits: &str| digits.len() > 10 || digits.starts_with(country) && digits.len() >= country.len() + if american { 10 } else { 8 };
    let digits = match bare.strip_prefix('+').or_else(|| bare.strip_prefix("00")) {
        Some(digits) => digits.to_owned(),
        None if bare.len() <= 6 => return None,
        None => match bare.strip_prefix('0') {
            Some(_) if country.is_empty() => return None,
            Some(digits) => national(digits)?,
            None if country.is_empty() || whole(bare) => bare.to_owned(),
            None => national(bare)?,
        },
    };
    // No calling code begins with 0.
    let phone = (7..=15).contains(&digits.len()) && is_digits(&digits) && !digits.starts_with('0');
    phone.then(|| format!("+{digits}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_out_as_e164() {
        for (raw, country, want) in [
            ("+12035550100", "", "+12035550100"),
            (" 12035550100", "", "+12035550100"),
            ("0012035550100", "", "+12035550100"),
            ("(203) 555-0100", "1", "+12035550100"),
            ("2035550100", "1", "+12035550100"),
            ("+1 (203) 555-0100", "44", "+12035550100"),
            ("tel:+1-203-555-0100", "", "+12035550100"),
            ("\u{202a}+1\u{a0}203\u{2011}555\u{2011}0100\u{202c}", "", "+12035550100"),
            ("525512345678", "1", "+525512345678"),
            ("41793026727", "", "+41793026727"),
            ("0791541111", "254", "+254791541111"),
            ("07700900123", "44", "+447700900123"),
            ("447700900123", "44", "+447700900123"),
            ("612345678", "34", "+34612345678"),
            ("9876543210", "91", "+919876543210"),
            ("02035550100", "1", "+12035550100"),
            ("12035550100", "254", "+12035550100"),
        ] {
            assert_eq!(read(raw, country).reveal(), want, "{raw}");
            assert_eq!(e164(raw, country).as_deref(), Some(want), "{raw}");
        }
    }

    #[test]
    fn what_is_nobodys_phone_stays_as_it_came() {
        for (raw, country, want) in [
            ("0791541111", "", "0791541111"),
            ("5550100", "1", "5550100"),
            ("05550100", "1", "05550100"),
            ("21512", "254", "21512"),
            ("72345", "1", "72345"),
            ("School", "1", "School"),
            ("In\0foSMS ", "", "InfoSMS"),
            ("", "1", ""),
            ("+", "", "+"),
            ("+5", "", "+5"),
            ("000000000000", "", "000000000000"),
            ("12345678901234567", "", "12345678901234567"),
            ("1203555O100", "1", "1203555O100"),
        ] {
            assert_eq!((read(raw, country).reveal(), e164(raw, country)), (want, None), "{raw}");
        }
    }

    #[test]
    fn numbers_go_out_as_a_company_wants_them() {
        assert_eq!(Style::Plus.write("+12035550100"), "+12035550100");
        assert_eq!(Style::Zeros.write("+12035550100"), "0012035550100");
        assert_eq!(Style::Digits.write("21512"), "21512");
    }

    proptest::proptest! {
        #[test]
        fn a_phone_is_one_in_any_country_and_once_read_stays(raw in "[+0-9 ()-]{0,20}|.{0,20}", country in "(|1|44|254)") {
            let once = read(&raw, &country);
            proptest::prop_assert!(!once.reveal().contains('\0'));
            if let Some(number) = e164(&raw, &country) {
                proptest::prop_assert_eq!(once.reveal(), number.as_str());
                proptest::prop_assert_eq!(e164(&number, "49"), Some(number.clone()));
            }
        }
    }
}
