//! The one HTTP client: it alone owns sockets, time-outs and the decision between an answer, nothing sent, and unclear.
//!
//! hyper's own client, for a broadcast is as fast as this file: it spends a third of the time that a general client spends on
//! a call (redirects, cookies, proxies and URLs taken apart), and none of that is wanted here.

use crate::ending::Ending;
use crate::timely::Timely;
use domain::ports::Clock;
use domain::wire::*;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::{Request, Response};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls_platform_verifier::BuilderVerifierExt;
use std::sync::Arc;
use std::time::Duration;

/// Bytes read of an answer.
const MOST: usize = 1024 * 1024;
/// Unused connections are closed after so long; companies close theirs after a minute or more.
const IDLE: Duration = Duration::from_secs(45);

/// See the module.
pub struct HttpClient {
    inner: Client<HttpsConnector<HttpConnector>, Timely>,
    patience: Duration,
    clock: Arc<dyn Clock>,
    ending: Ending,
}

impl HttpClient {
    /// Redirects are never followed; no call takes longer than `patience`. Once the end was asked for, no call is begun.
    pub fn new(patience: Duration, clock: Arc<dyn Clock>, ending: Ending) -> anyhow::Result<Self> {
        let mut connector = HttpConnector::new();
        connector.enforce_http(false);
        connector.set_nodelay(true);
        // Sooner than the whole call's: a company that cannot be reached got nothing, and that is known.
        connector.set_connect_timeout(Some(patience.mul_f64(0.9).min(Duration::from_secs(10))));
        let tls = rustls::ClientConfig::builder().with_platform_verifier()?.with_no_client_auth();
        let connector =
            hyper_rustls::HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1().wrap_connector(connector);
        let inner = Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).pool_idle_timeout(IDLE).build(connector);
        Ok(Self { inner, patience, clock, ending })
    }

    async fn exchange(&self, request: Request<Timely>) -> WireOutcome {
        let response = match self.inner.request(request).await {
            Ok(response) => response,
            Err(fault) if fault.is_connect() => return WireOutcome::NotSent("the company could not be reached"),
            Err(_) => return WireOutcome::Unclear("the connection was cut"),
        };
        read(response).await
    }
}

/// The whole answer.
async fn read(response: Response<Incoming>) -> WireOutcome {
    let (head, mut rest) = response.into_parts();
    let header = |(name, value): (&hyper::header::HeaderName, &hyper::header::HeaderValue)| {
        Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
    };
    let headers = head.headers.iter().filter_map(header).collect();
    let mut body = Vec::new();
    while let Some(frame) = rest.frame().await {
        match frame.map(hyper::body::Frame::into_data) {
            Ok(Ok(chunk)) if body.len() + chunk.len() <= MOST => body.extend_from_slice(&chunk),
            Ok(Ok(_)) => return WireOutcome::Unclear("the answer was too long"),
            // Trailers say nothing to anybody here.
            Ok(Err(_)) => {}
            Err(_) => return WireOutcome::Unclear("the answer was cut"),
        }
    }
    WireOutcome::Answer(WireAnswer { status: head.status.as_u16(), headers, body })
}

#[async_trait::async_trait]
impl Wire for HttpClient {
    async fn call(&self, request: WireRequest) -> WireOutcome {
        if self.ending.begun() {
            return WireOutcome::NotSent("this node is ending");
        }
        let mut builder = Request::builder().method(request.method).uri(request.url);
        for (name, value) in request.headers {
            builder = builder.header(name, value);
        }
        // A process that slept between the decision to call and the call does not make it up: others may have decided since.
        let Ok(request) = builder.body(Timely::within(self.patience, request.body, self.clock.clone())) else {
            return WireOutcome::NotSent("the company's address or a header of the call is not well formed");
        };
        match tokio::time::timeout(self.patience, self.exchange(request)).await {
            Ok(outcome) => outcome,
            Err(_) => WireOutcome::Unclear("the company did not answer in time"),
        }
    }
}
