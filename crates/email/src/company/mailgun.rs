//! Mailgun.
//!
//! Sources: Mailgun API reference, "messages.mime"; user manual, "receive-http", "securing-webhooks", "events"; django-anymail's tests for
//! the shapes. Its signature covers a time and a word alone, neither the letter nor whom it is for: so that word opens once.

use super::form::{Form, written};
use super::sign::{hmac, same};
use super::*;
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::hex;

pub(super) const KIND: MailKind = MailKind {
    name: "mailgun",
    title: "Mailgun",
    settings: &[
        Setting::needed("domain", "The domain as the company's dashboard names it, such as mail.maple.example."),
        Setting::secret("api_key", "A sending key of this domain."),
        Setting::secret("signing_key", "The HTTP webhook signing key: signs what the company sends us."),
        Setting::or("base_url", "https://api.mailgun.net", "Where the API is; in Europe https://api.eu.mailgun.net."),
    ],
    make: |given| {
        let domain = given.get("domain");
        if domain.is_empty() || !domain.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-')) {
            return Err(Wrong { setting: "domain".into(), want: "must be a domain, such as mail.maple.example".into() });
        }
        if given.get("signing_key").is_empty() {
            return Err(Wrong { setting: "signing_key".into(), want: "must not be empty: anybody could sign with nothing".into() });
        }
        Ok(Arc::new(Mailgun {
            url: format!("{}/v3/{domain}/messages.mime", given.base("base_url")?),
            api_key: given.get("api_key").to_owned(),
            signing_key: given.get("signing_key").to_owned(),
            slowest: given.slowest,
        }))
    },
};

struct Mailgun {
    url: String,
    api_key: String,
    signing_key: String,
    slowest: Duration,
}

/// It tries for eight hours, and nobody says that it signs anew.
const OLDEST: i64 = 9 * 3600;

/// Time, word and signatures of a call.
struct Signed {
    time: String,
    token: String,
    given: Vec<String>,
}

/// Letters come to the address that ends so; that is how the company knows that they are wanted as they are.
fn for_letters(call: &WireCall) -> bool {
    comes_to(call, "/mime")
}

fn signed(call: &WireCall) -> Result<Signed, Refusal> {
    if for_letters(call) {
        let form = Form::of(call)?;
        let [time, token, given] = ["timestamp", "token", "signature"].map(|name| form.text(name));
        return Ok(Signed { time, token, given: vec![given] });
    }
    let said = json(&call.body)?;
    let [time, token, given, parent] =
        ["timestamp", "token", "signature", "parent-signature"].map(|name| word(&said, &["signature", name]));
    Ok(Signed { time, token, given: vec![given, parent] })
}

impl MailProvider for Mailgun {
    fn abilities(&self) -> Abilities {
        abilities(self.slowest)
    }

    fn submit(&self, outgoing: &Outgoing, at: &Moment) -> Result<WireRequest, SendFault> {
        let (to, raw) = letter(outgoing)?;
        let reference = outgoing.reference();
        let tag = format!("v:{TAG}");
        let fields = [("to", to), (tag.as_str(), reference.as_str()), ("o:tracking", "no")];
        let (kind, body) = written(&format!("homeword-{:016x}", at.nonce), &fields, ("message", raw));
        let key = format!("Basic {}", STANDARD.encode(format!("api:{}", self.api_key)));
        let headers = vec![("authorization".into(), key), ("content-type".into(), kind)];
        Ok(WireRequest { method: "POST", url: self.url.clone(), headers, body })
    }

    fn accepted(&self, answer: &WireAnswer) -> Result<Accepted, SendFault> {
        let said = serde_json::from_slice::<Value>(&answer.body).unwrap_or_default();
        let words = text(&said, &["message"]).to_lowercase();
        match answer.status {
            200 => id(text(&said, &["id"])),
            400 if words.contains("not a valid address") => Err(SendFault::BadAddress("this is no email address".into())),
            400 | 403 if ["disabled", "not allowed to send", "authorized recipients"].iter().any(|part| words.contains(part)) => {
                Err(SendFault::Config("Mailgun refuses our account or our domain".into()))
            }
            404 => Err(SendFault::Config("Mailgun does not know our domain: look at domain and base_url".into())),
            status => Err(by_status(answer, &status.to_string())),
        }
    }

    fn authentic(&self, call: &WireCall, at: &Moment, _certificate: Option<&[u8]>) -> Result<(), Refusal> {
        let Signed { time, token, given } = signed(call)?;
        if time.len() != 10 || !time.bytes().all(|byte| byte.is_ascii_digit()) || token.len() != 50 {
            return Err(Refusal::Forged("no time or no token"));
        }
        let good = hex(&hmac(self.signing_key.as_bytes(), &[time.as_bytes(), token.as_bytes()]));
        // An event of a subaccount is signed with its key as well as with ours.
        if !given.iter().fold(false, |valid, given| same(good.as_bytes(), given.as_bytes()) | valid) {
            return Err(Refusal::Forged("the signature does not verify"));
        }
        fresh(time.parse().unwrap_or_default(), at, OLDEST)
    }

    fn once(&self, call: &WireCall) -> Option<String> {
        signed(call).ok().map(|signed| signed.token)
    }

    fn news(&self, call: &WireCall) -> Result<Vec<MailNews>, Refusal> {
        if !for_letters(call) {
            return Ok(event(json(&call.body)?.get("event-data").ok_or(Refusal::Garbled("no event"))?));
        }
        let form = Form::of(call)?;
        if ["recipient", "sender", "body-mime"].iter().any(|name| form.doubles(name)) {
            return Err(Refusal::Forged("a field that counts once came twice"));
        }
        let raw = form.bytes("body-mime").ok_or(Refusal::Garbled("not the letter itself: the route's address must end in /mime"))?;
        let to: Vec<String> = form.text("recipient").split(',').map(|to| to.trim().to_owned()).filter(|to| !to.is_empty()).collect();
        if to.is_empty() {
            return Err(Refusal::Garbled("a letter for nobody"));
        }
        Ok(vec![MailNews::Letter { from: form.text("sender"), to, raw: raw.to_vec() }])
    }
}

fn event(said: &Value) -> Vec<MailNews> {
    let reference = Some(word(said, &["user-variables", TAG])).filter(|reference| !reference.is_empty());
    let recipient = text(said, &["recipient"]);
    let one = match text(said, &["event"]) {
        "delivered" => happened(&reference, recipient, MailHappened::Delivered),
        "failed" if text(said, &["severity"]) == "temporary" => happened(&reference, recipient, MailHappened::Late),
        "failed" => {
            let place = ["enhanced-code", "code", "message"].map(|name| word(said, &["delivery-status", name]));
            let status = place.iter().map(|said| status(said)).find(|status| !status.is_empty()).unwrap_or_default();
            let class = match text(said, &["reason"]) {
                "suppress-bounce" => BounceClass::Hard,
                "suppress-complaint" | "suppress-unsubscribe" => BounceClass::Policy,
                // It gave up after many tries: what the last one said is no proof.
                "old" => BounceClass::Soft,
                "bounce" if status.is_empty() && text(said, &["delivery-status", "bounce-type"]) == "hard" => BounceClass::Hard,
                _ => class_of(status),
            };
            failed(&reference, recipient, class, status)
        }
        "rejected" => failed(&reference, recipient, BounceClass::Policy, ""),
        "complained" | "unsubscribed" => happened(&reference, recipient, MailHappened::Unwanted),
        _ => return Vec::new(),
    };
    vec![one]
}
