//! Companies' calls: read raw, handed on, answered after the commit. Nothing is parsed here.

use crate::Web;
use axum::body::Bytes;
use axum::extract::{OriginalUri, Path, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use domain::wire::{WireCall, WireReply};
use std::time::Duration;
use tokio::sync::Semaphore;

/// Who understands companies' calls: authenticates on the raw bytes, commits, then answers.
#[async_trait::async_trait]
pub trait Hooks: Send + Sync {
    /// A call for a company's texts.
    async fn sms(&self, company: &str, call: WireCall) -> WireReply;
    /// A call for a company's letters.
    async fn mail(&self, company: &str, call: WireCall) -> WireReply;
    /// A letter's stop button was pressed (RFC 8058); true once that is kept.
    async fn stop(&self, address: &str) -> bool;
}

/// `/hooks/sms/{company}`.
pub(crate) async fn sms(
    State(web): State<Web>,
    Path(company): Path<String>,
    method: Method,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let reply = web.hooks.sms(&company, call(&web, &method, &uri, &headers, body)).await;
    answer(reply)
}

/// Letters that companies hand over at once: each is in memory several times until it is kept.
static LETTERS: Semaphore = Semaphore::const_new(3);
/// The largest call with a letter: 25 MB as base64 in JSON, and once more where a company shows its files beside it.
const LETTER: usize = 72 * 1024 * 1024;
/// Calls up to this need no place.
const SMALL: usize = 1024 * 1024;
/// How long a place is waited for, and how long a call may take to come in.
const PLACE: Duration = Duration::from_secs(10);
const WHOLE: Duration = Duration::from_secs(60);

/// `/hooks/mail/{company}`, and what a company wants to stand behind that.
pub(crate) async fn mail(
    State(web): State<Web>,
    Path(path): Path<Vec<String>>,
    OriginalUri(uri): OriginalUri,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    let length = head.headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok()).unwrap_or(LETTER);
    // Who is slow with a large one keeps none of the many small ones from being heard.
    let _place = if length > SMALL {
        let Ok(Ok(place)) = tokio::time::timeout(PLACE, LETTERS.acquire()).await else {
            return (StatusCode::SERVICE_UNAVAILABLE, "too many letters at once, try again").into_response();
        };
        Some(place)
    } else {
        None
    };
    let body = match tokio::time::timeout(WHOLE, axum::body::to_bytes(body, length.min(LETTER))).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return (StatusCode::PAYLOAD_TOO_LARGE, "too large").into_response(),
        // With 4xx some companies drop a letter for good.
        Err(_) => return (StatusCode::SERVICE_UNAVAILABLE, "too slow, try again").into_response(),
    };
    let company = path.first().map_or("", String::as_str);
    answer(web.hooks.mail(company, call(&web, &head.method, &uri, &head.headers, body)).await)
}

fn call(web: &Web, method: &Method, uri: &Uri, headers: &HeaderMap, body: Bytes) -> WireCall {
    let path = uri.path_and_query().map_or("", |path| path.as_str());
    let headers = headers.iter().filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))).collect();
    WireCall { method: method.to_string(), url: format!("{}{path}", web.public_url), headers, body: body.to_vec() }
}

fn answer(reply: WireReply) -> Response {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(header::CONTENT_TYPE, reply.content_type)], reply.body).into_response()
}
