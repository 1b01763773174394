//! Jasmin, an SMPP gateway a school's authority or a regional carrier runs itself, over its HTTP API.
//!
//! Sources: Jasmin's documentation, "HTTP API" (repository jookies/jasmin, `misc/doc/sources/apis/http/index.rst`); its
//! `jasmin/protocols/http/endpoints/send.py`, `validation.py` and `errors.py` for the words of its errors;
//! `jasmin/managers/clients.py` for what was queued by then; `jasmin/routing/throwers.py` for `binary`.

use super::reading::charset::{self, utf16};
use super::reading::form::{Fields, percent};
use super::reading::keys::{key_or, unhex};
use super::reading::numbers::{self, Style};
use super::reading::secret::{self, HookSecret};
use super::{Kind, Setting};
use crate::text::Coding;
use domain::carrier::*;
use domain::hex;
use domain::mask::Body;
use domain::wire::*;
use std::time::Duration;

/// The kind, as the table of companies lists it.
pub(super) const KIND: Kind = Kind {
    name: "jasmin",
    title: "Jasmin, an SMPP gateway of your own",
    settings: &[
        Setting::or("base_url", "http://127.0.0.1:1401", "Jasmin's HTTP API; https:// where it is not on this machine."),
        Setting::needed("username", "Of the user in jcli."),
        Setting::secret("password", "Of the user in jcli; Jasmin takes 16 characters at most."),
        secret::NEW,
        secret::OLD,
        Setting::or("numbers", "digits", "How your SMSC wants numbers: plus (+1203…), digits (1203…), 00 (001203…)."),
        Setting::or("country", "", "Your calling code (1, 44, 254), where the SMSC hands over national numbers."),
        Setting::or("alphabet", "gsm", "What your SMSC means by coding 0 in texts that come in: gsm, latin or utf8."),
    ],
    build: |given| {
        Ok(std::sync::Arc::new(Jasmin {
            send_url: format!("{}/send", given.base("base_url")?),
            username: given.get("username").to_owned(),
            password: given.get("password").to_owned(),
            style: given.one_of("numbers", numbers::STYLES)?,
            country: numbers::country(given)?,
            alphabet: given.one_of("alphabet", &[("gsm", "GSM"), ("latin", "ISO-8859-1"), ("utf8", "UTF-8")])?,
            secret: HookSecret::of(given, "key")?,
            hook: given.hook.clone(),
            slowest: given.slowest,
        }))
    },
};

/// Ten parts of UTF-16, as `long_content_max_parts` on the page: Jasmin cuts what is longer.
const LONGEST: usize = 670;

/// The translator.
struct Jasmin {
    send_url: String,
    username: String,
    password: String,
    style: Style,
    country: String,
    alphabet: &'static str,
    secret: HookSecret,
    hook: String,
    slowest: Duration,
}

/// What Jasmin's words mean. They are not repeated: they may hold a number.
fn fault_of(status: u16, words: &str) -> SendFault {
    let says = |part: &str| words.starts_with("Error \"") && words.contains(part);
    match status {
        200..300 => SendFault::Garbled("an answer that is not Jasmin's".into()),
        403 if says("Authentication failure") => SendFault::Config("Jasmin refuses our user: look at its username and password".into()),
        400 | 403 if says("Authorization failed") => SendFault::Config(
            "Jasmin does not let our user do this (http_send, http_long_content, set_source_address, set_dlr_level, \
             http_set_dlr_method, set_hex_content, set_validity_period): see jcli"
                .into(),
        ),
        403 if says("Cannot charge") => SendFault::Config("our Jasmin user has no credit left".into()),
        403 if says("throughput exceeded") => SendFault::Throttled { after: None },
        400 if says("Argument [to]") || says("destination_address filter") => {
            SendFault::BadAddress("Jasmin does not take this number".into())
        }
        400 if says("source_address filter") => SendFault::Config("Jasmin does not let our user send from this number".into()),
        412 if says("No route found") => SendFault::Refused { code: "no route".into() },
        412 if says("no bound connectors") => SendFault::NotSent("Jasmin has no connection to an SMSC".into()),
        // It answers so only where nothing went into its queue. "Unknown error" may come after that.
        500 if says("Cannot send submit_sm") => SendFault::NotSent("Jasmin could not queue it: look at its SMPPClientManagerPB log".into()),
        503 if says("InterceptorPB not") => SendFault::NotSent("Jasmin's interceptor is away".into()),
        status if status >= 500 => SendFault::Unclear(format!("HTTP {status}")),
        status => SendFault::Refused { code: status.to_string() },
    }
}

