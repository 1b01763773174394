//! A family calls one of our numbers.

use crate::*;
use domain::calls::{CallAnswer, CallStage, Calls};
use domain::carrier::Event;
use domain::people::Channel;
use domain::rights::Actor;

/// What the caller is told, and what is kept of it.
async fn rings(school: &School, phone: &str, number: &str, id: &str, stage: CallStage) -> CallAnswer {
    let (answer, kept) = school.flows.answer_call(phone, number, stage).await.expect("an answer");
    let event = Event::MissedCall { key: format!("{id}:{stage:?}"), from: phone.into(), to: number.into(), stage: kept };
    school.flows.take_events(vec![event], school.now()).await.expect("taken");
    school.work().await;
    answer
}

/// The administrator says where calls to a number go.
async fn goes(school: &School, admin: &Actor, number: &str, calls: Calls) -> messaging::Flow<()> {
    let all = school.flows.ports().people.senders(school.district).await.expect("senders");
    let sender = all.into_iter().find(|row| row.address == number).expect("our number");
    let wanted = messaging::SenderSettings {
        kind: sender.kind,
        rate: Some(sender.rate),
        account: sender.account,
        weight: sender.weight,
        brand: sender.brand,
        daily: Some(sender.daily),
        calls,
    };
    school.flows.change_sender(admin, sender.id, &wanted).await
}

fn said(answer: &CallAnswer) -> Vec<(String, String)> {
    let CallAnswer::Say { lines, spare } = answer else { panic!("{answer:?}") };
    assert_eq!(spare.language, "en");
    lines.iter().map(|line| (line.language.clone(), line.words.clone())).collect()
}

/// What is left to do about calls.
async fn called(school: &School) -> Vec<domain::views::TaskRow> {
    school.tasks("").await.into_iter().filter(|task| task.reason.contains("called")).collect()
}

/// When somebody last wrote between a phone and a number of ours.
async fn last_used(school: &School, phone: &str, number: &str) -> Option<Time> {
    let ports = school.flows.ports();
    let contact = ports.people.contact_at(school.district, Channel::Sms, phone).await.expect("read").expect("on file");
    let (_, sender) = ports.directory.sender_by_address(number).await.expect("read").expect("our number");
    let evidence = ports.inbound.evidence(school.district, contact, sender.id, school.now()).await.expect("read");
    evidence.routes.iter().map(|route| route.at).max()
}

#[tokio::test]
async fn a_missed_call_is_seen_where_that_familys_texts_are() {
    let school = School::open().await;
    school.sends("Ms Rivera", &school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await).await;
    let (number, texts) = (school.number(LUCIA), school.texts(LUCIA).len());
    let used = last_used(&school, LUCIA, &number).await;
    // Long after school: a text would be answered with "we got your text".
    school.until(at("2026-03-10T19:30")).await;
    let lines = said(&rings(&school, LUCIA, &number, "c1", CallStage::Ringing).await);
    assert!(lines.len() == 1 && lines[0].0 == "es" && lines[0].1.contains("mensajes de texto"), "{lines:?}");
    let view = school.thread("Ms Rivera", "Lucía").await;
    let last = view.bubbles.last().expect("a bubble");
    assert!(last.incoming && last.text.contains("nobody took it"), "{last:?}");
    assert!(view.due.is_some(), "somebody must call back");
    assert_eq!(school.texts(LUCIA).len(), texts, "nobody is texted about a call");
    assert!(used.is_some() && last_used(&school, LUCIA, &number).await == used, "nobody wrote on this line: it is no fresher");
    school.ends().await;
}

#[tokio::test]
async fn without_a_conversation_the_office_calls_back_once_however_often_it_rang() {
    let school = School::open().await;
    for id in ["c1", "c2", "c3"] {
        let lines = said(&rings(&school, STRANGER, OFFICE, id, CallStage::Ringing).await);
        assert!(lines.len() == 3 && lines[0].0 == "en" && lines[1].0 != "en", "the staff's, then the district's first ones: {lines:?}");
    }
    let tasks = called(&school).await;
    assert!(tasks.len() == 1 && tasks[0].kind == TaskKind::UnknownSender, "{tasks:?}");
    said(&rings(&school, KARIM, OFFICE, "c4", CallStage::Ringing).await);
    assert!(called(&school).await.iter().any(|task| task.kind == TaskKind::ContactFamily));
    assert!(school.texts(STRANGER).is_empty(), "a call is answered by no text");
    school.ends().await;
}

#[tokio::test]
async fn a_call_is_put_through_and_only_what_nobody_took_is_left_to_do() {
    let school = School::open().await;
    let admin = school.person("Jo Baker").await;
    goes(&school, &admin, OFFICE, Calls::Forward("+12035550180".into())).await.expect("said");
    assert_eq!(rings(&school, KARIM, OFFICE, "c1", CallStage::Ringing).await, CallAnswer::Forward { to: "+12035550180".into() });
    assert_eq!(rings(&school, KARIM, OFFICE, "c1", CallStage::Answered).await, CallAnswer::End);
    assert!(called(&school).await.is_empty(), "somebody spoke with the family");
    rings(&school, KARIM, OFFICE, "c2", CallStage::Ringing).await;
    let lines = said(&rings(&school, KARIM, OFFICE, "c2", CallStage::Missed).await);
    assert!(lines.len() == 1 && lines[0].0 == "ar", "never put through again: {lines:?}");
    let place = &school.flows.ports().people.schools(school.district).await.expect("schools")[0];
    let missed = school.flows.speech().say("ar", "call-missed", &[("school", &place.short_name), ("phone", &place.phone)]);
    assert_eq!(Some(&lines[0].1), missed.as_ref(), "they are told that nobody could take it");
    assert_eq!(called(&school).await.len(), 1);
    school.ends().await;
}

#[tokio::test]
async fn a_number_whose_calls_go_nowhere_is_refused_and_keeps_a_district_from_going_live() {
    let school = School::opened(|district| district.rehearsal = true).await;
    let admin = school.person("Jo Baker").await;
    assert!(goes(&school, &school.person("Ms Rivera").await, OFFICE, Calls::Says).await.is_err(), "not hers to do");
    for wrong in [Calls::Forward(OFFICE.into()), Calls::Forward("5550180".into()), Calls::Elsewhere(" ".into())] {
        assert!(goes(&school, &admin, OFFICE, wrong.clone()).await.is_err(), "{wrong:?}");
    }
    goes(&school, &admin, OFFICE, Calls::Unsaid).await.expect("not yet");
    let fault = school.flows.go_live(&admin, true).await.expect_err("calls go nowhere").to_string();
    assert!(fault.contains("Calls"), "{fault}");
    // A company that asks nobody about calls: only somebody else can take them.
    school.air.answers_no_calls();
    assert!(goes(&school, &admin, OFFICE, Calls::Says).await.is_err());
    for row in school.flows.ports().people.senders(school.district).await.expect("senders") {
        if row.channel == Channel::Sms {
            goes(&school, &admin, &row.address, Calls::Elsewhere("The front desk's phone rings.".into())).await.expect("said");
        }
    }
    school.flows.go_live(&admin, true).await.expect("live");
    school.ends().await;
}
