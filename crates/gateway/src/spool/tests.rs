//! The spool against cuts, damage, full disks and failed fsyncs.

#[path = "../../../../fuzz/src/mutation.rs"]
mod mutation;

use super::*;
use domain::Time;
use std::sync::Condvar;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// A file in memory that fails, or waits in its fsync, when told to.
#[derive(Clone, Default)]
pub(crate) struct Memory {
    pub(crate) bytes: Arc<Mutex<Vec<u8>>>,
    pub(crate) faults: Arc<Faults>,
}

/// What goes wrong.
#[derive(Default)]
pub(crate) struct Faults {
    /// Writes put half of their bytes and fail.
    pub(crate) full: AtomicBool,
    /// An fsync fails.
    pub(crate) unsafe_sync: AtomicBool,
    /// Nothing can be cut.
    pub(crate) uncut: AtomicBool,
    syncs: AtomicUsize,
    /// Whether an fsync waits, and whether one has begun.
    held: Mutex<(bool, bool)>,
    moved: Condvar,
}

impl Faults {
    fn hold(&self, on: bool) {
        self.held.lock().expect("a lock").0 = on;
        self.moved.notify_all();
    }
    fn begun(&self) -> bool {
        self.held.lock().expect("a lock").1
    }
}

fn failing(fault: &AtomicBool, kind: io::ErrorKind) -> io::Result<()> {
    if fault.load(Ordering::SeqCst) { Err(kind.into()) } else { Ok(()) }
}

impl Disk for Memory {
    fn size(&self) -> io::Result<u64> {
        Ok(self.bytes.lock().expect("a lock").len() as u64)
    }
    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<()> {
        let bytes = self.bytes.lock().expect("a lock");
        let range = bytes.get(at as usize..at as usize + into.len()).ok_or(io::ErrorKind::UnexpectedEof)?;
        into.copy_from_slice(range);
        Ok(())
    }
    fn write_at(&mut self, at: u64, new: &[u8]) -> io::Result<()> {
        let fault = failing(&self.faults.full, io::ErrorKind::StorageFull);
        let count = if fault.is_err() { new.len() / 2 } else { new.len() };
        let mut bytes = self.bytes.lock().expect("a lock");
        let least = bytes.len().max(at as usize + count);
        bytes.resize(least, 0);
        bytes[at as usize..at as usize + count].copy_from_slice(&new[..count]);
        fault
    }
    fn sync(&mut self) -> io::Result<()> {
        let mut held = self.faults.held.lock().expect("a lock");
        held.1 = true;
        while held.0 {
            held = self.faults.moved.wait(held).expect("a lock");
        }
        held.1 = false;
        self.faults.syncs.fetch_add(1, Ordering::SeqCst);
        failing(&self.faults.unsafe_sync, io::ErrorKind::Other)
    }
    fn cut(&mut self, end: u64) -> io::Result<()> {
        failing(&self.faults.uncut, io::ErrorKind::Other)?;
        self.bytes.lock().expect("a lock").truncate(end as usize);
        Ok(())
    }
}

const LIMIT: u64 = 1024 * 1024;

fn letter(number: i64) -> Record {
    let call = Call::Letter { from: "a@b.example".into(), to: "c@d.example".into(), raw: format!("letter {number}").into_bytes() };
    Record { received: Time(number), call }
}

fn reopened(bytes: &[u8]) -> (Spool, Memory, Memory) {
    let (waiting, aside) = (Memory::default(), Memory::default());
    *waiting.bytes.lock().expect("a lock") = bytes.to_vec();
    (Spool::on(Box::new(waiting.clone()), Box::new(aside.clone()), LIMIT).expect("opened"), waiting, aside)
}

