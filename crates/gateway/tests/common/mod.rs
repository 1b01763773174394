//! A small house in a folder: a district with one school, one teacher, one family's phone, and `homeword serve` on free ports
//! against a carrier that answers when it is told to.
#![allow(dead_code, reason = "each test binary uses its part")]

use domain::delivery::DeliveryState;
use domain::message::*;
use domain::people::*;
use domain::ports::*;
use domain::*;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

/// The program.
pub const BINARY: &str = env!("CARGO_BIN_EXE_homeword");
/// A family's number, which may stand in no log and no report.
pub const PHONE: &str = "+12035557341";
/// Words that may stand in no log and no report.
pub const WORDS: &str = "marmalade giraffe";
/// The carrier's token.
pub const TOKEN: &str = "a token of the carrier";
const DISTRICT: DistrictId = DistrictId(1);
const SCHOOL: SchoolId = SchoolId(11);
const RIVERA: StaffId = StaffId(21);
/// A class in which nobody is.
const EMPTY_CLASS: ClassId = ClassId(32);

/// See the module.
pub struct House {
    /// The store, open beside the program's own.
    pub opened: store::Opened,
    folder: tempfile::TempDir,
    next: AtomicI64,
}

/// One database, as the program reaches it and as the test does.
pub struct Databases {
    /// In the configuration.
    pub programs: String,
    /// For what the test looks at.
    pub tests: String,
}

