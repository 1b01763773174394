//! Infobip, SMS API v3.
//!
//! Sources: PyPI's `infobip-api-python-client` 6.0.0, generated from Infobip's own OpenAPI description (requests, answers, reports,
//! logs); the pages "Receive inbound SMS messages", "Create security settings", "Response status and error codes", "Rate limits and
//! throttling". What guards our webhook is the BASIC pair of a subscription's security settings: HMAC exists there too, but no
//! public page says which header carries it or what it covers.
//!
//! The message id is ours to choose. A repeated one is refused, for how long no page says, and whether a *refused* text uses its id
//! up neither: so an attempt has an id of its own, and what is unclear is looked up in the logs. These keep 48 hours.

use super::reading::json::{self, field, first};
use super::reading::keys::{digest, key};
use super::reading::numbers::{Style, e164};
use super::reading::secret::check_basic;
use super::{Kind, Setting, Wrong};
use domain::carrier::*;
use domain::mask::{Body, Phone};
use domain::wire::*;
use serde_json::{Value, json as object};
use std::time::Duration;

mod codes;
use codes::{fault_of, group_of, name_of};

const TRANSLITERATIONS: &[&str] = &[
    "NONE",
    "TURKISH",
    "GREEK",
    "CYRILLIC",
    "SERBIAN_CYRILLIC",
    "BULGARIAN_CYRILLIC",
    "CENTRAL_EUROPEAN",
    "BALTIC",
    "PORTUGUESE",
    "COLOMBIAN",
    "NON_UNICODE",
    "ALL",
];

/// The kind, as the table of companies lists it.
pub(super) const KIND: Kind = Kind {
    name: "infobip",
    title: "Infobip",
    settings: &[
        Setting::needed("base_url", "Your account's own address there, https://….api.infobip.com: on the first page after signing in."),
        Setting::secret("api_key", "An API key that may send SMS and read their logs."),
        Setting::or("hook_user", "homeword", "The user name Infobip shows when it calls us: as in its security settings, type BASIC."),
        Setting::secret("hook_password", "The password beside it: yours to invent, at least 16 characters."),
        Setting::or(
            "language",
            "NONE",
            "National letters for less: NONE, TR, ES, PT or AUTODETECT. Some phones and networks can't show them.",
        ),
        Setting::or("transliteration", "NONE", "NONE: letters stay as written. Any other value lets Infobip change them (í to i)."),
        Setting::or(
            "outcome",
            "look-up",
            "look-up: an unclear send is looked up in Infobip's logs. blind: never asked, never repeated by itself.",
        ),
    ],
    build: |given| {
        let languages = ["NONE", "TR", "ES", "PT", "AUTODETECT"].map(|word| (word, word));
        let transliterations: Vec<_> = TRANSLITERATIONS.iter().map(|word| (*word, *word)).collect();
        let password = given.get("hook_password");
        if password.len() < 16 {
            return Err(Wrong {
                setting: "hook_password".into(),
                want: "must have at least 16 characters: it is all that guards the webhook".into(),
            });
        }
        if given.get("hook_user").contains(':') {
            return Err(Wrong { setting: "hook_user".into(), want: "must not contain a colon".into() });
        }
        Ok(std::sync::Arc::new(Infobip {
            base_url: given.base("base_url")?,
            api_key: given.get("api_key").to_owned(),
            hook: format!("{}:{password}", given.get("hook_user")),
            language: given.one_of("language", &languages)?,
            transliteration: given.one_of("transliteration", &transliterations)?,
            repeat: given.one_of("outcome", &[("look-up", Repeat::LookUp), ("blind", Repeat::Blind)])?,
            slowest: given.slowest,
        }))
    },
};

/// The translator of one account.
struct Infobip {
    base_url: String,
    api_key: String,
    /// Name and password, as the company shows them when it calls us.
    hook: String,
    language: &'static str,
    transliteration: &'static str,
    repeat: Repeat,
    slowest: Duration,
}

impl Infobip {
    fn headers(&self) -> Vec<(String, String)> {
        vec![
            ("authorization".into(), format!("App {}", self.api_key)),
            ("content-type".into(), "application/json".into()),
            ("accept".into(), "application/json".into()),
        ]
    }
}

/// Which tables a text may go with: `singleShift` alone is asked for, so letters stay those of the default alphabet.
fn tables(language: &str) -> Tables {
    match language {
        "TR" => Tables::Extensions(&["tr"]),
        "ES" => Tables::Extensions(&["es"]),
        "PT" => Tables::Extensions(&["pt"]),
        "AUTODETECT" => Tables::Extensions(&["tr", "es", "pt"]),
        _ => Tables::None,
    }
}

