//! The header before the text: which part of which text it is, and which national tables it uses (TS 23.040 section 9.2.3.24).

use super::coding::{Shift, Width};
use super::language::Language;

const JOIN: u8 = 0x00;
const JOIN_WORD: u8 = 0x08;
const SINGLE: u8 = 0x24;
const LOCKING: u8 = 0x25;

/// Which part of which text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Join {
    /// The same in every part of a text; of an eight-bit one the low octet counts.
    pub reference: u16,
    /// Its size.
    pub width: Width,
    /// How many parts. A text of more than 255 cannot be joined.
    pub total: u8,
    /// Which one, from 1.
    pub number: u8,
}

/// Octets of a header, with its length octet; 0 where nothing has to be said.
pub(super) fn octets(join: Option<Width>, shift: Shift) -> u32 {
    let elements = shift.named() * 3
        + match join {
            None => 0,
            Some(Width::Octet) => 5,
            Some(Width::Word) => 6,
        };
    if elements == 0 { 0 } else { elements + 1 }
}

/// The header, with its length octet; empty where nothing has to be said.
pub(super) fn write(join: Option<Join>, shift: Shift) -> Vec<u8> {
    let mut header = vec![0];
    if let Some(Join { reference, width, total, number }) = join {
        let [high, low] = reference.to_be_bytes();
        match width {
            Width::Octet => header.extend([JOIN, 3, low, total, number]),
            Width::Word => header.extend([JOIN_WORD, 4, high, low, total, number]),
        }
    }
    for (element, language) in [(SINGLE, shift.single), (LOCKING, shift.locking)] {
        if let Some(language) = language {
            header.extend([element, 1, language.number()]);
        }
    }
    match header.len() {
        1 => Vec::new(),
        length => {
            header[0] = (length - 1) as u8;
            header
        }
    }
}

/// What a header said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Header {
    /// Octets of it, with its length octet.
    pub octets: usize,
    pub join: Option<Join>,
    pub shift: Shift,
}

/// Reads what stands before a text. A length that runs past the octets is none: then all of it is text. Elements that are not
/// known, are cut off, or say what cannot be (part 0, part 4 of 3) are passed over, as TS 23.040 wants.
pub(super) fn read(octets: &[u8]) -> Header {
    let mut header = Header::default();
    let Some((length, rest)) = octets.split_first() else { return header };
    let Some(mut elements) = rest.get(..usize::from(*length)) else { return header };
    header.octets = usize::from(*length) + 1;
    while let [element, size, after @ ..] = elements {
        let Some((said, others)) = after.split_at_checked(usize::from(*size)) else { break };
        match (*element, said) {
            (JOIN, [low, total, number]) => join(&mut header, u16::from(*low), Width::Octet, *total, *number),
            (JOIN_WORD, [high, low, total, number]) => {
                join(&mut header, u16::from_be_bytes([*high, *low]), Width::Word, *total, *number);
            }
            (SINGLE, [number]) => header.shift.single = Language::numbered(*number),
            // A language without a locking table (Spanish) has the default alphabet.
            (LOCKING, [number]) => {
                header.shift.locking = Language::numbered(*number).filter(|language| language.locking().is_some());
            }
            _ => {}
        }
        elements = others;
    }
    header
}

fn join(header: &mut Header, reference: u16, width: Width, total: u8, number: u8) {
    if number >= 1 && number <= total {
        header.join = Some(Join { reference, width, total, number });
    }
}
