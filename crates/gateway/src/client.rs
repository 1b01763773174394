//! The one HTTP client: it alone owns sockets, time-outs and the decision between an answer, nothing sent, and unclear.

use crate::ending::Ending;
use crate::timely::Timely;
use domain::ports::Clock;
use domain::wire::*;
use std::sync::Arc;
use std::time::Duration;

/// Bytes read of an answer.
const MOST: usize = 1024 * 1024;

/// See the module.
pub struct HttpClient {
    inner: reqwest::Client,
    patience: Duration,
    clock: Arc<dyn Clock>,
    ending: Ending,
}

impl HttpClient {
    /// Redirects are never followed; no call takes longer than `patience`. Once the end was asked for, no call is begun.
    pub fn new(patience: Duration, clock: Arc<dyn Clock>, ending: Ending) -> anyhow::Result<Self> {
        let inner = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(patience.min(Duration::from_secs(10)))
            .timeout(patience)
            .tcp_nodelay(true)
            .build()?;
        Ok(Self { inner, patience, clock, ending })
    }
}

impl HttpClient {
    /// A process that slept between the decision to call and the call does not make it up: others may have decided since.
    fn body(&self, bytes: Vec<u8>) -> reqwest::Body {
        if bytes.is_empty() {
            reqwest::Body::from(bytes)
        } else {
            reqwest::Body::wrap(Timely::within(self.patience, bytes, self.clock.clone()))
        }
    }
}

#[async_trait::async_trait]
impl Wire for HttpClient {
    async fn call(&self, request: WireRequest) -> WireOutcome {
        if self.ending.begun() {
            return WireOutcome::NotSent("this node is ending");
        }
        let method = if request.method == "GET" { reqwest::Method::GET } else { reqwest::Method::POST };
        let mut builder = self.inner.request(method, &request.url).body(self.body(request.body));
        for (name, value) in request.headers {
            builder = builder.header(name, value);
        }
        let mut response = match builder.send().await {
            Ok(response) => response,
            Err(fault) if fault.is_connect() || fault.is_builder() => {
                return WireOutcome::NotSent("the company could not be reached");
            }
            Err(fault) if fault.is_timeout() => {
                return WireOutcome::Unclear("the company did not answer in time");
            }
            Err(_) => return WireOutcome::Unclear("the connection was cut"),
        };
        let status = response.status().as_u16();
        let headers = response
            .headers()
            .iter()
            .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
            .collect();
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() <= MOST => body.extend_from_slice(&chunk),
                Ok(Some(_)) => return WireOutcome::Unclear("the answer was too long"),
                Ok(None) => break,
                Err(_) => return WireOutcome::Unclear("the answer was cut"),
            }
        }
        WireOutcome::Answer(WireAnswer { status, headers, body })
    }
}
