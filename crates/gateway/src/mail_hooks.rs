//! Mail companies' webhooks: authentic on the raw bytes, kept, then acknowledged. A letter goes through the door that all letters go
//! through; what became of one of ours goes there as a mail server's report would.
//!
//! What is not kept is answered with 5xx, so that the company comes again: with 4xx some of them drop a letter for good.

use crate::hooks::plain;
use crate::intake::Intake;
use crate::mailroom::Mailroom;
use crate::metrics::Metrics;
use crate::spool::Call;
use domain::carrier::*;
use domain::letter::LetterVerdict;
use domain::wire::*;
use email::Mailroom as _;
use messaging::Flows;
use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

/// Certificates that are known at once; companies have a few, and change them once a year.
const CERTIFICATES: usize = 16;
/// Words that open once are remembered as long as a call that carries one may be believed, unless there are more of them than this:
/// only the company can make one.
const USED_SECONDS: i64 = 10 * 3600;
const USED: usize = 100_000;

/// See the module.
pub struct MailHooks {
    /// Who stands behind our addresses.
    pub mailroom: Arc<Mailroom>,
    /// The use cases.
    pub flows: Flows,
    /// The door.
    pub intake: Intake,
    /// (name, translator).
    pub companies: Vec<(String, Arc<dyn MailProvider>)>,
    /// Asks for certificates, and for nothing else than a translator names.
    pub wire: Arc<dyn Wire>,
    /// Finds out who wrote a letter, where the house does so itself.
    pub dns: Option<email::Dns>,
    /// Where answers are counted.
    pub metrics: Arc<Metrics>,
    /// Now and a nonce.
    pub moment: Arc<dyn Fn() -> Moment + Send + Sync>,
    /// See [`Known`].
    pub known: Known,
}

/// What this process remembers of calls.
#[derive(Default)]
pub struct Known {
    certificates: Mutex<BTreeMap<String, Vec<u8>>>,
    /// By the word: when it was used, and for what.
    used: Mutex<HashMap<String, (i64, u64)>>,
}

impl Known {
    /// Whether this word may open this call: it is new, or opened the very same.
    fn opens(&self, word: &str, now: i64, what: u64) -> bool {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if used.len() >= USED {
            used.retain(|_, (since, _)| now - *since < USED_SECONDS);
            if used.len() >= USED {
                used.clear();
            }
        }
        used.entry(word.to_owned()).or_insert((now, what)).1 == what
    }

    /// A certificate that a genuine call was signed with.
    fn keeps(&self, url: String, certificate: Vec<u8>) {
        let mut known = self.certificates.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= CERTIFICATES {
            known.clear();
        }
        known.insert(url, certificate);
    }

    /// Its call was not kept: the company comes again, perhaps with other bytes around the same letter.
    fn forget(&self, word: &str) {
        self.used.lock().unwrap_or_else(PoisonError::into_inner).remove(word);
    }
}

impl MailHooks {
    /// Answers a call.
    pub async fn answer(&self, company: &str, call: &WireCall) -> WireReply {
        let Some((name, provider)) = self.companies.iter().find(|(name, _)| name == company) else {
            self.metrics.webhook("unknown", 404);
            return plain(404, "no such company");
        };
        let reply = match self.heard(name, provider.as_ref(), call).await {
            Ok(()) => plain(200, "taken"),
            Err(reply) => reply,
        };
        self.metrics.webhook(name, reply.status);
        reply
    }

    async fn heard(&self, company: &str, provider: &dyn MailProvider, call: &WireCall) -> Result<(), WireReply> {
        let refused = |refusal: Refusal| match refusal {
            Refusal::Garbled(why) => {
                tracing::warn!(why, company, "a webhook could not be read; the company is asked to come again");
                plain(500, "not understood")
            }
            Refusal::Stale => {
                tracing::error!(company, "a genuine webhook was signed at another time than now: is this machine's clock right?");
                plain(503, "not now")
            }
            Refusal::Forged(why) => {
                tracing::warn!(why, company, "a webhook was refused");
                plain(403, "refused")
            }
        };
        let moment = (self.moment)();
        let certificate = match provider.certificate(call).map_err(refused)? {
            Some(url) => Some((self.certificate(&url).await.ok_or_else(|| plain(503, "its certificate could not be fetched"))?, url)),
            None => None,
        };
        provider.authentic(call, &moment, certificate.as_ref().map(|(bytes, _)| bytes.as_slice())).map_err(refused)?;
        if let Some((bytes, url)) = certificate {
            self.known.keeps(url, bytes);
        }
        let word = provider.once(call);
        if let Some(word) = &word {
            let mut what = DefaultHasher::new();
            (&call.url, &call.body).hash(&mut what);
            if !self.known.opens(word, moment.now.seconds(), what.finish()) {
                return Err(refused(Refusal::Forged("its signature was used before, for another call")));
            }
        }
        let kept = match provider.news(call) {
            Ok(news) => self.all_taken(company, news).await,
            Err(refusal) => Err(refused(refusal)),
        };
        if let (Err(_), Some(word)) = (&kept, &word) {
            self.known.forget(word);
        }
        kept
    }

