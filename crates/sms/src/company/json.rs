//! JSON as companies send it, read so that a slip of theirs costs no family its words: a half emoji, a raw line end, another charset.
//! What RFC 8259 allows is read as it says; only what it forbids is mended.
//!
//! Must never know a company, or what a field means.

use domain::mask::Phone;
use serde_json::Value;

/// A body as JSON, after mending it where it cannot be read as it is. `None` = it is no JSON at all.
pub(super) fn read(body: &[u8], content_type: Option<&str>) -> Option<Value> {
    let text = decoded(body, content_type.unwrap_or_default());
    serde_json::from_str(&text).or_else(|_| serde_json::from_str(&mended(&text))).ok()
}

/// UTF-8, with what is none of it replaced; one byte a character where the sender declares Latin-1.
fn decoded(body: &[u8], content_type: &str) -> String {
    let declared = content_type.to_ascii_lowercase();
    if ["iso-8859-1", "latin1", "windows-1252"].iter().any(|name| declared.contains(name)) {
        return body.iter().map(|byte| char::from(*byte)).collect();
    }
    String::from_utf8_lossy(body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)).into_owned()
}

/// Replaces half surrogate pairs and escapes raw control characters inside strings.
fn mended(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut rest, mut inside) = (text, false);
    while let Some(mark) = rest.chars().next() {
        let mut took = mark.len_utf8();
        match mark {
            '"' => {
                inside = !inside;
                out.push(mark);
            }
            '\\' if inside => match (unit(rest), rest.get(6..).and_then(unit)) {
                (Some(0xd800..0xdc00), Some(0xdc00..0xe000)) => {
                    took = 12;
                    out.push_str(&rest[..took]);
                }
                (Some(0xd800..0xe000), _) => {
                    took = 6;
                    out.push('\u{fffd}');
                }
                _ => {
                    took += rest[1..].chars().next().map_or(0, char::len_utf8);
                    out.push_str(&rest[..took]);
                }
            },
            control if inside && control < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => out.push(other),
        }
        rest = &rest[took..];
    }
    out
}

/// The UTF-16 unit of a `\uXXXX` that stands at the beginning.
fn unit(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    digits.chars().all(|mark| mark.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
}

/// The value at a path of names; where it meets a list, its first entry.
pub(super) fn at<'a>(value: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, name| value.as_array().map_or(Some(value), |list| list.first())?.get(name))
}

/// The text at a path; a number as it is written; empty where there is none. Without NUL, which no text column takes.
pub(super) fn text(value: &Value, path: &[&str]) -> String {
    plain(at(value, path))
}

/// The company's word for what happened, short enough for a page: nothing of a text or a number slips through it.
pub(super) fn code(value: &Value, path: &[&str]) -> String {
    text(value, path).chars().filter(|mark| mark.is_ascii_alphanumeric() || "-_.".contains(*mark)).take(40).collect()
}

/// One value as text.
pub(super) fn plain(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.replace('\0', ""),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

/// The texts of a list, or the one text that stands where a list should.
pub(super) fn texts(value: Option<&Value>) -> Vec<String> {
    let all = match value {
        Some(Value::Array(list)) => list.iter().map(|entry| plain(Some(entry))).collect(),
        other => vec![plain(other)],
    };
    all.into_iter().filter(|text| !text.is_empty()).collect()
}

/// A number of a company that documents E.164: eleven digits or more that lack the plus sign get it, ten are a North American
/// number. Anything else (a short code, a name) stays as it came.
pub(super) fn phone(text: &str) -> Phone {
    let text = text.trim();
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    Phone::new(match text.len() {
        10 if digits => format!("+1{text}"),
        11..=15 if digits => format!("+{text}"),
        _ => text.to_owned(),
    })
}

/// A replay key of a kind and an id. An id nobody could mean is cut: keys are short.
pub(super) fn key(kind: &str, id: &str) -> String {
    format!("{kind}:{}", id.chars().take(100).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(body: &[u8], content_type: &str) -> Option<String> {
        Some(text(&read(body, Some(content_type))?, &["text"]))
    }

    #[test]
    fn half_an_emoji_does_not_lose_the_text() {
        for (body, wanted) in [
            (r#"{"text":"a\ud83d b"}"#, "a\u{fffd} b"),
            (r#"{"text":"a\udc4d b"}"#, "a\u{fffd} b"),
            (r#"{"text":"\ud83d\ud83d\udc4d"}"#, "\u{fffd}👍"),
            (r#"{"text":"\ud83d"}"#, "\u{fffd}"),
            (r#"{"text":"\\ud83d \" \\"}"#, "\\ud83d \" \\"),
            ("{\"text\":\"one\ntwo\tthree\"}", "one\ntwo\tthree"),
            (r#"{"text":"\ud83dé\\"}"#, "\u{fffd}é\\"),
        ] {
            assert_eq!(said(body.as_bytes(), "application/json").as_deref(), Some(wanted), "{body}");
        }
    }

    #[test]
    fn other_charsets_marks_and_types_are_read() {
        assert_eq!(said(b"{\"text\":\"a\xf1o\"}", "application/json; charset=ISO-8859-1").as_deref(), Some("año"));
        assert_eq!(said(b"{\"text\":\"a\xf1o\"}", "application/json").as_deref(), Some("a\u{fffd}o"));
        assert_eq!(said(b"\xef\xbb\xbf{\"text\":\"x\"}", "text/plain").as_deref(), Some("x"));
        assert_eq!(said(br#"{"text":1}"#, "").as_deref(), Some("1"));
        assert_eq!(said(br#"{"text":"a\u0000b"}"#, "").as_deref(), Some("ab"));
        assert_eq!(said(br#"{"text":"first","text":"last"}"#, "").as_deref(), Some("last"));
        assert_eq!(said(br#"{"text":null}"#, "").as_deref(), Some(""));
        assert_eq!(said(br#"{"text":"cut off"#, ""), None);
    }

    #[test]
    fn a_code_is_short_and_says_nothing_else() {
        let said = |value: &str| code(&serde_json::json!({ "code": value }), &["code"]);
        assert_eq!(said("max-message-queue-size-exceeded"), "max-message-queue-size-exceeded");
        assert_eq!(said("to +1 (203) é"), "to1203");
        assert_eq!(said(&"4".repeat(500)).len(), 40);
    }

    #[test]
    fn a_number_without_its_plus_sign_gets_it() {
        for (came, wanted) in [
            ("+12035550100", "+12035550100"),
            ("12035550100", "+12035550100"),
            ("2035550100", "+12035550100"),
            ("525512345678", "+525512345678"),
            ("72345", "72345"),
            ("School", "School"),
            ("", ""),
        ] {
            assert_eq!(phone(came).reveal(), wanted);
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_comes_nothing_panics(noise in ".{0,60}", bytes in proptest::collection::vec(0u8.., 0..60)) {
            mended(&format!("{{\"text\":\"{noise}"));
            mended(&format!("\"\\u{noise}"));
            let _ = read(&bytes, Some(&noise));
        }
    }
}
