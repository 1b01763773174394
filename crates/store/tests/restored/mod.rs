//! What a restored backup may send: nothing by itself of what may have gone, everything else once somebody resumes.

use crate::way::*;
use domain::carrier::Accepted;
use domain::conversation::HoldKind;
use domain::delivery::DeliveryState;
use domain::message::*;
use domain::ports::*;
use domain::*;
use store::Opened;

/// What stands in the database when the backup is made.
pub struct Scene {
    district: DistrictId,
    contact: ContactId,
    sender: SenderId,
    queued: DeliveryId,
    taken_back: (MessageId, DeliveryId),
    under_way: DeliveryId,
    held: (DeliveryId, HoldId, Rendition),
    later: DeliveryId,
    planning: (MessageId, Rendition),
}

/// Backup and restore as moments.
pub const BACKUP: Time = Time(100);
pub const RESTORE: Time = Time(200);

async fn accepted(opened: &Opened, district: DistrictId, hold: Option<HoldId>) -> (Message, Rendition) {
    let (sent, mut rendition) = message(Weight::Routine);
    let hold = hold.map(|id| NewHold { id, rendition: rendition.id, kind: HoldKind::Guard, reason: "r".into(), due: Time(1_000_000) });
    if hold.is_some() {
        rendition.state = RenditionState::Held;
    }
    let holds: Vec<NewHold> = hold.into_iter().collect();
    assert!(opened.outbound.accept(district, &sent, std::slice::from_ref(&rendition), &holds, &audit(10)).await.expect("accepted"));
    (sent, rendition)
}

impl Scene {
    /// Prepares it.
    pub async fn set(opened: &Opened) -> Scene {
        let (district, contact, sender) = district(opened).await;
        let plan = async |change: fn(&mut NewDelivery), hold: Option<HoldId>| {
            let (sent, rendition) = accepted(opened, district, hold).await;
            let mut new = delivery(&rendition, contact, sender, Weight::Routine);
            change(&mut new);
            assert_eq!(opened.outbound.plan(district, sent.id, &slice(&new)).await.expect("planned"), 1);
            (sent.id, new.id, rendition)
        };
        let under_way = plan(|_| {}, None).await.1;
        let ask = Ask { district, sender, lane: Lane::Broadcast, now: Time(20), until: Time(90), most: 10, day: 1 };
        assert_eq!(opened.outbound.claim(&ask).await.expect("claimed").len(), 1);
        let queued = plan(|_| {}, None).await.1;
        let taken_back = plan(|_| {}, None).await;
        let hold = HoldId(id());
        let held = plan(|new| new.state = DeliveryState::Held, Some(hold)).await;
        let later = plan(|new| new.opens = Time(1000), None).await.1;
        let planning = accepted(opened, district, None).await;
        let session = Session { district, staff: StaffId(21), form_token: "f".into(), until: Time(1_000_000) };
        opened.directory.open_session(&format!("secret {district}"), &session).await.expect("a session");
        Scene {
            district,
            contact,
            sender,
            queued,
            taken_back: (taken_back.0, taken_back.1),
            under_way,
            held: (held.1, hold, held.2),
            later,
            planning: (planning.0.id, planning.1),
        }
    }

    async fn state(&self, opened: &Opened, delivery: DeliveryId) -> DeliveryState {
        opened.outbound.delivery(self.district, delivery).await.expect("read").expect("there").state
    }

    async fn claim(&self, opened: &Opened) -> Vec<DeliveryId> {
        let ask = Ask {
            district: self.district,
            sender: self.sender,
            lane: Lane::Broadcast,
            now: Time(2000),
            until: Time(3000),
            most: 100,
            day: 1,
        };
        let mut all: Vec<DeliveryId> = opened.outbound.claim(&ask).await.expect("claimed").iter().map(|row| row.delivery).collect();
        all.sort();
        all
    }

    async fn to_ask(&self, opened: &Opened, now: i64) -> Vec<Claimed> {
        let mut rows = opened.restored.to_ask(self.district, Time(now), Time(now + 1000), 10).await.expect("to ask");
        rows.sort_by_key(|row| row.delivery);
        rows
    }

