//! JSON from outside, read as far as it can be: half a surrogate pair, a raw line end or a byte that is no UTF-8 must not lose a
//! family's text. And the paths by which a configuration names what stands in it.
//!
//! Must never know a company.

use serde_json::Value;

/// A body as JSON; `None` where no mending helps.
pub(super) fn read(body: &[u8]) -> Option<Value> {
    serde_json::from_slice(body).ok().or_else(|| serde_json::from_str(&mend(&String::from_utf8_lossy(body))).ok())
}

/// Escapes control characters inside strings and replaces halves of surrogate pairs.
fn mend(text: &str) -> String {
    let marks: Vec<char> = text.trim_start_matches('\u{feff}').chars().collect();
    let unit = |at: usize| -> Option<u32> {
        let digits: String = marks.get(at..at + 6)?.iter().collect();
        u32::from_str_radix(digits.strip_prefix("\\u")?, 16).ok()
    };
    let (mut mended, mut inside, mut at) = (String::with_capacity(text.len()), false, 0);
    while let Some(mark) = marks.get(at) {
        let step = match (inside, mark) {
            (true, '\\') => match (unit(at), unit(at + 6)) {
                (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
                (Some(0xd800..=0xdfff), _) => {
                    mended.push_str("\\ufffd");
                    at += 6;
                    continue;
                }
                _ => 2,
            },
            (true, mark) if mark.is_control() && u32::from(*mark) < 0x20 => {
                mended.push_str(&format!("\\u{:04x}", u32::from(*mark)));
                at += 1;
                continue;
            }
            (_, '"') => {
                inside = !inside;
                1
            }
            _ => 1,
        };
        mended.extend(marks.iter().skip(at).take(step));
        at += step;
    }
    mended
}

/// A value as a word: text that is not empty, a number, yes or no.
pub(super) fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}

/// Where a value stands: `data.messages[0].id`, or `[*]` for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Path(Vec<Step>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Field(String),
    At(usize),
    Each,
}

impl Path {
    /// Read from a configuration; the error says what a path looks like.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let wrong = || format!("must be a path such as data.messages[0].id, not {text:?}");
        let mut steps = Vec::new();
        for (at, piece) in text.split('.').enumerate() {
            let mut rest = piece.find('[').map_or("", |open| &piece[open..]);
            let name = &piece[..piece.len() - rest.len()];
            if !name.is_empty() {
                steps.push(Step::Field(name.to_owned()));
            } else if at > 0 || rest.is_empty() {
                return Err(wrong());
            }
            while !rest.is_empty() {
                let (inner, next) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')).ok_or_else(wrong)?;
                steps.push(if inner == "*" { Step::Each } else { Step::At(inner.parse().map_err(|_| wrong())?) });
                rest = next;
            }
        }
        Ok(Self(steps))
    }

    /// Every value it leads to.
    pub(super) fn all<'v>(&self, root: &'v Value) -> Vec<&'v Value> {
        self.0.iter().fold(vec![root], |found, step| {
            found
                .into_iter()
                .flat_map(|value| -> Vec<&'v Value> {
                    match step {
                        Step::Field(name) => value.get(name.as_str()).into_iter().collect(),
                        Step::At(index) => value.get(*index).into_iter().collect(),
                        Step::Each => value.as_array().map(|list| list.iter().collect()).unwrap_or_default(),
                    }
                })
                .collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_broken_letter_does_not_lose_the_text() {
        let text = |body: &[u8]| read(body).and_then(|json| json["t"].as_str().map(str::to_owned));
        assert_eq!(text(br#"{"t":"a\ud83d b"}"#).as_deref(), Some("a\u{fffd} b"));
        assert_eq!(text(br#"{"t":"\udc4d\ud83d\udc4d\\ud83d"}"#).as_deref(), Some("\u{fffd}👍\\ud83d"));
        assert_eq!(text(b"{\"t\":\"one\ntwo\"}").as_deref(), Some("one\ntwo"));
        assert_eq!(text(b"{\"t\":\"Ni\xf1o\"}").as_deref(), Some("Ni\u{fffd}o"));
        assert_eq!(text(b"\xef\xbb\xbf{\"t\":\"mark\"}").as_deref(), Some("mark"));
        assert_eq!(text(br#"{"t":"first","t":"last"}"#).as_deref(), Some("last"));
        assert_eq!((read(b""), read(b"<html>"), read(br#"{"t":"\ud8"#)), (None, None, None));
    }

    #[test]
    fn paths_lead_where_they_say() {
        let json = json!({"data": {"messages": [{"id": 7}, {"id": "x"}, {"no": null}]}});
        let words = |path: &str| Path::read(path).unwrap().all(&json).into_iter().filter_map(word).collect::<Vec<_>>();
        assert_eq!(words("data.messages[*].id"), ["7", "x"]);
        assert_eq!(words("data.messages[1].id"), ["x"]);
        assert!(words("data.messages[9].id").is_empty() && words("data.none.deep").is_empty());
        assert_eq!(Path::read("[*].id").unwrap().all(&json!([{"id": 1}, {"id": 2}])).len(), 2);
        for bad in ["", "a..b", "a[", "a[x]", "a[0", ".a"] {
            assert!(Path::read(bad).is_err(), "{bad}");
        }
    }
}
