//! Bandwidth, Messaging API v2.
//!
//! Must never know a socket or what a receipt does to a delivery.
//!
//! Sources: the pages "Send Messages", "Webhooks", "Errors", "Rate Limits" and "How to manage Applications" of dev.bandwidth.com
//! (Bandwidth/api-docs, `site/docs/messaging/{createMessage,webhooks,errors,rateLimits}.mdx`, `site/docs/account/applications.mdx`);
//! PyPI's `bandwidth-sdk` 23.3.1 (`models/message_request.py`, `status_callback*.py`, `inbound_callback*.py`, `initiate_callback.py`);
//! support.bandwidth.com, "Does Bandwidth handle opt-in and opt-out keywords". There is no key and no search by our reference: `Blind`.

use super::reading::secret::{basic, check_basic, same_host};
use super::reading::{json, keys::key, numbers};
use super::{Kind, Setting, Wrong};
use domain::calls::CallStage;
use domain::carrier::*;
use domain::mask::Body;
use domain::wire::*;
use serde_json::Value;
use std::time::Duration;

/// The kind, as the table of companies lists it.
pub(super) const KIND: Kind = Kind {
    name: "bandwidth",
    title: "Bandwidth",
    settings: &[
        Setting::needed("account", "The account's number, as the Bandwidth App shows it (seven digits)."),
        Setting::needed("application", "The ID of the messaging application our numbers belong to."),
        Setting::needed("api_user", "The user name of the API credentials that may send messages."),
        Setting::secret("api_password", "Its password."),
        Setting::or("webhook_user", "homeword", "The user name you typed into the application for its callbacks."),
        Setting::secret("webhook_password", "The password you typed there: the only proof that a call is theirs. At least 16 characters."),
        Setting::or("base_url", "https://messaging.bandwidth.com", "Where the API is."),
    ],
    build: |given| {
        let filled = |name: &str, want: &str| match given.get(name).trim() {
            text if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()) => Ok(text.to_owned()),
            _ => Err(Wrong { setting: name.into(), want: want.into() }),
        };
        let account = filled("account", "must be the account's number, without spaces")?;
        if !account.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            return Err(Wrong { setting: "account".into(), want: "must be the account's number: digits only".into() });
        }
        let (api_user, webhook_user) = (filled("api_user", "is empty")?, filled("webhook_user", "is empty")?);
        for (name, user) in [("api_user", &api_user), ("webhook_user", &webhook_user)] {
            if user.contains(':') {
                return Err(Wrong { setting: name.into(), want: "must not contain a colon: it would end the name".into() });
            }
        }
        let webhook_password = given.get("webhook_password");
        if webhook_password.chars().count() < 16 {
            return Err(Wrong {
                setting: "webhook_password".into(),
                want: "must have at least 16 characters: nothing else proves a call".into(),
            });
        }
        let api_password = given.get("api_password");
        if api_password.is_empty() {
            return Err(Wrong { setting: "api_password".into(), want: "is empty".into() });
        }
        Ok(std::sync::Arc::new(Bandwidth {
            url: format!("{}/api/v2/users/{account}/messages", given.base("base_url")?),
            application: filled("application", "must be the messaging application's ID")?,
            authorization: basic(&api_user, api_password),
            webhook: format!("{webhook_user}:{webhook_password}"),
            slowest: given.slowest,
        }))
    },
};

/// The calling code of a number of ten digits: the company writes E.164, and lives in North America.
const HOME: &str = "1";

/// An account's translator.
struct Bandwidth {
    url: String,
    application: String,
    authorization: String,
    /// Name and password, as the company shows them when it calls us.
    webhook: String,
    slowest: Duration,
}

/// What the code of a `message-failed` event means for us. 4xxx: repeating gives the same; 5xxx: a service was down, "retry".
fn fault_of(code: &str) -> SendFault {
    let config = |what: &str| SendFault::Config(format!("{what} ({code})"));
    match code {
        "4775" => SendFault::OptedOut,
        "4303" | "4350" | "4404" | "4406" | "4408" | "4482" | "4492" | "4700" | "4720" | "4721" => {
            SendFault::BadAddress(format!("the number does not take texts ({code})"))
        }
        "4701" | "4702" => SendFault::NotSent(format!("the phone is off or out of reach ({code})")),
        "4360" => SendFault::NotSent("it waited too long in Bandwidth's queue (4360)".into()),
        "4780" => SendFault::Throttled { after: Some(Duration::from_secs(24 * 3600)) },
        "4781" | "4785" | "5600" => SendFault::Throttled { after: None },
        "4302" | "4403" | "4405" | "4407" | "4740" => {
            config("Our number may not send: see in the Bandwidth App that it is active and on the location")
        }
        "4451" | "4452" | "4493" => config("Bandwidth refuses the user or the application: see both in the Bandwidth App"),
        "4431" | "4433" | "4481" | "4792" | "4793" => config("Our number is not allowed to send: ask Bandwidth"),
        "4773" | "4774" | "4791" => config("The campaign of our number is not active: see its registration (10DLC)"),
        "4795" => config("Our toll-free number is not verified: finish its verification"),
        // A network that never answered may have delivered it.
        "5630" => SendFault::Unclear("the network did not answer (5630)".into()),
        code if code.len() == 4 && code.starts_with('5') => SendFault::NotSent(format!("a service was down ({code})")),
        code => SendFault::Refused { code: code.to_owned() },
    }
}

