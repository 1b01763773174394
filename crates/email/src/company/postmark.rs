//! Postmark.
//!
//! Sources: Postmark developer pages, "send-email-with-api", "inbound-webhook", "bounce-webhook", "spam-complaint-webhook", "delivery-
//! webhook", "subscription-change-webhook", "error codes"; django-anymail's tests. It takes a letter in pieces and signs nothing: a name
//! and a password stand in the address of our webhook.

use super::apart::apart;
use super::sign::same;
use super::*;
use base64::{Engine, engine::general_purpose::STANDARD};

pub(super) const KIND: MailKind = MailKind {
    name: "postmark",
    title: "Postmark",
    settings: &[
        Setting::secret("server_token", "The server's API token."),
        Setting::secret("hook_password", "NAME:PASSWORD, as it stands in the address of our webhook: https://NAME:PASSWORD@…"),
        Setting::or("stream", "outbound", "The message stream that letters go by."),
        Setting::or("base_url", "https://api.postmarkapp.com", "Where the API is."),
    ],
    make: |given| {
        let password = given.get("hook_password");
        if !password.split_once(':').is_some_and(|(name, password)| !name.is_empty() && password.len() >= 12) {
            let want = "must be NAME:PASSWORD with a password of 12 marks or more: it is all that tells the company from anybody";
            return Err(Wrong { setting: "hook_password".into(), want: want.into() });
        }
        Ok(Arc::new(Postmark {
            url: format!("{}/email", given.base("base_url")?),
            server_token: given.get("server_token").to_owned(),
            hook_password: password.to_owned(),
            stream: given.get("stream").to_owned(),
            slowest: given.slowest,
        }))
    },
};

struct Postmark {
    url: String,
    server_token: String,
    hook_password: String,
    stream: String,
    slowest: Duration,
}

impl MailProvider for Postmark {
    fn abilities(&self) -> Abilities {
        abilities(self.slowest)
    }

    fn submit(&self, outgoing: &Outgoing, _at: &Moment) -> Result<WireRequest, SendFault> {
        let (to, raw) = letter(outgoing)?;
        let apart = apart(raw).ok_or(SendFault::NotMade)?;
        // As RFC 5322 quotes a name; the company encodes it.
        let name = apart.from.0.replace(['"', '\\', '\r', '\n'], "");
        let mut headers: Vec<Value> =
            apart.headers.iter().map(|(name, value)| serde_json::json!({ "Name": name, "Value": value })).collect();
        headers.push(serde_json::json!({ "Name": "X-PM-KeepID", "Value": "true" }));
        let body = serde_json::json!({
            "From": format!("\"{name}\" <{}>", apart.from.1),
            "To": to,
            "ReplyTo": apart.reply_to,
            "Subject": apart.subject,
            "TextBody": apart.text,
            "HtmlBody": apart.page,
            "Headers": headers,
            "Metadata": { TAG: outgoing.reference() },
            "TrackOpens": false,
            "TrackLinks": "None",
            "MessageStream": self.stream,
        });
        let headers =
            [("accept", "application/json"), ("content-type", "application/json"), ("x-postmark-server-token", &self.server_token)];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        Ok(WireRequest { method: "POST", url: self.url.clone(), headers, body: body.to_string().into_bytes() })
    }

    fn accepted(&self, answer: &WireAnswer) -> Result<Accepted, SendFault> {
        let said = serde_json::from_slice::<Value>(&answer.body).unwrap_or_default();
        let Some(code) = said.get("ErrorCode").and_then(Value::as_i64) else {
            return Err(by_status(answer, &answer.status.to_string()));
        };
        let words = text(&said, &["Message"]).to_lowercase();
        match (answer.status, code) {
            (200, 0) => id(text(&said, &["MessageID"])),
            (429 | 500..=599, _) | (_, 100) => Err(match by_status(answer, &code.to_string()) {
                throttled @ SendFault::Throttled { .. } => throttled,
                _ => SendFault::NotSent(format!("the company said {code}")),
            }),
            (_, 406) => Err(SendFault::BadAddress("Postmark holds this mailbox inactive".into())),
            // One number for whose address is wrong; only the words tell.
            (_, 300) if words.contains("'from'") || words.contains("sender") && !words.contains("'to'") => {
                Err(SendFault::Config("Postmark refuses our own address (300)".into()))
            }
            (_, 300) if words.contains("'to'") || words.contains("address") => {
                Err(SendFault::BadAddress("this is no email address".into()))
            }
            (401, _) | (_, 10 | 400 | 401 | 405 | 412 | 413) => {
                Err(SendFault::Config(format!("Postmark refuses our account or our address ({code})")))
            }
            _ => Err(SendFault::Refused { code: code.to_string() }),
        }
    }

    fn authentic(&self, call: &WireCall, _at: &Moment, _certificate: Option<&[u8]>) -> Result<(), Refusal> {
        let given = call.header("authorization").and_then(|given| given.trim().split_once(' '));
        let shown =
            given.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic")).and_then(|(_, shown)| STANDARD.decode(shown.trim()).ok());
        let shown = shown.ok_or(Refusal::Forged("no password"))?;
        if same(self.hook_password.as_bytes(), &shown) { Ok(()) } else { Err(Refusal::Forged("the password is wrong")) }
    }

