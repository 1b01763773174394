//! `/metrics`, on a listener of its own and never on the public site: what waits, what was claimed and settled, how carriers,
//! engines and webhooks fared. The only place that knows Prometheus: rooms tell [`Meter`], carriers are wrapped at the wiring
//! ([`crate::carried`]) since no flow knows a company's name. Labels are words of ours, so their number is small; none is
//! ever a district, a person, a number or an address.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::delivery::DeliveryState;
use domain::message::Lane;
use domain::people::Channel;
use domain::ports::{Backlog, Clock, Directory, Meter, Waiting};
use prometheus_client::encoding::prometheus_text;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::{Family, MetricConstructor};
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

type Labels = Vec<(&'static str, String)>;
type Counts = Family<Labels, Counter>;
type Levels = Family<Labels, Gauge>;
type Seconds = Gauge<f64, AtomicU64>;

/// Seconds of a translation: a few milliseconds from an open pipeline, up to the engine's patience.
#[derive(Clone)]
struct TranslationBuckets;

impl MetricConstructor<Histogram> for TranslationBuckets {
    fn new_metric(&self) -> Histogram {
        Histogram::new(exponential_buckets(0.005, 2.0, 13))
    }
}

/// See the module.
pub struct Metrics {
    registry: Registry,
    readable: Gauge,
    queue_depth: Levels,
    queue_oldest: Family<Labels, Seconds>,
    incoming: Gauge,
    incoming_oldest: Seconds,
    holds: Gauge,
    late_claims: Gauge,
    nodes: Gauge,
    claims: Counts,
    settled: Counts,
    carried: Counts,
    commits: Histogram,
    webhooks: Counts,
    translations: Family<Labels, Histogram, TranslationBuckets>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut all = Self {
            registry: Registry::with_prefix("homeword"),
            readable: Gauge::default(),
            queue_depth: Family::default(),
            queue_oldest: Family::default(),
            incoming: Gauge::default(),
            incoming_oldest: Seconds::default(),
            holds: Gauge::default(),
            late_claims: Gauge::default(),
            nodes: Gauge::default(),
            claims: Family::default(),
            settled: Family::default(),
            carried: Family::default(),
            commits: Histogram::new(exponential_buckets(1.0, 2.0, 10)),
            webhooks: Family::default(),
            translations: Family::new_with_constructor(TranslationBuckets),
        };
        let r = &mut all.registry;
        r.register("backlog_readable", "1 where the store said what waits; else the levels below are old", all.readable.clone());
        let most = Backlog::MOST;
        let words = format!("Deliveries that may leave now, by lane; counted up to {most} a sender and lane");
        r.register("queue_depth", words, all.queue_depth.clone());
        r.register_with_unit(
            "queue_oldest",
            "How long the oldest of them may leave already; 0 where none waits",
            Unit::Seconds,
            all.queue_oldest.clone(),
        );
        r.register("incoming_waiting", format!("Texts and letters not concluded; up to {most} a district"), all.incoming.clone());
        r.register_with_unit(
            "incoming_oldest",
            "How long the oldest of them waits; 0 where none does",
            Unit::Seconds,
            all.incoming_oldest.clone(),
        );
        r.register("holds_open", format!("Renditions that wait for a person; up to {most} a district"), all.holds.clone());
        r.register("claims_late", "Claims past their deadline, not reconciled yet", all.late_claims.clone());
        r.register("nodes", "Node slots held, of 512", all.nodes.clone());
        r.register("claims", "Rows claimed by this node", all.claims.clone());
        r.register("settled", "Attempts settled by this node, by the state their delivery moved to", all.settled.clone());
        r.register("carrier_answers", "What carriers said of attempts of this node", all.carried.clone());
        r.register("commit_rows", "Rows of waiting callers in one commit", all.commits.clone());
        r.register("webhooks", "Webhooks answered, by status; 503 asks the company to come again", all.webhooks.clone());
        r.register_with_unit("translation", "Time an engine took for one text", Unit::Seconds, all.translations.clone());
        all
    }
}

impl Meter for Metrics {
    fn claimed(&self, lane: Lane, rows: usize) {
        self.claims.get_or_create(&vec![("lane", lane.as_str().into())]).inc_by(rows as u64);
    }

    fn settled(&self, state: DeliveryState) {
        self.settled.get_or_create(&vec![("state", state.as_str().into())]).inc();
    }

    fn committed(&self, rows: usize) {
        self.commits.observe(rows as f64);
    }

    fn translated(&self, engine: &str, took: Duration, gave: bool) {
        let outcome = if gave { "words" } else { "none" };
        self.translations.get_or_create(&vec![("engine", engine.into()), ("outcome", outcome.into())]).observe(took.as_secs_f64());
    }
}

impl Metrics {
    /// A carrier's answer to one attempt.
    pub fn carried(&self, provider: &str, channel: Channel, outcome: &'static str) {
        let labels = vec![("provider", provider.into()), ("channel", channel.as_str().into()), ("outcome", outcome.into())];
        self.carried.get_or_create(&labels).inc();
    }

    /// A company's call, answered. `company` is one that is wired: never what stood in the path.
    pub fn webhook(&self, company: &str, status: u16) {
        self.webhooks.get_or_create(&vec![("company", company.into()), ("status", status.to_string())]).inc();
    }

    fn backlog(&self, backlog: &Backlog, now: domain::Time) {
        let age = |waiting: &Waiting| waiting.oldest.map_or(0.0, |since| (now.0 - since.0).max(0) as f64 / 1_000_000.0);
        for (lane, waiting) in &backlog.lanes {
            let labels = vec![("lane", lane.as_str().to_owned())];
            self.queue_depth.get_or_create(&labels).set(waiting.rows);
            self.queue_oldest.get_or_create(&labels).set(age(waiting));
        }
        self.incoming.set(backlog.incoming.rows);
        self.incoming_oldest.set(age(&backlog.incoming));
        self.holds.set(backlog.holds.rows);
        self.late_claims.set(backlog.late_claims.rows);
        self.nodes.set(backlog.nodes);
    }
}

/// Where the metrics are read.
#[derive(Clone)]
pub struct Page {
    /// The counts.
    pub metrics: Arc<Metrics>,
    /// Says what waits.
    pub directory: Arc<dyn Directory>,
    /// Now.
    pub clock: Arc<dyn Clock>,
}

/// The listener's only route.
pub fn router(page: Page) -> axum::Router {
    axum::Router::new().route("/metrics", axum::routing::get(show)).with_state(page)
}

/// Reads what waits, then says everything. A store that is away is said, and hides no count.
async fn show(State(page): State<Page>) -> Response {
    let now = page.clock.now();
    let read = tokio::time::timeout(Duration::from_secs(5), page.directory.backlog(now)).await;
    page.metrics.readable.set(i64::from(matches!(read, Ok(Ok(_)))));
    if let Ok(Ok(backlog)) = read {
        page.metrics.backlog(&backlog, now);
    }
    let mut text = String::new();
    match prometheus_text::encode(&mut text, &page.metrics.registry) {
        Ok(()) => ([(header::CONTENT_TYPE, prometheus_text::CONTENT_TYPE)], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