/// What an answer that is no acceptance means. The company documents that with a 4xx or 5xx nothing is sent; we believe that of its
/// own answers, which have a `type`, and not of a page that something in between made up.
fn refused(answer: &WireAnswer) -> SendFault {
    let body = json::read(answer.header("content-type"), &answer.body).unwrap_or_default();
    let kind = json::code(&body, &["type"]);
    let field = json::text(&body, &["fieldErrors", "fieldName"]);
    let after = answer.header("retry-after").and_then(|text| text.trim().parse().ok()).map(Duration::from_secs);
    match (answer.status, field.as_str()) {
        (429, _) => SendFault::Throttled { after },
        (500.., _) if !kind.is_empty() => SendFault::NotSent(format!("Bandwidth is out of order (HTTP {})", answer.status)),
        (500.., _) => SendFault::Unclear(format!("HTTP {}", answer.status)),
        (400, "from") => {
            SendFault::Config("Our number may not send: see in the Bandwidth App that it is on the application's location".into())
        }
        (400, "applicationId") => SendFault::Config("Bandwidth does not know the application: see its ID in the Bandwidth App".into()),
        (400, field) if field == "to" || field.starts_with("to[") => SendFault::BadAddress("the number does not take texts".into()),
        (401 | 403, _) => SendFault::Config("Bandwidth refuses the API user: see its password and its right to send messages".into()),
        (404, _) => SendFault::Config("Bandwidth does not know the account: see its number".into()),
        (status, _) => SendFault::Refused { code: if kind.is_empty() { status.to_string() } else { kind } },
    }
}

/// Whether the network answers these words itself: on toll-free numbers it does, and blocks.
fn network_answers(our_number: &str, text: &str) -> bool {
    let toll_free = ["800", "833", "844", "855", "866", "877", "888"].iter().any(|area| our_number.starts_with(&format!("+1{area}")));
    toll_free && ["STOP", "UNSTOP", "START"].contains(&text.trim().to_uppercase().as_str())
}

impl SmsProvider for Bandwidth {
    fn abilities(&self) -> Abilities {
        Abilities { repeat: Repeat::Blind, receipts: true, longest: 2048, capacity: Capacity::default(), slowest: self.slowest }
    }

    fn submit(&self, sms: &Outgoing, at: &Moment) -> WireRequest {
        let mut body = serde_json::json!({
            "applicationId": self.application,
            "from": sms.from,
            "tag": sms.reference(),
        });
        if let Destination::Phone(phone) = &sms.to {
            body["to"] = serde_json::json!([phone.reveal()]);
        }
        if let Content::Text(text) = &sms.content {
            body["text"] = text.reveal().into();
        }
        // It must lie in the future when it arrives; what is of use for longer than a week needs no end.
        let end = sms.useful_until.max(at.now.plus_minutes(1));
        if end <= at.now.plus_days(7) {
            let end = domain::Time(end.seconds() * 1_000_000);
            body["expiration"] = end.in_zone(&domain::time::zone("UTC")).timestamp().to_string().into();
        }
        let headers =
            vec![("authorization".into(), self.authorization.clone()), ("content-type".into(), "application/json; charset=utf-8".into())];
        WireRequest { method: "POST", url: self.url.clone(), headers, body: body.to_string().into_bytes() }
    }

    fn accepted(&self, answer: &WireAnswer) -> Result<Accepted, SendFault> {
        if !(200..300).contains(&answer.status) {
            return Err(refused(answer));
        }
        let body = json::read(answer.header("content-type"), &answer.body).unwrap_or_default();
        let id = json::text(&body, &["id"]);
        if id.is_empty() {
            return Err(SendFault::Garbled("no message id in the answer".into()));
        }
        let segments = json::text(&body, &["segmentCount"]).parse().ok().filter(|count| *count > 0);
        Ok(Accepted { provider_ids: vec![id], segments })
    }

