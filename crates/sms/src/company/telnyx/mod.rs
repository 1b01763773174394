//! Telnyx, Messaging API v2.
//!
//! Must never know a socket or what a receipt does to a delivery.
//!
//! Sources: the pages "Send Your First Message", "Receiving Webhooks for Messaging", "Messaging Error Code Reference", "Advanced
//! Opt-In/Out Management", "SMS messaging rate limits" and "Idempotency" of developers.telnyx.com; the types and
//! `lib/webhook_verification.py` of PyPI's `telnyx` 4.189.0; team-telnyx/knowledge-base (support-docs/6505121) for the codes.

use super::reading::{form::Fields, json, keys::key, numbers};
use super::{Kind, Setting, Wrong};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::calls::CallStage;
use domain::carrier::*;
use domain::mask::Body;
use domain::wire::*;
use ring::signature::{ED25519, UnparsedPublicKey};
use serde_json::Value;
use std::time::Duration;

/// The kind, as the table of companies lists it.
pub(super) const KIND: Kind = Kind {
    name: "telnyx",
    title: "Telnyx",
    settings: &[
        Setting::secret("api_key", "Signs in to send: an API key of the portal, KEY…."),
        Setting::needed(
            "public_key",
            "Checks what Telnyx sends us: the account's public key from the portal, 44 characters that end in =.",
        ),
        Setting::or("base_url", "https://api.telnyx.com", "Where the API is."),
        Setting::or(
            "outcome",
            "keyed",
            "keyed: an unclear send is repeated under its key, which Telnyx drops. blind: it is never repeated.",
        ),
    ],
    build: |given| {
        let wrong = |setting: &str, want: &str| Wrong { setting: setting.into(), want: want.into() };
        let api_key = given.get("api_key").trim().to_owned();
        if api_key.is_empty() || !api_key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(wrong("api_key", "must be an API key as the portal shows it once (KEY…)"));
        }
        let public_key = STANDARD.decode(given.get("public_key").trim()).ok().filter(|key| key.len() == 32);
        Ok(std::sync::Arc::new(Telnyx {
            url: format!("{}/v2/messages", given.base("base_url")?),
            api_key,
            public_key: public_key.ok_or_else(|| {
                wrong("public_key", "must be the account's public key as the portal shows it: 44 characters that end in =")
            })?,
            hook: given.hook.clone(),
            keyed: given.one_of("outcome", &[("keyed", true), ("blind", false)])?,
            slowest: given.slowest,
        }))
    },
};

/// How old, or how far ahead, a signed call may be, in seconds: the tolerance of the company's own SDKs.
const TOLERANCE: i64 = 300;
/// How long we trust a key. Telnyx replays an answer "for up to 24 hours", which promises no minimum: half of it is ours.
const KEY_LIFE: Duration = Duration::from_secs(12 * 3600);

/// The calling code of a number of ten digits: the company writes E.164, and lives in North America.
const HOME: &str = "1";

/// An account's translator.
struct Telnyx {
    url: String,
    api_key: String,
    public_key: Vec<u8>,
    hook: String,
    keyed: bool,
    slowest: Duration,
}

/// What one of the company's errors means for us. `status` is 400 for those that come with a receipt.
fn fault_of(error: &Value, line: &str, status: u16, after: Option<Duration>) -> SendFault {
    let code = json::code(error, &["code"]);
    let words = format!("{} {}", json::text(error, &["title"]), json::text(error, &["detail"])).to_lowercase();
    let ours = json::text(error, &["source", "pointer"]).contains("from");
    let config = |what: &str| SendFault::Config(format!("{what} ({code})"));
    match code.as_str() {
        // The same code was seen with words about something else; a block that only the family can undo needs the words for it.
        "40300" if words.trim().is_empty() || ["stop", "block rule", "opt"].iter().any(|word| words.contains(word)) => SendFault::OptedOut,
        "10002" | "10016" if ours => config("Telnyx does not know our number: write it as +1…"),
        // "Landline or non-routable": the line's type, where it came along, tells which.
        "40001" if matches!(line, "" | "Wireline") => SendFault::BadAddress("landline".into()),
        "10001" | "10002" | "10016" | "40001" | "40012" | "40301" | "40310" | "40319" => {
            SendFault::BadAddress(format!("the number does not take texts ({code})"))
        }
        // Resets at midnight Pacific time.
        "40016" => SendFault::Throttled { after: Some(Duration::from_secs(24 * 3600)) },
        "40018" => SendFault::Throttled { after: Some(Duration::from_secs(60)) },
        "10011" | "40011" | "40318" => SendFault::Throttled { after },
        "40005" | "40006" => SendFault::NotSent(format!("the phone or its network was out of reach ({code})")),
        "40014" => SendFault::NotSent("it waited too long in Telnyx's queue (40014)".into()),
        "10009" | "20002" | "20006" => config("Telnyx refuses the API key: make a new one in the portal"),
        "20012" | "20100" => config("The Telnyx account has no funds: add some in the portal"),
        "10010" | "20013" | "20014" | "20015" | "20016" | "20017" | "40314" => {
            config("The Telnyx account may not send texts: see its verification level in the portal, or ask Telnyx")
        }
        "40010" => config("Our number belongs to no 10DLC campaign: register it in the portal"),
        "40150" | "40329" => config("Our toll-free number is not verified: finish its verification in the portal"),
        "40013" | "40100" | "40151" | "40305" | "40306" | "40315" | "40320" | "40321" => {
            config("Telnyx does not send from our number: see that it is active and on a messaging profile")
        }
        "40311" | "40312" | "40313" => config("The messaging profile of our number is off or asks for a secret: see it in the portal"),
        // Every other messaging code says what is wrong with this text, not that it may have left.
        code if code.len() == 5 && code.starts_with("40") && status < 500 => SendFault::Refused { code: code.to_owned() },
        _ if status == 429 => SendFault::Throttled { after },
        _ if status >= 500 => SendFault::Unclear(format!("HTTP {status}")),
        // The first call with this key is still under way, or was taken with other words: documented without a code of their own.
        _ if status == 409 || status == 422 => {
            SendFault::Unclear(format!("a repeat was refused, so the first may have left (HTTP {status})"))
        }
        _ if matches!(status, 401 | 403 | 404) => {
            SendFault::Config(format!("Telnyx refuses our account, key or address (HTTP {status}, {code})"))
        }
        "" => SendFault::Refused { code: status.to_string() },
        _ => SendFault::Refused { code },
    }
}

