//! Companies' answers to our calls.
#![no_main]

#[allow(dead_code, reason = "each target reads calls or answers")]
#[path = "../src/properties/accounts.rs"]
mod accounts;
#[path = "../src/properties/answer.rs"]
mod answer;

libfuzzer_sys::fuzz_target!(|input: &[u8]| answer::holds(input));
