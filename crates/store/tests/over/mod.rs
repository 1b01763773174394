//! Handed over: claimed from a number that is down, settled to another one with its route and its digits.

use crate::way::*;
use domain::delivery::DeliveryState;
use domain::message::*;
use domain::people::{Channel, Sender, SenderUse};
use domain::ports::*;
use domain::*;
use store::Opened;

async fn planned(opened: &Opened, district: DistrictId, change: impl FnOnce(&mut NewDelivery), from: (ContactId, SenderId)) -> NewDelivery {
    let (sent, rendition) = message(Weight::Routine);
    opened.outbound.accept(district, &sent, std::slice::from_ref(&rendition), &[], &audit(10)).await.expect("accepted");
    let mut new = delivery(&rendition, from.0, from.1, Weight::Routine);
    change(&mut new);
    let slice = Slice { deliveries: vec![new.clone()], ..Slice::default() };
    assert_eq!(opened.outbound.plan(district, sent.id, &slice).await.expect("planned"), 1);
    new
}

/// A second number of the school.
async fn spare(opened: &Opened, district: DistrictId) -> Sender {
    let spare = Sender {
        id: SenderId(72),
        school: SchoolId(11),
        address: format!("+1204{:07}", district.0),
        channel: Channel::Sms,
        use_for: SenderUse::Conversation,
        kind: domain::people::NumberKind::Other,
        rate: 1000.0,
        paused: false,
        brand: String::new(),
        daily: 0,
        account: "village".into(),
        weight: 1,
        calls: domain::calls::Calls::default(),
    };
    opened.directory.save_sender(district, &spare).await.expect("a spare number");
    spare
}

/// The settlement that hands a delivery over, with digits from 4 on.
fn over(delivery: DeliveryId, attempt: i16, to: SenderId, contact: ContactId) -> Settlement {
    let route = NewRoute { contact, sender: to, staff: StaffId(21), student: Some(StudentId(41)), at: Time(21) };
    Settlement {
        delivery,
        attempt,
        until: Time(30),
        walked: false,
        state: DeliveryState::Queued,
        opens: Time(21),
        provider_ids: vec![],
        segments: 0,
        claimed: Time(20),
        reason: String::new(),
        over: Some(Over { sender: to, route: Some(route), menu_base: 4, offers: AnswerSet::Coming }),
        at: Time(21),
    }
}

/// See the module.
pub async fn a_delivery_goes_on_over_another_number(opened: &Opened) {
    let (district, contact, sender) = district(opened).await;
    let spare = spare(opened, district).await;
    let teachers = planned(opened, district, |new| new.offers = AnswerSet::Coming, (contact, sender)).await;
    let houses = planned(opened, district, |new| new.speaks_for = StaffId::HOUSE, (contact, sender)).await;
    let ask = Ask { district, sender, lane: Lane::Broadcast, now: Time(20), until: Time(30), most: 10, day: 1 };
    let claimed = opened.outbound.claim_over(&ask).await.expect("claimed");
    assert_eq!(claimed.iter().map(|row| row.delivery).collect::<Vec<_>>(), [teachers.id], "a question of ours keeps its number");
    let row = &claimed[0];
    assert_eq!((row.state, row.attempt, row.answers_to, row.about), (DeliveryState::Claimed, 1, StaffId(21), Some(StudentId(41))));
    let settlement = |attempt| over(teachers.id, attempt, spare.id, contact);
    assert_eq!(opened.outbound.settle(district, &[settlement(2)]).await.expect("fenced"), [false]);
    let lines = async || opened.outbound.lines(district, &[contact], Time(22)).await.expect("lines");
    assert!(lines().await.iter().all(|line| line.sender != spare.id), "a settlement that was fenced off moves nothing");
    assert_eq!(opened.outbound.settle(district, &[settlement(1)]).await.expect("settled"), [true]);
    let there = lines().await.into_iter().find(|line| line.sender == spare.id).expect("a line on the other number");
    assert_eq!((there.staff, there.digits.contains(&4), there.digits.contains(&1)), (vec![StaffId(21)], true, false));
    assert!(
        opened
            .outbound
            .claim(&Ask { now: Time(40), until: Time(50), ..ask })
            .await
            .expect("claimed")
            .iter()
            .all(|row| row.delivery == houses.id)
    );
    let again = Ask { sender: spare.id, now: Time(40), until: Time(50), ..ask };
    let claimed = opened.outbound.claim(&again).await.expect("claimed");
    let row = claimed.first().expect("it waits there");
    assert_eq!((row.delivery, row.attempt, row.account.as_str(), row.menu_base), (teachers.id, 2, "village", 4));
}

/// Somebody else's message took those digits on the other number since it was looked.
pub async fn a_delivery_whose_digits_are_taken_keeps_its_number(opened: &Opened) {
    let (district, contact, sender) = district(opened).await;
    let spare = spare(opened, district).await;
    let digits = |new: &mut NewDelivery| (new.offers, new.menu_base) = (AnswerSet::Coming, 4);
    let first = planned(opened, district, digits, (contact, sender)).await;
    let ask = Ask { district, sender, lane: Lane::Broadcast, now: Time(20), until: Time(30), most: 10, day: 1 };
    assert_eq!(opened.outbound.claim_over(&ask).await.expect("claimed").len(), 1);
    planned(opened, district, digits, (contact, spare.id)).await;
    let settled = opened.outbound.settle(district, &[over(first.id, 1, spare.id, contact)]).await.expect("settled");
    assert_eq!(settled, [true]);
    let again = opened.outbound.claim(&Ask { now: Time(40), until: Time(50), ..ask }).await.expect("claimed");
    assert_eq!(again.iter().map(|row| (row.delivery, row.sender)).collect::<Vec<_>>(), [(first.id, sender)], "it waits where it was");
}
