//! Tokens in address local parts: version, class, ids and an 80-bit tag, base32 in lower case, so that a forged one is
//! refused at RCPT, before a byte of the letter. Classes are separate: a family's token never acts as staff. The code of a link to
//! one message is of the same keys and another class; it has room for 128 bits.

use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD, Encoding};
use domain::letter::{PageLink, Token, TokenRead};
use domain::*;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

const TAG: usize = 10;
/// The tag of a link, and what stands before it: key, district, delivery, day.
const PAGE_TAG: usize = 16;
const PAGE_BODY: usize = 1 + 8 + 8 + 2;

/// Words beside a mailbox's own name, where there is little room.
const SHORT: [(&str, &str); 4] = [("r", "reply"), ("b", "bounce"), ("s", "stop"), ("t", "staff")];

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

    /// `reply+…`, `bounce+…`, `stop+…`, `staff+…`, or the same with another mark after the word: at most 64 octets.
    pub(crate) fn local_part(&self, token: Token, mark: char) -> String {
        let (word, code) = self.code(token);
        format!("{word}{mark}{code}")
    }

    /// Beside the name of a mailbox that is the only one there is: `office+r-…`. `None` where it would be over 64 octets.
    pub(crate) fn beside(&self, mailbox: &str, token: Token) -> Option<String> {
        let (word, code) = self.code(token);
        let (short, _) = SHORT.iter().find(|(_, long)| *long == word)?;
        Some(format!("{mailbox}+{short}-{code}")).filter(|local| local.len() <= 64)
    }

    fn code(&self, token: Token) -> (&'static str, String) {
        let (word, ids): (&str, Vec<i64>) = match token {
            Token::Family { district, delivery } => ("reply", vec![district.0, delivery.0]),
            Token::Bounce { district, delivery } => ("bounce", vec![district.0, delivery.0]),
            Token::Stop { district, delivery } => ("stop", vec![district.0, delivery.0]),
            Token::Staff { district, thread, staff } => ("staff", vec![district.0, thread.0, staff.0]),
        };
        let Some((key, secret)) = self.keys.first() else {
            return (word, String::new());
        };
        let mut bytes = vec![*key];
        for id in ids {
            bytes.extend_from_slice(&id.to_be_bytes());
        }
        bytes.extend(tag::<TAG>(word, &bytes, secret));
        (word, base32().encode(&bytes).to_lowercase())
    }

    /// The code of a link: 47 characters.
    pub(crate) fn page_code(&self, link: PageLink) -> String {
        let Some((key, secret)) = self.keys.first() else {
            return String::new();
        };
        let mut bytes = vec![*key];
        bytes.extend_from_slice(&link.district.0.to_be_bytes());
        bytes.extend_from_slice(&link.delivery.0.to_be_bytes());
        bytes.extend_from_slice(&link.last_day.to_be_bytes());
        bytes.extend(tag::<PAGE_TAG>("page", &bytes, secret));
        BASE64URL_NOPAD.encode(&bytes)
    }

    /// Reads such a code.
    pub(crate) fn page_link(&self, code: &str) -> Option<PageLink> {
        if code.len() > 2 * (PAGE_BODY + PAGE_TAG) {
            return None;
        }
        let bytes = BASE64URL_NOPAD.decode(code.as_bytes()).ok().filter(|bytes| bytes.len() == PAGE_BODY + PAGE_TAG)?;
        let (body, given) = bytes.split_at(PAGE_BODY);
        let (_, secret) = self.keys.iter().find(|(id, _)| *id == body[0])?;
        if !bool::from(tag::<PAGE_TAG>("page", body, secret).ct_eq(given)) {
            return None;
        }
        let id = |from: usize| Some(i64::from_be_bytes(body[from..from + 8].try_into().ok()?));
        let last_day = u16::from_be_bytes(body[17..19].try_into().ok()?);
        Some(PageLink { district: DistrictId(id(1)?), delivery: DeliveryId(id(9)?), last_day })
    }

    /// Reads a local part of any pattern, since letters under way keep theirs; case does not matter.
    pub(crate) fn read(&self, local: &str) -> TokenRead {
        let lower = local.to_lowercase();
        let beside = lower.split_once('+').and_then(|(_, rest)| rest.split_once('-'));
        let beside = beside.and_then(|(word, code)| Some((SHORT.iter().find(|(short, _)| *short == word)?.1, code)));
        let Some((word, code, mark)) = beside.map(|(word, code)| (word, code, '-')).or_else(|| {
            let (at, mark) = lower.char_indices().find(|(_, mark)| ['+', '-'].contains(mark))?;
            Some((&lower[..at], &lower[at + 1..], mark))
        }) else {
            return TokenRead::Absent;
        };
        let count = match word {
            "reply" | "bounce" | "stop" => 2,
            "staff" => 3,
            _ => return TokenRead::Absent,
        };
        let octets = 1 + count * 8 + TAG;
        // A school may have a mailbox `staff-room@…`; nobody has one with such a code.
        if mark == '-' && code.len() != base32().encode_len(octets) {
            return TokenRead::Absent;
        }
        let Ok(bytes) = base32().decode(code.to_uppercase().as_bytes()) else {
            return TokenRead::Forged;
        };
        if bytes.len() != octets {
            return TokenRead::Forged;
        }
        let (body, given) = bytes.split_at(1 + count * 8);
        let Some((_, secret)) = self.keys.iter().find(|(id, _)| *id == body[0]) else {
            return TokenRead::Forged;
        };
        if !bool::from(tag::<TAG>(word, body, secret).ct_eq(given)) {
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
            "stop" => Token::Stop { district: DistrictId(id(0)), delivery: DeliveryId(id(1)) },
            _ => Token::Staff { district: DistrictId(id(0)), thread: ThreadId(id(1)), staff: StaffId(id(2)) },
        })
    }
}

