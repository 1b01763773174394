//! Every fixture of `fixtures/companies` against what `wanted.json` says of it. Both were written by people who had not read the
//! translators; signatures in them were made and checked with the companies' own libraries.

use super::*;
use domain::{DeliveryId, DistrictId, SenderId, Time};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// When every fixture is read.
const NOW: Time = Time(1_795_867_200_000_000);

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/companies")
}

fn file(path: &str) -> Vec<u8> {
    std::fs::read(folder().join(path)).unwrap_or_else(|fault| panic!("{path}: {fault}"))
}

fn at() -> Moment {
    Moment { now: NOW, nonce: 0x5f0c }
}

fn made(kind: &str, more: &[(&str, &str)]) -> Arc<dyn MailProvider> {
    let kind = MAIL_KINDS.iter().find(|one| one.name == kind).expect("a kind");
    let mut values: BTreeMap<String, String> =
        kind.settings.iter().map(|setting| (setting.name.into(), setting.default.unwrap_or_default().into())).collect();
    let key = |name: &str| String::from_utf8(file(&format!("keys/{name}-public-TEST-ONLY.txt"))).expect("a key").trim().to_owned();
    let arn = "arn:aws:sns:us-east-1:123456789012:maple";
    for (name, value) in [
        ("region", "us-east-1".to_owned()),
        ("access_key", "AKIDEXAMPLE".into()),
        ("secret_key", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".into()),
        ("configuration_set", "maple-letters".into()),
        ("topics", format!("{arn}-inbound, {arn}-events")),
        ("domain", "mail.maple.example".into()),
        ("api_key", "key-TEST-ONLY-sending".into()),
        ("signing_key", "key-TEST-ONLY-homeword-maple".into()),
        ("server_token", "00000000-0000-4000-8000-00000000test".into()),
        ("hook_password", "homeword:maple-2026-test".into()),
        ("events_key", key("sendgrid-events")),
        ("letters_key", key("sendgrid-parse")),
    ] {
        if values.contains_key(name) {
            values.insert(name.into(), value);
        }
    }
    values.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let given = Given { hook: "https://school.maple.example/hooks/mail/x".into(), slowest: Duration::from_secs(35), values };
    (kind.make)(&given).unwrap_or_else(|wrong| panic!("{wrong}"))
}

/// What we cannot know: an answer is read without a clock, so a time of day in it tells nobody how long to wait.
const WITHOUT_CLOCK: &str = "sendgrid/answer-throttled.http";

/// A fixture without its comments: what stands in its first line, its headers, and exactly its body.
fn read(path: &str) -> (String, Vec<(String, String)>, Vec<u8>) {
    let mut rest = &file(path)[..];
    let mut lines = Vec::new();
    while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
        let line = String::from_utf8_lossy(&rest[..end]).into_owned();
        rest = &rest[end + 1..];
        if line.is_empty() {
            break;
        }
        lines.push(line);
    }
    let mut lines = lines.into_iter().filter(|line| !line.starts_with('#'));
    let first = lines.next().expect("a first line");
    let headers: Vec<(String, String)> =
        lines.filter_map(|line| line.split_once(':').map(|(name, value)| (name.to_owned(), value.trim().to_owned()))).collect();
    let length = headers.iter().find(|(name, _)| name == "content-length").and_then(|(_, length)| length.parse().ok());
    let body = rest[..length.unwrap_or(rest.len().saturating_sub(1)).min(rest.len())].to_vec();
    (first, headers, body)
}

fn answered(path: &str) -> Value {
    let (first, headers, body) = read(path);
    let status = first.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    let answer = WireAnswer { status, headers, body };
    match made(path.split('/').next().expect("a kind"), &[]).accepted(&answer) {
        Ok(accepted) => json!({ "accepted": accepted.provider_ids.first().cloned().unwrap_or_default() }),
        Err(SendFault::BadAddress(_)) => json!({ "fault": "address" }),
        Err(SendFault::Config(_)) => json!({ "fault": "config" }),
        Err(SendFault::Refused { .. }) => json!({ "fault": "refused" }),
        Err(SendFault::Throttled { after }) => json!({ "fault": "throttled", "after": after.map(|after| after.as_secs()) }),
        Err(SendFault::NotSent(_)) => json!({ "fault": "later" }),
        Err(SendFault::Unclear(_) | SendFault::Garbled(_)) => json!({ "fault": "unclear" }),
        Err(other) => panic!("{path}: {other:?}"),
    }
}

