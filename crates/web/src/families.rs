//! Families: search first, one card a student; and the audit.

use crate::Web;
use crate::forms::{Fields, field, id};
use crate::inbox::how;
use crate::page::{Fault, Page, Shell, moment, show};
use crate::session::{Person, seen};
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect};
use domain::people::{Channel, Right};
use domain::rights::Act;
use domain::{ClassId, GuardianId, StudentId};

struct Row {
    student: StudentId,
    name: String,
    classes: String,
    languages: String,
    guardians: i64,
    flags: String,
}

#[derive(Template)]
#[template(path = "families.html")]
struct Families {
    shell: Shell,
    search: String,
    rows: Vec<Row>,
}

fn flag(word: &str) -> &str {
    match word {
        "language-unknown" => "a language is not known: the family is asked",
        "rights-unknown" => "rights unknown: the office decides",
        "no-contact" => "an adult without phone or email",
        "stopped" => "stopped texts",
        other => other,
    }
}

/// `/families`.
pub(crate) async fn families(State(web): State<Web>, person: Person, Query(fields): Query<Fields>) -> Page {
    let ports = web.flows.ports();
    let search = field(&fields, "search");
    let mut rows = Vec::new();
    if person.leads() || person.actor.is(domain::people::Role::Nurse) {
        rows = ports.views.families(person.actor.district, &seen(&person.actor), None, search, 200).await?;
    } else {
        for class in &person.actor.classes {
            let class: ClassId = *class;
            for row in ports.views.families(person.actor.district, &[], Some(class), search, 200).await? {
                if !rows.iter().any(|other: &domain::views::FamilyRow| other.student == row.student) {
                    rows.push(row);
                }
            }
        }
    }
    let speech = web.flows.speech();
    let row = |row: domain::views::FamilyRow| Row {
        student: row.student,
        name: row.name,
        classes: row.classes,
        languages: row.languages.iter().map(|tag| speech.language_name(tag)).collect::<Vec<_>>().join(", "),
        guardians: row.guardians,
        flags: row.flags.iter().map(|word| flag(word)).collect::<Vec<_>>().join("; "),
    };
    Ok(show(&Families { shell: person.shell("Families"), search: search.to_owned(), rows: rows.into_iter().map(row).collect() }))
}

struct Adult {
    id: GuardianId,
    name: String,
    relation: String,
    language: String,
    tag: String,
    rights: String,
    /// As the form has it: what is on file is what is chosen.
    right: &'static str,
    how: String,
    contacts: Vec<Contact>,
}

struct Contact {
    id: domain::ContactId,
    words: String,
    suspended: bool,
}

#[derive(Template)]
#[template(path = "family.html")]
struct Family {
    shell: Shell,
    student: StudentId,
    name: String,
    classes: Vec<(String, String)>,
    adults: Vec<Adult>,
    manages: bool,
    writes: bool,
    languages: Vec<(String, String)>,
    fault: String,
}

/// `/family/{id}`. Addresses and rights are the office's to see.
pub(crate) async fn family(State(web): State<Web>, person: Person, Path(student): Path<String>) -> Page {
    page(&web, &person, id(&student)?, String::new()).await
}

