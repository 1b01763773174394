//! Vonage's SMS API (once Nexmo's).
//!
//! Sources: Vonage, "Inbound SMS", "Delivery receipts", "Troubleshooting SMS", "Signing Messages", "Messaging Opted-out Numbers" and
//! "API Settings" pages; its OpenAPI description (Nexmo/api-specification `definitions/sms.yml`). An answer is 200 even where nothing
//! was taken, long texts come in parts, and no repeated send is recognised: the company is `Blind`.
//!
//! Must never know the Messages API, whose calls look otherwise and are signed otherwise.

mod codes;
mod signature;

use super::reading::form::Fields;
use super::reading::json;
use super::reading::keys::{any_is, digest, key};
use super::reading::numbers::{self, Style};
use super::{Kind, Setting, Wrong};
use crate::text::Coding;
use domain::carrier::*;
use domain::mask::Body;
use domain::wire::*;
use signature::{ALGORITHMS, Algorithm, signature};
use std::time::Duration;

/// The kind, as the table of companies lists it.
pub(super) const KIND: Kind = Kind {
    name: "vonage",
    title: "Vonage (once Nexmo), SMS API",
    settings: &[
        Setting::needed("api_key", "The account's API key, eight characters at the top of the dashboard."),
        Setting::secret("signature_secret", "Signs what the company sends us. Ask its support to switch signed webhooks on."),
        Setting::secret_or_none("api_secret", "Signs in. Left out, each send is signed with the signature secret instead."),
        Setting::secret_or_none("old_signature_secret", "While the signature secret is changed: the one that may still sign webhooks."),
        Setting::or(
            "signature_algorithm",
            "md5-hash",
            "As the dashboard says it: md5-hash, md5-hmac, sha1-hmac, sha256-hmac or sha512-hmac.",
        ),
        Setting::or("base_url", "https://rest.nexmo.com", "Where the SMS API is."),
    ],
    build: |given| {
        if given.get("signature_secret").is_empty() {
            return Err(Wrong { setting: "signature_secret".into(), want: "must not be empty: anybody could sign with nothing".into() });
        }
        // The company's limit for the address of receipts; a longer one is refused at each send (status 23).
        if given.hook.len() > 100 {
            return Err(Wrong {
                setting: "public_url".into(),
                want: "is too long: Vonage takes webhooks of 100 characters at most".into(),
            });
        }
        let secrets = ["signature_secret", "old_signature_secret"].map(|name| given.get(name).to_owned());
        Ok(std::sync::Arc::new(Vonage {
            url: format!("{}/sms/json", given.base("base_url")?),
            api_key: given.get("api_key").to_owned(),
            api_secret: given.get("api_secret").to_owned(),
            secrets: secrets.into_iter().filter(|secret| !secret.is_empty()).collect(),
            algorithm: given.one_of("signature_algorithm", ALGORITHMS)?,
            hook: given.hook.clone(),
            slowest: given.slowest,
        }))
    },
};

/// For how many seconds a signed call is good. The company repeats a call for 24 hours and does not say whether a repeated one bears
/// a new time: a shorter life could refuse a family's text for good. Replays within it have a known key.
const LIFE: i64 = 25 * 3600;
/// How far its clock may be ahead of ours.
const AHEAD: i64 = 300;

/// The translator.
struct Vonage {
    url: String,
    api_key: String,
    /// Empty: each send is signed.
    api_secret: String,
    /// The first signs, each verifies.
    secrets: Vec<String>,
    algorithm: Algorithm,
    hook: String,
    slowest: Duration,
}

