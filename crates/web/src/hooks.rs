//! Companies' calls: read raw, handed on, answered after the commit. Nothing is parsed here.

use crate::Web;
use axum::body::Bytes;
use axum::extract::{OriginalUri, Path, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::wire::{WireCall, WireReply};

/// Who understands companies' calls: authenticates on the raw bytes, commits, then answers.
#[async_trait::async_trait]
pub trait Hooks: Send + Sync {
    /// A call for a company's texts.
    async fn sms(&self, company: &str, call: WireCall) -> WireReply;
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
    let path = uri.path_and_query().map_or("", |path| path.as_str());
    let headers = headers.iter().filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))).collect();
    let call = WireCall { method: method.to_string(), url: format!("{}{path}", web.public_url), headers, body: body.to_vec() };
    let reply = web.hooks.sms(&company, call).await;
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(header::CONTENT_TYPE, reply.content_type)], reply.body).into_response()
}
