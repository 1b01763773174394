//! This node's slot: nine bits of every id it makes, held in a row with a deadline that is renewed while the process runs.
//! A slot whose deadline passed may be another node's by now: it is not renewed but given up for a new one.

use domain::Time;
use domain::ports::{Clock, Directory, Stored};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU16, Ordering};
use std::time::Duration;

/// How long a slot is taken for.
const SECONDS: i64 = 60;
/// How often it is renewed: two renewals may fail.
const RENEW: Duration = Duration::from_secs(20);

/// See the module.
pub struct Slot {
    number: AtomicU16,
    until: AtomicI64,
}

impl Slot {
    /// This slot, held until then.
    pub fn of(number: u16, until: Time) -> Self {
        Self { number: AtomicU16::new(number), until: AtomicI64::new(until.0) }
    }

    /// Takes a free one.
    pub async fn take(directory: &dyn Directory, now: Time) -> Stored<Self> {
        let until = now.plus_seconds(SECONDS);
        Ok(Self::of(directory.node_slot(None, now, until).await?.unsigned_abs(), until))
    }

    /// 0 to 511.
    pub fn number(&self) -> u16 {
        self.number.load(Ordering::Acquire)
    }

    /// Whether nobody else can have it.
    pub fn held(&self, now: Time) -> bool {
        now.0 < self.until.load(Ordering::Acquire)
    }

    /// Renews it, or takes another where this one's deadline passed.
    pub async fn renew(&self, directory: &dyn Directory, now: Time) -> Stored<()> {
        let mine = self.held(now).then(|| i16::try_from(self.number()).unwrap_or_default());
        let until = now.plus_seconds(SECONDS);
        let number = directory.node_slot(mine, now, until).await?.unsigned_abs();
        self.number.store(number, Ordering::Release);
        self.until.store(until.0, Ordering::Release);
        Ok(())
    }

    /// Keeps it while the process runs.
    pub fn keep(self: &Arc<Self>, directory: Arc<dyn Directory>, clock: Arc<dyn Clock>) {
        let slot = self.clone();
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(RENEW).await;
                if let Err(fault) = slot.renew(directory.as_ref(), clock.now()).await {
                    tracing::error!(%fault, "the node slot was not renewed");
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_slot_whose_deadline_passed_is_given_up_for_another() {
        let folder = tempfile::tempdir().expect("a folder");
        let opened = store::open(&format!("sqlite:{}", folder.path().join("h.db").display())).await.expect("a store");
        let directory = opened.directory.as_ref();
        let first = Slot::take(directory, Time(0)).await.expect("a slot");
        first.renew(directory, Time(30_000_000)).await.expect("renewed");
        assert_eq!((first.number(), first.held(Time(89_000_000)), first.held(Time(90_000_000))), (0, true, false));
        // The node slept; another took what had lapsed.
        let second = Slot::take(directory, Time(91_000_000)).await.expect("a slot");
        assert_eq!(second.number(), 0);
        first.renew(directory, Time(92_000_000)).await.expect("another");
        assert_eq!((first.number(), second.number()), (1, 0), "two nodes never share a slot");
    }
}
