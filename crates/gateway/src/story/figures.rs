//! The story's figures: what the pages count, and where each reply ended, compared with whom the family meant.

use super::Teller;
use super::browser::{Browser, between, links};
use serde_json::{Value, json};

/// Once everything has settled.
pub(super) async fn figures(teller: &Teller<'_>, principal: &Browser, teachers: &[(&str, &Browser)]) -> anyhow::Result<Value> {
    let settled = |text: &str| {
        let value: Value = serde_json::from_str(text).unwrap_or_default();
        let open = value["deliveries"].as_array().into_iter().flatten().any(|row| {
            let state = row["state"].as_str().unwrap_or_default();
            // A mail server says "taken", and nothing after that.
            ["queued", "claimed"].contains(&state) || state == "accepted" && row["channel"] == "sms"
        });
        value["received"].as_i64().unwrap_or(0) >= 7 && !open
    };
    let text = principal.until("/figures.json", "everything to settle", settled).await?;
    let all: Value = serde_json::from_str(&text)?;
    let count = |channel: &str, states: &[&str]| -> i64 {
        let rows = all["deliveries"].as_array().into_iter().flatten();
        rows.filter(|row| row["channel"] == channel && states.contains(&row["state"].as_str().unwrap_or_default()))
            .filter_map(|row| row["count"].as_i64())
            .sum()
    };
    let journal = teller.http.get(&format!("{}/control/journal", teller.demo.sandbox)).await?;
    let mut misrouted = 0;
    for reply in journal
        .as_array()
        .into_iter()
        .flatten()
        .filter(|row| row["answered"] == true && row["meant_for"].as_str().is_some_and(|who| !who.is_empty()))
    {
        let (meant, body) = (reply["meant_for"].as_str().unwrap_or_default(), reply["body"].as_str().unwrap_or_default());
        for (title, browser) in teachers {
            let here = holds(browser, &names_at(teller, reply), body).await?;
            if here != (*title == meant) {
                misrouted += 1;
            }
        }
    }
    let families = teller.demo.draft.guardians.len();
    let languages: Vec<&str> = all["languages"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let email = |states: &[&str]| count("email", states);
    Ok(json!({
        "families": families,
        "languages": languages,
        "messages": all["messages"],
        "deliveries": { "sms": { "delivered": count("sms", &["delivered"]), "failed": count("sms", &["failed"]) }, "email": { "delivered": email(&["delivered", "accepted"]), "failed": email(&["failed"]) } },
        "replies": { "received": all["received"], "routed": all["routed"], "asked": all["asked"], "office": all["office"], "misrouted": misrouted },
        "held": all["held"],
    }))
}

/// Who in the sample has the phone or mailbox a reply came from.
fn names_at(teller: &Teller<'_>, reply: &Value) -> Vec<String> {
    let draft = &teller.demo.draft;
    let at = reply["phone"].as_str().or(reply["mailbox"].as_str()).unwrap_or_default();
    let owners = draft.contacts.iter().filter(|contact| contact.value == at);
    let guardian = |source: &str| draft.guardians.iter().find(|guardian| guardian.source == source);
    owners.filter_map(|contact| guardian(&contact.guardian)).map(|guardian| format!("{} {}", guardian.given, guardian.family)).collect()
}

/// Whether a teacher's conversation with this family shows these words (an answer by digit shows as its meaning).
async fn holds(browser: &Browser, names: &[String], body: &str) -> anyhow::Result<bool> {
    let inbox = browser.page("/").await?;
    let digit = body.chars().next().is_some_and(|mark| mark.is_ascii_digit());
    let words = if digit { "answer by number" } else { body };
    let words = words.replace('\'', "&#39;");
    for thread in links(&inbox, "/thread/") {
        let page = browser.page(&thread).await?;
        let with_them = names.iter().any(|name| between(&page, "<h1>", "</h1>").contains(&name.replace('\'', "&#39;")));
        if with_them && between(&page, "id=\"bubbles\"", "</ol>").contains(&words) {
            return Ok(true);
        }
    }
    Ok(false)
}
