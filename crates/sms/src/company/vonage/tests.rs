//! Vonage's translator against signatures its own library's tests publish, and the shapes its documentation gives.

pub(in crate::company) use super::signature::ALGORITHMS;
use super::*;
use crate::company::conformance::{Company, NOW, at};
use crate::company::kind;
use domain::*;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(in crate::company) const SECRET: &str = "signature_secret";

pub(in crate::company) fn sign_with(algorithm: Algorithm, secret: &str, call: &mut WireCall, now: Time) {
    let more = format!("timestamp={}&nonce=aaaaaaaa-bbbb-cccc-dddd-0123456789ab", now.seconds());
    let json = call.body.starts_with(b"{");
    let add = |call: &mut WireCall, pairs: &str| {
        if call.body.is_empty() {
            call.url.push_str(&format!("&{pairs}"));
        } else if json {
            call.body.pop();
            for (name, value) in form_urlencoded::parse(pairs.as_bytes()) {
                call.body.extend(format!(",\"{name}\":\"{value}\"").bytes());
            }
            call.body.push(b'}');
        } else {
            call.body.extend(format!("&{pairs}").bytes());
        }
    };
    add(call, &more);
    let fields = Fields::of(call).expect("readable");
    let signed = signature(algorithm, secret, &fields.signed()[0]);
    add(call, &format!("sig={signed}"));
}

pub(in crate::company) const COMPANY: Company = Company {
    kind: "vonage",
    settings: &[
        ("api_key", "abcd1234"),
        ("api_secret", "abcdef0123456789"),
        ("signature_secret", SECRET),
        ("signature_algorithm", "sha256-hmac"),
    ],
    sign: |call, now| sign_with(Algorithm::Sha256, SECRET, call, now),
    read: |request| {
        let fields: BTreeMap<String, String> = form_urlencoded::parse(&request.body).into_owned().collect();
        (fields["from"].clone(), fields["to"].clone(), fields["text"].clone())
    },
    lacks: &[("answer-opted-out", "the send is taken; the opt-out comes as a receipt")],
    tolerance: Some(LIFE),
    covers_body: true,
};