fn tag<const OCTETS: usize>(word: &str, body: &[u8], secret: &[u8]) -> Vec<u8> {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else {
        return vec![0; OCTETS];
    };
    mac.update(word.as_bytes());
    mac.update(body);
    mac.finalize().into_bytes()[..OCTETS].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_in_any_case_and_a_forged_one_is_known() {
        let tokens = Tokens::new(vec![(2, b"new secret".to_vec()), (1, b"old secret".to_vec())]);
        let staff = Token::Staff { district: DistrictId(1), thread: ThreadId(i64::MAX), staff: StaffId(3) };
        let family = Token::Family { district: DistrictId(1), delivery: DeliveryId(2) };
        let (district, delivery) = (DistrictId(1), DeliveryId(2));
        for token in [staff, family, Token::Bounce { district, delivery }, Token::Stop { district, delivery }] {
            for mark in ['+', '-'] {
                let local = tokens.local_part(token, mark);
                assert!(local.len() <= 64, "{}", local.len());
                assert_eq!(tokens.read(&local.to_uppercase()), TokenRead::Ok(token));
            }
            let Some(beside) = tokens.beside("maple", token) else {
                assert_eq!(token, staff, "a family's token fits beside a mailbox's name");
                continue;
            };
            assert!(beside.starts_with("maple+") && beside.len() <= 64, "{}", beside.len());
            assert_eq!(tokens.read(&beside.to_uppercase()), TokenRead::Ok(token));
        }
        assert!(tokens.beside("maple-street-one2", family).is_some() && tokens.beside("maple-street-one23", family).is_none());
        assert_eq!(tokens.read("maple-street+r-club"), TokenRead::Absent, "a family's own mailbox");
        let old = Tokens::new(vec![(1, b"old secret".to_vec())]);
        assert_eq!(tokens.read(&old.local_part(family, '+')), TokenRead::Ok(family), "keys rotate");
        let local = tokens.local_part(family, '+');
        let forged = format!("{}{}", &local[..local.len() - 1], if local.ends_with('a') { 'b' } else { 'a' });
        assert_eq!(tokens.read(&forged), TokenRead::Forged);
        assert_eq!(tokens.read(&local.replace("reply+", "bounce+")), TokenRead::Forged, "classes are separate");
        assert_eq!(tokens.read(&local.replace("reply+", "stop-")), TokenRead::Forged, "whatever the mark");
        assert_eq!(tokens.read("reply+nonsense!"), TokenRead::Forged);
        assert_eq!(tokens.read("staff-room"), TokenRead::Absent);
        assert_eq!(tokens.read("office"), TokenRead::Absent);
    }

    #[test]
    fn a_link_reads_back_and_no_octet_of_it_may_be_another() {
        let tokens = Tokens::new(vec![(2, b"new secret".to_vec()), (1, b"old secret".to_vec())]);
        let link = PageLink { district: DistrictId(1), delivery: DeliveryId(i64::MAX), last_day: 20_550 };
        let code = tokens.page_code(link);
        assert_eq!((code.len(), tokens.page_link(&code)), (47, Some(link)));
        let old = Tokens::new(vec![(1, b"old secret".to_vec())]);
        assert_eq!(tokens.page_link(&old.page_code(link)), Some(link), "keys rotate");
        assert_eq!(old.page_link(&code), None, "a key that is not known");
        let bytes = BASE64URL_NOPAD.decode(code.as_bytes()).expect("a code");
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut forged = bytes.clone();
                forged[at] ^= 1 << bit;
                assert_eq!(tokens.page_link(&BASE64URL_NOPAD.encode(&forged)), None, "octet {at}, bit {bit}");
            }
        }
        // A reply token of the same delivery, in a link's coat, with its tag filled up, opens nothing.
        let reply = tokens.local_part(Token::Family { district: link.district, delivery: link.delivery }, '+');
        assert!([reply.as_str(), "", "x", &code[1..], &code.repeat(2), "…"].iter().all(|code| tokens.page_link(code).is_none()));
        assert_eq!(tokens.read(&format!("page+{code}")), TokenRead::Absent);
    }
}