fn call(path: &str) -> WireCall {
    let (first, headers, body) = read(path);
    let url = format!("https://school.maple.example{}", first.split(' ').nth(1).expect("a path"));
    WireCall { method: "POST".into(), url, headers, body }
}

fn news(path: &str) -> Result<Vec<MailNews>, Refusal> {
    let (company, call) = (made(path.split('/').next().expect("a kind"), &[]), call(path));
    let certificate = company.certificate(&call)?.map(|url| {
        assert!(url.starts_with("https://sns.us-east-1.amazonaws.com/"), "{url}");
        file("keys/sns-cert-TEST-ONLY.pem")
    });
    company.authentic(&call, &at(), certificate.as_deref())?;
    company.news(&call)
}

fn said(one: &MailNews) -> Value {
    match one {
        MailNews::Letter { from, to, raw } => {
            let raw_hash = domain::hex(&Sha256::digest(raw));
            json!({ "letter": { "from": from, "to": to, "sha256": raw_hash } })
        }
        MailNews::Report(MailReport { reference, recipient, happened }) => {
            let recipient = recipient.reveal();
            let report = |kind: &str, class: &str| json!({ "report": { "kind": kind, "reference": reference, "recipient": recipient, "class": class } });
            match happened {
                MailHappened::Delivered => json!({ "delivered": reference }),
                MailHappened::Late => report("delayed", "unknown"),
                MailHappened::Unwanted => report("complaint", "unknown"),
                MailHappened::Failed { class: BounceClass::Hard, .. } => report("failed", "hard"),
                MailHappened::Failed { class: BounceClass::Policy, .. } => report("failed", "policy"),
                MailHappened::Failed { class: BounceClass::Soft, .. } => report("failed", "soft"),
            }
        }
        MailNews::Confirm(url) => json!({ "confirm": url }),
        MailNews::Tell(_) => json!({ "tell": true }),
    }
}

/// Whether what was found is what was wanted. Of an address nobody can tell about, it may be used again: that is "soft" here.
fn fits(wanted: &Value, found: &Result<Vec<MailNews>, Refusal>) -> bool {
    if let Some(either) = wanted.get("either").and_then(Value::as_array) {
        return either.iter().any(|one| fits(one, found));
    }
    if let Some(alone) = wanted.get("alone") {
        return fits(alone, found);
    }
    match (wanted, found) {
        (Value::String(word), Err(Refusal::Forged(_) | Refusal::Stale)) => word == "forged",
        (Value::String(word), Err(Refusal::Garbled(_))) => word == "garbled",
        (Value::Array(all), Ok(news)) => {
            // What is told beside a letter is for the operator alone.
            let tells = all.iter().any(|one| one.get("tell").is_some());
            let news: Vec<Value> = news.iter().filter(|one| tells || !matches!(one, MailNews::Tell(_))).map(said).collect();
            all.len() == news.len() && all.iter().zip(&news).all(|(wanted, found)| one_fits(wanted.clone(), found.clone()))
        }
        _ => false,
    }
}

fn one_fits(mut wanted: Value, mut found: Value) -> bool {
    if let Some(report) = wanted.get_mut("report").filter(|report| report["class"] == "unknown" && report["kind"] == "failed") {
        report["class"] = "soft".into();
    }
    if let Some(letter) = wanted.get_mut("letter").and_then(Value::as_object_mut) {
        letter.remove("has");
        if letter["sha256"].is_null() {
            letter.remove("sha256");
            found["letter"].as_object_mut().map(|letter| letter.remove("sha256"));
        }
    }
    wanted == found
}

