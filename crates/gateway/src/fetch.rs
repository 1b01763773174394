//! Fetches what families send from the company that keeps it. Which addresses may be asked is decided here, where the connection is
//! made: a name is looked up once, what it came to is judged, and exactly that is connected to; each redirect is judged anew. A link
//! is a company's word, and whoever writes it must not reach into this network.

mod redraw;

pub use redraw::Drawing;

use crate::config::Pictures;
use domain::carrier::SmsProvider;
use domain::ports::{Fetch, NotFetched};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{StatusCode, Url, header};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

/// The longest one of them may take, with its redirects.
const PATIENCE: Duration = Duration::from_secs(40);
/// Redirects followed: a company's own address, its storage, and one to spare.
const REDIRECTS: usize = 3;

/// See the module.
pub struct Fetcher {
    client: reqwest::Client,
    companies: Vec<(String, Arc<dyn SmsProvider>)>,
    most: usize,
    this_machine: bool,
}

impl Fetcher {
    /// For these accounts.
    pub fn new(companies: Vec<(String, Arc<dyn SmsProvider>)>, pictures: &Pictures) -> anyhow::Result<Self> {
        let this_machine = pictures.this_machine;
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .connect_timeout(Duration::from_secs(10))
            .timeout(PATIENCE)
            .dns_resolver(Arc::new(Judged { this_machine }))
            .build()?;
        Ok(Self { client, companies, most: pictures.megabytes as usize * 1024 * 1024, this_machine })
    }

    /// The account's company; where only one is configured, a number need not name it.
    fn company(&self, account: &str) -> Option<&Arc<dyn SmsProvider>> {
        self.companies.iter().find(|(name, _)| account.is_empty() || name == account).map(|(_, company)| company)
    }

    async fn get(&self, account: &str, link: &str) -> Result<Vec<u8>, NotFetched> {
        let mut url = Url::parse(link).map_err(|_| NotFetched::Never("the company's link is not well formed"))?;
        for _ in 0..=REDIRECTS {
            may_be_asked(&url, self.this_machine)?;
            let mut request = self.client.get(url.clone());
            // Asked for each hop: a company's secret goes to its own host and to no other.
            for (name, value) in self.company(account).map(|company| company.opens(url.as_str())).unwrap_or_default() {
                request = request.header(name, value);
            }
            let answer = request.send().await.map_err(|fault| no_answer(&fault))?;
            let status = answer.status();
            if status.is_redirection() {
                let next = answer.headers().get(header::LOCATION).and_then(|place| place.to_str().ok());
                let next = next.and_then(|place| url.join(place).ok());
                url = next.ok_or(NotFetched::Never("the company leads nowhere"))?;
                continue;
            }
            return match status {
                StatusCode::OK => self.read(answer).await,
                StatusCode::NOT_FOUND | StatusCode::GONE => Err(NotFetched::Later("the company does not have it, or not any more")),
                StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(NotFetched::Later("the company does not let us have it")),
                _ => Err(NotFetched::Later("the company is out of order")),
            };
        }
        Err(NotFetched::Never("the company leads from one address to the next"))
    }

    /// All of it; what is too large is not read to its end.
    async fn read(&self, mut answer: reqwest::Response) -> Result<Vec<u8>, NotFetched> {
        let too_large = NotFetched::Never("it is too large");
        if answer.content_length().is_some_and(|length| length > self.most as u64) {
            return Err(too_large);
        }
        let mut bytes = Vec::new();
        loop {
            match answer.chunk().await {
                Ok(Some(chunk)) if bytes.len() + chunk.len() > self.most => return Err(too_large),
                Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
                Ok(None) if bytes.is_empty() => return Err(NotFetched::Later("the company sends nothing")),
                Ok(None) => return Ok(bytes),
                Err(_) => return Err(NotFetched::Later("the connection was cut")),
            }
        }
    }
}

