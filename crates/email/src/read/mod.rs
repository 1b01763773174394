//! Reading: total. What kind of letter it is, who wrote it, and what they wrote. Never empty if there was text.

mod authenticated;
mod bounds;
mod flowed;
mod page;
mod report;
pub(crate) mod wrote;

use crate::post::MailWords;
use domain::letter::*;
use domain::mask::{Address, Body};
use mail_parser::{Message, MessageParser, MimeHeaders, PartType};
use unicode_normalization::UnicodeNormalization;
use wrote::{Known, Wrote};

/// Text kept of one letter, in bytes.
const MOST_TEXT: usize = 150_000;
/// The longest address, as RFC 5321 section 4.5.3.1 has its two halves.
const MOST_ADDRESS: usize = 320;
/// The longest Message-ID: it is part of a key of the store, and PostgreSQL indexes no word of any length.
const MOST_ID: usize = 500;
/// The longest line of a letter, RFC 5322 section 2.1.1.
const MOST_LINE: usize = 998;
/// The longest name of an attachment.
const MOST_NAME: usize = 200;
/// Addresses a letter is to that are known from its lines: each line is compared with them.
const MOST_TO: usize = 50;
/// Attachments of a letter that are listed.
const MOST_ATTACHED: usize = 50;
/// Message-IDs a letter answers that are looked at.
const MOST_ANSWERED: usize = 20;
/// Parts and headers a letter may have before it is only kept, not understood.
const MOST_PARTS: usize = 1_000;

const TOO_MUCH: &str = "The email has more parts or lines in its head than are read.";
const DAMAGED: &str = "The email is damaged: this is all of its text.";

/// Reads a letter. `ours` is the one it answers, if known; `judge` the mail server whose word on who wrote it counts.
pub(crate) fn read_letter(raw: &[u8], ours: Option<Ours<'_>>, words: &MailWords, judge: &str) -> IncomingLetter {
    let bounds::Bounded { raw, cut } = bounds::bounded(raw);
    // The parser had panics on corrupted letters before; a letter must never end the worker.
    let read =
        std::panic::catch_unwind(|| MessageParser::default().parse(&raw[..]).map(|message| understood(&message, ours, words, judge)));
    let mut read = read.ok().flatten().unwrap_or_else(|| bare(&raw));
    if cut {
        read.warnings.push(TOO_MUCH.into());
    }
    read
}

fn bare(raw: &[u8]) -> IncomingLetter {
    let text = String::from_utf8_lossy(&raw[..raw.len().min(MOST_TEXT)]).replace('\0', "");
    IncomingLetter {
        kind: LetterKind::Other,
        from: Address::new(""),
        authentication: Authentication::Unknown,
        subject: String::new(),
        message_id: None,
        text: Body::new(text),
        elided: Body::new(""),
        confidence: 0.0,
        bounce: None,
        answers: vec![],
        about: vec![],
        attachments: vec![],
        beside: 0,
        warnings: vec![DAMAGED.into()],
    }
}

fn understood(message: &Message<'_>, ours: Option<Ours<'_>>, words: &MailWords, judge: &str) -> IncomingLetter {
    let mut warnings = Vec::new();
    if message.parts.len() > MOST_PARTS {
        warnings.push("The email has too many parts: only its first text was read.".to_owned());
    }
    let mut found = text(message, ours, words, &mut warnings);
    if found.text.is_empty() && found.elided.is_empty() {
        found.text = headless(&message.raw_message);
        if !found.text.is_empty() {
            warnings.push(DAMAGED.into());
        }
    }
    let from = sender(message);
    let subject = start(message.subject().unwrap_or_default(), MOST_LINE);
    let attachments: Vec<(String, usize)> =
        files(message).map(|part| (start(part.attachment_name().unwrap_or("attachment"), MOST_NAME), part.contents().len())).collect();
    let (kind, bounce) = report::kind(message, &subject, &found, words);
    IncomingLetter {
        kind,
        authentication: authenticated::authentication(message, &from, judge),
        from: Address::new(from),
        subject,
        message_id: message.message_id().and_then(|id| line(id, MOST_ID)),
        text: Body::new(found.text),
        elided: Body::new(found.elided),
        confidence: found.confidence,
        bounce,
        answers: answered(message),
        about: if kind == LetterKind::Reply { vec![] } else { report::about(message) },
        attachments,
        beside: files(message).filter(|part| !within(part)).count(),
        warnings,
    }
}