#[test]
fn every_fixture_comes_to_what_is_wanted() {
    let wanted: BTreeMap<String, Value> = serde_json::from_slice(&file("wanted.json")).expect("JSON");
    let mut wrong = Vec::new();
    for (path, wanted) in &wanted {
        if path.contains("/send-request") {
            continue;
        }
        if path.contains("/answer-") {
            let found = answered(path);
            let mut wanted = wanted.clone();
            if wanted["fault"] == "throttled" {
                let after = wanted["after"].take();
                wanted["after"] = if path == WITHOUT_CLOCK { Value::Null } else { after };
            }
            if found != wanted {
                wrong.push(format!("{path}: wanted {wanted}, found {found}"));
            }
            continue;
        }
        let found = news(path);
        if !fits(wanted, &found) {
            let found = found.map(|news| news.iter().map(said).collect::<Vec<_>>());
            wrong.push(format!("{path}: wanted {wanted}, found {found:?}"));
        }
    }
    println!("{} of {} fixtures", wanted.len() - wrong.len(), wanted.len());
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_sample_configuration_is_what_the_table_says() {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/homeword.toml")).expect("the sample");
    assert!(
        text.contains(&crate::mail_sample()),
        "config/homeword.toml says of mail companies something else than:\n{}",
        crate::mail_sample()
    );
}

/// The letter of the send requests, as our composer might have written it.
fn outgoing() -> Outgoing {
    let (_, _, body) = read("ses/send-request.http");
    let body: Value = serde_json::from_slice(&body).expect("JSON");
    let raw = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, text(&body, &["Content", "Raw", "Data"])).expect("base64");
    Outgoing {
        district: DistrictId(1),
        delivery: DeliveryId(2),
        attempt: 3,
        sender: SenderId(4),
        from: "office@mail.maple.example".into(),
        to: Destination::Mailbox("marisol.quispe@familia.example".into()),
        content: Content::Letter { raw, envelope_from: String::new() },
        useful_until: Time::NEVER,
        begin_before: Time::NEVER,
    }
}

fn asked(kind: &str) -> (WireRequest, Value) {
    let request = made(kind, &[]).submit(&outgoing(), &at()).expect("a request");
    let body = serde_json::from_slice(&request.body).unwrap_or_default();
    (request, body)
}

fn documented(kind: &str) -> Value {
    serde_json::from_slice(&read(&format!("{kind}/send-request.http")).2).expect("JSON")
}

fn header<'a>(request: &'a WireRequest, name: &str) -> &'a str {
    request.headers.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
}

