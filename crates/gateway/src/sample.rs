//! `sample`: a made-up district of any size, live, for measuring and for tests that need a crowd. Its roster goes the way of
//! every roster. Must never be mixed with real people: it takes an empty database only.

use crate::import::apply;
use anyhow::{Context, ensure};
use domain::people::{Channel, Sender, SenderUse};
use domain::roster::Draft;
use domain::{DistrictId, SenderId};
use serde_json::json;
use std::fmt::Write;
use std::path::Path;

/// Home languages, in turn.
const LANGUAGES: [&str; 12] = ["es", "pt-BR", "ht", "zh-Hans", "ar", "vi", "ur", "so", "pl", "uk", "sw", "en"];
/// Its number for conversations, and the office's for announcements.
const NUMBER: &str = "+12035550100";
const OFFICE: &str = "+12035550101";
/// Its mailbox.
const MAILBOX: &str = "school@mail.sample.example";

/// See the module.
pub async fn make(config: &Path, families: u32, rate: f64, channel: Channel) -> anyhow::Result<()> {
    ensure!(families <= 5_000_000, "at most 5,000,000 families");
    let config = crate::config::read(config)?;
    let wired = crate::serve::wire(&config, &config.secrets()?).await?;
    let ports = wired.flows.ports();
    ensure!(ports.directory.districts().await?.is_empty(), "this database has a district: a made-up one never stands beside real people");
    let mut district = crate::setup::blank(ports.ids.next(), "A made-up district", "America/New_York", false);
    district.quiet = (0, 0);
    district.undo = (0, 0);
    district.introduce = false;
    ports.directory.save_district(&district).await?;
    let (users, enrollments) = people(families, channel)?;
    let orgs = "sourcedId,status,name,type,parentSourcedId,metadata.shortName,metadata.phone\nD,active,Sample,district,,,\ns,active,Sample School,school,D,Sample,203-555-0100\n";
    let classes = "sourcedId,status,title,classType,schoolSourcedId\nc,active,Everyone,scheduled,s\n";
    let files = [("orgs.csv", orgs), ("users.csv", users.as_str()), ("classes.csv", classes), ("enrollments.csv", enrollments.as_str())];
    let draft = roster::read(&roster::Files::of(&files), &roster::Mapping::default());
    let delta = roster::compare(&Draft::default(), draft, 0)?;
    apply(&wired, district.id, &delta).await?;
    let school = ports.people.schools(district.id).await?.first().context("a school")?.id;
    let senders = [
        (NUMBER, Channel::Sms, SenderUse::Conversation),
        (OFFICE, Channel::Sms, SenderUse::Office),
        (MAILBOX, Channel::Email, SenderUse::Conversation),
    ];
    for (address, channel, use_for) in senders {
        let id = SenderId(ports.ids.next());
        let address = address.to_owned();
        let sender = Sender {
            id,
            school,
            address,
            channel,
            use_for,
            kind: domain::people::NumberKind::Other,
            rate,
            paused: false,
            brand: String::new(),
            daily: 0,
            account: String::new(),
            weight: 1,
            calls: domain::calls::Calls::Says,
        };
        ports.directory.save_sender(district.id, &sender).await?;
    }
    sign_ins(&wired, district.id).await?;
    let class = ports.views.classes(district.id, None, &[]).await?.first().context("a class")?.0;
    println!(
        "{}",
        json!({
            "district": district.id.to_string(),
            "school": school.to_string(),
            "class": class.to_string(),
            "number": NUMBER,
            "office": OFFICE,
            "principal": "principal@sample.example",
            "teacher": "teacher@sample.example",
            "password": crate::demo::PASSWORD,
            "guardians": delta.draft.guardians.len(),
        })
    );
    Ok(())
}

async fn sign_ins(wired: &crate::serve::Wired, district: DistrictId) -> anyhow::Result<()> {
    for person in wired.flows.ports().people.staff(district).await? {
        crate::setup::set_password(wired, district, person.id, person.email.reveal(), crate::demo::PASSWORD).await?;
    }
    Ok(())
}

/// One child and one guardian a family, with a phone or a mailbox; `users.csv` and `enrollments.csv`.
fn people(families: u32, channel: Channel) -> anyhow::Result<(String, String)> {
    let mut users = String::from(
        "sourcedId,status,orgSourcedIds,role,givenName,familyName,email,sms,agentSourcedIds,metadata.role,metadata.title,metadata.homeLanguage,metadata.relation\n\
         p,active,s,administrator,Ruth,Okafor,principal@sample.example,,,principal,Ms Okafor,,\n\
         t,active,s,teacher,Elena,Rivera,teacher@sample.example,,,,Ms Rivera,,\n",
    );
    let mut enrollments = String::from("sourcedId,status,classSourcedId,schoolSourcedId,userSourcedId,role\ne-t,active,c,s,t,teacher\n");
    for index in 0..families {
        let language = LANGUAGES[index as usize % LANGUAGES.len()];
        let phone = format!("+1{:03}{:03}{:04}", 475 + index / 8_000_000, 200 + index / 10_000 % 800, index % 10_000);
        let (email, phone) = match channel {
            Channel::Sms => (String::new(), phone),
            Channel::Email => (format!("parent{index}@families.example"), String::new()),
        };
        writeln!(users, "k{index},active,s,student,Kid{index},Sample,,,,,,,")?;
        writeln!(users, "g{index},active,s,guardian,Parent{index},Sample,{email},{phone},k{index},,,{language},mother")?;
        writeln!(enrollments, "e{index},active,c,s,k{index},student")?;
    }
    Ok((users, enrollments))
}
