//! The one list every company's translator goes through. Its fixtures are text files in `fixtures/KIND/`, each with the public
//! source its shape follows and what it must come to; a company brings only how it signs and how it would read our request.
//!
//! A fixture:
//! ```text
//! # source: a documentation page, or a public repository and path; or "invented"
//! # expect: JSON, see below
//! POST /hooks/sms/KIND?ref=1.2.3        (or, for an answer: HTTP 200)
//! content-type: application/json
//!
//! the body, byte for byte
//! ```
//! `incoming*`, `receipt*`, `call*` and `other*` are calls: they expect a JSON array of [`Event`]s (an ignored one is `"Ignored"`), or
//! `"Garbled"`. `answer*` are answers to a submit: they expect `{"accepted":[…ids],"segments":n or null}` or `{"fault":…}`.
//! `found*` are answers to a look-up: `{"accepted":…}`, `"Absent"` or `"Unclear"`.

use super::*;
use domain::carrier::*;
use domain::mask::Body;
use domain::wire::*;
use domain::{DeliveryId, DistrictId, SenderId, Time};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::path::PathBuf;

/// When every fixture is read: 2026-11-23 12:00 UTC.
pub(crate) const NOW: Time = Time(1_795_435_200_000_000);
/// Our webhook, as every company under test was told.
pub(crate) const HOOK: &str = "https://homeword.example/hooks/sms";

/// What every company must have a fixture for, or a reason why it cannot.
const LIST: &[&str] = &[
    "incoming",
    "incoming-right-to-left",
    "incoming-emoji",
    "incoming-stop",
    "receipt-delivered",
    "receipt-failed",
    "receipt-opted-out",
    "answer-accepted",
    "answer-several-parts",
    "answer-opted-out",
    "answer-bad-number",
    "answer-throttled",
    "answer-config",
    "answer-out-of-order",
    "answer-web-page",
    "other-nonsense",
];

/// What a company brings beside its fixtures.
pub(crate) struct Company {
    /// Its kind, and its fixtures' folder; `http/NAME` for a company of the generic kind.
    pub kind: &'static str,
    /// Settings that have no default, and those the test wants otherwise.
    pub settings: &'static [(&'static str, &'static str)],
    /// Signs a call as the company would at this time.
    pub sign: fn(&mut WireCall, Time),
    /// Reads our request as the company would: from, to, text.
    pub read: fn(&WireRequest) -> (String, String, String),
    /// Names of [`LIST`] the company has nothing for, and why.
    pub lacks: &'static [(&'static str, &'static str)],
    /// For how many seconds a signed call is good; `None` = the company signs no time (then a replay key alone keeps it out).
    pub tolerance: Option<i64>,
    /// Whether its signature covers the body. Where only a password guards it, an altered body cannot be told.
    pub covers_body: bool,
}

pub(crate) fn at(now: Time) -> Moment {
    Moment { now, nonce: 0x5f0c_7a9b_e1d2_4c68 }
}

impl Company {
    /// Its translator, made from the table as the gateway makes it.
    pub(crate) fn built(&self) -> Arc<dyn SmsProvider> {
        let kind = kind(self.kind.split('/').next().unwrap_or_default()).expect("the kind stands in the table");
        let mut values: BTreeMap<String, String> =
            kind.settings.iter().filter_map(|setting| Some((setting.name.to_owned(), setting.default?.to_owned()))).collect();
        values.extend(self.settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        for setting in kind.settings {
            assert!(values.contains_key(setting.name), "the test gives no {}", setting.name);
        }
        for name in values.keys() {
            assert!(kind.settings.iter().any(|setting| setting.name == name), "{name} is no setting of {}", self.kind);
        }
        let given = Given { hook: format!("{HOOK}/{}", self.kind), slowest: Duration::from_secs(35), values };
        kind.make(&given).unwrap_or_else(|wrong| panic!("{}: {wrong}", self.kind))
    }

    fn folder(&self) -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(self.kind)
    }

    /// All its fixtures by name.
    fn fixtures(&self) -> BTreeMap<String, Fixture> {
        let folder = self.folder();
        let files = std::fs::read_dir(&folder).unwrap_or_else(|_| panic!("{} has no fixtures in {}", self.kind, folder.display()));
        let mut all = BTreeMap::new();
        for file in files {
            let path = file.expect("a fixture").path();
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            all.insert(name.clone(), Fixture::read(&std::fs::read(&path).expect("readable"), &format!("{}/{name}", self.kind)));
        }
        all
    }

    fn call(&self, fixture: &Fixture, now: Time) -> WireCall {
        let (method, path) = fixture.first.split_once(' ').expect("METHOD /path");
        let url = format!("https://homeword.example{path}");
        let mut call = WireCall { method: method.into(), url, headers: fixture.headers.clone(), body: fixture.body.clone() };
        (self.sign)(&mut call, now);
        call
    }
}

