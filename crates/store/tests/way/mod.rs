//! The contract: a small district, out and in, in the words of the ports.

use domain::conversation::*;
use domain::delivery::DeliveryState;
use domain::menu::{Meaning, MenuEntry};
use domain::message::*;
use domain::people::*;
use domain::ports::*;
use domain::*;
use std::sync::atomic::{AtomicI64, Ordering};
use store::Opened;

static NEXT: AtomicI64 = AtomicI64::new(1000);

pub(crate) fn id() -> i64 {
    NEXT.fetch_add(1, Ordering::Relaxed)
}

pub(crate) fn audit(at: i64) -> Audit {
    Audit { staff: StaffId(21), at: Time(at), act: "sent", subject: "test".into(), detail: String::new() }
}

pub(crate) const PHONE: &str = "+12035550101";

/// A district with one school, one teacher, one class, one child, one guardian with one phone.
fn guardian(id: i64, name: &str) -> GuardianRow {
    GuardianRow {
        id: GuardianId(id),
        source: format!("g{id}"),
        name: name.into(),
        language: Some("es".into()),
        language_as_written: "Spanish".into(),
        reads: Reads::Written,
        signs: false,
        rule: ContactRule::Any,
    }
}

pub(crate) async fn district(opened: &Opened) -> (DistrictId, ContactId, SenderId) {
    let district = DistrictId(id());
    let number = format!("+1203{:07}", district.0);
    opened
        .directory
        .save_district(&District {
            id: district,
            name: "D".into(),
            zone: "America/New_York".into(),
            staff_language: "en".into(),
            rehearsal: false,
            allowed: vec![],
            introduce: true,
            email_first: false,
            machine_words_may_go: false,
            review_minutes: 60,
            quiet: (0, 0),
            hours: (480, 960),
            undo: (0, 0),
        })
        .await
        .expect("a district");
    let staff = Staff {
        id: StaffId(21),
        title: "Ms Rivera".into(),
        name: "Elena Rivera".into(),
        email: "r@x.example".into(),
        roles: vec![Role::Teacher],
        schools: vec![SchoolId(11)],
        languages: vec![],
        active: true,
        backup: None,
        absent: false,
        duty: false,
        telling: Telling::Hourly,
        phone: None,
    };
    let rows = Enrolment {
        schools: vec![(
            "s".into(),
            School { id: SchoolId(11), name: "Maple".into(), short_name: "Maple".into(), zone: None, phone: "1".into() },
        )],
        staff: vec![("t".into(), staff)],
        classes: vec![(ClassId(31), "c".into(), SchoolId(11), "Reading".into())],
        students: vec![(StudentId(41), "k".into(), "Sofía".into(), "Morales".into(), SchoolId(11), false)],
        guardians: vec![guardian(51, "Lucía Morales"), guardian(52, "Mateo Morales")],
        attends: vec![(ClassId(31), StudentId(41))],
        teaches: vec![(ClassId(31), StaffId(21))],
        relations: vec![RelationRow {
            guardian: GuardianId(51),
            student: StudentId(41),
            relation: "mother".into(),
            right: Right::Full,
            order_from: None,
            order_until: None,
        }],
        contacts: vec![ContactRow {
            id: ContactId(61),
            channel: Channel::Sms,
            address: PHONE.into(),
            textable: true,
            guardians: vec![GuardianId(51)],
        }],
        passed_on: vec![],
        removed: vec![],
        draft_json: "{}".into(),
    };
    opened.people.enrol(district, &rows, &audit(1)).await.expect("enrolled");
    opened.people.enrol(district, &rows, &audit(2)).await.expect("enrolled again: the same");
    let sender = Sender {
        id: SenderId(71),
        school: SchoolId(11),
        address: number,
        channel: Channel::Sms,
        use_for: SenderUse::Conversation,
        kind: domain::people::NumberKind::Other,
        rate: 1000.0,
        paused: false,
        brand: String::new(),
        daily: 0,
        account: String::new(),
        weight: 1,
        calls: domain::calls::Calls::default(),
    };
    opened.directory.save_sender(district, &sender).await.expect("a sender");
    (district, ContactId(61), SenderId(71))
}

