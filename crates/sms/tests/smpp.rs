//! The link against npm's `smpp` as a message center (`tests/peers/smsc.cjs`): thousands of texts each way, every one of them and
//! every receipt accounted for. Needs Node and that package: `cargo xtask test` installs it, or `NODE_PATH` says where it is.
#![cfg(feature = "smpp")]

use domain::carrier::*;
use domain::mask::{Body, Phone};
use domain::wire::Moment;
use domain::{DeliveryId, DistrictId, SenderId, Time};
use serde_json::{Value, json};
use sms::smpp::{Heard, NotTaken, Sink, Smpp, State};
use sms::{Ids, Limits, Long, SmppSettings};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::process::Stdio;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::watch;
use tokio::task::JoinHandle;

const PATIENCE: Duration = Duration::from_secs(120);

/// The center's process; ended with its handle.
struct Center {
    _child: Child,
    input: ChildStdin,
    port: u16,
    told: Arc<Mutex<Vec<Value>>>,
}

impl Center {
    async fn start(wants: Value) -> Self {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let modules = std::env::var("NODE_PATH").unwrap_or_else(|_| root.join("target/peers/node/node_modules").display().to_string());
        let mut child = Command::new("node")
            .arg(root.join("tests/peers/smsc.cjs"))
            .arg(wants.to_string())
            .env("NODE_PATH", modules)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("node");
        let input = child.stdin.take().expect("input");
        let mut lines = BufReader::new(child.stdout.take().expect("output")).lines();
        let first = lines.next_line().await.expect("output").expect("the center starts: is npm's smpp installed?");
        let first: Value = serde_json::from_str(&first).expect("JSON");
        let told: Arc<Mutex<Vec<Value>>> = Arc::default();
        let keep = told.clone();
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                keep.lock().expect("told").push(serde_json::from_str(&line).expect("JSON"));
            }
        });
        Self { _child: child, input, port: first["port"].as_u64().expect("a port") as u16, told }
    }

    fn told(&self, what: &str) -> Vec<Value> {
        self.told.lock().expect("told").iter().filter_map(|line| line.get(what)).cloned().collect()
    }

    async fn deliver(&mut self, message: Value) {
        let line = json!({ "deliver": message }).to_string() + "\n";
        self.input.write_all(line.as_bytes()).await.expect("written");
    }
}

/// Keeps each event under its key, as the store does; refuses now and then.
#[derive(Default)]
struct Store {
    events: Mutex<HashMap<String, Event>>,
    repeated: AtomicUsize,
    calls: AtomicUsize,
    refuses: usize,
}

#[async_trait::async_trait]
impl Sink for Store {
    async fn take(&self, heard: Vec<Heard>) -> Result<(), NotTaken> {
        let call = self.calls.fetch_add(1, Ordering::SeqCst) + 1;
        if self.refuses > 0 && call.is_multiple_of(self.refuses) {
            return Err(NotTaken);
        }
        let mut events = self.events.lock().expect("events");
        for Heard { event, .. } in heard {
            let (Event::Incoming { key, .. } | Event::Receipt { key, .. }) = &event else { panic!("{event:?}") };
            if events.insert(key.clone(), event).is_some() {
                self.repeated.fetch_add(1, Ordering::SeqCst);
            }
        }
        Ok(())
    }
}

struct Fixture {
    center: Center,
    link: Arc<Smpp>,
    store: Arc<Store>,
    stop: watch::Sender<bool>,
    running: JoinHandle<()>,
}

impl Fixture {
    async fn new(wants: Value, refuses: usize, long: Long) -> Self {
        let fixture = Self::unsigned(wants, refuses, long).await;
        fixture.until("signed in", || fixture.link.state() == State::Bound).await;
        fixture
    }

