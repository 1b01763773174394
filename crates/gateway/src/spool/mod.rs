//! The spool: what was acknowledged while the database was away, in one append-only file, in order.
//!
//! `keep` returns once the record outlives a loss of power; many callers share one write and one fsync. `first` and `taken`
//! give it back in order. The file is emptied when everything in it was taken; a process that dies before that gives all of
//! it again, so whoever takes must drop what it has seen. What cannot be read or is refused goes to a file beside it, never
//! away. Must never know the database, a company, or what a record says.

mod disk;
mod file;
mod frame;
#[cfg(test)]
#[path = "../../../../fuzz/src/properties/spool.rs"]
mod properties;
mod record;
#[cfg(test)]
pub(crate) mod tests;

pub use disk::Disk;
pub use record::{Call, Record};

use file::Held;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{mpsc, oneshot, watch};

/// The file's name in its folder, and the one of what a person must look at.
const NAMES: (&str, &str) = ("waiting.spool", "aside.spool");
/// Bytes that one fsync waits for at most.
const GROUP: usize = 8 * 1024 * 1024;

/// Why a record is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpoolFault {
    /// The spool holds as much as it may.
    #[error("the spool is full: raise spool.megabytes, or bring the database back")]
    Full,
    /// More than a record may hold.
    #[error("larger than the spool takes")]
    TooLarge,
    /// The disk does not take it.
    #[error("the spool's disk does not take it: {0}")]
    Disk(io::ErrorKind),
}

/// Records since the process began; what stood in the file then counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Count {
    kept: u64,
    taken: u64,
}

/// The oldest record.
pub struct Found {
    /// What it holds; nothing where its bytes changed.
    pub payload: Option<Vec<u8>>,
    at: u64,
    next: u64,
}

/// A caller that waits for the fsync.
struct Waiting {
    frame: Vec<u8>,
    back: oneshot::Sender<Result<(), SpoolFault>>,
}

/// See the module.
#[derive(Clone)]
pub struct Spool {
    held: Arc<Mutex<Held>>,
    count: Arc<watch::Sender<Count>>,
    jobs: mpsc::Sender<Waiting>,
}

/// Nothing that a panic could leave half done is behind this lock: places move after the bytes.
fn lock(held: &Mutex<Held>) -> MutexGuard<'_, Held> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Spool {
    /// Opens the spool in a folder, made if it is not there; at most `limit` bytes. A write that was cut is set aside.
    pub fn open(folder: &Path, limit: u64) -> io::Result<Spool> {
        let waiting = disk::open(folder, NAMES.0)?;
        Spool::on(Box::new(waiting), Box::new(disk::open(folder, NAMES.1)?), limit)
    }

    /// On files that are open.
    pub fn on(waiting: Box<dyn Disk>, aside: Box<dyn Disk>, limit: u64) -> io::Result<Spool> {
        let held = Held::open(waiting, aside, limit)?;
        let count = Arc::new(watch::Sender::new(held.count()));
        let held = Arc::new(Mutex::new(held));
        let (jobs, inbox) = mpsc::channel(1024);
        let (file, counted) = (held.clone(), count.clone());
        // A thread of its own: an fsync may take a second, and no other task waits for it.
        std::thread::Builder::new().name("spool".into()).spawn(move || write(&file, &counted, inbox))?;
        Ok(Spool { held, count, jobs })
    }

    /// Keeps a record; safe from a loss of power when this returns.
    pub async fn keep(&self, record: &Record) -> Result<(), SpoolFault> {
        let payload = record.encode().filter(|payload| payload.len() <= frame::MOST).ok_or(SpoolFault::TooLarge)?;
        let (back, answer) = oneshot::channel();
        let gone = SpoolFault::Disk(io::ErrorKind::BrokenPipe);
        self.jobs.send(Waiting { frame: frame::framed(&payload), back }).await.map_err(|_| gone)?;
        answer.await.map_err(|_| gone)?
    }

    /// Whether anything waits.
    pub fn waits(&self) -> bool {
        let count = self.count.borrow();
        count.kept > count.taken
    }

    /// Returns once something waits.
    pub async fn something(&self) {
        // The sender lives in this spool: there is always somebody to hear from.
        let _ = self.count.subscribe().wait_for(|count| count.kept > count.taken).await;
    }

    /// Returns once everything that waits at this moment was taken; whether there was anything.
    pub async fn caught_up(&self) -> bool {
        let now = *self.count.borrow();
        let _ = self.count.subscribe().wait_for(|count| count.taken >= now.kept).await;
        now.kept > now.taken
    }

    /// The oldest record that was not taken.
    pub async fn first(&self) -> io::Result<Option<Found>> {
        self.on_disk(|held| held.first()).await
    }

    /// Takes a record off, for good once nothing is left behind it.
    pub async fn taken(&self, found: Found) -> io::Result<()> {
        let count = self.count.clone();
        self.on_disk(move |held| {
            held.taken(found.next);
            count.send_replace(held.count());
            Ok(())
        })
        .await
    }

    /// Moves a record to the file beside, for a person.
    pub async fn set_aside(&self, found: Found) -> io::Result<()> {
        let (at, next) = (found.at, found.next);
        self.on_disk(move |held| held.set_aside(at, next)).await?;
        self.taken(found).await
    }

    async fn on_disk<T: Send + 'static>(&self, act: impl FnOnce(&mut Held) -> io::Result<T> + Send + 'static) -> io::Result<T> {
        let held = self.held.clone();
        tokio::task::spawn_blocking(move || act(&mut lock(&held))).await.map_err(io::Error::other)?
    }
}

/// Writes groups until the last spool handle is gone.
fn write(held: &Mutex<Held>, count: &watch::Sender<Count>, mut inbox: mpsc::Receiver<Waiting>) {
    while let Some(first) = inbox.blocking_recv() {
        let mut bytes = first.frame.len();
        let mut group = vec![first];
        while bytes < GROUP {
            let Ok(next) = inbox.try_recv() else { break };
            bytes += next.frame.len();
            group.push(next);
        }
        let (frames, callers): (Vec<_>, Vec<_>) = group.into_iter().map(|waiting| (waiting.frame, waiting.back)).unzip();
        let answers = {
            let mut held = lock(held);
            let answers = held.append(&frames);
            // Counted before anybody is answered: whoever calls after that answer is spooled behind it.
            count.send_replace(held.count());
            answers
        };
        for (caller, answer) in callers.into_iter().zip(answers) {
            // A caller that hung up comes again; the record is dropped as a repeated one.
            let _ = caller.send(answer);
        }
    }
}
