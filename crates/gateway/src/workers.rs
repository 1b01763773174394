//! Workers: they wake on every change and at least twice a second, and do what is due, heavier lanes first. Batches of one
//! sender overlap, so that the carrier is never waited for with idle hands; each sender has its own share, so that a slow mail
//! server holds up no text and one school's broadcast no other school's.

use crate::ending::Ending;
use crate::intake::Intake;
use crate::links::Links;
use crate::serve::Wired;
use domain::message::Lane;
use domain::people::Channel;
use domain::ports::{Clock, Due, StoreFault, Stored};
use domain::{SenderId, Time};
use messaging::{Flow, FlowFault, Flows};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinSet;

/// The fewest and the most rows a claim asks for; the sender's rate may let fewer go.
const BATCH: (i64, i64) = (64, 1000);
/// A claim asks for what leaves in about so many seconds: what is claimed when a process dies waits for its deadline.
const AHEAD: f64 = 0.1;
/// Batches of one sender and lane under way at once: one is claimed, one is carried, one is settled.
const OVERLAP: usize = 3;
/// Senders and lanes looked at at once.
const LINES: i64 = 256;
/// The longest a step of a district may take: as long as what it took up is held.
const STEP: Duration = Duration::from_secs(120);
/// How often it is looked for pictures to fetch.
const LOOK: Duration = Duration::from_secs(1);
/// How long a sender rests that had something due and might not speak, in milliseconds.
const REST: i64 = 100;

/// Changes that come closer together are looked at together: families' texts come by the thousand.
const SPACE: Duration = Duration::from_millis(5);
/// How long nothing is sent after the database was away, in seconds, where other processes have spools: a STOP that waited in one
/// is taken in first, unless that takes longer.
const OTHERS: i64 = 5;

/// Where what families wrote may wait for the database.
pub struct Spools {
    /// This process's: nothing is sent before what waits there.
    pub own: Option<Intake>,
    /// Whether other processes may have one.
    pub elsewhere: bool,
}

/// Runs until the end is asked for: then nothing is begun, and what is under way finishes and settles.
pub fn work(wired: &Wired, spools: Spools, ending: Ending) -> impl Future<Output = ()> + Send + use<> {
    let (flows, clock, wake) = (wired.flows.clone(), wired.clock.clone(), wired.wake.clone());
    work_on(flows, clock, wake, wired.links.clone(), spools, ending)
}

async fn work_on(flows: Flows, clock: Arc<dyn Clock>, wake: Arc<Notify>, links: Links, spools: Spools, ending: Ending) {
    let mut sending = Sending {
        flows: flows.clone(),
        clock: clock.clone(),
        links,
        ending: ending.clone(),
        lines: BTreeMap::new(),
        under_way: JoinSet::new(),
        elsewhere: spools.elsewhere,
        rests_until: Time(0),
    };
    // Companies' storage may be slow: what is fetched holds up nothing else, and what the end cuts off is fetched again.
    let mut fetching = JoinSet::new();
    fetching.spawn(fetch(flows.clone(), clock.clone()));
    let mut tending = JoinSet::new();
    // Something happened since it was last looked what else is due.
    let mut look = true;
    while !ending.begun() {
        let waited = match &spools.own {
            Some(intake) => tokio::select! {
                waited = intake.caught_up() => waited,
                () = ending.wait() => break,
            },
            None => false,
        };
        if waited {
            // A STOP that waited in the spool acts before anything more is sent.
            while tidy(&flows, clock.as_ref(), &ending).await > 0 {}
        }
        let waiting = sending.begin().await;
        let looked = tokio::time::Instant::now();
        if look && tending.is_empty() {
            look = false;
            let (flows, clock, ending) = (flows.clone(), clock.clone(), ending.clone());
            tending.spawn(async move { tidy(&flows, clock.as_ref(), &ending).await });
        }
        tokio::select! {
            () = rung(&wake, looked + SPACE) => look = true,
            () = sending.one_ended() => {}
            // More may be left: at once again.
            Some(done) = tending.join_next() => look |= done.is_ok_and(|done| done > 0),
            () = tokio::time::sleep(Duration::from_millis(if waiting { REST as u64 } else { 500 })) => look = true,
            () = ending.wait() => {}
        }
    }
    while sending.under_way.join_next().await.is_some() {}
    while tending.join_next().await.is_some() {}
}

/// Waits until something changed, and at least until `then`.
async fn rung(wake: &Notify, then: tokio::time::Instant) {
    tokio::time::sleep_until(then).await;
    wake.notified().await;
}

/// What one batch came to: whose it was, how many were claimed, how long it took.
type Ended = (SenderId, Lane, usize, Duration);

/// One sender's lane: batches under way, how many rows the next one asks for, and not before when.
struct Line {
    under_way: usize,
    asks: i64,
    rests_until: Time,
}

impl Default for Line {
    fn default() -> Self {
        Self { under_way: 0, asks: BATCH.0, rests_until: Time(0) }
    }
}

/// Batches under way.
struct Sending {
    flows: Flows,
    clock: Arc<dyn Clock>,
    links: Links,
    ending: Ending,
    lines: BTreeMap<(SenderId, Lane), Line>,
    under_way: JoinSet<Ended>,
    /// Whether other processes have spools.
    elsewhere: bool,
    /// Nothing is begun before: the database was away.
    rests_until: Time,
}