    /// Running, but perhaps not signed in.
    async fn unsigned(wants: Value, refuses: usize, long: Long) -> Self {
        let tls = wants.get("key").is_some();
        let center = Center::start(wants).await;
        let settings = SmppSettings {
            account: "center".into(),
            host: if tls { "localhost" } else { "127.0.0.1" }.into(),
            port: center.port,
            tls,
            system_id: "school".into(),
            password: "secret08".into(),
            system_type: String::new(),
            separate: false,
            window: 50,
            rate: 10_000,
            ids: Ids::Auto,
            source_ton: 1,
            source_npi: 1,
            long,
            tables: sms::text::Shifts::None,
            country: String::new(),
            limits: Limits { again: Duration::from_millis(10), ..Limits::usual(Duration::from_secs(30)) },
        };
        let store = Arc::new(Store { refuses, ..Store::default() });
        // A clock of the test's own: each look is a millisecond later.
        let clock = AtomicI64::new(1_790_000_000_000_000);
        let moment = move || Moment { now: Time(clock.fetch_add(1000, Ordering::SeqCst)), nonce: 3 << 60 };
        let link = Arc::new(Smpp::new(settings, Arc::new(moment), store.clone()));
        let (stop, stopped) = watch::channel(false);
        let run = link.clone();
        let running = tokio::spawn(async move { run.run(stopped).await });
        Self { center, link, store, stop, running }
    }

    async fn until(&self, what: &str, condition: impl Fn() -> bool) {
        let waited = tokio::time::timeout(PATIENCE, async {
            while !condition() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        });
        assert!(waited.await.is_ok(), "{what}: not in time");
    }

    /// Sends until each is accepted or unclear; gives what became of each, and how often "later" was said.
    async fn send(&self, texts: &BTreeMap<i64, String>) -> (BTreeMap<i64, SendResult>, usize) {
        let (mut done, mut later) = (BTreeMap::new(), 0);
        while done.len() < texts.len() {
            let left = texts.iter().filter(|(number, _)| !done.contains_key(*number));
            let set: Vec<Outgoing> = left.map(|(number, text)| outgoing(*number, text)).collect();
            for (sms, result) in set.iter().zip(self.link.send(&set).await) {
                match result {
                    SendResult::Fault(SendFault::NotSent(_) | SendFault::Throttled { .. }) => later += 1,
                    SendResult::Accepted(_) | SendResult::Fault(SendFault::Unclear(_)) => {
                        done.insert(sms.delivery.0, result);
                    }
                    other => panic!("{other:?}"),
                }
            }
            self.until("signed in again", || self.link.state() == State::Bound).await;
        }
        (done, later)
    }

    /// The texts whose receipts say that they arrived.
    fn arrived(&self) -> BTreeSet<i64> {
        let events = self.store.events.lock().expect("events");
        let number = |event: &Event| match event {
            Event::Receipt { reference: Some(reference), kind: ReceiptKind::Delivered, .. } => Some(read_reference(reference)?.1.0),
            _ => None,
        };
        events.values().filter_map(number).collect()
    }

    async fn end(self) {
        self.stop.send_replace(true);
        tokio::time::timeout(PATIENCE, self.running).await.expect("in time").expect("no panic");
    }
}

fn outgoing(number: i64, text: &str) -> Outgoing {
    Outgoing {
        district: DistrictId(1),
        delivery: DeliveryId(number),
        attempt: 1,
        sender: SenderId(4),
        from: "+12035550199".into(),
        to: Destination::Phone(Phone::from(format!("+1203{number:07}"))),
        content: Content::Text(Body::new(text.to_owned())),
        useful_until: Time::NEVER,
        begin_before: Time::NEVER,
    }
}

