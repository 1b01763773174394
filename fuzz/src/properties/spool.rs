//! What must hold of any bytes that stand in the spool's file after a crash: it opens, it loses no whole record in front of what is
//! damaged, gives each once and in order, and takes new ones behind them.
//!
//! It stands beside the spool's own files, in the gateway's tests and in the fuzz crate alike: the gateway is a program and no library.

use super::disk::Disk;
use super::file::Held;
use super::frame::{self, Frame};
use super::record::{Call, Record};
use domain::Time;
use std::io;
use std::sync::{Arc, Mutex};

/// A file in memory.
#[derive(Clone, Default)]
struct Bytes(Arc<Mutex<Vec<u8>>>);

impl Bytes {
    fn now(&self) -> Vec<u8> {
        self.0.lock().expect("nobody panics with it").clone()
    }
}

impl Disk for Bytes {
    fn size(&self) -> io::Result<u64> {
        Ok(self.now().len() as u64)
    }
    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<()> {
        let bytes = self.now();
        let found = bytes.get(at as usize..at as usize + into.len()).ok_or(io::ErrorKind::UnexpectedEof)?;
        into.copy_from_slice(found);
        Ok(())
    }
    fn write_at(&mut self, at: u64, new: &[u8]) -> io::Result<()> {
        let mut bytes = self.0.lock().expect("nobody panics with it");
        let end = (at as usize + new.len()).max(bytes.len());
        bytes.resize(end, 0);
        bytes[at as usize..at as usize + new.len()].copy_from_slice(new);
        Ok(())
    }
    fn sync(&mut self) -> io::Result<()> {
        Ok(())
    }
    fn cut(&mut self, end: u64) -> io::Result<()> {
        self.0.lock().expect("nobody panics with it").truncate(end as usize);
        Ok(())
    }
}

/// Takes an input for the file.
pub(crate) fn holds(bytes: &[u8]) {
    let (waiting, aside) = (Bytes::default(), Bytes::default());
    *waiting.0.lock().expect("new") = bytes.to_vec();
    let mut wanted = Vec::new();
    let (mut at, size) = (0, bytes.len() as u64);
    while at < size {
        at = match frame::read(&waiting, at, size).expect("memory is read") {
            Frame::Whole(payload, next) => {
                wanted.push(Some(payload));
                next
            }
            Frame::Damaged(next) => {
                wanted.push(None);
                next
            }
            Frame::Torn => break,
        };
    }
    let mut held = Held::open(Box::new(waiting.clone()), Box::new(aside.clone()), u64::MAX).expect("any file opens");
    assert_eq!(waiting.now().len() as u64, at, "what is no record is cut off");
    assert!(size == at || aside.now().len() as u64 >= size - at, "what is cut off is kept beside");
    let added = Record { received: Time(7), call: Call::Letter { from: "a".into(), to: "b".into(), raw: vec![0, 255] } };
    let payload = added.encode().expect("small");
    assert_eq!(held.append(&[frame::framed(&payload)]), [Ok(())], "a new record goes behind");
    wanted.push(Some(payload));
    for want in wanted {
        let found = held.first().expect("memory is read").expect("there is one more");
        assert_eq!(found.payload, want, "in order, each once");
        if let Some(record) = found.payload.as_deref().and_then(Record::decode) {
            let again = record.encode().expect("read, so it can be written");
            assert!(Record::decode(&again) == Some(record), "written as it was read");
        }
        held.taken(found.next);
    }
    assert!(held.first().expect("memory is read").is_none() && waiting.now().is_empty(), "emptied");
    let _ = Record::decode(bytes);
}
