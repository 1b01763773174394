//! `kill`: Homeword is killed again and again during broadcasts, at random moments and at named points between every commit
//! and call, until everything is settled. Then the carrier's journal is compared with the roster: nothing lost, nothing twice.

use crate::carrier::{Carrier, Kind};
use crate::house::{Browser, House, Wanted, until};
use crate::postgres::Cluster;
use anyhow::{Context, bail, ensure};
use std::collections::HashSet;
use std::process::Command;
use std::time::{Duration, Instant};

/// Families a broadcast goes to.
const FAMILIES: u32 = 2000;
/// Steps at which it dies, and the most times it may come by before it does.
const POINTS: &[(&str, u64)] = &[
    ("accepted", 1),
    ("sliced", 3),
    ("planned", 3),
    ("claimed", 8),
    ("carried", 6),
    ("settled", 6),
    ("claimed", 3),
    ("carried", 3),
    ("settled", 3),
    ("claimed", 12),
    ("carried", 12),
    ("settled", 12),
];

/// What is asked for.
pub(crate) struct Asked {
    kills: u32,
    postgres: bool,
    kind: Kind,
    json: bool,
}

impl Asked {
    /// Reads `--kills N --database sqlite|postgres --carrier keyed|look-up|blind --json`.
    pub(crate) fn read(words: &[&str]) -> anyhow::Result<Asked> {
        let mut asked = Asked { kills: 30, postgres: false, kind: Kind::Keyed, json: false };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().copied().with_context(|| format!("{word} wants a value"));
            match *word {
                "--kills" => asked.kills = value()?.parse()?,
                "--database" => asked.postgres = value()? == "postgres",
                "--carrier" => {
                    asked.kind = match value()? {
                        "keyed" => Kind::Keyed,
                        "look-up" => Kind::LookUp,
                        "blind" => Kind::Blind,
                        other => bail!("no carrier is called {other}"),
                    }
                }
                "--json" => asked.json = true,
                other => bail!("{other} is not known"),
            }
        }
        Ok(asked)
    }
}

/// A step of the test run: thirty kills on a database with each kind of carrier in turn.
pub(crate) fn in_ci() -> anyhow::Result<()> {
    for (database, carrier) in [("sqlite", "keyed"), ("sqlite", "blind"), ("postgres", "look-up")] {
        kill(&["--kills", "30", "--database", database, "--carrier", carrier])?;
    }
    Ok(())
}

/// See the module.
pub(crate) fn kill(words: &[&str]) -> anyhow::Result<()> {
    let asked = Asked::read(words)?;
    crate::program()?;
    let cluster = if asked.postgres { Some(Cluster::start("")?) } else { None };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(play(&asked, cluster.as_ref()))
}

/// Rows of a query, through a program that reads the database from outside.
pub(crate) fn rows(house: &House, url: Option<&str>, sql: &str) -> anyhow::Result<Vec<String>> {
    let output = match url {
        Some(url) => Command::new("psql").args(["-d", url, "-At", "-F", "|", "-c", sql]).output()?,
        None => {
            let script = "import sqlite3,sys\nc=sqlite3.connect('file:'+sys.argv[1]+'?mode=ro',uri=True,timeout=20)\nfor r in c.execute(sys.argv[2]): print('|'.join(str(x) for x in r))";
            Command::new("python3").args(["-c", script, &house.folder().join("house.db").display().to_string(), sql]).output()?
        }
    };
    ensure!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect())
}

/// The only number of a query.
pub(crate) fn number(house: &House, url: Option<&str>, sql: &str) -> anyhow::Result<i64> {
    Ok(rows(house, url, sql)?.first().context("no row")?.parse()?)
}

/// Numbers that look random and are the same for the same seed.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    /// A number from 0 up to, and without, `most`.
    pub(crate) fn throw(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most.max(1)
    }
}

/// A form on its way: the same id until it is taken.
pub(crate) struct Form {
    /// Its token.
    pub(crate) token: String,
    /// The id of what it makes.
    pub(crate) id: String,
    /// "No. 7.", by which the carrier's journal is read.
    pub(crate) text: String,
}

