//! Compose: who → what → when, a preview per language, the one line before Send.

use crate::Web;
use crate::forms::{Fields, field, id};
use crate::page::{Fault, Page, Shell, direction, moment, show};
use crate::session::{Person, seen};
use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect};
use domain::message::*;
use domain::{ClassId, MessageId, SchoolId, StudentId, Time};
use messaging::{Draft, Leaves, PhraseCard, Preview, Warning};

struct Choice {
    value: String,
    label: String,
    chosen: bool,
}

struct Tab {
    name: String,
    language: String,
    direction: &'static str,
    adults: usize,
    by_sms: usize,
    open: bool,
    text: String,
    notice: String,
    segments: u16,
    linked: bool,
    from: &'static str,
    source: String,
    waits: String,
}

/// A language's row of what a message comes to.
struct Bill {
    name: String,
    texts: usize,
    each: u16,
    all: u64,
    cost: String,
}

#[derive(Template)]
#[template(path = "compose.html")]
struct Compose {
    shell: Shell,
    id: i64,
    audiences: Vec<Choice>,
    weights: Vec<Choice>,
    answers: Vec<Choice>,
    phrases: Vec<Choice>,
    arguments: Vec<(String, String, String)>,
    fields: Fields,
    tabs: Vec<Tab>,
    line: String,
    total: String,
    late: bool,
    bills: Vec<Bill>,
    priced: bool,
    warnings: Vec<String>,
    useful: String,
    goes: String,
    names_child: bool,
    grade: Option<u8>,
    fault: String,
}

impl Compose {
    fn value(&self, name: &str) -> &str {
        field(&self.fields, name)
    }
}

/// Where words came from, in words.
pub(crate) fn from_words(from: WordsFrom, language: &str) -> &'static str {
    match from {
        // A family whose language is not on file.
        WordsFrom::OriginalWithNotice if language == "und" => "your original, after the question which language they read",
        WordsFrom::Original => "as you wrote it",
        WordsFrom::PhraseDraft => "phrase, draft",
        WordsFrom::PhraseApproved => "phrase, approved by a person",
        WordsFrom::Person => "approved by a person",
        WordsFrom::Machine => "machine, not checked",
        WordsFrom::ReachOnly => "only that you need to reach them",
        WordsFrom::OriginalWithNotice => "your original, with a notice in their language",
    }
}

/// `/compose`.
pub(crate) async fn form(State(web): State<Web>, person: Person, Query(fields): Query<Fields>) -> Page {
    let page = page(&web, &person, fields, None, String::new()).await?;
    Ok(show(&page))
}

