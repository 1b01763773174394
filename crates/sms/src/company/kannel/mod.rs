//! Kannel, an SMS gateway a school or its ministry runs itself: smsbox's `sendsms` out, its `sms-service` in.
//!
//! Sources: Kannel User's Guide 1.4.5 ("Using the HTTP interface to send SMS messages", "Delivery reports", the parameters of
//! `get-url`); its `gw/smsbox.c` for the words it answers with; Debian's kannel 1.4.5 (bearerbox, smsbox, fakesmsc), whose calls and
//! answers the fixtures show. It gives no id in its answer: our reference stands in the receipt's address.

use super::reading::charset::{self, utf16};
use super::reading::form::{Fields, percent};
use super::reading::keys::key_or;
use super::reading::numbers::{self, Style};
use super::reading::secret::{self, HookSecret};
use super::{Kind, Setting};
use crate::text::{Coding, Form, read};
use domain::carrier::*;
use domain::mask::Body;
use domain::wire::*;
use std::time::Duration;

/// The kind, as the table of companies lists it.
pub(super) const KIND: Kind = Kind {
    name: "kannel",
    title: "Kannel, a gateway of your own",
    settings: &[
        Setting::or("base_url", "http://127.0.0.1:13013", "smsbox's address and sendsms-port; https:// where it is not on this machine."),
        Setting::needed("username", "Of the sendsms-user in kannel.conf."),
        Setting::secret("password", "Of the sendsms-user in kannel.conf."),
        secret::NEW,
        secret::OLD,
        Setting::or("smsc", "", "The smsc-id texts go out by; empty: Kannel chooses."),
        Setting::or("numbers", "plus", "How your SMSC wants numbers: plus (+1203…), digits (1203…), 00 (001203…)."),
        Setting::or("country", "", "Your calling code (1, 44, 254), where the SMSC hands over national numbers."),
    ],
    build: |given| {
        Ok(std::sync::Arc::new(Kannel {
            send_url: format!("{}/cgi-bin/sendsms", given.base("base_url")?),
            username: given.get("username").to_owned(),
            password: given.get("password").to_owned(),
            smsc: given.get("smsc").to_owned(),
            style: given.one_of("numbers", numbers::STYLES)?,
            country: numbers::country(given)?,
            secret: HookSecret::of(given, "key")?,
            hook: given.hook.clone(),
            slowest: given.slowest,
        }))
    },
};

/// Delivered, failed, taken by the SMSC, refused by it; not "buffered", which says nothing new.
const RECEIPTS: &str = "27";

/// Ten parts of UTF-16, as `max-messages` on the page: Kannel cuts what is longer.
const LONGEST: usize = 670;

/// The translator.
struct Kannel {
    send_url: String,
    username: String,
    password: String,
    smsc: String,
    style: Style,
    country: String,
    secret: HookSecret,
    hook: String,
    slowest: Duration,
}

impl Kannel {
    /// Where the receipts of an attempt go. Kannel fills in the percent signs and encodes what it puts there.
    fn receipt_url(&self, sms: &Outgoing) -> String {
        format!("{}?{}&ref={}&status=%d&reply=%A&id=%F", self.hook, self.secret.pair(), sms.reference())
    }
}

