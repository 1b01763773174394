//! What a call is signed with, compared in constant time; and keys as certificates and PEM hold them.
//!
//! Sources: RFC 2104; RFC 5280 section 4.1.2.7 and RFC 3279 section 2.3 (where a key lies in a certificate).

use hmac::{Hmac, KeyInit, Mac};
use ring::signature;
use sha2::Sha256;
use subtle::ConstantTimeEq;

pub(super) fn hmac(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    // An HMAC takes a key of any length; were there one it does not take, nothing would verify (see `same`).
    let signed = |mac: Hmac<Sha256>| parts.iter().fold(mac, |mac, part| mac.chain_update(part)).finalize().into_bytes().to_vec();
    Hmac::<Sha256>::new_from_slice(key).map(signed).unwrap_or_default()
}

/// Whether that is what was expected. Nothing is never the same as nothing.
pub(super) fn same(expected: &[u8], given: &[u8]) -> bool {
    bool::from(expected.ct_eq(given)) && !given.is_empty()
}

/// The key inside a certificate (PEM), for RSA.
pub(super) fn rsa_key_of(certificate: &[u8]) -> Option<Vec<u8>> {
    use rustls::pki_types::{CertificateDer, pem::PemObject};
    let certificate = CertificateDer::from_pem_slice(certificate).ok()?;
    let certificate = webpki::EndEntityCert::try_from(&certificate).ok()?;
    bits_of(&certificate.subject_public_key_info()).map(<[u8]>::to_vec)
}

/// The bits of a SubjectPublicKeyInfo: what ring calls a key.
pub(super) fn bits_of(info: &[u8]) -> Option<&[u8]> {
    let (outer, _) = element(info, 0x30)?;
    let (_, rest) = element(outer, 0x30)?;
    let (bits, _) = element(rest, 0x03)?;
    // No bit of the last octet is unused.
    bits.strip_prefix(&[0])
}

/// What an element of DER holds, and what comes after it.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let rest = der.strip_prefix(&[tag])?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match *first {
        short @ 0..=0x7f => (usize::from(short), rest),
        long @ 0x81..=0x84 => {
            let (octets, rest) = rest.split_at_checked(usize::from(long & 0x7f))?;
            (octets.iter().fold(0, |length, octet| length << 8 | usize::from(*octet)), rest)
        }
        _ => return None,
    };
    rest.split_at_checked(length)
}

pub(super) fn rsa(key: &[u8], old: bool, message: &[u8], given: &[u8]) -> bool {
    let how = if old { &signature::RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY } else { &signature::RSA_PKCS1_2048_8192_SHA256 };
    signature::UnparsedPublicKey::new(how, key).verify(message, given).is_ok()
}

pub(super) fn ecdsa(key: &[u8], message: &[u8], given: &[u8]) -> bool {
    signature::UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_ASN1, key).verify(message, given).is_ok()
}
