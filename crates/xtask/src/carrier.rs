//! A carrier that is never killed: it speaks Twilio's wire format, answers after a while, and remembers what it took. It uses
//! no room of the house, so that it witnesses what really left.

use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::routing::post;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Receipts on their way at once.
const TELLERS: usize = 32;
/// Attempts from this number on are notices that go ahead of a text.
const LEAD: u32 = 1000;

/// How it treats a repeated attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Drops a repeated key.
    Keyed,
    /// Can be asked.
    LookUp,
    /// Neither.
    Blind,
}

impl Kind {
    /// As the configuration writes it.
    pub(crate) fn outcome(self) -> &'static str {
        match self {
            Kind::Keyed => "keyed",
            Kind::LookUp => "look-up",
            Kind::Blind => "blind",
        }
    }
}

/// What it took.
#[derive(Default)]
pub(crate) struct Taken {
    /// How often a phone got a text of a message: (phone, the message's number) → times.
    pub(crate) texts: HashMap<(String, u64), u32>,
    /// Every reference it took, with its id.
    pub(crate) references: HashMap<String, String>,
    /// Where it tells what became of a text, with its id.
    pub(crate) callbacks: Vec<(String, String)>,
}

/// See the module.
pub(crate) struct Carrier {
    /// Where it listens.
    pub(crate) url: String,
    /// What it took.
    pub(crate) taken: Mutex<Taken>,
    /// Texts asked for: each gets an id of its own.
    count: AtomicI64,
    kind: Kind,
    /// Answers after up to so many milliseconds.
    slow: u64,
    seed: AtomicU64,
}

impl Carrier {
    /// Starts it on a free port.
    pub(crate) async fn start(kind: Kind, slow: u64) -> anyhow::Result<Arc<Carrier>> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let carrier = Arc::new(Carrier {
            url: format!("http://{}", listener.local_addr()?),
            taken: Mutex::default(),
            count: AtomicI64::new(0),
            kind,
            slow,
            seed: AtomicU64::new(0x9e37_79b9_7f4a_7c15),
        });
        let path = "/2010-04-01/Accounts/{account}/Messages.json";
        let router = axum::Router::new().route(path, post(take).get(list)).with_state(carrier.clone());
        answer(listener, router);
        Ok(carrier)
    }

    fn random(&self) -> u64 {
        // A step of a linear congruence: spread is all that is wanted.
        let mut next = self.seed.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
        next = (next ^ (next >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        next ^ (next >> 27)
    }

    async fn wait(&self) {
        tokio::time::sleep(Duration::from_millis(self.random() % (self.slow + 1))).await;
    }

    /// Texts that a phone got more than once.
    pub(crate) fn twice(&self) -> usize {
        self.taken.lock().expect("no panic holds it").texts.values().filter(|times| **times > 1).count()
    }

    /// Tells Homeword "delivered" of every text it took, until each is acknowledged. Gives the deliveries it told of, by the
    /// reference in the address it was given: "district.delivery.attempt". A notice that went ahead of its text tells nothing of it.
    pub(crate) async fn tell_delivered(&self) -> anyhow::Result<HashSet<String>> {
        let company = crate::company::Company::new()?;
        let callbacks = Arc::new(self.taken.lock().expect("no panic holds it").callbacks.clone());
        let next = Arc::new(AtomicUsize::new(0));
        let mut tellers = tokio::task::JoinSet::new();
        for _ in 0..TELLERS {
            let (company, callbacks, next) = (company.clone(), callbacks.clone(), next.clone());
            tellers.spawn(async move {
                while let Some((url, sid)) = callbacks.get(next.fetch_add(1, Ordering::Relaxed)) {
                    company.insist(url, &[("MessageSid", sid), ("MessageStatus", "delivered")]).await;
                }
            });
        }
        while let Some(teller) = tellers.join_next().await {
            teller?;
        }
        let delivery = |(url, _): &(String, String)| {
            let mut parts = url.rsplit_once("ref=")?.1.split('.').skip(1);
            let (delivery, attempt) = (parts.next()?, parts.next()?.parse::<u32>().ok()?);
            (attempt < LEAD).then(|| delivery.to_owned())
        };
        Ok(callbacks.iter().filter_map(delivery).collect())
    }
}

/// Answers on a listener until the program ends, each answer sent at once.
pub(crate) fn answer(listener: tokio::net::TcpListener, router: axum::Router) -> tokio::task::JoinHandle<std::io::Result<()>> {
    use axum::serve::ListenerExt;
    let listener = listener.tap_io(|socket| {
        // A socket that is gone already needs no option.
        let _ = socket.set_nodelay(true);
    });
    tokio::spawn(async move { axum::serve(listener, router).await })
}

/// The number of the message a text belongs to, as its words say: "No. 7."; 0 where they say none.
pub(crate) fn number(text: &str) -> u64 {
    text.split("No. ").nth(1).and_then(|rest| rest.split('.').next()).and_then(|text| text.parse().ok()).unwrap_or_default()
}

fn field(body: &[u8], name: &str) -> String {
    form_urlencoded::parse(body).find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
}

async fn take(State(carrier): State<Arc<Carrier>>, headers: HeaderMap, body: Bytes) -> (HeaderMap, String) {
    let mut sid = format!("SM{:x}", carrier.count.fetch_add(1, Ordering::Relaxed));
    let callback = field(&body, "StatusCallback");
    let reference = callback.rsplit_once("ref=").map_or("", |(_, reference)| reference).to_owned();
    let key = headers.get("i-twilio-idempotency-token").and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let phone = field(&body, "To");
    let text = field(&body, "Body");
    {
        let mut taken = carrier.taken.lock().expect("no panic holds it");
        let known = if carrier.kind == Kind::Keyed { taken.references.get(&key).cloned() } else { None };
        match known {
            Some(known) => sid = known,
            None => {
                *taken.texts.entry((phone, number(&text))).or_default() += 1;
                taken.callbacks.push((callback.clone(), sid.clone()));
                taken.references.insert(if carrier.kind == Kind::Keyed { key } else { reference }, sid.clone());
            }
        }
    }
    // It took the text first: whoever dies now does not know.
    carrier.wait().await;
    let mut answer = HeaderMap::new();
    answer.insert("content-type", axum::http::HeaderValue::from_static("application/json"));
    (answer, format!("{{\"sid\":\"{sid}\",\"status\":\"queued\",\"num_segments\":\"1\"}}"))
}

async fn list(State(carrier): State<Arc<Carrier>>, Query(asked): Query<HashMap<String, String>>) -> String {
    carrier.wait().await;
    let taken = carrier.taken.lock().expect("no panic holds it");
    let reference = asked.get("Reference").map(String::as_str).unwrap_or_default();
    match taken.references.get(reference) {
        Some(sid) => serde_json::json!({ "messages": [{ "sid": sid }] }).to_string(),
        None => serde_json::json!({ "messages": [] }).to_string(),
    }
}
