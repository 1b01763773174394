//! `/healthz/…`, for the proxy in front: asked without signing in, answered without anybody's data. What makes a node ready is
//! asked of [`Health`].

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;
use std::sync::Arc;

/// Something that keeps this node from being given work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotReady {
    /// One word for programs: `database`, `clock`, `slot`, `ending`.
    pub what: &'static str,
    /// For whoever operates it.
    pub why: String,
}

/// What the process knows of itself.
#[async_trait::async_trait]
pub trait Health: Send + Sync {
    /// What is not ready; empty where everything is.
    async fn not_ready(&self) -> Vec<NotReady>;
    /// Comes back once the process is asked to end: an open stream ends then.
    async fn ending(&self);
}

#[derive(Serialize)]
struct Answer {
    ready: bool,
    not_ready: Vec<NotReady>,
}

/// The two routes alone, for a listener of their own.
pub fn health_router(health: Arc<dyn Health>) -> Router {
    Router::new().route("/healthz/live", get(live)).route("/healthz/ready", get(ready)).with_state(health)
}

/// The process runs. Asks nobody: a database that is away is no reason to start this process anew.
async fn live() -> &'static str {
    "live"
}

/// 200 where everything is ready, else 503.
async fn ready(State(health): State<Arc<dyn Health>>) -> Response {
    let not_ready = health.not_ready().await;
    let ready = not_ready.is_empty();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Answer { ready, not_ready })).into_response()
}
