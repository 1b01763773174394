//! Staff who answer from their own mailbox.

use crate::*;
use domain::letter::LetterVerdict;

const RIVERA: &str = "rivera@maple.example";

/// What the school's mail server found of who wrote.
const PASS: &str = "Authentication-Results: mx.maple.example; dmarc=pass header.from=maple.example\r\n";

/// Of one family that answered her, Ms Rivera's mailbox holds the news; gives the address that it is answered at.
async fn news(school: &School, phone: &str, words: &str) -> String {
    school.sends("Ms Rivera", &school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await).await;
    school.answers(phone, words).await;
    let (letter, mailed) = school.mailbox(RIVERA).pop().expect("she is told");
    let text = letter.text.reveal();
    assert!(
        text.contains("Families answered you")
            && text.contains("goes to the family of this conversation")
            && text.contains("https://homeword.example/thread/"),
        "{text}"
    );
    assert!(!text.contains(words) && !text.contains("Sof") && !text.contains("Luc"), "no child, no content: {text}");
    mailed.reply_to()
}

/// The same, and she has read what they wrote.
async fn read_news(school: &School, phone: &str, words: &str, who: &str) -> String {
    let address = news(school, phone, words).await;
    school.thread("Ms Rivera", who).await;
    address
}

/// Subjects of her letters, oldest first.
fn subjects(school: &School) -> Vec<String> {
    school.mailbox(RIVERA).into_iter().map(|(letter, _)| letter.subject).collect()
}

#[tokio::test]
async fn the_news_of_one_family_can_be_answered_where_it_is_read() {
    let school = School::open().await;
    let address = read_news(&school, JANE, "He reads every day now", "Jane").await;
    assert!(address.starts_with("staff+"), "{address}");
    let told = subjects(&school).len();
    // As Outlook quotes: no mark before what it quotes, only a head of four lines.
    let quoted = format!(
        "That is wonderful to hear. See you on Friday!\r\n\r\nFrom: Maple Street <school0@mail.maple.example>\r\nSent: Tuesday, March 10, 2026 10:02 AM\r\nTo: Ms Rivera <{RIVERA}>\r\nSubject: Families answered you\r\n\r\nFamilies answered you. Conversations with something new: 1. Read them here: https://homeword.example/thread/{}\r\n\r\nOr answer this email: what you write goes to the family of this conversation, in its language. Read their words first.\r\n",
        school.thread("Ms Rivera", "Jane").await.thread
    );
    assert_eq!(school.posts(RIVERA, &address, PASS, &quoted).await, LetterVerdict::Welcome);
    school.later(1).await;
    assert_eq!(school.reads(JANE), "Ms Rivera: That is wonderful to hear. See you on Friday!");
    assert_eq!(subjects(&school).len(), told, "it went: nobody has to say so");
    // With nothing before what it quotes: only its words are ours.
    let ours = school.mailbox(RIVERA).pop().expect("the news").0.text.reveal().to_owned();
    let ours = &ours[ours.find("Families answered").expect("its words")..];
    school.posts(RIVERA, &address, PASS, &format!("Bring the blue book, please.\r\n\r\n{}\r\n", ours.replace('\n', "\r\n"))).await;
    school.later(1).await;
    assert_eq!(school.reads(JANE), "Ms Rivera: Bring the blue book, please.");
    let thread = school.thread("Ms Rivera", "Jane").await;
    assert!(thread.bubbles.iter().any(|bubble| !bubble.incoming && bubble.text.contains("See you on Friday")), "{:?}", thread.bubbles);
    assert_eq!(thread.due, None, "nobody waits any more");
    school.ends().await;
}

