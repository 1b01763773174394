//! Plivo's translator against signatures its own library's tests publish, and the shapes its documentation gives.

use super::*;
use crate::company::conformance::{Company, NOW, at};
use crate::company::kind;
use domain::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(in crate::company) const TOKEN: &str = "Y2Q2ZDgxZmY5YWRiOTI5YmQ1Njg0MTAxZWIyOTc4";

pub(in crate::company) fn sign_3(call: &mut WireCall, token: &str) {
    let text = signature::version_3(call, "31627761595286130198").expect("a form").remove(0);
    call.headers.push(("x-plivo-signature-v3".into(), signature::signature(token, &text)));
    call.headers.push(("x-plivo-signature-v3-nonce".into(), "31627761595286130198".into()));
}

pub(in crate::company) fn sign_2(call: &mut WireCall, token: &str) {
    let text = signature::version_2(call, "05429567804466091622");
    call.headers.push(("x-plivo-signature-v2".into(), signature::signature(token, &text)));
    call.headers.push(("x-plivo-signature-v2-nonce".into(), "05429567804466091622".into()));
}

pub(in crate::company) const COMPANY: Company = Company {
    kind: "plivo",
    settings: &[("auth_id", "MAXXXXXXXXXXXXXXXXXX"), ("auth_token", "new"), ("old_auth_token", TOKEN)],
    sign: |call, _| sign_3(call, TOKEN),
    read: |request| {
        let json: Value = serde_json::from_slice(&request.body).unwrap();
        let get = |name: &str| json[name].as_str().unwrap().to_owned();
        (get("src"), get("dst"), get("text"))
    },
    lacks: &[
        ("answer-several-parts", "one id stands for all parts"),
        ("answer-opted-out", "the send is taken; the opt-out comes as a receipt"),
    ],
    tolerance: None,
    covers_body: true,
};

