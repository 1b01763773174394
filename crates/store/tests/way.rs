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
    };
    let rows = Enrolment {
        schools: vec![(
            "s".into(),
            School { id: SchoolId(11), name: "Maple".into(), short_name: "Maple".into(), zone: None, phone: "1".into() },
        )],
        staff: vec![("t".into(), staff)],
        classes: vec![(ClassId(31), "c".into(), SchoolId(11), "Reading".into())],
        students: vec![(StudentId(41), "k".into(), "Sofía".into(), "Morales".into(), SchoolId(11), false)],
        guardians: vec![GuardianRow {
            id: GuardianId(51),
            source: "g".into(),
            name: "Lucía Morales".into(),
            language: Some("es".into()),
            language_as_written: "Spanish".into(),
            reads: Reads::Written,
            signs: false,
            rule: ContactRule::Any,
        }],
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
        rate: 1.0,
        paused: false,
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
        cursor: None,
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
    assert_eq!(opened.outbound.plan(district, sent.id, &slice(&again)).await.expect("killed half-way, it continues"), 0, "nobody gets two");

    let due = opened.directory.due(Time(20), 1000).await.expect("due");
    assert!(due.contains(&Due { district, sender, channel: Channel::Sms, lane: Lane::Broadcast }));
    let ask = Ask { district, sender, lane: Lane::Broadcast, now: Time(20), until: Time(30), most: 10 };
    let claimed = opened.outbound.claim(&ask).await.expect("claimed");
    assert_eq!(claimed.len(), 1);
    assert_eq!((claimed[0].attempt, claimed[0].state, claimed[0].speaks_for.as_str()), (1, DeliveryState::Claimed, "Ms Rivera"));
    assert!(opened.outbound.claim(&ask).await.expect("nothing left").is_empty());
    let late = opened.outbound.reclaim(district, Time(40), Time(50), 10).await.expect("past its deadline");
    assert_eq!(late[0].attempt, 1, "reconciled with the same attempt");

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
    let settlement = |attempt| Settlement {
        delivery: planned.id,
        attempt,
        state: DeliveryState::Accepted,
        opens: Time(20),
        provider_ids: vec!["SM1".into()],
        segments: 1,
        reason: String::new(),
        at: Time(46),
    };
    assert_eq!(
        opened.outbound.settle(district, &[settlement(2)]).await.expect("fenced"),
        [false],
        "another attempt's settlement is refused"
    );
    assert_eq!(opened.outbound.settle(district, &[settlement(1)]).await.expect("settled"), [true]);
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
        suspend: false,
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
    let ask = Ask { district, sender, lane: Lane::Broadcast, now: Time(20), until: Time(30), most: 10 };
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
