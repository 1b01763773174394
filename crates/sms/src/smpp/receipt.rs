//! Receipts: what a center says about a text it took, as words in the message or as optional parameters.
//!
//! Sources: SMPP 3.4 issue 1.2, appendix B (the words), sections 5.2.12 (esm_class), 5.2.28 (states), 5.3.2.31 (network errors);
//! Vonage's "How to read an SMPP delivery receipt" page (the id may be decimal or hexadecimal).

use super::pdu::{Delivered, tag};
use super::text;
use domain::carrier::{ReceiptKind, SendFault};

/// A receipt as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Receipt {
    /// The id among the words.
    pub said: Option<String>,
    /// The id among the optional parameters: as the answer to the send gave it, says the specification.
    pub option: Option<String>,
    pub kind: ReceiptKind,
    /// `DELIVRD`, `EXPIRED` …
    pub state: &'static str,
    /// The network's code; none where it says 0.
    pub code: Option<String>,
    /// When it came to be so, in the center's own zone: only to tell two receipts apart.
    pub done: String,
}

/// Each state: its number, its word, what it means.
const STATES: [(u8, &str, ReceiptKind); 10] = [
    (0, "SCHEDLD", ReceiptKind::Accepted),
    (1, "ENROUTE", ReceiptKind::Accepted),
    (2, "DELIVRD", ReceiptKind::Delivered),
    (3, "EXPIRED", ReceiptKind::Failed),
    (4, "DELETED", ReceiptKind::Failed),
    (5, "UNDELIV", ReceiptKind::Failed),
    (6, "ACCEPTD", ReceiptKind::Accepted),
    // Nobody knows: nothing moves.
    (7, "UNKNOWN", ReceiptKind::Accepted),
    (8, "REJECTD", ReceiptKind::Failed),
    (9, "SKIPPED", ReceiptKind::Failed),
];

/// Bits of `esm_class` that say what a message is: 1 a receipt, 2 and 4 an acknowledgement of the phone's, 8 a receipt on the way.
const WHAT: u8 = 0b0011_1100;

/// Whether it says of itself that it is a receipt. Words alone never make one: a family could write them.
pub(super) fn is_receipt(delivered: &Delivered) -> bool {
    let what = delivered.esm_class & WHAT;
    let both = delivered.option(tag::RECEIPTED_MESSAGE_ID).is_some() && delivered.option(tag::MESSAGE_STATE).is_some();
    what & 0b0010_0100 != 0 || (what == 0 && both)
}

/// Reads one; `None` where neither an id nor a state can be found.
pub(super) fn read(delivered: &Delivered) -> Option<Receipt> {
    let words = text::plain(delivered);
    let lower = words.to_ascii_lowercase();
    // The first words of the text itself stand last: what a family is told must not be read as a state.
    let end = lower.find("text:").unwrap_or(words.len());
    let field = |name: &str| {
        let start = lower[..end].match_indices(name).find(|(at, _)| *at == 0 || lower.as_bytes()[at - 1].is_ascii_whitespace())?.0;
        let value = words[start + name.len()..end].split_whitespace().next()?;
        (!value.contains(':')).then(|| value.to_owned())
    };
    let option = delivered.option(tag::RECEIPTED_MESSAGE_ID).map(|id| {
        let id = id.split(|octet| *octet == 0).next().unwrap_or_default();
        String::from_utf8_lossy(id).trim().to_owned()
    });
    let (said, option) = (field("id:"), option.filter(|id| !id.is_empty()));
    let number = delivered.number(tag::MESSAGE_STATE);
    let by_number = number.and_then(|number| STATES.iter().find(|state| u16::from(state.0) == number));
    let by_word = || field("stat:").and_then(|word| STATES.iter().find(|state| state.1.eq_ignore_ascii_case(&word)));
    let (_, state, kind) = by_number.or_else(by_word)?;
    if said.is_none() && option.is_none() {
        return None;
    }
    let network = delivered.option(tag::NETWORK_ERROR_CODE).filter(|code| code.len() == 3);
    let network = network.map(|code| u16::from_be_bytes([code[1], code[2]]).to_string());
    let code = network.or_else(|| field("err:")).filter(|code| code.bytes().any(|octet| octet != b'0'));
    Some(Receipt { said, option, kind: *kind, state, code, done: field("done date:").unwrap_or_default() })
}

impl Receipt {
    /// What staff are told about a failure: the state, and the network's code.
    pub fn reason(&self) -> Option<String> {
        (self.kind == ReceiptKind::Failed).then(|| match &self.code {
            Some(code) => format!("{} {code}", self.state),
            None => self.state.to_owned(),
        })
    }

    /// What a failure means.
    pub fn fault(&self) -> Option<SendFault> {
        let code = self.reason()?;
        Some(match self.state {
            "EXPIRED" => SendFault::NotSent(format!("the phone was off or out of reach ({code})")),
            _ => SendFault::Refused { code },
        })
    }
}