#[test]
fn amazon_gets_the_letter_as_it_is_and_signed_as_its_own_library_signs() {
    let (request, body) = asked("ses");
    let wanted = documented("ses");
    assert_eq!(request.url, "https://email.us-east-1.amazonaws.com/v2/email/outbound-emails");
    assert_eq!((&body["Content"], &body["Destination"]), (&wanted["Content"], &wanted["Destination"]));
    assert_eq!(body["EmailTags"], json!([{ "Name": TAG, "Value": "1-2-3" }]), "a tag has no dots");
    assert_eq!(body["ConfigurationSetName"], "maple-letters");
    // Over the fixture's bytes, whose signature botocore made as well.
    let (_, headers, bytes) = read("ses/send-request.http");
    let theirs = &headers.iter().find(|(name, _)| name == "authorization").expect("a signature").1;
    let ses = ses::Ses::for_test("us-east-1", "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    assert_eq!(&ses.authorization("20261128T120000Z", &bytes), theirs);
    assert_eq!(header(&request, "x-amz-date"), "20261128T120000Z");
    assert_eq!(header(&request, "authorization"), ses.authorization("20261128T120000Z", &request.body));
}

#[test]
fn mailgun_gets_the_letter_as_it_is() {
    let (request, _) = asked("mailgun");
    let form = |headers: &[(String, String)], body: &[u8]| {
        let call = WireCall { method: "POST".into(), url: String::new(), headers: headers.to_vec(), body: body.to_vec() };
        form::Form::of(&call).expect("a form")
    };
    let (_, headers, body) = read("mailgun/send-request.http");
    let (ours, theirs) = (form(&request.headers, &request.body), form(&headers, &body));
    let Content::Letter { raw, .. } = outgoing().content else { panic!("a letter") };
    assert_eq!(ours.bytes("message"), Some(&raw[..]), "byte for byte");
    assert_eq!((ours.text("to"), ours.text("o:tracking")), (theirs.text("to"), theirs.text("o:tracking")));
    assert_eq!(ours.text("v:homeword-reference"), "1.2.3");
    assert!(theirs.bytes("message").is_some_and(|theirs| !theirs.is_empty()), "as the fixture calls it");
    let key = headers.iter().find(|(name, _)| name == "authorization").expect("a key");
    assert_eq!(header(&request, "authorization"), key.1);
    assert_eq!(request.url, "https://api.mailgun.net/v3/mail.maple.example/messages.mime");
}

#[test]
fn who_wants_pieces_gets_each_of_them() {
    let lines = |text: &Value| text.as_str().unwrap_or_default().replace('\r', "").trim_end().to_owned();
    let (request, body) = asked("postmark");
    let wanted = documented("postmark");
    let sorted = |headers: &Value| {
        let mut all: Vec<String> =
            list(Some(headers)).iter().map(|one| format!("{}: {}", text(one, &["Name"]), text(one, &["Value"]))).collect();
        all.sort();
        all
    };
    assert_eq!(sorted(&body["Headers"]), sorted(&wanted["Headers"]));
    for name in ["Subject", "TrackOpens", "TrackLinks", "MessageStream"] {
        assert_eq!(body[name], wanted[name], "{name}");
    }
    assert_eq!(["TextBody", "HtmlBody"].map(|name| lines(&body[name])), ["TextBody", "HtmlBody"].map(|name| lines(&wanted[name])));
    assert_eq!((&body["To"], &body["ReplyTo"]), (&json!("marisol.quispe@familia.example"), &json!("reply+abc123@mail.maple.example")));
    assert_eq!(body["From"], "\"Maple Primary School\" <office@mail.maple.example>");
    assert_eq!(body["Metadata"], json!({ TAG: "1.2.3" }));
    assert_eq!(header(&request, "x-postmark-server-token"), "00000000-0000-4000-8000-00000000test");

    let (request, body) = asked("sendgrid");
    let wanted = documented("sendgrid");
    for name in ["headers", "subject", "from", "tracking_settings"] {
        assert_eq!(body[name], wanted[name], "{name}");
    }
    let content =
        |body: &Value| list(body.get("content")).iter().map(|one| (one["type"].clone(), lines(&one["value"]))).collect::<Vec<_>>();
    assert_eq!(content(&body), content(&wanted));
    assert_eq!(body["reply_to"]["email"], wanted["reply_to"]["email"]);
    assert_eq!(body["personalizations"][0]["to"], json!([{ "email": "marisol.quispe@familia.example" }]));
    assert_eq!(body["personalizations"][0]["custom_args"], json!({ TAG: "1.2.3" }));
    assert!(header(&request, "authorization").starts_with("Bearer "));
}

#[test]
fn an_address_that_would_end_a_field_is_no_address() {
    for kind in ["ses", "mailgun", "postmark", "sendgrid"] {
        for to in ["a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example", "nobody", "<a@b.example>"] {
            let outgoing = Outgoing { to: Destination::Mailbox(to.into()), ..outgoing() };
            assert!(matches!(made(kind, &[]).submit(&outgoing, &at()), Err(SendFault::BadAddress(_))), "{kind}: {to}");
        }
    }
}

#[test]
fn a_word_of_mailguns_opens_once_and_no_other_company_needs_that() {
    let token = |path: &str| made("mailgun", &[]).once(&call(path));
    assert!(token("mailgun/incoming.http").is_some());
    assert_eq!(token("mailgun/other-replayed-token-1.http"), token("mailgun/other-replayed-token-2.http"));
    assert_eq!(token("mailgun/event-hard-bounce.http"), token("mailgun/other-event-replayed-token.http"));
    assert_ne!(token("mailgun/incoming.http"), token("mailgun/incoming-arabic.http"));
    assert_eq!(made("sendgrid", &[]).once(&call("sendgrid/incoming.http")), None);
}

#[test]
fn no_cut_and_no_changed_byte_of_a_signed_call_is_believed() {
    for path in ["ses/event-hard-bounce.http", "sendgrid/event-batch.http", "sendgrid/incoming.http"] {
        let company = made(path.split('/').next().expect("a kind"), &[]);
        let certificate = file("keys/sns-cert-TEST-ONLY.pem");
        let good = call(path);
        assert_eq!(company.authentic(&good, &at(), Some(&certificate)), Ok(()));
        for place in (0..good.body.len()).step_by(37) {
            let mut cut = good.clone();
            cut.body.truncate(place);
            assert!(company.authentic(&cut, &at(), Some(&certificate)).is_err(), "{path} cut at {place}");
            if path.starts_with("sendgrid") {
                let mut changed = good.clone();
                changed.body[place] ^= 1;
                assert!(company.authentic(&changed, &at(), Some(&certificate)).is_err(), "{path} changed at {place}");
            }
        }
        assert!(company.authentic(&good, &at(), None).is_err() || path.starts_with("sendgrid"), "without its certificate");
    }
}

#[test]
fn a_report_is_read_as_the_report_of_a_mail_server_is() {
    use domain::letter::{LetterKind, Letters};
    let post = crate::Post::new(vec![(1, b"a secret of sixteen".to_vec())], crate::MailWords::default());
    let told = |happened| {
        let said = MailReport { reference: None, recipient: "rosa@familia.example".into(), happened };
        report(&said).map(|raw| post.read(&raw, None))
    };
    for (class, status, wanted) in [
        (BounceClass::Hard, "5.1.1", "5.1.1"),
        (BounceClass::Hard, "", "5.1.1"),
        (BounceClass::Hard, "5.4.4", "5.1.1"),
        (BounceClass::Policy, "5.7.26", "5.7.26"),
        (BounceClass::Policy, "", "5.7.1"),
        (BounceClass::Soft, "5.2.2", "5.2.2"),
        (BounceClass::Soft, "5.1.1", "5.0.0"),
    ] {
        let letter = told(MailHappened::Failed { class, status: status.into() }).expect("a letter");
        let bounce = letter.bounce.expect("a bounce");
        assert_eq!((letter.kind, bounce.class, bounce.status.as_str(), bounce.last), (LetterKind::Bounce, class, wanted, true));
        assert_eq!(bounce.recipient.reveal(), "rosa@familia.example");
    }
    assert_eq!(told(MailHappened::Unwanted).expect("a letter").kind, LetterKind::Complaint);
    assert!(told(MailHappened::Late).is_none() && told(MailHappened::Delivered).is_none());
}

proptest::proptest! {
    #[test]
    fn nothing_makes_a_translator_panic(kind in 0..4usize, url in "(/mime|/parse|/x)", kind_of in "(application/json|multipart/form-data; boundary=x|application/x-www-form-urlencoded|\\PC{0,20})", body in proptest::collection::vec(proptest::sample::select(b"--x\r\n\"{}[]:,=&%+a0.\xff".to_vec()), 0..200)) {
        let company = made(MAIL_KINDS[kind].name, &[]);
        let call = WireCall { method: "POST".into(), url: format!("https://h{url}"), headers: vec![("content-type".into(), kind_of)], body };
        let _ = (company.certificate(&call), company.authentic(&call, &at(), None), company.once(&call), company.news(&call));
        let answer = WireAnswer { status: 200 + (call.body.len() as u16 * 7) % 400, headers: call.headers.clone(), body: call.body.clone() };
        let _ = company.accepted(&answer);
    }
}
