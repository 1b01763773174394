//! The generic translator: each example of the page is built from the page and goes through the list every company goes through.

use super::*;
use crate::company::conformance::{Company, HOOK, NOW, at};
use crate::company::reading::form::Fields;
use crate::company::{Given, kind};
use domain::*;
use std::collections::BTreeMap;
use std::sync::Arc;

const SECRET: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";

/// The settings of an example, as the page shows them; secrets from elsewhere are this test's.
fn example(name: &str) -> BTreeMap<String, String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/providers/http.md");
    let page = std::fs::read_to_string(path).unwrap();
    let block = page
        .split("```toml")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .find(|block| block.contains(&format!("[sms.accounts.{name}]")));
    let table: toml::Table = toml::from_str(block.unwrap_or_else(|| panic!("the page shows no {name}"))).unwrap();
    let account = table["sms"]["accounts"][name].as_table().unwrap().clone();
    let word = |value: toml::Value| match value.as_str().unwrap() {
        secret if secret.starts_with("env:") => SECRET.to_owned(),
        other => other.to_owned(),
    };
    account.into_iter().filter(|(name, _)| name != "kind").map(|(name, value)| (name, word(value))).collect()
}

/// As the list wants them: for as long as the tests run.
fn settings(name: &str) -> &'static [(&'static str, &'static str)] {
    let leak = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    Box::leak(example(name).into_iter().map(|(name, value)| (leak(name), leak(value))).collect::<Vec<_>>().into_boxed_slice())
}

fn build(settings: &BTreeMap<String, String>) -> Result<Arc<dyn SmsProvider>, crate::company::Wrong> {
    let kind = kind("http").unwrap();
    let mut values: BTreeMap<String, String> =
        kind.settings.iter().map(|setting| (setting.name.into(), setting.default.unwrap_or_default().into())).collect();
    values.extend(settings.clone());
    (kind.build)(&Given { hook: format!("{HOOK}/http"), slowest: Duration::from_secs(35), values })
}

fn in_address(call: &mut WireCall, name: &str) {
    let separator = if call.url.contains('?') { '&' } else { '?' };
    call.url.push_str(&format!("{separator}{name}={SECRET}"));
}

fn sign_as_aggregator(call: &mut WireCall, now: Time) {
    let time = now.seconds().to_string();
    let code = signature::Code {
        name: String::new(),
        prefix: String::new(),
        sha1: false,
        base64: false,
        of: "{timestamp}.{body}".into(),
        timestamp: String::new(),
        tolerance: 0,
        good: vec![],
    };
    let signed = format!("sha256={}", code.sign(SECRET, call, &time));
    call.headers.push(("x-textline-timestamp".into(), time));
    call.headers.push(("x-textline-signature".into(), signed));
}

#[test]
fn a_box_conforms() {
    crate::company::conformance::conforms(&Company {
        kind: "http/smseagle",
        settings: settings("smseagle"),
        sign: |call, _| in_address(call, "apikey"),
        read: |request| {
            let fields = Fields::of_query(&request.url);
            ("+12035550199".into(), fields.get("to").unwrap_or_default(), fields.get("message").unwrap_or_default())
        },
        lacks: &[
            ("receipt-delivered", "the box sends no receipts"),
            ("receipt-failed", "the box sends no receipts"),
            ("receipt-opted-out", "the box sends no receipts"),
            ("answer-opted-out", "the box keeps no list of who stopped"),
            ("answer-throttled", "the box queues"),
            ("answer-bad-number", "the box says only that parameters are wrong"),
            ("answer-several-parts", "one id stands for all parts"),
        ],
        tolerance: None,
        covers_body: false,
    });
}

#[test]
fn an_aggregator_conforms() {
    crate::company::conformance::conforms(&Company {
        kind: "http/textline",
        settings: settings("textline"),
        sign: sign_as_aggregator,
        read: |request| {
            let json: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
            let message = &json["messages"][0];
            (message["sender"].as_str().unwrap().into(), message["msisdn"].to_string(), message["content"].as_str().unwrap().into())
        },
        lacks: &[],
        tolerance: Some(300),
        covers_body: true,
    });
}

