//! The ladder: what does not arrive goes another way of the same guardian, else to another guardian, else to a person; each rung
//! with its reason in words, each once.

use crate::*;
use domain::carrier::ReceiptKind;
use domain::delivery::DeliveryState;
use domain::people::Channel;
use domain::views::TaskRow;

const LUCIAS_MAIL: &str = "lucia@families.example";
const HAWA: &str = "+12035550201";
const HAWAS_MAIL: &str = "hawa@families.example";
const YUSUF: &str = "+12035550202";
const RIVERAS_MAIL: &str = "rivera@maple.example";

/// The office writes down a number or an address.
pub(crate) async fn on_file(school: &School, student: &str, guardian: &str, channel: Channel, address: &str) {
    let office = school.person("Maple Street office").await;
    let student = school.student(student).await;
    let guardian = school.guardian(student, guardian).await;
    school.flows.add_contact(&office, student, guardian, channel, address).await.expect("written down");
}

async fn reads_in(school: &School, student: &str, guardian: &str, language: &str) {
    let office = school.person("Maple Street office").await;
    let student = school.student(student).await;
    let guardian = school.guardian(student, guardian).await;
    school.flows.set_language(&office, student, guardian, language).await.expect("noted");
}

/// A meeting with answers, for a class of Ms Rivera's.
async fn meeting(school: &School, class: &str) -> messaging::Draft {
    let when = [("date", "2026-03-12"), ("time", "17:30"), ("place", "room 12")];
    let mut form = school.to_class(class, phrase("class-meeting", &when)).await;
    form.answers = AnswerSet::Coming;
    form
}

async fn calls(school: &School, who: &str) -> Vec<TaskRow> {
    school.tasks(who).await.into_iter().filter(|task| task.kind == TaskKind::NotReached).collect()
}

async fn not_reached(school: &School, message: MessageId) -> Vec<(DeliveryState, String)> {
    let view = school.flows.ports().views.message_view(school.district, message).await.expect("read").expect("a message");
    view.not_reached.into_iter().map(|row| (row.2, row.3)).collect()
}

fn letter(school: &School, address: &str) -> String {
    school.mailbox(address).pop().map(|(letter, _)| letter.text.reveal().to_owned()).unwrap_or_default()
}

#[tokio::test]
async fn a_landline_gives_way_to_the_mailbox_once_and_the_answer_reaches_the_same_teacher() {
    let school = School::open().await;
    on_file(&school, "Sofía Morales", "Lucía", Channel::Email, LUCIAS_MAIL).await;
    let id = school.sends("Ms Rivera", &meeting(&school, "Grade 2 reading").await).await;
    assert!(school.mailbox(LUCIAS_MAIL).is_empty(), "one way at a time");
    school.receipts(LUCIA, ReceiptKind::Failed, Some("30006")).await;
    school.receipts(LUCIA, ReceiptKind::Failed, Some("30006")).await;
    school.later(60).await;
    assert_eq!(school.mailbox(LUCIAS_MAIL).len(), 1, "once");
    assert!(letter(&school, LUCIAS_MAIL).contains("jueves, 12 de marzo"), "in her language: {}", letter(&school, LUCIAS_MAIL));
    assert_eq!(not_reached(&school, id).await, [(DeliveryState::Failed, "Landline: ask for another number. It goes by email.".to_owned())]);
    assert!(school.tasks("Lucía").await.iter().any(|task| task.reason.starts_with("Landline: ask for another number")));
    assert!(calls(&school, "Lucía").await.is_empty(), "nobody has to call");
    let from = school.mailbox(LUCIAS_MAIL)[0].1.reply_to();
    school.posts(LUCIAS_MAIL, &from, "", "1\r\n").await;
    let thread = school.thread("Ms Rivera", "Lucía").await;
    assert!(thread.bubbles.iter().any(|bubble| bubble.incoming && bubble.text.contains("Coming")), "{:?}", thread.bubbles);
    let (texts, letters) = (school.texts(LUCIA).len(), school.mailbox(LUCIAS_MAIL).len());
    school.sends("Ms Rivera", &school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await).await;
    assert_eq!((school.texts(LUCIA).len(), school.mailbox(LUCIAS_MAIL).len()), (texts, letters + 1), "the landline is not tried again");
    school.ends().await;
}

