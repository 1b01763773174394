//! The flows as use cases over the ports: each takes the acting person and asks `domain::rights` first.
//!
//! Out: compose → render → accept → expand → deliver → receipts. In: take in → understand → route → conclude.
//! This room must never know axum, sqlx, or a company's name; it reads no clock and no socket.

mod answer;
mod audience;
mod brakes;
mod calls;
mod carriers;
mod compose;
mod deliver;
mod duty;
mod enrol;
mod estimate;
mod events;
mod expand;
mod families;
mod fault;
mod greeting;
mod hand;
mod keyword;
mod ladder;
mod letters;
mod live;
mod long;
mod notice;
mod numbers;
mod outgoing;
mod own_mailbox;
mod own_phone;
mod parts;
mod pictures;
mod poison;
mod receive;
mod reconcile;
mod render;
mod reports;
mod restored;
mod review;
mod route;
mod spare;
mod speech;
mod staff;
mod stop;
mod tend;
mod thread;
mod understand;
mod useful;
mod wide;
mod writer;

pub use audience::{Fates, Missed, Target, Why, fates};
pub use carriers::{Carriers, Terms};
pub use compose::{Draft, LanguagePreview, OneLine, Preview, Warning};
pub use enrol::{EnrolReport, SenderPlan};
pub use estimate::{Estimate, Leaves};
pub use events::TakenText;
pub use expand::choose_sender;
pub use families::Decision as RightDecision;
pub use fault::{Flow, FlowFault};
pub use hand::Result as HandResult;
pub use live::{Check, Settings};
pub use long::{Whole, WholeMessage};
pub use numbers::SenderSettings;
pub use pictures::Media;
pub use review::PhraseRow;
pub use route::{Because, Came, Decision, addressed, decide};
pub use speech::{PhraseCard, Speech, Spoken, SpokenPhrase};
pub use staff::{NewStaff, hashed, reading_level};
pub use stop::StopButton;
pub use thread::AnswerPreview;

use domain::carrier::Texts;
use domain::letter::Letters;
use domain::passage::Translate;
use domain::people::Channel;
use domain::ports::*;
use domain::views::Views;
use domain::*;
use std::sync::Arc;

/// What the flows are wired to.
#[derive(Clone)]
pub struct Ports {
    /// Numbers, sign-ins, senders with work due.
    pub directory: Arc<dyn Directory>,
    /// People and places.
    pub people: Arc<dyn People>,
    /// The way out.
    pub outbound: Arc<dyn Outbound>,
    /// Whole schools and districts.
    pub wide: Arc<dyn Wide>,
    /// What may have gone since a backup.
    pub restored: Arc<dyn Restored>,
    /// The way in.
    pub inbound: Arc<dyn Inbound>,
    /// Memory and approvals.
    pub words: Arc<dyn WordStore>,
    /// Reads for pages.
    pub views: Arc<dyn Views>,
    /// What came with texts.
    pub attachments: Arc<dyn Attachments>,
    /// Pictures, drawn anew.
    pub redraw: Arc<dyn Redraw>,
    /// Fetches it.
    pub fetch: Arc<dyn Fetch>,
    /// Measures texts.
    pub texts: Arc<dyn Texts>,
    /// Composes and reads letters.
    pub letters: Arc<dyn Letters>,
    /// Free text in other languages.
    pub translate: Arc<dyn Translate>,
    /// Slots and memory keys of free text.
    pub passages: Arc<dyn domain::passage::Passages>,
    /// Who carries, by channel and account.
    pub carriers: Carriers,
    /// Now.
    pub clock: Arc<dyn Clock>,
    /// Fresh ids.
    pub ids: Arc<dyn Ids>,
    /// Rung after every change of a district, so that workers and open pages wake.
    pub bell: Arc<dyn Fn(DistrictId) + Send + Sync>,
    /// Where staff sign in, for the letters that tell them, and where families read a long message whole. Without a final slash.
    pub public_url: String,
    /// Told of each step between a commit and a call, by name: nothing happens there, but tests end the process at one.
    pub point: fn(&'static str),
}

/// Every use case; its copies are one.
#[derive(Clone)]
pub struct Flows {
    pub(crate) ports: Arc<Ports>,
    pub(crate) speech: Arc<Speech>,
    /// Carriers that are down, as this process found out.
    pub(crate) breakers: Arc<std::sync::Mutex<std::collections::BTreeMap<spare::Breaks, domain::breaker::Breaker>>>,
}

impl Flows {
    /// Wires the flows.
    pub fn new(ports: Ports, speech: Arc<Speech>) -> Self {
        Self { ports: Arc::new(ports), speech, breakers: Arc::default() }
    }
    /// The ports, for reads that need no use case.
    pub fn ports(&self) -> &Ports {
        &self.ports
    }
    /// The product's sentences.
    pub fn speech(&self) -> &Speech {
        &self.speech
    }
    pub(crate) fn now(&self) -> Time {
        self.ports.clock.now()
    }
    pub(crate) fn id<T: From<i64>>(&self) -> T {
        T::from(self.ports.ids.next())
    }
    pub(crate) fn ring(&self, district: DistrictId) {
        (self.ports.bell)(district);
    }
    pub(crate) fn audit(&self, staff: StaffId, act: &'static str, subject: String) -> Audit {
        Audit { staff, at: self.now(), act, subject, detail: String::new() }
    }
    pub(crate) async fn district(&self, district: DistrictId) -> Flow<domain::people::District> {
        self.ports.people.district(district).await?.ok_or(FlowFault::NotFound)
    }
}
