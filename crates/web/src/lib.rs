//! Pages and webhooks. Must never know SQL or a company: a webhook's meaning is asked of [`Hooks`].

mod compose;
mod families;
mod forms;
mod hooks;
mod inbox;
mod message;
mod page;
mod password;
mod review;
mod session;
mod sign_in;
mod tasks;

pub use hooks::Hooks;
pub use password::hash_password;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use domain::DistrictId;
use messaging::Flows;
use std::sync::Arc;

/// What the pages are wired to.
#[derive(Clone)]
pub struct Web {
    /// The use cases.
    pub flows: Flows,
    /// Who understands companies' calls.
    pub hooks: Arc<dyn Hooks>,
    /// As families' carriers and browsers see us, without a final slash.
    pub public_url: String,
    /// Districts that changed: open pages listen.
    pub changes: tokio::sync::broadcast::Sender<DistrictId>,
}

/// Every route.
pub fn router(web: Web) -> Router {
    Router::new()
        .route("/", get(inbox::inbox))
        .route("/sign-in", get(sign_in::form).post(sign_in::submit))
        .route("/sign-out", post(sign_in::out))
        .route("/thread/{id}", get(inbox::thread).post(inbox::answer))
        .route("/thread/{id}/done", post(inbox::done))
        .route("/compose", get(compose::form).post(compose::submit))
        .route("/sent", get(message::sent))
        .route("/message/{id}", get(message::message))
        .route("/message/{id}/stop", post(message::stop))
        .route("/families", get(families::families))
        .route("/family/{id}", get(families::family))
        .route("/family/{id}/language", post(families::language))
        .route("/review", get(review::queue))
        .route("/review/{id}", get(review::hold).post(review::decide))
        .route("/by-hand", get(tasks::queue))
        .route("/by-hand/{id}", post(tasks::end))
        .route("/audit", get(families::audit))
        .route("/figures.json", get(tasks::figures))
        .route("/changes", get(inbox::changes))
        .route("/hooks/sms/{company}", get(hooks::sms).post(hooks::sms))
        .route("/healthz/live", get(hooks::live))
        .route("/healthz/ready", get(hooks::ready))
        .route("/style.css", get(page::style))
        .route("/pages.js", get(page::script))
        .fallback(page::absent)
        .layer(DefaultBodyLimit::max(1024 * 1024))
        .layer(axum::middleware::map_response(page::headers))
        .with_state(web)
}
