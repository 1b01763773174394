//! How a mail domain of ours stands with the world: SPF (RFC 7208), DKIM (RFC 6376), DMARC (RFC 7489), where answers go, and the names
//! of the addresses letters leave from (RFC 8601's iprev). Each finding says what to do about it, with the record to set.

use super::{Away, Dns};
use crate::Signer;
use mail_auth::SpfResult;
use mail_auth::spf::verify::SpfParameters;
use std::net::IpAddr;

/// How good a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// As it should be.
    Good,
    /// Somebody should look.
    Look,
    /// Letters are lost or refused.
    Bad,
}

/// One finding: what it is about, how good it is, and in words.
pub type Standing = (&'static str, Word, String);

/// What nobody could find out.
fn unknown(about: &'static str, name: &str) -> Standing {
    (about, Word::Look, format!("{name}: the DNS did not answer"))
}

impl Dns {
    /// The findings about one domain that our letters are from. `answers` is the domain families answer at, and letters go back to,
    /// so that SPF is its affair; `leaves_from` the addresses letters leave from, as far as they are known.
    pub async fn standing(&self, domain: &str, answers: &str, signers: &[Signer], leaves_from: &[IpAddr]) -> Vec<Standing> {
        let reversed = futures_util::future::join_all(leaves_from.iter().map(|address| self.reverse(*address)));
        let (spf, dkim, dmarc, answers, reversed) = tokio::join!(
            self.spf(answers, leaves_from),
            self.dkim(domain, signers),
            self.dmarc(domain),
            self.takes_answers(answers),
            reversed
        );
        [vec![spf], dkim, vec![dmarc, answers], reversed].concat()
    }

    async fn spf(&self, domain: &str, leaves_from: &[IpAddr]) -> Standing {
        let Ok(texts) = self.texts(domain).await else { return unknown("spf", domain) };
        let spf: Vec<&String> = texts.iter().filter(|text| is_version(text, "v=spf1")).collect();
        let record = match spf[..] {
            [] => {
                let add =
                    "the TXT record it needs begins with v=spf1, names your mail server and ends with -all; your mail company says which";
                return ("spf", Word::Bad, format!("{domain} has none: {add}"));
            }
            [record] => record,
            _ => {
                return (
                    "spf",
                    Word::Bad,
                    format!("{domain} has {} records that begin with v=spf1: mail servers take none of them, keep one", spf.len()),
                );
            }
        };
        if leaves_from.is_empty() {
            if record.to_lowercase().contains("+all") {
                return ("spf", Word::Bad, format!("{domain} lets anybody send in its name: end its record in -all"));
            }
            let words = format!("{domain} has one; set letters.leaves_from to the addresses your letters leave from, and it is tried");
            return ("spf", Word::Look, words);
        }
        let mut refused = Vec::new();
        for address in leaves_from {
            let sender = format!("school@{domain}");
            let found = self.authenticator.verify_spf(SpfParameters::verify_mail_from(*address, domain, "homeword.invalid", &sender)).await;
            match found.result() {
                SpfResult::Pass => {}
                SpfResult::TempError => return unknown("spf", domain),
                other => refused.push(format!("{address} ({other:?})")),
            }
        }
        if refused.is_empty() {
            return ("spf", Word::Good, format!("{domain} lets every address of letters.leaves_from send"));
        }
        ("spf", Word::Bad, format!("{domain} does not let {} send: its record is \"{record}\"", refused.join(", ")))
    }

    async fn dkim(&self, domain: &str, signers: &[Signer]) -> Vec<Standing> {
        let ours: Vec<&Signer> = signers.iter().filter(|signer| signer.covers(domain)).collect();
        if ours.is_empty() {
            let words = format!("Homeword signs no letters from {domain}: your mail server must, or letters.dkim names a key");
            return vec![("dkim", Word::Look, words)];
        }
        let mut all = Vec::new();
        for signer in ours {
            let (name, record) = (signer.name(), signer.record());
            all.push(match self.texts(&name).await {
                Err(Away) => unknown("dkim", &name),
                Ok(texts) if texts.iter().any(|text| key(text) == key(&record)) => ("dkim", Word::Good, format!("{name} has our key")),
                Ok(texts) => {
                    let what = if texts.is_empty() { "is absent" } else { "has another key than ours" };
                    ("dkim", Word::Bad, format!("{name} {what}: set its TXT record to {record}"))
                }
            });
        }
        all
    }

    async fn dmarc(&self, domain: &str) -> Standing {
        let mut at = domain;
        // RFC 7489 looks at the organization's domain next; from one label to the next it is found wherever that begins.
        loop {
            let Ok(texts) = self.texts(&format!("_dmarc.{at}")).await else { return unknown("dmarc", domain) };
            if let Some(record) = texts.iter().find(|text| is_version(text, "v=DMARC1")) {
                let beneath = if at == domain { None } else { tag(record, "sp") };
                let policy = beneath.or_else(|| tag(record, "p")).unwrap_or_default();
                return match policy.to_lowercase().as_str() {
                    "quarantine" | "reject" => {
                        ("dmarc", Word::Good, format!("_dmarc.{at}: what is not from {domain} is kept from families"))
                    }
                    _ => {
                        let words = "anybody can write to families in its name; set p=quarantine once SPF and DKIM are good";
                        ("dmarc", Word::Look, format!("_dmarc.{at} only watches: {words}"))
                    }
                };
            }
            match at.split_once('.') {
                Some((_, above)) if above.contains('.') => at = above,
                _ => break,
            }
        }
        let words = format!("set the TXT record of _dmarc.{domain} to v=DMARC1; p=none, and to p=quarantine once SPF and DKIM are good");
        ("dmarc", Word::Bad, format!("{domain} has none, and large mail companies refuse letters to many without: {words}"))
    }

    /// RFC 5321 section 5.1: the servers it names, else the domain itself.
    async fn takes_answers(&self, domain: &str) -> Standing {
        let Ok(mut hosts) = self.mail_servers(domain).await else { return unknown("answers", domain) };
        if hosts.is_empty() {
            hosts.push(domain.to_owned());
        }
        // "MX 0 .": it takes no letters (RFC 7505).
        hosts.retain(|host| host != ".");
        for host in &hosts {
            match self.addresses(host).await {
                Ok(addresses) if addresses.is_empty() => {}
                Ok(_) => return ("answers", Word::Good, format!("letters to {domain} go to {}", host.trim_end_matches('.'))),
                Err(Away) => return unknown("answers", domain),
            }
        }
        (
            "answers",
            Word::Bad,
            format!("no server takes letters to {domain}: families' answers get lost. Set its MX record to your mail server"),
        )
    }

    async fn reverse(&self, address: IpAddr) -> Standing {
        let Ok(names) = self.names(address).await else { return unknown("reverse", &address.to_string()) };
        for name in &names {
            match self.addresses(name).await {
                Ok(back) if back.contains(&address) => {
                    return ("reverse", Word::Good, format!("{address} is {}", name.trim_end_matches('.')));
                }
                Ok(_) => {}
                Err(Away) => return unknown("reverse", &address.to_string()),
            }
        }
        let what = if names.is_empty() { "has no name".into() } else { format!("says it is {}, which is not its own", names.join(", ")) };
        let words = "large mail companies refuse its letters. Whoever gave you the address sets its name (PTR)";
        ("reverse", Word::Bad, format!("{address} {what}: {words}"))
    }
}

fn is_version(record: &str, version: &str) -> bool {
    record.split([' ', ';']).next().is_some_and(|first| first.trim().eq_ignore_ascii_case(version))
}

fn tag<'a>(record: &'a str, name: &str) -> Option<&'a str> {
    record
        .split(';')
        .find_map(|part| part.split_once('=').filter(|(tag, _)| tag.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()))
}

/// The key in a record, however it was broken and spaced.
fn key(record: &str) -> Option<String> {
    tag(record, "p").map(|key| key.split_whitespace().collect())
}
