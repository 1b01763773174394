//! Twilio, and all that speak its wire format (base URL configurable).
//!
//! Sources: Twilio's "Message resource" and "Webhooks security" pages; twilio-python `request_validator.py` for the signature
//! with and without port. The company has no idempotency key: real accounts are `Blind`; the sandbox offers all three kinds.

mod calls;

use super::reading::form::Fields;
use super::reading::json;
use super::reading::keys::{any_is, code, key};
use super::reading::secret::{basic, same_host};
use super::{Kind, Setting};
use base64::Engine;
use domain::calls::CallAnswer;
use domain::carrier::*;
use domain::hex;
use domain::mask::{Body, Phone};
use domain::wire::*;
use hmac::Hmac;
use sha2::Digest;
use std::collections::BTreeMap;
use std::time::Duration;

/// The kind, as the table of companies lists it.
pub(super) const KIND: Kind = Kind {
    name: "twilio",
    title: "Twilio, and companies that speak its wire format",
    settings: &[
        Setting::needed("account", "The account's SID, AC…."),
        Setting::secret("auth_token", "Signs in, and signs what the company sends us."),
        Setting::secret_or_none("old_auth_token", "While tokens are changed: the one that still signs webhooks."),
        Setting::or("base_url", "https://api.twilio.com", "Another company that speaks the same."),
        Setting::or("messaging_service", "", "A Messaging Service (MG…) named beside our number, for its registration."),
        Setting::or(
            "outcome",
            "blind",
            "blind: an unclear send is never repeated by itself. keyed, look-up: where the company offers them.",
        ),
    ],
    build: |given| {
        let outcomes = [("blind", Outcome::Blind), ("keyed", Outcome::Keyed), ("look-up", Outcome::LookUp)];
        let tokens = ["auth_token", "old_auth_token"].map(|name| given.get(name).to_owned());
        Ok(std::sync::Arc::new(Twilio::new(TwilioSettings {
            base_url: given.base("base_url")?,
            account: given.get("account").to_owned(),
            tokens: tokens.into_iter().filter(|token| !token.is_empty()).collect(),
            status_callback: given.hook.clone(),
            messaging_service: Some(given.get("messaging_service").to_owned()).filter(|service| !service.is_empty()),
            outcome: given.one_of("outcome", &outcomes)?,
            slowest: given.slowest,
        })))
    },
};

/// How a repeated attempt is kept from being a second text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Never resent by itself.
    Blind,
    /// The other side drops a repeated `I-Twilio-Idempotency-Token`.
    Keyed,
    /// The other side can list by reference.
    LookUp,
}

/// An account.
#[derive(Clone)]
pub struct TwilioSettings {
    /// `https://api.twilio.com` or whoever speaks the same.
    pub base_url: String,
    /// AC….
    pub account: String,
    /// Live auth tokens: the first signs in, each verifies (rotation).
    pub tokens: Vec<String>,
    /// Our public URL for receipts.
    pub status_callback: String,
    /// A Messaging Service, sent beside From.
    pub messaging_service: Option<String>,
    /// See [`Outcome`].
    pub outcome: Outcome,
    /// The longest a call may take.
    pub slowest: Duration,
}

/// The translator.
pub struct Twilio {
    settings: TwilioSettings,
    /// Where texts go, who signs in, and where receipts go up to the attempt: the same for each text.
    messages: String,
    authorization: String,
    callback: String,
}

impl Twilio {
    /// An account's translator.
    pub fn new(settings: TwilioSettings) -> Self {
        let messages = format!("{}/2010-04-01/Accounts/{}/Messages.json", settings.base_url.trim_end_matches('/'), settings.account);
        let authorization = basic(&settings.account, settings.tokens.first().map_or("", String::as_str));
        let separator = if settings.status_callback.contains('?') { '&' } else { '?' };
        let callback = format!("{}{separator}ref=", settings.status_callback);
        Self { settings, messages, authorization, callback }
    }

    fn authorization(&self) -> (String, String) {
        ("authorization".into(), self.authorization.clone())
    }
}

/// `X-Twilio-Signature`: base64 of HMAC-SHA1 over the URL and the sorted parameters, repeated values once each.
pub fn signature(token: &str, url: &str, form: &[(String, String)]) -> String {
    signed(token, url, &sorted(form))
}

/// What is signed behind the URL.
fn sorted(form: &[(String, String)]) -> String {
    let mut sorted: BTreeMap<&str, std::collections::BTreeSet<&str>> = BTreeMap::new();
    for (key, value) in form {
        sorted.entry(key).or_default().insert(value);
    }
    let mut text = String::new();
    for (key, values) in sorted {
        for value in values {
            text.push_str(key);
            text.push_str(value);
        }
    }
    text
}

