//! Beside Kannel: the same number of texts, each with a receipt, through Debian's Kannel (HTTP in, its fake message center out, its
//! file store) and through Homeword (a broadcast out, signed receipts in, SQLite FULL). Both are done when the last receipt is in.

use super::figure::{Ceiling, Figure};
use super::{Asked, load, process};
use crate::house::{Browser, House, Wanted, Wiring, until};
use crate::kannel::gateway::{Gateway, Store};
use anyhow::ensure;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;
use tokio::sync::mpsc;

/// Texts through each.
const TEXTS: u32 = 50_000;
/// Below this the machine was busy with something else.
const LEAST: f64 = 5000.0;
/// Calls at once, on either side.
const CONNECTIONS: usize = 64;
/// Connections that receipts come over: each carries one at a time, as a company's do.
const TELLERS: usize = 32;
const PATIENCE: Duration = Duration::from_secs(120);

/// See the module. What stands for the ceiling is Kannel's rate.
pub(crate) fn beside(runtime: &Runtime, asked: &Asked, case: &str) -> anyhow::Result<Figure> {
    let texts = asked.families.min(TEXTS);
    let kannel = runtime.block_on(through_kannel(texts))?;
    let center = runtime.block_on(Center::start())?;
    let wanted = Wanted { program: &asked.program, database: "sqlite", families: texts };
    let house = House::furnish(&wanted, &Wiring { sms: format!("base_url = \"{}\"\n", center.url), ..Wiring::default() })?;
    let served = house.serve(None)?;
    let before = process::cpu(served.child.id())?;
    let seconds = runtime.block_on(through_homeword(&house, &center, texts))?;
    let cpu = process::cpu(served.child.id())? - before;
    let delivered = crate::kill::number(&house, None, "SELECT COUNT(*) FROM delivery WHERE state = 3")?;
    ensure!(delivered == i64::from(texts), "{delivered} of {texts} are delivered");
    Ok(Figure {
        case: case.to_owned(),
        rate: f64::from(texts) / seconds,
        ceiling: Some(Ceiling { rate: kannel, least: LEAST }),
        cpu_us_per_op: Some(cpu * 1e6 / f64::from(texts)),
        peak_rss_mb: Some(process::peak(served.child.id())?),
        recipients: Some(texts.into()),
        reach: Some(delivered as u64),
        note: format!("{seconds:.2} s for {texts} texts and their receipts; the ceiling is Kannel's rate"),
        ..Figure::default()
    })
}

/// Texts a second through Kannel.
async fn through_kannel(texts: u32) -> anyhow::Result<f64> {
    let told = Arc::new(AtomicU64::new(0));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let told_at = listener.local_addr()?.port();
    let count = async |State(told): State<Arc<AtomicU64>>| {
        told.fetch_add(1, Ordering::Relaxed);
    };
    crate::carrier::answer(listener, axum::Router::new().route("/dlr", axum::routing::get(count)).with_state(told.clone()));
    let mut gateway = Gateway::prepare()?;
    gateway.start(&format!("http://127.0.0.1:{told_at}"), Store::File).await?;
    let _fake = gateway.fake(&["-m", "0", "1 2 text nothing"])?;
    gateway.reads("online").await?;
    let calls = (0..texts).map(|index| gateway.submit(index, &format!("http://127.0.0.1:{told_at}/dlr")));
    let calls = Arc::new(calls.collect::<Vec<_>>());
    let begun = Instant::now();
    let seen = load::post(gateway.submits_at(), CONNECTIONS, calls, 202).await?;
    ensure!(seen.refused == 0, "Kannel refused {} texts", seen.refused);
    until("Kannel's last receipt", PATIENCE, async || Ok(told.load(Ordering::Relaxed) >= u64::from(texts))).await?;
    Ok(f64::from(texts) / begun.elapsed().as_secs_f64())
}

