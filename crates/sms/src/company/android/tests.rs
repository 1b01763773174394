//! The phone's translator against the shapes that the app's, the server's and the documentation's sources give.

use super::*;
use crate::company::conformance::{Company, NOW, at};
use crate::company::{Given, kind};
use domain::{DeliveryId, DistrictId, SenderId, Time};
use proptest::prelude::*;

const SETTINGS: &[(&str, &str)] = &[
    ("base_url", "https://api.sms-gate.test/3rdparty/v1/"),
    ("username", "ABCDEF"),
    ("password", "secret"),
    ("signing_key", "phone key"),
    ("number", "+12035550199"),
    ("device", "yVULogr4Y1ksRfnos1Dsw"),
];

fn company(settings: &'static [(&'static str, &'static str)]) -> Company {
    Company {
        kind: "android-sms-gateway",
        settings,
        sign: |call, now| {
            let stamp = now.seconds().to_string();
            call.headers.push(("x-signature".into(), signature("phone key", &call.body, &stamp)));
            call.headers.push(("x-timestamp".into(), stamp));
        },
        read: |request| {
            let body: Value = serde_json::from_slice(&request.body).expect("JSON");
            // The phone is the number: naming it is naming who sends.
            assert_eq!(body["deviceId"], "yVULogr4Y1ksRfnos1Dsw");
            let word = |value: &Value| value.as_str().expect("a string").to_owned();
            ("+12035550199".into(), word(&body["phoneNumbers"][0]), word(&body["textMessage"]["text"]))
        },
        lacks: &[
            ("receipt-opted-out", "a phone's carrier tells nobody of a STOP"),
            ("answer-opted-out", "the phone takes every number"),
            ("answer-several-parts", "one id stands for all parts"),
        ],
        tolerance: Some(300),
        covers_body: true,
    }
}

fn outgoing(district: i64, delivery: i64, attempt: i16) -> Outgoing {
    Outgoing {
        district: DistrictId(district),
        delivery: DeliveryId(delivery),
        attempt,
        sender: SenderId(4),
        from: "+12035550199".into(),
        to: Destination::Phone("+12035550100".into()),
        content: Content::Text("¿Para quién?".into()),
        useful_until: NOW.plus_seconds(600),
        begin_before: Time::NEVER,
    }
}

