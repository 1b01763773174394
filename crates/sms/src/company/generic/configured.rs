//! Settings read at the start, so that what cannot work is told by its name before anything is sent.

use super::super::reading::{numbers, secret::HookSecret};
use super::super::{Given, Wrong};
use super::answer::{Answers, Body};
use super::call::{Calls, Format};
use super::meaning::{Errors, Statuses};
use super::names::{Names, When};
use super::path::Path;
use super::signature::{Code, Signature};
use super::template::Template;
use super::{Auth, Generic};
use regex::Regex;
use std::sync::Arc;

/// An error under the setting's name.
fn under<T>(name: &str, result: Result<T, String>) -> Result<T, Wrong> {
    result.map_err(|want| Wrong { setting: name.to_owned(), want })
}

fn wrong<T>(name: &str, want: &str) -> Result<T, Wrong> {
    Err(Wrong { setting: name.to_owned(), want: want.to_owned() })
}

fn names(given: &Given, name: &str) -> Result<Names, Wrong> {
    under(name, Names::read(given.get(name)))
}

fn when(given: &Given, name: &str) -> Result<Option<When>, Wrong> {
    under(name, When::read(given.get(name)))
}

fn pattern(given: &Given, name: &str) -> Result<Option<Regex>, Wrong> {
    let text = given.get(name);
    if text.is_empty() {
        return Ok(None);
    }
    let limited = regex::RegexBuilder::new(text).size_limit(1 << 20).build();
    limited.map(Some).or_else(|_| wrong(name, "must be a regular expression, such as ID=(\\d+)"))
}

/// A header's name; `host`, lengths and the like are the client's.
fn header_name(name: &str, text: &str) -> Result<String, Wrong> {
    let good = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if good { Ok(text.to_lowercase()) } else { wrong(name, "must be a header's name, such as x-api-key") }
}

/// What can stand in a header.
fn header_value(name: &str, text: &str) -> Result<String, Wrong> {
    if text.chars().all(|mark| mark == '\t' || (' '..='~').contains(&mark)) {
        Ok(text.to_owned())
    } else {
        wrong(name, "must be plain letters and marks: it stands in a header")
    }
}

impl Generic {
    /// Of an account.
    pub(super) fn of(given: &Given) -> Result<Self, Wrong> {
        let errors = Arc::new(under("errors", Errors::read(given.get("errors")))?);
        let signature = signature(given)?;
        let (plain, other) = match given.get("unicode").split_once(',') {
            Some((plain, other)) => (plain.trim().to_owned(), other.trim().to_owned()),
            None => return wrong("unicode", "must be two words with a comma, such as 0,1"),
        };
        let json_body = given.one_of("format", &[("json", true), ("form", false), ("query", false)])?;
        let in_body = given.get("format") != "query";
        let method = given.one_of("method", &[("POST", "POST"), ("GET", "GET")])?;
        if method == "GET" && in_body {
            return wrong("format", "must be query where method is GET");
        }
        let acknowledge_type = given.one_of(
            "acknowledge_type",
            &[("text/plain", "text/plain"), ("application/json", "application/json"), ("text/xml", "text/xml")],
        )?;
        Ok(Self {
            url: given.base("url").map(|_| given.get("url").to_owned())?,
            method,
            in_body,
            template: template(given, json_body)?,
            headers: headers(given)?,
            auth: auth(given)?,
            user: given.get("user").to_owned(),
            secret: given.get("secret").to_owned(),
            style: given.one_of("numbers", numbers::STYLES)?,
            unicode: [plain, other],
            longest: given.get("longest").parse().or_else(|_| wrong("longest", "must be a number; 0: no limit"))?,
            numbered: given.one_of("long", &[("joins", false), ("numbered", true)])?,
            answers: answers(given, errors.clone())?,
            calls: calls(given, errors)?,
            signature,
            acknowledge: given.get("acknowledge").to_owned(),
            acknowledge_type,
            hook: given.hook.clone(),
            slowest: given.slowest,
        })
    }
}

fn template(given: &Given, json_body: bool) -> Result<Template, Wrong> {
    let text = given.get("fields");
    let template = under("fields", if json_body { Template::json(text) } else { Template::pairs(text) })?;
    if !template.has(&["to"]) || !template.has(&["text", "text_hex"]) {
        return wrong("fields", "must hold {to} and {text} (or {text_hex})");
    }
    // Which number a text comes from decides to whom a family's answer goes.
    if !template.has(&["from"]) && given.get("our_number").is_empty() {
        return wrong("fields", "must hold {from}; a company that takes none has one number: say it as our_number");
    }
    Ok(template)
}

fn headers(given: &Given) -> Result<Vec<(String, String)>, Wrong> {
    let lines = given.get("headers").split('|').map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| match line.split_once(':') {
            Some((name, value)) => Ok((header_name("headers", name.trim())?, header_value("headers", value.trim())?)),
            None => wrong("headers", "must be name: value, separated by |"),
        })
        .collect()
}

fn auth(given: &Given) -> Result<Auth, Wrong> {
    let (secret, name) = (given.get("secret"), given.get("auth_name"));
    let auth = match given.get("auth") {
        "none" => return Ok(Auth::None),
        "basic" => Auth::Basic,
        "bearer" => Auth::Header("authorization".into(), header_value("secret", &format!("Bearer {secret}"))?),
        "header" => {
            Auth::Header(header_name("auth_name", name)?, header_value("secret", &format!("{}{secret}", given.get("auth_prefix")))?)
        }
        "query" if name.is_empty() => return wrong("auth_name", "must be the field of the address that carries the secret"),
        "query" => Auth::Query(name.to_owned()),
        _ => return wrong("auth", "must be one of: none, basic, bearer, header, query"),
    };
    if secret.is_empty() { wrong("secret", "must be said: auth wants it") } else { Ok(auth) }
}

