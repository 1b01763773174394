//! Making a district: for real with `setup`, for the demo from a sample.

use crate::ids::random_hex;
use crate::serve::Wired;
use anyhow::Context;
use domain::message::Weight;
use domain::people::*;
use domain::ports::{Audit, PhraseApproval};
use domain::roster::Draft;
use domain::{DistrictId, SenderId, StaffId};
use std::path::Path;

/// A district's settings as they begin. A real one begins in rehearsal.
pub fn blank(id: i64, name: &str, zone: &str, rehearsal: bool) -> District {
    District {
        id: DistrictId(id),
        name: name.to_owned(),
        zone: zone.to_owned(),
        staff_language: "en".into(),
        rehearsal,
        allowed: vec![],
        introduce: true,
        email_first: false,
        machine_words_may_go: false,
        review_minutes: 24 * 60,
        quiet: (21 * 60, 7 * 60),
        hours: (8 * 60, 16 * 60),
        undo: (10, 60),
    }
}

/// `setup`.
pub async fn first(config: &Path, name: &str, zone: &str, email: &str, password_file: &Path) -> anyhow::Result<()> {
    let config = crate::config::read(config)?;
    let wired = crate::serve::wire(&config, &config.secrets()?).await?;
    let password = std::fs::read_to_string(password_file).with_context(|| format!("reading {}", password_file.display()))?;
    let password = password.trim();
    anyhow::ensure!(password.chars().count() >= 12, "the password must have at least 12 characters");
    let ports = wired.flows.ports();
    let district = blank(ports.ids.next(), name, zone, true);
    ports.directory.save_district(&district).await?;
    let staff = Staff {
        id: StaffId(ports.ids.next()),
        title: email.to_owned(),
        name: email.to_owned(),
        email: email.to_lowercase().into(),
        roles: vec![Role::District],
        schools: vec![],
        languages: vec![],
        active: true,
        backup: None,
        absent: false,
        duty: false,
        telling: Telling::Hourly,
        phone: None,
    };
    let audit =
        |act| Audit { staff: StaffId::HOUSE, at: ports.clock.now(), act, subject: format!("staff {}", staff.id), detail: String::new() };
    ports.people.save_staff(district.id, &staff, &audit("staff")).await?;
    set_password(&wired, district.id, staff.id, email, password).await?;
    println!("District \"{name}\" is made, in rehearsal. Sign in at {} as {email}.", config.public_url);
    Ok(())
}

/// Sets a password.
pub async fn set_password(wired: &Wired, district: DistrictId, staff: StaffId, name: &str, password: &str) -> anyhow::Result<()> {
    let ports = wired.flows.ports();
    let hash = web::hash_password(password, random_hex().as_bytes()).context("hashing the password")?;
    let audit = Audit { staff, at: ports.clock.now(), act: "password", subject: format!("staff {staff}"), detail: String::new() };
    ports.directory.set_password(district, staff, name, &hash, &audit).await?;
    Ok(())
}

/// The sample's files, as `homeword import` would read them.
const SAMPLE: &[(&str, &str)] = &[
    ("manifest.csv", include_str!("../../../config/examples/two-schools/manifest.csv")),
    ("orgs.csv", include_str!("../../../config/examples/two-schools/orgs.csv")),
    ("users.csv", include_str!("../../../config/examples/two-schools/users.csv")),
    ("classes.csv", include_str!("../../../config/examples/two-schools/classes.csv")),
    ("enrollments.csv", include_str!("../../../config/examples/two-schools/enrollments.csv")),
];

/// A school's senders in the demo: the office's number, three for conversations, and a mailbox.
const SENDERS: &[(&str, [&str; 4], &str)] = &[
    ("Maple Street", ["+12035550190", "+12035550191", "+12035550192", "+12035550193"], "school@mail.maple.example"),
    ("Harbor Middle", ["+12035550194", "+12035550195", "+12035550196", "+12035550197"], "harbor@mail.maple.example"),
];

/// What the sample's interpreter approved: emergencies in her two languages, marked as samples wherever they are shown.
async fn approve_samples(wired: &Wired, district: DistrictId) -> anyhow::Result<()> {
    let (ports, speech) = (wired.flows.ports(), wired.flows.speech());
    let staff = ports.people.staff(district).await?;
    let interpreter = staff.iter().find(|person| person.roles.contains(&Role::Interpreter)).context("the sample has an interpreter")?;
    let emergencies = || speech.phrases().into_iter().filter(|card| card.weight == Weight::Emergency);
    let mut approvals = Vec::new();
    for language in &interpreter.languages {
        approvals.extend(emergencies().filter_map(|card| {
            let text = speech.phrase_source(language, &card.key)?;
            Some(PhraseApproval { key: card.key, language: language.clone(), text, by: interpreter.title.clone(), sample: true })
        }));
    }
    let audit = Audit {
        staff: interpreter.id,
        at: ports.clock.now(),
        act: "approved",
        subject: format!("{} phrases", approvals.len()),
        detail: "samples".into(),
    };
    ports.words.approve(district, &approvals, &audit).await?;
    Ok(())
}

/// The sample district: the roster, the numbers, and one password for everybody. Nothing here is for real use.
pub async fn sample(wired: &Wired, password: &str) -> anyhow::Result<Draft> {
    let ports = wired.flows.ports();
    let mut district = blank(ports.ids.next(), "Maple and Harbor district", "America/New_York", false);
    // A demo is played at any hour, and nobody waits a minute for a class message to leave.
    district.quiet = (0, 0);
    district.undo = (1, 2);
    // The sample's families have known these numbers since September.
    district.introduce = false;
    ports.directory.save_district(&district).await?;
    let draft = roster::read(&roster::Files::of(SAMPLE), &roster::Mapping::default());
    let delta = roster::compare(&Draft::default(), draft, 0)?;
    crate::import::apply(wired, district.id, &delta).await?;
    let schools = ports.people.schools(district.id).await?;
    for (name, numbers, mailbox) in SENDERS {
        let school = schools.iter().find(|school| school.short_name == *name).with_context(|| format!("{name} is not in the sample"))?.id;
        let uses = [SenderUse::Office, SenderUse::Conversation, SenderUse::Conversation, SenderUse::Conversation];
        let texts = numbers.iter().zip(uses).map(|(number, use_for)| (*number, Channel::Sms, use_for));
        for (address, channel, use_for) in texts.chain([(*mailbox, Channel::Email, SenderUse::Conversation)]) {
            let sender = Sender {
                id: SenderId(ports.ids.next()),
                school,
                address: address.to_owned(),
                channel,
                use_for,
                kind: domain::people::NumberKind::Other,
                rate: 20.0,
                paused: false,
                brand: String::new(),
                daily: 0,
                account: String::new(),
                weight: 1,
                calls: domain::calls::Calls::Says,
            };
            ports.directory.save_sender(district.id, &sender).await?;
        }
    }
    approve_samples(wired, district.id).await?;
    for person in ports.people.staff(district.id).await? {
        set_password(wired, district.id, person.id, person.email.reveal(), password).await?;
    }
    Ok(delta.draft)
}
