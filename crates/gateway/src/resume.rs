//! `resume`: what became of deliveries that may have gone since the backup, in numbers; then sending starts again.

use crate::serve::Wired;
use anyhow::ensure;
use domain::{DistrictId, StaffId};
use std::path::Path;

/// Districts that wait for it.
pub async fn paused(wired: &Wired) -> anyhow::Result<Vec<DistrictId>> {
    let ports = wired.flows.ports();
    let mut waiting = Vec::new();
    for district in ports.directory.districts().await? {
        if ports.restored.pause(district.id).await?.is_some() {
            waiting.push(district.id);
        }
    }
    Ok(waiting)
}

/// See the module.
pub async fn resume(config: &Path, dry_run: bool) -> anyhow::Result<()> {
    let config = crate::config::read(config)?;
    let wired = crate::serve::wire(&config, &config.secrets()?).await?;
    let (ports, mut some) = (wired.flows.ports(), false);
    for district in ports.directory.districts().await? {
        let Some(pause) = ports.restored.pause(district.id).await? else {
            continue;
        };
        some = true;
        // What ran out since the backup must be done before anything may leave, so that it is marked.
        ensure!(wired.flows.catch_up(district.id).await?, "\"{}\" is still busy: run it again", district.name);
        let now = ports.restored.standing(district.id).await?;
        println!("{}: {} deliveries were queued or under way in the backup.", district.name, pause.marked);
        println!("  {:>6} have gone, as the carrier or a receipt says", now.gone);
        println!("  {:>6} are uncertain: each message's page lists them; a receipt or a person settles them", now.uncertain);
        println!("  {:>6} are still asked about: uncertain until the carrier answers", now.to_ask);
        println!("  {:>6} will go, each when its window opens", now.will_go);
        if dry_run {
            println!("  Sending stays paused: this was a dry run.");
        } else {
            wired.flows.resume(district.id, StaffId::HOUSE).await?;
            println!("  Sending starts again.");
        }
    }
    if !some {
        println!("Nothing is paused.");
    }
    Ok(())
}