impl Databases {
    /// A database of its own on the server that `HOMEWORD_POSTGRES` names, as `cargo xtask postgresql` does; `None` without one.
    pub fn on_postgresql(what: &str) -> Option<Databases> {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let server = std::env::var("HOMEWORD_POSTGRES").ok()?;
        let name = format!("{what}_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::SeqCst));
        let made = Command::new("psql").args(["-q", "-d", &server, "-c", &format!("CREATE DATABASE {name}")]).status();
        assert!(made.expect("psql is installed").success(), "no database");
        let url = server.replacen("/postgres?", &format!("/{name}?"), 1);
        Some(Databases { programs: url.clone(), tests: url })
    }
}

fn now() -> i64 {
    #[expect(clippy::disallowed_methods, reason = "the program under test runs on this clock")]
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
    i64::try_from(since.as_micros()).expect("before 292277")
}

/// Somebody did something.
pub fn audit() -> Audit {
    Audit { staff: RIVERA, at: Time(1), act: "sent", subject: "test".into(), detail: String::new() }
}

/// Waits until something holds; names it where it does not in time.
pub async fn until<F: Future<Output = bool>>(what: &str, seconds: u64, holds: impl Fn() -> F) {
    let begun = Instant::now();
    while !holds().await {
        assert!(begun.elapsed() < Duration::from_secs(seconds), "not in {seconds} s: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

impl House {
    /// With this in its configuration besides the database, the listeners, the letters' secret and the carrier.
    pub async fn new(carrier: &Stub, more: &str) -> House {
        House::on(carrier, None, more).await
    }

    /// With a carrier of that kind at an address, a second's patience for it, and its database behind this URL; `None` is a file.
    pub async fn of(carrier: &str, outcome: &str, database: Option<&Databases>) -> House {
        House::built(carrier, &format!("outcome = \"{outcome}\"\nconnections = 16\npatience_seconds = 1\n"), database, "").await
    }

    /// The same on this database.
    pub async fn on(carrier: &Stub, database: Option<&Databases>, more: &str) -> House {
        House::built(&carrier.address, "outcome = \"keyed\"\nconnections = 16\n", database, more).await
    }

    async fn built(carrier: &str, sms: &str, database: Option<&Databases>, more: &str) -> House {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = tempfile::tempdir().expect("a folder");
        let file = |name: &str| folder.path().join(name).display().to_string();
        std::fs::write(file("token"), TOKEN).expect("written");
        std::fs::write(file("secret"), "0123456789abcdef0123").expect("written");
        let own = || format!("sqlite:{}", file("h.db"));
        let config = format!(
            "listen = \"127.0.0.1:0\"\npublic_url = \"http://homeword.example\"\ndatabase = \"{}\"\n[sms.accounts.twilio]\nkind = \"twilio\"\nbase_url = \"http://{carrier}\"\naccount = \"AC1\"\nauth_token = \"file:{}\"\n{sms}[spool]\nfolder = \"{}\"\n[letters]\nsecret = \"file:{}\"\n[translation]\napertium = \"\"\n[metrics]\nlisten = \"127.0.0.1:0\"\n{more}",
            database.map_or_else(own, |urls| urls.programs.clone()),
            file("token"),
            file("spool"),
            file("secret")
        );
        std::fs::write(file("homeword.toml"), config).expect("written");
        let opened = store::open(&database.map_or_else(own, |urls| urls.tests.clone())).await.expect("a store");
        let house = House { opened, folder, next: AtomicI64::new(1000) };
        house.people().await;
        house
    }

    /// Its configuration file.
    pub fn config(&self) -> String {
        self.folder.path().join("homeword.toml").display().to_string()
    }

    fn id(&self) -> i64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    /// The district as kept, changed.
    pub async fn district(&self, change: impl FnOnce(&mut District)) {
        let mut district = District {
            id: DISTRICT,
            name: "Maple".into(),
            zone: "America/New_York".into(),
            staff_language: "en".into(),
            rehearsal: false,
            allowed: vec![],
            introduce: true,
            email_first: false,
            machine_words_may_go: false,
            review_minutes: 60,
            quiet: (0, 0),
            // Whatever day the tests run on.
            hours: (0, 24 * 60),
            undo: (0, 0),
        };
        change(&mut district);
        self.opened.directory.save_district(&district).await.expect("a district");
    }

    async fn people(&self) {
        self.district(|_| {}).await;
        let staff = Staff {
            id: RIVERA,
            title: "Ms Rivera".into(),
            name: "Elena Rivera".into(),
            email: "rivera@maple.example".into(),
            roles: vec![Role::Teacher],
            schools: vec![SCHOOL],
            languages: vec![],
            active: true,
            backup: None,
            absent: false,
            duty: false,
            telling: Telling::Hourly,
            phone: None,
        };
        let school = School { id: SCHOOL, name: "Maple".into(), short_name: "Maple".into(), zone: None, phone: "1".into() };
        let guardian = GuardianRow {
            id: GuardianId(51),
            source: "g".into(),
            name: "Lucía Morales".into(),
            language: Some("es".into()),
            language_as_written: "Spanish".into(),
            reads: Reads::Written,
            signs: false,
            rule: ContactRule::Any,
        };
        let relation = RelationRow {
            guardian: GuardianId(51),
            student: StudentId(41),
            relation: "mother".into(),
            right: Right::Full,
            order_from: None,
            order_until: None,
        };
        let contact =
            ContactRow { id: ContactId(61), channel: Channel::Sms, address: PHONE.into(), textable: true, guardians: vec![GuardianId(51)] };
        let rows = Enrolment {
            schools: vec![("s".into(), school)],
            staff: vec![("t".into(), staff)],
            classes: vec![(ClassId(31), "c".into(), SCHOOL, "Reading".into()), (EMPTY_CLASS, "e".into(), SCHOOL, "Empty".into())],
            students: vec![(StudentId(41), "k".into(), "Sofía".into(), "Morales".into(), SCHOOL, false)],
            guardians: vec![guardian],
            attends: vec![(ClassId(31), StudentId(41))],
            teaches: vec![(ClassId(31), RIVERA)],
            relations: vec![relation],
            contacts: vec![contact],
            passed_on: vec![],
            removed: vec![],
            draft_json: "{}".into(),
        };
        self.opened.people.enrol(DISTRICT, &rows, &audit()).await.expect("enrolled");
        let hash = web::hash_password("a long password", b"salt of a test").expect("a hash");
        self.opened.directory.set_password(DISTRICT, RIVERA, "rivera@maple.example", &hash, &audit()).await.expect("a password");
    }

    /// A number of the school that lets so many texts leave a second.
    pub async fn sender(&self, rate: f64) -> SenderId {
        let id = SenderId(self.id());
        self.numbered(id, format!("+1203{:07}", id.0), rate).await
    }

    /// This number of the school.
    pub async fn sender_at(&self, address: &str) -> SenderId {
        self.numbered(SenderId(self.id()), address.into(), 10.0).await
    }

    /// This mail identity of the school.
    pub async fn mail_identity(&self, address: &str) -> SenderId {
        self.of_channel(SenderId(self.id()), address.into(), 10.0, Channel::Email).await
    }

    async fn numbered(&self, id: SenderId, address: String, rate: f64) -> SenderId {
        self.of_channel(id, address, rate, Channel::Sms).await
    }

    async fn of_channel(&self, id: SenderId, address: String, rate: f64, channel: Channel) -> SenderId {
        let sender = Sender {
            id,
            school: SCHOOL,
            address,
            channel,
            use_for: SenderUse::Office,
            kind: domain::people::NumberKind::Other,
            rate,
            paused: false,
            brand: String::new(),
            daily: 0,
            account: String::new(),
            weight: 1,
            calls: domain::calls::Calls::default(),
        };
        self.opened.directory.save_sender(DISTRICT, &sender).await.expect("a sender");
        id
    }

    /// One text on its way to the family's phone, due now. Where the program runs, its worker may plan the message between the two
    /// steps: then it is another message. Its class is empty, or the worker would greet the family, and all else would wait for that.
    pub async fn queue(&self, sender: SenderId) -> DeliveryId {
        loop {
            if let Some(delivery) = self.queue_unless_planned(sender).await {
                return delivery;
            }
        }
    }

    async fn queue_unless_planned(&self, sender: SenderId) -> Option<DeliveryId> {
        let message = Message {
            id: MessageId(self.id()),
            author: RIVERA,
            school: SCHOOL,
            weight: Weight::Routine,
            audience: Audience::Class { class: EMPTY_CLASS },
            words: Words::Free { text: WORDS.into() },
            learning: Learning::default(),
            answers: AnswerSet::None,
            language: "en".into(),
            written: Time(now()),
            not_before: Time(now()),
            useful_until: Time(now() + 86_400_000_000),
            corrects: None,
            about: None,
            reach_only: false,
            answers_to: None,
            answered_in: None,
        };
        let rendition = Rendition {
            id: RenditionId(self.id()),
            message: message.id,
            language: "es".into(),
            channel: Channel::Sms,
            subject: String::new(),
            text: WORDS.into(),
            notice: String::new(),
            from: WordsFrom::Person,
            source: "Ms S".into(),
            state: RenditionState::Ready,
        };
        let delivery = NewDelivery {
            id: DeliveryId(self.id()),
            contact: ContactId(61),
            rendition: rendition.id,
            sender,
            lane: Lane::Broadcast,
            weight: Weight::Routine,
            state: DeliveryState::Queued,
            opens: Time(now()),
            closes: message.useful_until,
            students: vec![(StudentId(41), "Sofía".into())],
            menu_base: 1,
            offers: AnswerSet::None,
            speaks_for: RIVERA,
        };
        let id = delivery.id;
        let outbound = &self.opened.outbound;
        assert!(outbound.accept(DISTRICT, &message, std::slice::from_ref(&rendition), &[], &audit()).await.expect("accepted"));
        // Its plan is whole: no worker has to expand it.
        let slice = Slice {
            deliveries: vec![delivery],
            routes: vec![],
            menus: vec![],
            notices: vec![],
            tasks: vec![],
            not_included: 0,
            after: None,
            cursor: None,
            at: Time(now()),
            alone: vec![],
        };
        (outbound.plan(DISTRICT, message.id, &slice).await.expect("planned") > 0).then_some(id)
    }

    /// Claims as a worker that stopped right after, its deadline past; which attempt of each row that was.
    pub async fn claim_and_die(&self, sender: SenderId) -> Vec<i16> {
        let at = Time(now());
        let until = Time(at.0 - 1);
        let ask = Ask { district: DISTRICT, sender, lane: Lane::Broadcast, now: at, until, most: 10, day: 1 };
        self.opened.outbound.claim(&ask).await.expect("claimed").iter().map(|row| row.attempt).collect()
    }

    /// Where a delivery stands.
    pub async fn state(&self, delivery: DeliveryId) -> DeliveryState {
        self.opened.outbound.delivery(DISTRICT, delivery).await.expect("read").expect("there").state
    }

    /// Starts the program; back once it listens.
    pub fn serve(&self, logs: &str) -> Served {
        self.start(&["serve", "--config", &self.config()], logs)
    }

    /// The same without workers.
    pub fn serve_without_workers(&self, logs: &str) -> Served {
        self.start(&["serve", "--without-workers", "--config", &self.config()], logs)
    }

    /// A process that works and has no pages; on PostgreSQL.
    pub fn work(&self, logs: &str) -> Served {
        self.start(&["worker", "--config", &self.config()], logs)
    }

    /// A second process on the same database, with a spool and a log of its own.
    pub fn serve_beside(&self, logs: &str) -> Served {
        let path = self.folder.path().join("beside.toml");
        let config = std::fs::read_to_string(self.config()).expect("a configuration").replace("/spool\"", "/spool-beside\"");
        std::fs::write(&path, config).expect("written");
        self.start(&["serve", "--config", &path.display().to_string()], logs)
    }

    fn start(&self, arguments: &[&str], logs: &str) -> Served {
        let log = self.folder.path().join(format!("log-{}", self.id()));
        let stderr = std::fs::File::create(&log).expect("a log");
        let mut command = Command::new(BINARY);
        command.args(arguments).env("HOMEWORD_LOG", logs);
        let mut child = command.stdout(Stdio::piped()).stderr(stderr).spawn().expect("the program runs");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("output")).read_line(&mut line).expect("a line");
        let told: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{}", std::fs::read_to_string(&log).unwrap_or_default()));
        let field = |name: &str| told[name].as_str().expect("an address").to_owned();
        let pages = if told.get("worker").is_some() { String::new() } else { field("listening") };
        Served { child, pages, metrics: field("metrics"), log }
    }
}

/// The program, running.
pub struct Served {
    child: Child,
    /// Where its pages are.
    pub pages: String,
    /// Where its metrics are.
    pub metrics: String,
    log: std::path::PathBuf,
}

impl Served {
    /// Asks it to end.
    pub fn ask_to_end(&self) {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().expect("kill");
        assert!(asked.success());
    }

    /// Processor time it used so far, in hundredths of a second (`/proc/PID/stat`, fields 14 and 15, at 100 ticks a second).
    pub fn worked(&self) -> u64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).expect("a process");
        let fields = stat.rsplit_once(')').expect("its name").1;
        fields.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse::<u64>().expect("ticks")).sum()
    }