impl Vonage {
    fn incoming(&self, fields: &Fields) -> Result<Event, Refusal> {
        let get = |name: &str| fields.get(name).unwrap_or_default();
        if get("type") == "binary" && !fields.has("text") {
            return Ok(Event::Ignored("a binary message: no words in it"));
        }
        let from = fields.get("msisdn").ok_or(Refusal::Garbled("a text without a sender"))?;
        let number = |name: &str| get(name).parse::<u16>().ok().filter(|number| *number > 0);
        let part = match (fields.get("concat-ref"), number("concat-part"), number("concat-total")) {
            (Some(set), Some(number), Some(of)) if of > 1 && number <= of => Some(Part { set: set.chars().take(60).collect(), number, of }),
            _ => None,
        };
        let text = fields.get("text").or_else(|| fields.get("keyword")).unwrap_or_default();
        // Without an id, two equal texts must not pass for one: the call's own nonce tells them apart.
        let id = fields.get("messageId").unwrap_or_else(|| digest(&[&from, &get("to"), &get("nonce"), &text].map(String::as_bytes)));
        let place = part.as_ref().map_or(String::new(), |part| format!(":{}", part.number));
        Ok(Event::Incoming {
            key: key("sms", &id) + &place,
            from: numbers::read(&from, ""),
            to: numbers::read(&get("to"), ""),
            text: Body::new(text),
            media: Vec::new(),
            carrier_answered: false,
            part,
        })
    }

    fn receipt(&self, fields: &Fields) -> Result<Event, Refusal> {
        let status = fields.get("status").unwrap_or_default();
        let kind = match status.as_str() {
            "delivered" => ReceiptKind::Delivered,
            "failed" | "rejected" | "expired" | "undelivered" => ReceiptKind::Failed,
            // "No useful information": but it was taken, which is news after a lost answer.
            "accepted" | "buffered" | "unknown" => ReceiptKind::Accepted,
            _ => return Ok(Event::Ignored("a status this version does not know")),
        };
        let reference = fields.get("client-ref");
        let id = fields.get("messageId").or_else(|| reference.clone()).ok_or(Refusal::Garbled("a receipt without a messageId"))?;
        let failed = kind == ReceiptKind::Failed;
        let code =
            fields.get("err-code").filter(|code| !code.trim_start_matches('0').is_empty()).or_else(|| failed.then(|| status.clone()));
        Ok(Event::Receipt {
            ours: None,
            key: key("status", &id) + ":" + &status,
            reference,
            provider_id: id.chars().take(200).collect(),
            kind,
            fault: code.as_deref().filter(|_| failed).map(codes::of_receipt),
            code,
        })
    }
}

impl SmsProvider for Vonage {
    fn abilities(&self) -> Abilities {
        Abilities { repeat: Repeat::Blind, receipts: true, longest: 1600, capacity: Capacity::default(), slowest: self.slowest }
    }

    fn submit(&self, sms: &Outgoing, at: &Moment) -> WireRequest {
        let text = match &sms.content {
            Content::Text(body) => body.reveal(),
            Content::Letter { .. } => "",
        };
        let kind = if Coding::PLAIN.has(text) { "text" } else { "unicode" };
        // Milliseconds, within the company's bounds.
        let life = (sms.useful_until.seconds() - at.now.seconds()).saturating_mul(1000).clamp(20_000, 604_800_000);
        let mut fields = vec![
            ("api_key", self.api_key.clone()),
            ("from", Style::Digits.write(&sms.from)),
            ("to", Style::Digits.to(sms)),
            ("text", text.to_owned()),
            ("type", kind.into()),
            ("ttl", life.to_string()),
            ("status-report-req", "1".into()),
            ("callback", self.hook.clone()),
            // It comes back in each receipt. A query of our own on the callback is unsupported beside a POST.
            ("client-ref", sms.reference()),
        ];
        if self.api_secret.is_empty() {
            fields.push(("timestamp", at.now.seconds().to_string()));
            let pairs: Vec<(&str, &[u8])> = fields.iter().map(|(name, value)| (*name, value.as_bytes())).collect();
            let signed = signature(self.algorithm, self.secrets.first().map_or("", String::as_str), &pairs);
            fields.push(("sig", signed));
        } else {
            fields.push(("api_secret", self.api_secret.clone()));
        }
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
        let headers = vec![("content-type".into(), "application/x-www-form-urlencoded".into())];
        WireRequest { method: "POST", url: self.url.clone(), headers, body: body.into_bytes() }
    }

