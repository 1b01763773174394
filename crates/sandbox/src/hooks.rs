//! Signed webhooks, as the company posts them.

use crate::state::Sandbox;
use base64::Engine;
use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use std::time::Duration;

/// `X-Twilio-Signature` over a URL and form fields (Twilio, "Validating requests").
pub fn signature(token: &str, url: &str, fields: &[(&str, &str)]) -> String {
    let mut sorted: Vec<(&str, &str)> = fields.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let text = sorted.iter().fold(url.to_owned(), |text, (key, value)| text + key + value);
    let Ok(mut mac) = Hmac::<sha1::Sha1>::new_from_slice(token.as_bytes()) else {
        return String::new();
    };
    mac.update(text.as_bytes());
    base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes())
}

/// Posts a signed form; the HTTP status, or 0 where nobody answered.
pub(crate) async fn post(sandbox: &Sandbox, url: &str, fields: &[(&str, &str)]) -> u16 {
    call(sandbox, url, fields).await.0
}

/// The same, with what was answered.
pub(crate) async fn call(sandbox: &Sandbox, url: &str, fields: &[(&str, &str)]) -> (u16, String) {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = hyper::Request::post(url)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("x-twilio-signature", signature(&sandbox.settings.token, url, fields))
        .body(Full::new(Bytes::from(body)));
    let Ok(request) = request else { return (0, String::new()) };
    let client: Client<_, Full<Bytes>> = Client::builder(TokioExecutor::new()).build_http();
    match tokio::time::timeout(Duration::from_secs(15), client.request(request)).await {
        Ok(Ok(answer)) => {
            let status = answer.status().as_u16();
            let body = answer.into_body().collect().await.map(|body| body.to_bytes()).unwrap_or_default();
            (status, String::from_utf8_lossy(&body).into_owned())
        }
        _ => (0, String::new()),
    }
}
