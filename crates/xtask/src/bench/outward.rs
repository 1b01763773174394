//! Broadcasts: from the form's "send" to the last settled row.

use super::figure::{Ceiling, Figure};
use super::sink::Sink;
use super::{Asked, ceiling, mails, process};
use crate::house::{Browser, House, Wanted, Wiring, client, until};
use crate::postgres::Cluster;
use anyhow::{Context, ensure};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

/// Calls at once, as shipped.
const CONNECTIONS: u64 = 64;
/// Lines to the mail server at once. Shipped are four, which suits a provider's limits; a server of one's own takes more.
const MAIL_LINES: u64 = 16;
/// How long the slow carrier takes.
const SLOW: Duration = Duration::from_millis(50);
/// Below these the machine was busy with something else.
const LEAST_POSTS: f64 = 45_000.0;
const LEAST_MAILS: f64 = 30_000.0;

/// An announcement in a phrase that stands in every language.
pub(crate) const PHRASE: [(&str, &str); 4] =
    [("phrase", "bring-item"), ("argument-date", "2027-12-10"), ("argument-item", "a warm coat"), ("weight", "routine")];
/// The same in free words, which an engine has to translate.
const FREE: [(&str, &str); 2] =
    [("text", "Please bring a warm coat on Friday. We go to the park in the afternoon."), ("weight", "routine")];

/// See the module.
pub(crate) fn broadcast(runtime: &Runtime, asked: &Asked, case: &str) -> anyhow::Result<Figure> {
    let letters = case == "broadcast-email";
    let engine = case == "engine-asks";
    let pause = if case == "broadcast-50ms" { SLOW } else { Duration::ZERO };
    let sink = runtime.block_on(Sink::start(pause))?;
    let (mail_port, mail_count) = runtime.block_on(mails::start())?;
    let ceiling = match case {
        "engine-asks" => None,
        "broadcast-50ms" => Some(Ceiling { rate: CONNECTIONS as f64 / SLOW.as_secs_f64(), least: 0.0 }),
        "broadcast-email" => Some(ceiling::measured(&["mails".into(), mail_port.to_string(), MAIL_LINES.to_string()], LEAST_MAILS)?),
        _ => Some(ceiling::measured(&["posts".into(), sink.url.clone(), CONNECTIONS.to_string()], LEAST_POSTS)?),
    };
    let cluster = if case == "broadcast-postgres" { Some(Cluster::start("")?) } else { None };
    let url = cluster.as_ref().map(Cluster::url);
    let families = if case == "broadcast-50ms" { asked.families.min(20_000) } else { asked.families };
    let wanted = Wanted { program: &asked.program, database: url.as_deref().unwrap_or("sqlite"), families };
    let asks = if engine { Some(Asks::make()?) } else { None };
    let wiring = Wiring {
        account: String::new(),
        sms: format!("base_url = \"{}\"\n", sink.url),
        letters: format!("server = \"127.0.0.1:{mail_port}\"\ntls = \"none\"\nconnections = {MAIL_LINES}\n"),
        metrics: true,
        apertium: asks.as_ref().map_or("", |asks| asks.program.as_str()),
        sample: if letters { &["--channel", "email"] } else { &[] },
    };
    let house = House::furnish(&wanted, &wiring)?;
    let served = house.serve(None)?;
    let taken = || if letters { mail_count.load(Ordering::Relaxed) } else { sink.taken() };
    let before = taken();
    let fields: &[(&str, &str)] = if engine { &FREE } else { &PHRASE };
    let mut figure = Figure { case: case.to_owned(), ceiling, recipients: Some(families.into()), ..Figure::default() };
    let go = runtime.block_on(go(&house, served.child.id(), families, fields, || taken() - before))?;
    figure.rate = f64::from(families) / go.seconds;
    figure.reach = Some(go.reach);
    figure.held = Some(go.held);
    figure.cpu_us_per_op = Some(go.cpu * 1e6 / f64::from(families));
    figure.peak_rss_mb = Some(process::peak(served.child.id())?);
    figure.note = format!("{:.2} s in all, the form answered after {:.2} s", go.seconds, go.form);
    if cluster.is_none() {
        figure.note.push_str(&format!("; the disk flushes {:.0} times a second", ceiling::commits(house.folder())?));
    }
    if let Some(asks) = &asks {
        let (first, mine) = (asks.count()?, taken() - before);
        runtime.block_on(self::go(&house, served.child.id(), families, fields, || taken() - before - mine))?;
        figure.engine_asks = Some(first);
        figure.note.push_str(&format!("; the same words again: {} asks more", asks.count()? - first));
    }
    drop(served);
    Ok(figure)
}