#[test]
fn a_real_company_conforms_in_configuration_alone() {
    crate::company::conformance::conforms(&Company {
        kind: "http/africastalking",
        settings: settings("africastalking"),
        sign: |call, _| in_address(call, "key"),
        read: |request| {
            assert!(request.headers.contains(&("apikey".into(), SECRET.into())));
            let fields = Fields::of_form(None, &request.body);
            let get = |name: &str| fields.get(name).unwrap_or_default();
            assert_eq!(get("username"), "school");
            (get("from"), get("to"), get("message"))
        },
        lacks: &[("answer-throttled", "the company documents no code for it"), ("answer-several-parts", "one id stands for all parts")],
        tolerance: None,
        covers_body: false,
    });
}

fn outgoing() -> Outgoing {
    Outgoing {
        district: DistrictId(1),
        delivery: DeliveryId(2),
        attempt: 3,
        sender: SenderId(4),
        from: "+12035550199".into(),
        to: Destination::Phone("+12035550100".into()),
        content: Content::Text("{secret} \"sí\" & {to}".into()),
        useful_until: NOW.plus_minutes(90),
        begin_before: Time::NEVER,
    }
}

#[test]
fn words_are_put_in_once_and_never_read_in_what_people_wrote() {
    let request = build(&example("textline")).unwrap().submit(&outgoing(), &at(NOW));
    let json: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
    let message = &json["messages"][0];
    assert_eq!(message["content"], "{secret} \"sí\" & {to}");
    assert_eq!((&message["msisdn"], &message["ttl"]), (&serde_json::json!(12035550100u64), &serde_json::json!(90)));
    assert_eq!((&message["unicode"], &message["custom"]), (&serde_json::json!(true), &serde_json::json!("1.2.3")));
    let form = build(&example("africastalking")).unwrap().submit(&outgoing(), &at(NOW));
    assert_eq!(Fields::of_form(None, &form.body).get("message").as_deref(), Some("{secret} \"sí\" & {to}"));
    let query = build(&example("smseagle")).unwrap().submit(&outgoing(), &at(NOW));
    assert_eq!((query.method, Fields::of_query(&query.url).get("unicode").as_deref()), ("GET", Some("1")));
    assert_eq!(Fields::of_query(&query.url).get("access_token").as_deref(), Some(SECRET));
    assert!(query.body.is_empty());
}

