//! The text codec and the companies that carry texts.
//!
//! Must never know the store or a socket: a company is a pure translator between `domain`'s plain data, and one wrapper runs
//! it over the gateway's client. The one exception is the SMPP link, a feature, which is a held session and owns its socket.

#[cfg(test)]
extern crate self as sms;

mod company;
mod http;
#[cfg(feature = "smpp")]
pub mod smpp;
// In every build: one without the link says so, and all have the same sample configuration.
#[path = "smpp/settings.rs"]
mod smpp_settings;
pub mod text;

pub use company::{Given, KINDS, Kind, LINKS, LinkKind, Outcome, Setting, Twilio, TwilioSettings, Wrong, kind, sample, signature};
pub use http::HttpCarrier;
pub use smpp_settings::{Ids, Limits, Long, SmppSettings};
pub use text::{Codec, Segments, economy, segments, segments_over};
