//! Composing: multipart/alternative, text first. The head says whose letter it is, what it belongs to, and, where it is one of many, how
//! one stops them. Must never know why it is sent.

mod page;

use domain::letter::*;
use lettre::address::Envelope;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart, SinglePart};
use page::{Piece, pieces, written_right_to_left};
use std::fmt::Write;

/// The bytes of a letter. A part of an address that mail cannot carry falls back to a bare mailbox, never to a panic.
pub(crate) fn compose(draft: &LetterDraft) -> ComposedLetter {
    let raw = message(draft).map_or_else(|| plain(draft), |message| message.formatted());
    ComposedLetter { raw, envelope_from: draft.envelope_from.clone() }
}

fn message(draft: &LetterDraft) -> Option<Message> {
    let named = |address: &str| Some(Mailbox::new(Some(line(&draft.from_name)).filter(|name| !name.is_empty()), address.parse().ok()?));
    let from = named(&draft.from)?;
    let to: Mailbox = draft.to.reveal().parse().ok()?;
    // Said here, or else it is read off the headers again.
    let envelope = Envelope::new(Some(from.email.clone()), vec![to.email.clone()]).ok()?;
    let mut builder = Message::builder()
        .envelope(envelope)
        .from(from)
        .reply_to(named(&draft.reply_to)?)
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
    if let Some(List { id, stop_link, stop_address, feedback }) = &draft.list {
        extra.push(("List-Id", format!("<{}>", line(id))));
        extra.push(("List-Unsubscribe", format!("<{}>, <mailto:{}>", line(stop_link), line(stop_address))));
        extra.push(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".into()));
        extra.push(("Feedback-ID", line(&feedback.join(":"))));
    }
    for (name, value) in extra {
        builder = builder.raw_header(HeaderValue::new(HeaderName::new_from_ascii(name.to_owned()).ok()?, value));
    }
    let part =
        |kind: ContentType, body: String| SinglePart::builder().header(kind).header(ContentTransferEncoding::QuotedPrintable).body(body);
    let parts = MultiPart::alternative()
        .singlepart(part(ContentType::TEXT_PLAIN, text(draft)))
        .singlepart(part(ContentType::TEXT_HTML, page::html(draft)));
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
    // As on the page: the answers stand under the words they answer.
    draft.blocks.iter().filter(|block| !block.quiet).for_each(|words| block(&mut all, words, &draft.names));
    for (words, digit) in &draft.answers {
        let _ = write!(all, "{digit} {words}\r\n");
    }
    if !draft.answers.is_empty() {
        all.push_str("\r\n");
    }
    draft.blocks.iter().filter(|block| block.quiet).for_each(|words| block(&mut all, words, &draft.names));
    all
}

fn block(all: &mut String, block: &LetterBlock, names: &[String]) {
    if !block.heading.is_empty() {
        let _ = write!(all, "{}:\r\n", block.heading);
    }
    let mut text = String::with_capacity(block.text.len() + 16);
    for piece in pieces(&block.text, names) {
        match piece {
            Piece::Name(name) if written_right_to_left(name) != block.right_to_left => _ = write!(text, "\u{2068}{name}\u{2069}"),
            Piece::Name(words) | Piece::Words(words) => text.push_str(words),
        }
    }
    let _ = write!(all, "{}\r\n\r\n", text.replace('\n', "\r\n"));
}

/// The least letter there is, where lettre refuses an address: the carrier will refuse it and say why.
fn plain(draft: &LetterDraft) -> Vec<u8> {
    let date = mail_parser::DateTime::from_timestamp(draft.date.seconds()).to_rfc822();
    let head = [
        format!("From: <{}>", line(&draft.from)),
        format!("Reply-To: <{}>", line(&draft.reply_to)),
        format!("To: <{}>", line(draft.to.reveal())),
        format!("Date: {date}"),
        format!("Message-ID: <{}>", line(&draft.message_id)),
        "Subject: Homeword\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit".into(),
    ];
    format!("{}\r\n\r\n{}", head.join("\r\n"), text(draft)).into_bytes()
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
            from: "school@mail.test".into(),
            reply_to: "reply+abc@mail.test".into(),
            to: "amina@families.example".into(),
            subject: "رسالة".into(),
            language: "ar".into(),
            right_to_left: true,
            marker: "اكتبوا جوابكم فوق هذا السطر".into(),
            blocks: vec![block("ar", true, "يتعلم Ann Lee قراءة الساعة <b>"), block("en", false, "Ann Lee and Ann learn to tell time")],
            names: vec!["Ann".into(), "Ann Lee".into(), String::new()],
            answers: vec![("سنحضر".into(), 1)],
            message_id: "1.2.3@mail.test".into(),
            in_reply_to: None,
            references: vec![],
            envelope_from: "bounce+abc@mail.test".into(),
            automatic: true,
            list: Some(List {
                id: "school-7.mail.test".into(),
                stop_link: format!("https://homeword.test/stop/stop-{}", "a".repeat(44)),
                stop_address: format!("stop+{}@mail.test", "a".repeat(44)),
                feedback: ["12".into(), "1".into(), "routine".into(), "homeword".into()],
            }),
            date: Time(1_700_000_000_000_000),
        };
        let letter = compose(&draft);
        let parsed = mail_parser::MessageParser::default().parse(&letter.raw).expect("a letter");
        assert_eq!(parsed.subject(), Some("رسالة"));
        assert!(parsed.bcc().is_none());
        assert_eq!(parsed.message_id(), Some("1.2.3@mail.test"));
        let address = |who: Option<&mail_parser::Address<'_>>| who.and_then(|who| who.first()?.address().map(str::to_owned));
        assert_eq!(address(parsed.from()).as_deref(), Some("school@mail.test"), "a mailbox gets to know it");
        assert_eq!(address(parsed.reply_to()).as_deref(), Some("reply+abc@mail.test"));
        let header = |name: &str| parsed.header_raw(name).map(|value| value.replace("\r\n", "").trim().to_owned()).expect("a header");
        let code = "a".repeat(44);
        assert_eq!(header("List-Unsubscribe"), format!("<https://homeword.test/stop/stop-{code}>, <mailto:stop+{code}@mail.test>"));
        assert_eq!(header("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
        assert_eq!(header("Feedback-ID"), "12:1:routine:homeword");
        let html = parsed.body_html(0).expect("html");
        assert!(html.contains("lang=\"ar\" dir=\"rtl\"") && html.contains("lang=\"en\" dir=\"ltr\"") && html.contains("&lt;b&gt;"));
        assert!(html.contains("يتعلم <bdi>Ann Lee</bdi> ق") && html.contains("<bdi>Ann Lee</bdi> and <bdi>Ann</bdi> learn"), "{html}");
        assert!(!html.contains("<p style") && html.contains("<p lang=\"ar\" dir=\"rtl\" style"), "no block without its language");
        let text = parsed.body_text(0).expect("text");
        assert!(
            text.contains("1 سنحضر") && text.contains("يتعلم \u{2068}Ann Lee\u{2069} ق") && text.contains("Ann Lee and Ann learn"),
            "{text}"
        );
    }
    fn marked(text: &str, names: &[&str]) -> String {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let piece = |piece| match piece {
            Piece::Name(name) => format!("[{name}]"),
            Piece::Words(words) => words.to_owned(),
        };
        pieces(text, &names).into_iter().map(piece).collect()
    }

    #[test]
    fn a_name_is_one_where_it_stands_by_itself() {
        assert_eq!(marked("التعليم مع علي وعلي", &["علي"]), "التعليم مع [علي] وعلي");
        assert_eq!(marked("ستأتي وAnn معها", &["Ann"]), "ستأتي و[Ann] معها", "a word of its own before a name of another script");
        assert_eq!(marked("Also Al, and Al's", &["Al"]), "Also [Al], and [Al]'s");
        assert_eq!(marked("https://forms.example/Al and Al@x.example, Al", &["Al"]), "https://forms.example/Al and Al@x.example, [Al]");
        assert_eq!(marked("Ann Lee, AnnAnn, Ann", &["Ann", "Ann Lee", ""]), "[Ann Lee], AnnAnn, [Ann]");
        assert_eq!(marked("", &["x"]), "");
    }

    #[test]
    fn a_name_is_no_part_of_an_escape() {
        let block = |text: &str| LetterBlock {
            language: "en".into(),
            right_to_left: false,
            heading: String::new(),
            text: text.into(),
            quiet: false,
        };
        let draft = LetterDraft {
            from_name: "x".into(),
            from: "x@mail.test".into(),
            reply_to: "x@mail.test".into(),
            to: "y@families.example".into(),
            subject: "x".into(),
            language: "en".into(),
            right_to_left: false,
            marker: String::new(),
            blocks: vec![block("Tom & Jerry with amp, Smith & Co")],
            answers: vec![],
            names: vec!["amp".into(), "Smith & Co".into()],
            message_id: "1@mail.test".into(),
            in_reply_to: None,
            references: vec![],
            envelope_from: "b@mail.test".into(),
            automatic: false,
            list: None,
            date: Time(0),
        };
        let page = page::html(&draft);
        assert!(page.contains("Tom &amp; Jerry with <bdi>amp</bdi>, <bdi>Smith &amp; Co</bdi>"), "{page}");
        let least = String::from_utf8(plain(&draft)).expect("text");
        assert!(least.contains("From: <x@mail.test>\r\nReply-To: ") && least.contains("\r\nMessage-ID: <1@mail.test>\r\n"), "{least}");
    }
}
