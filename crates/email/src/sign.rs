//! Signing: DKIM (RFC 6376) over the bytes that go out, relaxed/relaxed, by every key of the writer's domain. An Ed25519 signature
//! (RFC 8463) stands beside one of RSA, never alone: few check it yet.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mail_auth::common::crypto::{Algorithm, DkimKey, Ed25519Key, RsaKey, SigningKey};
use mail_auth::common::headers::{HeaderWriter, Writable};
use mail_auth::dkim::{DkimSigner, Done};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use std::sync::Arc;

/// What is signed of every letter. One that is absent is signed as absent: nobody can put it in on the way.
const HEAD: [&str; 13] = [
    "From",
    "Reply-To",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "MIME-Version",
    "Content-Type",
    "Content-Language",
    "Auto-Submitted",
    "Cc",
];
/// And of one to many, where RFC 8058 section 4 wants it. A list of somebody else's may add its own to the others.
const LIST: [&str; 4] = ["List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Feedback-ID"];

/// One key of one domain.
#[derive(Clone)]
pub struct Signer {
    domain: String,
    selector: String,
    key: Shared,
    one: Arc<DkimSigner<Shared, Done>>,
    many: Arc<DkimSigner<Shared, Done>>,
}

/// A key for two signers.
#[derive(Clone)]
struct Shared(Arc<DkimKey>);

impl SigningKey for Shared {
    type Hasher = <DkimKey as SigningKey>::Hasher;
    fn sign(&self, input: impl Writable) -> mail_auth::Result<Vec<u8>> {
        self.0.sign(input)
    }
    fn algorithm(&self) -> Algorithm {
        self.0.algorithm()
    }
}

impl Signer {
    /// With a private key in PEM: RSA of 2048 bits or more (PKCS #1 or #8), or Ed25519 (PKCS #8).
    ///
    /// # Errors
    /// What is wrong with the key, in words.
    pub fn new(domain: &str, selector: &str, pem: &str) -> Result<Self, &'static str> {
        let der = PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| "it is no private key in PEM (-----BEGIN PRIVATE KEY-----)")?;
        let ed25519 = |der: &PrivateKeyDer<'_>| Ed25519Key::from_pkcs8_maybe_unchecked_der(der.secret_der()).map(DkimKey::Ed25519);
        let key = ed25519(&der).or_else(|_| RsaKey::from_key_der(der).map(DkimKey::Rsa));
        let key = Shared(Arc::new(key.map_err(|_| "it is neither an RSA key of 2048 bits or more nor an Ed25519 key")?));
        let signer = |headers: &[&str]| {
            let signer = DkimSigner::from_key(key.clone()).domain(domain).selector(selector);
            Arc::new(signer.headers(headers.iter().copied()))
        };
        let (one, many) = (signer(&HEAD), signer(&[&HEAD[..], &LIST].concat()));
        Ok(Self { domain: domain.to_lowercase(), selector: selector.to_owned(), key, one, many })
    }

    /// The domain it signs for.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// Where its public key stands: `SELECTOR._domainkey.DOMAIN`.
    pub fn name(&self) -> String {
        format!("{}._domainkey.{}", self.selector, self.domain)
    }

    /// Whether it is an RSA key, which every mail server checks.
    pub fn is_rsa(&self) -> bool {
        matches!(*self.key.0, DkimKey::Rsa(_))
    }

    /// The public key as it must stand there, a TXT record's text (RFC 6376 section 3.6.1).
    pub fn record(&self) -> String {
        match &*self.key.0 {
            DkimKey::Rsa(key) => format!("v=DKIM1; k=rsa; p={}", STANDARD.encode(subject_public_key(&key.public_key()))),
            DkimKey::Ed25519(key) => format!("v=DKIM1; k=ed25519; p={}", STANDARD.encode(key.public_key())),
        }
    }

    /// Whether letters from this domain are its own: the same or one beneath it, as DMARC's relaxed alignment has it.
    pub(crate) fn covers(&self, domain: &str) -> bool {
        domain.to_lowercase().strip_suffix(&self.domain).is_some_and(|above| above.is_empty() || above.ends_with('.'))
    }
}

/// A letter from this address with a signature of each key that covers it on top; as it is where none does.
pub fn signed(signers: &[Signer], from: &str, raw: &[u8]) -> Option<Vec<u8>> {
    let domain = from.rsplit_once('@').map_or("", |(_, domain)| domain);
    let mut top = String::new();
    for signer in signers.iter().filter(|signer| signer.covers(domain)) {
        let to_many = has_header(raw, b"\nList-Unsubscribe:");
        let signature = if to_many { signer.many.sign(raw) } else { signer.one.sign(raw) };
        // A key that was good when it was read signs; a letter without a signature is better than none.
        let Ok(signature) = signature else { continue };
        top += &signature.to_header();
    }
    (!top.is_empty()).then(|| [top.as_bytes(), raw].concat())
}

