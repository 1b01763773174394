//! `nodes`: pages and several workers as processes of their own on one PostgreSQL. Workers are stopped in the middle of their
//! claims and sleep past the deadline, while the others go on; woken, none may settle what it no longer holds. Then a witness
//! in the database and the carrier's journal say what happened.

use crate::carrier::{Carrier, Kind};
use crate::house::{Browser, House, Process, Wanted, until};
use crate::kill::{Compared, Dice, Form, compared, number};
use crate::postgres::Cluster;
use crate::witness::{SETTINGS, Witness};
use anyhow::{Context, bail, ensure};
use std::time::{Duration, Instant};

/// Families a broadcast goes to.
const FAMILIES: u32 = 2000;
/// How often all workers but one are put to sleep.
const WAVES: u32 = 2;
/// A worker is stopped while it holds at least so many claims.
const HOLDS: i64 = 20;
/// The most milliseconds one sleeps past the last deadline it holds.
const PAST: u64 = 3000;

struct Asked {
    workers: u32,
    kind: Kind,
    json: bool,
}

fn read(words: &[&str]) -> anyhow::Result<Asked> {
    let mut asked = Asked { workers: 2, kind: Kind::Keyed, json: false };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let mut value = || words.next().copied().with_context(|| format!("{word} wants a value"));
        match *word {
            "--workers" => asked.workers = value()?.parse()?,
            "--carrier" => {
                asked.kind = match value()? {
                    "keyed" => Kind::Keyed,
                    "look-up" => Kind::LookUp,
                    other => bail!("no carrier that can be asked is called {other}"),
                }
            }
            "--json" => asked.json = true,
            other => bail!("{other} is not known"),
        }
    }
    ensure!((2..=16).contains(&asked.workers), "from 2 to 16 workers: one goes on while others sleep");
    Ok(asked)
}

/// A step of the test run: two workers and four, one kind of carrier each.
pub(crate) fn in_ci() -> anyhow::Result<()> {
    nodes(&["--workers", "2", "--carrier", "keyed"])?;
    nodes(&["--workers", "4", "--carrier", "look-up"])
}

/// See the module.
pub(crate) fn nodes(words: &[&str]) -> anyhow::Result<()> {
    let asked = read(words)?;
    crate::program()?;
    let cluster = Cluster::start(SETTINGS)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(play(&asked, &cluster.url()))
}

/// A worker and how PostgreSQL hears it call itself.
struct Worker {
    name: String,
    process: Process,
}

/// Whoever writes broadcasts.
struct Author<'a> {
    house: &'a House,
    url: &'a str,
    browser: Browser,
    audience: String,
    messages: u32,
}

impl Author<'_> {
    /// Writes another one where fewer than half a broadcast waits.
    async fn keep_busy(&mut self) -> anyhow::Result<()> {
        let waiting = "SELECT (SELECT COUNT(*) FROM delivery WHERE state = 0) + (SELECT COUNT(*) * 1000000 FROM message WHERE state = 1)";
        if number(self.house, Some(self.url), waiting)? < i64::from(FAMILIES / 2) {
            let (token, id) = self.browser.form().await?;
            let form = Form { token, id, text: format!("No. {}.", self.messages + 1) };
            self.browser.send_again(&form.token, &form.id, &self.audience, &form.fields()).await?;
            self.messages += 1;
        }
        Ok(())
    }
}

/// How the sleepers fared.
#[derive(Default)]
struct Slept {
    stops: u32,
    /// Claims that were held past their deadline by somebody asleep.
    claims: i64,
}

