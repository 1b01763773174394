//! A number that never answered is greeted first, and no child is named to it.

use crate::*;
use domain::carrier::ReceiptKind;

async fn real() -> School {
    School::opened(|district| district.introduce = true).await
}

#[tokio::test]
async fn greeted_once_in_its_language_and_two_hours_later_the_message_without_a_name() {
    let school = real().await;
    let form = school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await;
    let preview = school.flows.preview(&school.person("Ms Rivera").await, &form).await.expect("a preview");
    assert!(preview.line.greeted_first > 5, "the author sees it: {:?}", preview.line);
    school.sends("Ms Rivera", &form).await;
    let texts = school.texts(LUCIA);
    assert!(texts.len() == 1 && texts[0].1.contains("mensajes de la escuela"), "the greeting: {texts:?}");
    school.receipts(LUCIA, ReceiptKind::Delivered, None).await;
    school.later(100).await;
    assert_eq!(school.texts(LUCIA).len(), 1);
    school.later(25).await;
    let text = school.reads(LUCIA);
    assert!(school.texts(LUCIA).len() == 2 && !text.contains("Sofía") && text.contains("su hijo o hija"), "{text}");
    school.answers(LUCIA, "Gracias, maestra").await;
    school.sends("Ms Rivera", &school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await).await;
    assert!(school.reads(LUCIA).contains("Sofía"), "she answered: the name may stand, and nothing waits");
    let greetings = school.texts(LUCIA).iter().filter(|(_, text)| text.contains("mensajes de la escuela")).count();
    assert_eq!(greetings, 1, "once");
    school.ends().await;
}

#[tokio::test]
async fn whoever_says_wrong_number_never_gets_the_message() {
    let school = real().await;
    school.sends("Ms Rivera", &school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await).await;
    school.answers(JANE, "WRONG").await;
    let count = school.texts(JANE).len();
    school.later(150).await;
    assert_eq!(school.texts(JANE).len(), count, "{:?}", school.texts(JANE));
    school.ends().await;
}

#[tokio::test]
async fn an_emergency_waits_for_nothing() {
    let school = real().await;
    let everyone = Audience::School { school: school.person("Ms Rivera").await.schools[0] };
    let mut alarm = school.form(everyone, phrase("do-not-come", &[]));
    (alarm.weight, alarm.answers) = (Weight::Emergency, AnswerSet::None);
    school.sends("Ms Okafor", &alarm).await;
    assert!(school.texts(JANE).iter().any(|(_, text)| text.contains("do NOT come")), "{:?}", school.texts(JANE));
    school.ends().await;
}

#[tokio::test]
async fn the_message_waits_for_the_greetings_receipt_and_two_hours_after_it() {
    let school = real().await;
    school.sends("Ms Rivera", &school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await).await;
    school.later(200).await;
    assert_eq!(school.texts(LUCIA).len(), 1, "nobody knows whether the greeting arrived");
    school.receipts(LUCIA, ReceiptKind::Delivered, None).await;
    school.later(90).await;
    assert_eq!(school.texts(LUCIA).len(), 1, "two hours in which somebody may say that the number is wrong");
    school.later(35).await;
    assert_eq!(school.texts(LUCIA).len(), 2);
    school.ends().await;
}

#[tokio::test]
async fn a_greeting_that_is_never_seen_to_arrive_is_told_to_the_office() {
    let school = real().await;
    let mut form = school.to_family("Leo Baker", phrase("reading-at-home", &[])).await;
    form.useful_until = Some(at("2026-03-13T12:00"));
    school.sends("Ms Rivera", &form).await;
    school.until(at("2026-03-11T08:00")).await;
    assert!(school.tasks("Jane").await.is_empty() && school.texts(JANE).len() == 1, "the phone may be off for a night");
    school.until(at("2026-03-11T10:40")).await;
    let tasks = school.tasks("Jane").await;
    assert!(tasks.iter().any(|task| task.kind == TaskKind::NotReached), "{tasks:?}");
    assert_eq!(school.texts(JANE).len(), 1);
    school.ends().await;
}
