//! What a company's words and codes mean, as a configuration says it: `406=opted-out, 403=bad-number, http 503=not-sent`.

use domain::carrier::{ReceiptKind, SendFault};
use std::time::Duration;

/// The meanings of codes.
pub(super) const FAULTS: &str = "opted-out, bad-number, landline, throttled, throttled SECONDS, config, refused, not-sent";

#[derive(Clone, Copy)]
enum Meaning {
    OptedOut,
    BadNumber,
    Landline,
    Throttled(Option<u64>),
    Config,
    Refused,
    NotSent,
}

/// Codes and HTTP statuses with their meanings.
pub(super) struct Errors(Vec<(String, Meaning)>);

/// `word=meaning` pairs, separated by commas.
fn pairs(text: &str) -> Result<Vec<(String, String)>, String> {
    let split = |entry: &str| {
        let (word, meaning) =
            entry.rsplit_once('=').ok_or_else(|| format!("must be a list such as 401=config, 406=opted-out; {entry:?} has no ="))?;
        Ok((word.trim().to_owned(), meaning.trim().to_lowercase()))
    };
    text.split(',').map(str::trim).filter(|entry| !entry.is_empty()).map(split).collect()
}

impl Errors {
    /// Read from a configuration.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let meaning = |word: &str| {
            Ok(match word {
                "opted-out" => Meaning::OptedOut,
                "bad-number" => Meaning::BadNumber,
                "landline" => Meaning::Landline,
                "throttled" => Meaning::Throttled(None),
                "config" => Meaning::Config,
                "refused" => Meaning::Refused,
                "not-sent" => Meaning::NotSent,
                other => match other.strip_prefix("throttled ").and_then(|seconds| seconds.trim().parse().ok()) {
                    Some(seconds) => Meaning::Throttled(Some(seconds)),
                    None => return Err(format!("knows no meaning {other:?}; it knows {FAULTS}")),
                },
            })
        };
        let read = pairs(text)?.into_iter().map(|(code, word)| Ok((code, meaning(&word)?))).collect::<Result<_, String>>()?;
        Ok(Self(read))
    }

    /// What a code means; `None` where the configuration does not say.
    pub(super) fn fault(&self, code: &str, after: Option<Duration>) -> Option<SendFault> {
        let (_, meaning) = self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(code.trim()))?;
        let code = short(code);
        Some(match meaning {
            Meaning::OptedOut => SendFault::OptedOut,
            Meaning::BadNumber => SendFault::BadAddress(format!("the number does not take texts ({code})")),
            Meaning::Landline => SendFault::BadAddress("landline".into()),
            Meaning::Throttled(seconds) => SendFault::Throttled { after: after.or(seconds.map(Duration::from_secs)) },
            Meaning::Config => SendFault::Config(format!("the company refuses our account or number ({code})")),
            Meaning::Refused => SendFault::Refused { code },
            Meaning::NotSent => SendFault::NotSent(format!("not sent, for a time ({code})")),
        })
    }
}

/// A code is a word, not a letter: what is longer is cut.
pub(super) fn short(code: &str) -> String {
    code.trim().chars().take(60).collect()
}

/// The words of receipts.
pub(super) struct Statuses(Vec<(String, Option<ReceiptKind>)>);

impl Statuses {
    /// Read from a configuration.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let kind = |word: &str| {
            Ok(match word {
                "delivered" => Some(ReceiptKind::Delivered),
                "failed" => Some(ReceiptKind::Failed),
                "accepted" => Some(ReceiptKind::Accepted),
                "ignored" => None,
                other => return Err(format!("knows no meaning {other:?}; it knows delivered, failed, accepted, ignored")),
            })
        };
        let read = pairs(text)?.into_iter().map(|(word, meaning)| Ok((word, kind(&meaning)?))).collect::<Result<_, String>>()?;
        Ok(Self(read))
    }

    /// What a word means, if anything to us.
    pub(super) fn kind(&self, word: &str) -> Option<ReceiptKind> {
        self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(word.trim()))?.1
    }
}
