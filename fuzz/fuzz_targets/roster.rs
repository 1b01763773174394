//! Rosters, as files and zipped.
#![no_main]

#[path = "../src/properties/roster.rs"]
mod properties;

libfuzzer_sys::fuzz_target!(|input: &[u8]| properties::holds(input));
