//! What must hold of any call to any company's webhook: nobody gets in without the secret, the same call is read the same way each
//! time, and what is handed on is what every database keeps.

use super::accounts::{at, call};
use domain::carrier::Event;
use domain::mask::Phone;

/// The most characters of an id, a number or a code that is handed on: an index of PostgreSQL takes a third of 8 KiB.
const MOST: usize = 200;

/// Reads an input as a call.
pub fn holds(bytes: &[u8]) {
    let (account, call) = call(bytes);
    let provider = &account.provider;
    assert!(provider.authentic(&call, &at()).is_err(), "{}: a call that nobody signed is let in", account.kind);
    let events = provider.events(&call);
    assert_eq!(events, provider.events(&call), "{}: read twice, it says two things", account.kind);
    for event in events.iter().flatten() {
        fit(event, &account.kind);
    }
}

/// What the flows and the store may rely on.
fn fit(event: &Event, kind: &str) {
    match event {
        Event::Incoming { key, from, to, text, media, part, .. } => {
            key_is_fit(key, kind);
            phone_is_fit(from, kind);
            phone_is_fit(to, kind);
            assert!(!text.reveal().contains('\0'), "{kind}: a text with NUL, which no database takes");
            let says = !from.reveal().is_empty() || !text.reveal().is_empty() || !media.is_empty();
            assert!(says, "{kind}: nobody says nothing, and it is taken for a text");
            for link in media {
                assert!(!link.is_empty() && !link.contains('\0') && link.len() <= 8000, "{kind}: a link");
            }
            if let Some(part) = part {
                assert!(part.of > 1 && (1..=part.of).contains(&part.number), "{kind}: part {} of {}", part.number, part.of);
                word_is_fit(&part.set, "what parts have in common", kind);
            }
        }
        Event::Receipt { key, reference, provider_id, code, ours, .. } => {
            key_is_fit(key, kind);
            for (word, what) in [(reference, "a reference"), (&Some(provider_id.clone()), "an id"), (code, "a code")] {
                word_is_fit(word.as_deref().unwrap_or_default(), what, kind);
            }
            ours.iter().for_each(|ours| phone_is_fit(ours, kind));
        }
        Event::MissedCall { key, from, to, .. } => {
            key_is_fit(key, kind);
            phone_is_fit(from, kind);
            phone_is_fit(to, kind);
        }
        Event::Ignored(_) => {}
    }
}

fn key_is_fit(key: &str, kind: &str) {
    let fit = !key.is_empty() && key.len() <= MOST && key.bytes().all(|byte| byte.is_ascii_graphic());
    assert!(fit, "{kind}: a replay key of {} octets", key.len());
}

fn phone_is_fit(phone: &Phone, kind: &str) {
    word_is_fit(phone.reveal(), "a number", kind);
    assert!(format!("{phone:?}").chars().count() <= 3, "{kind}: a number is printed");
}

fn word_is_fit(word: &str, what: &str, kind: &str) {
    assert!(!word.contains('\0'), "{kind}: {what} with NUL, which no database takes");
    assert!(word.chars().count() <= MOST, "{kind}: {what} of {} characters, which no index takes", word.chars().count());
}

/// Every kind has an account here.
#[test]
fn every_kind_is_read() {
    for kind in sms::KINDS {
        assert!(super::accounts::accounts().iter().any(|account| account.kind.split('/').next() == Some(kind.name)), "{}", kind.name);
    }
}
