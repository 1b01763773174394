//! A secret that stands in the address of our webhook, for companies that sign nothing: whoever knows it is the company.
//!
//! It covers no body and no time: a replay is kept out by its key alone, and an address must not reach anybody's log.

use super::own_fields::{Fields, percent};
use super::{Given, Setting, Wrong};
use domain::wire::{Refusal, WireCall};
use subtle::{Choice, ConstantTimeEq};

/// The settings every such kind has.
pub(super) const NEW: Setting =
    Setting::secret("hook_secret", "Stands in our webhook's address, known to the gateway and us only: 16 or more letters and digits.");
/// While it is changed.
pub(super) const OLD: Setting =
    Setting::secret_or_none("old_hook_secret", "While it is changed: the one that receipts under way still carry.");

/// Secrets that are good: the first is put into addresses, each opens.
#[derive(Clone)]
pub(super) struct HookSecret {
    name: String,
    good: Vec<String>,
}

impl HookSecret {
    /// Of an account, in the query's field of this name.
    pub(super) fn of(given: &Given, name: &str) -> Result<Self, Wrong> {
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
    pub(super) fn pair(&self) -> String {
        format!("{}={}", percent(self.name.as_bytes()), self.good.first().map_or("", String::as_str))
    }

    /// Whether the call's query carries one.
    pub(super) fn check(&self, call: &WireCall) -> Result<(), Refusal> {
        let query = Fields::of_query(&call.url);
        let given = query.bytes(&self.name).ok_or(Refusal::Forged("no secret in the address"))?;
        let opened = self.good.iter().fold(Choice::from(0), |opened, word| opened | word.as_bytes().ct_eq(given));
        if bool::from(opened) { Ok(()) } else { Err(Refusal::Forged("the secret in the address is not ours")) }
    }
}

fn fit(word: &str) -> bool {
    word.len() >= 16 && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}
