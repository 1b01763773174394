//! The district's own pages: going live with its checklist, people, numbers. For whoever administers it.

use crate::Web;
use crate::families::reached_at;
use crate::forms::{Fields, field, id};
use crate::page::{Fault, Page, Shell, show};
use crate::session::Person;
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect};
use domain::calls::Calls;
use domain::people::{Channel, NumberKind, Role, SenderUse};
use domain::rights::Act;
use domain::{SchoolId, SenderId, StaffId};
use messaging::{Check, FlowFault, NewStaff, Settings};

fn allowed(person: &Person) -> Result<(), Fault> {
    person.actor.may(&Act::Administer).map_err(|_| Fault::Absent)
}

#[derive(Template)]
#[template(path = "settings.html")]
struct SettingsPage {
    shell: Shell,
    name: String,
    rehearsal: bool,
    checks: Vec<Check>,
    allowed: String,
    introduce: bool,
    email_first: bool,
    machine: bool,
    review_hours: i64,
    saved: bool,
    fault: String,
}

async fn settings_page(web: &Web, person: &Person, saved: bool, fault: String) -> Page {
    let district = web.flows.settings(&person.actor).await?;
    let checks = web.flows.checklist(&person.actor).await?;
    Ok(show(&SettingsPage {
        shell: person.shell("District"),
        name: district.name,
        rehearsal: district.rehearsal,
        checks,
        allowed: district.allowed.join("\n"),
        introduce: district.introduce,
        email_first: district.email_first,
        machine: district.machine_words_may_go,
        review_hours: district.review_minutes / 60,
        saved,
        fault,
    }))
}

/// `/settings`.
pub(crate) async fn settings(State(web): State<Web>, person: Person) -> Page {
    settings_page(&web, &person, false, String::new()).await
}

/// After a change: back to its page, with what was missing where something was.
async fn changed(web: &Web, person: &Person, done: Result<(), FlowFault>) -> Page {
    match done {
        Ok(()) => Ok(Redirect::to("/settings").into_response()),
        Err(FlowFault::Invalid(words)) => settings_page(web, person, false, words).await,
        Err(fault) => Err(fault.into()),
    }
}

/// Saves the settings.
pub(crate) async fn change(State(web): State<Web>, person: Person, Form(fields): Form<Fields>) -> Page {
    person.check(field(&fields, "token"))?;
    let line = |line: &str| reached_at(line.trim()).1;
    let settings = Settings {
        // A live district's form does not ask for them.
        allowed: match fields.get("allowed") {
            Some(typed) => typed.lines().filter(|text| !text.trim().is_empty()).map(line).collect(),
            None => web.flows.settings(&person.actor).await?.allowed,
        },
        introduce: field(&fields, "introduce") == "yes",
        email_first: field(&fields, "email_first") == "yes",
        machine_words_may_go: field(&fields, "machine") == "yes",
        review_hours: field(&fields, "review_hours").parse().unwrap_or(0),
    };
    match web.flows.change_settings(&person.actor, &settings).await {
        Ok(()) => settings_page(&web, &person, true, String::new()).await,
        fault => changed(&web, &person, fault).await,
    }
}

/// Goes live.
pub(crate) async fn live(State(web): State<Web>, person: Person, Form(fields): Form<Fields>) -> Page {
    person.check(field(&fields, "token"))?;
    let done = web.flows.go_live(&person.actor, field(&fields, "voice") == "yes").await;
    changed(&web, &person, done).await
}

