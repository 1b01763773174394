//! The same acts on the real store: SQLite in a file of its own, through the ports. What it answers and what it holds must be what
//! the model says.

use crate::people::*;
use crate::queue::*;
use domain::delivery::DeliveryState;
use domain::message::*;
use domain::people::*;
use domain::ports::*;
use domain::*;
use std::collections::{BTreeMap, BTreeSet};
use tokio::runtime::Runtime;

const HERE: DistrictId = DistrictId(1);

pub struct Mirror {
    runtime: Runtime,
    store: store::Opened,
    accepted: BTreeSet<i64>,
    pub compared: u64,
    _folder: tempfile::TempDir,
}

fn audit(at: Time) -> Audit {
    Audit { staff: StaffId::HOUSE, at, act: "sent", subject: "simulation".into(), detail: String::new() }
}

fn rendition(message: &Message, language: &str, channel: Channel) -> Rendition {
    let index = GUARDIANS.iter().position(|row| row.1 == language).unwrap_or(9) as i64;
    Rendition {
        id: RenditionId(message.id.0 * 100 + index * 2 + i64::from(channel == Channel::Email)),
        message: message.id,
        language: language.to_owned(),
        channel,
        subject: String::new(),
        text: "words".into(),
        notice: String::new(),
        from: WordsFrom::Person,
        source: String::new(),
        state: RenditionState::Ready,
    }
}

fn relation(guardian: i64, student: i64, right: Right) -> RelationRow {
    let (guardian, student) = (GuardianId(guardian), StudentId(student));
    RelationRow { guardian, student, relation: "adult".into(), right, order_from: None, order_until: None }
}

impl Mirror {
    pub fn open(senders: &[Sender]) -> Mirror {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let memory = std::path::Path::new("/dev/shm");
        let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.expect("a folder");
        let url = format!("sqlite:{}", folder.path().join("h.db").display());
        let store = runtime.block_on(store::open(&url)).expect("a store");
        let mirror = Mirror { runtime, store, accepted: BTreeSet::new(), compared: 0, _folder: folder };
        mirror.runtime.block_on(mirror.enrol(senders));
        mirror
    }

    async fn enrol(&self, senders: &[Sender]) {
        let district = District {
            id: HERE,
            name: "D".into(),
            zone: "America/New_York".into(),
            staff_language: "en".into(),
            rehearsal: false,
            allowed: vec![],
            introduce: false,
            email_first: false,
            machine_words_may_go: false,
            review_minutes: 60,
            quiet: (0, 0),
            hours: (480, 960),
            undo: (0, 0),
        };
        self.store.directory.save_district(&district).await.expect("a district");
        let guardian = |row: &(i64, &str, &[i64], &[i64])| GuardianRow {
            id: GuardianId(row.0),
            source: format!("g{}", row.0),
            name: "G".into(),
            language: Some(row.1.into()),
            language_as_written: row.1.into(),
            reads: Reads::Written,
            signs: false,
            rule: ContactRule::Any,
        };
        let contact = |id: i64| ContactRow {
            id: ContactId(id),
            channel: Families::channel(id),
            address: format!("a{id}"),
            textable: true,
            guardians: GUARDIANS.iter().filter(|row| row.3.contains(&id)).map(|row| GuardianId(row.0)).collect(),
        };
        let school = School { id: SCHOOL, name: "S".into(), short_name: "S".into(), zone: None, phone: "1".into() };
        let rows = Enrolment {
            schools: vec![("s".into(), school)],
            students: CHILDREN.iter().map(|id| (StudentId(*id), format!("k{id}"), "A".into(), "B".into(), SCHOOL, false)).collect(),
            guardians: GUARDIANS.iter().map(guardian).collect(),
            relations: GUARDIANS.iter().flat_map(|row| row.2.iter().map(|child| relation(row.0, *child, Right::Full))).collect(),
            contacts: (61..=65).map(contact).collect(),
            draft_json: "{}".into(),
            ..Enrolment::default()
        };
        self.store.people.enrol(HERE, &rows, &audit(Time(1))).await.expect("enrolled");
        for sender in senders {
            self.store.directory.save_sender(HERE, sender).await.expect("a sender");
        }
    }

    /// The office's word on one adult and one child.
    pub fn decides(&mut self, guardian: i64, child: i64, kept_out: bool, now: Time) {
        let right = if kept_out { Right::None } else { Right::Full };
        let (relation, audit) = (relation(guardian, child, right), audit(now));
        self.runtime.block_on(self.store.people.set_right(HERE, &relation, &audit)).expect("decided");
    }

    pub fn plan(&mut self, message: &Message, rows: &[Row], new: usize) {
        if rows.is_empty() {
            return;
        }
        let delivery = |row: &Row| NewDelivery {
            id: DeliveryId(row.id),
            contact: ContactId(row.contact),
            rendition: rendition(message, row.language, row.channel).id,
            sender: SenderId(row.sender),
            lane: row.lane,
            weight: row.weight,
            state: row.state,
            opens: row.opens,
            closes: row.closes,
            students: row.students.iter().map(|id| (StudentId(*id), "A".to_owned())).collect(),
            menu_base: 0,
            offers: domain::message::AnswerSet::None,
            speaks_for: StaffId(row.speaks_for),
        };
        // Never the last slice, and always the same: the ladder adds to the same message.
        let slice = Slice { deliveries: rows.iter().map(delivery).collect(), cursor: Some(GuardianId(0)), ..Slice::default() };
        let all =
            ["es", "so", "ar", "und"].into_iter().flat_map(|tag| [Channel::Sms, Channel::Email].map(|way| rendition(message, tag, way)));
        let all: Vec<Rendition> = all.collect();
        let outbound = &self.store.outbound;
        let first = self.accepted.insert(message.id.0);
        let made = self.runtime.block_on(async {
            if first {
                assert!(outbound.accept(HERE, message, &all, &[], &audit(message.written)).await.expect("accepted"));
            }
            outbound.plan(HERE, message.id, &slice).await.expect("planned")
        });
        assert_eq!(made, new as u64, "the store made other deliveries than the model");
    }