/// Seconds from the form to the last receipt that was acknowledged.
async fn through_homeword(house: &House, center: &Center, texts: u32) -> anyhow::Result<f64> {
    center.tells(house.port());
    let principal = Browser::sign_in(house, "principal").await?;
    let (token, form) = principal.form().await?;
    let audience = format!("school:{}", house.sample["school"].as_str().unwrap_or_default());
    let begun = Instant::now();
    principal.send_again(&token, &form, &audience, &super::outward::PHRASE).await?;
    until("the last receipt", PATIENCE, async || Ok(center.told.load(Ordering::Relaxed) >= u64::from(texts))).await?;
    Ok(begun.elapsed().as_secs_f64())
}

/// A company that takes each text and tells at once that it was delivered.
struct Center {
    url: String,
    taken: AtomicU64,
    /// Receipts that were acknowledged.
    told: Arc<AtomicU64>,
    receipts: mpsc::UnboundedSender<Vec<u8>>,
    waiting: Arc<tokio::sync::Mutex<mpsc::UnboundedReceiver<Vec<u8>>>>,
}

impl Center {
    async fn start() -> anyhow::Result<Arc<Center>> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let (receipts, waiting) = mpsc::unbounded_channel();
        let center = Arc::new(Center {
            url: format!("http://{}", listener.local_addr()?),
            taken: AtomicU64::new(0),
            told: Arc::default(),
            receipts,
            waiting: Arc::new(tokio::sync::Mutex::new(waiting)),
        });
        let path = "/2010-04-01/Accounts/{account}/Messages.json";
        crate::carrier::answer(listener, axum::Router::new().route(path, axum::routing::post(take)).with_state(center.clone()));
        Ok(center)
    }

    /// Receipts go there.
    fn tells(&self, port: u16) {
        for _ in 0..TELLERS {
            let (waiting, told) = (self.waiting.clone(), self.told.clone());
            tokio::spawn(async move {
                let mut line = load::Line::open(port).await?;
                loop {
                    let Some(receipt) = waiting.lock().await.recv().await else { return anyhow::Ok(()) };
                    // One that is not acknowledged is missed at the end.
                    told.fetch_add(u64::from(line.call(&receipt, 200).await?), Ordering::Relaxed);
                }
            });
        }
    }
}

async fn take(State(center): State<Arc<Center>>, body: Bytes) -> impl IntoResponse {
    let sid = format!("SM{:032x}", center.taken.fetch_add(1, Ordering::Relaxed));
    let callback = form_urlencoded::parse(&body).find(|(name, _)| name == "StatusCallback").map(|(_, url)| url.into_owned());
    if let Some(request) = callback.as_deref().and_then(|url| receipt(url, &sid)) {
        // Nobody listens any more where the run is over.
        let _ = center.receipts.send(request);
    }
    ([(header::CONTENT_TYPE, "application/json")], format!("{{\"sid\":\"{sid}\",\"status\":\"queued\",\"num_segments\":\"1\"}}"))
}

/// A whole request that says "delivered".
fn receipt(url: &str, sid: &str) -> Option<Vec<u8>> {
    let fields = [("AccountSid", "ACbench"), ("MessageSid", sid), ("MessageStatus", "delivered")];
    let path = url.split_once("://")?.1.split_once('/')?.1;
    let signature = crate::company::signature(url, &fields);
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let head = format!("POST /{path} HTTP/1.1\r\nhost: homeword.example\r\ncontent-type: application/x-www-form-urlencoded\r\n");
    Some(format!("{head}x-twilio-signature: {signature}\r\ncontent-length: {}\r\n\r\n{body}", body.len()).into_bytes())
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_receipt_goes_where_its_text_said() {
        let request = super::receipt("https://homeword.example/hooks/sms/twilio?ref=1.2.3", "SM7").expect("a request");
        let request = String::from_utf8(request).expect("text");
        assert!(request.starts_with("POST /hooks/sms/twilio?ref=1.2.3 HTTP/1.1\r\n"), "{request}");
        assert!(request.ends_with("MessageSid=SM7&MessageStatus=delivered"), "{request}");
        assert_eq!(super::receipt("nothing", "SM7"), None);
    }
}
