//! Leases of a database that a test leads, sessions that only say whether they run, and minutes that pass at once.

use super::*;
use domain::ports::StoreFault;
use domain::{DeliveryId, DistrictId, SenderId};
use messaging::{Flow, FlowFault};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use tokio::time::{Instant, sleep};

/// The test's time: it passes when everybody waits.
struct Passing(Instant);

impl Clock for Passing {
    fn now(&self) -> Time {
        Time(1_000_000 + self.0.elapsed().as_micros() as i64)
    }
}

/// The table of leases; and how one holder's way to it is.
struct Table {
    begun: Instant,
    rows: Mutex<BTreeMap<String, (String, Time)>>,
    away: AtomicBool,
    silent: AtomicBool,
}

/// One node's way to the table.
struct Way(Arc<Table>);

#[async_trait::async_trait]
impl Leases for Way {
    async fn lease(&self, name: &str, holder: &str, now: Time, until: Time) -> Stored<bool> {
        if holder == "one" && self.0.silent.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        if holder == "one" && self.0.away.load(Ordering::SeqCst) {
            return Err(StoreFault::Away("stopped".into()));
        }
        let mut rows = self.0.rows.lock().expect("a lock");
        let free = rows.get(name).is_none_or(|(known, ends)| known == holder || *ends <= now);
        if free {
            rows.insert(name.to_owned(), (holder.to_owned(), until));
        }
        Ok(free)
    }
}

/// Runs, and says so.
#[derive(Default)]
struct Counted {
    running: Arc<AtomicUsize>,
    begun: AtomicUsize,
    sent: AtomicUsize,
}

/// Counts down also where a task is cut off.
struct Runs(Arc<AtomicUsize>);

impl Drop for Runs {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[async_trait::async_trait]
impl Carrier for Counted {
    fn abilities(&self) -> Abilities {
        Abilities { repeat: Repeat::Blind, receipts: true, longest: 0, capacity: Capacity::default(), slowest: Duration::from_secs(1) }
    }
    async fn send(&self, set: &[Outgoing]) -> Vec<SendResult> {
        self.sent.fetch_add(set.len(), Ordering::SeqCst);
        set.iter().map(|_| SendResult::Accepted(Accepted::default())).collect()
    }
    async fn find(&self, attempts: &[Attempted]) -> Vec<Found> {
        attempts.iter().map(|_| Found::Unclear).collect()
    }
}

#[async_trait::async_trait]
impl Session for Counted {
    async fn run(&self, mut stop: watch::Receiver<bool>) {
        self.begun.fetch_add(1, Ordering::SeqCst);
        self.running.fetch_add(1, Ordering::SeqCst);
        let _runs = Runs(self.running.clone());
        let _ = stop.wait_for(|stop| *stop).await;
        // Signing out takes its time.
        sleep(Duration::from_secs(7)).await;
    }
}

struct Node {
    link: Arc<Link>,
    links: Links,
    session: Arc<Counted>,
    asked: watch::Sender<u8>,
    task: tokio::task::JoinHandle<()>,
}

impl Node {
    fn start(table: &Arc<Table>, holder: &str) -> Node {
        let session = Arc::new(Counted::default());
        let link = Arc::new(Link::of("center", session.clone(), Arc::default(), Arc::new(Passing(table.begun))));
        let mut links = Links::default();
        links.add(link.clone());
        let (asked, ending) = Ending::by_hand();
        let lease = Lease { leases: Arc::new(Way(table.clone())), holder: holder.to_owned() };
        let kept = link.clone();
        let task = tokio::spawn(async move { kept.keep(lease, ending).await });
        Node { link, links, session, asked, task }
    }

    fn runs(&self) -> usize {
        self.session.running.load(Ordering::SeqCst)
    }

    async fn sent(&self) -> SendResult {
        let outgoing = Outgoing {
            district: DistrictId(1),
            delivery: DeliveryId(2),
            attempt: 8,
            sender: SenderId(3),
            from: "+1".into(),
            to: Destination::Phone("+1".into()),
            content: Content::Text("text".into()),
            useful_until: Time(0),
            begin_before: Time::NEVER,
        };
        self.link.send(&[outgoing]).await.remove(0)
    }
}

/// Seconds until it holds, looked at each tenth of a second; at no look are there two sessions.
async fn until(nodes: &[&Node], most: u64, holds: impl Fn() -> bool) -> f64 {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(most), "not in {most} s");
        sleep(Duration::from_millis(100)).await;
        assert!(nodes.iter().map(|node| node.runs()).sum::<usize>() <= 1, "two sessions at once, after {:?}", begun.elapsed());
        assert!(nodes.iter().filter(|node| node.links.may_claim("center")).count() <= 1, "both claim for it");
    }
    begun.elapsed().as_secs_f64()
}

