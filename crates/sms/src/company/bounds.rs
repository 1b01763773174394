//! What every translator is held to, whatever comes: a word that the store looks things up by is one that databases take (without NUL,
//! no longer than an index has room for), a web page is never an acceptance, and nobody's number stands among what an operator is told.
//!
//! PostgreSQL refuses a row whose indexed word is longer than a third of a page. One call or answer with such a word would fail with
//! all that is written beside it, and the company would repeat it for ever.
//!
//! Must never know a company.

use super::reading::keys::digest;
use domain::calls::CallAnswer;
use domain::carrier::*;
use domain::mask::Phone;
use domain::wire::*;
use std::sync::Arc;
use std::time::Duration;

/// The longest id, code or name of a set of parts.
const WORD: usize = 200;
/// The longest number, short code or sender's name. E.164 has 15 digits, a sender's name 11 letters.
const NUMBER: usize = 64;
/// The most ids of one text: no header counts more parts (TS 23.040 section 9.2.3.24.1).
const IDS: usize = 255;
/// Bytes of a link to a picture: more than any server takes in a request's first line.
const LINK: usize = 8000;

/// As many digits in a row are a number, and no company's code.
const DIGITS: usize = 7;

/// A translator, held to it.
pub(super) struct Bounded(pub Arc<dyn SmsProvider>);

/// An id, the same from an answer and from a receipt. One that nobody could mean is put as its digest: cut, it could be another's.
fn id(text: String) -> String {
    let text = text.replace('\0', "");
    if text.chars().count() <= WORD { text } else { format!("~{}", digest(&[text.as_bytes()])) }
}

/// A replay key. What a company writes where its word for a state should stand is put as a digest too.
fn key(text: String) -> String {
    let plain = text.len() <= WORD && text.bytes().all(|byte| byte.is_ascii_graphic());
    if plain { text } else { format!("~{}", digest(&[text.as_bytes()])) }
}

/// A company's own words on their way to a log or a page: short, on one line, without numbers of phones.
fn words(text: &str) -> String {
    let mut told = String::new();
    let mut rest: String = text.chars().filter(|mark| !mark.is_control()).take(WORD - 1).collect();
    while let Some(start) = rest.find(|mark: char| mark.is_ascii_digit()) {
        let end = rest[start..].find(|mark: char| !mark.is_ascii_digit()).map_or(rest.len(), |length| start + length);
        told.push_str(if end - start < DIGITS { &rest[..end] } else { &rest[..start] });
        told.push_str(if end - start < DIGITS { "" } else { "…" });
        rest.drain(..end);
    }
    told + &rest
}

fn told(fault: SendFault) -> SendFault {
    match fault {
        SendFault::Config(said) => SendFault::Config(words(&said)),
        SendFault::BadAddress(said) => SendFault::BadAddress(words(&said)),
        SendFault::Refused { code } => SendFault::Refused { code: words(&code) },
        SendFault::NotSent(said) => SendFault::NotSent(words(&said)),
        SendFault::Unclear(said) => SendFault::Unclear(words(&said)),
        SendFault::Garbled(said) => SendFault::Garbled(words(&said)),
        fault @ (SendFault::OptedOut | SendFault::Throttled { .. } | SendFault::NotMade | SendFault::Lost) => fault,
    }
}

fn number(phone: Phone) -> Phone {
    let phone = Phone::new(phone.into_inner().replace('\0', ""));
    match phone.reveal().char_indices().nth(NUMBER) {
        Some((end, _)) => Phone::from(&phone.reveal()[..end]),
        None => phone,
    }
}

fn accepted(mut accepted: Accepted) -> Accepted {
    accepted.provider_ids.truncate(IDS);
    accepted.provider_ids = accepted.provider_ids.into_iter().map(id).filter(|id| !id.is_empty()).collect();
    accepted
}