/// Short ones and long ones, in both alphabets.
fn text(number: i64) -> String {
    match number % 5 {
        0 => format!("{number} Reading folder tomorrow. [€5] é à ñ"),
        1 => format!("{number} Мы закрыты завтра 🏫"),
        2 => format!("{number} {}", "The school is closed tomorrow: {snow}. ".repeat(9)),
        3 => format!("{number} {}", "المدرسة مغلقة غدًا ❄️ ".repeat(9)),
        _ => format!("{number} Thank you!"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs npm's smpp"]
async fn every_text_arrives_as_it_was_written_and_every_receipt_finds_it() {
    let ways =
        [("plain", "text", Long::Header), ("hex", "text", Long::Header), ("hex", "tlv", Long::Payload), ("hex", "both", Long::Header)];
    for (ids, receipts, long) in ways {
        let wants = json!({ "ids": ids, "receipts": receipts, "early": 3, "throttle": 200 });
        let fixture = Fixture::new(wants, 23, long).await;
        let texts: BTreeMap<i64, String> = (1..=1000).map(|number| (number, text(number))).collect();
        let (done, later) = fixture.send(&texts).await;
        assert!(later > 2, "the center said \"too fast\" now and then: {later}");
        fixture.until("every text has arrived", || fixture.arrived().len() == texts.len()).await;
        let submitted = fixture.center.told("submitted");
        let named = |one: Value| (format!("center:{}", one["id"].as_str().expect("id")), one);
        let by_id: HashMap<String, Value> = submitted.into_iter().map(named).collect();
        let mut seen = HashSet::new();
        for (number, result) in &done {
            let SendResult::Accepted(accepted) = result else { panic!("{result:?}") };
            let mut read = String::new();
            for id in &accepted.provider_ids {
                assert!(seen.insert(id.clone()), "two texts have the id {id}");
                let one = by_id.get(id).expect("the center's id");
                assert_eq!(one["to"], json!(format!("1203{number:07}")));
                read.push_str(one["text"].as_str().expect("text"));
            }
            assert_eq!(read, sms::economy(&texts[number]), "{number}");
        }
        println!("{ids} {receipts} {long:?}: {} texts in {} messages, {later} sent again after \"too fast\"", done.len(), seen.len());
        fixture.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs npm's smpp"]
async fn what_families_write_comes_in_once_each_while_the_store_refuses_now_and_then() {
    let mut fixture = Fixture::new(json!({}), 7, Long::Header).await;
    let (mut wanted, mut messages) = (BTreeMap::new(), 0);
    for family in 0..1500_usize {
        let (from, kind) = (format!("1203{family:07}"), family % 6);
        let (words, coding) = match kind {
            0 => (format!("Gracias {family} [€] ñ"), 0),
            1 => (format!("mañana sí {family}"), 3),
            2 => (format!("спасибо {family} 👍"), 8),
            3 => (format!("{family} {}", "long ".repeat(100)), 0),
            _ => (format!("{family} {}", "شكرا جزيلا يا معلمة ".repeat(9)), 8),
        };
        let mut deliver = json!({ "number": family, "from": from, "to": "12035550199", "coding": coding, "payload": kind == 3 });
        // Parts come the last first, under one kind of header or the other.
        let marks: Vec<char> = words.chars().collect();
        let pieces: Vec<String> = marks.chunks(if kind < 4 { marks.len() } else { 60 }).map(|piece| piece.iter().collect()).collect();
        for (index, piece) in pieces.iter().enumerate().rev() {
            let (of, number) = (pieces.len(), index + 1);
            deliver["text"] = json!(piece);
            match kind {
                4 => deliver["udh"] = json!(format!("050003{:02x}{of:02x}{number:02x}", family % 256)),
                5 => deliver["udh"] = json!(format!("060804{family:04x}{of:02x}{number:02x}")),
                _ => {}
            }
            messages += 1;
            fixture.center.deliver(deliver.clone()).await;
        }
        wanted.insert(format!("+{from}"), words);
    }
    fixture.until("all are acknowledged", || fixture.center.told("acknowledged").len() == messages).await;
    let events = fixture.store.events.lock().expect("events").clone();
    assert_eq!(events.len(), messages, "each under a key of its own");
    let mut came: BTreeMap<String, BTreeMap<u16, String>> = BTreeMap::new();
    for event in events.into_values() {
        let Event::Incoming { from, to, text, part, .. } = event else { panic!("a text") };
        assert_eq!(to.reveal(), "+12035550199");
        let number = part.map_or(1, |part| part.number);
        assert_eq!(came.entry(from.into_inner()).or_default().insert(number, text.into_inner()), None);
    }
    let came: BTreeMap<String, String> = came.into_iter().map(|(from, parts)| (from, parts.into_values().collect())).collect();
    for (from, words) in &wanted {
        assert_eq!(came.get(from), Some(words));
    }
    let refused = fixture.center.told("refused").len();
    println!("{} texts in {messages} messages, {refused} refused and delivered again", wanted.len());
    assert!(refused > 0);
    fixture.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs npm's smpp"]
async fn after_cuts_nothing_is_sent_twice_and_what_is_said_not_to_be_sent_was_not() {
    let wants = json!({ "ids": "hex", "receipts": "text", "cut": 150, "delay": 3 });
    let fixture = Fixture::new(wants, 0, Long::Header).await;
    let texts: BTreeMap<i64, String> = (1..=2000).map(|number| (number, format!("{number} See you at 5."))).collect();
    let (done, later) = fixture.send(&texts).await;
    let submitted: Vec<String> =
        fixture.center.told("submitted").iter().map(|one| one["text"].as_str().expect("text").to_owned()).collect();
    // Whatever was said not to be sent was sent again: had it been taken the first time, it would be there twice.
    let once: HashSet<&String> = submitted.iter().collect();
    assert_eq!(once.len(), submitted.len(), "a text was sent twice");
    let (accepted, unclear): (Vec<_>, Vec<_>) = done.iter().partition(|(_, result)| matches!(result, SendResult::Accepted(_)));
    let accepted: BTreeSet<i64> = accepted.into_iter().map(|(number, _)| *number).collect();
    assert!(accepted.iter().all(|number| once.contains(&texts[number])), "accepted, and the center never saw it");
    fixture.until("every accepted text has arrived", || fixture.arrived().is_superset(&accepted)).await;
    let cuts = fixture.center.told("bound").len() - 1;
    let again = fixture.store.repeated.load(Ordering::SeqCst);
    println!(
        "{} accepted, {} unclear, {later} not sent and sent later, {cuts} cuts, {again} receipts delivered again",
        accepted.len(),
        unclear.len()
    );
    assert!(cuts >= 10 && unclear.len() >= cuts && later > 0);
    fixture.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs npm's smpp"]
async fn a_wrong_password_is_said_and_not_shown() {
    let center = Center::start(json!({ "password": "another" })).await;
    let mut values: BTreeMap<String, String> =
        sms::LINKS[0].settings.iter().map(|setting| (setting.name.to_owned(), setting.default.unwrap_or_default().to_owned())).collect();
    let said =
        [("host", "127.0.0.1"), ("port", &center.port.to_string()), ("tls", "no"), ("system_id", "school"), ("password", "secret08")];
    values.extend(said.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let given = sms::Given { hook: "https://homeword.example/hooks/sms/center".into(), slowest: Duration::from_secs(5), values };
    let moment = || Moment { now: Time(0), nonce: 3 << 60 };
    let link = Smpp::new(SmppSettings::read(&given).expect("settings"), Arc::new(moment), Arc::new(Store::default()));
    let (_stop, stopped) = watch::channel(false);
    let send = async {
        while link.state() == State::Waiting {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        link.send(&[outgoing(1, "Hello")]).await
    };
    let results = tokio::select! {
        results = send => results,
        () = link.run(stopped) => panic!("the link gave up"),
    };
    assert!(matches!(&results[..], [SendResult::Fault(SendFault::Config(why))] if why.contains("password") && !why.contains("secret08")));
}

/// Where a run of this program by itself finds the center's key and certificate, which it trusts.
const TRUSTED: &str = "HOMEWORD_TEST_TRUSTED";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs npm's smpp"]
async fn tls_is_spoken_with_a_center_whose_certificate_is_trusted_and_with_no_other() {
    let wants = |folder: &str| json!({ "key": format!("{folder}/key.pem"), "cert": format!("{folder}/cert.pem") });
    if let Ok(folder) = std::env::var(TRUSTED) {
        let fixture = Fixture::new(wants(&folder), 0, Long::Header).await;
        let (done, _) = fixture.send(&(1..=50).map(|number| (number, text(number))).collect()).await;
        assert!(done.values().all(|result| matches!(result, SendResult::Accepted(_))));
        fixture.until("every text has arrived", || fixture.arrived().len() == 50).await;
        return fixture.end().await;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().display().to_string();
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"])
        .args(["-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE"])
        .args(["-keyout", &format!("{place}/key.pem"), "-out", &format!("{place}/cert.pem")])
        .stderr(Stdio::null())
        .status()
        .await;
    assert!(made.expect("openssl").success());
    let stranger = Fixture::unsigned(wants(&place), 0, Long::Header).await;
    stranger.until("refused", || matches!(stranger.link.state(), State::Down(_))).await;
    assert!(matches!(stranger.link.state(), State::Down(SendFault::NotSent(why)) if why.contains("certificate")));
    stranger.end().await;
    let trusting = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "tls_is_spoken_with_a_center_whose_certificate_is_trusted_and_with_no_other"])
        .env(TRUSTED, &place)
        .env("SSL_CERT_FILE", format!("{place}/cert.pem"))
        .status()
        .await;
    assert!(trusting.expect("run").success());
}
