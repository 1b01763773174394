//! The bell: workers and open pages of this process hear of a change at once, those of other processes through a number in the
//! database, told a few times a second at most and read once a second while a page is open. Knows districts, never what changed.
//! What is not heard is no loss: workers look twice a second, and a page is whole whenever it is fetched.

use domain::DistrictId;
use domain::ports::{Directory, Stored};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, broadcast};

/// The least time between two tellings: a broadcast rings thousands of times.
const TELLS: Duration = Duration::from_millis(300);
/// How often others are listened for.
const LISTENS: Duration = Duration::from_secs(1);

/// Districts that changed and of which somebody was not told yet.
#[derive(Default)]
pub struct Untold {
    districts: Mutex<BTreeSet<DistrictId>>,
    something: Notify,
}

impl Untold {
    fn add(&self, districts: impl IntoIterator<Item = DistrictId>) {
        locked(&self.districts).extend(districts);
        self.something.notify_one();
    }

    /// All of them, once there is one.
    #[cfg(feature = "nats")]
    pub async fn next(&self) -> BTreeSet<DistrictId> {
        self.something.notified().await;
        self.take()
    }

    fn take(&self) -> BTreeSet<DistrictId> {
        std::mem::take(&mut *locked(&self.districts))
    }
}

/// See the module.
pub struct Bell {
    wake: Arc<Notify>,
    changes: broadcast::Sender<DistrictId>,
    /// For the database.
    untold: Untold,
    /// For whoever tells it faster.
    #[cfg(feature = "nats")]
    pub louder: Untold,
    /// Each district's number as pages of this process know it; empty while none is open.
    heard: Mutex<BTreeMap<DistrictId, i64>>,
}

fn locked<T>(inside: &Mutex<T>) -> MutexGuard<'_, T> {
    inside.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Bell {
    /// For workers that wait for `wake` and pages that listen to `changes`.
    pub fn new(wake: Arc<Notify>, changes: broadcast::Sender<DistrictId>) -> Self {
        Self {
            wake,
            changes,
            untold: Untold::default(),
            #[cfg(feature = "nats")]
            louder: Untold::default(),
            heard: Mutex::default(),
        }
    }

    /// Something changed here.
    pub fn ring(&self, district: DistrictId) {
        self.here(district);
        self.untold.add([district]);
        #[cfg(feature = "nats")]
        self.louder.add([district]);
    }

    /// Something changed elsewhere: nobody else is told.
    pub fn here(&self, district: DistrictId) {
        self.wake.notify_one();
        // Nobody listening is no fault.
        let _ = self.changes.send(district);
    }

    /// Tells the others until the process ends.
    pub async fn tell(&self, directory: &dyn Directory) {
        loop {
            self.untold.something.notified().await;
            if let Err(fault) = self.tell_now(directory).await {
                // Whoever does the work says in the log that the database is away.
                tracing::debug!(%fault, "the bell was not rung; it is tried again");
            }
            tokio::time::sleep(TELLS).await;
        }
    }

    /// Tells what is untold.
    pub async fn tell_now(&self, directory: &dyn Directory) -> Stored<()> {
        let untold: Vec<DistrictId> = self.untold.take().into_iter().collect();
        let numbers = match directory.ring(&untold).await {
            Ok(numbers) => numbers,
            Err(fault) => {
                self.untold.add(untold);
                return Err(fault);
            }
        };
        let mut heard = locked(&self.heard);
        for (district, number) in numbers {
            // Nobody else rang in between: the pages here know already.
            if heard.get(&district) == Some(&(number - 1)) {
                heard.insert(district, number);
            }
        }
        Ok(())
    }

    /// Listens for the others until the process ends.
    pub async fn listen(&self, directory: &dyn Directory) {
        loop {
            tokio::time::sleep(LISTENS).await;
            if let Err(fault) = self.listen_now(directory).await {
                tracing::debug!(%fault, "the bell was not heard; it is tried again");
            }
        }
    }

    /// Passes on what others told since the last time. The first time after a page was opened everything is new: it may have
    /// changed while nobody listened.
    async fn listen_now(&self, directory: &dyn Directory) -> Stored<()> {
        if self.changes.receiver_count() == 0 {
            locked(&self.heard).clear();
            return Ok(());
        }
        for (district, number) in directory.rung().await? {
            if locked(&self.heard).insert(district, number) != Some(number) {
                let _ = self.changes.send(district);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: DistrictId = DistrictId(1);
    const SECOND: DistrictId = DistrictId(2);

    fn heard(pages: &mut broadcast::Receiver<DistrictId>) -> Vec<DistrictId> {
        std::iter::from_fn(|| pages.try_recv().ok()).collect()
    }

    #[tokio::test]
    async fn a_page_hears_what_another_process_did_once_and_its_own_at_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let opened = store::open(&format!("sqlite:{}", folder.path().join("h.db").display())).await.expect("a store");
        let directory = opened.directory.as_ref();
        let (changes, mut pages) = broadcast::channel(16);
        let here = Bell::new(Arc::default(), changes);
        let there = Bell::new(Arc::default(), broadcast::channel(16).0);

        there.ring(FIRST);
        there.ring(FIRST);
        there.tell_now(directory).await.expect("told");
        assert_eq!(directory.rung().await.expect("read"), [(FIRST, 1)], "however often it rang, it is told once");
        here.listen_now(directory).await.expect("listened");
        assert_eq!(heard(&mut pages), [FIRST]);
        here.listen_now(directory).await.expect("listened");
        assert_eq!(heard(&mut pages), []);

        here.ring(FIRST);
        assert_eq!(heard(&mut pages), [FIRST], "its own are heard before anybody is told");
        here.tell_now(directory).await.expect("told");
        here.listen_now(directory).await.expect("listened");
        assert_eq!(heard(&mut pages), [], "and not a second time");

        // Both rang: the other's is not taken for one's own.
        there.ring(FIRST);
        there.ring(SECOND);
        there.tell_now(directory).await.expect("told");
        here.ring(FIRST);
        here.tell_now(directory).await.expect("told");
        assert_eq!(heard(&mut pages), [FIRST]);
        here.listen_now(directory).await.expect("listened");
        assert_eq!(heard(&mut pages), [FIRST, SECOND]);

        // While no page is open nothing is read, and a page that opens hears of everything.
        drop(pages);
        here.listen_now(directory).await.expect("listened");
        let mut pages = here.changes.subscribe();
        here.listen_now(directory).await.expect("listened");
        assert_eq!(heard(&mut pages), [FIRST, SECOND]);
    }
}
