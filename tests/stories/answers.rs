//! Answers by digit and by word, tallies, reminders, "not clear", "contact me".

use crate::*;

async fn meeting(school: &School) -> MessageId {
    let mut form = school
        .to_class("Grade 2 reading", phrase("class-meeting", &[("date", "2026-03-12"), ("time", "17:30"), ("place", "room 12")]))
        .await;
    form.answers = AnswerSet::Coming;
    school.sends("Ms Rivera", &form).await
}

async fn view(school: &School, message: MessageId) -> views::MessageView {
    school.flows.ports().views.message_view(school.district, message).await.expect("read").expect("a message")
}

#[tokio::test]
async fn digits_of_every_script_words_and_a_change_of_mind_are_counted_once() {
    let school = School::open().await;
    let id = meeting(&school).await;
    school.answers(KARIM, "١").await;
    school.answers(JANE, "2 sorry, I work late").await;
    school.answers(LUCIA, "sí").await;
    let tally = view(&school, id).await.tally;
    assert_eq!(tally, [(Answer::Coming, 2), (Answer::NotComing, 1)]);
    assert!(school.reads(KARIM).contains("سنحضر"), "told what was noted: {}", school.reads(KARIM));
    school.answers(JANE, "1").await;
    assert_eq!(view(&school, id).await.tally, [(Answer::Coming, 3)], "the newest answer counts, never both");
    assert!(school.thread("Ms Rivera", "Jane").await.bubbles.iter().any(|bubble| bubble.text.contains("Coming")));
    school.ends().await;
}

#[tokio::test]
async fn two_guardians_answers_about_one_child_stand_side_by_side() {
    let school = School::open().await;
    let mut form =
        school.to_class("Grade 4 reading", phrase("field-trip-permission", &[("place", "the zoo"), ("date", "2026-03-20")])).await;
    (form.answers, form.weight) = (AnswerSet::Permission, Weight::Routine);
    let id = school.sends("Ms Rivera", &form).await;
    school.answers("+18605550101", "1").await;
    school.answers("+18605550102", "2").await;
    let view = view(&school, id).await;
    let both: Vec<_> = view.answers.iter().filter(|row| row.children.contains(&"Bruno".to_owned())).collect();
    assert_eq!(both.len(), 2, "{both:?}");
    assert_ne!(both[0].answer, both[1].answer);
    school.ends().await;
}

#[tokio::test]
async fn those_who_have_not_answered_are_reminded_once() {
    let school = School::open().await;
    let id = meeting(&school).await;
    school.answers(JANE, "1").await;
    let before = school.texts(JANE).len();
    let reminder = school.form(
        Audience::Unanswered { message: id },
        phrase("class-meeting", &[("date", "2026-03-12"), ("time", "17:30"), ("place", "room 12")]),
    );
    school.sends("Ms Rivera", &reminder).await;
    assert!(school.reads(AYAN).contains('\n') && school.texts(AYAN).len() == 2, "{}", school.reads(AYAN));
    assert_eq!(school.texts(JANE).len(), before, "she had answered");
    let again = school.form(Audience::Unanswered { message: id }, free("Please answer us."));
    let refused = school.flows.send(&school.person("Ms Rivera").await, &again).await;
    assert!(matches!(refused, Err(messaging::FlowFault::Invalid(_))), "once only");
    school.ends().await;
}

#[tokio::test]
async fn two_open_menus_never_share_a_digit_and_a_closed_one_is_never_guessed() {
    let school = School::open().await;
    meeting(&school).await;
    let number = school.number(JANE);
    let mut second = school
        .to_class("Grade 2 reading", phrase("homework-help", &[("date", "2026-03-13"), ("time", "15:00"), ("place", "room 2")]))
        .await;
    second.answers = AnswerSet::Coming;
    let later = school.sends("Ms Rivera", &second).await;
    assert_eq!(school.number(JANE), number, "one teacher keeps one number");
    assert!(school.reads(JANE).contains("4 Coming"), "{}", school.reads(JANE));
    school.answers(JANE, "4").await;
    assert_eq!(view(&school, later).await.tally, [(Answer::Coming, 1)]);
    school.until(at("2026-03-20T10:00")).await;
    school.writes(JANE, &number, "1").await;
    assert!(school.reads(JANE).contains("that question is closed"), "{}", school.reads(JANE));
    school.ends().await;
}

#[tokio::test]
async fn zero_sends_the_plain_form_and_a_second_zero_a_person() {
    let school = School::open().await;
    meeting(&school).await;
    school.answers(JANE, "0").await;
    let texts = school.texts(JANE);
    assert!(texts.iter().any(|(_, text)| text.contains("Sorry, our text was not clear")), "{texts:?}");
    assert!(texts.iter().any(|(_, text)| text.starts_with("Please come to school on")), "the plain form: {texts:?}");
    assert!(!school.has_task("Jane", TaskKind::ContactFamily).await);
    school.answers(JANE, "0").await;
    assert!(school.has_task("Jane", TaskKind::ContactFamily).await, "a second 0 makes a person contact them");
    school.ends().await;
}

#[tokio::test]
async fn contact_me_is_a_task_with_a_clock_and_the_family_learns_the_day() {
    let school = School::open().await;
    meeting(&school).await;
    school.answers(LUCIA, "3").await;
    let task = school.tasks("Lucía").await.into_iter().find(|task| task.kind == TaskKind::ContactFamily).expect("a task");
    assert!(task.due > school.now() && task.language.as_deref() == Some("es"));
    let told = |phone: &str| school.texts(phone).iter().any(|(_, text)| text.contains("contact"));
    assert!(told(LUCIA), "{}", school.reads(LUCIA));
    school.answers(JANE, "contact me").await;
    assert!(school.has_task("Jane", TaskKind::ContactFamily).await, "in words too");
    school.ends().await;
}

#[tokio::test]
async fn a_child_who_should_be_in_school_alerts_at_once() {
    let school = School::open().await;
    let mut form = school.to_family("Leo Baker", phrase("absent-today", &[])).await;
    form.answers = AnswerSet::Absence;
    school.sends("Ms Rivera", &form).await;
    school.answers(JANE, "4").await;
    assert!(school.has_task("Jane", TaskKind::Risk).await, "look for the child now");
    school.ends().await;
}
