//! A request's body that does not leave late. Whoever decided to call looked at its claim's deadline first; a process that was
//! stopped, or a machine that was suspended, between that look and the socket would send when others have decided already.
//! The connection asks for the body right before it writes, so that this is the last look there can be.

use bytes::Bytes;
use domain::Time;
use domain::ports::Clock;
use http_body::{Frame, SizeHint};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

/// See the module.
pub struct Timely {
    bytes: Option<Bytes>,
    asked: Instant,
    patience: Duration,
    /// By the wall clock: the other one stands still while a machine sleeps.
    until: Time,
    clock: Arc<dyn Clock>,
}

/// The body was asked for too late.
#[derive(Debug, thiserror::Error)]
#[error("this process slept: the call is not made any more")]
pub struct Late;

impl Timely {
    /// It must leave within so long from now.
    pub fn within(patience: Duration, bytes: Vec<u8>, clock: Arc<dyn Clock>) -> Self {
        let until = Time(clock.now().0.saturating_add(i64::try_from(patience.as_micros()).unwrap_or(i64::MAX)));
        let bytes = (!bytes.is_empty()).then(|| bytes.into());
        Self { bytes, asked: Instant::now(), patience, until, clock }
    }

    fn late(&self) -> bool {
        self.asked.elapsed() > self.patience || self.clock.now() > self.until
    }
}

impl http_body::Body for Timely {
    type Data = Bytes;
    type Error = Late;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Late>>> {
        if self.bytes.is_some() && self.late() {
            self.bytes = None;
            return Poll::Ready(Some(Err(Late)));
        }
        Poll::Ready(self.bytes.take().map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::HttpClient;
    use crate::ending::Ending;
    use domain::wire::{Wire, WireOutcome, WireRequest};
    use std::sync::atomic::{AtomicI64, Ordering};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    /// Goes on by so many seconds with every look: the machine slept between two of them.
    struct Sleeps(AtomicI64, i64);

    impl Clock for Sleeps {
        fn now(&self) -> Time {
            Time(self.0.fetch_add(self.1 * 1_000_000, Ordering::Relaxed))
        }
    }

    /// What a company hears of a call, and what the caller is told, where the clock goes on so fast.
    async fn heard(seconds: i64) -> (String, WireOutcome) {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/", listener.local_addr().expect("an address"));
        let client =
            HttpClient::new(Duration::from_secs(5), Arc::new(Sleeps(AtomicI64::new(0), seconds)), Ending::never()).expect("a client");
        let company = tokio::spawn(async move {
            let (mut line, _) = listener.accept().await.expect("a call");
            let mut all = Vec::new();
            let mut part = [0; 1024];
            while !all.ends_with(b"Body=hello") {
                match line.read(&mut part).await.expect("read") {
                    0 => break,
                    count => all.extend_from_slice(&part[..count]),
                }
            }
            // Gone already where it was cut.
            let _ = line.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").await;
            String::from_utf8(all).expect("text")
        });
        let request = WireRequest { method: "POST", url, headers: vec![], body: b"Body=hello".to_vec() };
        let outcome = client.call(request).await;
        drop(client);
        (company.await.expect("no panic"), outcome)
    }

    #[tokio::test]
    async fn what_leaves_in_time_is_whole_and_what_would_leave_late_does_not() {
        let (text, outcome) = heard(1).await;
        assert!(matches!(outcome, WireOutcome::Answer(answer) if answer.status == 200));
        assert!(text.contains("content-length: 10\r\n") && text.ends_with("Body=hello"), "{text}");
        let (text, outcome) = heard(6).await;
        assert!(!text.contains("hello"), "{text}");
        assert!(matches!(outcome, WireOutcome::Unclear(_)), "nobody says that nothing left");
    }
}
