//! Amazon SES, version 2 of its API; what comes from it comes through SNS.
//!
//! Sources: botocore's model `sesv2`; SES developer guide, "event-publishing-retrieving-sns-contents", "receiving-email-notifications-
//! contents"; SNS developer guide, "sns-verify-signature-of-message"; IAM guide, "Signing AWS API requests". It writes its own Message-ID
//! and Date, and signs with DKIM for a domain that is set up so.

use super::sign::{hmac, rsa, rsa_key_of};
use super::*;
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::hex;
use sha2::{Digest, Sha256};

pub(super) const KIND: MailKind = MailKind {
    name: "ses",
    title: "Amazon SES",
    settings: &[
        Setting::needed("region", "Where the account is, such as us-east-1."),
        Setting::needed("access_key", "The id of an access key that may send (ses:SendEmail, ses:SendRawEmail) and nothing else."),
        Setting::secret("secret_key", "Its secret."),
        Setting::needed("configuration_set", "The set whose events go to our topic: without one SES tells of no bounce by our word."),
        Setting::needed("topics", "The ARNs of our SNS topics, for events and for letters that come in, with a comma between them."),
        Setting::or("base_url", "", "Another address of the API."),
    ],
    make: |given| {
        let plain = |name: &str, more: &str| {
            let value = given.get(name);
            let fits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || more.as_bytes().contains(&byte));
            let want = "must be the word that AWS shows";
            if fits { Ok(value.to_owned()) } else { Err(Wrong { setting: name.into(), want: want.into() }) }
        };
        let region = plain("region", "-")?;
        let base =
            if given.get("base_url").is_empty() { format!("https://email.{region}.amazonaws.com") } else { given.base("base_url")? };
        let topics: Vec<String> = given.get("topics").split(',').map(|topic| topic.trim().to_owned()).collect();
        if !topics.iter().all(|topic| topic.starts_with("arn:")) {
            return Err(Wrong {
                setting: "topics".into(),
                want: "must be ARNs of SNS topics, arn:aws:sns:…, with a comma between them".into(),
            });
        }
        Ok(Arc::new(Ses {
            host: base.split("://").nth(1).unwrap_or_default().to_owned(),
            base,
            region,
            access_key: plain("access_key", "")?,
            secret_key: given.get("secret_key").to_owned(),
            configuration_set: plain("configuration_set", "-_")?,
            topics,
            slowest: given.slowest,
        }))
    },
};

pub(super) struct Ses {
    base: String,
    host: String,
    region: String,
    access_key: String,
    secret_key: String,
    configuration_set: String,
    topics: Vec<String>,
    slowest: Duration,
}

const PATH: &str = "/v2/email/outbound-emails";
/// SNS says a message again for an hour at most.
const OLDEST: i64 = 4 * 3600;

impl Ses {
    #[cfg(test)]
    pub(super) fn for_test(region: &str, access_key: &str, secret_key: &str) -> Self {
        let host = format!("email.{region}.amazonaws.com");
        let base = format!("https://{host}");
        let (region, access_key, secret_key) = (region.to_owned(), access_key.to_owned(), secret_key.to_owned());
        Self { base, host, region, access_key, secret_key, configuration_set: String::new(), topics: Vec::new(), slowest: Duration::ZERO }
    }

    /// The Authorization of a request (Signature Version 4). `date` is like 20261128T120000Z.
    pub(super) fn authorization(&self, date: &str, body: &[u8]) -> String {
        let day = &date[..8];
        let signed = "content-type;host;x-amz-date";
        let head = format!("content-type:application/json\nhost:{}\nx-amz-date:{date}\n", self.host);
        let canonical = format!("POST\n{PATH}\n\n{head}\n{signed}\n{}", hex(&Sha256::digest(body)));
        let scope = format!("{day}/{}/ses/aws4_request", self.region);
        let to_sign = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{}", hex(&Sha256::digest(canonical.as_bytes())));
        let secret = format!("AWS4{}", self.secret_key);
        let steps = [day, &self.region, "ses", "aws4_request"];
        let key = steps.iter().fold(secret.into_bytes(), |key, step| hmac(&key, &[step.as_bytes()]));
        let signature = hex(&hmac(&key, &[to_sign.as_bytes()]));
        format!("AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={signed}, Signature={signature}", self.access_key)
    }

    fn message(&self, call: &WireCall) -> Result<Value, Refusal> {
        if call.body.is_empty() {
            return Err(Refusal::Garbled("no body"));
        }
        json(&call.body)
    }
}

