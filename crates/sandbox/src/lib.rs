//! A carrier and a mail world of its own, for the demo, for tests and for training: it speaks the Twilio wire format on
//! loopback HTTP, takes letters by SMTP and hands answers over by LMTP.
//!
//! It knows nothing of Homeword's insides, only the wire: texts come in by the company's API, receipts and families' answers
//! go out as signed webhooks, and everything carried is journalled to disk.

mod api;
mod calls;
mod carrier;
mod control;
mod hooks;
mod journal;
mod letter;
mod lmtp;
mod mailboxes;
mod pages;
mod smtp;
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
    /// Where letters come in.
    pub smtp: SocketAddr,
    task: tokio::task::JoinHandle<()>,
    mail: tokio::task::JoinHandle<()>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
        self.mail.abort();
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
    let letters = tokio::net::TcpListener::bind((address.ip(), 0)).await?;
    let smtp = letters.local_addr()?;
    let sandbox = Arc::new(Sandbox::open(settings)?);
    sandbox.memory().own = format!("http://{http}");
    let routes = Router::new()
        .route("/2010-04-01/Accounts/{account}/Messages.json", post(api::create).get(api::list))
        .route("/control/target", post(control::target))
        .route("/control/name", post(control::name))
        .route("/control/fault", post(control::fault))
        .route("/control/phones", get(control::phones))
        .route("/control/journal", get(control::journal))
        .route("/control/text", post(control::text))
        .route("/control/call", post(control::call))
        .route("/control/mailboxes", get(control::mailboxes))
        .route("/control/letter", post(control::letter))
        .route("/mailbox/{address}", get(mailboxes::mailbox).post(mailboxes::answer))
        .route("/", get(pages::table))
        .route("/phone/{number}", get(pages::phone).post(pages::answer))
        .route("/phone/{number}/call", post(pages::call))
        .route("/media/{sid}", get(pages::media))
        .route("/sandbox.css", get(pages::style))
        .with_state(sandbox.clone());
    let task = tokio::spawn(async move {
        let _ = axum::serve(listener, routes).await;
    });
    let mail = tokio::spawn(smtp::listen(letters, sandbox));
    Ok(Running { http, smtp, task, mail })
}
