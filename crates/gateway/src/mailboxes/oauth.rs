//! Bearer tokens for a mailbox, got and kept until shortly before they end (RFC 6749 section 4.4 and 6).

use super::OAuth;
use domain::Time;
use domain::ports::Clock;
use domain::wire::{Wire, WireOutcome, WireRequest};
use email::MailboxFault;
use serde::Deserialize;
use std::sync::{Arc, Mutex, PoisonError};

/// A token is asked for anew so many seconds before it ends.
const BEFORE: i64 = 60;
/// How long one is good where nobody says.
const OTHERWISE: i64 = 300;

/// See the module.
pub struct Tokens {
    oauth: OAuth,
    secret: String,
    wire: Arc<dyn Wire>,
    clock: Arc<dyn Clock>,
    refresh: Mutex<Option<String>>,
    kept: Mutex<Option<(String, Time)>>,
}

impl Tokens {
    /// Over one client; nothing is asked yet.
    pub fn new(oauth: OAuth, secret: String, refresh: Option<String>, wire: Arc<dyn Wire>, clock: Arc<dyn Clock>) -> Self {
        Self { oauth, secret, wire, clock, refresh: Mutex::new(refresh), kept: Mutex::default() }
    }

    fn form(&self, refresh: Option<&str>) -> Vec<u8> {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("client_id", &self.oauth.client_id).append_pair("client_secret", &self.secret);
        match refresh {
            Some(refresh) => form.append_pair("grant_type", "refresh_token").append_pair("refresh_token", refresh),
            None => form.append_pair("grant_type", "client_credentials"),
        };
        if !self.oauth.scope.is_empty() {
            form.append_pair("scope", &self.oauth.scope);
        }
        form.finish().into_bytes()
    }
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    expires_in: Option<i64>,
    refresh_token: Option<String>,
}

#[async_trait::async_trait]
impl email::Bearer for Tokens {
    fn refused(&self) {
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    async fn token(&self) -> Result<String, MailboxFault> {
        let now = self.clock.now();
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((token, _)) = kept.filter(|(_, until)| now < *until) {
            return Ok(token);
        }
        let refresh = self.refresh.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let request = WireRequest {
            method: "POST",
            url: self.oauth.token_url.clone(),
            headers: vec![
                ("content-type".into(), "application/x-www-form-urlencoded".into()),
                ("accept".into(), "application/json".into()),
            ],
            body: self.form(refresh.as_deref()),
        };
        let answer = match self.wire.call(request).await {
            WireOutcome::Answer(answer) => answer,
            WireOutcome::NotSent(why) | WireOutcome::Unclear(why) => return Err(MailboxFault::Away(format!("no token: {why}"))),
        };
        if matches!(answer.status, 400 | 401 | 403) {
            // RFC 6749 section 5.2: invalid_grant and its kin. Only the number is said: answers may repeat secrets.
            return Err(MailboxFault::Refused(format!("oauth: the application or its refresh token was refused ({})", answer.status)));
        }
        let granted = serde_json::from_slice::<Granted>(&answer.body).ok().filter(|_| answer.status == 200);
        let granted = granted.ok_or_else(|| MailboxFault::Away(format!("no token: answered with {}", answer.status)))?;
        if let Some(next) = granted.refresh_token {
            // Rotated: the old one may be worth nothing now. It is kept for as long as the process lives.
            *self.refresh.lock().unwrap_or_else(PoisonError::into_inner) = Some(next);
        }
        let until = now.plus_seconds((granted.expires_in.unwrap_or(OTHERWISE) - BEFORE).max(0));
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some((granted.access_token.clone(), until));
        Ok(granted.access_token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::wire::WireAnswer;
    use email::Bearer;
    use std::sync::atomic::{AtomicI64, Ordering};

    struct Company {
        answers: Mutex<Vec<(u16, &'static str)>>,
        asked: Mutex<Vec<String>>,
    }

    #[async_trait::async_trait]
    impl Wire for Company {
        async fn call(&self, request: WireRequest) -> WireOutcome {
            self.asked.lock().expect("asked").push(String::from_utf8(request.body).expect("a form"));
            let (status, body) = self.answers.lock().expect("answers").remove(0);
            WireOutcome::Answer(WireAnswer { status, headers: Vec::new(), body: body.into() })
        }
    }

    struct At(AtomicI64);
    impl Clock for At {
        fn now(&self) -> Time {
            Time(self.0.load(Ordering::Relaxed) * 1_000_000)
        }
    }

    #[tokio::test]
    async fn a_token_is_kept_until_shortly_before_its_end_and_a_new_refresh_token_takes_the_old_ones_place() {
        let company = Arc::new(Company {
            answers: Mutex::new(vec![
                (200, r#"{"access_token":"one","expires_in":3600,"refresh_token":"next","token_type":"Bearer"}"#),
                (200, r#"{"access_token":"two"}"#),
                (503, "<html>"),
                (400, r#"{"error":"invalid_grant"}"#),
            ]),
            asked: Mutex::default(),
        });
        let clock = Arc::new(At(AtomicI64::new(1000)));
        let oauth = OAuth {
            token_url: "https://login.example/token".into(),
            client_id: "app".into(),
            client_secret: String::new(),
            refresh_token: String::new(),
            scope: "https://mail.example/ offline".into(),
        };
        let tokens = Tokens::new(oauth, "s&cret".into(), Some("first".into()), company.clone(), clock.clone());
        for at in [1000, 1000 + 3539] {
            clock.0.store(at, Ordering::Relaxed);
            assert_eq!(tokens.token().await.as_deref(), Ok("one"));
        }
        clock.0.store(1000 + 3540, Ordering::Relaxed);
        assert_eq!(tokens.token().await.as_deref(), Ok("two"));
        let asked = company.asked.lock().expect("asked").clone();
        let form = |last| {
            format!(
                "client_id=app&client_secret=s%26cret&grant_type=refresh_token&refresh_token={last}&scope=https%3A%2F%2Fmail.example%2F+offline"
            )
        };
        assert_eq!(asked, [form("first"), form("next")]);
        clock.0.store(90_000, Ordering::Relaxed);
        assert!(matches!(tokens.token().await, Err(MailboxFault::Away(_))), "a company that is ill says nothing of the application");
        assert!(matches!(tokens.token().await, Err(MailboxFault::Refused(_))));
    }
}
