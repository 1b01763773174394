//! The door with the real flows, the real store and a real company's wire format, while the database comes and goes.

use super::*;
use crate::hooks::{Companies, Deciding};
use crate::mailroom::Mailroom;
use crate::spool::tests::Memory;
use domain::DistrictId;
use domain::calls::{CallAnswer, CallStage};
use domain::carrier::SmsProvider;
use domain::wire::{WireCall, WireReply};
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};
use web::Hooks;

/// What the database does with the next calls.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Mood {
    #[default]
    Here,
    Away,
    /// Commits, and goes before it can say so.
    Mute,
    /// Never answers.
    Silent,
    /// Refuses, or fails inside, what names this number.
    Refuses(&'static str),
    Panics(&'static str),
}

struct Moody {
    flows: Flows,
    mood: Mutex<Mood>,
}

impl Moody {
    async fn or_fault(&self, named: String, take: impl Future<Output = Flow<()>> + Send) -> Flow<()> {
        let mood = *self.mood.lock().expect("a lock");
        let away = Err(FlowFault::Store(StoreFault::Away("stopped".into())));
        match mood {
            Mood::Away => away,
            Mood::Mute => take.await.and(away),
            Mood::Silent => std::future::pending().await,
            Mood::Refuses(key) if named.contains(key) => Err(FlowFault::Store(StoreFault::Refused("code 2067".into()))),
            Mood::Panics(key) => {
                assert!(!named.contains(key), "a fault of ours, on purpose");
                take.await
            }
            Mood::Refuses(_) | Mood::Here => take.await,
        }
    }
}

#[async_trait::async_trait]
impl Taking for Moody {
    async fn events(&self, events: Vec<Event>, received: Time) -> Flow<()> {
        let named = serde_json::to_string(&events).expect("written");
        self.or_fault(named, Taking::events(&self.flows, events, received)).await
    }
    async fn letter(&self, from: &str, to: &str, raw: &[u8], received: Time) -> Flow<()> {
        self.or_fault(to.to_owned(), Taking::letter(&self.flows, from, to, raw, received)).await
    }
}

#[async_trait::async_trait]
impl Deciding for Moody {
    async fn call(&self, from: &str, to: &str, stage: CallStage) -> Flow<(CallAnswer, CallStage)> {
        let mood = *self.mood.lock().expect("a lock");
        match mood {
            Mood::Away => Err(FlowFault::Store(StoreFault::Away("stopped".into()))),
            Mood::Silent => std::future::pending().await,
            _ => self.flows.answer_call(from, to, stage).await,
        }
    }
}

/// A clock that goes on by a second each time it is read.
struct Ticking(AtomicI64);

impl Clock for Ticking {
    fn now(&self) -> Time {
        Time(self.0.fetch_add(1_000_000, Ordering::SeqCst))
    }
}

const TOKEN: &str = "a token of the test";
const URL: &str = "https://homeword.example/hooks/sms/twilio";
const BEGUN: i64 = 1_773_151_200_000_000;

struct House {
    flows: Flows,
    district: DistrictId,
    companies: Vec<(String, Arc<dyn SmsProvider>)>,
    moment: Arc<dyn Fn() -> domain::wire::Moment + Send + Sync>,
    moody: Arc<Moody>,
    waiting: Memory,
    aside: Memory,
    _folder: tempfile::TempDir,
}

async fn house() -> House {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(file("token"), TOKEN).expect("written");
    std::fs::write(file("secret"), "0123456789abcdef").expect("written");
    let config = format!(
        "public_url = \"https://homeword.example\"\ndatabase = \"sqlite:{}\"\n[sms.accounts.twilio]\nkind = \"twilio\"\naccount = \"AC1\"\nauth_token = \"file:{}\"\n[letters]\nsecret = \"file:{}\"\n[translation]\napertium = \"\"\n",
        file("homeword.db"),
        file("token"),
        file("secret")
    );
    std::fs::write(file("homeword.toml"), config).expect("written");
    let config = crate::config::read(std::path::Path::new(&file("homeword.toml"))).expect("a configuration");
    let wired = crate::serve::wire(&config, &config.secrets().expect("secrets")).await.expect("wired");
    crate::setup::sample(&wired, "a password of the test").await.expect("the sample");
    let district = wired.flows.ports().directory.districts().await.expect("read")[0].id;
    let moody = Arc::new(Moody { flows: wired.flows.clone(), mood: Mutex::default() });
    let (waiting, aside) = (Memory::default(), Memory::default());
    House { flows: wired.flows, district, companies: wired.companies, moment: wired.moment, moody, waiting, aside, _folder: folder }
}

impl House {
    /// The door, as a process that has just begun opens it.
    fn intake(&self) -> Intake {
        let spool = Spool::on(Box::new(self.waiting.clone()), Box::new(self.aside.clone()), 1024 * 1024).expect("opened");
        Intake::new(self.moody.clone(), spool, Arc::new(Ticking(AtomicI64::new(BEGUN))), Duration::from_millis(200))
    }

    fn mood(&self, mood: Mood) {
        *self.moody.mood.lock().expect("a lock") = mood;
    }

    /// A family's text comes in; the answer's status.
    async fn text(&self, intake: &Intake, sid: &str, token: &str) -> u16 {
        let fields = [("MessageSid", sid), ("From", "+12035550101"), ("To", "+12035550190"), ("Body", sid), ("NumMedia", "0")];
        self.webhook(intake, token, &fields).await.status
    }

    /// A family calls; what the company is told to do.
    async fn rings(&self, intake: &Intake, sid: &str) -> WireReply {
        let fields =
            [("CallSid", sid), ("From", "+12035550101"), ("To", "+12035550190"), ("CallStatus", "ringing"), ("Direction", "inbound")];
        self.webhook(intake, TOKEN, &fields).await
    }

    async fn webhook(&self, intake: &Intake, token: &str, fields: &[(&str, &str)]) -> WireReply {
        let hooks = Companies {
            intake: intake.clone(),
            calls: self.moody.clone(),
            caller_waits: Duration::from_millis(200),
            sms: self.companies.clone(),
            metrics: Arc::default(),
            moment: self.moment.clone(),
            mail: None,
        };
        let fields: Vec<(String, String)> = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let headers = vec![
            ("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned()),
            ("x-twilio-signature".to_owned(), sms::signature(token, URL, &fields)),
        ];
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish().into_bytes();
        hooks.sms("twilio", WireCall { method: "POST".into(), url: URL.into(), headers, body }).await
    }

    /// What the store has, in the order it is understood in: words and when they came.
    async fn stored(&self) -> Vec<(String, i64)> {
        let (now, again) = (Time(BEGUN * 2), Time(BEGUN * 2 - 1));
        let mut rows = self.flows.ports().inbound.waiting(self.district, now, again, 50).await.expect("read");
        rows.sort_by_key(|row| row.id);
        rows.into_iter().map(|row| (String::from_utf8_lossy(&row.raw).into_owned(), (row.received.0 - BEGUN) / 1_000_000)).collect()
    }
}

async fn drained(intake: &Intake) {
    while intake.spool.waits() {
        assert!(intake.step().await, "nothing holds up the drain");
    }
}

fn told(words: &[(&str, i64)]) -> Vec<(String, i64)> {
    words.iter().map(|(text, at)| ((*text).to_owned(), *at)).collect()
}

#[tokio::test]
async fn texts_that_came_while_the_database_was_away_are_taken_in_once_in_order_and_with_their_time() {
    let house = house().await;
    let intake = house.intake();
    assert_eq!(house.text(&intake, "SM0", TOKEN).await, 200);
    house.mood(Mood::Away);
    assert_eq!(house.text(&intake, "SM1", TOKEN).await, 200);
    assert_eq!(house.text(&intake, "SM2", TOKEN).await, 200);
    let safe = house.waiting.bytes.lock().expect("a lock").len();
    assert_eq!(house.text(&intake, "SM9", "a wrong token").await, 403);
    assert_eq!(house.waiting.bytes.lock().expect("a lock").len(), safe, "what is forged is not kept");
    assert!(!intake.step().await && intake.spool.waits(), "the drain waits for the database");

    house.mood(Mood::Here);
    assert_eq!(house.text(&intake, "SM3", TOKEN).await, 200);
    assert_eq!(house.text(&intake, "SM2", TOKEN).await, 200, "a company that comes again");
    assert_eq!(house.stored().await, told(&[("SM0", 0)]), "what comes meanwhile waits behind");
    let waits = tokio::spawn({
        let intake = intake.clone();
        async move { intake.caught_up().await }
    });
    let dies_before_it_is_emptied = house.waiting.bytes.lock().expect("a lock").clone();
    drained(&intake).await;
    assert!(waits.await.expect("ended"), "the workers hear that it was taken in");
    let all = told(&[("SM0", 0), ("SM1", 1), ("SM2", 2), ("SM3", 3)]);
    assert_eq!(house.stored().await, all);

    *house.waiting.bytes.lock().expect("a lock") = dies_before_it_is_emptied;
    drained(&house.intake()).await;
    assert_eq!(house.stored().await, all, "a second drain stores nothing twice");
    assert!(house.waiting.bytes.lock().expect("a lock").is_empty());
    assert_eq!(house.text(&intake, "SM4", TOKEN).await, 200);
    assert_eq!(house.stored().await.len(), 5, "back to the database at once");
}

#[tokio::test]
async fn an_answer_that_never_comes_or_comes_too_late_is_no_loss_and_no_double() {
    let house = house().await;
    let intake = house.intake();
    for (sid, mood) in [("SM1", Mood::Mute), ("SM2", Mood::Silent)] {
        house.mood(mood);
        assert_eq!(house.text(&intake, sid, TOKEN).await, 200);
        assert!(intake.spool.waits(), "not known to be in the database");
        house.mood(Mood::Here);
        drained(&intake).await;
    }
    assert_eq!(house.stored().await, told(&[("SM1", 0), ("SM2", 1)]));
}

#[tokio::test]
async fn a_record_that_is_refused_or_fails_inside_is_set_aside_and_holds_up_nothing() {
    let house = house().await;
    let intake = house.intake();
    for (bad, mood) in [("SM2", Mood::Refuses("SM2")), ("SM5", Mood::Panics("SM5"))] {
        house.mood(Mood::Away);
        let number: u32 = bad[2..].parse().expect("a number");
        for sid in [number - 1, number, number + 1] {
            assert_eq!(house.text(&intake, &format!("SM{sid}"), TOKEN).await, 200);
        }
        house.mood(mood);
        drained(&intake).await;
        assert_eq!(house.text(&intake, bad, TOKEN).await, 503, "while the database is here, what it refuses is not acknowledged");
        assert!(!intake.spool.waits(), "and not kept");
    }
    let texts: Vec<String> = house.stored().await.into_iter().map(|(text, _)| text).collect();
    assert_eq!(texts, ["SM1", "SM3", "SM4", "SM6"]);

    // What the operator does once the cause is mended: the file beside becomes the spool.
    house.mood(Mood::Here);
    let aside = std::mem::take(&mut *house.aside.bytes.lock().expect("a lock"));
    *house.waiting.bytes.lock().expect("a lock") = aside;
    drained(&house.intake()).await;
    assert_eq!(house.stored().await.len(), 6, "all there");
    assert!(house.aside.bytes.lock().expect("a lock").is_empty());
}

/// As a school's own mail server is listened to.
fn lmtp() -> email::Listening {
    email::Listening {
        protocol: email::Protocol::Lmtp,
        name: "homeword.test".into(),
        limits: email::ListenLimits::default(),
        tls: None,
        dns: None,
        now: Arc::new(|| Time(0)),
    }
}

/// Hands a letter over; the last word of the conversation for it.
async fn hand_over(address: std::net::SocketAddr, to: &str) -> String {
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    let mut stream = BufReader::new(tokio::net::TcpStream::connect(address).await.expect("the listener"));
    let mut line = String::new();
    for command in
        ["", "LHLO mx\r\n", "MAIL FROM:<a@b.example>\r\n", &format!("RCPT TO:<{to}>\r\n"), "DATA\r\n", "Subject: x\r\n\r\nHola\r\n.\r\n"]
    {
        stream.get_mut().write_all(command.as_bytes()).await.expect("said");
        line.clear();
        while line.as_bytes().get(3) != Some(&b' ') {
            line.clear();
            stream.read_line(&mut line).await.expect("heard");
        }
    }
    line
}

#[tokio::test]
async fn where_neither_can_be_written_the_company_hears_503_and_the_mail_server_451() {
    let house = house().await;
    let intake = house.intake();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let letters = listener.local_addr().expect("an address");
    let mailroom = Arc::new(Mailroom::new(house.flows.clone(), intake.clone()));
    let listening = tokio::spawn(email::listen(listener, mailroom, lmtp()));
    let school = "school@mail.maple.example";

    house.mood(Mood::Away);
    house.waiting.faults.full.store(true, Ordering::SeqCst);
    assert_eq!(house.text(&intake, "SM1", TOKEN).await, 503);
    assert!(hand_over(letters, school).await.starts_with("451"));
    house.waiting.faults.full.store(false, Ordering::SeqCst);
    house.waiting.faults.unsafe_sync.store(true, Ordering::SeqCst);
    assert_eq!(house.text(&intake, "SM1", TOKEN).await, 503, "written is not safe");
    assert!(!intake.spool.waits(), "nothing half kept");
    house.waiting.faults.unsafe_sync.store(false, Ordering::SeqCst);
    assert_eq!(house.text(&intake, "SM1", TOKEN).await, 200);
    assert!(hand_over(letters, school).await.starts_with("250"));

    // Something waits and the disk is full, but the database is back: to be kept goes before order.
    house.waiting.faults.full.store(true, Ordering::SeqCst);
    house.mood(Mood::Here);
    assert_eq!(house.text(&intake, "SM2", TOKEN).await, 200);
    drained(&intake).await;
    let stored = house.stored().await;
    assert_eq!(stored.len(), 3, "nothing acknowledged is missing, nothing refused is there");
    assert!(stored.iter().any(|(raw, _)| raw.contains("Hola")), "the letter too");
    listening.abort();
}

#[tokio::test]
async fn a_call_of_which_nobody_can_say_what_becomes_ends_and_is_kept_as_missed() {
    let house = house().await;
    let intake = house.intake();
    let said = house.rings(&intake, "CA0").await;
    assert!(said.status == 200 && said.body.contains("<Say"), "the sample's number says a line: {}", said.body);
    for (sid, mood) in [("CA1", Mood::Away), ("CA2", Mood::Silent)] {
        house.mood(mood);
        let reply = house.rings(&intake, sid).await;
        assert!(reply.status == 200 && reply.body.contains("<Hangup/>") && !reply.body.contains("<Say"), "it ends: {}", reply.body);
        assert!(intake.spool.waits(), "kept all the same");
        house.mood(Mood::Here);
        drained(&intake).await;
    }
    let rows = house.flows.ports().inbound.waiting(house.district, Time(BEGUN * 2), Time(BEGUN * 2 - 1), 50).await.expect("read");
    let kept: Vec<String> = rows.iter().map(|row| row.key.clone()).collect();
    assert!(rows.len() == 3 && rows.iter().all(|row| row.raw.is_empty()), "each is a call that nobody took: {kept:?}");
}
