//! JSON as companies send it: half an emoji, a raw line end, another character set, a number where words were promised.
//!
//! Must never know a company, or what a field means.
//!
//! Source: RFC 8259 sections 7 and 8.2 (control characters, lone surrogates).

use super::charset;
use serde_json::Value;

/// What half a surrogate pair becomes.
const HALF: char = '\u{fffd}';

/// A body as JSON, mended where it cannot be read as it is. `None` = it is no JSON even so.
pub(in crate::company) fn read(content_type: Option<&str>, body: &[u8]) -> Option<Value> {
    read_with(content_type, body, HALF)
}

/// The same, with another character for half a surrogate pair.
pub(super) fn read_with(content_type: Option<&str>, body: &[u8], half: char) -> Option<Value> {
    let text = charset::document(body, charset::of(content_type));
    serde_json::from_str(&text).or_else(|_| serde_json::from_str(&mended(&text, half))).ok()
}

/// Replaces half surrogate pairs and escapes raw control characters, inside strings.
fn mended(text: &str, half: char) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut rest, mut inside) = (text, false);
    while let Some(mark) = rest.chars().next() {
        let mut took = mark.len_utf8();
        match mark {
            '\\' if inside => match (unit(rest), rest.get(6..).and_then(unit)) {
                (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => {
                    took = 12;
                    out.push_str(&rest[..took]);
                }
                (Some(0xd800..=0xdfff), _) => {
                    took = 6;
                    out.push(half);
                }
                _ => {
                    took += rest[1..].chars().next().map_or(0, char::len_utf8);
                    out.push_str(&rest[..took]);
                }
            },
            control if inside && control < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => {
                inside ^= other == '"';
                out.push(other);
            }
        }
        rest = &rest[took..];
    }
    out
}

/// The UTF-16 unit of a `\uXXXX` that stands at the beginning.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u16::from_str_radix(digits, 16).ok())?
}

/// The value at a path of names; where it meets a list, its first entry.
pub(in crate::company) fn at<'a>(value: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, name| value.as_array().map_or(Some(value), |list| list.first())?.get(name))
}

/// A value as a word: text that is not empty, a number, yes or no. Without NUL, which no database takes.
pub(in crate::company) fn word(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.replace('\0', ""),
        Value::Number(_) | Value::Bool(_) => value.to_string(),
        _ => return None,
    };
    Some(text).filter(|text| !text.is_empty())
}

/// The word of this name.
pub(in crate::company) fn field(value: &Value, name: &str) -> Option<String> {
    value.get(name).and_then(word)
}

/// The word of the first of these names that has one.
pub(in crate::company) fn first(value: &Value, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| field(value, name))
}

/// The word at a path; empty where there is none.
pub(in crate::company) fn text(value: &Value, path: &[&str]) -> String {
    at(value, path).and_then(word).unwrap_or_default()
}

/// The company's word for what happened, short enough for a page: nothing of a text or a number slips through it.
pub(in crate::company) fn code(value: &Value, path: &[&str]) -> String {
    text(value, path).chars().filter(|mark| mark.is_ascii_alphanumeric() || "-_.".contains(*mark)).take(40).collect()
}

