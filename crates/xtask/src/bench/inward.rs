//! Webhooks: signature checked, stored with a flush, then answered.

use super::figure::{Ceiling, Figure, percentile};
use super::sink::Sink;
use super::{Asked, ceiling, load, process};
use crate::house::{House, Wanted, Wiring};
use anyhow::{Context, ensure};
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Runtime;

/// Calls of one run.
const CALLS: u32 = 200_000;
/// Below this the machine was busy with something else.
const LEAST: f64 = 90_000.0;

/// See the module.
pub(crate) fn inbound(runtime: &Runtime, asked: &Asked, case: &str, connections: usize) -> anyhow::Result<Figure> {
    let sink = runtime.block_on(Sink::start(Duration::ZERO))?;
    let wanted = Wanted { program: &asked.program, database: "sqlite", families: 1000 };
    let house = House::furnish(&wanted, &Wiring { sms: format!("base_url = \"{}\"\n", sink.url), metrics: true, ..Wiring::default() })?;
    let number = house.sample["number"].as_str().context("the number")?;
    let text = |index| format!("Thank you, we read it. {index}");
    let calls = Arc::new(load::requests(&format!("{}/hooks/sms/twilio", house.site()), number, &(0..CALLS).collect::<Vec<_>>(), 1, text));
    let mut best: f64 = 0.0;
    for _ in 0..2 {
        let accepting = ceiling::Accepting::start()?;
        let seen = runtime.block_on(load::post(accepting.port, connections, calls.clone(), 200))?;
        ensure!(seen.refused == 0, "the ceiling refused {}", seen.refused);
        best = best.max(seen.rate);
    }
    let served = house.serve(None)?;
    let before = process::cpu(served.child.id())?;
    let seen = runtime.block_on(load::post(house.port(), connections, calls, 200))?;
    let cpu = process::cpu(served.child.id())? - before;
    ensure!(seen.refused == 0, "{} webhooks were refused: see {}", seen.refused, house.folder().display());
    Ok(Figure {
        case: case.to_owned(),
        rate: seen.rate,
        ceiling: Some(Ceiling { rate: best, least: LEAST }),
        p50_ms: percentile(&seen.times, 50.0),
        p99_ms: percentile(&seen.times, 99.0),
        cpu_us_per_op: Some(cpu * 1e6 / f64::from(CALLS)),
        peak_rss_mb: Some(process::peak(served.child.id())?),
        recipients: Some(CALLS.into()),
        note: format!("the disk flushes {:.0} times a second", ceiling::commits(house.folder())?),
        ..Figure::default()
    })
}