#[async_trait::async_trait]
impl Fetch for Fetcher {
    async fn fetch(&self, account: &str, link: &str) -> Result<Vec<u8>, NotFetched> {
        let fetched = tokio::time::timeout(PATIENCE, self.get(account, link)).await;
        fetched.unwrap_or(Err(NotFetched::Later("the company was too slow")))
    }
}

/// Names that came to a refused address are told from those that were not found.
fn no_answer(fault: &reqwest::Error) -> NotFetched {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(fault);
    while let Some(one) = cause {
        if one.is::<Refused>() {
            return NotFetched::Never("the company's link leads into a private network");
        }
        cause = one.source();
    }
    if fault.is_timeout() { NotFetched::Later("the company was too slow") } else { NotFetched::Later("the company could not be reached") }
}

/// What can be said of an address before it is looked up: its scheme, and a host that is a number already, which no look-up judges.
fn may_be_asked(url: &Url, this_machine: bool) -> Result<(), NotFetched> {
    let host = url.host_str().ok_or(NotFetched::Never("the company's link is not well formed"))?;
    // Numbers in other clothes (2130706433, 0x7f.1) were written out when the link was read.
    let number: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
    let here = this_machine && number.is_some_and(|number| number.is_loopback());
    if url.scheme() != "https" && !(here && url.scheme() == "http") {
        return Err(NotFetched::Never("the company's link is not https"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(NotFetched::Never("the company's link is not well formed"));
    }
    match number {
        Some(number) if !here && !public(number) => Err(NotFetched::Never("the company's link leads into a private network")),
        _ => Ok(()),
    }
}

/// Whether an address is one of the public internet: nothing of this machine, of a private network, of a provider's inside, nothing
/// that stands for another address (RFC 6890 and the registries it began).
pub(crate) fn public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(four) => public_four(four),
        IpAddr::V6(six) => match six.to_ipv4_mapped().or_else(|| inside(six)) {
            // The address it stands for decides, for whatever carries it there.
            Some(four) => public_four(four),
            None => public_six(six),
        },
    }
}

fn public_four(four: Ipv4Addr) -> bool {
    let [a, b, c, _] = four.octets();
    let shared = a == 100 && (64..128).contains(&b);
    let protocols = a == 192 && b == 0 && c == 0;
    let relay = a == 192 && b == 88 && c == 99;
    let bench = a == 198 && (b == 18 || b == 19);
    !(four.is_private()
        || four.is_loopback()
        || four.is_link_local()
        || four.is_documentation()
        || four.is_multicast()
        || a == 0
        || a >= 240
        || shared
        || protocols
        || relay
        || bench)
}

fn public_six(six: Ipv6Addr) -> bool {
    let [first, second, ..] = six.segments();
    // Only what is handed out as global unicast, without its documentation, benchmarks, Teredo and the other special blocks.
    let global = first & 0xe000 == 0x2000;
    let special = first == 0x2001 && (second < 0x200 || second == 0xdb8);
    global && !special && first != 0x3fff
}

/// The IPv4 address inside a translated (64:ff9b::/96) or a 6to4 one.
fn inside(six: Ipv6Addr) -> Option<Ipv4Addr> {
    let parts = six.segments();
    let four = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(a, b, c, d)
    };
    match parts {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(four(high, low)),
        [0x2002, high, low, ..] => Some(four(high, low)),
        _ => None,
    }
}

/// A name that came to nothing but refused addresses.
#[derive(Debug, thiserror::Error)]
#[error("a name leads into a private network")]
struct Refused;

/// Looks names up and judges what they came to; the client connects to these addresses and to no others.
struct Judged {
    this_machine: bool,
}

impl Resolve for Judged {
    fn resolve(&self, name: Name) -> Resolving {
        let this_machine = self.this_machine;
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let any = !found.is_empty();
            let good: Vec<SocketAddr> =
                found.into_iter().filter(|place| public(place.ip()) || (this_machine && place.ip().is_loopback())).collect();
            if any && good.is_empty() {
                return Err(Refused.into());
            }
            Ok(Box::new(good.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests;
