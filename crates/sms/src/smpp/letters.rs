//! Letters and octets: the GSM alphabet one septet to an octet, as SMPP carries it, UTF-16, and two old 8-bit tables.
//!
//! Sources: 3GPP TS 23.038 section 6.2.1; ISO/IEC 8859-5 and 8859-8.

const ESCAPE: u8 = 0x1b;

/// By code; the escape stands at its place.
const DEFAULT: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u{1b}ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// After an escape.
const EXTENSION: [(u8, char); 10] =
    [(0x0a, '\u{c}'), (0x14, '^'), (0x28, '{'), (0x29, '}'), (0x2f, '\\'), (0x3c, '['), (0x3d, '~'), (0x3e, ']'), (0x40, '|'), (0x65, '€')];

/// A text of the alphabet, a septet to an octet; a letter outside it becomes a question mark.
pub(super) fn septets(text: &str) -> Vec<u8> {
    let mut octets = Vec::with_capacity(text.len());
    for mark in text.chars() {
        match (DEFAULT.chars().position(|one| one == mark), EXTENSION.iter().find(|(_, one)| *one == mark)) {
            (Some(code), _) => octets.push(code as u8),
            (None, Some((code, _))) => octets.extend([ESCAPE, *code]),
            (None, None) => octets.push(b'?'),
        }
    }
    octets
}

/// Read back. An unknown escape gives the letter under the same code (TS 23.038 section 6.2.1.1); an octet with its high bit set
/// is no septet, and is read as Latin-1, which careless centers send.
pub(super) fn from_septets(octets: &[u8]) -> String {
    let table: Vec<char> = DEFAULT.chars().collect();
    let mut text = String::with_capacity(octets.len());
    let mut escaped = false;
    for octet in octets {
        let plain = table.get(usize::from(*octet)).copied().unwrap_or(char::from(*octet));
        if escaped {
            escaped = false;
            text.push(
                EXTENSION.iter().find(|(code, _)| code == octet).map_or(if *octet == ESCAPE { ' ' } else { plain }, |(_, mark)| *mark),
            );
        } else if *octet == ESCAPE {
            escaped = true;
        } else {
            text.push(plain);
        }
    }
    text
}

/// UTF-16, high octet first.
pub(super) fn units(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

/// Read back: a mark of order is left out, half a pair is replaced, half a unit at the end is left out.
pub(super) fn from_units(octets: &[u8]) -> String {
    let units = octets.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
    let text: String = char::decode_utf16(units).map(|mark| mark.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)
}

/// ISO 8859-5.
pub(super) fn cyrillic(octet: u8) -> char {
    match octet {
        0xad | 0..=0xa0 => char::from(octet),
        0xf0 => '№',
        0xfd => '§',
        _ => char::from_u32(u32::from(octet) + 0x360).unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}

/// ISO 8859-8.
pub(super) fn hebrew(octet: u8) -> char {
    match octet {
        0xaa => '×',
        0xba => '÷',
        0xdf => '‗',
        0xe0..=0xfa => char::from_u32(u32::from(octet) + 0x4f0).unwrap_or(char::REPLACEMENT_CHARACTER),
        0xfd => '\u{200e}',
        0xfe => '\u{200f}',
        _ => char::from(octet),
    }
}