async fn page(web: &Web, person: &Person, fields: Fields, preview: Option<Preview>, fault: String) -> Result<Compose, Fault> {
    let ports = web.flows.ports();
    let schools = ports.people.schools(person.actor.district).await?;
    let mine = seen(&person.actor);
    let mut audiences = Vec::new();
    let chosen = field(&fields, "audience").to_owned();
    let mut add = |value: String, label: String| audiences.push(Choice { chosen: value == chosen, value, label });
    let staff = if person.leads() { None } else { Some(person.actor.staff) };
    for (class, _, title, students) in ports.views.classes(person.actor.district, staff, &mine).await? {
        add(format!("class:{class}"), format!("{title} ({students} students)"));
    }
    if person.leads() {
        for school in schools.iter().filter(|school| mine.is_empty() || mine.contains(&school.id)) {
            add(format!("school:{}", school.id), format!("Everyone at {}", school.name));
        }
    }
    if let Some(student) = chosen.strip_prefix("family:") {
        if let Some((child, _)) = ports.people.student(person.actor.district, id(student)?, person.actor.staff).await? {
            add(chosen.clone(), format!("The family of {} {}", child.given, child.family));
        }
    } else if let Some(message) = chosen.strip_prefix("same:").or_else(|| chosen.strip_prefix("unanswered:")) {
        let label =
            if chosen.starts_with("same:") { "Exactly those who got the message you correct" } else { "Those who have not answered yet" };
        let _: MessageId = id(message)?;
        add(chosen.clone(), label.to_owned());
    }
    let phrases = web.flows.speech().phrases();
    let phrase = phrases.iter().find(|card| card.key == field(&fields, "phrase")).cloned();
    let weight = Weight::read(field(&fields, "weight")).or(phrase.as_ref().map(|card| card.weight)).unwrap_or(Weight::Routine);
    let set = AnswerSet::read(field(&fields, "answers")).or(phrase.as_ref().map(|card| card.answers)).unwrap_or(AnswerSet::Open);
    let choices = |all: &[(&str, &str)], current: &str| {
        all.iter().map(|(value, label)| Choice { value: (*value).into(), label: (*label).into(), chosen: *value == current }).collect()
    };
    let weights = [
        ("routine", "Everyday"),
        ("essential", "Essential: rights, health, safety, consent"),
        ("urgent", "Urgent: one family, now"),
        ("emergency", "Emergency: now, to everyone"),
        ("community", "Community"),
    ];
    let answers = [
        ("open", "Contact me · Not clear"),
        ("coming", "Coming · Not coming"),
        ("permission", "I give permission · I do not"),
        ("absence", "Ill · Appointment · On the way · Should be in school"),
        ("none", "No numbered answers"),
    ];
    let card = |card: &PhraseCard| Choice {
        value: card.key.clone(),
        label: card.label.clone(),
        chosen: phrase.as_ref().is_some_and(|chosen| chosen.key == card.key),
    };
    let zone = person.zone();
    let argument = |(name, kind): &(String, String)| (name.clone(), kind.clone(), field(&fields, &format!("argument-{name}")).to_owned());
    let mut compose = Compose {
        shell: person.shell("Write a message"),
        id: id(field(&fields, "id")).unwrap_or_else(|_| ports.ids.next()),
        audiences,
        weights: choices(&weights, weight.as_str()),
        answers: choices(&answers, set.as_str()),
        phrases: phrases.iter().map(card).collect(),
        arguments: phrase.iter().flat_map(|card| card.arguments.iter()).map(argument).collect(),
        grade: messaging::reading_level(field(&fields, "text")),
        fields,
        tabs: vec![],
        line: String::new(),
        total: String::new(),
        late: false,
        bills: vec![],
        priced: false,
        warnings: vec![],
        useful: String::new(),
        goes: String::new(),
        names_child: false,
        fault,
    };
    if let Some(preview) = preview {
        compose.line = one_line(&preview, zone);
        compose.total = total(&preview, zone);
        compose.late = preview.estimate.last == Some(Leaves::TooLate);
        compose.priced = preview.price.is_some();
        if !compose.total.is_empty() {
            compose.bills = bills(&preview, web.flows.speech());
        }
        compose.warnings = preview.warnings.iter().map(warning_words).collect();
        compose.useful = moment(preview.useful_until, zone);
        compose.goes = moment(preview.opens, zone);
        compose.names_child = preview.names_child;
        let speech = web.flows.speech();
        let tab = |language: &messaging::LanguagePreview| Tab {
            name: speech.language_name(&language.language).to_owned(),
            language: language.language.clone(),
            direction: direction(speech, &language.language),
            adults: language.families,
            open: language.language == preview.languages[0].language || language.language == person.district.staff_language,
            by_sms: language.by_sms,
            text: language.text.clone(),
            notice: language.notice.clone(),
            segments: language.segments,
            linked: language.linked,
            from: from_words(language.from, &language.language),
            source: language.source.clone(),
            waits: language.waits.as_ref().map(|(why, until)| format!("{why} Until {}.", moment(*until, zone))).unwrap_or_default(),
        };
        compose.tabs = preview.languages.iter().map(tab).collect();
    }
    Ok(compose)
}

fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// "26 adults: 7 languages go now; 2 languages (3 adults) wait for a reviewer until …; 2 adults not included (office)". It counts
/// whom a message goes to, which is not how many families there are.
fn one_line(preview: &Preview, zone: &str) -> String {
    let line = &preview.line;
    let mut parts = Vec::new();
    if line.languages_now > 0 {
        parts.push(count(line.languages_now, "language goes now", "languages go now"));
    }
    if line.languages_waiting > 0 {
        let until = line.waiting_until.map(|until| format!(" until {}", moment(until, zone))).unwrap_or_default();
        parts.push(format!(
            "{} ({}) {} for a reviewer{until}",
            count(line.languages_waiting, "language", "languages"),
            count(line.families_waiting, "adult", "adults"),
            if line.languages_waiting == 1 { "waits" } else { "wait" }
        ));
    }
    if line.language_asked > 0 {
        parts.push(count(line.language_asked, "adult is asked for a language", "adults are asked for a language"));
    }
    let more = [
        (line.not_included, "not included (office)"),
        (line.rights_unknown, "wait for the office (rights unknown)"),
        (line.by_hand, "to tell by hand"),
        (line.stopped, "stopped texts"),
    ];
    parts.extend(
        more.iter().filter(|(number, _)| *number > 0).map(|(number, words)| format!("{} {words}", count(*number, "adult", "adults"))),
    );
    if line.greeted_first > 0 {
        parts.push(format!(
            "{} first: for them it goes two hours later",
            count(line.greeted_first, "number is greeted", "numbers are greeted")
        ));
    }
    let adults = count(line.families, "adult", "adults");
    if parts.is_empty() { adults } else { format!("{adults}: {}", parts.join("; ")) }
}

/// How long after the first text the last one may leave without a word about it.
const SOON: i64 = 10;

/// "At most 1,240 texts on the bill, 9.80 USD. The last one leaves by Tue Mar 10, 10:21 AM." Empty where each family gets one text
/// and all leave soon: a teacher with two minutes need not read it.
fn total(preview: &Preview, zone: &str) -> String {
    let by_text: usize = preview.languages.iter().map(|language| language.by_sms).sum();
    let one_each = preview.estimate.segments <= by_text as u64 && by_text <= CLASS;
    let slow = match preview.estimate.last {
        Some(Leaves::By(last)) => last > preview.opens.plus_minutes(SOON),
        Some(Leaves::TooLate) => true,
        None => false,
    };
    if by_text == 0 || one_each && !slow {
        return String::new();
    }
    let cost = preview.estimate.cost.as_ref().map(|cost| format!(", {cost}")).unwrap_or_default();
    let last = match preview.estimate.last {
        Some(Leaves::By(last)) => format!(" The last one leaves by {}.", moment(last, zone)),
        Some(Leaves::TooLate) | None => String::new(),
    };
    let texts = if preview.estimate.segments == 1 { "text" } else { "texts" };
    format!("At most {} {texts} on the bill{cost}.{last}", thousands(preview.estimate.segments))
}

