//! Letters: build, take in, read, trim; tokens; and connections of our own.
//!
//! Must never know the store: what stands behind a token is asked of a port.

mod compose;
mod dns;
mod lmtp;
mod post;
mod read;
mod sign;
mod smtp;
mod token;

pub use dns::{Away, Dns, Standing, Word};
pub use lmtp::{LmtpLimits, Mailroom, listen};
pub use post::{MailWords, Post};
pub use sign::Signer;
pub use smtp::{Limits, SmtpCarrier, SmtpSettings, Tls};
