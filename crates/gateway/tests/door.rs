//! Whatever comes to the door of the running program over three companies' webhooks: a clear refusal or best effort, never a 5xx,
//! nothing lost, and nothing of it in the log. On PostgreSQL too where `HOMEWORD_POSTGRES` names a server.

mod common;

use common::{Databases, House, PHONE, Served, Stub, TOKEN, WORDS, until};
use serde_json::{Value, json};

const SECRET: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
/// `homeword:SECRET` in base64, as a header carries it.
const PAIR: &str = "aG9tZXdvcmQ6MGYxZTJkM2M0YjVhNjk3ODg3OTZhNWI0YzNkMmUxZjA=";
/// [`WORDS`] in base64.
const ENCODED: &str = "bWFybWFsYWRlIGdpcmFmZmU=";
const OURS: &str = "+12035550199";

/// A call, and what it must come to: its status, and whether a text of it is kept.
struct Call {
    what: &'static str,
    post: bool,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    wanted: (u16, bool),
}

const KEPT: (u16, bool) = (200, true);

fn accounts(folder: &str) -> String {
    let secret = |name: &str| format!("file:{folder}/{name}");
    format!(
        "[sms.accounts.bandwidth]\nkind = \"bandwidth\"\nbase_url = \"http://127.0.0.1:9\"\naccount = \"1234567\"\napplication = \"a\"\napi_user = \"u\"\napi_password = \"{0}\"\nwebhook_password = \"{0}\"\n\
         [sms.accounts.kannel]\nkind = \"kannel\"\nbase_url = \"http://127.0.0.1:9\"\nusername = \"u\"\npassword = \"{0}\"\nhook_secret = \"{0}\"\ncountry = \"1\"\n",
        secret("hook-secret")
    )
}

/// A form in Twilio's format, signed as it is.
fn twilio(what: &'static str, fields: &[(&str, &str)], wanted: (u16, bool)) -> Call {
    let mut owned: Vec<(String, String)> = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    owned.push(("To".into(), OURS.into()));
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(&owned).finish().into_bytes();
    let signature = sms::signature(TOKEN, "http://homeword.example/hooks/sms/twilio", &owned);
    let headers = vec![("content-type", "application/x-www-form-urlencoded".into()), ("x-twilio-signature", signature)];
    Call { what, post: true, path: "/hooks/sms/twilio".into(), headers, body, wanted }
}

fn bandwidth(what: &'static str, content_type: &str, body: Vec<u8>, wanted: (u16, bool)) -> Call {
    let headers = vec![("content-type", content_type.to_owned()), ("authorization", format!("Basic {PAIR}"))];
    Call { what, post: true, path: "/hooks/sms/bandwidth".into(), headers, body, wanted }
}

fn message(id: &str, from: &str, text: Value) -> Vec<u8> {
    let message = json!({ "id": id, "to": [OURS], "from": from, "text": text, "direction": "in", "owner": OURS });
    json!([{ "type": "message-received", "time": "2026-11-23T12:00:00.000Z", "to": OURS, "message": message }]).to_string().into_bytes()
}

fn kannel(what: &'static str, query: &str, wanted: (u16, bool)) -> Call {
    let path = format!("/hooks/sms/kannel?key={SECRET}&to=%2B12035550199&{query}");
    Call { what, post: false, path, headers: vec![], body: vec![], wanted }
}

/// As long as a call may carry, and of no pattern that a database could press together.
fn long_name() -> String {
    let mut state = 7_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b'a' + (state >> 33) as u8 % 26)
    };
    (0..9000).map(|_| next()).collect()
}