/// Our reference, from where the signature covers it: the address the event was sent to, as the body repeats it.
fn reference(call: &Value) -> Option<String> {
    let places = [&["data", "payload", "webhook_url"][..], &["meta", "delivered_to"]];
    places.iter().find_map(|place| Fields::of_query(&json::text(call, place)).get("ref"))
}

impl SmsProvider for Telnyx {
    fn abilities(&self) -> Abilities {
        let repeat = if self.keyed { Repeat::Keyed(KEY_LIFE) } else { Repeat::Blind };
        // Ten parts, of 67 units where a text needs UCS-2.
        Abilities { repeat, receipts: true, longest: 670, capacity: Capacity::default(), slowest: self.slowest }
    }

    fn submit(&self, sms: &Outgoing, _at: &Moment) -> WireRequest {
        let separator = if self.hook.contains('?') { '&' } else { '?' };
        // A repeat must be the same byte for byte: nothing here may depend on the time.
        let mut body = serde_json::json!({
            "from": sms.from,
            "webhook_url": format!("{}{separator}ref={}", self.hook, sms.reference()),
        });
        if let Destination::Phone(phone) = &sms.to {
            body["to"] = phone.reveal().into();
        }
        if let Content::Text(text) = &sms.content {
            body["text"] = text.reveal().into();
            // Else a profile's "smart encoding" puts other characters in place of a family's own.
            if !crate::text::Coding::PLAIN.has(text.reveal()) {
                body["encoding"] = "ucs2".into();
            }
        }
        let mut headers =
            vec![("authorization".into(), format!("Bearer {}", self.api_key)), ("content-type".into(), "application/json".into())];
        if self.keyed {
            // Letters, digits, hyphens and underscores only.
            headers.push(("idempotency-key".into(), sms.key().replace('.', "-")));
        }
        WireRequest { method: "POST", url: self.url.clone(), headers, body: body.to_string().into_bytes() }
    }

    fn accepted(&self, answer: &WireAnswer) -> Result<Accepted, SendFault> {
        let body = json::read(answer.header("content-type"), &answer.body).unwrap_or_default();
        if (200..300).contains(&answer.status) {
            let id = json::text(&body, &["data", "id"]);
            if id.is_empty() {
                return Err(SendFault::Garbled("no message id in the answer".into()));
            }
            let segments = json::text(&body, &["data", "parts"]).parse().ok().filter(|count| *count > 0);
            return Ok(Accepted { provider_ids: vec![id], segments });
        }
        let seconds = |name: &str| answer.header(name)?.trim().parse().ok().filter(|seconds| *seconds <= 24 * 3600);
        let after = seconds("retry-after").or_else(|| seconds("x-ratelimit-reset")).map(Duration::from_secs);
        let error = json::at(&body, &["errors"]).and_then(|errors| errors.get(0)).cloned().unwrap_or_default();
        Err(fault_of(&error, "", answer.status, after))
    }

