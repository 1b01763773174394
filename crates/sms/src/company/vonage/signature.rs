//! How Vonage signs: all fields but `sig`, sorted by name, hashed with the account's signature secret in the way the account chose.
//!
//! Source: Vonage, "Signing Messages". Knows nothing of what the fields mean.

use crate::company::reading::keys::code;
use domain::hex;
use hmac::Hmac;
use md5::{Digest, Md5};

/// What the account's settings call the signature method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::company) enum Algorithm {
    /// The company's default: MD5 over the fields and the secret after them.
    Md5Hash,
    /// HMAC with MD5.
    Md5,
    /// HMAC with SHA-1.
    Sha1,
    /// HMAC with SHA-256.
    Sha256,
    /// HMAC with SHA-512.
    Sha512,
}

/// As the configuration says them.
pub(in crate::company) const ALGORITHMS: &[(&str, Algorithm)] = &[
    ("md5-hash", Algorithm::Md5Hash),
    ("md5-hmac", Algorithm::Md5),
    ("sha1-hmac", Algorithm::Sha1),
    ("sha256-hmac", Algorithm::Sha256),
    ("sha512-hmac", Algorithm::Sha512),
];

/// The signature of these fields, in lower-case hexadecimal digits; one named `sig` is left out.
pub(super) fn signature(algorithm: Algorithm, secret: &str, fields: &[(&str, &[u8])]) -> String {
    let mut sorted: Vec<_> = fields.iter().filter(|(name, _)| *name != "sig").collect();
    sorted.sort_by_key(|(name, _)| *name);
    let mut text = Vec::new();
    for (name, value) in sorted {
        text.push(b'&');
        text.extend_from_slice(name.as_bytes());
        text.push(b'=');
        text.extend(value.iter().map(|byte| if matches!(byte, b'&' | b'=') { b'_' } else { *byte }));
    }
    match algorithm {
        Algorithm::Md5Hash => hex(&Md5::new().chain_update(&text).chain_update(secret).finalize()),
        Algorithm::Md5 => hex(&code::<Hmac<Md5>>(secret, &[&text])),
        Algorithm::Sha1 => hex(&code::<Hmac<sha1::Sha1>>(secret, &[&text])),
        Algorithm::Sha256 => hex(&code::<Hmac<sha2::Sha256>>(secret, &[&text])),
        Algorithm::Sha512 => hex(&code::<Hmac<sha2::Sha512>>(secret, &[&text])),
    }
}
