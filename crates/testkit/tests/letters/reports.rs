//! What machines write back told from what people write: bounces, automatic answers, complaints and what only looks like them
//! (`crates/email/fixtures/reports`), written by somebody who had not read the reader. Half for tuning; the other half reports.

use crate::{Half, folders, name};
use domain::letter::{BounceClass, LetterKind, Letters};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

#[derive(Deserialize)]
struct Known {
    kind: String,
    #[serde(default)]
    recipient: String,
    #[serde(default)]
    class: String,
    #[serde(default)]
    status: String,
    half: Half,
    note: String,
}

fn kind(kind: LetterKind) -> &'static str {
    match kind {
        LetterKind::Reply => "reply",
        LetterKind::AutoReply => "auto-reply",
        LetterKind::Bounce => "bounce",
        LetterKind::Complaint => "complaint",
        LetterKind::Other => "other",
    }
}

fn class(class: BounceClass) -> &'static str {
    match class {
        BounceClass::Hard => "hard",
        BounceClass::Soft => "soft",
        BounceClass::Policy => "policy",
    }
}

#[test]
fn what_machines_write_back_is_told_from_what_people_write() {
    let post = email::Post::new(vec![], testkit::mail_words());
    // Of each half and kind: the kind is right, all of it is, how many.
    let (mut enclosed, mut ours) = (0, 0);
    let mut counts: BTreeMap<(Half, String), [usize; 3]> = BTreeMap::new();
    for folder in folders(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../email/fixtures/reports"))).iter().filter(|path| path.is_dir())
    {
        for path in folders(folder).iter().filter(|path| path.extension().is_some_and(|kind| kind == "eml")) {
            let known: Known =
                serde_json::from_slice(&std::fs::read(path.with_extension("json")).expect("what is known")).expect("readable");
            let raw = std::fs::read(path).expect("a letter");
            let read = post.read(&raw, None);
            let told = kind(read.kind) == known.kind;
            let bounce =
                read.bounce.as_ref().map_or(("", "", ""), |bounce| (bounce.recipient.reveal(), class(bounce.class), &*bounce.status));
            let whole = told && (known.kind != "bounce" || bounce == (&*known.recipient, &*known.class, &*known.status));
            // A report that encloses our letter says by its address which of ours it is.
            let raw = String::from_utf8_lossy(&raw);
            let encloses = ["message/rfc822", "text/rfc822-headers", "message/global"].iter().any(|kind| raw.contains(kind));
            if encloses && raw.contains("\nFrom: Maple Street School <reply+") && ["bounce", "complaint"].contains(&known.kind.as_str()) {
                enclosed += 1;
                ours += usize::from(read.about.iter().any(|address| address.starts_with("reply+")));
            }
            let count = counts.entry((known.half, known.kind.clone())).or_default();
            *count = [count[0] + usize::from(told), count[1] + usize::from(whole), count[2] + 1];
            if !whole && known.half == Half::Tune && std::env::var_os("HOMEWORD_LETTERS").is_some() {
                let (folder, file) = (name(folder), name(path));
                println!(
                    "== {folder}/{file} ({})\n-- wanted {} {} {} {}",
                    known.note, known.kind, known.recipient, known.class, known.status
                );
                println!("-- read {} {bounce:?}", kind(read.kind));
            }
        }
    }
    println!("enclosed letters of ours: {enclosed}, with their answer address {ours}");
    assert!(enclosed >= 40 && ours == enclosed, "{ours} of {enclosed}");
    for ((half, kind), [told, whole, all]) in &counts {
        println!("{half:?} {kind}: told {told}, with all it says {whole}, of {all}");
    }
    let sum = |half: Half, kinds: &[&str], which: usize| {
        counts.iter().filter(|((of, kind), _)| *of == half && kinds.contains(&kind.as_str())).map(|(_, count)| count[which]).sum::<usize>()
    };
    for half in [Half::Tune, Half::Report] {
        let share = |kinds: &[&str], which: usize| 100 * sum(half, kinds, which) / sum(half, kinds, 2).max(1);
        assert!(sum(half, &["bounce"], 2) >= 40 && sum(half, &["auto-reply"], 2) >= 40, "{half:?}: the set is there");
        assert!(share(&["bounce"], 0) >= 98 && share(&["bounce"], 1) >= 93, "{half:?}: bounces");
        assert!(share(&["auto-reply"], 0) >= 86, "{half:?}: automatic answers");
        assert!(share(&["complaint"], 0) == 100, "{half:?}: complaints");
        // Whoever is taken for a machine has no clock.
        assert!(share(&["reply", "other"], 0) >= 96, "{half:?}: people");
    }
}
