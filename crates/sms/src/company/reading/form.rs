//! Fields of a query, a form or a flat JSON object: each with its bytes as they were sent and its text in the character set that
//! was declared. A general form reader takes every value for UTF-8, and so loses a binary header or a text in UTF-16.
//!
//! Must never know a company, nor whether a call is genuine.
//!
//! Source: WHATWG URL Standard, "application/x-www-form-urlencoded".

use super::{charset, json};
use domain::wire::WireCall;
use serde_json::Value;

/// One name with its value.
#[derive(Clone)]
struct Field {
    name: String,
    /// Its characters, NUL included.
    text: String,
    /// Its bytes as they were sent.
    raw: Vec<u8>,
}

/// All fields, in their order.
#[derive(Clone, Default)]
pub(in crate::company) struct Fields(Vec<Field>);

impl Fields {
    /// Of a URL's query.
    pub(in crate::company) fn of_query(url: &str) -> Self {
        let query = url.split('#').next().and_then(|url| url.split_once('?')).map_or("", |(_, query)| query);
        Self::of_form(None, query.as_bytes())
    }

    /// Of a form's body.
    pub(in crate::company) fn of_form(content_type: Option<&str>, body: &[u8]) -> Self {
        let set = charset::of(content_type);
        let field = |pair: &[u8]| {
            let end = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
            let raw = unescaped(pair.get(end + 1..).unwrap_or_default());
            // A name of plain letters is one in every character set, though UTF-16 would read it otherwise.
            let name = String::from_utf8(unescaped(&pair[..end])).unwrap_or_else(|bytes| charset::decode(bytes.as_bytes(), set));
            Field { name, text: charset::decode(&raw, set), raw }
        };
        Self(body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()).map(field).collect())
    }

    /// Of a call's body, or of its query where it has none. The content type is a hint only, since companies get it wrong.
    /// `None` = a body that is neither form nor JSON object.
    pub(in crate::company) fn of(call: &WireCall) -> Option<Self> {
        if call.body.iter().all(u8::is_ascii_whitespace) {
            return Some(Self::of_query(&call.url));
        }
        let kind = call.header("content-type");
        let form = || call.body.contains(&b'=').then(|| Self::of_form(kind, &call.body));
        let says_json = kind.is_some_and(|kind| kind.to_ascii_lowercase().contains("json"));
        let looks_like_json = call.body.trim_ascii_start().starts_with(b"{");
        if looks_like_json || says_json { Self::of_json(kind, &call.body).or_else(form) } else { form() }
    }

    /// Of one JSON object: numbers and the like as JSON writes them, null as nothing. What the other side made of half a surrogate
    /// pair before it signed is not known: Java writes a question mark, others the replacement character. So both are kept.
    fn of_json(content_type: Option<&str>, body: &[u8]) -> Option<Self> {
        let Value::Object(object) = json::read(content_type, body)? else { return None };
        let java = json::read_with(content_type, body, '?');
        let written = |value: &Value| match value {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let field = |(name, value): (String, Value)| {
            let raw = java.as_ref().and_then(|java| java.get(&name)).map(written).unwrap_or_default().into_bytes();
            Field { text: written(&value), name, raw }
        };
        Some(Self(object.into_iter().map(field).collect()))
    }

    /// All fields of another after these.
    pub(in crate::company) fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// The first value of this name that is not empty, without NUL, which no database takes.
    pub(in crate::company) fn get(&self, name: &str) -> Option<String> {
        self.0.iter().filter(|field| field.name == name).map(|field| field.text.replace('\0', "")).find(|text| !text.is_empty())
    }

    /// The same, in a character set that stands somewhere else.
    pub(in crate::company) fn get_in(&self, name: &str, set: &str) -> Option<String> {
        let text = |field: &Field| charset::text(&field.raw, set);
        self.0.iter().filter(|field| field.name == name).map(text).find(|text| !text.is_empty())
    }

    /// The bytes of the first of this name.
    pub(in crate::company) fn bytes(&self, name: &str) -> Option<&[u8]> {
        self.0.iter().find(|field| field.name == name).map(|field| field.raw.as_slice())
    }

    /// Whether there is one of this name, empty or not.
    pub(in crate::company) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|field| field.name == name)
    }

    /// All names.
    pub(in crate::company) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|field| field.name.as_str())
    }

    /// What a signature may cover: the values as characters in UTF-8, and as the bytes that came. They differ only where somebody
    /// wrote in another character set, or no text at all; then companies do not say which of the two they sign.
    pub(in crate::company) fn signed(&self) -> Vec<Vec<(&str, &[u8])>> {
        let text: Vec<_> = self.0.iter().map(|field| (field.name.as_str(), field.text.as_bytes())).collect();
        let raw: Vec<_> = self.0.iter().map(|field| (field.name.as_str(), field.raw.as_slice())).collect();
        if text == raw { vec![text] } else { vec![text, raw] }
    }
}

/// `+` is a space, `%41` an A; a percent sign without two digits stands for itself.
fn unescaped(bytes: &[u8]) -> Vec<u8> {
    let digit = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let (mut plain, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(byte) = bytes.get(at) {
        let (value, used) = match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => ((high * 16 + low) as u8, 3),
            (b'+', ..) => (b' ', 1),
            _ => (*byte, 1),
        };
        plain.push(value);
        at += used;
    }
    plain
}

/// Bytes as a query wants them: everything but letters, digits, `-`, `.`, `_` and `~` with percent signs.
pub(in crate::company) fn percent(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for byte in bytes {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => text.push(char::from(*byte)),
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

#[cfg(test)]
#[path = "form_tests.rs"]
mod tests;
