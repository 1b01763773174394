//! A browser without a window: cookies, forms, redirects. It sees only what a browser sees.

use anyhow::{Context, bail, ensure};
use serde_json::Value;
use std::time::{Duration, Instant};

/// Plain requests.
#[derive(Clone)]
pub struct Http {
    client: reqwest::Client,
}

impl Http {
    /// No cookies, no redirects.
    pub fn new() -> anyhow::Result<Self> {
        Ok(Self {
            client: reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).timeout(Duration::from_secs(30)).build()?,
        })
    }

    /// Posts JSON, reads JSON.
    pub async fn json(&self, url: &str, value: &Value) -> anyhow::Result<Value> {
        let answer = self
            .client
            .post(url)
            .header("content-type", "application/json")
            .body(value.to_string())
            .send()
            .await
            .context("asking the sandbox")?;
        ensure!(answer.status().is_success(), "the sandbox answered {}", answer.status());
        Ok(serde_json::from_slice(&answer.bytes().await?)?)
    }

    /// Reads JSON.
    pub async fn get(&self, url: &str) -> anyhow::Result<Value> {
        let answer = self.client.get(url).send().await.context("asking the sandbox")?;
        Ok(serde_json::from_slice(&answer.bytes().await?)?)
    }
}

/// A signed-in person's browser.
pub struct Browser {
    http: Http,
    base: String,
    cookie: String,
}

impl Browser {
    /// Signs in with the form.
    pub async fn sign_in(base: &str, name: &str, password: &str) -> anyhow::Result<Self> {
        let mut browser = Self { http: Http::new()?, base: base.to_owned(), cookie: String::new() };
        browser.page("/sign-in").await?;
        let answer = browser.send("/sign-in", &[("name", name), ("password", password)]).await?;
        let cookie = answer.headers().get("set-cookie").and_then(|value| value.to_str().ok()).and_then(|value| value.split(';').next());
        browser.cookie = cookie.with_context(|| format!("{name} could not sign in"))?.to_owned();
        Ok(browser)
    }

    /// A page.
    pub async fn page(&self, path: &str) -> anyhow::Result<String> {
        let answer = self.http.client.get(format!("{}{path}", self.base)).header("cookie", &self.cookie).send().await?;
        ensure!(answer.status().is_success(), "{path} answered {}", answer.status());
        Ok(answer.text().await?)
    }

    async fn send(&self, path: &str, fields: &[(&str, &str)]) -> anyhow::Result<reqwest::Response> {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self.http.client.post(format!("{}{path}", self.base)).header("cookie", &self.cookie);
        Ok(request.header("content-type", "application/x-www-form-urlencoded").body(body).send().await?)
    }

    /// Fills in the form of a page with its hidden fields and sends it; gives where it leads.
    pub async fn submit(&self, page: &str, to: &str, fields: &[(&str, &str)]) -> anyhow::Result<String> {
        let html = self.page(page).await?;
        let (token, id) = (hidden(&html, "token").unwrap_or_default(), hidden(&html, "id").unwrap_or_default());
        let mut all = vec![("token", token.as_str()), ("id", id.as_str())];
        all.extend_from_slice(fields);
        let answer = self.send(to, &all).await?;
        let status = answer.status();
        match answer.headers().get("location").and_then(|value| value.to_str().ok()) {
            Some(place) if status.is_redirection() => Ok(place.to_owned()),
            _ if status.is_success() => Ok(answer.text().await?),
            _ => bail!("{to} answered {status}"),
        }
    }

    /// A page once it satisfies a condition; at most 30 seconds.
    pub async fn until(&self, path: &str, what: &str, holds: impl Fn(&str) -> bool) -> anyhow::Result<String> {
        let begun = Instant::now();
        loop {
            let html = self.page(path).await?;
            if holds(&html) {
                return Ok(html);
            }
            ensure!(begun.elapsed() < Duration::from_secs(30), "waited 30 seconds for: {what}");
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    }
}

/// A hidden field's value.
pub fn hidden(html: &str, name: &str) -> Option<String> {
    let start = html.find(&format!("name=\"{name}\" value=\""))? + name.len() + 15;
    Some(html[start..].split('"').next()?.to_owned())
}

/// Every path of links that begin so.
pub fn links(html: &str, prefix: &str) -> Vec<String> {
    html.match_indices(&format!("href=\"{prefix}")).filter_map(|(at, _)| Some(html[at + 6..].split('"').next()?.to_owned())).collect()
}

/// What stands between two marks of a page; empty if they are not there.
pub fn between<'a>(html: &'a str, from: &str, to: &str) -> &'a str {
    html.split_once(from).and_then(|(_, rest)| rest.split_once(to)).map_or("", |(part, _)| part)
}

/// The value of an option whose label contains this.
pub fn option(html: &str, label: &str) -> Option<String> {
    html.match_indices("<option value=\"").find_map(|(at, _)| {
        let rest = &html[at + 15..];
        let (value, rest) = rest.split_once('"')?;
        let words = rest.split_once('>')?.1.split('<').next()?;
        words.contains(label).then(|| value.to_owned())
    })
}
