//! A world: one school, its people, its nodes, two companies and a clock, moved one small step at a time by dice. Every rule it
//! follows is the house's own (`domain`, `messaging::{fates, decide, choose_sender}`); what the store does is [`Queue`].

use crate::checks::Checks;
use crate::company::Company;
use crate::dice::Dice;
use crate::node::Node;
use crate::people::*;
use crate::queue::*;
use domain::carrier::Repeat;
use domain::delivery::DeliveryState::*;
use domain::menu::{Meaning, MenuEntry};
use domain::message::*;
use domain::people::{Channel, Sender, SenderUse};
use domain::ports::{Line, Recent, Route};
use domain::*;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

/// What a family said.
#[derive(Clone, Debug)]
pub enum Said {
    Stop,
    Start,
    Digit(u8),
    Words,
}

/// Something that came in.
#[derive(Clone, Debug)]
pub struct Incoming {
    pub id: i64,
    pub key: i64,
    pub contact: i64,
    pub sender: i64,
    pub said: Said,
    pub claimed_until: Time,
    pub place: Option<conversation::Place>,
}

pub struct World {
    pub dice: Dice,
    /// Time as it passes, and what the clocks show beside it.
    pub truth: Time,
    pub set: i64,
    pub may_jump: bool,
    pub zone: TimeZone,
    pub quiet: (i64, i64),
    pub people: Families,
    pub queue: Queue,
    pub senders: Vec<Sender>,
    pub companies: BTreeMap<Channel, Company>,
    pub nodes: Vec<Node>,
    pub routes: BTreeMap<(i64, i64, i64), Time>,
    pub menus: Vec<MenuEntry>,
    pub incoming: Vec<Incoming>,
    pub checks: Checks,
    pub next_id: i64,
    pub messages: Vec<Rc<Message>>,
}

const ZONES: [&str; 7] =
    ["America/New_York", "America/Nuuk", "Africa/Casablanca", "Australia/Lord_Howe", "Europe/Dublin", "Asia/Kathmandu", "Asia/Beirut"];

impl World {
    pub fn of(seed: u64) -> World {
        let mut dice = Dice::of(seed);
        let zone = domain::time::zone(dice.of_these(&ZONES));
        let begin: jiff::Timestamp = "2026-01-01T00:00:00Z".parse().expect("a time");
        let jumps: Vec<_> = zone
            .following(begin)
            .take(4)
            .map(|jump| jump.timestamp().as_microsecond())
            .filter(|at| *at < begin.as_microsecond() + 3 * 366 * 86_400_000_000)
            .collect();
        let near = if jumps.is_empty() { begin.as_microsecond() } else { dice.of_these(&jumps) };
        let truth = Time(near - dice.between(0, 2 * 86_400_000_000));
        let hours = |count: u64| Repeat::Keyed(Duration::from_secs(count * 3600));
        let repeat = dice.of_these(&[hours(2), hours(24), Repeat::LookUp, Repeat::Blind]);
        let by_id = dice.once_in(3);
        let mut queue = Queue::default();
        let mut senders = Vec::new();
        for (id, use_for) in
            [(71, SenderUse::Office), (72, SenderUse::Conversation), (73, SenderUse::Conversation), (74, SenderUse::Conversation)]
        {
            let channel = if id == 74 { Channel::Email } else { Channel::Sms };
            let rate = dice.of_these(&[0.2, 2.0, 10.0, 50.0]);
            let daily = dice.of_these(&[0, 0, 0, 40]);
            queue.speakers.insert(id, Speaker { rate, daily, on_time: Time(0), paused: false });
            senders.push(Sender {
                id: SenderId(id),
                school: SCHOOL,
                address: format!("+1203555{id:04}"),
                channel,
                use_for,
                kind: domain::people::NumberKind::Other,
                rate,
                paused: false,
                account: String::new(),
                weight: 1,
                calls: domain::calls::Calls::default(),
                brand: format!("b{id}"),
                daily,
            });
        }
        // One brand for all numbers would share its cap; each has its own here, as the model keeps one count.
        for speaker in queue.speakers.values_mut().skip(1) {
            speaker.daily = 0;
        }
        senders.iter_mut().skip(1).for_each(|sender| sender.daily = 0);
        World {
            truth,
            set: 0,
            may_jump: dice.once_in(2),
            zone,
            quiet: dice.of_these(&[(1260, 420), (1260, 420), (1320, 90), (60, 390), (0, 0), (1200, 1440)]),
            people: Families::new(),
            queue,
            senders,
            companies: BTreeMap::from([(Channel::Sms, Company::of(repeat, by_id)), (Channel::Email, Company::of(Repeat::Blind, false))]),
            nodes: (0..dice.of_these(&[1, 2, 3])).map(|_| Node::default()).collect(),
            routes: BTreeMap::new(),
            menus: Vec::new(),
            incoming: Vec::new(),
            checks: Checks::default(),
            next_id: 1000,
            messages: Vec::new(),
            dice,
        }
    }

