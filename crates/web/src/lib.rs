//! Pages and webhooks. Must never know SQL or a company: a webhook's meaning is asked of [`Hooks`].

mod compose;
mod district;
mod families;
mod forms;
mod health;
mod hooks;
mod inbox;
mod me;
mod message;
mod page;
mod password;
mod pictures;
mod review;
mod session;
mod sign_in;
mod stop;
mod tasks;
mod whole;

pub use health::{Health, NotReady, health_router};
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
    /// What the process knows of itself.
    pub health: Arc<dyn Health>,
    /// As families' carriers and browsers see us, without a final slash.
    pub public_url: Arc<str>,
    /// Districts that changed: open pages listen.
    pub changes: tokio::sync::broadcast::Sender<DistrictId>,
}

/// Every route.
pub fn router(web: Web) -> Router {
    let health = health_router(web.health.clone());
    Router::new()
        .route("/", get(inbox::inbox))
        .route("/sign-in", get(sign_in::form).post(sign_in::submit))
        .route("/sign-out", post(sign_in::out))
        .route("/thread/{id}", get(inbox::thread).post(inbox::answer))
        .route("/thread/{id}/done", post(inbox::done))
        .route("/thread/{id}/media/{incoming}/{number}", get(pictures::of_thread).post(pictures::again))
        .route("/compose", get(compose::form).post(compose::submit))
        .route("/sent", get(message::sent))
        .route("/message/{id}", get(message::message))
        .route("/message/{id}/stop", post(message::stop))
        .route("/message/{id}/print/{rendition}", get(message::print))
        .route("/families", get(families::families))
        .route("/family/{id}", get(families::family))
        .route("/family/{id}/language", post(families::language))
        .route("/family/{id}/contact", post(families::contact))
        .route("/family/{id}/confirm", post(families::confirm))
        .route("/family/{id}/rights", post(families::rights))
        .route("/review", get(review::queue))
        .route("/review/phrases/{language}", get(review::phrases).post(review::approve_phrase))
        .route("/review/{id}", get(review::hold).post(review::decide))
        .route("/by-hand", get(tasks::queue))
        .route("/by-hand/{id}", get(tasks::one).post(tasks::end))
        .route("/by-hand/{id}/take", post(tasks::take))
        .route("/by-hand/{id}/media/{incoming}/{number}", get(pictures::of_task))
        .route("/me", get(me::form).post(me::submit))
        .route("/me/phone", post(me::phone))
        .route("/settings", get(district::settings).post(district::change))
        .route("/settings/live", post(district::live))
        .route("/numbers", get(district::numbers).post(district::add_number))
        .route("/numbers/{id}", post(district::pause_number))
        .route("/numbers/{id}/settings", post(district::change_number))
        .route("/people", get(district::people).post(district::invite))
        .route("/people/{id}/invite", post(district::invite_again))
        .route("/people/{id}/disable", post(district::disable))
        .route("/people/{id}/duty", post(district::duty))
        .route("/invitation/{secret}", get(sign_in::invitation).post(sign_in::accept))
        .route("/audit", get(families::audit))
        .route("/figures.json", get(tasks::figures))
        .route("/changes", get(inbox::changes))
        .route("/hooks/sms/{company}", get(hooks::sms).post(hooks::sms))
        .route("/hooks/mail/{company}", post(hooks::mail))
        .route("/hooks/mail/{company}/{what}", post(hooks::mail))
        .route("/m/{code}", get(whole::whole))
        .route("/stop/{code}", get(stop::ask).post(stop::stop))
        .route("/nav", get(page::nav))
        .route("/assets/{name}", get(page::asset))
        .fallback(page::absent)
        .with_state(web)
        .merge(health)
        .layer(DefaultBodyLimit::max(1024 * 1024))
        .layer(axum::middleware::map_response(page::headers))
}
