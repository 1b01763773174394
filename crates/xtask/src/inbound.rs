//! `kill --inbound`: families' texts come in over many connections, some twice, some out of order, while Homeword is killed and
//! its database goes away and comes back. Then the table of incoming is compared with what was acknowledged: nothing lost,
//! nothing twice. What was not acknowledged is posted again, as a company does.

use crate::carrier::{Carrier, Kind};
use crate::company::Company;
use crate::house::{House, Wanted, until};
use crate::kill::{Dice, rows};
use crate::postgres::Cluster;
use anyhow::{Context, bail, ensure};
use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// Families that write.
const FAMILIES: u32 = 200;
/// Posts under way at once.
const CONNECTIONS: usize = 32;
/// A database that is locked is away for longer than Homeword waits for it (`gateway::intake`: eight seconds).
const LOCKED: Duration = Duration::from_secs(9);

/// What is done to it, one act in each portion of the texts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Act {
    /// Homeword is killed and starts again.
    Kill,
    /// The database goes away and comes back.
    Outage,
    /// The same, and Homeword is killed in the middle, with texts in its spool.
    Both,
}
use Act::{Both, Kill, Outage};

const LONG: &[Act] = &[Kill, Outage, Kill, Both, Kill, Kill, Both, Kill];
const SHORT: &[Act] = &[Kill, Kill, Both, Kill, Kill];

/// A step of the test run: a shorter one on each database.
pub(crate) fn in_ci() -> anyhow::Result<()> {
    for database in ["sqlite", "postgres"] {
        kill(&["--webhooks", "4000", "--database", database])?;
    }
    Ok(())
}

/// See the module. Reads `--webhooks N --database sqlite|postgres --json`.
pub(crate) fn kill(words: &[&str]) -> anyhow::Result<()> {
    let (mut webhooks, mut postgres, mut json) = (20_000, false, false);
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let mut value = || words.next().copied().with_context(|| format!("{word} wants a value"));
        match *word {
            "--webhooks" => webhooks = value()?.parse()?,
            "--database" => postgres = value()? == "postgres",
            "--json" => json = true,
            other => bail!("{other} is not known"),
        }
    }
    crate::program()?;
    let cluster = if postgres { Some(Cluster::start("")?) } else { None };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(play(webhooks, cluster.as_ref(), json))
}

/// The posts in order, by the text's number: of every five one is a repeat, of every ten three come out of order.
fn order(webhooks: usize, dice: &mut Dice) -> Vec<usize> {
    let texts = webhooks - webhooks / 5;
    let mut posts: Vec<usize> = (0..texts).collect();
    for _ in texts..webhooks {
        let at = dice.throw(posts.len() as u64) as usize;
        let again = (at + dice.throw(200) as usize).min(posts.len());
        posts.insert(again, posts[at]);
    }
    for at in 0..webhooks {
        // A swap moves two: fifteen of a hundred are thirty of a hundred moved.
        if dice.throw(100) < 15 {
            posts.swap(at, (at + 1 + dice.throw(50) as usize).min(webhooks - 1));
        }
    }
    posts
}

/// What the posters share.
struct Post {
    company: Company,
    site: String,
    order: Vec<usize>,
    next: AtomicUsize,
    /// How far they may go.
    limit: watch::Sender<usize>,
    /// The database is away for certain.
    away: AtomicBool,
    acknowledged: AtomicUsize,
    spooled: AtomicUsize,
    refused: AtomicUsize,
    /// Texts of which one post at least was acknowledged.
    texts: Mutex<Vec<bool>>,
}

impl Post {
    fn done(&self) -> usize {
        self.acknowledged.load(Ordering::SeqCst)
    }