pub(crate) fn message(weight: Weight) -> (Message, Rendition) {
    let message = Message {
        id: MessageId(id()),
        author: StaffId(21),
        school: SchoolId(11),
        weight,
        audience: Audience::Class { class: ClassId(31) },
        words: Words::Free { text: "nul\0 inside".into() },
        learning: Learning::default(),
        answers: AnswerSet::Coming,
        language: "en".into(),
        written: Time(10),
        not_before: Time(10),
        useful_until: Time(1_000_000_000),
        corrects: None,
        about: None,
        reach_only: false,
        answers_to: None,
        answered_in: None,
    };
    let rendition = Rendition {
        id: RenditionId(id()),
        message: message.id,
        language: "es".into(),
        channel: Channel::Sms,
        subject: String::new(),
        text: "hola\0".into(),
        notice: String::new(),
        from: WordsFrom::Person,
        source: "Ms S".into(),
        state: RenditionState::Ready,
    };
    (message, rendition)
}

pub(crate) fn delivery(rendition: &Rendition, contact: ContactId, sender: SenderId, weight: Weight) -> NewDelivery {
    NewDelivery {
        id: DeliveryId(id()),
        contact,
        rendition: rendition.id,
        sender,
        lane: Lane::Broadcast,
        weight,
        state: DeliveryState::Queued,
        opens: Time(10),
        closes: Time(1_000_000_000),
        students: vec![(StudentId(41), "Sofía".into())],
        menu_base: 1,
        offers: AnswerSet::None,
        speaks_for: StaffId(21),
    }
}

pub(crate) fn slice(delivery: &NewDelivery) -> Slice {
    let entry = MenuEntry {
        contact: delivery.contact,
        sender: delivery.sender,
        digit: 1,
        meaning: Meaning::Answer { delivery: delivery.id, answer: Answer::Coming },
        until: Time(1_000_000_000),
    };
    Slice {
        deliveries: vec![delivery.clone()],
        routes: vec![NewRoute {
            contact: delivery.contact,
            sender: delivery.sender,
            staff: StaffId(21),
            student: Some(StudentId(41)),
            at: Time(10),
        }],
        menus: vec![(delivery.id, entry)],
        notices: vec![],
        tasks: vec![],
        not_included: 0,
        after: None,
        cursor: None,
        at: Time(10),
        alone: vec![],
    }
}

