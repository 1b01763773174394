//! A bad line between Homeword and its carrier, its mail server and its database: whatever it does, nobody gets a text twice,
//! nothing is lost, and what nobody knows is said to be so.

mod carrier;
#[path = "../common/mod.rs"]
mod common;
mod database;
mod mail;
mod proxy;
mod texts;
