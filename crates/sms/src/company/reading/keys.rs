//! Replay keys, digests, codes and their comparison.
//!
//! Must never know a company. A key is short and printable whatever the other side calls an id; a comparison takes the same time
//! whatever is wrong, and nothing is ever the same as nothing.

use domain::hex;
use hmac::{KeyInit, Mac};
use sha2::Digest;
use subtle::{Choice, ConstantTimeEq};

/// A replay key of a kind and an id. An id that nobody could mean is put as its digest: cut, it could be another's.
pub(in crate::company) fn key(kind: &str, id: &str) -> String {
    let plain = (1..=100).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic());
    if plain { format!("{kind}:{id}") } else { format!("{kind}:~{}", digest(&[id.as_bytes()])) }
}

/// The same where the company may give no id: then all there is tells one event from another.
pub(in crate::company) fn key_or(kind: &str, id: Option<&str>, all: &[u8]) -> String {
    match id.filter(|id| !id.is_empty()) {
        Some(id) => key(kind, id),
        None => format!("{kind}:~{}", digest(&[all])),
    }
}

/// A word for what has no id of its own: the same for the same parts, another where the same bytes are parted otherwise.
pub(in crate::company) fn digest(parts: &[&[u8]]) -> String {
    let mut hash = sha2::Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hex(&hash.finalize()[..20])
}

/// Hexadecimal digits read back.
pub(in crate::company) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text.chars().map(|mark| mark.to_digit(16).map(|digit| digit as u8)).collect();
    let digits = digits.filter(|digits| digits.len().is_multiple_of(2))?;
    Some(digits.chunks(2).map(|pair| pair[0] * 16 + pair[1]).collect())
}

/// A code over these bytes, one after the other, under a secret.
pub(in crate::company) fn code<M: Mac + KeyInit>(secret: &str, parts: &[&[u8]]) -> Vec<u8> {
    // An HMAC takes a key of any length; were there one it does not take, nothing would verify (see `any_is`).
    let signed = |mac: M| parts.iter().fold(mac, |mac, part| mac.chain_update(part)).finalize().into_bytes().to_vec();
    M::new_from_slice(secret.as_bytes()).map(signed).unwrap_or_default()
}

/// Whether one of the good ones is what was given. All are compared, whichever fits; an empty one opens nothing.
pub(in crate::company) fn any_is<T: AsRef<[u8]>>(good: impl IntoIterator<Item = T>, given: &[u8]) -> bool {
    let same = good.into_iter().fold(Choice::from(0), |same, good| same | good.as_ref().ct_eq(given));
    bool::from(same) && !given.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use hmac::Hmac;

    #[test]
    fn a_key_is_short_and_printable() {
        assert_eq!(key("sms", "0B00-1"), "sms:0B00-1");
        assert_eq!(key_or("sms", Some("7"), b"all"), "sms:7");
        for id in ["x".repeat(9_000), "a\0b".into(), "ع".into(), String::new()] {
            let key = key("sms", &id);
            assert!(key.len() < 60 && key.bytes().all(|byte| byte.is_ascii_graphic()), "{key}");
        }
        let long = |last: &str| key("sms", &format!("{}{last}", "x".repeat(9_000)));
        assert_ne!(long("1"), long("2"), "two long ids are not one");
    }

    #[test]
    fn a_key_without_an_id_says_all_there_is() {
        assert_ne!(key_or("sms", None, b"one"), key_or("sms", None, b"two"));
        assert_eq!(key_or("sms", Some(""), b"one"), key_or("sms", None, b"one"));
        assert_ne!(digest(&[b"ab", b"c"]), digest(&[b"a", b"bc"]));
    }

    #[test]
    fn digits_come_and_go() {
        assert_eq!((hex(&[10, 255]), unhex("0aFf")), ("0aff".into(), Some(vec![10, 255])));
        assert_eq!((unhex("0"), unhex("xy"), unhex("")), (None, None, Some(vec![])));
    }

    #[test]
    fn a_code_is_rfc_4231s() {
        let made = code::<Hmac<sha2::Sha256>>("Jefe", &[b"what do ya want ", b"for nothing?"]);
        assert_eq!(hex(&made), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }

    #[test]
    fn nothing_opens_with_nothing() {
        assert!(any_is(["new", "old"], b"old") && any_is(["new", "old"], b"new"));
        for given in [&b""[..], b"ne", b"newer", b"NEW"] {
            assert!(!any_is(["new", "old"], given));
        }
        assert!(!any_is([""], b"") && !any_is([b""; 0], b"x"));
    }
}