/// Out: accept, plan twice, claim, settle, receipts in any order. In: take in twice, evidence, conclude twice, views.
pub async fn the_whole_way(opened: &Opened) {
    let (district, contact, sender) = district(opened).await;
    let reach = opened.people.reach(district, &Audience::Class { class: ClassId(31) }, Time(10), GuardianId(0), 10).await.expect("reach");
    assert_eq!((reach.len(), reach[0].contact, reach[0].children.len()), (1, Some(contact), 1));

    let (sent, rendition) = message(Weight::Routine);
    assert!(opened.outbound.accept(district, &sent, std::slice::from_ref(&rendition), &[], &audit(10)).await.expect("accepted"));
    assert!(!opened.outbound.accept(district, &sent, &[], &[], &audit(10)).await.expect("the first stays"));
    assert_eq!(opened.outbound.expansions(district, 5).await.expect("planning").len(), 1);
    let planned = delivery(&rendition, contact, sender, Weight::Routine);
    assert_eq!(
        opened.outbound.plan(district, sent.id, &Slice { cursor: Some(GuardianId(51)), ..slice(&planned) }).await.expect("planned"),
        1
    );
    let again = delivery(&rendition, contact, sender, Weight::Routine);
    let late = NewDelivery { contact: ContactId(contact.0 + 1), ..again.clone() };
    assert_eq!(opened.outbound.plan(district, sent.id, &slice(&late)).await.expect("dropped"), 0, "another node planned this slice");
    let rest = Slice { after: Some(GuardianId(51)), ..slice(&again) };
    assert_eq!(opened.outbound.plan(district, sent.id, &rest).await.expect("killed half-way, it continues"), 0, "nobody gets two");
    assert!(opened.outbound.expansions(district, 5).await.expect("planned").is_empty(), "and it comes to its end");

    let due = opened.directory.due(Time(20), 1000).await.expect("due");
    assert!(due.contains(&Due { district, sender, channel: Channel::Sms, lane: Lane::Broadcast, account: String::new() }));
    let ask = Ask { district, sender, lane: Lane::Broadcast, now: Time(20), until: Time(30), most: 10, day: 1 };
    let claimed = opened.outbound.claim(&ask).await.expect("claimed");
    assert_eq!(claimed.len(), 1);
    assert_eq!((claimed[0].attempt, claimed[0].state, claimed[0].speaks_for.as_str()), (1, DeliveryState::Claimed, "Ms Rivera"));
    assert!(opened.outbound.claim(&ask).await.expect("nothing left").is_empty());
    let late = opened.outbound.reclaim(district, Time(40), Time(50), 10).await.expect("past its deadline");
    assert_eq!((late[0].attempt, late[0].until), (1, Time(50)), "reconciled with the same attempt, until a later deadline");

    // "delivered" comes before the answer to the send is stored, without our reference: it is parked, then applied.
    let receipt = |key: &str, state| NewReceipt {
        key: key.into(),
        attempt: None,
        provider_id: "SM1".into(),
        state,
        code: String::new(),
        at: Time(45),
    };
    let parked = opened.outbound.receipts(district, &[receipt("r1", DeliveryState::Delivered)]).await.expect("kept");
    assert_eq!(parked, [ReceiptEffect { delivery: None, moved: false }]);
    let settlement = |attempt, until, at| Settlement {
        over: None,
        delivery: planned.id,
        attempt,
        until,
        walked: false,
        at,
        state: DeliveryState::Accepted,
        opens: Time(20),
        provider_ids: vec!["SM1".into()],
        segments: 1,
        claimed: Time(15),
        reason: String::new(),
    };
    for (refused, why) in [
        (settlement(2, Time(50), Time(46)), "another attempt's settlement"),
        (settlement(1, Time(30), Time(46)), "one of whoever claimed it first and slept past its deadline"),
        (settlement(1, Time(50), Time(50)), "one after its deadline"),
    ] {
        let refused = Settlement { provider_ids: vec![], ..refused };
        assert_eq!(opened.outbound.settle(district, &[refused]).await.expect("fenced"), [false], "{why} is refused");
    }
    assert_eq!(opened.outbound.settle(district, &[settlement(1, Time(50), Time(46))]).await.expect("settled"), [true]);
    let state = || async { opened.outbound.delivery(district, planned.id).await.expect("read").expect("there").state };
    assert_eq!(state().await, DeliveryState::Delivered);
    opened
        .outbound
        .receipts(district, &[receipt("r2", DeliveryState::Accepted), receipt("r1", DeliveryState::Failed)])
        .await
        .expect("late and twice");
    assert_eq!(state().await, DeliveryState::Delivered, "state moves forward only");

    let incoming = NewIncoming {
        id: IncomingId(id()),
        key: "sms:1".into(),
        via: Via::Sms,
        received: Time(60),
        from: PHONE.into(),
        to: "+1".into(),
        raw: b"1 \xff raw \0".to_vec(),
        carrier_answered: false,
    };
    assert_eq!(opened.inbound.take_in(district, std::slice::from_ref(&incoming)).await.expect("taken"), [true]);
    let repeated = NewIncoming { id: IncomingId(id()), ..incoming.clone() };
    assert_eq!(opened.inbound.take_in(district, &[repeated]).await.expect("repeated"), [false]);
    let waiting = opened.inbound.waiting(district, Time(70), Time(80), 10).await.expect("waiting");
    assert_eq!((waiting.len(), &waiting[0].raw), (1, &incoming.raw));
    assert!(opened.inbound.waiting(district, Time(71), Time(80), 10).await.expect("taken by another").is_empty());
    let evidence = opened.inbound.evidence(district, contact, sender, Time(70)).await.expect("evidence");
    assert_eq!((evidence.routes.len(), evidence.open.len(), evidence.recent.len()), (1, 1, 1));

    let conclusion = Conclusion {
        incoming: incoming.id,
        place: Place::Thread,
        reason: "because".into(),
        contact: Some(contact),
        sender: Some(sender),
        understood: Understood { text: "1".into(), language: "es".into(), translation: "Coming".into(), ..Understood::default() },
        thread: Some(JoinThread {
            id: ThreadId(id()),
            contact,
            staff: StaffId(21),
            student: Some(StudentId(41)),
            school: SchoolId(11),
            private: false,
            clock: Deadline { owner: StaffId(21), due: Time(100) },
            sender,
        }),
        route: None,
        also: vec![],
        answer: Some(NewAnswer { delivery: planned.id, answer: Answer::Coming, words: String::new() }),
        closes: vec![(contact, sender, 1)],
        block: None,
        suspend: None,
        by_nobody: false,
        tasks: vec![],
        notices: vec![],
        language: None,
        audit: audit(70),
    };
    assert!(opened.inbound.conclude(district, &conclusion).await.expect("concluded"));
    assert!(!opened.inbound.conclude(district, &conclusion).await.expect("concluded once only"));
    let inbox = opened.views.inbox(district, StaffId(21), false, &[], Time(80)).await.expect("inbox");
    assert_eq!((inbox.len(), inbox[0].unread, inbox[0].line.as_str()), (1, true, "Coming"));
    let view = opened.views.thread_view(district, inbox[0].thread).await.expect("view").expect("there");
    assert_eq!(view.bubbles.len(), 2);
    let tally = opened.views.message_view(district, sent.id).await.expect("view").expect("there").tally;
    assert_eq!(tally, [(Answer::Coming, 1)]);
    assert_eq!(opened.inbound.clocks_due(district, Time(101), 10).await.expect("clocks").len(), 1);
    let figures = opened.views.inbound_figures(district).await.expect("figures");
    assert_eq!((figures.received, figures.routed), (1, 1));
    assert!(opened.views.families(district, &[], None, "0101", 10).await.expect("families").len() == 1, "found by the last four digits");
    assert!(
        opened
            .views
            .inbox(DistrictId(district.0 + 1_000_000), StaffId(21), true, &[], Time(80))
            .await
            .expect("another district")
            .is_empty()
    );
}

