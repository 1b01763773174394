//! By hand: a queue to work through, one card each, with a script in both languages.

use crate::Web;
use crate::forms::{Fields, field, id};
use crate::page::{Fault, Page, Shell, direction, moment, show};
use crate::session::{Person, seen};
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect};
use domain::TaskId;
use domain::conversation::TaskKind;
use domain::people::{ContactRule, Role};

struct Card {
    id: TaskId,
    kind: &'static str,
    risk: bool,
    who: String,
    address: String,
    child: String,
    language: String,
    tag: String,
    direction: &'static str,
    how: String,
    reason: String,
    due: String,
    wrote: String,
    wrote_language: String,
    translation: String,
    script: String,
    original: String,
    message: String,
    taken: String,
    interpreter: bool,
    /// What the family said can enter a conversation: there is a phone or a mailbox it belongs to.
    speaks: bool,
    answers: Vec<(&'static str, String)>,
    attached: Vec<crate::pictures::Shown>,
}

#[derive(Template)]
#[template(path = "by_hand.html")]
struct Queue {
    shell: Shell,
    search: String,
    cards: Vec<Card>,
}

fn allowed(person: &Person) -> Result<(), Fault> {
    if person.leads() || person.actor.is(Role::Nurse) { Ok(()) } else { Err(Fault::Absent) }
}

fn kind(kind: TaskKind) -> &'static str {
    match kind {
        TaskKind::ContactFamily => "Contact a family",
        TaskKind::UnknownSender => "Unknown sender",
        TaskKind::UnknownLanguage => "Language unknown",
        TaskKind::NotReached => "Not reached",
        TaskKind::RightsUnknown => "Rights unknown",
        TaskKind::Risk => "Look now",
        TaskKind::Uncertain => "Did it arrive?",
        TaskKind::Attend => "Please look",
        TaskKind::Listen => "Listen to a family",
    }
}

/// `/by-hand`.
pub(crate) async fn queue(State(web): State<Web>, person: Person, Query(fields): Query<Fields>) -> Page {
    allowed(&person)?;
    let search = field(&fields, "search");
    let ports = web.flows.ports();
    let rows = ports.views.tasks(person.actor.district, &seen(&person.actor), false, search, ports.clock.now()).await?;
    let cards = rows.into_iter().map(|row| card(&web, &person, row)).collect();
    Ok(show(&Queue { shell: person.shell("By hand"), search: search.to_owned(), cards }))
}

fn card(web: &Web, person: &Person, row: domain::views::TaskRow) -> Card {
    let speech = web.flows.speech();
    let tag = row.language.clone().unwrap_or_default();
    let (wrote, wrote_language, translation) = row.wrote.unwrap_or_default();
    let (script, original) = row.script.unwrap_or_default();
    let answer = |answer: &domain::message::Answer| (answer.as_str(), speech.answer_word("en", *answer).unwrap_or_default());
    Card {
        id: row.task,
        attached: row.attached.iter().map(|one| crate::pictures::shown(&format!("/by-hand/{}", row.task), one)).collect(),
        kind: kind(row.kind),
        risk: row.kind == TaskKind::Risk,
        who: row.who,
        address: row.address,
        child: row.child,
        language: if tag.is_empty() { "Language unknown".into() } else { speech.language_name(&tag).to_owned() },
        direction: direction(speech, &tag),
        tag,
        how: match (row.signs, row.rule) {
            (true, _) => "Signs: no voice call. Use a sign-language interpreter or text.".into(),
            (false, ContactRule::NoVoice) => "No voice calls.".into(),
            (false, ContactRule::VoiceOnly) => "Voice only.".into(),
            (false, ContactRule::Relay) => "Through a relay service.".into(),
            (false, ContactRule::Any) => String::new(),
        },
        reason: row.reason,
        due: moment(row.due, person.zone()),
        wrote,
        wrote_language,
        translation,
        script: speech.filled_by_hand(&script),
        original: speech.filled_by_hand(&original),
        message: row.message.map(|id| id.to_string()).unwrap_or_default(),
        taken: row.taken_by,
        interpreter: row
            .language
            .as_deref()
            .is_some_and(|tag| !person.staff.languages.iter().any(|known| known == tag) && tag != person.district.staff_language),
        speaks: row.contact.is_some(),
        answers: row.answers.acts().iter().map(answer).collect(),
    }
}

