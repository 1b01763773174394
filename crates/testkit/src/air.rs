//! The carriers of a story: what they carried, and what goes wrong.

use domain::carrier::*;
use domain::media::MediaKind;
use domain::ports::{Fetch, NotFetched, Redraw};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

/// What goes wrong for a number or an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing leaves: connection refused.
    Down,
    /// Taken, and never answered: nobody knows whether.
    Cut,
    /// Not taken, and never answered: nobody knows whether.
    Lost,
    /// The company has it on its own stop list.
    OptedOut,
    /// No such number or address.
    Nobody,
}

/// A letter as it was carried.
#[derive(Clone, Debug)]
pub struct Mailed {
    /// Recipient.
    pub to: String,
    /// Raw bytes.
    pub raw: Vec<u8>,
    /// Envelope sender.
    pub envelope_from: String,
}

impl Mailed {
    /// A line of its head, unfolded.
    pub fn header(&self, name: &str) -> Option<String> {
        let raw = String::from_utf8_lossy(&self.raw);
        let head = raw.split("\r\n\r\n").next().unwrap_or_default().replace("\r\n ", " ").replace("\r\n\t", " ");
        head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':').map(|value| value.trim().to_owned()))
    }

    /// Where an answer goes.
    pub fn reply_to(&self) -> String {
        let value = self.header("Reply-To").expect("an address for answers");
        value.rsplit_once('<').map_or(value.as_str(), |(_, address)| address.trim_end_matches('>')).to_owned()
    }
}

/// A text as it was carried.
#[derive(Clone, Debug)]
pub(crate) struct Texted {
    pub to: String,
    pub from: String,
    pub text: String,
    pub reference: String,
}

/// Both carriers in one.
#[derive(Default)]
pub struct Air {
    pub(crate) texts: Mutex<Vec<Texted>>,
    pub(crate) letters: Mutex<Vec<Mailed>>,
    faults: Mutex<BTreeMap<String, Fault>>,
    all: Mutex<Option<Fault>>,
    repeat: Mutex<Option<Repeat>>,
    no_calls: AtomicBool,
    longest: AtomicUsize,
    media: Mutex<BTreeMap<String, Result<Vec<u8>, NotFetched>>>,
}

impl Air {
    /// From now on this goes wrong for a number or an address; `None` = nothing.
    pub fn fault(&self, address: &str, fault: Option<Fault>) {
        let mut faults = self.faults.lock().expect("no panic holds it");
        match fault {
            Some(fault) => faults.insert(address.to_owned(), fault),
            None => faults.remove(address),
        };
    }

    /// From now on this goes wrong for everybody.
    pub fn fault_for_all(&self, fault: Option<Fault>) {
        *self.all.lock().expect("no panic holds it") = fault;
    }

    /// From now on a repeated attempt is treated so; nothing said = `Blind`.
    pub fn repeats(&self, repeat: Repeat) {
        *self.repeat.lock().expect("no panic holds it") = Some(repeat);
    }

    /// From now on the company asks nobody about calls.
    pub fn answers_no_calls(&self) {
        self.no_calls.store(true, Ordering::SeqCst);
    }

    /// The longest text the company takes from now on, in UTF-16 units.
    pub fn takes_at_most(&self, units: usize) {
        self.longest.store(units, Ordering::SeqCst);
    }

    /// What is behind a link from now on, or why nothing is fetched.
    pub fn keeps(&self, link: &str, found: Result<&[u8], NotFetched>) {
        self.media.lock().expect("no panic holds it").insert(link.to_owned(), found.map(<[u8]>::to_vec));
    }

    fn had(&self, reference: &str) -> bool {
        self.texts.lock().expect("no panic holds it").iter().any(|text| text.reference == reference)
    }

    fn carry(&self, outgoing: &Outgoing) -> SendResult {
        let to = match &outgoing.to {
            Destination::Phone(phone) => phone.reveal().to_owned(),
            Destination::Mailbox(address) => address.reveal().to_owned(),
        };
        let own = self.faults.lock().expect("no panic holds it").get(&to).copied();
        let fault = own.or(*self.all.lock().expect("no panic holds it"));
        match fault {
            Some(Fault::Down) => return SendResult::Fault(SendFault::NotSent("down".into())),
            Some(Fault::OptedOut) => return SendResult::Fault(SendFault::OptedOut),
            Some(Fault::Nobody) => return SendResult::Fault(SendFault::BadAddress("no such number".into())),
            Some(Fault::Lost) => return SendResult::Fault(SendFault::Unclear("lost".into())),
            Some(Fault::Cut) | None => {}
        }
        let keyed = matches!(self.abilities().repeat, Repeat::Keyed(_));
        match &outgoing.content {
            Content::Text(_) if keyed && self.had(&outgoing.reference()) => {}
            Content::Text(text) => self.texts.lock().expect("no panic holds it").push(Texted {
                to,
                from: outgoing.from.clone(),
                text: text.reveal().to_owned(),
                reference: outgoing.reference(),
            }),
            Content::Letter { raw, envelope_from } => {
                self.letters.lock().expect("no panic holds it").push(Mailed { to, raw: raw.clone(), envelope_from: envelope_from.clone() })
            }
        }
        if fault == Some(Fault::Cut) {
            return SendResult::Fault(SendFault::Unclear("cut".into()));
        }
        SendResult::Accepted(Accepted { provider_ids: vec![outgoing.reference()], segments: None })
    }
}

/// As they are: the program's own tests draw.
#[async_trait::async_trait]
impl Redraw for Air {
    async fn redraw(&self, kind: MediaKind, bytes: Vec<u8>) -> Option<(MediaKind, Vec<u8>)> {
        (!bytes.ends_with(b"broken")).then_some((kind, bytes))
    }
}

#[async_trait::async_trait]
impl Fetch for Air {
    async fn fetch(&self, _account: &str, link: &str) -> Result<Vec<u8>, NotFetched> {
        let media = self.media.lock().expect("no panic holds it");
        media.get(link).cloned().unwrap_or(Err(NotFetched::Never("nothing is there")))
    }
}

#[async_trait::async_trait]
impl Carrier for Air {
    fn abilities(&self) -> Abilities {
        let repeat = self.repeat.lock().expect("no panic holds it").unwrap_or(Repeat::Blind);
        let longest = self.longest.load(Ordering::SeqCst);
        Abilities { repeat, receipts: true, longest, capacity: Capacity::default(), slowest: Duration::from_secs(60) }
    }
    async fn send(&self, set: &[Outgoing]) -> Vec<SendResult> {
        set.iter().map(|outgoing| self.carry(outgoing)).collect()
    }
    fn answers_calls(&self) -> bool {
        !self.no_calls.load(Ordering::SeqCst)
    }
    async fn find(&self, attempts: &[Attempted]) -> Vec<Found> {
        let one = |attempted: &Attempted| match self.abilities().repeat {
            Repeat::LookUp if self.had(&attempted.outgoing.reference()) => Found::Found(Accepted::default()),
            Repeat::LookUp => Found::Absent,
            Repeat::Keyed(_) | Repeat::Blind => Found::Unclear,
        };
        attempts.iter().map(one).collect()
    }
}