/// What stands in front of a company (a proxy, a tunnel, a page to sign in at) answers HTML, with 200 as well.
fn is_page(answer: &WireAnswer) -> bool {
    let text = answer.body.trim_ascii_start();
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text).trim_ascii_start();
    [&b"<!doctype html"[..], b"<html"].iter().any(|start| text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start)))
}

fn bounded(event: Event) -> Event {
    match event {
        Event::Incoming { key: said, from, to, text, mut media, carrier_answered, part } => {
            // Nobody can fetch what a link of such a length or with such a letter names; its text is kept.
            media.retain(|link| !link.is_empty() && link.len() <= LINK && !link.contains('\0'));
            if from.reveal().is_empty() && text.reveal().is_empty() && media.is_empty() {
                return Event::Ignored("nobody says nothing");
            }
            let part = part.map(|part| Part { set: id(part.set), ..part });
            Event::Incoming { key: key(said), from: number(from), to: number(to), text, media, carrier_answered, part }
        }
        Event::Receipt { key: said, reference, provider_id, kind, code, fault, ours } => Event::Receipt {
            key: key(said),
            // None of ours is so long.
            reference: reference.filter(|reference| reference.chars().count() <= WORD && !reference.contains('\0')),
            provider_id: id(provider_id),
            kind,
            code: code.map(|code| words(&code)),
            fault: fault.map(told),
            ours: ours.map(number),
        },
        Event::MissedCall { key: said, from, to, stage } => Event::MissedCall { key: key(said), from: number(from), to: number(to), stage },
        ignored @ Event::Ignored(_) => ignored,
    }
}

