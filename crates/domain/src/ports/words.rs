//! Words that people approved: the memory, and phrase approvals.

use super::*;

/// A memory entry to keep.
#[derive(Clone, Debug)]
pub struct NewMemory {
    /// Hash of the slot-normalised source.
    pub key: String,
    /// BCP 47.
    pub from: String,
    /// BCP 47.
    pub to: String,
    /// The approved words, slots as `{0}`, `{1}` …
    pub pattern: String,
    /// Who.
    pub by: StaffId,
    /// When.
    pub at: Time,
}

/// A remembered translation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remembered {
    /// The approved words.
    pub pattern: String,
    /// Name of the person.
    pub by: String,
}

/// An approval of a shipped phrase by the district.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhraseApproval {
    /// Phrase key.
    pub key: String,
    /// BCP 47.
    pub language: String,
    /// The exact text approved (with `{ $arguments }` as shipped): a changed text is a draft again.
    pub text: String,
    /// Name.
    pub by: String,
    /// A sample district's approval, marked as such.
    pub sample: bool,
}

/// See the module.
#[async_trait::async_trait]
pub trait WordStore: Send + Sync {
    /// One answer each.
    async fn remembered(&self, district: DistrictId, from: &str, wanted: &[(String, String)]) -> Stored<Vec<Option<Remembered>>>;
    /// Every phrase approval.
    async fn approvals(&self, district: DistrictId) -> Stored<Vec<PhraseApproval>>;
    /// Approves phrases.
    async fn approve(&self, district: DistrictId, approvals: &[PhraseApproval], audit: &Audit) -> Stored<()>;
}
