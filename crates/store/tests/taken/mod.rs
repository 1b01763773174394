//! What only one may give away: a digit on a line, and a line that was free. Whoever looked before somebody else wrote is refused, and
//! writes nothing.

use crate::way::{audit, delivery, district, id, message, slice};
use domain::message::*;
use domain::ports::*;
use domain::*;
use store::Opened;

/// A message with its one delivery, planned from one look at the line.
async fn looked(opened: &Opened, at: (DistrictId, ContactId, SenderId), staff: i64, menu_base: u8, alone: bool) -> (MessageId, Slice) {
    let (district, contact, sender) = at;
    let (sent, rendition) = message(Weight::Routine);
    assert!(opened.outbound.accept(district, &sent, std::slice::from_ref(&rendition), &[], &audit(10)).await.expect("accepted"));
    let one = NewDelivery { menu_base, offers: AnswerSet::Coming, ..delivery(&rendition, contact, sender, Weight::Routine) };
    let route = NewRoute { contact, sender, staff: StaffId(staff), student: None, at: Time(10) };
    let alone = if alone { vec![(contact, sender, StaffId(staff))] } else { vec![] };
    (sent.id, Slice { menus: vec![], routes: vec![route], at: Time(10), alone, ..slice(&one) })
}

/// Two nodes plan for one family, each after a look at a line on which nothing stood.
pub async fn a_digit_and_a_line_are_given_once(opened: &Opened) {
    let here = district(opened).await;
    let (first, one) = looked(opened, here, 21, 1, true).await;
    let (second, two) = looked(opened, here, 22, 1, false).await;
    let plan = async |message, slice: &Slice| opened.outbound.plan(here.0, message, slice).await;
    assert!(matches!(plan(first, &one).await, Ok(1)));
    assert!(matches!(plan(second, &two).await, Err(StoreFault::Taken)), "its digits are taken");
    let (third, free) = looked(opened, here, 22, 4, true).await;
    assert!(matches!(plan(third, &free).await, Err(StoreFault::Taken)), "its line is taken");
    let next = Slice { deliveries: vec![NewDelivery { menu_base: 4, ..two.deliveries[0].clone() }], ..two };
    assert!(matches!(plan(second, &next).await, Ok(1)), "the next digits, on a line that is shared knowingly");

    for round in 0..10 {
        let here = district(opened).await;
        let (first, one) = looked(opened, here, 21, 1, false).await;
        let (second, two) = looked(opened, here, 22, 1, false).await;
        let both = tokio::join!(opened.outbound.plan(here.0, first, &one), opened.outbound.plan(here.0, second, &two));
        assert!(matches!(both, (Ok(1), Err(StoreFault::Taken)) | (Err(StoreFault::Taken), Ok(1))), "round {round}: {both:?}");
    }
}

/// Two messages to the whole school are planned at once, and a third that a ladder walks down: each digit is given once.
pub async fn digits_are_given_once_however_they_are_given(opened: &Opened) {
    for round in 0..10 {
        let here = district(opened).await;
        let (one, two) = (wide(opened, here).await, wide(opened, here).await);
        let plan = |slice| opened.wide.plan_plain(here.0, slice);
        let both = tokio::join!(plan(&one), plan(&two));
        let left = |done: Stored<Option<PlainDone>>| done.expect("planned").expect("its turn").special.len();
        let mut left = [left(both.0), left(both.1)];
        left.sort();
        assert_eq!(left, [0, 1], "round {round}: whose digits would be the same is looked at alone");
    }
    let here = district(opened).await;
    let (sent, fallen) = fell(opened, here).await;
    // Where the ladder goes next.
    let phone = opened.people.strange_contact(here.0, ContactId(id()), domain::people::Channel::Sms, "+12035550999").await.expect("made");
    let (other, taking) = looked(opened, (here.0, phone, here.2), 22, 4, false).await;
    assert!(matches!(opened.outbound.plan(here.0, other, &taking).await, Ok(1)));
    let rung = |menu_base| {
        let again = NewDelivery { id: DeliveryId(id()), contact: phone, menu_base, offers: AnswerSet::Coming, ..fallen.clone() };
        Rung { another_way: true, deliveries: vec![again], at: Time(40), ..Rung::default() }
    };
    let walk = async |rung: &Rung| opened.outbound.walk(here.0, fallen.id, rung).await;
    assert!(matches!(walk(&rung(4)).await, Err(StoreFault::Taken)), "another message has them by now");
    assert!(matches!(walk(&rung(1)).await, Ok(true)), "nothing was written before");
    let standing = opened.outbound.standing(here.0, sent, &[phone]).await.expect("read").expect("there");
    assert_eq!(standing.carried.len(), 1);
}

/// A message to a whole school with answers by digit, as a slice of plain families.
async fn wide(opened: &Opened, (district, _, sender): (DistrictId, ContactId, SenderId)) -> PlainSlice {
    let (sent, rendition) = message(Weight::Routine);
    assert!(opened.outbound.accept(district, &sent, std::slice::from_ref(&rendition), &[], &audit(10)).await.expect("accepted"));
    PlainSlice {
        message: sent.id,
        rule: PlainRule { school: None, greeted: false, digits: true, now: Time(10), sms: Some(sender), email: None },
        after: GuardianId(0),
        most: 10,
        ids: id(),
        lane: Lane::Broadcast,
        weight: Weight::Routine,
        opens: Time(10),
        closes: Time(1_000_000_000),
        offers: AnswerSet::Coming,
        speaks_for: sent.author,
    }
}

/// A delivery that was found late.
async fn fell(opened: &Opened, here: (DistrictId, ContactId, SenderId)) -> (MessageId, NewDelivery) {
    let (sent, slice) = looked(opened, here, 21, 1, false).await;
    let past = NewDelivery { closes: Time(20), offers: AnswerSet::None, menu_base: 0, ..slice.deliveries[0].clone() };
    let slice = Slice { deliveries: vec![past.clone()], ..slice };
    assert!(matches!(opened.outbound.plan(here.0, sent, &slice).await, Ok(1)));
    let ask = Ask { district: here.0, sender: here.2, lane: past.lane, now: Time(30), until: Time(35), most: 1, day: 1 };
    opened.outbound.claim(&ask).await.expect("found late");
    (sent, past)
}
