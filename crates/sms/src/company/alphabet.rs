//! The GSM 7-bit alphabet as octets, one septet each, as SMPP gateways hand it over (3GPP TS 23.038 section 6.2.1).
//!
//! Must never know a company.

/// In the order of its codes; the escape stands at its own, 0x1B.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u{1b}ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?\
                     ¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// After an escape.
const EXTENDED: &[(u8, char)] = &[
    (0x0a, '\u{c}'),
    (0x14, '^'),
    (0x28, '{'),
    (0x29, '}'),
    (0x2f, '\\'),
    (0x3c, '['),
    (0x3d, '~'),
    (0x3e, ']'),
    (0x40, '|'),
    (0x65, '€'),
];
const ESCAPE: u8 = 0x1b;

/// Whether every character has a place in it.
pub(super) fn fits(text: &str) -> bool {
    text.chars().all(|mark| mark != '\u{1b}' && (BASIC.contains(mark) || EXTENDED.iter().any(|(_, extended)| *extended == mark)))
}

/// Octets as text. One above 0x7F is no septet: then the bytes are UTF-8, or else Latin-1.
pub(super) fn decode(octets: &[u8]) -> String {
    if octets.iter().any(|octet| *octet > 0x7f) {
        return match std::str::from_utf8(octets) {
            Ok(text) => text.to_owned(),
            Err(_) => octets.iter().map(|octet| char::from(*octet)).collect(),
        };
    }
    let basic: Vec<char> = BASIC.chars().collect();
    let mut text = String::with_capacity(octets.len());
    let mut escaped = false;
    for octet in octets {
        let extended = EXTENDED.iter().find(|(code, _)| escaped && code == octet).map(|(_, mark)| *mark);
        match extended {
            _ if *octet == ESCAPE && !escaped => {
                escaped = true;
                continue;
            }
            Some(mark) => text.push(mark),
            // An escape before anything else is shown as a space by a phone that does not know it; the letter counts.
            None => text.extend(basic.get(usize::from(*octet)).filter(|mark| **mark != '\u{1b}')),
        }
        escaped = false;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_its_places() {
        assert_eq!(BASIC.chars().count(), 128);
        assert_eq!(decode(b"\x05v\x05nement"), "événement");
        assert_eq!(decode(b"\x00\x02\x11 \x1b\x28\x1b\x3e\x1be \x7c\x7d\x7f\x5f\x60"), "@$_ {]€ öñà§¿");
        assert_eq!(decode(b"a\x1b"), "a");
        assert_eq!(decode(b"Ni\xc3\xb1o"), "Niño");
        assert_eq!(decode(b"Ni\xf1o"), "Niño");
    }

    #[test]
    fn what_fits_is_what_every_phone_shows() {
        assert!(fits("¿Ñ £é {[~]} € @_ Δ\n"));
        for text in ["sí", "“", "Я", "👍", "\u{1b}", "\u{200f}"] {
            assert!(!fits(text), "{text}");
        }
    }
}
