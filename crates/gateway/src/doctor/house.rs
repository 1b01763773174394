//! What is one for all districts: the database, the clocks, what waits, who carries, which words are drafts.

use super::{Lines, Stand, age};
use crate::config::Config;
#[cfg(feature = "imap")]
use crate::config::Secrets;
use crate::health::apart;
use domain::Time;
use domain::message::Lane;
use domain::people::{Channel, District};
use domain::ports::{Backlog, Waiting};
use localization::{Catalogue, Status};
use messaging::Ports;

/// Whether the database answers and its schema is this version's. An absent SQLite file stays absent.
pub async fn database(config: &Config, lines: &mut Lines) -> bool {
    let words = match store::behind(&config.database).await {
        Ok(0) => {
            let kind = if config.database.starts_with("sqlite:") { "SQLite" } else { "PostgreSQL" };
            lines.add("database", Stand::Ok, format!("{kind} answers, the schema is up to date"));
            return true;
        }
        Ok(missing) => format!("it answers, and its schema lacks {missing} migrations: run homeword migrate"),
        // The fault may name the server with its user: the setting's name says enough.
        Err(_) => "it does not answer: check the setting \"database\", and homeword migrate makes a new one".into(),
    };
    lines.add("database", Stand::Fails, words);
    false
}

/// This machine's clock against the database's.
pub async fn clock(config: &Config, ports: &Ports, lines: &mut Lines) -> anyhow::Result<()> {
    if config.database.starts_with("sqlite:") {
        lines.add("clock", Stand::Ok, "the database runs on this machine's clock");
        return Ok(());
    }
    let before = ports.clock.now();
    let database = ports.directory.clock().await?;
    let seconds = apart(before, database, ports.clock.now()) as f64 / 1_000_000.0;
    let words = format!("this machine is {seconds:.1} s off the database: set both by NTP; over 2 s the node is not ready");
    lines.either("clock", seconds <= 2.0, format!("{seconds:.1} s off the database's"), Stand::Fails, words);
    Ok(())
}

/// What waits, and for how long.
pub fn waiting(backlog: &Backlog, now: Time, lines: &mut Lines) {
    // This command holds one itself.
    let nodes = (backlog.nodes - 1).max(0);
    let held = format!("{nodes} of 512 held by running nodes and by those that ended in the last minute");
    lines.either("node slots", nodes < 400, held.clone(), Stand::Look, format!("{held}: more nodes than planned?"));
    for (lane, waiting) in &backlog.lanes {
        // A broadcast leaves at its senders' rates: an hour of it is no fault.
        let (look, fails) = if *lane == Lane::Broadcast { (60, i64::MAX) } else { (5, 60) };
        let advice = "is homeword serve running, is a sender paused, does its rate fit?";
        judge(&format!("queue, {}", lane.as_str()), "may leave", waiting, now, (look, fails), advice, lines);
    }
    judge("incoming", "came in", &backlog.incoming, now, (5, 60), "is homeword serve running? Its log says what fails", lines);
    let advice = "a worker stopped in the middle; homeword serve reconciles them";
    judge("late claims", "were left claimed", &backlog.late_claims, now, (1, 60), advice, lines);
    let holds = backlog.holds.rows;
    let words = format!("{} wait for a reviewer: Review shows them", count(holds));
    lines.either("on hold", holds == 0, "nothing waits for a reviewer", Stand::Look, words);
}

fn count(rows: i64) -> String {
    if rows < Backlog::MOST { rows.to_string() } else { format!("at least {rows}") }
}

/// Ok below so many minutes, look above, fails above the second.
fn judge(about: &str, what: &str, waiting: &Waiting, now: Time, limits: (i64, i64), advice: &str, lines: &mut Lines) {
    let Some(oldest) = waiting.oldest else {
        lines.add(about, Stand::Ok, "nothing waits");
        return;
    };
    let minutes = (now.0 - oldest.0) / 60_000_000;
    let words = format!("{} {what}, the oldest since {}", count(waiting.rows), age(now, oldest));
    match minutes {
        minutes if minutes >= limits.1 => lines.add(about, Stand::Fails, format!("{words}: {advice}")),
        minutes if minutes >= limits.0 => lines.add(about, Stand::Look, format!("{words}: {advice}")),
        _ => lines.add(about, Stand::Ok, words),
    }
}

