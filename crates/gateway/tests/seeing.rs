//! What whoever operates it sees: health, metrics, logs; and what nobody may see there.

mod common;

use common::{House, PHONE, Served, Stub, TOKEN, WORDS, until};
use domain::delivery::DeliveryState;
use serde_json::Value;

async fn hook(served: &Served, company: &str, fields: &[(&str, &str)], token: &str) -> u16 {
    let owned: Vec<(String, String)> = fields.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let signature = sms::signature(token, &format!("http://homeword.example/hooks/sms/{company}"), &owned);
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(&owned).finish();
    let request = reqwest::Client::new().post(format!("http://{}/hooks/sms/{company}", served.pages));
    let request = request.header("content-type", "application/x-www-form-urlencoded").header("x-twilio-signature", signature);
    request.body(body).send().await.expect("an answer").status().as_u16()
}

fn text<'a>(to: &'a str, sid: &'a str) -> [(&'static str, &'a str); 6] {
    [("MessageSid", sid), ("From", PHONE), ("To", to), ("Body", WORDS), ("NumMedia", "0"), ("SmsStatus", "received")]
}

/// One text out, one in, one refused, one to nobody.
async fn an_hour_of_school(house: &House, carrier: &Stub, served: &Served) {
    carrier.let_answer();
    let out = house.queue(house.sender(10.0).await).await;
    until("the text left", 20, async || house.state(out).await == DeliveryState::Accepted).await;
    let to = house.opened.people.senders(domain::DistrictId(1)).await.expect("read")[0].address.clone();
    assert_eq!(hook(served, "twilio", &text(&to, "SM1"), TOKEN).await, 200);
    assert_eq!(hook(served, "twilio", &text(&to, "SM2"), "wrong").await, 403);
    assert_eq!(hook(served, "nonsense", &text(&to, "SM3"), TOKEN).await, 404);
}

#[tokio::test]
async fn metrics_say_what_happened_on_their_own_listener_and_nothing_of_anybody() {
    let carrier = Stub::slow();
    let house = House::new(&carrier, "").await;
    let served = house.serve("warn");
    assert_eq!(served.get(&served.pages, "/healthz/live").await, (200, "live".into()));
    assert_eq!(served.get(&served.pages, "/healthz/ready").await, (200, "{\"ready\":true,\"not_ready\":[]}".into()));
    an_hour_of_school(&house, &carrier, &served).await;
    let waiting = async || served.get(&served.metrics, "/metrics").await.1.contains("homeword_incoming_waiting 0\n");
    until("what came in was concluded", 20, waiting).await;

    let (status, page) = served.get(&served.metrics, "/metrics").await;
    assert_eq!(status, 200);
    for line in [
        "homeword_backlog_readable 1",
        "homeword_queue_depth{lane=\"broadcast\"} 0",
        "homeword_queue_oldest_seconds{lane=\"emergency\"} 0",
        "homeword_claims_late 0",
        "homeword_nodes 1",
        "homeword_claims_total{lane=\"broadcast\"} 1",
        "homeword_settled_total{state=\"accepted\"} 1",
        "homeword_carrier_answers_total{provider=\"twilio\",channel=\"sms\",outcome=\"accepted\"} 1",
        "homeword_commit_rows_count 1",
        "homeword_webhooks_total{company=\"twilio\",status=\"200\"} 1",
        "homeword_webhooks_total{company=\"twilio\",status=\"403\"} 1",
        "homeword_webhooks_total{company=\"unknown\",status=\"404\"} 1",
    ] {
        assert!(page.lines().any(|known| known.starts_with(line)), "{line} is missing: {page}");
    }
    assert!(!page.contains("nonsense") && !page.contains(&PHONE[1..]), "{page}");
    assert_eq!(served.get(&served.pages, "/metrics").await.0, 404, "never on the public site");
    assert_eq!(served.get(&served.metrics, "/").await.0, 404, "and nothing else beside them");
}

#[tokio::test]
async fn logs_are_json_or_text_as_configured_and_hold_nobodys_words_or_number() {
    for (format, as_json) in [("json", true), ("text", false)] {
        let carrier = Stub::slow();
        let house = House::new(&carrier, &format!("[log]\nformat = \"{format}\"\n")).await;
        let mut served = house.serve("trace");
        an_hour_of_school(&house, &carrier, &served).await;
        served.ask_to_end();
        served.ended(10).await;
        let log = served.log();
        assert!(log.contains("a webhook was refused") && log.lines().count() > 20, "{log}");
        for line in log.lines() {
            let read: Result<Value, _> = serde_json::from_str(line);
            assert_eq!(read.is_ok(), as_json, "{format}: {line}");
        }
        for private in [WORDS, "marmalade", &PHONE[1..], "Morales", "Sof"] {
            let line = log.lines().find(|line| line.contains(private));
            assert!(line.is_none(), "{format}: \"{private}\" stands in a log line: {line:?}");
        }
    }
}