impl Form {
    /// What its author wrote.
    pub(crate) fn fields(&self) -> [(&str, &str); 4] {
        [("phrase", "bring-item"), ("argument-date", "2026-12-10"), ("argument-item", &self.text), ("weight", "routine")]
    }
}

/// The carrier's journal against the roster and what staff see.
pub(crate) struct Compared {
    /// Texts that nobody took and no page shows as not sent.
    pub(crate) lost: u32,
    /// Texts that a phone got more than once.
    pub(crate) duplicated: usize,
    /// Deliveries of which nobody knows.
    pub(crate) uncertain: u32,
}

/// See [`Compared`]; for a house that is settled, after so many messages to everybody.
pub(crate) fn compared(house: &House, url: Option<&str>, carrier: &Carrier, messages: u32) -> anyhow::Result<Compared> {
    let told = rows(
        house,
        url,
        "SELECT c.address, m.body, d.state FROM delivery d JOIN contact c ON c.district = d.district AND c.id = d.contact JOIN message m ON m.district = d.district AND m.id = d.message",
    )?;
    let mut visible = HashSet::new();
    let mut uncertain = 0;
    for line in &told {
        let (address, rest) = line.split_once('|').context("a row")?;
        let (body, state) = rest.rsplit_once('|').context("a row")?;
        uncertain += u32::from(state == "5");
        // Uncertain, held, failed, withheld, late: staff see it.
        if ["4", "5", "6", "7", "8"].contains(&state) {
            visible.insert((address.to_owned(), crate::carrier::number(body)));
        }
    }
    let phones = rows(house, url, "SELECT address FROM contact")?;
    let taken = carrier.taken.lock().expect("no panic holds it");
    let mut lost = 0;
    for message in 1..=u64::from(messages) {
        for phone in &phones {
            let key = (phone.clone(), message);
            lost += u32::from(!taken.texts.contains_key(&key) && !visible.contains(&key));
        }
    }
    drop(taken);
    Ok(Compared { lost, duplicated: carrier.twice(), uncertain })
}

/// The carrier tells what became of every text it took: what is uncertain and was taken is delivered then, and what it never
/// took stays uncertain, for a person. Gives how many were resolved.
async fn resolved(house: &House, url: Option<&str>, carrier: &Carrier) -> anyhow::Result<usize> {
    let uncertain = rows(house, url, "SELECT id FROM delivery WHERE state = 5")?;
    let told = carrier.tell_delivered().await?;
    let (taken, never): (Vec<&String>, Vec<&String>) = uncertain.iter().partition(|id| told.contains(*id));
    let now = |state| {
        anyhow::Ok(rows(house, url, &format!("SELECT id FROM delivery WHERE state = {state}"))?.into_iter().collect::<HashSet<_>>())
    };
    let (delivered, uncertain) = (now(3)?, now(5)?);
    let resolved = taken.iter().filter(|id| delivered.contains(**id)).count();
    ensure!(resolved == taken.len(), "{} were taken and uncertain, only {resolved} are delivered after the receipts", taken.len());
    let stayed = never.iter().filter(|id| uncertain.contains(**id)).count();
    ensure!(stayed == never.len(), "{} were never taken, only {stayed} are uncertain still", never.len());
    Ok(resolved)
}

