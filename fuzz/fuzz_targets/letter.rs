//! Letters, and the tokens in their addresses.
#![no_main]

#[path = "../src/properties/letter.rs"]
mod properties;

libfuzzer_sys::fuzz_target!(|input: &[u8]| properties::holds(input));
