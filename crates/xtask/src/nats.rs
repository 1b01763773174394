//! `nats`: two nodes and Debian's nats-server. With it the second node works at once; without it, killed or not yet begun,
//! everything goes all the same, half a second later.

use crate::carrier::{Carrier, Kind};
use crate::house::{Browser, House, Wanted, until};
use crate::kill::Form;
use crate::postgres::Cluster;
use anyhow::{Context, ensure};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Messages of one measurement.
const MESSAGES: usize = 15;
/// What "at once" means here: workers look twice a second.
const AT_ONCE: Duration = Duration::from_millis(250);

/// A nats-server on a port of its own; killed when dropped.
struct Server(Child);

impl Server {
    fn start(port: u16) -> anyhow::Result<Server> {
        let mut line = Command::new("nats-server");
        line.args(["--addr", "127.0.0.1", "--port", &port.to_string()]).stdout(Stdio::null()).stderr(Stdio::null());
        let server = Server(line.spawn().context("starting nats-server: is Debian's package installed?")?);
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that ended by itself can't be killed.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Whoever writes, and who witnesses what left.
struct Measured<'a> {
    carrier: &'a Carrier,
    browser: Browser,
    audience: String,
    messages: u64,
}

impl Measured<'_> {
    /// One message to one family: from the answer to "send" until the carrier has the text.
    async fn one(&mut self) -> anyhow::Result<Duration> {
        self.messages += 1;
        let number = self.messages;
        let (token, id) = self.browser.form().await?;
        let form = Form { token, id, text: format!("No. {number}.") };
        self.browser.send_again(&form.token, &form.id, &self.audience, &form.fields()).await?;
        let begun = Instant::now();
        let taken = || self.carrier.taken.lock().expect("no panic holds it").texts.keys().any(|(_, known)| *known == number);
        while !taken() {
            ensure!(begun.elapsed() < Duration::from_secs(20), "message {number} did not leave");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Ok(begun.elapsed())
    }

    /// The median of several.
    async fn median(&mut self) -> anyhow::Result<Duration> {
        let mut all = Vec::new();
        for _ in 0..MESSAGES {
            all.push(self.one().await?);
        }
        all.sort();
        Ok(all[MESSAGES / 2])
    }

    /// Until a message goes at once again.
    async fn quick_again(&mut self) -> anyhow::Result<()> {
        let begun = Instant::now();
        while self.one().await? > AT_ONCE {
            ensure!(begun.elapsed() < Duration::from_secs(30), "nodes did not find the server again");
        }
        Ok(())
    }
}

/// A step of the test run.
pub(crate) fn peer() -> anyhow::Result<()> {
    crate::program()?;
    // A copy: another build may put one without the feature in its place.
    let program = std::env::temp_dir().join(format!("homeword-nats-{}", std::process::id()));
    std::fs::copy("target/debug/homeword", &program)?;
    let cluster = Cluster::start("")?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let outcome = runtime.block_on(play(&program, &cluster.url()));
    std::fs::remove_file(&program)?;
    outcome
}

async fn play(program: &Path, url: &str) -> anyhow::Result<()> {
    let carrier = Carrier::start(Kind::Keyed, 0).await?;
    let house = House::build(&Wanted { program, database: url, families: 1 }, &carrier, Kind::Keyed)?;
    let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let wake = format!("[wake]\nnats = \"nats://127.0.0.1:{port}\"\n");
    // No server yet: it holds up no start.
    let begun = Instant::now();
    let _pages = house.pages(&wake)?;
    let _worker = house.worker("worker", url, &wake)?;
    ensure!(begun.elapsed() < Duration::from_secs(10), "a server that is away held up the start for {:?}", begun.elapsed());
    let audience = format!("school:{}", house.sample["school"].as_str().unwrap_or_default());
    let browser = Browser::sign_in(&house, "principal").await?;
    let mut measured = Measured { carrier: &carrier, browser, audience, messages: 0 };
    let without = measured.median().await?;

    let server = Server::start(port)?;
    measured.quick_again().await?;
    let with = measured.median().await?;

    drop(server);
    let after = measured.median().await?;
    let server = Server::start(port)?;
    measured.quick_again().await?;
    let again = measured.median().await?;
    drop(server);

    until("nothing waits", Duration::from_secs(20), async || {
        Ok(crate::kill::number(&house, Some(url), "SELECT COUNT(*) FROM delivery WHERE state IN (0, 1)")? == 0)
    })
    .await?;
    ensure!(carrier.twice() == 0, "a text left twice");
    let ms = |time: Duration| time.as_millis() as u64;
    let told = serde_json::json!({ "before": ms(without), "with": ms(with), "killed": ms(after), "again": ms(again), "messages": measured.messages });
    println!("nats, median ms until a text left: {told}");
    ensure!(with < AT_ONCE && again < AT_ONCE, "with NATS it took {with:?}, and {again:?} after it came back");
    ensure!(with * 2 < without.min(after), "NATS made no difference: {with:?} with it, {without:?} before, {after:?} after");
    Ok(())
}