    /// Looks at it once it was restored.
    pub async fn restored(&self, opened: &Opened) {
        let (district, outbound, restored) = (self.district, &opened.outbound, &opened.restored);
        let pause = restored.pause(district).await.expect("read").expect("paused");
        assert_eq!((pause.backup, pause.restored, pause.marked), (BACKUP, RESTORE, 4), "under way, queued, taken back, held");
        assert!(self.claim(opened).await.is_empty(), "nothing is claimed while sending is paused");
        let due = opened.directory.due(Time(2000), 1000).await.expect("due");
        assert!(!due.iter().any(|due| due.district == district), "workers are not woken for it");
        assert!(opened.outbound.reclaim(district, Time(300), Time(400), 10).await.expect("reclaimed").is_empty());
        let ended = opened.directory.session(&format!("secret {district}"), Time(300)).await.expect("read");
        assert!(ended.is_none(), "who was signed out since the backup is not signed in by it");

        assert!(opened.directory.busy(Time(300)).await.expect("busy").contains(&district), "a worker comes to ask");
        let rows = self.to_ask(opened, 300).await;
        let seen: Vec<_> = rows.iter().map(|row| (row.delivery, row.attempt, row.at, row.restored)).collect();
        let expected = [(self.under_way, 1, Time(20), true), (self.queued, 1, BACKUP, true), (self.taken_back.1, 1, BACKUP, true)];
        assert_eq!(seen, expected, "with the attempt a claim would have made, and since when it may have gone");
        assert!(self.to_ask(opened, 400).await.is_empty(), "one node has them to itself");

        // A released hold may have been released before; a message that was being expanded may have been expanded.
        let (held, hold, rendition) = &self.held;
        let rendition = Rendition { state: RenditionState::Ready, ..rendition.clone() };
        let resolution = Resolution { hold: *hold, rendition, memory: None, outcome: "approved", keep_open: false };
        assert!(outbound.resolve(district, &resolution, &audit(310)).await.expect("released"));
        assert_eq!(self.to_ask(opened, 320).await.iter().map(|row| row.delivery).collect::<Vec<_>>(), [*held]);
        let anew = delivery(&self.planning.1, self.contact, self.sender, Weight::Routine);
        assert_eq!(outbound.plan(district, self.planning.0, &slice(&anew)).await.expect("planned"), 1);
        assert_eq!(self.state(opened, anew.id).await, DeliveryState::Uncertain);

        // What is written now is no part of it.
        let (fresh, rendition) = accepted(opened, district, None).await;
        let fresh_one = delivery(&rendition, self.contact, self.sender, Weight::Routine);
        outbound.plan(district, fresh.id, &slice(&fresh_one)).await.expect("planned");
        assert_eq!(self.state(opened, fresh_one.id).await, DeliveryState::Queued);
        assert!(self.claim(opened).await.is_empty(), "not even that goes while sending is paused");

        outbound.withdraw(district, self.taken_back.0, &audit(330)).await.expect("taken back");
        let found = Accepted { provider_ids: vec![format!("SM{}", self.under_way)], segments: Some(1) };
        let answers = [
            (self.under_way, 1, Answered::Gone(3, found)),
            (self.queued, 1, Answered::UnderItsKey),
            (self.taken_back.1, 1, Answered::NotGone),
            (*held, 1, Answered::Unknown("nobody knows")),
        ];
        for _ in 0..2 {
            restored.answered(district, &answers, Time(340)).await.expect("written down, twice");
        }
        assert_eq!(self.state(opened, self.under_way).await, DeliveryState::Accepted);
        assert_eq!(self.state(opened, self.taken_back.1).await, DeliveryState::Withdrawn);
        assert_eq!(self.state(opened, *held).await, DeliveryState::Uncertain);
        assert!(self.to_ask(opened, 100_000).await.is_empty(), "each is asked about until it is known that nobody knows");
        let standing = restored.standing(district).await.expect("counts");
        assert_eq!(standing, RestoreFigures { gone: 1, to_ask: 0, uncertain: 2, will_go: 3 });

        // A receipt settles what nobody could be asked about; the attempt it names may be one this database never made.
        let receipt = NewReceipt {
            key: format!("late {held}"),
            attempt: Some((*held, 4)),
            provider_id: "SMx".into(),
            state: DeliveryState::Delivered,
            code: String::new(),
            at: Time(350),
        };
        assert!(outbound.receipts(district, &[receipt]).await.expect("a receipt")[0].moved);
        assert_eq!(self.state(opened, *held).await, DeliveryState::Delivered);

        assert!(restored.resume(district, &audit(360)).await.expect("resumed"));
        assert!(!restored.resume(district, &audit(361)).await.expect("once only"));
        let mut goes = [self.queued, self.later, fresh_one.id];
        goes.sort();
        assert_eq!(self.claim(opened).await, goes, "and nothing else");
    }
}