fn built(changes: &[(&str, &str)]) -> Result<std::sync::Arc<dyn SmsProvider>, Wrong> {
    let kind = kind("android-sms-gateway").expect("it stands in the table");
    let mut values: std::collections::BTreeMap<String, String> =
        kind.settings.iter().filter_map(|setting| Some((setting.name.to_owned(), setting.default?.to_owned()))).collect();
    values.extend(SETTINGS.iter().chain(changes).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    (kind.build)(&Given { hook: "https://homeword.example/hooks/sms/android".into(), slowest: Duration::from_secs(35), values })
}

fn received(provider: &dyn SmsProvider, payload: Value) -> Vec<Event> {
    let body = object!({ "event": "sms:received", "id": "E1", "payload": payload }).to_string().into_bytes();
    provider.events(&WireCall { method: "POST".into(), url: String::new(), headers: vec![], body }).expect("read")
}

#[test]
fn conforms() {
    crate::company::conformance::conforms(&company(SETTINGS));
}

/// Worked out with Python's `hmac`, as the documentation's own example does it.
#[test]
fn the_signature_is_the_documented_one() {
    let body = "{\"event\":\"sms:received\",\"payload\":{\"message\":\"¿Qué? 👍\"}}";
    assert_eq!(signature("phone key", body.as_bytes(), "1795435200"), "46334981933cc36fe33749e8582cf5bea32f3a067060447df250b21959ba1727");
}

#[test]
fn a_call_is_good_for_five_minutes_and_its_time_is_signed() {
    let provider = company(SETTINGS).built();
    let mut call = WireCall { method: "POST".into(), url: String::new(), headers: vec![], body: b"{}".to_vec() };
    (company(SETTINGS).sign)(&mut call, NOW);
    assert_eq!(provider.authentic(&call, &at(NOW.plus_seconds(300))), Ok(()));
    assert_eq!(provider.authentic(&call, &at(NOW.plus_seconds(301))), Err(Refusal::Stale));
    call.headers[1].1 = (NOW.seconds() + 300).to_string();
    assert!(matches!(provider.authentic(&call, &at(NOW.plus_seconds(301))), Err(Refusal::Forged(_))), "a fresher time needs the key");
    call.headers[0].1 = signature("phone key", b"{}", "soon");
    call.headers[1].1 = "soon".into();
    assert!(matches!(provider.authentic(&call, &at(NOW)), Err(Refusal::Forged(_))));
}

#[test]
fn a_request_names_phone_sim_and_attempt_and_when_it_ends() {
    let provider = built(&[("sim", "2")]).expect("settings");
    let request = provider.submit(&outgoing(1, 2, 3), &at(NOW));
    assert_eq!(request.url, "https://api.sms-gate.test/3rdparty/v1/messages");
    assert_eq!(request.headers[0], ("authorization".into(), "Basic QUJDREVGOnNlY3JldA==".into()));
    let body: Value = serde_json::from_slice(&request.body).expect("JSON");
    assert_eq!(
        body,
        object!({
            "id": "1.2.3", "deviceId": "yVULogr4Y1ksRfnos1Dsw", "simNumber": 2, "ttl": 600, "withDeliveryReport": true,
            "phoneNumbers": ["+12035550100"], "textMessage": { "text": "¿Para quién?" },
        })
    );
    let late: Value = serde_json::from_slice(&provider.submit(&outgoing(1, 2, 3), &at(NOW.plus_minutes(60))).body).expect("JSON");
    assert_eq!(late["ttl"], 5, "five seconds are the fewest it takes");
    let asked = provider.look_up(&outgoing(1, 2, 3)).expect("a look-up");
    assert_eq!((asked.method, asked.url.as_str()), ("GET", "https://api.sms-gate.test/3rdparty/v1/messages/1.2.3"));
}

#[test]
fn settings_that_cannot_be_used_say_what_to_write() {
    let wrong = |changes: &[(&str, &str)]| built(changes).err().map(|wrong| wrong.setting);
    assert_eq!(wrong(&[("base_url", "http://192.168.1.10:8080"), ("device", "")]), None, "the phone itself needs no id");
    assert_eq!(wrong(&[("device", "")]).as_deref(), Some("device"), "a server would take any phone of the account");
    for (name, value) in [
        ("number", "2035550199"),
        ("number", ""),
        ("sim", "4"),
        ("country", "+1"),
        ("country", ""),
        ("signing_key", ""),
        ("base_url", "phone:8080"),
    ] {
        assert_eq!(wrong(&[(name, value)]).as_deref(), Some(name), "{name} = {value:?}");
    }
}

#[test]
fn another_sims_texts_stay_private_and_a_sim_nobody_names_is_ours() {
    let text = |sim: Value| object!({ "message": "hello", "sender": "+12035550100", "simNumber": sim });
    let one = built(&[("sim", "1")]).expect("settings");
    assert!(matches!(received(one.as_ref(), text(2.into()))[..], [Event::Ignored(_)]));
    for sim in [Value::Null, 1.into(), "1".into()] {
        assert!(matches!(received(one.as_ref(), text(sim))[..], [Event::Incoming { .. }]));
    }
    let any = built(&[]).expect("settings");
    assert!(matches!(received(any.as_ref(), text(2.into()))[..], [Event::Incoming { .. }]));
}

/// A webhook without `device_id` is called by every phone of the account: theirs is not our number.
#[test]
fn another_phones_texts_are_not_this_numbers() {
    let event = |device: &str| {
        let payload = object!({ "message": "hello", "sender": "+12035550100" });
        let body = object!({ "event": "sms:received", "id": "E1", "deviceId": device, "payload": payload }).to_string().into_bytes();
        let call = WireCall { method: "POST".into(), url: String::new(), headers: vec![], body };
        built(&[]).expect("settings").events(&call).expect("read")
    };
    assert!(matches!(event("another")[..], [Event::Ignored(_)]));
    assert!(matches!(event("yVULogr4Y1ksRfnos1Dsw")[..], [Event::Incoming { .. }]));
}

/// The 32-bit `messageId` of two different texts can be the same: nothing hangs on it.
#[test]
fn two_texts_with_one_hash_are_two_texts() {
    let provider = built(&[]).expect("settings");
    let key = |event: &str, text: &str| {
        let payload = object!({ "messageId": "5f0c7a9b", "message": text, "sender": "+12035550100", "receivedAt": "2026-11-23T11:59:58Z" });
        let body = object!({ "event": "sms:received", "id": event, "payload": payload }).to_string().into_bytes();
        match provider.events(&WireCall { method: "POST".into(), url: String::new(), headers: vec![], body }).as_deref() {
            Ok([Event::Incoming { key, .. }]) => key.clone(),
            other => panic!("{other:?}"),
        }
    };
    assert_ne!(key("E1", "one"), key("E2", "two"));
    assert_ne!(key("", "one"), key("", "two"), "without an event's id, sender, time and text are");
    assert_eq!(key("", "one"), key("", "one"));
}

#[test]
fn no_number_out_of_a_reason_reaches_a_fault() {
    for reason in ["sendSMS: no route to +12035550100", "Delivery result from SC +12035550100: +12035550100", "RESULT_+12035550100 (x)"] {
        let (code, fault) = failure(reason);
        assert!(!format!("{code} {fault:?}").contains("2035550100"), "{code} {fault:?}");
    }
}

#[test]
fn ten_thousand_letters_come_in_whole() {
    let long = "ж".repeat(10_000);
    let events = received(built(&[]).expect("settings").as_ref(), object!({ "message": long, "sender": "+12035550100" }));
    assert!(matches!(&events[..], [Event::Incoming { text, .. }] if text.reveal() == long));
}

proptest! {
    /// The server takes 36 characters; ours, written out, can have 44.
    #[test]
    fn every_attempt_fits_and_comes_back(district in 0..=i64::MAX, delivery in 0..=i64::MAX, attempt in 0..=i16::MAX) {
        let sms = outgoing(district, delivery, attempt);
        let id = id_of(&sms);
        prop_assert!(id.len() <= 36, "{}", id);
        prop_assert_eq!(reference_of(&id), Some(sms.reference()));
    }

    #[test]
    fn a_strangers_id_is_nobodys(id in "\\PC{0,40}") {
        if let Some(reference) = reference_of(&id) {
            prop_assert!(read_reference(&reference).is_some());
        }
        let _ = failure(&id);
    }
}
