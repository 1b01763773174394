//! What companies that sign nothing show instead: a secret in the address of our webhook, or a name with a password. Whoever knows
//! it is the company.
//!
//! It covers no body and no time: a replay is kept out by its key alone, and an address must not reach anybody's log.
//!
//! Must never know a company.

use super::super::{Given, Setting, Wrong};
use super::form::{Fields, percent};
use super::keys::any_is;
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::wire::{Refusal, WireCall};

/// The settings every such kind has.
pub(in crate::company) const NEW: Setting =
    Setting::secret("hook_secret", "Stands in our webhook's address, known to the gateway and us only: 16 or more letters and digits.");
/// While it is changed.
pub(in crate::company) const OLD: Setting =
    Setting::secret_or_none("old_hook_secret", "While it is changed: the one that receipts under way still carry.");

/// Secrets that are good: the first is put into addresses, each opens.
#[derive(Clone)]
pub(in crate::company) struct HookSecret {
    name: String,
    good: Vec<String>,
}

impl HookSecret {
    /// Of an account, in the query's field of this name.
    pub(in crate::company) fn of(given: &Given, name: &str) -> Result<Self, Wrong> {
        let mut good = Vec::new();
        for setting in ["hook_secret", "old_hook_secret"] {
            match given.get(setting) {
                "" if setting == "old_hook_secret" => {}
                word if fit(word) => good.push(word.to_owned()),
                _ => {
                    let want = "must be at least 16 letters, digits, - or _, since it stands in an address; openssl rand -hex 16 makes one";
                    return Err(Wrong { setting: setting.into(), want: want.into() });
                }
            }
        }
        Ok(Self { name: name.to_owned(), good })
    }

    /// `name=secret`, for an address.
    pub(in crate::company) fn pair(&self) -> String {
        format!("{}={}", percent(self.name.as_bytes()), self.good.first().map_or("", String::as_str))
    }

    /// Whether the call's query carries one.
    pub(in crate::company) fn check(&self, call: &WireCall) -> Result<(), Refusal> {
        let query = Fields::of_query(&call.url);
        let given = query.bytes(&self.name).ok_or(Refusal::Forged("no secret in the address"))?;
        if any_is(&self.good, given) { Ok(()) } else { Err(Refusal::Forged("the secret in the address is not ours")) }
    }
}

fn fit(word: &str) -> bool {
    word.len() >= 16 && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// A name and a password as a header carries them (RFC 7617).
pub(in crate::company) fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
}

/// Whether the call shows this name and password, written `name:password`.
pub(in crate::company) fn check_basic(call: &WireCall, pair: &str) -> Result<(), Refusal> {
    let given = call.header("authorization").and_then(|given| given.trim().split_once(' '));
    let shown = given.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic")).and_then(|(_, shown)| STANDARD.decode(shown.trim()).ok());
    let shown = shown.ok_or(Refusal::Forged("no password"))?;
    if any_is([pair], &shown) { Ok(()) } else { Err(Refusal::Forged("the password is wrong")) }
}

/// Whether two addresses have scheme, host and port in common: what opens the one may be shown to the other.
pub(in crate::company) fn same_host(one: &str, other: &str) -> bool {
    let place = |url: &str| {
        let (scheme, rest) = url.split_once("://")?;
        let place = rest.split(['/', '?', '#', '\\']).next()?;
        // A name and password before the host, or an odd mark in it, is no company's link.
        let plain = place.chars().all(|mark| mark.is_ascii_alphanumeric() || matches!(mark, '.' | '-' | ':' | '[' | ']'));
        (plain && !place.is_empty()).then(|| format!("{scheme}://{place}").to_ascii_lowercase())
    };
    place(one).is_some_and(|one| place(other) == Some(one))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(url: &str, authorization: Option<&str>) -> WireCall {
        let headers = authorization.map(|value| ("authorization".to_owned(), value.to_owned())).into_iter().collect();
        WireCall { method: "POST".into(), url: url.into(), headers, body: Vec::new() }
    }

    fn given(new: &str, old: &str) -> Given {
        let values = [("hook_secret", new), ("old_hook_secret", old)].map(|(name, value)| (name.to_owned(), value.to_owned()));
        Given { hook: String::new(), slowest: std::time::Duration::ZERO, values: values.into() }
    }

    #[test]
    fn the_address_opens_with_the_new_secret_and_the_old() {
        let secret = HookSecret::of(&given("new-secret-of-letters", "old-secret-of-letters"), "k").unwrap();
        assert_eq!(secret.pair(), "k=new-secret-of-letters");
        for (url, opens) in [
            ("https://h/x?k=new-secret-of-letters", true),
            ("https://h/x?a=1&k=old-secret-of-letters#x", true),
            ("https://h/x?k=", false),
            ("https://h/x?k=new-secret-of-letter", false),
            ("https://h/x?k=no&k=new-secret-of-letters", false),
            ("https://h/x", false),
        ] {
            assert_eq!(secret.check(&call(url, None)).is_ok(), opens, "{url}");
        }
        for (new, old) in [("", ""), ("short", ""), ("new-secret-of-letters", "short"), ("with a space in between", "")] {
            assert!(HookSecret::of(&given(new, old), "k").is_err(), "{new}, {old}");
        }
    }

    #[test]
    fn a_password_is_shown_whole() {
        let shows = |value: &str| check_basic(&call("https://h", Some(value)), "us:a:b é").is_ok();
        assert!(shows(&basic("us", "a:b é")) && shows(&basic("us", "a:b é").replacen("Basic ", "bAsIc  ", 1)));
        for wrong in
            [basic("us", "a:b"), basic("US", "a:b é"), basic("us", ""), "Bearer dXM6".into(), "Basic".into(), "Basic ".into(), "".into()]
        {
            assert!(!shows(&wrong), "{wrong}");
        }
        assert!(check_basic(&call("https://h", None), "us:x").is_err() && check_basic(&call("https://h", Some("Basic ")), "").is_err());
    }

    #[test]
    fn what_opens_one_host_is_shown_to_no_other() {
        let company = "https://api.company.example";
        for (link, same) in [
            ("https://api.company.example/Media/1", true),
            ("https://API.company.example/Media/1?x", true),
            ("http://api.company.example/Media/1", false),
            ("https://api.company.example:8443/Media/1", false),
            ("https://api.company.example.evil.example/1", false),
            ("https://api.company.example@evil.example/1", false),
            ("https://evil.example/https://api.company.example/", false),
            ("https://evil.example\\@api.company.example/1", false),
            ("//api.company.example/1", false),
        ] {
            assert_eq!(same_host(link, company), same, "{link}");
        }
    }
}