/// Takes everything; numbers of letters, 0 for bytes that could not be read.
async fn drained(spool: &Spool) -> Vec<i64> {
    let mut numbers = Vec::new();
    while let Some(found) = spool.first().await.expect("read") {
        match found.payload.as_deref().and_then(Record::decode) {
            Some(record) => {
                assert!(record == letter(record.received.0), "as it was");
                numbers.push(record.received.0);
                spool.taken(found).await.expect("taken");
            }
            None => {
                numbers.push(0);
                spool.set_aside(found).await.expect("set aside");
            }
        }
    }
    assert!(!spool.waits(), "nothing waits when nothing is left");
    numbers
}

/// Bytes of a file with letters 1, 2 and 3, and where the third begins.
async fn three() -> (Vec<u8>, usize) {
    let (spool, waiting, _) = reopened(b"");
    for number in 1..=2 {
        spool.keep(&letter(number)).await.expect("kept");
    }
    let third = waiting.bytes.lock().expect("a lock").len();
    spool.keep(&letter(3)).await.expect("kept");
    let bytes = waiting.bytes.lock().expect("a lock").clone();
    (bytes, third)
}

#[tokio::test]
async fn a_write_cut_at_any_byte_loses_no_whole_record_and_the_next_one_follows() {
    let (bytes, third) = three().await;
    for end in third..bytes.len() {
        let (spool, waiting, aside) = reopened(&bytes[..end]);
        assert_eq!(waiting.bytes.lock().expect("a lock").len(), third, "cut at {end}");
        assert_eq!(aside.bytes.lock().expect("a lock").is_empty(), end == third, "what was cut is kept for a person");
        spool.keep(&letter(4)).await.expect("kept");
        assert_eq!(drained(&spool).await, [1, 2, 4], "cut at {end}");
    }
    let holes = [&bytes[..third], &[0; 64]].concat();
    assert_eq!(drained(&reopened(&holes).0).await, [1, 2], "a tail of zeros is no record");
}

#[tokio::test]
async fn a_changed_bit_costs_its_record_alone_and_never_a_panic() {
    let (bytes, third) = three().await;
    let second = third / 2;
    for place in 0..bytes.len() {
        for bit in [1, 0x80] {
            let mut changed = bytes.clone();
            changed[place] ^= bit;
            let (spool, _, aside) = reopened(&changed);
            let found = drained(&spool).await;
            assert!(!aside.bytes.lock().expect("a lock").is_empty(), "{place}: what changed is kept for a person");
            // A length that changed hides what stands behind it: that is set aside, whole.
            let hidden = [0, second, third].iter().any(|begin| (*begin..begin + 4).contains(&place));
            match place {
                _ if hidden => assert!(found.iter().all(|number| [0, 1, 2].contains(number)), "{place}: {found:?}"),
                _ if place < second => assert_eq!(found, [0, 2, 3], "{place}"),
                _ if place < third => assert_eq!(found, [1, 0, 3], "{place}"),
                _ => assert_eq!(found, [1, 2], "{place}"),
            }
        }
    }
}

#[tokio::test]
async fn waiting_callers_share_one_fsync_and_none_is_answered_before_it() {
    let (spool, waiting, _) = reopened(b"");
    waiting.faults.hold(true);
    let keep = |number| {
        let spool = spool.clone();
        tokio::spawn(async move { spool.keep(&letter(number)).await })
    };
    let first = keep(1);
    while !waiting.faults.begun() {
        tokio::task::yield_now().await;
    }
    let others: Vec<_> = (2..=50).map(keep).collect();
    while spool.jobs.capacity() > spool.jobs.max_capacity() - others.len() {
        tokio::task::yield_now().await;
    }
    assert!(!first.is_finished() && !spool.waits(), "written, and nobody is told");
    waiting.faults.hold(false);
    for caller in others.into_iter().chain([first]) {
        assert_eq!(caller.await.expect("ended"), Ok(()));
    }
    assert_eq!(waiting.faults.syncs.load(Ordering::SeqCst), 2, "one for the first, one for all others");
    let mut numbers = drained(&spool).await;
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=50).collect::<Vec<_>>());
}

