//! What comes from outside, read so that a slip of the other side's costs no family its words: one room for all companies.
//!
//! What a standard allows is read as it says; only what it forbids is mended. Reading never fails on a letter, and never decides
//! whether a call is genuine: what is compared with a secret is compared in `secret` and `keys`, and nowhere else.
//!
//! Must never know a company.

pub(super) mod charset;
pub(super) mod form;
pub(super) mod json;
pub(super) mod keys;
pub(super) mod numbers;
pub(super) mod secret;
pub(super) mod xml;