/// What smsbox's words mean (`delayed_http_reply` and `smsbox_req_handle` in gw/smsbox.c). They are not repeated: they may hold a number.
fn fault_of(status: u16, words: &str) -> SendFault {
    let begins = |start: &str| words.starts_with(start);
    match status {
        403 if begins("Authorization failed") => {
            SendFault::Config("Kannel refuses our sendsms-user: look at its username, password and user-allow-ip".into())
        }
        404 if begins("Unknown request") => SendFault::Config("base_url is not the address of Kannel's smsbox".into()),
        // No SMSC of its takes this number: others may be taken.
        403 if begins("Not routable") => SendFault::Refused { code: "not routable".into() },
        503 if begins("Temporal failure") => SendFault::NotSent("Kannel says: temporary failure, try again later".into()),
        400 if begins("Number(s) has/have been denied") => SendFault::BadAddress("Kannel's lists deny the number".into()),
        400 if begins("Empty receiver") || begins("Missing receiver") => SendFault::BadAddress("no number".into()),
        400 if begins("Sender missing") => SendFault::Config("Kannel wants a sender's number".into()),
        400 if begins("DLR-URL") => SendFault::Config("Kannel does not take public_url in its dlr-url".into()),
        200..300 => SendFault::Garbled("an answer that is not Kannel's".into()),
        status if status >= 500 => SendFault::Unclear(format!("HTTP {status}")),
        status => SendFault::Refused { code: status.to_string() },
    }
}

/// Why a text failed: `NACK/69/words` of an SMSC that refused it (69 is SMPP's command_status), or a delivery receipt's
/// `stat:UNDELIV err:045` (SMPP 3.4 appendix B). Its `text:`, the family's words, is left alone.
fn failure(reply: &str) -> (Option<String>, Option<SendFault>) {
    let head = reply.get(..reply.to_ascii_lowercase().find("text:").unwrap_or(reply.len())).unwrap_or_default();
    let of = |name: &str| {
        let rest = head.split_once(name)?.1;
        rest.split([' ', '/']).next().filter(|word| !word.is_empty()).map(|word| word.chars().take(20).collect::<String>())
    };
    if let Some(code) = reply.strip_prefix("NACK/").and_then(|_| of("NACK/")) {
        let number = code.strip_prefix("0x").map_or_else(|| code.parse().ok(), |digits| u32::from_str_radix(digits, 16).ok());
        let fault = match number {
            Some(0x0b) => SendFault::BadAddress("the SMSC does not take this number".into()),
            Some(0x0a) => SendFault::Config("the SMSC does not take our number as sender".into()),
            Some(0x14 | 0x58) => SendFault::Throttled { after: None },
            _ => SendFault::Refused { code: code.clone() },
        };
        return (Some(code), Some(fault));
    }
    let Some(state) = of("stat:") else {
        return (None, None);
    };
    let fault = match state.as_str() {
        "EXPIRED" => SendFault::NotSent("the phone was off or out of reach".into()),
        _ => SendFault::Refused { code: state.clone() },
    };
    let code = of("err:").filter(|error| !error.trim_start_matches('0').is_empty());
    (Some(code.map_or(state.clone(), |error| format!("{state} {error}"))), Some(fault))
}

/// Where a text in parts has its place.
fn part_of(header: &[u8]) -> Option<Part> {
    let join = read(header, Form::Unpacked, true, None).join?;
    let (number, of) = (join.number.into(), join.total.into());
    (of > 1 && (1..=of).contains(&number)).then(|| Part { set: join.reference.to_string(), number, of })
}

impl SmsProvider for Kannel {
    fn abilities(&self) -> Abilities {
        Abilities { repeat: Repeat::Blind, receipts: true, longest: LONGEST, capacity: Capacity::default(), slowest: self.slowest }
    }

