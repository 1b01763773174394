//! What the flows need of the store, split by flow. One method is one atomic, re-runnable step; sets go in, one answer per
//! row comes out; no transaction object ever leaves the store. Grouping of callers is the store's secret.

mod attachments;
mod directory;
mod inbound;
mod meter;
mod outbound;
mod people;
mod restored;
mod wide;
mod words;

pub use attachments::*;
pub use directory::*;
pub use inbound::*;
pub use meter::*;
pub use outbound::*;
pub use people::*;
pub use restored::*;
pub use wide::*;
pub use words::*;

use crate::*;

/// Why the store did not answer.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreFault {
    /// The database is away, locked or full: nothing was written, try again.
    #[error("the database is away: {0}")]
    Away(String),
    /// A row or statement is wrong: nothing was written; trying again does not help.
    #[error("the database refused: {0}")]
    Refused(String),
    /// A digit it offers was offered by somebody else meanwhile: nothing was written, look at the line again.
    #[error("a digit is taken by now")]
    Taken,
}

/// What a port method gives.
pub type Stored<T> = Result<T, StoreFault>;

/// A row of the audit, written in the same transaction as the act.
#[derive(Clone, Debug)]
pub struct Audit {
    /// Who; [`StaffId::HOUSE`] for Homeword itself.
    pub staff: StaffId,
    /// When.
    pub at: Time,
    /// One word: `sent`, `approved`, `consent`, `rights`, `language`, `exported`, `viewed`, `imported`, `withdrawn`, …
    pub act: &'static str,
    /// What it was done to, e.g. `message 123`; ids only.
    pub subject: String,
    /// More, ids and words of ours only; never a body, a phone or an address.
    pub detail: String,
}

/// Now, wall clock. Handed in everywhere; only `gateway` reads the real one.
pub trait Clock: Send + Sync {
    /// Microseconds UTC.
    fn now(&self) -> Time;
}

/// Fresh ids and randomness.
pub trait Ids: Send + Sync {
    /// A new 64-bit time-ordered id.
    fn next(&self) -> i64;
    /// The first of so many new ids; the others are [`crate::id::nth`].
    fn block(&self, count: i64) -> i64;
    /// A number in 0..1.
    fn jitter(&self) -> f64;
    /// 128 random bits in hex.
    fn secret(&self) -> String;
}