#[tokio::test]
async fn what_can_wait_goes_by_email_first_where_the_district_says_so_and_by_text_where_the_mailbox_is_dead() {
    let school = School::opened(|district| district.email_first = true).await;
    let reading = async || school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await;
    let by_text = async || {
        let teacher = school.person("Ms Rivera").await;
        let seen = school.flows.preview(&teacher, &reading().await).await.expect("a preview");
        seen.languages.iter().map(|language| language.by_sms).sum::<usize>()
    };
    let without = by_text().await;
    on_file(&school, "Sofía Morales", "Lucía", Channel::Email, LUCIAS_MAIL).await;
    assert_eq!(by_text().await + 1, without, "her author sees how it goes");
    let before = school.texts(LUCIA).len();
    school.sends("Ms Rivera", &reading().await).await;
    assert_eq!((school.texts(LUCIA).len(), school.mailbox(LUCIAS_MAIL).len()), (before, 1), "a letter, and no text");
    let mut urgent = reading().await;
    urgent.weight = Weight::Urgent;
    school.sends("Ms Okafor", &urgent).await;
    assert_eq!((school.texts(LUCIA).len(), school.mailbox(LUCIAS_MAIL).len()), (before + 1, 2), "what is urgent goes every way");
    school.air.fault(LUCIAS_MAIL, Some(Fault::Nobody));
    school.sends("Ms Rivera", &reading().await).await;
    school.later(30).await;
    assert_eq!(school.texts(LUCIA).len(), before + 2, "the mailbox is dead: the phone gets it");
    school.ends().await;
}

/// A mother with a phone and a mailbox; the father's number is written down only after the message was planned.
async fn with_a_father_found_later(language: &str) -> (School, MessageId) {
    let school = School::open().await;
    on_file(&school, "Ifrah Osman", "Hawa", Channel::Sms, HAWA).await;
    on_file(&school, "Ifrah Osman", "Hawa", Channel::Email, HAWAS_MAIL).await;
    let id = school.sends("Ms Rivera", &meeting(&school, "Grade 4 reading").await).await;
    on_file(&school, "Ifrah Osman", "Yusuf", Channel::Sms, YUSUF).await;
    reads_in(&school, "Ifrah Osman", "Yusuf", language).await;
    school.air.fault(HAWAS_MAIL, Some(Fault::Nobody));
    (school, id)
}

#[tokio::test]
async fn when_both_channels_fail_the_other_guardian_gets_it_in_their_own_language() {
    let (school, id) = with_a_father_found_later("en").await;
    school.receipts(HAWA, ReceiptKind::Failed, Some("30007")).await;
    school.later(30).await;
    assert_eq!(school.texts(YUSUF).len(), 1);
    assert!(school.reads(YUSUF).contains("1 Coming"), "{}", school.reads(YUSUF));
    let words: Vec<String> = not_reached(&school, id).await.into_iter().map(|row| row.1).collect();
    assert_eq!(
        words,
        [
            "The phone did not take it: it goes by email.",
            "This number or address takes nothing from us: ask for another. It goes to another guardian."
        ]
    );
    school.answers(YUSUF, "1").await;
    assert!(school.thread("Ms Rivera", "Yusuf").await.bubbles.iter().any(|bubble| bubble.incoming), "his answer is hers");
    school.ends().await;
}

