//! Inbox and thread: who needs me, what did they write, my answer.

use crate::Web;
use crate::forms::{Fields, field, id};
use crate::page::{Fault, Page, Shell, direction, moment, show};
use crate::session::{Person, seen};
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Redirect};
use domain::ThreadId;
use domain::delivery::DeliveryState;
use domain::people::{ContactRule, Reads};
use domain::ports::GuardianRow;
use domain::views::{InboxRow, ThreadView};
use futures_util::{Stream, StreamExt};
use messaging::AnswerPreview;
use std::convert::Infallible;

pub(crate) struct Row {
    row: InboxRow,
    language: String,
    at: String,
    due: String,
    here: bool,
}

#[derive(Template)]
#[template(path = "inbox.html")]
struct Inbox {
    shell: Shell,
    rows: Vec<Row>,
}

/// `/`.
pub(crate) async fn inbox(State(web): State<Web>, person: Person) -> Page {
    let rows = rows(&web, &person, None).await?;
    Ok(show(&Inbox { shell: person.shell("Inbox"), rows }))
}

/// The inbox by need; `here` = the conversation that is open beside it.
async fn rows(web: &Web, person: &Person, here: Option<ThreadId>) -> Result<Vec<Row>, Fault> {
    let ports = web.flows.ports();
    let rows =
        ports.views.inbox(person.actor.district, person.actor.staff, person.leads(), &seen(&person.actor), ports.clock.now()).await?;
    let speech = web.flows.speech();
    let row = |row: InboxRow| Row {
        language: speech.autonym(&row.language).to_owned(),
        at: moment(row.at, person.zone()),
        due: row.due.map(|due| moment(due, person.zone())).unwrap_or_default(),
        here: here == Some(row.thread),
        row,
    };
    Ok(rows.into_iter().map(row).collect())
}

/// How an adult reads and speaks, in words that say what to do (DIALOGUE 14).
pub(crate) fn how(adult: &GuardianRow) -> String {
    let parts = [
        (adult.signs, "Signs: no voice calls; a sign-language interpreter, or text."),
        (adult.reads == Reads::Little, "Reads little: short sentences, and tell important things in person."),
        (!adult.signs && adult.rule == ContactRule::NoVoice, "No voice calls."),
        (adult.rule == ContactRule::VoiceOnly, "Voice only."),
        (adult.rule == ContactRule::Relay, "Through a relay service."),
    ];
    parts.iter().filter(|(on, _)| *on).map(|(_, words)| *words).collect::<Vec<_>>().join(" ")
}

/// An adult behind the conversation.
struct Adult {
    name: String,
    language: String,
    how: String,
}

/// A bubble as the page shows it.
struct Shown {
    incoming: bool,
    text: String,
    language: String,
    direction: &'static str,
    original: String,
    original_language: String,
    original_name: String,
    original_direction: &'static str,
    source: String,
    state: &'static str,
    mark: &'static str,
    who: String,
    at: String,
    warnings: Vec<String>,
    attached: Vec<crate::pictures::Shown>,
}

#[derive(Template)]
#[template(path = "thread.html")]
struct Thread {
    shell: Shell,
    view: ThreadView,
    names: String,
    adults: Vec<Adult>,
    is_text: bool,
    rows: Vec<Row>,
    bubbles: Vec<Shown>,
    due: String,
    id: i64,
    text: String,
    preview: Option<AnswerPreview>,
    preview_direction: &'static str,
    preview_name: String,
    fault: String,
}

/// A delivery's state in words that say what to do.
pub(crate) fn state_words(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Queued | DeliveryState::Claimed => "on its way",
        DeliveryState::Accepted => "sent",
        DeliveryState::Delivered => "arrived",
        DeliveryState::Failed => "did not arrive",
        DeliveryState::Uncertain => "not known whether it arrived",
        DeliveryState::Withheld => "not sent: stopped, not included, or rehearsal",
        DeliveryState::Late => "not sent: it was too late",
        DeliveryState::Held => "waits for a reviewer",
        DeliveryState::Withdrawn => "taken back",
    }
}

/// The mark beside a state: good, waits, failed.
pub(crate) fn state_mark(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Delivered | DeliveryState::Accepted => "good",
        DeliveryState::Failed | DeliveryState::Withheld | DeliveryState::Late => "failed",
        DeliveryState::Queued | DeliveryState::Claimed | DeliveryState::Held | DeliveryState::Uncertain => "waits",
        DeliveryState::Withdrawn => "",
    }
}

/// `/thread/{id}`.
pub(crate) async fn thread(State(web): State<Web>, person: Person, Path(thread): Path<String>) -> Page {
    page(&web, &person, id(&thread)?, String::new(), None, String::new()).await
}

