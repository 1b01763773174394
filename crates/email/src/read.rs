//! Reading: total. What the family wrote is told from what we sent: by our marker and our own lines first, then by an
//! attribution line in any script, then by tables per language. Never empty if there was text.

use crate::post::MailWords;
use domain::letter::*;
use domain::mask::{Address, Body};
use mail_parser::{HeaderValue, Message, MessageParser, MimeHeaders, PartType};
use regex::Regex;
use std::sync::OnceLock;
use unicode_normalization::UnicodeNormalization;

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
/// Parts and headers a letter may have before it is only kept, not understood.
const MOST_PARTS: usize = 1_000;

/// Reads a letter. `ours` is the text we sent, if known.
pub(crate) fn read_letter(raw: &[u8], ours: Option<&str>, words: &MailWords) -> IncomingLetter {
    // The parser had panics on corrupted letters before; a letter must never end the worker.
    let read = std::panic::catch_unwind(|| MessageParser::default().parse(raw).map(|message| understood(&message, ours, words)));
    read.ok().flatten().unwrap_or_else(|| bare(raw))
}

fn bare(raw: &[u8]) -> IncomingLetter {
    let text = String::from_utf8_lossy(&raw[..raw.len().min(MOST_TEXT)]).replace('\0', "");
    IncomingLetter {
        kind: LetterKind::Other,
        from: Address::new(""),
        subject: String::new(),
        message_id: None,
        text: Body::new(text),
        elided: Body::new(""),
        confidence: 0.0,
        bounce: None,
        attachments: vec![],
        warnings: vec!["The email is damaged: this is all of its text.".into()],
    }
}

fn understood(message: &Message<'_>, ours: Option<&str>, words: &MailWords) -> IncomingLetter {
    let mut warnings = Vec::new();
    if message.parts.len() > MOST_PARTS {
        warnings.push("The email has too many parts: only its first text was read.".to_owned());
    }
    let plain = message.text_bodies().next().is_some_and(|part| matches!(part.body, PartType::Text(_)));
    let text: String = message.body_text(0).map(|text| text.into_owned()).unwrap_or_default();
    let text: String = cut(&text, &mut warnings).replace('\0', "").replace("\r\n", "\n").nfc().collect();
    let (wrote, elided, confidence) = trim(&text, ours, words);
    let bounce = bounce(message);
    let from = message.from().and_then(|from| from.first()).and_then(|from| from.address()).unwrap_or_default();
    let from = line(from, MOST_ADDRESS).unwrap_or_default();
    let subject = start(message.subject().unwrap_or_default(), MOST_LINE);
    let attachments: Vec<(String, usize)> = message
        .attachments()
        .take(50)
        .map(|part| (start(part.attachment_name().unwrap_or("attachment"), MOST_NAME), part.contents().len()))
        .collect();
    if !plain && message.html_body_count() > 0 {
        warnings.push("The email was HTML only.".to_owned());
    }
    IncomingLetter {
        kind: kind(message, &subject, bounce.is_some(), words),
        from: Address::new(from.to_lowercase()),
        subject,
        message_id: message.message_id().and_then(|id| line(id, MOST_ID)),
        text: Body::new(wrote),
        elided: Body::new(elided),
        confidence,
        bounce,
        attachments,
        warnings,
    }
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

fn header<'a>(message: &'a Message<'_>, name: &'a str) -> Option<&'a str> {
    match message.header(name) {
        Some(HeaderValue::Text(text)) => Some(text),
        _ => message.header_raw(name).map(str::trim),
    }
}

fn kind(message: &Message<'_>, subject: &str, bounced: bool, words: &MailWords) -> LetterKind {
    if bounced {
        return LetterKind::Bounce;
    }
    let report = message.content_type().and_then(|kind| kind.attribute("report-type")).map(str::to_lowercase);
    if report.as_deref() == Some("feedback-report") {
        return LetterKind::Complaint;
    }
    let is = |name: &str, test: fn(&str) -> bool| header(message, name).is_some_and(|value| test(&value.trim().to_lowercase()));
    let lower = subject.to_lowercase();
    let automatic = is("Auto-Submitted", |value| value != "no")
        || is("Precedence", |value| matches!(value, "bulk" | "junk" | "auto_reply" | "list"))
        || header(message, "X-Autoreply").is_some()
        || header(message, "X-Autorespond").is_some()
        || is("Return-Path", |value| value == "<>")
        || words.automatic.iter().any(|start| lower.starts_with(&start.to_lowercase()));
    if automatic {
        LetterKind::AutoReply
    } else if message.in_reply_to().as_text().is_some() {
        LetterKind::Reply
    } else {
        LetterKind::Other
    }
}

fn bounce(message: &Message<'_>) -> Option<Bounce> {
    let part = message
        .parts
        .iter()
        .find(|part| part.content_type().is_some_and(|kind| kind.ctype() == "message" && kind.subtype() == Some("delivery-status")))?;
    let text = String::from_utf8_lossy(part.contents()).into_owned();
    let field = |name: &str| {
        text.lines().find_map(|line| {
            line.split_once(':').filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().to_owned())
        })
    };
    let status = field("Status").unwrap_or_default();
    let recipient = field("Final-Recipient").or_else(|| field("Original-Recipient")).unwrap_or_default();
    let recipient = recipient.rsplit(';').next().unwrap_or_default().trim().to_lowercase();
    let (recipient, status) = (line(&recipient, MOST_ADDRESS).unwrap_or_default(), start(&status, 40));
    let class = if status.starts_with('4') {
        BounceClass::Soft
    } else if status.starts_with("5.7") {
        BounceClass::Policy
    } else {
        BounceClass::Hard
    };
    Some(Bounce { recipient: Address::new(recipient), class, status })
}