    /// Waits for its end; how long that took, and whether it called it a success.
    pub async fn ended(&mut self, most: u64) -> (Duration, bool) {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                return (begun.elapsed(), status.success());
            }
            assert!(begun.elapsed() < Duration::from_secs(most), "it did not end in {most} s: {}", self.log());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Whether it takes new connections.
    pub fn accepts(&self) -> bool {
        TcpStream::connect(&self.pages).is_ok()
    }

    /// What it logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).expect("a log")
    }

    /// Signs the teacher in, and opens the stream by which her pages hear of changes.
    pub async fn open_page(&self) -> reqwest::Response {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        let form = "name=rivera%40maple.example&password=a+long+password";
        let request = client.post(format!("http://{}/sign-in", self.pages)).header("content-type", "application/x-www-form-urlencoded");
        let answer = request.body(form).send().await.expect("an answer");
        let cookie = answer.headers()["set-cookie"].to_str().expect("a cookie").split(';').next().expect("a cookie").to_owned();
        client.get(format!("http://{}/changes", self.pages)).header("cookie", cookie).send().await.expect("a stream")
    }

    /// A page of the public site, or of any other listener of it.
    pub async fn get(&self, address: &str, path: &str) -> (u16, String) {
        let answer = reqwest::get(format!("http://{address}{path}")).await.expect("an answer");
        (answer.status().as_u16(), answer.text().await.expect("a body"))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A carrier that takes every call at once, and answers when it is let.
pub struct Stub {
    /// Where it listens.
    pub address: String,
    calls: Arc<AtomicUsize>,
    open: Arc<(Mutex<bool>, Condvar)>,
    closed: Arc<AtomicBool>,
}

impl Stub {
    /// One that waits to be let.
    pub fn slow() -> Stub {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let (calls, open) = (Arc::new(AtomicUsize::new(0)), Arc::new((Mutex::new(false), Condvar::new())));
        let closed = Arc::new(AtomicBool::new(false));
        let (counted, gate, shut) = (calls.clone(), open.clone(), closed.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if shut.load(Ordering::SeqCst) {
                    return;
                }
                let (counted, gate) = (counted.clone(), gate.clone());
                std::thread::spawn(move || answer(stream, &counted, &gate));
            }
        });
        Stub { address, calls, open, closed }
    }

    /// Calls that came in whole.
    pub fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    /// From now on it answers, also those that wait.
    pub fn let_answer(&self) {
        *self.open.0.lock().expect("no panic holds it") = true;
        self.open.1.notify_all();
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        self.closed.store(true, Ordering::SeqCst);
        self.let_answer();
        let _ = TcpStream::connect(&self.address);
    }
}

fn answer(stream: TcpStream, calls: &AtomicUsize, gate: &(Mutex<bool>, Condvar)) {
    let mut stream = BufReader::new(stream);
    loop {
        let (mut length, mut line) = (0, String::new());
        loop {
            line.clear();
            if stream.read_line(&mut line).unwrap_or_default() == 0 {
                return;
            }
            if let Some(count) = line.to_lowercase().strip_prefix("content-length:") {
                length = count.trim().parse().unwrap_or_default();
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        if stream.read_exact(&mut body).is_err() {
            return;
        }
        let number = calls.fetch_add(1, Ordering::SeqCst);
        let mut open = gate.0.lock().expect("no panic holds it");
        while !*open {
            open = gate.1.wait(open).expect("no panic holds it");
        }
        drop(open);
        let told = format!("{{\"sid\":\"SM{number:032}\",\"status\":\"queued\",\"num_segments\":\"1\"}}");
        let answer = format!("HTTP/1.1 201 Created\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{told}", told.len());
        if stream.get_mut().write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}
