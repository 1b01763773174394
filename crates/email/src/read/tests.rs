//! Letters as common clients write them.

use super::*;
use proptest::prelude::*;

fn words() -> MailWords {
    MailWords {
        attribution: vec!["wrote".into(), "escribió".into(), "كتب".into()],
        sent_from: vec!["Sent from my".into(), "Enviado desde mi".into()],
        automatic: vec!["Automatic reply".into(), "Respuesta automática".into()],
        separators: vec![
            "Original Message".into(),
            "Mensaje original".into(),
            "From:".into(),
            "Sent:".into(),
            "De:".into(),
            "Enviado:".into(),
        ],
        markers: vec!["Write your answer above this line".into(), "اكتبوا جوابكم فوق هذا السطر".into()],
        ..MailWords::default()
    }
    .folded()
}

fn letter(headers: &str, body: &str) -> IncomingLetter {
    let raw = format!(
        "From: Amina <amina@families.example>\r\nIn-Reply-To: <1.2.3@mail.test>\r\nMessage-ID: <x@y>\r\n{headers}\r\n\r\n{}",
        body.replace('\n', "\r\n")
    );
    read_letter(
        raw.as_bytes(),
        Some(Ours { text: "We learn to tell time this week, please practise.", from: "school@mail.test" }),
        &words(),
        "",
    )
}

const UTF8: &str = "Subject: Re: x\r\nContent-Type: text/plain; charset=utf-8";

#[test]
fn what_the_family_wrote_is_told_from_what_we_sent() {
    let cases = [
        (
            "Yes, we will come.\n\nOn Mon, Mar 9, 2026 at 5:01 PM Ms Rivera <reply+a@mail.test> wrote:\n\n> --- Write your answer above this line ---\n> We learn to tell time",
            "Yes, we will come.",
        ),
        ("Sí, iremos.\n\nEl lun, 9 mar 2026 a las 17:01, Ms Rivera (<reply+a@mail.test>) escribió:\n> hola", "Sí, iremos."),
        ("نعم سنحضر\n\nفي الاثنين، 9 مارس 2026 في 5:01 م كتب Ms Rivera <reply+a@mail.test>:\n> مرحبا", "نعم سنحضر"),
        ("Thanks!\nSent from my iPhone\n\n> On Mar 9, 2026, at 5:01 PM, Ms Rivera <reply+a@mail.test> wrote:\n>\n> We learn", "Thanks!"),
        ("We are late.\n\n-----Original Message-----\nFrom: Ms Rivera\nWe learn to tell time", "We are late."),
        ("Vamos.\n\nDe: Ms Rivera\nEnviado: lunes, 9 de marzo de 2026\nPara: Amina\n\nWe learn to tell time", "Vamos."),
        ("Vamos.\n--- Mensaje original ---\nhola", "Vamos."),
        ("De: parte de mi hermano, gracias.\nEnviado con prisa", "De: parte de mi hermano, gracias.\nEnviado con prisa"),
        ("1", "1"),
        ("Nothing quoted here.\nTwo lines.", "Nothing quoted here.\nTwo lines."),
        ("See you.\n\nWe learn to tell time this week, please practise.", "See you."),
        ("No quote above.\n-- \nAmina\n203-555-0100", "No quote above."),
    ];
    for (body, expected) in cases {
        assert_eq!(letter(UTF8, body).text.reveal(), expected, "{body}");
    }
}

#[test]
fn a_letter_that_is_all_quote_is_never_empty() {
    let read = letter(UTF8, "> only a quote");
    assert!(!read.text.reveal().is_empty());
}

#[test]
fn answers_between_what_they_answer_keep_everything_up_to_the_last_of_them() {
    let head = "On Mon, Mar 9, 2026 at 5:01 PM Ms Rivera <r@mail.test> wrote:";
    let between = format!("{head}\n> Can you come?\nYes we can.\n> At what time?\nAt five.");
    assert_eq!(letter(UTF8, &format!("{between}\n> Thank you,\n> Ms Rivera")).text.reveal(), between);
    let under = letter(UTF8, &format!("{head}\n> Can you come?\n> At what time?\n\nYes. At five.\nAmina\n"));
    assert_eq!(under.text.reveal(), "Yes. At five.\nAmina", "one answer under the whole letter needs none of it");
    // A program that marks nothing: what we sent tells them apart.
    let bare = "From: Ms Rivera <r@mail.test>\nSent: Monday\n\nWe learn to tell time this week, please practise.\nWe do, each evening.\n";
    assert!(letter(UTF8, bare).text.reveal().ends_with("We do, each evening."));
    let on_top = letter(UTF8, &format!("We do.\n\n{bare}\nA line of ours that nobody knows."));
    assert_eq!(on_top.text.reveal(), "We do.");
}

