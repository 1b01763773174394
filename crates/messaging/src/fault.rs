//! What a use case can answer other than what was asked.

use domain::ports::StoreFault;
use domain::rights::Forbidden;

/// A use case's fault. What is forbidden answers like what is absent.
#[derive(Clone, Debug, thiserror::Error)]
pub enum FlowFault {
    /// Not there, or not for this person.
    #[error("not found")]
    NotFound,
    /// What was asked cannot be done; the words say what to do.
    #[error("{0}")]
    Invalid(String),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreFault),
}

impl From<Forbidden> for FlowFault {
    fn from(_: Forbidden) -> Self {
        FlowFault::NotFound
    }
}

/// What a use case gives.
pub type Flow<T> = Result<T, FlowFault>;