    pub fn now(&self) -> Time {
        Time(self.truth.0 + self.set)
    }

    pub fn id(&mut self) -> i64 {
        self.next_id += 1;
        self.next_id
    }

    /// One small step of anybody.
    pub fn step(&mut self) {
        match self.dice.roll(100) {
            0..=7 => self.somebody_writes(),
            8..=13 => self.a_family_writes(),
            14..=15 => self.the_office_decides(),
            16..=17 => self.weather(),
            18..=25 => self.time_passes(),
            26..=33 => self.a_receipt_comes(),
            34..=37 => self.walk(),
            38 => self.somebody_stops(),
            _ => {
                let index = self.dice.roll(self.nodes.len());
                self.node_step(index);
            }
        }
        self.arrivals();
    }

    pub fn arrivals(&mut self) {
        for company in self.companies.values_mut() {
            for delivery in company.takes(&mut self.dice, self.truth) {
                let times = company.taken[&delivery];
                self.checks.taken(&self.queue.rows[&delivery], times, company.repeat);
            }
        }
    }

    /// Staff write: to a class, a family, a school; rights first, then who is reached, then the slice.
    fn somebody_writes(&mut self) {
        let staff = self.dice.of_these(&[21, 22, 23, OFFICE]);
        let audience = match self.dice.roll(6) {
            0..=2 => Audience::Class { class: ClassId(staff) },
            3..=4 => Audience::Family { student: StudentId(self.dice.of_these(&CHILDREN)) },
            _ => Audience::School { school: SCHOOL },
        };
        let weight = self.dice.of_these(&[
            Weight::Emergency,
            Weight::Urgent,
            Weight::Essential,
            Weight::Routine,
            Weight::Routine,
            Weight::Community,
        ]);
        let actor = self.people.actor(staff);
        let act = match &audience {
            Audience::Class { class } => rights::Act::WriteClass(*class, SCHOOL),
            Audience::Family { student } => {
                rights::Act::WriteFamily { school: SCHOOL, own_student: self.people.teaches.contains(&(staff, student.0)) }
            }
            _ => rights::Act::WriteSchool(SCHOOL),
        };
        if actor.may(&act).is_err() || actor.may(&rights::Act::Weigh(weight)).is_err() {
            return;
        }
        self.checks.wrote(&self.people, staff, &audience);
        let now = self.now();
        let hours = self.dice.of_these(&[1, 6, 24, 72]);
        let answers = self.dice.of_these(&[AnswerSet::Coming, AnswerSet::Permission, AnswerSet::Open, AnswerSet::Absence]);
        let starts = self.dice.of_these(&[0, 10, 60, 7200]);
        let id = self.id();
        let message = message(id, staff, weight, audience, answers, now, now.plus_seconds(starts), now.plus_hours(hours));
        self.plan(&Rc::new(message), false);
    }

