//! What a machine or nobody wrote waits for a person; what a person approved is remembered.

use crate::*;

#[tokio::test]
async fn words_nobody_reviews_in_time_go_as_the_original_with_a_notice() {
    let school = School::open().await;
    school.sends("Ms Rivera", &school.to_class("Grade 2 reading", free("Class trip on Friday.")).await).await;
    assert_eq!(school.texts(JANE).len(), 1, "English goes");
    assert!(school.texts(LUCIA).is_empty(), "Spanish waits for the interpreter");
    assert_eq!(school.texts(AYAN).len(), 2, "nobody reviews Somali: the notice and the original at once");
    school.later(61).await;
    let texts = school.texts(LUCIA);
    assert_eq!(texts.len(), 2, "{texts:?}");
    assert!(texts[0].1.contains("viene en ingl"), "the notice first: {}", texts[0].1);
    assert!(texts[1].1.starts_with("Ms Rivera: Class trip"), "{}", texts[1].1);
    school.ends().await;
}

#[tokio::test]
async fn approved_words_go_and_serve_again_when_only_a_time_changed() {
    let school = School::open().await;
    school.sends("Ms Rivera", &school.to_class("Grade 2 reading", free("We meet at 5:30 PM in the gym.")).await).await;
    school.approves("Ms Salem", "es", "Nos vemos a las 5:30 PM en el gimnasio.").await;
    assert!(school.reads(LUCIA).starts_with("Ms Rivera: Nos vemos a las 5:30 PM"), "{}", school.reads(LUCIA));
    school.sends("Ms Rivera", &school.to_class("Grade 2 reading", free("We meet at 6:15 PM in the gym.")).await).await;
    assert!(school.reads(LUCIA).contains("Nos vemos a las 6:15 PM"), "remembered: {}", school.reads(LUCIA));
    school.later(61).await;
    school.ends().await;
}

#[tokio::test]
async fn an_essential_message_waits_for_a_speaker_who_is_not_its_author() {
    let school = School::open().await;
    let mut form =
        school.to_class("Grade 2 reading", phrase("field-trip-permission", &[("place", "the zoo"), ("date", "2026-03-20")])).await;
    (form.weight, form.answers) = (Weight::Essential, AnswerSet::Permission);
    school.sends("Ms Rivera", &form).await;
    assert!(school.texts(LUCIA).is_empty() && !school.texts(JANE).is_empty());
    let salem = school.person("Ms Salem").await;
    let hold = school.flows.ports().views.holds(school.district, &["es".into()]).await.expect("holds")[0].hold;
    school.flows.not_sure(&salem, hold, "the place").await.expect("kept");
    let holds = school.flows.ports().views.holds(school.district, &["es".into()]).await.expect("holds");
    assert!(holds[0].reason.contains("Ms Salem was not sure"), "{}", holds[0].reason);
    school.approves("Ms Salem", "es", "Vamos al zoo el 20 de marzo. ¿Da permiso?").await;
    assert!(school.reads(LUCIA).contains("Vamos al zoo"), "{}", school.reads(LUCIA));
    assert!(school.reads(LUCIA).contains("1 "), "with its answers: {}", school.reads(LUCIA));
    assert!(school.flows.approve(&school.person("Ms Rivera").await, hold, "x").await.is_err(), "teachers do not review");
    school.later(61).await;
    school.ends().await;
}

#[tokio::test]
async fn a_phrase_somebody_approved_goes_alone_in_an_emergency() {
    let school = School::open().await;
    let salem = school.person("Ms Salem").await;
    school.flows.approve_phrase(&salem, "ar", "all-clear").await.expect("approved");
    assert!(school.flows.approve_phrase(&salem, "so", "all-clear").await.is_err(), "she does not read Somali");
    let rows = school.flows.phrase_rows(&salem, "ar").await.expect("phrases");
    assert!(rows.iter().any(|row| row.key == "all-clear" && row.approved && row.status == "approved by Ms Salem"));
    assert!(rows.iter().any(|row| row.key == "closed" && !row.approved && row.status.starts_with("draft")));
    let everyone = Audience::School { school: school.person("Ms Rivera").await.schools[0] };
    let mut alarm = school.form(everyone, phrase("all-clear", &[]));
    (alarm.weight, alarm.answers) = (Weight::Emergency, AnswerSet::None);
    school.sends("Ms Okafor", &alarm).await;
    assert_eq!(school.texts(KARIM).len(), 1, "approved words need no original above them");
    school.ends().await;
}
