//! Plivo's messaging API.
//!
//! Sources: Plivo, "Send a Message", "API Response", "Message Status Callbacks", "Handling incoming SMS/MMS", "DND Service", "Message
//! Expiry", "Error Codes" and "Validating Requests and Responses" pages; plivo-python `plivo/utils/signature_v3.py`. The company has no
//! key of ours and finds nothing by our reference: it is `Blind`. It joins long texts itself and signs no time.
//!
//! Must never know who may call the numbers, nor what a call is to hear.

mod calls;
mod codes;
mod signature;

use super::reading::form::Fields;
use super::reading::json;
use super::reading::keys::{any_is, digest, key};
use super::reading::numbers::{self, Style};
use super::reading::secret::basic;
use super::{Kind, Setting, Wrong};
use domain::calls::CallAnswer;
use domain::carrier::*;
use domain::mask::Body;
use domain::wire::*;
use std::time::Duration;

/// The kind, as the table of companies lists it.
pub(super) const KIND: Kind = Kind {
    name: "plivo",
    title: "Plivo",
    settings: &[
        Setting::needed("auth_id", "The account's Auth ID, MA… (or SA… for a subaccount), on the console's first page."),
        Setting::secret("auth_token", "The Auth Token beside it: signs in, and signs what the company sends us."),
        Setting::secret_or_none("old_auth_token", "While tokens are changed: the one that still signs webhooks."),
        Setting::or(
            "signature",
            "v3-or-v2",
            "v3: refuse webhooks that are only signed in the old way, which does not cover what they say.",
        ),
        Setting::or(
            "log",
            "true",
            "What the company keeps of our texts: true, false (neither words nor number), number_only or content_only.",
        ),
        Setting::or("base_url", "https://api.plivo.com", "Where the API is."),
    ],
    build: |given| {
        if given.get("auth_token").is_empty() {
            return Err(Wrong { setting: "auth_token".into(), want: "must not be empty: anybody could sign with nothing".into() });
        }
        let tokens = ["auth_token", "old_auth_token"].map(|name| given.get(name).to_owned());
        let auth_id = given.get("auth_id");
        if auth_id.is_empty() || !auth_id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(Wrong {
                setting: "auth_id".into(),
                want: "must be the Auth ID as the console shows it, such as MAXXXXXXXXXXXXXXXXXX".into(),
            });
        }
        Ok(std::sync::Arc::new(Plivo {
            url: format!("{}/v1/Account/{auth_id}/Message/", given.base("base_url")?),
            auth_id: auth_id.to_owned(),
            tokens: tokens.into_iter().filter(|token| !token.is_empty()).collect(),
            also_version_2: given.one_of("signature", &[("v3-or-v2", true), ("v3", false)])?,
            log: given.one_of("log", &["true", "false", "number_only", "content_only"].map(|word| (word, word)))?,
            hook: given.hook.clone(),
            slowest: given.slowest,
        }))
    },
};

/// The translator.
struct Plivo {
    url: String,
    auth_id: String,
    /// The first signs in, each verifies.
    tokens: Vec<String>,
    also_version_2: bool,
    log: &'static str,
    hook: String,
    slowest: Duration,
}

fn incoming(fields: &Fields, nonce: &str) -> Result<Event, Refusal> {
    let get = |name: &str| fields.get(name).unwrap_or_default();
    let from = fields.get("From").ok_or(Refusal::Garbled("a text without a sender"))?;
    let text = fields.get("Text").or_else(|| fields.get("Body")).unwrap_or_default();
    let mut media: Vec<(u8, String)> = fields
        .names()
        .filter_map(|name| Some((name.strip_prefix("Media")?.parse().ok()?, fields.get(name)?)))
        .filter(|(_, address)| address.starts_with("https://") || address.starts_with("http://"))
        .collect();
    media.sort();
    // Without an id, two equal texts must not pass for one: the call's own nonce tells them apart.
    let id = fields.get("MessageUUID").unwrap_or_else(|| digest(&[&from, &get("To"), nonce, &text].map(str::as_bytes)));
    Ok(Event::Incoming {
        key: key("sms", &id),
        from: numbers::read(&from, ""),
        to: numbers::read(&get("To"), ""),
        text: Body::new(text),
        media: media.into_iter().map(|(_, address)| address).take(10).collect(),
        // Plivo answers STOP and HELP itself where it says so; to START it documents no answer.
        carrier_answered: matches!(get("MessageIntent").as_str(), "optout" | "help"),
        part: None,
    })
}

fn receipt(fields: &Fields, reference: Option<String>) -> Result<Event, Refusal> {
    let status = fields.get("Status").unwrap_or_default().to_lowercase();
    let kind = match status.as_str() {
        "delivered" | "read" => ReceiptKind::Delivered,
        "failed" | "undelivered" | "rejected" => ReceiptKind::Failed,
        "queued" | "sent" => ReceiptKind::Accepted,
        _ => return Ok(Event::Ignored("a status this version does not know")),
    };
    let own = fields.get("MessageUUID").or_else(|| reference.clone()).ok_or(Refusal::Garbled("a receipt without a MessageUUID"))?;
    // A long text may be told part by part; the answer to the send had its parent's id.
    let parent = fields.get("ParentMessageUUID").unwrap_or_else(|| own.clone());
    let failed = kind == ReceiptKind::Failed;
    // "000" is no error.
    let code = fields.get("ErrorCode").map(|code| code.trim_start_matches('0').to_owned()).filter(|code| !code.is_empty());
    let code = code.or_else(|| failed.then(|| status.clone()));
    Ok(Event::Receipt {
        ours: None,
        key: key("status", &own) + ":" + &status,
        reference,
        provider_id: parent.chars().take(200).collect(),
        kind,
        fault: code.as_deref().filter(|_| failed).map(codes::of_receipt),
        code,
    })
}

