//! The connection: name, TCP, TLS, and the words of the sign-in. A failure here means that nothing was sent.

use super::settings::SmppSettings;
use domain::carrier::SendFault;
use rustls_platform_verifier::ConfigVerifierExt;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

/// A connection, whatever it is made of.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// Connects; the caller keeps the time.
pub(super) async fn connect(settings: &SmppSettings) -> Result<Box<dyn Stream>, SendFault> {
    let not_sent = |why: &str| SendFault::NotSent(why.into());
    let stream = TcpStream::connect((settings.host.as_str(), settings.port)).await;
    let stream = stream.map_err(|_| not_sent("the message center cannot be reached"))?;
    // Small PDUs, each waited for: they must not wait for one another.
    let _ = stream.set_nodelay(true);
    if !settings.tls {
        return Ok(Box::new(stream));
    }
    let config = rustls::ClientConfig::with_platform_verifier()
        .map_err(|_| SendFault::Config("this machine's certificates could not be read".into()))?;
    let name =
        rustls::pki_types::ServerName::try_from(settings.host.clone()).map_err(|_| SendFault::Config("host is not a host name".into()))?;
    let stream = tokio_rustls::TlsConnector::from(Arc::new(config)).connect(name, stream).await;
    Ok(Box::new(stream.map_err(|_| not_sent("the message center's certificate or TLS was not accepted: check tls and port"))?))
}
