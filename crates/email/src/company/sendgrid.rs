//! SendGrid.
//!
//! Sources: Twilio SendGrid, "mail-send", "setting-up-the-inbound-parse-webhook" (Send Raw), "event", "getting-started-event-webhook-
//! security-features", "securing-your-parse-webhooks"; PyPI `sendgrid` (EventWebhook); django-anymail's tests. It takes a letter in
//! pieces. That the parse webhook is signed as the event webhook is, over the raw form, is told by a public example alone.

use super::apart::apart;
use super::form::Form;
use super::sign::{bits_of, ecdsa};
use super::*;
use base64::{Engine, engine::general_purpose::STANDARD};

pub(super) const KIND: MailKind = MailKind {
    name: "sendgrid",
    title: "SendGrid",
    settings: &[
        Setting::secret("api_key", "An API key that may send mail and nothing else."),
        Setting::needed("events_key", "The verification key of the event webhook's signature, as the dashboard shows it."),
        Setting::needed("letters_key", "The public key of the security policy that is attached to the parse webhook."),
        Setting::or("base_url", "https://api.sendgrid.com", "Where the API is; in Europe https://api.eu.sendgrid.com."),
    ],
    make: |given| {
        let key = |name: &str| {
            let bits = STANDARD.decode(given.get(name)).ok().and_then(|info| bits_of(&info).map(<[u8]>::to_vec));
            bits.filter(|bits| bits.len() == 65)
                .ok_or(Wrong { setting: name.into(), want: "must be the key as the dashboard shows it, MFkw…".into() })
        };
        Ok(Arc::new(SendGrid {
            url: format!("{}/v3/mail/send", given.base("base_url")?),
            api_key: given.get("api_key").to_owned(),
            events_key: key("events_key")?,
            letters_key: key("letters_key")?,
            slowest: given.slowest,
        }))
    },
};

struct SendGrid {
    url: String,
    api_key: String,
    events_key: Vec<u8>,
    letters_key: Vec<u8>,
    slowest: Duration,
}

/// It hands a letter over for three days.
const OLDEST: i64 = 4 * 86_400;

fn for_letters(call: &WireCall) -> bool {
    comes_to(call, "/parse")
}

impl MailProvider for SendGrid {
    fn abilities(&self) -> Abilities {
        abilities(self.slowest)
    }

    fn submit(&self, outgoing: &Outgoing, _at: &Moment) -> Result<WireRequest, SendFault> {
        let (to, raw) = letter(outgoing)?;
        let apart = apart(raw).ok_or(SendFault::NotMade)?;
        let headers: serde_json::Map<String, Value> =
            apart.headers.iter().map(|(name, value)| ((*name).to_owned(), value.as_str().into())).collect();
        let mut content = vec![serde_json::json!({ "type": "text/plain", "value": apart.text })];
        if !apart.page.is_empty() {
            content.push(serde_json::json!({ "type": "text/html", "value": apart.page }));
        }
        let off = serde_json::json!({ "enable": false });
        let body = serde_json::json!({
            "personalizations": [{ "to": [{ "email": to }], "custom_args": { TAG: outgoing.reference() } }],
            "from": { "email": apart.from.1, "name": apart.from.0 },
            "reply_to": { "email": apart.reply_to },
            "subject": apart.subject,
            "headers": headers,
            "content": content,
            "tracking_settings": { "click_tracking": { "enable": false, "enable_text": false }, "open_tracking": off, "subscription_tracking": off },
        });
        let headers = [("authorization", format!("Bearer {}", self.api_key)), ("content-type", "application/json".to_owned())];
        let headers = headers.map(|(name, value)| (name.to_owned(), value)).into();
        Ok(WireRequest { method: "POST", url: self.url.clone(), headers, body: body.to_string().into_bytes() })
    }