struct Number {
    id: SenderId,
    address: String,
    school: String,
    what: &'static str,
    paused: bool,
    why: String,
    texts: bool,
    kinds: Vec<(&'static str, String, bool)>,
    rate: f64,
    account: String,
    weight: i64,
    brand: String,
    daily: i64,
    /// `forward`, `says`, `elsewhere`, or empty.
    calls: &'static str,
    forward: String,
    elsewhere: String,
    deaf: &'static str,
}

#[derive(Template)]
#[template(path = "numbers.html")]
struct Numbers {
    shell: Shell,
    rows: Vec<Number>,
    accounts: Vec<String>,
    schools: Vec<(SchoolId, String)>,
    fault: String,
}

/// A kind with what is usual for it, in words.
fn kind_words(kind: NumberKind) -> String {
    let name = match kind {
        NumberKind::Other => "Any other: a SIM, a link, a number outside North America",
        NumberKind::Registered => "Local number of a registered brand (10DLC)",
        NumberKind::Sole => "Local number of a sole proprietor (10DLC)",
        NumberKind::TollFree => "Toll-free number",
        NumberKind::ShortCode => "Short code",
    };
    let usual = kind.usual();
    let daily = if usual.daily > 0 { format!(", {} a day", usual.daily) } else { String::new() };
    format!("{name}: {} a second{daily}", usual.rate)
}

async fn numbers_page(web: &Web, person: &Person, fault: String) -> Page {
    allowed(person)?;
    let ports = web.flows.ports();
    let schools = ports.people.schools(person.actor.district).await?;
    let number = |(sender, why): (domain::people::Sender, String)| Number {
        calls: match &sender.calls {
            Calls::Unsaid => "",
            Calls::Forward(_) => "forward",
            Calls::Says => "says",
            Calls::Elsewhere(_) => "elsewhere",
        },
        forward: if let Calls::Forward(to) = &sender.calls { to.reveal().to_owned() } else { String::new() },
        elsewhere: if let Calls::Elsewhere(note) = &sender.calls { note.clone() } else { String::new() },
        deaf: web.flows.calls_go_nowhere(&sender).unwrap_or_default(),
        id: sender.id,
        school: schools.iter().find(|school| school.id == sender.school).map(|school| school.name.clone()).unwrap_or_default(),
        what: match (sender.channel, sender.use_for) {
            (Channel::Email, _) => "email",
            (Channel::Sms, SenderUse::Conversation) => "texts: conversations with teachers",
            (Channel::Sms, _) => "texts: the office and announcements",
        },
        address: sender.address,
        paused: sender.paused,
        why,
        texts: sender.channel == Channel::Sms,
        kinds: NumberKind::ALL.iter().map(|kind| (kind.as_str(), kind_words(*kind), *kind == sender.kind)).collect(),
        rate: sender.rate,
        account: sender.account,
        weight: sender.weight,
        brand: sender.brand,
        daily: sender.daily,
    };
    let accounts = ports.carriers.accounts(Channel::Sms).map(str::to_owned).collect();
    let rows = ports.views.senders(person.actor.district).await?.into_iter().map(number).collect();
    let schools = schools.iter().map(|school| (school.id, school.name.clone())).collect();
    Ok(show(&Numbers { shell: person.shell("Phone numbers and email addresses"), rows, accounts, schools, fault }))
}

/// `/numbers`.
pub(crate) async fn numbers(State(web): State<Web>, person: Person) -> Page {
    numbers_page(&web, &person, String::new()).await
}

/// Adds one.
pub(crate) async fn add_number(State(web): State<Web>, person: Person, Form(fields): Form<Fields>) -> Page {
    person.check(field(&fields, "token"))?;
    let (channel, address) = reached_at(field(&fields, "address"));
    let use_for = if field(&fields, "use") == "conversation" { SenderUse::Conversation } else { SenderUse::Office };
    match web.flows.add_sender(&person.actor, id(field(&fields, "school"))?, &address, channel, use_for).await {
        Ok(()) => Ok(Redirect::to("/numbers").into_response()),
        Err(FlowFault::Invalid(words)) => numbers_page(&web, &person, words).await,
        Err(fault) => Err(fault.into()),
    }
}

/// Changes how fast it may speak, and with whom it shares its work.
pub(crate) async fn change_number(State(web): State<Web>, person: Person, Path(sender): Path<String>, Form(fields): Form<Fields>) -> Page {
    person.check(field(&fields, "token"))?;
    let usual = |name| field(&fields, name).trim().is_empty();
    let number = |name, words: &str| {
        let written = field(&fields, name).trim().replace(',', ".");
        written.parse::<f64>().map_err(|_| FlowFault::Invalid(format!("{words}: write a number.")))
    };
    let wanted = || {
        Ok(messaging::SenderSettings {
            kind: NumberKind::read(field(&fields, "kind")).unwrap_or(NumberKind::Other),
            rate: if usual("rate") { None } else { Some(number("rate", "Texts a second")?) },
            account: field(&fields, "account").to_owned(),
            weight: number("weight", "Share")? as i64,
            brand: field(&fields, "brand").to_owned(),
            daily: if usual("daily") { None } else { Some(number("daily", "Texts a day")? as i64) },
            calls: match field(&fields, "calls") {
                "forward" => Calls::Forward(reached_at(field(&fields, "forward")).1.into()),
                "says" => Calls::Says,
                "elsewhere" => Calls::Elsewhere(field(&fields, "elsewhere").trim().to_owned()),
                _ => Calls::Unsaid,
            },
        })
    };
    let changed = match wanted() {
        Ok(wanted) => web.flows.change_sender(&person.actor, id(&sender)?, &wanted).await,
        Err(fault) => Err(fault),
    };
    match changed {
        Ok(()) => Ok(Redirect::to("/numbers").into_response()),
        Err(FlowFault::Invalid(words)) => numbers_page(&web, &person, words).await,
        Err(fault) => Err(fault.into()),
    }
}

/// Pauses it, or uses it again.
pub(crate) async fn pause_number(State(web): State<Web>, person: Person, Path(sender): Path<String>, Form(fields): Form<Fields>) -> Page {
    person.check(field(&fields, "token"))?;
    web.flows.pause_sender(&person.actor, id(&sender)?, field(&fields, "paused") == "yes").await?;
    Ok(Redirect::to("/numbers").into_response())
}

struct Member {
    id: StaffId,
    title: String,
    email: String,
    what: String,
    away: bool,
    active: bool,
    duty: bool,
}

#[derive(Template)]
#[template(path = "people.html")]
struct People {
    shell: Shell,
    search: String,
    rows: Vec<Member>,
    roles: Vec<&'static str>,
    schools: Vec<(SchoolId, String)>,
    link: String,
    fault: String,
}

async fn people_page(web: &Web, person: &Person, search: &str, link: String, fault: String) -> Page {
    allowed(person)?;
    let ports = web.flows.ports();
    let schools = ports.people.schools(person.actor.district).await?;
    let speech = web.flows.speech();
    let needle = search.to_lowercase();
    let member = |row: domain::people::Staff| {
        let roles: Vec<&str> = row.roles.iter().map(|role| role.as_str()).collect();
        let names: Vec<&str> =
            schools.iter().filter(|school| row.schools.contains(&school.id)).map(|school| school.short_name.as_str()).collect();
        let mut what = vec![
            roles.join(", "),
            names.join(", "),
            row.languages.iter().map(|tag| speech.language_name(tag)).collect::<Vec<_>>().join(", "),
        ];
        if row.duty {
            what.push("alerted when a family writes about danger".into());
        }
        what.retain(|part| !part.is_empty());
        Member {
            id: row.id,
            title: row.title,
            email: row.email.reveal().to_owned(),
            what: what.join(" · "),
            away: row.absent,
            active: row.active,
            duty: row.duty,
        }
    };
    let all = ports.people.staff(person.actor.district).await?;
    let rows = all.into_iter().map(member).filter(|row| format!("{} {}", row.title, row.email).to_lowercase().contains(&needle)).collect();
    Ok(show(&People {
        shell: person.shell("People"),
        search: search.to_owned(),
        rows,
        roles: Role::ALL.iter().map(|role| role.as_str()).collect(),
        schools: schools.iter().map(|school| (school.id, school.name.clone())).collect(),
        link,
        fault,
    }))
}

/// `/people`.
pub(crate) async fn people(State(web): State<Web>, person: Person, Query(fields): Query<Fields>) -> Page {
    people_page(&web, &person, field(&fields, "search"), String::new(), String::new()).await
}

async fn invited(web: &Web, person: &Person, new: &NewStaff) -> Page {
    match web.flows.invite(person.actor.district, person.actor.staff, new).await {
        Ok((_, secret)) => people_page(web, person, "", format!("{}/invitation/{secret}", web.public_url), String::new()).await,
        Err(FlowFault::Invalid(words)) => people_page(web, person, "", String::new(), words).await,
        Err(fault) => Err(fault.into()),
    }
}

/// Adds somebody and shows their invitation.
pub(crate) async fn invite(State(web): State<Web>, person: Person, Form(fields): Form<Fields>) -> Page {
    person.check(field(&fields, "token"))?;
    allowed(&person)?;
    let school = field(&fields, "school");
    let known = web.flows.speech().languages_for_forms();
    let mut languages = Vec::new();
    for typed in field(&fields, "languages").split(',').map(str::trim).filter(|typed| !typed.is_empty()) {
        match known.iter().find(|(tag, name)| tag.eq_ignore_ascii_case(typed) || name.eq_ignore_ascii_case(typed)) {
            Some((tag, _)) => languages.push(tag.clone()),
            None => {
                let fault = format!("We do not know the language \"{typed}\". Write it as on a family's page, with commas between.");
                return people_page(&web, &person, "", String::new(), fault).await;
            }
        }
    }
    let new = NewStaff {
        email: field(&fields, "email").to_owned(),
        title: field(&fields, "title").to_owned(),
        name: String::new(),
        roles: Role::read(field(&fields, "role")).into_iter().collect(),
        schools: if school.is_empty() { vec![] } else { vec![id(school)?] },
        languages,
    };
    invited(&web, &person, &new).await
}

/// A new link for somebody who is there already.
pub(crate) async fn invite_again(State(web): State<Web>, person: Person, Path(staff): Path<String>, Form(fields): Form<Fields>) -> Page {
    person.check(field(&fields, "token"))?;
    allowed(&person)?;
    let staff: StaffId = id(&staff)?;
    let all = web.flows.ports().people.staff(person.actor.district).await?;
    let known = all.into_iter().find(|row| row.id == staff).ok_or(Fault::Absent)?;
    let new = NewStaff {
        email: known.email.reveal().to_owned(),
        title: known.title,
        name: known.name,
        roles: known.roles,
        schools: known.schools,
        languages: known.languages,
    };
    invited(&web, &person, &new).await
}

/// Somebody left.
pub(crate) async fn disable(State(web): State<Web>, person: Person, Path(staff): Path<String>, Form(fields): Form<Fields>) -> Page {
    person.check(field(&fields, "token"))?;
    allowed(&person)?;
    let staff: StaffId = id(&staff)?;
    if staff == person.actor.staff {
        return people_page(
            &web,
            &person,
            "",
            String::new(),
            "Somebody else stops you signing in: there must always be an administrator.".into(),
        )
        .await;
    }
    web.flows.disable(person.actor.district, person.actor.staff, staff).await?;
    Ok(Redirect::to("/people").into_response())
}

/// On or off the duty list.
pub(crate) async fn duty(State(web): State<Web>, person: Person, Path(staff): Path<String>, Form(fields): Form<Fields>) -> Page {
    person.check(field(&fields, "token"))?;
    web.flows.set_duty(&person.actor, id(&staff)?, field(&fields, "duty") == "yes").await?;
    Ok(Redirect::to("/people").into_response())
}