#[derive(Template)]
#[template(path = "task.html")]
struct One {
    shell: Shell,
    card: Card,
    fault: String,
}

/// `/by-hand/{id}`.
pub(crate) async fn one(State(web): State<Web>, person: Person, Path(task): Path<String>) -> Page {
    page(&web, &person, id(&task)?, String::new()).await
}

async fn page(web: &Web, person: &Person, task: TaskId, fault: String) -> Page {
    allowed(person)?;
    let ports = web.flows.ports();
    let rows = ports.views.tasks(person.actor.district, &seen(&person.actor), false, "", ports.clock.now()).await?;
    let row = rows.into_iter().find(|row| row.task == task).ok_or(Fault::Absent)?;
    Ok(show(&One { shell: person.shell("By hand"), card: card(web, person, row), fault }))
}

/// Somebody has it.
pub(crate) async fn take(State(web): State<Web>, person: Person, Path(task): Path<String>, Form(fields): Form<Fields>) -> Page {
    person.check(field(&fields, "token"))?;
    allowed(&person)?;
    let task: TaskId = id(&task)?;
    web.flows.take_task(&person.actor, task).await?;
    Ok(Redirect::to(&format!("/by-hand/{task}")).into_response())
}

/// Ends a task with its result.
pub(crate) async fn end(State(web): State<Web>, person: Person, Path(task): Path<String>, Form(fields): Form<Fields>) -> Page {
    person.check(field(&fields, "token"))?;
    allowed(&person)?;
    let task: TaskId = id(&task)?;
    let result = messaging::HandResult {
        words: field(&fields, "result").to_owned(),
        answer: domain::message::Answer::read(field(&fields, "answer")),
        said: field(&fields, "said").to_owned(),
    };
    match web.flows.end_task(&person.actor, task, &result).await {
        Ok(_) => {}
        Err(messaging::FlowFault::Invalid(words)) => return page(&web, &person, task, words).await,
        Err(fault) => return Err(fault.into()),
    }
    let ports = web.flows.ports();
    let rows = ports.views.tasks(person.actor.district, &seen(&person.actor), false, "", ports.clock.now()).await?;
    let next = rows.first().map_or_else(|| "/by-hand".to_owned(), |row| format!("/by-hand/{}", row.task));
    Ok(Redirect::to(&next).into_response())
}

/// `/figures.json`: counts of the district for whoever leads: no person, no words.
pub(crate) async fn figures(State(web): State<Web>, person: Person) -> Page {
    if !person.leads() {
        return Err(Fault::Absent);
    }
    let views = &web.flows.ports().views;
    let inbound = views.inbound_figures(person.actor.district).await?;
    let mut deliveries = Vec::new();
    for (channel, state, count) in views.delivery_figures(person.actor.district).await? {
        deliveries.push(format!("{{\"channel\":\"{}\",\"state\":\"{}\",\"count\":{count}}}", channel.as_str(), state.as_str()));
    }
    let held = views.holds(person.actor.district, &[]).await?.len();
    let languages: Vec<String> =
        views.languages(person.actor.district, &[]).await?.into_iter().map(|(tag, _)| format!("\"{tag}\"")).collect();
    let messages = views.sent(person.actor.district, None, &[], 10_000).await?.len();
    let json = format!(
        "{{\"received\":{},\"routed\":{},\"asked\":{},\"office\":{},\"handled\":{},\"held\":{held},\"messages\":{messages},\"languages\":[{}],\"deliveries\":[{}]}}",
        inbound.received,
        inbound.routed,
        inbound.asked,
        inbound.office,
        inbound.handled,
        languages.join(","),
        deliveries.join(",")
    );
    Ok(([(axum::http::header::CONTENT_TYPE, "application/json")], json).into_response())
}
