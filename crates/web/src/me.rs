//! My settings: away and who answers meanwhile, how often I am told, keys.

use crate::Web;
use crate::forms::{Fields, field, id};
use crate::page::{Page, Shell, show};
use crate::session::Person;
use askama::Template;
use axum::Form;
use axum::extract::State;
use domain::StaffId;
use domain::people::Telling;

#[derive(Template)]
#[template(path = "me.html")]
struct Me {
    shell: Shell,
    away: bool,
    people: Vec<(StaffId, String, bool)>,
    tellings: Vec<(&'static str, &'static str, bool)>,
    /// Told on this phone; or the one a code was sent to.
    phone: String,
    confirmed: bool,
    saved: bool,
    fault: String,
}

async fn page(web: &Web, person: &Person, saved: bool, fault: String) -> Page {
    let all = web.flows.ports().people.staff(person.actor.district).await?;
    let mine = all.iter().find(|row| row.id == person.actor.staff).unwrap_or(&person.staff);
    let near = |row: &&domain::people::Staff| {
        row.active && row.id != person.actor.staff && row.schools.iter().any(|school| person.staff.schools.contains(school))
    };
    let words = |telling: Telling| match telling {
        Telling::Each => "for each answer",
        Telling::Hourly => "once an hour at most",
        Telling::Daily => "at the end of the school day",
    };
    Ok(show(&Me {
        shell: person.shell("My settings"),
        away: mine.absent,
        people: all.iter().filter(near).map(|row| (row.id, row.title.clone(), mine.backup == Some(row.id))).collect(),
        tellings: Telling::ALL.iter().map(|telling| (telling.as_str(), words(*telling), mine.telling == *telling)).collect(),
        phone: mine.phone.as_ref().map(|phone| phone.number.reveal().to_owned()).unwrap_or_default(),
        confirmed: mine.own_phone().is_some(),
        saved,
        fault,
    }))
}

/// `/me`.
pub(crate) async fn form(State(web): State<Web>, person: Person) -> Page {
    page(&web, &person, false, String::new()).await
}

/// Saves.
pub(crate) async fn submit(State(web): State<Web>, person: Person, Form(fields): Form<Fields>) -> Page {
    person.check(field(&fields, "token"))?;
    let backup = match field(&fields, "backup") {
        "" => None,
        text => Some(id(text)?),
    };
    let telling = Telling::read(field(&fields, "telling")).unwrap_or(Telling::Hourly);
    match web.flows.set_own(&person.actor, field(&fields, "away") == "yes", backup, telling).await {
        Ok(()) => page(&web, &person, true, String::new()).await,
        Err(messaging::FlowFault::Invalid(words)) => page(&web, &person, false, words).await,
        Err(fault) => Err(fault.into()),
    }
}

/// One's own phone: a code is sent, the code comes back, or it is forgotten.
pub(crate) async fn phone(State(web): State<Web>, person: Person, Form(fields): Form<Fields>) -> Page {
    person.check(field(&fields, "token"))?;
    let done = match field(&fields, "action") {
        "confirm" => web.flows.confirm_phone(&person.actor, field(&fields, "code")).await,
        "forget" => web.flows.forget_phone(&person.actor).await,
        _ => web.flows.wish_phone(&person.actor, &crate::families::reached_at(field(&fields, "phone")).1).await,
    };
    match done {
        Ok(()) => page(&web, &person, true, String::new()).await,
        Err(messaging::FlowFault::Invalid(words)) => page(&web, &person, false, words).await,
        Err(fault) => Err(fault.into()),
    }
}