/// An order that committed is never followed by a claim, whenever its row was queued: before the order, behind it, or claimed and
/// queued again meanwhile. The other adult of a shared phone may still be told.
pub async fn an_order_wins_over_a_claim(opened: &Opened) {
    let (district, contact, sender) = district(opened).await;
    let relation = |guardian, right, order_from| RelationRow {
        guardian: GuardianId(guardian),
        student: StudentId(41),
        relation: "father".into(),
        right,
        order_from,
        order_until: order_from.map(|_| Time(60)),
    };
    let claim = async |at: i64| {
        let (sent, rendition) = message(Weight::Emergency);
        opened.outbound.accept(district, &sent, std::slice::from_ref(&rendition), &[], &audit(10)).await.expect("accepted");
        let planned = delivery(&rendition, contact, sender, Weight::Emergency);
        opened.outbound.plan(district, sent.id, &slice(&planned)).await.expect("planned");
        let ask = Ask { district, sender, lane: Lane::Broadcast, now: Time(at), until: Time(at + 10), most: 10, day: 1 };
        let claimed = opened.outbound.claim(&ask).await.expect("claimed");
        let info = opened.outbound.delivery(district, planned.id).await.expect("read").expect("a delivery");
        assert_eq!(claimed.iter().map(|row| row.delivery).collect::<Vec<_>>(), [planned.id]);
        (info.state, info.reason)
    };
    let goes = || (DeliveryState::Claimed, String::new());
    let stays = || (DeliveryState::Withheld, domain::ladder::NOT_INCLUDED.to_owned());
    opened.people.set_right(district, &relation(51, Right::Full, Some(Time(25))), &audit(15)).await.expect("an order from 25 to 60");
    assert_eq!(claim(20).await, goes(), "it does not run yet");
    assert_eq!(claim(25).await, stays(), "it runs");
    assert_eq!(claim(60).await, goes(), "it is over");
    opened.people.set_right(district, &relation(51, Right::None, None), &audit(61)).await.expect("the office's word");
    assert_eq!(claim(70).await, stays());
    opened.people.set_right(district, &relation(52, Right::Full, None), &audit(71)).await.expect("another adult");
    opened.people.add_contact(district, ContactId(id()), GuardianId(52), Channel::Sms, PHONE, &audit(71)).await.expect("of the same phone");
    assert_eq!(claim(80).await, goes(), "who may be told");
    opened.people.set_language(district, GuardianId(52), "so", false, &audit(80)).await.expect("reads another language");
    assert_eq!(claim(81).await, stays(), "these words are not for that adult");
    opened.people.set_language(district, GuardianId(52), "es", false, &audit(81)).await.expect("reads this one");
    assert_eq!(claim(82).await, goes());
    opened.people.set_right(district, &relation(52, Right::None, None), &audit(83)).await.expect("not any more");
    assert_eq!(claim(84).await, stays());
}

