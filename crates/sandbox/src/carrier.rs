//! The carrier's work: a text to a phone with its receipts, and a family's answer to a webhook.

use crate::hooks::post;
use crate::state::{Faults, Sandbox, Text};
use std::sync::Arc;

/// Sends the receipts of an accepted text, in the order its faults ask for.
pub(crate) fn receipts(sandbox: Arc<Sandbox>, text: Text, callback: String, faults: Faults) {
    tokio::spawn(async move {
        let end = if faults.landline { "undelivered" } else { "delivered" };
        let mut states = vec!["sent", end];
        if faults.reorder {
            states.reverse();
        }
        sandbox.settle(&text.sid, end);
        for state in states {
            let code = if state == "undelivered" { "30006" } else { "" };
            let fields = [
                ("MessageSid", text.sid.as_str()),
                ("MessageStatus", state),
                ("To", &text.phone),
                ("From", &text.number),
                ("AccountSid", &sandbox.settings.account),
                ("ErrorCode", code),
            ];
            let fields: Vec<(&str, &str)> = fields.into_iter().filter(|(key, value)| *key != "ErrorCode" || !value.is_empty()).collect();
            for _ in 0..if faults.twice { 2 } else { 1 } {
                retried(&sandbox, &callback, &fields).await;
            }
        }
    });
}

async fn retried(sandbox: &Sandbox, url: &str, fields: &[(&str, &str)]) -> u16 {
    let mut status = 0;
    for _ in 0..3 {
        status = post(sandbox, url, fields).await;
        if (200..300).contains(&status) || status == 403 {
            break;
        }
    }
    status
}

/// A family writes to one of our numbers. Gives the message id and the webhook's status.
pub(crate) async fn answer(sandbox: &Sandbox, phone: &str, number: &str, body: &str, meant_for: &str, drawing: bool) -> (String, u16) {
    let sid = sandbox.sid();
    let (webhook, twice, reorder) = {
        let memory = sandbox.memory();
        let faults = memory.faults.get(phone).cloned().unwrap_or_default();
        (memory.webhook.clone(), faults.twice, faults.reorder)
    };
    sandbox.keep(Text {
        sid: sid.clone(),
        phone: phone.to_owned(),
        number: number.to_owned(),
        answered: true,
        body: if drawing { format!("{body} 🖼") } else { body.to_owned() },
        at: (sandbox.settings.now)(),
        state: String::new(),
        reference: String::new(),
        meant_for: meant_for.to_owned(),
    });
    let link = format!("{}/media/{sid}", sandbox.memory().own);
    let fields = [
        ("MessageSid", sid.as_str()),
        ("AccountSid", &sandbox.settings.account),
        ("From", phone),
        ("To", number),
        ("Body", body),
        ("NumMedia", if drawing { "1" } else { "0" }),
        ("SmsStatus", "received"),
        ("MediaUrl0", &link),
        ("MediaContentType0", "image/png"),
    ];
    let fields = if drawing { &fields[..] } else { &fields[..7] };
    let mut status = 0;
    if let Some(webhook) = webhook {
        let before = sandbox.memory().held_back.remove(phone);
        if reorder && before.is_none() {
            let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            sandbox.memory().held_back.insert(phone.to_owned(), fields);
            return (sid, 202);
        }
        for _ in 0..if twice { 2 } else { 1 } {
            status = retried(sandbox, &webhook, fields).await;
        }
        if let Some(before) = before {
            let fields: Vec<(&str, &str)> = before.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let status = retried(sandbox, &webhook, &fields).await;
            let sid = fields.iter().find(|(name, _)| *name == "MessageSid").map_or("", |(_, value)| value);
            sandbox.settle(sid, &status.to_string());
        }
    }
    sandbox.settle(&sid, &status.to_string());
    (sid, status)
}
