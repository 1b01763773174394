//! Families' words against the word lists.
#![no_main]

#[path = "../src/properties/keywords.rs"]
mod properties;

libfuzzer_sys::fuzz_target!(|input: &[u8]| properties::holds(input));
