//! Letters in: a listener for the school's own mail server (LMTP, RFC 2033), or for the world's (SMTP, RFC 5321) where the school has
//! none. An address is judged at RCPT, before a byte of the letter; 250 is said only after the commit. What is behind an address is
//! asked of a [`Mailroom`]; this module must never know.

mod peers;
mod talk;

use crate::Dns;
use domain::Time;
use domain::letter::LetterVerdict;
use peers::Peers;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// Who takes letters.
#[async_trait::async_trait]
pub trait Mailroom: Send + Sync {
    /// Whether a letter to this address is taken.
    async fn recipient(&self, address: &str) -> LetterVerdict;
    /// Keeps a letter for one recipient; true once it is committed.
    async fn take(&self, envelope_from: &str, recipient: &str, raw: &[u8]) -> bool;
}

/// Which of the two is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// With a mail server of the school's, which has met the writer's: an answer for each recipient.
    Lmtp,
    /// With any mail server: one answer for all recipients.
    Smtp,
}

/// How a listener speaks.
#[derive(Clone)]
pub struct Listening {
    /// See [`Protocol`].
    pub protocol: Protocol,
    /// What we call ourselves.
    pub name: String,
    /// See [`ListenLimits`].
    pub limits: ListenLimits,
    /// For STARTTLS; none: it is not offered.
    pub tls: Option<Arc<rustls::ServerConfig>>,
    /// Finds out who wrote a letter, where no mail server before us does.
    pub dns: Option<Dns>,
    /// The time that a letter came.
    pub now: Arc<dyn Fn() -> Time + Send + Sync>,
}

impl Listening {
    /// What STARTTLS needs, from a certificate with its chain and its key, both PEM.
    ///
    /// # Errors
    /// What is wrong with them, in words.
    pub fn tls(certificate: &str, key: &str) -> Result<Arc<rustls::ServerConfig>, String> {
        use rustls::pki_types::pem::PemObject;
        use rustls::pki_types::{CertificateDer, PrivateKeyDer};
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(certificate.as_bytes()).collect();
        let chain = chain.ok().filter(|chain| !chain.is_empty()).ok_or("the certificate is no PEM (-----BEGIN CERTIFICATE-----)")?;
        let key =
            PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(|_| "the certificate's key is no PEM (-----BEGIN PRIVATE KEY-----)")?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let versions = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let config = versions.map_err(|fault| fault.to_string())?.with_no_client_auth().with_single_cert(chain, key);
        config.map(Arc::new).map_err(|fault| format!("the certificate and its key do not belong together: {fault}"))
    }
}

/// Limits of the listener; Postfix's where it has them.
#[derive(Clone, Copy, Debug)]
pub struct ListenLimits {
    /// Bytes of a letter.
    pub letter: usize,
    /// Recipients of a letter.
    pub recipients: usize,
    /// Conversations at once.
    pub lines: usize,
    /// Of those from one address, by SMTP.
    pub from_one: usize,
    /// Silence after which a conversation is ended.
    pub idle: Duration,
    /// The longest time that one letter may take to come in.
    pub whole: Duration,
    /// The longest conversation by SMTP.
    pub longest: Duration,
    /// Megabytes of letters that are in memory at once, of all conversations. Each is held several times until it is kept.
    pub at_once: usize,
    /// Refused commands after which a conversation is ended.
    pub faults: usize,
}

impl Default for ListenLimits {
    fn default() -> Self {
        Self {
            letter: 25 * 1024 * 1024,
            recipients: 100,
            lines: 32,
            from_one: 8,
            idle: Duration::from_secs(300),
            whole: Duration::from_secs(600),
            longest: Duration::from_secs(1800),
            at_once: 64,
            faults: 20,
        }
    }
}

/// One conversation with a peer at that address, over any stream, to its end.
///
/// # Errors
/// The stream failed or was closed in the middle; what got no 250 is sent again.
pub async fn converse(
    stream: impl AsyncRead + AsyncWrite + Send + Sync + Unpin + 'static,
    address: IpAddr,
    mailroom: Arc<dyn Mailroom>,
    listening: Listening,
) -> std::io::Result<()> {
    let room = Arc::new(Semaphore::new(listening.limits.at_once));
    talk::hold(stream, address, mailroom, listening, room).await
}

/// Answers conversations until it is aborted. A conversation cut short loses nothing: what got no 250 is sent again.
pub async fn listen(listener: TcpListener, mailroom: Arc<dyn Mailroom>, listening: Listening) {
    let (lines, peers) = (Arc::new(Semaphore::new(listening.limits.lines)), Arc::new(Peers::default()));
    let room = Arc::new(Semaphore::new(listening.limits.at_once));
    loop {
        let Ok((mut stream, address)) = listener.accept().await else {
            // Out of descriptors, most likely: others end soon.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let most = if listening.protocol == Protocol::Smtp { listening.limits.from_one } else { usize::MAX };
        let (mailroom, permit, one) = (mailroom.clone(), lines.clone().try_acquire_owned(), peers.clone().comes(address.ip(), most));
        let (listening, room) = (listening.clone(), room.clone());
        // A school's own mail server keeps its line.
        let longest = if listening.protocol == Protocol::Smtp { listening.limits.longest } else { Duration::MAX };
        let held = async move {
            match (permit, one) {
                (Ok(_permit), Some(_one)) if stream.set_nodelay(true).is_ok() => {
                    talk::hold(stream, address.ip(), mailroom, listening, room).await
                }
                _ => stream.write_all(b"421 4.3.2 Too many conversations, try again\r\n").await,
            }
        };
        // A peer that goes away, or never ends, ends its own conversation and nothing else.
        tokio::spawn(tokio::time::timeout(longest, held));
    }
}
