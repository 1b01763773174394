//! What happened, told to whoever counts. A trait that is handed in, and not log events read back: the compiler checks what is
//! told, and a log filter cannot silence a count.
//!
//! Numbers and words of ours only: a meter never hears a district, a person, a number or a text. Telling must be cheap and
//! never fails; who tells does not know what is made of it.

use crate::delivery::DeliveryState;
use crate::message::Lane;
use std::time::Duration;

/// See the module. Every method's default forgets what it hears: `()` is the meter of tests and of the command line.
pub trait Meter: Send + Sync {
    /// Rows of a lane were claimed; the claim committed.
    fn claimed(&self, _lane: Lane, _rows: usize) {}
    /// An attempt's outcome committed with the state the delivery moved to.
    fn settled(&self, _state: DeliveryState) {}
    /// One commit held this many rows of callers that waited together.
    fn committed(&self, _rows: usize) {}
    /// An engine was asked for one text, and gave words or did not.
    fn translated(&self, _engine: &str, _took: Duration, _gave: bool) {}
}

impl Meter for () {}