/// A STOP that committed is never followed by a claim; an emergency still goes.
pub async fn stop_wins_over_a_claim(opened: &Opened) {
    let (district, contact, sender) = district(opened).await;
    for weight in [Weight::Routine, Weight::Emergency] {
        let (sent, rendition) = message(weight);
        opened.outbound.accept(district, &sent, std::slice::from_ref(&rendition), &[], &audit(10)).await.expect("accepted");
        opened.outbound.plan(district, sent.id, &slice(&delivery(&rendition, contact, sender, weight))).await.expect("planned");
    }
    let withheld = opened.outbound.block(district, contact, Weight::STOP_BITS, "family", &audit(15)).await.expect("blocked");
    assert_eq!(withheld, 1);
    // One that is planned after the block is caught by the claim itself.
    let (sent, rendition) = message(Weight::Routine);
    opened.outbound.accept(district, &sent, std::slice::from_ref(&rendition), &[], &audit(16)).await.expect("accepted");
    opened.outbound.plan(district, sent.id, &slice(&delivery(&rendition, contact, sender, Weight::Routine))).await.expect("planned");
    let ask = Ask { district, sender, lane: Lane::Broadcast, now: Time(20), until: Time(30), most: 10, day: 1 };
    let claimed = opened.outbound.claim(&ask).await.expect("claimed");
    let mut states: Vec<(Weight, DeliveryState)> = claimed.iter().map(|row| (row.message.weight, row.state)).collect();
    states.sort();
    assert_eq!(states, [(Weight::Emergency, DeliveryState::Claimed), (Weight::Routine, DeliveryState::Withheld)]);

    // Past its use nothing is claimed for sending: it comes back as late, to be told to its author.
    let (sent, rendition) = message(Weight::Emergency);
    opened.outbound.accept(district, &sent, std::slice::from_ref(&rendition), &[], &audit(16)).await.expect("accepted");
    let past = NewDelivery { closes: Time(40), ..delivery(&rendition, contact, sender, Weight::Emergency) };
    opened.outbound.plan(district, sent.id, &slice(&past)).await.expect("planned");
    let claimed = opened.outbound.claim(&Ask { now: Time(40), until: Time(50), ..ask }).await.expect("claimed");
    assert_eq!(claimed.iter().map(|row| row.state).collect::<Vec<_>>(), [DeliveryState::Late]);
}

