//! Names of what stands in an answer or a call, as a configuration gives them: paths or plain fields, with second choices
//! (`failureReason | status`).

use super::super::reading::form::Fields;
use super::super::reading::json::word;
use super::path::Path;
use serde_json::Value;

/// A thing's names, the first that is there counts.
#[derive(Default)]
pub(super) struct Names(Vec<(String, Path)>);

/// One event of a call, or an answer.
pub(super) enum Source<'a> {
    /// A JSON value.
    Json(&'a Value),
    /// Fields of a query or a form.
    Fields(&'a Fields),
}

impl Names {
    /// Read from a configuration; empty names nothing.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let one = |name: &str| Ok::<_, String>((name.to_owned(), Path::read(name)?));
        Ok(Self(text.split('|').map(str::trim).filter(|name| !name.is_empty()).map(one).collect::<Result<_, _>>()?))
    }

    /// Whether the configuration names it.
    pub(super) fn are_given(&self) -> bool {
        !self.0.is_empty()
    }

    /// Every word of the first name that has one.
    pub(super) fn all(&self, source: &Source<'_>) -> Vec<String> {
        let words = |(name, path): &(String, Path)| match source {
            Source::Json(value) => path.all(value).into_iter().filter_map(word).collect::<Vec<_>>(),
            Source::Fields(fields) => fields.get(name).into_iter().collect(),
        };
        self.0.iter().map(words).find(|words| !words.is_empty()).unwrap_or_default()
    }

    /// Its first word.
    pub(super) fn first(&self, source: &Source<'_>) -> Option<String> {
        self.all(source).into_iter().next()
    }
}

/// A condition: `type=message-received`, or `type=a|b`.
pub(super) struct When {
    names: Names,
    words: Vec<String>,
}

impl When {
    /// Read from a configuration; `None` where it says nothing.
    pub(super) fn read(text: &str) -> Result<Option<Self>, String> {
        if text.trim().is_empty() {
            return Ok(None);
        }
        let (name, words) = text.split_once('=').ok_or("must be a field and its word, such as type=message-received")?;
        let words = words.split('|').map(|word| word.trim().to_owned()).collect();
        Ok(Some(Self { names: Names::read(name)?, words }))
    }

    /// Whether it holds.
    pub(super) fn holds(&self, source: &Source<'_>) -> bool {
        self.names.first(source).is_some_and(|found| self.words.iter().any(|word| word.eq_ignore_ascii_case(found.trim())))
    }
}
