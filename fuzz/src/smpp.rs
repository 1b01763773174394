//! The link's own readers, taken in by their files: nobody else may call them.
#![allow(dead_code, unreachable_pub, reason = "the link uses the rest")]

#[path = "../../crates/sms/src/smpp/letters.rs"]
mod letters;
#[path = "../../crates/sms/src/smpp/pdu.rs"]
mod pdu;
#[path = "properties/smpp.rs"]
pub mod properties;
#[path = "../../crates/sms/src/smpp/receipt.rs"]
mod receipt;
#[path = "../../crates/sms/src/smpp/text.rs"]
mod text;

mod settings {
    pub use sms::Long;
}
