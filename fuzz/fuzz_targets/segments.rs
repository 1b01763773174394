//! Texts in parts and in bytes.
#![no_main]

#[path = "../src/properties/segments.rs"]
mod properties;

libfuzzer_sys::fuzz_target!(|input: &[u8]| properties::holds(input));
