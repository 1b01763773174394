//! What a company answered to a send, read as a configuration says.

use super::super::reading::{charset, json};
use super::meaning::{Errors, short};
use super::names::{Names, Source, When};
use domain::carrier::{Accepted, SendFault};
use domain::wire::WireAnswer;
use regex::Regex;
use serde_json::Value;
use std::time::Duration;

/// How answers are read.
pub(super) struct Answers {
    /// Statuses of a text that was taken.
    pub statuses: Vec<u16>,
    /// What stands in the body.
    pub body: Body,
    /// What its codes mean.
    pub errors: std::sync::Arc<Errors>,
}

/// Where in the body what stands.
pub(super) enum Body {
    /// By paths.
    Json {
        /// The ids.
        id: Names,
        /// What shows that it was taken.
        success: Option<When>,
        /// How many segments.
        segments: Names,
        /// The error's code.
        error: Names,
    },
    /// By patterns; the first group of each is what counts.
    Text {
        /// The ids.
        id: Option<Regex>,
        /// What shows that it was taken.
        success: Option<Regex>,
        /// How many segments.
        segments: Option<Regex>,
        /// The error's code.
        error: Option<Regex>,
    },
}

/// What a body says.
struct Said {
    ids: Vec<String>,
    taken: bool,
    segments: Option<u16>,
    code: Option<String>,
}

impl Body {
    fn read(&self, answer: &WireAnswer) -> Said {
        match self {
            Self::Json { id, success, segments, error } => {
                let value = json::read(answer.header("content-type"), &answer.body).unwrap_or(Value::Null);
                let source = Source::Json(&value);
                let ids = id.all(&source);
                let taken = success.as_ref().map_or(!ids.is_empty(), |when| when.holds(&source));
                Said { taken, ids, segments: segments.first(&source).and_then(|word| word.parse().ok()), code: error.first(&source) }
            }
            Self::Text { id, success, segments, error } => {
                let text = charset::text(&answer.body, charset::of(answer.header("content-type")));
                let all = |pattern: &Option<Regex>| -> Vec<String> {
                    let found = pattern.iter().flat_map(|pattern| pattern.captures_iter(&text));
                    let word = |found: regex::Captures<'_>| found.get(1).or(found.get(0)).map(|word| word.as_str().to_owned());
                    found.filter_map(word).filter(|word| !word.is_empty()).collect()
                };
                let ids = all(id);
                let taken = success.as_ref().map_or(!ids.is_empty(), |pattern| pattern.is_match(&text));
                Said { taken, ids, segments: all(segments).first().and_then(|word| word.parse().ok()), code: all(error).into_iter().next() }
            }
        }
    }
}

impl Answers {
    /// Taken, or why not. What the configuration does not know is never "taken" and never "not sent".
    pub(super) fn accepted(&self, answer: &WireAnswer) -> Result<Accepted, SendFault> {
        let Said { ids, taken, segments, code } = self.body.read(answer);
        if taken && self.statuses.contains(&answer.status) {
            return Ok(Accepted { provider_ids: ids, segments: segments.filter(|count| *count > 0) });
        }
        let after = answer.header("retry-after").and_then(|text| text.trim().parse().ok()).map(Duration::from_secs);
        let known = code.as_deref().and_then(|code| self.errors.fault(code, after));
        Err(known
            .or_else(|| self.errors.fault(&format!("http {}", answer.status), after))
            .unwrap_or_else(|| unknown(answer.status, code, after)))
    }
}

fn unknown(status: u16, code: Option<String>, after: Option<Duration>) -> SendFault {
    let code = code.map_or_else(|| status.to_string(), |code| short(&code));
    match status {
        200..300 if code == status.to_string() => SendFault::Garbled("an answer the configuration does not describe".into()),
        200..300 => SendFault::Unclear(format!("errors does not say what {code} means")),
        300..=399 => SendFault::Config(format!("url leads elsewhere ({status}): write where it leads")),
        401 | 403..=405 | 407 => SendFault::Config(format!("the company refuses our account or url ({code})")),
        429 => SendFault::Throttled { after },
        status if status >= 500 => SendFault::Unclear(format!("HTTP {status}")),
        _ => SendFault::Refused { code },
    }
}
