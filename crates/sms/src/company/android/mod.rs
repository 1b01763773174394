//! SMS Gateway for Android: a phone of the school's own, asked directly ("local server") or through its cloud or a private server.
//!
//! Sources: github.com/capcom6/android-sms-gateway (`MessagesRoutes.kt`, `MessagesService.kt`, `MessagesDao.kt`, `ReceiverService.kt`,
//! `PayloadSingingPlugin.kt`, `WebHookEvent.kt`), github.com/android-sms-gateway/server (`handlers/messages/3rdparty.go`,
//! `modules/messages/{repository,models,errors}.go`), client-go `domain_messages.go`, docs-web `features/{webhooks,sending-messages,
//! status-tracking}.md`.
//!
//! What a repeated `id` does there: the phone has it as primary key and answers 409 (older apps dropped it and said 202); the server
//! has it unique *per phone*, and without `deviceId` takes any phone of the account, so the same id could go out twice. A 409 does not
//! say the id, and a key that is one a delivery would not tell receipts their attempt. So each attempt has its own id, which
//! `GET messages/{id}` finds on both. It is an attempt in base 36, since the server takes 36 characters.
//!
//! A trap: an incoming `messageId` is a 32-bit hash of sender, time, SIM and text. The event's own `id` is what is unique.

use super::reading::json::{self, field, first};
use super::reading::keys::{any_is, code, digest, key};
use super::reading::numbers::e164;
use super::reading::secret::basic;
use super::{Kind, Setting, Wrong};
use domain::carrier::*;
use domain::hex;
use domain::mask::{Body, Phone};
use domain::wire::*;
use hmac::Hmac;
use serde_json::{Value, json as object};
use sha2::Sha256;
use std::time::Duration;

mod reasons;
use reasons::failure;

/// The kind, as the table of companies lists it.
pub(super) const KIND: Kind = Kind {
    name: "android-sms-gateway",
    title: "SMS Gateway for Android: a phone of the school's own",
    settings: &[
        Setting::needed(
            "base_url",
            "Cloud: https://api.sms-gate.app/3rdparty/v1. Your server: https://NAME/api/3rdparty/v1. The phone itself: http://PHONE:8080.",
        ),
        Setting::needed("username", "On the app's Home tab."),
        Setting::secret("password", "Beside it."),
        Setting::secret("signing_key", "Signs what the phone sends us: in the app, Settings, Webhooks, Signing Key."),
        Setting::needed("number", "The number of the SIM in the phone, as +12035550199. The app doesn't always know it."),
        Setting::or("device", "", "The phone's id, where a server is asked: it may have several phones, and would take any."),
        Setting::or(
            "sim",
            "",
            "1, 2 or 3, where the phone has several: texts on the other SIMs stay private. Empty: all of them are ours.",
        ),
        Setting::or("country", "1", "Calling code of numbers that come without one: 1 for the USA and Canada, 49 for Germany."),
    ],
    build: |given| {
        let wrong = |setting: &str, want: &str| Wrong { setting: setting.into(), want: want.into() };
        let (base_url, device, country) = (given.base("base_url")?, given.get("device"), given.get("country"));
        if base_url.contains("/3rdparty/") && device.is_empty() {
            return Err(wrong("device", "must be the phone's id: without it a server sends from any of the account's phones"));
        }
        let number = Some(given.get("number")).filter(|number| number.starts_with('+')).and_then(|number| e164(number, ""));
        if country.is_empty() || country.len() > 3 || !country.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(wrong("country", "must be a calling code without plus sign, such as 1 or 49"));
        }
        let sims = [("", None), ("1", Some(1)), ("2", Some(2)), ("3", Some(3))];
        if given.get("signing_key").is_empty() {
            return Err(wrong("signing_key", "must not be empty: it is all that guards the webhook"));
        }
        Ok(std::sync::Arc::new(Android {
            base_url,
            authorization: basic(given.get("username"), given.get("password")),
            signing_key: given.get("signing_key").to_owned(),
            number: number.ok_or_else(|| wrong("number", "must be the phone's own number with its country, such as +12035550199"))?,
            device: Some(device.to_owned()).filter(|device| !device.is_empty()),
            sim: given.one_of("sim", &sims)?,
            country: country.to_owned(),
            slowest: given.slowest,
        }))
    },
};

