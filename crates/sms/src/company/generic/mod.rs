//! A company nobody wrote code for: described in the configuration alone.
//!
//! Its names are the administrator's, so nothing here may know a company. What the configuration does not describe is never
//! "taken" and never "not sent". Sources: none of its own; the page `docs/providers/http.md` shows worked examples, and the tests
//! build each of them from the page.

mod answer;
mod call;
mod configured;
mod meaning;
mod names;
mod path;
mod settings;
mod signature;
mod template;

use super::Kind;
use super::reading::charset::utf16;
use super::reading::form::percent;
use super::reading::numbers::Style;
use super::reading::secret::basic;
use crate::text::Coding;
use domain::carrier::*;
use domain::hex;
use domain::wire::*;
use std::time::Duration;

/// The kind, as the table of companies lists it.
pub(super) const KIND: Kind = Kind {
    name: "http",
    title: "Any other company or box with an HTTP interface",
    settings: settings::SETTINGS,
    build: |given| Ok(std::sync::Arc::new(Generic::of(given)?)),
};

/// How a request proves whose it is.
enum Auth {
    /// By its fields, or not at all.
    None,
    /// HTTP basic.
    Basic,
    /// A header and its value.
    Header(String, String),
    /// A field of the address.
    Query(String),
}

/// The translator.
struct Generic {
    url: String,
    method: &'static str,
    /// Whether the template is the body, else the query.
    in_body: bool,
    template: template::Template,
    headers: Vec<(String, String)>,
    auth: Auth,
    user: String,
    secret: String,
    style: Style,
    /// What `{unicode}` says of GSM 7-bit texts, and of others.
    unicode: [String; 2],
    longest: usize,
    /// The company does not join the parts of a long text.
    numbered: bool,
    answers: answer::Answers,
    calls: call::Calls,
    signature: signature::Signature,
    acknowledge: String,
    acknowledge_type: &'static str,
    hook: String,
    slowest: Duration,
}

impl Generic {
    fn receipt_url(&self, sms: &Outgoing) -> String {
        let secret = match &self.signature {
            signature::Signature::Address(secret) => format!("{}&", secret.pair()),
            _ => String::new(),
        };
        format!("{}?{secret}ref={}", self.hook, sms.reference())
    }

    fn words(&self, sms: &Outgoing, at: &Moment) -> template::Filled {
        let text = match &sms.content {
            Content::Text(body) => body.reveal(),
            Content::Letter { .. } => "",
        };
        let seconds = (sms.useful_until.seconds() - at.now.seconds()).clamp(60, 172_800);
        let [plain, other] = &self.unicode;
        vec![
            ("to", self.style.to(sms)),
            ("from", self.style.write(&sms.from)),
            ("text", text.to_owned()),
            ("text_hex", hex(&utf16(text))),
            ("reference", sms.reference()),
            ("receipt_url", self.receipt_url(sms)),
            ("minutes", (seconds / 60).to_string()),
            ("seconds", seconds.to_string()),
            ("unicode", if Coding::PLAIN.has(text) { plain } else { other }.clone()),
            ("user", self.user.clone()),
            ("secret", self.secret.clone()),
        ]
    }
}

impl SmsProvider for Generic {
    fn abilities(&self) -> Abilities {
        let receipts = self.calls.receipt_status.are_given();
        Abilities {
            repeat: Repeat::Blind,
            receipts,
            longest: self.longest,
            capacity: Capacity { tables: Tables::None, numbered: self.numbered },
            slowest: self.slowest,
        }
    }

    fn submit(&self, sms: &Outgoing, at: &Moment) -> WireRequest {
        let filled = self.template.fill(&self.words(sms, at));
        let mut headers = self.headers.clone();
        let mut query = Vec::new();
        match &self.auth {
            Auth::None => {}
            Auth::Basic => headers.push(("authorization".into(), basic(&self.user, &self.secret))),
            Auth::Header(name, value) => headers.push((name.clone(), value.clone())),
            Auth::Query(name) => query.push(format!("{}={}", percent(name.as_bytes()), percent(self.secret.as_bytes()))),
        }
        let mut body = Vec::new();
        if self.in_body {
            let kind =
                if matches!(self.template, template::Template::Json(_)) { "application/json" } else { "application/x-www-form-urlencoded" };
            headers.push(("content-type".into(), kind.into()));
            body = filled.into_bytes();
        } else {
            query.push(filled);
        }
        let separator = if self.url.contains('?') { "&" } else { "?" };
        let url = if query.is_empty() { self.url.clone() } else { format!("{}{separator}{}", self.url, query.join("&")) };
        WireRequest { method: self.method, url, headers, body }
    }

    fn accepted(&self, answer: &WireAnswer) -> Result<Accepted, SendFault> {
        self.answers.accepted(answer)
    }

    fn authentic(&self, call: &WireCall, at: &Moment) -> Result<(), Refusal> {
        self.signature.check(call, at.now)
    }

    fn events(&self, call: &WireCall) -> Result<Vec<Event>, Refusal> {
        self.calls.events(call)
    }

    fn acknowledge(&self, _taken: usize) -> WireReply {
        WireReply { status: 200, content_type: self.acknowledge_type, body: self.acknowledge.clone() }
    }

    fn look_up(&self, _sms: &Outgoing) -> Option<WireRequest> {
        None
    }

    fn found(&self, _answer: &WireAnswer) -> Found {
        Found::Unclear
    }
}

#[cfg(test)]
mod tests;
