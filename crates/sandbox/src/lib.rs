//! A carrier of its own, for the demo, for tests and for training: it speaks the Twilio wire format on loopback HTTP.
//!
//! It knows nothing of Homeword's insides, only the wire: texts come in by the company's API, receipts and families' answers
//! go out as signed webhooks, and everything carried is journalled to disk.

mod api;
mod carrier;
mod control;
mod hooks;
mod journal;
mod pages;
mod state;

pub use hooks::signature;
pub use state::{Faults, Settings};

use axum::Router;
use axum::routing::{get, post};
use state::Sandbox;
use std::net::SocketAddr;
use std::sync::Arc;

/// A running sandbox; it ends when this is dropped.
pub struct Running {
    /// Where it listens.
    pub http: SocketAddr,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Running {
    /// Waits until it ends by itself (it does not, unless its listener fails).
    pub async fn wait(mut self) {
        let _ = (&mut self.task).await;
    }
}

/// Starts it. Only loopback addresses are listened on.
pub async fn start(address: SocketAddr, settings: Settings) -> std::io::Result<Running> {
    if !address.ip().is_loopback() {
        return Err(std::io::Error::new(std::io::ErrorKind::InvalidInput, "the sandbox listens on loopback only"));
    }
    let listener = tokio::net::TcpListener::bind(address).await?;
    let http = listener.local_addr()?;
    let sandbox = Arc::new(Sandbox::open(settings)?);
    let routes = Router::new()
        .route("/2010-04-01/Accounts/{account}/Messages.json", post(api::create).get(api::list))
        .route("/control/target", post(control::target))
        .route("/control/name", post(control::name))
        .route("/control/fault", post(control::fault))
        .route("/control/phones", get(control::phones))
        .route("/control/journal", get(control::journal))
        .route("/control/text", post(control::text))
        .route("/", get(pages::table))
        .route("/phone/{number}", get(pages::phone).post(pages::answer))
        .route("/sandbox.css", get(pages::style))
        .with_state(sandbox);
    let task = tokio::spawn(async move {
        let _ = axum::serve(listener, routes).await;
    });
    Ok(Running { http, task })
}