/// What an answer outside 2xx means; which field is wrong stands in `violations` (ApiError).
fn refused(answer: &WireAnswer) -> SendFault {
    let value = json::read(answer.header("content-type"), &answer.body).unwrap_or_default();
    let wrong = |part: &str| {
        let all = value.get("violations").and_then(Value::as_array);
        all.is_some_and(|all| all.iter().filter_map(|one| field(one, "property")).any(|property| property.contains(part)))
    };
    match answer.status {
        401 | 403 => SendFault::Config(format!("Infobip refuses the API key (HTTP {})", answer.status)),
        404 => SendFault::Config("nothing answers there: check base_url (HTTP 404)".into()),
        429 => {
            let after = answer.header("retry-after").and_then(|text| text.parse().ok()).map(Duration::from_secs);
            SendFault::Throttled { after }
        }
        400 if wrong("destinations") => SendFault::BadAddress("Infobip does not take this number".into()),
        400 if wrong("sender") => SendFault::Config("Infobip does not take our number as sender".into()),
        500.. => SendFault::Unclear(format!("HTTP {}", answer.status)),
        status => SendFault::Refused { code: format!("HTTP {status}") },
    }
}

fn incoming(result: &Value) -> Event {
    // The Messages API's form of the same has a list of contents, and pictures among them.
    let parts = || result.get("content").and_then(Value::as_array).into_iter().flatten();
    let contents = || parts().filter_map(|part| field(part, "text")).collect::<Vec<_>>().join("\n");
    let text = first(result, &["text", "cleanText"]).unwrap_or_else(contents);
    let (from, to) = (first(result, &["from", "sender"]).unwrap_or_default(), first(result, &["to", "destination"]).unwrap_or_default());
    let (Some(from), Some(to)) = (e164(&from, ""), e164(&to, "").or(Some(to).filter(|to| !to.is_empty()))) else {
        return Event::Ignored("a text from a word or a short code, which no family has");
    };
    let alike = || {
        let when = field(result, "receivedAt").unwrap_or_default();
        digest(&[from.as_str(), &to, &when, &text].map(str::as_bytes))
    };
    let id = field(result, "messageId").unwrap_or_else(alike);
    Event::Incoming {
        key: key("sms", &id),
        from: Phone::new(from),
        to: Phone::new(to),
        text: Body::new(text),
        media: parts().filter_map(|part| field(part, "url")).take(20).collect(),
        carrier_answered: false,
        part: None,
    }
}

fn receipt(result: &Value, status: &Value) -> Event {
    let id = field(result, "messageId").unwrap_or_default();
    if read_reference(&id).is_none() {
        return Event::Ignored("a report on a text that is not ours");
    }
    let name = name_of(status);
    let kind = match (name.as_str(), group_of(status)) {
        // Our second call with one id was refused; the first is what counts.
        ("REJECTED_DUPLICATE_MESSAGE_ID", _) => return Event::Ignored("a repeated id was refused"),
        // With the operator is not yet at the phone; and an operator that never said does not mean it did not arrive.
        ("DELIVERED_TO_OPERATOR" | "EXPIRED_DLR_UNKNOWN", _) | (_, Some(0 | 1)) => ReceiptKind::Accepted,
        (_, Some(3)) => ReceiptKind::Delivered,
        (_, Some(2 | 4 | 5)) => ReceiptKind::Failed,
        _ => return Event::Ignored("a status this version does not know"),
    };
    let error = result.get("error").map(name_of).filter(|error| !matches!(error.as_str(), "" | "0" | "NO_ERROR"));
    let code = (kind == ReceiptKind::Failed).then(|| error.unwrap_or_else(|| name.clone()));
    let fault = code.as_deref().map(fault_of);
    Event::Receipt {
        ours: None,
        key: key("status", &format!("{id}:{name}")),
        reference: Some(id.clone()),
        provider_id: id,
        kind,
        code,
        fault,
    }
}

impl SmsProvider for Infobip {
    fn abilities(&self) -> Abilities {
        // "REJECTED_MESSAGE_TOO_LONG": 25 parts or 4,000 bytes; three bytes are the most a UTF-16 unit takes.
        Abilities {
            repeat: self.repeat,
            receipts: true,
            longest: 1300,
            capacity: Capacity { tables: tables(self.language), numbered: false },
            slowest: self.slowest,
        }
    }