fn signed(token: &str, url: &str, sorted: &str) -> String {
    base64::engine::general_purpose::STANDARD.encode(code::<Hmac<sha1::Sha1>>(token, &[url.as_bytes(), sorted.as_bytes()]))
}

fn form(body: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(body).into_owned().collect()
}

/// The URL as Twilio may have signed it: as configured, and with or without the scheme's own port.
fn url_forms(url: &str) -> Vec<String> {
    let mut all = vec![url.to_owned()];
    let Some((scheme, rest)) = url.split_once("://") else {
        return all;
    };
    let port = if scheme == "https" { ":443" } else { ":80" };
    let (host, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    match host.strip_suffix(port) {
        Some(bare) => all.push(format!("{scheme}://{bare}{path}")),
        None if !host.contains(':') => all.push(format!("{scheme}://{host}{port}{path}")),
        None => {}
    }
    all
}

/// What a code means for us (Twilio's error and warning dictionary).
fn fault_of(code: &str, status: u16, after: Option<Duration>) -> SendFault {
    match code {
        "21610" => SendFault::OptedOut,
        "21211" | "21614" | "21612" | "30005" | "30006" => SendFault::BadAddress(match code {
            "30006" => "landline".into(),
            _ => format!("the number does not take texts ({code})"),
        }),
        "20429" | "21611" | "30001" | "30022" | "30017" | "14107" | "63018" => SendFault::Throttled { after },
        "30023" => SendFault::Throttled { after: Some(Duration::from_secs(24 * 3600)) },
        "20003" | "21606" | "21408" | "21608" | "21703" | "21704" | "30002" | "30018" | "30024" | "30032" => {
            SendFault::Config(format!("the company refuses our account or number ({code})"))
        }
        "30003" => SendFault::NotSent("the phone is off or out of reach (30003)".into()),
        _ if status == 429 => SendFault::Throttled { after },
        _ if status >= 500 => SendFault::Unclear(format!("HTTP {status}")),
        code => SendFault::Refused { code: code.to_owned() },
    }
}

impl SmsProvider for Twilio {
    fn abilities(&self) -> Abilities {
        let repeat = match self.settings.outcome {
            Outcome::Blind => Repeat::Blind,
            Outcome::Keyed => Repeat::Keyed(Duration::from_secs(24 * 3600)),
            Outcome::LookUp => Repeat::LookUp,
        };
        Abilities { repeat, receipts: true, longest: 1600, capacity: Capacity::default(), slowest: self.settings.slowest }
    }

    fn submit(&self, sms: &Outgoing, at: &Moment) -> WireRequest {
        let mut fields = form_urlencoded::Serializer::new(String::with_capacity(512));
        if let Destination::Phone(phone) = &sms.to {
            fields.append_pair("To", phone.reveal());
        }
        fields.append_pair("From", &sms.from);
        if let Some(service) = &self.settings.messaging_service {
            fields.append_pair("MessagingServiceSid", service);
        }
        if let Content::Text(body) = &sms.content {
            fields.append_pair("Body", body.reveal());
        }
        fields.append_pair("StatusCallback", &(self.callback.clone() + &sms.reference()));
        let validity = (sms.useful_until.seconds() - at.now.seconds()).clamp(1, 36_000);
        fields.append_pair("ValidityPeriod", &validity.to_string());
        let mut headers = vec![self.authorization(), ("content-type".into(), "application/x-www-form-urlencoded".into())];
        if self.settings.outcome == Outcome::Keyed {
            headers.push(("i-twilio-idempotency-token".into(), sms.key()));
        }
        WireRequest { method: "POST", url: self.messages.clone(), headers, body: fields.finish().into_bytes() }
    }

    fn accepted(&self, answer: &WireAnswer) -> Result<Accepted, SendFault> {
        let read = json::read(answer.header("content-type"), &answer.body).unwrap_or_default();
        let field = |name: &str| json::field(&read, name);
        if (200..300).contains(&answer.status) {
            let sid = field("sid").ok_or_else(|| SendFault::Garbled("no message id in the answer".into()))?;
            let segments = field("num_segments").and_then(|text| text.parse().ok()).filter(|count| *count > 0);
            return Ok(Accepted { provider_ids: vec![sid], segments });
        }
        let after = answer.header("retry-after").and_then(|text| text.parse().ok()).map(Duration::from_secs);
        Err(fault_of(&field("code").unwrap_or_else(|| answer.status.to_string()), answer.status, after))
    }

    fn authentic(&self, call: &WireCall, _at: &Moment) -> Result<(), Refusal> {
        let given = call.header("x-twilio-signature").ok_or(Refusal::Forged("no signature"))?;
        let is_form = call.header("content-type").is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
        let fields = if is_form { form(&call.body) } else { Vec::new() };
        if let (false, Some(expected)) = (is_form, Fields::of_query(&call.url).get("bodySHA256")) {
            if !any_is([hex(&sha2::Sha256::digest(&call.body))], expected.to_lowercase().as_bytes()) {
                return Err(Refusal::Forged("the body is not the one that was signed"));
            }
        } else if !is_form && !call.body.is_empty() {
            return Err(Refusal::Forged("the body is not covered by the signature"));
        }
        let (urls, sorted) = (url_forms(&call.url), sorted(&fields));
        let good = self.settings.tokens.iter().flat_map(|token| urls.iter().map(|url| signed(token, url, &sorted)));
        if any_is(good, given.as_bytes()) { Ok(()) } else { Err(Refusal::Forged("the signature does not verify")) }
    }

    fn events(&self, call: &WireCall) -> Result<Vec<Event>, Refusal> {
        let fields = Fields::of_form(None, &call.body);
        let get = |name: &str| fields.get(name).unwrap_or_default();
        if let Some(sid) = fields.get("CallSid") {
            return Ok(vec![calls::event(&fields, &sid)]);
        }
        let sid = fields.get("MessageSid").or_else(|| fields.get("SmsSid")).ok_or(Refusal::Garbled("no MessageSid"))?;
        let status = fields.get("MessageStatus").or_else(|| fields.get("SmsStatus")).unwrap_or_default();
        if fields.has("Body") && matches!(status.as_str(), "" | "received" | "receiving") {
            let count: usize = get("NumMedia").parse().unwrap_or(0);
            return Ok(vec![Event::Incoming {
                key: key("sms", &sid),
                from: Phone::new(get("From")),
                to: Phone::new(get("To")),
                text: Body::new(get("Body")),
                media: (0..count.min(10)).filter_map(|index| fields.get(&format!("MediaUrl{index}"))).collect(),
                carrier_answered: fields.has("OptOutType"),
                part: None,
            }]);
        }
        let kind = match status.as_str() {
            "delivered" | "read" => ReceiptKind::Delivered,
            "failed" | "undelivered" | "canceled" => ReceiptKind::Failed,
            "queued" | "sending" | "sent" | "accepted" | "scheduled" | "partially_delivered" => ReceiptKind::Accepted,
            _ => return Ok(vec![Event::Ignored("a status this version does not know")]),
        };
        let code = fields.get("ErrorCode");
        let fault = code.as_deref().filter(|_| kind == ReceiptKind::Failed).map(|code| fault_of(code, 400, None));
        Ok(vec![Event::Receipt {
            ours: None,
            key: format!("{}:{status}", key("status", &sid)),
            reference: Fields::of_query(&call.url).get("ref"),
            provider_id: sid,
            kind,
            code,
            fault,
        }])
    }

    fn acknowledge(&self, _taken: usize) -> WireReply {
        WireReply { status: 200, content_type: "text/xml", body: "<Response/>".into() }
    }

    fn opens(&self, link: &str) -> Vec<(String, String)> {
        if same_host(link, &self.settings.base_url) { vec![self.authorization()] } else { Vec::new() }
    }

    fn answer_call(&self, answer: &CallAnswer) -> Option<WireReply> {
        Some(calls::answer(answer, &self.settings.status_callback))
    }

    fn look_up(&self, sms: &Outgoing) -> Option<WireRequest> {
        (self.settings.outcome == Outcome::LookUp).then(|| WireRequest {
            method: "GET",
            url: format!("{}?Reference={}", self.messages, sms.reference()),
            headers: vec![self.authorization()],
            body: Vec::new(),
        })
    }

    fn found(&self, answer: &WireAnswer) -> Found {
        let read = json::read(answer.header("content-type"), &answer.body).filter(|_| answer.status == 200);
        let Some(list) = read.as_ref().and_then(|read| read.get("messages")).and_then(serde_json::Value::as_array) else {
            return Found::Unclear;
        };
        let ids: Vec<String> = list.iter().filter_map(|message| json::field(message, "sid")).collect();
        if ids.is_empty() { Found::Absent } else { Found::Found(Accepted { provider_ids: ids, segments: None }) }
    }
}

#[cfg(test)]
mod tests;
