//! A node that was stopped while its claims waited for a number: it holds up nobody longer than it holds the number itself.

use crate::way::*;
use domain::message::{Lane, Weight};
use domain::ports::Ask;
use domain::*;
use sqlx::{Connection, Executor, PgConnection};
use std::sync::mpsc;
use std::time::{Duration, Instant};
use store::Opened;

/// Claims of one node that wait for one number.
const CLAIMS: usize = 3;
/// Who sleeps in a step is given up after five seconds; who waits behind it must be gone sooner.
const SOONER: Duration = Duration::from_secs(4);
/// With the number free, another node claims within this.
const AT_ONCE: Duration = Duration::from_secs(3);
const WAITING: &str = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'SELECT body, paused, on_time FROM sender%'";

fn ask(district: DistrictId, sender: SenderId) -> Ask {
    Ask { district, sender, lane: Lane::Broadcast, now: Time(20), until: Time(60_000_000), most: 10, day: 1 }
}

/// A node of its own, on a thread and a runtime of its own. Its claims begin; told so, the whole node stands still until the sender
/// of `wakes` is gone: what the server tells it meanwhile is heard by nobody.
fn node(url: &str, ask: Ask, told: tokio::sync::oneshot::Receiver<()>, wakes: mpsc::Receiver<()>) -> std::thread::JoinHandle<()> {
    let url = url.to_owned();
    let life = async move {
        let opened = store::open(&url).await.expect("a database");
        for _ in 0..CLAIMS {
            let outbound = opened.outbound.clone();
            tokio::spawn(async move { outbound.claim(&ask).await });
        }
        told.await.expect("told to stand still");
        assert!(wakes.recv().is_err(), "nothing is ever sent");
    };
    std::thread::spawn(move || tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(life))
}

/// See the module.
pub async fn who_waits_behind_a_sleeper_and_sleeps_too_is_in_nobodys_way(opened: &Opened, url: &str) {
    let (district, contact, sender) = district(opened).await;
    let (sent, rendition) = message(Weight::Routine);
    opened.outbound.accept(district, &sent, std::slice::from_ref(&rendition), &[], &audit(10)).await.expect("accepted");
    opened.outbound.plan(district, sent.id, &slice(&delivery(&rendition, contact, sender, Weight::Routine))).await.expect("planned");

    let mut sleeper = PgConnection::connect(url).await.expect("a connection");
    let mut witness = PgConnection::connect(url).await.expect("a connection");
    sleeper.execute("BEGIN").await.expect("a step");
    let held = sqlx::query("SELECT 1 FROM sender WHERE district = $1 AND id = $2 FOR UPDATE").bind(district.0).bind(sender.0);
    held.fetch_one(&mut sleeper).await.expect("the number is held");

    let (stand_still, told) = tokio::sync::oneshot::channel();
    let (wake, wakes) = mpsc::channel();
    let node = node(url, ask(district, sender), told, wakes);
    waiting(&mut witness, CLAIMS as i64, Duration::from_secs(20)).await.expect("its claims wait");
    stand_still.send(()).expect("it stands still");
    let gone = waiting(&mut witness, 0, SOONER).await;
    sleeper.execute("ROLLBACK").await.expect("given up");

    let free = Instant::now();
    while opened.outbound.claim(&ask(district, sender)).await.expect("asked").is_empty() {
        assert!(free.elapsed() < Duration::from_secs(60), "it is never claimed");
    }
    let took = free.elapsed();
    drop(wake);
    node.join().expect("it ends");
    gone.expect("who sleeps waits no longer than who is awake would");
    assert!(took < AT_ONCE, "claimed after {took:?}: sleepers had the number first");
}

/// Waits until so many claims wait.
async fn waiting(witness: &mut PgConnection, wanted: i64, most: Duration) -> Result<(), String> {
    let begun = Instant::now();
    loop {
        let found: i64 = sqlx::query_scalar(WAITING).fetch_one(&mut *witness).await.expect("counted");
        if found == wanted {
            return Ok(());
        }
        if begun.elapsed() > most {
            return Err(format!("{found} wait, not {wanted}"));
        }
    }
}
