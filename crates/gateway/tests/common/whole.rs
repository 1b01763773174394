//! A database a killed process left in two files, brought together into one.

use std::path::Path;
use std::time::{Duration, Instant};

/// Until nothing stands in the log beside that file. Whoever closes a database last brings both together; where two lines close at
/// once neither does, so it is opened and closed until one has.
pub async fn whole(file: &Path) {
    let log = file.with_file_name(format!("{}-wal", file.file_name().expect("a name").display()));
    let begun = Instant::now();
    loop {
        drop(store::open(&format!("sqlite:{}", file.display())).await.expect("a database"));
        let opened = Instant::now();
        while opened.elapsed() < Duration::from_secs(1) {
            if !log.exists() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "the log stays beside the file");
    }
}
