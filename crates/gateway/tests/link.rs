//! The program with an account that holds a link, against npm's `smpp` as the message center (`tests/peers/smsc.cjs`): out and back,
//! who has the link, and when the center hears "taken". Needs Node and that package: `cargo xtask test` installs it, or `NODE_PATH`
//! says where it is.
#![cfg(feature = "smpp")]

mod common;

use common::{Databases, House, PHONE, Served, Stub, WORDS, until};
use domain::delivery::DeliveryState;
use domain::{DeliveryId, DistrictId, SenderId};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// The account's password at the center.
const PASSWORD: &str = "secret08";

/// The center's process; it ends with its input.
struct Center {
    child: Child,
    input: ChildStdin,
    port: u64,
    told: Arc<Mutex<Vec<Value>>>,
}

impl Center {
    fn start(wants: &Value) -> Center {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let modules = std::env::var("NODE_PATH").unwrap_or_else(|_| root.join("target/peers/node/node_modules").display().to_string());
        let mut command = Command::new("node");
        command.arg(root.join("tests/peers/smsc.cjs")).arg(wants.to_string()).env("NODE_PATH", modules);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("node");
        let input = child.stdin.take().expect("input");
        let mut lines = BufReader::new(child.stdout.take().expect("output")).lines();
        let first = lines.next().expect("the center starts: is npm's smpp installed?").expect("output");
        let port = serde_json::from_str::<Value>(&first).expect("JSON")["port"].as_u64().expect("a port");
        let told: Arc<Mutex<Vec<Value>>> = Arc::default();
        let keep = told.clone();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                keep.lock().expect("told").push(serde_json::from_str(&line).expect("JSON"));
            }
        });
        Center { child, input, port, told }
    }

    fn told(&self, what: &str) -> Vec<Value> {
        self.told.lock().expect("told").iter().filter_map(|line| line.get(what)).cloned().collect()
    }

    fn say(&mut self, what: &Value) {
        writeln!(self.input, "{what}").expect("written");
    }

    /// A family's phone writes to this number of ours.
    fn write(&mut self, number: u32, to: SenderId, text: &str) {
        let (from, to) = (&PHONE[1..], ours(to));
        self.say(&json!({ "deliver": { "number": number, "from": from, "to": to, "text": text, "coding": 0 } }));
    }
}