/// Whether one of its headers begins so.
fn has_header(raw: &[u8], name: &[u8]) -> bool {
    let end = raw.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(raw.len());
    raw[..end].windows(name.len()).any(|bytes| bytes.eq_ignore_ascii_case(name))
}

/// An RSA key as RFC 5280's SubjectPublicKeyInfo, as mail servers want it (RFC 6376, erratum 3017).
fn subject_public_key(key: &[u8]) -> Vec<u8> {
    /// rsaEncryption, no parameters.
    const ALGORITHM: [u8; 15] = [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
    let bits = of_type(0x03, &[&[0], key].concat());
    of_type(0x30, &[&ALGORITHM[..], &bits].concat())
}

/// DER: a type, a length, the content.
fn of_type(kind: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let significant = &length[length.iter().position(|byte| *byte != 0).unwrap_or(length.len() - 1)..];
    let mut all = vec![kind];
    if content.len() >= 0x80 {
        all.push(0x80 | u8::try_from(significant.len()).unwrap_or(8));
    }
    all.extend_from_slice(significant);
    all.extend_from_slice(content);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made for tests with OpenSSL, which wrote both files; nobody's letters are signed with it.
    const RSA: &str = include_str!("../fixtures/dkim/rsa.pem");
    const RSA_PUBLIC: &str = include_str!("../fixtures/dkim/rsa.pub.pem");

    fn ed25519() -> String {
        let der = Ed25519Key::generate_pkcs8().expect("a key");
        format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(der))
    }

    #[test]
    fn a_public_key_is_told_as_openssl_writes_it() {
        let signer = Signer::new("Maple.example", "one", RSA).expect("a key");
        let base64: String = RSA_PUBLIC.lines().filter(|line| !line.starts_with("--")).collect();
        assert_eq!((signer.name().as_str(), signer.is_rsa()), ("one._domainkey.maple.example", true));
        assert_eq!(signer.record(), format!("v=DKIM1; k=rsa; p={base64}"));
        let signer = Signer::new("maple.example", "two", &ed25519()).expect("a key");
        assert!(!signer.is_rsa() && signer.record().len() == "v=DKIM1; k=ed25519; p=".len() + 44, "{}", signer.record());
    }

    #[test]
    fn a_letter_has_a_signature_of_each_key_of_its_domain_and_its_bytes_stay() {
        let signers = [("maple.example", RSA.to_owned()), ("maple.example", ed25519()), ("other.example", ed25519())]
            .map(|(domain, pem)| Signer::new(domain, "s", &pem).expect("a key"));
        let raw = b"From: <school@mail.maple.example>\r\nSubject: x\r\n\r\nList-Unsubscribe: no header\r\n";
        let letter = signed(&signers, "School@mail.maple.example", raw).expect("signed");
        let text = String::from_utf8_lossy(&letter);
        assert_eq!(text.matches("DKIM-Signature:").count(), 2, "{text}");
        assert!(text.contains("a=rsa-sha256") && text.contains("a=ed25519-sha256") && text.matches("c=relaxed/relaxed").count() == 2);
        assert!(letter.ends_with(raw) && !text.contains("h=List") && !text.contains(":List-"), "{text}");
        let many = [&b"List-Unsubscribe: <https://x.example>\r\n"[..], raw].concat();
        let many = [&b"To: <a@b.example>\r\n"[..], &many].concat();
        let text = String::from_utf8(signed(&signers, "a@maple.example", &many).expect("signed")).expect("text");
        let unfolded = text.replace("\r\n\t", "");
        assert_eq!(unfolded.matches("List-Unsubscribe-Post").count(), 2, "what RFC 8058 wants signed: {text}");
        for stranger in ["a@notmaple.example", "a@maple.example.org", "a@example", "maple.example", ""] {
            assert_eq!(signed(&signers[..2], stranger, raw), None, "{stranger}");
        }
    }

    #[test]
    fn a_key_that_signs_nothing_is_refused_in_words() {
        let refused = |pem: &str| Signer::new("maple.example", "s", pem).err().unwrap_or_default();
        assert!(refused("").contains("PEM") && refused(RSA_PUBLIC).contains("PEM"));
        let garbage = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
        assert!(refused(garbage).contains("2048"), "{}", refused(garbage));
    }
}
