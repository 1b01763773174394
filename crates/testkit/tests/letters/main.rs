//! What a family wrote, told from what its mail program quoted: replies in many languages as the common programs make them, written
//! by somebody who had not read the reader (`crates/email/fixtures/letters`). Half of them are for tuning; the other half reports.

mod reports;

use domain::letter::{Letters, Ours};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
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

/// One letter: its language, its program, what is known of it, what was read of it alone and beside the letter it answers.
struct Read {
    language: String,
    program: String,
    known: Known,
    alone: String,
    beside: String,
}

impl Read {
    fn is_exact(&self, read: &str) -> bool {
        // Where the program broke a line in the midst of a sentence, nobody can tell whether the family did.
        if self.known.note.contains("hard-wrapped") {
            return folded(&self.known.text) == folded(read);
        }
        self.known.text == read
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
    for folder in folders(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../email/fixtures/letters"))).iter().filter(|path| path.is_dir())
    {
        let ours = std::fs::read_to_string(folder.join("letter.txt")).expect("the letter they answer");
        for path in folders(folder).iter().filter(|path| path.extension().is_some_and(|kind| kind == "eml")) {
            let known = serde_json::from_slice(&std::fs::read(path.with_extension("json")).expect("what is known")).expect("readable");
            let raw = std::fs::read(path).expect("a letter");
            let read = |ours: Option<&str>| post.read(&raw, ours.map(|text| Ours { text, from: "" })).text.reveal().to_owned();
            let program = name(path).trim_end_matches("-2").to_owned();
            all.push(Read { language: name(folder), program, known, alone: read(None), beside: read(Some(&ours)) });
        }
    }
    all
}

#[test]
fn what_a_family_wrote_is_told_from_what_its_program_quoted() {
    let all = all();
    assert!(all.len() >= 200, "{} letters", all.len());
    let mut halves: BTreeMap<Half, [usize; 3]> = BTreeMap::new();
    let mut cells: BTreeMap<(&str, &str), [usize; 3]> = BTreeMap::new();
    for one in &all {
        let exact = [one.is_exact(&one.alone), one.is_exact(&one.beside)];
        for count in [halves.entry(one.known.half).or_default(), cells.entry((&one.language, &one.program)).or_default()] {
            *count = [count[0] + usize::from(exact[0]), count[1] + usize::from(exact[1]), count[2] + 1];
        }
        // Only what may be looked at: the other half stays unseen.
        if exact != [true; 2] && one.known.half == Half::Tune && std::env::var_os("HOMEWORD_LETTERS").is_some() {
            let Read { language, program, known, alone, beside } = one;
            println!("== {language}/{program} ({})\n-- wanted\n{}\n-- alone\n{alone}\n-- beside\n{beside}", known.note, known.text);
        }
    }
    let programs: BTreeSet<&str> = cells.keys().map(|(_, program)| *program).collect();
    println!("exact beside the letter they answer, by language and program: {}", programs.iter().copied().collect::<Vec<_>>().join(" "));
    for language in cells.keys().map(|(language, _)| *language).collect::<BTreeSet<_>>() {
        let cell = |program: &&str| cells.get(&(language, *program)).map_or("-".to_owned(), |[_, exact, all]| format!("{exact}/{all}"));
        println!("{language:8} {}", programs.iter().map(cell).collect::<Vec<_>>().join(" "));
    }
    for (half, [alone, beside, all]) in &halves {
        let share = |exact: &usize| 100.0 * *exact as f64 / *all as f64;
        println!("{half:?}, of {all}: alone {alone}, {:.1} %; beside {beside}, {:.1} %", share(alone), share(beside));
    }
    let below = |which: usize| cells.values().filter(|counts| counts[which] * 10 < counts[2] * 8).count();
    println!("cells below 80 % of {}: alone {}, beside {}", cells.len(), below(0), below(1));
    for (half, [alone, beside, all]) in &halves {
        assert!(alone * 100 >= all * 97, "{half:?}: {alone} of {all} are read exactly by themselves");
        assert_eq!(beside, all, "{half:?}: all are, beside the letter they answer");
    }
}
