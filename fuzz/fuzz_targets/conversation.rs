//! What a peer says to our listener.
#![no_main]

#[path = "../src/properties/conversation.rs"]
mod properties;

libfuzzer_sys::fuzz_target!(|input: &[u8]| properties::holds(input));
