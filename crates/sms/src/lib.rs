//! The text codec and the companies that carry texts.
//!
//! Must never know the store or a socket: a company is a pure translator between `domain`'s plain data, and one wrapper runs
//! it over the gateway's client. The one exception is the SMPP link, a feature, which is a held session and owns its socket.

mod codec;
mod company;
mod gsm;
mod http;
#[cfg(feature = "smpp")]
pub mod smpp;
// In every build: one without the link says so, and all have the same sample configuration.
#[path = "smpp/settings.rs"]
mod smpp_settings;

pub use codec::{Codec, Segments, economy, segments};
pub use company::{Given, KINDS, Kind, LINKS, LinkKind, Outcome, Setting, Twilio, TwilioSettings, Wrong, kind, sample, signature};
pub use http::HttpCarrier;
pub use smpp_settings::{Ids, Limits, Long, SmppSettings};
