//! Text to bytes: septets, packed or one to an octet, or UTF-16, big end first, behind their header.

use super::coding::{Coding, Shift};
use super::header::{self, Join};
use super::table::ESCAPE;

/// How septets lie in octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// Eight in seven octets, as in the air (TS 23.038 section 6.1.2.1); after a header they begin at a septet of their own.
    Packed,
    /// One in each octet, as most message centres want it over SMPP.
    Unpacked,
}

/// What goes in the place of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserData {
    /// Header and text.
    pub octets: Vec<u8>,
    /// Their length as the air counts it (TP-UDL): septets of packed ones with the header's share, octets otherwise.
    pub length: usize,
    /// Whether a header stands before the text: then the message must say so (UDHI; `esm_class` 0x40 in SMPP).
    pub header: bool,
}

impl Coding {
    /// Brings a part into bytes; `None` where it has a character that the coding does not have. No length is checked.
    pub fn encode(self, part: &str, join: Option<Join>, packing: Packing) -> Option<UserData> {
        let mut octets = header::write(join, self.shift());
        let header = !octets.is_empty();
        match self {
            Self::Ucs2 => octets.extend(part.encode_utf16().flat_map(u16::to_be_bytes)),
            Self::Gsm7(shift) => {
                let septets = septets(part, shift)?;
                match packing {
                    Packing::Unpacked => octets.extend(septets),
                    Packing::Packed => {
                        let length = pack(&mut octets, &septets);
                        return Some(UserData { octets, length, header });
                    }
                }
            }
        }
        Some(UserData { length: octets.len(), octets, header })
    }
}

/// The codes of a text, with escapes.
fn septets(text: &str, shift: Shift) -> Option<Vec<u8>> {
    let (letters, extension) = shift.tables();
    let mut septets = Vec::with_capacity(text.len());
    for mark in text.chars() {
        match letters.code(mark) {
            Some(code) => septets.push(code),
            None => septets.extend([ESCAPE, extension.code(mark)?]),
        }
    }
    Some(septets)
}

/// Packs septets behind a header, the lowest bit first. Returns how many septets header and text take.
fn pack(octets: &mut Vec<u8>, septets: &[u8]) -> usize {
    let first = (octets.len() * 8).div_ceil(7);
    let length = first + septets.len();
    octets.resize((length * 7).div_ceil(8), 0);
    for (index, septet) in septets.iter().enumerate() {
        let bit = (first + index) * 7;
        let [low, high] = (u16::from(*septet) << (bit % 8)).to_le_bytes();
        octets[bit / 8] |= low;
        if let Some(next) = octets.get_mut(bit / 8 + 1) {
            *next |= high;
        }
    }
    length
}
