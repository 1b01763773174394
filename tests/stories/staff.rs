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
