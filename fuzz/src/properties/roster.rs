//! What must hold of any files that come as a roster: they are read, what is taken is whole and known to belong together, and a file
//! that is read again is the same roster.

use domain::roster::Draft;
use roster::{Files, Mapping, compare, read};
use std::collections::BTreeSet;

/// Between two files of an input; a line `== users.csv`.
const DIVIDER: &str = "== ";

/// Takes an input for the CSV files of a roster, one after the other, or for a ZIP.
pub fn holds(bytes: &[u8]) {
    if bytes.starts_with(b"PK") {
        if let Ok(files) = Files::unpacked(std::io::Cursor::new(bytes)) {
            whole(&read(&files, &Mapping::default()));
        }
        return;
    }
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let name = std::str::from_utf8(line).ok().and_then(|line| line.trim_end().strip_prefix(DIVIDER)).map(str::to_owned);
        match (name, files.last_mut()) {
            (Some(name), _) => files.push((name, Vec::new())),
            (None, Some((_, text))) => text.extend_from_slice(line),
            (None, None) => files.push(("users.csv".into(), line.to_vec())),
        }
    }
    let named: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (name.as_str(), text.as_slice())).collect();
    let draft = read(&Files::of(&named), &Mapping::default());
    whole(&draft);
    let again = read(&Files::of(&named), &Mapping::default());
    assert!(written(&draft) == written(&again), "read twice, it is two rosters");
    if let Ok(first) = compare(&Draft::default(), draft, 100) {
        whole(&first.draft);
        let same = compare(&first.draft, again, 100);
        assert!(same.is_ok(), "the same roster again cannot be compared");
    }
}

/// Ids are there, once each, and NUL is nowhere; numbers are numbers.
fn whole(draft: &Draft) {
    let lists: [(&str, Vec<&str>); 4] = [
        ("schools", draft.schools.iter().map(|one| one.source.as_str()).collect()),
        ("staff", draft.staff.iter().map(|one| one.source.as_str()).collect()),
        ("students", draft.students.iter().map(|one| one.source.as_str()).collect()),
        ("guardians", draft.guardians.iter().map(|one| one.source.as_str()).collect()),
    ];
    for (what, ids) in &lists {
        let once: BTreeSet<&&str> = ids.iter().collect();
        assert_eq!(once.len(), ids.len(), "two {what} have one id");
        assert!(ids.iter().all(|id| !id.is_empty()), "{what} without an id");
    }
    let guardians: BTreeSet<&str> = lists[3].1.iter().copied().collect();
    for contact in &draft.contacts {
        assert!(guardians.contains(contact.guardian.as_str()), "a contact of nobody");
        let number = contact
            .value
            .strip_prefix('+')
            .is_some_and(|digits| (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()));
        assert!(number || contact.value.contains('@'), "a contact that is neither a number nor an address");
        assert!(contact.value.chars().count() <= 1000, "an address of {} characters, which no index takes", contact.value.chars().count());
    }
    let all: serde_json::Value = serde_json::from_str(&written(draft)).expect("a draft is JSON");
    assert!(!has_nul(&all), "NUL in a roster, which no database takes");
}

fn has_nul(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::String(text) => text.contains('\0'),
        serde_json::Value::Array(list) => list.iter().any(has_nul),
        serde_json::Value::Object(fields) => fields.iter().any(|(name, value)| name.contains('\0') || has_nul(value)),
        _ => false,
    }
}

/// All of it, as the store keeps it.
fn written(draft: &Draft) -> String {
    serde_json::to_string(draft).expect("a draft is JSON")
}