#[test]
fn each_way_to_sign_in_is_as_companies_want_it() {
    let with = |changes: &[(&str, &str)]| {
        let mut all = example("textline");
        all.extend(changes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let request = build(&all).unwrap().submit(&outgoing(), &at(NOW));
        (request.headers.into_iter().find(|(name, _)| name == "authorization").map(|(_, value)| value), request.url)
    };
    assert_eq!(with(&[]).0, Some(format!("Bearer {SECRET}")));
    assert_eq!(with(&[("auth", "basic"), ("user", "u"), ("secret", "p")]).0.as_deref(), Some("Basic dTpw"));
    assert_eq!(with(&[("auth", "header"), ("auth_name", "Authorization"), ("auth_prefix", "App ")]).0, Some(format!("App {SECRET}")));
    let (none, url) = with(&[("auth", "query"), ("auth_name", "key")]);
    assert_eq!((none, url.ends_with(&format!("?key={SECRET}"))), (None, true));
}

#[test]
fn codes_are_checked_over_the_raw_bytes_with_their_time() {
    // RFC 4231 test case 2 and RFC 2202 test case 2: key "Jefe".
    let call = WireCall { method: "POST".into(), url: "u".into(), headers: vec![], body: b"what do ya want for nothing?".to_vec() };
    let code = |sha1, base64| signature::Code {
        name: "x-sig".into(),
        prefix: String::new(),
        sha1,
        base64,
        of: "{body}".into(),
        timestamp: String::new(),
        tolerance: 300,
        good: vec!["Jefe".into()],
    };
    assert_eq!(code(false, false).sign("Jefe", &call, ""), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    assert_eq!(code(true, false).sign("Jefe", &call, ""), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    assert_eq!(code(true, true).sign("Jefe", &call, ""), "7/zfauXrL6LSdBbV8YTfnCWafHk=");
    let check = |code: signature::Code, value: &str| {
        let call = WireCall { headers: vec![("x-sig".into(), value.into())], ..call.clone() };
        signature::Signature::Code(code).check(&call, NOW)
    };
    assert_eq!(check(code(true, false), "EFFCDF6AE5EB2FA2D27416D5F184DF9C259A7C79"), Ok(()), "hexadecimal in either case");
    assert!(check(code(true, true), "7/ZFAUXRL6LSDBBV8YTFNCWAFHK=").is_err());
    assert!(check(code(true, false), "").is_err());
    let timed = |time: &str, of: &str| {
        let timed = signature::Code { of: of.into(), timestamp: "x-time".into(), ..code(false, false) };
        let mut call = call.clone();
        let signed = timed.sign("Jefe", &call, time);
        call.headers = vec![("x-sig".into(), signed), ("x-time".into(), time.into())];
        signature::Signature::Code(timed).check(&call, NOW)
    };
    let now = NOW.seconds();
    for good in [now, now - 300, now + 300, now * 1_000] {
        assert_eq!(timed(&good.to_string(), "{body}{timestamp}"), Ok(()), "{good}");
    }
    assert_eq!(timed(&(now - 301).to_string(), "{timestamp}|{body}"), Err(Refusal::Stale));
    assert_eq!(timed(&(now + 301).to_string(), "{timestamp}|{body}"), Err(Refusal::Stale));
    assert!(matches!(timed("soon", "{timestamp}|{body}"), Err(Refusal::Forged(_))));
}

#[test]
fn a_header_that_equals_a_secret_opens_and_the_old_one_too() {
    let mut all = example("africastalking");
    let more = [("signature", "header"), ("signature_name", "X-Token"), ("hook_secret", "new-secret"), ("old_hook_secret", "old-secret")];
    all.extend(more.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let provider = build(&all).unwrap();
    let call =
        |value: &str| WireCall { method: "POST".into(), url: HOOK.into(), headers: vec![("x-token".into(), value.into())], body: vec![] };
    assert_eq!(provider.authentic(&call("new-secret"), &at(NOW)), Ok(()));
    assert_eq!(provider.authentic(&call("old-secret"), &at(NOW)), Ok(()));
    for bad in ["", "new-secre", "new-secretx", "NEW-SECRET"] {
        assert!(provider.authentic(&call(bad), &at(NOW)).is_err(), "{bad}");
    }
    let request = provider.submit(&outgoing(), &at(NOW));
    assert!(!String::from_utf8_lossy(&request.body).contains("secret=new"), "a header's secret stands in no address");
}

#[test]
fn settings_that_cannot_work_are_told_by_name() {
    for (base, name, value, says) in [
        ("textline", "url", "api.textline.test", "url must begin with https://"),
        ("textline", "method", "PUT", "method must be one of: POST, GET"),
        ("textline", "method", "GET", "format must be query"),
        ("textline", "fields", "{", "fields must be JSON"),
        ("textline", "fields", r#"{"to":"{to}","text":"{text}"}"#, "fields must hold {from}"),
        ("textline", "fields", r#"{"from":"{from}","text":"{text}"}"#, "fields must hold {to}"),
        ("textline", "fields", r#"{"to":"{to}","from":"{from}","text":"{txt}"}"#, "fields knows no {txt}; it knows {to}, {from}"),
        ("africastalking", "fields", "to={to}&from={from}", "fields must hold {to} and {text}"),
        ("textline", "headers", "accept application/json", "headers must be name: value"),
        ("textline", "auth", "oauth", "auth must be one of"),
        ("textline", "auth", "query", "auth_name must be the field"),
        ("textline", "auth", "header", "auth_name must be a header's name"),
        ("textline", "secret", "", "secret must be said"),
        ("textline", "secret", "with\nline", "secret must be plain letters"),
        ("textline", "numbers", "national", "numbers must be one of: plus, digits, 00"),
        ("textline", "unicode", "yes", "unicode must be two words"),
        ("smseagle", "our_number", "2035550199", "our_number must be an international number"),
        ("textline", "country", "US", "country must be the calling code"),
        ("textline", "longest", "many", "longest must be a number"),
        ("textline", "answer", "xml", "answer must be one of: json, text"),
        ("textline", "accepted_status", "200,500", "accepted_status must be HTTP statuses"),
        ("textline", "id", "a..b", "id must be a path"),
        ("smseagle", "id", "(", "id must be a regular expression"),
        ("textline", "success", "ok", "success must be a field and its word"),
        ("textline", "errors", "401", "errors must be a list such as"),
        ("textline", "errors", "401=sad", "errors knows no meaning \"sad\""),
        ("textline", "signature", "rsa", "signature must be one of: url, header, hmac-sha256-hex"),
        ("textline", "hook_secret", "short", "hook_secret must be at least 8"),
        ("africastalking", "hook_secret", "short", "hook_secret must be at least 16"),
        ("textline", "signature_name", "", "signature_name must be a header's name"),
        ("textline", "signature_of", "{timestamp}", "signature_of must hold {body}"),
        ("textline", "signature_of", "{body}{nonce}{timestamp}", "signature_of must hold {body}"),
        ("textline", "signature_of", "{body}", "timestamp_header and {timestamp}"),
        ("textline", "timestamp_header", "", "timestamp_header and {timestamp}"),
        ("textline", "call_format", "query", "signature_of must hold {url}"),
        ("textline", "tolerance_seconds", "0", "tolerance_seconds must be a number"),
        ("textline", "events", "[", "events must be a path"),
        ("textline", "incoming_to", "", "incoming_to must be said, or our_number"),
        ("textline", "incoming_text", "", "incoming_from and incoming_text go together"),
        ("textline", "incoming_text_as", "rot13", "incoming_text_as must be one of: plain, hex"),
        ("textline", "statuses", "", "statuses must say"),
        ("textline", "statuses", "DONE=arrived", "statuses knows no meaning \"arrived\""),
        ("textline", "acknowledge_type", "text/html", "acknowledge_type must be one of"),
    ] {
        let mut all = example(base);
        all.insert(name.to_owned(), value.to_owned());
        let told = build(&all).err().map(|wrong| wrong.to_string()).unwrap_or_default();
        assert!(told.starts_with(says), "{base} with {name} = {value:?} says {told:?}, not {says:?}");
    }
    let mut all = example("textline");
    all.extend([("id".to_owned(), String::new()), ("success".to_owned(), String::new())]);
    assert!(build(&all).err().unwrap().to_string().contains("a web page answers 200 too"));
}

#[test]
fn an_event_that_cannot_be_read_does_not_lose_the_others() {
    let provider = build(&example("textline")).unwrap();
    let body = br#"{"results":[null,7,{"kind":"mo"},{"kind":"mo","id":9,"src":12035550100,"dst":12035550199,"body":"007300ed"},[],"x"]}"#;
    let call = |body: &[u8]| WireCall { method: "POST".into(), url: HOOK.into(), headers: vec![], body: body.to_vec() };
    let events = provider.events(&call(body)).unwrap();
    let texts: Vec<&str> =
        events.iter().filter_map(|event| if let Event::Incoming { text, .. } = event { Some(text.reveal()) } else { None }).collect();
    assert_eq!(texts, ["sí"]);
    for bad in [&b""[..], b"{", b"7", br#"{"results":[{"kind":"mo"}]}"#] {
        assert!(matches!(provider.events(&call(bad)), Err(Refusal::Garbled(_)) | Ok(_)), "{bad:?}");
    }
    let long =
        format!(r#"{{"results":[{{"kind":"mo","id":"1","src":"12035550100","dst":"12035550199","body":"{}"}}]}}"#, "0061".repeat(10_000));
    assert!(
        matches!(&provider.events(&call(long.as_bytes())).unwrap()[..], [Event::Incoming { text, .. }] if text.reveal().len() == 10_000)
    );
}