    fn authentic(&self, call: &WireCall, at: &Moment) -> Result<(), Refusal> {
        let given = call.header("telnyx-signature-ed25519").ok_or(Refusal::Forged("no signature"))?;
        let stamp = call.header("telnyx-timestamp").ok_or(Refusal::Forged("no timestamp"))?;
        let signature = STANDARD.decode(given.trim()).map_err(|_| Refusal::Forged("the signature is no base64"))?;
        let signed = [stamp.as_bytes(), b"|", call.body.as_slice()].concat();
        UnparsedPublicKey::new(&ED25519, &self.public_key)
            .verify(&signed, &signature)
            .map_err(|_| Refusal::Forged("the signature does not verify"))?;
        let seconds: i64 = stamp.parse().map_err(|_| Refusal::Forged("the timestamp is no number"))?;
        let fresh = at.now.seconds().saturating_sub(seconds).saturating_abs() <= TOLERANCE;
        if fresh { Ok(()) } else { Err(Refusal::Stale) }
    }

    fn events(&self, call: &WireCall) -> Result<Vec<Event>, Refusal> {
        let body = json::read(call.header("content-type"), &call.body).ok_or(Refusal::Garbled("no JSON"))?;
        let said = |path: &[&str]| json::text(&body, path);
        let kind = said(&["data", "event_type"]);
        let event = match kind.as_str() {
            "message.received" => received(&body)?,
            "message.sent" | "message.finalized" => receipt(&body, &kind)?,
            "call.initiated" if said(&["data", "payload", "direction"]) == "incoming" => {
                let id = [said(&["data", "payload", "call_session_id"]), said(&["data", "id"])].into_iter().find(|id| !id.is_empty());
                Event::MissedCall {
                    key: key("call", &id.ok_or(Refusal::Garbled("a call without an id"))?),
                    from: numbers::read(&said(&["data", "payload", "from"]), HOME),
                    to: numbers::read(&said(&["data", "payload", "to"]), HOME),
                    stage: CallStage::Missed,
                }
            }
            "" => return Err(Refusal::Garbled("no event_type")),
            _ => Event::Ignored("an event this version does not need"),
        };
        Ok(vec![event])
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

/// A text from a family. Telnyx joins long ones: `parts` only counts.
fn received(body: &Value) -> Result<Event, Refusal> {
    let said = |name: &str| json::text(body, &["data", "payload", name]);
    if matches!(said("type").as_str(), "WHATSAPP" | "RCS") {
        return Ok(Event::Ignored("not a text: WhatsApp and RCS are not carried"));
    }
    let number = |side: &str| {
        let plain = said(side);
        numbers::read(&if plain.is_empty() { json::text(body, &["data", "payload", side, "phone_number"]) } else { plain }, HOME)
    };
    let (from, to) = (number("from"), number("to"));
    if from.reveal().is_empty() || to.reveal().is_empty() {
        return Err(Refusal::Garbled("a text without both numbers"));
    }
    let media = json::at(body, &["data", "payload", "media"]).and_then(Value::as_array);
    let id = [said("id"), json::text(body, &["data", "id"])].into_iter().find(|id| !id.is_empty());
    Ok(Event::Incoming {
        key: key("sms", &id.ok_or(Refusal::Garbled("a text without an id"))?),
        from,
        to,
        text: Body::new(said("text")),
        media: media.into_iter().flatten().map(|entry| json::text(entry, &["url"])).filter(|url| !url.is_empty()).take(10).collect(),
        carrier_answered: !matches!(said("autoresponse_type").as_str(), "" | "false"),
        part: None,
    })
}

fn receipt(body: &Value, event: &str) -> Result<Event, Refusal> {
    let id = json::text(body, &["data", "payload", "id"]);
    if id.is_empty() {
        return Err(Refusal::Garbled("a receipt without an id"));
    }
    let status = json::text(body, &["data", "payload", "to", "status"]);
    let kind = match status.as_str() {
        "delivered" | "webhook_delivered" | "read" => ReceiptKind::Delivered,
        "sending_failed" | "delivery_failed" | "expired" => ReceiptKind::Failed,
        // Unconfirmed: the network sends no receipts. Nobody knows more than that it was passed on.
        "queued" | "sending" | "sent" | "delivery_unconfirmed" => ReceiptKind::Accepted,
        "" if event == "message.sent" => ReceiptKind::Accepted,
        _ => return Ok(Event::Ignored("a status this version does not know")),
    };
    let error = json::at(body, &["data", "payload", "errors"]).and_then(|errors| errors.get(0));
    let line = json::text(body, &["data", "payload", "to", "line_type"]);
    let failed = kind == ReceiptKind::Failed;
    Ok(Event::Receipt {
        ours: None,
        key: format!("{}:{status}", key("status", &id)),
        reference: reference(body),
        provider_id: id,
        kind,
        code: error.map(|error| json::code(error, &["code"])).filter(|code| !code.is_empty()),
        fault: error.filter(|_| failed).map(|error| fault_of(error, &line, 400, None)),
    })
}

#[cfg(test)]
pub(super) mod tests;
