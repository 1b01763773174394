//! Rosters: OneRoster 1.1 CSV files, a folder or a ZIP, read into a draft and compared with the one kept before.
//!
//! Reading is total: what cannot be taken is told row by row and loses nothing else. Must never know the store, nor our ids.

mod compare;
mod files;
mod oneroster;
mod phone;
mod table;

pub use compare::compare;
pub use files::{Fault, Files};
pub use oneroster::{Mapping, read};

#[cfg(test)]
mod tests;
