//! Whole schools and districts. A family is *plain* for a message where nothing is to be decided about it: one adult, one way
//! that is theirs alone and has answered, one child, every right, a language. Plain families are planned in one statement;
//! everybody else goes through the policy (`messaging::audience`), which would say the same of the plain ones.

use super::*;
use crate::message::{AnswerSet, Lane, Weight};
use crate::people::Channel;

/// What makes a family plain for one message.
#[derive(Clone, Copy, Debug)]
pub struct PlainRule {
    /// Children of this school; `None` = of the whole district.
    pub school: Option<SchoolId>,
    /// Numbers that never answered are greeted first: they are not plain.
    pub greeted: bool,
    /// Digits are offered: a phone where other digits are open is not plain.
    pub digits: bool,
    /// Menus that are open then count.
    pub now: Time,
    /// Texts go from this sender; `None`: families with a phone are not plain.
    pub sms: Option<SenderId>,
    /// Letters go from this sender; `None`: families with a mailbox are not plain.
    pub email: Option<SenderId>,
}

/// Plain families that read the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlainGroup {
    /// BCP 47.
    pub language: String,
    /// Phone or mailbox.
    pub channel: Channel,
    /// How many.
    pub families: usize,
}

/// A slice of plain families to plan.
#[derive(Clone, Copy, Debug)]
pub struct PlainSlice {
    /// The message.
    pub message: MessageId,
    /// Who is plain.
    pub rule: PlainRule,
    /// Adults after this one,
    pub after: GuardianId,
    /// and at most so many of the district.
    pub most: i64,
    /// The first of as many ids (see [`Ids::block`]).
    pub ids: i64,
    /// Lane.
    pub lane: Lane,
    /// Weight.
    pub weight: Weight,
    /// Window.
    pub opens: Time,
    /// End of window.
    pub closes: Time,
    /// Answers offered.
    pub offers: AnswerSet,
    /// Where answers go.
    pub speaks_for: StaffId,
}

/// What is left of a slice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlainDone {
    /// The last adult of the slice; `None`: there are no more.
    pub upto: Option<GuardianId>,
    /// Adults of the audience in this slice who are not plain: the policy decides. While planning, the cursor has moved only where
    /// this is empty.
    pub special: Vec<GuardianId>,
}

/// See the module.
#[async_trait::async_trait]
pub trait Wide: Send + Sync {
    /// Plain families by language and channel; a pair may come more than once.
    async fn groups(&self, district: DistrictId, rule: &PlainRule) -> Stored<Vec<PlainGroup>>;
    /// Adults of the audience, plain or not.
    async fn adults(&self, district: DistrictId, rule: &PlainRule) -> Stored<usize>;
    /// The longest given name of a plain family's child.
    async fn longest_name(&self, district: DistrictId, rule: &PlainRule) -> Stored<String>;
    /// Those of the next so many adults who are of the audience and not plain.
    async fn special(&self, district: DistrictId, rule: &PlainRule, after: GuardianId, most: i64) -> Stored<PlainDone>;
    /// Plans the plain families of a slice, each once. `None`: the message is not being planned, or another node plans it now.
    async fn plan_plain(&self, district: DistrictId, slice: &PlainSlice) -> Stored<Option<PlainDone>>;
    /// Those of these words that are names of students.
    async fn names(&self, district: DistrictId, words: &[String]) -> Stored<Vec<String>>;
}
