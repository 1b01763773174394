//! What machines write back: bounces, complaints, automatic answers. None of them is a sign that anybody lives there.

use crate::*;
use domain::delivery::DeliveryState;
use domain::views::TaskRow;

const SERVER: &str = "From: Mail Delivery System <MAILER-DAEMON@families.example>\r\nSubject: Undelivered Mail Returned to Sender\r\n";

/// Layla's newest letter: the address answers go to, and the one for what machines say.
async fn written_to(school: &School) -> (MessageId, String, String) {
    let id = school.sends("Ms Rivera", &school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await).await;
    let (_, mailed) = school.mailbox(LAYLA).pop().expect("a letter");
    (id, mailed.reply_to(), mailed.envelope_from)
}

/// A report as RFC 3464 has it, with an enclosed letter's head.
fn report(kind: &str, fields: &str, head: &str) -> String {
    format!(
        "{SERVER}MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type={kind}; boundary=\"r\"\r\n\r\n--r\r\nContent-Type: text/plain\r\n\r\nThis is what happened.\r\n\r\n--r\r\nContent-Type: message/{kind}\r\n\r\n{fields}\r\n--r\r\nContent-Type: text/rfc822-headers\r\n\r\n{head}\r\n--r--\r\n"
    )
}

fn status(action: &str, code: &str) -> String {
    let fields = format!("Final-Recipient: rfc822; {LAYLA}\r\nAction: {action}\r\nStatus: {code}\r\n");
    report("delivery-status", &format!("Reporting-MTA: dns; families.example\r\n\r\n{fields}"), "")
}

async fn not_reached(school: &School, message: MessageId) -> Vec<(DeliveryState, String)> {
    let view = school.flows.ports().views.message_view(school.district, message).await.expect("read").expect("a message");
    view.not_reached.into_iter().map(|row| (row.2, row.3)).collect()
}

/// Whether Layla's mailbox is known to be hers, and whether it is not used any more.
async fn stands(school: &School) -> (bool, bool) {
    let card = school.card(LAYLA).await;
    (card.confirmed, card.suspended)
}

async fn work_for_the_office(school: &School) -> Vec<TaskRow> {
    school.tasks("Layla").await.into_iter().filter(|task| task.kind == TaskKind::Attend).collect()
}

#[tokio::test]
async fn an_address_that_is_gone_is_not_used_again_and_its_bounce_is_nobodys_sign_of_life() {
    let school = School::open().await;
    let (id, _, back) = written_to(&school).await;
    school.comes_back(&back, &status("failed", "5.1.10")).await;
    let told = not_reached(&school, id).await;
    assert!(told.iter().any(|(state, why)| *state == DeliveryState::Failed && why.contains("takes nothing from us")), "{told:?}");
    assert_eq!(stands(&school).await, (false, true));
    school.ends().await;
}

#[tokio::test]
async fn a_full_box_or_a_refused_letter_is_told_and_the_address_lives() {
    for code in ["4.2.2", "5.2.2", "5.7.1"] {
        let school = School::open().await;
        let (id, _, back) = written_to(&school).await;
        school.comes_back(&back, &status("delayed", "4.4.1")).await;
        assert!(not_reached(&school, id).await.is_empty(), "it is late, and still tried");
        school.comes_back(&back, &status("failed", code)).await;
        let told = not_reached(&school, id).await;
        assert!(
            told.iter().any(|(state, why)| *state == DeliveryState::Failed && why.contains("mailbox did not take it")),
            "{code}: {told:?}"
        );
        assert_eq!(stands(&school).await, (false, false), "{code}");
        school.ends().await;
    }
}

#[tokio::test]
async fn a_complaint_closes_the_mailbox_and_the_office_asks_the_family() {
    let school = School::open().await;
    let (id, reply, _) = written_to(&school).await;
    let waits = school.to_class("Grade 2 reading", phrase("good-news", &[("text", "they sang for us")])).await;
    school.writes_down("Ms Rivera", &waits).await;
    // Providers send it to the district's address, with our letter's head.
    let fields = "Feedback-Type: abuse\r\nVersion: 1\r\nUser-Agent: Families/1.0\r\n";
    let complaint = report("feedback-report", fields, &format!("From: Ms Rivera <{reply}>\r\nSubject: x\r\n"));
    let open = "school0@mail.maple.example";
    let found = "Authentication-Results: mx.maple.example; dmarc=pass header.from=families.example\r\n";
    school.comes_back(open, &format!("{found}{}", complaint.replace("abuse", "not-spam"))).await;
    assert_eq!(stands(&school).await, (false, false), "nobody complained");
    school.comes_back(&reply, &complaint).await;
    assert_eq!(stands(&school).await, (false, false), "anybody who has the letter could say so");
    assert!(work_for_the_office(&school).await.iter().any(|task| task.reason.contains("nothing was changed")));
    school.comes_back(open, &format!("{found}{complaint}")).await;
    assert_eq!(stands(&school).await, (false, true));
    let work = work_for_the_office(&school).await;
    assert!(work.iter().any(|task| task.reason.contains("nothing more goes there")), "{work:?}");
    school.later(1).await;
    school.later(1).await;
    assert_eq!(school.mailbox(LAYLA).len(), 1, "nothing more goes there");
    let told = not_reached(&school, waits.id).await;
    assert!(told.iter().all(|(_, why)| !why.contains("number is not the family")), "nobody said so: {told:?}");
    assert!(not_reached(&school, id).await.is_empty(), "what they complained of had arrived");
    school.ends().await;
}

