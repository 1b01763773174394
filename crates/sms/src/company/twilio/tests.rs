//! Twilio's translator against a published vector and the shapes its documentation gives.

use super::*;
use crate::company::conformance::Company;
use domain::*;

fn provider(outcome: Outcome) -> Twilio {
    Twilio::new(TwilioSettings {
        slowest: std::time::Duration::from_secs(35),
        base_url: "https://api.twilio.test/".into(),
        account: "AC1".into(),
        tokens: vec!["new".into(), "12345".into()],
        status_callback: "https://mycompany.com/hooks/status".into(),
        messaging_service: None,
        outcome,
    })
}

fn moment() -> Moment {
    Moment { now: Time(0), nonce: 0 }
}

fn call(url: &str, fields: &[(&str, &str)], token: &str) -> WireCall {
    let owned: Vec<(String, String)> = fields.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(&owned).finish();
    let headers = vec![
        ("content-type".into(), "application/x-www-form-urlencoded".into()),
        ("x-twilio-signature".into(), signature(token, url, &owned)),
    ];
    WireCall { method: "POST".into(), url: url.into(), headers, body: body.into_bytes() }
}

/// The worked example of Twilio's "Validating requests" page.
const PUBLISHED: &[(&str, &str)] =
    &[("CallSid", "CA1234567890ABCDE"), ("Caller", "+14158675309"), ("Digits", "1234"), ("From", "+14158675309"), ("To", "+18005551212")];
const PUBLISHED_URL: &str = "https://mycompany.com/myapp.php?foo=1&bar=2";

#[test]
fn the_published_vector_verifies_with_either_live_token_and_with_a_port() {
    let owned: Vec<(String, String)> = PUBLISHED.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    assert_eq!(signature("12345", PUBLISHED_URL, &owned), "RSOYDt4T1cUTdK1PDd93/VVr8B8=");
    let provider = provider(Outcome::Blind);
    assert_eq!(provider.authentic(&call(PUBLISHED_URL, PUBLISHED, "12345"), &moment()), Ok(()));
    assert_eq!(provider.authentic(&call(PUBLISHED_URL, PUBLISHED, "new"), &moment()), Ok(()));
    let mut ported = call("https://mycompany.com:443/myapp.php?foo=1&bar=2", PUBLISHED, "12345");
    ported.url = PUBLISHED_URL.into();
    assert_eq!(provider.authentic(&ported, &moment()), Ok(()));
}

#[test]
fn altered_unsigned_and_strangers_calls_are_refused() {
    let provider = provider(Outcome::Blind);
    let good = call(PUBLISHED_URL, PUBLISHED, "12345");
    let mut altered = good.clone();
    altered.body.extend_from_slice(b"&Body=x");
    assert!(matches!(provider.authentic(&altered, &moment()), Err(Refusal::Forged(_))));
    let mut elsewhere = good.clone();
    elsewhere.url = "https://mycompany.com/other".into();
    assert!(matches!(provider.authentic(&elsewhere, &moment()), Err(Refusal::Forged(_))));
    let mut unsigned = good.clone();
    unsigned.headers.pop();
    assert!(matches!(provider.authentic(&unsigned, &moment()), Err(Refusal::Forged(_))));
    assert!(matches!(provider.authentic(&call(PUBLISHED_URL, PUBLISHED, "old"), &moment()), Err(Refusal::Forged(_))));
    let json = WireCall {
        headers: vec![
            ("content-type".into(), "application/json".into()),
            ("x-twilio-signature".into(), signature("new", PUBLISHED_URL, &[])),
        ],
        body: b"{}".to_vec(),
        ..good
    };
    assert!(matches!(provider.authentic(&json, &moment()), Err(Refusal::Forged(_))), "a body outside the signature");
}

#[test]
fn conforms() {
    crate::company::conformance::conforms(&Company {
        kind: "twilio",
        settings: &[("account", "AC1"), ("auth_token", "new"), ("old_auth_token", "12345")],
        sign: |call, _| {
            let signed = signature("12345", &call.url, &form(&call.body));
            call.headers.push(("x-twilio-signature".into(), signed));
        },
        read: |request| {
            let fields: BTreeMap<String, String> = form(&request.body).into_iter().collect();
            (fields["From"].clone(), fields["To"].clone(), fields["Body"].clone())
        },
        lacks: &[("answer-several-parts", "one id stands for all parts")],
        tolerance: None,
        covers_body: true,
    });
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
        useful_until: Time(600_000_000),
        begin_before: Time::NEVER,
    };
    let request = provider(Outcome::Keyed).submit(&sms, &moment());
    let fields: BTreeMap<String, String> = form(&request.body).into_iter().collect();
    assert_eq!(request.url, "https://api.twilio.test/2010-04-01/Accounts/AC1/Messages.json");
    assert_eq!(fields["StatusCallback"], "https://mycompany.com/hooks/status?ref=1.2.3");
    assert_eq!(fields["ValidityPeriod"], "600");
    assert_eq!(fields["Body"], "¿Para quién?");
    assert!(request.headers.iter().any(|(name, value)| name == "i-twilio-idempotency-token" && value == "1.2"));
    assert!(provider(Outcome::Blind).look_up(&sms).is_none());
}
