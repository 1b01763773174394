//! `restore`: a backup in the place of the database, checked, migrated and paused before anybody can open it.

use crate::backup::Unfinished;
use crate::clock::SystemClock;
use anyhow::{Context, bail, ensure};
use domain::Time;
use domain::ports::Clock;
use std::path::{Path, PathBuf};
use store::backup::{self, Manifest};

/// See the module.
pub async fn restore(config: &Path, from: &Path, aside: bool) -> anyhow::Result<()> {
    let config = crate::config::read(config)?;
    let began = SystemClock.now();
    ensure!(from.is_file(), "{} is no file", from.display());
    let (manifest, marked) = match backup::sqlite_path(&config.database) {
        Some(path) => into_sqlite(Path::new(path), from, aside, began).await?,
        None => into_postgres(&config.database, from, aside, began).await?,
    };
    let zone = domain::time::zone("UTC");
    let seconds = (SystemClock.now().0 - began.0) as f64 / 1e6;
    println!(
        "Restored: the backup of {} UTC (version {}, schema {}), in {seconds:.1} s.",
        manifest.at.in_zone(&zone).strftime("%Y-%m-%d %H:%M:%S"),
        manifest.version,
        manifest.schema
    );
    println!("Sending is paused. {marked} deliveries were queued or under way; they may have gone since.");
    println!("What came in after the backup is not in it, STOP included. Start homeword serve, look, then run homeword resume.");
    Ok(())
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

async fn into_sqlite(target: &Path, from: &Path, aside: bool, now: Time) -> anyhow::Result<(Manifest, u64)> {
    let there = target.metadata().is_ok_and(|file| file.len() > 0);
    if there && !aside {
        bail!("{} is there already. With --move-current-data-aside it is kept under another name", target.display());
    }
    let fresh = Unfinished::beside(target, "restoring")?;
    std::fs::copy(from, &fresh.path).with_context(|| format!("copying {}", from.display()))?;
    let copy = fresh.path.display().to_string();
    backup::inspect(&copy).await.with_context(|| format!("{} cannot be restored", from.display()))?;
    let done = backup::take_in(&format!("sqlite:{copy}"), now).await.context("marking what may have gone")?;
    if target.exists() {
        let path = target.display().to_string();
        ensure!(
            !there || backup::free(&path).await.context("looking at the database")?,
            "{path} is open elsewhere: stop homeword serve first"
        );
        let kept = with_ending(target, &format!(".before-restore-{}", now.millis()));
        std::fs::rename(target, &kept).with_context(|| format!("moving {path} aside"))?;
        println!("What was there is now {}.", kept.display());
    }
    // A -wal that stayed behind without its database would be played into ours.
    for ending in ["-wal", "-shm"] {
        let left = with_ending(target, ending);
        ensure!(!left.exists(), "{} belongs to no database: remove it", left.display());
    }
    fresh.keep(target)?;
    Ok(done)
}

async fn into_postgres(url: &str, from: &Path, aside: bool, now: Time) -> anyhow::Result<(Manifest, u64)> {
    let archive = from.display().to_string();
    let rows = crate::programs::run("pg_restore", None, &["--data-only", "--table=migration", "--file=-", &archive]).await?;
    let schema = newest(&String::from_utf8_lossy(&rows))
        .with_context(|| format!("{archive} holds no schema number: it was not written by homeword backup"))?;
    backup::known(schema).with_context(|| format!("{archive} cannot be restored"))?;
    let there = backup::occupied(url).await.context("looking at the database")?;
    if there.tables > 0 {
        ensure!(aside, "the database is not empty. With --move-current-data-aside its tables are kept in another schema");
        ensure!(there.sessions == 0, "{} other connections are open: stop homeword serve first", there.sessions);
        println!("What was there is now in the schema {}.", backup::move_aside(url, now).await.context("moving the tables aside")?);
    }
    backup::guard(url).await.context("guarding the database")?;
    let arguments = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", &archive];
    crate::programs::run("pg_restore", Some(url), &arguments).await?;
    backup::take_in(url, now).await.context("marking what may have gone")
}

/// The largest number among the rows of the table `migration`, as `pg_restore` prints them.
fn newest(script: &str) -> Option<i64> {
    let rows = script.lines().skip_while(|line| !line.starts_with("COPY ")).skip(1).take_while(|line| *line != "\\.");
    rows.filter_map(|line| line.trim().parse().ok()).max()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_schema_number_is_read_off_the_archive() {
        let script = "SET x;\n\nCOPY public.migration (number) FROM stdin;\n1\n2\n10\n\\.\n\n99\n";
        assert_eq!(super::newest(script), Some(10));
        assert_eq!(super::newest("nothing"), None);
    }
}
