//! Letters both ways: the token in the address is the proof.

use crate::*;
use domain::letter::LetterVerdict;

async fn asked(school: &School) -> String {
    let mut form = school
        .to_class("Grade 2 reading", phrase("class-meeting", &[("date", "2026-03-12"), ("time", "17:30"), ("place", "room 12")]))
        .await;
    form.answers = AnswerSet::Coming;
    school.sends("Ms Rivera", &form).await;
    let (letter, mailed) = school.mailbox(LAYLA).pop().expect("a letter");
    assert_eq!(letter.from.reveal(), "school0@mail.maple.example", "always the same: a mailbox gets to know it");
    mailed.reply_to()
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
    assert_eq!(school.thread("Ms Rivera", "Layla").await.due, None, "an absence notice is nobody's reply");
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
    // A subject that begins as a machine's does, from a family on file: a person looks.
    let office = "school0@mail.maple.example";
    school.posts(LAYLA, office, "Subject: Out of office\r\n", "Whom do I ask about the bus?").await;
    assert!(asks_the_office(&school, "A family on file wrote to the school").await, "{:?}", school.tasks("Layla").await);
    let rivera = school.person("Ms Rivera").await;
    let address = school.flows.staff_address(school.district, thread, rivera.staff, "mail.maple.example");
    school.posts("rivera@maple.example", &address, MAPLE, "That is wonderful to hear.").await;
    school.later(1).await;
    assert!(school.reads(JANE).contains("That is wonderful"), "{}", school.reads(JANE));
    let count = school.texts(JANE).len();
    school.posts("mallory@elsewhere.example", &address, "", "Send money now please.").await;
    school.later(1).await;
    assert_eq!(school.texts(JANE).len(), count, "not from her mailbox: nothing goes");
    school.ends().await;
}

/// What the school's mail server finds of its own people.
const MAPLE: &str = "Authentication-Results: mx.maple.example; dmarc=pass header.from=maple.example\r\n";

/// What the school's mail server wrote on top.
fn found(result: &str) -> String {
    format!("Authentication-Results: mx.maple.example; dmarc={result} header.from=families.example\r\n")
}

async fn blocked(school: &School) -> bool {
    school.card(LAYLA).await.blocked != 0
}

async fn asks_the_office(school: &School, words: &str) -> bool {
    school.tasks("Layla").await.iter().any(|task| task.kind == TaskKind::Attend && task.reason.contains(words))
}

#[tokio::test]
async fn a_letter_in_the_familys_name_that_is_not_theirs_reaches_no_teacher_and_changes_nothing() {
    let school = School::open().await;
    let reply = asked(&school).await;
    school.posts(LAYLA, &reply, &found("fail"), "Please send her home with Sam.").await;
    assert!(school.inbox("Ms Rivera").await.is_empty());
    assert!(asks_the_office(&school, "may be forged").await);
    school.posts(LAYLA, &reply, &found("fail"), "STOP").await;
    assert!(!blocked(&school).await);
    // Without a token, in the name of a family on file.
    school.posts(LAYLA, "school0@mail.maple.example", &format!("{}Subject: Bus\r\n", found("fail")), "Sam fetches her.").await;
    assert!(school.inbox("Ms Rivera").await.is_empty());
    let tasks = school.tasks("Layla").await;
    assert_eq!(tasks.iter().filter(|task| task.reason.contains("may be forged")).count(), 3, "{tasks:?}");
    // The same as an honest server finds them, and where none says anything.
    for headers in [found("pass"), String::new()] {
        school.posts(LAYLA, &reply, &headers, "She is coming with me.").await;
    }
    let thread = school.thread("Ms Rivera", "Layla").await;
    let theirs: Vec<_> = thread.bubbles.iter().filter(|bubble| bubble.incoming).collect();
    assert_eq!(theirs.len(), 2);
    assert!(theirs.iter().all(|bubble| bubble.warnings.is_empty()), "{:?}", theirs[0].warnings);
    school.ends().await;
}

