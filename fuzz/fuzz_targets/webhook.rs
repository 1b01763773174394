//! Calls of companies to our webhooks.
#![no_main]

#[allow(dead_code, reason = "each target reads calls or answers")]
#[path = "../src/properties/accounts.rs"]
mod accounts;
#[path = "../src/properties/webhook.rs"]
mod webhook;

libfuzzer_sys::fuzz_target!(|input: &[u8]| webhook::holds(input));
