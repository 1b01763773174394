//! `backup`: one consistent file while `serve` runs. It holds families' words and numbers, so it is its owner's alone.

use crate::clock::SystemClock;
use anyhow::{Context, ensure};
use domain::ports::Clock;
use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// See the module.
pub async fn backup(config: &Path, to: &Path) -> anyhow::Result<()> {
    let config = crate::config::read(config)?;
    let began = SystemClock.now();
    ensure!(!to.exists(), "{} is there already: a backup never overwrites", to.display());
    let unfinished = Unfinished::beside(to, "unfinished")?;
    let manifest = store::backup::begin(&config.database, env!("CARGO_PKG_VERSION"), began).await.context("beginning the backup")?;
    match store::backup::sqlite_path(&config.database) {
        Some(path) => store::backup::snapshot(path, &unfinished.path).await.context("writing the snapshot")?,
        None => {
            let file = format!("--file={}", unfinished.path.display());
            // What an earlier restore moved aside is not part of the database any more.
            let arguments = ["--format=custom", "--no-owner", "--no-privileges", "--exclude-schema=before_restore_*", file.as_str()];
            crate::programs::run("pg_dump", Some(&config.database), &arguments).await?;
        }
    }
    let bytes = unfinished.keep(to)?;
    let seconds = (SystemClock.now().0 - began.0) as f64 / 1e6;
    println!(
        "{}: schema {}, {bytes} bytes, {seconds:.1} s. It holds everything families wrote: keep it as safe as the database.",
        to.display(),
        manifest.schema
    );
    Ok(())
}

/// A file that takes its place only when it is whole, and goes away otherwise.
pub struct Unfinished {
    /// Where it is until then.
    pub path: PathBuf,
    kept: bool,
}

impl Unfinished {
    /// An empty one in the same folder, readable by its owner alone.
    pub fn beside(to: &Path, word: &str) -> anyhow::Result<Self> {
        let mut name = OsString::from(to.file_name().with_context(|| format!("{} names no file", to.display()))?);
        name.push(format!(".{word}"));
        let path = to.with_file_name(name);
        let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
        made.with_context(|| format!("making {}: if an earlier run was killed, remove it", path.display()))?;
        Ok(Self { path, kept: false })
    }

    /// Durable, then in its place. Gives its size in bytes.
    pub fn keep(mut self, to: &Path) -> anyhow::Result<u64> {
        let file = File::open(&self.path).with_context(|| format!("opening {}", self.path.display()))?;
        file.sync_all().context("writing to disk")?;
        ensure!(!to.exists(), "{} appeared meanwhile: nothing is overwritten", to.display());
        std::fs::rename(&self.path, to).with_context(|| format!("naming {}", to.display()))?;
        self.kept = true;
        let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).context("writing the folder to disk")?;
        Ok(file.metadata()?.len())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if !self.kept {
            // Nothing more can be done about a file that does not go.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}