    fn remembers(&self) -> Duration {
        Duration::from_secs(47 * 3600)
    }

    fn submit(&self, sms: &Outgoing, at: &Moment) -> WireRequest {
        let mut content = object!({ "transliteration": self.transliteration });
        if let Content::Text(body) = &sms.content {
            content["text"] = body.reveal().into();
        }
        if self.language != "NONE" {
            content["language"] = object!({ "languageCode": self.language, "singleShift": true });
        }
        let validity = (sms.useful_until.seconds() - at.now.seconds()).clamp(1, 48 * 3600);
        let message = object!({
            "sender": Style::Digits.write(&sms.from),
            "destinations": [{ "to": Style::Digits.to(sms), "messageId": sms.reference() }],
            "content": content,
            "options": { "validityPeriod": { "amount": validity, "timeUnit": "SECONDS" } },
        });
        let body = object!({ "messages": [message] }).to_string().into_bytes();
        WireRequest { method: "POST", url: format!("{}/sms/3/messages", self.base_url), headers: self.headers(), body }
    }

    fn accepted(&self, answer: &WireAnswer) -> Result<Accepted, SendFault> {
        if !(200..300).contains(&answer.status) {
            return Err(refused(answer));
        }
        let value = json::read(answer.header("content-type"), &answer.body);
        let list = value.as_ref().and_then(|value| value.get("messages")).and_then(Value::as_array);
        let garbled = || SendFault::Garbled("no message id in the answer".into());
        let mut taken = Accepted::default();
        for message in list.ok_or_else(garbled)? {
            if let Some(status) = message.get("status").filter(|status| matches!(group_of(status), Some(2 | 4 | 5))) {
                return Err(fault_of(&name_of(status)));
            }
            taken.provider_ids.extend(field(message, "messageId"));
            let count = message.get("details").and_then(|details| field(details, "messageCount")).and_then(|count| count.parse().ok());
            taken.segments = taken.segments.or(count).filter(|count| *count > 0);
        }
        if taken.provider_ids.is_empty() { Err(garbled()) } else { Ok(taken) }
    }

    fn authentic(&self, call: &WireCall, _at: &Moment) -> Result<(), Refusal> {
        check_basic(call, &self.hook)
    }

    fn events(&self, call: &WireCall) -> Result<Vec<Event>, Refusal> {
        let value = json::read(call.header("content-type"), &call.body).ok_or(Refusal::Garbled("not JSON"))?;
        let results = value.get("results").unwrap_or(&value).as_array().ok_or(Refusal::Garbled("no results"))?;
        let event = |result: &Value| match result.get("status") {
            Some(status) if status.is_object() => receipt(result, status),
            _ if ["text", "cleanText", "content", "receivedAt"].iter().any(|name| result.get(name).is_some()) => incoming(result),
            _ => Event::Ignored("neither a text nor a report"),
        };
        Ok(results.iter().map(event).collect())
    }

    fn acknowledge(&self, _taken: usize) -> WireReply {
        WireReply { status: 200, content_type: "text/plain", body: String::new() }
    }

    fn look_up(&self, sms: &Outgoing) -> Option<WireRequest> {
        let url = format!("{}/sms/3/logs?messageId={}", self.base_url, sms.reference());
        (self.repeat == Repeat::LookUp).then(|| WireRequest { method: "GET", url, headers: self.headers(), body: Vec::new() })
    }

    fn found(&self, answer: &WireAnswer) -> Found {
        let value = json::read(answer.header("content-type"), &answer.body).filter(|_| answer.status == 200);
        let Some(list) = value.as_ref().and_then(|value| value.get("results")).and_then(Value::as_array) else {
            return Found::Unclear;
        };
        // One that was refused did not go; sent again it is refused again, and then we hear why. A repeated id proves the first.
        let refused = |status: &Value| group_of(status) == Some(5) && name_of(status) != "REJECTED_DUPLICATE_MESSAGE_ID";
        let went = |log: &&Value| !log.get("status").is_some_and(refused);
        let ids: Vec<String> = list.iter().filter(went).filter_map(|log| field(log, "messageId")).collect();
        match ids.is_empty() {
            false => Found::Found(Accepted { provider_ids: ids, segments: None }),
            true if list.iter().any(|log| went(&log)) => Found::Unclear,
            true => Found::Absent,
        }
    }
}

#[cfg(test)]
mod tests;