async fn page(web: &Web, person: &Person, student: StudentId, fault: String) -> Page {
    let ports = web.flows.ports();
    let (child, own) = ports.people.student(person.actor.district, student, person.actor.staff).await?.ok_or(Fault::Absent)?;
    let writes = person.actor.may(&Act::WriteFamily { school: child.school, own_student: own }).is_ok();
    let manages = person.actor.may(&Act::ManageFamilies(child.school)).is_ok();
    if !writes && !manages {
        return Err(Fault::Absent);
    }
    let view = ports.views.family(person.actor.district, student).await?.ok_or(Fault::Absent)?;
    let speech = web.flows.speech();
    let zone = person.zone();
    let adult = |guardian: &domain::views::FamilyGuardian| {
        let contact =
            |(id, channel, address, textable, blocked, suspended, shared): &(domain::ContactId, Channel, String, bool, i16, bool, bool)| {
                let address = match (manages, channel) {
                    (true, _) => address.clone(),
                    (false, Channel::Sms) => "Phone on file (the office sees the number)".into(),
                    (false, Channel::Email) => "Email on file (the office sees the address)".into(),
                };
                let mut notes = vec![address];
                notes.extend(
                    [
                        (!textable, "landline: ask for another number"),
                        (*blocked != 0, "stopped texts"),
                        (*suspended, "not used: ask for the right one"),
                        (*shared, "shared"),
                    ]
                    .iter()
                    .filter(|(on, _)| *on)
                    .map(|(_, words)| (*words).to_owned()),
                );
                Contact { id: *id, words: notes.join(" · "), suspended: *suspended }
            };
        let order = guardian.relation.order_from.map(|from| format!("order on file from {}", moment(from, zone)));
        Adult {
            id: guardian.guardian.id,
            name: guardian.guardian.name.clone(),
            relation: guardian.relation.relation.clone(),
            language: guardian.guardian.language.as_deref().map_or_else(
                || format!("a language we do not know (the roster says \"{}\")", guardian.guardian.language_as_written),
                |tag| speech.language_name(tag).to_owned(),
            ),
            rights: match (manages, order, guardian.relation.right) {
                (false, _, _) => String::new(),
                (true, Some(order), _) => order,
                (true, None, Right::Full) => "may know everything".into(),
                (true, None, Right::Unknown) => "rights unknown: find out".into(),
                (true, None, Right::None) => "not included".into(),
            },
            tag: guardian.guardian.language.clone().unwrap_or_default(),
            right: match (guardian.relation.order_from.is_some(), guardian.relation.right) {
                (true, _) | (false, Right::None) => "none",
                (false, Right::Unknown) => "unknown",
                (false, Right::Full) => "full",
            },
            how: how(&guardian.guardian),
            contacts: guardian.contacts.iter().map(contact).collect(),
        }
    };
    let languages = web.flows.speech().languages_for_forms();
    Ok(show(&Family {
        shell: person.shell("Family"),
        student,
        name: view.name.clone(),
        classes: view.classes.iter().map(|(_, title, teachers)| (title.clone(), teachers.clone())).collect(),
        adults: view.guardians.iter().map(adult).collect(),
        manages,
        writes,
        languages,
        fault,
    }))
}

/// The office sets an adult's language.
pub(crate) async fn language(State(web): State<Web>, person: Person, Path(student): Path<String>, Form(fields): Form<Fields>) -> Page {
    person.check(field(&fields, "token"))?;
    let student: StudentId = id(&student)?;
    let done = web.flows.set_language(&person.actor, student, id(field(&fields, "guardian"))?, field(&fields, "language")).await;
    changed(&web, &person, student, done).await
}

/// Back to the family, with what was missing where something was.
async fn changed(web: &Web, person: &Person, student: StudentId, done: Result<(), messaging::FlowFault>) -> Page {
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/family/{student}")).into_response()),
        Err(messaging::FlowFault::Invalid(words)) => page(web, person, student, words).await,
        Err(fault) => Err(fault.into()),
    }
}

/// The office writes down a number or an address.
pub(crate) async fn contact(State(web): State<Web>, person: Person, Path(student): Path<String>, Form(fields): Form<Fields>) -> Page {
    person.check(field(&fields, "token"))?;
    let student: StudentId = id(&student)?;
    let (channel, address) = reached_at(field(&fields, "address"));
    let done = web.flows.add_contact(&person.actor, student, id(field(&fields, "guardian"))?, channel, &address).await;
    changed(&web, &person, student, done).await
}

/// What somebody typed as a phone (to E.164, a US number if it does not say otherwise) or as an address.
pub(crate) fn reached_at(typed: &str) -> (Channel, String) {
    if typed.contains('@') {
        return (Channel::Email, typed.to_owned());
    }
    let number = phonenumber::parse(Some(phonenumber::country::US), typed).ok().filter(phonenumber::is_valid);
    let plain = || typed.chars().filter(|mark| mark.is_ascii_digit() || *mark == '+').collect();
    (Channel::Sms, number.map_or_else(plain, |number| number.format().mode(phonenumber::Mode::E164).to_string()))
}

