//! The spool's file with its places: what is safe, what was taken. One thread at a time. Must never know what a record says.

use super::disk::Disk;
use super::frame::{self, Frame};
use super::{Count, Found, SpoolFault};
use std::io;

/// See the module.
pub(super) struct Held {
    waiting: Box<dyn Disk>,
    aside: Box<dyn Disk>,
    /// Bytes the file may have.
    limit: u64,
    /// Everything before is taken.
    taken: u64,
    /// Everything before is safe.
    end: u64,
    /// What a failed write left behind `end` could not be cut yet.
    littered: bool,
    count: Count,
}

impl Held {
    /// Finds the end of what is whole and sets aside what stands behind it.
    pub(super) fn open(waiting: Box<dyn Disk>, aside: Box<dyn Disk>, limit: u64) -> io::Result<Held> {
        let size = waiting.size()?;
        let (mut end, mut kept) = (0, 0);
        while end < size {
            end = match frame::read(waiting.as_ref(), end, size)? {
                Frame::Whole(_, next) | Frame::Damaged(next) => next,
                Frame::Torn => break,
            };
            kept += 1;
        }
        let mut held = Held { waiting, aside, limit, taken: 0, end, littered: false, count: Count { kept, taken: 0 } };
        if end < size {
            tracing::warn!(bytes = size - end, "the spool ended in a write that was cut; its bytes were set aside");
            held.set_aside(end, size)?;
            held.waiting.cut(end)?;
        }
        Ok(held)
    }

    /// How many records were kept and taken.
    pub(super) fn count(&self) -> Count {
        self.count
    }

    /// Puts frames at the end: one write, one fsync, an answer each.
    pub(super) fn append(&mut self, frames: &[Vec<u8>]) -> Vec<Result<(), SpoolFault>> {
        let mut group = Vec::new();
        let mut answers: Vec<Result<(), SpoolFault>> = Vec::with_capacity(frames.len());
        for frame in frames {
            let fits = self.end + (group.len() + frame.len()) as u64 <= self.limit;
            if fits {
                group.extend_from_slice(frame);
            }
            answers.push(if fits { Ok(()) } else { Err(SpoolFault::Full) });
        }
        if let Err(fault) = self.put(&group) {
            // Logged once for the group.
            tracing::error!(kind = ?fault.kind(), "the spool's disk does not take what came in");
            answers.iter_mut().filter(|answer| answer.is_ok()).for_each(|answer| *answer = Err(SpoolFault::Disk(fault.kind())));
        }
        self.count.kept += answers.iter().filter(|answer| answer.is_ok()).count() as u64;
        answers
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        if self.littered {
            self.waiting.cut(self.end)?;
            self.littered = false;
        }
        if let Err(fault) = self.waiting.write_at(self.end, bytes).and_then(|()| self.waiting.sync()) {
            // Nobody was told that these are safe. After a failed fsync the kernel may call lost pages clean, so they are
            // never synced a second time: they go, and what comes next is written anew.
            self.littered = self.waiting.cut(self.end).is_err();
            return Err(fault);
        }
        self.end += bytes.len() as u64;
        Ok(())
    }

    /// The oldest record that was not taken.
    pub(super) fn first(&self) -> io::Result<Option<Found>> {
        if self.taken == self.end {
            return Ok(None);
        }
        let (payload, next) = match frame::read(self.waiting.as_ref(), self.taken, self.end)? {
            Frame::Whole(payload, next) => (Some(payload), next),
            Frame::Damaged(next) => (None, next),
            Frame::Torn => (None, self.end),
        };
        Ok(Some(Found { payload, at: self.taken, next }))
    }

    /// Everything before `next` is taken.
    pub(super) fn taken(&mut self, next: u64) {
        self.taken = next;
        self.count.taken += 1;
        if self.taken == self.end {
            // Where bytes changed, nobody knows how many records they were.
            self.count.taken = self.count.kept;
            match self.waiting.cut(0) {
                Ok(()) => (self.taken, self.end) = (0, 0),
                // It stays as it is and goes on growing; what is given again is dropped.
                Err(fault) => tracing::error!(kind = ?fault.kind(), "the spool could not be emptied"),
            }
        }
    }

    /// Copies bytes to the file beside, framed as they stand or, where they are no whole record, in frames of their own.
    pub(super) fn set_aside(&mut self, at: u64, next: u64) -> io::Result<()> {
        let whole = matches!(frame::read(self.waiting.as_ref(), at, next)?, Frame::Whole(_, end) if end == next);
        let most = if whole { next - at } else { frame::MOST as u64 };
        let mut place = self.aside.size()?;
        for from in (at..next).step_by(usize::try_from(most).unwrap_or(frame::MOST)) {
            let mut bytes = vec![0; usize::try_from(most.min(next - from)).unwrap_or(0)];
            self.waiting.read_at(from, &mut bytes)?;
            let bytes = if whole { bytes } else { frame::framed(&bytes) };
            self.aside.write_at(place, &bytes)?;
            place += bytes.len() as u64;
        }
        self.aside.sync()
    }
}
