//! Kannel's translator against what Debian's Kannel sends and answers.

use super::*;
use crate::company::conformance::{Company, HOOK, NOW, at};
use crate::company::{Given, kind};
use domain::*;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

const SECRET: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";

fn company() -> Company {
    Company {
        kind: "kannel",
        settings: &[
            ("username", "homeword"),
            ("password", "p&ss"),
            ("hook_secret", SECRET),
            ("old_hook_secret", "an-older-one-that-still-opens"),
        ],
        sign: |call, _| {
            let separator = if call.url.contains('?') { '&' } else { '?' };
            call.url.push_str(&format!("{separator}key={SECRET}"));
        },
        read: |request| {
            let fields = Fields::of_query(&request.url);
            let charset = if fields.get("coding").as_deref() == Some("2") { "UTF-16BE" } else { "UTF-8" };
            let text = fields.get_in("text", charset).unwrap_or_default();
            (fields.get("from").unwrap_or_default(), fields.get("to").unwrap_or_default(), text)
        },
        lacks: &[
            ("answer-opted-out", "Kannel keeps no list of who stopped"),
            ("answer-throttled", "Kannel queues what its SMSC is too slow for"),
            ("receipt-opted-out", "an SMSC's receipt has no word for it"),
        ],
        tolerance: None,
        covers_body: false,
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
        useful_until: NOW.plus_minutes(90),
        begin_before: Time::NEVER,
    }
}

fn build(changes: &[(&str, &str)]) -> Result<Arc<dyn SmsProvider>, crate::company::Wrong> {
    let kind = kind("kannel").unwrap();
    let mut values: BTreeMap<String, String> =
        kind.settings.iter().map(|setting| (setting.name.into(), setting.default.unwrap_or_default().into())).collect();
    values.extend([("hook_secret", SECRET)].iter().chain(changes).map(|(name, value)| ((*name).into(), (*value).into())));
    (kind.build)(&Given { hook: format!("{HOOK}/kannel"), slowest: Duration::from_secs(35), values })
}

#[test]
fn conforms() {
    crate::company::conformance::conforms(&company());
}

#[test]
fn a_text_goes_in_the_alphabet_it_fits_and_names_where_its_receipts_go() {
    let provider = company().built();
    let plain = Fields::of_query(&provider.submit(&sms("¿Ñ £é {[~]} €"), &at(NOW)).url);
    assert_eq!((plain.get("coding").as_deref(), plain.get("charset").as_deref()), (Some("0"), Some("UTF-8")));
    assert_eq!(plain.get("validity").as_deref(), Some("90"));
    let wide = Fields::of_query(&provider.submit(&sms("sí"), &at(NOW)).url);
    assert_eq!((wide.get("coding").as_deref(), wide.get("charset")), (Some("2"), None));
    assert_eq!(wide.bytes("text"), Some(&[0, b's', 0, 0xed][..]));
    let receipts = wide.get("dlr-url").unwrap();
    assert_eq!(receipts, format!("{HOOK}/kannel?key={SECRET}&ref=1.2.3&status=%d&reply=%A&id=%F"));
}

#[test]
fn only_who_knows_a_secret_gets_in() {
    let provider = company().built();
    let call = |query: &str| WireCall { method: "GET".into(), url: format!("{HOOK}/kannel?{query}"), headers: vec![], body: vec![] };
    for good in [SECRET, "an-older-one-that-still-opens"] {
        assert_eq!(provider.authentic(&call(&format!("ref=1.2.3&key={good}")), &at(NOW)), Ok(()));
    }
    let upper = SECRET.to_uppercase();
    for bad in ["", "x", &SECRET[1..], upper.as_str(), &format!("{SECRET}0"), &format!("x&key={SECRET}")] {
        let result = provider.authentic(&call(&format!("key={bad}")), &at(NOW));
        assert!(matches!(result, Err(Refusal::Forged(_))), "{bad}: {result:?}");
    }
}

#[test]
fn settings_that_cannot_work_are_told() {
    let wrong = |name: &str, value: &str| build(&[(name, value)]).err().unwrap().to_string();
    assert!(build(&[]).is_ok());
    assert!(wrong("hook_secret", "short").starts_with("hook_secret must be at least 16"));
    assert!(wrong("hook_secret", "has a percent % sign in it").starts_with("hook_secret"), "Kannel would fill it in");
    assert!(wrong("old_hook_secret", "short").starts_with("old_hook_secret"));
    assert!(wrong("numbers", "national").contains("plus, digits, 00"));
    assert!(wrong("country", "Kenya").contains("calling code"));
    assert!(wrong("base_url", "127.0.0.1:13013").contains("https://"));
}

#[test]
fn an_answer_says_nothing_that_kannel_would_send_on_to_the_family() {
    let reply = company().built().acknowledge(1);
    assert_eq!((reply.status, reply.content_type, reply.body.as_str()), (200, "text/plain", ""));
}

#[test]
fn a_header_leads_nowhere_it_should_not() {
    for header in
        [&[][..], &[5], &[5, 0], &[5, 0, 3, 1, 2, 3], &[5, 0, 3, 1, 2, 0], &[5, 0, 3, 1, 1, 1], &[3, 0, 0, 0], &[255; 40], &[6, 8, 4, 1]]
    {
        assert_eq!(part_of(header), None, "{header:?}");
    }
    assert_eq!(part_of(&[5, 0, 3, 7, 255, 255]).map(|part| (part.number, part.of)), Some((255, 255)));
}

#[test]
fn what_a_family_wrote_is_not_taken_for_a_state() {
    let (code, _) = failure("id:1 stat:REJECTD err:000 Text:stat:EXPIRED err:1");
    assert_eq!(code.as_deref(), Some("REJECTD"));
    assert_eq!(failure("Text:stat:EXPIRED"), (None, None));
    assert_eq!(failure("NACK/0x00000058/Throttling error").1, Some(SendFault::Throttled { after: None }));
}

proptest! {
    /// Kannel's calls stand in an address: whatever stands there, nothing is lost by a panic, and a text comes back as it was.
    #[test]
    fn an_address_is_always_read(noise in "[ -~]{0,200}", text in "\\PC{0,80}", header in proptest::collection::vec(any::<u8>(), 0..20)) {
        let provider = company().built();
        let call = |query: String| WireCall { method: "GET".into(), url: format!("{HOOK}/kannel?{query}"), headers: vec![], body: vec![] };
        let _ = provider.events(&call(noise.clone()));
        let _ = provider.events(&call(format!("from=1&to=2&status={noise}")));
        let query = format!("from=12035550100&to=12035550199&text={}&charset=UTF-16BE&udh={}", percent(&utf16(&text)), percent(&header));
        let events = provider.events(&call(query)).unwrap();
        let [Event::Incoming { text: came, .. }] = &events[..] else { panic!("one text") };
        prop_assert_eq!(came.reveal(), text.as_str());
    }
}
