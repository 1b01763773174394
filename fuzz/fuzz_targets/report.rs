//! Reports of mail servers.
#![no_main]

#[path = "../src/properties/letter.rs"]
mod letter;
#[path = "../src/properties/page.rs"]
mod page;

libfuzzer_sys::fuzz_target!(|input: &[u8]| page::report_holds(input));
