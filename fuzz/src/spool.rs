//! The spool's own readers, taken in by their files: the gateway is a program and no library.
#![allow(dead_code, reason = "the spool uses the rest")]

#[path = "../../crates/gateway/src/spool/disk.rs"]
mod disk;
#[path = "../../crates/gateway/src/spool/file.rs"]
mod file;
#[path = "../../crates/gateway/src/spool/frame.rs"]
mod frame;
#[path = "properties/spool.rs"]
pub mod properties;
#[path = "../../crates/gateway/src/spool/record.rs"]
mod record;

// As the module above these files has them.
#[derive(Clone, Copy)]
struct Count {
    kept: u64,
    taken: u64,
}
pub struct Found {
    pub payload: Option<Vec<u8>>,
    at: u64,
    next: u64,
}
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpoolFault {
    Full,
    Disk(std::io::ErrorKind),
}
