//! What Vonage's codes mean for us. Sources: Vonage, "Troubleshooting SMS" (statuses of a send) and "Delivery receipts" (error codes
//! of a receipt); "Messaging Opted-out Numbers" for 9; 16 and 50 to 54 are named in courier's `handlers/nexmo/handler.go` only.

use domain::carrier::SendFault;
use std::time::Duration;

/// Why a send was not taken. `words` is the company's text: only its waiting time is read, since it may name the number.
pub(super) fn of_send(status: &str, words: &str) -> SendFault {
    let config = |what: &str| SendFault::Config(format!("{what} ({status})"));
    match status {
        "1" => SendFault::Throttled { after: waiting(words) },
        "10" => SendFault::Throttled { after: None },
        "4" => config("the company does not know this API key and secret: check api_key and api_secret"),
        // "An error has occurred in the platform whilst processing this message": it does not say that none went.
        "5" => SendFault::Unclear("the company had an internal error (5)".into()),
        "6" | "7" | "33" => SendFault::BadAddress(format!("the number does not take texts ({status})")),
        "8" => config("the company suspended our account: write to its support"),
        "9" => config("the account has no credit left: top it up"),
        "11" => config("the account may not use the SMS API: write to the company's support"),
        "14" => config("the company refuses our signature: check signature_secret and signature_algorithm"),
        "15" => config("our number may not send there: check the number and its registration with the company"),
        "23" => config("the company does not take our address for receipts: check public_url"),
        "29" => config("the account is still in demo mode: top it up"),
        "32" => config("the account wants signed sends only: leave out api_secret"),
        _ => SendFault::Refused { code: status.to_owned() },
    }
}

/// "Throughput Rate Exceeded - please wait [ 250 ] and retry": milliseconds, as courier reads them.
fn waiting(words: &str) -> Option<Duration> {
    let (inside, _) = words.split_once('[')?.1.split_once(']')?;
    let millis: u64 = inside.trim().parse().ok()?;
    Some(Duration::from_secs(millis.div_ceil(1000).clamp(1, 3600)))
}

/// Why a text did not arrive.
pub(super) fn of_receipt(code: &str) -> SendFault {
    match code {
        "2" | "7" => SendFault::NotSent(format!("the phone is off or out of reach ({code})")),
        "8" => SendFault::NotSent("the carrier's network failed (8)".into()),
        "3" | "4" | "12" | "14" => SendFault::BadAddress(format!("the number does not take texts ({code})")),
        "9" => SendFault::OptedOut,
        "16" => SendFault::Throttled { after: None },
        code => SendFault::Refused { code: code.to_owned() },
    }
}