#[test]
fn charsets_automatic_answers_and_bounces() {
    let arabic = b"From: a@b.test\r\nSubject: x\r\nContent-Type: text/plain; charset=windows-1256\r\n\r\n\xe4\xda\xe3".as_slice();
    assert_eq!(read_letter(arabic, None, &words(), "").text.reveal(), "نعم");
    assert_eq!(letter("Subject: x\r\nAuto-Submitted: auto-replied\r\nContent-Type: text/plain", "away").kind, LetterKind::AutoReply);
    assert_eq!(letter("Subject: Automatic reply: x\r\nContent-Type: text/plain", "away").kind, LetterKind::AutoReply);
    assert_eq!(letter(UTF8, "hello").kind, LetterKind::Reply);
    let report = "From: mailer@mx.test\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nNo such user\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.test\r\n\r\nFinal-Recipient: rfc822; Amina@families.example\r\nAction: failed\r\nStatus: 5.1.1\r\n--b--\r\n";
    let read = read_letter(report.as_bytes(), None, &words(), "");
    assert_eq!(read.kind, LetterKind::Bounce);
    assert_eq!(
        read.bounce,
        Some(Bounce { recipient: Address::new("amina@families.example"), class: BounceClass::Hard, status: "5.1.1".into(), last: true })
    );
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_a_panic(raw in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = read_letter(&raw, Some(Ours { text: "ours", from: "" }), &words(), "");
    }
}

#[test]
fn words_without_a_head_are_not_lost_behind_the_line_a_mail_server_puts_on_top() {
    let read = read_letter(b"Return-Path: <a@b.example>\r\n\xff\xfe\0 no letter at all", None, &words(), "");
    assert!(read.text.reveal().contains("no letter at all") && read.warnings.iter().any(|warning| warning.contains("damaged")));
    let folded = read_letter(b"Return-Path: <a@b.example>\r\nSubject: one\r\n two\r\n\r\n", None, &words(), "");
    assert_eq!((folded.text.reveal(), folded.warnings.len()), ("", 0), "a head without words is no damage");
}

/// A report made to be long: many enclosed letters, many writers, many addresses to compare.
#[test]
fn a_report_made_to_be_long_is_read_in_time_and_little_is_kept_of_it() {
    let many = "a@b.cc,".repeat(3_000);
    let part = "--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: c@d.ee, e@f.gg\r\n\r\nx\r\n";
    let enclosing = format!("From: {many}\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n{}--b--\r\n", part.repeat(20_000));
    let to = "x@y.zz,".repeat(100_000);
    let head = format!("From: mailer-daemon@f.example\r\nTo: {to}a@b.cc\r\nSubject: Undelivered\r\n\r\n");
    let comparing = format!("{head}{}", "a@b.cc ".repeat(20_000));
    let begun = std::time::Instant::now();
    let read = read_letter(enclosing.as_bytes(), None, &words(), "");
    assert!((1..=10).contains(&read.about.len()), "{}", read.about.len());
    let tables = MailWords { undelivered: vec!["undelivered".into()], ..words() };
    assert_eq!(read_letter(comparing.as_bytes(), None, &tables, "").kind, LetterKind::Bounce);
    assert!(begun.elapsed() < std::time::Duration::from_secs(30), "{:?}", begun.elapsed());
}

#[test]
fn a_letter_in_letters_without_end_ends_no_thread() {
    let inside = [
        "Content-Type: message/rfc822\r\n\r\n",
        ":Content-Type: message/rfc822\r\n\r\n",
        "C ontent-Type: message/rfc822\r\n\r\n",
        " Content-Type: message / rfc822\r\n\r\n",
        "X: a\r\n \r\nContent-Type: message/rfc822\r\n\r\n",
        "Content-Type: message(x)/rfc822\r\n\r\n",
        "Content-Type: message\r\n /rfc822\r\n\r\n",
    ];
    // As small a stack as a worker's. Before, taking such a letter down again went as deep as it was, and ended the process.
    let reads = move || {
        for inside in inside {
            let raw = inside.repeat(200_000);
            let read = read_letter(raw.as_bytes(), None, &words(), "");
            assert!(read.warnings.iter().any(|warning| warning.contains("more parts")), "{inside}");
        }
        assert!(head_is_too_long(&b"X: y\r\n".repeat(9_000)) && !head_is_too_long(b"X: y\r\n\r\nx"));
    };
    let thread = std::thread::Builder::new().stack_size(2 * 1024 * 1024).spawn(reads).expect("a thread");
    assert!(thread.join().is_ok());
}
