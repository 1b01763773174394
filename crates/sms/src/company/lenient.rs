//! JSON as companies really send it: numbers where words were promised, half a surrogate pair, raw control characters, a charset
//! that is not UTF-8. Best effort, so that one bad letter does not lose a family's text. Knows no company.

use serde_json::Value;

/// Reads a body. `content_type` is the header's value, for its charset. `None` = not JSON even with a kind eye.
pub(super) fn json(content_type: Option<&str>, body: &[u8]) -> Option<Value> {
    let latin =
        content_type.map(str::to_ascii_lowercase).is_some_and(|kind| ["iso-8859-1", "latin1"].iter().any(|name| kind.contains(name)));
    let text = match (std::str::from_utf8(body), latin) {
        (_, true) => body.iter().map(|byte| char::from(*byte)).collect(),
        (Ok(text), _) => text.to_owned(),
        (Err(_), false) => String::from_utf8_lossy(body).into_owned(),
    };
    let text = text.trim_start_matches('\u{feff}');
    serde_json::from_str(text).or_else(|_| serde_json::from_str(&mended(text))).ok()
}

/// A text with what no JSON may hold replaced: half a surrogate pair by U+FFFD, a raw control character in a string by its escape.
fn mended(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut inside, mut rest) = (false, text);
    while let Some(mark) = rest.chars().next() {
        if inside && mark == '\\' {
            let taken = match (unit(rest), rest.get(6..).and_then(unit)) {
                (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
                (Some(0xd800..=0xdfff), _) => {
                    out.push('\u{fffd}');
                    rest = &rest[6..];
                    continue;
                }
                _ => rest.chars().take(2).map(char::len_utf8).sum(),
            };
            out.push_str(&rest[..taken]);
            rest = &rest[taken..];
            continue;
        }
        inside ^= mark == '"';
        if inside && mark < ' ' {
            out.push_str(&format!("\\u{:04x}", u32::from(mark)));
        } else {
            out.push(mark);
        }
        rest = &rest[mark.len_utf8()..];
    }
    out
}

/// The UTF-16 unit of an escape `\uXXXX` at the beginning.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u16::from_str_radix(digits, 16).ok())?
}

/// A field's words: a string, or a number or truth value written out. NUL, which no database takes, is left out.
pub(super) fn words(value: &Value, name: &str) -> Option<String> {
    match value.get(name)? {
        Value::String(text) => Some(text.replace('\0', "")),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

/// The same, of several names the first that says something.
pub(super) fn first(value: &Value, names: &[&str]) -> Option<String> {
    names.iter().filter_map(|name| words(value, name)).find(|text| !text.is_empty())
}

/// A family's phone in E.164, or `None` where the sender is a word or a short code, which no family has. `country` is the calling
/// code of numbers in national form (one trunk 0 goes); empty where the company leaves out the plus sign and nothing else.
pub(super) fn e164(raw: &str, country: &str) -> Option<String> {
    if raw.chars().any(char::is_alphabetic) {
        return None;
    }
    let digits: String = raw.chars().filter(char::is_ascii_digit).collect();
    let international = match digits.strip_prefix("00") {
        _ if raw.trim_start().starts_with('+') => digits,
        Some(rest) => rest.to_owned(),
        None if digits.len() < 7 => return None,
        None if country.is_empty() || (digits.starts_with(country) && digits.len() >= country.len() + 8) => digits,
        None => format!("{country}{}", digits.strip_prefix('0').unwrap_or(&digits)),
    };
    (7..=15).contains(&international.len()).then(|| format!("+{international}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text_of(body: &[u8]) -> Option<String> {
        words(&json(None, body)?, "text")
    }

    #[test]
    fn one_bad_letter_does_not_lose_the_text() {
        assert_eq!(text_of(br#"{"text":"bus \ud83d late"}"#).as_deref(), Some("bus \u{fffd} late"));
        assert_eq!(text_of(br#"{"text":"\udc4d\ud83d\udc4d \\ud83d \" end"}"#).as_deref(), Some("\u{fffd}👍 \\ud83d \" end"));
        assert_eq!(text_of(b"{\"text\":\"one\ntwo\tthree\"}").as_deref(), Some("one\ntwo\tthree"));
        assert_eq!(text_of(b"{\"text\":\"a\\u0000b\x00c\"}").as_deref(), Some("abc"));
        assert_eq!(text_of(b"{\"text\":\"caf\xe9\"}").as_deref(), Some("caf\u{fffd}"));
        assert_eq!(text_of("\u{feff}{\"text\":7}".as_bytes()).as_deref(), Some("7"));
        assert_eq!(text_of(br#"{"text":"one","text":"two"}"#).as_deref(), Some("two"));
        let latin = json(Some("application/json; charset=ISO-8859-1"), b"{\"text\":\"caf\xe9\"}");
        assert_eq!(latin.and_then(|value| words(&value, "text")).as_deref(), Some("café"));
        assert_eq!(json(None, b"<html>"), None);
    }

    #[test]
    fn a_number_is_a_familys_or_nobodys() {
        assert_eq!(e164("41793026727", "").as_deref(), Some("+41793026727"));
        assert_eq!(e164("+1 (203) 555-0100", "44").as_deref(), Some("+12035550100"));
        for national in ["2035550100", "12035550100", "+12035550100", "0012035550100"] {
            assert_eq!(e164(national, "1").as_deref(), Some("+12035550100"), "{national}");
        }
        assert_eq!(e164("07700900123", "44").as_deref(), Some("+447700900123"));
        assert_eq!(e164("447700900123", "44").as_deref(), Some("+447700900123"));
        for nobody in ["InfoSMS", "22395", "", "+", "12345678901234567"] {
            assert_eq!(e164(nobody, ""), None, "{nobody}");
        }
    }

    proptest! {
        #[test]
        fn mending_never_panics_and_leaves_good_json_as_it_is(text in "\\PC{0,60}", noise in proptest::collection::vec(any::<u8>(), 0..80)) {
            let good = serde_json::json!({ "text": text }).to_string();
            prop_assert_eq!(mended(&good), good.clone());
            prop_assert_eq!(words(&json(None, good.as_bytes()).unwrap_or_default(), "text"), Some(text.replace('\0', "")));
            let _ = json(None, &noise);
            let _ = e164(&String::from_utf8_lossy(&noise), "1");
        }
    }
}
