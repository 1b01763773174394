//! What a company that carries texts posts to Homeword: signed webhooks in Twilio's format, again and again until one is
//! acknowledged. It uses no room of the house: the signature is written here a second time, from Twilio's own description.

use base64::Engine;
use hmac::{Hmac, KeyInit, Mac};
use std::time::Duration;

/// The token of the account, as the configuration's file has it.
pub(crate) const TOKEN: &str = "0123456789abcdef0123456789abcdef";
/// How long a company waits for an answer (Twilio: fifteen seconds).
const PATIENCE: Duration = Duration::from_secs(15);
/// How soon it comes again.
pub(crate) const AGAIN: Duration = Duration::from_millis(20);

/// See the module.
#[derive(Clone)]
pub(crate) struct Company {
    client: reqwest::Client,
}

impl Company {
    /// One with open connections of its own.
    pub(crate) fn new() -> anyhow::Result<Company> {
        Ok(Company { client: crate::house::client()? })
    }

    /// Posts once; whether it was acknowledged.
    pub(crate) async fn post(&self, url: &str, fields: &[(&str, &str)]) -> bool {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self.client.post(url).header("content-type", "application/x-www-form-urlencoded").timeout(PATIENCE).body(body);
        request.header("x-twilio-signature", signature(url, fields)).send().await.is_ok_and(|answer| answer.status() == 200)
    }

    /// Posts until it is acknowledged; how many times it was not.
    pub(crate) async fn insist(&self, url: &str, fields: &[(&str, &str)]) -> usize {
        let mut refused = 0;
        while !self.post(url, fields).await {
            refused += 1;
            tokio::time::sleep(AGAIN).await;
        }
        refused
    }
}

/// Base64 of HMAC-SHA1 over the URL and every parameter, sorted by name (Twilio, "Webhooks security").
pub(crate) fn signature(url: &str, fields: &[(&str, &str)]) -> String {
    let mut sorted = fields.to_vec();
    sorted.sort_unstable();
    let text = sorted.iter().fold(url.to_owned(), |text, (name, value)| text + name + value);
    let mut mac = Hmac::<sha1::Sha1>::new_from_slice(TOKEN.as_bytes()).expect("any length is a key");
    mac.update(text.as_bytes());
    base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes())
}
