//! A token bucket: so many messages a second, and after an idle time a tenth of a second's worth at once.

use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep_until};

/// The bucket of one account.
pub(super) struct Pace {
    gap: Duration,
    burst: Duration,
    /// When the next token is there.
    next: Mutex<Instant>,
}

impl Pace {
    pub fn new(rate: u32) -> Self {
        let gap = Duration::from_secs(1) / rate.max(1);
        Self { gap, burst: Duration::from_millis(100).saturating_sub(gap), next: Mutex::new(Instant::now()) }
    }

    /// Waits for a token. Whoever stops waiting leaves its token unused.
    pub async fn turn(&self) {
        let mine = {
            let mut next = self.next.lock().await;
            let now = Instant::now();
            let earliest = now.checked_sub(self.burst).unwrap_or(now);
            let mine = (*next).max(earliest);
            *next = mine + self.gap;
            mine
        };
        sleep_until(mine).await;
    }

    /// No token for so long: the center said "too fast".
    pub async fn pause(&self, pause: Duration) {
        let mut next = self.next.lock().await;
        *next = (*next).max(Instant::now() + pause);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn no_more_than_its_rate_and_a_tenth_of_a_second_ahead() {
        let pace = Pace::new(50);
        let begin = Instant::now();
        for _ in 0..105 {
            pace.turn().await;
        }
        let took = begin.elapsed();
        assert!(took >= Duration::from_millis(1990) && took <= Duration::from_millis(2100), "{took:?}");
        pace.pause(Duration::from_secs(3)).await;
        let begin = Instant::now();
        pace.turn().await;
        assert!(begin.elapsed() >= Duration::from_millis(2990));
    }
}
