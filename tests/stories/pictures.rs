//! A family sends a picture, a paper, a spoken message.

use crate::*;
use domain::media::MediaKind;
use domain::ports::NotFetched;
use messaging::FlowFault;

const LINK: &str = "https://media.company.example/1";
const OTHER: &str = "https://media.company.example/2";
const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF and the rest";

/// A conversation of this family with Ms Rivera; our number in it.
async fn talks(school: &School, phone: &str) -> String {
    school.sends("Ms Rivera", &school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await).await;
    school.answers(phone, "Gracias").await;
    school.number(phone)
}

#[tokio::test]
async fn a_picture_without_words_goes_where_a_text_goes_and_only_its_readers_see_it() {
    let school = School::open().await;
    let number = talks(&school, LUCIA).await;
    school.air.keeps(LINK, Ok(JPEG));
    school.air.keeps(OTHER, Ok(b"<svg onload=\"alert(1)\"/>"));
    school.writes_with(LUCIA, &number, "", &[LINK, OTHER]).await;
    let view = school.thread("Ms Rivera", "Lucía").await;
    let bubble = view.bubbles.iter().find(|bubble| !bubble.attached.is_empty()).expect("a bubble with what came");
    let kinds: Vec<Option<MediaKind>> = bubble.attached.iter().map(|one| one.kind).collect();
    assert_eq!(kinds, [Some(MediaKind::Jpeg), Some(MediaKind::Other)], "a drawing that runs code is no picture");
    assert!(bubble.text.is_empty() && !format!("{bubble:?}").contains(LINK), "the company's link is nobody's to read");
    let (rivera, chen) = (school.person("Ms Rivera").await, school.person("Mr Chen").await);
    let one = &bubble.attached[0];
    let media = school.flows.media(&rivera, view.thread, one.incoming, one.number).await.expect("hers to see");
    assert!(media.kind == MediaKind::Jpeg && media.bytes == JPEG);
    let foreign = school.flows.media(&chen, view.thread, one.incoming, one.number).await.err();
    assert!(matches!(foreign, Some(FlowFault::NotFound)), "not his conversation: {foreign:?}");
    // By the address of a conversation that is hers, nothing of another's is reached.
    school.answers(JANE, "Thank you").await;
    let other = school.thread("Ms Rivera", "Jane").await;
    assert!(school.flows.media(&rivera, other.thread, one.incoming, one.number).await.is_err());
    school.ends().await;
}

#[tokio::test]
async fn no_company_carries_more_than_ten_pictures_in_a_text_and_no_more_are_kept() {
    let school = School::open().await;
    let number = talks(&school, LUCIA).await;
    let links: Vec<String> = (1..=12).map(|one| format!("https://media.company.example/{one}")).collect();
    links.iter().for_each(|link| school.air.keeps(link, Ok(JPEG)));
    school.writes_with(LUCIA, &number, "Sus dibujos", &links.iter().map(String::as_str).collect::<Vec<_>>()).await;
    for _ in 0..3 {
        school.later(1).await;
    }
    let kept: Vec<_> = school.thread("Ms Rivera", "Lucía").await.bubbles.into_iter().flat_map(|bubble| bubble.attached).collect();
    assert_eq!((kept.len(), kept.iter().filter(|one| one.kind == Some(MediaKind::Jpeg)).count()), (10, 10));
    school.ends().await;
}

