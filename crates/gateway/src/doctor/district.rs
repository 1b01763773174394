//! What stands in one district: rehearsal or live, its senders, the checklist of going live, what its people approved.

use super::{Lines, Stand};
use domain::StaffId;
use domain::people::{Channel, District, Role};
use domain::rights::Actor;
use messaging::Flows;
use std::collections::BTreeMap;

/// Adds its lines.
pub async fn look(flows: &Flows, district: &District, lines: &mut Lines) -> anyhow::Result<()> {
    let rehearsal = "rehearsal: nothing leaves but to the addresses on its list; District → Settings goes live";
    lines.either("state", !district.rehearsal, "live", Stand::Look, rehearsal);
    senders(flows, district, lines).await?;
    // Whoever runs this command has the database in hand: it looks as the district's administrator would.
    let actor = Actor { district: district.id, staff: StaffId::HOUSE, roles: vec![Role::District], schools: vec![], classes: vec![] };
    for check in flows.checklist(&actor).await? {
        // What going live waits for is a fault in a district that is live.
        let otherwise = if check.must && !district.rehearsal { Stand::Fails } else { Stand::Look };
        lines.either(&check.name.to_lowercase(), check.good, check.words.clone(), otherwise, check.words);
    }
    approved(flows, district, lines).await
}

async fn senders(flows: &Flows, district: &District, lines: &mut Lines) -> anyhow::Result<()> {
    let all = flows.ports().people.senders(district.id).await?;
    let count = |channel| all.iter().filter(|sender| sender.channel == channel).count();
    let words = format!("{} numbers, {} mail identities", count(Channel::Sms), count(Channel::Email));
    let paused: Vec<String> = all.iter().filter(|sender| sender.paused).map(|sender| sender.id.to_string()).collect();
    if all.is_empty() {
        lines.add("senders", Stand::Look, "none: District → Numbers adds them");
    } else if paused.is_empty() {
        lines.add("senders", Stand::Ok, words);
    } else {
        let advice = "District → Numbers says why, and lets them go on";
        lines.add("senders", Stand::Look, format!("{words}; paused: {}. {advice}", paused.join(", ")));
    }
    Ok(())
}

/// Phrases that somebody approved exactly as they are shipped now.
async fn approved(flows: &Flows, district: &District, lines: &mut Lines) -> anyhow::Result<()> {
    let mut by_language: BTreeMap<String, usize> = BTreeMap::new();
    for row in flows.ports().words.approvals(district.id).await? {
        if flows.speech().phrase_source(&row.language, &row.key).as_deref() == Some(&row.text) {
            *by_language.entry(row.language).or_default() += 1;
        }
    }
    let told: Vec<String> = by_language.iter().map(|(language, count)| format!("{language} {count}")).collect();
    let words = format!("approved here: {}", told.join(", "));
    lines.either("approvals", !told.is_empty(), words, Stand::Look, "no phrase is approved here: Review → Phrases");
    Ok(())
}
