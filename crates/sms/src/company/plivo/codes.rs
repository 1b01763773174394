//! What Plivo's codes mean for us. Sources: Plivo, "Error Codes" page and "Introducing SMS Error Codes", its blog, for the codes of a
//! receipt; "API Response" page for the statuses of a send; 900 and 910 stand in another gateway's table only. A code of none of them
//! is refused: never repeated.

use crate::company::reading::json;
use domain::carrier::SendFault;
use domain::wire::WireAnswer;
use serde_json::Value;
use std::time::Duration;

/// Why a text did not arrive.
pub(super) fn of_receipt(code: &str) -> SendFault {
    match code {
        "20" => SendFault::NotSent("the carrier's network failed (20)".into()),
        "80" => SendFault::NotSent("the phone is off or out of reach (80)".into()),
        "40" => SendFault::Config("our number may not send texts: check it and its registration with the company (40)".into()),
        "900" => SendFault::Config("the account has no credit left: top it up (900)".into()),
        "910" => SendFault::Config("the company disabled our account: write to its support (910)".into()),
        // 50 may be a landline, a number that takes no texts or no number at all: the company does not say which.
        "50" | "70" => SendFault::BadAddress(format!("the number does not take texts ({code})")),
        "200" => SendFault::OptedOut,
        code => SendFault::Refused { code: code.to_owned() },
    }
}

/// Why a send was not taken. The error is a sentence without a code; it may name the number, so only the name
/// of the parameter is read out of it.
pub(super) fn of_send(answer: &WireAnswer) -> SendFault {
    let status = answer.status;
    match status {
        401 | 403 => SendFault::Config(format!("the company refuses our account: check auth_id and auth_token (HTTP {status})")),
        402 => SendFault::Config("the account has no credit left: top it up (HTTP 402)".into()),
        404 | 405 => SendFault::Config(format!("the company knows no such account: check auth_id and base_url (HTTP {status})")),
        429 => {
            let after = answer.header("retry-after").and_then(|text| text.parse().ok()).map(Duration::from_secs);
            SendFault::Throttled { after }
        }
        500.. => SendFault::Unclear(format!("HTTP {status}")),
        _ => {
            let read = json::read(answer.header("content-type"), &answer.body);
            let words = read.as_ref().and_then(|read| read.get("error")).map(Value::to_string).unwrap_or_default().to_lowercase();
            let names = |name: &str| words.split(|mark: char| !mark.is_ascii_alphanumeric()).any(|word| word == name);
            match (names("src") || names("source"), names("dst") || names("destination")) {
                (true, false) => {
                    SendFault::Config(format!("the company refuses our number: is it rented there, with texts? (HTTP {status})"))
                }
                (false, true) => SendFault::BadAddress(format!("the number does not take texts (HTTP {status})")),
                _ => SendFault::Refused { code: format!("HTTP {status}") },
            }
        }
    }
}
