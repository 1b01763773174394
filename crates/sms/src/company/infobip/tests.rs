//! Infobip's translator against the shapes its own clients and pages give.

use super::*;
use crate::company::conformance::{Company, NOW, at};
use crate::company::{Given, kind};
use base64::Engine;
use domain::{DeliveryId, DistrictId, SenderId, Time};
use std::sync::Arc;

const SETTINGS: &[(&str, &str)] =
    &[("base_url", "https://xyz.api.infobip.test/"), ("api_key", "key-1"), ("hook_password", "a long password of ours")];

fn company(settings: &'static [(&'static str, &'static str)]) -> Company {
    Company {
        kind: "infobip",
        settings,
        sign: |call, _| {
            let pair = base64::engine::general_purpose::STANDARD.encode("homeword:a long password of ours");
            call.headers.push(("authorization".into(), format!("Basic {pair}")));
        },
        read: |request| {
            let body: Value = serde_json::from_slice(&request.body).expect("JSON");
            let message = &body["messages"][0];
            let word = |value: &Value| value.as_str().expect("a string").to_owned();
            (word(&message["sender"]), word(&message["destinations"][0]["to"]), word(&message["content"]["text"]))
        },
        lacks: &[],
        tolerance: None,
        covers_body: false,
    }
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

fn wrong(name: &'static str, value: &str) -> Option<Wrong> {
    let kind = kind("infobip").expect("it stands in the table");
    let mut values: std::collections::BTreeMap<String, String> =
        kind.settings.iter().filter_map(|setting| Some((setting.name.to_owned(), setting.default?.to_owned()))).collect();
    values.extend(SETTINGS.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    values.insert(name.to_owned(), value.to_owned());
    let given = Given { hook: "https://homeword.example/hooks/sms/infobip".into(), slowest: Duration::from_secs(35), values };
    (kind.build)(&given).err()
}

#[test]
fn conforms() {
    crate::company::conformance::conforms(&company(SETTINGS));
}

#[test]
fn a_request_carries_our_id_its_end_of_use_and_letters_as_they_are() {
    let provider = company(SETTINGS).built();
    let request = provider.submit(&outgoing(NOW.plus_seconds(600)), &at(NOW));
    assert_eq!(request.url, "https://xyz.api.infobip.test/sms/3/messages");
    assert_eq!(request.headers[0], ("authorization".into(), "App key-1".into()));
    let body: Value = serde_json::from_slice(&request.body).expect("JSON");
    let message = &body["messages"][0];
    assert_eq!(message["destinations"][0], object!({ "to": "12035550100", "messageId": "1.2.3" }));
    assert_eq!(message["sender"], "12035550199");
    assert_eq!(message["content"], object!({ "text": "¿Para quién?", "transliteration": "NONE" }));
    assert_eq!(message["options"]["validityPeriod"], object!({ "amount": 600, "timeUnit": "SECONDS" }));
    let long: Value = serde_json::from_slice(&provider.submit(&outgoing(Time::NEVER), &at(NOW)).body).expect("JSON");
    assert_eq!(long["messages"][0]["options"]["validityPeriod"]["amount"], 48 * 3600, "48 hours are the most it takes");
}

#[test]
fn national_letters_are_asked_for_only_where_somebody_said_so() {
    let mut settings = SETTINGS.to_vec();
    settings.extend([("language", "AUTODETECT"), ("transliteration", "NON_UNICODE")]);
    let request = company(settings.leak()).built().submit(&outgoing(NOW), &at(NOW));
    let body: Value = serde_json::from_slice(&request.body).expect("JSON");
    let content = &body["messages"][0]["content"];
    assert_eq!(content["language"], object!({ "languageCode": "AUTODETECT", "singleShift": true }));
    assert_eq!(content["transliteration"], "NON_UNICODE");
}

#[test]
fn settings_that_cannot_be_used_say_what_to_write() {
    assert_eq!(wrong("language", "TR"), None);
    for (name, value) in [
        ("language", "ARABIC"),
        ("transliteration", "none"),
        ("outcome", "keyed"),
        ("hook_password", "short"),
        ("hook_user", "a:b"),
        ("base_url", "xyz.api.infobip.com"),
    ] {
        let wrong = wrong(name, value).unwrap_or_else(|| panic!("{name} = {value:?} was taken"));
        assert_eq!(wrong.setting, name);
        assert!(!wrong.want.is_empty() && !wrong.to_string().contains("a long password"), "{wrong}");
    }
}

#[test]
fn another_user_password_or_scheme_is_refused() {
    let provider = company(SETTINGS).built();
    let call = |value: String| WireCall {
        method: "POST".into(),
        url: "https://homeword.example/hooks/sms/infobip".into(),
        headers: vec![("authorization".into(), value)],
        body: Vec::new(),
    };
    let pair = |text: &str| base64::engine::general_purpose::STANDARD.encode(text);
    let authentic = |value: String| provider.authentic(&call(value), &at(NOW));
    assert_eq!(authentic(format!("basic {}", pair("homeword:a long password of ours"))), Ok(()));
    let ours = pair("homeword:a long password of ours");
    for value in [
        format!("Bearer {ours}"),
        ours.clone(),
        "Basic ".into(),
        "Basic".into(),
        String::new(),
        format!("Basic {}", pair("homeword:another long password")),
        format!("Basic {}", pair("somebody:a long password of ours")),
        "App key-1".into(),
    ] {
        assert!(matches!(authentic(value.clone()), Err(Refusal::Forged(_))), "{value:?}");
    }
}

#[test]
fn every_documented_rejection_is_sorted() {
    use SendFault as F;
    let sorted = |name: &str, is: fn(&SendFault) -> bool| assert!(is(&fault_of(name)), "{name} became {:?}", fault_of(name));
    for name in ["REJECTED_SOURCE", "REJECTED_SENDER", "REJECTED_NOT_ENOUGH_CREDITS", "REJECTED_DESTINATION_NOT_REGISTERED"] {
        sorted(name, |fault| matches!(fault, F::Config(_)));
    }
    for name in ["REJECTED_DND", "REJECTED_NETWORK", "EC_REJECTED_SPAM_BY_OPERATOR", "EC_SOMETHING_NEW"] {
        sorted(name, |fault| matches!(fault, F::Refused { .. }));
    }
    for name in ["EC_DEACTIVATED_LIST", "MISSING_TO", "REJECTED_PREFIX_MISSING"] {
        sorted(name, |fault| matches!(fault, F::BadAddress(_)));
    }
    assert_eq!(fault_of("EC_QUOTA_REACHED"), F::Throttled { after: Some(Duration::from_secs(24 * 3600)) });
    sorted("REJECTED_DUPLICATE_MESSAGE_ID", F::is_unclear);
}

#[test]
fn the_tables_it_is_asked_for_are_the_ones_a_text_is_measured_by() {
    let text = "Öğrenci yarın gelmeyecek; ateşi var. Lütfen bizi arayın, çantası okulda kaldı.";
    for (language, asked, segments) in
        [("NONE", None, 2), ("TR", Some("TR"), 1), ("ES", Some("ES"), 2), ("AUTODETECT", Some("AUTODETECT"), 1)]
    {
        let built = company(Box::leak(Box::new([SETTINGS, &[("language", language)]].concat()))).built();
        let sms = Outgoing { content: Content::Text(text.into()), ..outgoing(NOW) };
        let request: Value = serde_json::from_slice(&built.submit(&sms, &at(NOW)).body).expect("JSON");
        let content = &request["messages"][0]["content"];
        assert_eq!(content["language"]["languageCode"].as_str(), asked);
        assert!(content.get("language").is_none_or(|language| language["lockingShift"].is_null()), "extensions only");
        assert_eq!(content["text"], text, "no letter is changed");
        let measured = domain::carrier::Texts::measure(&crate::Codec, text, built.abilities().capacity);
        assert_eq!(measured.segments, segments, "{language}");
    }
}

#[test]
fn ten_thousand_letters_come_in_whole() {
    let long = "ж".repeat(10_000);
    let body = object!({ "results": [{ "messageId": "M", "from": "12035550100", "to": "12035550199", "text": long }] }).to_string();
    let call = WireCall { method: "POST".into(), url: String::new(), headers: vec![], body: body.into_bytes() };
    let events = company(SETTINGS).built().events(&call).expect("read");
    assert!(matches!(&events[..], [Event::Incoming { text, .. }] if text.reveal() == long));
}

/// Answers every request with an empty log, and counts.
struct EmptyLog(std::sync::atomic::AtomicUsize);

#[async_trait::async_trait]
impl Wire for EmptyLog {
    async fn call(&self, request: WireRequest) -> WireOutcome {
        assert_eq!((request.method, request.url.as_str()), ("GET", "https://xyz.api.infobip.test/sms/3/logs?messageId=1.2.3"));
        self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        WireOutcome::Answer(WireAnswer { status: 200, headers: vec![], body: br#"{"results":[]}"#.to_vec() })
    }
}

/// Logs go back 48 hours: what is older is not absent but forgotten, and would go a second time.
#[tokio::test]
async fn what_the_logs_have_forgotten_is_not_called_absent() {
    let wire = Arc::new(EmptyLog(Default::default()));
    let carrier = crate::HttpCarrier::new(company(SETTINGS).built(), wire.clone(), Arc::new(|| at(NOW)), 4);
    let attempt = |hours: i64| Attempted { outgoing: outgoing(NOW.plus_seconds(3600)), at: NOW.plus_seconds(-hours * 3600) };
    assert_eq!(
        carrier.find(&[attempt(1), attempt(46), attempt(48), attempt(200)]).await,
        [Found::Absent, Found::Absent, Found::Unclear, Found::Unclear]
    );
    assert_eq!(wire.0.load(std::sync::atomic::Ordering::Relaxed), 2, "nobody is asked in vain");
    let mut blind = SETTINGS.to_vec();
    blind.push(("outcome", "blind"));
    let blind = company(blind.leak()).built();
    assert_eq!((blind.abilities().repeat, blind.look_up(&outgoing(NOW))), (Repeat::Blind, None));
}