impl SmsProvider for Plivo {
    fn abilities(&self) -> Abilities {
        // 1,600 characters of GSM-7, but 737 UTF-16 units of anything else.
        Abilities { repeat: Repeat::Blind, receipts: true, longest: 737, capacity: Capacity::default(), slowest: self.slowest }
    }

    fn submit(&self, sms: &Outgoing, at: &Moment) -> WireRequest {
        let text = match &sms.content {
            Content::Text(body) => body.reveal(),
            Content::Letter { .. } => "",
        };
        let mut body = serde_json::json!({
            "src": Style::Digits.write(&sms.from),
            "dst": Style::Digits.to(sms),
            "text": text,
            "type": "sms",
            "url": format!("{}?ref={}", self.hook, sms.reference()),
            "method": "POST",
            "log": self.log,
        });
        // Seconds in the company's own queue; without it, three hours.
        let life = (sms.useful_until.seconds() - at.now.seconds()).max(5);
        if life < 10_800 {
            body["message_expiry"] = life.into();
        }
        let token = self.tokens.first().map_or("", String::as_str);
        let headers = vec![("authorization".into(), basic(&self.auth_id, token)), ("content-type".into(), "application/json".into())];
        WireRequest { method: "POST", url: self.url.clone(), headers, body: body.to_string().into_bytes() }
    }

    fn accepted(&self, answer: &WireAnswer) -> Result<Accepted, SendFault> {
        if !(200..300).contains(&answer.status) {
            return Err(codes::of_send(answer));
        }
        let read = json::read(answer.header("content-type"), &answer.body).unwrap_or_default();
        let ids = json::texts(read.get("message_uuid"));
        if ids.is_empty() {
            Err(SendFault::Garbled("no message id in the answer".into()))
        } else {
            Ok(Accepted { provider_ids: ids, segments: None })
        }
    }

    fn authentic(&self, call: &WireCall, _at: &Moment) -> Result<(), Refusal> {
        let given = |names: [&str; 2]| -> Vec<String> {
            let headers = call.headers.iter().filter(|(name, _)| names.contains(&name.as_str()));
            headers.flat_map(|(_, value)| value.split(',')).map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect()
        };
        let nonce = |name: &str| call.header(name).filter(|nonce| !nonce.is_empty()).ok_or(Refusal::Forged("no nonce"));
        // `ma`: by the main account's token, where a subaccount sent. Version 2 counts only where version 3 is absent.
        let third = given(["x-plivo-signature-v3", "x-plivo-signature-ma-v3"]);
        let second = given(["x-plivo-signature-v2", "x-plivo-signature-ma-v2"]);
        let (signed, given) = if !third.is_empty() {
            let texts = signature::version_3(call, nonce("x-plivo-signature-v3-nonce")?);
            (texts.ok_or(Refusal::Forged("the body could not be signed"))?, third)
        } else if self.also_version_2 && !second.is_empty() {
            (vec![signature::version_2(call, nonce("x-plivo-signature-v2-nonce")?)], second)
        } else {
            return Err(Refusal::Forged("no signature"));
        };
        let good = self.tokens.iter().flat_map(|token| signed.iter().map(|text| signature::signature(token, text)));
        let good: Vec<String> = good.collect();
        let valid = given.iter().fold(false, |valid, theirs| any_is(&good, theirs.as_bytes()) | valid);
        if valid { Ok(()) } else { Err(Refusal::Forged("the signature does not verify")) }
    }

    fn events(&self, call: &WireCall) -> Result<Vec<Event>, Refusal> {
        let fields = Fields::of(call).ok_or(Refusal::Garbled("neither a form nor JSON"))?;
        let nonce = call.header("x-plivo-signature-v3-nonce").or_else(|| call.header("x-plivo-signature-v2-nonce"));
        let event = if let Some(id) = fields.get("CallUUID") {
            calls::event(&fields, &id)
        } else if ["Text", "Body", "MediaCount"].iter().any(|name| fields.has(name)) {
            incoming(&fields, nonce.unwrap_or_default())?
        } else if fields.has("Status") {
            receipt(&fields, Fields::of_query(&call.url).get("ref"))?
        } else {
            return Err(Refusal::Garbled("neither a text, a receipt nor a call"));
        };
        Ok(vec![event])
    }

    fn acknowledge(&self, _taken: usize) -> WireReply {
        WireReply { status: 200, content_type: "application/xml", body: "<Response></Response>".into() }
    }

    fn answer_call(&self, answer: &CallAnswer) -> Option<WireReply> {
        Some(calls::answer(answer, &self.hook))
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
