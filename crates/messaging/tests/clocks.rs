//! Flows over a real SQLite store with a clock that is handed in: what happens when time passes.

use domain::carrier::*;
use domain::people::*;
use domain::ports::{Clock, Ids};
use domain::roster::Draft;
use domain::*;
use messaging::{Draft as Form, Flows, Passages, Ports, Speech};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

struct Hand(AtomicI64);
impl Clock for Hand {
    fn now(&self) -> Time {
        Time(self.0.load(Ordering::SeqCst))
    }
}

struct Counter(AtomicI64);
impl Ids for Counter {
    fn next(&self) -> i64 {
        self.0.fetch_add(1, Ordering::SeqCst)
    }
    fn jitter(&self) -> f64 {
        0.0
    }
    fn secret(&self) -> String {
        "s".into()
    }
}

struct Slots;
impl Passages for Slots {
    fn key(&self, from: &str, text: &str, names: &[String]) -> String {
        translation::memory_key(from, text, names)
    }
    fn pattern(&self, _: &str, _: &str, source: &str, target: &str, names: &[String]) -> Option<String> {
        translation::pattern(source, target, names)
    }
    fn fill(&self, _: &str, _: &str, pattern: &str, source: &str, names: &[String]) -> Option<String> {
        translation::fill(pattern, source, names)
    }
}

/// A carrier that keeps what it carried; down, it takes nothing.
#[derive(Default)]
struct Air {
    down: AtomicBool,
    carried: Mutex<Vec<(String, String)>>,
}

#[async_trait::async_trait]
impl Carrier for Air {
    fn abilities(&self) -> Abilities {
        Abilities { repeat: Repeat::Blind, receipts: false, longest: 0, slowest: std::time::Duration::from_secs(60) }
    }
    async fn send(&self, set: &[Outgoing]) -> Vec<SendResult> {
        let one = |outgoing: &Outgoing| {
            if self.down.load(Ordering::SeqCst) {
                return SendResult::Fault(SendFault::NotSent("down".into()));
            }
            if let (Destination::Phone(phone), Content::Text(text)) = (&outgoing.to, &outgoing.content) {
                self.carried.lock().unwrap().push((phone.reveal().to_owned(), text.reveal().to_owned()));
            }
            SendResult::Accepted(Accepted { provider_ids: vec![outgoing.reference()], segments: None })
        };
        set.iter().map(one).collect()
    }
    async fn find(&self, _: &Attempted) -> Found {
        Found::Unclear
    }
}

/// A school in a box.
struct School {
    flows: Flows,
    clock: Arc<Hand>,
    air: Arc<Air>,
    district: DistrictId,
    _folder: tempfile::TempDir,
}

/// Tuesday, 10 March 2026, 10:00 in New York.
const TUESDAY: i64 = 1_773_151_200_000_000;
const LUCIA: &str = "+12035550101";

