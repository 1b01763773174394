//! The frame of every page, faults as pages, headers of every answer.

use crate::forms::{Fields, field};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use domain::Time;
use domain::views::Counts;
use messaging::{FlowFault, Speech};

/// What every page's frame shows.
#[derive(Clone, Debug)]
pub(crate) struct Shell {
    pub title: String,
    /// The page's path, for `aria-current`.
    pub path: String,
    /// The entry of the row of pages that it belongs to.
    pub here: &'static str,
    pub name: String,
    pub token: String,
    pub counts: Counts,
    pub reviews: bool,
    pub office: bool,
    pub district: bool,
    pub teaches: bool,
    pub rehearsal: bool,
}

impl Shell {
    /// The attribute of a link to this entry: "page" on the page itself, "true" on what it leads to.
    pub fn current(&self, entry: &str, path: &str) -> &'static str {
        match (self.here == entry, self.path == path) {
            (true, true) => " aria-current=\"page\"",
            (true, false) => " aria-current=\"true\"",
            (false, _) => "",
        }
    }
}

/// The entry of the row of pages that a path belongs to.
pub(crate) fn section(path: &str) -> &'static str {
    match path.split('/').nth(1).unwrap_or_default() {
        "" | "thread" => "inbox",
        "compose" => "write",
        "sent" | "message" => "sent",
        "families" | "family" => "families",
        "review" => "review",
        "by-hand" => "by-hand",
        "settings" | "people" | "numbers" | "audit" => "district",
        "me" => "me",
        _ => "",
    }
}

/// A page's fault.
#[derive(Debug)]
pub(crate) enum Fault {
    /// Not there, or not for this person.
    Absent,
    /// A form of another session.
    Stale,
    /// What to do, in words.
    Invalid(String),
    /// The store is away: nothing was lost.
    Away,
}

impl From<FlowFault> for Fault {
    fn from(fault: FlowFault) -> Self {
        match fault {
            FlowFault::NotFound => Fault::Absent,
            FlowFault::Invalid(words) => Fault::Invalid(words),
            FlowFault::Store(store) => {
                tracing::error!(fault = %store, "the store did not answer a page");
                Fault::Away
            }
        }
    }
}

impl From<domain::ports::StoreFault> for Fault {
    fn from(fault: domain::ports::StoreFault) -> Self {
        FlowFault::Store(fault).into()
    }
}

#[derive(Template)]
#[template(path = "fault.html")]
struct FaultPage<'a> {
    title: &'a str,
    words: &'a str,
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let (status, title, words) = match &self {
            Fault::Absent => (StatusCode::NOT_FOUND, "Not found", "This page is not there, or it is not yours to see."),
            Fault::Stale => (
                StatusCode::FORBIDDEN,
                "Please send the form again",
                "You signed in again since the form was opened. Nothing was sent. Go back, reload, and send it again.",
            ),
            Fault::Invalid(words) => (StatusCode::UNPROCESSABLE_ENTITY, "Something is missing", words.as_str()),
            Fault::Away => (
                StatusCode::SERVICE_UNAVAILABLE,
                "One moment, please",
                "Homeword could not save this just now. Nothing was sent. Go back: your words are still in the form.",
            ),
        };
        (status, show(&FaultPage { title, words })).into_response()
    }
}

/// A rendered template.
pub(crate) fn show(template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => Html(html).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// A page's answer.
pub(crate) type Page = Result<Response, Fault>;

const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// Styles and scripts, compiled in. Every page works without the scripts: htmx shows what is new, `pages.js` knows keys.
const ASSETS: &[(&str, &str, &str)] = &[
    ("tokens.css", CSS, include_str!("../assets/tokens.css")),
    ("style.css", CSS, include_str!("../assets/style.css")),
    ("pages.js", SCRIPT, include_str!("../assets/pages.js")),
    ("htmx.min.js", SCRIPT, include_str!("../assets/htmx.min.js")),
    ("hx-sse.min.js", SCRIPT, include_str!("../assets/hx-sse.min.js")),
];

/// `/assets/{name}`.
pub(crate) async fn asset(Path(name): Path<String>) -> Response {
    match ASSETS.iter().find(|(known, _, _)| *known == name) {
        Some((_, kind, body)) => ([(header::CONTENT_TYPE, *kind), (header::CACHE_CONTROL, "public, max-age=300")], *body).into_response(),
        None => Fault::Absent.into_response(),
    }
}

#[derive(Template)]
#[template(path = "nav.html")]
struct Nav {
    shell: Shell,
}

/// `/nav?at=…`: the row of pages with its counts, for a page that is open.
pub(crate) async fn nav(person: crate::session::Person, Query(fields): Query<Fields>) -> Response {
    let path = field(&fields, "at").to_owned();
    show(&Nav { shell: Shell { here: section(&path), path, ..person.shell("") } })
}

/// No such page.
pub(crate) async fn absent() -> Response {
    Fault::Absent.into_response()
}

/// Headers of every answer.
pub(crate) async fn headers(mut response: Response) -> Response {
    let all = response.headers_mut();
    let set = [
        (
            "content-security-policy",
            "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        ),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
    ];
    for (name, value) in set {
        // What a family sent has a stricter policy of its own.
        all.entry(name).or_insert(header::HeaderValue::from_static(value));
    }
    all.entry("cache-control").or_insert(header::HeaderValue::from_static("no-store"));
    response
}

/// The direction a language is written in, as a page says it.
pub(crate) fn direction(speech: &Speech, tag: &str) -> &'static str {
    if speech.right_to_left(tag) { "rtl" } else { "ltr" }
}

/// "Mon Mar 9, 5:30 PM", in a zone.
pub(crate) fn moment(at: Time, zone: &str) -> String {
    at.in_zone(&domain::time::zone(zone)).strftime("%a %b %-d, %-I:%M %p").to_string()
}
