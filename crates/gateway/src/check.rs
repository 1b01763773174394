//! `check-config`: whether the configuration can be used, and, where the database is there, whether calls to every number of a live
//! district reach somebody. It prints no number.

use crate::config::Config;
use anyhow::bail;

/// Looks; the first fault is the answer.
pub async fn check(config: &Config) -> anyhow::Result<()> {
    let secrets = config.secrets()?;
    for (name, account) in config.accounts.iter().chain(&config.letters.accounts) {
        account.check(name, &config.public_url)?;
    }
    // Without a database of this version there are no numbers to look at.
    if matches!(store::behind(&config.database).await, Ok(0)) {
        numbers(&crate::serve::wire(config, &secrets).await?.flows).await?;
    }
    Ok(())
}

/// In rehearsal families do not know the numbers yet: there it only says what going live will wait for.
async fn numbers(flows: &messaging::Flows) -> anyhow::Result<()> {
    for district in flows.ports().directory.districts().await? {
        let senders = flows.ports().people.senders(district.id).await?;
        let deaf: Vec<&str> = senders.iter().filter_map(|sender| flows.calls_go_nowhere(sender)).collect();
        let Some(why) = deaf.first() else { continue };
        let words = format!("{}: calls to {} numbers go nowhere. {why} District → Numbers.", district.name, deaf.len());
        if !district.rehearsal {
            bail!(words);
        }
        println!("{words}");
    }
    Ok(())
}
