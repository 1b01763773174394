//! TLS of our own connections to mail servers, with the certificates this machine trusts.

use rustls_platform_verifier::ConfigVerifierExt;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;
use tokio_rustls::client::TlsStream;

/// Why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unsecured {
    /// A setting or this machine is at fault, in words.
    Setting(&'static str),
    /// The other end is, and may be mended: later.
    Server(&'static str),
}

/// A connection to `host`, protected from here on.
pub(crate) async fn secured<S>(host: &str, stream: S, patience: Duration) -> Result<TlsStream<S>, Unsecured>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let config =
        rustls::ClientConfig::with_platform_verifier().map_err(|_| Unsecured::Setting("this machine's certificates could not be read"))?;
    let name = rustls::pki_types::ServerName::try_from(host.to_owned())
        .map_err(|_| Unsecured::Setting("the mail server's name is no host name"))?;
    match timeout(patience, tokio_rustls::TlsConnector::from(Arc::new(config)).connect(name, stream)).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(_)) => Err(Unsecured::Server("the mail server's certificate or TLS was not accepted")),
        Err(_) => Err(Unsecured::Server("TLS was not answered")),
    }
}
