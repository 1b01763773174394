//! Growth: what a recipient costs in a small and in a big broadcast, and what a queued delivery takes on the disk.

use super::figure::Figure;
use super::outward::{PHRASE, go};
use super::sink::Sink;
use super::{Asked, process};
use crate::house::{Browser, House, Wanted, Wiring, until};
use crate::kill::number;
use anyhow::ensure;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Runtime;

/// A house that stays, for the next case.
pub(crate) type Grown = (House, Arc<Sink>);

/// See the module.
pub(crate) fn grow(runtime: &Runtime, asked: &Asked, case: &str, families: u32) -> anyhow::Result<(Figure, Grown)> {
    let sink = runtime.block_on(Sink::start(Duration::ZERO))?;
    let wanted = Wanted { program: &asked.program, database: "sqlite", families };
    let house = House::furnish(&wanted, &Wiring { sms: format!("base_url = \"{}\"\n", sink.url), metrics: true, ..Wiring::default() })?;
    // Queued for a later day first, so that only the queue grows.
    let small = size(&house)?;
    let served = house.serve(None)?;
    runtime.block_on(queue(&house, families))?;
    drop(served);
    let large = size(&house)?;
    let served = house.serve(None)?;
    let before = sink.taken();
    let gone = runtime.block_on(go(&house, served.child.id(), families, &PHRASE, || sink.taken() - before))?;
    let figure = Figure {
        case: case.to_owned(),
        rate: f64::from(families) / gone.seconds,
        cpu_us_per_op: Some(gone.cpu * 1e6 / f64::from(families)),
        peak_rss_mb: Some(process::peak(served.child.id())?),
        recipients: Some(families.into()),
        reach: Some(gone.reach),
        held: Some(gone.held),
        bytes_per_delivery: Some((large - small) as f64 / f64::from(families)),
        note: format!("{:.2} µs a recipient in all, {:.2} s", gone.seconds * 1e6 / f64::from(families), gone.seconds),
        ..Figure::default()
    };
    Ok((figure, (house, sink)))
}

/// A broadcast of the day after next, planned to its last delivery.
async fn queue(house: &House, families: u32) -> anyhow::Result<()> {
    let who = Browser::sign_in(house, "principal").await?;
    let (token, form) = who.form().await?;
    let audience = format!("school:{}", house.sample["school"].as_str().unwrap_or_default());
    let mut fields = PHRASE.to_vec();
    fields.extend([("send_at", "2027-12-08T10:00"), ("useful_until", "2027-12-10T10:00")]);
    who.send_again(&token, &form, &audience, &fields).await?;
    until("all is planned", Duration::from_secs(900), async || {
        tokio::time::sleep(Duration::from_millis(300)).await;
        Ok(number(house, None, "SELECT COUNT(*) FROM message WHERE state = 2")? == 1)
    })
    .await?;
    ensure!(number(house, None, "SELECT COUNT(*) FROM delivery")? == i64::from(families), "not everybody was planned");
    Ok(())
}

/// Bytes in use, the log's included.
fn size(house: &House) -> anyhow::Result<i64> {
    let used =
        "SELECT (p.page_count - f.freelist_count) * s.page_size FROM pragma_page_count p, pragma_freelist_count f, pragma_page_size s";
    number(house, None, used)
}
