//! Mail companies over HTTP, in one table: what each kind is called, what it wants to know, and how its translator is made. A letter
//! goes to them as it was composed where they take that, and comes from them as it was written: one reader serves every way in.
//!
//! Must never know a socket, a store, or where a secret is kept: values are handed in, read already.

mod apart;
mod carrier;
mod form;
mod mailgun;
mod postmark;
mod report;
mod sendgrid;
mod ses;
mod sign;
#[cfg(test)]
mod tests;

pub use carrier::HttpLetters;
pub use report::report;

use domain::Address;
use domain::account::{Given, Setting, Wrong};
use domain::carrier::*;
use domain::letter::BounceClass;
use domain::wire::*;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;

/// One kind of mail company.
pub struct MailKind {
    /// As `kind` in the configuration says it.
    pub name: &'static str,
    /// Who that is, for a person.
    pub title: &'static str,
    /// What it wants to know.
    pub settings: &'static [Setting],
    /// Makes the translator of an account.
    pub make: fn(&Given) -> Result<Arc<dyn MailProvider>, Wrong>,
}

/// Every kind there is, in the order an administrator reads them.
pub const MAIL_KINDS: &[MailKind] = &[ses::KIND, mailgun::KIND, postmark::KIND, sendgrid::KIND];

/// The accounts' part of the sample configuration.
pub fn mail_sample() -> String {
    MAIL_KINDS.iter().map(|kind| domain::account::sample("letters.accounts", kind.name, kind.title, kind.settings)).collect()
}

/// The name under which our own word goes with a letter and comes back with what happened to it.
const TAG: &str = "homeword-reference";
/// How far ahead of ours a company's clock may be.
const AHEAD: i64 = 600;
/// The longest word of theirs that is kept.
const WORD: usize = 200;

fn abilities(slowest: Duration) -> Abilities {
    // None of them documents a key of ours: an unclear send is never repeated.
    Abilities { repeat: Repeat::Blind, receipts: true, longest: 0, capacity: Capacity::default(), slowest }
}

/// A letter's recipient and bytes.
fn letter(outgoing: &Outgoing) -> Result<(&str, &[u8]), SendFault> {
    let (Destination::Mailbox(to), Content::Letter { raw, .. }) = (&outgoing.to, &outgoing.content) else {
        return Err(SendFault::Config("a mail company carries letters only".into()));
    };
    let to = to.reveal();
    let plain = to.contains('@') && !to.chars().any(|mark| mark.is_control() || mark.is_whitespace() || "<>\",;".contains(mark));
    if plain { Ok((to, raw)) } else { Err(SendFault::BadAddress("this is no email address".into())) }
}

/// The text at a path of names; empty where there is none.
fn text<'a>(value: &'a Value, path: &[&str]) -> &'a str {
    path.iter().try_fold(value, |value, name| value.get(name)).and_then(Value::as_str).unwrap_or_default()
}

/// The same for what may be a number.
fn word(value: &Value, path: &[&str]) -> String {
    match path.iter().try_fold(value, |value, name| value.get(name)) {
        Some(Value::String(text)) => text.chars().take(WORD).collect(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

/// A list, or what stands alone where a list should.
fn list(value: Option<&Value>) -> &[Value] {
    match value {
        Some(Value::Array(list)) => list,
        Some(Value::Null) | None => &[],
        Some(one) => std::slice::from_ref(one),
    }
}

/// Whether a call came to the address that ends in this word: by it companies are told, or tell, what they hand over.
fn comes_to(call: &WireCall, word: &str) -> bool {
    call.url.split(['?', '#']).next().is_some_and(|path| path.ends_with(word))
}

fn json(body: &[u8]) -> Result<Value, Refusal> {
    serde_json::from_slice(body).map_err(|_| Refusal::Garbled("no JSON"))
}

/// An id on its way to the store.
fn id(said: &str) -> Result<Accepted, SendFault> {
    let said: String = said.trim().trim_matches(['<', '>']).chars().filter(|mark| mark.is_ascii_graphic()).take(WORD).collect();
    if said.is_empty() {
        return Err(SendFault::Garbled("no message id in the answer".into()));
    }
    Ok(Accepted { provider_ids: vec![said], segments: None })
}

/// What a status means that the company has no word for. `code` is theirs.
fn by_status(answer: &WireAnswer, code: &str) -> SendFault {
    let after = || answer.header("retry-after").and_then(|after| after.trim().parse().ok()).map(Duration::from_secs);
    match answer.status {
        // A proxy's page says nothing of the letter.
        200..=299 | 404 if answer.header("content-type").is_some_and(|kind| kind.contains("html")) => {
            SendFault::Garbled(format!("answered with a page ({})", answer.status))
        }
        429 => SendFault::Throttled { after: after() },
        401..=403 => SendFault::Config(format!("the company refuses our key or our address ({code})")),
        404 => SendFault::Config(format!("the company does not know our domain or its own address ({code})")),
        400..=499 => SendFault::Refused { code: code.to_owned() },
        // Said by what stands before the company: it may have the letter.
        502 | 504 => SendFault::Unclear(format!("answered with {}", answer.status)),
        500..=599 => SendFault::NotSent(format!("the company said {code}")),
        _ => SendFault::Garbled(format!("answered with {code}")),
    }
}

/// Whether a time of a signed call, in seconds, may be one of now. Companies say a letter again for hours after they failed to hand it
/// over, and not all sign it anew.
fn fresh(seconds: i64, at: &Moment, oldest: i64) -> Result<(), Refusal> {
    let age = at.now.seconds().saturating_sub(seconds);
    if (-AHEAD..=oldest).contains(&age) { Ok(()) } else { Err(Refusal::Stale) }
}

/// A status of RFC 3463, if it is one.
fn status(said: &str) -> &str {
    let word = said.split([' ', ';']).find(|word| {
        let mut parts = word.split('.');
        let number = |part: Option<&str>, most| {
            part.is_some_and(|part| (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
        };
        matches!(parts.next(), Some("4" | "5")) && number(parts.next(), 3) && number(parts.next(), 3) && parts.next().is_none()
    });
    word.unwrap_or_default()
}

/// How dead an address is of which the server said that, where the company says only that the letter failed.
fn class_of(status: &str) -> BounceClass {
    match status.get(..4) {
        Some("5.1.") => BounceClass::Hard,
        Some("5.7.") => BounceClass::Policy,
        _ => BounceClass::Soft,
    }
}

fn failed(reference: &Option<String>, recipient: &str, class: BounceClass, status: &str) -> MailNews {
    happened(reference, recipient, MailHappened::Failed { class, status: status.to_owned() })
}

fn happened(reference: &Option<String>, recipient: &str, happened: MailHappened) -> MailNews {
    MailNews::Report(MailReport { reference: reference.clone(), recipient: Address::new(recipient.to_owned()), happened })
}