/// A number's rate and its brand's daily cap hold for whoever claims; what was claimed counts, what was withheld does not.
pub async fn rates_and_caps_hold_for_every_claimer(opened: &Opened) {
    let (district, contact, sender) = district(opened).await;
    let slow = Sender {
        id: sender,
        school: SchoolId(11),
        address: format!("+1203{sender}"),
        channel: Channel::Sms,
        use_for: SenderUse::Office,
        kind: domain::people::NumberKind::Other,
        rate: 2.0,
        paused: false,
        brand: "maple".into(),
        daily: 3,
        account: String::new(),
        weight: 1,
        calls: domain::calls::Calls::default(),
    };
    opened.directory.save_sender(district, &slow).await.expect("saved");
    for _ in 0..6 {
        let (sent, rendition) = message(Weight::Routine);
        opened.outbound.accept(district, &sent, std::slice::from_ref(&rendition), &[], &audit(10)).await.expect("accepted");
        opened.outbound.plan(district, sent.id, &slice(&delivery(&rendition, contact, sender, Weight::Routine))).await.expect("planned");
    }
    let ask = |now: i64, day: i64| Ask {
        district,
        sender,
        lane: Lane::Broadcast,
        now: Time(now * 1_000_000),
        until: Time((now + 60) * 1_000_000),
        most: 500,
        day,
    };
    let claims = async |now, day| opened.outbound.claim(&ask(now, day)).await.expect("claimed").len();
    assert_eq!(claims(100, 1).await, 2, "a second ahead, at two a second");
    assert_eq!(claims(100, 1).await, 0, "another node at the same moment gets none");
    assert_eq!(claims(102, 1).await, 1, "the brand's day is spent");
    assert_eq!(claims(110, 1).await, 0);
    assert_eq!(claims(120, 2).await, 2, "the next day");
}

/// What will not arrive is followed up once.
pub async fn what_has_fallen_is_walked_once(opened: &Opened) {
    let (district, contact, sender) = district(opened).await;
    let (sent, rendition) = message(Weight::Routine);
    opened.outbound.accept(district, &sent, std::slice::from_ref(&rendition), &[], &audit(10)).await.expect("accepted");
    let past = NewDelivery { closes: Time(15), ..delivery(&rendition, contact, sender, Weight::Routine) };
    opened.outbound.plan(district, sent.id, &slice(&past)).await.expect("planned");
    assert!(opened.outbound.fallen(district, 10).await.expect("none yet").is_empty());
    let ask = Ask { district, sender, lane: Lane::Broadcast, now: Time(20), until: Time(30), most: 10, day: 1 };
    opened.outbound.claim(&ask).await.expect("found late");
    assert!(opened.directory.busy(Time(20)).await.expect("busy").contains(&district));
    let fallen = opened.outbound.fallen(district, 10).await.expect("late");
    assert_eq!(fallen.iter().map(|info| info.state).collect::<Vec<_>>(), [DeliveryState::Late]);
    assert!(opened.outbound.walk(district, past.id, &Rung::default()).await.expect("walked"));
    assert!(!opened.outbound.walk(district, past.id, &Rung::default()).await.expect("walked before"));
    assert!(opened.outbound.fallen(district, 10).await.expect("none left").is_empty());
}

/// What is told to a meter, kept.
#[derive(Default)]
pub struct Heard(std::sync::Mutex<Vec<String>>);

