//! What a family wrote, told from what its mail program quoted: replies in many languages as the common programs make them, written
//! by somebody who had not read the reader (`crates/email/fixtures/letters`). Half of them are for tuning; the other half reports.

use domain::letter::Letters;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What is known of a letter.
#[derive(Deserialize)]
struct Known {
    text: String,
    half: Half,
    note: String,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[serde(rename_all = "lowercase")]
enum Half {
    Tune,
    Report,
}

/// One letter: its language, its program, what is known of it, what was read.
struct Read {
    language: String,
    program: String,
    known: Known,
    read: String,
}

impl Read {
    fn is_exact(&self) -> bool {
        // Where the program broke a line in the midst of a sentence, nobody can tell whether the family did.
        if self.known.note.contains("hard-wrapped") {
            return folded(&self.known.text) == folded(&self.read);
        }
        self.known.text == self.read
    }
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn folders(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = std::fs::read_dir(folder).expect("fixtures").map(|entry| entry.expect("an entry").path()).collect();
    all.sort();
    all
}

fn name(path: &Path) -> String {
    path.file_stem().expect("a name").to_string_lossy().into_owned()
}

fn all() -> Vec<Read> {
    let post = email::Post::new(vec![], testkit::mail_words());
    let mut all = Vec::new();
    for folder in folders(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../email/fixtures/letters"))).iter().filter(|path| path.is_dir()) {
        for path in folders(folder).iter().filter(|path| path.extension().is_some_and(|kind| kind == "eml")) {
            let known = serde_json::from_slice(&std::fs::read(path.with_extension("json")).expect("what is known")).expect("readable");
            let read = post.read(&std::fs::read(path).expect("a letter"), None).text.reveal().to_owned();
            all.push(Read { language: name(folder), program: name(path).trim_end_matches("-2").to_owned(), known, read });
        }
    }
    all
}

#[test]
fn what_a_family_wrote_is_told_from_what_its_program_quoted() {
    let all = all();
    assert!(all.len() >= 200, "{} letters", all.len());
    let mut halves: BTreeMap<Half, (usize, usize)> = BTreeMap::new();
    let mut cells: BTreeMap<(&str, &str), (usize, usize)> = BTreeMap::new();
    for one in &all {
        for count in [halves.entry(one.known.half).or_default(), cells.entry((&one.language, &one.program)).or_default()] {
            *count = (count.0 + usize::from(one.is_exact()), count.1 + 1);
        }
        // Only what may be looked at: the other half stays unseen.
        if !one.is_exact() && one.known.half == Half::Tune && std::env::var_os("HOMEWORD_LETTERS").is_some() {
            println!("== {}/{} ({})\n-- wanted\n{}\n-- read\n{}", one.language, one.program, one.known.note, one.known.text, one.read);
        }
    }
    let programs: std::collections::BTreeSet<&str> = cells.keys().map(|(_, program)| *program).collect();
    println!("exact of all, by language and program: {}", programs.iter().copied().collect::<Vec<_>>().join(" "));
    for language in cells.keys().map(|(language, _)| *language).collect::<std::collections::BTreeSet<_>>() {
        let cell = |program: &&str| cells.get(&(language, *program)).map_or("-".to_owned(), |(exact, all)| format!("{exact}/{all}"));
        println!("{language:8} {}", programs.iter().map(cell).collect::<Vec<_>>().join(" "));
    }
    for (half, (exact, all)) in &halves {
        println!("{half:?}: {exact} of {all}, {:.1} %", 100.0 * *exact as f64 / *all as f64);
    }
    let below = cells.values().filter(|(exact, all)| exact * 10 < all * 8).count();
    println!("cells below 80 %: {below} of {}", cells.len());
}
