//! The nouns of Homeword, their legal moves, the policies, and the ports the flows need.
//!
//! A leaf: this room must never know I/O, SQL, an HTTP crate, a clock, a random source or any company's name.
//! Time and ids are handed in; time is integer microseconds UTC, ids are 64-bit and time-ordered.
#![warn(missing_docs)]

pub mod account;
pub mod breaker;
pub mod calls;
pub mod carrier;
pub mod conversation;
pub mod delivery;
mod hex;
pub mod id;
pub mod ladder;
pub mod last;
pub mod letter;
pub mod mask;
pub mod media;
pub mod menu;
pub mod message;
pub mod passage;
pub mod people;
pub mod ports;
pub mod price;
pub mod quiet;
pub mod rights;
pub mod roster;
pub mod throttle;
pub mod time;
pub mod verdict;
pub mod views;
pub mod wire;

pub use hex::hex;
pub use id::*;
pub use mask::{Address, Body, Phone};
pub use time::Time;
