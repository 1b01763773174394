//! Companies' own libraries as judges: each is asked which calls it takes for the company's own, and must say what we say. One
//! contract for all of them, `tests/peers/sdk.py`; `cargo xtask companies` installs them and runs these tests.
//!
//! Must never know how a company signs: calls are signed by its own tests' hand, or by the library.

use super::conformance::{Company, NOW, at};
use super::{plivo, telnyx, vonage};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::Time;
use domain::carrier::SmsProvider;
use domain::wire::WireCall;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::Arc;

/// A library: by which interpreter, which script of `tests/peers`, and what an account tells it.
struct Library {
    /// An environment variable with the interpreter's path.
    interpreter: &'static str,
    script: &'static str,
    /// The way of signing, for whoever reads the figures.
    way: &'static str,
    told: Value,
}

/// A call, when it comes, and whether it is the company's own.
struct Case {
    call: WireCall,
    now: Time,
    genuine: bool,
}

impl Case {
    fn new(call: &WireCall, genuine: bool) -> Self {
        Self::at(call, NOW, genuine)
    }
    fn at(call: &WireCall, now: Time, genuine: bool) -> Self {
        Self { call: call.clone(), now, genuine }
    }
}

impl Library {
    /// A line for each line.
    fn asked(&self, calls: Vec<Value>) -> Vec<String> {
        let lines: String = calls.iter().map(|call| format!("{call}\n")).collect();
        let program = std::env::var(self.interpreter).unwrap_or_else(|_| panic!("{} names no interpreter", self.interpreter));
        let script = format!("{}/../../tests/peers/{}", env!("CARGO_MANIFEST_DIR"), self.script);
        let mut command = Command::new(program);
        command.args([&script, &self.told.to_string()]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        let writer = std::thread::spawn(move || stdin.write_all(lines.as_bytes()).expect("it reads"));
        let output = child.wait_with_output().expect("it ends");
        writer.join().expect("all was written");
        assert!(output.status.success(), "{} failed", self.script);
        let said: Vec<String> = String::from_utf8(output.stdout).expect("UTF-8").lines().map(str::to_owned).collect();
        assert_eq!(said.len(), calls.len(), "{}: a line for each line", self.script);
        said
    }

    /// The library, we and the case say the same of each.
    fn agrees(&self, provider: &Arc<dyn SmsProvider>, cases: &[Case]) {
        let said = self.asked(cases.iter().map(|case| line(&case.call, case.now)).collect());
        let genuine = cases.iter().filter(|case| case.genuine).count();
        assert!(genuine > 0 && genuine < cases.len(), "{}: calls of both kinds", self.script);
        for (case, said) in cases.iter().zip(said) {
            let call = format!("{}, {}: {} {}", self.script, self.way, case.call.url, String::from_utf8_lossy(&case.call.body));
            assert_eq!(said, case.genuine.to_string(), "the library, {call}");
            assert_eq!(provider.authentic(&case.call, &at(case.now)).is_ok(), case.genuine, "we, {call}");
        }
        println!("{}, {}: {genuine} genuine and {} forged calls judged alike", self.script, self.way, cases.len() - genuine);
    }

    /// We take what the library signs.
    fn signs(&self, provider: &Arc<dyn SmsProvider>, calls: &[WireCall]) {
        let lines = calls.iter().map(|call| {
            let mut line = line(call, NOW);
            line["sign"] = true.into();
            line
        });
        for (said, mut call) in self.asked(lines.collect()).iter().zip(calls.iter().cloned()) {
            let signed: Value = serde_json::from_str(said).expect("JSON");
            call.body = STANDARD.decode(signed["body"].as_str().expect("a body")).expect("base64");
            assert_eq!(provider.authentic(&call, &at(NOW)), Ok(()), "{}: {said}", self.script);
            call.body.extend(b"&text=more");
            assert!(provider.authentic(&call, &at(NOW)).is_err(), "{}: altered {said}", self.script);
        }
        println!("{}, {}: {} calls of its own signing taken, and refused once altered", self.script, self.way, calls.len());
    }
}

fn line(call: &WireCall, now: Time) -> Value {
    let headers: BTreeMap<&String, &String> = call.headers.iter().map(|(name, value)| (name, value)).collect();
    json!({ "method": call.method, "url": call.url, "headers": headers, "body": STANDARD.encode(&call.body), "now": now.seconds() })
}

fn posted(company: &Company, kind: &str, body: &str) -> WireCall {
    let url = format!("https://homeword.example/hooks/sms/{}", company.kind);
    WireCall { method: "POST".into(), url, headers: vec![("content-type".into(), kind.into())], body: body.into() }
}

fn form(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

const TEXTS: &[&str] = &["hello", "a&b=c+d %41 _", "ابني مريض اليوم 👍", "¿Puede? ñ\nzwei", "a|b.c ~ \" \\"];

#[test]
#[ignore = "needs the company's library: cargo xtask companies"]
fn telnyx() {
    use telnyx::tests::{COMPANY, PUBLIC, sign_with};
    let mut cases = Vec::new();
    let texts = TEXTS.iter().map(|text| json!({ "data": { "text": text } }).to_string());
    for body in texts.chain(["".into(), "{\"a\" : 1}\n".into()]) {
        let mut good = posted(&COMPANY, "application/json", &body);
        sign_with(&mut good, NOW, 7);
        let (mut altered, mut moved, mut stranger, mut unsigned) = (good.clone(), good.clone(), good.clone(), good.clone());
        altered.body.push(b' ');
        moved.headers[2].1 = (NOW.seconds() + 1).to_string();
        sign_with(&mut stranger, NOW, 8);
        unsigned.headers.truncate(1);
        cases.extend([&altered, &moved, &stranger, &unsigned].map(|call| Case::new(call, false)));
        let times = [(0, true), (300, true), (301, false), (-300, true), (-301, false)];
        cases.extend(times.map(|(late, genuine)| Case::at(&good, NOW.plus_seconds(late), genuine)));
    }
    let told = json!({ "public_key": PUBLIC });
    Library { interpreter: "PEER_PYTHON", script: "sdk_telnyx.py", way: "Ed25519", told }.agrees(&COMPANY.built(), &cases);
}

#[test]
#[ignore = "needs the company's library: cargo xtask companies"]
fn vonage() {
    use vonage::tests::{self, ALGORITHMS};
    let libraries = [("PEER_PYTHON", "sdk_vonage.py", &ALGORITHMS[1..]), ("PEER_NODE", "sdk_vonage.cjs", ALGORITHMS)];
    for (interpreter, script, algorithms) in libraries {
        for (name, algorithm) in algorithms {
            let (mut cases, mut bare) = (Vec::new(), Vec::new());
            for text in TEXTS {
                let pairs = [("msisdn", "12035550100"), ("to", "12035550199"), ("messageId", "1"), ("text", text), ("type", "text")];
                let whole = posted(&tests::COMPANY, "application/x-www-form-urlencoded", &form(&pairs));
                let json = posted(&tests::COMPANY, "application/json", &json!(BTreeMap::from(pairs)).to_string());
                let asked =
                    WireCall { method: "GET".into(), url: format!("{}?{}", whole.url, form(&pairs)), body: vec![], ..whole.clone() };
                for mut call in [whole.clone(), json, asked] {
                    tests::sign_with(*algorithm, tests::SECRET, &mut call, NOW);
                    cases.push(Case::new(&call, true));
                    call.body = String::from_utf8(call.body).expect("UTF-8").replace("12035550100", "12035550101").into_bytes();
                    call.url = call.url.replace("12035550100", "12035550101");
                    cases.push(Case::new(&call, false));
                }
                let mut stranger = whole.clone();
                tests::sign_with(*algorithm, "another", &mut stranger, NOW);
                cases.push(Case::new(&stranger, false));
                bare.push(whole);
            }
            let library = Library { interpreter, script, way: name, told: json!({ "secret": tests::SECRET, "algorithm": name }) };
            let provider = tests::with(&[("signature_algorithm", name)], "https://h.example/x").unwrap_or_else(|wrong| panic!("{wrong}"));
            library.agrees(&provider, &cases);
            if script.ends_with(".py") {
                library.signs(&provider, &bare);
            }
        }
    }
}

#[test]
#[ignore = "needs the company's library: cargo xtask companies"]
fn plivo() {
    use plivo::tests::{COMPANY, TOKEN, sign_2, sign_3};
    let kind = "application/x-www-form-urlencoded";
    let mut cases = Vec::new();
    for text in TEXTS.iter().chain(&[""]) {
        for query in ["", "?ref=1.2.3"] {
            let pairs = [("From", "12035550100"), ("To", "12035550199"), ("Text", text), ("MessageUUID", "m1")];
            let mut plain = posted(&COMPANY, kind, &form(&pairs));
            plain.url.push_str(query);
            let (mut third, mut second, mut stranger) = (plain.clone(), plain.clone(), plain.clone());
            sign_3(&mut third, TOKEN);
            sign_2(&mut second, TOKEN);
            sign_3(&mut stranger, "another");
            let (mut altered, mut elsewhere) = (third.clone(), second.clone());
            altered.body.extend(b"&Units=2");
            elsewhere.url = elsewhere.url.replace("plivo", "other");
            cases.extend([third, second].iter().map(|call| Case::new(call, true)));
            cases.extend([stranger, altered, elsewhere, plain].iter().map(|call| Case::new(call, false)));
        }
    }
    // In a query the library reads nothing but ASCII.
    for text in TEXTS.iter().filter(|text| text.is_ascii()) {
        let mut asked = posted(&COMPANY, kind, "");
        asked.method = "GET".into();
        asked.url = format!("{}?{}", asked.url, form(&[("From", "12035550100"), ("Text", text)]));
        sign_3(&mut asked, TOKEN);
        let mut forged = asked.clone();
        forged.url = forged.url.replace("0100", "0101");
        cases.extend([Case::new(&asked, true), Case::new(&forged, false)]);
    }
    let told = json!({ "token": TOKEN });
    Library { interpreter: "PEER_PYTHON", script: "sdk_plivo.py", way: "versions 2 and 3", told }.agrees(&COMPANY.built(), &cases);
}