#[tokio::test]
async fn an_automatic_answer_is_shown_as_such_and_nobody_waits_for_an_answer() {
    let school = School::open().await;
    let (_, reply, back) = written_to(&school).await;
    let away =
        "From: <layla@families.example>\r\nSubject: Automatic reply\r\nAuto-Submitted: auto-replied\r\n\r\nI am away until Monday.\r\n";
    // RFC 3834 answers the envelope; many programs answer the address in the letter.
    for address in [&back, &reply] {
        school.comes_back(address, away).await;
    }
    let thread = school.thread("Ms Rivera", "Layla").await;
    assert_eq!(thread.due, None);
    let theirs: Vec<_> = thread.bubbles.iter().filter(|bubble| bubble.incoming).collect();
    assert_eq!(theirs.len(), 2);
    assert!(theirs.iter().all(|bubble| bubble.text.contains("away until Monday")
        && bubble.warnings.len() == 1
        && bubble.warnings[0].contains("nobody wrote it")));
    let person = school.person("Ms Rivera").await;
    let rows = school.flows.ports().views.inbox(school.district, person.staff, false, &[], school.now()).await.expect("an inbox");
    assert!(rows.iter().all(|row| !row.unread));
    assert_eq!(stands(&school).await, (false, false), "a machine's answer proves no reader");
    assert_eq!(school.mailbox(LAYLA).len(), 1, "and is not answered");

    let told = school.mailbox("rivera@maple.example");
    assert!(told.is_empty(), "nor is its teacher told of a reply: {told:?}");

    // A person's answer beside it has its clock, which the next automatic answer leaves alone.
    school.posts(LAYLA, &reply, "", "We read every evening.").await;
    let before = school.thread("Ms Rivera", "Layla").await;
    assert!(before.due.is_some());
    school.comes_back(&reply, away).await;
    let after = school.thread("Ms Rivera", "Layla").await;
    assert_eq!((after.due, after.reason), (before.due, before.reason));
    assert_eq!(stands(&school).await, (true, false));
    school.ends().await;
}

#[tokio::test]
async fn what_nobody_can_read_is_shown_to_the_office_and_a_persons_letter_reaches_the_teacher_at_either_address() {
    let school = School::open().await;
    let (_, _, back) = written_to(&school).await;
    school.comes_back(&back, "From: <robot@families.example>\r\nSubject: Xabar\r\n\r\nManzil topilmadi.\r\n").await;
    let work = work_for_the_office(&school).await;
    assert!(work.iter().any(|task| task.reason.contains("read whether it arrived")), "{work:?}");
    assert!(!stands(&school).await.0);
    school.posts(LAYLA, &back, "", "We read every evening.").await;
    let thread = school.thread("Ms Rivera", "Layla").await;
    assert!(thread.bubbles.iter().any(|bubble| bubble.incoming && bubble.text == "We read every evening."));
    school.ends().await;
}

#[tokio::test]
async fn a_bounce_to_the_schools_own_address_is_told_by_the_letter_it_encloses() {
    let school = School::open().await;
    let (id, reply, _) = written_to(&school).await;
    let fields = format!("Final-Recipient: rfc822; {LAYLA}\r\nAction: failed\r\nStatus: 5.1.1\r\n");
    let whole = report("delivery-status", &format!("Reporting-MTA: dns; x\r\n\r\n{fields}"), &format!("From: <{reply}>\r\n"));
    let stranger = whole.replace(&reply, "reply+aaaa@mail.maple.example");
    school.comes_back("school0@mail.maple.example", &stranger).await;
    assert!(not_reached(&school, id).await.is_empty(), "it is not about a letter of ours");
    // Enclosed whole, as most do; what a mail server cannot be heard to say is a person's work.
    let whole = whole.replace("text/rfc822-headers", "message/rfc822");
    let forged = "Authentication-Results: mx.maple.example; dmarc=fail header.from=families.example\r\n";
    school.comes_back("school0@mail.maple.example", &format!("{forged}{whole}")).await;
    assert!(not_reached(&school, id).await.is_empty());
    school.comes_back("school0@mail.maple.example", &whole).await;
    assert!(not_reached(&school, id).await.iter().any(|(state, _)| *state == DeliveryState::Failed));
    school.ends().await;
}

#[tokio::test]
async fn where_a_family_forwards_its_letters_is_not_its_address_and_ours_is_not_theirs() {
    for (recipient, code) in [("old@elsewhere.example", "5.1.1"), (LAYLA, "5.1.8"), (LAYLA, "5.6.0")] {
        let school = School::open().await;
        let (id, _, back) = written_to(&school).await;
        school.comes_back(&back, &status("failed", code).replace(LAYLA, recipient)).await;
        assert!(!not_reached(&school, id).await.is_empty(), "{code}");
        assert_eq!(stands(&school).await, (false, false), "{code}: the mailbox lives");
        school.ends().await;
    }
}

#[tokio::test]
async fn a_stop_that_a_machine_seems_to_write_counts() {
    let school = School::open().await;
    let (_, reply, _) = written_to(&school).await;
    school.posts(LAYLA, &reply, "Auto-Submitted: auto-generated\r\n", "STOP").await;
    assert_ne!(school.card(LAYLA).await.blocked, 0);
    assert_eq!(school.mailbox(LAYLA).len(), 1, "and is not answered");
    school.ends().await;
}
