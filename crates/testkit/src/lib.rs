//! A school in a box: the flows over a real SQLite store, fake families with phones and mailboxes, a carrier that can fail, and
//! a clock that is handed in. Stories are told with it; it stands outside the house and no room may know it.

mod air;
mod hands;
mod logs;
mod school;

pub use air::{Air, Fault, Mailed};
pub use school::{Form, School, at};
