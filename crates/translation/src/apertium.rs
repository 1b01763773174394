//! Apertium as a supervised process, English and Spanish: one pipeline a direction, kept warm, ended with the gateway.
//! Words stay in the building. Measured: 3 of 15 texts into Spanish are fit for families, so a person reads first.

use crate::passage::{Passage, Piece};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::Mutex;

/// How long one text may take.
const PATIENCE: Duration = Duration::from_secs(20);

struct Pipeline {
    _child: Child,
    input: ChildStdin,
    output: ChildStdout,
}

/// The engine.
pub struct Apertium {
    program: PathBuf,
    pipelines: [Mutex<Option<Pipeline>>; 2],
}

impl Apertium {
    /// The engine if it is installed with both directions; `program` is `apertium` or a path.
    pub async fn find(program: &str) -> Option<Apertium> {
        let listed = Command::new(program).arg("-l").stdin(Stdio::null()).stderr(Stdio::null()).output().await.ok()?;
        let pairs = String::from_utf8_lossy(&listed.stdout).into_owned();
        let has = |pair: &str| pairs.split_whitespace().any(|word| word == pair);
        (has("eng-spa") && has("spa-eng")).then(|| Apertium { program: program.into(), pipelines: [Mutex::new(None), Mutex::new(None)] })
    }

    /// English ↔ Spanish, whatever the region.
    pub fn covers(&self, from: &str, to: &str) -> bool {
        pair(from, to).is_some()
    }

    /// Translates a passage; slots travel as superblanks. A pipeline that dies or hangs is ended and started anew once.
    pub async fn translate(&self, from: &str, to: &str, passage: &Passage) -> Result<String, String> {
        let (index, mode) = pair(from, to).ok_or("not covered")?;
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
        let mut held = self.pipelines[index].lock().await;
        for _ in 0..2 {
            if held.is_none() {
                *held = Some(self.start(mode)?);
            }
            if let Some(pipeline) = held.as_mut()
                && let Ok(Ok(text)) = tokio::time::timeout(PATIENCE, pipeline.ask(&input)).await
            {
                let mut text = text;
                for (index, slot) in slots.iter().enumerate() {
                    text = text.replace(&format!("[#{index}#]"), slot);
                }
                return Ok(text.trim().to_owned());
            }
            *held = None;
        }
        Err("the engine does not answer".into())
    }

    fn start(&self, mode: &str) -> Result<Pipeline, String> {
        let mut child = Command::new(&self.program)
            .args(["-z", "-u", "-f", "none", mode])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|fault| fault.kind().to_string())?;
        let input = child.stdin.take().ok_or("no input")?;
        let output = child.stdout.take().ok_or("no output")?;
        Ok(Pipeline { _child: child, input, output })
    }
}

impl Pipeline {
    async fn ask(&mut self, text: &str) -> std::io::Result<String> {
        // `[]` and a line end close the last sentence; NUL flushes the pipeline.
        self.input.write_all(text.as_bytes()).await?;
        self.input.write_all(b"[][\n]\0").await?;
        self.input.flush().await?;
        let mut answer = Vec::new();
        let mut byte = [0u8; 4096];
        loop {
            let count = self.output.read(&mut byte).await?;
            if count == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            answer.extend_from_slice(&byte[..count]);
            if answer.last() == Some(&0) {
                answer.pop();
                return Ok(String::from_utf8_lossy(&answer).replace("[][\n]", "").replace("[\n]", "").replace("[]", ""));
            }
        }
    }
}

fn pair(from: &str, to: &str) -> Option<(usize, &'static str)> {
    let base = |tag: &str| tag.split('-').next().unwrap_or_default().to_owned();
    match (base(from).as_str(), base(to).as_str()) {
        ("en", "es") => Some((0, "eng-spa")),
        ("es", "en") => Some((1, "spa-eng")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stand-in program that behaves as the real one's null-flush mode: lists pairs, then echoes until NUL.
    fn stand_in(folder: &std::path::Path, body: &str) -> String {
        use std::os::unix::fs::PermissionsExt;
        let path = folder.join("apertium");
        std::fs::write(&path, format!("#!/bin/sh\nif [ \"$1\" = -l ]; then echo eng-spa; echo spa-eng; exit; fi\n{body}\n"))
            .expect("a file");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("a mode");
        path.display().to_string()
    }

    #[tokio::test]
    async fn slots_come_back_and_a_dead_pipeline_is_started_anew() {
        let folder = std::env::temp_dir().join(format!("homeword-apertium-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        // Answers one text, then dies: the second text needs a new process.
        let program = stand_in(&folder, "exec perl -e '$| = 1; $/ = \"\\0\"; $_ = <STDIN>; print; exit'");
        let engine = Apertium::find(&program).await.expect("installed");
        assert!(engine.covers("en", "es-US") && !engine.covers("en", "ar"));
        for _ in 0..2 {
            let passage = Passage::of("Amina comes at 8:15 AM", &["Amina".to_owned()]);
            assert_eq!(engine.translate("en", "es", &passage).await.as_deref(), Ok("Amina comes at 8:15 AM"));
        }
        assert!(Apertium::find("/nowhere/apertium").await.is_none());
        let _ = std::fs::remove_dir_all(&folder);
    }
}