#[tokio::test]
async fn what_could_not_be_fetched_is_said_and_tried_again() {
    let school = School::open().await;
    let number = talks(&school, LUCIA).await;
    school.air.keeps(LINK, Err(NotFetched::Later("the company is out of order")));
    school.writes_with(LUCIA, &number, "Su dibujo", &[LINK]).await;
    let attached = |view: domain::views::ThreadView| view.bubbles.into_iter().flat_map(|bubble| bubble.attached).next().expect("one came");
    let waits = attached(school.thread("Ms Rivera", "Lucía").await);
    assert!(waits.kind.is_none() && waits.reason.is_empty(), "it is still tried: {waits:?}");
    for _ in 0..8 {
        school.later(40).await;
    }
    let view = school.thread("Ms Rivera", "Lucía").await;
    let thread = view.thread;
    let failed = attached(view);
    assert_eq!(failed.reason, "the company is out of order");
    school.air.keeps(LINK, Ok(JPEG));
    school.later(200).await;
    assert!(attached(school.thread("Ms Rivera", "Lucía").await).kind.is_none(), "given up is given up");
    let (rivera, chen) = (school.person("Ms Rivera").await, school.person("Mr Chen").await);
    assert!(school.flows.fetch_again(&chen, thread, failed.incoming, failed.number).await.is_err());
    school.flows.fetch_again(&rivera, thread, failed.incoming, failed.number).await.expect("hers to try");
    school.work().await;
    assert_eq!(attached(school.thread("Ms Rivera", "Lucía").await).kind, Some(MediaKind::Jpeg));
    school.air.keeps(OTHER, Err(NotFetched::Never("it is too large")));
    school.writes_with(LUCIA, &number, "Otro dibujo", &[OTHER]).await;
    let all = school.thread("Ms Rivera", "Lucía").await.bubbles.into_iter().flat_map(|bubble| bubble.attached);
    assert_eq!(all.last().expect("the other one").reason, "it is too large", "what no trying helps is said at once");
    school.ends().await;
}

#[tokio::test]
async fn a_spoken_message_is_work_for_somebody_who_speaks_the_language() {
    let school = School::open().await;
    let number = talks(&school, KARIM).await;
    school.air.keeps(LINK, Ok(b"#!AMR\n\x3c\x91\x17"));
    school.writes_with(KARIM, &number, "", &[LINK]).await;
    let tasks = school.tasks("Karim").await;
    let task = tasks.iter().find(|task| task.kind == TaskKind::Listen).expect("somebody listens");
    assert!(task.language.as_deref() == Some("ar") && task.attached[0].kind == Some(MediaKind::Amr), "{task:?}");
    let office = school.person("Maple Street office").await;
    let one = &task.attached[0];
    assert!(school.flows.media_of_task(&office, task.task, one.incoming, one.number).await.is_ok());
    school.air.keeps(OTHER, Ok(JPEG));
    school.writes_with(LUCIA, &number, "", &[OTHER]).await;
    let hers = school.thread("Ms Rivera", "Lucía").await.bubbles.into_iter().flat_map(|bubble| bubble.attached).next().expect("a picture");
    let elsewhere = school.flows.media_of_task(&office, task.task, hers.incoming, hers.number).await;
    assert!(elsewhere.is_err(), "a task is about one incoming");
    let result = messaging::HandResult { words: "Listened".into(), answer: None, said: "Amina is ill today".into() };
    school.flows.end_task(&office, task.task, &result).await.expect("ended");
    school.work().await;
    let view = school.thread("Maple Street office", "Karim").await;
    assert!(view.bubbles.iter().any(|bubble| bubble.text.contains("ill today")), "{:?}", view.bubbles);
    school.ends().await;
}

#[tokio::test]
async fn a_call_that_is_repeated_attaches_nothing_twice_and_a_keyword_is_one_with_a_picture_too() {
    let school = School::open().await;
    let number = talks(&school, LUCIA).await;
    school.air.keeps(LINK, Ok(JPEG));
    let event = || domain::carrier::Event::Incoming {
        key: "again".into(),
        from: LUCIA.into(),
        to: number.as_str().into(),
        text: "PARAR".into(),
        media: vec![LINK.into()],
        carrier_answered: false,
        part: None,
    };
    for _ in 0..2 {
        school.flows.take_events(vec![event()], school.now()).await.expect("taken");
    }
    school.work().await;
    assert!(school.reads(LUCIA).contains("listo."), "{}", school.reads(LUCIA));
    school.ends().await;
}