/// Words where a letter's head should be: its lines that are no fields, nor go on from one.
fn headless(raw: &[u8]) -> String {
    let head = String::from_utf8_lossy(&raw[..raw.len().min(MOST_TEXT)]).replace('\0', "");
    let named =
        |line: &str| line.split_once(':').is_some_and(|(name, _)| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic()));
    let head = head.lines().take_while(|line| !line.is_empty());
    // "From x@y Mon …" is a mailbox file's, not a family's.
    let mailbox = |line: &str| line.trim_start_matches('>').starts_with("From ");
    head.filter(|line| !named(line) && !mailbox(line) && !line.starts_with([' ', '\t'])).collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// The bytes of one attachment, unpacked.
pub(crate) fn attachment(raw: &[u8], number: usize) -> Option<Vec<u8>> {
    let read = std::panic::catch_unwind(|| {
        let bounded = bounds::bounded(raw).raw;
        let message = MessageParser::default().parse(&bounded[..])?;
        files(&message).nth(number).map(|part| part.contents().to_vec())
    });
    read.ok().flatten()
}

/// Its attachments, but for what a mail program adds by itself: signatures, cards, appointments.
fn files<'a>(message: &'a Message<'a>) -> impl Iterator<Item = &'a mail_parser::MessagePart<'a>> {
    let by_itself = |part: &&mail_parser::MessagePart<'_>| {
        part.content_type().is_some_and(|kind| {
            let subtype = kind.subtype().unwrap_or_default().to_lowercase();
            ["pkcs7-signature", "x-pkcs7-signature", "pgp-signature", "pgp-keys", "vcard", "x-vcard", "calendar", "ics"]
                .contains(&subtype.as_str())
        })
    };
    message.attachments().filter(move |part| !by_itself(part)).take(MOST_ATTACHED)
}

/// A picture larger than this is no logo, wherever it stands: somebody put it there.
const LOGO: usize = 100_000;

/// Whether a file is one that a page shows where it names it, and small.
fn within(part: &mail_parser::MessagePart<'_>) -> bool {
    part.content_id().is_some()
        && part.contents().len() <= LOGO
        && !part.content_disposition().is_some_and(|said| said.ctype().eq_ignore_ascii_case("attachment"))
}

/// Whether its head is one that nobody means, which others should not take apart either.
pub(crate) fn head_is_too_long(raw: &[u8]) -> bool {
    let mut lines = raw.split_inclusive(|byte| *byte == b'\n');
    let octets: usize = lines.by_ref().take_while(|line| !bounds::is_end(line)).map(<[u8]>::len).sum();
    bounds::bounded(&raw[..octets]).cut
}

/// Every address a letter says it came to, the mail servers' own notes first.
pub(crate) fn recipients(raw: &[u8]) -> Vec<String> {
    let read = std::panic::catch_unwind(|| {
        let bounded = bounds::bounded(raw).raw;
        let message = MessageParser::default().parse_headers(&bounded[..])?;
        let notes = ["Delivered-To", "X-Original-To", "Envelope-To"].into_iter().flat_map(|name| headers(&message, name));
        let mut found: Vec<String> = notes.map(noted).filter(|note| note.contains('@')).take(MOST_TO).collect();
        found.extend(addressed(&message));
        Some(found)
    });
    read.ok().flatten().unwrap_or_default()
}

/// Where the last server that had it noted that it goes back to; empty: nowhere, or nobody noted it.
#[cfg(feature = "imap")]
pub(crate) fn went_back_to(raw: &[u8]) -> String {
    let read = std::panic::catch_unwind(|| {
        let bounded = bounds::bounded(raw).raw;
        let message = MessageParser::default().parse_headers(&bounded[..])?;
        let path = headers(&message, "Return-Path").next().map(noted)?;
        Some(start(&path, MOST_ID))
    });
    read.ok().flatten().unwrap_or_default()
}

/// An address as servers note it, in angle brackets or not.
fn noted(note: &[u8]) -> String {
    String::from_utf8_lossy(note).trim().trim_matches(['<', '>']).to_owned()
}

/// Those it is addressed to, in lower case.
fn addressed(message: &Message<'_>) -> Vec<String> {
    let to = message.to().into_iter().flat_map(|to| to.iter()).chain(message.cc().into_iter().flat_map(|cc| cc.iter()));
    to.filter_map(|to| to.address()).filter(|to| to.contains('@')).take(MOST_TO).map(str::to_lowercase).collect()
}