    /// One object a part. Where only some parts were taken, sending again would repeat them, so that is unclear.
    fn accepted(&self, answer: &WireAnswer) -> Result<Accepted, SendFault> {
        match answer.status {
            200..300 => {}
            401 | 403 => {
                return Err(SendFault::Config(format!(
                    "the company refuses our account: check api_key and api_secret (HTTP {})",
                    answer.status
                )));
            }
            429 => {
                let after = answer.header("retry-after").and_then(|text| text.parse().ok()).map(Duration::from_secs);
                return Err(SendFault::Throttled { after });
            }
            500.. => return Err(SendFault::Unclear(format!("HTTP {}", answer.status))),
            other => return Err(SendFault::Refused { code: format!("HTTP {other}") }),
        }
        let garbled = || SendFault::Garbled("no messages in the answer".into());
        let read = json::read(answer.header("content-type"), &answer.body).ok_or_else(garbled)?;
        let parts = read.get("messages").and_then(serde_json::Value::as_array).filter(|parts| !parts.is_empty()).ok_or_else(garbled)?;
        let field = |part: &serde_json::Value, name: &str| json::field(part, name).unwrap_or_default();
        let refused: Vec<_> = parts.iter().filter(|part| field(part, "status") != "0").collect();
        match refused.first() {
            Some(_) if refused.len() < parts.len() => {
                Err(SendFault::Unclear(format!("only {} of {} parts were taken", parts.len() - refused.len(), parts.len())))
            }
            Some(part) if field(part, "status").is_empty() => Err(garbled()),
            Some(part) => Err(codes::of_send(&field(part, "status"), &field(part, "error-text"))),
            None => {
                let ids: Vec<String> = parts.iter().map(|part| field(part, "message-id")).filter(|id| !id.is_empty()).collect();
                let segments = u16::try_from(parts.len()).ok();
                if ids.is_empty() { Err(garbled()) } else { Ok(Accepted { provider_ids: ids, segments }) }
            }
        }
    }

    fn authentic(&self, call: &WireCall, at: &Moment) -> Result<(), Refusal> {
        let fields = Fields::of(call).ok_or(Refusal::Forged("nothing in it could be signed"))?;
        let given = fields.get("sig").ok_or(Refusal::Forged("no signature"))?.to_ascii_lowercase();
        // Values have these marks replaced before they are signed, names have not: one could swallow its neighbours.
        if fields.names().any(|name| name.contains(['&', '='])) {
            return Err(Refusal::Forged("a name that could hide another"));
        }
        let signed = fields.signed();
        let good = self.secrets.iter().flat_map(|secret| signed.iter().map(|signed| signature(self.algorithm, secret, signed)));
        if !any_is(good, given.as_bytes()) {
            return Err(Refusal::Forged("the signature does not verify"));
        }
        let time: i64 = fields.get("timestamp").and_then(|text| text.parse().ok()).ok_or(Refusal::Forged("no time is signed"))?;
        let age = at.now.seconds().saturating_sub(time);
        if (-AHEAD..=LIFE).contains(&age) { Ok(()) } else { Err(Refusal::Stale) }
    }

    fn events(&self, call: &WireCall) -> Result<Vec<Event>, Refusal> {
        let fields = Fields::of(call).ok_or(Refusal::Garbled("neither a form nor JSON"))?;
        if ["text", "type", "keyword", "data"].iter().any(|name| fields.has(name)) {
            self.incoming(&fields).map(|event| vec![event])
        } else if fields.has("status") {
            self.receipt(&fields).map(|event| vec![event])
        } else {
            Err(Refusal::Garbled("neither a text nor a receipt"))
        }
    }

    fn acknowledge(&self, _taken: usize) -> WireReply {
        WireReply { status: 200, content_type: "text/plain", body: String::new() }
    }

    fn look_up(&self, _sms: &Outgoing) -> Option<WireRequest> {
        None
    }

    fn found(&self, _answer: &WireAnswer) -> Found {
        Found::Unclear
    }
}

#[cfg(test)]
pub(super) mod tests;
