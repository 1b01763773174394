//! Everything carried, one JSON object a line, on disk.

use serde::Serialize;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::Mutex;

pub(crate) struct Journal {
    file: Mutex<File>,
}

impl Journal {
    pub fn open(folder: &Path) -> std::io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let file = OpenOptions::new().create(true).append(true).open(folder.join("carried.jsonl"))?;
        Ok(Self { file: Mutex::new(file) })
    }

    /// Appends one line. The journal is evidence, not truth: a full disk does not stop the sandbox.
    pub fn write(&self, row: &impl Serialize) {
        if let Ok(mut line) = serde_json::to_vec(row) {
            line.push(b'\n');
            let mut file = self.file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let _ = file.write_all(&line);
        }
    }
}