#[tokio::test]
async fn what_the_disk_does_not_take_is_refused_and_leaves_nothing_behind() {
    let (spool, waiting, _) = reopened(b"");
    spool.keep(&letter(1)).await.expect("kept");
    let safe = waiting.bytes.lock().expect("a lock").len();
    let faults = waiting.faults.clone();
    for fault in [&faults.full, &faults.unsafe_sync] {
        fault.store(true, Ordering::SeqCst);
        assert!(matches!(spool.keep(&letter(2)).await, Err(SpoolFault::Disk(_))));
        assert_eq!(waiting.bytes.lock().expect("a lock").len(), safe, "half a record does not stay");
        faults.uncut.store(true, Ordering::SeqCst);
        assert!(spool.keep(&letter(3)).await.is_err());
        fault.store(false, Ordering::SeqCst);
        assert!(spool.keep(&letter(4)).await.is_err(), "nothing is put behind what could not be cut");
        faults.uncut.store(false, Ordering::SeqCst);
    }
    spool.keep(&letter(5)).await.expect("the disk is back");
    assert_eq!(drained(&spool).await, [1, 5]);
}

#[tokio::test]
async fn the_limit_holds_and_room_comes_back_when_all_is_taken() {
    let (waiting, aside) = (Memory::default(), Memory::default());
    let size = frame::framed(&letter(1).encode().expect("written")).len() as u64;
    let spool = Spool::on(Box::new(waiting.clone()), Box::new(aside), size * 2).expect("opened");
    for (number, expected) in [(1, Ok(())), (2, Ok(())), (3, Err(SpoolFault::Full))] {
        assert_eq!(spool.keep(&letter(number)).await, expected);
    }
    let huge = Call::Letter { from: String::new(), to: String::new(), raw: vec![b'x'; frame::MOST] };
    assert_eq!(spool.keep(&Record { received: Time(1), call: huge }).await, Err(SpoolFault::TooLarge));
    assert_eq!(drained(&spool).await, [1, 2]);
    assert!(waiting.bytes.lock().expect("a lock").is_empty(), "taken off the disk");
    spool.keep(&letter(4)).await.expect("room again");
    assert_eq!(drained(&spool).await, [4]);
}

#[tokio::test]
async fn a_real_file_is_ours_alone_and_a_restart_goes_on_where_nothing_is_lost() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("new/spool");
    let spool = Spool::open(&place, LIMIT).expect("opened");
    for name in [NAMES.0, NAMES.1] {
        assert_eq!(place.join(name).metadata().expect("there").permissions().mode() & 0o777, 0o600);
    }
    assert!(Spool::open(&place, LIMIT).is_err(), "one process a folder");
    for number in 1..=3 {
        spool.keep(&letter(number)).await.expect("kept");
    }
    let found = spool.first().await.expect("read").expect("a record");
    spool.taken(found).await.expect("taken");
    // The writer lets go of the file once it has seen that nobody is left.
    let held = Arc::downgrade(&spool.held);
    drop(spool);
    while held.strong_count() > 0 {
        std::thread::yield_now();
    }
    let spool = Spool::open(&place, LIMIT).expect("opened again");
    assert!(spool.waits());
    assert_eq!(drained(&spool).await, [1, 2, 3], "whoever takes has seen the first, and drops it");
    assert!(!spool.caught_up().await);
}

/// The kept corpus of the fuzz target, and a great many changes of it.
#[test]
fn whatever_stands_in_the_file_after_a_crash_opens() {
    let seeds = mutation::corpus("spool");
    assert!(seeds.len() > 3, "files to begin with");
    for (index, input) in seeds.iter().enumerate() {
        mutation::try_one(properties::holds, input, &format!("input {index}"));
    }
    for seed in 0..5_000 {
        mutation::try_one(properties::holds, &mutation::mutated(&seeds, &mut mutation::Dice(seed)), &format!("seed {seed}"));
    }
}
