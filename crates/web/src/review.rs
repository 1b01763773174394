//! Review: source and translation side by side; approve, correct, or say it cannot be written.

use crate::Web;
use crate::forms::{Fields, field, id};
use crate::page::{Fault, Page, Shell, direction, moment, show};
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
    adults: i64,
    due: String,
    waiting: bool,
}

#[derive(Template)]
#[template(path = "review.html")]
struct Queue {
    shell: Shell,
    languages: Vec<(String, String)>,
    rows: Vec<Row>,
}

/// Languages whose phrases this person looks at: their own, or all that have words.
fn languages(web: &Web, person: &Person) -> Vec<(String, String)> {
    let speech = web.flows.speech();
    let own = |tag: &String| person.staff.languages.is_empty() || person.staff.languages.contains(tag);
    let all = speech.languages_with_words().into_iter().filter(|tag| own(tag) && *tag != person.district.staff_language);
    all.map(|tag| (tag.clone(), speech.language_name(&tag).to_owned())).collect()
}

/// `/review`.
pub(crate) async fn queue(State(web): State<Web>, person: Person) -> Page {
    person.actor.may(&Act::Review).map_err(|_| Fault::Absent)?;
    let zone = person.zone();
    let rows = web.flows.ports().views.holds(person.actor.district, &person.staff.languages).await?;
    let speech = web.flows.speech();
    let row = |row: domain::views::HoldRow| Row {
        hold: row.hold,
        language: speech.language_name(&row.language).to_owned(),
        source: row.source,
        reason: row.reason,
        adults: row.families,
        due: moment(row.due, zone),
        waiting: row.waiting,
    };
    Ok(show(&Queue { shell: person.shell("Review"), languages: languages(&web, &person), rows: rows.into_iter().map(row).collect() }))
}

#[derive(Template)]
#[template(path = "hold.html")]
struct Hold {
    shell: Shell,
    language: String,
    tag: String,
    direction: &'static str,
    /// The source in pieces; true = it must survive as it is.
    pieces: Vec<(String, bool)>,
    chips: bool,
    words: String,
    about: &'static str,
    reason: String,
    fault: String,
}

/// `/review/{id}`.
pub(crate) async fn hold(State(web): State<Web>, person: Person, Path(hold): Path<String>) -> Page {
    page(&web, &person, id(&hold)?, None, String::new()).await
}

async fn page(web: &Web, person: &Person, hold: HoldId, typed: Option<String>, fault: String) -> Page {
    let (_, rendition, message, source) = web.flows.hold(&person.actor, hold).await?;
    let ports = web.flows.ports();
    let holds = ports.views.holds(person.actor.district, &[]).await?;
    let reason = holds.into_iter().find(|row| row.hold == hold).map(|row| row.reason).unwrap_or_default();
    let pieces = ports.passages.pieces(&source, &web.flows.names_near(person.actor.district, &message).await?);
    let speech = web.flows.speech();
    let written = rendition.from != WordsFrom::OriginalWithNotice;
    Ok(show(&Hold {
        shell: person.shell("Review"),
        language: speech.language_name(&rendition.language).to_owned(),
        direction: direction(speech, &rendition.language),
        about: if written {
            "A machine or a draft wrote this. Correct it, then approve."
        } else {
            "There are no words yet. Write them as you would say them to the family."
        },
        words: typed.unwrap_or(if written { rendition.text } else { String::new() }),
        tag: rendition.language,
        chips: pieces.iter().any(|(_, slot)| *slot),
        pieces,
        reason,
        fault,
    }))
}

/// Approves, or says that it cannot be written.
pub(crate) async fn decide(State(web): State<Web>, person: Person, Path(hold): Path<String>, Form(fields): Form<Fields>) -> Page {
    person.check(field(&fields, "token"))?;
    let hold: HoldId = id(&hold)?;
    let words = field(&fields, "words");
    let done = match field(&fields, "action") {
        "cannot" => web.flows.cannot_write(&person.actor, hold).await,
        "unsure" => web.flows.not_sure(&person.actor, hold, "").await,
        _ => web.flows.approve(&person.actor, hold, words).await,
    };
    match done {
        Ok(_) => {
            // The next one that families wait for, else the list.
            let rows = web.flows.ports().views.holds(person.actor.district, &person.staff.languages).await?;
            let next = rows.iter().find(|row| row.waiting && row.hold != hold);
            let to = next.map_or_else(|| "/review".to_owned(), |row| format!("/review/{}", row.hold));
            Ok(Redirect::to(&to).into_response())
        }
        Err(messaging::FlowFault::Invalid(fault)) => page(&web, &person, hold, Some(words.to_owned()), fault).await,
        Err(fault) => Err(fault.into()),
    }
}

struct Phrase {
    key: String,
    label: String,
    emergency: bool,
    english: Vec<(&'static str, String)>,
    words: Vec<(&'static str, String)>,
    status: String,
    approved: bool,
}

#[derive(Template)]
#[template(path = "phrases.html")]
struct Phrases {
    shell: Shell,
    language: String,
    tag: String,
    direction: &'static str,
    may: bool,
    rows: Vec<Phrase>,
}

/// `/review/phrases/{language}`: every shipped phrase beside English, with its status.
pub(crate) async fn phrases(State(web): State<Web>, person: Person, Path(language): Path<String>) -> Page {
    let speech = web.flows.speech();
    if !speech.languages_with_words().contains(&language) {
        return Err(Fault::Absent);
    }
    let rows = web.flows.phrase_rows(&person.actor, &language).await?;
    let row = |row: messaging::PhraseRow| Phrase {
        key: row.key,
        label: row.label,
        emergency: row.weight == domain::message::Weight::Emergency,
        english: row.english,
        words: row.words,
        status: row.status,
        approved: row.approved,
    };
    Ok(show(&Phrases {
        shell: person.shell("Phrases"),
        language: speech.language_name(&language).to_owned(),
        direction: direction(speech, &language),
        may: person.staff.languages.contains(&language),
        tag: language,
        rows: rows.into_iter().map(row).collect(),
    }))
}

/// Approves one phrase in exactly the words shown.
pub(crate) async fn approve_phrase(
    State(web): State<Web>,
    person: Person,
    Path(language): Path<String>,
    Form(fields): Form<Fields>,
) -> Page {
    person.check(field(&fields, "token"))?;
    let key = field(&fields, "key");
    web.flows.approve_phrase(&person.actor, &language, key).await?;
    Ok(Redirect::to(&format!("/review/phrases/{language}#{key}")).into_response())
}
