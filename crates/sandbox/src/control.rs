//! The control API: what tests, the story and the demo steer the sandbox with. JSON in, JSON out; loopback only.

use crate::carrier::answer;
use crate::state::{Faults, Owner, Sandbox, Text};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

#[derive(Deserialize)]
pub(crate) struct Target {
    webhook: String,
}

/// Where answers of families are posted.
pub(crate) async fn target(State(sandbox): State<Arc<Sandbox>>, Json(target): Json<Target>) -> Json<bool> {
    sandbox.memory().webhook = Some(target.webhook);
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
pub(crate) async fn journal(State(sandbox): State<Arc<Sandbox>>) -> Json<Vec<Text>> {
    Json(sandbox.memory().texts.clone())
}

#[derive(Deserialize)]
pub(crate) struct Write {
    phone: String,
    number: String,
    body: String,
    #[serde(default)]
    meant_for: String,
}

#[derive(Serialize)]
pub(crate) struct Written {
    sid: String,
    status: u16,
}

/// A family writes.
pub(crate) async fn text(State(sandbox): State<Arc<Sandbox>>, Json(write): Json<Write>) -> Json<Written> {
    let (sid, status) = answer(&sandbox, &write.phone, &write.number, &write.body, &write.meant_for).await;
    Json(Written { sid, status })
}
