//! Who may know: orders act, unknown rights wait, nobody sees the other parent.

use crate::*;

#[tokio::test]
async fn an_order_keeps_out_and_what_is_unknown_waits_for_the_office() {
    let school = School::open().await;
    let id = school.sends("Ms Rivera", &school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await).await;
    assert!(school.texts(PABLO).is_empty(), "an order runs since January");
    assert!(!school.texts(CARMEN).is_empty());
    assert_eq!(school.texts(SAMIRA).len(), 1, "rights unknown: class messages go");
    let view = school.flows.ports().views.message_view(school.district, id).await.expect("read").expect("a message");
    assert!(view.not_included >= 1 && view.not_reached.iter().all(|row| !row.0.contains("Pablo")), "teachers see a count, not who or why");
    school.sends("Ms Rivera", &school.to_family("Nora Khalil", phrase("good-news", &[("text", "she read a whole book")])).await).await;
    assert_eq!(school.texts(SAMIRA).len(), 1, "about one child: not before the office decided");
    assert!(school.has_task("Samira", TaskKind::RightsUnknown).await);
    school.ends().await;
}

#[tokio::test]
async fn an_order_written_down_now_takes_back_what_waits() {
    let school = School::open().await;
    let student = school.student("Mateo Reyes").await;
    let carmen = school.guardian(student, "Carmen").await;
    let mut later = school.to_family("Mateo Reyes", phrase("good-news", &[("text", "he sang for us")])).await;
    later.send_at = Some(at("2026-03-10T15:00"));
    school.writes_down("Ms Rivera", &later).await;
    let office = school.person("Maple Street office").await;
    school.flows.decide_right(&office, student, carmen, messaging::RightDecision::None { from: None, until: None }).await.expect("decided");
    school.until(at("2026-03-10T15:05")).await;
    assert!(school.texts(CARMEN).is_empty());
    assert!(school.flows.decide_right(&school.person("Ms Rivera").await, student, carmen, messaging::RightDecision::Full).await.is_err());
    let backwards = messaging::RightDecision::None { from: Some(at("2026-04-02T00:00")), until: Some(at("2026-04-01T00:00")) };
    assert!(school.flows.decide_right(&office, student, carmen, backwards).await.is_err());
    school.ends().await;
}

#[tokio::test]
async fn a_teacher_of_another_class_and_school_sees_nothing() {
    let school = School::open().await;
    school.sends("Ms Rivera", &school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await).await;
    school.answers(JANE, "A private matter of ours").await;
    let thread = school.thread("Ms Rivera", "Jane").await.thread;
    let petrov = school.person("Ms Petrov").await;
    assert!(matches!(school.flows.thread(&petrov, thread).await, Err(messaging::FlowFault::NotFound)));
    assert!(matches!(school.flows.answer(&petrov, thread, MessageId(9), "hello").await, Err(messaging::FlowFault::NotFound)));
    let form = school.to_class("Grade 2 reading", free("Not my class.")).await;
    assert!(matches!(school.flows.send(&petrov, &form).await, Err(messaging::FlowFault::NotFound)));
    let mut alarm = school.to_class("Grade 2 reading", phrase("test", &[])).await;
    alarm.weight = Weight::Emergency;
    assert!(school.flows.send(&school.person("Ms Rivera").await, &alarm).await.is_err(), "not a teacher's weight");
    school.ends().await;
}

#[tokio::test]
async fn a_language_nobody_knows_is_asked_by_its_own_name() {
    let school = School::open().await;
    school.sends("Ms Rivera", &school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await).await;
    let texts = school.texts(JUANA);
    assert!(texts[0].1.contains("Español") && texts[0].1.contains("العربية"), "eight languages by their own names: {texts:?}");
    assert!(school.has_task("Juana", TaskKind::UnknownLanguage).await);
    let digit = texts[0]
        .1
        .split_whitespace()
        .zip(texts[0].1.split_whitespace().skip(1))
        .find(|(_, name)| *name == "Español")
        .expect("Spanish")
        .0
        .to_owned();
    school.answers(JUANA, &digit).await;
    assert!(school.reads(JUANA).contains("mensajes de la escuela"), "{}", school.reads(JUANA));
    school.enrol(&[]).await;
    school.sends("Ms Rivera", &school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await).await;
    assert!(school.reads(JUANA).contains("lea con"), "her own choice stays: {}", school.reads(JUANA));
    school.ends().await;
}
