//! The nurse's matters are nobody else's: no health words in a text, no thread for others to read.

use crate::*;

#[tokio::test]
async fn a_nurses_text_says_only_that_she_needs_to_reach_the_family() {
    let school = School::open().await;
    let mut form = school.to_family("Leo Baker", free("Leo has a fever of 102 and should be picked up.")).await;
    form.weight = Weight::Urgent;
    school.sends("Nurse Lopes", &form).await;
    let text = school.reads(JANE);
    assert!(text.contains("Nurse Lopes needs to reach you") && !text.contains("fever") && !text.contains("Leo"), "{text}");
    school.answers(JANE, "I can come at two").await;
    let (news, _) = school.mailbox("nurse@maple.example").pop().expect("she is told");
    assert!(!news.text.reveal().contains("answer this email"), "by the page alone: {:?}", news.text);
    let thread = school.thread("Nurse Lopes", "Jane").await;
    assert!(thread.private);
    let principal = school.person("Ms Okafor").await;
    assert!(school.flows.thread(&principal, thread.thread).await.is_err(), "not even the principal");
    let audit = school.flows.ports().views.audit(school.district, 100).await.expect("an audit");
    assert!(audit.iter().any(|(row, by)| row.act == "viewed" && by == "Nurse Lopes"), "looking at what is private is on record");
    school.ends().await;
}

#[tokio::test]
async fn a_private_letter_goes_only_to_a_mailbox_that_answered_before() {
    let school = School::open().await;
    let form = school.to_family("Rami Mansour", free("Rami needs a new inhaler at school.")).await;
    school.sends("Nurse Lopes", &form).await;
    school.later(61).await;
    assert!(school.mailbox(LAYLA).is_empty(), "this mailbox never answered");
    assert!(school.has_task("Layla", TaskKind::ContactFamily).await, "somebody reaches her in person");
    school.ends().await;
}