struct Fixture {
    name: String,
    expect: Value,
    first: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Fixture {
    fn read(bytes: &[u8], name: &str) -> Self {
        let end = bytes.windows(2).position(|pair| pair == b"\n\n").unwrap_or_else(|| panic!("{name}: no empty line before the body"));
        let head = std::str::from_utf8(&bytes[..end]).expect("the head is text");
        let comment = |key: &str| head.lines().find_map(|line| line.strip_prefix(&format!("# {key}: ")));
        assert!(comment("source").is_some(), "{name}: a fixture names its source");
        let expect = serde_json::from_str(comment("expect").unwrap_or_else(|| panic!("{name}: no expectation"))).expect("JSON");
        let mut lines = head.lines().filter(|line| !line.starts_with('#'));
        let first = lines.next().unwrap_or_default().to_owned();
        let headers = lines.filter_map(|line| line.split_once(": ")).map(|(key, value)| (key.to_lowercase(), value.to_owned())).collect();
        // An editor ends a file with a line end; a body has none of its own.
        let body = bytes[end + 2..].strip_suffix(b"\n").unwrap_or(&bytes[end + 2..]).to_vec();
        Self { name: name.to_owned(), expect, first, headers, body }
    }
}

fn outgoing(text: &str) -> Outgoing {
    Outgoing {
        district: DistrictId(1),
        delivery: DeliveryId(2),
        attempt: 3,
        sender: SenderId(4),
        from: "+12035550199".into(),
        to: Destination::Phone("+12035550100".into()),
        content: Content::Text(Body::new(text.to_owned())),
        useful_until: NOW.plus_minutes(60),
        begin_before: Time::NEVER,
    }
}

fn said(events: Result<Vec<Event>, Refusal>) -> Value {
    match events {
        Ok(events) => events
            .iter()
            .map(|event| if matches!(event, Event::Ignored(_)) { json!("Ignored") } else { serde_json::to_value(event).expect("JSON") })
            .collect(),
        Err(Refusal::Garbled(_)) => json!("Garbled"),
        Err(refusal) => json!(format!("{refusal:?}")),
    }
}

fn answered(result: Result<Accepted, SendFault>) -> Value {
    match result {
        Ok(accepted) => json!({ "accepted": accepted.provider_ids, "segments": accepted.segments }),
        Err(fault) => json!({ "fault": fault }),
    }
}

/// Runs a company through the list.
pub(crate) fn conforms(company: &Company) {
    let fixtures = company.fixtures();
    for name in LIST {
        let lacks = company.lacks.iter().any(|(lack, _)| lack == name);
        assert!(lacks != fixtures.contains_key(*name), "{}: {name} needs a fixture or a reason, not both", company.kind);
    }
    let provider = company.built();
    for fixture in fixtures.values() {
        let name = fixture.name.rsplit('/').next().unwrap_or_default();
        if name.starts_with("answer") || name.starts_with("found") {
            let answer = WireAnswer {
                status: fixture.first.strip_prefix("HTTP ").and_then(|status| status.parse().ok()).expect("HTTP STATUS"),
                headers: fixture.headers.clone(),
                body: fixture.body.clone(),
            };
            let came = if name.starts_with("answer") {
                answered(provider.accepted(&answer))
            } else {
                match provider.found(&answer) {
                    Found::Found(accepted) => answered(Ok(accepted)),
                    other => json!(format!("{other:?}")),
                }
            };
            assert_eq!(came, fixture.expect, "{}", fixture.name);
        } else {
            let call = company.call(fixture, NOW);
            assert_eq!(provider.authentic(&call, &at(NOW)), Ok(()), "{}: signed as the company does", fixture.name);
            let events = provider.events(&call);
            for key in events.iter().flatten().filter_map(key_of) {
                assert!(!key.is_empty() && key.len() <= 200, "{}: a replay key", fixture.name);
            }
            assert_eq!(said(events), fixture.expect, "{}", fixture.name);
            assert_eq!(said(provider.events(&call)), fixture.expect, "{}: the same call twice has the same keys", fixture.name);
            refuses(company, provider.as_ref(), &call, &fixture.name);
        }
    }
    for (status, body) in [(500, ""), (502, "<html>bad gateway</html>"), (503, "{}"), (504, "")] {
        let answer = WireAnswer { status, headers: vec![], body: body.into() };
        let fault = provider.accepted(&answer).expect_err("a 5xx is not accepted");
        assert!(fault.is_unclear(), "{}: an undocumented {status} may have been taken: {fault:?}", company.kind);
    }
    carries_every_letter(company, provider.as_ref());
    never_panics(company, provider.as_ref());
}

fn key_of(event: &Event) -> Option<&String> {
    match event {
        Event::Incoming { key, .. } | Event::Receipt { key, .. } | Event::MissedCall { key, .. } => Some(key),
        Event::Ignored(_) => None,
    }
}

/// Altered, unsigned, signed with another key, stale.
fn refuses(company: &Company, provider: &dyn SmsProvider, call: &WireCall, name: &str) {
    let forged = |call: &WireCall, what: &str| {
        let result = provider.authentic(call, &at(NOW));
        assert!(matches!(result, Err(Refusal::Forged(_))), "{name}: {what} gives {result:?}");
    };
    let mut bare = call.clone();
    bare.headers.retain(|(key, _)| key == "content-type");
    if let Some((path, _)) = bare.url.clone().split_once('?') {
        bare.url = path.to_owned();
    }
    if company.covers_body && !call.body.is_empty() {
        let mut altered = call.clone();
        altered.body.push(b'x');
        forged(&altered, "an altered body");
        let mut truncated = call.clone();
        truncated.body.truncate(call.body.len() / 2);
        forged(&truncated, "half a body");
    }
    if bare != *call {
        forged(&bare, "no signature");
    }
    for index in 0..call.headers.len() {
        if call.headers[index].0 == "content-type" || call.headers[index].0.contains("timestamp") {
            continue;
        }
        let mut other = call.clone();
        let value = &mut other.headers[index].1;
        let last = value.pop().map_or('x', |mark| if mark == 'A' { 'B' } else { 'A' });
        value.insert(0, last);
        forged(&other, &format!("an altered {}", other.headers[index].0));
    }
    if let Some(tolerance) = company.tolerance {
        let late = NOW.plus_seconds(tolerance + 1);
        assert_eq!(provider.authentic(call, &at(late)), Err(Refusal::Stale), "{name}: a replay");
        let early = NOW.plus_seconds(-tolerance - 1);
        assert_eq!(provider.authentic(call, &at(early)), Err(Refusal::Stale), "{name}: from the future");
    }
}

/// A text in any script arrives at the company as it was written, from our number, with our reference.
fn carries_every_letter(company: &Company, provider: &dyn SmsProvider) {
    let texts = [
        "Ms Rivera: reading folder tomorrow. & + % = ? # \"quoted\" <b> \\ end",
        "¿Para quién es? 1 Sofía 2 Ñandú @£$ {[~]} €",
        "\u{200f}المدرسة مغلقة غدًا. ٣:٣٠",
        "می‌خواهم: نیم‌فاصله stays",
        "👨‍👩‍👧‍👦 🇭🇹 क्षि ไทย 学校",
        "line one\nline two",
        &"я".repeat(400),
    ];
    for text in texts {
        let request = provider.submit(&outgoing(text), &at(NOW));
        let (from, to, read) = (company.read)(&request);
        let digits = |number: &str| number.trim_start_matches('+').to_owned();
        assert_eq!((digits(&from), digits(&to)), ("12035550199".into(), "12035550100".into()), "{}", company.kind);
        assert_eq!(read, text, "{}", company.kind);
        assert!(request.headers.iter().all(|(key, _)| *key == key.to_lowercase()), "header names are in lower case");
        assert!(!format!("{request:?}").contains("2035550100"), "a request prints no number");
    }
}

/// Nonsense from outside: best effort or a refusal, never a panic; an answer that is no answer is never "accepted".
fn never_panics(company: &Company, provider: &dyn SmsProvider) {
    let calls: Vec<WireCall> = company
        .fixtures()
        .values()
        .filter(|fixture| !fixture.first.starts_with("HTTP"))
        .map(|fixture| company.call(fixture, NOW))
        .collect();
    let mut runner =
        proptest::test_runner::TestRunner::new(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() });
    let any = (0..calls.len(), proptest::collection::vec(any::<u8>(), 0..300), any::<u16>(), 0..3u8);
    let outcome = runner.run(&any, |(which, noise, place, how)| {
        let mut call = calls[which].clone();
        let place = usize::from(place) % (call.body.len() + 1);
        match how {
            0 => call.body = noise.clone(),
            1 => call.body.truncate(place),
            _ => {
                call.body.splice(place..place, noise.iter().copied());
            }
        }
        let _ = provider.authentic(&call, &at(NOW));
        let _ = provider.events(&call);
        for status in [200, 202, 400] {
            let taken = provider.accepted(&WireAnswer { status, headers: vec![], body: noise.clone() });
            prop_assert!(taken.is_err(), "{noise:?} was taken for an acceptance");
            let _ = provider.found(&WireAnswer { status, headers: vec![], body: noise.clone() });
        }
        Ok(())
    });
    outcome.unwrap_or_else(|fault| panic!("{}: {fault}", company.kind));
}

/// A kind without fixtures, a page, or its line in the sample is not finished.
#[test]
fn every_kind_has_fixtures_and_a_page() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    for kind in KINDS {
        assert!(root.join("fixtures").join(kind.name).is_dir(), "{} has no fixtures", kind.name);
    }
    let kinds = KINDS.iter().map(|kind| (kind.name, kind.settings));
    for (name, settings) in kinds.chain(LINKS.iter().map(|link| (link.name, link.settings))) {
        let page = root.join(format!("../../docs/providers/{name}.md"));
        assert!(page.is_file(), "{name} has no page in docs/providers");
        let page = std::fs::read_to_string(page).expect("readable");
        for setting in settings {
            assert!(page.contains(setting.name), "the page of {name} says nothing of {}", setting.name);
        }
    }
}

/// What an administrator reads is what the table says.
#[test]
fn the_sample_configuration_is_the_tables() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../config/homeword.toml");
    let text = std::fs::read_to_string(path).expect("readable");
    assert!(text.contains(&sample()), "config/homeword.toml is not what the table of companies says; it says:\n{}", sample());
}
