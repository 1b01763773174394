//! What Infobip's statuses and errors mean for us.
//!
//! Sources: the page "Response status and error codes" (its names, ids and descriptions, also as public repositories quote them:
//! REJECTED_DUPLICATE_MESSAGE_ID and its neighbours in NextSMS's `StatusName.php`); `MessageErrorGroup` and `MessageGeneralStatus`
//! of PyPI's `infobip-api-python-client` 6.0.0.

use crate::company::reading::json::field;
use domain::carrier::SendFault;
use serde_json::Value;
use std::time::Duration;

/// Status ids of the page "Response status and error codes", for an answer that names none.
const STATUSES: &[(&str, &str)] = &[
    ("2", "DELIVERED_TO_OPERATOR"),
    ("8", "REJECTED_PREFIX_MISSING"),
    ("11", "REJECTED_SOURCE"),
    ("12", "REJECTED_NOT_ENOUGH_CREDITS"),
    ("13", "REJECTED_SENDER"),
    ("14", "REJECTED_DESTINATION"),
    ("17", "REJECTED_PREPAID_PACKAGE_EXPIRED"),
    ("18", "REJECTED_DESTINATION_NOT_REGISTERED"),
    ("19", "REJECTED_ROUTE_NOT_AVAILABLE"),
    ("20", "REJECTED_FLOODING_FILTER"),
    ("21", "REJECTED_SYSTEM_ERROR"),
    ("23", "REJECTED_DUPLICATE_MESSAGE_ID"),
    ("29", "EXPIRED_DLR_UNKNOWN"),
    ("51", "MISSING_TO"),
    ("52", "REJECTED_INVALID_DESTINATION"),
];

/// A status or an error as its page spells it; words from outside are not let through as they are.
pub(super) fn name_of(what: &Value) -> String {
    let plain = |name: &String| (3..60).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let id = field(what, "id").unwrap_or_default();
    let known = || STATUSES.iter().find(|(number, _)| *number == id).map(|(_, name)| (*name).to_owned());
    field(what, "name").filter(plain).or_else(known).unwrap_or(id)
}

/// Where a status belongs: 0 accepted, 1 pending, 2 undeliverable, 3 delivered, 4 expired, 5 rejected.
pub(super) fn group_of(status: &Value) -> Option<u8> {
    let names = ["ACCEPTED", "PENDING", "UNDELIVERABLE", "DELIVERED", "EXPIRED", "REJECTED"];
    let by_name = || field(status, "groupName").and_then(|name| names.iter().position(|known| *known == name)).map(|place| place as u8);
    field(status, "groupId").and_then(|id| id.parse().ok()).or_else(by_name)
}

/// What a status (`REJECTED_…`) or an error (`EC_…`) means for us, by the descriptions of "Response status and error codes".
pub(super) fn fault_of(name: &str) -> SendFault {
    let hours = |count: u64| SendFault::Throttled { after: Some(Duration::from_secs(count * 3600)) };
    let config = |what: &str| SendFault::Config(format!("Infobip: {what} ({name})"));
    match name {
        // Stopped with the carrier, or on the account's blocklist, where Infobip itself puts who answered STOP.
        "EC_CONTENT_BLOCKED" | "EC_BLACKLISTED_DESTINATIONADDRESS" | "REJECTED_DESTINATION" => SendFault::OptedOut,
        "REJECTED_PREFIX_MISSING"
        | "REJECTED_INVALID_DESTINATION"
        | "MISSING_TO"
        | "EC_UNKNOWN_SUBSCRIBER"
        | "EC_ILLEGAL_SUBSCRIBER"
        | "EC_TELESERVICE_NOT_PROVISIONED"
        | "EC_INVALID_DESTINATION_ADDRESS"
        | "EC_DEACTIVATED_LIST" => SendFault::BadAddress(format!("the number does not take texts ({name})")),
        "REJECTED_SOURCE" => config("register this sender number for the account"),
        "REJECTED_SENDER" | "EC_BLACKLISTED_SENDERADDRESS" => config("our number is blocked; ask their support"),
        "REJECTED_NOT_ENOUGH_CREDITS" | "REJECTED_PREPAID_PACKAGE_EXPIRED" => config("top up the account"),
        "REJECTED_DESTINATION_NOT_REGISTERED" => config("the account is still a trial: it sends to its own number only"),
        "REJECTED_ROUTE_NOT_AVAILABLE" => config("the account is not set up to send; ask their account manager"),
        // Twenty texts, or six alike, an hour to one number.
        "REJECTED_FLOODING_FILTER" | "EC_DESTINATION_FLOODING" | "EC_DESTINATION_TXT_FLOODING" => hours(1),
        "EC_QUOTA_REACHED" => hours(24),
        "EC_LIMIT_REACHED" | "EC_10DLC_LIMIT_REACHED" => SendFault::Throttled { after: None },
        "REJECTED_SYSTEM_ERROR" => SendFault::NotSent("Infobip asks to send it again".into()),
        "REJECTED_DUPLICATE_MESSAGE_ID" => SendFault::Unclear("Infobip knows this attempt already".into()),
        "EC_ABSENT_SUBSCRIBER"
        | "EC_ABSENT_SUBSCRIBER_SM"
        | "EC_UNIDENTIFIED_SUBSCRIBER"
        | "EC_SUBSCRIBER_BUSY_FOR_MT_SMS"
        | "EC_MESSAGE_WAITING_LIST_FULL"
        | "EC_SM_DF_MEMORYCAPACITYEXCEEDED" => SendFault::NotSent(format!("the phone is off, full or out of reach ({name})")),
        name => SendFault::Refused { code: name.to_owned() },
    }
}