async fn play(asked: &Asked, cluster: Option<&Cluster>) -> anyhow::Result<()> {
    let begun = Instant::now();
    let carrier = Carrier::start(asked.kind, 200).await?;
    // A copy: another build may put one without the named steps in its place.
    let program = std::env::temp_dir().join(format!("homeword-kill-{}", std::process::id()));
    std::fs::copy("target/debug/homeword", &program)?;
    let url = cluster.map(Cluster::url);
    let wanted = Wanted { program: &program, database: url.as_deref().unwrap_or("sqlite"), families: FAMILIES };
    let house = House::build(&wanted, &carrier, asked.kind)?;
    let url = url.as_deref();
    let audience = format!("school:{}", house.sample["school"].as_str().unwrap_or_default());
    let mut dice = Dice(u64::from(std::process::id()));
    let mut browser = None;
    let (mut kills, mut in_flight, mut messages) = (0u32, 0u32, 0u32);
    let mut form: Option<Form> = None;
    while kills < asked.kills {
        let point = POINTS[dice.throw(POINTS.len() as u64) as usize];
        let die = (kills % 2 == 1 && browser.is_some()).then(|| format!("{}:{}", point.0, 1 + dice.throw(point.1)));
        let started = number(&house, url, "SELECT COALESCE(MAX(claimed_at), 0) FROM delivery")?;
        let mut process = house.serve(die.as_deref())?;
        let pause = Instant::now() + Duration::from_millis(250 + dice.throw(700));
        let who = match browser.take() {
            Some(who) => who,
            None => Browser::sign_in(&house, "principal").await?,
        };
        let left = number(&house, url, "SELECT COUNT(*) FROM delivery WHERE state = 0")?;
        if form.is_none()
            && left < i64::from(FAMILIES)
            && let Ok((token, id)) = who.form().await
        {
            messages += 1;
            form = Some(Form { token, id, text: format!("No. {messages}.") });
        }
        if let Some(wanted) = &form {
            // Killed in the middle, the same form is sent again: the first one stays.
            if who.send_again(&wanted.token, &wanted.id, &audience, &wanted.fields()).await.is_ok() {
                form = None;
            }
        }
        browser = Some(who);
        if die.is_some() {
            // It dies by itself where it is told to; where it does not come by, it is killed after three seconds.
            let patience = Instant::now() + Duration::from_secs(3);
            while process.child.try_wait()?.is_none() && Instant::now() < patience {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        } else {
            tokio::time::sleep_until(pause.into()).await;
        }
        drop(process);
        kills += 1;
        let open = number(&house, url, &format!("SELECT COUNT(*) FROM delivery WHERE state = 1 AND claimed_at > {started}"))?;
        in_flight += u32::from(open > 0);
    }
    // Undisturbed now, until nothing is queued, under way or being planned.
    let process = house.serve(None)?;
    if let (Some(wanted), Some(who)) = (&form, &browser) {
        who.send_again(&wanted.token, &wanted.id, &audience, &wanted.fields()).await?;
    }
    until("everything is settled", Duration::from_secs(600), async || {
        tokio::time::sleep(Duration::from_millis(500)).await;
        let open = "SELECT (SELECT COUNT(*) FROM delivery WHERE state IN (0, 1)) + (SELECT COUNT(*) FROM message WHERE state = 1)";
        Ok(number(&house, url, open)? == 0)
    })
    .await?;
    let Compared { lost, duplicated, uncertain } = compared(&house, url, &carrier, messages)?;
    let uncertain_resolved = if asked.kind == Kind::Blind { resolved(&house, url, &carrier).await? } else { 0 };
    drop(process);
    std::fs::remove_file(&program)?;
    let told = serde_json::json!({
        "database": if asked.postgres { "postgres" } else { "sqlite" }, "carrier": asked.kind.outcome(),
        "kills": kills, "in_flight": in_flight, "messages": messages, "deliveries": messages * FAMILIES, "lost": lost,
        "duplicated": duplicated, "uncertain": uncertain, "uncertain_resolved": uncertain_resolved,
        "seconds": begun.elapsed().as_secs(),
    });
    if asked.json {
        println!("{told}");
    } else {
        println!("kill: {told}");
    }
    ensure!(lost == 0 && duplicated == 0, "lost {lost}, duplicated {duplicated}");
    ensure!(asked.kind == Kind::Blind || uncertain == 0, "{uncertain} are uncertain, though the carrier can be asked");
    ensure!(in_flight * 100 >= kills * 80, "only {in_flight} of {kills} kills met an open attempt: the test proved too little");
    Ok(())
}
