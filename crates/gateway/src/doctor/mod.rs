//! `doctor`: everything an operator must know, line by line: ok, look, or fails, with what to do. It reads, writes nothing but
//! the node slot it takes as every process does, and sends nothing. No line holds a person, a number, an address or a secret.

mod district;
mod house;
mod mail;

use crate::config::Config;
use domain::Time;
use serde::Serialize;
use std::path::Path;
use std::process::ExitCode;

/// How a line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stand {
    /// Nothing to do.
    Ok,
    /// Somebody should look; the words say at what.
    Look,
    /// It does not work; the words say what to do.
    Fails,
}

/// One line.
#[derive(Debug, Serialize)]
pub struct Line {
    /// Whose; empty for the house.
    pub district: String,
    /// What it is about.
    pub about: String,
    /// See [`Stand`].
    pub stand: Stand,
    /// What is there, and what to do.
    pub words: String,
}

/// Lines of the house or of one district.
pub struct Lines {
    district: String,
    all: Vec<Line>,
}

impl Lines {
    fn of(district: &str) -> Self {
        Self { district: district.to_owned(), all: Vec::new() }
    }

    fn add(&mut self, about: &str, stand: Stand, words: impl Into<String>) {
        self.all.push(Line { district: self.district.clone(), about: about.to_owned(), stand, words: words.into() });
    }

    /// Ok with the first words, else the second.
    fn either(&mut self, about: &str, good: bool, fine: impl Into<String>, otherwise: Stand, words: impl Into<String>) {
        if good { self.add(about, Stand::Ok, fine) } else { self.add(about, otherwise, words) }
    }
}

#[derive(Serialize)]
struct Report<'a> {
    fails: bool,
    lines: &'a [Line],
}

/// `doctor`. Success where nothing fails.
pub async fn doctor(path: &Path, as_json: bool) -> anyhow::Result<ExitCode> {
    let lines = look(path).await;
    let fails = lines.iter().any(|line| line.stand == Stand::Fails);
    if as_json {
        println!("{}", serde_json::to_string(&Report { fails, lines: &lines })?);
    } else {
        let mut place = "";
        for line in &lines {
            if line.district != place {
                place = &line.district;
                println!("\n{place}");
            }
            let stand = match line.stand {
                Stand::Ok => "ok",
                Stand::Look => "look",
                Stand::Fails => "FAILS",
            };
            println!("{stand:<6} {:<18} {}", line.about, line.words);
        }
    }
    Ok(if fails { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Each step needs the one before it; the first that fails is the last.
async fn look(path: &Path) -> Vec<Line> {
    let mut lines = Lines::of("");
    let config = match crate::config::read(path) {
        Ok(config) => config,
        Err(fault) => {
            lines.add("configuration", Stand::Fails, format!("{fault:#}"));
            return lines.all;
        }
    };
    lines.add("configuration", Stand::Ok, format!("{} is readable, every setting is known", path.display()));
    if let Err(fault) = seen(&config, &mut lines).await {
        lines.add("doctor", Stand::Fails, format!("it could not look further: {fault:#}"));
    }
    lines.all
}

async fn seen(config: &Config, lines: &mut Lines) -> anyhow::Result<()> {
    let secrets = match config.secrets() {
        Ok(secrets) => secrets,
        Err(fault) => {
            lines.add("secrets", Stand::Fails, format!("{fault:#}"));
            return Ok(());
        }
    };
    lines.add("secrets", Stand::Ok, "every secret that is named can be read");
    if !house::database(config, lines).await {
        return Ok(());
    }
    let wired = crate::serve::wire(config, &secrets).await?;
    let ports = wired.flows.ports();
    let now = ports.clock.now();
    house::clock(config, ports, lines).await?;
    house::waiting(&ports.directory.backlog(now).await?, now, lines);
    house::carriers(config, lines).await;
    #[cfg(feature = "imap")]
    house::mailboxes(config, &secrets, ports, lines).await?;
    house::phrases(lines);
    let districts = ports.directory.districts().await?;
    house::links(config, ports, &districts, lines).await?;
    lines.either(
        "districts",
        !districts.is_empty(),
        format!("{}", districts.len()),
        Stand::Look,
        "none yet: homeword setup makes the first",
    );
    for district in districts {
        let mut more = Lines::of(&district.name);
        district::look(&wired.flows, &district, &mut more).await?;
        mail::look(config, &secrets, ports, &district, &mut more).await?;
        lines.all.append(&mut more.all);
    }
    Ok(())
}

/// "12 min", "3 h", "2 d": how long something waits.
fn age(now: Time, since: Time) -> String {
    let minutes = (now.0 - since.0).max(0) / 60_000_000;
    match minutes {
        0..120 => format!("{minutes} min"),
        120..2880 => format!("{} h", minutes / 60),
        _ => format!("{} d", minutes / 1440),
    }
}
