//! What was sent: progress, reach by language, the tally, who was not reached; stop, correct, remind.

use crate::Web;
use crate::compose::from_words;
use crate::forms::{Fields, field, id};
use crate::inbox::{state_mark, state_words};
use crate::page::{Fault, Page, Shell, direction, moment, show};
use crate::session::{Person, seen};
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect};
use domain::MessageId;
use domain::delivery::DeliveryState;
use domain::message::*;
use domain::rights::Act;

struct Line {
    id: MessageId,
    words: String,
    who: String,
    at: String,
    arrived: i64,
    all: i64,
    failed: i64,
    waits: i64,
}

#[derive(Template)]
#[template(path = "sent.html")]
struct Sent {
    shell: Shell,
    lines: Vec<Line>,
}

/// How it went, in a word.
fn way(channel: domain::people::Channel) -> &'static str {
    if channel == domain::people::Channel::Sms { "text" } else { "email" }
}

fn words_of(web: &Web, words: &Words) -> String {
    match words {
        Words::Free { text } => text.chars().take(120).collect(),
        Words::Phrase { key, .. } => {
            web.flows.speech().phrases().into_iter().find(|card| card.key == *key).map_or_else(|| key.clone(), |card| card.label)
        }
    }
}

/// `/sent`.
pub(crate) async fn sent(State(web): State<Web>, person: Person) -> Page {
    let staff = if person.leads() { None } else { Some(person.actor.staff) };
    let rows = web.flows.ports().views.sent(person.actor.district, staff, &seen(&person.actor), 100).await?;
    let zone = person.zone();
    let line = |row: domain::views::SentRow| Line {
        id: row.message,
        words: words_of(&web, &row.words),
        who: row.author,
        at: moment(row.at, zone),
        all: row.counts.0,
        arrived: row.counts.1,
        failed: row.counts.2,
        waits: row.counts.3,
    };
    Ok(show(&Sent { shell: person.shell("Sent"), lines: rows.into_iter().map(line).collect() }))
}

struct Reach {
    name: String,
    state: &'static str,
    mark: &'static str,
    from: &'static str,
    count: i64,
}

/// A child, and what each of its adults answered.
struct ChildAnswers {
    child: String,
    answers: Vec<(String, String, String)>,
}

struct InOneLanguage {
    id: domain::RenditionId,
    name: String,
    language: String,
    direction: &'static str,
    text: String,
    notice: String,
    from: &'static str,
    source: String,
}

