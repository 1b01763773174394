//! The stop button of a letter to many: pressed by a mail program or on the page behind it, it stops that mailbox and nothing else.

use crate::*;
use domain::letter::LetterVerdict;

/// Layla's letter to the whole class, and what its head offers: (link, address).
async fn offered(school: &School) -> (testkit::Mailed, String, String) {
    school.sends("Ms Rivera", &school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await).await;
    let (_, mailed) = school.mailbox(LAYLA).pop().expect("a letter");
    let header = mailed.header("List-Unsubscribe").expect("a button");
    let mut between = header.split(['<', '>']).filter(|part| part.contains(':'));
    let (link, address) = (between.next().expect("a link").to_owned(), between.next().expect("an address").to_owned());
    (mailed, link, address.trim_start_matches("mailto:").to_owned())
}

fn code(link: &str) -> &str {
    link.rsplit('/').next().expect("a code")
}

/// As the page's POST is kept.
async fn pressed(school: &School, link: &str, minute: u32) {
    let address = school.flows.stop_address(code(link)).expect("ours");
    let raw = format!("List-Unsubscribe=One-Click {minute}");
    for _ in 0..2 {
        school.flows.take_letter("", &address, raw.as_bytes(), school.now()).await.expect("taken");
    }
    school.work().await;
}

#[tokio::test]
async fn one_press_stops_the_letters_once_and_the_family_hears_how_to_take_it_back() {
    let school = School::open().await;
    let (mailed, link, address) = offered(&school).await;
    assert_eq!(mailed.header("List-Unsubscribe-Post").as_deref(), Some("List-Unsubscribe=One-Click"));
    assert!(link.starts_with("https://homeword.example/stop/"), "{link}");
    let button = school.flows.stop_button(code(&link)).await.expect("read").expect("a page");
    assert_eq!((button.language.as_str(), button.school.as_str()), ("ar", "Maple Street"));
    assert!(button.question.contains("Maple Street") && button.stopped.contains("START"), "{button:?}");
    assert_eq!(school.card(LAYLA).await.blocked, 0, "to look changes nothing");

    pressed(&school, &link, 1).await;
    assert_ne!(school.card(LAYLA).await.blocked, 0);
    assert_eq!(school.mailbox(LAYLA).len(), 2, "she is told, once");
    let (told, notice) = school.mailbox(LAYLA).pop().expect("a letter");
    assert!(told.text.reveal().contains("START"), "{}", told.text.reveal());
    let pass = "Authentication-Results: mx.maple.example; dmarc=pass header.from=families.example\r\n";
    assert_eq!(school.posts(LAYLA, &notice.reply_to(), pass, "START").await, LetterVerdict::Welcome);
    assert_eq!(school.card(LAYLA).await.blocked, 0);

    // The same button of the same letter, pressed again later; then the other way, an empty letter.
    pressed(&school, &link, 2).await;
    assert_ne!(school.card(LAYLA).await.blocked, 0);
    school.posts(LAYLA, &notice.reply_to(), pass, "START").await;
    // As Apple's Mail writes it.
    let apple = "Subject: Unsubscribe\r\nAuto-Submitted: auto-replied\r\nX-Apple-Unsubscribe: true\r\n";
    assert_eq!(school.posts(LAYLA, &address, apple, "").await, LetterVerdict::Welcome);
    assert_ne!(school.card(LAYLA).await.blocked, 0);
    // Whoever holds the letter fills nobody's mailbox by pressing.
    let before = school.mailbox(LAYLA).len();
    for minute in 3..9 {
        pressed(&school, &link, minute).await;
        school.waits(1);
    }
    assert_eq!(school.mailbox(LAYLA).len(), before);
    school.ends().await;
}

#[tokio::test]
async fn who_made_a_button_up_stops_nobody_and_an_emergency_has_none() {
    let school = School::open().await;
    let (mailed, link, address) = offered(&school).await;
    let reply = mailed.reply_to();
    let reply_code = reply.split('@').next().expect("a code");
    let forged = address.replacen("stop+", "stop+aa", 1);
    for made_up in ["", "stop-", "stop-aaaa", reply_code, &reply_code.replacen("reply+", "stop-", 1), &code(&link)[1..]] {
        assert_eq!(school.flows.stop_address(made_up), None, "{made_up}");
        assert!(school.flows.stop_button(made_up).await.expect("read").is_none(), "{made_up}");
    }
    assert_eq!(school.posts(LAYLA, &forged, "", "").await, LetterVerdict::Forged);
    // A report about some letter presses nothing.
    let report = "From: MAILER-DAEMON@x.example\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=r\r\n\r\n--r\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; a@b.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--r--\r\n";
    school.comes_back(&address, report).await;
    assert_eq!(school.card(LAYLA).await.blocked, 0);

    let everyone = Audience::School { school: school.person("Ms Rivera").await.schools[0] };
    let mut alarm = school.form(everyone, phrase("test", &[]));
    (alarm.weight, alarm.answers) = (Weight::Emergency, AnswerSet::None);
    school.sends("Ms Okafor", &alarm).await;
    let (_, alarm) = school.mailbox(LAYLA).pop().expect("a letter");
    assert_eq!(alarm.header("List-Unsubscribe"), None);
    school.ends().await;
}

#[tokio::test]
async fn an_answer_to_the_writers_address_finds_its_conversation_when_it_is_surely_the_familys() {
    let school = School::open().await;
    let (mailed, _, _) = offered(&school).await;
    let name = mailed.header("Message-ID").expect("a name");
    let found = |result: &str| format!("Authentication-Results: mx.maple.example; dmarc={result} header.from=families.example\r\n");
    let own = "school0@mail.maple.example";
    let answers = |result: &str| format!("{}In-Reply-To: {name}\r\nReferences: <x@y.example> {name}\r\nSubject: Re: x\r\n", found(result));
    school.posts(LAYLA, own, &answers("none"), "Perhaps it is I.").await;
    let office = school.person("Maple Street office").await;
    let lucia = school.card(LUCIA).await;
    let (student, guardian) = (lucia.children[0].id, lucia.guardians[0].id);
    let other = "lucia@families.example";
    school.flows.add_contact(&office, student, guardian, domain::people::Channel::Email, other).await.expect("written down");
    school.posts(other, own, &answers("pass"), "I have her letter.").await;
    assert!(school.inbox("Ms Rivera").await.is_empty(), "the name proves nothing");
    school.posts(LAYLA, own, &answers("pass"), "We read every evening.").await;
    let thread = school.thread("Ms Rivera", "Layla").await;
    assert!(thread.bubbles.iter().any(|bubble| bubble.incoming && bubble.text == "We read every evening."), "{:?}", thread.bubbles);
    // Her teacher's answer belongs to the same conversation in her mailbox.
    let rivera = school.person("Ms Rivera").await;
    school.flows.answer(&rivera, thread.thread, MessageId(99_001), "Lovely.").await.expect("answered");
    school.approves("Ms Salem", "ar", "جميل.").await;
    school.later(30).await;
    assert_eq!(school.mailbox(LAYLA).len(), 2);
    let (_, second) = school.mailbox(LAYLA).pop().expect("a letter");
    let root = |mailed: &testkit::Mailed| mailed.header("References").and_then(|all| all.split(' ').next().map(str::to_owned));
    assert!(root(&mailed).is_some() && root(&mailed) == root(&second), "{:?} {:?}", root(&mailed), root(&second));
    school.ends().await;
}
