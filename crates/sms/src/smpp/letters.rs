//! Two old 8-bit tables that centers still name: ISO/IEC 8859-5 (Cyrillic) and 8859-8 (Hebrew).

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