async fn play(asked: &Asked, url: &str) -> anyhow::Result<()> {
    let begun = Instant::now();
    let carrier = Carrier::start(asked.kind, 200).await?;
    let program = std::env::temp_dir().join(format!("homeword-nodes-{}", std::process::id()));
    // A copy: another build may put one of its own in its place.
    std::fs::copy("target/debug/homeword", &program)?;
    let house = House::build(&Wanted { program: &program, database: url, families: FAMILIES }, &carrier, asked.kind)?;
    let witness = Witness::begin(&house, url)?;
    let pages = house.pages("")?;
    let mut workers = Vec::new();
    for one in 1..=asked.workers {
        let name = format!("worker-{one}");
        workers.push(Worker { process: house.worker(&name, url, "")?, name });
    }
    let audience = format!("school:{}", house.sample["school"].as_str().unwrap_or_default());
    let browser = Browser::sign_in(&house, "principal").await?;
    let mut author = Author { house: &house, url, browser, audience, messages: 0 };
    let mut dice = Dice(u64::from(std::process::id()));
    let mut slept = Slept::default();
    for _ in 0..WAVES {
        wave(&mut workers, &witness, &mut author, &mut dice, &mut slept).await?;
    }
    until("everything is settled", Duration::from_secs(120), async || {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let open = "SELECT (SELECT COUNT(*) FROM delivery WHERE state IN (0, 1)) + (SELECT COUNT(*) FROM message WHERE state = 1)";
        Ok(number(&house, Some(url), open)? == 0)
    })
    .await?;
    for worker in &mut workers {
        ends_well(worker).await?;
    }
    let Compared { lost, duplicated, uncertain } = compared(&house, Some(url), &carrier, author.messages)?;
    let (double_claims, late_settled) = (witness.double_claims()?, witness.late_settled()?);
    let (takeovers, claimers) = (witness.takeovers()?, witness.claimers()?);
    drop(pages);
    std::fs::remove_file(&program)?;
    let told = serde_json::json!({
        "workers": asked.workers, "carrier": asked.kind.outcome(), "stops": slept.stops, "slept_over": slept.claims, "taken_over": takeovers,
        "messages": author.messages, "double_claims": double_claims, "late_settled": late_settled, "lost": lost,
        "duplicated": duplicated, "seconds": begun.elapsed().as_secs(),
    });
    if asked.json {
        println!("{told}");
    } else {
        println!("nodes: {told}");
    }
    ensure!(double_claims == 0 && late_settled == 0, "{double_claims} claimed twice, {late_settled} settled late");
    ensure!(lost == 0, "lost {lost}");
    ensure!(duplicated <= most_duplicated(asked.kind, slept.stops), "duplicated {duplicated}");
    ensure!(uncertain == 0, "{uncertain} are uncertain, though the carrier can be asked");
    ensure!(slept.claims > 0 && takeovers > 0, "nobody slept past a deadline while it held claims: the test proved nothing");
    ensure!(claimers == i64::from(asked.workers), "only {claimers} of {} workers claimed anything", asked.workers);
    Ok(())
}

/// A keyed carrier drops what leaves late. With one that is only asked, a call that was stopped between the last look at the clock
/// and the socket leaves after others were told "absent"; each thread of a worker can be in that gap with one call, no more.
fn most_duplicated(kind: Kind, stops: u32) -> usize {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    if kind == Kind::LookUp { stops as usize * threads } else { 0 }
}

/// Puts all workers but one to sleep, and wakes each at a moment after the last of the deadlines it holds.
async fn wave(
    workers: &mut [Worker],
    witness: &Witness<'_>,
    author: &mut Author<'_>,
    dice: &mut Dice,
    slept: &mut Slept,
) -> anyhow::Result<()> {
    let awake = dice.throw(workers.len() as u64) as usize;
    let mut asleep = Vec::new();
    for (index, worker) in workers.iter().enumerate().filter(|(index, _)| *index != awake) {
        let (claims, left) = stop(worker, witness, author, dice).await?;
        slept.stops += 1;
        asleep.push((Instant::now() + left, claims, index));
    }
    // The first whose claims end first.
    asleep.sort();
    author.keep_busy().await?;
    let before = witness.claims()?;
    let first = asleep.first().context("nobody sleeps")?.0;
    tokio::time::sleep_until(first.into()).await;
    ensure!(witness.claims()? > before, "while others slept, {} claimed nothing: a sleeper is in its way", workers[awake].name);
    for (over, claims, index) in asleep {
        tokio::time::sleep_until(over.into()).await;
        // Most wake while another one is asking the carrier about what was theirs: what they settle then must not count.
        let until = Instant::now() + Duration::from_millis(dice.throw(PAST));
        let early = dice.throw(3) > 0;
        while Instant::now() < until && !(early && witness.taken_from(&workers[index].name)? > 0) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        slept.claims += claims;
        workers[index].process.signal("CONT")?;
    }
    Ok(())
}

/// Stops a worker while it holds claims: how many, and how long until the last of them ends.
async fn stop(worker: &Worker, witness: &Witness<'_>, author: &mut Author<'_>, dice: &mut Dice) -> anyhow::Result<(i64, Duration)> {
    let begun = Instant::now();
    loop {
        author.keep_busy().await?;
        if witness.holds(&worker.name)?.0 >= HOLDS {
            // At any moment of a batch, not only at the one a query sees.
            tokio::time::sleep(Duration::from_millis(dice.throw(100))).await;
            worker.process.signal("STOP")?;
            // What it had asked of the database already is done by then.
            tokio::time::sleep(Duration::from_millis(50)).await;
            let (claims, left) = witness.holds(&worker.name)?;
            if claims > 0 {
                return Ok((claims, Duration::from_micros(left.max(0).unsigned_abs())));
            }
            worker.process.signal("CONT")?;
        }
        ensure!(begun.elapsed() < Duration::from_secs(30), "{} claims nothing", worker.name);
    }
}

/// Asked to end, a worker is gone within ten seconds and calls it a success.
async fn ends_well(worker: &mut Worker) -> anyhow::Result<()> {
    worker.process.signal("TERM")?;
    let begun = Instant::now();
    loop {
        if let Some(status) = worker.process.child.try_wait()? {
            ensure!(status.success(), "{} ended with {status}", worker.name);
            return Ok(());
        }
        ensure!(begun.elapsed() < Duration::from_secs(10), "{} did not end in ten seconds", worker.name);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
