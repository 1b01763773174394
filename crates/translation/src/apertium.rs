//! Apertium as a supervised process, English and Spanish: one pipeline a direction, kept open and asked text by text (a few
//! milliseconds), ended and started anew when it stops or does not answer. Words stay in the building. Measured: 3 of 15
//! texts into Spanish are fit for families, so a person reads first.
//!
//! The wire: `apertium -z` ends a text with a NUL. Its first and last stage are gawk with a pattern for a separator, which
//! waits to see what follows the NUL; two empty texts behind each text push it through. Each text begins with a number in a
//! superblank, so that an answer is never taken for another text's.

use crate::passage::{Passage, Piece};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::Mutex;

/// How long one text may take: the first one loads the dictionaries.
const PATIENCE: Duration = Duration::from_secs(20);
/// The most an answer may be.
const MOST: usize = 1 << 20;

/// The engine.
pub struct Apertium {
    program: PathBuf,
    into_spanish: Mutex<Option<Pipeline>>,
    into_english: Mutex<Option<Pipeline>>,
}

impl Apertium {
    /// The engine if it is installed with both directions; `program` is `apertium` or a path.
    pub async fn find(program: &str) -> Option<Apertium> {
        let listed = Command::new(program).arg("-l").stdin(Stdio::null()).stderr(Stdio::null()).output().await.ok()?;
        let pairs = String::from_utf8_lossy(&listed.stdout).into_owned();
        let has = |pair: &str| pairs.split_whitespace().any(|word| word == pair);
        (has("eng-spa") && has("spa-eng")).then(|| Apertium {
            program: program.into(),
            into_spanish: Mutex::default(),
            into_english: Mutex::default(),
        })
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
        let mut text = self.ask(mode, &input).await?;
        for (index, slot) in slots.iter().enumerate() {
            text = text.replace(&format!("[#{index}#]"), slot);
        }
        Ok(text.trim().to_owned())
    }

    /// Asks the pipeline of a direction. One that stopped since its last answer is started anew, once; one that failed is not
    /// kept.
    async fn ask(&self, mode: &'static str, input: &str) -> Result<String, String> {
        let place = if mode == "eng-spa" { &self.into_spanish } else { &self.into_english };
        let mut place = place.lock().await;
        let kept = place.is_some();
        let first = self.try_once(&mut place, mode, input).await;
        if kept && first.is_err() { self.try_once(&mut place, mode, input).await } else { first }
    }

    async fn try_once(&self, place: &mut Option<Pipeline>, mode: &str, input: &str) -> Result<String, String> {
        let mut pipeline = match place.take() {
            Some(pipeline) => pipeline,
            None => Pipeline::start(&self.program, mode)?,
        };
        let answer = match tokio::time::timeout(PATIENCE, pipeline.ask(input)).await {
            Ok(answer) => answer,
            Err(_) => Err("the engine does not answer".into()),
        };
        match &answer {
            Ok(_) => *place = Some(pipeline),
            Err(_) => pipeline.end().await,
        }
        answer
    }
}

/// One direction's programs, joined by the shell script that starts them.
struct Pipeline {
    script: Child,
    input: ChildStdin,
    output: ChildStdout,
    asked: u64,
    read: Vec<u8>,
}