    fn authentic(&self, call: &WireCall, _at: &Moment) -> Result<(), Refusal> {
        check_basic(call, &self.webhook)
    }

    fn events(&self, call: &WireCall) -> Result<Vec<Event>, Refusal> {
        let body = json::read(call.header("content-type"), &call.body).ok_or(Refusal::Garbled("no JSON"))?;
        let list = match body {
            Value::Array(list) => list,
            one => vec![one],
        };
        let (events, unread): (Vec<_>, Vec<_>) = list.iter().map(event).partition(Result::is_ok);
        // Nothing can be read: kept raw. Beside others that can, one that cannot must not hold them up.
        match unread.into_iter().find_map(Result::err) {
            Some(why) if events.is_empty() => Err(Refusal::Garbled(why)),
            Some(why) => Ok(events.into_iter().flatten().chain([Event::Ignored(why)]).collect()),
            None => Ok(events.into_iter().flatten().collect()),
        }
    }

    fn acknowledge(&self, _taken: usize) -> WireReply {
        // For texts any 2xx will do; for a call, this hangs up.
        WireReply { status: 200, content_type: "application/xml", body: "<Response><Hangup/></Response>".into() }
    }

    fn opens(&self, link: &str) -> Vec<(String, String)> {
        if same_host(link, &self.url) { vec![("authorization".into(), self.authorization.clone())] } else { Vec::new() }
    }

    fn look_up(&self, _sms: &Outgoing) -> Option<WireRequest> {
        None
    }

    fn found(&self, _answer: &WireAnswer) -> Found {
        Found::Unclear
    }
}

/// One event of a call.
fn event(event: &Value) -> Result<Event, &'static str> {
    let said = |path: &[&str]| json::text(event, path);
    let first = |paths: &[&[&str]]| paths.iter().map(|path| said(path)).find(|text| !text.is_empty()).unwrap_or_default();
    if said(&["eventType"]) == "initiate" {
        let (id, from, to) = (said(&["callId"]), said(&["from"]), said(&["to"]));
        return if id.is_empty() {
            Err("a call without an id")
        } else {
            Ok(Event::MissedCall {
                key: key("call", &id),
                from: numbers::read(&from, HOME),
                to: numbers::read(&to, HOME),
                stage: CallStage::Missed,
            })
        };
    }
    let (kind, id, direction) = (said(&["type"]), said(&["message", "id"]), said(&["message", "direction"]));
    let receipt = match kind.as_str() {
        "message-received" if direction == "out" => return Ok(Event::Ignored("our own text")),
        "message-received" => None,
        "message-delivered" | "message-read" => Some(ReceiptKind::Delivered),
        // "Does not indicate that the message was not received": only that no receipt came within two hours.
        "message-failed" if said(&["errorCode"]) == "9902" => Some(ReceiptKind::Accepted),
        "message-failed" => Some(ReceiptKind::Failed),
        "message-sending" | "message-sent" => Some(ReceiptKind::Accepted),
        "" if said(&["eventType"]).is_empty() => return Err("an event without a type"),
        _ => return Ok(Event::Ignored("an event this version does not need")),
    };
    if id.is_empty() {
        return Err("an event without a message id");
    }
    let Some(receipt) = receipt else {
        // The owner is the one of our numbers this copy belongs to.
        let from = numbers::read(&said(&["message", "from"]), HOME);
        let owner = first(&[&["message", "owner"], &["to"]]);
        let to = numbers::read(&if owner.is_empty() { json::texts(json::at(event, &["message", "to"])).concat() } else { owner }, HOME);
        if from.reveal().is_empty() || to.reveal().is_empty() {
            return Err("a text without both numbers");
        }
        let text = said(&["message", "text"]);
        return Ok(Event::Incoming {
            key: key("sms", &id),
            carrier_answered: network_answers(to.reveal(), &text),
            from,
            to,
            text: Body::new(text),
            media: json::texts(json::at(event, &["message", "media"])).into_iter().take(10).collect(),
            part: None,
        });
    };
    let code = Some(json::code(event, &["errorCode"])).filter(|code| !code.is_empty() && code != "0");
    Ok(Event::Receipt {
        ours: None,
        key: format!("{}:{kind}", key("status", &id)),
        reference: Some(said(&["message", "tag"])).filter(|tag| !tag.is_empty()),
        provider_id: id,
        kind: receipt,
        fault: code.as_deref().filter(|_| receipt == ReceiptKind::Failed).map(fault_of),
        code,
    })
}

#[cfg(test)]
mod tests;
