//! Fields of a query or a form, byte for byte, and text in whatever charset a gateway declares. A general form reader takes every
//! value for UTF-8 and so loses a binary header or a text in UTF-16.
//!
//! Must never know a company.

use super::alphabet;
use sha2::Digest;

/// Fields in their order; a repeated one is read at its first place.
#[derive(Clone, Default)]
pub(super) struct Fields(Vec<(String, Vec<u8>)>);

impl Fields {
    /// Of a URL's query.
    pub(super) fn of_query(url: &str) -> Self {
        Self::of_form(url.split_once('?').map_or("", |(_, query)| query).split('#').next().unwrap_or_default().as_bytes())
    }

    /// Of a form's body.
    pub(super) fn of_form(body: &[u8]) -> Self {
        let pairs = body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()).map(|pair| {
            let at = pair.iter().position(|byte| *byte == b'=');
            let (name, value) = at.map_or((pair, &pair[pair.len()..]), |at| (&pair[..at], &pair[at + 1..]));
            (String::from_utf8_lossy(&plain(name)).into_owned(), plain(value))
        });
        Self(pairs.collect())
    }

    /// The bytes of a field.
    pub(super) fn bytes(&self, name: &str) -> Option<&[u8]> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_slice())
    }

    /// A field that is not empty, in this charset.
    pub(super) fn text_in(&self, name: &str, charset: &str) -> Option<String> {
        self.bytes(name).filter(|value| !value.is_empty()).map(|value| decode(value, charset))
    }

    /// A field that is not empty, in UTF-8.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.text_in(name, "UTF-8")
    }

    /// All fields of another after these.
    pub(super) fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }
}

/// Undoes percent signs and plus signs; a percent sign that leads nowhere stands for itself.
fn plain(raw: &[u8]) -> Vec<u8> {
    let digit = |at: usize| raw.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let mut bytes = Vec::with_capacity(raw.len());
    let mut at = 0;
    while let Some(byte) = raw.get(at) {
        let (value, used) = match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => ((high * 16 + low) as u8, 3),
            (b'+', ..) => (b' ', 1),
            _ => (*byte, 1),
        };
        bytes.push(value);
        at += used;
    }
    bytes
}

/// Bytes as a name, as a query wants them: everything but letters, digits, `-`, `.`, `_` and `~` with percent signs.
pub(super) fn percent(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for byte in bytes {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => text.push(char::from(*byte)),
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

/// Text in a declared charset. Never fails: what cannot be read is replaced, an unknown charset is read as UTF-8.
pub(super) fn decode(bytes: &[u8], charset: &str) -> String {
    let label = charset.trim().trim_matches('"').to_lowercase();
    match label.as_str() {
        "gsm" | "gsm7" | "gsm-7" | "gsm0338" => alphabet::decode(bytes),
        // What a gateway calls binary is mostly a text whose charset it was not told.
        "8-bit" | "8bit" | "binary" => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
        },
        "ucs-2" | "ucs2" => encoding_rs::UTF_16BE.decode_without_bom_handling(bytes).0.into_owned(),
        label => {
            let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap_or(encoding_rs::UTF_8);
            encoding.decode_without_bom_handling(bytes).0.into_owned()
        }
    }
}

/// The charset of a content type; `UTF-8` where it says none.
pub(super) fn charset_of(content_type: Option<&str>) -> &str {
    let parameters = content_type.unwrap_or_default().split(';').skip(1);
    parameters
        .filter_map(|part| part.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
        .map_or("UTF-8", |(_, set)| set.trim())
}

/// Text as UTF-16, big end first.
pub(super) fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

/// Lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Hexadecimal digits read back.
pub(super) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text.chars().map(|mark| mark.to_digit(16).map(|digit| digit as u8)).collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0)?;
    Some(digits.chunks(2).map(|pair| pair[0] * 16 + pair[1]).collect())
}

/// A replay key: the company's own id, or, where it gave none or an endless one, a digest of all there is.
pub(super) fn key(kind: &str, id: Option<&str>, all: &[u8]) -> String {
    match id {
        Some(id) if !id.is_empty() && id.len() <= 150 => format!("{kind}:{id}"),
        _ => format!("{kind}:~{}", hex(&sha2::Sha256::digest(all)[..16])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_through_as_they_are() {
        let fields = Fields::of_query("https://x/y?udh=%05%00%03*%02%01&text=%04(%04%3A+%&empty=&a=1&a=2&%zz=%4#part");
        assert_eq!(fields.bytes("udh"), Some(&[5, 0, 3, b'*', 2, 1][..]));
        assert_eq!(fields.text_in("text", "UTF-16BE").as_deref(), Some("Ш\u{43a}\u{2025}"));
        assert_eq!((fields.text("empty"), fields.text("a").as_deref(), fields.text("%zz").as_deref()), (None, Some("1"), Some("%4")));
        assert!(Fields::of_query("https://x/y").text("a").is_none());
    }

    #[test]
    fn a_charset_is_read_as_declared_and_an_unknown_one_as_utf8() {
        assert_eq!(decode(b"Ni\xf1o", "ISO-8859-1"), "Niño");
        assert_eq!(decode(b"Ni\xf1o", "klingon"), "Ni\u{fffd}o");
        assert_eq!(decode(b"\xd8\x3d\xdc\x4d\xd8\x3d", "UTF-16BE"), "👍\u{fffd}", "half a pair does not lose the whole");
        assert_eq!(decode(b"Ni\xf1o", "8-BIT"), "Niño");
        assert_eq!(decode("Niño".as_bytes(), "8-BIT"), "Niño");
        assert_eq!(charset_of(Some("text/plain; charset=\"UTF-16BE\"")), "\"UTF-16BE\"");
        assert_eq!(charset_of(Some("text/plain")), "UTF-8");
    }

    #[test]
    fn a_key_without_an_id_says_all_there_is() {
        assert_eq!(key("sms", Some("7"), b"all"), "sms:7");
        assert_ne!(key("sms", None, b"one"), key("sms", None, b"two"));
        assert!(key("sms", Some(&"x".repeat(9_000)), b"all").len() < 60);
        assert_eq!(unhex("0aFf"), Some(vec![10, 255]));
        assert_eq!((unhex("0"), unhex("xy")), (None, None));
    }
}