/// The bytes of every header of a name, the topmost first: whoever took the letter over last wrote it.
fn headers<'a>(message: &'a Message<'_>, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
    let named = message.headers().iter().filter(move |header| header.name.as_str().eq_ignore_ascii_case(name));
    named.filter_map(|header| message.raw_message.get(header.offset_start as usize..header.offset_end as usize))
}

/// The Message-IDs it answers: In-Reply-To, then those of the thread, the newest first.
fn answered(message: &Message<'_>) -> Vec<String> {
    let list = |value: &mail_parser::HeaderValue<'_>| -> Vec<String> {
        let ids = value.as_text_list().into_iter().flatten().map(ToString::to_string);
        ids.chain(value.as_text().filter(|_| value.as_text_list().is_none()).map(str::to_owned)).collect()
    };
    let thread = list(message.references());
    list(message.in_reply_to())
        .into_iter()
        .chain(thread.into_iter().rev())
        .take(MOST_ANSWERED)
        .filter_map(|id| line(&id, MOST_ID))
        .collect()
}

/// The writer's address, in lower case.
fn sender(message: &Message<'_>) -> String {
    let from = message.from().and_then(|from| from.first()).and_then(|from| from.address()).unwrap_or_default();
    line(from, MOST_ADDRESS).unwrap_or_default().to_lowercase()
}

/// What the person wrote: from the plain text where there is one, with the help of the page beside it.
fn text(message: &Message<'_>, ours: Option<Ours<'_>>, words: &MailWords, warnings: &mut Vec<String>) -> Wrote {
    let part = |bodies: &[u32], page: bool| {
        let mut parts = bodies.iter().filter_map(|id| message.parts.get(*id as usize));
        parts.find_map(|part| match &part.body {
            PartType::Text(text) if !page => Some((part, text)),
            PartType::Html(html) if page => Some((part, html)),
            _ => None,
        })
    };
    let page = part(&message.html_body, true).map(|(_, html)| page::read(html, MOST_TEXT));
    let mut us = addressed(message);
    us.extend(ours.map(|ours| ours.from.to_lowercase()));
    let mut known = Known { ours: ours.map(|ours| ours.text), us, from: sender(message), ..Known::default() };
    // A mark of byte order is put before a quotation by iPhones.
    let clean = |text: &str| text.replace(['\0', '\u{feff}'], "").replace("\r\n", "\n").nfc().collect::<String>();
    let flat = |lines: &[String]| lines.iter().map(|line| wrote::flat(&clean(line))).collect::<String>();
    if let Some((part, text)) = part(&message.text_body, false) {
        let format = |name: &str| part.content_type().and_then(|kind| kind.attribute(name)).map(str::to_lowercase);
        let mut text = cut(text, warnings);
        if format("format").as_deref() == Some("flowed") {
            text = flowed::joined(&text, format("delsp").as_deref() == Some("yes"));
        }
        if let Some(page) = &page {
            known.above = page.quote.map(|quote| flat(&page.lines[..quote]));
            known.signatures = page.signature.iter().map(|at| wrote::flat(&clean(&page.lines[*at]))).collect();
        }
        return wrote::wrote(&clean(&text), &known, words);
    }
    let Some(page) = page else {
        return wrote::wrote("", &known, words);
    };
    warnings.push("The email was HTML only.".to_owned());
    known.quote = page.quote;
    known.signatures = page.signature.iter().map(|at| wrote::flat(&clean(&page.lines[*at]))).collect();
    wrote::wrote(&clean(&cut(&page.lines.join("\n"), warnings)), &known, words)
}

fn cut(text: &str, warnings: &mut Vec<String>) -> String {
    if text.len() <= MOST_TEXT {
        return text.to_owned();
    }
    warnings.push("A very long email: the rest is kept with the original.".to_owned());
    let mut end = MOST_TEXT;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].to_owned()
}

/// A word by which a letter is known or answered: as it is, or none where the database could not keep it in an index.
fn line(words: &str, most: usize) -> Option<String> {
    (words.chars().count() <= most && !words.contains('\0')).then(|| words.to_owned())
}

/// As much of a line as a page shows.
fn start(words: &str, most: usize) -> String {
    words.chars().filter(|mark| *mark != '\0').take(most).collect()
}

#[cfg(test)]
mod tests;
