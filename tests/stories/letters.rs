//! Letters both ways: the token in the address is the proof.

use crate::*;
use domain::letter::LetterVerdict;

async fn asked(school: &School) -> String {
    let mut form = school
        .to_class("Grade 2 reading", phrase("class-meeting", &[("date", "2026-03-12"), ("time", "17:30"), ("place", "room 12")]))
        .await;
    form.answers = AnswerSet::Coming;
    school.sends("Ms Rivera", &form).await;
    let (letter, _) = school.mailbox(LAYLA).pop().expect("a letter");
    letter.from.reveal().to_owned()
}

#[tokio::test]
async fn an_answer_by_letter_reaches_the_teacher_trimmed_and_one_by_digit_counts() {
    let school = School::open().await;
    let reply = asked(&school).await;
    let body = "سنحضر إن شاء الله\r\n\r\nOn Tue, Mar 10, 2026 at 10:02 AM Ms Rivera <r@x.example> wrote:\r\n> hello\r\n";
    assert_eq!(school.posts(LAYLA, &reply, "Content-Type: text/plain; charset=utf-8\r\n", body).await, LetterVerdict::Welcome);
    let thread = school.thread("Ms Rivera", "Layla").await;
    let said: Vec<&str> = thread.bubbles.iter().filter(|bubble| bubble.incoming).map(|bubble| bubble.text.as_str()).collect();
    assert_eq!(said, ["سنحضر إن شاء الله"]);
    school.posts(LAYLA, &reply, "Content-Type: text/plain; charset=utf-8\r\n", "1\r\n").await;
    let thread = school.thread("Ms Rivera", "Layla").await;
    assert!(thread.bubbles.iter().any(|bubble| bubble.text.contains("Coming")), "{:?}", thread.bubbles);
    school.ends().await;
}

#[tokio::test]
async fn a_made_up_address_is_refused_and_machines_are_not_answered() {
    let school = School::open().await;
    let reply = asked(&school).await;
    let forged = reply.replacen("reply+", "reply+aa", 1);
    assert_eq!(school.posts(LAYLA, &forged, "", "hello there everybody").await, LetterVerdict::Forged);
    assert_eq!(school.posts(LAYLA, "nobody@elsewhere.example", "", "hello there everybody").await, LetterVerdict::Stranger);
    let before = school.mailbox(LAYLA).len();
    school.posts(LAYLA, &reply, "Auto-Submitted: auto-replied\r\nSubject: Away\r\n", "I am away until Monday").await;
    assert!(school.inbox("Ms Rivera").await.is_empty(), "an absence notice is nobody's reply");
    assert_eq!(school.mailbox(LAYLA).len(), before, "and is not answered");
    school.ends().await;
}

#[tokio::test]
async fn a_letter_from_somebody_unknown_is_the_offices_and_staff_answer_from_their_own_mailbox() {
    let school = School::open().await;
    school.posts("stranger@families.example", "school0@mail.maple.example", "Subject: A question\r\n", "Is the school open?").await;
    assert!(school.has_task("stranger", TaskKind::UnknownSender).await);
    school.sends("Ms Rivera", &school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await).await;
    school.answers(JANE, "He reads every day now").await;
    let thread = school.thread("Ms Rivera", "Jane").await.thread;
    let rivera = school.person("Ms Rivera").await;
    let address = school.flows.staff_address(school.district, thread, rivera.staff, "mail.maple.example");
    school.posts("rivera@maple.example", &address, "", "That is wonderful to hear.").await;
    school.later(1).await;
    assert!(school.reads(JANE).contains("That is wonderful"), "{}", school.reads(JANE));
    let count = school.texts(JANE).len();
    school.posts("mallory@elsewhere.example", &address, "", "Send money now please.").await;
    school.later(1).await;
    assert_eq!(school.texts(JANE).len(), count, "not from her mailbox: nothing goes");
    school.ends().await;
}
