//! What a call carries, as a flat list of names and values: a query, a form in the character set it declares, or one JSON object.
//! Reading never fails on a value: what is no text of its character set is replaced, half a surrogate pair becomes one mark.
//!
//! Must never know a company, nor whether a call is genuine.
//!
//! Sources: WHATWG URL Standard, "application/x-www-form-urlencoded"; RFC 8259 sections 7 and 8.2 (lone surrogates).

use domain::mask::Phone;
use domain::wire::WireCall;
use serde_json::Value;
use sha2::Digest;

/// One name with its value.
pub(super) struct Field {
    /// As it was sent.
    pub name: String,
    /// Its characters, NUL included.
    decoded: String,
    /// Its bytes as they were sent, where they are not the characters' own.
    raw: Vec<u8>,
}

/// All of a call's, in its order.
pub(super) struct Fields(Vec<Field>);

impl Fields {
    /// A call's: its body's, or its query's where it has none. The content type is a hint only, since companies get it wrong.
    /// `None` = a body that is neither.
    pub(super) fn of(call: &WireCall) -> Option<Self> {
        if call.body.iter().all(u8::is_ascii_whitespace) {
            return Some(Self::query(&call.url));
        }
        let kind = call.header("content-type").unwrap_or_default();
        let json = || json_object(&decode(&call.body, charset(kind)));
        let form = || call.body.contains(&b'=').then(|| Self(form(&call.body, charset(kind))));
        let looks_like_json = call.body.trim_ascii_start().starts_with(b"{");
        if looks_like_json || kind.to_ascii_lowercase().contains("json") { json().or_else(form) } else { form() }
    }

    /// A URL's query.
    pub(super) fn query(url: &str) -> Self {
        let query = url.split('#').next().and_then(|url| url.split_once('?')).map_or("", |(_, query)| query);
        Self(form(query.as_bytes(), None))
    }

    /// The first value of this name that is not empty, without NUL, which no text column takes.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        self.0.iter().find(|field| field.name == name && !field.decoded.is_empty()).map(|field| field.decoded.replace('\0', ""))
    }

    /// Whether there is one of this name, empty or not.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|field| field.name == name)
    }

    /// All names.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|field| field.name.as_str())
    }

    /// What a signature may cover: the values as characters in UTF-8, and as the bytes that came. They differ only where somebody
    /// wrote in another character set, or no text at all; then companies do not say which of the two they sign.
    pub(super) fn signed(&self) -> Vec<Vec<(&str, &[u8])>> {
        let decoded = self.0.iter().map(|field| (field.name.as_str(), field.decoded.as_bytes())).collect();
        let raw = self.0.iter().map(|field| (field.name.as_str(), field.raw.as_slice())).collect();
        if decoded == raw { vec![decoded] } else { vec![decoded, raw] }
    }
}

fn charset(kind: &str) -> Option<&'static encoding_rs::Encoding> {
    let label = kind.split(';').find_map(|part| part.trim().to_ascii_lowercase().strip_prefix("charset=").map(str::to_owned))?;
    encoding_rs::Encoding::for_label(label.trim_matches('"').as_bytes())
}

fn decode(bytes: &[u8], charset: Option<&'static encoding_rs::Encoding>) -> String {
    charset.unwrap_or(encoding_rs::UTF_8).decode_with_bom_removal(bytes).0.into_owned()
}

fn form(bytes: &[u8], charset: Option<&'static encoding_rs::Encoding>) -> Vec<Field> {
    let pairs = bytes.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty());
    let mut fields: Vec<Field> = Vec::new();
    for pair in pairs {
        let end = pair.iter().position(|byte| *byte == b'=');
        let raw = unescaped(end.map_or(&[][..], |end| &pair[end + 1..]));
        let name = decode(&unescaped(&pair[..end.unwrap_or(pair.len())]), charset);
        fields.push(Field { name, decoded: decode(&raw, charset), raw });
    }
    fields
}

/// `+` is a space, `%41` an A; a percent sign without two digits stands for itself.
fn unescaped(bytes: &[u8]) -> Vec<u8> {
    let digit = |at: usize| bytes.get(at).and_then(|byte| (*byte as char).to_digit(16));
    let (mut plain, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(byte) = bytes.get(at) {
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                plain.push((high * 16 + low) as u8);
                at += 2;
            }
            (b'+', ..) => plain.push(b' '),
            _ => plain.push(*byte),
        }
        at += 1;
    }
    plain
}

/// One JSON object, flat: numbers and the like as JSON writes them, null as nothing.
fn json_object(text: &str) -> Option<Fields> {
    let parsed = |text: &str| match serde_json::from_str(text) {
        Ok(Value::Object(object)) => Some(object),
        _ => None,
    };
    // What cannot be mended by its escapes is no object. What the other side made of half a pair before it signed is not known:
    // Java writes a question mark, others the replacement character.
    let (object, other) = match parsed(text) {
        Some(object) => (object, None),
        None => (parsed(&mended(text, "\\ufffd"))?, parsed(&mended(text, "?"))),
    };
    let written = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let field = |(name, value): (String, Value)| {
        let decoded = written(&value);
        let raw = other.as_ref().and_then(|other| other.get(&name)).map_or_else(|| decoded.clone(), written).into_bytes();
        Field { name, decoded, raw }
    };
    Some(Fields(object.into_iter().map(field).collect()))
}

/// JSON whose strings hold half a surrogate pair, or a control character as such: both are put as JSON allows.
fn mended(json: &str, half: &str) -> String {
    let bytes = json.as_bytes();
    let unit = |at: usize| {
        let digits = bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
        u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    };
    let (mut plain, mut at, mut inside) = (Vec::with_capacity(bytes.len()), 0, false);
    while let Some(byte) = bytes.get(at) {
        let taken = match (byte, unit(at), unit(at + 6)) {
            (b'\\', Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (b'\\', Some(0xD800..=0xDFFF), _) => {
                plain.extend_from_slice(half.as_bytes());
                at += 6;
                continue;
            }
            (b'\\', ..) => 2,
            (0..0x20, ..) if inside => {
                plain.extend_from_slice(format!("\\u{byte:04x}").as_bytes());
                at += 1;
                continue;
            }
            _ => 1,
        };
        inside ^= *byte == b'"';
        plain.extend_from_slice(&bytes[at..bytes.len().min(at + taken)]);
        at += taken;
    }
    String::from_utf8_lossy(&plain).into_owned()
}

/// A number that a company writes without its plus sign. What is no whole number (a short code, a name) stays as it is.
pub(super) fn e164(number: &str) -> Phone {
    let bare = number.trim();
    let digits = bare.strip_prefix('+').or_else(|| bare.strip_prefix("00")).unwrap_or(bare);
    let whole = (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if whole { Phone::new(format!("+{digits}")) } else { Phone::new(bare) }
}

/// A replay key: short and printable, whatever the other side calls an id.
pub(super) fn replay_key(kind: &str, id: &str) -> String {
    let plain = id.len() <= 100 && id.bytes().all(|byte| byte.is_ascii_graphic());
    if plain { format!("{kind}:{id}") } else { format!("{kind}:~{}", digest(&[id])) }
}

/// A word for what has no id of its own: the same for the same parts.
pub(super) fn digest(parts: &[&str]) -> String {
    let mut hash = sha2::Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hex(&hash.finalize()[..20])
}

/// Bytes as lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
#[path = "fields_tests.rs"]
mod tests;