    /// One poster: the next in order, until there is none.
    async fn work(self: Arc<Post>) -> anyhow::Result<()> {
        let mut limit = self.limit.subscribe();
        let url = format!("{}/hooks/sms/twilio", self.site);
        loop {
            let at = self.next.fetch_add(1, Ordering::SeqCst);
            let Some(text) = self.order.get(at).copied() else { return Ok(()) };
            limit.wait_for(|limit| at < *limit).await?;
            let (sid, body) = (format!("SM{text:032x}"), words(text));
            let from = format!("+1475200{:04}", text % FAMILIES as usize);
            let fields = [("MessageSid", sid.as_str()), ("From", &from), ("To", "+12035550100"), ("Body", &body), ("NumMedia", "0")];
            loop {
                let away = self.away.load(Ordering::SeqCst);
                if self.company.post(&url, &fields).await {
                    // Posted and acknowledged while there was no database: it can only be in the spool.
                    if away && self.away.load(Ordering::SeqCst) {
                        self.spooled.fetch_add(1, Ordering::SeqCst);
                    }
                    break;
                }
                self.refused.fetch_add(1, Ordering::SeqCst);
                tokio::time::sleep(crate::company::AGAIN).await;
            }
            self.texts.lock().expect("no panic holds it")[text] = true;
            self.acknowledged.fetch_add(1, Ordering::SeqCst);
        }
    }

    async fn reach(&self, what: &str, count: usize) -> anyhow::Result<()> {
        until(what, Duration::from_secs(60), async || Ok(self.done() >= count)).await
    }
}

/// What a family writes: its number is the text's.
fn words(text: usize) -> String {
    format!("No. {text}. Hoy llegamos un poco tarde.")
}

/// The database of the run, while it is away.
enum Away<'a> {
    Stopped(&'a Cluster),
    Locked(Child, Instant),
}

impl Away<'_> {
    fn begin<'a>(house: &House, cluster: Option<&'a Cluster>) -> anyhow::Result<Away<'a>> {
        if let Some(cluster) = cluster {
            cluster.cut()?;
            return Ok(Away::Stopped(cluster));
        }
        let script = "import sqlite3,sys\nc=sqlite3.connect(sys.argv[1],timeout=30,isolation_level=None)\nc.execute('BEGIN IMMEDIATE')\nprint('held',flush=True)\nsys.stdin.read()\nc.execute('ROLLBACK')";
        let mut command = Command::new("python3");
        command.args(["-c", script]).arg(house.folder().join("house.db")).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().context("starting python3")?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("no output")?).read_line(&mut line)?;
        ensure!(line == "held\n", "nobody could lock the database");
        Ok(Away::Locked(child, Instant::now() + LOCKED))
    }

    async fn end(self) -> anyhow::Result<()> {
        match self {
            Away::Stopped(cluster) => cluster.begin()?,
            Away::Locked(mut child, until) => {
                tokio::time::sleep_until(until.into()).await;
                drop(child.stdin.take());
                ensure!(child.wait()?.success(), "the lock was not given back");
            }
        }
        Ok(())
    }
}

