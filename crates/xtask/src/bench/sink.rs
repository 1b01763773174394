//! A carrier that only counts: Twilio's wire format, an answer at once or after a fixed while. What a text says is read only
//! where somebody waits for it.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// See the module.
pub(crate) struct Sink {
    /// Where it listens.
    pub(crate) url: String,
    /// Texts taken.
    pub(crate) count: AtomicU64,
    /// Whether texts with a mark are looked for.
    marks: AtomicBool,
    /// When a text with each mark came.
    pub(crate) seen: Mutex<HashMap<u32, Instant>>,
    pause: Duration,
}

impl Sink {
    /// Starts it on a free port of this runtime.
    pub(crate) async fn start(pause: Duration) -> anyhow::Result<Arc<Sink>> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let sink = Arc::new(Sink {
            url: format!("http://{}", listener.local_addr()?),
            count: AtomicU64::new(0),
            marks: AtomicBool::new(false),
            seen: Mutex::default(),
            pause,
        });
        let path = "/2010-04-01/Accounts/{account}/Messages.json";
        let router = axum::Router::new().route(path, axum::routing::post(take)).with_state(sink.clone());
        crate::carrier::answer(listener, router);
        Ok(sink)
    }

    /// From now on, texts that say "mark N" are noted.
    pub(crate) fn look_for_marks(&self) {
        self.marks.store(true, Ordering::Relaxed);
    }

    /// Texts taken so far.
    pub(crate) fn taken(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }
}

async fn take(State(sink): State<Arc<Sink>>, body: Bytes) -> impl IntoResponse {
    let count = sink.count.fetch_add(1, Ordering::Relaxed);
    if sink.marks.load(Ordering::Relaxed)
        && let Some(mark) = mark(&body)
    {
        sink.seen.lock().expect("no panic holds it").entry(mark).or_insert_with(Instant::now);
    }
    if !sink.pause.is_zero() {
        tokio::time::sleep(sink.pause).await;
    }
    ([(header::CONTENT_TYPE, "application/json")], format!("{{\"sid\":\"SM{count:032x}\",\"status\":\"queued\",\"num_segments\":\"1\"}}"))
}

/// "mark 17" in a form body, where a space is a plus.
fn mark(body: &[u8]) -> Option<u32> {
    let text = std::str::from_utf8(body).ok()?;
    let digits: String = text.split("mark+").nth(1)?.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}