impl Sending {
    /// Begins what is due. True: something is due that rests.
    async fn begin(&mut self) -> bool {
        let now = self.clock.now();
        let due = match self.due(now).await {
            Ok(due) => due,
            Err(fault) => {
                tracing::error!(%fault, "the store does not say what is due");
                self.was_away();
                return false;
            }
        };
        if now < self.rests_until {
            return true;
        }
        let mut waiting = false;
        for due in due {
            let line = self.lines.entry((due.sender, due.lane)).or_default();
            if line.under_way >= OVERLAP {
                continue;
            }
            if now < line.rests_until {
                waiting = true;
                continue;
            }
            // One that is in full flow has all its batches under way at once; any other begins with one.
            let more = if line.asks > BATCH.0 { OVERLAP - line.under_way } else { 1 };
            for _ in 0..more {
                line.under_way += 1;
                let (flows, asks, ending) = (self.flows.clone(), line.asks, self.ending.clone());
                let due = due.clone();
                self.under_way.spawn(async move {
                    if ending.begun() {
                        return (due.sender, due.lane, 0, Duration::ZERO);
                    }
                    let begun = std::time::Instant::now();
                    let (sender, lane) = (due.sender, due.lane);
                    (sender, lane, batch(&flows, due, asks).await, begun.elapsed())
                });
            }
        }
        waiting
    }

    /// Senders and lanes with rows due that this process may claim. Those that wait for a link of another do not stand in the way.
    async fn due(&self, now: Time) -> Stored<Vec<Due>> {
        let ports = self.flows.ports();
        let mut most = LINES;
        loop {
            let all = ports.directory.due(now, most).await?;
            let whole = (all.len() as i64) < most;
            let ours = |due: &Due| {
                let account = ports.carriers.account(due.channel, &due.account).unwrap_or(&due.account);
                due.channel != Channel::Sms || self.links.may_claim(account)
            };
            let mine: Vec<Due> = all.into_iter().filter(ours).collect();
            if whole || self.links.none() || mine.len() as i64 >= LINES / 2 {
                return Ok(mine);
            }
            most *= 4;
        }
    }

    fn was_away(&mut self) {
        if self.elsewhere {
            self.rests_until = self.clock.now().plus_seconds(OTHERS);
        }
    }

    /// Waits for the end of one batch; for ever where none is under way.
    async fn one_ended(&mut self) {
        match self.under_way.join_next().await {
            Some(Ok((sender, lane, count, took))) => {
                let line = self.lines.entry((sender, lane)).or_default();
                line.under_way = line.under_way.saturating_sub(1);
                if count == 0 {
                    // Nothing to claim behind a batch that took the last rows is no reason to rest.
                    if line.under_way == 0 {
                        line.rests_until = Time(self.clock.now().0 + REST * 1000);
                    }
                } else {
                    let leaves = count as f64 / took.as_secs_f64().max(0.001) * OVERLAP as f64;
                    line.asks = ((leaves * AHEAD) as i64).clamp(BATCH.0, BATCH.1);
                }
            }
            Some(Err(_)) => {
                // A batch that panicked does not say whose it was: every line may begin again.
                tracing::error!("a sending task failed");
                self.lines.clear();
            }
            None => std::future::pending().await,
        }
    }
}

/// A batch that takes much longer than its carrier's slowest call hangs: its claims are over, and reconciled.
async fn batch(flows: &Flows, due: Due, most: i64) -> usize {
    let slowest = flows.ports().carriers.get(due.channel, &due.account).map_or(STEP, |carrier| carrier.abilities().slowest);
    let hangs = |_| Err(FlowFault::Store(StoreFault::Away("sending took too long".into())));
    let (district, sender) = (due.district, due.sender);
    tokio::time::timeout(slowest + STEP, flows.deliver(due, most)).await.unwrap_or_else(hangs).unwrap_or_else(|fault| {
        tracing::error!(%fault, %district, %sender, "sending failed");
        0
    })
}

/// A step that hangs is given up: what it held is taken up again, by whoever runs then.
async fn within(step: impl Future<Output = Flow<usize>>) -> Flow<usize> {
    let hangs = |_| Err(FlowFault::Store(StoreFault::Away("it took too long".into())));
    tokio::time::timeout(STEP, step).await.unwrap_or_else(hangs)
}

/// Fetches what came with texts, until it is dropped.
async fn fetch(flows: Flows, clock: Arc<dyn Clock>) {
    loop {
        tokio::time::sleep(LOOK).await;
        let districts = match flows.ports().attachments.fetching(clock.now()).await {
            Ok(districts) => districts,
            Err(fault) => {
                tracing::error!(%fault, "the store does not say what is to be fetched");
                continue;
            }
        };
        for district in districts {
            if let Err(fault) = flows.fetch(district).await {
                tracing::error!(%fault, %district, "fetching failed; it is tried again");
            }
        }
    }
}

/// Expansions, incoming, claims past their deadline, clocks.
async fn tidy(flows: &Flows, clock: &dyn Clock, ending: &Ending) -> usize {
    let busy = match flows.ports().directory.busy(clock.now()).await {
        Ok(busy) => busy,
        Err(fault) => {
            tracing::error!(%fault, "the store does not say who is busy");
            return 0;
        }
    };
    let mut done = 0;
    for district in busy {
        if ending.begun() {
            return 0;
        }
        let steps = [
            ("expand", within(flows.expand(district)).await),
            ("receive", within(flows.receive(district)).await),
            ("reconcile", flows.reconcile(district).await),
            ("tend", within(flows.tend(district)).await),
            ("restored", flows.ask_restored(district).await),
        ];
        for (step, outcome) in steps {
            match outcome {
                Ok(count) => {
                    tracing::debug!(%district, step, count, "a step is done");
                    done += count;
                }
                Err(fault) => {
                    tracing::error!(%fault, %district, step, "a step failed; it is tried again")
                }
            }
        }
    }
    done
}