#[tokio::test]
async fn what_waits_and_what_did_not_go_is_said_to_its_writer() {
    let school = School::open().await;
    let address = read_news(&school, LUCIA, "Sofía lee cada noche", "Luc").await;
    let before = school.texts(LUCIA).len();
    let file = format!("{PASS}MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n");
    let logo = "--b\r\nContent-Type: image/png\r\nContent-ID: <logo>\r\nContent-Disposition: inline; filename=image001.png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n";
    let sheet = "--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=sheet.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjQK\r\n";
    let words = "--b\r\nContent-Type: text/plain\r\n\r\nWe read the next book together.\r\n";
    school.posts(RIVERA, &address, &file, &format!("{words}{logo}--b--\r\n")).await;
    assert_eq!(
        subjects(&school).last().expect("told"),
        "Your answer waits to be checked",
        "her words are English, and a person checks first"
    );
    assert_eq!(school.texts(LUCIA).len(), before);
    school.posts(RIVERA, &address, &file, &format!("{words}{logo}{sheet}--b--\r\n")).await;
    let said = subjects(&school);
    assert_eq!(said[said.len() - 2..], ["Your answer waits to be checked", "Your files did not go to the family"], "{said:?}");
    // Nothing but a file; and words to a conversation that is no longer hers.
    school.posts(RIVERA, &address, &file, &format!("{sheet}--b--\r\n")).await;
    assert_eq!(subjects(&school).last().expect("told"), "Your email was not sent");
    let (letter, _) = school.mailbox(RIVERA).pop().expect("a letter");
    assert!(letter.text.reveal().contains("/thread/"), "where to write it: {}", letter.text.reveal());
    let automatic = subjects(&school).len();
    school.posts(RIVERA, &address, "Auto-Submitted: auto-replied\r\n", "I am away until Monday.").await;
    assert_eq!(subjects(&school).len(), automatic, "a machine is answered by nobody");
    school.ends().await;
}

#[tokio::test]
async fn news_of_several_families_is_answered_on_the_page_alone() {
    let school = School::open().await;
    let rivera = school.person("Ms Rivera").await;
    school.flows.set_own(&rivera, false, None, people::Telling::Each).await.expect("each");
    news(&school, JANE, "He reads every day now").await;
    school.answers(LUCIA, "Gracias").await;
    let (letter, mailed) = school.mailbox(RIVERA).pop().expect("told again");
    assert!(letter.text.reveal().contains("something new: 2") && !letter.text.reveal().contains("answer this email"), "{:?}", letter.text);
    let (jane, lucia) = (school.texts(JANE).len(), school.texts(LUCIA).len());
    school.posts(RIVERA, &mailed.reply_to(), PASS, "Thank you both!").await;
    school.later(1).await;
    assert_eq!((school.texts(JANE).len(), school.texts(LUCIA).len()), (jane, lucia), "to whom, nobody can say");
    assert_eq!(subjects(&school).last().expect("told"), "Your email was not sent");
    assert!(
        school.tasks("").await.iter().all(|task| !task.reason.contains("by email")),
        "no work for the office: {:?}",
        school.tasks("").await
    );
    school.ends().await;
}

#[tokio::test]
async fn who_has_left_answers_nobody() {
    let school = School::open().await;
    let address = read_news(&school, JANE, "He reads every day now", "Jane").await;
    let rivera = school.person("Ms Rivera").await;
    school.flows.disable(school.district, StaffId::HOUSE, rivera.staff).await.expect("left");
    assert_eq!(school.posts(RIVERA, &address, PASS, "One more thing.").await, LetterVerdict::Forged, "revoked");
    school.ends().await;
}

#[tokio::test]
async fn a_program_in_her_mailbox_does_not_go_on_writing_to_a_family() {
    let school = School::open().await;
    let address = read_news(&school, JANE, "He reads every day now", "Jane").await;
    let before = school.texts(JANE).len();
    for number in 0..12 {
        school.posts(RIVERA, &address, PASS, &format!("Thank you for your message number {number}.")).await;
    }
    school.later(1).await;
    assert_eq!(school.texts(JANE).len() - before, 4, "then a person looks");
    let tasks = school.tasks("").await;
    assert_eq!(tasks.iter().filter(|task| task.reason.contains("from a staff mailbox")).count(), 1, "{tasks:?}");
    let (letter, mailed) = school.mailbox(RIVERA).pop().expect("the news");
    let count = school.texts(JANE).len();
    school.waits(20);
    let back = format!("From: <{RIVERA}>\r\nMessage-ID: <{}>\r\n\r\nAnd round it goes.\r\n", letter.message_id.expect("a Message-ID"));
    school.flows.take_letter(RIVERA, &mailed.reply_to(), back.as_bytes(), school.now()).await.expect("taken");
    school.later(1).await;
    assert_eq!(school.texts(JANE).len(), count, "our own letter is nobody's answer");
    school.ends().await;
}

