//! The port to people's free text in another language. Slots, guard and engines are `translation`'s secret.

/// Where the words of a translation came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Translated {
    /// The words.
    pub text: String,
    /// `apertium`, …
    pub engine: String,
    /// What the guard noticed; empty = nothing. A finding means the words must not go by themselves.
    pub findings: Vec<String>,
}

/// Why there is no translation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoWords {
    /// No engine covers the pair.
    NotCovered,
    /// The engine failed or is down.
    Failed(String),
}

/// One text to translate.
#[derive(Clone, Debug)]
pub struct ToTranslate {
    /// BCP 47 tag of the source.
    pub from: String,
    /// BCP 47 tag wanted.
    pub to: String,
    /// The words.
    pub text: String,
    /// Names that must survive as they are.
    pub names: Vec<String>,
}

/// Free text, translated by engines behind a guard.
#[async_trait::async_trait]
pub trait Translate: Send + Sync {
    /// Whether some engine covers the pair now.
    fn covers(&self, from: &str, to: &str) -> bool;
    /// One answer each, in order.
    async fn translate(&self, set: &[ToTranslate]) -> Vec<Result<Translated, NoWords>>;
}

/// Slot-normalised keys of free text, so that an approved translation serves again when only a date or a name changed.
pub trait Passages: Send + Sync {
    /// A text in pieces, for whoever translates it: true = it must survive as it is.
    fn pieces(&self, text: &str, names: &[String]) -> Vec<(String, bool)>;
    /// The memory key of a source text.
    fn key(&self, from: &str, text: &str, names: &[String]) -> String;
    /// An approved translation as a pattern with slots; the text itself where a slot cannot be found.
    fn pattern(&self, from: &str, to: &str, source: &str, target: &str, names: &[String]) -> Option<String>;
    /// A pattern filled with this source's slots, in the target's style.
    fn fill(&self, from: &str, to: &str, pattern: &str, source: &str, names: &[String]) -> Option<String>;
}
