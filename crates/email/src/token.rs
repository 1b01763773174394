//! Tokens in address local parts: version, class, ids and an 80-bit tag, base32 in lower case, so that a forged one is
//! refused at RCPT, before a byte of the letter. Classes are separate: a family's token never acts as staff.

use data_encoding::{BASE32_NOPAD, Encoding};
use domain::letter::{Token, TokenRead};
use domain::*;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

const TAG: usize = 10;

/// Signs and checks tokens. Keys: (id, secret); the first signs, each verifies (rotation).
#[derive(Clone)]
pub(crate) struct Tokens {
    keys: Vec<(u8, Vec<u8>)>,
}

fn base32() -> Encoding {
    BASE32_NOPAD
}

impl Tokens {
    pub(crate) fn new(keys: Vec<(u8, Vec<u8>)>) -> Self {
        Self { keys }
    }

    /// `reply+…`, `bounce+…`, `staff+…`: at most 64 octets.
    pub(crate) fn local_part(&self, token: Token) -> String {
        let (word, ids): (&str, Vec<i64>) = match token {
            Token::Family { district, delivery } => ("reply", vec![district.0, delivery.0]),
            Token::Bounce { district, delivery } => ("bounce", vec![district.0, delivery.0]),
            Token::Staff { district, thread, staff } => ("staff", vec![district.0, thread.0, staff.0]),
        };
        let Some((key, secret)) = self.keys.first() else {
            return word.to_owned();
        };
        let mut bytes = vec![*key];
        for id in ids {
            bytes.extend_from_slice(&id.to_be_bytes());
        }
        bytes.extend(tag(word, &bytes, secret));
        format!("{word}+{}", base32().encode(&bytes).to_lowercase())
    }

    /// Reads a local part; case does not matter.
    pub(crate) fn read(&self, local: &str) -> TokenRead {
        let lower = local.to_lowercase();
        let Some((word, code)) = lower.split_once('+') else {
            return TokenRead::Absent;
        };
        let count = match word {
            "reply" | "bounce" => 2,
            "staff" => 3,
            _ => return TokenRead::Absent,
        };
        let Ok(bytes) = base32().decode(code.to_uppercase().as_bytes()) else {
            return TokenRead::Forged;
        };
        if bytes.len() != 1 + count * 8 + TAG {
            return TokenRead::Forged;
        }
        let (body, given) = bytes.split_at(1 + count * 8);
        let Some((_, secret)) = self.keys.iter().find(|(id, _)| *id == body[0]) else {
            return TokenRead::Forged;
        };
        if !bool::from(tag(word, body, secret).ct_eq(given)) {
            return TokenRead::Forged;
        }
        let id = |index: usize| {
            let mut eight = [0; 8];
            eight.copy_from_slice(&body[1 + index * 8..9 + index * 8]);
            i64::from_be_bytes(eight)
        };
        TokenRead::Ok(match word {
            "reply" => Token::Family { district: DistrictId(id(0)), delivery: DeliveryId(id(1)) },
            "bounce" => Token::Bounce { district: DistrictId(id(0)), delivery: DeliveryId(id(1)) },
            _ => Token::Staff { district: DistrictId(id(0)), thread: ThreadId(id(1)), staff: StaffId(id(2)) },
        })
    }
}

fn tag(word: &str, body: &[u8], secret: &[u8]) -> Vec<u8> {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else {
        return vec![0; TAG];
    };
    mac.update(word.as_bytes());
    mac.update(body);
    mac.finalize().into_bytes()[..TAG].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_in_any_case_and_a_forged_one_is_known() {
        let tokens = Tokens::new(vec![(2, b"new secret".to_vec()), (1, b"old secret".to_vec())]);
        let staff = Token::Staff { district: DistrictId(1), thread: ThreadId(i64::MAX), staff: StaffId(3) };
        let family = Token::Family { district: DistrictId(1), delivery: DeliveryId(2) };
        for token in [staff, family, Token::Bounce { district: DistrictId(1), delivery: DeliveryId(2) }] {
            let local = tokens.local_part(token);
            assert!(local.len() <= 64, "{}", local.len());
            assert_eq!(tokens.read(&local.to_uppercase()), TokenRead::Ok(token));
        }
        let old = Tokens::new(vec![(1, b"old secret".to_vec())]);
        assert_eq!(tokens.read(&old.local_part(family)), TokenRead::Ok(family), "keys rotate");
        let local = tokens.local_part(family);
        let forged = format!("{}{}", &local[..local.len() - 1], if local.ends_with('a') { 'b' } else { 'a' });
        assert_eq!(tokens.read(&forged), TokenRead::Forged);
        assert_eq!(tokens.read(&local.replace("reply+", "bounce+")), TokenRead::Forged, "classes are separate");
        assert_eq!(tokens.read("reply+nonsense!"), TokenRead::Forged);
        assert_eq!(tokens.read("office"), TokenRead::Absent);
    }
}
