//! Connections to companies, kept between calls: the one used last is used next. A call that a kept connection did not take,
//! because the company had closed it meanwhile, goes over a new one; a call of which a byte may have left is never made again.

use crate::timely::Timely;
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{HOST, HeaderValue};
use hyper::http::uri::{Authority, PathAndQuery, Scheme};
use hyper::{Request, Response, Uri};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::HttpConnector;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tower_service::Service;

/// A connection unused for so long is not used again: companies close theirs after a minute or more.
const IDLE: Duration = Duration::from_secs(45);
/// How long a connection whose answer was read may take to be ready for the next call.
const READY: Duration = Duration::from_secs(5);

/// A company's address: whether it is TLS, and host with port.
type Origin = (bool, Authority);

/// Connections to one address, and since when each is unused.
type Kept = Vec<(SendRequest<Timely>, Instant)>;

/// See the module.
pub(super) struct Pool {
    connector: HttpsConnector<HttpConnector>,
    kept: Mutex<HashMap<Origin, Kept>>,
}

/// The connection an answer came over; closed where nobody keeps it.
pub(super) struct Line {
    pool: Arc<Pool>,
    origin: Origin,
    sender: SendRequest<Timely>,
}

/// Why there is no answer.
pub(super) enum Unanswered {
    /// No byte of the call left.
    NotSent(&'static str),
    /// Some may have.
    Cut,
}

impl Pool {
    pub(super) fn new(connector: HttpsConnector<HttpConnector>) -> Pool {
        Pool { connector, kept: Mutex::default() }
    }

    /// Sends a call to a whole URL; gives the answer's head and the connection its body comes over.
    pub(super) async fn send(self: &Arc<Self>, mut request: Request<Timely>) -> Result<(Response<Incoming>, Line), Unanswered> {
        let malformed = || Unanswered::NotSent("the company's address is not well formed");
        let uri = std::mem::take(request.uri_mut());
        let authority = uri.authority().ok_or_else(malformed)?.clone();
        let origin = (uri.scheme() == Some(&Scheme::HTTPS), authority);
        *request.uri_mut() = Uri::from(uri.path_and_query().cloned().unwrap_or(PathAndQuery::from_static("/")));
        if !request.headers().contains_key(HOST) {
            // Without what may stand before it: a name and a password are nobody's host.
            let host = origin.1.as_str().rsplit('@').next().unwrap_or_default();
            request.headers_mut().insert(HOST, HeaderValue::from_str(host).map_err(|_| malformed())?);
        }
        while let Some(mut sender) = self.take(&origin) {
            match sender.try_send_request(request).await {
                Ok(response) => return Ok((response, Line { pool: self.clone(), origin, sender })),
                // It came back whole: nothing of it was written.
                Err(mut fault) => request = fault.take_message().ok_or(Unanswered::Cut)?,
            }
        }
        let mut sender = self.connect(uri).await?;
        let response = sender.try_send_request(request).await.map_err(|mut fault| match fault.take_message() {
            Some(_) => Unanswered::NotSent("the company closed the connection at once"),
            None => Unanswered::Cut,
        })?;
        Ok((response, Line { pool: self.clone(), origin, sender }))
    }

    async fn connect(&self, uri: Uri) -> Result<SendRequest<Timely>, Unanswered> {
        let unreachable = Unanswered::NotSent("the company could not be reached");
        let Ok(stream) = self.connector.clone().call(uri).await else {
            return Err(unreachable);
        };
        let Ok((sender, connection)) = http1::handshake(stream).await else {
            return Err(unreachable);
        };
        // Ends with its sender, or when the company closes it; what it has to say, the call under way hears.
        tokio::spawn(async move { drop(connection.await) });
        Ok(sender)
    }

    /// The connection used last that is still open.
    fn take(&self, origin: &Origin) -> Option<SendRequest<Timely>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let lines = kept.get_mut(origin)?;
        while let Some((sender, since)) = lines.pop() {
            if since.elapsed() >= IDLE {
                // Those below it were left even longer ago.
                lines.clear();
            } else if sender.is_ready() {
                return Some(sender);
            }
        }
        None
    }

    fn put(&self, origin: Origin, sender: SendRequest<Timely>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let lines = kept.entry(origin).or_default();
        if lines.first().is_some_and(|(_, since)| since.elapsed() >= IDLE) {
            lines.retain(|(_, since)| since.elapsed() < IDLE);
        }
        lines.push((sender, Instant::now()));
    }
}