/// How old a signed call may be: what the app's page on webhooks recommends.
const TOLERANCE: i64 = 300;

/// The translator of one phone.
struct Android {
    base_url: String,
    authorization: String,
    signing_key: String,
    number: String,
    device: Option<String>,
    sim: Option<u64>,
    country: String,
    slowest: Duration,
}

/// `X-Signature`: lower-case hex of HMAC-SHA256 over the raw body followed by `X-Timestamp` (seconds, as digits).
pub(super) fn signature(key: &str, body: &[u8], timestamp: &str) -> String {
    hex(&code::<Hmac<Sha256>>(key, &[body, timestamp.as_bytes()]))
}

/// The attempt as the phone's `id`: its three numbers in base 36, at most 13 + 13 + 4 digits with two dots.
fn id_of(sms: &Outgoing) -> String {
    let part = |number: i64| {
        let (mut left, mut digits) = (number.unsigned_abs(), Vec::new());
        while left > 0 || digits.is_empty() {
            digits.extend(char::from_digit((left % 36) as u32, 36));
            left /= 36;
        }
        digits.iter().rev().collect::<String>()
    };
    [sms.district.0, sms.delivery.0, i64::from(sms.attempt)].map(part).join(".")
}

/// Back from there: `district.delivery.attempt`, or `None` for a text that somebody else sent from this phone.
fn reference_of(id: &str) -> Option<String> {
    let plain = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase());
    let parts: Vec<i64> = id.split('.').filter(plain).filter_map(|part| i64::from_str_radix(part, 36).ok()).collect();
    let reference = parts.iter().map(i64::to_string).collect::<Vec<_>>().join(".");
    read_reference(&reference).filter(|_| id.split('.').count() == 3).map(|_| reference)
}

impl Android {
    fn headers(&self) -> Vec<(String, String)> {
        vec![("authorization".into(), self.authorization.clone()), ("content-type".into(), "application/json".into())]
    }

    /// A text or picture message that came in. `id` is the event's own, where the event holds one text only.
    fn incoming(&self, device: &str, payload: &Value, id: Option<&str>) -> Event {
        // A webhook that names no phone hears of all of the account's, and another phone is another number.
        if self.device.as_deref().is_some_and(|own| !device.is_empty() && device != own) {
            return Event::Ignored("a text at another phone of the account");
        }
        let sim = field(payload, "simNumber").and_then(|sim| sim.parse().ok());
        if self.sim.is_some() && sim.is_some() && self.sim != sim {
            return Event::Ignored("a text on another SIM of this phone");
        }
        let sender = first(payload, &["sender", "phoneNumber"]).unwrap_or_default();
        let Some(from) = e164(&sender, &self.country) else {
            return Event::Ignored("a text from a word or a short code, which no family has");
        };
        let mut text = first(payload, &["message", "body"]).unwrap_or_default();
        if let Some(subject) = field(payload, "subject").filter(|subject| !text.contains(subject)) {
            text = format!("{subject}\n{text}").trim_end().to_owned();
        }
        let media =
            |part: &Value| format!("{} {}", first(part, &["contentType"]).unwrap_or_default(), first(part, &["name"]).unwrap_or_default());
        let parts = payload.get("attachments").and_then(Value::as_array).into_iter().flatten();
        let alike = || {
            let when = field(payload, "receivedAt").unwrap_or_default();
            digest(&[device, &sender, &when, &text].map(str::as_bytes))
        };
        Event::Incoming {
            key: key("sms", &id.map_or_else(alike, str::to_owned)),
            from: Phone::new(from),
            to: Phone::new(self.number.clone()),
            media: parts.take(20).map(|part| media(part).trim().to_owned()).filter(|line| !line.is_empty()).collect(),
            text: Body::new(text),
            carrier_answered: false,
            part: None,
        }
    }

