//! Who is asking: a cookie whose secret's hash is in the directory. Forms carry the session's token.

use crate::Web;
use crate::page::{Fault, Shell, section};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use domain::people::{District, Role, Staff};
use domain::ports::Session;
use domain::rights::Actor;
use messaging::hashed;
use subtle::ConstantTimeEq;

/// The cookie's name.
pub(crate) const COOKIE: &str = "homeword";

/// A signed-in person.
pub(crate) struct Person {
    pub actor: Actor,
    pub staff: Staff,
    pub session: Session,
    pub counts: domain::views::Counts,
    pub district: District,
    pub path: String,
}

/// The secret in a request's cookies.
pub(crate) fn secret(parts: &axum::http::HeaderMap) -> Option<String> {
    let all = parts.get("cookie")?.to_str().ok()?;
    all.split(';').filter_map(|pair| pair.trim().split_once('=')).find(|(name, _)| *name == COOKIE).map(|(_, value)| value.to_owned())
}

impl Person {
    /// Office, principal and district see what others own.
    pub fn leads(&self) -> bool {
        [Role::Office, Role::Principal, Role::District].iter().any(|role| self.actor.is(*role))
    }

    /// The frame of a page.
    pub fn shell(&self, title: &str) -> Shell {
        Shell {
            title: title.to_owned(),
            here: section(&self.path),
            path: self.path.clone(),
            name: self.staff.title.clone(),
            token: self.session.form_token.clone(),
            counts: self.counts,
            reviews: self.actor.is(Role::Interpreter) || self.actor.is(Role::District),
            office: self.leads() || self.actor.is(Role::Nurse),
            district: self.actor.is(Role::District),
            rehearsal: self.district.rehearsal,
            teaches: !self.actor.classes.is_empty() || self.leads() || self.actor.is(Role::Nurse),
        }
    }

    /// The district's zone: the one staff live in.
    pub fn zone(&self) -> &str {
        &self.district.zone
    }

    /// A form counts only with this session's token.
    pub fn check(&self, token: &str) -> Result<(), Fault> {
        if bool::from(token.as_bytes().ct_eq(self.session.form_token.as_bytes())) { Ok(()) } else { Err(Fault::Stale) }
    }
}

impl FromRequestParts<Web> for Person {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Response> {
        find(web, &parts.headers, parts.uri.path())
            .await
            .map_err(IntoResponse::into_response)?
            .ok_or_else(|| Redirect::to("/sign-in").into_response())
    }
}

async fn find(web: &Web, headers: &axum::http::HeaderMap, path: &str) -> Result<Option<Person>, Fault> {
    let Some(secret) = secret(headers) else {
        return Ok(None);
    };
    let ports = web.flows.ports();
    let Some(session) = ports.directory.session(&hashed(&secret), ports.clock.now()).await? else {
        return Ok(None);
    };
    let Some(actor) = ports.people.actor(session.district, session.staff).await? else {
        return Ok(None);
    };
    let staff = ports.people.staff(session.district).await?.into_iter().find(|person| person.id == session.staff);
    let Some(staff) = staff else { return Ok(None) };
    let leads = [Role::Office, Role::Principal, Role::District].iter().any(|role| actor.is(*role));
    let counts = ports.views.counts(actor.district, actor.staff, leads, &seen(&actor)).await?;
    let Some(district) = ports.people.district(session.district).await? else {
        return Ok(None);
    };
    Ok(Some(Person { actor, staff, session, counts, district, path: path.to_owned() }))
}

/// The schools a person sees; empty = the whole district.
pub(crate) fn seen(actor: &Actor) -> Vec<domain::SchoolId> {
    if actor.is(Role::District) { vec![] } else { actor.schools.clone() }
}
