//! Every reader of foreign bytes in this crate against its kept corpus, the companies' fixtures, and a great many changed ones. The
//! properties are those that the fuzz targets run (`fuzz/`).

#[path = "../../../fuzz/src/properties/accounts.rs"]
mod accounts;
#[path = "../../../fuzz/src/properties/answer.rs"]
mod answer;
#[path = "../../../fuzz/src/mutation.rs"]
mod mutation;
#[path = "../../../fuzz/src/properties/segments.rs"]
mod segments;
#[path = "../../../fuzz/src/properties/webhook.rs"]
mod webhook;

use mutation::{Dice, corpus, mutated, try_one};
use std::path::Path;

/// Changed inputs of each kind of reader.
const CHANGED: u64 = 20_000;

/// All fixtures as inputs: calls, or answers.
fn fixtures(answers: bool) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for account in accounts::accounts() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(&account.kind);
        let mut files: Vec<_> = std::fs::read_dir(&folder).expect("fixtures").map(|file| file.expect("a fixture").path()).collect();
        files.sort();
        for file in files {
            let bytes = std::fs::read(&file).expect("readable");
            let start = bytes.split_inclusive(|byte| *byte == b'\n').take_while(|line| line.starts_with(b"#")).map(<[u8]>::len).sum();
            let rest: &[u8] = &bytes[start..];
            if rest.starts_with(b"HTTP ") == answers {
                let body = rest.strip_suffix(b"\n").unwrap_or(rest);
                all.push([account.kind.as_bytes(), b" ", body].concat());
            }
        }
    }
    all.dedup();
    assert!(all.len() > 50, "{} fixtures", all.len());
    all
}

fn holds(property: fn(&[u8]), kept: Vec<Vec<u8>>, seeds: Vec<Vec<u8>>, changed: u64) {
    let seeds: Vec<Vec<u8>> = kept.into_iter().chain(seeds).collect();
    for (index, input) in seeds.iter().enumerate() {
        try_one(property, input, &format!("input {index}"));
    }
    for seed in 0..changed {
        try_one(property, &mutated(&seeds, &mut Dice(seed)), &format!("seed {seed}"));
    }
}

#[test]
fn calls_of_companies() {
    holds(webhook::holds, corpus("webhook"), fixtures(false), CHANGED);
}

#[test]
fn answers_of_companies() {
    holds(answer::holds, corpus("answer"), fixtures(true), CHANGED);
}

#[test]
fn texts_in_parts_and_in_bytes() {
    let texts = ["Ms Rivera: {[~]} € ¿Ñ?", "قف \u{200f}٣", "👨‍👩‍👧‍👦🇪🇸👍🏽", "क्षि ନି", "ğışö", "e\u{301}\u{200d}\r\n"];
    let long = texts.iter().map(|text| text.repeat(20).into_bytes());
    holds(segments::holds, corpus("segments"), long.collect(), CHANGED / 40);
}