    fn accepted(&self, answer: &WireAnswer) -> Result<Accepted, SendFault> {
        if answer.status == 202 {
            // Taken, whether or not it says under which id: what happens to it comes back with our own word.
            return Ok(id(answer.header("x-message-id").unwrap_or_default()).unwrap_or_default());
        }
        let said = serde_json::from_slice::<Value>(&answer.body).unwrap_or_default();
        let all = list(said.get("errors"));
        let words = |part: &str| all.iter().any(|error| text(error, &["message"]).to_lowercase().contains(part));
        // One recipient: whatever else is wrong, that mailbox never takes a letter.
        let to = all.iter().any(|error| text(error, &["field"]).contains(".to"));
        let from = all.iter().any(|error| text(error, &["field"]).starts_with("from"));
        Err(match answer.status {
            200 if answer.body.is_empty() => SendFault::Config("SendGrid only looked at the letter: the account is in sandbox mode".into()),
            400 if to => SendFault::BadAddress("this is no email address".into()),
            400 if from => SendFault::Config("SendGrid refuses our own address".into()),
            401 if words("credits") => SendFault::Config("SendGrid: the account's credits are used up".into()),
            status => by_status(answer, &status.to_string()),
        })
    }

    fn authentic(&self, call: &WireCall, at: &Moment, _certificate: Option<&[u8]>) -> Result<(), Refusal> {
        let header = |name: &str| call.header(name).filter(|value| !value.is_empty()).ok_or(Refusal::Forged("no signature"));
        let time = header("x-twilio-email-event-webhook-timestamp")?;
        let given = header("x-twilio-email-event-webhook-signature")?;
        let given = STANDARD.decode(given).map_err(|_| Refusal::Forged("the signature is not base64"))?;
        // Digits alone, or what begins the body could stand here.
        if !(1..=12).contains(&time.len()) || !time.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Refusal::Forged("no time"));
        }
        let key = if for_letters(call) { &self.letters_key } else { &self.events_key };
        if !ecdsa(key, &[time.as_bytes(), &call.body].concat(), &given) {
            return Err(Refusal::Forged("the signature does not verify"));
        }
        fresh(time.parse().unwrap_or_default(), at, OLDEST)
    }

    fn news(&self, call: &WireCall) -> Result<Vec<MailNews>, Refusal> {
        if !for_letters(call) {
            let said = json(&call.body)?;
            let mut known = std::collections::BTreeSet::new();
            let mut once = |one: &&Value| word(one, &["sg_event_id"]).is_empty() || known.insert(word(one, &["sg_event_id"]));
            return Ok(list(Some(&said)).iter().filter(|one| once(one)).filter_map(event).collect());
        }
        let form = Form::of(call)?;
        let raw = form.bytes("email").ok_or(Refusal::Garbled("not the letter itself: switch on \"POST the raw, full MIME message\""))?;
        let envelope = json(form.bytes("envelope").ok_or(Refusal::Garbled("a letter for nobody"))?)?;
        let to: Vec<String> = list(envelope.get("to")).iter().filter_map(Value::as_str).map(str::to_owned).collect();
        if to.is_empty() {
            return Err(Refusal::Garbled("a letter for nobody"));
        }
        Ok(vec![MailNews::Letter { from: text(&envelope, &["from"]).to_owned(), to, raw: raw.to_vec() }])
    }
}

fn event(said: &Value) -> Option<MailNews> {
    let reference = Some(word(said, &[TAG])).filter(|reference| !reference.is_empty());
    let recipient = text(said, &["email"]);
    let place = ["status", "reason", "response"].map(|name| text(said, &[name]));
    let status = place.iter().map(|said| status(said)).find(|status| !status.is_empty()).unwrap_or_default();
    let reason = text(said, &["reason"]).to_lowercase();
    Some(match text(said, &["event"]) {
        "delivered" => happened(&reference, recipient, MailHappened::Delivered),
        "deferred" => happened(&reference, recipient, MailHappened::Late),
        "spamreport" | "unsubscribe" | "group_unsubscribe" => happened(&reference, recipient, MailHappened::Unwanted),
        "bounce" => {
            let class = match (text(said, &["type"]), status) {
                (_, status) if status.starts_with("5.7.") => BounceClass::Policy,
                ("blocked", status) if status.starts_with("4.") || status.starts_with("5.2.") => BounceClass::Soft,
                ("blocked", _) => BounceClass::Policy,
                (_, status) if status.starts_with("4.") || status.starts_with("5.2.2") => BounceClass::Soft,
                ("bounce", _) => BounceClass::Hard,
                _ => class_of(status),
            };
            failed(&reference, recipient, class, status)
        }
        "dropped" if reason.contains("bounced address") || reason.trim() == "invalid" => {
            failed(&reference, recipient, BounceClass::Hard, status)
        }
        "dropped" => failed(&reference, recipient, BounceClass::Policy, status),
        _ => return None,
    })
}
