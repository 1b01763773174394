//! The company's API: create a message, list messages.

use crate::carrier::receipts;
use crate::state::{Sandbox, Text};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Form, Json};
use base64::Engine;
use serde_json::json;
use std::collections::HashMap;
use std::sync::Arc;

fn refused(status: StatusCode, code: u32, message: &str) -> Response {
    (status, Json(json!({ "code": code, "message": message, "status": status.as_u16() }))).into_response()
}

pub(crate) fn known(sandbox: &Sandbox, account: &str, headers: &HeaderMap) -> bool {
    let pair = base64::engine::general_purpose::STANDARD.encode(format!("{}:{}", sandbox.settings.account, sandbox.settings.token));
    let given = headers.get("authorization").and_then(|value| value.to_str().ok());
    account == sandbox.settings.account && given == Some(&format!("Basic {pair}"))
}

fn shown(text: &Text) -> serde_json::Value {
    json!({ "sid": text.sid, "to": text.phone, "from": text.number, "body": text.body, "status": if text.state.is_empty() { "queued" } else { &text.state },
        "direction": "outbound-api", "num_segments": "1", "error_code": null, "error_message": null })
}

/// `POST …/Messages.json`.
pub(crate) async fn create(
    State(sandbox): State<Arc<Sandbox>>,
    Path(account): Path<String>,
    headers: HeaderMap,
    Form(fields): Form<HashMap<String, String>>,
) -> Response {
    if !known(&sandbox, &account, &headers) {
        return refused(StatusCode::UNAUTHORIZED, 20003, "Authenticate");
    }
    let get = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    let (to, body) = (get("To"), get("Body"));
    if to.is_empty() {
        return refused(StatusCode::BAD_REQUEST, 21604, "A 'To' phone number is required.");
    }
    if get("From").is_empty() && get("MessagingServiceSid").is_empty() {
        return refused(StatusCode::BAD_REQUEST, 21603, "A 'From' phone number is required.");
    }
    if body.is_empty() {
        return refused(StatusCode::BAD_REQUEST, 21602, "Message body is required.");
    }
    if body.chars().count() > 1600 {
        return refused(StatusCode::BAD_REQUEST, 21617, "The concatenated message body exceeds the 1600 character limit.");
    }
    let key = headers.get("i-twilio-idempotency-token").and_then(|value| value.to_str().ok()).map(str::to_owned);
    if let Some(found) = key.as_ref().and_then(|key| sandbox.memory().keys.get(key).cloned()) {
        let memory = sandbox.memory();
        if let Some(text) = memory.texts.iter().find(|text| text.sid == found) {
            return (StatusCode::CREATED, Json(shown(text))).into_response();
        }
    }
    let faults = sandbox.take_fault(to);
    if faults.slow > 0 {
        tokio::time::sleep(std::time::Duration::from_millis(u64::from(faults.slow))).await;
    }
    if faults.stopped {
        return refused(StatusCode::BAD_REQUEST, 21610, "Attempt to send to unsubscribed recipient");
    }
    if faults.busy > 0 {
        return refused(StatusCode::TOO_MANY_REQUESTS, 20429, "Too Many Requests");
    }
    if faults.refuse > 0 {
        return refused(StatusCode::INTERNAL_SERVER_ERROR, 20500, "Internal Server Error");
    }
    let callback = get("StatusCallback").to_owned();
    let reference = callback.split_once("ref=").map_or("", |(_, rest)| rest).to_owned();
    let text = Text {
        sid: sandbox.sid(),
        phone: to.to_owned(),
        number: get("From").to_owned(),
        answered: false,
        body: body.to_owned(),
        at: (sandbox.settings.now)(),
        state: String::new(),
        reference,
        meant_for: String::new(),
    };
    sandbox.keep(text.clone());
    if let Some(key) = key {
        sandbox.memory().keys.insert(key, text.sid.clone());
    }
    if !callback.is_empty() {
        receipts(sandbox.clone(), text.clone(), callback, faults.clone());
    }
    if faults.cut > 0 {
        // Accepted and never answered: the connection ends without a whole answer.
        return cut();
    }
    (StatusCode::CREATED, Json(shown(&text))).into_response()
}

/// An answer that promises a body and breaks off.
fn cut() -> Response {
    let body = axum::body::Body::new(Cut);
    Response::builder().status(201).header("content-length", "400").body(body).unwrap_or_default()
}

struct Cut;

impl hyper::body::Body for Cut {
    type Data = bytes::Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<hyper::body::Frame<Self::Data>, Self::Error>>> {
        std::task::Poll::Ready(Some(Err(std::io::Error::new(std::io::ErrorKind::ConnectionReset, "cut"))))
    }
}

/// `GET …/Messages.json?Reference=`: the sandbox's own look-up by reference.
pub(crate) async fn list(
    State(sandbox): State<Arc<Sandbox>>,
    Path(account): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    if !known(&sandbox, &account, &headers) {
        return refused(StatusCode::UNAUTHORIZED, 20003, "Authenticate");
    }
    let memory = sandbox.memory();
    let wanted = |text: &&Text| {
        !text.answered
            && query.get("Reference").is_none_or(|reference| *reference == text.reference)
            && query.get("To").is_none_or(|to| *to == text.phone)
    };
    let messages: Vec<_> = memory.texts.iter().rev().filter(wanted).take(50).map(shown).collect();
    Json(json!({ "messages": messages })).into_response()
}
