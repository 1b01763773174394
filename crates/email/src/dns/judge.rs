//! Who wrote a letter, where no mail server before us says: DKIM (RFC 6376), SPF (RFC 7208) and DMARC (RFC 7489), written on top of
//! the letter as such a server would (RFC 8601), so that the reader knows one way only.

use super::Dns;
use mail_auth::common::headers::HeaderWriter;
use mail_auth::dmarc::verify::DmarcParameters;
use mail_auth::spf::verify::SpfParameters;
use mail_auth::{AuthenticatedMessage, AuthenticationResults, DmarcResult};
use std::net::IpAddr;
use std::time::Duration;

/// The name under which it is written: no mail server's. Whoever writes it himself finds ours above his.
pub const OURS: &str = "homeword.invalid";
/// A letter waits so long at most: then nobody knows who wrote it.
const PATIENCE: Duration = Duration::from_secs(10);
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
        let judged = tokio::spawn(async move { dns.judged(&raw, client).await });
        match tokio::time::timeout(PATIENCE, judged).await {
            Ok(Ok(Some(header))) => header,
            _ => format!("Authentication-Results: {OURS}; none\r\n"),
        }
    }

    async fn judged(&self, raw: &[u8], client: Option<(IpAddr, String, String)>) -> Option<String> {
        let mut message = AuthenticatedMessage::parse(raw)?;
        message.dkim_headers.truncate(MOST);
        // Of two writers nobody knows which one is meant.
        let [from] = &message.from[..] else { return None };
        let from = from.clone();
        let dkim = self.authenticator.verify_dkim(&message).await;
        let mut results = AuthenticationResults::new(OURS).with_dkim_results(&dkim, &from);
        let Some((address, hello, envelope_from)) = client else {
            return Some(results.to_header());
        };
        let spf = self.authenticator.verify_spf(SpfParameters::verify_mail_from(address, &hello, OURS, &envelope_from)).await;
        results = results.with_spf_mailfrom_result(&spf, address, &envelope_from, &hello);
        let back = envelope_from.rsplit_once('@').map_or(hello.as_str(), |(_, domain)| domain);
        let dmarc = self.authenticator.verify_dmarc(DmarcParameters::new(&message, &dkim, back, &spf)).await;
        // A name server that is away says nothing against anybody.
        if matches!(dmarc.result(), DmarcResult::TempError(_)) {
            return None;
        }
        Some(results.with_dmarc_result(&dmarc).to_header())
    }
}
