//! `/stop/{code}`: a letter's stop button (RFC 8058). A mail program POSTs and it is done; a person who opens the address sees one
//! question and one button. Looking changes nothing: scanners open every link. No sign-in, no cookie, no script.

use crate::Web;
use crate::page::{Fault, direction, show};
use crate::whole::{gone, not_found_by_search};
use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use messaging::StopButton;

#[derive(Template)]
#[template(path = "stop.html")]
struct Page {
    button: StopButton,
    direction: &'static str,
    done: bool,
}

/// The question.
pub(crate) async fn ask(State(web): State<Web>, Path(code): Path<String>) -> Response {
    not_found_by_search(page(&web, &code, false).await)
}

/// It is done. Kept first, shown after: where the page cannot be made, the mail program's answer is the same.
pub(crate) async fn stop(State(web): State<Web>, Path(code): Path<String>, body: Bytes) -> Response {
    let Some(address) = web.flows.stop_address(&code) else {
        return not_found_by_search(gone(&web, "en", None));
    };
    // As a form or in parts, RFC 8058 section 3.2 allows both.
    let says = |word: &[u8]| body.windows(word.len()).any(|bytes| bytes == word);
    if !says(b"List-Unsubscribe") || !says(b"One-Click") {
        return (StatusCode::BAD_REQUEST, "a POST here says List-Unsubscribe=One-Click").into_response();
    }
    if !web.hooks.stop(&address).await {
        return (StatusCode::SERVICE_UNAVAILABLE, "try again").into_response();
    }
    let shown = page(&web, &code, true).await;
    if shown.status().is_success() { not_found_by_search(shown) } else { "ok".into_response() }
}

async fn page(web: &Web, code: &str, done: bool) -> Response {
    match web.flows.stop_button(code).await {
        Ok(Some(button)) => {
            let direction = direction(web.flows.speech(), &button.language);
            show(&Page { button, direction, done })
        }
        Ok(None) => gone(web, "en", None),
        Err(fault) => Fault::from(fault).into_response(),
    }
}