fn calls() -> Vec<Call> {
    let text = |id: &'static str, from: &'static str, body: &str| {
        vec![("MessageSid", id.to_owned()), ("From", from.to_owned()), ("Body", body.to_owned())]
    };
    let form = |what, id, from, body: &str, wanted| {
        let fields = text(id, from, body);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        twilio(what, &fields, wanted)
    };
    let (long, name) = (WORDS.repeat(10_000 / WORDS.len()), long_name());
    let utf16: Vec<u8> =
        String::from_utf8_lossy(&message("b-utf16", PHONE, json!(WORDS))).encode_utf16().flat_map(u16::to_le_bytes).collect();
    let halved =
        String::from_utf8_lossy(&message("b-half", PHONE, json!(format!("{WORDS} @@")))).replace("@@", "\\ud83d\\ud800").into_bytes();
    let twice =
        String::from_utf8_lossy(&message("b-twice", PHONE, json!(WORDS))).replace("\"from\":", "\"from\":\"+1\",\"from\":").into_bytes();
    let mut calls = vec![
        form("a plain one", "SM1", PHONE, WORDS, KEPT),
        form("the same again", "SM1", PHONE, WORDS, (200, false)),
        form("NUL", "SM2", PHONE, "marmalade\0giraffe", KEPT),
        form("bidi overrides", "SM3", PHONE, "\u{202e}marmalade\u{2066} giraffe", KEPT),
        form("ten thousand characters", "SM4", PHONE, &long, KEPT),
        form("base64 that is a text", "SM5", PHONE, ENCODED, KEPT),
        form("base64 for URLs, cut", "SM6", PHONE, "bWFybWFsYWRlIGdpcmFmZmU_-_", KEPT),
        form("a national number", "SM7", "(203) 555-7341", WORDS, KEPT),
        form("a number that is a word", "SM8", "Anonymous", WORDS, KEPT),
        form("no number", "SM9", "", WORDS, KEPT),
        twilio("a sender of nine thousand letters", &[("MessageSid", "SM10"), ("From", &name), ("Body", WORDS)], KEPT),
        twilio("an id of nine thousand letters", &[("MessageSid", &name), ("From", PHONE), ("Body", WORDS)], KEPT),
        twilio("a receipt with such an id", &[("MessageSid", &name), ("SmsSid", &name), ("MessageStatus", "delivered")], (200, false)),
        bandwidth("a plain one", "application/json", message("b-1", PHONE, json!(WORDS)), KEPT),
        bandwidth("the same again", "application/json", message("b-1", PHONE, json!(WORDS)), (200, false)),
        bandwidth("the wrong content type", "application/x-www-form-urlencoded", message("b-2", PHONE, json!(WORDS)), KEPT),
        bandwidth("a charset nobody knows", "application/json; charset=klingon", message("b-3", PHONE, json!(WORDS)), KEPT),
        bandwidth("UTF-16 that says so", "application/json; charset=utf-16le", utf16, KEPT),
        bandwidth("lone surrogates", "application/json", halved, KEPT),
        bandwidth("a key twice", "application/json", twice, KEPT),
        bandwidth("a number where words should be", "application/json", message("b-4", PHONE, json!(99999999999999999999999_f64)), KEPT),
        bandwidth("a sender of nine thousand letters", "application/json", message("b-5", &name, json!(WORDS)), KEPT),
        bandwidth("cut", "application/json", message("b-6", PHONE, json!(WORDS))[..60].to_vec(), (400, false)),
        bandwidth("a form", "application/json", format!("From=%2B{}&Body=marmalade+giraffe", &PHONE[1..]).into_bytes(), (400, false)),
        bandwidth("a web page", "text/html", format!("<html>{WORDS} {PHONE}</html>").into_bytes(), (400, false)),
        bandwidth("ten thousand brackets", "application/json", vec![b'['; 10_000], (400, false)),
        bandwidth("two megabytes", "application/json", vec![b' '; 2 * 1024 * 1024], (413, false)),
        kannel("a plain one", "from=%2B12035557341&text=marmalade+giraffe&id=k1", KEPT),
        kannel("the same again", "from=%2B12035557341&text=marmalade+giraffe&id=k1", (200, false)),
        kannel("bytes that no UTF-8 has", "from=%2B12035557341&text=marmalade+%ED%A0%80%FF%00giraffe&id=k2", KEPT),
        kannel("half a pair in UTF-16", "from=2035557341&charset=UTF-16BE&coding=2&text=%00m%D8%3D&id=k3", KEPT),
        kannel("percent signs that lead nowhere", "from=%2B12035557341&text=marmalade+%4+%zz+%&id=k4", KEPT),
        kannel("a header of parts that cannot be", "from=%2B12035557341&text=marmalade&udh=%05%00%03%01%02%09&id=k5", KEPT),
        kannel("no sender", "text=marmalade+giraffe&id=k6", (400, false)),
        kannel("a receipt of nobody", "status=1&ref=9.9.9&id=k7", (200, false)),
        kannel("a receipt that is none", "status=banana&ref=%00%FF&id=k8", (200, false)),
    ];
    calls.extend(forged());
    calls
}

