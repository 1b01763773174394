//! How a district's mail domains stand with the world, as far as the DNS tells.

use super::{Lines, Stand};
use crate::config::{Config, Secrets};
use domain::people::{Channel, District};
use email::Word;
use messaging::Ports;
use std::collections::BTreeSet;

/// Adds its lines: none where no letters are sent.
pub async fn look(config: &Config, secrets: &Secrets, ports: &Ports, district: &District, lines: &mut Lines) -> anyhow::Result<()> {
    let senders = ports.people.senders(district.id).await?;
    let letters = senders.iter().filter(|sender| sender.channel == Channel::Email && config.letters.go_out());
    let domains: BTreeSet<String> = letters.filter_map(|sender| Some(sender.address.rsplit_once('@')?.1.to_lowercase())).collect();
    if domains.is_empty() {
        return Ok(());
    }
    let Ok(dns) = email::Dns::new(config.letters.resolver()?) else {
        lines.add("mail domains", Stand::Look, "this machine names no name server: letters.resolver may");
        return Ok(());
    };
    for domain in domains {
        let answers = config.letters.answers_at(&domain);
        for (about, word, words) in dns.standing(&domain, &answers, &secrets.signers, &config.letters.leaves_from).await {
            // Until it is live, nobody waits for a letter.
            let stand = match word {
                Word::Good => Stand::Ok,
                Word::Bad if !district.rehearsal => Stand::Fails,
                Word::Look | Word::Bad => Stand::Look,
            };
            lines.add(about, stand, words);
        }
    }
    Ok(())
}