    fn news(&self, call: &WireCall) -> Result<Vec<MailNews>, Refusal> {
        let said = json(&call.body)?;
        if !said.is_object() {
            return Err(Refusal::Garbled("no JSON object"));
        }
        match said.get("RecordType").and_then(Value::as_str) {
            Some(kind) => Ok(event(kind, &said)),
            None if said.get("OriginalRecipient").is_some() || said.get("FromFull").is_some() => incoming(&said),
            // The older shape of a bounce, before all had a RecordType.
            None if said.get("Type").is_some() && said.get("BouncedAt").is_some() => Ok(event("Bounce", &said)),
            None => Err(Refusal::Garbled("neither a letter nor an event")),
        }
    }
}

fn incoming(said: &Value) -> Result<Vec<MailNews>, Refusal> {
    let to = Some(text(said, &["OriginalRecipient"]).to_owned()).filter(|to| to.contains('@'));
    let to = to.ok_or(Refusal::Garbled("a letter for nobody"))?;
    let back = list(said.get("Headers")).iter().find(|header| text(header, &["Name"]).eq_ignore_ascii_case("return-path"));
    let from = back.map_or("", |header| text(header, &["Value"])).trim().trim_matches(['<', '>']).to_owned();
    let raw = text(said, &["RawEmail"]);
    // Files are coded in letters, and so unhurt: with them the letter is worth more than its words beside it.
    if !raw.is_empty() && (!raw.contains('\u{fffd}') || !list(said.get("Attachments")).is_empty()) {
        return Ok(vec![MailNews::Letter { from, to: vec![to], raw: raw.as_bytes().to_vec() }]);
    }
    // Its bytes are not there, or were lost on the way through JSON: the words are told beside them.
    let letter = MailNews::Letter { from, raw: again(said, &to), to: vec![to] };
    let tell = MailNews::Tell("Postmark sends letters without themselves: switch on \"Include raw email content in JSON payload\"");
    Ok(if raw.is_empty() { vec![letter, tell] } else { vec![letter] })
}

/// A letter put together again from its fields.
fn again(said: &Value, to: &str) -> Vec<u8> {
    let line = |text: &str| text.chars().filter(|mark| !mark.is_control()).take(900).collect::<String>();
    let word = |text: &str| format!("=?utf-8?b?{}?=", STANDARD.encode(text));
    let header = |name: &str| {
        list(said.get("Headers")).iter().find(|one| text(one, &["Name"]).eq_ignore_ascii_case(name)).map(|one| line(text(one, &["Value"])))
    };
    let mut head = format!("From: <{}>\r\nTo: <{}>\r\n", line(text(said, &["FromFull", "Email"])), line(to));
    // Words of a header are short.
    let subject: Vec<char> = line(text(said, &["Subject"])).chars().collect();
    let words: Vec<String> = subject.chunks(15).map(|part| word(&part.iter().collect::<String>())).collect();
    head += &format!("Subject: {}\r\n", words.join("\r\n "));
    for name in ["Message-ID", "In-Reply-To", "References", "Auto-Submitted", "Content-Language"] {
        if let Some(value) = header(name) {
            head += &format!("{name}: {value}\r\n");
        }
    }
    head += &format!("Date: {}\r\nMIME-Version: 1.0\r\n", line(text(said, &["Date"])));
    let (kind, words) = match (text(said, &["TextBody"]), text(said, &["HtmlBody"])) {
        ("", page) => ("text/html", page),
        (text, _) => ("text/plain", text),
    };
    let coded = STANDARD.encode(words);
    let lines: Vec<&str> = coded.as_bytes().chunks(76).filter_map(|line| std::str::from_utf8(line).ok()).collect();
    format!("{head}Content-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n", lines.join("\r\n")).into_bytes()
}

fn event(kind: &str, said: &Value) -> Vec<MailNews> {
    let reference = Some(word(said, &["Metadata", TAG])).filter(|reference| !reference.is_empty());
    let recipient = ["Email", "Recipient"].map(|name| text(said, &[name])).into_iter().find(|to| !to.is_empty()).unwrap_or_default();
    let details = status(text(said, &["Details"]));
    let dead = said.get("Inactive").and_then(Value::as_bool).unwrap_or_default();
    let one = match (kind, text(said, &["Type"])) {
        ("Delivery", _) => happened(&reference, recipient, MailHappened::Delivered),
        ("SpamComplaint", _) | ("Bounce", "SpamComplaint" | "Unsubscribe") => happened(&reference, recipient, MailHappened::Unwanted),
        ("Bounce", "Transient") => happened(&reference, recipient, MailHappened::Late),
        // Not about a failure.
        ("Bounce", "AutoResponder" | "AddressChange" | "Subscribe" | "OpenRelayTest" | "ChallengeVerification") => return Vec::new(),
        ("Bounce", "HardBounce" | "BadEmailAddress") => failed(&reference, recipient, BounceClass::Hard, details),
        ("Bounce", "Blocked" | "SpamNotification" | "DMARCPolicy" | "VirusNotification" | "ManuallyDeactivated") => {
            failed(&reference, recipient, BounceClass::Policy, details)
        }
        ("Bounce", "SoftBounce" | "DnsError") => failed(&reference, recipient, BounceClass::Soft, details),
        ("Bounce", _) => failed(&reference, recipient, if dead { BounceClass::Hard } else { BounceClass::Soft }, details),
        ("SubscriptionChange", _) if said.get("SuppressSending").and_then(Value::as_bool) == Some(true) => {
            match text(said, &["SuppressionReason"]) {
                "HardBounce" => failed(&reference, recipient, BounceClass::Hard, details),
                _ => happened(&reference, recipient, MailHappened::Unwanted),
            }
        }
        _ => return Vec::new(),
    };
    vec![one]
}