#[tokio::test]
async fn words_she_has_not_read_are_answered_by_nothing() {
    let school = School::open().await;
    let address = news(&school, JANE, "He reads every day now").await;
    let count = school.texts(JANE).len();
    school.posts(RIVERA, &address, PASS, "Wonderful!").await;
    school.later(1).await;
    assert_eq!(school.texts(JANE).len(), count, "she answered a letter without words");
    assert_eq!(subjects(&school).last().expect("told"), "Please read first: your email was not sent");
    school.thread("Ms Rivera", "Jane").await;
    // They write again, and within the hour she is not told a second time.
    school.answers(JANE, "He has a fever, can you call?").await;
    school.posts(RIVERA, &address, PASS, "Wonderful, again!").await;
    school.later(1).await;
    assert_eq!(school.texts(JANE).len(), count);
    assert!(school.thread("Ms Rivera", "Jane").await.due.is_some(), "they still wait for an answer");
    school.posts(RIVERA, &address, PASS, "I call you at noon.").await;
    school.later(1).await;
    assert!(school.reads(JANE).contains("at noon"), "{}", school.reads(JANE));
    assert_eq!(school.thread("Ms Rivera", "Jane").await.due, None);
    school.ends().await;
}

#[tokio::test]
async fn what_is_not_surely_hers_or_not_for_them_does_not_go() {
    let school = School::open().await;
    let address = read_news(&school, JANE, "He reads every day now", "Jane").await;
    let count = school.texts(JANE).len();
    school.posts(RIVERA, &address, "", "Nobody looked who wrote this.").await;
    assert!(school.tasks("").await.iter().any(|task| task.reason.contains("not sure")), "{:?}", school.tasks("").await);
    school.posts(RIVERA, &address, PASS, "STOP").await;
    assert_eq!(subjects(&school).last().expect("told"), "Your email was not sent");
    school.later(1).await;
    assert_eq!(school.texts(JANE).len(), count, "neither went");
    school.ends().await;
}

#[tokio::test]
async fn a_parent_who_teaches_here_writes_as_a_parent() {
    let school = School::open().await;
    let office = school.person("Maple Street office").await;
    let card = school.card(LAYLA).await;
    let (student, guardian) = (card.children[0].id, card.guardians[0].id);
    school.flows.add_contact(&office, student, guardian, people::Channel::Email, RIVERA).await.expect("written down");
    news(&school, JANE, "He reads every day now").await;
    school.answers(LUCIA, "Gracias").await;
    school.later(61).await;
    school.answers(LUCIA, "Otra vez").await;
    let (letter, mailed) = school.mailbox(RIVERA).pop().expect("several families wrote");
    assert!(letter.text.reveal().contains("something new: 2"), "{:?}", letter.text);
    school.posts(RIVERA, &mailed.reply_to(), PASS, "My daughter is ill today.").await;
    assert!(
        school.tasks("").await.iter().any(|task| task.reason.contains("by email")),
        "the office reads it: {:?}",
        school.tasks("").await
    );
    school.ends().await;
}

#[tokio::test]
async fn a_program_that_answers_every_letter_of_ours_hears_once_an_hour() {
    let school = School::open().await;
    let rivera = school.person("Ms Rivera").await;
    school.flows.set_own(&rivera, false, None, people::Telling::Each).await.expect("each");
    news(&school, JANE, "He reads every day now").await;
    school.answers(LUCIA, "Gracias").await;
    let begun = school.mailbox(RIVERA).len();
    for _ in 0..20 {
        let (letter, mailed) = school.mailbox(RIVERA).pop().expect("a letter");
        school.posts(RIVERA, &mailed.reply_to(), PASS, &format!("Ticket opened: {}", letter.subject)).await;
    }
    assert_eq!(school.mailbox(RIVERA).len(), begun + 1);
    school.ends().await;
}
