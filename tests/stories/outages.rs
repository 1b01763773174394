//! What happens when carriers fail: nothing twice, nothing late, nobody in silence.

use crate::*;
use domain::carrier::ReceiptKind;
use domain::delivery::DeliveryState;

async fn states(school: &School, message: MessageId) -> Vec<DeliveryState> {
    let view = school.flows.ports().views.message_view(school.district, message).await.expect("read").expect("a message");
    view.counts.iter().filter_map(|row| row.4).collect()
}

#[tokio::test]
async fn a_late_bus_while_the_carrier_is_down_is_never_sent_late_and_its_author_is_told() {
    let school = School::open().await;
    school.air.fault_for_all(Some(Fault::Down));
    let mut form = school.to_class("Grade 2 reading", free("The bus is 20 minutes late.")).await;
    form.useful_until = Some(school.now().plus_hours(1));
    school.writes_down("Ms Rivera", &form).await;
    for _ in 0..8 {
        school.later(15).await;
    }
    school.air.fault_for_all(None);
    school.later(15).await;
    assert!(school.texts(JANE).is_empty(), "past its use nothing leaves");
    assert!(school.has_task("Baker", TaskKind::NotReached).await);
    school.ends().await;
}

#[tokio::test]
async fn a_carrier_that_comes_back_in_time_carries_it_once() {
    let school = School::open().await;
    school.air.fault(JANE, Some(Fault::Down));
    school.sends("Ms Rivera", &school.to_family("Leo Baker", phrase("reading-at-home", &[])).await).await;
    school.air.fault(JANE, None);
    for _ in 0..12 {
        school.later(10).await;
    }
    assert_eq!(school.texts(JANE).len(), 1);
    school.ends().await;
}

#[tokio::test]
async fn what_may_have_arrived_is_never_sent_again_by_itself_and_a_receipt_settles_it() {
    let school = School::open().await;
    school.air.fault(JANE, Some(Fault::Cut));
    let id = school.sends("Ms Rivera", &school.to_family("Leo Baker", phrase("reading-at-home", &[])).await).await;
    for _ in 0..6 {
        school.later(30).await;
    }
    assert_eq!(school.texts(JANE).len(), 1, "once");
    assert!(states(&school, id).await.contains(&DeliveryState::Uncertain));
    school.receipts(JANE, ReceiptKind::Delivered, None).await;
    assert!(states(&school, id).await.contains(&DeliveryState::Delivered));
    school.receipts(JANE, ReceiptKind::Accepted, None).await;
    assert!(states(&school, id).await.contains(&DeliveryState::Delivered), "a late \"sent\" undoes nothing");
    school.ends().await;
}

/// Whatever a carrier that can be asked again did with a call that was never answered, the family reads it once.
#[tokio::test]
async fn a_carrier_that_can_be_asked_again_leaves_nobody_in_doubt() {
    use domain::carrier::Repeat;
    for repeat in [Repeat::Keyed(std::time::Duration::from_secs(24 * 3600)), Repeat::LookUp] {
        for fault in [Fault::Cut, Fault::Lost] {
            let school = School::open().await;
            school.air.repeats(repeat);
            school.air.fault(JANE, Some(fault));
            let id = school.sends("Ms Rivera", &school.to_family("Leo Baker", phrase("reading-at-home", &[])).await).await;
            assert_eq!(states(&school, id).await, [DeliveryState::Claimed], "{repeat:?}, {fault:?}: it waits for the deadline");
            school.air.fault(JANE, None);
            for _ in 0..4 {
                school.later(5).await;
            }
            assert_eq!(school.texts(JANE).len(), 1, "{repeat:?}, {fault:?}: once");
            assert_eq!(states(&school, id).await, [DeliveryState::Accepted], "{repeat:?}, {fault:?}");
            school.ends().await;
        }
    }
}

/// A key that is older than the carrier remembers is never used again: nobody knows, and that is what staff read.
#[tokio::test]
async fn a_key_that_is_too_old_is_not_sent_again() {
    let school = School::open().await;
    school.air.repeats(domain::carrier::Repeat::Keyed(std::time::Duration::from_secs(60)));
    school.air.fault(JANE, Some(Fault::Cut));
    let id = school.sends("Ms Rivera", &school.to_family("Leo Baker", phrase("reading-at-home", &[])).await).await;
    school.air.fault(JANE, None);
    school.later(30).await;
    assert_eq!(school.texts(JANE).len(), 1);
    assert_eq!(states(&school, id).await, [DeliveryState::Uncertain]);
    school.ends().await;
}

#[tokio::test]
async fn a_landline_is_told_to_the_office_in_words() {
    let school = School::open().await;
    school.sends("Ms Rivera", &school.to_family("Leo Baker", phrase("reading-at-home", &[])).await).await;
    school.receipts(JANE, ReceiptKind::Failed, Some("30006")).await;
    assert!(school.tasks("Jane").await.iter().any(|task| task.reason.starts_with("Landline: ask for another number.")));
    school.ends().await;
}

#[tokio::test]
async fn in_rehearsal_only_the_list_is_reached() {
    let school = School::opened(|district| (district.rehearsal, district.allowed) = (true, vec![JANE.into()])).await;
    let id = school.sends("Ms Rivera", &school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await).await;
    assert_eq!(school.texts(JANE).len(), 1, "on the list");
    assert!(school.texts(LUCIA).is_empty() && school.mailbox(LAYLA).is_empty());
    assert!(states(&school, id).await.contains(&DeliveryState::Withheld));
    let admin = school.person("Jo Baker").await;
    assert!(school.flows.go_live(&admin, false).await.is_err(), "somebody must have called the numbers");
    assert!(school.flows.go_live(&school.person("Ms Rivera").await, true).await.is_err(), "not hers to do");
    school.flows.go_live(&admin, true).await.expect("live");
    school.sends("Ms Rivera", &school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await).await;
    assert_eq!(school.texts(LUCIA).len(), 1);
    school.ends().await;
}