#[tokio::test]
async fn by_letter_a_setting_changes_for_the_family_alone() {
    let school = School::open().await;
    let reply = asked(&school).await;
    let elsewhere = "cousin@elsewhere.example";
    school.posts(elsewhere, &reply, &found("pass"), "STOP").await;
    assert!(!blocked(&school).await && asks_the_office(&school, "asks to stop").await, "somebody else has the letter");
    school.posts(elsewhere, &reply, &found("pass"), "Layla asks when it begins.").await;
    let thread = school.thread("Ms Rivera", "Layla").await;
    let said = thread.bubbles.iter().find(|bubble| bubble.text.contains("when it begins")).expect("the teacher reads it");
    assert!(said.warnings.iter().any(|warning| warning.contains("another address")), "{:?}", said.warnings);

    school.waits(11);
    school.posts(LAYLA, &reply, "", "STOP").await;
    assert!(blocked(&school).await, "to stop, the address and the letter do");
    school.posts(LAYLA, &reply, "", "START").await;
    assert!(blocked(&school).await, "to start, somebody must have looked who wrote");
    school.posts(LAYLA, &reply, &found("pass"), "START").await;
    assert!(!blocked(&school).await);
    school.ends().await;
}

#[tokio::test]
async fn another_mailbox_of_the_same_home_is_the_familys_and_a_forged_one_of_the_staffs_is_nobodys() {
    let school = School::open().await;
    let reply = asked(&school).await;
    let office = school.person("Maple Street office").await;
    let card = school.card(LAYLA).await;
    let (student, guardian) = (card.children[0].id, card.guardians[0].id);
    let second = "layla.work@elsewhere.example";
    school.flows.add_contact(&office, student, guardian, domain::people::Channel::Email, second).await.expect("written down");
    school.posts(second, &reply, "", "We will be there, all of us.").await;
    let thread = school.thread("Ms Rivera", "Layla").await;
    assert!(thread.bubbles.iter().all(|bubble| bubble.warnings.is_empty()), "{:?}", thread.bubbles);

    let rivera = school.person("Ms Rivera").await;
    let address = school.flows.staff_address(school.district, thread.thread, rivera.staff, "mail.maple.example");
    let ours = async || school.thread("Ms Rivera", "Layla").await.bubbles.iter().filter(|bubble| !bubble.incoming).count();
    let before = ours().await;
    school.posts("rivera@maple.example", &address, &found("fail"), "Come at six, not at eight.").await;
    assert_eq!(ours().await, before, "not from her mailbox: nothing goes");
    school.posts("rivera@maple.example", &address, MAPLE, "Come at eight, thank you.").await;
    assert_eq!(ours().await, before + 1);
    school.ends().await;
}

#[tokio::test]
async fn many_letters_to_one_answer_address_wait_for_a_person_and_our_own_goes_nowhere() {
    let school = School::open().await;
    let reply = asked(&school).await;
    let said = async || {
        let rows = school.inbox("Ms Rivera").await;
        if rows.is_empty() { 0 } else { school.thread("Ms Rivera", "Layla").await.bubbles.iter().filter(|bubble| bubble.incoming).count() }
    };
    let (ours, _) = school.mailbox(LAYLA).pop().expect("a letter");
    let name = ours.message_id.expect("a Message-ID");
    let back = format!("From: <{LAYLA}>\r\nMessage-ID: <{name}>\r\nSubject: x\r\n\r\nAnd it goes round.\r\n");
    school.flows.take_letter(LAYLA, &reply, back.as_bytes(), school.now()).await.expect("taken");
    school.work().await;
    assert_eq!(said().await, 0, "our own letter tells nobody anything");
    school.later(20).await;

    let before = school.mailbox(LAYLA).len();
    for round in 1..=7 {
        school.posts(LAYLA, &reply, "", &format!("I got your letter number {round}.")).await;
        school.waits(1);
    }
    let thread = school.thread("Ms Rivera", "Layla").await;
    let theirs = thread.bubbles.iter().filter(|bubble| bubble.incoming);
    let held: Vec<&str> = theirs.filter(|bubble| !bubble.warnings.is_empty()).map(|bubble| bubble.text.as_str()).collect();
    assert_eq!(held, ["I got your letter number 5.", "I got your letter number 6.", "I got your letter number 7."], "none is lost");
    let tasks = school.tasks("Layla").await;
    let held: Vec<_> = tasks.iter().filter(|task| task.reason.starts_with("Many emails")).collect();
    assert_eq!(held.len(), 1, "one piece of work for all of them: {tasks:?}");
    school.posts(LAYLA, &reply, "", "STOP").await;
    assert!(blocked(&school).await, "a STOP among them counts");
    assert_eq!(school.mailbox(LAYLA).len(), before, "and nothing is answered");
    // It is over.
    school.later(11).await;
    school.posts(LAYLA, &reply, "", "And this is from a person.").await;
    assert_eq!(said().await, 8);
    school.ends().await;
}

