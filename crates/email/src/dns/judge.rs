//! Who wrote a letter, where no mail server before us says: DKIM (RFC 6376), SPF (RFC 7208) and DMARC (RFC 7489), written on top of
//! the letter as such a server would (RFC 8601), so that the reader knows one way only.

use super::Dns;
use mail_auth::common::headers::HeaderWriter;
use mail_auth::dmarc::verify::DmarcParameters;
use mail_auth::spf::verify::SpfParameters;
use mail_auth::{AuthenticatedMessage, AuthenticationResults, DmarcResult, SpfOutput};
use std::net::IpAddr;
use std::time::Duration;
use tokio::time::timeout;

/// The name under which it is written: no mail server's. Whoever writes it himself finds ours above his.
pub const OURS: &str = "homeword.invalid";
/// A letter waits so long at most: then nobody knows who wrote it.
const PATIENCE: Duration = Duration::from_secs(10);
/// And for its signatures and for its envelope's domain so long.
const EACH: Duration = Duration::from_secs(3);
/// Signatures looked at: each costs a question to the DNS.
const MOST: usize = 8;

/// Who hands a letter over.
#[derive(Clone, Copy, Debug)]
pub struct Client<'a> {
    /// Its address.
    pub address: IpAddr,
    /// What it calls itself.
    pub hello: &'a str,
    /// Where the letter goes back to; may be empty.
    pub envelope_from: &'a str,
}

impl Dns {
    /// A header that says who wrote it. Without a client nobody can tell whether SPF holds: then a writer is known, or is not.
    pub async fn who_wrote(&self, raw: &[u8], client: Option<Client<'_>>) -> String {
        let (dns, raw) = (self.clone(), raw.to_vec());
        let client = client.map(|client| (client.address, client.hello.to_owned(), client.envelope_from.to_owned()));
        // A task of its own: what a letter does to a library must not end the conversation.
        let mut judged = tokio::spawn(async move { dns.judged(&raw, client).await });
        match timeout(PATIENCE, &mut judged).await {
            Ok(Ok(Some(header))) => header,
            _ => {
                judged.abort();
                format!("Authentication-Results: {OURS}; none\r\n")
            }
        }
    }

    async fn judged(&self, raw: &[u8], client: Option<(IpAddr, String, String)>) -> Option<String> {
        if crate::read::head_is_too_long(raw) {
            return None;
        }
        let mut message = AuthenticatedMessage::parse(raw)?;
        message.dkim_headers.truncate(MOST);
        // Each would be a result of its own, and hide those that count.
        message.errors.clear();
        // Of two writers nobody knows which one is meant.
        let [from] = &message.from[..] else { return None };
        let from = from.clone();
        // A domain that the writer chose, and that never answers, must not keep his own from being asked.
        let dkim = timeout(EACH, self.authenticator.verify_dkim(&message)).await.unwrap_or_default();
        let mut results = AuthenticationResults::new(OURS).with_dkim_results(&dkim, &from);
        let Some((address, hello, envelope_from)) = client else {
            return Some(results.to_header());
        };
        let back = envelope_from.rsplit_once('@').map_or(hello.as_str(), |(_, domain)| domain);
        let parameters = SpfParameters::verify_mail_from(address, &hello, OURS, &envelope_from);
        let spf = timeout(EACH, self.authenticator.verify_spf(parameters)).await;
        let spf = spf.unwrap_or_else(|_| SpfOutput::new(back.to_owned()));
        results = results.with_spf_mailfrom_result(&spf, address, &envelope_from, &hello);
        let dmarc = self.authenticator.verify_dmarc(DmarcParameters::new(&message, &dkim, back, &spf)).await;
        // A name server that is away says nothing against anybody.
        if matches!(dmarc.result(), DmarcResult::TempError(_)) {
            return None;
        }
        Some(results.with_dmarc_result(&dmarc).to_header())
    }
}
