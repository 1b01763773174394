//! Words of danger reach a person, whatever the route; nobody is left in silence.

use crate::*;

#[tokio::test]
async fn words_of_danger_go_down_the_duty_list_until_somebody_has_them() {
    let school = School::open().await;
    school.writes(STRANGER, OFFICE, "my son has a knife at school").await;
    let risk = school.tasks("").await.into_iter().find(|task| task.kind == TaskKind::Risk).expect("a task to look now");
    assert!(risk.due <= school.now().plus_minutes(5));
    let told = |name: &str| school.mailbox(name).iter().filter(|(letter, _)| letter.subject.contains("danger")).count();
    let both = ["nurse@maple.example", "principal@maple.example"];
    assert_eq!(both.map(told).iter().sum::<usize>(), 1, "one person at once");
    school.later(6).await;
    assert_eq!(both.map(told), [1, 1], "five minutes later the next");
    let letter = &school.mailbox(both[0])[0].0;
    assert!(!letter.text.reveal().contains("knife"), "no content in a letter: {}", letter.text.reveal());
    assert!(school.flows.take_task(&school.person("Nurse Lopes").await, risk.task).await.expect("answered"), "she has it");
    assert!(!school.flows.take_task(&school.person("Ms Okafor").await, risk.task).await.expect("answered"), "one person has it");
    school.later(30).await;
    assert_eq!(both.map(told), [1, 1], "it is not passed on any more");
    school.ends().await;
}

#[tokio::test]
async fn danger_is_heard_in_an_answer_to_a_question_and_in_stop() {
    let school = School::open().await;
    school.sends("Ms Rivera", &school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await).await;
    school.answers(LUCIA, "Mi hijo dice que alguien le pega en el recreo").await;
    assert!(school.has_task("Lucía", TaskKind::Risk).await);
    school.ends().await;
}

#[tokio::test]
async fn a_reply_nobody_reads_goes_to_the_office_and_the_family_is_told_once() {
    let school = School::open().await;
    school.sends("Ms Rivera", &school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await).await;
    school.answers(JANE, "Can Leo bring lunch?").await;
    assert!(school.inbox("Maple Street office").await.is_empty());
    school.later(26 * 60).await;
    assert_eq!(school.inbox("Maple Street office").await.len(), 1, "the clock passed: it is the office's now");
    let told = || school.texts(JANE).iter().filter(|(_, text)| text.contains("Maple Street office answers your text now")).count();
    assert_eq!(told(), 1);
    school.later(26 * 60).await;
    assert_eq!(told(), 1, "once");
    school.ends().await;
}

#[tokio::test]
async fn staff_are_told_as_often_as_they_wish_without_a_child_or_a_word() {
    let school = School::open().await;
    school.sends("Ms Rivera", &school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await).await;
    school.answers(JANE, "Leo reads to his sister now").await;
    school.answers(JANE, "And to the cat").await;
    let letters = school.mailbox("rivera@maple.example");
    assert_eq!(letters.len(), 1, "once an hour");
    let text = letters[0].0.text.reveal();
    assert!(text.contains("https://homeword.example") && !text.contains("Leo") && text.contains('1'), "{text}");
    let rivera = school.person("Ms Rivera").await;
    school.flows.set_own(&rivera, false, None, people::Telling::Daily).await.expect("set");
    school.later(90).await;
    school.answers(JANE, "The cat likes it").await;
    assert_eq!(school.mailbox("rivera@maple.example").len(), 1, "not before the end of the day");
    school.until(at("2026-03-10T16:01")).await;
    let letters = school.mailbox("rivera@maple.example");
    assert_eq!(letters.len(), 2);
    let text = letters[1].0.text.reveal();
    assert!(text.contains("something new: 1."), "what is new when it leaves: {text}");

    // Of the next day she has seen everything before it ends: no letter says so.
    school.until(at("2026-03-11T10:00")).await;
    school.answers(JANE, "And the dog").await;
    let thread = school.inbox("Ms Rivera").await[0].2;
    school.flows.thread(&school.person("Ms Rivera").await, thread).await.expect("read");
    school.until(at("2026-03-11T16:01")).await;
    assert_eq!(school.mailbox("rivera@maple.example").len(), 2, "she has seen it");
    school.ends().await;
}
