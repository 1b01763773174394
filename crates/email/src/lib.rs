//! Letters: build, take in, read, trim; tokens; and connections of our own.
//!
//! Must never know the store: what stands behind a token is asked of a port.

mod compose;
mod post;
mod read;
mod token;

pub use post::{MailWords, Post};
