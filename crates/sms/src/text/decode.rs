//! Bytes to text. Total: whatever came is read as far as it can be, and what it cannot be is U+FFFD.

use super::coding::Shift;
use super::header::{self, Header, Join};
use super::table::ESCAPE;
use std::char::REPLACEMENT_CHARACTER;

/// How the bytes lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Packed septets.
    Packed,
    /// A septet in each octet.
    Unpacked,
    /// UTF-16, big end first.
    Ucs2,
}

/// A text that came.
#[derive(Clone, PartialEq, Eq)]
pub struct Received {
    /// The text.
    pub text: String,
    /// Which part of a longer one it is.
    pub join: Option<Join>,
    /// The national tables it was written with.
    pub shift: Shift,
}

impl std::fmt::Debug for Received {
    /// What families write is never logged.
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.debug_struct("Received").field("join", &self.join).field("shift", &self.shift).finish_non_exhaustive()
    }
}

/// Reads user data.
///
/// `with_header`: the message said that a header stands first (UDHI). `length`: what it said of the length (TP-UDL), if it did:
/// septets of packed ones with the header's share. Without it the last seven bits of packed octets that are all zero are taken
/// for filling and not for `@`.
pub fn read(octets: &[u8], form: Form, with_header: bool, length: Option<usize>) -> Received {
    let Header { octets: header, join, shift } = if with_header { header::read(octets) } else { Header::default() };
    let text = match form {
        Form::Ucs2 => utf16(octets.get(header..).unwrap_or_default()),
        Form::Unpacked => letters(octets.iter().skip(header).copied(), shift),
        Form::Packed => letters(unpack(octets, header, length), shift),
    };
    Received { text, join, shift }
}

/// The septets behind a header.
fn unpack(octets: &[u8], header: usize, length: Option<usize>) -> impl Iterator<Item = u8> {
    let septet = |index: usize| {
        let (at, bit) = (index * 7 / 8, index * 7 % 8);
        let octet = |at: usize| octets.get(at).copied().unwrap_or_default();
        (u16::from_le_bytes([octet(at), octet(at + 1)]) >> bit) as u8 & 0x7F
    };
    let whole = octets.len() * 8 / 7;
    let filled = octets.len().is_multiple_of(7) && whole > 0 && septet(whole - 1) == 0;
    let end = length.map_or(whole - usize::from(filled), |length| length.min(whole));
    ((header * 8).div_ceil(7)..end).map(septet)
}

/// Codes to characters. A code that the extension lacks is shown as the letter of that code (TS 23.038 section 6.2.1.1); an
/// escape after an escape, or at the end, is a space (there, note 1).
fn letters(codes: impl Iterator<Item = u8>, shift: Shift) -> String {
    let (letters, extension) = shift.tables();
    let mut text = String::with_capacity(codes.size_hint().0);
    let mut escaped = false;
    for code in codes {
        let letter = || letters.mark(code).unwrap_or(REPLACEMENT_CHARACTER);
        match (escaped, code) {
            (false, ESCAPE) => escaped = true,
            (false, _) => text.push(letter()),
            (true, ESCAPE) => {
                text.push(' ');
                escaped = false;
            }
            (true, _) => {
                text.push(extension.mark(code).unwrap_or_else(letter));
                escaped = false;
            }
        }
    }
    if escaped {
        text.push(' ');
    }
    text
}

/// UTF-16 to characters: half a pair, or half a unit at the end, is U+FFFD.
fn utf16(octets: &[u8]) -> String {
    let (pairs, odd) = octets.as_chunks::<2>();
    let units = pairs.iter().map(|pair| u16::from_be_bytes(*pair));
    let marks = char::decode_utf16(units).map(|mark| mark.unwrap_or(REPLACEMENT_CHARACTER));
    marks.chain(odd.iter().map(|_| REPLACEMENT_CHARACTER)).collect()
}
