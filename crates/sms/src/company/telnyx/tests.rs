//! Telnyx's translator against the shapes its documentation gives. The company publishes no signed example: what signs here is a key
//! pair of ours, and `company::sdk` asks the company's own validator about such calls.

use crate::company::conformance::{Company, HOOK, NOW, at};
use crate::company::{Given, kind};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::carrier::*;
use domain::wire::*;
use domain::{DeliveryId, DistrictId, SenderId, Time};
use ring::signature::Ed25519KeyPair;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

/// The public half of [`pair`], as the portal would show it.
pub(in crate::company) const PUBLIC: &str = "6kpsY+KcUgq+9VB7Ey7F+ZVHdq6+vnuSQh7qaRRG0iw=";

fn pair(seed: u8) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).expect("a seed")
}

/// Signs as the company does.
pub(in crate::company) fn sign_with(call: &mut WireCall, now: Time, seed: u8) {
    let stamp = now.seconds().to_string();
    let signature = pair(seed).sign(&[stamp.as_bytes(), b"|", &call.body].concat());
    call.headers.retain(|(name, _)| !name.starts_with("telnyx-"));
    call.headers.push(("telnyx-signature-ed25519".into(), STANDARD.encode(signature)));
    call.headers.push(("telnyx-timestamp".into(), stamp));
}

fn sign(call: &mut WireCall, now: Time) {
    sign_with(call, now, 7);
}

pub(in crate::company) const COMPANY: Company = Company {
    kind: "telnyx",
    settings: &[("api_key", "KEY0"), ("public_key", PUBLIC)],
    sign,
    read: |request| {
        let body: Value = serde_json::from_slice(&request.body).expect("JSON");
        let field = |name: &str| body[name].as_str().expect("text").to_owned();
        (field("from"), field("to"), field("text"))
    },
    lacks: &[("answer-several-parts", "one id stands for all parts")],
    tolerance: Some(300),
    covers_body: true,
};

#[test]
fn conforms() {
    crate::company::conformance::conforms(&COMPANY);
}

fn call(body: &str) -> WireCall {
    let headers = vec![("content-type".into(), "application/json".into())];
    WireCall { method: "POST".into(), url: format!("{HOOK}/telnyx"), headers, body: body.as_bytes().to_vec() }
}

fn outgoing(text: &str, attempt: i16) -> Outgoing {
    Outgoing {
        district: DistrictId(1),
        delivery: DeliveryId(2),
        attempt,
        sender: SenderId(4),
        from: "+12035550199".into(),
        to: Destination::Phone("+12035550100".into()),
        content: Content::Text(text.into()),
        useful_until: NOW.plus_minutes(10),
        begin_before: Time::NEVER,
    }
}