/// What SNS signs: names and values, each on a line of its own.
fn signed(message: &Value) -> Option<String> {
    let names: &[&str] = match text(message, &["Type"]) {
        "Notification" => &["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"],
        "SubscriptionConfirmation" | "UnsubscribeConfirmation" => {
            &["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
        }
        _ => return None,
    };
    Some(names.iter().filter_map(|name| Some(format!("{name}\n{}\n", message.get(name)?.as_str()?))).collect())
}

/// Whether an address is SNS's own: its host, no port, nobody's name before it.
fn of_sns(url: &str) -> Option<&str> {
    let (host, path) = url.strip_prefix("https://sns.")?.split_once('/')?;
    let region = host.strip_suffix(".amazonaws.com").or_else(|| host.strip_suffix(".amazonaws.com.cn"))?;
    let plain = region.len() >= 3 && region.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    plain.then_some(path)
}

impl MailProvider for Ses {
    fn abilities(&self) -> Abilities {
        abilities(self.slowest)
    }

    fn submit(&self, outgoing: &Outgoing, at: &Moment) -> Result<WireRequest, SendFault> {
        let (to, raw) = letter(outgoing)?;
        let body = serde_json::json!({
            "FromEmailAddress": outgoing.from,
            "Destination": { "ToAddresses": [to] },
            "Content": { "Raw": { "Data": STANDARD.encode(raw) } },
            // A tag's value has no dots.
            "EmailTags": [{ "Name": TAG, "Value": outgoing.reference().replace('.', "-") }],
            "ConfigurationSetName": self.configuration_set,
        });
        let body = body.to_string().into_bytes();
        let now = mail_parser::DateTime::from_timestamp(at.now.seconds());
        let date = format!("{:04}{:02}{:02}T{:02}{:02}{:02}Z", now.year, now.month, now.day, now.hour, now.minute, now.second);
        let authorization = self.authorization(&date, &body);
        let headers = [("content-type", "application/json".to_owned()), ("x-amz-date", date), ("authorization", authorization)];
        let headers = headers.map(|(name, value)| (name.to_owned(), value)).into();
        Ok(WireRequest { method: "POST", url: format!("{}{PATH}", self.base), headers, body })
    }

    fn accepted(&self, answer: &WireAnswer) -> Result<Accepted, SendFault> {
        let said = serde_json::from_slice::<Value>(&answer.body).unwrap_or_default();
        if answer.status == 200 {
            return id(text(&said, &["MessageId"]));
        }
        let name = answer.header("x-amzn-errortype").unwrap_or_else(|| text(&said, &["__type"]));
        let name = name.split(':').next().unwrap_or_default().rsplit('#').next().unwrap_or_default();
        let words = ["message", "Message"].iter().map(|key| text(&said, &[key])).find(|words| !words.is_empty()).unwrap_or_default();
        let words = words.to_lowercase();
        Err(match name {
            "TooManyRequestsException" | "ThrottlingException" | "Throttling" => SendFault::Throttled { after: None },
            // Of the address, SES says it in words alone.
            "BadRequestException" | "InvalidParameterValue"
                if words.contains("domain") && words.contains("illegal")
                    || words.contains("local address contains")
                    || words.contains("missing final")
                    || words.contains("invalid email address") =>
            {
                SendFault::BadAddress("this is no email address".into())
            }
            "LimitExceededException" if words.contains("daily") || words.contains("quota") => SendFault::Throttled { after: None },
            // Not the letter's fault, but our own address's.
            "MessageRejected" if words.contains("not verified") => SendFault::Config("our address is not verified at SES".into()),
            "MessageRejected" => SendFault::Refused { code: name.to_owned() },
            "AccountSuspendedException"
            | "SendingPausedException"
            | "MailFromDomainNotVerifiedException"
            | "LimitExceededException"
            | "NotFoundException"
            | "AccessDeniedException"
            | "UnrecognizedClientException"
            | "SignatureDoesNotMatch"
            | "InvalidSignatureException"
            | "InvalidClientTokenId"
            | "IncompleteSignature"
            | "MissingAuthenticationToken"
            | "ExpiredTokenException" => SendFault::Config(format!("SES refuses our account: {name}")),
            "" => by_status(answer, &answer.status.to_string()),
            known => by_status(answer, &known.chars().filter(char::is_ascii_alphanumeric).take(60).collect::<String>()),
        })
    }

    fn certificate(&self, call: &WireCall) -> Result<Option<String>, Refusal> {
        let message = self.message(call)?;
        let url = text(&message, &["SigningCertURL"]);
        if url.is_empty() {
            return Err(Refusal::Forged("no signature"));
        }
        if !self.topics.iter().any(|topic| topic == text(&message, &["TopicArn"])) {
            return Err(Refusal::Forged("not a topic of ours"));
        }
        let path = of_sns(url).ok_or(Refusal::Forged("the certificate is not at SNS"))?;
        if path.ends_with(".pem") && !path.contains(['?', '#']) {
            Ok(Some(url.to_owned()))
        } else {
            Err(Refusal::Forged("no certificate there"))
        }
    }

    fn authentic(&self, call: &WireCall, at: &Moment, certificate: Option<&[u8]>) -> Result<(), Refusal> {
        self.certificate(call)?;
        let message = self.message(call)?;
        let key = certificate.and_then(rsa_key_of).ok_or(Refusal::Forged("the certificate has no RSA key"))?;
        let given = STANDARD.decode(text(&message, &["Signature"])).map_err(|_| Refusal::Forged("the signature is not base64"))?;
        let signed = signed(&message).ok_or(Refusal::Forged("a type that is not signed"))?;
        let old = match text(&message, &["SignatureVersion"]) {
            "1" => true,
            "2" => false,
            _ => return Err(Refusal::Forged("a signature of an unknown version")),
        };
        if !rsa(&key, old, signed.as_bytes(), &given) {
            return Err(Refusal::Forged("the signature does not verify"));
        }
        let time = mail_parser::DateTime::parse_rfc3339(text(&message, &["Timestamp"])).ok_or(Refusal::Garbled("no time"))?;
        fresh(time.to_timestamp(), at, OLDEST)
    }

    fn news(&self, call: &WireCall) -> Result<Vec<MailNews>, Refusal> {
        let outer = self.message(call)?;
        match text(&outer, &["Type"]) {
            "SubscriptionConfirmation" => {
                let url = text(&outer, &["SubscribeURL"]);
                of_sns(url).ok_or(Refusal::Forged("the topic is confirmed elsewhere"))?;
                return Ok(vec![MailNews::Confirm(url.to_owned())]);
            }
            "UnsubscribeConfirmation" => {
                return Ok(vec![MailNews::Tell("somebody ended our subscription to an SNS topic: letters or bounces will be missed")]);
            }
            _ => {}
        }
        let said = text(&outer, &["Message"]);
        if !said.trim_start().starts_with('{') {
            return Ok(Vec::new());
        }
        let said: Value = serde_json::from_str(said).map_err(|_| Refusal::Garbled("no JSON inside"))?;
        match ["eventType", "notificationType"].iter().map(|name| text(&said, &[name])).find(|kind| !kind.is_empty()) {
            Some("Received") => incoming(&said),
            Some(kind) => Ok(event(kind, &said)),
            None => Ok(Vec::new()),
        }
    }
}

fn incoming(said: &Value) -> Result<Vec<MailNews>, Refusal> {
    let to: Vec<String> = list(said.get("receipt").and_then(|receipt| receipt.get("recipients")))
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    let content = text(said, &["content"]);
    if content.is_empty() {
        return Ok(vec![MailNews::Tell(
            "SES keeps a letter in a bucket, where Homeword does not read: the receipt rule's action must be SNS, with encoding Base64",
        )]);
    }
    if to.is_empty() {
        return Err(Refusal::Garbled("a letter for nobody"));
    }
    let raw = match text(said, &["receipt", "action", "encoding"]) {
        "BASE64" => STANDARD.decode(content).map_err(|_| Refusal::Garbled("the letter is no base64"))?,
        _ => content.as_bytes().to_vec(),
    };
    Ok(vec![MailNews::Letter { from: text(said, &["mail", "source"]).to_owned(), to, raw }])
}

fn event(kind: &str, said: &Value) -> Vec<MailNews> {
    let reference = list(said.get("mail").and_then(|mail| mail.get("tags")).and_then(|tags| tags.get(TAG))).first().and_then(Value::as_str);
    let reference = reference.map(|reference| reference.replace('-', "."));
    let all = |place: &str, name: &str| list(said.get(place).and_then(|place| place.get(name))).to_vec();
    let address = |one: &Value| text(one, &["emailAddress"]).to_owned();
    match kind {
        "Bounce" => {
            let (kind, sort) = (text(said, &["bounce", "bounceType"]), text(said, &["bounce", "bounceSubType"]));
            let one = |one: &Value| {
                let status = status(text(one, &["status"]));
                let class = match (kind, sort) {
                    ("Permanent", _) if status.starts_with("5.7.") => BounceClass::Policy,
                    ("Permanent", _) => BounceClass::Hard,
                    ("Transient", "ContentRejected" | "AttachmentRejected") => BounceClass::Policy,
                    ("Transient", _) if !status.starts_with("5.7.") => BounceClass::Soft,
                    ("Transient", _) => BounceClass::Policy,
                    // What this version does not know is no proof against a mailbox.
                    _ => BounceClass::Soft,
                };
                failed(&reference, &address(one), class, status)
            };
            all("bounce", "bouncedRecipients").iter().map(one).collect()
        }
        "Complaint" if text(said, &["complaint", "complaintFeedbackType"]) == "not-spam" => Vec::new(),
        "Complaint" => {
            // Not tried at all, because of an older one.
            let old = !text(said, &["complaint", "complaintSubType"]).is_empty();
            let one = |one: &Value| match old {
                true => failed(&reference, &address(one), BounceClass::Policy, ""),
                false => happened(&reference, &address(one), MailHappened::Unwanted),
            };
            all("complaint", "complainedRecipients").iter().map(one).collect()
        }
        "Delivery" => {
            let to = all("delivery", "recipients");
            to.iter().filter_map(Value::as_str).map(|to| happened(&reference, to, MailHappened::Delivered)).collect()
        }
        "DeliveryDelay" => {
            let to = all("deliveryDelay", "delayedRecipients");
            to.iter().map(|one| happened(&reference, &address(one), MailHappened::Late)).collect()
        }
        "Reject" => {
            let to = all("mail", "destination");
            let to = to.first().and_then(Value::as_str).unwrap_or_default();
            vec![failed(&reference, to, BounceClass::Policy, "")]
        }
        _ => Vec::new(),
    }
}
