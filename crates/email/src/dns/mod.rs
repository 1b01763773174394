//! The DNS as letters need it: what stands there about our own domains, and about a writer's. Every question has a time limit, and "it
//! is not there" is told apart from "nobody answered".

mod judge;
mod standing;

pub use judge::{Client, OURS};
pub use standing::{Standing, Word};

use mail_auth::MessageAuthenticator;
use mail_auth::hickory_resolver::config::{NameServerConfig, ResolverConfig, ResolverOpts};
use mail_auth::hickory_resolver::lookup::Lookup;
use mail_auth::hickory_resolver::net::NetError;
use mail_auth::hickory_resolver::proto::rr::RData;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// No name server answered, or the name is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the DNS does not answer")]
pub struct Away;

/// A resolver.
#[derive(Clone)]
pub struct Dns {
    pub(crate) authenticator: MessageAuthenticator,
}

impl Dns {
    /// Asks this server; without one, those of the machine.
    ///
    /// # Errors
    /// The machine's own settings cannot be read.
    pub fn new(server: Option<SocketAddr>) -> Result<Self, Away> {
        let authenticator = match server {
            None => MessageAuthenticator::new_system_conf(),
            Some(server) => {
                let mut asked = NameServerConfig::udp_and_tcp(server.ip());
                asked.connections.iter_mut().for_each(|connection| connection.port = server.port());
                let mut config = ResolverConfig::default();
                config.name_servers.push(asked);
                let mut options = ResolverOpts::default();
                (options.timeout, options.attempts) = (Duration::from_secs(2), 2);
                MessageAuthenticator::new(config, options)
            }
        };
        authenticator.map(|authenticator| Self { authenticator }).map_err(|_| Away)
    }

    /// The texts at a name, each of its pieces joined.
    async fn texts(&self, name: &str) -> Result<Vec<String>, Away> {
        let found = self.authenticator.resolver().txt_lookup(whole(name)).await;
        read(found, |data| match data {
            RData::TXT(text) => Some(text.txt_data.iter().map(|piece| String::from_utf8_lossy(piece)).collect()),
            _ => None,
        })
    }

    /// The hosts that take a domain's letters.
    async fn mail_servers(&self, domain: &str) -> Result<Vec<String>, Away> {
        let found = self.authenticator.resolver().mx_lookup(whole(domain)).await;
        read(found, |data| match data {
            RData::MX(host) => Some(host.exchange.to_utf8()),
            _ => None,
        })
    }

    /// A host's addresses.
    async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, Away> {
        match self.authenticator.resolver().lookup_ip(whole(host)).await {
            Ok(found) => Ok(found.iter().collect()),
            Err(fault) if fault.is_no_records_found() => Ok(vec![]),
            Err(_) => Err(Away),
        }
    }

    /// The names an address says it has.
    async fn names(&self, address: IpAddr) -> Result<Vec<String>, Away> {
        let found = self.authenticator.resolver().reverse_lookup(address).await;
        read(found, |data| match data {
            RData::PTR(name) => Some(name.0.to_utf8()),
            _ => None,
        })
    }
}

/// With a dot at its end, no domain of the machine's own is tried behind it.
fn whole(name: &str) -> String {
    format!("{}.", name.trim_end_matches('.'))
}

fn read(found: Result<Lookup, NetError>, take: impl Fn(&RData) -> Option<String>) -> Result<Vec<String>, Away> {
    match found {
        Ok(found) => Ok(found.answers().iter().filter_map(|record| take(&record.data)).collect()),
        Err(fault) if fault.is_no_records_found() => Ok(vec![]),
        Err(_) => Err(Away),
    }
}
