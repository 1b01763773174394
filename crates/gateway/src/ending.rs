//! The end of the process, asked for by SIGTERM or Ctrl-C. Whoever begins things looks here first; whoever waits, waits for
//! this too. Knows nobody: what ends is for others to say.

use anyhow::Context;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// How long calls under way may take to finish and settle. With what leads up to the exit it stays under ten seconds, which
/// is what service managers and container platforms are told to give.
pub const PATIENCE: Duration = Duration::from_secs(9);

/// How often the end was asked for.
#[derive(Clone)]
pub struct Ending(watch::Receiver<u8>);

impl Ending {
    /// For commands that end by themselves.
    pub fn never() -> Self {
        Self(watch::channel(0_u8).1)
    }

    /// Listens for signals from now on; the first asks, the second insists.
    pub fn on_signals() -> anyhow::Result<Self> {
        let mut terminate = signal(SignalKind::terminate()).context("listening for SIGTERM")?;
        let mut interrupt = signal(SignalKind::interrupt()).context("listening for Ctrl-C")?;
        let (asked, heard) = watch::channel(0_u8);
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    _ = terminate.recv() => {}
                    _ = interrupt.recv() => {}
                }
                asked.send_modify(|times: &mut u8| *times = times.saturating_add(1));
            }
        });
        Ok(Self(heard))
    }

    /// Whether it was asked for.
    pub fn begun(&self) -> bool {
        *self.0.borrow() > 0
    }

    /// Comes back once it is asked for.
    pub async fn wait(&self) {
        self.times(1).await;
    }

    /// Comes back once waiting is over: asked for a second time, or [`PATIENCE`] after the first.
    pub async fn overdue(&self) {
        self.wait().await;
        tokio::select! {
            () = self.times(2) => {}
            () = tokio::time::sleep(PATIENCE) => {}
        }
    }

    async fn times(&self, least: u8) {
        if self.0.clone().wait_for(|times| *times >= least).await.is_err() {
            // Nobody can ask any more.
            std::future::pending::<()>().await;
        }
    }

    /// One that a test asks for.
    #[cfg(test)]
    pub fn by_hand() -> (watch::Sender<u8>, Self) {
        let (asked, heard) = watch::channel(0_u8);
        (asked, Self(heard))
    }
}
