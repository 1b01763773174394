//! Calls to our numbers (DIALOGUE 19): where each number's calls go, and what a caller hears. Must never know how a company says it.

use crate::Phone;
use serde::{Deserialize, Serialize};

/// Where calls to one of our numbers go. A number must say it: a family that calls must reach somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Calls {
    /// Nobody said: such a number keeps a district from going live.
    #[default]
    Unsaid,
    /// To a phone of the school.
    Forward(Phone),
    /// One line in the caller's language, then it ends.
    Says,
    /// Handled outside, at the company or by the phone itself; the district's note says how.
    Elsewhere(String),
}

/// How far a call came. Written to the spool: none may be renamed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum CallStage {
    /// It rings, and the company waits to hear what becomes of it.
    Ringing,
    /// It was put through to the school's phone; its end comes as another event.
    PutThrough,
    /// Somebody at the school took it.
    Answered,
    /// Nobody took it.
    #[default]
    Missed,
}

impl CallStage {
    /// Whether nobody took it.
    pub fn is_missed(&self) -> bool {
        *self == CallStage::Missed
    }
}

/// A sentence in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// BCP 47.
    pub language: String,
    /// Words.
    pub words: String,
}

/// What becomes of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallAnswer {
    /// It is put through, and its end is told.
    Forward {
        /// A phone of the school.
        to: Phone,
    },
    /// These lines are said, then it ends.
    Say {
        /// In the caller's languages; the company leaves out what none of its voices speaks.
        lines: Vec<Line>,
        /// Said where nothing else could be.
        spare: Line,
    },
    /// It ends.
    End,
}