    fn receipt(&self, kind: ReceiptKind, event: &str, payload: &Value, own: Option<&str>) -> Event {
        let id = field(payload, "messageId").unwrap_or_default();
        let Some(reference) = reference_of(&id) else {
            return Event::Ignored("news of a text that is not ours");
        };
        let (code, fault) = match kind {
            ReceiptKind::Failed if event == "sms:cancelled" => Some(("cancelled".into(), SendFault::Refused { code: "cancelled".into() })),
            ReceiptKind::Failed => Some(failure(&first(payload, &["reason", "error"]).unwrap_or_default())),
            _ => None,
        }
        .unzip();
        let key = key("status", &own.map_or_else(|| format!("{id}:{event}"), str::to_owned));
        Event::Receipt { ours: None, key, reference: Some(reference), provider_id: id, kind, code, fault }
    }
}

/// The message's id of an answer that is one: `{"id":…,"state":…,"recipients":[…]}`.
fn taken(value: Option<&Value>) -> Option<Accepted> {
    let value = value.filter(|value| value.get("state").is_some() || value.get("recipients").is_some())?;
    let id = field(value, "id")?;
    Some(Accepted { provider_ids: vec![id], segments: None })
}

impl SmsProvider for Android {
    fn abilities(&self) -> Abilities {
        Abilities { repeat: Repeat::LookUp, receipts: true, longest: 1600, capacity: Capacity::default(), slowest: self.slowest }
    }

    fn remembers(&self) -> Duration {
        // The app may be told to keep its log for one day only; the server keeps 30 days unless told otherwise.
        Duration::from_secs(23 * 3600)
    }

    fn submit(&self, sms: &Outgoing, at: &Moment) -> WireRequest {
        let mut message = object!({
            "id": id_of(sms),
            "withDeliveryReport": true,
            // Seconds from now, by the phone's own clock; five are the fewest it takes.
            "ttl": (sms.useful_until.seconds() - at.now.seconds()).clamp(5, 30 * 24 * 3600),
        });
        if let Destination::Phone(phone) = &sms.to {
            message["phoneNumbers"] = object!([phone.reveal()]);
        }
        if let Content::Text(body) = &sms.content {
            message["textMessage"] = object!({ "text": body.reveal() });
        }
        // The phone and its SIM are our From: one account is one number.
        if let Some(device) = &self.device {
            message["deviceId"] = device.as_str().into();
        }
        if let Some(sim) = self.sim {
            message["simNumber"] = sim.into();
        }
        WireRequest {
            method: "POST",
            url: format!("{}/messages", self.base_url),
            headers: self.headers(),
            body: message.to_string().into_bytes(),
        }
    }

    fn accepted(&self, answer: &WireAnswer) -> Result<Accepted, SendFault> {
        let value = json::read(answer.header("content-type"), &answer.body);
        let said = value.as_ref().and_then(|value| field(value, "message")).unwrap_or_default().to_ascii_lowercase();
        let says = |word: &str| said.contains(word);
        Err(match answer.status {
            200..300 => return taken(value.as_ref()).ok_or_else(|| SendFault::Garbled("no message id in the answer".into())),
            401 | 403 => SendFault::Config(format!("the phone or its server refuses username and password (HTTP {})", answer.status)),
            404 => SendFault::Config("nothing answers there: check base_url (HTTP 404)".into()),
            400 if says("device") || says("invalid user") => SendFault::Config("the server does not know this phone: check device".into()),
            400 if says("phone") => SendFault::BadAddress("this is no mobile number".into()),
            // This attempt's id is there already: asking for it says whether all of it is.
            409 => SendFault::Unclear("the phone has this attempt already".into()),
            429 => SendFault::Throttled { after: answer.header("retry-after").and_then(|text| text.parse().ok()).map(Duration::from_secs) },
            // `ErrQueueLimitExceeded`: checked before anything is written.
            503 if says("queue limits exceeded") => SendFault::Throttled { after: None },
            500.. => SendFault::Unclear(format!("HTTP {}", answer.status)),
            status => SendFault::Refused { code: format!("HTTP {status}") },
        })
    }

