//! `/m/{code}`: one long message, for whoever holds its link. No sign-in, no cookie, no script; looking changes nothing. What is
//! forged and what has ended answer alike, but that of the ended one's language something is known.

use crate::Web;
use crate::page::{Fault, direction, show};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use messaging::{Whole, WholeMessage};

/// Words with what a reader needs to show them.
struct Words {
    language: String,
    direction: &'static str,
    text: String,
}

#[derive(Template)]
#[template(path = "whole.html")]
struct Message {
    title: String,
    language: String,
    direction: &'static str,
    author: String,
    school: String,
    notice: String,
    words: Words,
    original: Option<(String, Words)>,
}

#[derive(Template)]
#[template(path = "ended.html")]
struct Ended<'a> {
    words: &'a str,
    language: &'a str,
    direction: &'static str,
}

/// The page.
pub(crate) async fn whole(State(web): State<Web>, Path(code): Path<String>) -> Response {
    let answer = match web.flows.whole(&code).await {
        Ok(Whole::Here(message)) => {
            let WholeMessage { language, title, author, school, notice, text, text_language, original } = message;
            let words = |text: String, language: String| Words { direction: direction(web.flows.speech(), &language), text, language };
            show(&Message {
                original: original.map(|(heading, text, language)| (heading, words(text, language))),
                direction: direction(web.flows.speech(), &language),
                words: words(text, text_language),
                title,
                language,
                author,
                school,
                notice,
            })
        }
        Ok(Whole::Ended { language, words }) => gone(&web, &language, Some(words)),
        Ok(Whole::Absent) => gone(&web, "en", None),
        Err(fault) => Fault::from(fault).into_response(),
    };
    not_found_by_search(answer)
}

/// The page of a link that opens nothing, or nothing any more.
pub(crate) fn gone(web: &Web, language: &str, words: Option<String>) -> Response {
    let words = words.or_else(|| web.flows.speech().say(language, "link-ended", &[])).unwrap_or_default();
    (StatusCode::NOT_FOUND, show(&Ended { words: &words, language, direction: direction(web.flows.speech(), language) })).into_response()
}

/// No search engine keeps it, and no store on the way: the frame's headers say the rest.
pub(crate) fn not_found_by_search(mut response: Response) -> Response {
    let value = HeaderValue::from_static("noindex, nofollow, noarchive");
    response.headers_mut().insert(HeaderName::from_static("x-robots-tag"), value);
    response
}
