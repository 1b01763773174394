//! What only one may give away: a digit on a line, and a line that was free. Whoever looked before somebody else wrote is refused, and
//! writes nothing.

use crate::way::{audit, delivery, district, message, slice};
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