impl Pipeline {
    fn start(program: &PathBuf, mode: &str) -> Result<Pipeline, String> {
        let mut command = Command::new(program);
        command.args(["-z", "-u", "-f", "none", mode]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        // A group of its own: whatever hangs in it can be ended with it.
        let mut script = command.process_group(0).kill_on_drop(true).spawn().map_err(|fault| fault.kind().to_string())?;
        let input = script.stdin.take().ok_or("no input")?;
        let output = script.stdout.take().ok_or("no output")?;
        Ok(Pipeline { script, input, output, asked: 0, read: Vec::new() })
    }

    async fn ask(&mut self, input: &str) -> Result<String, String> {
        self.asked += 1;
        let number = format!("[#q{}#]", self.asked);
        // `[]` and a line end close the last sentence.
        let whole = format!("{number}{input}[][\n]\0[\n]\0[\n]\0\n");
        self.input.write_all(whole.as_bytes()).await.map_err(|_| "the engine stopped")?;
        self.input.flush().await.map_err(|_| "the engine stopped")?;
        loop {
            while let Some(end) = self.read.iter().position(|byte| *byte == 0) {
                let text: Vec<u8> = self.read.drain(..=end).collect();
                let text = String::from_utf8_lossy(&text);
                if let Some((_, text)) = text.split_once(&number) {
                    let text = text.replace("[][\n]", "").replace("[\n]", "").replace("[]", "").replace('\0', "");
                    return if text.trim().is_empty() { Err("the engine gave nothing".into()) } else { Ok(text) };
                }
            }
            if self.read.len() > MOST {
                return Err("the engine gave too much".into());
            }
            match self.output.read_buf(&mut self.read).await {
                Ok(0) | Err(_) => return Err("the engine stopped".into()),
                Ok(_) => {}
            }
        }
    }

    /// Ends the script and all it started.
    async fn end(mut self) {
        if let Some(group) = self.script.id() {
            let group = format!("-{group}");
            // A program that is gone already is no fault.
            let _ = Command::new("kill").args(["-KILL", "--", &group]).stdin(Stdio::null()).stderr(Stdio::null()).status().await;
        }
        let _ = self.script.wait().await;
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

    /// One test at a time: a script that is being written can't be started while another test's fork still holds it open.
    static ALONE: Mutex<()> = Mutex::const_new(());

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
        let _alone = ALONE.lock().await;
        let passage = Passage::of("Amina comes at 8:15 AM", &["Amina".to_owned()]);
        let engine = Apertium::find(&stand_in("echo", "exec cat")).await.expect("installed");
        assert!(engine.covers("en", "es-US") && !engine.covers("en", "ar"));
        assert_eq!(engine.translate("en", "es", &passage).await.as_deref(), Ok("Amina comes at 8:15 AM"));
        let broken = Apertium::find(&stand_in("broken", "exit 3")).await.expect("installed");
        assert!(broken.translate("en", "es", &passage).await.is_err());
        assert!(Apertium::find("/nowhere/apertium").await.is_none());
    }

    #[tokio::test]
    async fn a_meter_hears_how_long_a_text_took_and_whether_words_came() {
        #[derive(Default)]
        struct Heard(std::sync::Mutex<Vec<(String, bool)>>);
        impl domain::ports::Meter for Heard {
            fn translated(&self, engine: &str, took: Duration, gave: bool) {
                assert!(took > Duration::ZERO);
                self.0.lock().expect("one at a time").push((engine.to_owned(), gave));
            }
        }
        use domain::passage::{ToTranslate, Translate};
        let _alone = ALONE.lock().await;
        let heard = std::sync::Arc::new(Heard::default());
        for body in ["exec cat", "exit 3"] {
            let engine = Apertium::find(&stand_in("measured", body)).await.expect("installed");
            let translator = crate::Translator::new(vec![std::sync::Arc::new(engine)]).measured(heard.clone());
            let wanted = |to: &str| ToTranslate { text: "One".into(), from: "en".into(), to: to.into(), names: vec![] };
            translator.translate(&[wanted("es"), wanted("ar")]).await;
        }
        let heard = heard.0.lock().expect("one at a time");
        assert_eq!(*heard, [("apertium".to_owned(), true), ("apertium".to_owned(), false)], "a language nobody covers asks no engine");
    }

    #[tokio::test]
    async fn one_process_answers_many_texts_and_a_dead_one_is_started_anew() {
        let _alone = ALONE.lock().await;
        let starts = std::env::temp_dir().join(format!("homeword-apertium-starts-{}", std::process::id()));
        let _ = std::fs::remove_file(&starts);
        let body = format!("echo $$ >> {}; exec cat", starts.display());
        let engine = Apertium::find(&stand_in("kept", &body)).await.expect("installed");
        for text in ["One", "Two", "Three"] {
            assert_eq!(engine.translate("en", "es", &Passage::of(text, &[])).await.as_deref(), Ok(text));
        }
        let pids = || std::fs::read_to_string(&starts).expect("it was started").lines().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(pids().len(), 1, "one process for three texts");
        let killed = Command::new("kill").args(["-KILL", &pids()[0]]).status().await.expect("kill");
        assert!(killed.success());
        assert_eq!(engine.translate("en", "es", &Passage::of("Four", &[])).await.as_deref(), Ok("Four"));
        assert_eq!(pids().len(), 2);
    }

    #[tokio::test]
    async fn an_answer_is_never_another_texts() {
        let _alone = ALONE.lock().await;
        let engine = Apertium::find(&stand_in("stray", "printf 'of another text\\0'; exec cat")).await.expect("installed");
        assert_eq!(engine.translate("en", "es", &Passage::of("One", &[])).await.as_deref(), Ok("One"));
    }
}
