//! What stands in the spool's file after a crash.
#![no_main]

#[path = "../src/spool.rs"]
mod spool;

libfuzzer_sys::fuzz_target!(|input: &[u8]| spool::properties::holds(input));
