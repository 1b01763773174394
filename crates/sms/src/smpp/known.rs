//! What this process sent over the link, so that a receipt finds its attempt: which ids the center gave its parts, which of them
//! have arrived, and what is still under way.
//!
//! It is a memory, not a record. After a restart receipts go out with the center's id alone, which the store knows from the
//! settlement (and parks where it does not yet); what is lost is the counting of parts and `auto`'s finding out.

use super::receipt::Receipt;
use super::settings::Ids;
use domain::carrier::ReceiptKind;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

/// The most texts remembered.
const MOST: usize = 100_000;

/// A text of ours.
struct Text {
    reference: String,
    to: String,
    parts: usize,
    arrived: BTreeSet<u16>,
    ids: BTreeMap<u16, String>,
    forms: Vec<String>,
}

/// A part of a text, and whether its id was converted to be found.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Place {
    text: u64,
    part: u16,
    converted: bool,
}

/// What a receipt is about.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct About {
    pub reference: Option<String>,
    /// As the answer to the send had it, where that is known.
    pub id: String,
    pub kind: ReceiptKind,
}

/// See the module.
#[derive(Default)]
pub(super) struct Known {
    last: u64,
    under_way: BTreeSet<u64>,
    texts: HashMap<u64, Text>,
    order: VecDeque<u64>,
    forms: HashMap<String, Vec<Place>>,
}

impl Known {
    /// A text begins; its number.
    pub fn begin(&mut self, reference: String, to: &str, parts: usize) -> u64 {
        self.last += 1;
        self.under_way.insert(self.last);
        let (arrived, ids, forms) = Default::default();
        self.texts.insert(self.last, Text { reference, to: tail(to), parts, arrived, ids, forms });
        self.order.push_back(self.last);
        while self.order.len() > MOST {
            if let Some(oldest) = self.order.pop_front() {
                self.forget(oldest);
            }
        }
        self.last
    }

    /// Nobody waits for its answers any more. One that comes all the same is still learned.
    pub fn end(&mut self, text: u64) {
        self.under_way.remove(&text);
    }

    /// The center's answer named a part.
    pub fn learn(&mut self, text: u64, part: u16, id: &str, ids: Ids) {
        let Some(known) = self.texts.get_mut(&text) else { return };
        known.ids.insert(part, canonical(id, ids));
        for (form, converted) in forms(id, ids) {
            known.forms.push(form.clone());
            self.forms.entry(form).or_default().push(Place { text, part, converted });
        }
    }

    /// The last text that began: a receipt that nobody knows waits until it and those before it are answered.
    pub fn mark(&self) -> u64 {
        self.last
    }

    /// Whether every text up to this mark was answered or given up.
    pub fn answered(&self, mark: u64) -> bool {
        self.under_way.first().is_none_or(|first| *first > mark)
    }

    /// Whether a receipt's text is known.
    pub fn knows(&self, receipt: &Receipt, ids: Ids, phones: [&str; 2]) -> bool {
        self.find(receipt, ids, phones).is_some()
    }

    /// What a receipt is about. Taking it twice comes to the same. A text has arrived when all of its parts have.
    pub fn about(&mut self, receipt: &Receipt, ids: Ids, phones: [&str; 2]) -> About {
        let found = self.find(receipt, ids, phones);
        let Some((place, text)) = found.and_then(|place| Some((place, self.texts.get_mut(&place.text)?))) else {
            return About { reference: None, id: alone(receipt, ids), kind: receipt.kind };
        };
        let mut kind = receipt.kind;
        if kind == ReceiptKind::Delivered {
            text.arrived.insert(place.part);
            if text.arrived.len() < text.parts {
                kind = ReceiptKind::Accepted;
            }
        }
        let id = text.ids.get(&place.part).cloned().unwrap_or_else(|| alone(receipt, ids));
        About { reference: Some(text.reference.clone()), id, kind }
    }

    /// The part whose id this is. Where the two are found out, the family's number must agree too (centers differ in which of the
    /// two numbers of a receipt it is): digits alone prove little. The newest wins: centers use ids again.
    fn find(&self, receipt: &Receipt, ids: Ids, phones: [&str; 2]) -> Option<Place> {
        let phones = phones.map(tail);
        let given = [&receipt.said, &receipt.option].into_iter().flatten();
        let places = given.flat_map(|id| [id.clone(), plain(id)]).filter_map(|form| self.forms.get(&form)).flatten();
        let theirs = |place: &&Place| self.texts.get(&place.text).is_some_and(|text| phones.contains(&text.to));
        places.filter(|place| ids != Ids::Auto || theirs(place)).max_by_key(|place| (!place.converted, place.text)).copied()
    }

    fn forget(&mut self, text: u64) {
        self.under_way.remove(&text);
        for form in self.texts.remove(&text).map(|text| text.forms).unwrap_or_default() {
            if let Some(places) = self.forms.get_mut(&form) {
                places.retain(|place| place.text != text);
                if places.is_empty() {
                    self.forms.remove(&form);
                }
            }
        }
    }
}

/// The id a settlement keeps, from the answer to the send.
pub(super) fn canonical(id: &str, ids: Ids) -> String {
    match ids {
        Ids::HexToDecimal => decimal(id).unwrap_or_else(|| id.to_owned()),
        Ids::AsIs | Ids::Auto => id.to_owned(),
    }
}

/// The id of a receipt whose text nobody here remembers, as the settlement would have kept it.
fn alone(receipt: &Receipt, ids: Ids) -> String {
    let said = receipt.said.as_deref();
    match (ids, said, receipt.option.as_deref()) {
        (Ids::HexToDecimal, Some(said), _) => plain(said),
        (Ids::HexToDecimal, None, Some(option)) => canonical(option, ids),
        (_, _, Some(option)) => option.to_owned(),
        (_, Some(said), None) => said.to_owned(),
        (_, None, None) => String::new(),
    }
}

/// Each way a receipt may name an answered id, and whether it was converted. The answer's own comes first.
fn forms(id: &str, ids: Ids) -> Vec<(String, bool)> {
    let mut all = vec![(id.to_owned(), false), (plain(id), false)];
    if ids != Ids::AsIs {
        all.extend(decimal(id).map(|form| (form, true)));
    }
    if ids == Ids::Auto {
        all.extend(id.parse::<u64>().ok().map(|number| (format!("{number:x}"), true)));
    }
    let mut seen = BTreeSet::new();
    all.retain(|(form, _)| seen.insert(form.clone()));
    all
}

/// Small letters, no zeros before it.
fn plain(id: &str) -> String {
    let short = id.trim_start_matches('0');
    if short.is_empty() { id.to_owned() } else { short.to_ascii_lowercase() }
}

fn decimal(id: &str) -> Option<String> {
    u64::from_str_radix(id, 16).ok().map(|number| number.to_string())
}

/// The digits by which two ways of writing a number are the same.
fn tail(number: &str) -> String {
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    digits[digits.len().saturating_sub(7)..].iter().collect()
}
