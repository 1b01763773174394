//! Checks that are code: `cargo xtask test` installs what the peer tests need and runs everything. Uses no workspace crate:
//! what it looks at are files and binaries.

mod bench;
mod carrier;
mod company;
mod house;
mod inbound;
mod kannel;
mod kill;
mod nats;
mod nodes;
mod peers;
mod postgres;
mod tidy;
mod witness;

use anyhow::{Context, bail};
use std::process::{Command, ExitCode};
use std::time::Instant;

/// A step's name and what it does.
type Step = (&'static str, fn() -> anyhow::Result<()>);

/// How long one of cargo's steps may take, in seconds: whatever waits for ever is a failure that has a name, not a run without an end.
const STEP: &str = "2400";

/// All packages and every feature, however little is asked for: what steps share, cargo builds once. Asked for a package alone it
/// chooses other features of its dependencies, and builds half of them anew.
const WHOLE: [&str; 3] = ["--workspace", "--features", "gateway/smpp,gateway/imap,gateway/nats,gateway/points"];

/// Cargo for the whole workspace, bounded.
pub(crate) fn whole(what: &str, more: &[&str]) -> Command {
    bounded(&[&[what], &WHOLE[..], more].concat())
}

/// The program, with every feature, as the tests have it.
pub(crate) fn program() -> anyhow::Result<()> {
    run(&mut whole("test", &["--quiet", "--no-run"]))
}

/// Cargo with these, ended with all it started after [`STEP`].
pub(crate) fn bounded(arguments: &[&str]) -> Command {
    let mut cargo = Command::new("timeout");
    cargo.args(["--kill-after=10", STEP, "cargo"]).args(arguments);
    cargo
}

fn cargo(arguments: &[&str]) -> anyhow::Result<()> {
    run(&mut bounded(arguments))
}

/// Runs a program; its failure is ours.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    let status = command.status().with_context(|| format!("starting {command:?}"))?;
    if status.success() { Ok(()) } else { bail!("{command:?} ended with {status}") }
}

/// The words of every language: what is lost, left in English, in the wrong script, or over its budget of segments.
fn locales() -> anyhow::Result<()> {
    cargo(&["test", "--package", "localization"])?;
    cargo(&["test", "--package", "messaging", "budgets"])
}

/// The link alone, then wired into the program, against npm's message center; on both databases.
fn smpp() -> anyhow::Result<()> {
    run(&mut whole("test", &["--test", "smpp", "--", "--ignored"]))?;
    let cluster = postgres::Cluster::start("-c fsync=off")?;
    run(whole("test", &["--test", "link", "--", "--ignored"]).env(postgres::VARIABLE, cluster.url()))
}

const BASE: &[Step] = &[
    ("format", || cargo(&["fmt", "--all", "--check"])),
    ("clippy", || cargo(&["clippy", "--quiet", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"])),
    ("tidy", tidy::tidy),
    // As somebody builds it who asks for nothing.
    ("plain", || cargo(&["check", "--quiet", "--package", "gateway"])),
    ("tests", || run(&mut whole("test", &[]))),
];

const PEERS: &[Step] = &[
    ("install", peers::install),
    ("postgresql", postgres::stories),
    ("kill", kill::in_ci),
    ("kill-inbound", inbound::in_ci),
    ("nodes", nodes::in_ci),
    ("nats", nats::peer),
    ("apertium", || run(&mut whole("test", &["--test", "peer_apertium", "--", "--ignored"]))),
    ("segments", peers::segments),
    ("smpp", smpp),
    ("companies", peers::companies),
    ("kannel", kannel::peer),
    ("twilio", peers::twilio),
    ("mail", peers::mail),
    ("browser", peers::browser),
];

fn main() -> ExitCode {
    match run_words() {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            // For whoever runs it; where in here it was found helps nobody.
            eprintln!("xtask: {fault:#}");
            ExitCode::FAILURE
        }
    }
}

fn run_words() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["test"] => all(&[PEERS[0]].iter().chain(BASE).chain(&PEERS[1..]).copied().collect::<Vec<_>>(), &[]),
        ["test", "--without", "peers"] => all(BASE, PEERS),
        ["tidy"] => tidy::tidy(),
        ["locales"] => locales(),
        ["kill", "--inbound", rest @ ..] => inbound::kill(rest),
        ["kill", rest @ ..] => kill::kill(rest),
        ["bench", rest @ ..] => bench::bench(rest),
        ["bench-now", rest @ ..] => bench::bench_now(rest),
        ["bench-ceiling", rest @ ..] => bench::ceiling::run(rest),
        ["kannel"] => kannel::peer(),
        ["nats"] => nats::peer(),
        ["nodes", rest @ ..] => nodes::nodes(rest),
        ["postgresql"] => postgres::stories(),
        ["segments"] => peers::segments(),
        ["companies"] => peers::companies(),
        _ => bail!(
            "usage: cargo xtask test [--without peers] | tidy | locales | postgresql | segments | companies | kannel | kill [--kills N] [--database sqlite|postgres] [--carrier keyed|look-up|blind] [--json] | nodes [--workers N] [--carrier keyed|look-up] [--json] | nats | kill --inbound [--webhooks N] [--database sqlite|postgres] [--json] | bench [CASE …] [--families N] [--json]"
        ),
    }
}

fn all(steps: &[Step], left_out: &[Step]) -> anyhow::Result<()> {
    let mut passed = 0;
    for (name, step) in steps {
        println!("==> {name}");
        let begun = Instant::now();
        if let Err(fault) = step() {
            println!("<== {name}: FAILED after {:.0} s: {fault:#}", begun.elapsed().as_secs_f64());
            println!("{passed} passed, 1 failed, {} skipped", left_out.len());
            std::process::exit(1);
        }
        println!("<== {name}: {:.0} s", begun.elapsed().as_secs_f64());
        passed += 1;
    }
    for (name, _) in left_out {
        println!("left out: {name}");
    }
    println!("{passed} passed, 0 failed, {} skipped", left_out.len());
    Ok(())
}