    fn submit(&self, sms: &Outgoing, at: &Moment) -> WireRequest {
        let text = match &sms.content {
            Content::Text(body) => body.reveal(),
            Content::Letter { .. } => "",
        };
        // Kannel cannot recode everywhere, so what is not GSM 7-bit goes as it will be on the air.
        let (coding, words) = if Coding::PLAIN.has(text) { ("0", text.as_bytes().to_vec()) } else { ("2", utf16(text)) };
        let minutes = ((sms.useful_until.seconds() - at.now.seconds()) / 60).clamp(1, 2_880).to_string();
        let (from, to, receipts) = (self.style.write(&sms.from), self.style.to(sms), self.receipt_url(sms));
        let mut query: Vec<(&str, &[u8])> = vec![
            ("username", self.username.as_bytes()),
            ("password", self.password.as_bytes()),
            ("from", from.as_bytes()),
            ("to", to.as_bytes()),
            ("coding", coding.as_bytes()),
            ("text", &words),
            ("validity", minutes.as_bytes()),
            ("dlr-mask", RECEIPTS.as_bytes()),
            ("dlr-url", receipts.as_bytes()),
        ];
        if coding == "0" {
            query.push(("charset", b"UTF-8"));
        }
        if !self.smsc.is_empty() {
            query.push(("smsc", self.smsc.as_bytes()));
        }
        let query: Vec<String> = query.iter().map(|(name, value)| format!("{name}={}", percent(value))).collect();
        WireRequest { method: "GET", url: format!("{}?{}", self.send_url, query.join("&")), headers: vec![], body: vec![] }
    }

    fn accepted(&self, answer: &WireAnswer) -> Result<Accepted, SendFault> {
        let words = String::from_utf8_lossy(&answer.body);
        let taken =
            ["0: Accepted for delivery", "3: Queued for later delivery", "Sent."].iter().any(|start| words.trim().starts_with(start));
        if !(200..300).contains(&answer.status) || !taken {
            return Err(fault_of(answer.status, words.trim()));
        }
        let splits = words.split_once("Message splits: ").and_then(|(_, count)| count.trim().parse().ok());
        Ok(Accepted { provider_ids: vec![], segments: splits })
    }

    fn authentic(&self, call: &WireCall, _at: &Moment) -> Result<(), Refusal> {
        self.secret.check(call)
    }

    fn events(&self, call: &WireCall) -> Result<Vec<Event>, Refusal> {
        let fields = Fields::of_query(&call.url);
        if let Some(status) = fields.get("status") {
            return Ok(vec![receipt(&fields, &status)]);
        }
        let from = fields.get("from").ok_or(Refusal::Garbled("neither a status nor a sender: is get-url as on the page?"))?;
        let to = fields.get("to").ok_or(Refusal::Garbled("no receiver: is get-url as on the page?"))?;
        // post-url carries the text as its body, get-url as a field.
        let set = match (fields.get("charset"), fields.get("coding").as_deref()) {
            (Some(set), _) => set,
            (None, Some("2")) => "UTF-16BE".into(),
            _ => charset::of(call.header("content-type")).to_owned(),
        };
        let text = match fields.bytes("text") {
            Some(_) => fields.get_in("text", &set).unwrap_or_default(),
            None => charset::text(&call.body, &set),
        };
        Ok(vec![Event::Incoming {
            key: key_or("sms", fields.get("id").as_deref(), &[call.url.as_bytes(), &call.body].concat()),
            from: numbers::read(&from, &self.country),
            to: numbers::read(&to, &self.country),
            text: Body::new(text),
            media: vec![],
            carrier_answered: false,
            part: fields.bytes("udh").and_then(part_of),
        }])
    }

    /// An empty one: what else it read, Kannel would send to the family.
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

fn receipt(fields: &Fields, status: &str) -> Event {
    let kind = match status {
        "1" => ReceiptKind::Delivered,
        "2" | "16" => ReceiptKind::Failed,
        "4" | "8" => ReceiptKind::Accepted,
        _ => return Event::Ignored("a status this version does not know"),
    };
    let reply = fields.get("reply").unwrap_or_default();
    let (code, fault) = if kind == ReceiptKind::Failed { failure(&reply) } else { (None, None) };
    let (reference, id) = (fields.get("ref"), fields.get("id").unwrap_or_default());
    let named = reference.clone().unwrap_or_else(|| id.clone());
    Event::Receipt {
        ours: None,
        key: key_or(&format!("status-{status}"), Some(&named), reply.as_bytes()),
        reference,
        provider_id: id,
        kind,
        code,
        fault,
    }
}

#[cfg(test)]
mod tests;
