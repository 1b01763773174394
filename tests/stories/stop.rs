//! STOP at once, in every language, within its scope, undone by nobody but the family.

use crate::*;

/// A word for STOP of every shipped language: each counts whatever the family reads.
const WORDS: &[(&str, &str)] = &[
    ("en", "stop"),
    ("es", "parar"),
    ("pt-BR", "parar"),
    ("ht", "sispann"),
    ("zh-Hans", "停止"),
    ("zh-Hant", "停止"),
    ("ar", "قف"),
    ("vi", "ngừng"),
    ("ur", "بند کریں"),
    ("so", "jooji"),
    ("pl", "koniec"),
    ("fa-AF", "توقف"),
    ("uk", "стоп"),
    ("sw", "simamisha"),
];

#[tokio::test]
async fn stop_works_in_every_language_whatever_the_family_reads() {
    let school = School::open().await;
    for (language, word) in WORDS {
        school.writes(JANE, OFFICE, word).await;
        let jane = school.texts(JANE).pop().expect("a confirmation").1;
        assert!(jane.contains("stopped"), "{language} {word}: {jane}");
        school.writes(JANE, OFFICE, "START").await;
        assert!(school.reads(JANE).contains("again"), "{}", school.reads(JANE));
    }
    school.ends().await;
}

#[tokio::test]
async fn stop_takes_back_what_waits_and_lets_an_emergency_through() {
    let school = School::open().await;
    school.sends("Ms Rivera", &school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await).await;
    let number = school.number(LUCIA);
    let mut later = school.to_class("Grade 2 reading", phrase("bring-item", &[("item", "a hat"), ("date", "2026-03-12")])).await;
    later.send_at = Some(at("2026-03-10T15:00"));
    school.writes_down("Ms Rivera", &later).await;
    school.writes(LUCIA, &number, "parar").await;
    assert!(school.reads(LUCIA).contains("salvo emergencias"), "{}", school.reads(LUCIA));
    let count = school.texts(LUCIA).len();
    school.until(at("2026-03-10T15:05")).await;
    assert_eq!(school.texts(LUCIA).len(), count, "what waited does not go");
    assert!(!school.reads(JANE).is_empty(), "others got it");
    let everyone = Audience::School { school: school.person("Ms Rivera").await.schools[0] };
    let mut alarm = school.form(everyone.clone(), phrase("test", &[]));
    (alarm.weight, alarm.answers) = (Weight::Emergency, AnswerSet::None);
    school.sends("Ms Okafor", &alarm).await;
    assert!(school.texts(LUCIA).iter().any(|(_, text)| text.contains("PRUEBA")), "emergencies still arrive");
    school.writes(LUCIA, &number, "8").await;
    let count = school.texts(LUCIA).len();
    let mut alarm = school.form(everyone, phrase("all-clear", &[]));
    (alarm.weight, alarm.answers) = (Weight::Emergency, AnswerSet::None);
    school.sends("Ms Okafor", &alarm).await;
    assert_eq!(school.texts(LUCIA).len(), count, "8 stops emergencies too");
    assert!(school.has_task("Lucía", TaskKind::NotReached).await, "she is told by hand");
    school.ends().await;
}

#[tokio::test]
async fn seven_stops_one_teacher_only() {
    let school = School::open().await;
    school.sends("Ms Rivera", &school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await).await;
    let rivera = school.number(JANE);
    school.writes(JANE, &rivera, "stop").await;
    school.writes(JANE, &rivera, "7").await;
    assert!(school.reads(JANE).contains("only texts from Ms Rivera are stopped"), "{}", school.reads(JANE));
    let count = school.texts(JANE).len();
    school.sends("Ms Rivera", &school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await).await;
    assert_eq!(school.texts(JANE).len(), count);
    school.sends("Mr Chen", &school.to_class("Grade 2 math", phrase("reading-at-home", &[])).await).await;
    assert_eq!(school.texts(JANE).len(), count + 1, "the others continue");
    school.ends().await;
}

#[tokio::test]
async fn help_is_answered_and_shown_and_a_wrong_number_is_not_used_again() {
    let school = School::open().await;
    school.sends("Ms Rivera", &school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await).await;
    school.answers(LUCIA, "Ayuda").await;
    assert!(school.reads(LUCIA).contains("203-555-0100"), "{}", school.reads(LUCIA));
    assert!(school.has_task("Lucía", TaskKind::Attend).await);
    let mut later = school.to_class("Grade 2 reading", phrase("bring-item", &[("item", "a hat"), ("date", "2026-03-12")])).await;
    later.send_at = Some(at("2026-03-10T15:00"));
    school.writes_down("Ms Rivera", &later).await;
    school.answers(JANE, "wrong number").await;
    let count = school.texts(JANE).len();
    school.until(at("2026-03-10T15:05")).await;
    assert_eq!(school.texts(JANE).len(), count, "not even what waited");
    let student = school.student("Leo Baker").await;
    let jane = school.guardian(student, "Jane").await;
    let office = school.person("Maple Street office").await;
    let family = school.flows.ports().views.family(school.district, student).await.expect("read").expect("a family");
    school.flows.confirm_contact(&office, student, jane, family.guardians[0].contacts[0].0).await.expect("right after all");
    school.sends("Ms Rivera", &school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await).await;
    assert_eq!(school.texts(JANE).len(), count + 1);
    school.ends().await;
}

#[tokio::test]
async fn a_carrier_that_has_stopped_the_family_itself_is_heard() {
    let school = School::open().await;
    school.air.fault(JANE, Some(Fault::OptedOut));
    school.sends("Ms Rivera", &school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await).await;
    assert!(school.has_task("Jane", TaskKind::NotReached).await);
    school.air.fault(JANE, None);
    school.sends("Ms Rivera", &school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await).await;
    assert!(school.texts(JANE).is_empty(), "it stays stopped until the family says otherwise");
    school.ends().await;
}
