//! What must hold of any octets that a message center sends: a length that cannot be is told, everything else is read, as a text and
//! as a receipt, into what every database keeps; and what we write is read as it was.
//!
//! It stands inside the link, in the crate's own tests and in the fuzz crate alike, since the link's readers are nobody else's.

use super::pdu::{Delivered, HEADER, LONGEST, Number, header, write};
use super::settings::Long;
use super::{receipt, text};
use sms::text::Shifts;

/// Takes an input for what stands on a session: PDUs one behind the other, as far as their lengths lead.
pub(crate) fn holds(bytes: &[u8]) {
    let mut rest = bytes;
    let mut whole = 0;
    while let Some((octets, behind)) = rest.split_first_chunk::<HEADER>() {
        let said = u32::from_be_bytes([octets[0], octets[1], octets[2], octets[3]]) as usize;
        let Some((length, frame)) = header(*octets) else {
            assert!(!(HEADER..=LONGEST).contains(&said), "a length of {said} is refused");
            break;
        };
        assert_eq!(length + HEADER, said, "where the next PDU begins");
        assert!(frame.body.is_empty());
        let (body, after) = behind.split_at(length.min(behind.len()));
        if length == body.len() {
            assert_eq!(write(frame.command, frame.status, frame.sequence, body), rest[..said], "written as it was read");
        }
        whole += 1;
        delivered(&Delivered::deliver_sm(body));
        delivered(&Delivered::data_sm(body));
        rest = after;
    }
    // Octets that no length leads to are bodies all the same.
    if whole == 0 {
        delivered(&Delivered::deliver_sm(bytes));
    }
    // The codec's own target has long texts.
    written(&String::from_utf8_lossy(&bytes[..bytes.len().min(1500)]));
}

fn delivered(one: &Delivered) {
    for Number { digits, .. } in [&one.from, &one.to] {
        assert!(!digits.contains('\0'), "a number with NUL, which no database takes");
    }
    let (words, part) = text::read(one);
    assert!(!words.contains('\0'), "a text with NUL, which no database takes");
    assert!(words.chars().count() <= one.octets.len() * 2 + 1, "more is read than came");
    if let Some(part) = part {
        assert!(part.of > 1 && (1..=part.of).contains(&part.number), "part {} of {}", part.number, part.of);
        assert!(part.set.len() <= 20, "what parts have in common is a number");
    }
    let Some(read) = receipt::read(one) else { return };
    for id in [&read.said, &read.option].into_iter().flatten() {
        assert!(!id.is_empty() && !id.contains('\0'), "an id that is none");
    }
    assert!(read.said.is_some() || read.option.is_some(), "a receipt of no text");
    assert_eq!(read.reason().is_some(), read.fault().is_some(), "a failure has a reason, and nothing else has");
    assert!(!read.code.unwrap_or_default().contains('\0'));
}

/// What a family is sent arrives as it was written, in one message or several.
fn written(words: &str) {
    let economy = sms::economy(words);
    // A mark of order at the beginning is none of the words, and NUL is left out.
    let wanted = economy.strip_prefix('\u{feff}').unwrap_or(&economy).replace('\0', "");
    for long in [Long::Header, Long::Payload] {
        let Some((messages, segments)) = text::messages(words, long, Shifts::None, 9) else {
            assert!(sms::segments(words).segments > 255, "a text that could go in parts does not go");
            continue;
        };
        let mut came = String::new();
        for (index, message) in messages.iter().enumerate() {
            assert!(message.payload || message.octets.len() <= 254, "{} octets in a message", message.octets.len());
            let one = Delivered {
                esm_class: message.esm_class,
                data_coding: message.data_coding,
                octets: message.octets.clone(),
                ..Delivered::default()
            };
            let (words, part) = text::read(&one);
            assert_eq!(part.map(|part| usize::from(part.number)), (messages.len() > 1).then_some(index + 1), "its place");
            came.push_str(&words);
        }
        // The mark is taken off each message.
        assert_eq!(came.replace('\u{feff}', ""), wanted.replace('\u{feff}', ""), "what arrives is what was written");
        assert!(segments >= 1 && (long == Long::Payload || usize::from(segments) == messages.len()));
    }
}