async fn page(web: &Web, person: &Person, thread: ThreadId, text: String, preview: Option<AnswerPreview>, fault: String) -> Page {
    let view = web.flows.thread(&person.actor, thread).await?;
    let rows = rows(web, person, Some(thread)).await?;
    let zone = person.zone();
    let speech = web.flows.speech();
    let staff_language = person.district.staff_language.clone();
    let direction = |tag: &str| direction(speech, tag);
    let phrases = speech.phrases();
    let schools = web.flows.ports().people.schools(person.actor.district).await?;
    // A phrase of ours in the staff's words. Its day and place are not in the view: with them it is only named.
    let said = |bubble: &domain::views::Bubble| {
        let Some(card) = phrases.iter().find(|card| !bubble.incoming && card.key == bubble.text) else { return bubble.text.clone() };
        let spoken = schools.iter().find(|school| school.id == view.school).and_then(|school| {
            let setting = speech.setting_arguments(school, &bubble.who);
            speech.phrase(&staff_language, &card.key, &Default::default(), &setting)
        });
        let child = if view.child.is_empty() { "your child" } else { view.child.as_str() };
        spoken.map_or_else(|| format!("Phrase: {}", card.label), |spoken| spoken.text.replace("{student}", child))
    };
    let bubble = |bubble: &domain::views::Bubble| {
        let language = if bubble.language.is_empty() { staff_language.clone() } else { bubble.language.clone() };
        Shown {
            incoming: bubble.incoming,
            direction: direction(&language),
            text: said(bubble),
            original_direction: direction(&bubble.original_language),
            original_name: speech.autonym(&bubble.original_language).to_owned(),
            original: bubble.original.clone(),
            original_language: bubble.original_language.clone(),
            language,
            source: bubble.source.clone(),
            state: bubble.state.map_or("", state_words),
            mark: bubble.state.map_or("", state_mark),
            who: bubble.who.clone(),
            at: moment(bubble.at, zone),
            warnings: bubble.warnings.clone(),
            attached: bubble.attached.iter().map(|one| crate::pictures::shown(&format!("/thread/{thread}"), one)).collect(),
        }
    };
    let names: Vec<String> = view.guardians.iter().map(|guardian| guardian.name.clone()).collect();
    let adult = |guardian: &GuardianRow| Adult {
        name: guardian.name.clone(),
        language: guardian.language.as_deref().map_or("a language we do not know", |tag| speech.language_name(tag)).to_owned(),
        how: how(guardian),
    };
    let preview_language = preview.as_ref().map(|preview| preview.language.clone()).unwrap_or_default();
    Ok(show(&Thread {
        shell: person.shell("Conversation"),
        names: if names.is_empty() { view.address.clone() } else { names.join(", ") },
        adults: view.guardians.iter().map(adult).collect(),
        is_text: view.channel == domain::people::Channel::Sms,
        rows,
        bubbles: view.bubbles.iter().map(bubble).collect(),
        due: view.due.map(|due| moment(due, zone)).unwrap_or_default(),
        id: web.flows.ports().ids.next(),
        text,
        preview_direction: direction(&preview_language),
        preview_name: speech.autonym(&preview_language).to_owned(),
        preview,
        fault,
        view,
    }))
}

/// Previews or sends an answer.
pub(crate) async fn answer(State(web): State<Web>, person: Person, Path(thread): Path<String>, Form(fields): Form<Fields>) -> Page {
    person.check(field(&fields, "token"))?;
    let thread: ThreadId = id(&thread)?;
    let text = field(&fields, "text").to_owned();
    if field(&fields, "action") == "preview" {
        return match web.flows.preview_answer(&person.actor, thread, &text).await {
            Ok(preview) => page(&web, &person, thread, text, Some(preview), String::new()).await,
            Err(messaging::FlowFault::Invalid(words)) => page(&web, &person, thread, text, None, words).await,
            Err(fault) => Err(fault.into()),
        };
    }
    match web.flows.answer(&person.actor, thread, id(field(&fields, "id"))?, &text).await {
        Ok(_) => Ok(Redirect::to(&format!("/thread/{thread}")).into_response()),
        Err(messaging::FlowFault::Invalid(words)) => page(&web, &person, thread, text, None, words).await,
        Err(fault) => Err(fault.into()),
    }
}

/// Done without an answer.
pub(crate) async fn done(State(web): State<Web>, person: Person, Path(thread): Path<String>, Form(fields): Form<Fields>) -> Page {
    person.check(field(&fields, "token"))?;
    web.flows.close_thread(&person.actor, id(&thread)?).await?;
    Ok(Redirect::to("/").into_response())
}

/// A line for every change of the district: counts only, no content. The first line comes at once, and one after lines that
/// were missed: what happened between the page and the stream, or while the line was down, is fetched then. The stream ends when
/// the process is asked to end: the browser comes again, to whoever answers then.
pub(crate) async fn changes(State(web): State<Web>, person: Person) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    use tokio::sync::broadcast::error::RecvError;
    let listener = web.changes.subscribe();
    let district = person.actor.district;
    let stream = futures_util::stream::unfold((listener, true), move |(mut listener, first)| async move {
        let news = Ok(Event::default().event("news").data("1"));
        if first {
            return Some((news, (listener, false)));
        }
        loop {
            match listener.recv().await {
                Ok(changed) if changed == district => return Some((news, (listener, false))),
                Err(RecvError::Lagged(_)) => return Some((news, (listener, false))),
                Ok(_) => {}
                Err(RecvError::Closed) => return None,
            }
        }
    });
    let stream = stream.take_until(async move { web.health.ending().await });
    Sse::new(stream).keep_alive(KeepAlive::default())
}
