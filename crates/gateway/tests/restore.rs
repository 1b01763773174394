//! A backup taken while a school writes to its families, restored after they read: nobody reads anything twice, with each kind
//! of carrier; and what never went goes, or is visibly uncertain.

#[path = "common/whole.rs"]
mod whole;

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const BINARY: &str = env!("CARGO_BIN_EXE_homeword");
/// Whose number the carrier was too busy for, once.
const LATER: &str = "+12035550101";
/// Whose number the carrier was too busy for until the end.
const NEVER: &str = "+12035550102";
/// Whose text was taken and never answered for.
const CUT: &str = "+12035550103";

/// A process that ends with this.
struct Process(Child);

impl Process {
    fn start(arguments: &[&str]) -> (Process, Value) {
        let mut child = Command::new(BINARY).args(arguments).stdout(Stdio::piped()).spawn().expect("the program runs");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("output")).read_line(&mut line).expect("a line");
        (Process(child), serde_json::from_str(&line).expect("it says where it listens"))
    }

    fn end(mut self, signal: &str) {
        let _ = Command::new("kill").args([signal, &self.0.id().to_string()]).status();
        let _ = self.0.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Runs the program; (whether it succeeded, what it said on both outputs).
fn run(arguments: &[&str]) -> (bool, String) {
    let output = Command::new(BINARY).args(arguments).output().expect("the program runs");
    (output.status.success(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

fn free_port() -> String {
    std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").to_string()
}

/// The sample district, its carrier, and whoever looks at both.
struct House {
    folder: tempfile::TempDir,
    _carrier: Process,
    sandbox: String,
    homeword: String,
    client: reqwest::Client,
}

impl House {
    async fn of_kind(outcome: &str) -> House {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        let folder = tempfile::tempdir().expect("a folder");
        let file = |name: &str| folder.path().join(name).display().to_string();
        // The demo makes the district and its secrets; its own two processes are not needed any more.
        Process::start(&["demo", "--machine", "--folder", &folder.path().display().to_string()]).0.end("-INT");
        let (carrier, told) = Process::start(&["sandbox", "--token-file", &file("sms-token"), "--folder", &file("carried")]);
        let said = |name: &str| told[name].as_str().expect("an address").to_owned();
        let (sandbox, mail, listen, letters) = (format!("http://{}", said("listening")), said("smtp"), free_port(), free_port());
        let config = format!(
            "listen = \"{listen}\"\npublic_url = \"http://{listen}\"\ndatabase = \"sqlite:{}\"\n[sms.accounts.twilio]\nkind = \"twilio\"\nbase_url = \"{sandbox}\"\naccount = \"ACsandbox\"\nauth_token = \"file:{}\"\noutcome = \"{outcome}\"\npatience_seconds = 2\n[letters]\nserver = \"{mail}\"\ntls = \"none\"\nlisten = \"{letters}\"\nsecret = \"file:{}\"\n[spool]\nfolder = \"{}\"\n",
            file("homeword.db"),
            file("sms-token"),
            file("letter-secret"),
            file("spool")
        );
        std::fs::write(folder.path().join("homeword.toml"), config).expect("written");
        let house = House { folder, _carrier: carrier, sandbox, homeword: format!("http://{listen}"), client };
        let target = json!({ "webhook": format!("{}/hooks/sms/twilio", house.homeword), "lmtp": letters });
        house.control("target", &target).await;
        house
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn file(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    fn serve(&self) -> Process {
        Process::start(&["serve", "--config", &self.file("homeword.toml")]).0
    }

    /// A command on this house's configuration.
    fn command(&self, arguments: &[&str]) -> (bool, String) {
        run(&[arguments, &["--config", &self.file("homeword.toml")]].concat())
    }

    async fn control(&self, what: &str, body: &Value) {
        let request = self.client.post(format!("{}/control/{what}", self.sandbox)).header("content-type", "application/json");
        assert!(request.body(body.to_string()).send().await.expect("an answer").status().is_success());
    }

    /// What goes wrong for every number of the sample.
    async fn faults(&self, faults: Value) {
        for number in (100..190).flat_map(|last| [format!("+12035550{last}"), format!("+18605550{last}")]) {
            self.control("fault", &json!({ "number": number, "faults": faults })).await;
        }
    }

    /// How often each text and letter reached whom: (recipient, words) → count.
    async fn carried(&self) -> BTreeMap<(String, String), usize> {
        let answer = self.client.get(format!("{}/control/journal", self.sandbox)).send().await.expect("an answer");
        let all: Vec<Value> = serde_json::from_slice(&answer.bytes().await.expect("a body")).expect("JSON");
        let mut counts = BTreeMap::new();
        for row in all.iter().filter(|row| row["answered"] == false) {
            let word = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
            let to = if row["phone"].is_string() { word("phone") } else { word("mailbox") };
            *counts.entry((to, format!("{}{}", word("subject"), word("body")))).or_insert(0) += 1;
        }
        counts
    }

    async fn read_by(&self, phone: &str) -> usize {
        self.carried().await.keys().filter(|(to, _)| to == phone).count()
    }

    async fn sign_in(&self, name: &str) -> String {
        let body = format!("name={}&password=homeword-demo", name.replace('@', "%40"));
        let request = self.client.post(format!("{}/sign-in", self.homeword));
        let answer = request.header("content-type", "application/x-www-form-urlencoded").body(body).send().await.expect("an answer");
        answer.headers()["set-cookie"].to_str().expect("a cookie").split(';').next().expect("a cookie").to_owned()
    }

    async fn page(&self, cookie: &str, path: &str) -> String {
        let answer = self.client.get(format!("{}{path}", self.homeword)).header("cookie", cookie).send().await.expect("an answer");
        answer.text().await.expect("a page")
    }

    /// Sends a phrase to an audience of the form; the message's page.
    async fn sends(&self, cookie: &str, audience: &str, more: &[(&str, &str)]) -> String {
        let form = self.page(cookie, "/compose").await;
        let hidden = |name: &str| {
            form.split(&format!("name=\"{name}\" value=\"")).nth(1).and_then(|rest| rest.split('"').next()).expect("a field").to_owned()
        };
        let label = |rest: &str| Some(rest.split_once('>')?.1.split_once('<')?.0.contains(audience));
        let chosen = form.split("<option value=\"").find(|rest| label(rest) == Some(true)).and_then(|rest| rest.split('"').next());
        let chosen = chosen.expect("the audience");
        let (token, id) = (hidden("token"), hidden("id"));
        let fields = [("token", token.as_str()), ("id", &id), ("audience", chosen), ("weight", "routine"), ("action", "send")];
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).extend_pairs(more).finish();
        let request = self.client.post(format!("{}/compose", self.homeword)).header("cookie", cookie);
        let answer = request.header("content-type", "application/x-www-form-urlencoded").body(body).send().await.expect("an answer");
        let place = answer.headers().get("location").and_then(|place| place.to_str().ok()).map(str::to_owned);
        place.unwrap_or_else(|| panic!("it was not sent: {}", answer.status()))
    }

    /// Deliveries of a channel and state.
    async fn count(&self, cookie: &str, channel: &str, state: &str) -> i64 {
        let figures: Value = serde_json::from_str(&self.page(cookie, "/figures.json").await).expect("figures");
        let rows = figures["deliveries"].as_array().expect("rows").iter().filter(|row| row["channel"] == channel && row["state"] == state);
        rows.filter_map(|row| row["count"].as_i64()).sum()
    }

    /// Waits until so many texts are queued and under way.
    async fn until(&self, cookie: &str, what: &str, holds: impl Fn(i64, i64) -> bool) {
        let begun = Instant::now();
        loop {
            let (queued, claimed) = (self.count(cookie, "sms", "queued").await, self.count(cookie, "sms", "claimed").await);
            let letters = self.count(cookie, "email", "claimed").await;
            if holds(queued, claimed + letters) {
                return;
            }
            assert!(begun.elapsed() < Duration::from_secs(90), "{what}: {queued} queued, {claimed} and {letters} under way");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

fn number_before(told: &str, words: &str) -> i64 {
    let line = told.lines().find(|line| line.contains(words)).unwrap_or_else(|| panic!("no line says \"{words}\": {told}"));
    line.split_whitespace().next().and_then(|word| word.parse().ok()).unwrap_or_else(|| panic!("no number: {line}"))
}

async fn nobody_reads_anything_twice(outcome: &str) {
    let house = House::of_kind(outcome).await;
    let serve = house.serve();
    let (rivera, principal) = (house.sign_in("rivera@maple.example").await, house.sign_in("principal@maple.example").await);
    house.faults(json!({ "slow": 4000 })).await;
    house.sends(&rivera, "Grade 2 reading", &[("phrase", "reading-at-home"), ("answers", "open")]).await;
    house.until(&principal, "a class is under way", |_, claimed| claimed >= 5).await;
    let arguments =
        [("phrase", "council-meeting"), ("argument-date", "2026-12-09"), ("argument-time", "18:00"), ("argument-place", "Main gym")];
    let meeting = house.sends(&principal, "Everyone at Maple Street School", &[&arguments[..], &[("answers", "coming")]].concat()).await;
    house.until(&principal, "others wait behind it", |queued, claimed| queued >= 10 && claimed >= 5).await;

    let (good, told) = house.command(&["backup", &house.file("backup.homeword")]);
    assert!(good && told.contains("schema"), "{told}");
    assert_eq!(house.path("backup.homeword").metadata().expect("there").permissions().mode() & 0o777, 0o600, "its owner's alone");
    let (good, told) = house.command(&["backup", &house.file("backup.homeword")]);
    assert!(!good && told.contains("never overwrites"), "{told}");

    // Everything goes, but with these: refused once, refused to the end, taken and not answered for.
    house.faults(json!({})).await;
    for (number, faults) in [(LATER, json!({ "busy": 1 })), (NEVER, json!({ "busy": 1_000_000 })), (CUT, json!({ "cut": 1 }))] {
        house.control("fault", &json!({ "number": number, "faults": faults })).await;
    }
    // Both messages are for each of the three.
    let begun = Instant::now();
    while house.read_by(LATER).await < 2 {
        assert!(begun.elapsed() < Duration::from_secs(90), "the carrier is not busy any more");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let unread = house.read_by(NEVER).await;
    let kept = 2 - unread;
    house.until(&principal, "all the others went", |queued, claimed| queued == kept as i64 && claimed == 0).await;
    let before = house.carried().await;
    let texts = before.keys().filter(|(to, _)| to.starts_with('+')).count();

    let restore = ["restore", &house.file("backup.homeword")];
    let (good, told) = house.command(&restore);
    assert!(!good && told.contains("--move-current-data-aside"), "{told}");
    let (good, told) = house.command(&[&restore[..], &["--move-current-data-aside"]].concat());
    assert!(!good && told.contains("stop homeword serve first"), "{told}");
    serve.end("-TERM");
    house.faults(json!({})).await;
    let (good, told) = house.command(&[&restore[..], &["--move-current-data-aside"]].concat());
    assert!(good && told.contains("Sending is paused") && told.contains("before-restore"), "{told}");

    let _serve = house.serve();
    let request = house.client.get(format!("{}/sent", house.homeword)).header("cookie", &principal);
    assert_eq!(request.send().await.expect("an answer").status().as_u16(), 303, "nobody is signed in by a backup");
    let principal = house.sign_in("principal@maple.example").await;
    let begun = Instant::now();
    let told = loop {
        let (good, told) = house.command(&["resume", "--dry-run"]);
        assert!(good && told.contains("stays paused"), "{told}");
        // The workers ask as well: what they have in hand is not counted yet.
        if number_before(&told, "are still asked about") == 0 {
            break told;
        }
        assert!(begun.elapsed() < Duration::from_secs(90), "{told}");
    };
    let (gone, uncertain, will_go) =
        (number_before(&told, "have gone"), number_before(&told, "are uncertain"), number_before(&told, "will go"));
    match outcome {
        "keyed" => assert!(gone == 0 && will_go >= 15, "all texts are queued under their keys: {told}"),
        "look-up" => assert!(gone >= 15 && will_go == kept as i64, "all the others are found: {told}"),
        _ => assert!(gone == 0 && will_go == 0 && uncertain >= 15, "nobody knows: {told}"),
    }
    assert_eq!(house.carried().await, before, "nothing leaves while sending is paused");

    let (good, told) = house.command(&["resume"]);
    assert!(good && told.contains("Sending starts again"), "{told}");
    house.until(&principal, "the end", |queued, claimed| queued == 0 && claimed == 0).await;
    let after = house.carried().await;
    // A list of languages goes before each message to those whose language is unknown: what counts is what came since.
    let often = |key: &(String, String)| before.get(key).copied().unwrap_or(1);
    let twice: Vec<_> = after.iter().filter(|(key, count)| **count > often(key)).map(|((to, _), _)| to).collect();
    assert!(twice.is_empty(), "{outcome}: these read something again: {twice:?}");
    let now = after.keys().filter(|(to, _)| to.starts_with('+')).count();
    let open = house.count(&principal, "sms", "uncertain").await;
    if outcome == "blind" {
        assert_eq!((now, house.read_by(NEVER).await), (texts, unread), "a blind carrier's texts never go by themselves");
        assert!(open >= 15, "{open} are uncertain");
        assert!(house.page(&principal, &meeting).await.contains("may have gone since"), "and the message's page says why");
        assert!(house.page(&principal, "/by-hand").await.contains("Did it arrive?"), "and a person is asked to look");
    } else {
        assert_eq!((now, house.read_by(NEVER).await), (texts + kept, 2), "what never went has gone, and nothing else");
        assert_eq!(open, 0, "all is settled");
    }
    let (good, told) = house.command(&["resume"]);
    assert!(good && told.contains("Nothing is paused"), "{told}");
}

#[tokio::test]
async fn keyed() {
    nobody_reads_anything_twice("keyed").await;
}

#[tokio::test]
async fn look_up() {
    nobody_reads_anything_twice("look-up").await;
}

#[tokio::test]
async fn blind() {
    nobody_reads_anything_twice("blind").await;
}

#[test]
fn what_is_no_backup_or_is_damaged_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str| folder.path().join(name).display().to_string();
    for (name, text) in [("secret", "0123456789abcdef0123"), ("password", "a long enough password"), ("words", "no database at all")] {
        std::fs::write(file(name), text).expect("written");
    }
    let config = format!("database = \"sqlite:{}\"\n[letters]\nsecret = \"file:{}\"\n", file("homeword.db"), file("secret"));
    std::fs::write(file("homeword.toml"), config).expect("written");
    let command = |arguments: &[&str]| run(&[arguments, &["--config", &file("homeword.toml")]].concat());
    let (good, told) = command(&["setup", "--district", "D", "--email", "admin@d.example", "--password-file", &file("password")]);
    assert!(good, "{told}");
    // A process that ends may leave what it wrote in the log beside the file: a whole database is both.
    for ending in ["", "-wal"] {
        let from = file(&format!("homeword.db{ending}"));
        if Path::new(&from).exists() {
            std::fs::copy(from, file(&format!("raw.db{ending}"))).expect("copied");
        }
    }
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(whole::whole(Path::new(&file("raw.db"))));
    let (good, told) = command(&["backup", &file("good")]);
    assert!(good, "{told}");
    let mut bytes = std::fs::read(file("good")).expect("read");
    let middle = bytes.len() / 2;
    bytes[middle..middle + 4096].fill(0xa5);
    std::fs::write(file("damaged"), bytes).expect("written");
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(file(&format!("homeword.db{ending}")));
    }
    for (name, why) in [("words", "cannot be restored"), ("damaged", "cannot be restored"), ("raw.db", "not written by homeword backup")] {
        let (good, told) = command(&["restore", &file(name)]);
        assert!(!good && told.contains(why), "{name}: {told}");
        assert!(!folder.path().join("homeword.db").exists(), "{name} took the database's place");
        assert!(!folder.path().join("homeword.db.restoring").exists(), "{name} left something behind");
    }
    let (good, told) = command(&["restore", &file("good")]);
    assert!(good && told.contains("0 deliveries"), "{told}");
}
