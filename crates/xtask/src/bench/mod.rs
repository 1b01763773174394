//! `bench`: what the shipped program does with its shipped defaults, beside what the bare machine does at the same moment.
//!
//! Each case builds a made-up district, starts `homeword serve` of the release build, and is compared with a ceiling taken just
//! before: bare programs that know nothing of Homeword, over as many connections. A machine whose ceilings are too low was
//! busy with something else: the run is void and says so.

mod beside;
pub(crate) mod ceiling;
mod figure;
mod grow;
mod inward;
mod load;
mod mails;
mod outward;
mod process;
mod reply;
mod sink;

use anyhow::{Context, bail, ensure};
use std::path::PathBuf;
use std::process::Command;

/// Every case, in the order in which they run.
const CASES: &[&str] = &[
    "broadcast-sqlite",
    "broadcast-postgres",
    "broadcast-50ms",
    "broadcast-email",
    "inbound-64",
    "inbound-256",
    "engine-asks",
    "grow-10k",
    "grow-1m",
    "reply-behind-1m",
    "kannel",
];

/// What is asked for.
pub(crate) struct Asked {
    cases: Vec<&'static str>,
    families: u32,
    json: bool,
    program: PathBuf,
}

impl Asked {
    /// Reads `[CASE …] [--families N] [--json]`.
    fn read(words: &[&str]) -> anyhow::Result<Asked> {
        let mut asked = Asked { cases: vec![], families: 100_000, json: false, program: "target/release/homeword".into() };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match *word {
                "--json" => asked.json = true,
                "--families" => asked.families = words.next().context("--families wants a number")?.parse()?,
                name => asked.cases.push(
                    CASES
                        .iter()
                        .find(|case| **case == name)
                        .with_context(|| format!("no case is called {name}; there are {}", CASES.join(", ")))?,
                ),
            }
        }
        if asked.cases.is_empty() {
            asked.cases = CASES.to_vec();
        }
        Ok(asked)
    }
}

/// Builds the release, then goes on in the release build of this very program: a slow sink would measure itself.
pub(crate) fn bench(words: &[&str]) -> anyhow::Result<()> {
    Asked::read(words)?;
    crate::run(Command::new("cargo").args(["build", "--quiet", "--release", "--package", "gateway", "--package", "xtask"]))?;
    crate::run(Command::new("target/release/xtask").arg("bench-now").args(words))
}

/// See the module.
pub(crate) fn bench_now(words: &[&str]) -> anyhow::Result<()> {
    let asked = Asked::read(words)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let mut figures = Vec::new();
    let mut faults = Vec::new();
    let mut grown = None;
    for case in &asked.cases {
        eprintln!("bench: {case}");
        let told = match *case {
            "broadcast-sqlite" | "broadcast-postgres" | "broadcast-50ms" | "broadcast-email" | "engine-asks" => {
                outward::broadcast(&runtime, &asked, case)
            }
            "inbound-64" => inward::inbound(&runtime, &asked, case, 64),
            "inbound-256" => inward::inbound(&runtime, &asked, case, 256),
            "grow-10k" => grow::grow(&runtime, &asked, case, 10_000).map(|(figure, _)| figure),
            "grow-1m" => grow::grow(&runtime, &asked, case, 1_000_000).map(|(figure, house)| {
                grown = Some(house);
                figure
            }),
            "kannel" => beside::beside(&runtime, &asked, case),
            _ => reply::behind(&runtime, &asked, grown.take()),
        };
        match told {
            Ok(figure) => {
                if asked.json {
                    println!("{}", figure.json());
                }
                figures.push(figure);
            }
            Err(fault) => {
                eprintln!("bench: {case}: {fault:#}");
                faults.push(*case);
            }
        }
    }
    if !asked.json {
        print!("{}", figure::table(&figures));
    }
    let void: Vec<&str> = figures.iter().filter(|figure| figure.void()).map(|figure| figure.case.as_str()).collect();
    ensure!(faults.is_empty(), "no figure for {}", faults.join(", "));
    if !void.is_empty() {
        bail!("void: the machine was too busy for {}", void.join(", "));
    }
    Ok(())
}