#[tokio::test]
async fn an_order_on_the_other_guardian_is_kept() {
    let (school, _) = with_a_father_found_later("en").await;
    let office = school.person("Maple Street office").await;
    let student = school.student("Ifrah Osman").await;
    let yusuf = school.guardian(student, "Yusuf").await;
    let order = messaging::RightDecision::None { from: Some(at("2026-03-01T00:00")), until: Some(at("2026-06-01T00:00")) };
    school.flows.decide_right(&office, student, yusuf, order).await.expect("decided");
    school.receipts(HAWA, ReceiptKind::Failed, Some("30007")).await;
    school.later(30).await;
    assert!(school.texts(YUSUF).is_empty());
    let calls = calls(&school, "Hawa").await;
    assert_eq!(calls.len(), 1);
    assert!(calls[0].reason.ends_with("Tell them by hand."), "{}", calls[0].reason);
    school.ends().await;
}

#[tokio::test]
async fn when_everybody_fails_there_is_one_call_with_the_words() {
    let (school, _) = with_a_father_found_later("so").await;
    school.air.fault(YUSUF, Some(Fault::Nobody));
    school.receipts(HAWA, ReceiptKind::Failed, Some("30007")).await;
    for _ in 0..4 {
        school.later(30).await;
    }
    let fell: Vec<TaskRow> = calls(&school, "Osman").await.into_iter().filter(|task| !task.reason.starts_with("No phone")).collect();
    assert_eq!(fell.len(), 1, "{fell:?}");
    assert_eq!(fell[0].reason, "This number or address takes nothing from us: ask for another. Tell them by hand.");
    assert!(fell[0].script.as_ref().is_some_and(|script| !script.0.is_empty()), "with the words to say");
    school.ends().await;
}

#[tokio::test]
async fn words_for_the_other_guardian_wait_for_a_reviewer_like_all_words() {
    let (school, _) = with_a_father_found_later("es").await;
    reads_in(&school, "Ifrah Osman", "Hawa", "en").await;
    let form = school.to_family("Ifrah Osman", free("Ifrah forgot her violin at school.")).await;
    // His number is not used at first, so the message is planned without him.
    let office = school.person("Maple Street office").await;
    let student = school.student("Ifrah Osman").await;
    let yusuf = school.guardian(student, "Yusuf").await;
    let until = Some(at("2026-03-10T10:20"));
    let order = messaging::RightDecision::None { from: Some(at("2026-03-01T00:00")), until };
    school.flows.decide_right(&office, student, yusuf, order).await.expect("decided");
    school.sends("Ms Rivera", &form).await;
    school.until(at("2026-03-10T10:30")).await;
    school.receipts(HAWA, ReceiptKind::Failed, Some("30007")).await;
    assert!(!school.texts(YUSUF).iter().any(|(_, text)| text.contains("viol")), "nobody has seen the Spanish words");
    school.approves("Ms Salem", "es", "Ifrah olvidó su violín en la escuela.").await;
    assert!(school.reads(YUSUF).contains("olvidó su violín"), "{}", school.reads(YUSUF));
    school.ends().await;
}

#[tokio::test]
async fn an_emergency_to_a_phone_its_carrier_stopped_goes_by_letter_and_somebody_calls() {
    let school = School::open().await;
    on_file(&school, "Sofía Morales", "Lucía", Channel::Email, LUCIAS_MAIL).await;
    school.air.fault(LUCIA, Some(Fault::OptedOut));
    school.sends("Ms Rivera", &school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await).await;
    assert_eq!(school.mailbox(LUCIAS_MAIL).len(), 1, "everyday words go by letter: the mailbox was not stopped");
    assert!(calls(&school, "Lucía").await.is_empty());
    school.air.fault(LUCIA, None);
    let everyone = Audience::School { school: school.person("Ms Rivera").await.schools[0] };
    let mut alarm = school.form(everyone, phrase("test", &[]));
    (alarm.weight, alarm.answers) = (Weight::Emergency, AnswerSet::None);
    school.sends("Ms Okafor", &alarm).await;
    assert!(school.texts(LUCIA).is_empty());
    assert_eq!(school.mailbox(LUCIAS_MAIL).len(), 2);
    assert_eq!(calls(&school, "Lucía").await.len(), 1, "and a call");
    school.ends().await;
}

