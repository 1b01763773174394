//! Workers: they wake on every change and at least twice a second, and do what is due, heavier lanes first. Each sender has
//! its own task, so that a slow mail server holds up no text.

use domain::ports::Clock;
use domain::{SenderId, Time};
use messaging::Flows;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinSet;

/// Runs until the process ends.
pub async fn work(flows: Flows, clock: Arc<dyn Clock>, wake: Arc<Notify>) {
    let mut sending = Sending::new(flows.clone(), clock.clone());
    loop {
        sending.begin().await;
        if tidy(&flows, clock.as_ref()).await > 0 {
            sending.collect();
            continue;
        }
        tokio::select! {
            () = wake.notified() => {}
            () = sending.one_ended() => {}
            () = tokio::time::sleep(Duration::from_millis(500)) => {}
        }
        sending.collect();
    }
}

/// What one claim of a sender came to: how many left, at which rate.
type Ended = (SenderId, usize, f64);

/// Claims under way, one a sender.
struct Sending {
    flows: Flows,
    clock: Arc<dyn Clock>,
    /// Not before, by the sender's rate.
    next: BTreeMap<SenderId, Time>,
    busy: BTreeSet<SenderId>,
    under_way: JoinSet<Ended>,
}

impl Sending {
    fn new(flows: Flows, clock: Arc<dyn Clock>) -> Self {
        Self { flows, clock, next: BTreeMap::new(), busy: BTreeSet::new(), under_way: JoinSet::new() }
    }

    /// Begins what is due, no more than a sender's rate lets leave in two seconds.
    async fn begin(&mut self) {
        let now = self.clock.now();
        let due = match self.flows.ports().directory.due(now, 64).await {
            Ok(due) => due,
            Err(fault) => {
                tracing::error!(%fault, "the store does not say what is due");
                return;
            }
        };
        for due in due {
            if self.busy.contains(&due.sender) || self.next.get(&due.sender).is_some_and(|at| *at > now) {
                continue;
            }
            let rate = match self.flows.ports().people.senders(due.district).await {
                Ok(senders) => senders.iter().find(|sender| sender.id == due.sender).map_or(1.0, |sender| sender.rate.max(0.1)),
                Err(_) => continue,
            };
            let most = (rate * 2.0).ceil().clamp(1.0, 500.0) as i64;
            let flows = self.flows.clone();
            self.busy.insert(due.sender);
            self.under_way.spawn(async move {
                let count = flows.deliver(due, most).await.unwrap_or_else(|fault| {
                    tracing::error!(%fault, district = %due.district, sender = %due.sender, "sending failed");
                    0
                });
                (due.sender, count, rate)
            });
        }
    }

    /// Waits for the end of one; for ever where none is under way.
    async fn one_ended(&mut self) {
        match self.under_way.join_next().await {
            Some(outcome) => self.ended(outcome),
            None => std::future::pending().await,
        }
    }

    fn collect(&mut self) {
        while let Some(outcome) = self.under_way.try_join_next() {
            self.ended(outcome);
        }
    }

    fn ended(&mut self, outcome: Result<Ended, tokio::task::JoinError>) {
        let Ok((sender, count, rate)) = outcome else {
            // A task that panicked does not say whose it was: all that ended are free again.
            tracing::error!("a sending task failed");
            self.busy.clear();
            return;
        };
        self.busy.remove(&sender);
        self.next.insert(sender, Time(self.clock.now().0 + (count as f64 / rate * 1_000_000.0) as i64));
    }
}

/// Expansions, incoming, claims past their deadline, clocks.
async fn tidy(flows: &Flows, clock: &dyn Clock) -> usize {
    let busy = match flows.ports().directory.busy(clock.now()).await {
        Ok(busy) => busy,
        Err(fault) => {
            tracing::error!(%fault, "the store does not say who is busy");
            return 0;
        }
    };
    let mut done = 0;
    for district in busy {
        let steps = [
            ("expand", flows.expand(district).await),
            ("receive", flows.receive(district).await),
            ("reconcile", flows.reconcile(district).await),
            ("tend", flows.tend(district).await),
            ("restored", flows.ask_restored(district).await),
        ];
        for (step, outcome) in steps {
            match outcome {
                Ok(count) => done += count,
                Err(fault) => {
                    tracing::error!(%fault, %district, step, "a step failed; it is tried again")
                }
            }
        }
    }
    done
}
