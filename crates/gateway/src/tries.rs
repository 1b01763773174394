//! `try`: what Homeword would do, as JSON.

use anyhow::Context;
use clap::Subcommand;
use serde_json::json;
use sms::text::{Language, Link, Shifts};
use std::path::PathBuf;

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
        Try::Letter { file } => {
            use domain::letter::{LetterKind, Letters};
            let raw = std::fs::read(file).with_context(|| format!("reading {}", file.display()))?;
            let letter = email::Post::new(vec![], crate::serve::mail_words()).read(&raw, None);
            json!({
                "kind": match letter.kind {
                    LetterKind::Reply => "reply",
                    LetterKind::AutoReply => "auto-reply",
                    LetterKind::Bounce => "bounce",
                    LetterKind::Complaint => "complaint",
                    LetterKind::Other => "other",
                },
                "from": letter.from.reveal(),
                "text": letter.text.reveal(),
                "elided": letter.elided.reveal(),
                "confidence": letter.confidence,
                "bounce": letter.bounce.map(|bounce| json!({ "recipient": bounce.recipient.reveal(), "class": format!("{:?}", bounce.class).to_lowercase(), "status": bounce.status })),
                "attachments": letter.attachments.iter().map(|(name, size)| json!({ "name": name, "bytes": size })).collect::<Vec<_>>(),
                "warnings": letter.warnings,
            })
        }
        Try::Language { home, text } => {
            json!({ "language": localization::language_of(text, home, &["en"]) })
        }
    };
    println!("{}", serde_json::to_string(&value)?);
    Ok(())
}
