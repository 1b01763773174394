//! Files in a family's email: what is harmless reaches the teacher, and of the rest both sides hear.

use crate::*;
use domain::media::MediaKind;

const OFFICE_BOX: &str = "school0@mail.maple.example";

/// Layla's answer address.
async fn asked(school: &School) -> String {
    school.sends("Ms Rivera", &school.to_class("Grade 2 reading", phrase("reading-at-home", &[])).await).await;
    school.mailbox(LAYLA).pop().expect("a letter").1.reply_to()
}

/// A letter with files: (name, what its header says it is, base64).
async fn posts(school: &School, to: &str, headers: &str, words: &str, files: &[(&str, &str, &str)]) {
    let mut body = format!("--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{words}\r\n");
    for (name, kind, base64) in files {
        body += &format!(
            "--b\r\nContent-Type: {kind}; name=\"{name}\"\r\nContent-Disposition: attachment; filename=\"{name}\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{base64}\r\n"
        );
    }
    let headers = format!("{headers}MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n");
    school.posts(LAYLA, to, &headers, &format!("{body}--b--\r\n")).await;
    for _ in 0..4 {
        school.later(2).await;
    }
}

/// Begins as a JPEG does.
const JPEG: &str = "/9j/4AAQSkZJRg==";
const BROKEN_JPEG: &str = "/9j/4GJyb2tlbg==";
const PDF: &str = "JVBERi0xLjQK";
/// "MZ": a program of Windows.
const PROGRAM: &str = "TVqQAAMAAAAEAAAA";
/// "<html><script>".
const PAGE: &str = "PGh0bWw+PHNjcmlwdD4=";
/// "OggS": a recording.
const SOUND: &str = "T2dnUwAC";

async fn attached(school: &School) -> Vec<domain::ports::Attached> {
    school.thread("Ms Rivera", "Layla").await.bubbles.into_iter().flat_map(|bubble| bubble.attached).collect()
}

#[tokio::test]
async fn a_picture_and_a_paper_reach_the_teacher_and_a_program_reaches_nobody() {
    let school = School::open().await;
    let reply = asked(&school).await;
    let before = school.mailbox(LAYLA).len();
    let files = [
        ("drawing.jpg", "image/jpeg", JPEG),
        ("note.pdf", "application/pdf", PDF),
        ("photo.jpg", "image/jpeg", PROGRAM),
        ("x.png", "image/png", PAGE),
    ];
    posts(&school, &reply, "", "هذه رسمتها", &files).await;
    let kinds: Vec<_> = attached(&school).await.into_iter().map(|one| (one.kind, one.reason)).collect();
    assert_eq!((kinds[0].0, kinds[1].0), (Some(MediaKind::Jpeg), Some(MediaKind::Pdf)));
    for (kind, reason) in &kinds[2..] {
        assert!(kind.is_none() && reason.contains("may do harm"), "{kind:?} {reason}");
    }
    let (rivera, view) = (school.person("Ms Rivera").await, school.thread("Ms Rivera", "Layla").await);
    let bubble = view.bubbles.iter().find(|bubble| !bubble.attached.is_empty()).expect("a bubble with files");
    assert!(bubble.text == "هذه رسمتها" && bubble.warnings.iter().all(|warning| !warning.contains("file")), "{:?}", bubble.warnings);
    let incoming = bubble.attached[0].incoming;
    let media = school.flows.media(&rivera, view.thread, incoming, 1).await.expect("hers to see");
    assert_eq!((media.kind, media.bytes.as_slice()), (MediaKind::Pdf, &b"%PDF-1.4\n"[..]));
    assert!(school.flows.media(&rivera, view.thread, incoming, 2).await.is_err());
    // The family hears it once, in its language.
    let told: Vec<String> = school.mailbox(LAYLA)[before..].iter().map(|(letter, _)| letter.text.reveal().to_owned()).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("PDF") && told[0].contains("2035550100") && told[0].contains("Maple Street"), "{}", told[0]);
    // And on another day again.
    posts(&school, &reply, "", "مرة أخرى", &[("photo.jpg", "image/jpeg", BROKEN_JPEG)]).await;
    let told = || school.mailbox(LAYLA)[before..].iter().filter(|(letter, _)| letter.text.reveal().contains("PDF")).count();
    assert_eq!(told(), 1, "once a day");
    school.later(24 * 60).await;
    posts(&school, &reply, "", "ومرة أخرى", &[("photo.jpg", "image/jpeg", BROKEN_JPEG)]).await;
    assert_eq!(told(), 2);
    school.ends().await;
}

#[tokio::test]
async fn a_spoken_message_is_listened_to_and_machines_and_strangers_are_told_nothing() {
    let school = School::open().await;
    let reply = asked(&school).await;
    posts(&school, &reply, "", "اسمعوا", &[("voice.ogg", "audio/ogg", SOUND)]).await;
    assert!(school.has_task("Layla", TaskKind::Listen).await);
    let before = school.mailbox(LAYLA).len();
    posts(&school, &reply, "Auto-Submitted: auto-replied\r\n", "Away", &[("x.exe", "application/octet-stream", PROGRAM)]).await;
    assert_eq!(attached(&school).await.len(), 1, "what a machine sends back is nobody's file");
    assert_eq!(school.mailbox(LAYLA).len(), before);
    // Held as forged: perhaps the family sent no file.
    let forged = "Authentication-Results: mx.maple.example; dmarc=fail header.from=families.example\r\n";
    posts(&school, &reply, forged, "Open this", &[("x.exe", "application/octet-stream", PROGRAM)]).await;
    assert_eq!(school.mailbox(LAYLA).len(), before);
    // What a mail program adds by itself is no file of anybody's.
    posts(&school, &reply, "", "signed", &[("smime.p7s", "application/pkcs7-signature", PROGRAM)]).await;
    assert_eq!((school.mailbox(LAYLA).len(), attached(&school).await.len()), (before, 1));
    let stranger = "stranger@elsewhere.example";
    let raw = format!(
        "From: <{stranger}>\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhello there\r\n--b\r\nContent-Type: application/zip; name=a.zip\r\nContent-Disposition: attachment; filename=a.zip\r\n\r\nPK\r\n--b--\r\n"
    );
    school.flows.take_letter(stranger, OFFICE_BOX, raw.as_bytes(), school.now()).await.expect("taken");
    for _ in 0..4 {
        school.later(2).await;
    }
    assert!(school.mailbox(stranger).is_empty(), "nobody writes to a stranger");
    school.ends().await;
}

#[tokio::test]
async fn of_a_dozen_files_ten_are_shown_and_the_others_are_said() {
    let school = School::open().await;
    let reply = asked(&school).await;
    posts(&school, &reply, "", "رسوماتها", &[("drawing.jpg", "image/jpeg", JPEG); 12]).await;
    assert_eq!(attached(&school).await.iter().filter(|one| one.kind == Some(MediaKind::Jpeg)).count(), 10);
    let view = school.thread("Ms Rivera", "Layla").await;
    let warnings: Vec<&String> =
        view.bubbles.iter().flat_map(|bubble| &bubble.warnings).filter(|warning| warning.contains("files")).collect();
    assert_eq!(warnings, ["2 more files came with this email: they are kept with it, and not shown."]);
    school.ends().await;
}
