//! What a company's call says, read as a configuration says: texts and receipts, one or many.

use super::super::reading::charset;
use super::super::reading::form::Fields;
use super::super::reading::keys::{key_or, unhex};
use super::super::reading::{json, numbers};
use super::meaning::{Errors, Statuses, short};
use super::names::{Names, Source, When};
use super::path::Path;
use domain::carrier::*;
use domain::mask::Body;
use domain::wire::{Refusal, WireCall};
use serde_json::Value;

/// Where a call's fields stand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// In a JSON body.
    Json,
    /// In a form.
    Form,
    /// In the query.
    Query,
}

/// How calls are read.
pub(super) struct Calls {
    /// Where fields stand.
    pub format: Format,
    /// Where in JSON the events stand, if not at its root.
    pub events: Option<Path>,
    /// How a text is known.
    pub incoming_when: Option<When>,
    /// Its id.
    pub id: Names,
    /// From whom.
    pub from: Names,
    /// To which number of ours.
    pub to: Names,
    /// What it says.
    pub text: Names,
    /// Whether that is hexadecimal UTF-16.
    pub hex: bool,
    /// Addresses of pictures.
    pub media: Names,
    /// What the parts of a text have in common, which this is, how many there are.
    pub part: [Names; 3],
    /// The one number, where the company does not say.
    pub our_number: String,
    /// The calling code of national numbers.
    pub country: String,
    /// How a receipt is known.
    pub receipt_when: Option<When>,
    /// The id our send was answered with.
    pub receipt_id: Names,
    /// Our reference; where nothing is said, the address's `ref`.
    pub receipt_reference: Names,
    /// Its word.
    pub receipt_status: Names,
    /// Its code.
    pub receipt_code: Names,
    /// What the words mean.
    pub statuses: Statuses,
    /// What the codes mean.
    pub errors: std::sync::Arc<Errors>,
}

impl Calls {
    /// Every event of a call. One that cannot be read does not lose the others.
    pub(super) fn events(&self, call: &WireCall) -> Result<Vec<Event>, Refusal> {
        let reference = Fields::of_query(&call.url).get("ref");
        let read: Vec<Result<Event, Refusal>> = match self.format {
            Format::Json => {
                let root = json::read(call.header("content-type"), &call.body).ok_or(Refusal::Garbled("a body that is no JSON"))?;
                let found = self.events.as_ref().map(|path| path.all(&root)).filter(|found| !found.is_empty()).unwrap_or(vec![&root]);
                let each = found.into_iter().flat_map(|value| value.as_array().map_or(vec![value], |list| list.iter().collect()));
                each.map(|value: &Value| self.event(&Source::Json(value), reference.clone(), value.to_string().as_bytes())).collect()
            }
            Format::Form => {
                let fields = Fields::of_form(call.header("content-type"), &call.body);
                vec![self.event(&Source::Fields(&fields), reference, &call.body)]
            }
            Format::Query => {
                let fields = Fields::of_query(&call.url);
                vec![self.event(&Source::Fields(&fields), reference, call.url.as_bytes())]
            }
        };
        if let [Err(refusal)] = read.as_slice() {
            return Err(refusal.clone());
        }
        if !read.is_empty() && read.iter().all(Result::is_err) {
            return Err(Refusal::Garbled("not one event the configuration describes"));
        }
        Ok(read.into_iter().map(|event| event.unwrap_or(Event::Ignored("an event the configuration does not describe"))).collect())
    }

    fn event(&self, source: &Source<'_>, reference: Option<String>, all: &[u8]) -> Result<Event, Refusal> {
        let holds = |when: &Option<When>| when.as_ref().map(|when| when.holds(source));
        match (holds(&self.receipt_when), holds(&self.incoming_when)) {
            (Some(true), _) => self.receipt(source, reference, all),
            (_, Some(true)) => self.incoming(source, all),
            (Some(false), Some(false)) => Ok(Event::Ignored("an event of another kind")),
            (None, _) if self.receipt_status.first(source).is_some() => self.receipt(source, reference, all),
            (_, None) if self.from.first(source).is_some() => self.incoming(source, all),
            _ => Err(Refusal::Garbled("neither a text nor a receipt as the configuration describes them")),
        }
    }

    fn incoming(&self, source: &Source<'_>, all: &[u8]) -> Result<Event, Refusal> {
        let from = self.from.first(source).ok_or(Refusal::Garbled("no sender where incoming_from says"))?;
        let to = self.to.first(source).or_else(|| Some(self.our_number.clone()).filter(|number| !number.is_empty()));
        let to = to.ok_or(Refusal::Garbled("no number of ours where incoming_to says, and no our_number"))?;
        let text = self.text.first(source).unwrap_or_default();
        let text = if self.hex { unhex(&text).map_or(text, |units| charset::text(&units, "UTF-16BE")) } else { text };
        Ok(Event::Incoming {
            key: key_or("sms", self.id.first(source).as_deref(), all),
            from: numbers::read(&from, &self.country),
            to: numbers::read(&to, &self.country),
            text: Body::new(text),
            media: self.media.all(source).into_iter().take(10).collect(),
            carrier_answered: false,
            part: self.part_of(source),
        })
    }

    fn part_of(&self, source: &Source<'_>) -> Option<Part> {
        let [set, number, of] = &self.part;
        let count = |names: &Names| names.first(source)?.trim().parse::<u16>().ok();
        let (number, of) = (count(number)?, count(of)?);
        (of > 1 && (1..=of).contains(&number)).then_some(Part { set: short(&set.first(source)?), number, of })
    }

    fn receipt(&self, source: &Source<'_>, reference: Option<String>, all: &[u8]) -> Result<Event, Refusal> {
        let status = self.receipt_status.first(source).ok_or(Refusal::Garbled("no word where receipt_status says"))?;
        let Some(kind) = self.statuses.kind(&status) else {
            return Ok(Event::Ignored("a status that statuses does not name"));
        };
        let reference = self.receipt_reference.first(source).or(reference);
        let id = self.receipt_id.first(source).unwrap_or_default();
        let code = self.receipt_code.first(source).map(|code| short(&code)).filter(|_| kind == ReceiptKind::Failed);
        let fault = code.as_deref().map(|code| self.errors.fault(code, None).unwrap_or(SendFault::Refused { code: code.to_owned() }));
        let named = if id.is_empty() { reference.clone() } else { Some(id.clone()) };
        Ok(Event::Receipt {
            ours: None,
            key: key_or(&format!("status-{}", short(&status)), named.as_deref(), all),
            reference,
            provider_id: id,
            kind,
            code,
            fault,
        })
    }
}
