//! A family calls one of our numbers: the company's voice webhook, and what its answer does to the call.
//!
//! Source: Twilio's TwiML pages, "Say" and "Dial". Only those two are understood; nothing is heard or spoken, all of it is kept as words.

use crate::hooks::call;
use crate::state::{Sandbox, Text};
use std::sync::Arc;

/// Calls; `taken` = where it is put through, somebody takes it. Gives what the caller hears, or the phone that rings, line by line.
pub(crate) async fn ring(sandbox: &Arc<Sandbox>, phone: &str, number: &str, taken: bool) -> Vec<String> {
    let sid = sandbox.sid().replacen("SM", "CA", 1);
    let account = sandbox.settings.account.clone();
    let keep = |answered: bool, body: &str, state: &str| {
        sandbox.keep(Text {
            sid: sandbox.sid(),
            phone: phone.to_owned(),
            number: number.to_owned(),
            answered,
            body: body.to_owned(),
            at: (sandbox.settings.now)(),
            state: state.to_owned(),
            reference: String::new(),
            meant_for: String::new(),
        });
    };
    let Some(webhook) = sandbox.memory().webhook.clone() else { return Vec::new() };
    let basic = [("CallSid", sid.as_str()), ("AccountSid", &account), ("From", phone), ("To", number), ("Direction", "inbound")];
    let (status, first) = call(sandbox, &webhook, &[basic.as_slice(), &[("CallStatus", "ringing")]].concat()).await;
    keep(true, "📞", &status.to_string());
    let mut heard = words(&first);
    if let (Some(action), Some(school)) = (attribute(&first, "action"), between(&first, "<Number>", "</Number>")) {
        heard.push(format!("→ {school}"));
        let ended = if taken { "completed" } else { "no-answer" };
        let fields = [basic.as_slice(), &[("CallStatus", "in-progress"), ("DialCallStatus", ended)]].concat();
        heard.extend(words(&call(sandbox, &action, &fields).await.1));
    }
    for line in &heard {
        keep(false, line, "said on the phone");
    }
    heard
}

/// What is said, in its order.
fn words(document: &str) -> Vec<String> {
    let said = document.split("<Say").skip(1).filter_map(|rest| between(rest, ">", "</Say>"));
    said.collect()
}

fn attribute(document: &str, name: &str) -> Option<String> {
    between(document, &format!(" {name}=\""), "\"")
}

fn between(text: &str, start: &str, end: &str) -> Option<String> {
    let (_, rest) = text.split_once(start)?;
    let (inside, _) = rest.split_once(end)?;
    Some(inside.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&"))
}
