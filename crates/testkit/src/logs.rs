//! Every log line of a story's process, so that a story can say at its end that no one's words stand in one.

use std::io::Write;
use std::sync::{Mutex, Once};
use tracing_subscriber::fmt::MakeWriter;

static LINES: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Kept;

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LINES.lock().unwrap_or_else(std::sync::PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Kept {
    type Writer = Kept;
    fn make_writer(&'a self) -> Kept {
        Kept
    }
}

/// Begins to keep them, once a process.
pub(crate) fn keep() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let layer = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(Kept).with_ansi(false).finish();
        // Another test harness may have set one: then its lines are its own.
        let _ = tracing::subscriber::set_global_default(layer);
    });
}

/// Whether any line holds these words.
pub(crate) fn hold(words: &str) -> bool {
    let lines = LINES.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    String::from_utf8_lossy(&lines).contains(words)
}
