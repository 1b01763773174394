//! What a message center sends.
#![no_main]

#[path = "../src/smpp.rs"]
mod smpp;

// As the crate that these files belong to has it.
pub use sms::text;

libfuzzer_sys::fuzz_target!(|input: &[u8]| smpp::properties::holds(input));
