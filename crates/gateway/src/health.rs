//! Whether this node may be given work: the database answers, the two clocks agree, the node's slot is held, nobody asked it
//! to end. Must never know pages or people: what it says, anybody may read.

use crate::ending::Ending;
use crate::node::Slot;
use domain::Time;
use domain::ports::{Clock, Directory};
use std::sync::Arc;
use std::time::Duration;
use web::NotReady;

/// How far this node's clock may be off the database's (invariant 10): ids are ordered by time.
const APART: i64 = 2;
/// A proxy asks every few seconds: a database that takes longer does not answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// See the module.
pub struct Health {
    /// Where the database's clock is read.
    pub directory: Arc<dyn Directory>,
    /// This node's.
    pub clock: Arc<dyn Clock>,
    /// This node's.
    pub slot: Arc<Slot>,
    /// Whether the end was asked for.
    pub ending: Ending,
}

/// How far the clocks are apart in microseconds, as far as can be told: the database read its own somewhere between the two.
pub fn apart(before: Time, database: Time, after: Time) -> i64 {
    (before.0 - database.0).max(database.0 - after.0).max(0)
}

#[async_trait::async_trait]
impl web::Health for Health {
    async fn not_ready(&self) -> Vec<NotReady> {
        let mut open = Vec::new();
        if self.ending.begun() {
            open.push(NotReady { what: "ending", why: "this node was asked to end".into() });
        }
        let before = self.clock.now();
        match tokio::time::timeout(PATIENCE, self.directory.clock()).await {
            Ok(Ok(database)) => {
                let apart = apart(before, database, self.clock.now());
                if apart > APART * 1_000_000 {
                    let seconds = apart / 1_000_000;
                    open.push(NotReady { what: "clock", why: format!("this machine's clock is {seconds} s off the database's") });
                }
            }
            Ok(Err(_)) | Err(_) => open.push(NotReady { what: "database", why: "it does not answer".into() }),
        }
        if !self.slot.held(self.clock.now()) {
            open.push(NotReady { what: "slot", why: "this node's slot was not renewed in time".into() });
        }
        open
    }

    async fn ending(&self) {
        self.ending.wait().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;
    use std::sync::atomic::{AtomicI64, Ordering};
    use web::Health as _;

    /// The machine's clock, set off by so much.
    struct Off(AtomicI64);

    impl Clock for Off {
        fn now(&self) -> Time {
            Time(SystemClock.now().0 + self.0.load(Ordering::Relaxed) * 1_000_000)
        }
    }

    #[tokio::test]
    async fn a_node_that_is_off_or_lost_its_slot_or_ends_is_not_ready_and_says_why() {
        let folder = tempfile::tempdir().expect("a folder");
        let opened = store::open(&format!("sqlite:{}", folder.path().join("h.db").display())).await.expect("a store");
        let clock = Arc::new(Off(AtomicI64::new(0)));
        let slot = Arc::new(Slot::take(opened.directory.as_ref(), clock.now()).await.expect("a slot"));
        let (asked, ending) = Ending::by_hand();
        let health = Health { directory: opened.directory, clock: clock.clone(), slot, ending };
        let named = |open: Vec<NotReady>| open.iter().map(|one| one.what).collect::<Vec<_>>();
        for (seconds, expected) in [(0, vec![]), (1, vec![]), (4, vec!["clock"]), (-4, vec!["clock"]), (70, vec!["clock", "slot"])] {
            clock.0.store(seconds, Ordering::Relaxed);
            assert_eq!(named(health.not_ready().await), expected, "{seconds} s off");
        }
        clock.0.store(0, Ordering::Relaxed);
        asked.send_replace(1);
        assert_eq!(named(health.not_ready().await), ["ending"]);
    }

    #[test]
    fn a_slow_answer_is_no_clock_that_is_off() {
        assert_eq!(apart(Time(0), Time(2_900_000), Time(3_000_000)), 0);
        assert_eq!(apart(Time(0), Time(6_000_000), Time(3_000_000)), 3_000_000);
        assert_eq!(apart(Time(5_000_000), Time(1_000_000), Time(5_100_000)), 4_000_000);
    }
}
