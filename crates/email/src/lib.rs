//! Letters: build, take in, read, trim; tokens; connections of our own; mail companies as pure translators.
//!
//! Must never know the store: what stands behind a token is asked of a port.

mod company;
mod compose;
mod dns;
mod hand_over;
mod listen;
#[cfg(feature = "imap")]
mod mailbox;
mod post;
mod read;
mod secure;
mod sign;
mod smtp;
mod token;

pub use company::{HttpLetters, MAIL_KINDS, MailKind, mail_sample, report};
pub use dns::{Away, Client, Dns, OURS, Standing, Word};
pub use hand_over::{Handed, hand_over};
pub use listen::{ListenLimits, Listening, Mailroom, Protocol, converse, listen};
#[cfg(feature = "imap")]
pub use mailbox::{Bearer, Behind, Entry, InMailbox, MailboxFault, MailboxLimits, MailboxSettings, Took, read_mailbox, try_mailbox};
pub use post::{Answers, MailWords, Post};
pub use sign::{Signer, signed};
pub use smtp::{Limits, SmtpCarrier, SmtpSettings, Tls};
