//! The text codec and the companies that carry texts.
//!
//! Must never know the store or a socket: a company is a pure translator between `domain`'s plain data, and one wrapper runs
//! it over the gateway's client.

mod company;
mod http;
pub mod text;

pub use company::{Given, KINDS, Kind, Outcome, Setting, Twilio, TwilioSettings, Wrong, kind, sample, signature};
pub use http::HttpCarrier;
pub use text::{Codec, Segments, economy, segments, segments_over};
