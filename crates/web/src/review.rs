//! Review: source and translation side by side; approve, correct, or say it cannot be written.

use crate::Web;
use crate::forms::{Fields, field, id};
use crate::inbox::zone;
use crate::page::{Fault, Page, Shell, moment, show};
use crate::session::Person;
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect};
use domain::HoldId;
use domain::message::WordsFrom;
use domain::rights::Act;

struct Row {
    hold: HoldId,
    language: String,
    source: String,
    reason: String,
    families: i64,
    due: String,
    waiting: bool,
}

#[derive(Template)]
#[template(path = "review.html")]
struct Queue {
    shell: Shell,
    rows: Vec<Row>,
}

/// `/review`.
pub(crate) async fn queue(State(web): State<Web>, person: Person) -> Page {
    person.actor.may(&Act::Review).map_err(|_| Fault::Absent)?;
    let zone = zone(&web, &person).await?;
    let rows = web.flows.ports().views.holds(person.actor.district, &person.staff.languages).await?;
    let speech = web.flows.speech();
    let row = |row: domain::views::HoldRow| Row {
        hold: row.hold,
        language: speech.language_name(&row.language).to_owned(),
        source: row.source,
        reason: row.reason,
        families: row.families,
        due: moment(row.due, &zone),
        waiting: row.waiting,
    };
    Ok(show(&Queue { shell: person.shell("Review"), rows: rows.into_iter().map(row).collect() }))
}

#[derive(Template)]
#[template(path = "hold.html")]
struct Hold {
    shell: Shell,
    language: String,
    tag: String,
    direction: &'static str,
    source: String,
    words: String,
    about: &'static str,
    fault: String,
}

/// `/review/{id}`.
pub(crate) async fn hold(State(web): State<Web>, person: Person, Path(hold): Path<String>) -> Page {
    page(&web, &person, id(&hold)?, None, String::new()).await
}

async fn page(web: &Web, person: &Person, hold: HoldId, typed: Option<String>, fault: String) -> Page {
    let (_, rendition, _, source) = web.flows.hold(&person.actor, hold).await?;
    let speech = web.flows.speech();
    let written = rendition.from != WordsFrom::OriginalWithNotice;
    Ok(show(&Hold {
        shell: person.shell("Review"),
        language: speech.language_name(&rendition.language).to_owned(),
        direction: if speech.right_to_left(&rendition.language) { "rtl" } else { "ltr" },
        about: if written {
            "A machine or a draft wrote this. Correct it, then approve."
        } else {
            "There are no words yet. Write them as you would say them to the family."
        },
        words: typed.unwrap_or(if written { rendition.text } else { String::new() }),
        tag: rendition.language,
        source,
        fault,
    }))
}

/// Approves, or says that it cannot be written.
pub(crate) async fn decide(State(web): State<Web>, person: Person, Path(hold): Path<String>, Form(fields): Form<Fields>) -> Page {
    person.check(field(&fields, "token"))?;
    let hold: HoldId = id(&hold)?;
    let words = field(&fields, "words");
    let done = if field(&fields, "action") == "cannot" {
        web.flows.cannot_write(&person.actor, hold).await
    } else {
        web.flows.approve(&person.actor, hold, words).await
    };
    match done {
        Ok(_) => Ok(Redirect::to("/review").into_response()),
        Err(messaging::FlowFault::Invalid(fault)) => page(&web, &person, hold, Some(words.to_owned()), fault).await,
        Err(fault) => Err(fault.into()),
    }
}