impl School {
    async fn open(rehearsal: bool) -> School {
        let folder = tempfile::tempdir().unwrap();
        let opened = store::open(&format!("sqlite:{}", folder.path().join("h.db").display())).await.unwrap();
        let clock = Arc::new(Hand(AtomicI64::new(TUESDAY)));
        let air = Arc::new(Air::default());
        let carriers: BTreeMap<Channel, Arc<dyn Carrier>> = BTreeMap::from([(Channel::Sms, air.clone() as Arc<dyn Carrier>)]);
        let ports = Ports {
            directory: opened.directory,
            people: opened.people,
            outbound: opened.outbound,
            inbound: opened.inbound,
            words: opened.words,
            views: opened.views,
            texts: Arc::new(sms::Codec),
            letters: Arc::new(email::Post::new(vec![(1, b"secret".to_vec())], email::MailWords::default())),
            translate: Arc::new(translation::Translator::default()),
            passages: Arc::new(Slots),
            carriers,
            clock: clock.clone(),
            ids: Arc::new(Counter(AtomicI64::new(1000))),
            bell: Arc::new(|_| {}),
            staff_url: String::new(),
        };
        let flows = Flows::new(ports, Arc::new(Speech::default()));
        let district = District {
            id: DistrictId(1),
            name: "D".into(),
            zone: "America/New_York".into(),
            staff_language: "en".into(),
            rehearsal,
            machine_words_may_go: false,
            review_minutes: 60,
            quiet: (21 * 60, 7 * 60),
            hours: (8 * 60, 16 * 60),
            undo: (10, 60),
        };
        flows.ports().directory.save_district(&district).await.unwrap();
        let files = ::roster::Files::open(std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/examples/two-schools")));
        let draft = ::roster::compare(&Draft::default(), ::roster::read(&files.unwrap(), &::roster::Mapping::default()), 0).unwrap().draft;
        flows.enrol(district.id, StaffId::HOUSE, &draft, &[]).await.unwrap();
        let school = flows.ports().people.schools(district.id).await.unwrap()[0].id;
        for (id, use_for) in [(1, SenderUse::Office), (2, SenderUse::Conversation), (3, SenderUse::Conversation)] {
            let sender = Sender {
                id: SenderId(id),
                school,
                address: format!("+1203555019{id}"),
                channel: Channel::Sms,
                use_for,
                rate: 50.0,
                paused: false,
            };
            flows.ports().directory.save_sender(district.id, &sender).await.unwrap();
        }
        School { flows, clock, air, district: district.id, _folder: folder }
    }

    fn later(&self, seconds: i64) {
        self.clock.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    async fn person(&self, title: &str) -> rights::Actor {
        let staff = self.flows.ports().people.staff(self.district).await.unwrap();
        let id = staff.iter().find(|person| person.title == title).unwrap().id;
        self.flows.ports().people.actor(self.district, id).await.unwrap().unwrap()
    }

    /// Everything that is due now.
    async fn work(&self) {
        for _ in 0..4 {
            self.flows.expand(self.district).await.unwrap();
            self.flows.receive(self.district).await.unwrap();
            self.flows.tend(self.district).await.unwrap();
            for due in self.flows.ports().directory.due(self.clock.now(), 100).await.unwrap() {
                self.flows.deliver(due, 100).await.unwrap();
            }
        }
    }

    async fn send(&self, text: &str, useful_hours: Option<i64>) {
        let rivera = self.person("Ms Rivera").await;
        let class = self.flows.ports().views.classes(self.district, Some(rivera.staff), &[]).await.unwrap();
        let class = class.iter().find(|class| class.2 == "Grade 2 reading").unwrap().0;
        let form = Form {
            id: MessageId(self.flows.ports().ids.next()),
            audience: message::Audience::Class { class },
            weight: message::Weight::Routine,
            words: message::Words::Free { text: text.into() },
            learning: message::Learning::default(),
            answers: message::AnswerSet::Open,
            send_at: None,
            useful_until: useful_hours.map(|hours| self.clock.now().plus_hours(hours)),
            corrects: None,
        };
        self.flows.send(&rivera, &form).await.unwrap();
    }

    fn reads(&self, phone: &str) -> Vec<String> {
        self.air.carried.lock().unwrap().iter().filter(|(to, _)| to == phone).map(|(_, text)| text.clone()).collect()
    }

    async fn writes(&self, phone: &str, number: &str, key: &str, text: &str) {
        let event = Event::Incoming {
            key: key.into(),
            from: phone.into(),
            to: number.into(),
            text: text.into(),
            media: vec![],
            carrier_answered: false,
        };
        self.flows.take_events(vec![event]).await.unwrap();
        self.work().await;
    }
}

#[tokio::test]
async fn in_rehearsal_nothing_leaves() {
    let school = School::open(true).await;
    school.send("Class trip on Friday", None).await;
    school.later(61);
    school.work().await;
    assert!(school.air.carried.lock().unwrap().is_empty());
}

#[tokio::test]
async fn words_nobody_reviews_in_time_go_as_the_original_with_a_notice() {
    let school = School::open(false).await;
    school.send("Class trip on Friday", None).await;
    school.work().await;
    assert!(school.reads("+12035550103").is_empty(), "undo: for a minute nothing leaves");
    school.later(61);
    school.work().await;
    assert_eq!(school.reads("+12035550103").len(), 1, "English goes");
    assert!(school.reads(LUCIA).is_empty(), "Spanish waits for the interpreter");
    school.later(3600);
    school.work().await;
    let texts = school.reads(LUCIA);
    assert_eq!(texts.len(), 2, "{texts:?}");
    assert!(texts[0].contains("viene en ingl"), "the notice first: {}", texts[0]);
    assert!(texts[1].starts_with("Ms Rivera: Class trip"), "{}", texts[1]);
}

#[tokio::test]
async fn a_late_bus_while_the_carrier_is_down_is_never_sent_late_and_its_author_is_told() {
    let school = School::open(false).await;
    school.air.down.store(true, Ordering::SeqCst);
    school.send("The bus is 20 minutes late", Some(1)).await;
    for _ in 0..8 {
        school.later(900);
        school.work().await;
    }
    school.air.down.store(false, Ordering::SeqCst);
    school.later(900);
    school.work().await;
    assert!(school.reads("+12035550103").is_empty(), "past its use nothing leaves");
    let tasks = school.flows.ports().views.tasks(school.district, &[], false, "Baker", school.clock.now()).await.unwrap();
    assert!(tasks.iter().any(|task| task.kind == conversation::TaskKind::NotReached), "{tasks:?}");
}

#[tokio::test]
async fn a_reply_nobody_reads_goes_to_the_office_and_the_family_is_told_once() {
    let school = School::open(false).await;
    school.send("Class trip on Friday", None).await;
    school.later(61);
    school.work().await;
    school.writes("+12035550103", "+12035550192", "k1", "Can Leo bring lunch?").await;
    let office = school.person("Maple Street office").await;
    let mine =
        || async { school.flows.ports().views.inbox(school.district, office.staff, false, &[], school.clock.now()).await.unwrap().len() };
    assert_eq!(mine().await, 0);
    school.later(26 * 3600);
    school.work().await;
    assert_eq!(mine().await, 1, "the clock passed: it is the office's now");
    assert!(school.reads("+12035550103").iter().any(|text| text.contains("Maple Street office answers your text now")));
}

#[tokio::test]
async fn a_question_nobody_answers_is_read_by_the_office() {
    let school = School::open(false).await;
    school.writes(LUCIA, "+12035550191", "k1", "¿Hay clases mañana?").await;
    assert!(school.reads(LUCIA)[0].contains("¿Para quién es?"));
    school.later(121 * 60);
    school.work().await;
    let figures = school.flows.ports().views.inbound_figures(school.district).await.unwrap();
    assert_eq!((figures.asked, figures.received), (1, 1));
    let tasks = school.flows.ports().views.tasks(school.district, &[], false, "", school.clock.now()).await.unwrap();
    assert!(tasks.iter().any(|task| task.reason.contains("did not say whom")));
}

#[tokio::test]
async fn words_of_danger_reach_a_person_whatever_the_route() {
    let school = School::open(false).await;
    school.writes("+12035550150", "+12035550191", "k1", "my son has a knife at school").await;
    let tasks = school.flows.ports().views.tasks(school.district, &[], false, "", school.clock.now()).await.unwrap();
    let risk = tasks.iter().find(|task| task.kind == conversation::TaskKind::Risk).expect("a task to look now");
    assert!(risk.due <= school.clock.now().plus_minutes(5));
}
