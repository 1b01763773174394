//! Workers: they wake on every change and at least once a second, and do what is due, heavier lanes first.

use domain::ports::Clock;
use domain::{SenderId, Time};
use messaging::Flows;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// Runs until the process ends.
pub async fn work(flows: Flows, clock: Arc<dyn Clock>, wake: Arc<Notify>) {
    let mut next: BTreeMap<SenderId, Time> = BTreeMap::new();
    loop {
        let busy = send(&flows, clock.as_ref(), &mut next).await + tidy(&flows, clock.as_ref()).await;
        if busy == 0 {
            let _ = tokio::time::timeout(Duration::from_millis(500), wake.notified()).await;
        }
    }
}

/// Sends what is due, no more than a sender's rate lets leave in two seconds.
async fn send(flows: &Flows, clock: &dyn Clock, next: &mut BTreeMap<SenderId, Time>) -> usize {
    let now = clock.now();
    let due = match flows.ports().directory.due(now, 64).await {
        Ok(due) => due,
        Err(fault) => {
            tracing::error!(%fault, "the store does not say what is due");
            return 0;
        }
    };
    let mut done = 0;
    for due in due {
        if next.get(&due.sender).is_some_and(|at| *at > now) {
            continue;
        }
        let rate = match flows.ports().people.senders(due.district).await {
            Ok(senders) => senders.iter().find(|sender| sender.id == due.sender).map_or(1.0, |sender| sender.rate.max(0.1)),
            Err(_) => continue,
        };
        let most = (rate * 2.0).ceil().clamp(1.0, 500.0);
        match flows.deliver(due, most as i64).await {
            Ok(count) => {
                done += count;
                next.insert(due.sender, Time(now.0 + (count as f64 / rate * 1_000_000.0) as i64));
            }
            Err(fault) => {
                tracing::error!(%fault, district = %due.district, sender = %due.sender, "sending failed")
            }
        }
    }
    done
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
