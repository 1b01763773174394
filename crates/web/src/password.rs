//! Passwords: argon2id as a PHC string.

use argon2::{Algorithm, Argon2, Params, Version};
use data_encoding::BASE64_NOPAD;
use subtle::ConstantTimeEq;

fn digest(password: &str, salt: &[u8]) -> Option<[u8; 32]> {
    let params = Params::new(19_456, 2, 1, Some(32)).ok()?;
    let mut out = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into(password.as_bytes(), salt, &mut out).ok()?;
    Some(out)
}

/// A password's hash; `salt` is 16 random bytes or more, handed in.
pub fn hash_password(password: &str, salt: &[u8]) -> Option<String> {
    Some(format!("$argon2id$v=19$m=19456,t=2,p=1${}${}", BASE64_NOPAD.encode(salt), BASE64_NOPAD.encode(&digest(password, salt)?)))
}

/// Whether a password is this hash's.
pub(crate) fn verify(password: &str, hash: &str) -> bool {
    let mut parts = hash.rsplit('$');
    let (Some(wanted), Some(salt)) = (parts.next(), parts.next()) else {
        return false;
    };
    let (Ok(wanted), Ok(salt)) = (BASE64_NOPAD.decode(wanted.as_bytes()), BASE64_NOPAD.decode(salt.as_bytes())) else {
        return false;
    };
    digest(password, &salt).is_some_and(|found| bool::from(found.as_slice().ct_eq(&wanted)))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_password_verifies_and_another_does_not() {
        let hash = super::hash_password("correct horse", b"0123456789abcdef").expect("a hash");
        assert!(super::verify("correct horse", &hash));
        assert!(!super::verify("correct horsf", &hash));
        assert!(!super::verify("x", "nonsense"));
    }
}