#[tokio::test]
async fn an_emergency_that_one_way_did_not_take_is_called_though_another_way_has_it() {
    let school = School::open().await;
    on_file(&school, "Sofía Morales", "Lucía", Channel::Email, LUCIAS_MAIL).await;
    school.air.fault(LUCIA, Some(Fault::OptedOut));
    let mut alarm = school.form(Audience::School { school: school.person("Ms Rivera").await.schools[0] }, phrase("test", &[]));
    (alarm.weight, alarm.answers) = (Weight::Emergency, AnswerSet::None);
    school.sends("Ms Okafor", &alarm).await;
    assert_eq!(school.mailbox(LUCIAS_MAIL).len(), 1, "both at once, and not twice");
    let calls = calls(&school, "Lucía").await;
    assert_eq!(
        calls.iter().map(|task| task.reason.as_str()).collect::<Vec<_>>(),
        ["The family stopped texts: it goes another way too; call them as well."]
    );
    school.ends().await;
}

#[tokio::test]
async fn what_is_urgent_goes_every_way_with_a_call_beside_it() {
    let school = School::open().await;
    on_file(&school, "Leo Baker", "Jane", Channel::Email, "jane@families.example").await;
    let mut form = school.to_family("Leo Baker", phrase("pick-up-at", &[("place", "the gym"), ("time", "14:00")])).await;
    form.weight = Weight::Urgent;
    school.sends("Maple Street office", &form).await;
    assert_eq!((school.texts(JANE).len(), school.mailbox("jane@families.example").len()), (1, 1));
    assert!(school.has_task("Jane", TaskKind::ContactFamily).await);
    school.ends().await;
}

#[tokio::test]
async fn a_late_bus_while_the_carrier_is_down_is_told_to_its_author_and_on_the_call_list() {
    let school = School::open().await;
    school.air.fault_for_all(Some(Fault::Down));
    let mut form = school.to_class("Grade 2 reading", free("The bus is 20 minutes late.")).await;
    form.useful_until = Some(school.now().plus_hours(1));
    let id = school.writes_down("Ms Rivera", &form).await;
    for _ in 0..8 {
        school.later(15).await;
    }
    school.air.fault_for_all(None);
    for _ in 0..4 {
        school.later(15).await;
    }
    assert!(school.texts(JANE).is_empty() && school.mailbox(LAYLA).is_empty(), "past its use nothing leaves");
    let calls = calls(&school, "Baker").await;
    assert_eq!(calls.len(), 1);
    assert!(calls[0].script.as_ref().is_some_and(|script| script.0.contains("bus")), "{:?}", calls[0].script);
    assert!(not_reached(&school, id).await.iter().all(|(_, words)| words.contains("by hand")), "{:?}", not_reached(&school, id).await);
    let told = letter(&school, RIVERAS_MAIL);
    assert!(told.contains("Not reached:") && told.contains("https://homeword.example/sent"), "{told}");
    assert!(!told.contains("bus") && !told.contains("Leo"), "no content, no child: {told}");
    let rivera = school.person("Ms Rivera").await;
    let sent = school.flows.ports().views.sent(school.district, Some(rivera.staff), &[], 10).await.expect("read");
    assert!(sent[0].counts.2 > 0, "and on her page");
    school.ends().await;
}

#[tokio::test]
async fn while_only_texts_are_down_the_letter_still_goes_in_time() {
    let school = School::open().await;
    on_file(&school, "Leo Baker", "Jane", Channel::Email, "jane@families.example").await;
    school.air.fault(JANE, Some(Fault::Down));
    let mut form = school.to_family("Leo Baker", phrase("reading-at-home", &[])).await;
    form.useful_until = Some(school.now().plus_hours(1));
    school.writes_down("Ms Rivera", &form).await;
    for _ in 0..11 {
        school.later(5).await;
    }
    assert_eq!(school.mailbox("jane@families.example").len(), 1);
    school.air.fault(JANE, None);
    school.later(60).await;
    assert!(school.texts(JANE).is_empty(), "not by both");
    school.ends().await;
}

