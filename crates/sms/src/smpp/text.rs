//! Texts as octets: how one leaves in one or several messages, and how one that came in is read. Reading never fails.
//!
//! Sources: SMPP 3.4 issue 1.2 sections 5.2.12 and 5.2.19; 3GPP TS 23.038 sections 4 and 6.2.1, TS 23.040 section 9.2.3.24.

use super::letters;
use super::pdu::{Delivered, tag};
use super::settings::Long;
use crate::text::{Coding, Form, Join, Link, Packing, Shifts, Width, split};
use domain::carrier::Part;

/// `esm_class`: a header stands before the text.
const HEADER: u8 = 0x40;

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
pub(super) fn messages(text: &str, long: Long, shifts: Shifts, reference: u8) -> Option<(Vec<Message>, u16)> {
    let found = split(text, Link { shifts, ..Link::default() });
    let total = u8::try_from(found.segments()).ok()?;
    let message = |part: &str, join, payload| {
        let data = found.coding.encode(part, join, Packing::Unpacked)?;
        let data_coding = if found.coding == Coding::Ucs2 { 8 } else { 0 };
        Some(Message { esm_class: if data.header { HEADER } else { 0 }, data_coding, octets: data.octets, payload })
    };
    let join = |number| Join { reference: reference.into(), width: Width::Octet, total, number };
    let all: Option<Vec<Message>> = match (total, long) {
        (0 | 1, _) => vec![message(&found.economy, None, false)].into_iter().collect(),
        (_, Long::Payload) => vec![message(&found.economy, None, true)].into_iter().collect(),
        (_, Long::Header) => (1..=total).zip(found.parts()).map(|(number, part)| message(part, Some(join(number)), false)).collect(),
    };
    Some((all?, u16::from(total.max(1))))
}

/// What a delivered message says, and which part of a text it is.
pub(super) fn read(delivered: &Delivered) -> (String, Option<Part>) {
    let with_header = delivered.esm_class & HEADER != 0;
    let (octets, form) = (delivered.octets.as_slice(), form(delivered.data_coding));
    let read = crate::text::read(octets, form.unwrap_or(Form::Unpacked), with_header, None);
    // A header that runs past the message is none: then all of it is text.
    let header = octets.first().map(|length| usize::from(*length) + 1).filter(|length| with_header && *length <= octets.len());
    let behind = &octets[header.unwrap_or(0)..];
    let text = match (form, delivered.data_coding) {
        // No septet has its high bit set: careless centers send Latin-1 as the default alphabet.
        (Some(Form::Unpacked), _) if behind.iter().any(|octet| *octet > 0x7f) => latin(behind),
        (Some(_), _) => read.text,
        (None, 6) => behind.iter().map(|octet| letters::cyrillic(*octet)).collect(),
        (None, 7) => behind.iter().map(|octet| letters::hebrew(*octet)).collect(),
        (None, _) => latin(behind),
    };
    // A mark of order is none of the family's, and no database column takes a NUL.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text).replace('\0', "");
    let part = read.join.and_then(|join| {
        let set = if join.width == Width::Octet { format!("8.{}", join.reference) } else { format!("16.{}", join.reference) };
        joins(set, join.number.into(), join.total.into())
    });
    (text, part.or_else(|| sar(delivered)))
}

/// The words of a message.
pub(super) fn plain(delivered: &Delivered) -> String {
    read(delivered).0
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

/// The codec's form of a coding; `None`: octets. Centers pass both SMPP's own numbers on and a network's coding groups (TS 23.038
/// section 4), of which one septet to an octet is what they make of them.
fn form(coding: u8) -> Option<Form> {
    match coding {
        0 | 0xc0..=0xdf => Some(Form::Unpacked),
        8 | 0xe0..=0xef => Some(Form::Ucs2),
        0x10..=0x1f | 0x30..=0x3f if coding & 0x0c == 0x08 => Some(Form::Ucs2),
        0x10..=0x1f | 0x30..=0x3f if coding & 0x0c == 0 => Some(Form::Unpacked),
        0xf0..=0xff if coding & 4 == 0 => Some(Form::Unpacked),
        _ => None,
    }
}

/// ASCII, Latin-1, and what is no text: so nothing of it is lost.
fn latin(octets: &[u8]) -> String {
    octets.iter().map(|octet| char::from(*octet)).collect()
}
