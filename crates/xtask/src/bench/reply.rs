//! Replies behind a broadcast: what a teacher answers while a million texts wait, and how long until it reaches the carrier.

use super::figure::{Figure, percentile};
use super::grow::Grown;
use super::outward::PHRASE;
use super::{Asked, load, process};
use crate::house::{Browser, client, until};
use anyhow::{Context, ensure};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

/// Replies, and the families they go to: as many as one page of the inbox shows, a few replies each.
const REPLIES: u32 = 500;
const FAMILIES: u32 = 100;

/// See the module.
pub(crate) fn behind(runtime: &Runtime, asked: &Asked, grown: Option<Grown>) -> anyhow::Result<Figure> {
    let (house, sink) = match grown {
        Some(grown) => grown,
        None => super::grow::grow(runtime, asked, "grow-1m", 1_000_000)?.1,
    };
    let served = house.serve(None)?;
    runtime.block_on(async {
        let number = house.sample["number"].as_str().context("the number")?;
        // Families at home in the staff's language: what is written to them waits for no translation.
        let phones: Vec<u32> = (0..FAMILIES).map(|index| index * 12 + 11).collect();
        let calls = load::requests(&format!("{}/hooks/sms/twilio", house.site()), number, &phones);
        let seen = load::post(house.port(), 8, Arc::new(calls)).await?;
        ensure!(seen.refused == 0, "{} webhooks were refused", seen.refused);
        let principal = Browser::sign_in(&house, "principal").await?;
        let threads = threads(&principal).await?;
        let (token, form) = principal.form().await?;
        let audience = format!("school:{}", house.sample["school"].as_str().unwrap_or_default());
        principal.send_again(&token, &form, &audience, &PHRASE).await?;
        let already = sink.taken();
        until("the broadcast runs", Duration::from_secs(600), async || Ok(sink.taken() > already + 1000)).await?;
        sink.look_for_marks();
        let mut sent = Vec::new();
        for mark in 1..=REPLIES {
            let thread = &threads[mark as usize % threads.len()];
            let begun = Instant::now();
            principal.answer(thread, &format!("Thank you, mark {mark}")).await?;
            sent.push((mark, begun, Instant::now()));
        }
        let waits = house.counted(&client()?, "homeword_queue_depth{lane=\"broadcast\"}").await?;
        ensure!(waits > 0, "the broadcast was over before the last reply: nothing was proved");
        until("every reply left", Duration::from_secs(60), async || {
            Ok(sink.seen.lock().expect("no panic holds it").len() >= sent.len())
        })
        .await?;
        let seen = sink.seen.lock().expect("no panic holds it");
        let (mut after_commit, mut after_form) = (Vec::new(), Vec::new());
        for (mark, begun, answered) in &sent {
            let came = seen.get(mark).context("a mark")?;
            after_commit.push(came.saturating_duration_since(*answered).as_secs_f64() * 1000.0);
            after_form.push(came.saturating_duration_since(*begun).as_secs_f64() * 1000.0);
        }
        after_commit.sort_by(f64::total_cmp);
        after_form.sort_by(f64::total_cmp);
        Ok(Figure {
            case: "reply-behind-1m".into(),
            rate: sent.len() as f64,
            p50_ms: percentile(&after_commit, 50.0),
            p99_ms: percentile(&after_commit, 99.0),
            peak_rss_mb: Some(process::peak(served.child.id())?),
            recipients: Some(sent.len() as u64),
            reach: Some(seen.len() as u64),
            note: format!(
                "from the form's answer to the carrier's socket; from posting the form: p50 {:.1} ms, p99 {:.1} ms; {waits} broadcast rows may leave at the end",
                percentile(&after_form, 50.0).unwrap_or_default(),
                percentile(&after_form, 99.0).unwrap_or_default()
            ),
            ..Figure::default()
        })
    })
}

/// The threads the families opened, once all are there.
async fn threads(principal: &Browser) -> anyhow::Result<Vec<String>> {
    let mut all = Vec::new();
    until("the families' texts are in the inbox", Duration::from_secs(120), async || {
        tokio::time::sleep(Duration::from_millis(200)).await;
        all = principal.links("/", "/thread/").await?;
        Ok(all.len() >= FAMILIES as usize)
    })
    .await?;
    Ok(all)
}
