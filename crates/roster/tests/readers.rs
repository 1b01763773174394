//! The readers of rosters against any files: the kept corpus of the fuzz target, the sample district, and a great many changed ones.

#[path = "../../../fuzz/src/mutation.rs"]
mod mutation;
#[path = "../../../fuzz/src/properties/roster.rs"]
mod properties;

use mutation::{Dice, corpus, mutated, try_one};
use std::io::Write;
use std::path::Path;

/// The sample district, its files one after the other; the first lines of each, so that a change meets something.
fn sample() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/examples/two-schools");
    let names = ["manifest.csv", "orgs.csv", "users.csv", "classes.csv", "enrollments.csv"];
    let first = |name: &str| {
        let text = std::fs::read_to_string(folder.join(name)).expect("the sample");
        text.split_inclusive('\n').take(25).collect::<String>()
    };
    names.iter().map(|name| ((*name).to_owned(), first(name))).collect()
}

fn joined() -> Vec<u8> {
    sample().iter().flat_map(|(name, text)| format!("== {name}\n{text}").into_bytes()).collect()
}

fn zipped() -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in sample() {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).expect("a file in it");
        zip.write_all(text.as_bytes()).expect("written");
    }
    zip.finish().expect("whole").into_inner()
}

#[test]
fn any_roster_is_read() {
    let seeds: Vec<Vec<u8>> = corpus("roster").into_iter().chain([joined(), zipped()]).collect();
    for (index, input) in seeds.iter().enumerate() {
        try_one(properties::holds, input, &format!("input {index}"));
    }
    for seed in 0..2_000 {
        try_one(properties::holds, &mutated(&seeds, &mut Dice(seed)), &format!("seed {seed}"));
    }
}