impl Meter for Heard {
    fn claimed(&self, lane: Lane, rows: usize) {
        self.0.lock().expect("one at a time").push(format!("claimed {} {rows}", lane.as_str()));
    }
    fn settled(&self, state: DeliveryState) {
        self.0.lock().expect("one at a time").push(format!("settled {}", state.as_str()));
    }
    fn committed(&self, rows: usize) {
        self.0.lock().expect("one at a time").push(format!("committed {rows}"));
    }
}

/// What waits is counted by lane with its age, what does not is not; the meter hears what committed. On a house of its own.
pub async fn what_waits_is_seen(opened: &Opened, heard: &Heard) {
    let (district, contact, sender) = district(opened).await;
    let seen = |now| async move { opened.directory.backlog(Time(now)).await.expect("a backlog") };
    let lane = |backlog: &Backlog, wanted| backlog.lanes.iter().find(|(lane, _)| *lane == wanted).expect("every lane").1;
    let before = seen(20).await;
    assert_eq!((before.lanes.len(), lane(&before, Lane::Broadcast), before.incoming), (4, Waiting::default(), Waiting::default()));

    let (sent, rendition) = message(Weight::Routine);
    opened.outbound.accept(district, &sent, std::slice::from_ref(&rendition), &[], &audit(10)).await.expect("accepted");
    let planned = delivery(&rendition, contact, sender, Weight::Routine);
    opened.outbound.plan(district, sent.id, &slice(&planned)).await.expect("planned");
    assert_eq!(lane(&seen(9).await, Lane::Broadcast), Waiting::default(), "before it opens it does not wait");
    assert_eq!(lane(&seen(20).await, Lane::Broadcast), Waiting { rows: 1, oldest: Some(Time(10)) });
    assert_eq!(lane(&seen(20).await, Lane::Reply), Waiting::default());

    let ask = Ask { district, sender, lane: Lane::Broadcast, now: Time(20), until: Time(30), most: 10, day: 1 };
    opened.outbound.claim(&ask).await.expect("claimed");
    assert_eq!((lane(&seen(25).await, Lane::Broadcast), seen(25).await.late_claims), Default::default(), "under way");
    assert_eq!(seen(40).await.late_claims, Waiting { rows: 1, oldest: Some(Time(30)) });
    let settlement = |attempt| Settlement {
        over: None,
        delivery: planned.id,
        attempt,
        until: Time(30),
        walked: false,
        state: DeliveryState::Accepted,
        opens: Time(20),
        provider_ids: vec![],
        segments: 1,
        claimed: Time(15),
        reason: String::new(),
        at: Time(26),
    };
    opened.outbound.settle(district, &[settlement(2)]).await.expect("fenced");
    opened.outbound.settle(district, &[settlement(1)]).await.expect("settled");

    let incoming = |key: &str| NewIncoming {
        id: IncomingId(id()),
        key: key.into(),
        via: Via::Sms,
        received: Time(60),
        from: PHONE.into(),
        to: "+1".into(),
        raw: b"1".to_vec(),
        carrier_answered: false,
    };
    opened.inbound.take_in(district, &[incoming("a"), incoming("b")]).await.expect("taken");
    assert_eq!(seen(70).await.incoming, Waiting { rows: 2, oldest: Some(Time(60)) });
    let heard = heard.0.lock().expect("one at a time");
    assert_eq!(*heard, ["claimed broadcast 1", "settled accepted", "committed 2"], "a settlement that was fenced off is not told");
}

