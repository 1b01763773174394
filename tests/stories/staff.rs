//! Staff come, are away, and leave; rosters come again.

use crate::*;
use messaging::NewStaff;

#[tokio::test]
async fn a_family_that_waits_for_somebody_away_gets_the_backup_at_once() {
    let school = School::open().await;
    school.sends("Ms Rivera", &school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await).await;
    school.answers(JANE, "Can we talk on Monday?").await;
    let (rivera, chen) = (school.person("Ms Rivera").await, school.person("Mr Chen").await);
    school.flows.set_own(&rivera, true, Some(chen.staff), people::Telling::Hourly).await.expect("away");
    school.work().await;
    assert_eq!(school.inbox("Mr Chen").await.len(), 1);
    assert!(school.reads(JANE).contains("Mr Chen answers your text now"), "{}", school.reads(JANE));
    school.answers(JANE, "Or on Tuesday?").await;
    assert_eq!(school.inbox("Mr Chen").await.len(), 1, "the same conversation, with him");
    assert!(school.flows.set_own(&rivera, true, Some(rivera.staff), people::Telling::Hourly).await.is_err());
    school.ends().await;
}

#[tokio::test]
async fn a_reply_to_a_teacher_the_roster_no_longer_holds_is_read_by_the_office() {
    let school = School::open().await;
    school.sends("Ms Rivera", &school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await).await;
    school.answers(JANE, "One question about reading").await;
    school.enrol(&["t1"]).await;
    assert_eq!(school.inbox("Maple Street office").await.len(), 1, "what waited moved at once");
    school.answers(LUCIA, "Gracias por todo, maestra").await;
    assert_eq!(school.inbox("Maple Street office").await.len(), 2, "and what comes after");
    school.ends().await;
}

#[tokio::test]
async fn somebody_invited_signs_in_once_and_somebody_disabled_does_not_even_after_the_next_roster() {
    let school = School::open().await;
    let admin = school.person("Jo Baker").await;
    let new = NewStaff {
        email: "Aide@maple.example".into(),
        title: "Mr Osei".into(),
        name: String::new(),
        roles: vec![people::Role::Teacher],
        schools: vec![school.person("Ms Rivera").await.schools[0]],
        languages: vec![],
    };
    let (_, secret) = school.flows.invite(school.district, admin.staff, &new).await.expect("invited");
    assert!(school.flows.accept_invitation(&secret, "hash").await.expect("taken"));
    assert!(!school.flows.accept_invitation(&secret, "other").await.expect("answered"), "once");
    let directory = &school.flows.ports().directory;
    assert_eq!(directory.sign_in("aide@maple.example").await.expect("read").expect("he may").password_hash, "hash");
    let (_, late) = school.flows.invite(school.district, admin.staff, &new).await.expect("invited");
    school.later(8 * 24 * 60).await;
    assert!(!school.flows.accept_invitation(&late, "other").await.expect("answered"), "seven days");
    let chen = school.person("Mr Chen").await;
    school.flows.disable(school.district, admin.staff, chen.staff).await.expect("disabled");
    school.enrol(&[]).await;
    assert!(
        school.flows.ports().people.actor(school.district, chen.staff).await.expect("read").is_none(),
        "a roster does not bring him back"
    );
    school.ends().await;
}

#[tokio::test]
async fn what_a_family_and_the_office_decided_survives_the_next_roster() {
    let school = School::open().await;
    let student = school.student("Nora Khalil").await;
    let samira = school.guardian(student, "Samira").await;
    let office = school.person("Maple Street office").await;
    school.flows.decide_right(&office, student, samira, messaging::RightDecision::Full).await.expect("decided");
    school.flows.add_contact(&office, student, samira, people::Channel::Email, "samira@families.example").await.expect("added");
    assert!(school.flows.add_contact(&office, student, samira, people::Channel::Sms, "12").await.is_err());
    assert!(school.flows.add_contact(&office, student, samira, people::Channel::Sms, OFFICE).await.is_err(), "our own number");
    school.enrol(&[]).await;
    let family = school.flows.ports().views.family(school.district, student).await.expect("read").expect("a family");
    assert_eq!(family.guardians[0].relation.right, people::Right::Full);
    assert_eq!(family.guardians[0].contacts.len(), 2);
    school.sends("Ms Rivera", &school.to_family("Nora Khalil", phrase("reading-at-home", &[])).await).await;
    assert_eq!(school.texts(SAMIRA).len(), 1);
    let audit = school.flows.ports().views.audit(school.district, 100).await.expect("an audit");
    assert!(audit.iter().any(|(row, by)| row.act == "rights" && by == "Maple Street office"), "who decided is on record");
    school.ends().await;
}

const OWN: &str = "+12035550170";

async fn confirmed(school: &School, title: &str) {
    let person = school.person(title).await;
    school.flows.wish_phone(&person, OWN).await.expect("a code is sent");
    school.work().await;
    let code: String = school.reads(OWN).chars().take_while(char::is_ascii_digit).collect();
    assert_eq!(code.len(), 6, "{}", school.reads(OWN));
    let other = if code == "000000" { "000001" } else { "000000" };
    assert!(school.flows.confirm_phone(&person, other).await.is_err(), "not the code");
    school.flows.confirm_phone(&person, &code).await.expect("the code");
}

