//! Jasmin's translator against the shapes its documentation and its code give.

use super::*;
use crate::company::conformance::{Company, HOOK, NOW, at};
use domain::*;

const SECRET: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";

fn company() -> Company {
    Company {
        kind: "jasmin",
        settings: &[("username", "homeword"), ("password", "p&ss"), ("hook_secret", SECRET)],
        sign: |call, _| {
            let separator = if call.url.contains('?') { '&' } else { '?' };
            call.url.push_str(&format!("{separator}key={SECRET}"));
        },
        read: |request| {
            let fields = Fields::of_form(None, &request.body);
            let text = match fields.get("hex-content") {
                Some(digits) => charset::text(&unhex(&digits).unwrap(), "UTF-16BE"),
                None => fields.get("content").unwrap_or_default(),
            };
            (fields.get("from").unwrap_or_default(), fields.get("to").unwrap_or_default(), text)
        },
        lacks: &[
            ("answer-opted-out", "Jasmin keeps no list of who stopped"),
            ("answer-several-parts", "one id stands for all parts"),
            ("receipt-opted-out", "an SMSC's receipt has no word for it"),
        ],
        tolerance: None,
        covers_body: false,
    }
}

#[test]
fn conforms() {
    crate::company::conformance::conforms(&company());
}

#[test]
fn a_request_holds_only_what_jasmin_knows() {
    let sms = Outgoing {
        district: DistrictId(1),
        delivery: DeliveryId(2),
        attempt: 3,
        sender: SenderId(4),
        from: "+12035550199".into(),
        to: Destination::Phone("+12035550100".into()),
        content: Content::Text("sí".into()),
        useful_until: NOW.plus_minutes(90),
        begin_before: Time::NEVER,
    };
    let request = company().built().submit(&sms, &at(NOW));
    assert_eq!((request.method, request.url.as_str()), ("POST", "http://127.0.0.1:1401/send"));
    let fields = Fields::of_form(None, &request.body);
    let get = |name: &str| fields.get(name).unwrap_or_default();
    assert_eq!((get("coding"), get("hex-content"), get("content")), ("8".into(), "007300ed".into(), String::new()));
    assert_eq!(
        (get("validity-period"), get("dlr"), get("dlr-level"), get("dlr-method")),
        ("90".into(), "yes".into(), "3".into(), "POST".into())
    );
    assert_eq!(get("dlr-url"), format!("{HOOK}/jasmin?key={SECRET}&ref=1.2.3"));
    assert_eq!((get("to"), get("password")), ("12035550100".into(), "p&ss".into()));
}

#[test]
fn jasmin_hears_the_one_word_it_waits_for() {
    let reply = company().built().acknowledge(0);
    assert_eq!((reply.status, reply.body.as_str()), (200, "ACK/Jasmin"));
}
