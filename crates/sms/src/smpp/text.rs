//! Texts as octets: how one leaves in one or several messages, and how one that came in is read. Reading never fails.
//!
//! Sources: SMPP 3.4 issue 1.2 sections 5.2.12 and 5.2.19; 3GPP TS 23.038 sections 4 and 6.2.1, TS 23.040 section 9.2.3.24.

use super::letters;
use super::pdu::{Delivered, tag};
use super::settings::Long;
use crate::codec::segments;
use domain::carrier::Part;

/// `esm_class`: a header stands before the text.
const HEADER: u8 = 0x40;
const GSM: u8 = 0;
const UCS2: u8 = 8;

/// One message on its way out.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Message {
    pub esm_class: u8,
    pub data_coding: u8,
    /// Header and text.
    pub octets: Vec<u8>,
    /// As an optional parameter, in one piece.
    pub payload: bool,
}

/// A text as messages, and how many segments it is on the air. `reference`: what its parts have in common. `None`: no center joins
/// so many parts.
pub(super) fn messages(text: &str, long: Long, reference: u8) -> Option<(Vec<Message>, u16)> {
    let found = segments(text);
    let total = u8::try_from(found.parts.len()).ok()?;
    let (data_coding, code): (u8, fn(&str) -> Vec<u8>) =
        if found.encoding == "gsm7" { (GSM, letters::septets) } else { (UCS2, letters::units) };
    let whole = |text: &str, payload| Message { esm_class: 0, data_coding, octets: code(text), payload };
    let all = match (total, long) {
        (0 | 1, _) => vec![whole(&found.economy, false)],
        (_, Long::Payload) => vec![whole(&found.economy, true)],
        (_, Long::Header) => (1..=total)
            .zip(&found.parts)
            .map(|(number, part)| {
                let octets = [vec![5, 0, 3, reference, total, number], code(part)].concat();
                Message { esm_class: HEADER, data_coding, octets, payload: false }
            })
            .collect(),
    };
    Some((all, u16::from(total.max(1))))
}

/// What a delivered message says, and which part of a text it is.
pub(super) fn read(delivered: &Delivered) -> (String, Option<Part>) {
    let (octets, part) = without_header(delivered);
    (decoded(octets, delivered.data_coding), part.or_else(|| sar(delivered)))
}

/// The words of a message.
pub(super) fn plain(delivered: &Delivered) -> String {
    read(delivered).0
}

/// The text behind its header. A header that runs past the message is none: then all of it is text.
fn without_header(delivered: &Delivered) -> (&[u8], Option<Part>) {
    let octets = delivered.octets.as_slice();
    if delivered.esm_class & HEADER == 0 {
        return (octets, None);
    }
    let Some((length, rest)) = octets.split_first() else { return (octets, None) };
    let Some((mut elements, text)) = rest.split_at_checked(usize::from(*length)) else { return (octets, None) };
    let mut part = None;
    while let [element, size, after @ ..] = elements {
        let Some((said, others)) = after.split_at_checked(usize::from(*size)) else { break };
        let joined = match (*element, said) {
            (0x00, [low, of, number]) => Some((format!("8.{low}"), *number, *of)),
            (0x08, [high, low, of, number]) => Some((format!("16.{}", u16::from_be_bytes([*high, *low])), *number, *of)),
            _ => None,
        };
        if let Some((set, number, of)) = joined {
            part = joins(set, u16::from(number), u16::from(of)).or(part);
        }
        elements = others;
    }
    (text, part)
}

/// A part as optional parameters say it.
fn sar(delivered: &Delivered) -> Option<Part> {
    let set = delivered.number(tag::SAR_REFERENCE)?;
    joins(format!("sar.{set}"), delivered.number(tag::SAR_NUMBER)?, delivered.number(tag::SAR_TOTAL)?)
}

/// A part that can be: part 0, part 4 of 3 and the only part of one are texts of their own.
fn joins(set: String, number: u16, of: u16) -> Option<Part> {
    (of > 1 && (1..=of).contains(&number)).then_some(Part { set, number, of })
}

/// Octets read in their coding. Centers pass both SMPP's own numbers on and a network's coding groups (TS 23.038 section 4).
fn decoded(octets: &[u8], coding: u8) -> String {
    let text = match coding {
        GSM => letters::from_septets(octets),
        UCS2 => letters::from_units(octets),
        6 => octets.iter().map(|octet| letters::cyrillic(*octet)).collect(),
        7 => octets.iter().map(|octet| letters::hebrew(*octet)).collect(),
        0x10..=0x1f | 0x30..=0x3f if coding & 0x0c == 0x08 => letters::from_units(octets),
        0x10..=0x1f | 0x30..=0x3f if coding & 0x0c == 0 => letters::from_septets(octets),
        0xe0..=0xef => letters::from_units(octets),
        0xc0..=0xdf => letters::from_septets(octets),
        0xf0..=0xff if coding & 4 == 0 => letters::from_septets(octets),
        // ASCII, Latin-1, and what is no text: as Latin-1 nothing of it is lost.
        _ => octets.iter().map(|octet| char::from(*octet)).collect(),
    };
    // No database column takes a NUL.
    text.replace('\0', "")
}
