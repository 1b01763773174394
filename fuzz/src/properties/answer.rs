//! What must hold of any answer to a send or a look-up, of any company: it is "taken" only where the company says so, never where a
//! web page answers, and what is told of a refusal is short and nobody's words.

use super::accounts::{Account, answer};
use domain::carrier::{Accepted, Found, SendFault};
use domain::wire::WireAnswer;

/// The most characters of an id, or of what an operator is told.
const MOST: usize = 200;

/// Reads an input as an answer.
pub fn holds(bytes: &[u8]) {
    let (account, answer) = answer(bytes);
    one(account, &answer);
    // What stands in front of a company answers a page of its own, with whatever status.
    let mut page = answer;
    page.body = [b"<!DOCTYPE html><html><body>", &page.body[..]].concat();
    page.headers = vec![("content-type".into(), "text/html".into())];
    let taken = account.provider.accepted(&page);
    assert!(taken.is_err(), "{}: a web page with {} is taken for an acceptance", account.kind, page.status);
    let found = account.provider.found(&page);
    assert_eq!(found, Found::Unclear, "{}: a web page with {} says what became of a text", account.kind, page.status);
}

fn one(Account { kind, provider }: &Account, answer: &WireAnswer) {
    let said = provider.accepted(answer);
    assert_eq!(said, provider.accepted(answer), "{kind}: read twice, it says two things");
    match &said {
        Ok(accepted) => {
            assert!((200..300).contains(&answer.status), "{kind}: taken with {}", answer.status);
            ids_are_fit(accepted, kind);
        }
        Err(fault) => told_is_fit(fault, kind),
    }
    let found = provider.found(answer);
    assert_eq!(found, provider.found(answer), "{kind}: read twice, it says two things");
    if let Found::Found(accepted) = &found {
        ids_are_fit(accepted, kind);
    }
}

fn ids_are_fit(accepted: &Accepted, kind: &str) {
    for id in &accepted.provider_ids {
        let fit = !id.is_empty() && !id.contains('\0') && id.chars().count() <= MOST;
        assert!(fit, "{kind}: an id of {} characters, which no index takes", id.chars().count());
    }
    assert!(accepted.provider_ids.len() <= 1000, "{kind}: {} ids of one text", accepted.provider_ids.len());
}

fn told_is_fit(fault: &SendFault, kind: &str) {
    let words = match fault {
        SendFault::Config(words) | SendFault::BadAddress(words) | SendFault::NotSent(words) => words,
        SendFault::Unclear(words) | SendFault::Garbled(words) | SendFault::Refused { code: words } => words,
        SendFault::OptedOut | SendFault::Throttled { .. } | SendFault::NotMade | SendFault::Lost => return,
    };
    assert!(words.chars().count() <= MOST, "{kind}: an operator is told {} characters", words.chars().count());
    assert!(!words.chars().any(char::is_control), "{kind}: control characters in a log line");
    let digits = words.split(|mark: char| !mark.is_ascii_digit()).map(str::len).max();
    assert!(digits.unwrap_or_default() < 7, "{kind}: a number of {digits:?} digits in a log line, which may be somebody's phone");
}