    async fn all_taken(&self, company: &str, news: Vec<MailNews>) -> Result<(), WireReply> {
        for news in news {
            if !self.taken(company, news).await {
                return Err(plain(503, "try again"));
            }
        }
        Ok(())
    }

    /// Whether it was kept, or needs not to be.
    async fn taken(&self, company: &str, news: MailNews) -> bool {
        match news {
            MailNews::Letter { from, to, raw } => self.letter(company, &from, &to, raw).await,
            MailNews::Report(report) => self.report(company, &report).await,
            MailNews::Confirm(url) => {
                let asked = self.wire.call(WireRequest { method: "GET", url, headers: Vec::new(), body: Vec::new() }).await;
                let confirmed = matches!(asked, WireOutcome::Answer(WireAnswer { status: 200..=299, .. }));
                tracing::info!(company, confirmed, "the company asked whether its calls are wanted here");
                confirmed
            }
            MailNews::Tell(what) => {
                tracing::error!(company, "{what}");
                true
            }
        }
    }

    async fn letter(&self, company: &str, from: &str, to: &[String], mut raw: Vec<u8>) -> bool {
        let mut welcome = Vec::new();
        for to in to {
            // Not by the mailroom's rate: the company has taken the letter, and does not hold it back for us.
            match self.flows.recipient(to).await {
                LetterVerdict::Welcome => welcome.push(to),
                LetterVerdict::Later => return false,
                // The company has taken it already: its writer hears nothing more.
                LetterVerdict::Forged | LetterVerdict::Stranger => {
                    tracing::warn!(company, "a letter came to an address that is not one of this house");
                }
            }
        }
        if welcome.is_empty() {
            return true;
        }
        let mut top =
            format!("Return-Path: <{}>\r\n", from.chars().filter(|mark| !mark.is_control() && !"<>".contains(*mark)).collect::<String>());
        if let Some(dns) = &self.dns {
            top += &dns.who_wrote(&raw, None).await;
        }
        raw.splice(0..0, top.into_bytes());
        for to in welcome {
            if !self.mailroom.take(from, to, &raw).await {
                return false;
            }
        }
        true
    }

    async fn report(&self, company: &str, report: &MailReport) -> bool {
        let Some(reference) = report.reference.as_deref().filter(|reference| read_reference(reference).is_some()) else {
            tracing::info!(company, "a report about a letter that carries no word of ours");
            return true;
        };
        let call = if report.happened == MailHappened::Delivered {
            let (key, reference) = (format!("mail-delivered:{reference}"), Some(reference.to_owned()));
            let (provider_id, kind) = (String::new(), ReceiptKind::Delivered);
            Call::Events(vec![Event::Receipt { key, reference, provider_id, kind, code: None, fault: None, ours: None }])
        } else {
            let (Some(raw), Some(to)) = (email::report(report), self.flows.report_address(reference)) else { return true };
            Call::Letter { from: String::new(), to, raw }
        };
        let kept = self.intake.take(call).await;
        if let Err(fault) = &kept {
            tracing::error!(%fault, company, "what became of a letter could not be kept");
        }
        kept.is_ok()
    }

    async fn certificate(&self, url: &str) -> Option<Vec<u8>> {
        let known = self.known.certificates.lock().unwrap_or_else(PoisonError::into_inner).get(url).cloned();
        if known.is_some() {
            return known;
        }
        let request = WireRequest { method: "GET", url: url.to_owned(), headers: Vec::new(), body: Vec::new() };
        let WireOutcome::Answer(WireAnswer { status: 200, body, .. }) = self.wire.call(request).await else { return None };
        // A page in its place says nothing of the call.
        body.windows(11).any(|window| window == b"-----BEGIN ").then_some(body)
    }
}
