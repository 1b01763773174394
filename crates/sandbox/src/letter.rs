//! Letters as a mailbox keeps them: read with a parser of its own, written as a family's mail program writes them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mail_parser::{DateTime, HeaderValue, MessageParser};
use serde::Serialize;
use std::fmt::Write;

/// A letter in a mailbox, or an answer from it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Letter {
    /// Of the sandbox.
    pub id: String,
    /// The family's address.
    pub mailbox: String,
    /// Who wrote, and whom an answer goes to: name and address.
    pub other_name: String,
    /// See `other_name`.
    pub other: String,
    /// From the family.
    pub answered: bool,
    /// Decoded.
    pub subject: String,
    /// Its text part, or what was written.
    pub body: String,
    /// Content-Language of the letter.
    pub language: String,
    /// Without angle brackets.
    pub message_id: String,
    /// Envelope sender.
    pub envelope_from: String,
    /// Microseconds UTC.
    pub at: i64,
    /// `kept`, `bounced`, …; for an answer what the school's server said, `250` at best.
    pub state: String,
    /// The link behind a mail program's "Unsubscribe" (RFC 8058); empty where there is none.
    pub stop_link: String,
    /// Whom an answer was meant for: noted off the wire.
    pub meant_for: String,
}

/// A letter as it came by SMTP.
pub(crate) fn read(raw: &[u8]) -> Letter {
    let Some(message) = MessageParser::default().parse(raw) else {
        return Letter { body: String::from_utf8_lossy(raw).into_owned(), ..Letter::default() };
    };
    let writer = message.reply_to().or_else(|| message.from()).and_then(|who| who.first());
    let one_click = message.header_raw("List-Unsubscribe-Post").is_some_and(|post| post.trim() == "List-Unsubscribe=One-Click");
    let ways = message.header_raw("List-Unsubscribe").filter(|_| one_click).unwrap_or_default();
    let stop_link = ways.split(['<', '>']).find(|way| way.starts_with("http")).unwrap_or_default().to_owned();
    let language = match message.header("Content-Language") {
        Some(HeaderValue::Text(text)) => text.to_string(),
        Some(HeaderValue::TextList(all)) => all.first().map(ToString::to_string).unwrap_or_default(),
        _ => String::new(),
    };
    Letter {
        other_name: writer.and_then(|writer| writer.name()).unwrap_or_default().to_owned(),
        other: writer.and_then(|writer| writer.address()).unwrap_or_default().to_owned(),
        subject: message.subject().unwrap_or_default().to_owned(),
        body: message.body_text(0).unwrap_or_default().into_owned(),
        language: language.trim().to_owned(),
        stop_link,
        message_id: message.message_id().unwrap_or_default().to_owned(),
        ..Letter::default()
    }
}

/// An answer on its way: the words over the letter it answers, quoted.
pub(crate) fn write(answer: &Letter, name: &str, to: Option<&Letter>, automatic: bool) -> Vec<u8> {
    let date = DateTime::from_timestamp(answer.at / 1_000_000);
    let mut head = format!(
        "From: {} <{}>\r\nTo: <{}>\r\nSubject: {}\r\nDate: {}\r\nMessage-ID: <{}>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n",
        words(name),
        answer.mailbox,
        answer.other,
        words(&answer.subject),
        date.to_rfc822(),
        answer.message_id,
    );
    let mut body = answer.body.clone();
    if let Some(letter) = to {
        let _ = write!(head, "In-Reply-To: <{0}>\r\nReferences: <{0}>\r\n", letter.message_id);
        let _ = write!(body, "\n\n{} {} <{}>:\n", date.to_rfc3339(), letter.other_name, letter.other);
        for line in letter.body.lines() {
            let _ = writeln!(body, "> {line}");
        }
    }
    if automatic {
        head += "Auto-Submitted: auto-replied\r\nX-Autoreply: yes\r\n";
    }
    [head.as_bytes(), b"\r\n", &folded(&body.replace('\n', "\r\n"))].concat()
}

/// A delivery report (RFC 3464): this mailbox does not exist.
pub(crate) fn report(letter: &Letter, now: i64) -> Vec<u8> {
    format!(
        "From: Mail Delivery System <MAILER-DAEMON@families.example>\r\nTo: <{}>\r\nSubject: Undelivered Mail Returned to Sender\r\nDate: {}\r\nMessage-ID: <bounce.{}@families.example>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"report\"\r\n\r\n--report\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nI'm sorry to have to inform you that your message could not be delivered.\r\n\r\n--report\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; families.example\r\n\r\nFinal-Recipient: rfc822; {}\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\r\n\r\n--report--\r\n",
        letter.envelope_from,
        DateTime::from_timestamp(now / 1_000_000).to_rfc822(),
        letter.id,
        letter.mailbox,
    )
    .into_bytes()
}

/// Header text as encoded words (RFC 2047), in pieces that end between characters.
fn words(text: &str) -> String {
    let mut pieces = vec![String::new()];
    for mark in text.chars().filter(|mark| !mark.is_control()) {
        if pieces.last().is_some_and(|piece| piece.len() + mark.len_utf8() > 42) {
            pieces.push(String::new());
        }
        if let Some(piece) = pieces.last_mut() {
            piece.push(mark);
        }
    }
    pieces.iter().map(|piece| format!("=?utf-8?B?{}?=", STANDARD.encode(piece))).collect::<Vec<_>>().join("\r\n ")
}

fn folded(body: &str) -> Vec<u8> {
    STANDARD.encode(body).as_bytes().chunks(76).flat_map(|line| [line, b"\r\n"].concat()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_reads_back_with_its_words_over_the_quote() {
        let first = Letter {
            other_name: "Ms Rivera".into(),
            other: "reply+x@mail.test".into(),
            body: "مرحبا".into(),
            message_id: "1@x".into(),
            ..Letter::default()
        };
        let answer = Letter {
            mailbox: "layla@families.example".into(),
            other: first.other.clone(),
            subject: "Re: رسالة طويلة جدا من المدرسة إلى العائلة".into(),
            body: "سنحضر".into(),
            message_id: "2@x".into(),
            at: 1_790_000_000_000_000,
            ..Letter::default()
        };
        let raw = write(&answer, "Layla", Some(&first), true);
        let message = MessageParser::default().parse(&raw).expect("a letter");
        assert_eq!(message.subject(), Some("Re: رسالة طويلة جدا من المدرسة إلى العائلة"));
        assert_eq!(message.in_reply_to().as_text(), Some("1@x"));
        let text = message.body_text(0).expect("text");
        assert!(text.starts_with("سنحضر\r\n") && text.contains("> مرحبا"), "{text}");
    }
}
