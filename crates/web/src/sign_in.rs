//! Sign in and out.

use crate::Web;
use crate::forms::{Fields, field};
use crate::page::{Page, show};
use crate::password::verify;
use crate::session::{COOKIE, secret};
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::ports::Session;
use messaging::hashed;

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

#[derive(Template)]
#[template(path = "invitation.html")]
struct Invitation {
    fault: String,
}

/// `/invitation/{secret}`: looking at it takes nothing (link previews look too).
pub(crate) async fn invitation() -> Response {
    show(&Invitation { fault: String::new() })
}

/// Takes the invitation with a password of the person's own.
pub(crate) async fn accept(State(web): State<Web>, Path(secret): Path<String>, Form(fields): Form<Fields>) -> Page {
    let again = |words: &str| Ok((StatusCode::UNPROCESSABLE_ENTITY, show(&Invitation { fault: words.to_owned() })).into_response());
    let password = fields.get("password").cloned().unwrap_or_default();
    if password.chars().count() < 12 {
        return again("The password needs at least 12 characters.");
    }
    if fields.get("again") != Some(&password) {
        return again("The two passwords are not the same.");
    }
    let salt = web.flows.ports().ids.secret();
    let hash = tokio::task::spawn_blocking(move || crate::hash_password(&password, salt.as_bytes())).await.ok().flatten();
    let Some(hash) = hash else { return Err(crate::page::Fault::Away) };
    if web.flows.accept_invitation(&secret, &hash).await? {
        Ok(Redirect::to("/sign-in").into_response())
    } else {
        again("This invitation was used, or its seven days are over. Ask for a new one.")
    }
}