/// A number that was called wrong is right after all.
pub(crate) async fn confirm(State(web): State<Web>, person: Person, Path(student): Path<String>, Form(fields): Form<Fields>) -> Page {
    person.check(field(&fields, "token"))?;
    let student: StudentId = id(&student)?;
    let done = web.flows.confirm_contact(&person.actor, student, id(field(&fields, "guardian"))?, id(field(&fields, "contact"))?).await;
    changed(&web, &person, student, done).await
}

/// The office decides what an adult may know. The days of an order both belong to it.
pub(crate) async fn rights(State(web): State<Web>, person: Person, Path(student): Path<String>, Form(fields): Form<Fields>) -> Page {
    person.check(field(&fields, "token"))?;
    let student: StudentId = id(&student)?;
    let day = |name: &str, add: i64| {
        let date: jiff::civil::Date = field(&fields, name).parse().ok()?;
        let date = date.checked_add(jiff::Span::new().days(add)).ok()?;
        Some(domain::Time::of_local(date.at(0, 0, 0, 0), &domain::time::zone(person.zone())))
    };
    let decision = match field(&fields, "right") {
        "full" => messaging::RightDecision::Full,
        "none" => messaging::RightDecision::None { from: day("from", 0), until: day("until", 1) },
        _ => messaging::RightDecision::Unknown,
    };
    let done = web.flows.decide_right(&person.actor, student, id(field(&fields, "guardian"))?, decision).await;
    changed(&web, &person, student, done).await
}

#[derive(Template)]
#[template(path = "audit.html")]
struct AuditPage {
    shell: Shell,
    rows: Vec<(String, String, &'static str, String)>,
}

/// What somebody did, in everyday words.
fn act_words(act: &str) -> &'static str {
    match act {
        "approved" => "approved words",
        "by-hand" => "worked by hand",
        "closed" => "ended a conversation without an answer",
        "consent" => "changed which texts a family gets",
        "contact" => "changed a phone or email",
        "handed-over" => "gave a conversation to somebody else",
        "exported" => "took records out",
        "imported" => "took in a roster",
        "language" => "set a language",
        "live" => "went live",
        "not-sure" => "left words for another reviewer",
        "password" => "set a password",
        "paused" => "paused a number or used it again",
        "received" => "received a message",
        "released" => "sent the original with a notice",
        "rights" => "set what an adult may know",
        "sent" => "sent",
        "settings" => "changed settings",
        "staff" => "changed a person's entry",
        "told" => "told somebody",
        "viewed" => "opened a private conversation",
        "withdrawn" => "took a message back",
        _ => "did something else",
    }
}

/// What it was done to, in everyday words; the number finds it.
fn subject_words(subject: &str) -> String {
    let (kind, rest) = subject.split_once(' ').unwrap_or((subject, ""));
    let kind = match kind {
        "contact" => "phone or email",
        "guardian" => "adult",
        "hold" => "words to review",
        "incoming" => "what a family sent",
        "sender" => "number or address",
        "staff" => "person",
        "task" => "card by hand",
        "thread" => "conversation",
        other => other,
    };
    format!("{kind} {}", rest.replace("in thread", "in conversation")).trim_end().to_owned()
}

/// `/audit`.
pub(crate) async fn audit(State(web): State<Web>, person: Person) -> Page {
    person.actor.may(&Act::Administer).map_err(|_| Fault::Absent)?;
    let zone = person.zone();
    let rows = web.flows.ports().views.audit(person.actor.district, 200).await?;
    let row = |(audit, name): (domain::ports::Audit, String)| {
        (
            moment(audit.at, zone),
            if name.is_empty() { "Homeword".into() } else { name },
            act_words(audit.act),
            subject_words(&audit.subject),
        )
    };
    Ok(show(&AuditPage { shell: person.shell("Audit"), rows: rows.into_iter().map(row).collect() }))
}
