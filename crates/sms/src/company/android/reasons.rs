//! Why the school's phone could not send, as it says it.
//!
//! Source: `resultToErrorMessage` and `sendMessage` in github.com/capcom6/android-sms-gateway `modules/messages/MessagesService.kt`; docs-web
//! `faq/errors.md`.

use domain::carrier::SendFault;
use std::time::Duration;

/// A failure's reason as a code, and what it means for us. The reason itself may hold a number, and goes nowhere.
/// Names: `resultToErrorMessage` in `MessagesService.kt`; the last number of a delivery report is GSM 03.40's TP-Status.
pub(super) fn failure(reason: &str) -> (String, SendFault) {
    let refused = |code: String| (code.clone(), SendFault::Refused { code });
    let config = |code: &str, what: &str| (code.to_owned(), SendFault::Config(format!("the school's phone: {what}")));
    let plain =
        |word: &&str| word.starts_with("RESULT_") && word.len() < 60 && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    let away = |code: &str| (code.to_owned(), SendFault::NotSent(format!("the school's phone has no network ({code})")));
    let small = reason.to_ascii_lowercase();
    match reason.split([' ', ':', ',']).find(plain) {
        Some(code @ ("RESULT_ERROR_LIMIT_EXCEEDED" | "RESULT_RIL_REQUEST_RATE_LIMITED")) => {
            (code.to_owned(), SendFault::Throttled { after: Some(Duration::from_secs(3600)) })
        }
        Some(code @ ("RESULT_ERROR_RADIO_OFF" | "RESULT_ERROR_NO_SERVICE" | "RESULT_RADIO_NOT_AVAILABLE")) => away(code),
        Some(code @ ("RESULT_RIL_RADIO_NOT_AVAILABLE" | "RESULT_RIL_NETWORK_NOT_READY")) => away(code),
        Some(code @ "RESULT_NO_DEFAULT_SMS_APP") => config(code, "choose its app for texts, or say which SIM (setting sim)"),
        Some(code @ "RESULT_RIL_SIM_ABSENT") => config(code, "it has no SIM"),
        Some(code) => refused(code.to_owned()),
        None if small.contains("ttl expired") => refused("expired".into()),
        None if small.contains("sim") && small.contains("found") => config("no-sim", "it has no SIM, or not the one named"),
        None if small.contains("permission") => config("no-permission", "the app may not send texts or choose the SIM: allow it"),
        None if small.contains("invalid") && small.contains("number") => {
            ("invalid-number".into(), SendFault::BadAddress("the phone does not take this number".into()))
        }
        None if small.starts_with("delivery result") => {
            let last = reason
                .rsplit([' ', ':'])
                .next()
                .filter(|word| (1..4).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit()));
            refused(last.map_or("not-delivered".into(), |status| format!("SC-{status}")))
        }
        None => refused("unknown".into()),
    }
}
