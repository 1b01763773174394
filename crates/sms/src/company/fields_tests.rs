//! Forms and JSON as companies really send them, and as nobody should.

use super::*;

fn call(kind: &str, body: &[u8]) -> WireCall {
    WireCall {
        method: "POST".into(),
        url: "https://h.example/x?ref=1".into(),
        headers: vec![("content-type".into(), kind.into())],
        body: body.to_vec(),
    }
}

fn text(kind: &str, body: &[u8]) -> Option<String> {
    Fields::of(&call(kind, body)).and_then(|fields| fields.get("text"))
}

#[test]
fn a_form_is_read_in_the_character_set_it_declares() {
    assert_eq!(text("application/x-www-form-urlencoded", "text=a+b%26c%3Dd%2B%D8%B9".as_bytes()).as_deref(), Some("a b&c=d+ع"));
    assert_eq!(text("application/x-www-form-urlencoded; charset=ISO-8859-1", b"text=ma%F1ana").as_deref(), Some("mañana"));
    assert_eq!(text("application/x-www-form-urlencoded;charset=\"latin1\"", b"text=\xe9").as_deref(), Some("é"));
    assert_eq!(
        text("application/x-www-form-urlencoded", b"text=ma%F1ana%").as_deref(),
        Some("ma\u{fffd}ana%"),
        "no UTF-8: replaced, not lost"
    );
    assert_eq!(text("", b"text=x&text=y").as_deref(), Some("x"), "named twice, without a content type");
    assert_eq!(text("", b"text=a%00b&text").as_deref(), Some("ab"));
}

#[test]
fn json_is_read_even_where_serde_would_not() {
    assert_eq!(text("application/json", b"{\"text\":70,\"n\":null}").as_deref(), Some("70"));
    assert_eq!(text("text/plain", b" {\"text\":\"a\"}").as_deref(), Some("a"), "a wrong content type");
    assert_eq!(text("application/json", b"text=a").as_deref(), Some("a"), "a form that says it is JSON");
    assert_eq!(
        text("application/json", br#"{"text":"see \ud83d you \ud83d\udc4d \udc4d"}"#).as_deref(),
        Some("see \u{fffd} you 👍 \u{fffd}")
    );
    assert_eq!(text("application/json", b"{\n\"text\":\"a\nb\0c \\\\ \\\" \\u0000d\"}").as_deref(), Some("a\nbc \\ \" d"));
    assert_eq!(text("application/json", b"{\"text\":\"ma\xf1ana\"}").as_deref(), Some("ma\u{fffd}ana"));
    assert_eq!(text("application/json", "{\"text\":\"\u{feff}ع\"}".as_bytes()).as_deref(), Some("\u{feff}ع"));
    let long = format!("{{\"text\":\"{}\"}}", "я".repeat(10_000));
    assert_eq!(text("application/json", long.as_bytes()).map(|text| text.chars().count()), Some(10_000));
    for nonsense in [&b"[1]"[..], b"{\"text\":", b"{\"text\":\"\\", b"{\"text\":\"\\ud83d", b"null", b"\xff\xfe", b"{\"a\\"] {
        assert!(text("application/json", nonsense).is_none());
    }
    assert!(text("application/json", format!("{}1{}", "[".repeat(9000), "]".repeat(9000)).as_bytes()).is_none());
}

#[test]
fn a_call_without_a_body_has_its_query() {
    let fields = Fields::of(&call("application/json", b"")).unwrap();
    assert_eq!(fields.get("ref").as_deref(), Some("1"));
    assert!(fields.has("ref") && !fields.has("text"));
}

#[test]
fn a_number_gets_its_plus_sign_and_nothing_else() {
    for (written, read) in [
        ("12035550100", "+12035550100"),
        ("+12035550100", "+12035550100"),
        ("0012035550100", "+12035550100"),
        ("72345", "72345"),
        ("MTN", "MTN"),
        ("", ""),
    ] {
        assert_eq!(e164(written).reveal(), read);
    }
}

#[test]
fn a_key_is_short_and_printable() {
    assert_eq!(replay_key("sms", "0B00-1"), "sms:0B00-1");
    for id in ["x".repeat(5000), "a\0b".into(), "ع".into()] {
        let key = replay_key("sms", &id);
        assert!(key.len() < 60 && key.bytes().all(|byte| byte.is_ascii_graphic()), "{key}");
    }
    assert_ne!(digest(&["ab", "c"]), digest(&["a", "bc"]));
}
