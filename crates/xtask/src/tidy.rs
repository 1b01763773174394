//! The arrows of the house, read off `cargo metadata`, and a few rules no compiler knows.

use anyhow::{Context, bail};
use serde_json::Value;
use std::collections::BTreeMap;
use std::process::Command;

/// Room → rooms it may know.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("localization", &["domain"]),
    ("translation", &["domain", "localization"]),
    ("sms", &["domain", "localization"]),
    ("email", &["domain", "localization"]),
    ("roster", &["domain", "localization"]),
    ("store", &["domain", "localization"]),
    ("messaging", &["domain", "localization"]),
    ("web", &["domain", "localization", "messaging"]),
    ("sandbox", &["domain", "localization"]),
    ("xtask", &[]),
];

/// A crate that only these rooms may use.
const KEPT: &[(&str, &[&str])] = &[
    ("sqlx", &["store"]),
    ("axum", &["web", "sandbox", "gateway", "xtask"]),
    ("askama", &["web", "sandbox"]),
    ("reqwest", &["gateway", "xtask"]),
    ("async-nats", &["gateway"]),
    ("lettre", &["email"]),
    ("csv", &["roster"]),
    ("phonenumber", &["roster", "web"]),
    ("mail-parser", &["email", "sandbox"]),
    ("fluent-bundle", &["localization"]),
    ("icu_datetime", &["localization"]),
    ("tokio", &["translation", "sms", "email", "store", "web", "sandbox", "gateway", "testkit", "xtask"]),
];

/// Never in the graph.
const BANNED: &[&str] = &["openssl", "openssl-sys", "native-tls", "aws-lc-rs", "aws-lc-sys"];

/// Refuses an arrow that is not drawn, a banned crate, a file without its opening words, and a drawing that names other rooms.
pub(crate) fn tidy() -> anyhow::Result<()> {
    let output = Command::new("cargo")
        .args(["metadata", "--format-version", "1", "--locked", "--all-features"])
        .output()
        .context("cargo metadata")?;
    let metadata: Value = serde_json::from_slice(&output.stdout).context("reading cargo metadata")?;
    let packages = metadata["packages"].as_array().context("packages")?;
    let mut faults = Vec::new();
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        if BANNED.contains(&name) {
            faults.push(format!("{name} is in the graph"));
        }
    }
    let rooms: BTreeMap<&str, Vec<&str>> = packages
        .iter()
        .filter(|package| package["source"].is_null())
        .map(|package| {
            let normal = package["dependencies"].as_array().into_iter().flatten().filter(|dependency| dependency["kind"].is_null());
            (package["name"].as_str().unwrap_or_default(), normal.filter_map(|dependency| dependency["name"].as_str()).collect())
        })
        .collect();
    for (room, known) in &rooms {
        for other in known {
            let drawn = *room == "gateway" || *room == "testkit" || ARROWS.iter().any(|(from, to)| from == room && to.contains(other));
            if *other == "testkit" {
                faults.push(format!("{room} must not know testkit: it stands outside"));
            } else if rooms.contains_key(other) && !drawn {
                faults.push(format!("{room} must not know {other}: the arrow is not drawn in ARCHITECTURE.md"));
            }
            if KEPT.iter().any(|(kept, may)| kept == other && !may.contains(room)) {
                faults.push(format!("{room} must not use {other}"));
            }
        }
    }
    let drawing = std::fs::read_to_string("ARCHITECTURE.md").context("ARCHITECTURE.md")?;
    for room in rooms.keys() {
        if !drawing.contains(&format!("`{room}`")) {
            faults.push(format!("ARCHITECTURE.md does not name the room `{room}`"));
        }
    }
    openings(std::path::Path::new("crates"), &mut faults)?;
    if faults.is_empty() { Ok(()) } else { bail!("\n{}", faults.join("\n")) }
}

/// Each file opens with what it is.
fn openings(folder: &std::path::Path, faults: &mut Vec<String>) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            openings(&path, faults)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") && !std::fs::read_to_string(&path)?.starts_with("//!") {
            faults.push(format!("{} does not open with what it is (//!)", path.display()));
        }
    }
    Ok(())
}
