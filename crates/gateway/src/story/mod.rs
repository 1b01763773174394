//! The story: the whole exchange, played from outside. It posts the forms a browser posts and answers through the sandbox; it
//! holds no handle on the store or the flows.

pub mod browser;
mod figures;
mod play;

use crate::demo::Demo;
use anyhow::{Context, ensure};
use browser::Http;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

struct Teller<'a> {
    demo: &'a Demo,
    http: Http,
    quiet: bool,
}

impl Teller<'_> {
    fn say(&self, words: &str) {
        if !self.quiet {
            println!("{words}");
        }
    }

    pub(super) async fn texts(&self, phone: &str) -> anyhow::Result<Vec<Value>> {
        let phones = self.http.get(&format!("{}/control/phones", self.demo.sandbox)).await?;
        let mine = phones.as_array().into_iter().flatten().find(|row| row["number"] == phone);
        Ok(mine.and_then(|row| row["texts"].as_array().cloned()).unwrap_or_default())
    }

    /// The newest text on a phone that contains this, once it is there: (our number, words).
    async fn reads(&self, phone: &str, words: &str) -> anyhow::Result<(String, String)> {
        let begun = Instant::now();
        loop {
            let texts = self.texts(phone).await?;
            let found =
                texts.iter().rev().find(|text| text["answered"] == false && text["body"].as_str().is_some_and(|body| body.contains(words)));
            if let Some(text) = found {
                return Ok((text["number"].as_str().unwrap_or_default().to_owned(), text["body"].as_str().unwrap_or_default().to_owned()));
            }
            ensure!(begun.elapsed() < Duration::from_secs(30), "waited 30 seconds for a text that says \"{words}\"");
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    }

    /// The newest letter in a mailbox that contains this, once it is there: (whom an answer goes to, subject, words).
    async fn opens(&self, mailbox: &str, words: &str) -> anyhow::Result<(String, String, String)> {
        let begun = Instant::now();
        loop {
            let boxes = self.http.get(&format!("{}/control/mailboxes", self.demo.sandbox)).await?;
            let mine = boxes.as_array().into_iter().flatten().find(|row| row["address"] == mailbox);
            let letters = mine.and_then(|row| row["letters"].as_array().cloned()).unwrap_or_default();
            let found = letters
                .iter()
                .rev()
                .find(|letter| letter["answered"] == false && letter["body"].as_str().is_some_and(|body| body.contains(words)));
            if let Some(letter) = found {
                let field = |name: &str| letter[name].as_str().unwrap_or_default().to_owned();
                return Ok((field("other"), field("subject"), field("body")));
            }
            ensure!(begun.elapsed() < Duration::from_secs(30), "waited 30 seconds for a letter that says \"{words}\"");
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    }

    async fn posts(&self, mailbox: &str, to: &str, body: &str, meant_for: &str) -> anyhow::Result<u64> {
        let letter = json!({ "mailbox": mailbox, "to": to, "body": body, "meant_for": meant_for });
        let answer = self.http.json(&format!("{}/control/letter", self.demo.sandbox), &letter).await?;
        answer["status"].as_u64().context("the sandbox says how the letter was taken")
    }

    async fn writes(&self, phone: &str, number: &str, body: &str, meant_for: &str) -> anyhow::Result<()> {
        let answer = self
            .http
            .json(
                &format!("{}/control/text", self.demo.sandbox),
                &json!({ "phone": phone, "number": number, "body": body, "meant_for": meant_for }),
            )
            .await?;
        ensure!(answer["status"] == 200, "the webhook answered {}", answer["status"]);
        Ok(())
    }

    fn quote(&self, who: &str, words: &str) {
        self.say(&format!("    {who} reads: {}", words.replace('\n', " / ")));
    }
}

/// Plays it and tells it.
pub async fn tell(demo: &Demo, as_json: bool) -> anyhow::Result<()> {
    let begun = Instant::now();
    let teller = Teller { demo, http: Http::new()?, quiet: as_json };
    let figures = play::play(&teller).await?;
    let seconds = begun.elapsed().as_secs_f64();
    if as_json {
        let mut all = figures;
        all["seconds"] = json!((seconds * 10.0).round() / 10.0);
        println!("{all}");
    } else {
        teller.say(&format!("\nThe story took {seconds:.1} seconds. {figures}"));
    }
    Ok(())
}