    /// The expansion of a message; sometimes done twice, as a process that died does it.
    fn plan(&mut self, message: &Rc<Message>, twice: bool) {
        let children = self.people.children(&message.audience);
        let reach = self.people.reach(&children, &self.queue.blocks);
        let first = if message.id.0 % 4 == 0 { Channel::Email } else { Channel::Sms };
        let fates = messaging::fates(&reach, &message.audience, message.weight, first);
        let opens =
            if message.weight <= Weight::Urgent { message.not_before } else { quiet::opens(message.not_before, self.quiet, &self.zone) };
        let mut rows = Vec::new();
        let mut lines = self.lines();
        let mut menus = Vec::new();
        for target in &fates.targets {
            let Some(sender) = messaging::choose_sender(&self.senders, message, target, &lines) else { continue };
            let (sender, channel) = (sender.id.0, sender.channel);
            let contact = target.contact.0;
            let language = GUARDIANS.iter().find(|row| Some(row.1) == target.language.as_deref()).map_or("und", |row| row.1);
            let open: Vec<u8> = lines
                .iter()
                .filter(|line| line.contact == target.contact && line.sender.0 == sender)
                .flat_map(|line| line.digits.clone())
                .collect();
            let offered = domain::menu::digits(message.answers, 1).len().saturating_sub(1);
            let base = if channel == Channel::Email { 0 } else { domain::menu::base(&open, offered) };
            let id = self.id();
            let lane = match (message.weight, &message.audience) {
                (Weight::Emergency | Weight::Urgent, _) => Lane::Emergency,
                (_, Audience::Family { .. }) => Lane::Direct,
                _ => Lane::Broadcast,
            };
            let students = target.children.iter().map(|child| child.id.0).collect();
            let row = self.row(id, message, (contact, language), (sender, channel), lane, opens, students);
            let until = message.useful_until.max(self.now().plus_days(1));
            let mut digits = Vec::new();
            for (digit, answer) in domain::menu::digits(message.answers, base) {
                let meaning = Meaning::Answer { delivery: DeliveryId(id), answer };
                digits.push(digit);
                menus.push((id, MenuEntry { contact: target.contact, sender: SenderId(sender), digit, meaning, until }));
            }
            lines.push(Line { contact: target.contact, sender: SenderId(sender), staff: vec![message.author], past: vec![], digits });
            rows.push(row);
        }
        let new = self.queue.plan(message, rows.clone());
        assert!(!twice || new.is_empty(), "an expansion done twice made new deliveries");
        self.checks.planned(&self.people, rows.iter().filter(|row| new.contains(&row.id)));
        for row in rows.iter().filter(|row| new.contains(&row.id) && row.channel == Channel::Sms && row.sender != 71) {
            self.routes.insert((row.contact, row.sender, row.speaks_for), self.truth);
        }
        for (_, entry) in menus.into_iter().filter(|(id, _)| new.contains(id)) {
            self.checks.offered(&self.menus, &entry, self.now(), false);
            self.menus.push(entry);
        }
        if !twice {
            self.messages.push(message.clone());
            if self.dice.once_in(5) {
                self.plan(message, true);
            }
            if self.dice.once_in(30) {
                let now = self.now();
                self.queue.withdraw(message.id, now);
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "a delivery is what it is")]
    fn row(
        &self,
        id: i64,
        message: &Rc<Message>,
        (contact, language): (i64, &'static str),
        (sender, channel): (i64, Channel),
        lane: Lane,
        opens: Time,
        students: Vec<i64>,
    ) -> Row {
        Row {
            id,
            message: message.clone(),
            contact,
            language,
            channel,
            sender,
            lane,
            weight: message.weight,
            state: Queued,
            attempt: 0,
            opens,
            closes: message.useful_until,
            at: Time(0),
            until: None,
            speaks_for: message.author.0,
            students,
            changed: opens,
            reason: String::new(),
            walked: false,
            clock_set: false,
        }
    }

    /// Routes and open digits, as `Outbound::lines` gives them.
    fn lines(&self) -> Vec<Line> {
        let now = self.now();
        let mut all: BTreeMap<(i64, i64), Line> = BTreeMap::new();
        let blank =
            |contact, sender| Line { contact: ContactId(contact), sender: SenderId(sender), staff: vec![], past: vec![], digits: vec![] };
        for (contact, sender, staff) in self.routes.keys() {
            all.entry((*contact, *sender)).or_insert_with(|| blank(*contact, *sender)).staff.push(StaffId(*staff));
        }
        for entry in self.menus.iter().filter(|entry| entry.until > now) {
            let key = (entry.contact.0, entry.sender.0);
            all.entry(key).or_insert_with(|| blank(key.0, key.1)).digits.push(entry.digit);
        }
        all.into_values().collect()
    }

    /// A notice of ours, at once: lane of answers, and through every block (it may confirm one).
    pub fn notice(&mut self, contact: i64, sender: i64, answers_to: i64) {
        let now = self.now();
        let audience = Audience::Contact { contact: ContactId(contact) };
        let id = self.id();
        let mut message = message(id, 0, Weight::Routine, audience, AnswerSet::None, now, now, now.plus_days(1));
        message.answers_to = Some(IncomingId(answers_to));
        let message = Rc::new(message);
        let id = self.id();
        let channel = Families::channel(contact);
        let language = GUARDIANS.iter().find(|row| row.3.contains(&contact)).map_or("und", |row| row.1);
        let mut row = self.row(id, &message, (contact, language), (sender, channel), Lane::Reply, now, vec![]);
        row.weight = Weight::Emergency;
        self.queue.plan(&message, vec![row]);
    }

    /// A member of staff answers in a conversation; in a live exchange quiet hours do not hold it.
    fn answer(&mut self, contact: i64, sender: i64, staff: i64, incoming: i64) {
        let now = self.now();
        let id = self.id();
        let mut message = message(
            id,
            staff,
            Weight::Routine,
            Audience::Thread { thread: ThreadId(1) },
            AnswerSet::None,
            now,
            now.plus_seconds(10),
            now.plus_days(3),
        );
        message.answers_to = Some(IncomingId(incoming));
        let message = Rc::new(message);
        let id = self.id();
        let language = GUARDIANS.iter().find(|row| row.3.contains(&contact)).map_or("und", |row| row.1);
        let row = self.row(id, &message, (contact, language), (sender, Channel::Sms), Lane::Reply, message.not_before, vec![]);
        self.queue.plan(&message, vec![row]);
    }

    /// A family writes from a phone to one of our numbers: a webhook, sometimes twice.
    fn a_family_writes(&mut self) {
        let (contact, sender) = (self.dice.of_these(&PHONES), self.dice.of_these(&[71, 72, 73]));
        let said = match self.dice.roll(10) {
            0..=1 => Said::Stop,
            2..=3 => Said::Start,
            4..=7 => Said::Digit(self.dice.roll(10) as u8),
            _ => Said::Words,
        };
        let id = self.id();
        for _ in 0..self.dice.of_these(&[1, 1, 2]) {
            if self.incoming.iter().all(|one| one.key != id) {
                let claimed_until = Time(0);
                self.incoming.push(Incoming { id, key: id, contact, sender, said: said.clone(), claimed_until, place: None });
            }
        }
    }

    /// What is known about a text's two ends, as `Inbound::evidence` gives it.
    pub fn evidence(&self, contact: i64, sender: i64) -> ports::Evidence {
        let now = self.now();
        let mine = |entry: &&MenuEntry| entry.contact.0 == contact && entry.sender.0 == sender;
        let month = now.plus_days(-30);
        let recent = |row: &&Row| {
            row.contact == contact
                && row.sender == sender
                && matches!(row.state, Claimed | Accepted | Delivered | Uncertain)
                && row.message.author.0 != 0
                && row.changed > month
        };
        let asks = |one: &&Incoming| one.contact == contact && one.sender == sender && one.place == Some(conversation::Place::Question);
        ports::Evidence {
            routes: self
                .routes
                .iter()
                .filter(|(key, _)| key.0 == contact && key.1 == sender)
                .map(|(key, at)| Route { staff: StaffId(key.2), student: None, at: *at })
                .collect(),
            open: self.menus.iter().rev().filter(mine).filter(|entry| entry.until > now).cloned().collect(),
            closed_digits: self.menus.iter().filter(mine).filter(|entry| entry.until <= now).map(|entry| entry.digit).collect(),
            recent: self
                .queue
                .rows
                .values()
                .filter(recent)
                .map(|row| Recent {
                    delivery: DeliveryId(row.id),
                    speaks_for: StaffId(row.speaks_for),
                    student: None,
                    at: row.changed,
                    message: row.message.id,
                })
                .take(20)
                .collect(),
            taken: self.menus.iter().filter(mine).filter(|entry| entry.until > now).map(|entry| entry.digit).collect(),
            pending: self.incoming.iter().filter(asks).map(|one| IncomingId(one.id)).collect(),
            ..ports::Evidence::default()
        }
    }

    /// An incoming concluded, in one step; only the first conclusion counts.
    pub fn conclude(&mut self, index: usize, evidence: &ports::Evidence) {
        use conversation::Place;
        let Incoming { id, contact, sender, said, place, .. } = self.incoming[index].clone();
        if place.is_some() {
            return;
        }
        let now = self.now();
        let mut ended = Place::Handled;
        match said {
            Said::Stop => {
                self.queue.block(contact, Weight::STOP_BITS, None, now);
                self.checks.stops.insert(contact, Weight::STOP_BITS);
                let last =
                    evidence.recent.first().map(|recent| recent.speaks_for).or_else(|| evidence.routes.first().map(|route| route.staff));
                let until = now.plus_days(30);
                let entry = |digit, meaning| MenuEntry { contact: ContactId(contact), sender: SenderId(sender), digit, meaning, until };
                self.menus.push(entry(8, Meaning::StopAll));
                self.menus.extend(last.map(|staff| entry(7, Meaning::StopOnly { staff })));
                self.notice(contact, sender, id);
            }
            Said::Start => {
                self.queue.block(contact, 0, None, now);
                self.checks.starts(contact);
                self.notice(contact, sender, id);
            }
            Said::Digit(digit) => match domain::menu::meant(&evidence.open, digit) {
                Some(entry) => {
                    self.checks.chosen(entry, &evidence.open, digit, now);
                    match entry.meaning.clone() {
                        Meaning::StopAll => {
                            self.queue.block(contact, Weight::ALL_BITS, None, now);
                            self.checks.stops.insert(contact, Weight::ALL_BITS);
                        }
                        Meaning::StopOnly { staff } => {
                            self.queue.block(contact, 0, Some(staff.0), now);
                            self.checks.starts_but(contact, staff.0);
                        }
                        Meaning::Answer { delivery, .. } => {
                            let row = &self.queue.rows[&delivery.0];
                            let staff = row.speaks_for;
                            self.checks.reaches(&self.people, &self.queue.rows, (contact, sender), staff);
                            self.routes.insert((contact, sender, staff), self.truth);
                            ended = Place::Thread;
                        }
                        Meaning::For { incoming, staff, .. } => {
                            self.checks.reaches(&self.people, &self.queue.rows, (contact, sender), staff.0);
                            self.routes.insert((contact, sender, staff.0), self.truth);
                            let asked = self.incoming.iter_mut().filter(|one| one.id == incoming.0 || one.place == Some(Place::Question));
                            asked
                                .filter(|one| (one.contact, one.sender) == (contact, sender))
                                .for_each(|one| one.place = Some(Place::Thread));
                            ended = Place::Thread;
                        }
                        _ => {}
                    }
                    self.notice(contact, sender, id);
                }
                None => ended = self.routed(id, (contact, sender), evidence),
            },
            Said::Words => ended = self.routed(id, (contact, sender), evidence),
        }
        self.incoming[index].place = Some(ended);
    }

    fn routed(&mut self, id: i64, (contact, sender): (i64, i64), evidence: &ports::Evidence) -> conversation::Place {
        use conversation::Place;
        let card = self.people.card(contact);
        let came = messaging::Came { at: self.now(), known: true, office: sender == 71, addressed: None };
        match messaging::decide(evidence, &card, &came) {
            messaging::Decision::Thread { staff, .. } => {
                self.checks.reaches(&self.people, &self.queue.rows, (contact, sender), staff.0);
                self.checks.only_one(evidence, staff, came.at);
                self.routes.insert((contact, sender, staff.0), self.truth);
                self.notice(contact, sender, id);
                if self.dice.once_in(2) {
                    self.answer(contact, sender, staff.0, id);
                }
                Place::Thread
            }
            messaging::Decision::Ask(mut candidates) => {
                let open: Vec<u8> = evidence.open.iter().map(|entry| entry.digit).collect();
                // Another node offered digits since this one read which are open.
                let stale = self.evidence(contact, sender).open.len() != evidence.open.len();
                let mut base = domain::menu::base(&open, candidates.len());
                while base == 0 && candidates.len() > 1 {
                    candidates.pop();
                    base = domain::menu::base(&open, candidates.len());
                }
                if candidates.is_empty() || base == 0 {
                    return Place::Office;
                }
                let until = self.now().plus_days(2);
                for (index, candidate) in candidates.iter().enumerate() {
                    self.checks.names(&self.people, &self.queue.rows, (contact, sender), candidate.staff.0);
                    let meaning = Meaning::For { incoming: IncomingId(id), staff: candidate.staff, student: candidate.student };
                    let digit = base + index as u8;
                    let entry = MenuEntry { contact: ContactId(contact), sender: SenderId(sender), digit, meaning, until };
                    self.checks.offered(&self.menus, &entry, self.now(), stale);
                    self.menus.push(entry);
                }
                self.notice(contact, sender, id);
                Place::Question
            }
            messaging::Decision::Waits => Place::Question,
            messaging::Decision::Office => Place::Office,
        }
    }

    /// An order begins or ends; a roster gives a child another teacher.
    fn the_office_decides(&mut self) {
        let (guardian, _, children, contacts) = self.dice.of_these(&GUARDIANS);
        let child = self.dice.of_these(children);
        let now = self.now();
        if self.dice.once_in(2) {
            let (teacher, child) = (self.dice.of_these(&TEACHERS), self.dice.of_these(&CHILDREN));
            if !self.people.teaches.remove(&(teacher, child)) {
                self.people.teaches.insert((teacher, child));
            }
            return;
        }
        let ends = self.people.orders.remove(&(guardian, child));
        if !ends && !self.dice.once_in(10) {
            return;
        }
        // A roster's order withholds nothing of what waits: the claim does.
        let by_roster = self.queue.mirror.is_none() && self.dice.once_in(2);
        if !ends {
            self.people.orders.insert((guardian, child));
        }
        if !ends && !by_roster {
            let waits = |row: &&Row| contacts.contains(&row.contact) && row.students.contains(&child) && row.state == Queued;
            let ids: Vec<i64> = self.queue.rows.values().filter(waits).map(|row| row.id).collect();
            self.queue.withhold(&ids, ladder::NOT_INCLUDED, now);
        }
        if let Some(mirror) = &mut self.queue.mirror {
            mirror.decides(guardian, child, !ends, now);
        }
    }

    /// A company goes down or comes back; an operator lets a paused number speak again.
    fn weather(&mut self) {
        let channel = self.dice.of_these(&[Channel::Sms, Channel::Sms, Channel::Email]);
        let down = self.dice.once_in(3);
        self.companies.get_mut(&channel).expect("a company").down = down;
        let now = self.now();
        let paused: Vec<i64> = self.queue.speakers.iter().filter(|(_, one)| one.paused).map(|(id, _)| *id).collect();
        for id in paused {
            self.queue.pause(id, false, now);
        }
    }

    fn time_passes(&mut self) {
        let passes = match self.dice.roll(12) {
            0..=5 => self.dice.between(1_000, 2_000_000),
            6..=8 => self.dice.between(1_000_000, 60_000_000),
            9..=10 => self.dice.between(60_000_000, 1_800_000_000),
            _ => self.dice.between(1_800_000_000, 14_400_000_000),
        };
        self.truth.0 += passes;
        if self.may_jump && self.dice.once_in(12) {
            self.set += self.dice.of_these(&[-7_200_000_000, -3_600_000_000, -20_000_000, 20_000_000, 3_600_000_000, 7_200_000_000]);
            self.checks.clock_set();
            for node in &mut self.nodes {
                node.clock_set();
            }
            for row in self.queue.rows.values_mut().filter(|row| matches!(row.state, Claimed | Uncertain)) {
                row.clock_set = true;
            }
        }
    }

    pub fn a_receipt_comes(&mut self) {
        let now = self.now();
        for channel in [Channel::Sms, Channel::Email] {
            let company = self.companies.get_mut(&channel).expect("a company");
            if let Some(receipt) = company.receipt(&mut self.dice, self.truth, now) {
                self.queue.receipt(&receipt);
            }
        }
    }

    /// A node is killed, or sleeps past its deadlines.
    fn somebody_stops(&mut self) {
        let index = self.dice.roll(self.nodes.len());
        if self.dice.once_in(2) {
            self.nodes[index] = Node::default();
        } else {
            self.nodes[index].sleeps_until = Time(self.truth.0 + self.dice.between(1_000_000, 600_000_000));
        }
    }

    /// One rung of the ladder for one delivery that fell.
    pub fn walk(&mut self) {
        let fallen = |row: &&Row| !row.walked && matches!(row.state, Failed | Withheld | Late);
        let Some(row) = self.queue.rows.values().find(fallen).cloned() else { return };
        let message = row.message.clone();
        if self.queue.withdrawn.contains(&message.id.0) {
            self.queue.walked(row.id);
            return;
        }
        let suspended = self.people.suspended.contains(&row.contact);
        let cause = ladder::Cause::of(row.state, &row.reason, suspended).expect("it fell");
        let again = self.now().max(message.not_before);
        let opens = if message.weight <= Weight::Urgent { again } else { quiet::opens(again, self.quiet, &self.zone) };
        let fall = ladder::Fall {
            cause,
            contact: ContactId(row.contact),
            channel: row.channel,
            language: row.language,
            weight: message.weight,
            about_one: matches!(message.audience, Audience::Family { .. }),
            privacy: ladder::Privacy::Open,
            ours: message.author == StaffId::HOUSE,
            for_all: !matches!(message.audience, Audience::Thread { .. } | Audience::Contact { .. }),
            opens,
            ends: message.useful_until,
        };
        let reach = self.people.reach(&row.students, &self.queue.blocks);
        let carried: Vec<(ContactId, delivery::DeliveryState)> = self
            .queue
            .rows
            .values()
            .filter(|other| other.message.id == message.id)
            .map(|other| (ContactId(other.contact), other.state))
            .collect();
        let next = ladder::next(&fall, &reach, &carried);
        let mut rows = Vec::new();
        for way in &next.ways {
            let contact = way.contact.expect("a way has a contact point").0;
            let sender = if way.channel == Channel::Email { 74 } else { 72 };
            let language = GUARDIANS.iter().find(|one| one.0 == way.guardian.0).map_or("und", |one| one.1);
            let students = way.children.iter().map(|child| child.id.0).collect();
            let id = self.id();
            let new = self.row(id, &message, (contact, language), (sender, way.channel), row.lane, opens, students);
            self.checks.another_way(&self.people, &row, &new);
            rows.push(new);
        }
        if next.dead {
            self.people.suspended.insert(row.contact);
        }
        self.queue.walked(row.id);
        let new = self.queue.plan(&message, rows.clone());
        self.checks.planned(&self.people, rows.iter().filter(|row| new.contains(&row.id)));
    }
}

#[expect(clippy::too_many_arguments, reason = "a message is what it is")]
fn message(
    id: i64,
    author: i64,
    weight: Weight,
    audience: Audience,
    answers: AnswerSet,
    written: Time,
    not_before: Time,
    useful_until: Time,
) -> Message {
    Message {
        id: MessageId(id),
        author: StaffId(author),
        school: SCHOOL,
        weight,
        audience,
        words: Words::Free { text: "words".into() },
        learning: Learning::default(),
        answers,
        language: "en".into(),
        written,
        not_before,
        useful_until: useful_until.max(not_before.plus_minutes(5)),
        corrects: None,
        about: None,
        reach_only: false,
        answers_to: None,
        answered_in: None,
    }
}