#[derive(Template)]
#[template(path = "message.html")]
struct MessagePage {
    shell: Shell,
    id: MessageId,
    author: String,
    words: String,
    at: String,
    state: &'static str,
    all: i64,
    arrived: i64,
    percent: i64,
    not_included: i64,
    reach: Vec<Reach>,
    tally: Vec<(String, i64)>,
    answers: Vec<ChildAnswers>,
    unanswered: i64,
    corrected_by: Option<MessageId>,
    reminded_by: Option<MessageId>,
    can_remind: bool,
    seconds: i64,
    most: i64,
    not_reached: Vec<(String, String, &'static str, String)>,
    renditions: Vec<InOneLanguage>,
    running: bool,
    can_correct: bool,
    undo: bool,
}

/// `/message/{id}`.
pub(crate) async fn message(State(web): State<Web>, person: Person, Path(message): Path<String>) -> Page {
    let ports = web.flows.ports();
    let view = ports.views.message_view(person.actor.district, id(&message)?).await?.ok_or(Fault::Absent)?;
    if view.message.author != person.actor.staff {
        person.actor.may(&Act::WriteSchool(view.message.school)).map_err(|_| Fault::Absent)?;
    }
    let zone = person.zone();
    let speech = web.flows.speech();
    let direction = |tag: &str| direction(speech, tag);
    let all: i64 = view.counts.iter().map(|row| row.5).sum();
    let done = |state: DeliveryState| !matches!(state, DeliveryState::Queued | DeliveryState::Claimed | DeliveryState::Held);
    let gone: i64 = view.counts.iter().filter(|row| row.4.is_some_and(done)).map(|row| row.5).sum();
    let reached = |state: DeliveryState| matches!(state, DeliveryState::Accepted | DeliveryState::Delivered);
    let arrived: i64 = view.counts.iter().filter(|row| row.4.is_some_and(reached)).map(|row| row.5).sum();
    let running = view.state == MessageState::Planning || (gone < all && view.state != MessageState::Withdrawn);
    let (now, leaves) = (ports.clock.now(), view.message.not_before);
    // A schedule is taken back with "Stop": a bar with seconds is for what leaves in a moment.
    let undo = running && now < leaves && leaves.0 - now.0 < 120_000_000;
    let sent = |state: Option<DeliveryState>| match state {
        None | Some(DeliveryState::Queued | DeliveryState::Claimed) if undo => "not sent yet",
        None => "getting ready",
        Some(state) => state_words(state),
    };
    let reach = |row: &(String, domain::people::Channel, WordsFrom, RenditionState, Option<DeliveryState>, i64)| Reach {
        name: format!("{} ({})", speech.language_name(&row.0), way(row.1)),
        state: sent(row.4),
        mark: row.4.map_or("waits", state_mark),
        from: from_words(row.2, &row.0),
        count: row.5,
    };
    let words = |rendition: &Rendition| InOneLanguage {
        id: rendition.id,
        name: format!("{} ({})", speech.language_name(&rendition.language), way(rendition.channel)),
        direction: direction(&rendition.language),
        language: rendition.language.clone(),
        text: rendition.text.clone(),
        notice: rendition.notice.clone(),
        from: from_words(rendition.from, &rendition.language),
        source: rendition.source.clone(),
    };
    let word = |answer: Answer| speech.answer_word("en", answer).unwrap_or_else(|| answer.as_str().to_owned());
    let mut answers: Vec<ChildAnswers> = Vec::new();
    for row in &view.answers {
        let child = if row.children.is_empty() { "All children".to_owned() } else { row.children.join(", ") };
        let told = (row.who.clone(), word(row.answer), row.words.clone());
        match answers.iter_mut().find(|known| known.child == child) {
            Some(known) => known.answers.push(told),
            None => answers.push(ChildAnswers { child, answers: vec![told] }),
        }
    }
    answers.sort_by(|left, right| left.child.cmp(&right.child));
    let missed = |(who, language, state, reason): &(String, String, DeliveryState, String)| {
        (who.clone(), speech.language_name(language).to_owned(), state_words(*state), reason.clone())
    };
    Ok(show(&MessagePage {
        id: view.message.id,
        author: view.author.clone(),
        words: words_of(&web, &view.message.words),
        at: moment(view.message.not_before, zone),
        state: match view.state {
            MessageState::Planning | MessageState::Planned if undo => "Not sent yet",
            MessageState::Planning => "Getting ready",
            MessageState::Planned if running => "On its way",
            MessageState::Planned => "Finished",
            MessageState::Withdrawn => "Taken back: what had not gone does not go",
        },
        percent: if all == 0 { 0 } else { arrived * 100 / all },
        all,
        arrived,
        not_included: view.not_included,
        reach: view.counts.iter().map(reach).collect(),
        tally: view.tally.iter().map(|(answer, count)| (word(*answer), *count)).collect(),
        answers,
        unanswered: if view.message.answers == AnswerSet::None { 0 } else { view.unanswered },
        not_reached: view.not_reached.iter().map(missed).collect(),
        renditions: view.renditions.iter().map(words).collect(),
        corrected_by: view.corrected_by,
        reminded_by: view.reminded_by,
        can_remind: view.unanswered > 0 && view.reminded_by.is_none() && view.message.answers != AnswerSet::None && !running,
        seconds: ((leaves.0 - now.0) / 1_000_000).max(0),
        most: view.counts.iter().map(|row| row.5).max().unwrap_or(1).max(1),
        undo,
        can_correct: gone > 0 && view.state != MessageState::Withdrawn,
        running,
        shell: person.shell("Message"),
    }))
}

#[derive(Template)]
#[template(path = "print.html")]
struct Print {
    shell: Shell,
    id: MessageId,
    school: String,
    notice: String,
    language: String,
    direction: &'static str,
    text: String,
    words_language: String,
    words_direction: &'static str,
    original: String,
    author: String,
    at: String,
    source: String,
}

/// `/message/{id}/print/{rendition}`: one language's words on a sheet, for who is told by paper or by hand.
pub(crate) async fn print(State(web): State<Web>, person: Person, Path((message, rendition)): Path<(String, String)>) -> Page {
    let ports = web.flows.ports();
    let view = ports.views.message_view(person.actor.district, id(&message)?).await?.ok_or(Fault::Absent)?;
    if view.message.author != person.actor.staff {
        person.actor.may(&Act::WriteSchool(view.message.school)).map_err(|_| Fault::Absent)?;
    }
    let wanted: domain::RenditionId = id(&rendition)?;
    let found = view.renditions.iter().find(|row| row.id == wanted).ok_or(Fault::Absent)?;
    let schools = ports.people.schools(person.actor.district).await?;
    let speech = web.flows.speech();
    let direction = |tag: &str| direction(speech, tag);
    let whole = found.from == WordsFrom::OriginalWithNotice || found.language == view.message.language;
    let words_language = if found.from == WordsFrom::OriginalWithNotice { view.message.language.clone() } else { found.language.clone() };
    let original = view.renditions.iter().find(|row| row.language == view.message.language);
    let original = match &view.message.words {
        Words::Free { text } => text.clone(),
        Words::Phrase { .. } => original.map(|row| row.text.clone()).unwrap_or_default(),
    };
    // A sheet is for one child's home: the name is written in by hand.
    let blank = |text: &str| text.replace("{student}", "__________");
    Ok(show(&Print {
        shell: person.shell("To print"),
        id: view.message.id,
        school: schools.iter().find(|school| school.id == view.message.school).map(|school| school.name.clone()).unwrap_or_default(),
        notice: found.notice.clone(),
        direction: direction(&found.language),
        language: found.language.clone(),
        text: blank(&found.text),
        words_direction: direction(&words_language),
        words_language,
        original: if whole { String::new() } else { blank(&original) },
        author: view.author.clone(),
        at: moment(view.message.written, person.zone()),
        source: found.source.clone(),
    }))
}

/// Undo, or stop what still runs.
pub(crate) async fn stop(State(web): State<Web>, person: Person, Path(message): Path<String>, Form(fields): Form<Fields>) -> Page {
    person.check(field(&fields, "token"))?;
    let message: MessageId = id(&message)?;
    web.flows.withdraw(&person.actor, message).await?;
    Ok(Redirect::to(&format!("/message/{message}")).into_response())
}
