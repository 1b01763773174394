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
fn bytes_come_through_as_they_are() {
    let fields = Fields::of_query("https://x/y?udh=%05%00%03*%02%01&text=%04(%04%3A+%&empty=&a=1&a=2&%zz=%4#part");
    assert_eq!(fields.bytes("udh"), Some(&[5, 0, 3, b'*', 2, 1][..]));
    assert_eq!(fields.get_in("text", "UTF-16BE").as_deref(), Some("Ш\u{43a}\u{2025}"));
    assert_eq!((fields.get("empty"), fields.get("a").as_deref(), fields.get("%zz").as_deref()), (None, Some("1"), Some("%4")));
    assert!(Fields::of_query("https://x/y").get("a").is_none());
    assert!(Fields::of_query("https://x/y#?a=1").get("a").is_none(), "what stands behind # is no query");
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
    assert_eq!(text("text/plain; charset=UTF-16BE", b"text=%04%28%04%3A").as_deref(), Some("Шк"), "its name is plain all the same");
    assert_eq!(text("", b"text=x&text=y").as_deref(), Some("x"), "named twice, without a content type");
    assert_eq!(text("", b"text=a%00b&text").as_deref(), Some("ab"));
    assert_eq!(text("", b"text=&text=%00&text=y").as_deref(), Some("y"), "the first that says something");
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
fn what_may_be_signed_is_the_text_and_the_bytes() {
    let signed = |kind: &str, body: &[u8]| {
        let fields = Fields::of(&call(kind, body)).unwrap();
        fields
            .signed()
            .into_iter()
            .map(|all| all.into_iter().map(|(_, value)| value.to_vec()).collect::<Vec<_>>().concat())
            .collect::<Vec<_>>()
    };
    assert_eq!(signed("", b"a=1&b=%D8%B9"), ["1ع".as_bytes()]);
    assert_eq!(signed("application/x-www-form-urlencoded; charset=latin1", b"a=%F1"), [&b"\xc3\xb1"[..], b"\xf1"]);
    assert_eq!(signed("application/json", br#"{"a":"\ud83d"}"#), [&b"\xef\xbf\xbd"[..], b"?"]);
    assert_eq!(signed("application/json", br#"{"a":"x","b":7,"c":null}"#), [b"x7"]);
    assert_eq!(signed("", "a=\u{feff}b".as_bytes()), ["\u{feff}b".as_bytes()], "a mark that is signed stays");
}

#[test]
fn a_call_without_a_body_has_its_query() {
    let fields = Fields::of(&call("application/json", b"")).unwrap();
    assert_eq!(fields.get("ref").as_deref(), Some("1"));
    assert!(fields.has("ref") && !fields.has("text"));
    assert_eq!(fields.and(Fields::of_form(None, b"text=x")).names().collect::<Vec<_>>(), ["ref", "text"]);
}

proptest::proptest! {
    #[test]
    fn bytes_come_back_as_they_went(bytes in proptest::collection::vec(0u8.., 0..60)) {
        let fields = Fields::of_query(&format!("https://h.example/?a={}", percent(&bytes)));
        proptest::prop_assert_eq!(fields.bytes("a"), Some(bytes.as_slice()));
        let _ = Fields::of_form(Some("text/plain; charset=utf-16"), &bytes);
    }
}