#[tokio::test]
async fn whoever_dies_between_receipt_and_walk_loses_no_rung_and_doubles_none() {
    let school = School::open().await;
    on_file(&school, "Sofía Morales", "Lucía", Channel::Email, LUCIAS_MAIL).await;
    let id = school.sends("Ms Rivera", &meeting(&school, "Grade 2 reading").await).await;
    let outbound = &school.flows.ports().outbound;
    let contact = school.flows.ports().people.contact_at(school.district, Channel::Sms, LUCIA).await.expect("read").expect("hers");
    let delivery = outbound.delivery_to(school.district, id, contact).await.expect("read").expect("a text");
    let receipt = domain::ports::NewReceipt {
        key: "r".into(),
        attempt: Some((delivery, 1)),
        provider_id: String::new(),
        state: DeliveryState::Failed,
        code: "30007".into(),
        at: school.now(),
    };
    school.flows.receipts(school.district, &[receipt]).await.expect("kept");
    assert_eq!(outbound.fallen(school.district, 10).await.expect("read").len(), 1, "the receipt is kept, and its process dies here");
    let (one, two) = tokio::join!(school.flows.tend(school.district), school.flows.tend(school.district));
    assert!(one.is_ok() && two.is_ok());
    assert!(!outbound.walk(school.district, delivery, &domain::ports::Rung::default()).await.expect("answered"), "walked before");
    school.later(60).await;
    assert_eq!(school.mailbox(LUCIAS_MAIL).len(), 1);
    school.ends().await;
}

#[tokio::test]
async fn a_private_matter_does_not_climb_to_a_mailbox_that_never_answered() {
    let school = School::open().await;
    on_file(&school, "Leo Baker", "Jane", Channel::Email, "jane@families.example").await;
    let form = school.to_family("Leo Baker", free("Leo needs a new inhaler at school.")).await;
    school.sends("Nurse Lopes", &form).await;
    school.receipts(JANE, ReceiptKind::Failed, Some("30007")).await;
    assert!(school.mailbox("jane@families.example").is_empty());
    assert!(calls(&school, "Jane").await.iter().any(|task| task.reason.contains("reach this adult in person")));
    school.ends().await;
}

#[tokio::test]
async fn a_letter_that_bounces_later_falls_too() {
    let school = School::open().await;
    let id = school.sends("Ms Rivera", &meeting(&school, "Grade 2 reading").await).await;
    let back = school.mailbox(LAYLA).pop().expect("a letter").1.envelope_from;
    let headers = "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"r\"\r\n";
    let body = "--r\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n\r\n--r\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; families.example\r\n\r\nFinal-Recipient: rfc822; layla@families.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--r--\r\n";
    school.posts("mailer-daemon@families.example", &back, headers, body).await;
    let words = "This number or address does not exist: ask for another. Tell them by hand.";
    assert!(not_reached(&school, id).await.contains(&(DeliveryState::Failed, words.to_owned())), "{:?}", not_reached(&school, id).await);
    assert_eq!(calls(&school, "Layla").await.len(), 1);
    school.ends().await;
}

#[tokio::test]
async fn nobody_is_asked_to_call_an_adult_an_order_keeps_out() {
    let school = School::open().await;
    let mut later = school.to_family("Mateo Reyes", phrase("good-news", &[("text", "he sang for us")])).await;
    later.send_at = Some(at("2026-03-10T15:00"));
    school.writes_down("Ms Rivera", &later).await;
    let office = school.person("Maple Street office").await;
    let student = school.student("Mateo Reyes").await;
    let carmen = school.guardian(student, "Carmen").await;
    school.flows.decide_right(&office, student, carmen, messaging::RightDecision::None { from: None, until: None }).await.expect("decided");
    school.until(at("2026-03-10T15:05")).await;
    assert!(school.texts(CARMEN).is_empty() && school.tasks("Carmen").await.is_empty(), "{:?}", school.tasks("Carmen").await);
    school.ends().await;
}
