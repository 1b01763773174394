//! By hand is a queue, not a failure: what was said enters the conversation.

use crate::*;

#[tokio::test]
async fn what_a_family_says_on_the_phone_enters_the_conversation_as_its_answer() {
    let school = School::open().await;
    let mut form = school
        .to_class("Grade 4 reading", phrase("class-meeting", &[("date", "2026-03-12"), ("time", "17:30"), ("place", "room 12")]))
        .await;
    form.answers = AnswerSet::Coming;
    let id = school.sends("Ms Rivera", &form).await;
    school.receipts(DINA, domain::carrier::ReceiptKind::Failed, Some("30006")).await;
    let office = school.person("Maple Street office").await;
    let task = school.tasks("Dina").await.into_iter().find(|task| task.kind == TaskKind::NotReached).expect("a task");
    assert!(task.signs && task.answers == AnswerSet::Coming && task.script.as_ref().is_some_and(|script| !script.0.is_empty()));
    assert!(school.flows.take_task(&office, task.task).await.expect("answered"));
    let nothing = messaging::HandResult::default();
    assert!(school.flows.end_task(&office, task.task, &nothing).await.is_err(), "something must have come of it");
    let wrong = messaging::HandResult { answer: Some(Answer::Permit), ..Default::default() };
    assert!(school.flows.end_task(&office, task.task, &wrong).await.is_err(), "not an answer of this message");
    let result =
        messaging::HandResult { answer: Some(Answer::Coming), said: "She comes with her sister.".into(), words: "Relay call".into() };
    assert!(school.flows.end_task(&office, task.task, &result).await.expect("ended"));
    school.work().await;
    let view = school.flows.ports().views.message_view(school.district, id).await.expect("read").expect("a message");
    assert_eq!(view.tally, [(Answer::Coming, 1)]);
    let thread = school.thread("Ms Rivera", "Dina").await;
    let said = thread.bubbles.iter().find(|bubble| bubble.incoming).expect("what she said");
    assert!(said.text.contains("with her sister") && said.source.contains("in person"), "{said:?}");
    assert!(!school.has_task("Dina", TaskKind::NotReached).await);
    school.ends().await;
}

#[tokio::test]
async fn looked_up_by_the_last_four_digits_or_the_child_while_on_the_phone() {
    let school = School::open().await;
    school.sends("Ms Rivera", &school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await).await;
    school.receipts(JANE, domain::carrier::ReceiptKind::Failed, Some("30005")).await;
    assert!(!school.tasks("0103").await.is_empty() && !school.tasks("leo").await.is_empty());
    school.ends().await;
}
