//! The school: its people, its families, what they write and read, and time that passes.

use crate::air::Air;
use crate::hands::{Counter, Hand};
use crate::logs;
use domain::carrier::{Event, ReceiptKind, SendFault};
use domain::conversation::TaskKind;
use domain::letter::{LetterVerdict, Letters};
use domain::message::*;
use domain::people::*;
use domain::ports::Clock;
use domain::rights::Actor;
use domain::roster::Draft;
use domain::views::TaskRow;
use domain::*;
use messaging::{Carriers, Flows, Ports, Speech};
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

/// A form filled in with what most stories say.
pub type Form = messaging::Draft;

/// Tuesday, 10 March 2026, 10:00 in New York.
const TUESDAY: i64 = 1_773_151_200_000_000;

/// What the school's mail server calls itself where it says who wrote a letter.
const JUDGE: &str = "mx.maple.example";

/// See the crate.
pub struct School {
    /// The use cases.
    pub flows: Flows,
    /// What was carried, and what goes wrong.
    pub air: Arc<Air>,
    /// The tenant.
    pub district: DistrictId,
    clock: Arc<Hand>,
    letters: Arc<dyn Letters>,
    said: Mutex<Vec<String>>,
    ended: Mutex<bool>,
    count: AtomicI64,
    _folder: tempfile::TempDir,
}

/// A local moment of the school, `2026-03-10T22:00`.
pub fn at(text: &str) -> Time {
    Time::of_local(text.parse().expect("a local time"), &domain::time::zone("America/New_York"))
}

