//! Sign in and out.

use crate::Web;
use crate::forms::{Fields, field};
use crate::page::{Page, show};
use crate::password::verify;
use crate::session::{COOKIE, hashed, secret};
use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::ports::Session;

/// A session ends after so many hours, whatever happens.
const HOURS: i64 = 12;

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn {
    name: String,
    wrong: bool,
}

/// The form.
pub(crate) async fn form() -> Response {
    show(&SignIn { name: String::new(), wrong: false })
}

/// Signs in. A wrong name takes as long as a wrong password.
pub(crate) async fn submit(State(web): State<Web>, Form(fields): Form<Fields>) -> Page {
    let name = field(&fields, "name").to_lowercase();
    let password = fields.get("password").cloned().unwrap_or_default();
    let ports = web.flows.ports().clone();
    let found = ports.directory.sign_in(&name).await?;
    let hash = found.as_ref().map_or_else(
        || "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned(),
        |found| found.password_hash.clone(),
    );
    let right = tokio::task::spawn_blocking(move || verify(&password, &hash)).await.unwrap_or(false);
    let Some(found) = found.filter(|_| right) else {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, show(&SignIn { name, wrong: true })).into_response());
    };
    let cookie = ports.ids.secret() + &ports.ids.secret();
    let until = ports.clock.now().plus_hours(HOURS);
    let session = Session { district: found.district, staff: found.staff, form_token: ports.ids.secret(), until };
    ports.directory.open_session(&hashed(&cookie), &session).await?;
    let secure = if web.public_url.starts_with("https:") { "; Secure" } else { "" };
    let set = format!("{COOKIE}={cookie}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}{secure}", HOURS * 3600);
    Ok(([(header::SET_COOKIE, set)], Redirect::to("/")).into_response())
}

/// Signs out.
pub(crate) async fn out(State(web): State<Web>, headers: HeaderMap) -> Page {
    if let Some(secret) = secret(&headers) {
        web.flows.ports().directory.close_session(&hashed(&secret)).await?;
    }
    Ok(([(header::SET_COOKIE, format!("{COOKIE}=; Path=/; Max-Age=0"))], Redirect::to("/sign-in")).into_response())
}
