//! The control API: what tests, the story and the demo steer the sandbox with. JSON in, JSON out; loopback only.

use crate::calls;
use crate::carrier::answer;
use crate::letter::Letter;
use crate::smtp;
use crate::state::{Faults, Owner, Sandbox, Text};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

#[derive(Deserialize)]
pub(crate) struct Target {
    webhook: String,
    #[serde(default)]
    lmtp: Option<String>,
}

/// Where answers of families are posted and handed over.
pub(crate) async fn target(State(sandbox): State<Arc<Sandbox>>, Json(target): Json<Target>) -> Json<bool> {
    let mut memory = sandbox.memory();
    memory.webhook = Some(target.webhook);
    memory.lmtp = target.lmtp;
    Json(true)
}

#[derive(Deserialize)]
pub(crate) struct Named {
    number: String,
    #[serde(flatten)]
    owner: Owner,
}

/// Whose phone it is.
pub(crate) async fn name(State(sandbox): State<Arc<Sandbox>>, Json(named): Json<Vec<Named>>) -> Json<bool> {
    let mut memory = sandbox.memory();
    for named in named {
        memory.owners.insert(named.number, named.owner);
    }
    Json(true)
}

#[derive(Deserialize)]
pub(crate) struct Fault {
    number: String,
    faults: Faults,
}

/// What goes wrong for a number.
pub(crate) async fn fault(State(sandbox): State<Arc<Sandbox>>, Json(fault): Json<Fault>) -> Json<bool> {
    sandbox.memory().faults.insert(fault.number, fault.faults);
    Json(true)
}

#[derive(Serialize)]
pub(crate) struct Phone {
    number: String,
    owner: Owner,
    texts: Vec<Text>,
}

/// Phones with their texts.
pub(crate) async fn phones(State(sandbox): State<Arc<Sandbox>>) -> Json<Vec<Phone>> {
    let numbers = sandbox.phones();
    let memory = sandbox.memory();
    let phone = |number: String| Phone {
        owner: memory.owners.get(&number).cloned().unwrap_or_default(),
        texts: memory.texts.iter().filter(|text| text.phone == number).cloned().collect(),
        number,
    };
    Json(numbers.into_iter().map(phone).collect())
}

/// Everything carried, oldest first.
pub(crate) async fn journal(State(sandbox): State<Arc<Sandbox>>) -> Json<Vec<serde_json::Value>> {
    let memory = sandbox.memory();
    let texts = memory.texts.iter().filter_map(|text| serde_json::to_value(text).ok());
    Json(texts.chain(memory.letters.iter().filter_map(|letter| serde_json::to_value(letter).ok())).collect())
}

#[derive(Serialize)]
pub(crate) struct Mailbox {
    address: String,
    owner: Owner,
    letters: Vec<Letter>,
}

/// Mailboxes with their letters.
pub(crate) async fn mailboxes(State(sandbox): State<Arc<Sandbox>>) -> Json<Vec<Mailbox>> {
    let boxes = sandbox.mailboxes();
    let memory = sandbox.memory();
    let mailbox = |address: String| Mailbox {
        owner: memory.owners.get(&address).cloned().unwrap_or_default(),
        letters: memory.letters.iter().filter(|letter| letter.mailbox == address).cloned().collect(),
        address,
    };
    Json(boxes.into_iter().map(mailbox).collect())
}

#[derive(Deserialize)]
pub(crate) struct WriteLetter {
    mailbox: String,
    to: String,
    /// Of a letter that answers none.
    #[serde(default)]
    subject: String,
    body: String,
    #[serde(default)]
    meant_for: String,
    /// An absence notice.
    #[serde(default)]
    automatic: bool,
}

/// A family writes a letter.
pub(crate) async fn letter(State(sandbox): State<Arc<Sandbox>>, Json(write): Json<WriteLetter>) -> Json<Written> {
    let (sid, status) =
        smtp::answer(&sandbox, &write.mailbox, &write.to, &write.subject, &write.body, &write.meant_for, write.automatic).await;
    Json(Written { sid, status })
}

#[derive(Deserialize)]
pub(crate) struct Write {
    phone: String,
    number: String,
    body: String,
    #[serde(default)]
    meant_for: String,
    /// With a child's drawing.
    #[serde(default)]
    drawing: bool,
}

#[derive(Serialize)]
pub(crate) struct Written {
    sid: String,
    status: u16,
}

/// A family writes.
pub(crate) async fn text(State(sandbox): State<Arc<Sandbox>>, Json(write): Json<Write>) -> Json<Written> {
    let (sid, status) = answer(&sandbox, &write.phone, &write.number, &write.body, &write.meant_for, write.drawing).await;
    Json(Written { sid, status })
}

#[derive(Deserialize)]
pub(crate) struct Ring {
    phone: String,
    number: String,
    /// Where it is put through, somebody takes it.
    #[serde(default)]
    taken: bool,
}

/// A family calls; what it hears.
pub(crate) async fn call(State(sandbox): State<Arc<Sandbox>>, Json(ring): Json<Ring>) -> Json<Vec<String>> {
    Json(calls::ring(&sandbox, &ring.phone, &ring.number, ring.taken).await)
}