async fn play(webhooks: usize, cluster: Option<&Cluster>, json: bool) -> anyhow::Result<()> {
    let begun = Instant::now();
    let carrier = Carrier::start(Kind::Keyed, 20).await?;
    let program = std::env::temp_dir().join(format!("homeword-inbound-{}", std::process::id()));
    std::fs::copy("target/debug/homeword", &program)?;
    let url = cluster.map(Cluster::url);
    let wanted = Wanted { program: &program, database: url.as_deref().unwrap_or("sqlite"), families: FAMILIES };
    let house = House::build(&wanted, &carrier, Kind::Keyed)?;
    let mut dice = Dice(u64::from(std::process::id()));
    let order = order(webhooks, &mut dice);
    let acts = if webhooks < 10_000 { SHORT } else { LONG };
    let post = Arc::new(Post {
        company: Company::new()?,
        site: house.site(),
        next: AtomicUsize::new(0),
        limit: watch::Sender::new(0),
        away: AtomicBool::new(false),
        acknowledged: AtomicUsize::new(0),
        spooled: AtomicUsize::new(0),
        refused: AtomicUsize::new(0),
        texts: Mutex::new(vec![false; webhooks - webhooks / 5]),
        order,
    });
    let mut posters = tokio::task::JoinSet::new();
    for _ in 0..CONNECTIONS {
        posters.spawn(post.clone().work());
    }
    let mut process = Some(house.serve(None)?);
    let (mut kills, mut outages) = (0, 0);
    for (index, act) in acts.iter().enumerate() {
        let portion = webhooks / acts.len();
        let from = index * portion;
        // In the middle of its portion: the posters are not waiting for anybody.
        post.limit.send_replace(if index + 1 == acts.len() { webhooks } else { from + portion });
        post.reach("texts are taken", from + portion / 10 + dice.throw(portion as u64 / 4) as usize).await?;
        if *act == Kill {
            process = None;
            kills += 1;
        } else {
            outages += 1;
            let away = Away::begin(&house, cluster)?;
            post.away.store(true, Ordering::SeqCst);
            // While the lock was taken the posters may have come to the end of their portion: they go on, else nobody writes now.
            let more = (post.done() + portion / 8).min(webhooks);
            post.limit.send_modify(|limit| *limit = (*limit).max(more + CONNECTIONS));
            post.reach("texts are taken while the database is away", more).await?;
            if *act == Both {
                process = None;
                kills += 1;
            } else {
                post.reach("everything of the portion is taken while the database is away", from + portion).await?;
            }
            post.away.store(false, Ordering::SeqCst);
            away.end().await?;
        }
        if process.is_none() {
            process = Some(house.serve(None)?);
        }
    }
    while let Some(poster) = posters.join_next().await {
        poster??;
    }
    let spool = |name: &str| std::fs::metadata(house.folder().join("spool").join(name)).map(|file| file.len());
    until("the spool is taken in", Duration::from_secs(120), async || Ok(spool("waiting.spool")? == 0)).await?;
    drop(process);
    ensure!(spool("aside.spool")? == 0, "something of the spool was set aside");
    let text = if cluster.is_some() { "convert_from(raw, 'UTF8')" } else { "CAST(raw AS TEXT)" };
    // By its words, not by the key that keeps repeats out.
    let stored = rows(&house, url.as_deref(), &format!("SELECT {text}, COUNT(*) FROM incoming GROUP BY raw"))?;
    let mut times = HashMap::new();
    for line in &stored {
        let (text, count) = line.rsplit_once('|').context("a row")?;
        times.insert(text.to_owned(), count.parse::<usize>()?);
    }
    let acknowledged = std::mem::take(&mut *post.texts.lock().expect("no panic holds it"));
    let lost = (0..acknowledged.len()).filter(|text| acknowledged[*text] && !times.contains_key(&words(*text))).count();
    let duplicated = times.values().filter(|count| **count > 1).count();
    std::fs::remove_file(&program)?;
    let spooled = post.spooled.load(Ordering::SeqCst);
    let told = serde_json::json!({
        "database": if cluster.is_some() { "postgres" } else { "sqlite" }, "webhooks": webhooks, "acknowledged": post.done(),
        "posted_again": post.refused.load(Ordering::SeqCst), "texts": acknowledged.len(), "kills": kills, "outages": outages,
        "spooled": spooled, "lost": lost, "duplicated": duplicated, "seconds": begun.elapsed().as_secs(),
    });
    if json {
        println!("{told}");
    } else {
        println!("kill --inbound: {told}");
    }
    ensure!(lost == 0 && duplicated == 0, "lost {lost}, duplicated {duplicated}");
    ensure!(times.len() == acknowledged.len(), "{} texts are stored, {} were sent", times.len(), acknowledged.len());
    ensure!(spooled > 0, "no text came while the database was away: the test proved too little");
    Ok(())
}
