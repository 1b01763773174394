//! Letters out: a bounded number of connections of our own to one mail server.
//!
//! lettre composes and never sends: its pool waits 40 ms per letter. Here the socket has no delay, commands go in one
//! write, a refused address costs a RSET and not a connection, and every step has a time limit.

mod carrier;
mod line;

pub use carrier::SmtpCarrier;
pub(crate) use line::stuffed;

use std::time::Duration;

/// How the conversation is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// Not at all: a server on this machine.
    None,
    /// STARTTLS, required.
    Starttls,
    /// From the first byte.
    Whole,
}

/// The mail server and how to speak to it.
#[derive(Clone)]
pub struct SmtpSettings {
    /// Host name or address; certificates are checked against it.
    pub host: String,
    /// 25, 465, 587.
    pub port: u16,
    /// See [`Tls`].
    pub tls: Tls,
    /// User and password, if the server wants them.
    pub login: Option<(String, String)>,
    /// What we call ourselves in EHLO.
    pub name: String,
    /// Connections at once, at most.
    pub connections: usize,
    /// Sign letters from their domains; none, where the mail server signs.
    pub signers: Vec<crate::Signer>,
    /// Time limits.
    pub limits: Limits,
}

/// Time limits of a conversation (RFC 5321, 4.5.3.2, made shorter where nothing is at stake).
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Name lookup, TCP and TLS.
    pub connect: Duration,
    /// One command's answer.
    pub command: Duration,
    /// The answer to the final dot: the server may be scanning the letter.
    pub last: Duration,
    /// No new letter begins after this much of one `send`.
    pub begin: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            command: Duration::from_secs(60),
            last: Duration::from_secs(600),
            begin: Duration::from_secs(60),
        }
    }
}

impl Limits {
    /// The longest one `send` may take.
    pub fn whole(&self) -> Duration {
        self.begin + self.connect * 2 + self.command * 6 + self.last
    }
}