/// What a text that comes in is written in (SMPP 3.4, data_coding).
fn charset(coding: &str, alphabet: &'static str) -> &'static str {
    match coding {
        "" | "0" => alphabet,
        "3" => "ISO-8859-1",
        "5" => "Shift_JIS",
        "6" => "ISO-8859-5",
        "7" => "ISO-8859-8",
        "8" => "UTF-16BE",
        "13" => "EUC-JP",
        "14" => "EUC-KR",
        "2" | "4" => "binary",
        _ => "UTF-8",
    }
}

impl SmsProvider for Jasmin {
    fn abilities(&self) -> Abilities {
        Abilities { repeat: Repeat::Blind, receipts: true, longest: LONGEST, capacity: Capacity::default(), slowest: self.slowest }
    }

    fn submit(&self, sms: &Outgoing, at: &Moment) -> WireRequest {
        let text = match &sms.content {
            Content::Text(body) => body.reveal(),
            Content::Letter { .. } => "",
        };
        let (name, coding, words) =
            if Coding::PLAIN.has(text) { ("content", "0", text.to_owned()) } else { ("hex-content", "8", hex(&utf16(text))) };
        let minutes = ((sms.useful_until.seconds() - at.now.seconds()) / 60).clamp(1, 2_880).to_string();
        let receipts = format!("{}?{}&ref={}", self.hook, self.secret.pair(), sms.reference());
        let (from, to) = (self.style.write(&sms.from), self.style.to(sms));
        let form = [
            ("username", self.username.as_str()),
            ("password", &self.password),
            ("from", &from),
            ("to", &to),
            ("coding", coding),
            (name, &words),
            ("validity-period", &minutes),
            ("dlr", "yes"),
            ("dlr-level", "3"),
            ("dlr-method", "POST"),
            ("dlr-url", &receipts),
        ];
        let form: Vec<String> = form.iter().map(|(name, value)| format!("{name}={}", percent(value.as_bytes()))).collect();
        let headers = vec![("content-type".into(), "application/x-www-form-urlencoded".into())];
        WireRequest { method: "POST", url: self.send_url.clone(), headers, body: form.join("&").into_bytes() }
    }

    fn accepted(&self, answer: &WireAnswer) -> Result<Accepted, SendFault> {
        let words = String::from_utf8_lossy(&answer.body);
        let id = words.trim().strip_prefix("Success \"").and_then(|rest| rest.strip_suffix('"')).filter(|id| !id.is_empty());
        match id {
            Some(id) if answer.status == 200 => Ok(Accepted { provider_ids: vec![id.to_owned()], segments: None }),
            _ => Err(fault_of(answer.status, words.trim())),
        }
    }

    fn authentic(&self, call: &WireCall, _at: &Moment) -> Result<(), Refusal> {
        self.secret.check(call)
    }

    fn events(&self, call: &WireCall) -> Result<Vec<Event>, Refusal> {
        let (query, form) = (Fields::of_query(&call.url), Fields::of_form(call.header("content-type"), &call.body));
        let reference = query.get("ref");
        let fields = form.and(query);
        if let Some(status) = fields.get("message_status") {
            return Ok(vec![receipt(&fields, reference, &status)]);
        }
        let from = fields.get("from").ok_or(Refusal::Garbled("neither a message_status nor a sender"))?;
        let to = fields.get("to").ok_or(Refusal::Garbled("no receiver"))?;
        let content = fields.bytes("content").unwrap_or_default();
        // `binary` holds the same, and survives whatever stands between.
        let octets = fields.get("binary").and_then(|digits| unhex(&digits)).unwrap_or_else(|| content.to_vec());
        let coding = fields.get("coding").unwrap_or_default();
        Ok(vec![Event::Incoming {
            key: key_or("sms", fields.get("id").as_deref(), &call.body),
            from: numbers::read(&from, &self.country),
            to: numbers::read(&to, &self.country),
            text: Body::new(charset::text(&octets, charset(&coding, self.alphabet))),
            media: vec![],
            carrier_answered: false,
            // Jasmin joins long texts before it hands them over.
            part: None,
        }])
    }

    /// Exactly this, or Jasmin sends the same again.
    fn acknowledge(&self, _taken: usize) -> WireReply {
        WireReply { status: 200, content_type: "text/plain", body: "ACK/Jasmin".into() }
    }

    fn look_up(&self, _sms: &Outgoing) -> Option<WireRequest> {
        None
    }

    fn found(&self, _answer: &WireAnswer) -> Found {
        Found::Unclear
    }
}

/// Level 1 says what the SMSC answered (`ESME_…`), level 2 what became of the text (SMPP 3.4 appendix B).
fn receipt(fields: &Fields, reference: Option<String>, status: &str) -> Event {
    let kind = match status {
        "DELIVRD" => ReceiptKind::Delivered,
        "ESME_ROK" | "ACCEPTD" | "ENROUTE" | "UNKNOWN" => ReceiptKind::Accepted,
        "UNDELIV" | "REJECTD" | "EXPIRED" | "DELETED" => ReceiptKind::Failed,
        status if status.starts_with("ESME_") => ReceiptKind::Failed,
        _ => return Event::Ignored("a status this version does not know"),
    };
    let error = fields.get("err").filter(|error| !error.trim_start_matches('0').is_empty());
    let code: String = error.map_or(status.to_owned(), |error| format!("{status} {error}")).chars().take(40).collect();
    let fault = match status {
        "EXPIRED" => SendFault::NotSent("the phone was off or out of reach".into()),
        "ESME_RINVDSTADR" => SendFault::BadAddress("the SMSC does not take this number".into()),
        "ESME_RINVSRCADR" => SendFault::Config("the SMSC does not take our number as sender".into()),
        "ESME_RTHROTTLED" | "ESME_RMSGQFUL" => SendFault::Throttled { after: None },
        _ => SendFault::Refused { code: code.clone() },
    };
    let failed = kind == ReceiptKind::Failed;
    let id = fields.get("id").unwrap_or_default();
    let named = if id.is_empty() { reference.clone().unwrap_or_default() } else { id.clone() };
    Event::Receipt {
        ours: None,
        key: key_or(&format!("status-{}", status.chars().take(30).collect::<String>()), Some(&named), status.as_bytes()),
        reference,
        provider_id: id,
        kind,
        code: failed.then_some(code),
        fault: failed.then_some(fault),
    }
}

#[cfg(test)]
mod tests;
