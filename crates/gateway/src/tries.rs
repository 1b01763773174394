//! `try`: what Homeword would do, as JSON.

use anyhow::Context;
use clap::Subcommand;
use domain::letter::{Authentication, LetterKind, Letters, TokenRead};
use serde_json::json;
use sms::text::{Language, Link, Shifts};
use std::path::{Path, PathBuf};

/// What to try.
#[derive(Subcommand)]
pub enum Try {
    /// How a text is split.
    Segments {
        /// The text.
        text: String,
        /// Its language: with `--shift`, only this language's tables, where it has any.
        #[arg(long)]
        lang: Option<String>,
        /// The carrier carries national language tables.
        #[arg(long)]
        shift: bool,
    },
    /// How a letter is read.
    Letter {
        /// A file with RFC 5322 bytes.
        file: PathBuf,
        /// The configuration file: its secret tells the house's own answer addresses from forged ones, its mail server who wrote.
        #[arg(long)]
        config: Option<PathBuf>,
        /// The family's language, where it is known.
        #[arg(long)]
        home: Option<String>,
    },
    /// Which language a reply is taken for.
    Language {
        /// The family's language.
        #[arg(long)]
        home: String,
        /// The reply.
        text: String,
    },
}

/// Prints it.
pub fn run(what: &Try) -> anyhow::Result<()> {
    let value = match what {
        Try::Segments { text, lang, shift } => {
            let tables = lang.as_deref().and_then(Language::tagged).map_or(Shifts::All, Shifts::Of);
            let link = Link { shifts: if *shift { tables } else { Shifts::None }, ..Link::default() };
            serde_json::to_value(sms::segments_over(text, link))?
        }
        Try::Letter { file, config, home } => letter(file, config.as_deref(), home.as_deref())?,
        Try::Language { home, text } => {
            json!({ "language": localization::language_of(text, home, &["en"]) })
        }
    };
    println!("{}", serde_json::to_string(&value)?);
    Ok(())
}

fn letter(file: &Path, config: Option<&Path>, home: Option<&str>) -> anyhow::Result<serde_json::Value> {
    let raw = std::fs::read(file).with_context(|| format!("reading {}", file.display()))?;
    let mut post = email::Post::new(vec![], crate::serve::mail_words());
    if let Some(path) = config {
        let config = crate::config::read(path)?;
        post = crate::serve::post(&config, &config.secrets()?);
    }
    let letter = post.read(&raw, None);
    let text = letter.text.reveal();
    Ok(json!({
        "kind": match letter.kind {
            LetterKind::Reply => "reply",
            LetterKind::AutoReply => "auto-reply",
            LetterKind::Bounce => "bounce",
            LetterKind::Complaint => "complaint",
            LetterKind::Other => "other",
        },
        "from": letter.from.reveal(),
        "token": match post.token_in(&raw) {
            TokenRead::Ok(_) => "ok",
            TokenRead::Forged => "forged",
            TokenRead::Absent => "absent",
        },
        "auth": match letter.authentication {
            Authentication::Pass => "pass",
            Authentication::Fail => "fail",
            Authentication::Unknown => "unknown",
        },
        "language": language(text, home),
        "text": text,
        "elided": letter.elided.reveal(),
        "confidence": letter.confidence,
        "bounce": letter.bounce.map(|bounce| json!({ "recipient": bounce.recipient.reveal(), "class": format!("{:?}", bounce.class).to_lowercase(), "status": bounce.status, "last": bounce.last })),
        "attachments": letter.attachments.iter().map(|(name, size)| json!({ "name": name, "bytes": size })).collect::<Vec<_>>(),
        "warnings": letter.warnings,
    }))
}

/// Without the family's language, only what the script or English words tell.
fn language(text: &str, home: Option<&str>) -> String {
    if let Some(home) = home {
        return localization::language_of(text, home, &["en"]);
    }
    let by_script = localization::language_of(text, "en", &[]);
    if by_script == "en" { localization::language_of(text, "und", &["en"]) } else { by_script }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::letter::Token;
    use domain::{DeliveryId, DistrictId};

    #[test]
    fn a_letter_is_judged_with_the_houses_own_key_and_mail_server() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).expect("written");
            path
        };
        let secret = write("secret", "sixteen letters or more");
        let config = write("homeword.toml", &format!("[letters]\nsecret = \"file:{}\"\nauthserv_id = \"mx.school\"\n", secret.display()));
        let read = crate::config::read(&config).expect("a configuration");
        let post = crate::serve::post(&read, &read.secrets().expect("secrets"));
        let ours = post.address(Token::Family { district: DistrictId(1), delivery: DeliveryId(2) }, "m.example");
        let found = "Authentication-Results: mx.school; dmarc=pass header.from=a.example\r\n";
        let told = |to: &str, config: Option<&Path>, home: Option<&str>| {
            let raw = format!("{found}From: rosa@a.example\r\nTo: {to}\r\nSubject: x\r\n\r\nMateo tiene fiebre hoy.\r\n");
            let told = letter(&write("letter.eml", &raw), config, home).expect("read");
            ["token", "auth", "language"].map(|key| told[key].as_str().expect("a word").to_owned())
        };
        let with = Some(config.as_path());
        assert_eq!(told(&format!("School <{ours}>"), with, Some("es")), ["ok", "pass", "es"]);
        assert_eq!(told(&format!("a@b.example, {}", ours.to_uppercase()), with, None), ["ok", "pass", "und"]);
        assert_eq!(told(&format!("reply+aaaa@m.example, {ours}"), with, None)[0], "ok");
        assert_eq!(told("reply+aaaa@m.example", with, None)[0], "forged");
        assert_eq!(told("office@m.example", with, None)[0], "absent");
        assert_eq!(told(&ours, None, None), ["forged", "unknown", "und"], "another house's");
    }
}
