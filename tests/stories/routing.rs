//! Replies reach the right teacher by proof, never by guess.

use crate::*;

#[tokio::test]
async fn two_teachers_of_one_family_write_from_two_numbers_and_answers_never_mix() {
    let school = School::open().await;
    school.sends("Ms Rivera", &school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await).await;
    let rivera = school.number(LUCIA);
    school
        .sends("Mr Chen", &school.to_class("Grade 2 math", phrase("bring-item", &[("item", "una regla"), ("date", "2026-03-12")])).await)
        .await;
    let chen = school.number(LUCIA);
    assert_ne!(rivera, chen);
    school.writes(LUCIA, &rivera, "Leemos cada noche").await;
    school.writes(LUCIA, &chen, "Mañana lleva la regla").await;
    assert!(school.thread("Ms Rivera", "Lucía").await.bubbles.iter().any(|bubble| bubble.text == "Leemos cada noche"));
    assert!(school.thread("Mr Chen", "Lucía").await.bubbles.iter().any(|bubble| bubble.text == "Mañana lleva la regla"));
    assert_eq!(school.inbox("Mr Chen").await.len(), 1);
    school.ends().await;
}

#[tokio::test]
async fn an_answer_goes_back_the_way_the_family_wrote_with_the_original_beside_the_words() {
    let school = School::open().await;
    school.sends("Ms Rivera", &school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await).await;
    let number = school.number(JANE);
    school.answers(JANE, "He likes the new book").await;
    let thread = school.thread("Ms Rivera", "Jane").await;
    assert!(thread.reason.contains("talks with Ms Rivera"), "why it is here: {}", thread.reason);
    let rivera = school.person("Ms Rivera").await;
    school.flows.answer(&rivera, thread.thread, MessageId(7), "How lovely. Which page?").await.expect("answered");
    school.later(1).await;
    assert_eq!(school.texts(JANE).pop().expect("an answer"), (number, "Ms Rivera: How lovely. Which page?".into()));
    let after = school.thread("Ms Rivera", "Jane").await;
    assert!(after.due.is_none(), "its clock stopped");
    school.ends().await;
}

#[tokio::test]
async fn a_family_without_a_conversation_is_asked_and_its_answer_moves_what_waited() {
    let school = School::open().await;
    school.writes(CARMEN, OFFICE, "¿Hay clase el viernes?").await;
    assert!(school.reads(CARMEN).contains("¿Para quién es?") && school.reads(CARMEN).contains("Ms Rivera"), "{}", school.reads(CARMEN));
    school.writes(CARMEN, OFFICE, "Es por la fiesta").await;
    let question = school.texts(CARMEN)[0].1.clone();
    let digit = question.lines().find(|line| line.contains("Ms Rivera")).and_then(|line| line.get(..1)).expect("a choice").to_owned();
    school.writes(CARMEN, OFFICE, &digit).await;
    let thread = school.thread("Ms Rivera", "Carmen").await;
    let said: Vec<&str> = thread.bubbles.iter().filter(|bubble| bubble.incoming).map(|bubble| bubble.text.as_str()).collect();
    assert_eq!(said, ["¿Hay clase el viernes?", "Es por la fiesta"], "both texts that waited");
    school.ends().await;
}

#[tokio::test]
async fn a_question_nobody_answers_is_read_by_the_office() {
    let school = School::open().await;
    school.writes(LUCIA, OFFICE, "¿Hay clases mañana?").await;
    school.later(121).await;
    let figures = school.flows.ports().views.inbound_figures(school.district).await.expect("figures");
    assert_eq!((figures.asked, figures.received), (1, 1));
    assert!(school.tasks("Lucía").await.iter().any(|task| task.reason.contains("did not say whom")));
    school.ends().await;
}

#[tokio::test]
async fn a_number_nobody_knows_reaches_the_office_and_hears_once_a_day() {
    let school = School::open().await;
    school.writes(STRANGER, OFFICE, "Hello, is this the school?").await;
    school.writes(STRANGER, OFFICE, "Anybody there?").await;
    assert_eq!(school.texts(STRANGER).len(), 1, "one \"received\" a day");
    assert!(school.has_task("0150", TaskKind::UnknownSender).await);
    school.ends().await;
}

#[tokio::test]
async fn empty_emoji_and_endless_texts_are_kept_and_a_repeated_one_is_one() {
    let school = School::open().await;
    school.sends("Ms Rivera", &school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await).await;
    school.answers(JANE, "").await;
    school.answers(JANE, "👍").await;
    school.answers(JANE, &"very long ".repeat(10_000)).await;
    school.answers(JANE, "nul\0inside").await;
    let thread = school.thread("Ms Rivera", "Jane").await;
    assert_eq!(thread.bubbles.iter().filter(|bubble| bubble.incoming).count(), 4);
    school.ends().await;
}

#[tokio::test]
async fn on_a_phone_of_two_languages_the_one_they_wrote_in_is_answered() {
    let school = School::open().await;
    school.writes(ROSA_AND_LUIS, OFFICE, "Hello, can you please tell us when the school is open?").await;
    assert!(school.reads(ROSA_AND_LUIS).contains("Who is it for?"), "{}", school.reads(ROSA_AND_LUIS));
    school.ends().await;
}

#[tokio::test]
async fn outside_school_hours_the_family_hears_who_reads_it_and_when_once_a_day() {
    let school = School::open().await;
    school.sends("Ms Rivera", &school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await).await;
    school.until(at("2026-03-10T18:00")).await;
    school.answers(LUCIA, "Una pregunta sobre el libro").await;
    school.answers(LUCIA, "Otra pregunta más").await;
    let received: Vec<_> = school.texts(LUCIA).into_iter().filter(|(_, text)| text.contains("lo lee")).collect();
    assert!(received.len() == 1 && received[0].1.contains("Ms Rivera") && received[0].1.contains("marzo"), "{received:?}");
    school.ends().await;
}
