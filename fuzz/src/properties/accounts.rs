//! An account of every company, made from the table as the gateway makes it, and calls and answers out of plain bytes. Must never
//! know what a company's words mean.
//!
//! An input is what a fixture of `crates/sms/fixtures` is, without its comments and with the kind before its first line:
//! `twilio POST /hooks/sms/twilio`, or `twilio HTTP 200`, headers, an empty line, the body byte for byte. Whatever else the bytes
//! are, they are read as some kind's.

use domain::Time;
use domain::carrier::SmsProvider;
use domain::wire::{Moment, WireAnswer, WireCall};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// A secret that no input holds: a call that is authentic all the same was let in for nothing.
const SECRET: &str = "c5a1f0b2d4e697887a6b5c4d3e2f1a0b";
/// Examples of the generic kind, as its page shows them.
const EXAMPLES: [&str; 3] = ["smseagle", "textline", "africastalking"];

/// An account.
pub struct Account {
    /// Its kind; `http/NAME` for an example of the generic one.
    pub kind: String,
    /// Its translator.
    pub provider: Arc<dyn SmsProvider>,
}

/// Every kind, and of a kind that reads national numbers one account for each of three countries.
pub fn accounts() -> &'static [Account] {
    static ALL: OnceLock<Vec<Account>> = OnceLock::new();
    ALL.get_or_init(|| {
        let kinds = sms::KINDS.iter().filter(|kind| kind.name != "http").map(|kind| (kind.name.to_owned(), BTreeMap::new()));
        let examples = EXAMPLES.iter().map(|name| (format!("http/{name}"), example(name)));
        kinds
            .chain(examples)
            .flat_map(|(kind, settings)| ["", "1", "44"].map(|country| account(&kind, &settings, country)))
            .flatten()
            .collect()
    })
}

/// `None` where a kind has no country and has an account already.
fn account(name: &str, settings: &BTreeMap<String, String>, country: &str) -> Option<Account> {
    let kind = sms::kind(name.split('/').next().unwrap_or_default()).expect("a kind of the table");
    if !country.is_empty() && !kind.settings.iter().any(|setting| setting.name == "country") {
        return None;
    }
    let mut values: BTreeMap<String, String> = kind
        .settings
        .iter()
        .map(|setting| (setting.name.to_owned(), setting.default.map_or_else(|| invented(setting.name), str::to_owned)))
        .collect();
    values.extend(settings.clone());
    // Without one, as shipped.
    if !country.is_empty() {
        values.insert("country".into(), country.into());
    }
    let given = sms::Given { hook: format!("https://homeword.example/hooks/sms/{name}"), slowest: Duration::from_secs(35), values };
    let provider = kind.make(&given).unwrap_or_else(|wrong| panic!("{name}: {wrong}"));
    Some(Account { kind: name.to_owned(), provider })
}

/// A value of a setting that has no default.
fn invented(setting: &str) -> String {
    let value = match setting {
        "base_url" => "https://company.example",
        // Any point of the curve: nobody here holds its other half.
        "public_key" => "6kpsY+KcUgq+9VB7Ey7F+ZVHdq6+vnuSQh7qaRRG0iw=",
        "signature_algorithm" => "sha256-hmac",
        "number" => "+12035550199",
        // Jasmin takes sixteen characters at most.
        "password" => "not-in-any-input",
        _ => SECRET,
    };
    value.to_owned()
}

/// An example of the generic kind's page; secrets from elsewhere are ours.
fn example(name: &str) -> BTreeMap<String, String> {
    let page = include_str!("../../../docs/providers/http.md");
    let shown = page.split("```toml").skip(1).filter_map(|rest| rest.split("```").next());
    let block = shown.into_iter().find(|block| block.contains(&format!("[sms.accounts.{name}]"))).expect("the page shows it");
    let table: toml::Table = toml::from_str(block).expect("TOML");
    let account = table["sms"]["accounts"][name].as_table().expect("a table");
    let word = |value: &toml::Value| match value.as_str().expect("a string") {
        secret if secret.starts_with("env:") => SECRET.to_owned(),
        other => other.to_owned(),
    };
    account.iter().filter(|(name, _)| *name != "kind").map(|(name, value)| (name.clone(), word(value))).collect()
}

/// When every input is read: 2026-11-23 12:00 UTC.
pub fn at() -> Moment {
    Moment { now: Time(1_795_435_200_000_000), nonce: 0x5f0c_7a9b_e1d2_4c68 }
}

/// The account that an input is for, and what stands behind the kind in its first line, its headers and its body.
struct Input<'a> {
    account: &'static Account,
    first: String,
    headers: Vec<(String, String)>,
    body: &'a [u8],
}

fn read(bytes: &[u8]) -> Input<'_> {
    let end = bytes.windows(2).position(|pair| pair == b"\n\n");
    let (head, body) = end.map_or((bytes, &[][..]), |end| (&bytes[..end], &bytes[end + 2..]));
    let head = String::from_utf8_lossy(head);
    let mut lines = head.split('\n');
    let line = lines.next().unwrap_or_default();
    let (kind, first) = line.split_once(' ').unwrap_or(("", line));
    // Of accounts in several countries one, as the length has it.
    let of: Vec<&Account> = accounts().iter().filter(|account| account.kind == kind).collect();
    let any = kind.bytes().map(usize::from).sum::<usize>() % accounts().len();
    let account = if of.is_empty() { &accounts()[any] } else { of[bytes.len() % of.len()] };
    let headers = lines.filter_map(|line| line.split_once(": ")).map(|(key, value)| (key.to_lowercase(), value.to_owned())).collect();
    Input { account, first: first.to_owned(), headers, body }
}

/// An input as a call to our webhook.
pub fn call(bytes: &[u8]) -> (&'static Account, WireCall) {
    let Input { account, first, headers, body } = read(bytes);
    let (method, path) = first.split_once(' ').unwrap_or(("POST", &first));
    let url = format!("https://homeword.example{path}");
    (account, WireCall { method: method.to_owned(), url, headers, body: body.to_vec() })
}

/// An input as an answer to a call of ours.
pub fn answer(bytes: &[u8]) -> (&'static Account, WireAnswer) {
    let Input { account, first, headers, body } = read(bytes);
    let status = first.strip_prefix("HTTP ").and_then(|status| status.trim().parse().ok()).unwrap_or(200);
    (account, WireAnswer { status, headers, body: body.to_vec() })
}
