//! How a company proves that a call is its own, as a configuration says it. Over the raw bytes, in constant time.

use super::super::reading::keys::{any_is, code};
use super::super::reading::secret::HookSecret;
use base64::Engine;
use domain::Time;
use domain::hex;
use domain::wire::{Refusal, WireCall};
use hmac::Hmac;

/// One of the ways.
pub(super) enum Signature {
    /// A secret in the webhook's address.
    Address(HookSecret),
    /// A header that equals a secret.
    Header {
        /// Its lower-case name.
        name: String,
        /// New and old.
        good: Vec<String>,
    },
    /// An HMAC in a header.
    Code(Code),
}

/// An HMAC and what it covers.
pub(super) struct Code {
    /// The header's lower-case name.
    pub name: String,
    /// What stands before it, such as `sha256=`.
    pub prefix: String,
    /// SHA-1 where the company has nothing better, else SHA-256.
    pub sha1: bool,
    /// Base64, else hexadecimal.
    pub base64: bool,
    /// What is signed: `{timestamp}`, `{url}`, `{body}` and what stands between.
    pub of: String,
    /// The header with the time, in Unix seconds or milliseconds; empty = none.
    pub timestamp: String,
    /// For how many seconds it is good.
    pub tolerance: i64,
    /// New and old.
    pub good: Vec<String>,
}

impl Signature {
    /// Whether the call is the company's.
    pub(super) fn check(&self, call: &WireCall, now: Time) -> Result<(), Refusal> {
        match self {
            Self::Address(secret) => secret.check(call),
            Self::Header { name, good } => {
                let given = call.header(name).ok_or(Refusal::Forged("no secret in its header"))?;
                opened(any_is(good, given.as_bytes()))
            }
            Self::Code(code) => code.check(call, now),
        }
    }
}

fn opened(open: bool) -> Result<(), Refusal> {
    if open { Ok(()) } else { Err(Refusal::Forged("the signature does not verify")) }
}

impl Code {
    fn check(&self, call: &WireCall, now: Time) -> Result<(), Refusal> {
        let given = call.header(&self.name).and_then(|value| value.trim().strip_prefix(self.prefix.as_str()));
        let given = given.filter(|given| !given.is_empty()).ok_or(Refusal::Forged("no signature"))?;
        let given = if self.base64 { given.to_owned() } else { given.to_ascii_lowercase() };
        let time =
            if self.timestamp.is_empty() { None } else { Some(call.header(&self.timestamp).ok_or(Refusal::Forged("no timestamp"))?) };
        opened(any_is(self.good.iter().map(|secret| self.sign(secret, call, time.unwrap_or_default())), given.as_bytes()))?;
        let Some(time) = time else { return Ok(()) };
        let number: i64 = time.trim().parse().map_err(|_| Refusal::Forged("a timestamp that is no number"))?;
        // Milliseconds are larger than any second before the year 5000.
        let seconds = if number.unsigned_abs() > 100_000_000_000 { number / 1_000 } else { number };
        if seconds.abs_diff(now.seconds()) > self.tolerance.unsigned_abs() { Err(Refusal::Stale) } else { Ok(()) }
    }

    /// The code the company would write, without what stands before it.
    pub(super) fn sign(&self, secret: &str, call: &WireCall, time: &str) -> String {
        let mut signed = Vec::new();
        let mut rest = self.of.as_str();
        while let Some((before, (word, after))) = rest.split_once('{').and_then(|(before, after)| Some((before, after.split_once('}')?))) {
            signed.extend_from_slice(before.as_bytes());
            match word {
                "timestamp" => signed.extend_from_slice(time.as_bytes()),
                "url" => signed.extend_from_slice(call.url.as_bytes()),
                _ => signed.extend_from_slice(&call.body),
            }
            rest = after;
        }
        signed.extend_from_slice(rest.as_bytes());
        let code = if self.sha1 { code::<Hmac<sha1::Sha1>>(secret, &[&signed]) } else { code::<Hmac<sha2::Sha256>>(secret, &[&signed]) };
        if self.base64 { base64::engine::general_purpose::STANDARD.encode(code) } else { hex(&code) }
    }
}
