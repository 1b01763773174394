//! Composing: multipart/alternative, text first; `lang` and `dir` on every block; nothing remote.

use domain::letter::*;
use lettre::address::Envelope;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart, SinglePart};
use std::fmt::Write;

/// The bytes of a letter. A part of an address that mail cannot carry falls back to a bare mailbox, never to a panic.
pub(crate) fn compose(draft: &LetterDraft) -> ComposedLetter {
    let raw = message(draft).map_or_else(|| plain(draft), |message| message.formatted());
    ComposedLetter { raw, envelope_from: draft.envelope_from.clone() }
}

fn message(draft: &LetterDraft) -> Option<Message> {
    let from = Mailbox::new(Some(line(&draft.from_name)).filter(|name| !name.is_empty()), draft.from.parse().ok()?);
    let to: Mailbox = draft.to.reveal().parse().ok()?;
    // Said here, or else it is read off the headers again.
    let envelope = Envelope::new(Some(from.email.clone()), vec![to.email.clone()]).ok()?;
    let mut builder = Message::builder()
        .envelope(envelope)
        .from(from.clone())
        .reply_to(from)
        .to(to)
        .subject(line(&draft.subject))
        .date(std::time::UNIX_EPOCH + std::time::Duration::from_micros(u64::try_from(draft.date.0).unwrap_or(0)))
        .message_id(Some(format!("<{}>", line(&draft.message_id))));
    if let Some(id) = &draft.in_reply_to {
        builder = builder.in_reply_to(format!("<{}>", line(id)));
    }
    if !draft.references.is_empty() {
        let all: Vec<String> = draft.references.iter().map(|id| format!("<{}>", line(id))).collect();
        builder = builder.references(all.join(" "));
    }
    let mut extra = vec![("Content-Language", line(&draft.language))];
    if draft.automatic {
        extra.push(("Auto-Submitted", "auto-generated".into()));
        extra.push(("X-Auto-Response-Suppress", "All".into()));
    }
    if let Some(list) = &draft.list_id {
        extra.push(("List-Id", format!("<{}>", line(list))));
    }
    for (name, value) in extra {
        builder = builder.raw_header(HeaderValue::new(HeaderName::new_from_ascii(name.to_owned()).ok()?, value));
    }
    let part =
        |kind: ContentType, body: String| SinglePart::builder().header(kind).header(ContentTransferEncoding::QuotedPrintable).body(body);
    let parts = MultiPart::alternative()
        .singlepart(part(ContentType::TEXT_PLAIN, text(draft)))
        .singlepart(part(ContentType::TEXT_HTML, html(draft)));
    builder.multipart(parts).ok()
}

/// Header text on one line.
fn line(text: &str) -> String {
    text.chars().map(|mark| if mark.is_control() { ' ' } else { mark }).collect::<String>().trim().to_owned()
}

fn text(draft: &LetterDraft) -> String {
    let mut all = String::with_capacity(2048);
    if !draft.marker.is_empty() {
        let _ = write!(all, "--- {} ---\r\n\r\n", draft.marker);
    }
    for block in &draft.blocks {
        if !block.heading.is_empty() {
            let _ = write!(all, "{}:\r\n", block.heading);
        }
        let _ = write!(all, "{}\r\n\r\n", block.text.replace('\n', "\r\n"));
    }
    for (words, digit) in &draft.answers {
        let _ = write!(all, "{digit} {words}\r\n");
    }
    all
}

fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + text.len() / 8);
    for mark in text.chars() {
        match mark {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            mark => safe.push(mark),
        }
    }
    safe
}

fn direction(right_to_left: bool) -> &'static str {
    if right_to_left { "rtl" } else { "ltr" }
}

fn html(draft: &LetterDraft) -> String {
    let mut all = String::with_capacity(4096);
    let _ = write!(
        all,
        "<!doctype html><html lang=\"{}\" dir=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title></head><body style=\"font-family:sans-serif;font-size:18px;line-height:1.5;color:#1b1b1f;max-width:36em\">",
        escape(&draft.language),
        direction(draft.right_to_left),
        escape(&draft.subject)
    );
    if !draft.marker.is_empty() {
        let _ = write!(all, "<p style=\"color:#4a4a52;font-size:14px\">--- {} ---</p>", escape(&draft.marker));
    }
    for block in &draft.blocks {
        let style = if block.quiet { " style=\"color:#4a4a52;font-size:15px;border-top:1px solid #8d8d96;padding-top:12px\"" } else { "" };
        let _ = write!(all, "<div lang=\"{}\" dir=\"{}\"{style}>", escape(&block.language), direction(block.right_to_left));
        if !block.heading.is_empty() {
            let _ = write!(all, "<h2 style=\"font-size:15px\">{}</h2>", escape(&block.heading));
        }
        for paragraph in block.text.split('\n').filter(|paragraph| !paragraph.trim().is_empty()) {
            let _ = write!(all, "<p>{}</p>", escape(paragraph));
        }
        all.push_str("</div>");
    }
    for (words, digit) in &draft.answers {
        let _ = write!(
            all,
            "<p><a href=\"mailto:{}?subject=Re%3A&amp;body={digit}\" style=\"display:inline-block;padding:12px 16px;border:2px solid #0b4f6c;border-radius:6px;color:#0b4f6c\">{digit} {}</a></p>",
            escape(&draft.from),
            escape(words)
        );
    }
    all.push_str("</body></html>");
    all
}

/// The least letter there is, where lettre refuses an address: the carrier will refuse it and say why.
fn plain(draft: &LetterDraft) -> Vec<u8> {
    format!("From: <{}>\r\nTo: <{}>\r\nSubject: Homeword\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{}", line(&draft.from), line(draft.to.reveal()), text(draft)).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Time;

    #[test]
    fn a_letter_carries_both_directions_and_no_header_can_be_smuggled() {
        let block = |language: &str, right_to_left, text: &str| LetterBlock {
            language: language.into(),
            right_to_left,
            heading: String::new(),
            text: text.into(),
            quiet: false,
        };
        let draft = LetterDraft {
            from_name: "Ms Rivera\r\nBcc: x@y.test".into(),
            from: "reply+abc@mail.test".into(),
            to: "amina@families.example".into(),
            subject: "رسالة".into(),
            language: "ar".into(),
            right_to_left: true,
            marker: "اكتبوا جوابكم فوق هذا السطر".into(),
            blocks: vec![block("ar", true, "نتعلم قراءة الساعة <b>"), block("en", false, "We learn to tell time")],
            answers: vec![("سنحضر".into(), 1)],
            message_id: "1.2.3@mail.test".into(),
            in_reply_to: None,
            references: vec![],
            envelope_from: "bounce+abc@mail.test".into(),
            automatic: true,
            list_id: None,
            date: Time(1_700_000_000_000_000),
        };
        let letter = compose(&draft);
        let parsed = mail_parser::MessageParser::default().parse(&letter.raw).expect("a letter");
        assert_eq!(parsed.subject(), Some("رسالة"));
        assert!(parsed.bcc().is_none());
        assert_eq!(parsed.message_id(), Some("1.2.3@mail.test"));
        let html = parsed.body_html(0).expect("html");
        assert!(html.contains("lang=\"ar\" dir=\"rtl\"") && html.contains("lang=\"en\" dir=\"ltr\"") && html.contains("&lt;b&gt;"));
        assert!(parsed.body_text(0).expect("text").contains("1 سنحضر"));
    }
}
