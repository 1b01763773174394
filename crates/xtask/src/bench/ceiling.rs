//! What the bare machine does: programs that know nothing of Homeword. Each runs as a process of its own, as Homeword does.

use super::figure::Ceiling;
use anyhow::{Context, ensure};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Texts a POST ceiling sends.
const POSTS: u64 = 150_000;

/// This program again, for one ceiling.
fn again(words: &[String]) -> anyhow::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("bench-ceiling").args(words);
    Ok(command)
}

/// The best of two runs of a ceiling's process: whatever disturbs it only makes it slower.
pub(crate) fn measured(words: &[String], least: f64) -> anyhow::Result<Ceiling> {
    let mut best: f64 = 0.0;
    for _ in 0..2 {
        let output = again(words)?.stderr(Stdio::inherit()).output()?;
        ensure!(output.status.success(), "the ceiling {} failed", words.join(" "));
        best = best.max(String::from_utf8_lossy(&output.stdout).trim().parse()?);
    }
    Ok(Ceiling { rate: best, least })
}

/// An accepting server in a process of its own; killed when dropped.
pub(crate) struct Accepting {
    child: Child,
    /// Its port.
    pub(crate) port: u16,
}

impl Accepting {
    /// Starts it.
    pub(crate) fn start() -> anyhow::Result<Accepting> {
        let mut child = again(&["accepts".into()])?.stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("no output")?).read_line(&mut line)?;
        Ok(Accepting { child, port: line.trim().parse()? })
    }
}

impl Drop for Accepting {
    fn drop(&mut self) {
        // One that ended by itself can't be killed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `bench-ceiling posts URL CONNECTIONS | accepts | mails PORT CONNECTIONS`.
pub(crate) fn run(words: &[&str]) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    match words {
        ["posts", url, connections] => runtime.block_on(posts(url, connections.parse()?)),
        ["accepts"] => runtime.block_on(accepts()),
        ["mails", port, connections] => runtime.block_on(super::mails::pipelined(port.parse()?, connections.parse()?)),
        _ => anyhow::bail!("posts URL CONNECTIONS | accepts | mails PORT CONNECTIONS"),
    }
}

/// Bare POSTs of a text's form, the answer parsed as JSON.
async fn posts(url: &str, connections: u64) -> anyhow::Result<()> {
    let client = crate::house::client()?;
    let text = "x".repeat(110);
    let body = form_urlencoded::Serializer::new(String::new())
        .append_pair("To", "+12035550123")
        .append_pair("From", "+12035550100")
        .append_pair("Body", &text)
        .append_pair("StatusCallback", "https://homeword.example/hooks/sms/twilio?ref=7223372036854775807.7223372036854775807.1")
        .append_pair("ValidityPeriod", "14400")
        .finish();
    let next = Arc::new(AtomicU64::new(0));
    let begun = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..connections {
        let (client, body, next, url) =
            (client.clone(), body.clone(), next.clone(), format!("{url}/2010-04-01/Accounts/ACbench/Messages.json"));
        tasks.spawn(async move {
            while next.fetch_add(1, Ordering::Relaxed) < POSTS {
                let request = client.post(&url).basic_auth("ACbench", Some("0123456789abcdef0123456789abcdef"));
                let answer = request.header("content-type", "application/x-www-form-urlencoded").body(body.clone()).send().await?;
                let answer: serde_json::Value = serde_json::from_slice(&answer.bytes().await?)?;
                ensure!(answer["sid"].is_string(), "no sid");
            }
            anyhow::Ok(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    println!("{:.0}", POSTS as f64 / begun.elapsed().as_secs_f64());
    Ok(())
}

/// Takes forms into memory: counted, parsed, forgotten.
async fn accepts() -> anyhow::Result<()> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    std::io::stdout().flush()?;
    let take = |body: axum::body::Bytes| async move {
        let fields = form_urlencoded::parse(&body).count();
        ([("content-type", "text/xml")], if fields > 0 { "<Response/>" } else { "" })
    };
    let router = axum::Router::new().route("/hooks/sms/twilio", axum::routing::post(take));
    Ok(crate::carrier::answer(listener, router).await??)
}

/// Commits a second that the disk allows: one 4 KiB block overwritten and flushed each time.
pub(crate) fn commits(folder: &std::path::Path) -> anyhow::Result<f64> {
    use std::os::unix::fs::FileExt;
    let path = folder.join("flushes");
    let file = std::fs::OpenOptions::new().create(true).truncate(true).write(true).open(&path)?;
    let block = [7u8; 4096];
    let begun = Instant::now();
    let mut count = 0;
    while begun.elapsed() < Duration::from_millis(500) {
        file.write_all_at(&block, 0)?;
        file.sync_data()?;
        count += 1;
    }
    std::fs::remove_file(path)?;
    Ok(f64::from(count) / begun.elapsed().as_secs_f64())
}
