//! What the sandbox remembers: phones, texts, names, faults.

use crate::journal::Journal;
use crate::letter::Letter;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};

/// How it is set up.
#[derive(Clone)]
pub struct Settings {
    /// Account id the API answers to.
    pub account: String,
    /// Its auth token; signs webhooks.
    pub token: String,
    /// Where answers of families are posted; may be set later.
    pub webhook: Option<String>,
    /// Folder of the journal.
    pub folder: PathBuf,
    /// The clock: microseconds UTC.
    pub now: Arc<dyn Fn() -> i64 + Send + Sync>,
}

/// What goes wrong, for a number or a mailbox.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Faults {
    /// Accepted, then "undelivered, landline".
    pub landline: bool,
    /// The mailbox is unknown at RCPT.
    pub unknown: bool,
    /// The letter is taken, and a delivery report says no.
    pub bounce: bool,
    /// Milliseconds before the answer.
    pub slow: u32,
    /// So many requests answer 500, so many letters 451.
    pub refuse: u32,
    /// So many requests answer 429: too fast, and nothing is taken.
    pub busy: u32,
    /// So many requests are accepted and never answered.
    pub cut: u32,
    /// Each receipt and answer comes twice.
    pub twice: bool,
    /// "delivered" comes before "sent", and a family's text after the one it writes next.
    pub reorder: bool,
    /// The company has this number on its own stop list.
    pub stopped: bool,
}

/// A text on a phone.
#[derive(Clone, Debug, Serialize)]
pub struct Text {
    /// SM….
    pub sid: String,
    /// The family's number.
    pub phone: String,
    /// Our number.
    pub number: String,
    /// From the family.
    pub answered: bool,
    /// Words.
    pub body: String,
    /// Microseconds UTC.
    pub at: i64,
    /// `delivered`, `undelivered`, …; for an answer the webhook's HTTP status.
    pub state: String,
    /// Reference in the status callback's query.
    pub reference: String,
    /// Whom an answer was meant for: noted off the wire.
    pub meant_for: String,
}

/// Whose phone it is, for the page.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Owner {
    /// Name.
    pub name: String,
    /// BCP 47.
    #[serde(default)]
    pub language: String,
    /// `ltr` or `rtl`.
    #[serde(default)]
    pub direction: String,
}

#[derive(Default)]
pub(crate) struct Memory {
    pub texts: Vec<Text>,
    pub letters: Vec<Letter>,
    /// Where letters are handed over.
    pub lmtp: Option<String>,
    pub owners: BTreeMap<String, Owner>,
    pub faults: BTreeMap<String, Faults>,
    pub keys: BTreeMap<String, String>,
    pub webhook: Option<String>,
    /// Where this sandbox is.
    pub own: String,
    /// Texts of phones whose texts are reordered: they come after the next one.
    pub held_back: BTreeMap<String, Vec<(String, String)>>,
    pub count: u64,
}

/// The sandbox.
pub(crate) struct Sandbox {
    pub settings: Settings,
    pub journal: Journal,
    memory: Mutex<Memory>,
}

impl Sandbox {
    pub fn open(settings: Settings) -> std::io::Result<Self> {
        let journal = Journal::open(&settings.folder)?;
        let memory = Memory { webhook: settings.webhook.clone(), ..Memory::default() };
        Ok(Self { settings, journal, memory: Mutex::new(memory) })
    }

    /// The memory; a panic elsewhere does not make it unreadable.
    pub fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// A new message id in the company's shape.
    pub fn sid(&self) -> String {
        let mut memory = self.memory();
        memory.count += 1;
        format!("SM{:016x}{:016x}", (self.settings.now)(), memory.count)
    }

    /// The faults of a number, counted down where they are counted.
    pub fn take_fault(&self, phone: &str) -> Faults {
        let mut memory = self.memory();
        let Some(faults) = memory.faults.get_mut(phone) else {
            return Faults::default();
        };
        let now = faults.clone();
        faults.busy = faults.busy.saturating_sub(1);
        if now.busy == 0 {
            faults.refuse = faults.refuse.saturating_sub(1);
        }
        if now.busy == 0 && now.refuse == 0 {
            faults.cut = faults.cut.saturating_sub(1);
        }
        now
    }

    /// Keeps a text and writes it to the journal.
    pub fn keep(&self, text: Text) {
        self.journal.write(&text);
        self.memory().texts.push(text);
    }

    /// Changes a text's state.
    pub fn settle(&self, sid: &str, state: &str) {
        let mut memory = self.memory();
        if let Some(text) = memory.texts.iter_mut().rev().find(|text| text.sid == sid) {
            text.state = state.to_owned();
            self.journal.write(text);
        }
    }

    /// Keeps a letter and writes it to the journal.
    pub fn keep_letter(&self, letter: Letter) {
        self.journal.write(&letter);
        self.memory().letters.push(letter);
    }

    /// Changes a letter's state.
    pub fn settle_letter(&self, id: &str, state: &str) {
        let mut memory = self.memory();
        if let Some(letter) = memory.letters.iter_mut().rev().find(|letter| letter.id == id) {
            letter.state = state.to_owned();
            self.journal.write(letter);
        }
    }

    /// Every mailbox that has a letter or an owner.
    pub fn mailboxes(&self) -> Vec<String> {
        let memory = self.memory();
        let owned = memory.owners.keys().filter(|name| name.contains('@'));
        let all: BTreeSet<&String> = memory.letters.iter().map(|letter| &letter.mailbox).chain(owned).collect();
        all.into_iter().cloned().collect()
    }

    /// Every phone that has a text or an owner.
    pub fn phones(&self) -> Vec<String> {
        let memory = self.memory();
        let all: BTreeSet<&String> =
            memory.texts.iter().map(|text| &text.phone).chain(memory.owners.keys().filter(|name| !name.contains('@'))).collect();
        all.into_iter().cloned().collect()
    }
}