#[tokio::test]
async fn a_confirmed_phone_is_told_as_often_as_the_mailbox_and_reads_no_child() {
    let school = School::open().await;
    confirmed(&school, "Ms Rivera").await;
    school.sends("Ms Rivera", &school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await).await;
    let before = school.texts(OWN).len();
    school.answers(LUCIA, "Sofía está enferma hoy").await;
    school.answers(KARIM, "شكرا").await;
    let texts = school.texts(OWN);
    assert_eq!(texts.len(), before + 1, "once an hour, as her letters: {texts:?}");
    let text = school.reads(OWN);
    assert!(text.contains("https://homeword.example") && !text.contains("Sof") && !text.contains("Luc"), "{text}");
    // What comes back is no family's, and STOP is STOP.
    school.answers(OWN, "I will look at it tonight").await;
    assert!(school.tasks("").await.iter().all(|task| task.kind != TaskKind::UnknownSender), "{:?}", school.tasks("").await);
    assert_eq!(school.texts(OWN).len(), before + 1, "nothing answers it");
    school.answers(OWN, "STOP").await;
    let before = school.texts(OWN).len();
    school.later(120).await;
    school.answers(LUCIA, "Mañana va").await;
    assert_eq!(school.texts(OWN).len(), before, "she stopped it");
    school.ends().await;
}

#[tokio::test]
async fn a_phone_is_told_nothing_before_its_code_came_back_nor_one_of_a_family() {
    let school = School::open().await;
    let rivera = school.person("Ms Rivera").await;
    let fault = school.flows.wish_phone(&rivera, LUCIA).await.expect_err("a family's texts are the family's").to_string();
    assert!(fault.contains("a family's"), "and she is told so: {fault}");
    assert!(school.flows.wish_phone(&rivera, OFFICE).await.is_err(), "a number of ours is no phone");
    school.flows.wish_phone(&rivera, OWN).await.expect("a code is sent");
    school.sends("Ms Rivera", &school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await).await;
    school.answers(LUCIA, "Gracias").await;
    assert_eq!(school.texts(OWN).len(), 1, "the code alone");
    for _ in 0..5 {
        assert!(school.flows.confirm_phone(&rivera, "x").await.is_err());
    }
    let code: String = school.reads(OWN).chars().take_while(char::is_ascii_digit).collect();
    assert!(school.flows.confirm_phone(&rivera, &code).await.is_err(), "five wrong ones are enough");
    for _ in 0..2 {
        school.flows.wish_phone(&rivera, OWN).await.expect("another one");
    }
    assert!(school.flows.wish_phone(&rivera, OWN).await.is_err(), "three a day");
    school.ends().await;
}

#[tokio::test]
async fn a_code_ends_a_phone_is_one_persons_and_forgetting_gives_no_more_codes() {
    let school = School::open().await;
    let (rivera, chen) = (school.person("Ms Rivera").await, school.person("Mr Chen").await);
    let code = || school.reads(OWN).chars().take_while(char::is_ascii_digit).collect::<String>();
    let wish = async || {
        school.flows.wish_phone(&rivera, OWN).await.expect("a code is sent");
        school.work().await;
    };
    wish().await;
    school.later(16).await;
    assert!(school.flows.confirm_phone(&rivera, &code()).await.is_err(), "after a quarter of an hour it is over");
    wish().await;
    school.later(14).await;
    school.flows.confirm_phone(&rivera, &code()).await.expect("in time");
    let fault = school.flows.wish_phone(&chen, OWN).await.expect_err("hers").to_string();
    assert!(fault.contains("Somebody else"), "{fault}");
    school.flows.forget_phone(&rivera).await.expect("forgotten");
    wish().await;
    school.flows.forget_phone(&rivera).await.expect("forgotten");
    assert!(school.flows.wish_phone(&rivera, OWN).await.is_err(), "three a day are three, whoever asks");
    school.flows.wish_phone(&chen, OWN).await.expect("nobody's any more");
    school.ends().await;
}

#[tokio::test]
async fn an_own_phone_is_told_in_school_hours_and_of_danger_at_once() {
    let school = School::open().await;
    confirmed(&school, "Ms Rivera").await;
    school.sends("Ms Rivera", &school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await).await;
    let before = school.texts(OWN).len();
    school.until(at("2026-03-10T18:30")).await;
    school.answers(LUCIA, "Sofía está enferma hoy").await;
    school.later(60).await;
    assert_eq!(school.texts(OWN).len(), before, "her evening is hers: {:?}", school.texts(OWN));
    school.until(at("2026-03-11T09:30")).await;
    assert_eq!(school.texts(OWN).len(), before + 1, "in the morning: {:?}", school.texts(OWN));
    school.ends().await;
    let school = School::open().await;
    confirmed(&school, "Ms Okafor").await;
    let before = school.texts(OWN).len();
    school.until(at("2026-03-10T18:30")).await;
    school.writes(STRANGER, OFFICE, "my son has a knife at school").await;
    school.later(6).await;
    assert_eq!(school.texts(OWN).len(), before + 1, "danger asks for no hours: {:?}", school.texts(OWN));
    assert!(!school.reads(OWN).contains("knife"), "{}", school.reads(OWN));
    school.ends().await;
}
