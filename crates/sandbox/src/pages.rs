//! Phones on a table, as families see them. Usable without script.

use crate::mailboxes;
use crate::state::{Sandbox, Text};
use crate::{calls, carrier};
use axum::Form;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;
use std::sync::Arc;

const STYLE: &str = include_str!("sandbox.css");

/// The style sheet.
pub(crate) async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE)
}

pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// "1 text", "2 texts".
pub(crate) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// A state in words: for what a family sent it is the code the school's door answered with.
pub(crate) fn state_words(answered: bool, state: &str) -> &str {
    match (answered, state.starts_with('2')) {
        (false, _) => state,
        (true, true) => "the school has it",
        (true, false) if state.is_empty() => "on its way",
        (true, false) => "the school does not have it",
    }
}

pub(crate) fn page(title: &str, body: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title}</title><link rel=\"stylesheet\" href=\"/sandbox.css\"></head><body><main>{body}</main></body></html>"
    );
    (
        [(
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        )],
        Html(html),
    )
        .into_response()
}

/// `/`: every phone with its last text.
pub(crate) async fn table(State(sandbox): State<Arc<Sandbox>>) -> Response {
    let numbers = sandbox.phones();
    let mut rows = String::new();
    let memory = sandbox.memory();
    for number in &numbers {
        let owner = memory.owners.get(number).cloned().unwrap_or_default();
        let last = memory.texts.iter().rev().find(|text| text.phone == *number);
        let count = memory.texts.iter().filter(|text| text.phone == *number).count();
        let words = last.map_or("no texts yet".to_owned(), |text| escape(&text.body.chars().take(70).collect::<String>()));
        rows.push_str(&format!(
            "<li><a href=\"/phone/{number}\"><strong>{}</strong> <bdi>{number}</bdi></a> <span class=\"quiet\">{} · {}</span><p dir=\"auto\">{words}</p></li>",
            escape(if owner.name.is_empty() { "Phone" } else { &owner.name }),
            escape(&owner.language),
            counted(count, "text", "texts"),
        ));
    }
    drop(memory);
    let empty = if numbers.is_empty() { "<p>No phones yet. When the school writes, you see here what each family reads.</p>" } else { "" };
    page(
        "Sandbox: phones and mailboxes",
        &format!(
            "<h1>Phones and mailboxes of the sandbox</h1><p class=\"quiet\">No real phone or mailbox is reached from here.</p>{empty}<ul class=\"phones\">{rows}{}</ul>",
            mailboxes::rows(&sandbox)
        ),
    )
}

fn bubble(text: &Text, language: &str) -> String {
    let side = if text.answered { "mine" } else { "theirs" };
    let lang = if language.is_empty() { String::new() } else { format!(" lang=\"{}\"", escape(language)) };
    format!(
        "<li class=\"{side}\"><p dir=\"auto\"{lang}>{}</p><span class=\"quiet\"><bdi>{}</bdi> · {}</span></li>",
        escape(&text.body),
        escape(&text.number),
        escape(state_words(text.answered, &text.state))
    )
}

/// `/phone/{number}`.
pub(crate) async fn phone(State(sandbox): State<Arc<Sandbox>>, Path(number): Path<String>) -> Response {
    if !sandbox.phones().contains(&number) {
        return (
            StatusCode::NOT_FOUND,
            page("No such phone", "<h1>No such phone</h1><p class=\"back\"><a href=\"/\">All phones and mailboxes</a></p>"),
        )
            .into_response();
    }
    let memory = sandbox.memory();
    let owner = memory.owners.get(&number).cloned().unwrap_or_default();
    let texts: Vec<&Text> = memory.texts.iter().filter(|text| text.phone == number).collect();
    let bubbles: String = texts.iter().map(|text| bubble(text, &owner.language)).collect();
    let mut ours: Vec<&str> = texts.iter().rev().map(|text| text.number.as_str()).collect();
    let mut seen = std::collections::BTreeSet::new();
    ours.retain(|number| seen.insert(*number));
    let options: String = ours.iter().map(|number| format!("<option>{}</option>", escape(number))).collect();
    let direction = if owner.direction == "rtl" { "rtl" } else { "ltr" };
    let form = format!(
        "<form method=\"post\"><label>Answer to <select name=\"number\" dir=\"ltr\">{options}</select></label><label>Write as this family <textarea name=\"body\" rows=\"3\" dir=\"auto\" required></textarea></label><label>Note for testers: who should get it (not sent) <input name=\"meant_for\"></label><label><input type=\"checkbox\" name=\"drawing\" value=\"yes\"> With a drawing</label><button>Send the answer</button></form><form method=\"post\" action=\"/phone/{}/call\"><label>Number to call <select name=\"number\" dir=\"ltr\">{options}</select></label><button>Call it instead</button></form>",
        escape(&number)
    );
    let name = if owner.name.is_empty() { number.clone() } else { owner.name };
    page(
        &format!("Phone of {}", escape(&name)),
        &format!(
            "<p class=\"back\"><a href=\"/\">All phones and mailboxes</a></p><h1><bdi>{}</bdi></h1><ol class=\"texts\" dir=\"{direction}\">{bubbles}</ol>{form}",
            escape(&name)
        ),
    )
}

#[derive(Deserialize)]
pub(crate) struct Answer {
    number: String,
    body: String,
    #[serde(default)]
    meant_for: String,
    #[serde(default)]
    drawing: String,
}

/// A family answers on the page.
pub(crate) async fn answer(State(sandbox): State<Arc<Sandbox>>, Path(phone): Path<String>, Form(form): Form<Answer>) -> Response {
    carrier::answer(&sandbox, &phone, &form.number, &form.body, &form.meant_for, form.drawing == "yes").await;
    Redirect::to(&format!("/phone/{phone}")).into_response()
}

#[derive(Deserialize)]
pub(crate) struct Called {
    number: String,
}

/// A family calls; nobody at the school takes it.
pub(crate) async fn call(State(sandbox): State<Arc<Sandbox>>, Path(phone): Path<String>, Form(form): Form<Called>) -> Response {
    calls::ring(&sandbox, &phone, &form.number, false).await;
    Redirect::to(&format!("/phone/{phone}")).into_response()
}

/// `/media/{sid}`: what a family sent with a text, for whoever knows the account.
pub(crate) async fn media(State(sandbox): State<Arc<Sandbox>>, headers: axum::http::HeaderMap) -> Response {
    if !crate::api::known(&sandbox, &sandbox.settings.account, &headers) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    // The header is no help: whoever shows it must look at the bytes.
    ([(header::CONTENT_TYPE, "text/html")], &include_bytes!("drawing.png")[..]).into_response()
}