    fn authentic(&self, call: &WireCall, at: &Moment) -> Result<(), Refusal> {
        let given = call.header("x-signature").ok_or(Refusal::Forged("no signature"))?;
        let stamp = call.header("x-timestamp").ok_or(Refusal::Forged("no timestamp"))?;
        let expected = signature(&self.signing_key, &call.body, stamp);
        if !any_is([expected], given.to_ascii_lowercase().as_bytes()) {
            return Err(Refusal::Forged("the signature does not verify"));
        }
        let signed: i64 = stamp.parse().map_err(|_| Refusal::Forged("the timestamp is no number"))?;
        if at.now.seconds().abs_diff(signed) > TOLERANCE as u64 { Err(Refusal::Stale) } else { Ok(()) }
    }

    fn events(&self, call: &WireCall) -> Result<Vec<Event>, Refusal> {
        let value = json::read(call.header("content-type"), &call.body).ok_or(Refusal::Garbled("not JSON"))?;
        let name = field(&value, "event").ok_or(Refusal::Garbled("no event"))?;
        let nothing = Value::Null;
        let payload = value.get("payload").unwrap_or(&nothing);
        let device = field(&value, "deviceId").unwrap_or_default();
        let id = field(&value, "id");
        let id = id.as_deref();
        Ok(match name.as_str() {
            "sms:received" | "mms:downloaded" => vec![self.incoming(&device, payload, id)],
            // What a person had the app read again: old texts, each of which may have come before under an id of its own.
            "sms:batch:received" | "mms:batch:downloaded" => {
                let all = payload.get("messages").and_then(Value::as_array).ok_or(Refusal::Garbled("a batch without messages"))?;
                all.iter().map(|one| self.incoming(&device, one, None)).collect()
            }
            "sms:sent" => vec![self.receipt(ReceiptKind::Accepted, &name, payload, id)],
            "sms:delivered" => vec![self.receipt(ReceiptKind::Delivered, &name, payload, id)],
            "sms:failed" | "sms:cancelled" => vec![self.receipt(ReceiptKind::Failed, &name, payload, id)],
            "mms:received" => vec![Event::Ignored("a picture message is on its way to the phone: mms:downloaded brings it")],
            "system:ping" | "app:started" => vec![Event::Ignored("the phone is there")],
            _ => vec![Event::Ignored("an event this version does not know")],
        })
    }

    fn acknowledge(&self, _taken: usize) -> WireReply {
        WireReply { status: 200, content_type: "text/plain", body: String::new() }
    }

    fn look_up(&self, sms: &Outgoing) -> Option<WireRequest> {
        let url = format!("{}/messages/{}", self.base_url, id_of(sms));
        Some(WireRequest { method: "GET", url, headers: self.headers(), body: Vec::new() })
    }

    fn found(&self, answer: &WireAnswer) -> Found {
        let value = json::read(answer.header("content-type"), &answer.body);
        let said = value.as_ref().and_then(|value| field(value, "message")).unwrap_or_default();
        match (answer.status, taken(value.as_ref())) {
            (200, Some(accepted)) => Found::Found(accepted),
            // The phone's own 404 has no body and the server's says so in JSON. A tunnel or proxy that lost the phone says 404 in HTML.
            (404, _) if answer.body.is_empty() || said == "message not found" => Found::Absent,
            _ => Found::Unclear,
        }
    }
}

#[cfg(test)]
mod tests;