    pub fn claim(&mut self, (sender, lane): (i64, Lane), (now, until): (Time, Time), most: i64, held: &[Claim]) {
        let day = domain::time::carrier_day(now);
        let ask = Ask { district: HERE, sender: SenderId(sender), lane, now, until, most, day };
        let claimed = self.runtime.block_on(self.store.outbound.claim(&ask)).expect("claimed");
        self.same(held, &claimed);
    }

    pub fn reclaim(&mut self, now: Time, until: Time, held: &[Claim]) {
        let claimed = self.runtime.block_on(self.store.outbound.reclaim(HERE, now, until, 10_000)).expect("reclaimed");
        self.same(held, &claimed);
    }

    fn same(&mut self, held: &[Claim], claimed: &[Claimed]) {
        let theirs = |one: &Claimed| Claim { id: one.delivery.0, attempt: one.attempt, state: one.state, at: one.at, until: one.until };
        let theirs: Vec<Claim> = claimed.iter().map(theirs).collect();
        assert_eq!(held, theirs, "model (left) and store (right) claimed differently");
        self.compared += 1;
    }

    pub fn settle(&mut self, all: &[Settle], done: &[bool]) {
        let one = |one: &Settle| Settlement {
            over: None,
            delivery: DeliveryId(one.held.id),
            attempt: one.held.attempt,
            until: one.held.until,
            state: one.state,
            opens: one.opens,
            provider_ids: one.provider_id.iter().cloned().collect(),
            claimed: Time(0),
            segments: 0,
            reason: one.reason.clone(),
            walked: false,
            at: one.at,
        };
        let set: Vec<Settlement> = all.iter().map(one).collect();
        let theirs = self.runtime.block_on(self.store.outbound.settle(HERE, &set)).expect("settled");
        assert_eq!(done, theirs, "model (left) and store (right) settled differently");
    }

    pub fn receipt(&mut self, receipt: &Receipt) {
        let row = NewReceipt {
            key: receipt.key.clone(),
            attempt: receipt.attempt.map(|(delivery, attempt)| (DeliveryId(delivery), attempt)),
            provider_id: receipt.provider_id.clone(),
            state: receipt.state,
            code: String::new(),
            at: receipt.at,
        };
        self.runtime.block_on(self.store.outbound.receipts(HERE, &[row])).expect("receipts");
    }

    pub fn block(&mut self, contact: i64, bits: i16, only: Option<i64>, at: Time) {
        let inbound = &self.store.inbound;
        let id = IncomingId(at.0 * 10 + contact + i64::try_from(self.compared).unwrap_or(0) * 7919);
        let raw = NewIncoming {
            id,
            key: format!("b{id}"),
            via: conversation::Via::Sms,
            received: at,
            from: format!("a{contact}"),
            to: "x".into(),
            raw: b"STOP".to_vec(),
            carrier_answered: false,
        };
        let conclusion = Conclusion {
            contact: Some(ContactId(contact)),
            block: Some((ContactId(contact), bits, only.map(StaffId))),
            ..Conclusion::of(id, conversation::Place::Handled, String::new(), audit(at))
        };
        self.compared += 1;
        self.runtime.block_on(async {
            assert!(inbound.take_in(HERE, &[raw]).await.expect("taken in")[0], "an id came twice");
            assert!(inbound.conclude(HERE, &conclusion).await.expect("concluded"));
        });
    }

    pub fn pause(&mut self, sender: i64, paused: bool, at: Time) {
        self.runtime.block_on(self.store.outbound.pause_sender(HERE, SenderId(sender), paused, "", &audit(at))).expect("paused");
    }

    pub fn withdraw(&mut self, message: MessageId, at: Time) {
        if self.accepted.contains(&message.0) {
            self.runtime.block_on(self.store.outbound.withdraw(HERE, message, &audit(at))).expect("withdrawn");
        }
    }

    pub fn walked(&mut self, id: i64) {
        let done = self.runtime.block_on(self.store.outbound.walk(HERE, DeliveryId(id), &Rung::default())).expect("walked");
        assert!(done, "the store does not think that delivery {id} has fallen");
    }

    /// States and attempts of these deliveries.
    pub fn compare(&mut self, rows: &BTreeMap<i64, Row>, ids: impl Iterator<Item = i64>) {
        for id in ids {
            let Some(row) = rows.get(&id) else { continue };
            let info = self.runtime.block_on(self.store.outbound.delivery(HERE, DeliveryId(id))).expect("read").expect("it is there");
            let ours: (DeliveryState, i16) = (row.state, row.attempt);
            assert_eq!(ours, (info.state, info.attempt), "delivery {id}: model (left) and store (right) differ");
            self.compared += 1;
        }
    }
}
