//! Addresses that carry tokens, changed.
#![no_main]

#[path = "../src/properties/token.rs"]
mod properties;

libfuzzer_sys::fuzz_target!(|input: &[u8]| properties::holds(input));