/// Nobody signed these, or somebody else did.
fn forged() -> Vec<Call> {
    let strip = |mut call: Call, what, header: &str| {
        call.headers.retain(|(name, _)| *name != header);
        Call { what, wanted: (403, false), ..call }
    };
    let mut altered = twilio("a signed one, altered", &[("MessageSid", "SM90"), ("From", PHONE), ("Body", WORDS)], (403, false));
    altered.body.extend_from_slice(b"&Body=another");
    let mut cut = twilio("a signed one, cut", &[("MessageSid", "SM91"), ("From", PHONE), ("Body", WORDS)], (403, false));
    cut.body.truncate(30);
    let mut open = kannel("a wrong secret", "from=%2B12035557341&text=marmalade&id=k9", (403, false));
    open.path = open.path.replace(SECRET, "0f1e2d3c4b5a69788796a5b4c3d2e1f1");
    vec![
        altered,
        cut,
        open,
        strip(twilio("", &[("MessageSid", "SM92"), ("From", PHONE), ("Body", WORDS)], KEPT), "without a signature", "x-twilio-signature"),
        strip(bandwidth("", "application/json", message("b-9", PHONE, json!(WORDS)), KEPT), "without a password", "authorization"),
    ]
}

async fn say(served: &Served, client: &reqwest::Client, call: &Call) -> u16 {
    let url = format!("http://{}{}", served.pages, call.path);
    let mut request = if call.post { client.post(url) } else { client.get(url) };
    for (name, value) in &call.headers {
        request = request.header(*name, value);
    }
    request.body(call.body.clone()).send().await.expect("an answer").status().as_u16()
}

async fn knocked(databases: Option<&Databases>) {
    let carrier = Stub::slow();
    let secrets = tempfile::tempdir().expect("a folder");
    std::fs::write(secrets.path().join("hook-secret"), SECRET).expect("written");
    let house = House::on(&carrier, databases, &accounts(&secrets.path().display().to_string())).await;
    house.sender_at(OURS).await;
    let mut served = house.serve("trace");
    // A connection each: after a call it refused unread, the program closes the one it came on.
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).pool_max_idle_per_host(0);
    let client = client.build().expect("a client");
    let mut kept = 0;
    for call in calls() {
        let status = say(&served, &client, &call).await;
        assert_eq!(status, call.wanted.0, "{}: {}", call.path.split('?').next().unwrap_or_default(), call.what);
        kept += i64::from(call.wanted.1);
    }
    let figures = async || house.opened.views.inbound_figures(domain::DistrictId(1)).await.expect("read");
    until("each text was read and concluded", 60, async || {
        let figures = figures().await;
        figures.received + figures.handled >= kept
    })
    .await;
    let figures = figures().await;
    assert_eq!(figures.received + figures.handled, kept, "each once");
    assert!(carrier.calls() < 100, "nobody is answered again and again");
    carrier.let_answer();
    served.ask_to_end();
    served.ended(20).await;
    let log = served.log();
    assert!(log.contains("a webhook was refused") && log.contains("could not be read"), "the operator is told");
    assert!(!log.contains("panicked"), "{log}");
    for private in [WORDS, "marmalade", "giraffe", &PHONE[1..], "5557341", SECRET, &long_name()[..40], ENCODED, PAIR] {
        let line = log.lines().find(|line| line.contains(private));
        assert!(line.is_none(), "\"{private}\" stands in a log line: {line:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_knocks_is_refused_or_kept_and_nothing_of_it_stands_in_the_log() {
    knocked(None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_on_postgresql() {
    let Some(databases) = Databases::on_postgresql("door") else { return };
    knocked(Some(&databases)).await;
}