/// A rung is made as a whole: new words before the delivery that carries them, the contact point that takes nothing suspended; and
/// of a message that was withdrawn meanwhile nothing is made.
pub async fn a_rung_is_whole_or_nothing(opened: &Opened) {
    for withdrawn in [false, true] {
        let (district, contact, sender) = district(opened).await;
        let (sent, rendition) = message(Weight::Routine);
        opened.outbound.accept(district, &sent, std::slice::from_ref(&rendition), &[], &audit(10)).await.expect("accepted");
        let past = NewDelivery { closes: Time(15), ..delivery(&rendition, contact, sender, Weight::Routine) };
        opened.outbound.plan(district, sent.id, &slice(&past)).await.expect("planned");
        let ask = Ask { district, sender, lane: Lane::Broadcast, now: Time(20), until: Time(30), most: 10, day: 1 };
        opened.outbound.claim(&ask).await.expect("found late");
        if withdrawn {
            opened.outbound.withdraw(district, sent.id, &audit(21)).await.expect("withdrawn");
        }
        let mailbox = opened.people.strange_contact(district, ContactId(id()), Channel::Email, "l@families.example").await.expect("made");
        let letter = Rendition { id: RenditionId(id()), channel: Channel::Email, state: RenditionState::Held, ..rendition.clone() };
        let hold = NewHold {
            id: HoldId(id()),
            rendition: letter.id,
            kind: HoldKind::MachineWords,
            reason: "A machine wrote this.".into(),
            due: Time(100),
        };
        let other = NewDelivery { state: DeliveryState::Held, ..delivery(&letter, mailbox, sender, Weight::Routine) };
        let rung = Rung {
            reason: "The phone did not take it: it goes by email.".into(),
            another_way: true,
            renditions: vec![letter],
            holds: vec![hold],
            deliveries: vec![other.clone()],
            suspend: Some(audit(22)),
            ..Rung::default()
        };
        assert!(opened.outbound.walk(district, past.id, &rung).await.expect("walked"));
        assert!(!opened.outbound.walk(district, past.id, &rung).await.expect("walked before"));
        let standing = opened.outbound.standing(district, sent.id, &[contact, mailbox]).await.expect("read").expect("there");
        let mut expected = vec![(contact, DeliveryState::Late)];
        expected.extend((!withdrawn).then_some((mailbox, DeliveryState::Held)));
        assert_eq!(standing.carried, expected);
        assert_eq!(standing.renditions.len(), if withdrawn { 1 } else { 2 });
        assert_eq!(opened.views.holds(district, &[]).await.expect("holds").len(), usize::from(!withdrawn));
        let view = opened.views.message_view(district, sent.id).await.expect("view").expect("there");
        assert_eq!(view.not_reached[0].3, rung.reason);
        assert!(opened.people.card(district, contact, Time(30)).await.expect("read").expect("a card").suspended);
    }
}

/// Another node hears that a district changed, and nothing else.
pub async fn a_bell_is_heard_in_its_district(opened: &Opened) {
    let (first, second) = (DistrictId(id()), DistrictId(id()));
    let of = |all: Vec<(DistrictId, i64)>, one| all.into_iter().find(|(district, _)| *district == one).map(|(_, rung)| rung);
    let rung = async |one| of(opened.directory.rung().await.expect("read"), one);
    assert_eq!(rung(first).await, None);
    assert!(opened.directory.ring(&[]).await.expect("nothing to say").is_empty());
    // Named twice, it is rung once.
    let told = opened.directory.ring(&[second, first, second]).await.expect("rung");
    assert_eq!((of(told.clone(), first), of(told, second)), (Some(1), Some(1)));
    let (there, back) = ([first, second], [second, first]);
    let (one, other) = tokio::join!(opened.directory.ring(&there), opened.directory.ring(&back));
    let mut numbers = [of(one.expect("rung"), first), of(other.expect("rung"), first)];
    numbers.sort();
    assert_eq!(numbers, [Some(2), Some(3)], "each ringer learns its own number");
    assert_eq!((rung(first).await, rung(second).await), (Some(3), Some(3)));
}

/// Nodes that begin at the same moment on an empty database.
pub async fn many_open_an_empty_database_at_once(url: &str) {
    let opened = tokio::join!(store::open(url), store::open(url), store::open(url), store::open(url));
    for one in [opened.0, opened.1, opened.2, opened.3] {
        assert!(one.is_ok(), "{:?}", one.err());
    }
    assert_eq!(store::behind(url).await.expect("it answers"), 0);
}
