//! HTTP as plain data, so that a company can be a pure translator. No HTTP crate is known here.

use crate::Time;
use crate::carrier::SendFault;
use std::fmt;

/// A request a translator wants made. Redirects are never followed.
#[derive(Clone, PartialEq, Eq)]
pub struct WireRequest {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Absolute URL.
    pub url: String,
    /// Header names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as it goes out.
    pub body: Vec<u8>,
}

impl fmt::Debug for WireRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WireRequest({}, {} bytes)", self.method, self.body.len())
    }
}

/// What came back, complete.
#[derive(Clone, PartialEq, Eq)]
pub struct WireAnswer {
    /// HTTP status.
    pub status: u16,
    /// Header names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, at most the client's limit.
    pub body: Vec<u8>,
}

impl WireAnswer {
    /// The first header of this lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// What became of a request, decided by the one client that owns the sockets.
#[derive(Clone)]
pub enum WireOutcome {
    /// A whole answer.
    Answer(WireAnswer),
    /// Connect, name or TLS failure: nothing was sent.
    NotSent(&'static str),
    /// Cut or timed out after the request began.
    Unclear(&'static str),
}

impl WireOutcome {
    /// The answer, or why there is none: what was not sent may go again, what is unclear may not.
    ///
    /// # Errors
    /// [`SendFault::NotSent`] or [`SendFault::Unclear`].
    pub fn answered(self) -> Result<WireAnswer, SendFault> {
        match self {
            WireOutcome::Answer(answer) => Ok(answer),
            WireOutcome::NotSent(why) => Err(SendFault::NotSent(why.into())),
            WireOutcome::Unclear(why) => Err(SendFault::Unclear(why.into())),
        }
    }
}

/// A call that came in: a webhook on its raw bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct WireCall {
    /// `GET` or `POST`.
    pub method: String,
    /// The URL the company signed: our configured public base, path and query; never the Host header.
    pub url: String,
    /// Header names in lower case, in order.
    pub headers: Vec<(String, String)>,
    /// Raw body.
    pub body: Vec<u8>,
}

impl WireCall {
    /// The first header of this lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// What a webhook is answered with, after the commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireReply {
    /// HTTP status.
    pub status: u16,
    /// Media type of the body.
    pub content_type: &'static str,
    /// The body.
    pub body: String,
}

/// What every method of a translator is handed: nothing is read from the world.
#[derive(Clone, Debug)]
pub struct Moment {
    /// Now.
    pub now: Time,
    /// A fresh random value; for no secret.
    pub nonce: u64,
}

/// Why a call is refused. The company's page says how to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No signature, or one that does not verify: 403, nothing parsed or stored.
    Forged(&'static str),
    /// Signed, but older than the company's tolerance.
    Stale,
    /// Signed, but not what the company documents: kept raw, told to the operator.
    Garbled(&'static str),
}

/// One request and its outcome: the only port to the network for translators' callers.
#[async_trait::async_trait]
pub trait Wire: Send + Sync {
    /// Makes the request once.
    async fn call(&self, request: WireRequest) -> WireOutcome;
}