fn with(settings: &[(&str, &str)]) -> Result<Arc<dyn SmsProvider>, Wrong> {
    let kind = kind("plivo").unwrap();
    let mut values: BTreeMap<String, String> =
        kind.settings.iter().map(|setting| (setting.name.to_owned(), setting.default.unwrap_or_default().to_owned())).collect();
    values.extend(COMPANY.settings.iter().chain(settings).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    (kind.build)(&crate::company::Given { hook: "https://h.example/hooks/sms/plivo".into(), slowest: Duration::from_secs(35), values })
}

fn posted(url: &str, fields: &[(&str, &str)]) -> WireCall {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let headers = vec![("content-type".into(), "application/x-www-form-urlencoded".into())];
    WireCall { method: "POST".into(), url: url.into(), headers, body: body.into_bytes() }
}

fn text_call() -> WireCall {
    let fields = [("From", "12035550100"), ("To", "12035550199"), ("Text", "ñ & 👍"), ("MessageUUID", "m1"), ("Type", "sms")];
    posted("https://h.example/hooks/sms/plivo?ref=1.2.3", &fields)
}

#[test]
fn conforms() {
    crate::company::conformance::conforms(&COMPANY);
}

/// `utils_test.go` of plivo/plivo-go: `TestValidateSignatureV2Pass` and `TestValidateSignatureV3Pass1` to `4`.
#[test]
fn the_published_signatures_verify() {
    let call = posted("https://answer.url", &[]);
    assert_eq!(
        signature::signature("my_auth_token", &signature::version_2(&call, "12345")),
        "ehV3IKhLysWBxC1sy8INm0qGoQYdYsHwuoKjsX7FsXc="
    );
    let fields = [
        ("Direction", "outbound"),
        ("From", "19792014278"),
        ("ALegUUID", "3e82ae9d-2c78-4d85-b1a4-6eae7dbafb36"),
        ("CallStatus", "in-progress"),
        ("BillRate", "0.002"),
        ("ParentAuthID", "MANWVLYTK4ZWU1YTY4QA"),
        ("To", "sip:PlivoSignature382029104058171078704104@phone-qa.voice.plivodev.com"),
        ("ALegRequestUUID", "3e82ae9d-2c78-4d85-b1a4-6eae7dbafb36"),
        ("CallUUID", "3e82ae9d-2c78-4d85-b1a4-6eae7dbafb36"),
        ("RequestUUID", "3e82ae9d-2c78-4d85-b1a4-6eae7dbafb36"),
        ("SIP-H-To", "<sip:PlivoSignature382029104058171078704104@52.9.11.55;transport=udp>;tag=1"),
        ("SessionStart", "2020-04-08 11:34:33.238707"),
        ("Event", "StartApp"),
    ];
    let path = "https://plivobin.non-prod.plivops.com/api/v1/validate_signature03.xml";
    for (query, method, published) in [
        ("/?a=b&c=d", "POST", "k7Pusd4OxCIjR5IfA9iedDNu/h/gbdYqdzG/MiYtd1c="),
        ("/?a=b&c=d", "GET", "UBq8jAtd32wR8EK9VgxbBn4n5rpI/l1H9iN4WfSEHFQ="),
        ("", "POST", "iAjE5QqI37mbkYe4w3jTMudqEzbDufdqi7sYwTu64e0="),
        ("", "GET", "i/MQsaQSAd6fiKhOh2qeeeLHZ9faldADSb3/7+Akfbc="),
    ] {
        let mut call = posted(&format!("{path}{query}"), &fields);
        if method == "GET" {
            let asked = String::from_utf8(std::mem::take(&mut call.body)).unwrap();
            call.url = format!("{}{}{asked}", call.url, if query.is_empty() { "?" } else { "&" });
            call.method = method.into();
        }
        let text = signature::version_3(&call, "31627761595286130198").unwrap().remove(0);
        assert_eq!(signature::signature(TOKEN, &text), published, "{method} {query}");
        call.headers.push(("x-plivo-signature-v3".into(), format!("c3RyYW5nZXI=, {published}")));
        call.headers.push(("x-plivo-signature-v3-nonce".into(), "31627761595286130198".into()));
        assert_eq!(COMPANY.built().authentic(&call, &at(NOW)), Ok(()), "one of several");
    }
}

#[test]
fn the_old_signature_counts_only_where_the_new_one_is_absent_and_it_is_wanted() {
    let provider = COMPANY.built();
    let mut old = text_call();
    sign_2(&mut old, TOKEN);
    assert_eq!(provider.authentic(&old, &at(NOW)), Ok(()));
    let strict = with(&[("signature", "v3")]).unwrap_or_else(|wrong| panic!("{wrong}"));
    assert_eq!(strict.authentic(&old, &at(NOW)), Err(Refusal::Forged("no signature")));
    for break_it in [
        |call: &mut WireCall| call.url = call.url.replace("/plivo", "/other"),
        |call: &mut WireCall| {
            call.headers.retain(|(name, _)| name != "x-plivo-signature-v2-nonce");
        },
    ] {
        let mut broken = old.clone();
        break_it(&mut broken);
        assert!(matches!(provider.authentic(&broken, &at(NOW)), Err(Refusal::Forged(_))));
    }
    let mut both = old.clone();
    sign_3(&mut both, TOKEN);
    assert_eq!(strict.authentic(&both, &at(NOW)), Ok(()));
    both.body.extend(b"&Text=more");
    assert!(matches!(provider.authentic(&both, &at(NOW)), Err(Refusal::Forged(_))), "the old one does not save it");
    let mut main = text_call();
    sign_3(&mut main, "new");
    main.headers[1].0 = "x-plivo-signature-ma-v3".into();
    assert_eq!(strict.authentic(&main, &at(NOW)), Ok(()), "by the main account");
}

#[test]
fn our_reference_is_covered() {
    let mut call = text_call();
    sign_3(&mut call, TOKEN);
    call.url = call.url.replace("1.2.3", "1.2.4");
    assert!(matches!(COMPANY.built().authentic(&call, &at(NOW)), Err(Refusal::Forged(_))));
}

#[test]
fn a_request_carries_our_reference_and_its_end_of_use() {
    let sms = Outgoing {
        district: DistrictId(1),
        delivery: DeliveryId(2),
        attempt: 3,
        sender: SenderId(4),
        from: "+12035550199".into(),
        to: Destination::Phone("+12035550100".into()),
        content: Content::Text("¿Para quién?".into()),
        useful_until: NOW.plus_minutes(10),
        begin_before: Time::NEVER,
    };
    let provider = with(&[("log", "false")]).unwrap_or_else(|wrong| panic!("{wrong}"));
    let sent = |sms: &Outgoing| -> Value { serde_json::from_slice(&provider.submit(sms, &at(NOW)).body).unwrap() };
    let request = provider.submit(&sms, &at(NOW));
    assert_eq!(request.url, "https://api.plivo.com/v1/Account/MAXXXXXXXXXXXXXXXXXX/Message/");
    assert_eq!(request.headers[0].1, "Basic TUFYWFhYWFhYWFhYWFhYWFhYWFg6bmV3");
    assert_eq!(
        sent(&sms),
        json!({"src": "12035550199", "dst": "12035550100", "text": "¿Para quién?", "type": "sms", "method": "POST", "log": "false",
            "url": "https://h.example/hooks/sms/plivo?ref=1.2.3", "message_expiry": 600})
    );
    assert_eq!(sent(&Outgoing { useful_until: NOW.plus_minutes(-1), ..sms.clone() })["message_expiry"], 5);
    assert!(sent(&Outgoing { useful_until: Time::NEVER, ..sms.clone() }).get("message_expiry").is_none(), "the company's own three hours");
    assert!(provider.look_up(&sms).is_none());
    assert_eq!(provider.abilities().repeat, Repeat::Blind);
}

#[test]
fn wrong_settings_say_what_to_write() {
    let wrong = |settings: &[(&str, &str)]| with(settings).err().map(|wrong| wrong.setting).unwrap_or_default();
    assert_eq!(wrong(&[("auth_token", "")]), "auth_token");
    assert_eq!(wrong(&[("auth_id", "MA/../x")]), "auth_id");
    assert_eq!(wrong(&[("auth_id", "")]), "auth_id");
    assert_eq!(wrong(&[("signature", "v2")]), "signature");
    assert_eq!(wrong(&[("log", "no")]), "log");
    assert_eq!(wrong(&[("base_url", "api.plivo.com")]), "base_url");
}

#[test]
fn no_fault_repeats_what_the_company_said_of_a_number() {
    let answer = WireAnswer { status: 400, headers: vec![], body: br#"{"error":"dst +12035550100 is invalid"}"#.to_vec() };
    assert!(!format!("{:?}", COMPANY.built().accepted(&answer)).contains("2035550100"));
}
