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

/// Free words are no keyword: nothing stops, the teacher reads them, and the family is asked in one line, once a day.
#[tokio::test]
async fn who_may_want_to_stop_is_asked_and_nothing_stops_by_a_guess() {
    let school = School::open().await;
    school.sends("Ms Rivera", &school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await).await;
    let number = school.number(LUCIA);
    for _ in 0..2 {
        school.writes(LUCIA, &number, "ya no quiero recibir mensajes de la escuela").await;
    }
    let asked: Vec<String> =
        school.texts(LUCIA).into_iter().map(|text| text.1).filter(|text| text.contains("PARAR o STOP. Si quería")).collect();
    assert_eq!(asked.len(), 1, "once: {:?}", school.texts(LUCIA));
    assert!(school.has_task("Lucía", TaskKind::Attend).await, "the office sees it");
    let thread = school.thread("Ms Rivera", "Lucía").await;
    assert!(thread.bubbles.iter().any(|bubble| bubble.incoming), "and the teacher");
    let before = school.texts(LUCIA).len();
    school.sends("Ms Rivera", &school.to_family("Sofía Morales", phrase("reading-at-home", &[])).await).await;
    assert_eq!(school.texts(LUCIA).len(), before + 1, "nothing is stopped by a guess");
    school.writes(LUCIA, &number, "parar").await;
    assert!(school.reads(LUCIA).contains("salvo emergencias"), "{}", school.reads(LUCIA));
    school.ends().await;
}

/// A company that stops a family on its own side may say so only in a receipt.
#[tokio::test]
async fn a_stop_that_a_receipt_tells_of_holds_and_a_late_copy_does_not_undo_start() {
    let school = School::open().await;
    let id = school.sends("Ms Rivera", &school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await).await;
    let number = school.number(JANE);
    school.receipts(JANE, domain::carrier::ReceiptKind::Failed, Some("21610")).await;
    let view = school.flows.ports().views.message_view(school.district, id).await.expect("read").expect("a message");
    assert!(view.not_reached.iter().any(|row| row.3.contains("The family stopped texts")), "{:?}", view.not_reached);
    let before = school.texts(JANE).len();
    school.sends("Ms Rivera", &school.to_family("Leo Baker", phrase("reading-at-home", &[])).await).await;
    assert_eq!(school.texts(JANE).len(), before, "nothing more goes by text");
    school.writes(JANE, &number, "START").await;
    school.receipts_of(JANE, 1, domain::carrier::ReceiptKind::Failed, Some("21610")).await;
    let before = school.texts(JANE).len();
    school.sends("Ms Rivera", &school.to_family("Leo Baker", phrase("reading-at-home", &[])).await).await;
    assert_eq!(school.texts(JANE).len(), before + 1, "the family's START holds");
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
