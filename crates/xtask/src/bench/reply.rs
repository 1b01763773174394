//! Replies behind a broadcast: what a teacher answers while a million texts wait, and how long until it reaches the carrier.

use super::figure::{Figure, percentile};
use super::grow::Grown;
use super::outward::PHRASE;
use super::sink::Sink;
use super::{Asked, load, process};
use crate::house::{Browser, House, Wanted, Wiring, client, until};
use anyhow::{Context, ensure};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

/// Replies, and the families they go to: as many as one page of the inbox shows, a few replies each.
const REPLIES: u32 = 500;
const FAMILIES: u32 = 100;
/// Teachers who send at the same moment: one after the other they would outlast the broadcast.
const SIDE_BY_SIDE: usize = 16;

/// See the module.
pub(crate) fn behind(runtime: &Runtime, asked: &Asked, grown: Option<Grown>) -> anyhow::Result<Figure> {
    let (house, sink) = match grown {
        Some(grown) => grown,
        None => {
            let sink = runtime.block_on(Sink::start(Duration::ZERO))?;
            let wanted = Wanted { program: &asked.program, database: "sqlite", families: 1_000_000 };
            let wiring = Wiring { sms: format!("base_url = \"{}\"\n", sink.url), metrics: true, ..Wiring::default() };
            (House::furnish(&wanted, &wiring)?, sink)
        }
    };
    let served = house.serve(None)?;
    runtime.block_on(async {
        let number = house.sample["number"].as_str().context("the number")?;
        // Families at home in the staff's language: what is written to them waits for no translation.
        let phones: Vec<u32> = (0..FAMILIES).map(|index| index * 12 + 11).collect();
        let url = format!("{}/hooks/sms/twilio", house.site());
        let before = sink.taken();
        let post = async |series: u64, text: &str| {
            let calls = load::requests(&url, number, &phones, series, |_| text.to_owned());
            let seen = load::post(house.port(), 8, Arc::new(calls), 200).await?;
            ensure!(seen.refused == 0, "{} webhooks were refused", seen.refused);
            anyhow::Ok(())
        };
        // Each family is asked whom it means, and says.
        post(2, "Thank you for the book").await?;
        until("the families are asked", Duration::from_secs(60), async || Ok(sink.taken() >= before + u64::from(FAMILIES))).await?;
        post(3, "1").await?;
        let teacher = Browser::sign_in(&house, "teacher").await?;
        let threads = threads(&teacher).await?;
        let principal = Browser::sign_in(&house, "principal").await?;
        let (token, form) = principal.form().await?;
        let audience = format!("school:{}", house.sample["school"].as_str().unwrap_or_default());
        principal.send_again(&token, &form, &audience, &PHRASE).await?;
        let already = sink.taken();
        until("the broadcast runs", Duration::from_secs(600), async || Ok(sink.taken() > already + 1000)).await?;
        sink.look_for_marks();
        let mut sent = Vec::new();
        let marks: Vec<u32> = (1..=REPLIES).collect();
        for round in marks.chunks(SIDE_BY_SIDE) {
            let (teacher, threads) = (&teacher, &threads);
            let answer = |mark: u32| async move {
                let thread = &threads[mark as usize % threads.len()];
                let begun = Instant::now();
                teacher.answer(thread, &format!("Thank you, mark {mark}")).await?;
                anyhow::Ok((mark, begun, Instant::now()))
            };
            sent.extend(futures_util::future::try_join_all(round.iter().map(|mark| answer(*mark))).await?);
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
async fn threads(teacher: &Browser) -> anyhow::Result<Vec<String>> {
    let mut all = Vec::new();
    until("the families' texts are in the inbox", Duration::from_secs(120), async || {
        tokio::time::sleep(Duration::from_millis(200)).await;
        all = teacher.links("/", "/thread/").await?;
        Ok(all.len() >= FAMILIES as usize)
    })
    .await?;
    Ok(all)
}