/// A fresh database: a file, or one of its own where `HOMEWORD_POSTGRES` names a server.
fn database(folder: &Path) -> String {
    let Ok(server) = std::env::var("HOMEWORD_POSTGRES") else {
        return format!("sqlite:{}", folder.join("h.db").display());
    };
    static NUMBER: AtomicI64 = AtomicI64::new(0);
    let name = format!("story_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::SeqCst));
    let made = std::process::Command::new("psql").args(["-q", "-d", &server, "-c", &format!("CREATE DATABASE {name}")]).status();
    assert!(made.expect("psql is installed").success(), "no database for a story");
    server.replacen("/postgres?", &format!("/{name}?"), 1)
}

impl School {
    /// The sample district, live, its families introduced long ago.
    pub async fn open() -> School {
        School::opened(|_| {}).await
    }

    /// With settings of its own.
    pub async fn opened(change: impl FnOnce(&mut District)) -> School {
        School::wired(change, |_| {}).await
    }

    /// With ports of its own: what is broken stands behind one.
    pub async fn wired(change: impl FnOnce(&mut District), rewire: impl FnOnce(&mut Ports)) -> School {
        let school = School::empty(change, rewire).await;
        school.enrol(&[]).await;
        for (index, place) in school.flows.ports().people.schools(school.district).await.expect("schools").iter().enumerate() {
            let number = |last: usize| format!("+12035550{}", 190 + 4 * index + last);
            school.speaks_from(place.id, number(0), Channel::Sms, SenderUse::Office).await;
            for last in 1..4 {
                school.speaks_from(place.id, number(last), Channel::Sms, SenderUse::Conversation).await;
            }
            school.speaks_from(place.id, format!("school{index}@mail.maple.example"), Channel::Email, SenderUse::Conversation).await;
        }
        school
    }

    /// A district without people and numbers.
    pub async fn empty(change: impl FnOnce(&mut District), rewire: impl FnOnce(&mut Ports)) -> School {
        logs::keep();
        let folder = tempfile::tempdir().expect("a folder");
        let opened = store::open(&database(folder.path())).await.expect("a store");
        let clock = Arc::new(Hand(AtomicI64::new(TUESDAY)));
        let air = Arc::new(Air::default());
        let carriers = Carriers::default().with(Channel::Sms, "", air.clone()).with(Channel::Email, "", air.clone());
        let post = email::Post::new(vec![(1, b"a secret of the story".to_vec())], crate::mail_words());
        let letters: Arc<dyn Letters> = Arc::new(post.judged_by(JUDGE));
        let mut ports = Ports {
            directory: opened.directory,
            people: opened.people,
            outbound: opened.outbound,
            wide: opened.wide,
            restored: opened.restored,
            inbound: opened.inbound,
            words: opened.words,
            views: opened.views,
            attachments: opened.attachments,
            fetch: air.clone(),
            redraw: air.clone(),
            texts: Arc::new(sms::Codec),
            letters: letters.clone(),
            translate: Arc::new(translation::Translator::default()),
            passages: Arc::new(translation::Slots),
            carriers,
            clock: clock.clone(),
            ids: Arc::new(Counter(AtomicI64::new(1000))),
            bell: Arc::new(|_| {}),
            public_url: "https://homeword.example".into(),
            point: |_| {},
        };
        rewire(&mut ports);
        let flows = Flows::new(ports, Arc::new(Speech::default()));
        let mut district = District {
            id: DistrictId(1),
            name: "Maple and Harbor".into(),
            zone: "America/New_York".into(),
            staff_language: "en".into(),
            rehearsal: false,
            allowed: vec![],
            introduce: false,
            email_first: false,
            machine_words_may_go: false,
            review_minutes: 60,
            quiet: (21 * 60, 7 * 60),
            hours: (8 * 60, 16 * 60),
            undo: (10, 60),
        };
        change(&mut district);
        flows.ports().directory.save_district(&district).await.expect("saved");
        School {
            flows,
            air,
            district: district.id,
            clock,
            letters,
            said: Mutex::default(),
            ended: Mutex::new(false),
            count: AtomicI64::new(0),
            _folder: folder,
        }
    }

    /// Gives a school a number or a mail identity.
    pub async fn speaks_from(&self, school: SchoolId, address: String, channel: Channel, use_for: SenderUse) {
        let id = SenderId(self.flows.ports().ids.next());
        let (rate, daily, weight) = (500.0, 0, 1);
        let (brand, account) = (String::new(), String::new());
        let (kind, calls) = (domain::people::NumberKind::Other, domain::calls::Calls::Says);
        let sender = Sender { id, school, address, channel, use_for, kind, rate, paused: false, brand, daily, account, weight, calls };
        self.flows.ports().directory.save_sender(self.district, &sender).await.expect("saved");
    }

    /// Takes in the sample roster, without the rows of these roster ids.
    pub async fn enrol(&self, without: &[&str]) {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/examples/two-schools");
        let names = ["orgs.csv", "users.csv", "classes.csv", "enrollments.csv"];
        let text = |name: &str| std::fs::read_to_string(Path::new(folder).join(name)).expect("the sample is there");
        let keep = |line: &&str| !without.iter().any(|id| line.split(',').any(|cell| cell == *id));
        let files: Vec<(&str, String)> =
            names.iter().map(|name| (*name, text(name).lines().filter(keep).collect::<Vec<_>>().join("\n"))).collect();
        self.takes_in(&files).await;
    }

    /// Takes in a roster of these files.
    pub async fn takes_in(&self, files: &[(&str, String)]) {
        let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let current = self.flows.enrolled(self.district).await.expect("the kept roster");
        let draft = ::roster::read(&::roster::Files::of(&files), &::roster::Mapping::default());
        let delta = ::roster::compare(&current, draft, 100).expect("no brake");
        let gone: Vec<_> = delta
            .changes
            .iter()
            .filter_map(|change| if let domain::roster::Change::Removed(key) = change { Some(key.clone()) } else { None })
            .collect();
        let _: &Draft = &delta.draft;
        self.flows.enrol(self.district, StaffId::HOUSE, &delta.draft, &gone).await.expect("enrolled");
    }

    /// Now.
    pub fn now(&self) -> Time {
        self.clock.now()
    }

    /// Time passes, and everything due happens.
    pub async fn later(&self, minutes: i64) {
        self.clock.0.fetch_add(minutes * 60_000_000, Ordering::SeqCst);
        self.work().await;
    }

    /// It is then, and everything due happens.
    pub async fn until(&self, moment: Time) {
        self.clock.0.store(moment.0, Ordering::SeqCst);
        self.work().await;
    }

    /// A member of staff by title.
    pub async fn person(&self, title: &str) -> Actor {
        let staff = self.flows.ports().people.staff(self.district).await.expect("staff");
        let id = staff.iter().find(|person| person.title == title).unwrap_or_else(|| panic!("no {title}")).id;
        self.flows.ports().people.actor(self.district, id).await.expect("read").unwrap_or_else(|| panic!("{title} may not sign in"))
    }

    /// A student by name.
    pub async fn student(&self, name: &str) -> StudentId {
        let found = self.flows.ports().views.families(self.district, &[], None, name, 1).await.expect("families");
        found.first().unwrap_or_else(|| panic!("no {name}")).student
    }

    /// A guardian of a student, by name.
    pub async fn guardian(&self, student: StudentId, name: &str) -> GuardianId {
        let family = self.flows.ports().views.family(self.district, student).await.expect("read").expect("a family");
        let found = family.guardians.iter().find(|adult| adult.guardian.name.contains(name));
        found.unwrap_or_else(|| panic!("no {name}")).guardian.id
    }

    /// A form of these words for a class.
    pub async fn to_class(&self, class: &str, words: Words) -> Form {
        let classes = self.flows.ports().views.classes(self.district, None, &[]).await.expect("classes");
        let class = classes.iter().find(|row| row.2 == class).unwrap_or_else(|| panic!("no {class}")).0;
        self.form(Audience::Class { class }, words)
    }

    /// A form of these words for one family.
    pub async fn to_family(&self, student: &str, words: Words) -> Form {
        let student = self.student(student).await;
        self.form(Audience::Family { student }, words)
    }

    /// A form.
    pub fn form(&self, audience: Audience, words: Words) -> Form {
        Form {
            id: MessageId(self.flows.ports().ids.next()),
            audience,
            weight: Weight::Routine,
            words,
            learning: Learning::default(),
            answers: AnswerSet::Open,
            send_at: None,
            useful_until: None,
            corrects: None,
        }
    }

    /// Sends it, and waits out the time in which it can be undone.
    pub async fn sends(&self, title: &str, form: &Form) -> MessageId {
        let id = self.writes_down(title, form).await;
        self.later(1).await;
        self.later(1).await;
        id
    }

    /// Sends it; the time in which it can be undone begins.
    pub async fn writes_down(&self, title: &str, form: &Form) -> MessageId {
        if let Words::Free { text } = &form.words {
            self.remember(text);
        }
        let (id, new) = self.flows.send(&self.person(title).await, form).await.unwrap_or_else(|why| panic!("not sent: {why}"));
        assert!(new, "sent twice");
        self.work().await;
        id
    }

    fn remember(&self, text: &str) {
        if text.chars().count() > 12 {
            self.said.lock().expect("no panic holds it").push(text.to_owned());
        }
    }

    /// The card of the contact point at a number or an address.
    pub async fn card(&self, address: &str) -> domain::ports::ContactCard {
        let people = &self.flows.ports().people;
        let channel = if address.contains('@') { Channel::Email } else { Channel::Sms };
        let contact = people.contact_at(self.district, channel, address).await.expect("read").unwrap_or_else(|| panic!("no {address}"));
        people.card(self.district, contact, self.now()).await.expect("read").unwrap_or_else(|| panic!("no card of {address}"))
    }

    /// What a phone got, oldest first: (our number, words).
    pub fn texts(&self, phone: &str) -> Vec<(String, String)> {
        let texts = self.air.texts.lock().expect("no panic holds it");
        texts.iter().filter(|text| text.to == phone).map(|text| (text.from.clone(), text.text.clone())).collect()
    }

    /// The words of its newest text.
    pub fn reads(&self, phone: &str) -> String {
        self.texts(phone).pop().map(|(_, text)| text).unwrap_or_default()
    }

    /// Our number in its newest text.
    pub fn number(&self, phone: &str) -> String {
        self.texts(phone).pop().map(|(number, _)| number).unwrap_or_default()
    }

    /// Letters in a mailbox, oldest first, as our own reader reads them.
    pub fn mailbox(&self, address: &str) -> Vec<(domain::letter::IncomingLetter, crate::Mailed)> {
        let letters = self.air.letters.lock().expect("no panic holds it");
        letters.iter().filter(|letter| letter.to == address).map(|letter| (self.letters.read(&letter.raw, None), letter.clone())).collect()
    }

    fn key(&self) -> String {
        format!("k{}", self.count.fetch_add(1, Ordering::SeqCst))
    }

    /// A family writes from its phone to one of our numbers.
    pub async fn writes(&self, phone: &str, number: &str, text: &str) {
        self.writes_with(phone, number, text, &[]).await;
    }

    /// The same, with pictures and the like behind these links.
    pub async fn writes_with(&self, phone: &str, number: &str, text: &str, links: &[&str]) {
        self.remember(text);
        let event = Event::Incoming {
            key: self.key(),
            from: phone.into(),
            to: number.into(),
            text: text.into(),
            media: links.iter().map(|link| (*link).to_owned()).collect(),
            carrier_answered: false,
            part: None,
        };
        self.flows.take_events(vec![event], self.now()).await.expect("taken");
        self.work().await;
    }

    /// A family answers the newest text on its phone.
    pub async fn answers(&self, phone: &str, text: &str) {
        let number = self.number(phone);
        assert!(!number.is_empty(), "{phone} has no text to answer");
        self.writes(phone, &number, text).await;
    }

    /// A machine's letter comes back, from nowhere as RFC 5321 has it.
    pub async fn comes_back(&self, to: &str, raw: &str) {
        assert_eq!(self.flows.recipient(to).await, LetterVerdict::Welcome);
        let raw = format!("To: <{to}>\r\nMessage-ID: <{}@families.example>\r\n{raw}", self.key());
        self.flows.take_letter("", to, raw.as_bytes(), self.now()).await.expect("taken");
        self.work().await;
    }

    /// Somebody hands a letter over; what the door said.
    pub async fn posts(&self, from: &str, to: &str, headers: &str, body: &str) -> LetterVerdict {
        self.remember(body);
        let verdict = self.flows.recipient(to).await;
        if verdict == LetterVerdict::Welcome {
            let raw = format!("From: <{from}>\r\nTo: <{to}>\r\nMessage-ID: <{}@families.example>\r\n{headers}\r\n{body}", self.key());
            self.flows.take_letter(from, to, raw.as_bytes(), self.now()).await.expect("taken");
            self.work().await;
        }
        verdict
    }

    /// The carrier says what became of everything a phone got.
    pub async fn receipts(&self, phone: &str, kind: ReceiptKind, code: Option<&str>) {
        self.receipts_of(phone, usize::MAX, kind, code).await;
    }

    /// The same of its first texts, so many.
    pub async fn receipts_of(&self, phone: &str, first: usize, kind: ReceiptKind, code: Option<&str>) {
        let references: Vec<String> = {
            let texts = self.air.texts.lock().expect("no panic holds it");
            texts.iter().filter(|text| text.to == phone).map(|text| text.reference.clone()).take(first).collect()
        };
        let event = |reference: String| Event::Receipt {
            key: self.key(),
            provider_id: reference.clone(),
            reference: Some(reference),
            kind,
            code: code.map(str::to_owned),
            // As a company's translator reads them.
            fault: match code {
                Some("30006") => Some(SendFault::BadAddress("landline".into())),
                Some("30005") => Some(SendFault::BadAddress("no such number".into())),
                Some("21610") => Some(SendFault::OptedOut),
                _ => None,
            },
            ours: None,
        };
        self.flows.take_events(references.into_iter().map(event).collect(), self.now()).await.expect("settled");
        self.work().await;
    }

    /// Open work by hand that names somebody or something.
    pub async fn tasks(&self, search: &str) -> Vec<TaskRow> {
        self.flows.ports().views.tasks(self.district, &[], false, search, self.now()).await.expect("tasks")
    }

    /// Whether there is open work of a kind for somebody.
    pub async fn has_task(&self, search: &str, kind: TaskKind) -> bool {
        self.tasks(search).await.iter().any(|task| task.kind == kind)
    }

    /// A person's inbox: (who, first line, their thread).
    pub async fn inbox(&self, title: &str) -> Vec<(String, String, ThreadId)> {
        let person = self.person(title).await;
        let rows = self.flows.ports().views.inbox(self.district, person.staff, false, &[], self.now()).await.expect("an inbox");
        rows.into_iter().map(|row| (row.who, row.line, row.thread)).collect()
    }

    /// The conversation of a person with whoever is named so.
    pub async fn thread(&self, title: &str, who: &str) -> domain::views::ThreadView {
        let rows = self.inbox(title).await;
        let thread = rows.iter().find(|row| row.0.contains(who)).unwrap_or_else(|| panic!("{title} has nothing from {who}: {rows:?}")).2;
        self.flows.thread(&self.person(title).await, thread).await.expect("a conversation")
    }

    /// The reviewer approves these words for every hold in a language.
    pub async fn approves(&self, title: &str, language: &str, words: &str) {
        let reviewer = self.person(title).await;
        let holds = self.flows.ports().views.holds(self.district, &[language.to_owned()]).await.expect("holds");
        assert!(!holds.is_empty(), "nothing waits in {language}");
        for hold in holds {
            self.flows.approve(&reviewer, hold.hold, words).await.expect("approved");
        }
        self.work().await;
    }

    /// The clock goes on, and nobody works meanwhile.
    pub fn waits(&self, minutes: i64) {
        self.clock.0.fetch_add(minutes * 60_000_000, Ordering::SeqCst);
    }

    /// Everything that is due now.
    pub async fn work(&self) {
        self.rounds(5).await;
    }

    /// So many rounds of everything that is due now; what a round makes due, the next one does.
    pub async fn rounds(&self, rounds: usize) {
        for _ in 0..rounds {
            self.flows.expand(self.district).await.expect("expanded");
            self.flows.receive(self.district).await.expect("received");
            self.flows.fetch(self.district).await.expect("fetched");
            self.flows.reconcile(self.district).await.expect("reconciled");
            self.flows.tend(self.district).await.expect("tended");
            self.flows.ask_restored(self.district).await.expect("asked");
            for due in self.flows.ports().directory.due(self.now(), 1000).await.expect("due") {
                self.flows.deliver(due, 1000).await.expect("delivered");
            }
        }
    }

    /// The end of a story: nothing is left half done, and nobody's words stand in a log line.
    pub async fn ends(self) {
        *self.ended.lock().expect("no panic holds it") = true;
        let ports = self.flows.ports();
        let left = ports.outbound.expansions(self.district, 10).await.expect("read");
        assert!(left.is_empty(), "{} messages are still being planned", left.len());
        let far = self.now().plus_days(1);
        let waiting = ports.inbound.waiting(self.district, far, far, 10).await.expect("read");
        assert!(waiting.is_empty(), "{} incoming were never understood", waiting.len());
        for words in self.said.lock().expect("no panic holds it").iter() {
            assert!(!logs::hold(words), "somebody's words stand in a log line: {words}");
        }
    }
}

impl Drop for School {
    fn drop(&mut self) {
        let ended = *self.ended.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        assert!(ended || std::thread::panicking(), "a story must say that it ends: school.ends().await");
    }
}
