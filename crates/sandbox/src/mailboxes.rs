//! Mailboxes on the table, as families see them. Usable without script.

use crate::letter::Letter;
use crate::pages::{counted, escape, page, state_words};
use crate::smtp;
use crate::state::Sandbox;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use std::sync::Arc;

/// The list for the table.
pub(crate) fn rows(sandbox: &Sandbox) -> String {
    let boxes = sandbox.mailboxes();
    let memory = sandbox.memory();
    let mut rows = String::new();
    for mailbox in &boxes {
        let owner = memory.owners.get(mailbox).cloned().unwrap_or_default();
        let last = memory.letters.iter().rev().find(|letter| letter.mailbox == *mailbox);
        let count = memory.letters.iter().filter(|letter| letter.mailbox == *mailbox).count();
        rows.push_str(&format!(
            "<li><a href=\"/mailbox/{address}\"><strong>{}</strong> <bdi>{address}</bdi></a> <span class=\"quiet\">{} · {}</span><p dir=\"auto\">{}</p></li>",
            escape(if owner.name.is_empty() { "Mailbox" } else { &owner.name }),
            escape(&owner.language),
            counted(count, "email", "emails"),
            last.map_or("no emails yet".to_owned(), |letter| escape(&letter.subject)),
            address = escape(mailbox),
        ));
    }
    rows
}

fn bubble(letter: &Letter) -> String {
    let side = if letter.answered { "mine" } else { "theirs" };
    let lang = if letter.language.is_empty() { String::new() } else { format!(" lang=\"{}\"", escape(&letter.language)) };
    let lines: String = letter.body.lines().map(|line| format!("<span dir=\"auto\">{}</span><br>", escape(line))).collect();
    // A mail program's own button, drawn as a link to the page behind it: this one does not POST for a family.
    let stop = match letter.stop_link.as_str() {
        "" => String::new(),
        link => format!(" · <a href=\"{}\">Unsubscribe</a>", escape(link)),
    };
    format!(
        "<li class=\"{side}\"><p dir=\"auto\"{lang}><strong>{}</strong></p><p{lang}>{lines}</p><span class=\"quiet\"><bdi>{}</bdi> · {}{stop}</span></li>",
        escape(&letter.subject),
        escape(if letter.other_name.is_empty() { &letter.other } else { &letter.other_name }),
        escape(state_words(letter.answered, &letter.state))
    )
}

/// `/mailbox/{address}`.
pub(crate) async fn mailbox(State(sandbox): State<Arc<Sandbox>>, Path(address): Path<String>) -> Response {
    if !sandbox.mailboxes().contains(&address) {
        return (
            StatusCode::NOT_FOUND,
            page("No such mailbox", "<h1>No such mailbox</h1><p class=\"back\"><a href=\"/\">All phones and mailboxes</a></p>"),
        )
            .into_response();
    }
    let memory = sandbox.memory();
    let owner = memory.owners.get(&address).cloned().unwrap_or_default();
    let letters: Vec<&Letter> = memory.letters.iter().filter(|letter| letter.mailbox == address).collect();
    let bubbles: String = letters.iter().map(|letter| bubble(letter)).collect();
    let options: String = letters
        .iter()
        .rev()
        .filter(|letter| !letter.answered)
        .map(|letter| {
            format!("<option value=\"{}\">{} · {}</option>", escape(&letter.other), escape(&letter.other_name), escape(&letter.subject))
        })
        .collect();
    let direction = if owner.direction == "rtl" { "rtl" } else { "ltr" };
    let form = if options.is_empty() {
        String::new()
    } else {
        format!(
            "<form method=\"post\"><label>Answer to <select name=\"to\" dir=\"auto\">{options}</select></label><label>Write as this family <textarea name=\"body\" rows=\"4\" dir=\"auto\" required></textarea></label><label>Note for testers: who should get it (not sent) <input name=\"meant_for\"></label><button>Send the answer</button></form>"
        )
    };
    let name = if owner.name.is_empty() { address.clone() } else { owner.name };
    page(
        &format!("Mailbox of {}", escape(&name)),
        &format!(
            "<p class=\"back\"><a href=\"/\">All phones and mailboxes</a></p><h1><bdi>{}</bdi></h1><ol class=\"texts\" dir=\"{direction}\">{bubbles}</ol>{form}",
            escape(&name)
        ),
    )
}

#[derive(Deserialize)]
pub(crate) struct Answer {
    to: String,
    body: String,
    #[serde(default)]
    meant_for: String,
}

/// A family answers on the page.
pub(crate) async fn answer(State(sandbox): State<Arc<Sandbox>>, Path(address): Path<String>, Form(form): Form<Answer>) -> Response {
    smtp::answer(&sandbox, &address, &form.to, "", &form.body, &form.meant_for, false).await;
    Redirect::to(&format!("/mailbox/{address}")).into_response()
}