#[tokio::test]
async fn a_letter_that_is_sent_again_is_the_same_letter_whatever_the_servers_wrote_on_top() {
    let school = School::open().await;
    let reply = asked(&school).await;
    let sent = format!("From: <{LAYLA}>\r\nMessage-ID: <again@families.example>\r\nSubject: x\r\n\r\nWe will be there.\r\n");
    for second in 0..3 {
        let top = format!(
            "Return-Path: <{LAYLA}>\r\nAuthentication-Results: homeword.invalid;\r\n\tspf=temperror {second}\r\nReceived: from mx ([192.0.2.1])\r\n\tby homeword.test; Tue, 10 Mar 2026 12:00:0{second} +0000\r\n"
        );
        school.flows.take_letter(LAYLA, &reply, format!("{top}{sent}").as_bytes(), school.now()).await.expect("taken");
    }
    let other = sent.replace("We will", "Perhaps we will");
    school.flows.take_letter(LAYLA, &reply, other.as_bytes(), school.now()).await.expect("taken");
    school.work().await;
    let thread = school.thread("Ms Rivera", "Layla").await;
    let said: Vec<&str> = thread.bubbles.iter().filter(|bubble| bubble.incoming).map(|bubble| bubble.text.as_str()).collect();
    assert_eq!(said, ["We will be there.", "Perhaps we will be there."]);
    school.ends().await;
}

/// What one school wrote to this mailbox since, as another program answers it: to where the teacher's letter is answered, word for
/// word, with nothing in its head that says a machine wrote it.
async fn carried_over(from: &School, seen: &mut usize, to: &School, address: &str) -> usize {
    let letters = from.mailbox(LAYLA);
    let new: Vec<_> = letters[*seen..].iter().map(|(letter, _)| letter.text.reveal().to_owned()).collect();
    *seen = letters.len();
    for text in &new {
        let head = "Subject: Re: our letters\r\nContent-Type: text/plain; charset=utf-8\r\n";
        assert_eq!(to.posts(LAYLA, address, head, &text.replace('\n', "\r\n")).await, LetterVerdict::Welcome);
    }
    new.len()
}

#[tokio::test]
async fn two_homewords_pointed_at_each_other_fall_silent_though_neither_knows() {
    let (one, two) = (School::open().await, School::open().await);
    // In the evening every answer is told when somebody reads it.
    for school in [&one, &two] {
        school.until(at("2026-03-10T19:00")).await;
    }
    let (to_one, to_two) = (asked(&one).await, asked(&two).await);
    let (mut seen_one, mut seen_two) = (one.mailbox(LAYLA).len() - 1, two.mailbox(LAYLA).len());
    let mut rounds = Vec::new();
    for _ in 0..60 {
        let there = carried_over(&one, &mut seen_one, &two, &to_two).await;
        let back = carried_over(&two, &mut seen_two, &one, &to_one).await;
        rounds.push(there + back);
        one.later(1).await;
        two.later(1).await;
    }
    assert!(rounds[0] > 1, "the first letter was answered by a program: {rounds:?}");
    let last = rounds.iter().rposition(|count| *count > 0).expect("some");
    assert!(last < 4 && rounds.iter().sum::<usize>() < 8, "{rounds:?}");
    one.ends().await;
    two.ends().await;
}
