//! A carrier that remembers what it took: it speaks the wire format of the texts' company, drops a repeated key or can be
//! asked, as it is told to. It answers whole and at once; the line in front of it does not.

use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::routing::post;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// How it treats a repeated attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Not at all.
    Blind,
    /// Drops a repeated key.
    Keyed,
    /// Can be asked.
    LookUp,
}

impl Kind {
    /// As the configuration writes it.
    pub fn outcome(self) -> &'static str {
        match self {
            Kind::Blind => "blind",
            Kind::Keyed => "keyed",
            Kind::LookUp => "look-up",
        }
    }
}

/// See the module.
pub struct Carrier {
    /// Where it listens.
    pub address: String,
    kind: Kind,
    /// Texts it sent to a phone, by delivery.
    sent: Mutex<HashMap<i64, u32>>,
    keys: Mutex<HashMap<String, String>>,
    task: Mutex<Option<tokio::task::JoinHandle<()>>>,
}

impl Carrier {
    /// On a free port.
    pub async fn start(kind: Kind) -> Arc<Carrier> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let carrier = Arc::new(Carrier { address, kind, sent: Mutex::default(), keys: Mutex::default(), task: Mutex::default() });
        let path = "/2010-04-01/Accounts/{account}/Messages.json";
        let router = axum::Router::new().route(path, post(take).get(list)).with_state(carrier.clone());
        let task = tokio::spawn(async move { axum::serve(listener, router).await.expect("it serves") });
        *carrier.task.lock().expect("no panic holds it") = Some(task);
        carrier
    }

    /// How often each delivery was sent to its phone.
    pub fn sent(&self) -> HashMap<i64, u32> {
        self.sent.lock().expect("no panic holds it").clone()
    }

    /// Stops listening.
    pub fn stop(&self) {
        if let Some(task) = self.task.lock().expect("no panic holds it").take() {
            task.abort();
        }
    }
}

async fn take(State(carrier): State<Arc<Carrier>>, headers: HeaderMap, body: Bytes) -> (HeaderMap, String) {
    let callback = form_urlencoded::parse(&body).find(|(name, _)| name == "StatusCallback").expect("a callback").1.into_owned();
    let reference = callback.rsplit_once("ref=").expect("a reference").1.to_owned();
    let delivery: i64 = reference.split('.').nth(1).and_then(|id| id.parse().ok()).expect("a delivery");
    let key = headers.get("i-twilio-idempotency-token").and_then(|key| key.to_str().ok()).unwrap_or_default().to_owned();
    let mut keys = carrier.keys.lock().expect("no panic holds it");
    let new = format!("SM{:032}", keys.len());
    let known = if carrier.kind == Kind::Keyed { keys.get(&key).cloned() } else { None };
    let sid = known.unwrap_or_else(|| {
        *carrier.sent.lock().expect("no panic holds it").entry(delivery).or_default() += 1;
        keys.insert(if carrier.kind == Kind::Keyed { key } else { reference }, new.clone());
        new
    });
    let mut answer = HeaderMap::new();
    answer.insert("content-type", axum::http::HeaderValue::from_static("application/json"));
    (answer, format!("{{\"sid\":\"{sid}\",\"status\":\"queued\",\"num_segments\":\"1\"}}"))
}

async fn list(State(carrier): State<Arc<Carrier>>, Query(asked): Query<HashMap<String, String>>) -> String {
    let keys = carrier.keys.lock().expect("no panic holds it");
    let known = asked.get("Reference").and_then(|reference| keys.get(reference));
    serde_json::json!({ "messages": known.iter().map(|sid| serde_json::json!({ "sid": sid })).collect::<Vec<_>>() }).to_string()
}
