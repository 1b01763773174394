//! Texts split for an engine, and its answers.
#![no_main]

#[path = "../src/properties/passages.rs"]
mod properties;

libfuzzer_sys::fuzz_target!(|input: &[u8]| properties::holds(input));