pub(in crate::company) fn with(settings: &[(&str, &str)], hook: &str) -> Result<Arc<dyn SmsProvider>, Wrong> {
    let kind = kind("vonage").unwrap();
    let mut values: BTreeMap<String, String> =
        kind.settings.iter().map(|setting| (setting.name.to_owned(), setting.default.unwrap_or_default().to_owned())).collect();
    values.extend(COMPANY.settings.iter().chain(settings).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    (kind.build)(&crate::company::Given { hook: hook.into(), slowest: Duration::from_secs(35), values })
}

fn posted(body: &str) -> WireCall {
    let headers = vec![("content-type".into(), "application/x-www-form-urlencoded".into())];
    WireCall { method: "POST".into(), url: "https://h.example/hooks/sms/vonage".into(), headers, body: body.as_bytes().to_vec() }
}

#[test]
fn conforms() {
    crate::company::conformance::conforms(&COMPANY);
}

/// `test/vonage/signature_test.rb` of Vonage/vonage-ruby-sdk, and `http_client/tests/test_auth.py` of Vonage/vonage-python-sdk for values
/// with `&` and `=`.
#[test]
fn the_published_signatures_verify() {
    let fields: &[(&str, &[u8])] = &[
        ("to", b"13239877404"),
        ("sig", b"any"),
        ("message-timestamp", b"2013-11-21 15:27:30"),
        ("messageId", b"020000001B0FE827"),
        ("msisdn", b"14843472194"),
        ("text", b"Test again"),
        ("timestamp", b"1385047698"),
        ("type", b"text"),
    ];
    let sha512 =
        "e0d3c650f8c9d1a5c174d10dddbfb003e561f59b265616208b0487c5d819481cd3c311d59cf6165ecd1139622d5ba3a256c0d763ac4a9ad9144b5a426b94fe82";
    for (algorithm, published) in [
        (Algorithm::Md5Hash, "d2e7b1dc968737c5998ad624e02f90b7"),
        (Algorithm::Md5, "ddebd46008c2d4e93cce578a332a52d5"),
        (Algorithm::Sha1, "27d0d05c2876c7cb1720dbcdba4d492e1e55c09a"),
        (Algorithm::Sha256, "ddb8397c2b90aac7f3882d306475c9a5058c92322eef43c92b298b6e0fc0d330"),
        (Algorithm::Sha512, sha512),
    ] {
        assert_eq!(signature(algorithm, "my_secret_key_for_testing", fields), published);
    }
    let marks: &[(&str, &[u8])] = &[("param1", b"value&1"), ("param2", b"value=2"), ("timestamp", b"1234567890")];
    assert_eq!(signature(Algorithm::Md5, SECRET, marks), "2bbf0abafb2c55e5af6231513896a2ac");
}

#[test]
fn each_algorithm_verifies_under_its_own_name_only() {
    for (name, algorithm) in ALGORITHMS {
        let mut call = posted("msisdn=12035550100&to=12035550199&messageId=1&text=a%26b%3Dc&type=text");
        sign_with(*algorithm, SECRET, &mut call, NOW);
        for (other, _) in ALGORITHMS {
            let provider =
                with(&[("signature_algorithm", other)], "https://h.example/hooks/sms/vonage").unwrap_or_else(|wrong| panic!("{wrong}"));
            assert_eq!(provider.authentic(&call, &at(NOW)).is_ok(), name == other, "{name} read as {other}");
        }
    }
}

#[test]
fn a_signature_in_capitals_an_old_secret_and_a_repeated_call_are_taken() {
    let provider = with(&[("old_signature_secret", "before")], "https://h.example/x").unwrap_or_else(|wrong| panic!("{wrong}"));
    let mut call = posted("msisdn=12035550100&to=12035550199&messageId=1&text=x&type=text");
    sign_with(Algorithm::Sha256, "before", &mut call, NOW);
    assert_eq!(provider.authentic(&call, &at(NOW.plus_minutes(24 * 60))), Ok(()), "the company repeats for a day");
    assert_eq!(provider.authentic(&call, &at(NOW.plus_minutes(26 * 60))), Err(Refusal::Stale));
    assert_eq!(provider.authentic(&call, &at(NOW.plus_seconds(-AHEAD - 1))), Err(Refusal::Stale), "signed in the future");
    let body = String::from_utf8(call.body.clone()).unwrap();
    let (head, sig) = body.split_once("&sig=").unwrap();
    call.body = format!("{head}&sig={}", sig.to_uppercase()).into_bytes();
    assert_eq!(provider.authentic(&call, &at(NOW)), Ok(()));
}

#[test]
fn a_query_is_signed_too_and_a_name_cannot_hide_its_neighbours() {
    let provider = COMPANY.built();
    let mut call = posted("");
    call.method = "GET".into();
    call.url.push_str("?msisdn=12035550100&to=12035550199&messageId=1&text=x&type=text");
    sign_with(Algorithm::Sha256, SECRET, &mut call, NOW);
    assert_eq!(provider.authentic(&call, &at(NOW)), Ok(()));
    let forged = |url: String| {
        let result = provider.authentic(&WireCall { url: url.clone(), ..call.clone() }, &at(NOW));
        assert!(matches!(result, Err(Refusal::Forged(_))), "{url}: {result:?}");
    };
    forged(call.url.replace("text=x", "text=y"));
    forged(call.url.replace("text=x", "text=x&text=y"));
    forged(call.url.replace("&nonce=", "&nonse="));
    forged(call.url.split("&sig=").next().unwrap().to_owned());
    // `text` and `timestamp` folded into the name before them: the same string is signed, but nothing of it may be read.
    let folded =
        format!("messageId%3D1%26msisdn=12035550100&{}", call.url.split_once("&to=").map(|(_, rest)| format!("to={rest}")).unwrap());
    forged(format!("https://h.example/hooks/sms/vonage?{}", folded.replace("messageId=1&", "")));
    // A query beside a body counts for nothing.
    let mut beside = posted("msisdn=12035550100&to=12035550199&messageId=1&text=x&type=text");
    sign_with(Algorithm::Sha256, SECRET, &mut beside, NOW);
    beside.url.push_str("?text=other&client-ref=9.9.9");
    assert_eq!(provider.authentic(&beside, &at(NOW)), Ok(()));
    assert!(matches!(&provider.events(&beside).unwrap()[0], Event::Incoming { text, .. } if text.reveal() == "x"));
}

#[test]
fn no_time_is_no_signature() {
    let mut call = posted("msisdn=12035550100&messageId=1&text=x");
    let fields = Fields::of(&call).unwrap();
    let sig = signature(Algorithm::Sha256, SECRET, &fields.signed()[0]);
    call.body.extend(format!("&sig={sig}").bytes());
    assert_eq!(COMPANY.built().authentic(&call, &at(NOW)), Err(Refusal::Forged("no time is signed")));
}

#[test]
fn what_was_signed_in_another_character_set_verifies_either_way() {
    for raw in [false, true] {
        let mut call = posted(&format!("messageId=1&msisdn=12035550100&text=ma%F1ana&timestamp={}&type=text", NOW.seconds()));
        call.headers[0].1.push_str("; charset=ISO-8859-1");
        let fields = Fields::of(&call).unwrap();
        let signed = fields.signed();
        let sig = signature(Algorithm::Sha256, SECRET, &signed[usize::from(raw)]);
        call.body.extend(format!("&sig={sig}").bytes());
        assert_eq!(COMPANY.built().authentic(&call, &at(NOW)), Ok(()));
    }
}

fn sms(text: &str) -> Outgoing {
    Outgoing {
        district: DistrictId(1),
        delivery: DeliveryId(2),
        attempt: 3,
        sender: SenderId(4),
        from: "+12035550199".into(),
        to: Destination::Phone("+12035550100".into()),
        content: Content::Text(text.into()),
        useful_until: NOW.plus_minutes(10),
        begin_before: Time::NEVER,
    }
}

#[test]
fn a_request_carries_our_reference_its_alphabet_and_its_end_of_use() {
    let sent = |provider: &dyn SmsProvider, sms: &Outgoing| -> BTreeMap<String, String> {
        form_urlencoded::parse(&provider.submit(sms, &at(NOW)).body).into_owned().collect()
    };
    let provider = COMPANY.built();
    let fields = sent(provider.as_ref(), &sms("¿Qué? [€]"));
    assert_eq!(fields["client-ref"], "1.2.3");
    assert_eq!(fields["callback"], "https://homeword.example/hooks/sms/vonage");
    assert_eq!((fields["ttl"].as_str(), fields["type"].as_str()), ("600000", "text"));
    assert_eq!((fields["api_key"].as_str(), fields["api_secret"].as_str()), ("abcd1234", "abcdef0123456789"));
    assert!(!fields.contains_key("sig"), "a signed send may not also bear the secret");
    assert_eq!(sent(provider.as_ref(), &sms("sí"))["type"], "unicode");
    let over = Outgoing { useful_until: NOW.plus_minutes(-5), ..sms("x") };
    assert_eq!(sent(provider.as_ref(), &over)["ttl"], "20000");
    assert_eq!(sent(provider.as_ref(), &Outgoing { useful_until: Time::NEVER, ..sms("x") })["ttl"], "604800000");
    assert!(provider.look_up(&sms("x")).is_none());
    assert_eq!(provider.abilities().repeat, Repeat::Blind);
}

#[test]
fn without_a_secret_each_send_is_signed() {
    let provider = with(&[("api_secret", "")], "https://h.example/hooks/sms/vonage").unwrap_or_else(|wrong| panic!("{wrong}"));
    let request = provider.submit(&sms("a=b&c"), &at(NOW));
    let call = WireCall { body: request.body, ..posted("") };
    assert_eq!(provider.authentic(&call, &at(NOW)), Ok(()));
    assert!(Fields::of(&call).unwrap().get("api_secret").is_none());
}

#[test]
fn wrong_settings_say_what_to_write() {
    let wrong = |settings: &[(&str, &str)], hook: &str| with(settings, hook).err().map(|wrong| wrong.setting).unwrap_or_default();
    let hook = "https://h.example/hooks/sms/vonage";
    assert_eq!(wrong(&[("signature_secret", "")], hook), "signature_secret");
    assert_eq!(wrong(&[("signature_algorithm", "sha256")], hook), "signature_algorithm");
    assert_eq!(wrong(&[("base_url", "rest.nexmo.com")], hook), "base_url");
    assert_eq!(wrong(&[], &format!("https://{}.example/hooks/sms/vonage", "h".repeat(80))), "public_url");
}

#[test]
fn no_fault_repeats_what_the_company_said_of_a_number() {
    let answer =
        WireAnswer { status: 200, headers: vec![], body: br#"{"messages":[{"status":"6","error-text":"bad +12035550100"}]}"#.to_vec() };
    assert!(!format!("{:?}", COMPANY.built().accepted(&answer)).contains("2035550100"));
}