impl Drop for Center {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The number a house gives a sender, as the center writes it.
fn ours(sender: SenderId) -> String {
    format!("1203{:07}", sender.0)
}

/// A house whose numbers name no account: the first in the order of names is the link.
async fn house(center: &Center, carrier: &Stub, database: Option<&Databases>) -> House {
    let house = House::on(
        carrier,
        database,
        &format!(
            "[sms.accounts.center]\nkind = \"smpp\"\nhost = \"127.0.0.1\"\nport = {}\ntls = \"no\"\nsystem_id = \"school\"\npassword = \"env:HOMEWORD_TEST_CENTER\"\nrate = 100\n",
            center.port
        ),
    )
    .await;
    let path = house.config();
    let secret = std::path::Path::new(&path).with_file_name("center").display().to_string();
    std::fs::write(&secret, PASSWORD).expect("written");
    let config = std::fs::read_to_string(&path).expect("a configuration").replace("env:HOMEWORD_TEST_CENTER", &format!("file:{secret}"));
    std::fs::write(&path, config).expect("written");
    house
}

/// What families wrote that was understood.
async fn received(house: &House) -> i64 {
    let figures = house.opened.views.inbound_figures(DistrictId(1)).await.expect("read");
    figures.received + figures.handled
}

async fn attempts(house: &House, text: DeliveryId) -> i16 {
    house.opened.outbound.delivery(DistrictId(1), text).await.expect("read").expect("there").attempt
}

fn private(served: &Served) {
    let log = served.log();
    for word in [&PHONE[1..], WORDS, PASSWORD, "Gracias", "Morales", "Sofía"] {
        assert!(!log.contains(word), "{word} stands in the log: {log}");
    }
}

#[tokio::test]
#[ignore = "needs npm's smpp"]
async fn a_text_goes_out_its_receipt_settles_it_after_a_restart_and_a_family_writes_back() {
    let (mut center, carrier) = (Center::start(&json!({ "keep": true })), Stub::slow());
    let house = house(&center, &carrier, None).await;
    let sender = house.sender(10.0).await;
    let text = house.queue(sender).await;
    let mut first = house.serve("debug");
    until("it was accepted", 20, async || house.state(text).await == DeliveryState::Accepted).await;
    let submitted = center.told("submitted");
    assert_eq!((submitted.len(), &submitted[0]["from"], &submitted[0]["to"]), (1, &json!(ours(sender)), &json!(&PHONE[1..])));
    assert!(submitted[0]["text"].as_str().is_some_and(|text| text.contains(WORDS)), "{submitted:?}");
    let metrics = first.get(&first.metrics, "/metrics").await.1;
    assert!(metrics.contains("outcome=\"accepted\"") && metrics.contains("provider=\"center\""), "{metrics}");

    first.ask_to_end();
    let (took, well) = first.ended(10).await;
    assert!(well && took < Duration::from_secs(8), "after {took:?}: {}", first.log());
    assert_eq!(center.told("unbound").len(), 1, "it signed out");
    let begun = Instant::now();
    let second = house.serve("debug");
    until("the next one has the link", 20, async || center.told("bound").len() == 2).await;
    assert!(begun.elapsed() < Duration::from_secs(10), "the lease was given back: nobody waits for its end");
    // This process never heard of the text: the receipt names the center's id and our number, and no attempt.
    center.say(&json!({ "receipts": true }));
    until("it has arrived", 20, async || house.state(text).await == DeliveryState::Delivered).await;

    center.write(7, sender, "Gracias, maestra");
    until("what came in was understood", 20, async || received(&house).await == 1).await;
    until("the center was told", 20, async || center.told("acknowledged") == [json!(7)]).await;
    // A long one, its parts in any order: one text.
    for part in [2, 1] {
        let header = format!("0500030702{part:02}");
        let message =
            json!({ "number": 10 + part, "from": &PHONE[1..], "to": ours(sender), "text": "Gracias", "coding": 0, "udh": header });
        center.say(&json!({ "deliver": message }));
    }
    until("both parts were taken, and are one", 20, async || center.told("acknowledged").len() == 3 && received(&house).await == 2).await;
    // Outside school hours the family also hears when its teacher reads it: that is another text.
    let ours = center.told("submitted").iter().filter(|told| told["text"].as_str().is_some_and(|text| text.contains(WORDS))).count();
    assert_eq!((ours, carrier.calls()), (1, 0), "one text, and none over the other account");
    private(&first);
    private(&second);
}

#[tokio::test]
#[ignore = "needs npm's smpp"]
async fn the_doctor_says_of_each_link_whether_a_number_uses_it_and_connects_nowhere() {
    let (center, carrier) = (Center::start(&json!({})), Stub::slow());
    let house = house(&center, &carrier, None).await;
    let told = || {
        let output = Command::new(common::BINARY).args(["doctor", "--config", &house.config()]).output().expect("the program runs");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        assert!(!text.contains(PASSWORD), "{text}");
        text.lines().find(|line| line.contains("link center")).unwrap_or_else(|| panic!("no such line: {text}")).to_owned()
    };
    assert!(told().starts_with("look") && told().contains("no number sends over it"), "{}", told());
    house.sender(1.0).await;
    assert!(told().starts_with("ok") && told().contains("for 1 numbers"), "{}", told());
    assert!(center.told("bound").is_empty());
    let config = std::fs::read_to_string(house.config()).expect("a configuration").replace("tls = \"no\"", "tls = \"never\"");
    std::fs::write(house.config(), config).expect("written");
    let output = Command::new(common::BINARY).args(["doctor", "--config", &house.config()]).output().expect("the program runs");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(text.contains("sms.accounts.center.tls must be one of: yes, no"), "{text}");
}

#[tokio::test]
#[ignore = "needs npm's smpp"]
async fn of_two_processes_one_has_the_link_and_the_other_leaves_its_texts_alone() {
    let (center, carrier) = (Center::start(&json!({})), Stub::slow());
    let house = house(&center, &carrier, None).await;
    let sender = house.sender(100.0).await;
    let mut one = house.serve("info");
    until("the first has the link", 20, async || center.told("bound").len() == 1).await;
    let other = house.serve_beside("info");
    let mut texts = Vec::new();
    for _ in 0..30 {
        texts.push(house.queue(sender).await);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    for text in &texts {
        until("every text has arrived", 20, async || house.state(*text).await == DeliveryState::Delivered).await;
        assert_eq!(attempts(&house, *text).await, 1, "the other process burned none");
    }
    let carried = |metrics: String| metrics.contains("provider=\"center\"");
    assert!(carried(one.get(&one.metrics, "/metrics").await.1) && !carried(other.get(&other.metrics, "/metrics").await.1));
    assert_eq!(center.told("bound").len(), 1, "one session, however many processes");

    one.ask_to_end();
    one.ended(10).await;
    let late = house.queue(sender).await;
    until("the other has the link, and what waited", 20, async || house.state(late).await == DeliveryState::Delivered).await;
    assert_eq!((attempts(&house, late).await, center.told("bound").len(), center.told("unbound").len()), (1, 2, 1));
}

/// Runs where `HOMEWORD_POSTGRES` names a server.
#[tokio::test]
#[ignore = "needs npm's smpp"]
async fn on_postgresql_a_worker_takes_the_link_over_from_one_that_died_without_a_word() {
    let Some(databases) = Databases::on_postgresql("link") else { return };
    let (mut center, carrier) = (Center::start(&json!({})), Stub::slow());
    let house = house(&center, &carrier, Some(&databases)).await;
    let sender = house.sender(100.0).await;
    let pages = house.serve_without_workers("info");
    let first = house.work("info");
    until("the first has the link", 20, async || center.told("bound").len() == 1).await;
    let second = house.work("info");
    let mut texts = Vec::new();
    for _ in 0..30 {
        texts.push(house.queue(sender).await);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    for text in texts {
        until("every text has arrived", 20, async || house.state(text).await == DeliveryState::Delivered).await;
        assert_eq!(attempts(&house, text).await, 1, "nobody else burned one");
    }
    center.write(9, sender, "Gracias");
    until("what a worker heard is there", 20, async || received(&house).await == 1).await;
    private(&first);

    // Killed: no sign-out, no lease given back.
    drop(first);
    let begun = Instant::now();
    let late = house.queue(sender).await;
    until("it arrives", 60, async || house.state(late).await == DeliveryState::Delivered).await;
    let took = begun.elapsed();
    assert!(took > Duration::from_secs(20) && took < Duration::from_secs(40), "once the lease is over: {took:?}");
    assert_eq!((attempts(&house, late).await, center.told("bound").len()), (1, 2));
    private(&second);
    private(&pages);
}

#[tokio::test]
#[ignore = "needs npm's smpp"]
async fn the_center_keeps_what_was_not_committed_and_delivers_it_again() {
    let (mut center, carrier) = (Center::start(&json!({})), Stub::slow());
    let house = house(&center, &carrier, None).await;
    let sender = house.sender(10.0).await;
    let served = house.serve("warn");
    until("signed in", 20, async || center.told("bound").len() == 1).await;
    let rename = |from: &str, to: &str| {
        let file = std::path::Path::new(&house.config()).with_file_name("h.db");
        let program = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=20).execute(sys.argv[2])";
        let statement = format!("ALTER TABLE {from} RENAME TO {to}");
        assert!(Command::new("python3").args(["-c", program]).arg(file).arg(statement).status().expect("python3").success());
    };
    // The database answers, and does not take it.
    rename("incoming", "elsewhere");
    center.write(8, sender, "Gracias");
    until("it was refused more than once", 20, async || center.told("refused").len() > 2).await;
    assert!(center.told("acknowledged").is_empty(), "nothing was committed");
    rename("elsewhere", "incoming");
    until("it was acknowledged", 20, async || center.told("acknowledged") == [json!(8)]).await;
    until("it is there", 20, async || received(&house).await == 1).await;
    private(&served);
}
