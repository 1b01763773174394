//! The request a configuration describes: field names of the company's own, with our words put in.

use super::super::reading::form::percent;
use serde_json::Value;

/// What may stand in a template, each in braces.
pub(super) const WORDS: &[&str] =
    &["to", "from", "text", "text_hex", "reference", "receipt_url", "minutes", "seconds", "unicode", "user", "secret"];

/// A template's words with what they are for one text.
pub(super) type Filled = Vec<(&'static str, String)>;

/// A body or a query.
pub(super) enum Template {
    /// Fields of a form or a query.
    Pairs(Vec<(String, String)>),
    /// JSON whose strings hold words.
    Json(Value),
}

impl Template {
    /// Fields as `name=words&name=words`.
    pub(super) fn pairs(text: &str) -> Result<Self, String> {
        let pairs: Vec<(String, String)> = form_urlencoded::parse(text.as_bytes()).into_owned().collect();
        pairs.iter().try_for_each(|(_, words)| check(words))?;
        Ok(Self::Pairs(pairs))
    }

    /// JSON.
    pub(super) fn json(text: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(text).map_err(|fault| format!("must be JSON, such as {{\"to\":\"{{to}}\"}} ({fault})"))?;
        strings(&value).iter().try_for_each(|words| check(words))?;
        Ok(Self::Json(value))
    }

    /// Whether one of these words stands in it.
    pub(super) fn has(&self, words: &[&str]) -> bool {
        let texts = match self {
            Self::Pairs(pairs) => pairs.iter().map(|(_, words)| words.clone()).collect(),
            Self::Json(value) => strings(value),
        };
        words.iter().any(|word| texts.iter().any(|text| text.contains(&format!("{{{word}}}")) || text.contains(&format!(":{word}}}"))))
    }

    /// `name=value&…` for a form or a query; a JSON document.
    pub(super) fn fill(&self, filled: &Filled) -> String {
        match self {
            Self::Pairs(pairs) => {
                let pair =
                    |(name, words): &(String, String)| format!("{}={}", percent(name.as_bytes()), percent(put(words, filled).as_bytes()));
                pairs.iter().map(pair).collect::<Vec<_>>().join("&")
            }
            Self::Json(value) => write(value, filled).to_string(),
        }
    }
}

fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(list) => list.iter().flat_map(strings).collect(),
        Value::Object(map) => map.values().flat_map(strings).collect(),
        _ => vec![],
    }
}

/// Where the next `{word}` stands: before it, the word, after it.
fn next(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('{')?;
    let (word, after) = rest.split_once('}')?;
    Some((before, word, after))
}

fn check(text: &str) -> Result<(), String> {
    let mut rest = text;
    while let Some((_, word, after)) = next(rest) {
        let whole = text.len() == word.len() + 2;
        let name = word.strip_prefix("number:").or_else(|| word.strip_prefix("bool:")).filter(|_| whole).unwrap_or(word);
        if !WORDS.contains(&name) {
            return Err(format!("knows no {{{word}}}; it knows {{{}}}", WORDS.join("}, {")));
        }
        rest = after;
    }
    Ok(())
}

fn of<'f>(filled: &'f Filled, word: &str) -> &'f str {
    filled.iter().find(|(name, _)| *name == word).map_or("", |(_, value)| value)
}

/// Once through: what a family or a teacher wrote is never read for words.
fn put(text: &str, filled: &Filled) -> String {
    let (mut written, mut rest) = (String::new(), text);
    while let Some((before, word, after)) = next(rest) {
        written.push_str(before);
        written.push_str(of(filled, word));
        rest = after;
    }
    written + rest
}

fn write(value: &Value, filled: &Filled) -> Value {
    match value {
        Value::String(text) => {
            let inner = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap_or_default();
            if let Some(number) = inner.strip_prefix("number:").and_then(|word| of(filled, word).parse::<i64>().ok()) {
                return number.into();
            }
            if let Some(word) = inner.strip_prefix("bool:") {
                return matches!(of(filled, word), "1" | "true" | "yes").into();
            }
            put(text, filled).into()
        }
        Value::Array(list) => list.iter().map(|value| write(value, filled)).collect(),
        Value::Object(map) => Value::Object(map.iter().map(|(name, value)| (name.clone(), write(value, filled))).collect()),
        other => other.clone(),
    }
}