impl SmsProvider for Bounded {
    fn abilities(&self) -> Abilities {
        self.0.abilities()
    }
    fn submit(&self, sms: &Outgoing, at: &Moment) -> WireRequest {
        self.0.submit(sms, at)
    }
    fn accepted(&self, answer: &WireAnswer) -> Result<Accepted, SendFault> {
        match self.0.accepted(answer) {
            Ok(_) if is_page(answer) => Err(SendFault::Garbled("a web page, where the company's answer should be".into())),
            Ok(taken) => Ok(accepted(taken)),
            Err(fault) => Err(told(fault)),
        }
    }
    fn authentic(&self, call: &WireCall, at: &Moment) -> Result<(), Refusal> {
        self.0.authentic(call, at)
    }
    fn events(&self, call: &WireCall) -> Result<Vec<Event>, Refusal> {
        Ok(self.0.events(call)?.into_iter().map(bounded).collect())
    }
    fn acknowledge(&self, taken: usize) -> WireReply {
        self.0.acknowledge(taken)
    }
    fn opens(&self, link: &str) -> Vec<(String, String)> {
        self.0.opens(link)
    }
    fn answer_call(&self, answer: &CallAnswer) -> Option<WireReply> {
        self.0.answer_call(answer)
    }
    fn look_up(&self, sms: &Outgoing) -> Option<WireRequest> {
        self.0.look_up(sms)
    }
    fn found(&self, answer: &WireAnswer) -> Found {
        match self.0.found(answer) {
            _ if is_page(answer) => Found::Unclear,
            Found::Found(taken) => Found::Found(accepted(taken)),
            other => other,
        }
    }
    fn remembers(&self) -> Duration {
        self.0.remembers()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_operator_is_told_names_nobody() {
        assert_eq!(words("Invalid phone number: +254711123456 (code 403)"), "Invalid phone number: +… (code 403)");
        assert_eq!(words("30007"), "30007");
        assert_eq!(words("a\0b\nc 2035550100"), "abc …");
        assert_eq!(words(&"é".repeat(500)).chars().count(), 199);
    }

    #[test]
    fn an_id_of_any_length_is_short_and_the_same_again() {
        let long = "x".repeat(9_000);
        assert_eq!((id("SM1".into()), id("S\0M1".into())), ("SM1".into(), "SM1".into()), "no database takes NUL");
        assert!(id(long.clone()).len() < 60 && id(long.clone()) == id(long.clone()) && id(long.clone()) != id(long[1..].into()));
        assert_eq!(key("status-1:7".into()), "status-1:7");
        assert!(key("status-é:7".into()).bytes().all(|byte| byte.is_ascii_graphic()));
    }

    #[test]
    fn a_page_is_known_by_its_beginning() {
        let page = |body: &str| is_page(&WireAnswer { status: 200, headers: vec![], body: body.into() });
        assert!(page("<!DOCTYPE html><p>") && page(" \n<HTML>") && page("\u{feff}<html lang=en>"));
        assert!(!page("") && !page("<response><id>7</id></response>") && !page("{\"html\":\"<html>\"}"));
    }

    #[test]
    fn everything_that_is_looked_up_by_is_short() {
        let long = "9".repeat(9_000);
        let receipt = Event::Receipt {
            ours: Some(long.as_str().into()),
            key: long.clone(),
            reference: Some(long.clone()),
            provider_id: long.clone(),
            kind: ReceiptKind::Failed,
            code: Some(long.clone()),
            fault: None,
        };
        let Event::Receipt { ours, key, reference, provider_id, code, .. } = bounded(receipt) else { panic!("a receipt") };
        assert_eq!(ours.map(|number| number.reveal().len()), Some(NUMBER));
        assert!(key.len() <= WORD && provider_id.len() <= WORD && reference.is_none() && code.is_some_and(|code| code.len() <= WORD));
        let text = Event::Incoming {
            key: "7".into(),
            from: long.as_str().into(),
            to: long.as_str().into(),
            text: "hello".into(),
            media: vec![],
            carrier_answered: false,
            part: Some(Part { set: long.clone(), number: 1, of: 2 }),
        };
        let Event::Incoming { from, to, part, .. } = bounded(text) else { panic!("a text") };
        assert_eq!((from.reveal().len(), to.reveal().len()), (NUMBER, NUMBER));
        assert!(part.is_some_and(|part| part.set.len() <= WORD));
    }

    /// Believes everything.
    struct Believes;

    impl SmsProvider for Believes {
        fn abilities(&self) -> Abilities {
            Abilities { repeat: Repeat::LookUp, receipts: true, longest: 0, capacity: Capacity::default(), slowest: Duration::ZERO }
        }
        fn submit(&self, _: &Outgoing, _: &Moment) -> WireRequest {
            WireRequest { method: "GET", url: String::new(), headers: vec![], body: vec![] }
        }
        fn accepted(&self, _: &WireAnswer) -> Result<Accepted, SendFault> {
            Ok(Accepted { provider_ids: vec!["7".into(); 300], segments: None })
        }
        fn authentic(&self, _: &WireCall, _: &Moment) -> Result<(), Refusal> {
            Ok(())
        }
        fn events(&self, _: &WireCall) -> Result<Vec<Event>, Refusal> {
            Ok(vec![])
        }
        fn acknowledge(&self, _: usize) -> WireReply {
            WireReply { status: 200, content_type: "text/plain", body: String::new() }
        }
        fn look_up(&self, _: &Outgoing) -> Option<WireRequest> {
            None
        }
        fn found(&self, _: &WireAnswer) -> Found {
            Found::Found(Accepted::default())
        }
    }

    #[test]
    fn a_page_is_no_answer_whatever_its_translator_believes() {
        let held = Bounded(Arc::new(Believes));
        let answer = |body: &str| WireAnswer { status: 200, headers: vec![], body: body.into() };
        let page = answer("<html><h1>Sign in to the guest network</h1>");
        assert!(matches!(held.accepted(&page), Err(SendFault::Garbled(_))), "nobody took the text");
        assert!(matches!(held.found(&page), Found::Unclear), "nobody knows");
        assert_eq!(held.accepted(&answer("0: Accepted")).map(|taken| taken.provider_ids.len()), Ok(IDS));
        assert!(matches!(held.found(&answer("{}")), Found::Found(_)));
    }
}
