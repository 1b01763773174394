//! The file under the spool, behind a small trait so that tests can break it. Must never know frames or records.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt};
use std::path::Path;

/// Bytes at places. A call that fails may have done a part of its work.
pub trait Disk: Send {
    /// How many bytes there are.
    fn size(&self) -> io::Result<u64>;
    /// Fills `into` with what stands at `at`.
    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<()>;
    /// Puts `bytes` at `at`.
    fn write_at(&mut self, at: u64, bytes: &[u8]) -> io::Result<()>;
    /// Returns once everything written outlives a loss of power.
    fn sync(&mut self) -> io::Result<()>;
    /// Drops what stands from `end` on.
    fn cut(&mut self, end: u64) -> io::Result<()>;
}

impl Disk for File {
    fn size(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }
    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<()> {
        self.read_exact_at(into, at)
    }
    fn write_at(&mut self, at: u64, bytes: &[u8]) -> io::Result<()> {
        self.write_all_at(bytes, at)
    }
    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }
    fn cut(&mut self, end: u64) -> io::Result<()> {
        self.set_len(end)
    }
}

/// Opens or makes a file that only our user reads, and keeps it from a second process for as long as it is open.
pub fn open(folder: &Path, name: &str) -> io::Result<File> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(folder.join(name))?;
    file.try_lock().map_err(|fault| match fault {
        std::fs::TryLockError::WouldBlock => io::Error::new(io::ErrorKind::WouldBlock, "another process uses this folder"),
        std::fs::TryLockError::Error(fault) => fault,
    })?;
    // Without this a loss of power may forget the name of a file whose bytes are safe.
    File::open(folder)?.sync_all()?;
    Ok(file)
}
