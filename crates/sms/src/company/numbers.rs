//! Phone numbers as gateways write them, to E.164 and back.
//!
//! The rule, as the pages say it: a number with a plus sign is international; `00` before it means the same; a leading `0` is
//! national and wants the account's `country`; ten digits are national where `country` is 1; up to six digits are a short code and
//! stay as they are; other digits are international without their plus sign. A name (an alphanumeric sender) stays as it is.

use super::{Given, Wrong};
use domain::Phone;
use domain::carrier::{Destination, Outgoing};

/// How a company wants numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// `+12035550100`
    Plus,
    /// `12035550100`
    Digits,
    /// `0012035550100`
    Zeros,
}

/// The words of [`Style`] in a configuration.
pub(super) const STYLES: &[(&str, Style)] = &[("plus", Style::Plus), ("digits", Style::Digits), ("00", Style::Zeros)];

impl Style {
    /// An E.164 number in this style; what is no such number stays as it is.
    pub(super) fn write(self, number: &str) -> String {
        match (self, number.strip_prefix('+')) {
            (Style::Digits, Some(digits)) => digits.to_owned(),
            (Style::Zeros, Some(digits)) => format!("00{digits}"),
            _ => number.to_owned(),
        }
    }

    /// Where a text goes; empty for a mailbox, which no company of texts is asked to reach.
    pub(super) fn to(self, sms: &Outgoing) -> String {
        match &sms.to {
            Destination::Phone(phone) => self.write(phone.reveal()),
            Destination::Mailbox(_) => String::new(),
        }
    }
}

/// The account's calling code, or nothing.
pub(super) fn country(given: &Given) -> Result<String, Wrong> {
    let code = given.get("country").trim_start_matches('+').to_owned();
    if code.len() <= 3 && code.bytes().all(|byte| byte.is_ascii_digit()) && !code.starts_with('0') {
        return Ok(code);
    }
    Err(Wrong { setting: "country".into(), want: "must be the calling code in digits, such as 1, 44 or 254, or empty".into() })
}

/// A number that came in.
pub(super) fn read(raw: &str, country: &str) -> Phone {
    let bare: String =
        raw.trim().trim_start_matches("tel:").chars().filter(|mark| !matches!(mark, ' ' | '-' | '(' | ')' | '.' | '\0')).collect();
    let digits = bare.strip_prefix('+').unwrap_or(&bare);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Phone::new(raw.trim());
    }
    if bare.starts_with('+') {
        return Phone::new(bare);
    }
    if let Some(rest) = digits.strip_prefix("00").filter(|rest| rest.len() > 6) {
        return Phone::new(format!("+{rest}"));
    }
    if let Some(rest) = digits.strip_prefix('0').filter(|_| !country.is_empty()) {
        return Phone::new(format!("+{country}{rest}"));
    }
    match digits.len() {
        0..=6 => Phone::new(digits),
        10 if country == "1" => Phone::new(format!("+1{digits}")),
        _ if digits.starts_with('0') => Phone::new(digits),
        _ => Phone::new(format!("+{digits}")),
    }
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
            ("0791541111", "254", "+254791541111"),
            ("0791541111", "", "0791541111"),
            ("21512", "254", "21512"),
            ("School", "1", "School"),
            ("", "1", ""),
            ("+", "", "+"),
        ] {
            assert_eq!(read(raw, country).reveal(), want, "{raw}");
        }
        assert_eq!(Style::Zeros.write("+12035550100"), "0012035550100");
        assert_eq!(Style::Digits.write("21512"), "21512");
    }
}