fn built(settings: &[(&str, &str)]) -> Result<std::sync::Arc<dyn SmsProvider>, String> {
    let kind = kind("telnyx").expect("in the table");
    let mut values: BTreeMap<String, String> =
        kind.settings.iter().filter_map(|setting| Some((setting.name.to_owned(), setting.default?.to_owned()))).collect();
    values.extend([("api_key".to_owned(), "KEY0".to_owned()), ("public_key".to_owned(), PUBLIC.to_owned())]);
    values.extend(settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let given = Given { hook: format!("{HOOK}/telnyx"), slowest: Duration::from_secs(35), values };
    (kind.build)(&given).map_err(|wrong| wrong.to_string())
}

#[test]
fn wrong_settings_say_what_to_write() {
    for (name, value, wanted) in [
        ("public_key", "", "public_key must be the account's public key"),
        ("public_key", "AAAA", "public_key must be the account's public key"),
        ("api_key", " ", "api_key must be an API key"),
        ("api_key", "KEY\n1", "api_key must be an API key"),
        ("base_url", "api.telnyx.com", "base_url must begin with https://"),
        ("outcome", "twice", "outcome must be one of: keyed, blind"),
    ] {
        let wrong = built(&[(name, value)]).err().expect(name);
        assert!(wrong.starts_with(wanted), "{wrong}");
    }
    assert!(built(&[("public_key", &format!(" {PUBLIC}\n")), ("api_key", "KEY1 ")]).is_ok(), "what was pasted with a blank");
}

#[test]
fn the_signature_covers_time_and_body_and_nothing_else() {
    let provider = COMPANY.built();
    let mut good = call("{}");
    sign(&mut good, NOW);
    assert_eq!(provider.authentic(&good, &at(NOW)), Ok(()));
    for seconds in [-300, 0, 300] {
        assert_eq!(provider.authentic(&good, &at(NOW.plus_seconds(seconds))), Ok(()), "{seconds}");
    }
    assert_eq!(provider.authentic(&good, &at(NOW.plus_seconds(301))), Err(Refusal::Stale));
    assert_eq!(provider.authentic(&good, &at(NOW.plus_seconds(-301))), Err(Refusal::Stale));
    let forged = |change: fn(&mut WireCall)| {
        let mut other = good.clone();
        change(&mut other);
        matches!(provider.authentic(&other, &at(NOW)), Err(Refusal::Forged(_)))
    };
    assert!(forged(|call| call.headers[2].1 = (NOW.seconds() + 1).to_string()), "a moved time");
    assert!(forged(|call| call.headers[2].1 = "soon".into()), "no time");
    assert!(forged(|call| call.headers[1].1 = "no base64!".into()));
    assert!(forged(|call| call.headers[1].1 = STANDARD.encode([0; 64])));
    assert!(forged(|call| call.headers[1].1.clear()));
    assert!(forged(|call| drop(call.headers.pop())), "no timestamp");
    assert!(forged(|call| sign_with(call, NOW, 8)), "another pair");
    // A line between time and body cannot be moved.
    let mut moved = call("1|{}");
    sign(&mut moved, NOW);
    moved.headers[2].1 = format!("{}|1", NOW.seconds());
    moved.body = b"{}".to_vec();
    assert!(matches!(provider.authentic(&moved, &at(NOW)), Err(Refusal::Forged(_))));
    let mut raw = call("{}");
    raw.body = vec![0xff, 0, b'|', 0xfe];
    sign(&mut raw, NOW);
    assert_eq!(provider.authentic(&raw, &at(NOW)), Ok(()), "raw bytes, whatever they are");
}

#[test]
fn a_repeat_is_the_same_byte_for_byte_whenever_it_is_made() {
    let provider = COMPANY.built();
    let (first, later) = (provider.submit(&outgoing("¿Qué?", 3), &at(NOW)), provider.submit(&outgoing("¿Qué?", 3), &at(NOW.plus_hours(2))));
    assert!(first == later, "Telnyx answers 422 to a repeat that differs");
    let header = |request: &WireRequest, name: &str| request.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let key = header(&first, "idempotency-key").expect("a key");
    assert_eq!(key, "1-2");
    assert!(key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'), "what Telnyx takes as a key");
    assert_eq!(header(&provider.submit(&outgoing("notice", LEAD + 3), &at(NOW)), "idempotency-key").as_deref(), Some("1-2-lead"));
    assert!(matches!(provider.abilities().repeat, Repeat::Keyed(life) if life <= Duration::from_secs(24 * 3600)));
    let blind = built(&[("outcome", "blind")]).expect("built");
    assert_eq!(blind.abilities().repeat, Repeat::Blind);
    assert_eq!(header(&blind.submit(&outgoing("x", 3), &at(NOW)), "idempotency-key"), None);
    assert!(blind.look_up(&outgoing("x", 3)).is_none());
}

#[test]
fn a_request_names_both_numbers_our_reference_and_the_charset_its_letters_need() {
    let provider = COMPANY.built();
    let body = |text: &str| serde_json::from_slice::<Value>(&provider.submit(&outgoing(text, 3), &at(NOW)).body).expect("JSON");
    let url = "https://homeword.example/hooks/sms/telnyx?ref=1.2.3";
    let plain = json!({"from": "+12035550199", "to": "+12035550100", "text": "Mañana [no]", "webhook_url": url});
    assert_eq!(body("Mañana [no]"), plain, "GSM-7 letters need nothing said");
    let ucs2 = json!({"from": "+12035550199", "to": "+12035550100", "text": "Sí, papá", "webhook_url": url, "encoding": "ucs2"});
    assert_eq!(body("Sí, papá"), ucs2, "no letter is put in another's place");
    assert_eq!(provider.submit(&outgoing("x", 3), &at(NOW)).url, "https://api.telnyx.com/v2/messages");
}

#[test]
fn a_text_of_ten_thousand_characters_comes_in_whole() {
    let text = "ж👍".repeat(5_000);
    let event = json!({"data": {"event_type": "message.received", "id": "e", "payload": {"id": "m".repeat(10_000), "text": text,
        "from": {"phone_number": "+12035550100"}, "to": [{"phone_number": "+12035550199"}]}}});
    let events = COMPANY.built().events(&call(&event.to_string())).expect("read");
    let [Event::Incoming { key, text: read, .. }] = events.as_slice() else { panic!("{events:?}") };
    assert!(key.len() <= 200);
    assert_eq!(read.reveal(), text);
}
