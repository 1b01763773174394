//! Several processes on one database: who sends, who does not, and how pages hear of it. What needs PostgreSQL, `cargo xtask
//! nodes` plays.

mod common;

use common::{House, Stub, until};
use domain::delivery::DeliveryState;
use std::process::Command;
use std::time::{Duration, Instant};

#[tokio::test]
async fn a_worker_alone_is_refused_on_sqlite_and_told_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let (config, database) = (folder.path().join("homeword.toml"), folder.path().join("h.db"));
    std::fs::write(&config, format!("database = \"sqlite:{}\"\n", database.display())).expect("written");
    let output = Command::new(common::BINARY).arg("worker").arg("--config").arg(&config).output().expect("the program runs");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && output.stdout.is_empty());
    assert!(told.contains("PostgreSQL") && told.contains("homeword serve alone") && told.contains("homeword.toml"), "{told}");
    assert!(!database.exists(), "it is refused before anything is made");
}

/// Reads the stream until it says so often that something changed.
async fn news(stream: &mut reqwest::Response, times: usize) {
    let mut heard = 0;
    while heard < times {
        let chunk = tokio::time::timeout(Duration::from_secs(10), stream.chunk()).await.expect("nothing was heard for ten seconds");
        heard += String::from_utf8_lossy(&chunk.expect("a stream").expect("not its end")).matches("event: news").count();
    }
}

#[tokio::test]
async fn pages_alone_send_nothing_and_hear_what_another_process_sent() {
    let carrier = Stub::slow();
    carrier.let_answer();
    let house = House::new(&carrier, "").await;
    let sender = house.sender(10.0).await;
    let mut pages = house.serve_without_workers("warn");
    for address in [&pages.pages, &pages.metrics] {
        assert_eq!(pages.get(address, "/healthz/live").await, (200, "live".into()));
        assert_eq!(pages.get(address, "/healthz/ready").await, (200, "{\"ready\":true,\"not_ready\":[]}".into()));
    }
    assert!(pages.log().contains("nothing is sent"), "on SQLite nobody else will: {}", pages.log());
    let text = house.queue(sender).await;
    let begun = Instant::now();
    // Workers look twice a second.
    until("two seconds passed", 5, async || begun.elapsed() > Duration::from_secs(2)).await;
    assert_eq!((house.state(text).await, carrier.calls()), (DeliveryState::Queued, 0));

    let mut stream = pages.open_page().await;
    news(&mut stream, 1).await;
    let working = house.serve_beside("warn");
    until("it was sent by the other process", 20, async || house.state(text).await == DeliveryState::Accepted).await;
    news(&mut stream, 1).await;
    // Of its own, with the page open already and everything heard.
    let second = house.queue(sender).await;
    until("it was sent by the other process", 20, async || house.state(second).await == DeliveryState::Accepted).await;
    news(&mut stream, 1).await;
    drop(working);

    pages.ask_to_end();
    let (took, well) = pages.ended(10).await;
    assert!(well && took < Duration::from_secs(5), "after {took:?}: {}", pages.log());
}