/// Who carries, and which engine translates.
pub async fn carriers(config: &Config, lines: &mut Lines) {
    let unset = |setting| format!("none is sent: {setting} is empty");
    let names: Vec<&str> = config.accounts.keys().map(String::as_str).collect();
    let there = format!("accounts: {}", names.join(", "));
    lines.either("texts", !names.is_empty(), there, Stand::Look, "none is sent: no table [sms.accounts.NAME] is configured".to_owned());
    let there = match config.letters.accounts.keys().next() {
        Some(name) => format!("account: {name}"),
        None => "a mail server is configured".to_owned(),
    };
    lines.either("letters", config.letters.go_out(), there, Stand::Look, unset("letters.server"));
    let program = &config.translation.apertium;
    let found = !program.is_empty() && translation::Apertium::find(program).await.is_some();
    let words = if program.is_empty() {
        "no engine: free text waits for a person (translation.apertium is empty)".to_owned()
    } else {
        "Apertium with English and Spanish is not found: free text waits for a person. Debian: apt-get install apertium-eng-spa".to_owned()
    };
    lines.either("engine", found, "Apertium is found, English and Spanish", Stand::Look, words);
}

/// Mailboxes that letters are fetched from: whether each lets us in.
#[cfg(feature = "imap")]
pub async fn mailboxes(config: &Config, secrets: &Secrets, ports: &Ports, lines: &mut Lines) -> anyhow::Result<()> {
    for (server, tried) in crate::mailboxes::try_each(config, secrets, &ports.clock, ports.directory.as_ref()).await? {
        let (stand, words) = match tried {
            Ok(()) => (Stand::Ok, "it lets Homeword in, and its folder can be read".to_owned()),
            Err(fault) => (Stand::Fails, format!("letters stay there: {fault}")),
        };
        lines.add(&format!("mailbox {server}"), stand, words);
    }
    Ok(())
}

/// Accounts that hold a session: whether their settings are whole, which reading and wiring them found, and whether a number uses them.
pub async fn links(config: &Config, ports: &Ports, districts: &[District], lines: &mut Lines) -> anyhow::Result<()> {
    let links: Vec<&String> = config.accounts.iter().filter(|(_, account)| account.is_link()).map(|(name, _)| name).collect();
    if links.is_empty() {
        return Ok(());
    }
    let mut used = Vec::new();
    for district in districts {
        let senders = ports.people.senders(district.id).await?.into_iter().filter(|sender| sender.channel == Channel::Sms);
        used.extend(senders.filter_map(|sender| Some(ports.carriers.account(Channel::Sms, &sender.account)?.to_owned())));
    }
    for name in links {
        let numbers = used.iter().filter(|used| *used == name).count();
        let words = format!("configured, for {numbers} numbers; one process that works holds it, the others leave it alone");
        lines.either(
            &format!("link {name}"),
            numbers > 0,
            words,
            Stand::Look,
            "configured, and no number sends over it: District → Numbers says which account each has",
        );
    }
    Ok(())
}

/// How many shipped phrases of each language no speaker has checked.
pub fn phrases(lines: &mut Lines) {
    let catalogue = Catalogue::shipped();
    let all = catalogue.phrases();
    let drafts: Vec<String> = catalogue
        .languages()
        .filter(|tag| *tag != "en")
        .filter_map(|tag| {
            let draft = |key: &str| catalogue.status(tag, key) == Some(&Status::Draft);
            let count = all.iter().filter(|phrase| draft(&phrase.key)).count();
            (count > 0).then(|| format!("{tag} {count}"))
        })
        .collect();
    let words =
        format!("drafts no speaker checked, of {}: {}. Review → Phrases approves them for a district", all.len(), drafts.join(", "));
    lines.either("phrases", drafts.is_empty(), "a speaker checked every phrase", Stand::Look, words);
}