impl Line {
    /// For the next call; to be said when the answer was read to its end.
    pub(super) fn keep(mut self) {
        if self.sender.is_ready() {
            self.pool.put(self.origin, self.sender);
        } else if !self.sender.is_closed() {
            tokio::spawn(async move {
                if let Ok(Ok(())) = tokio::time::timeout(READY, self.sender.ready()).await {
                    self.pool.put(self.origin, self.sender);
                }
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::client::HttpClient;
    use crate::clock::SystemClock;
    use crate::ending::Ending;
    use domain::wire::{Wire, WireOutcome, WireRequest};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::{Duration, Instant};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::sync::mpsc;

    /// A company that tells of each call on which connection it came and its head, and closes each one after so many answers, saying
    /// so in the last one or not.
    async fn company(answers: usize, says_so: bool) -> (String, mpsc::UnboundedReceiver<(usize, String)>) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let (tell, told) = mpsc::unbounded_channel();
        let lines = Arc::new(AtomicUsize::new(0));
        tokio::spawn(async move {
            while let Ok((mut line, _)) = listener.accept().await {
                let (tell, number) = (tell.clone(), lines.fetch_add(1, Ordering::Relaxed));
                tokio::spawn(async move {
                    let mut part = [0; 4096];
                    for answer in 1..=answers {
                        let Ok(count @ 1..) = line.read(&mut part).await else { return };
                        let _ = tell.send((number, String::from_utf8_lossy(&part[..count]).into_owned()));
                        let close = if says_so && answer == answers { "connection: close\r\n" } else { "" };
                        let _ = line.write_all(format!("HTTP/1.1 200 OK\r\n{close}content-length: 2\r\n\r\nok").as_bytes()).await;
                    }
                });
            }
        });
        (url, told)
    }

    fn client() -> HttpClient {
        let _ = rustls::crypto::ring::default_provider().install_default();
        HttpClient::new(Duration::from_secs(5), Arc::new(SystemClock), Ending::never()).expect("a client")
    }

    async fn call(client: &HttpClient, url: &str) -> bool {
        let request = WireRequest { method: "GET", url: url.to_owned(), headers: vec![], body: vec![] };
        matches!(client.call(request).await, WireOutcome::Answer(answer) if answer.status == 200 && answer.body == b"ok")
    }

    fn open(client: &HttpClient) -> bool {
        client.pool.kept.lock().expect("one at a time").values().flatten().any(|(sender, _)| sender.is_ready())
    }

    async fn lines(told: &mut mpsc::UnboundedReceiver<(usize, String)>, count: usize) -> Vec<usize> {
        let mut all = Vec::new();
        for _ in 0..count {
            all.push(told.recv().await.expect("a call").0);
        }
        all
    }

    #[tokio::test]
    async fn calls_in_a_row_share_a_connection_and_each_company_has_its_own() {
        let ((one, mut told_one), (two, mut told_two)) = (company(100, false).await, company(100, false).await);
        let client = client();
        for _ in 0..3 {
            assert!(call(&client, &format!("{one}/a?b=c")).await && call(&client, &two).await);
        }
        let (_, head) = told_one.recv().await.expect("a call");
        assert!(head.starts_with("GET /a?b=c HTTP/1.1\r\n") && head.contains(&format!("host: {}\r\n", &one[7..])), "{head}");
        assert_eq!((lines(&mut told_one, 2).await, lines(&mut told_two, 3).await), (vec![0, 0], vec![0, 0, 0]));
    }

    #[tokio::test]
    async fn a_connection_that_was_closed_meanwhile_costs_no_call() {
        for says_so in [true, false] {
            let (url, mut told) = company(2, says_so).await;
            let client = client();
            for count in 0..6 {
                assert!(call(&client, &url).await, "call {count}, said: {says_so}");
                // Whoever is not told so has to see it.
                let begun = Instant::now();
                while count % 2 == 1 && open(&client) {
                    assert!(begun.elapsed() < Duration::from_secs(10), "the end of a connection is seen");
                    tokio::task::yield_now().await;
                }
            }
            assert_eq!(lines(&mut told, 6).await, [0, 0, 1, 1, 2, 2]);
        }
    }

    #[tokio::test]
    async fn nobody_there_and_no_address_are_not_sent() {
        let client = client();
        for url in ["http://127.0.0.1:9/", "/nowhere", "http://"] {
            let request = WireRequest { method: "GET", url: url.to_owned(), headers: vec![], body: vec![] };
            assert!(matches!(client.call(request).await, WireOutcome::NotSent(_)), "{url}");
        }
    }
}
