//! Bandwidth's translator against the shapes its documentation gives. Its calls carry a password, no signature.

use crate::company::conformance::{Company, HOOK, NOW, at};
use crate::company::{Given, kind};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::carrier::*;
use domain::wire::*;
use domain::{DeliveryId, DistrictId, SenderId, Time};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

const PASSWORD: &str = "sixteen-or-more:é";

fn basic(pair: &str) -> String {
    format!("Basic {}", STANDARD.encode(pair))
}

const COMPANY: Company = Company {
    kind: "bandwidth",
    settings: &[
        ("account", "1234567"),
        ("application", "93de2206-9669-4e07-948d-329f4b722ee2"),
        ("api_user", "api"),
        ("api_password", "secret"),
        ("webhook_user", "homeword"),
        ("webhook_password", PASSWORD),
    ],
    sign: |call, _| call.headers.push(("authorization".into(), basic(&format!("homeword:{PASSWORD}")))),
    read: |request| {
        let body: Value = serde_json::from_slice(&request.body).expect("JSON");
        let field = |value: &Value| value.as_str().expect("text").to_owned();
        assert_eq!(body["to"].as_array().map(Vec::len), Some(1), "one family a text, never a group");
        (field(&body["from"]), field(&body["to"][0]), field(&body["text"]))
    },
    lacks: &[
        ("answer-several-parts", "one id stands for all parts"),
        ("answer-opted-out", "an opt-out is only told later, with the receipt"),
    ],
    tolerance: None,
    covers_body: false,
};

#[test]
fn conforms() {
    crate::company::conformance::conforms(&COMPANY);
}

fn outgoing(useful_until: Time) -> Outgoing {
    Outgoing {
        district: DistrictId(1),
        delivery: DeliveryId(2),
        attempt: 3,
        sender: SenderId(4),
        from: "+12035550199".into(),
        to: Destination::Phone("+12035550100".into()),
        content: Content::Text("¿Para quién?".into()),
        useful_until,
        begin_before: Time::NEVER,
    }
}

#[test]
fn a_request_carries_our_reference_and_its_end_of_use() {
    let provider = COMPANY.built();
    let request = provider.submit(&outgoing(Time(NOW.plus_minutes(10).0 + 1)), &at(NOW));
    let body: Value = serde_json::from_slice(&request.body).expect("JSON");
    let wanted = json!({
        "applicationId": "93de2206-9669-4e07-948d-329f4b722ee2",
        "from": "+12035550199",
        "to": ["+12035550100"],
        "text": "¿Para quién?",
        "tag": "1.2.3",
        "expiration": "2026-11-23T12:10:00Z",
    });
    assert_eq!(body, wanted);
    assert_eq!(request.url, "https://messaging.bandwidth.com/api/v2/users/1234567/messages");
    assert!(request.headers.contains(&("authorization".into(), basic("api:secret"))));
    let end = |until: Time| -> Value {
        serde_json::from_slice::<Value>(&provider.submit(&outgoing(until), &at(NOW)).body).expect("JSON")["expiration"].clone()
    };
    assert_eq!(end(NOW.plus_seconds(-5)), json!("2026-11-23T12:01:00Z"), "an end in the past would be refused");
    assert_eq!(end(Time::NEVER), Value::Null);
    assert_eq!(provider.abilities().repeat, Repeat::Blind);
    assert!(provider.look_up(&outgoing(NOW)).is_none());
}

#[test]
fn only_the_password_opens() {
    let provider = COMPANY.built();
    let says = |value: Option<&str>| {
        let headers = value.map(|value| ("authorization".to_owned(), value.to_owned())).into_iter().collect();
        provider.authentic(&WireCall { method: "POST".into(), url: format!("{HOOK}/bandwidth"), headers, body: b"[]".to_vec() }, &at(NOW))
    };
    let good = basic(&format!("homeword:{PASSWORD}"));
    assert_eq!(says(Some(&good)), Ok(()));
    assert_eq!(says(Some(&good.replace("Basic ", "basic  "))), Ok(()), "the scheme's name has no case");
    let pairs =
        [format!("homeword:{PASSWORD}x"), format!("Homeword:{PASSWORD}"), "homeword:".into(), ":".into(), String::new(), PASSWORD.into()];
    for pair in pairs {
        assert!(matches!(says(Some(&basic(&pair))), Err(Refusal::Forged(_))), "{pair}");
    }
    for header in [None, Some(""), Some("Basic"), Some("Basic !"), Some("Bearer x"), Some(good.trim_start_matches("Basic "))] {
        assert!(matches!(says(header), Err(Refusal::Forged(_))), "{header:?}");
    }
}

#[test]
fn wrong_settings_say_what_to_write() {
    let kind = kind("bandwidth").expect("in the table");
    for (name, value, wanted) in [
        ("account", "", "account must be the account's number"),
        ("account", "12/34", "account must be the account's number"),
        ("application", " ", "application must be the messaging application's ID"),
        ("api_user", "a:b", "api_user must not contain a colon"),
        ("api_password", "", "api_password is empty"),
        ("webhook_password", "short", "webhook_password must have at least 16 characters"),
        ("base_url", "ftp://x", "base_url must begin with https://"),
    ] {
        let mut values: BTreeMap<String, String> =
            kind.settings.iter().filter_map(|setting| Some((setting.name.to_owned(), setting.default?.to_owned()))).collect();
        values.extend(COMPANY.settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        values.insert(name.into(), value.into());
        let given = Given { hook: format!("{HOOK}/bandwidth"), slowest: Duration::from_secs(35), values };
        let wrong = (kind.build)(&given).err().expect(name).to_string();
        assert!(wrong.starts_with(wanted), "{wrong}");
    }
}

#[test]
fn a_thousand_events_and_ten_thousand_characters_come_in_whole() {
    let text = "ж👍".repeat(5_000);
    let one = |number: usize| {
        json!({"type": "message-received", "message": {"id": number.to_string(), "owner": "+12035550199", "from": "+12035550100",
            "text": if number == 0 { text.clone() } else { "x".into() }}})
    };
    let body: Value = (0..1000).map(one).collect();
    let call = WireCall { method: "POST".into(), url: HOOK.into(), headers: vec![], body: body.to_string().into_bytes() };
    let events = COMPANY.built().events(&call).expect("read");
    assert_eq!(events.len(), 1000);
    assert!(matches!(&events[0], Event::Incoming { text: read, .. } if read.reveal() == text));
}
