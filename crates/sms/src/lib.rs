//! The text codec and the companies that carry texts.
//!
//! Must never know the store or a socket: a company is a pure translator between `domain`'s plain data, and one wrapper runs
//! it over the gateway's client.

mod codec;
mod gsm;
mod http;
mod twilio;

pub use codec::{Codec, Segments, economy, segments};
pub use http::HttpCarrier;
pub use twilio::{Outcome, Twilio, TwilioSettings, signature};
