//! Apertium as a supervised process, English and Spanish: one process a text (a third of a second), ended when it takes too
//! long. Debian's pipelines do not answer a null flush, so none is kept warm. Words stay in the building. Measured: 3 of 15
//! texts into Spanish are fit for families, so a person reads first.

use crate::passage::{Passage, Piece};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;
use tokio::sync::Semaphore;

/// How long one text may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// Processes at once: each is a pipeline of a dozen programs.
const AT_ONCE: usize = 2;

/// The engine.
pub struct Apertium {
    program: PathBuf,
    places: Semaphore,
}

impl Apertium {
    /// The engine if it is installed with both directions; `program` is `apertium` or a path.
    pub async fn find(program: &str) -> Option<Apertium> {
        let listed = Command::new(program).arg("-l").stdin(Stdio::null()).stderr(Stdio::null()).output().await.ok()?;
        let pairs = String::from_utf8_lossy(&listed.stdout).into_owned();
        let has = |pair: &str| pairs.split_whitespace().any(|word| word == pair);
        (has("eng-spa") && has("spa-eng")).then(|| Apertium { program: program.into(), places: Semaphore::new(AT_ONCE) })
    }

    /// English ↔ Spanish, whatever the region.
    pub fn covers(&self, from: &str, to: &str) -> bool {
        pair(from, to).is_some()
    }

    /// Translates a passage; slots travel as superblanks.
    pub async fn translate(&self, from: &str, to: &str, passage: &Passage) -> Result<String, String> {
        let mode = pair(from, to).ok_or("not covered")?;
        let mut input = String::new();
        let mut slots = Vec::new();
        for piece in &passage.pieces {
            match piece {
                Piece::Text(words) => input.push_str(&words.replace(['[', ']', '\\', '^', '$', '/', '<', '>', '{', '}', '@', '\0'], " ")),
                Piece::Slot(slot) => {
                    input.push_str(&format!("[#{}#]", slots.len()));
                    slots.push(slot.as_str());
                }
            }
        }
        let _place = self.places.acquire().await.map_err(|_| "the engine is closing")?;
        let mut text = tokio::time::timeout(PATIENCE, self.ask(mode, &input)).await.map_err(|_| "the engine does not answer")??;
        for (index, slot) in slots.iter().enumerate() {
            text = text.replace(&format!("[#{index}#]"), slot);
        }
        Ok(text.trim().to_owned())
    }

    async fn ask(&self, mode: &str, input: &str) -> Result<String, String> {
        let mut command = Command::new(&self.program);
        command.args(["-u", "-f", "none", mode]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        let mut child = command.spawn().map_err(|fault| fault.kind().to_string())?;
        let mut pipe = child.stdin.take().ok_or("no input")?;
        // `[]` and a line end close the last sentence.
        let whole = format!("{input}[][\n]");
        let write = async move { pipe.write_all(whole.as_bytes()).await };
        let (written, output) = tokio::join!(write, child.wait_with_output());
        let output = output.map_err(|fault| fault.kind().to_string())?;
        if written.is_err() || !output.status.success() || output.stdout.is_empty() {
            return Err("the engine stopped".into());
        }
        Ok(String::from_utf8_lossy(&output.stdout).replace("[][\n]", "").replace("[\n]", "").replace("[]", "").replace('\0', ""))
    }
}

fn pair(from: &str, to: &str) -> Option<&'static str> {
    let base = |tag: &str| tag.split('-').next().unwrap_or_default().to_owned();
    match (base(from).as_str(), base(to).as_str()) {
        ("en", "es") => Some("eng-spa"),
        ("es", "en") => Some("spa-eng"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stand-in program: lists pairs, then does what `body` says with its input.
    fn stand_in(name: &str, body: &str) -> String {
        use std::os::unix::fs::PermissionsExt;
        let folder = std::env::temp_dir().join(format!("homeword-apertium-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let path = folder.join("apertium");
        let script = format!("#!/bin/sh\nif [ \"$1\" = -l ]; then echo eng-spa; echo spa-eng; exit; fi\n{body}\n");
        std::fs::write(&path, script).expect("a file");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("a mode");
        path.display().to_string()
    }

    #[tokio::test]
    async fn slots_come_back_and_an_engine_that_fails_says_so() {
        let passage = Passage::of("Amina comes at 8:15 AM", &["Amina".to_owned()]);
        let engine = Apertium::find(&stand_in("echo", "exec cat")).await.expect("installed");
        assert!(engine.covers("en", "es-US") && !engine.covers("en", "ar"));
        assert_eq!(engine.translate("en", "es", &passage).await.as_deref(), Ok("Amina comes at 8:15 AM"));
        let broken = Apertium::find(&stand_in("broken", "exit 3")).await.expect("installed");
        assert!(broken.translate("en", "es", &passage).await.is_err());
        assert!(Apertium::find("/nowhere/apertium").await.is_none());
    }
}