/// The words of a list, or the one word that stands where a list should.
pub(in crate::company) fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Array(list)) => list.iter().filter_map(word).collect(),
        other => other.and_then(word).into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn said(body: &[u8], content_type: &str) -> Option<String> {
        Some(text(&read(Some(content_type), body)?, &["text"]))
    }

    #[test]
    fn half_an_emoji_does_not_lose_the_text() {
        for (body, wanted) in [
            (r#"{"text":"a\ud83d b"}"#, "a\u{fffd} b"),
            (r#"{"text":"a\udc4d b"}"#, "a\u{fffd} b"),
            (r#"{"text":"\ud83d\ud83d\udc4d"}"#, "\u{fffd}👍"),
            (r#"{"text":"\ud83d"}"#, "\u{fffd}"),
            (r#"{"text":"\udc4d\ud83d\udc4d \\ud83d \" end"}"#, "\u{fffd}👍 \\ud83d \" end"),
            (r#"{"text":"\\ud83d \" \\"}"#, "\\ud83d \" \\"),
            ("{\"text\":\"one\ntwo\tthree\"}", "one\ntwo\tthree"),
            ("{\n\"text\":\"a\nb\0c \\\\ \\\" \\u0000d\"}", "a\nbc \\ \" d"),
            (r#"{"text":"\ud83dé\\"}"#, "\u{fffd}é\\"),
        ] {
            assert_eq!(said(body.as_bytes(), "application/json").as_deref(), Some(wanted), "{body}");
        }
        assert_eq!(read_with(None, br#"["\ud83d"]"#, '?'), Some(serde_json::json!(["?"])));
    }

    #[test]
    fn other_charsets_marks_and_types_are_read() {
        assert_eq!(said(b"{\"text\":\"a\xf1o\"}", "application/json; charset=ISO-8859-1").as_deref(), Some("año"));
        assert_eq!(said(b"{\"text\":\"a\xf1o\"}", "application/json; charset=windows-1252").as_deref(), Some("año"));
        assert_eq!(said(b"{\"text\":\"a\xf1o\"}", "application/json").as_deref(), Some("a\u{fffd}o"));
        assert_eq!(said(b"\xef\xbb\xbf{\"text\":\"x\"}", "text/plain").as_deref(), Some("x"));
        assert_eq!(said("{\"text\":\"\u{feff}ع\"}".as_bytes(), "").as_deref(), Some("\u{feff}ع"), "inside, it is a letter");
        assert_eq!(said(br#"{"text":1}"#, "").as_deref(), Some("1"));
        assert_eq!(said(br#"{"text":true}"#, "").as_deref(), Some("true"));
        assert_eq!(said(br#"{"text":"a\u0000b"}"#, "").as_deref(), Some("ab"));
        assert_eq!(said(br#"{"text":"first","text":"last"}"#, "").as_deref(), Some("last"));
        assert_eq!(said(br#"{"text":null}"#, "").as_deref(), Some(""));
    }

    #[test]
    fn what_no_mending_helps_is_nothing() {
        for body in [&b""[..], b"<html>", br#"{"text":"cut off"#, br#"{"t":"\ud8"#, b"{\"text\":\"\\", b"\xff\xfe", b"{\"a\\"] {
            assert_eq!(read(None, body), None);
        }
        assert_eq!(read(None, format!("{}1{}", "[".repeat(9000), "]".repeat(9000)).as_bytes()), None);
    }

    #[test]
    fn paths_lead_through_the_first_entry_of_a_list() {
        let value = serde_json::json!({ "to": [{ "n": "1" }, { "n": "2" }], "media": ["a", "", 7], "one": "x", "none": "" });
        assert_eq!(text(&value, &["to", "n"]), "1");
        assert_eq!(
            (texts(value.get("media")), texts(value.get("one")), texts(None)),
            (vec!["a".into(), "7".into()], vec!["x".into()], vec![])
        );
        assert_eq!((first(&value, &["no", "none", "one"]).as_deref(), first(&value, &["to"])), (Some("x"), None));
    }

    #[test]
    fn a_code_is_short_and_says_nothing_else() {
        let said = |value: &str| code(&serde_json::json!({ "code": value }), &["code"]);
        assert_eq!(said("max-message-queue-size-exceeded"), "max-message-queue-size-exceeded");
        assert_eq!(said("to +1 (203) é"), "to1203");
        assert_eq!(said(&"4".repeat(500)).len(), 40);
    }

    proptest! {
        #[test]
        fn mending_never_panics_and_leaves_good_json_as_it_is(good in "\\PC{0,60}", noise in ".{0,60}", bytes in proptest::collection::vec(0u8.., 0..60)) {
            let json = serde_json::json!({ "text": good }).to_string();
            prop_assert_eq!(mended(&json, HALF), json.clone());
            prop_assert_eq!(said(json.as_bytes(), ""), Some(good));
            mended(&format!("{{\"text\":\"{noise}"), HALF);
            mended(&format!("\"\\u{noise}"), HALF);
            let _ = read(Some(&noise), &bytes);
        }
    }
}