fn answers(given: &Given, errors: Arc<Errors>) -> Result<Answers, Wrong> {
    let statuses: Result<Vec<u16>, _> = given.get("accepted_status").split(',').map(|word| word.trim().parse()).collect();
    let statuses = statuses.ok().filter(|all| all.iter().all(|status| (200..300).contains(status)));
    let Some(statuses) = statuses else { return wrong("accepted_status", "must be HTTP statuses from 200 to 299, such as 200,202") };
    if given.get("id").is_empty() && given.get("success").is_empty() {
        return wrong("id", "or success must be said: a web page answers 200 too");
    }
    let body = if given.one_of("answer", &[("json", true), ("text", false)])? {
        Body::Json {
            id: names(given, "id")?,
            success: when(given, "success")?,
            segments: names(given, "segments")?,
            error: names(given, "error")?,
        }
    } else {
        let [id, success, segments, error] = ["id", "success", "segments", "error"].map(|name| pattern(given, name));
        Body::Text { id: id?, success: success?, segments: segments?, error: error? }
    };
    Ok(Answers { statuses, body, errors })
}

fn signature(given: &Given) -> Result<Signature, Wrong> {
    let name = given.get("signature_name");
    let kinds = [("url", None), ("header", None), ("hmac-sha256-hex", Some((false, false))), ("hmac-sha256-base64", Some((false, true)))];
    let more = [("hmac-sha1-hex", Some((true, false))), ("hmac-sha1-base64", Some((true, true)))];
    let kind = given.one_of("signature", &[kinds.as_slice(), &more].concat())?;
    if given.get("signature") == "url" {
        return Ok(Signature::Address(HookSecret::of(given, if name.is_empty() { "key" } else { name })?));
    }
    if given.get("hook_secret").len() < 8 {
        return wrong("hook_secret", "must be at least 8 letters: whoever guesses it can write in a family's name");
    }
    let good =
        ["hook_secret", "old_hook_secret"].map(|name| given.get(name).to_owned()).into_iter().filter(|secret| !secret.is_empty()).collect();
    let name = header_name("signature_name", name)?;
    let Some((sha1, base64)) = kind else { return Ok(Signature::Header { name, good }) };
    let (of, timestamp) = (given.get("signature_of").to_owned(), given.get("timestamp_header").to_lowercase());
    let bare = ["{body}", "{timestamp}", "{url}"].iter().fold(of.clone(), |text, word| text.replace(word, ""));
    if bare.contains(['{', '}']) || !(of.contains("{body}") || of.contains("{url}")) {
        return wrong("signature_of", "must hold {body}, and may hold {timestamp} and {url}");
    }
    let covers = if given.get("call_format") == "query" { "{url}" } else { "{body}" };
    if !of.contains(covers) {
        return wrong("signature_of", &format!("must hold {covers}: there stands what the company says"));
    }
    if of.contains("{timestamp}") == timestamp.is_empty() {
        return wrong("timestamp_header", "and {timestamp} in signature_of go together: a time that is not signed proves nothing");
    }
    let tolerance = given.get("tolerance_seconds").parse().ok().filter(|seconds| (1..=86_400).contains(seconds));
    let Some(tolerance) = tolerance else { return wrong("tolerance_seconds", "must be a number from 1 to 86400") };
    Ok(Signature::Code(Code { name, prefix: given.get("signature_prefix").to_owned(), sha1, base64, of, timestamp, tolerance, good }))
}

fn calls(given: &Given, errors: Arc<Errors>) -> Result<Calls, Wrong> {
    let our_number = given.get("our_number").to_owned();
    if !our_number.is_empty() && (!our_number.starts_with('+') || !our_number[1..].bytes().all(|byte| byte.is_ascii_digit())) {
        return wrong("our_number", "must be an international number, such as +12035550199");
    }
    if !given.get("incoming_from").is_empty() && given.get("incoming_to").is_empty() && our_number.is_empty() {
        return wrong("incoming_to", "must be said, or our_number: an answer's way to its teacher begins with our number");
    }
    if given.get("incoming_from").is_empty() != given.get("incoming_text").is_empty() {
        return wrong("incoming_from", "and incoming_text go together");
    }
    if !given.get("receipt_status").is_empty() && given.get("statuses").is_empty() {
        return wrong("statuses", "must say what the words of receipt_status mean");
    }
    let path = given.get("events");
    Ok(Calls {
        format: given.one_of("call_format", &[("json", Format::Json), ("form", Format::Form), ("query", Format::Query)])?,
        events: if path.is_empty() { None } else { Some(under("events", Path::read(path))?) },
        incoming_when: when(given, "incoming_when")?,
        id: names(given, "incoming_id")?,
        from: names(given, "incoming_from")?,
        to: names(given, "incoming_to")?,
        text: names(given, "incoming_text")?,
        hex: given.one_of("incoming_text_as", &[("plain", false), ("hex", true)])?,
        media: names(given, "incoming_media")?,
        part: [names(given, "part_set")?, names(given, "part_number")?, names(given, "part_count")?],
        our_number,
        country: numbers::country(given)?,
        receipt_when: when(given, "receipt_when")?,
        receipt_id: names(given, "receipt_id")?,
        receipt_reference: names(given, "receipt_reference")?,
        receipt_status: names(given, "receipt_status")?,
        receipt_code: names(given, "receipt_code")?,
        statuses: under("statuses", Statuses::read(given.get("statuses")))?,
        errors,
    })
}