async fn two() -> (Arc<Table>, Node, Node) {
    let table =
        Arc::new(Table { begun: Instant::now(), rows: Mutex::default(), away: AtomicBool::new(false), silent: AtomicBool::new(false) });
    let one = Node::start(&table, "one");
    until(&[&one], 1, || one.session.begun.load(Ordering::SeqCst) == 1).await;
    let two = Node::start(&table, "two");
    (table, one, two)
}

#[tokio::test(start_paused = true)]
async fn one_of_two_holds_the_link_and_gives_it_back_at_the_end() {
    let (_, one, other) = two().await;
    let begun = Instant::now();
    until(&[&one, &other], 700, || begun.elapsed() > Duration::from_secs(600)).await;
    assert_eq!((one.runs(), other.session.begun.load(Ordering::SeqCst)), (1, 0), "it stays where it is");
    assert_eq!(one.session.begun.load(Ordering::SeqCst), 1);
    assert!(one.links.may_claim("center") && !other.links.may_claim("center"));
    assert!(other.links.may_claim("twilio"), "an account that is no link is everybody's");
    assert_eq!(one.sent().await, SendResult::Accepted(Accepted::default()));
    let later = SendResult::Fault(SendFault::Throttled { after: Some(Duration::from_secs(1)) });
    assert_eq!(other.sent().await, later, "no attempt is used up");
    assert_eq!(other.session.sent.load(Ordering::SeqCst), 0);

    one.asked.send_replace(1);
    let took = until(&[&one, &other], 60, || other.runs() == 1).await;
    assert!((7.0..13.0).contains(&took), "signed out, given back, taken at the next look: {took}");
    assert!(one.task.is_finished());
}

#[tokio::test(start_paused = true)]
async fn after_a_crash_the_other_takes_over_once_the_lease_is_over() {
    let (_, one, other) = two().await;
    sleep(Duration::from_secs(60)).await;
    one.task.abort();
    let took = until(&[&one, &other], 60, || other.runs() == 1).await;
    assert!((25.0..36.0).contains(&took), "{took}");
}

#[tokio::test(start_paused = true)]
async fn whoever_cannot_renew_ends_its_session_before_another_may_begin_one() {
    for silent in [false, true] {
        let (table, one, other) = two().await;
        sleep(Duration::from_secs(60)).await;
        if silent { &table.silent } else { &table.away }.store(true, Ordering::SeqCst);
        sleep(Duration::from_secs(6)).await;
        assert_eq!(one.runs(), 1, "a moment without the database ends nothing");
        until(&[&one, &other], 60, || one.runs() == 0).await;
        assert!(!one.links.may_claim("center"));
        until(&[&one, &other], 60, || other.runs() == 1).await;
        table.away.store(false, Ordering::SeqCst);
        table.silent.store(false, Ordering::SeqCst);
        let begun = Instant::now();
        until(&[&one, &other], 200, || begun.elapsed() > Duration::from_secs(120)).await;
        assert_eq!((one.runs(), other.runs()), (0, 1), "it is not taken back");
    }
}

/// Keeps after a while, or does not.
struct Slow {
    kept: Arc<AtomicBool>,
    refuses: bool,
    takes: Duration,
}

#[async_trait::async_trait]
impl Taking for Slow {
    async fn events(&self, _: Vec<Event>, _: Time) -> Flow<()> {
        sleep(self.takes).await;
        if self.refuses {
            return Err(FlowFault::Store(StoreFault::Away("stopped".into())));
        }
        self.kept.store(true, Ordering::SeqCst);
        Ok(())
    }
    async fn letter(&self, _: &str, _: &str, _: &[u8], _: Time) -> Flow<()> {
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_heard_is_acknowledged_after_it_was_kept_and_not_else() {
    let clock: Arc<dyn Clock> = Arc::new(Passing(Instant::now()));
    let missed = || vec![Event::MissedCall { key: "k".into(), from: "+1".into(), to: "+2".into(), stage: Default::default() }];
    assert!(!Inlet::default().take("center", missed()).await, "before the door is open nothing is taken");
    let second = Duration::from_secs(1);
    for (refuses, takes, kept) in [(false, second, true), (true, second, false), (false, Duration::MAX, false)] {
        let done = Arc::new(AtomicBool::new(false));
        let inlet = Inlet::default();
        assert!(inlet.0.set((Door::Straight(Arc::new(Slow { kept: done.clone(), refuses, takes })), clock.clone())).is_ok());
        assert_eq!(inlet.take("center", missed()).await, kept);
        assert_eq!(done.load(Ordering::SeqCst), kept, "said and done are one");
    }
}