/// A line with an address or a clock time and a date's digits, ending in a colon: "On 3/9/26 at 5:01 PM Ms R <a@b> wrote:".
fn attribution() -> &'static Regex {
    static ATTRIBUTION: OnceLock<Regex> = OnceLock::new();
    ATTRIBUTION.get_or_init(|| {
        Regex::new(r"(?:\d{1,4}\D{1,12}\d{1,4}.*(?:\d{1,2}[:.]\d{2}|@).*|<[^<>\s]+@[^<>\s]+>.*)[:：]\s*$")
            .expect("a constant pattern, covered by tests")
    })
}

/// What the person wrote, what was trimmed, and how sure that is.
fn trim(text: &str, ours: Option<&str>, words: &MailWords) -> (String, String, f32) {
    let lines: Vec<&str> = text.lines().collect();
    let own: Vec<String> = ours.map(|ours| ours.lines().map(flat).filter(|line| line.chars().count() > 12).collect()).unwrap_or_default();
    let is_quote = |line: &str| line.trim_start().starts_with('>');
    let is_ours = |line: &str| {
        words.markers.iter().any(|marker| flat(line).contains(&flat(marker))) || own.contains(&flat(line.trim_start_matches(['>', ' '])))
    };
    // An empty line is nobody's: a letter may have a hundred thousand.
    let empty = |index: usize| lines[index].trim().is_empty();
    let is_head = |index: usize| {
        let joined = lines[index..lines.len().min(index + 2)].join(" ");
        let word = words.attribution.iter().any(|word| lines[index].to_lowercase().contains(&word.to_lowercase()));
        let shape = attribution().is_match(lines[index]) || (lines[index].chars().count() > 10 && attribution().is_match(&joined));
        // Looked for only where it decides.
        let next = || lines[index + 1..].iter().find(|line| !line.trim().is_empty());
        shape && (word || next().is_none_or(|line| is_quote(line) || is_ours(line)))
    };
    let field = |line: &str| {
        let line = line.trim().trim_start_matches('*').to_lowercase();
        words.separators.iter().any(|name| name.ends_with([':', '：']) && line.starts_with(&name.to_lowercase()))
    };
    let outlook = |index: usize| {
        let line = lines[index].trim();
        let bare = line.trim_matches(|mark: char| mark == '-' || mark == '_' || mark.is_whitespace());
        let named = words.separators.iter().any(|word| !word.ends_with([':', '：']) && flat(word) == flat(bare) && !flat(bare).is_empty());
        // One field name may be a family's own words ("From: my brother"); two together are a letter's head.
        let head = field(line) && lines[index + 1..].iter().take(3).any(|line| field(line));
        line.starts_with("-----") && line.ends_with("-----") && line.len() > 10 || line.starts_with("________") || named || head
    };
    let first = (0..lines.len()).find(|index| !empty(*index) && (is_ours(lines[*index]) || is_head(*index) || outlook(*index)));
    let (end, mut confidence) = match first {
        Some(index) if is_ours(lines[index]) => (head_above(&lines, index), 0.95),
        Some(index) => (index, 0.8),
        None => (lines.len(), 0.6),
    };
    // Answers between quoted lines: everything the person wrote is kept, quotes and all.
    let after = &lines[end..];
    let inline = end == 0
        || after.iter().skip(1).any(|line| !line.trim().is_empty() && !is_quote(line))
            && after.iter().any(|line| is_quote(line))
            && after
                .iter()
                .rev()
                .find(|line| !line.trim().is_empty())
                .is_some_and(|line| !is_quote(line) && !is_ours(line) && flat(line).chars().count() > 1)
            && lines[..end].iter().all(|line| line.trim().is_empty());
    let (mut wrote, elided): (Vec<&str>, Vec<&str>) = if inline {
        confidence = 0.5;
        let head = usize::from(!lines.is_empty() && is_head(0));
        lines.iter().skip(head).copied().partition(|line| !is_quote(line) && !is_ours(line))
    } else {
        let kept = lines[..end].iter().copied().filter(|line| !is_quote(line));
        (kept.collect(), lines[end..].to_vec())
    };
    drop_signature(&mut wrote, words);
    let result = wrote.join("\n").trim().to_owned();
    if result.is_empty() && !text.trim().is_empty() {
        return (text.trim().to_owned(), String::new(), 0.2);
    }
    (result, elided.join("\n"), confidence)
}

/// Our own line is often under the client's attribution line: that goes too.
fn head_above(lines: &[&str], index: usize) -> usize {
    let above = (index.saturating_sub(4)..index).find(|at| {
        attribution().is_match(lines[*at]) || attribution().is_match(&lines[*at..index].join(" ")) && lines[*at].chars().count() > 10
    });
    above.unwrap_or(index)
}

fn drop_signature(lines: &mut Vec<&str>, words: &MailWords) {
    if let Some(at) = lines.iter().position(|line| *line == "-- " || *line == "--") {
        lines.truncate(at);
    }
    while lines.last().is_some_and(|line| line.trim().is_empty()) {
        lines.pop();
    }
    let is_phone = |line: &str| words.sent_from.iter().any(|start| line.trim().to_lowercase().starts_with(&start.to_lowercase()));
    while lines.len() > 1 && lines.last().is_some_and(|line| is_phone(line) || line.trim().is_empty()) {
        lines.pop();
    }
}

/// A line without its spaces, punctuation and case: survives re-wrapping by clients.
fn flat(line: &str) -> String {
    line.chars().filter(|mark| mark.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
