//! Bytes to characters in the character set that a sender declares, and back to the one the air knows.
//!
//! Must never know a company, or what is written. Total: what cannot be read is replaced, an unknown name is read as UTF-8.
//!
//! Sources: WHATWG Encoding Standard (names); Kannel's and Jasmin's words for the alphabets of SMPP 3.4 `data_coding`.

use crate::text::{Form, read};

/// The character set of a content type; `UTF-8` where it says none.
pub(in crate::company) fn of(content_type: Option<&str>) -> &str {
    let parameters = content_type.unwrap_or_default().split(';').skip(1);
    parameters
        .filter_map(|part| part.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
        .map_or("UTF-8", |(_, set)| set.trim().trim_matches(['"', '\'']))
}

/// Text in a declared character set. A mark of byte order in it stays: it may be signed.
pub(super) fn decode(bytes: &[u8], charset: &str) -> String {
    match charset.trim().trim_matches(['"', '\'']).to_ascii_lowercase().as_str() {
        // An octet above 0x7F is no septet: then the other side mistook the alphabet.
        "gsm" | "gsm7" | "gsm-7" | "gsm0338" if bytes.is_ascii() => read(bytes, Form::Unpacked, false, None).text,
        // What a gateway calls binary is mostly a text whose character set it was not told.
        "gsm" | "gsm7" | "gsm-7" | "gsm0338" | "8-bit" | "8bit" | "binary" => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
        },
        "ucs-2" | "ucs2" => encoding_rs::UTF_16BE.decode_without_bom_handling(bytes).0.into_owned(),
        label => named(label).decode_without_bom_handling(bytes).0.into_owned(),
    }
}

/// What somebody wrote: the same without NUL, which no database takes.
pub(in crate::company) fn text(bytes: &[u8], charset: &str) -> String {
    decode(bytes, charset).replace('\0', "")
}

/// A whole document: a mark of byte order says more than the declaration, and is no part of it.
pub(super) fn document(bytes: &[u8], charset: &str) -> String {
    named(charset).decode(bytes).0.trim_start_matches('\u{feff}').to_owned()
}

/// Text as UTF-16, big end first.
pub(in crate::company) fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

/// Sets that browsers refuse for safety would replace a whole text by one mark: these are read as UTF-8 too.
fn named(label: &str) -> &'static encoding_rs::Encoding {
    encoding_rs::Encoding::for_label_no_replacement(label.as_bytes()).unwrap_or(encoding_rs::UTF_8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Coding;

    #[test]
    fn a_charset_is_read_as_declared_and_an_unknown_one_as_utf8() {
        assert_eq!(decode(b"Ni\xf1o", "ISO-8859-1"), "Niño");
        assert_eq!(decode(b"Ni\xf1o", "\"latin1\""), "Niño");
        assert_eq!(decode(b"Ni\xf1o", "klingon"), "Ni\u{fffd}o");
        assert_eq!(decode(b"hello", "iso-2022-kr"), "hello", "one of those that a browser refuses");
        assert_eq!(decode(b"\xd8\x3d\xdc\x4d\xd8\x3d", "UTF-16BE"), "👍\u{fffd}", "half a pair does not lose the whole");
        assert_eq!(decode(b"\0N\0i\0", "ucs-2"), "Ni\u{fffd}", "nor half a unit");
        assert_eq!(decode(b"Ni\xf1o", "8-BIT"), "Niño");
        assert_eq!(decode("Niño".as_bytes(), "8-BIT"), "Niño");
        assert_eq!(decode(b"", "gsm"), "");
        assert_eq!((text(b"a\0b", "utf-8"), text(b"a\0b", "gsm"), text(b"\0a\0\0", "ucs2")), ("ab".into(), "a@b".into(), "a".into()));
        assert_eq!(decode(&utf16("Ñ👍"), "utf-16be"), "Ñ👍");
    }

    #[test]
    fn the_alphabet_of_the_air_is_the_codecs() {
        assert_eq!(decode(b"\x05v\x05nement", "gsm"), "événement");
        assert_eq!(decode(b"\x00\x02\x11 \x1b\x28\x1b\x3e\x1be \x7c\x7d\x7f\x5f\x60", "GSM"), "@$_ {]€ öñà§¿");
        assert_eq!(decode(b"Ni\xc3\xb1o", "gsm"), "Niño");
        assert_eq!(decode(b"Ni\xf1o", "gsm0338"), "Niño");
        assert_eq!(decode(b"a\x1b", "gsm"), "a ", "an escape that leads nowhere is a space (TS 23.038 section 6.2.1.1, note 1)");
    }

    #[test]
    fn what_fits_is_what_every_phone_shows() {
        assert!(Coding::PLAIN.has("¿Ñ £é {[~]} € @_ Δ\n"));
        for text in ["sí", "“", "Я", "👍", "\u{1b}", "\u{200f}"] {
            assert!(!Coding::PLAIN.has(text), "{text}");
        }
    }

    #[test]
    fn a_content_type_says_its_charset_in_any_dress() {
        for (kind, set) in [
            (Some("text/plain; charset=\"UTF-16BE\""), "UTF-16BE"),
            (Some("application/json;charset=ISO-8859-1"), "ISO-8859-1"),
            (Some("text/plain; boundary=x; Charset = 'latin1' ; v=1"), "latin1"),
            (Some("text/plain"), "UTF-8"),
            (None, "UTF-8"),
        ] {
            assert_eq!(of(kind), set);
        }
    }

    #[test]
    fn a_document_may_begin_with_a_mark() {
        assert_eq!(document(b"\xef\xbb\xbf{}", "UTF-8"), "{}");
        assert_eq!(document(b"\xef\xbb\xbf\xc3\xb1", "latin1"), "ñ", "the mark is right and the declaration wrong");
        assert_eq!(document(b"\xfe\xff\0{\0}", "UTF-8"), "{}");
        assert_eq!(document("\u{feff}\u{feff}{}".as_bytes(), "UTF-8"), "{}");
    }

    proptest::proptest! {
        #[test]
        fn whatever_comes_is_read(bytes in proptest::collection::vec(0u8.., 0..60), label in "(gsm|ucs2|binary|utf-16|.{0,12})") {
            decode(&bytes, &label);
            document(&bytes, &label);
            of(Some(&format!("text/plain; charset={label}")));
        }
    }
}
