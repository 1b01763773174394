//! Twilio's translator against a published vector and the shapes its documentation gives.

use super::*;
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
    Moment { now: Time(0), nonce: String::new() }
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
fn a_text_a_receipt_and_a_call_become_events() {
    let provider = provider(Outcome::Blind);
    let text = call(
        PUBLISHED_URL,
        &[
            ("MessageSid", "SM1"),
            ("From", "+12035550100"),
            ("To", "+12035550199"),
            ("Body", "ابني مريض 👍"),
            ("NumMedia", "1"),
            ("MediaUrl0", "https://m/1"),
        ],
        "new",
    );
    let Ok(events) = provider.events(&text) else { panic!("events") };
    assert!(
        matches!(&events[0], Event::Incoming { key, text, media, carrier_answered: false, .. } if key == "sms:SM1" && text.reveal() == "ابني مريض 👍" && media.len() == 1)
    );
    let receipt = call(
        "https://x/hooks/status?ref=1.2.3",
        &[("MessageSid", "SM1"), ("MessageStatus", "undelivered"), ("ErrorCode", "30006"), ("To", "+1")],
        "new",
    );
    let Ok(events) = provider.events(&receipt) else { panic!("events") };
    assert!(
        matches!(&events[0], Event::Receipt { reference: Some(reference), kind: ReceiptKind::Failed, fault: Some(SendFault::BadAddress(_)), .. } if reference == "1.2.3")
    );
    let stop = call(PUBLISHED_URL, &[("MessageSid", "SM2"), ("From", "+1"), ("To", "+2"), ("Body", "STOP"), ("OptOutType", "STOP")], "new");
    assert!(matches!(&provider.events(&stop).unwrap()[0], Event::Incoming { carrier_answered: true, .. }));
    assert!(matches!(&provider.events(&call(PUBLISHED_URL, PUBLISHED, "new")).unwrap()[0], Event::MissedCall { .. }));
    let nonsense = WireCall { body: vec![0xff, 0xfe, b'&', b'='], ..call(PUBLISHED_URL, &[], "new") };
    assert!(matches!(provider.events(&nonsense), Err(Refusal::Garbled(_))));
}

#[test]
fn answers_sort_into_faults() {
    let provider = provider(Outcome::Blind);
    let answer = |status, body: &str| {
        provider.accepted(&WireAnswer { status, headers: vec![("retry-after".into(), "7".into())], body: body.as_bytes().to_vec() })
    };
    assert_eq!(answer(201, r#"{"sid":"SM9","num_segments":"2"}"#), Ok(Accepted { provider_ids: vec!["SM9".into()], segments: Some(2) }));
    assert_eq!(answer(400, r#"{"code":21610,"message":"x"}"#), Err(SendFault::OptedOut));
    assert!(matches!(answer(400, r#"{"code":21211}"#), Err(SendFault::BadAddress(_))));
    assert_eq!(answer(429, r#"{"code":20429}"#), Err(SendFault::Throttled { after: Some(Duration::from_secs(7)) }));
    assert!(matches!(answer(401, r#"{"code":20003}"#), Err(SendFault::Config(_))));
    assert_eq!(answer(400, r#"{"code":30007}"#), Err(SendFault::Refused { code: "30007".into() }));
    assert!(matches!(answer(503, "gone"), Err(SendFault::Unclear(_))), "a 5xx the company does not document is unclear");
    assert!(matches!(answer(200, "<html>"), Err(SendFault::Garbled(_))));
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