/// One broadcast.
pub(crate) struct Gone {
    /// From "send" to the last settled row.
    pub(crate) seconds: f64,
    /// Until the form's answer.
    pub(crate) form: f64,
    /// Processor time of Homeword, in seconds.
    pub(crate) cpu: f64,
    /// Texts or letters that the other side took.
    pub(crate) reach: u64,
    /// Deliveries that wait for a person.
    pub(crate) held: u64,
}

/// Sends to everybody and waits until every delivery that may go is settled.
pub(crate) async fn go(house: &House, id: u32, families: u32, fields: &[(&str, &str)], taken: impl Fn() -> u64) -> anyhow::Result<Gone> {
    let client = client()?;
    let settled = "homeword_settled_total{state=\"accepted\"}";
    let already = house.counted(&client, settled).await?;
    let who = Browser::sign_in(house, "principal").await?;
    let (token, form) = who.form().await?;
    let audience = format!("school:{}", house.sample["school"].as_str().unwrap_or_default());
    let before = process::cpu(id)?;
    let begun = Instant::now();
    let message = who.send_again(&token, &form, &audience, fields).await?;
    let answered = begun.elapsed().as_secs_f64();
    let mut last = (0, Instant::now());
    // What waits for a reviewer does not come: the end is when nothing more came for a while, or all came.
    until("the broadcast leaves", Duration::from_secs(900), async || {
        let now = taken();
        if now != last.0 {
            last = (now, Instant::now());
        }
        Ok(now >= u64::from(families) || (now > 0 && last.1.elapsed() > Duration::from_secs(10)))
    })
    .await?;
    // Words that nobody checked come with the original: two texts of one delivery. What is settled counts deliveries.
    let mut reach = (0, Instant::now());
    until("the last row is settled", Duration::from_secs(60), async || {
        let now = house.counted(&client, settled).await? - already;
        if now != reach.0 {
            reach = (now, Instant::now());
        }
        Ok(now >= u64::from(families) || reach.1.elapsed() > Duration::from_secs(3))
    })
    .await?;
    let reach = reach.0;
    let mut seconds = begun.elapsed().as_secs_f64();
    if reach < u64::from(families) {
        seconds = last.1.duration_since(begun).as_secs_f64();
    }
    let cpu = process::cpu(id)? - before;
    ensure!(reach <= u64::from(families), "{reach} texts for {families} families");
    let held = u64::from(families) - reach;
    if held > 0 {
        let page = who.page(&format!("/message/{message}")).await?;
        ensure!(page.contains("wait"), "{held} families got nothing, and the page says nothing of waiting");
    }
    Ok(Gone { seconds, form: answered, cpu, reach, held })
}

/// A stand-in for the Apertium program that gives every text back, and counts the texts it was asked for.
struct Asks {
    program: String,
    log: String,
}

impl Asks {
    fn make() -> anyhow::Result<Asks> {
        let folder = std::env::temp_dir();
        let program = folder.join(format!("homeword-asks-{}", std::process::id())).display().to_string();
        let log = format!("{program}.log");
        let text = format!(
            "#!/usr/bin/env python3\nimport sys\nif '-l' in sys.argv:\n    print('eng-spa\\nspa-eng')\n    sys.exit()\n\
             text = b''\nwhile True:\n    one = sys.stdin.buffer.read1(65536)\n    if not one: break\n    text += one\n    \
             while b'\\0' in text:\n        first, text = text.split(b'\\0', 1)\n        if b'[#q' in first: open('{log}', 'ab').write(b'x')\n        \
             sys.stdout.buffer.write(first + b'\\0')\n        sys.stdout.buffer.flush()\n"
        );
        std::fs::write(&program, text)?;
        std::fs::write(&log, "")?;
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755))?;
        Ok(Asks { program, log })
    }

    fn count(&self) -> anyhow::Result<u64> {
        Ok(std::fs::metadata(&self.log).context("the stand-in's log")?.len())
    }
}

impl Drop for Asks {
    fn drop(&mut self) {
        // Files in the temporary folder: whoever cleans it up finds them.
        let _ = std::fs::remove_file(&self.program);
        let _ = std::fs::remove_file(&self.log);
    }
}
