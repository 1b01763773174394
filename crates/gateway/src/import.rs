//! `import`: a roster, compared with the one before, told row by row, applied as a whole or not at all.

use crate::serve::Wired;
use anyhow::{Context, bail};
use domain::people::District;
use domain::roster::{Change, Delta};
use domain::{DistrictId, StaffId};
use std::path::Path;

/// How it is taken in.
pub struct How {
    /// Only tells.
    pub dry_run: bool,
    /// Name of the district.
    pub district: Option<String>,
    /// Percent.
    pub most_removals: u8,
    /// Columns.
    pub mapping: roster::Mapping,
}

/// See the module.
pub async fn import(config: &Path, path: &Path, how: &How) -> anyhow::Result<()> {
    let config = crate::config::read(config)?;
    let wired = crate::serve::wire(&config, &config.secrets()?).await?;
    let district = chosen(wired.flows.ports().directory.districts().await?, how.district.as_deref())?;
    let delta = compared(&wired, district.id, path, how).await?;
    for note in &delta.draft.reading.notes {
        println!("{note}");
    }
    for line in &delta.lines {
        println!("{line}");
    }
    println!();
    for (kind, counts) in &delta.counts {
        println!(
            "{:<11} {} new, {} changed, {} gone, {} as before",
            kind.as_str(),
            counts.added,
            counts.changed,
            counts.removed,
            counts.unchanged
        );
    }
    let unknown = delta.draft.guardians.iter().filter(|guardian| guardian.language.is_none()).count();
    let reached: std::collections::BTreeSet<&str> =
        delta.draft.contacts.iter().filter(|contact| contact.textable != Some(false)).map(|contact| contact.guardian.as_str()).collect();
    let unreached = delta.draft.guardians.iter().filter(|guardian| !reached.contains(guardian.source.as_str())).count();
    println!("{unknown} guardians with a language unknown; {unreached} whom neither a text nor a letter reaches.");
    if how.dry_run {
        println!("Nothing was changed: this was a dry run.");
        return Ok(());
    }
    apply(&wired, district.id, &delta).await?;
    println!("Taken in.");
    Ok(())
}

/// The district of that name, or the only one.
pub fn chosen(districts: Vec<District>, name: Option<&str>) -> anyhow::Result<District> {
    let names = districts.iter().map(|district| district.name.as_str()).collect::<Vec<_>>().join(", ");
    match (name, districts.len()) {
        (_, 0) => bail!("there is no district yet: make one with homeword setup"),
        (None, 1) => districts.into_iter().next().context("one district"),
        (None, _) => bail!("there are several districts, name one with --district: {names}"),
        (Some(name), _) => districts
            .into_iter()
            .find(|district| district.name == name)
            .with_context(|| format!("there is no district \"{name}\": {names}")),
    }
}

/// Reads and compares; the brake is an error.
pub async fn compared(wired: &Wired, district: DistrictId, path: &Path, how: &How) -> anyhow::Result<Delta> {
    let files = roster::Files::open(path).with_context(|| format!("opening {}", path.display()))?;
    let draft = roster::read(&files, &how.mapping);
    let current = wired.flows.enrolled(district).await?;
    Ok(roster::compare(&current, draft, how.most_removals)?)
}

/// Applies it in one transaction.
pub async fn apply(wired: &Wired, district: DistrictId, delta: &Delta) -> anyhow::Result<()> {
    let gone: Vec<_> =
        delta.changes.iter().filter_map(|change| if let Change::Removed(key) = change { Some(key.clone()) } else { None }).collect();
    wired.flows.enrol(district, StaffId::HOUSE, &delta.draft, &gone).await?;
    Ok(())
}
