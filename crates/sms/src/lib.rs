//! The text codec and the companies that carry texts.
//!
//! Must never know the store or a socket: a company is a pure translator between `domain`'s plain data, and one wrapper runs
//! it over the gateway's client.

mod codec;
mod company;
mod gsm;
mod http;

pub use codec::{Codec, Segments, economy, segments};
pub use company::{Given, KINDS, Kind, Outcome, Setting, Twilio, TwilioSettings, Wrong, kind, sample, signature};
pub use http::HttpCarrier;