/// Families of a class or two: a larger audience reads what it comes to even where each gets one text.
const CLASS: usize = 60;

fn bills(preview: &Preview, speech: &messaging::Speech) -> Vec<Bill> {
    let bill = |language: &messaging::LanguagePreview| {
        let all = language.by_sms as u64 * u64::from(language.segments);
        Bill {
            name: speech.language_name(&language.language).to_owned(),
            texts: language.by_sms,
            each: language.segments,
            all,
            cost: preview.price.as_ref().map(|price| price.of(all).to_string()).unwrap_or_default(),
        }
    };
    preview.languages.iter().filter(|language| language.by_sms > 0).map(bill).collect()
}

/// "1,240".
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join(",")
}

fn warning_words(warning: &Warning) -> String {
    match warning {
        Warning::OtherPupil(name) => format!("Another pupil's name is in the words: {name}."),
        Warning::RelativeDay(day) => {
            format!("\"{day}\" may be read on another day: write the date.")
        }
        Warning::SharedPhone(number) => format!("{} shared by several adults.", count(*number, "phone is", "phones are")),
    }
}

/// What the form says.
fn draft(fields: &Fields, zone: &str) -> Result<Draft, Fault> {
    let missing = |words: &str| Fault::Invalid(words.to_owned());
    let audience = field(fields, "audience");
    let (kind, key) = audience.split_once(':').ok_or_else(|| missing("Choose who the message is for."))?;
    let audience = match kind {
        "family" => Audience::Family { student: id::<StudentId>(key)? },
        "class" => Audience::Class { class: id::<ClassId>(key)? },
        "school" => Audience::School { school: id::<SchoolId>(key)? },
        "same" => Audience::SameAs { message: id::<MessageId>(key)? },
        "unanswered" => Audience::Unanswered { message: id::<MessageId>(key)? },
        _ => return Err(missing("Choose who the message is for.")),
    };
    let phrase = field(fields, "phrase");
    let words = if phrase.is_empty() {
        Words::Free { text: field(fields, "text").to_owned() }
    } else {
        let arguments =
            fields.iter().filter_map(|(name, value)| Some((name.strip_prefix("argument-")?.to_owned(), value.trim().to_owned()))).collect();
        Words::Phrase { key: phrase.to_owned(), arguments }
    };
    let corrects = if let Audience::SameAs { message } = audience { Some(message) } else { None };
    Ok(Draft {
        id: id(field(fields, "id"))?,
        audience,
        weight: Weight::read(field(fields, "weight")).unwrap_or(Weight::Routine),
        words,
        learning: Learning {
            learning: field(fields, "learning").into(),
            try_at_home: field(fields, "try_at_home").into(),
            ask: field(fields, "ask").into(),
        },
        answers: AnswerSet::read(field(fields, "answers")).unwrap_or(AnswerSet::Open),
        send_at: local(field(fields, "send_at"), zone),
        useful_until: local(field(fields, "useful_until"), zone),
        corrects,
    })
}

fn local(text: &str, zone: &str) -> Option<Time> {
    let when: jiff::civil::DateTime = text.parse().ok()?;
    Some(Time::of_local(when, &domain::time::zone(zone)))
}

/// Previews, or sends. A form sent twice shows the first message.
pub(crate) async fn submit(State(web): State<Web>, person: Person, Form(fields): Form<Fields>) -> Page {
    person.check(field(&fields, "token"))?;
    if field(&fields, "action") == "choose" {
        return Ok(show(&page(&web, &person, fields, None, String::new()).await?));
    }
    let draft = match draft(&fields, person.zone()) {
        Ok(draft) => draft,
        Err(Fault::Invalid(words)) => {
            return Ok(show(&page(&web, &person, fields, None, words).await?));
        }
        Err(fault) => return Err(fault),
    };
    if field(&fields, "action") == "send" {
        return match web.flows.send(&person.actor, &draft).await {
            Ok((message, _)) => Ok(Redirect::to(&format!("/message/{message}")).into_response()),
            Err(messaging::FlowFault::Invalid(words)) => Ok(show(&page(&web, &person, fields, None, words).await?)),
            Err(fault) => Err(fault.into()),
        };
    }
    match web.flows.preview(&person.actor, &draft).await {
        Ok(preview) => Ok(show(&page(&web, &person, fields, Some(preview), String::new()).await?)),
        Err(messaging::FlowFault::Invalid(words)) => Ok(show(&page(&web, &person, fields, None, words).await?)),
        Err(fault) => Err(fault.into()),
    }
}
