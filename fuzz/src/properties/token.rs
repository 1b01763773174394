//! What must hold of any change to an address that carries a token: it opens what it opened before, or nothing; and a word of one class
//! never opens as another.

use domain::letter::{Letters, Token, TokenRead};
use domain::{DeliveryId, DistrictId, StaffId, ThreadId};
use email::{Answers, MailWords, Post};

/// Takes an input for a choice of token and pattern, then for changes: place and byte, in turn.
pub fn holds(bytes: &[u8]) {
    let at = |index: usize| bytes.get(index).copied().unwrap_or_default();
    let (district, delivery) = (DistrictId(i64::from(at(1)) << 40), DeliveryId(i64::MAX - i64::from(at(2))));
    let tokens = [
        Token::Family { district, delivery },
        Token::Bounce { district, delivery },
        Token::Stop { district, delivery },
        Token::Staff { district, thread: ThreadId(7), staff: StaffId(9) },
    ];
    let token = tokens[usize::from(at(0)) % tokens.len()];
    let answers = [Answers::Plus, Answers::Subdomain("reply".into()), Answers::Mailbox][usize::from(at(0) / 4) % 3].clone();
    let keys = vec![(1, b"a key that no input holds".to_vec())];
    let post = Post::new(keys.clone(), MailWords::default()).answered_at(answers);
    let address = post.address(token, "maple@house.example");
    let local = address.split('@').next().unwrap_or_default().to_owned();
    assert!(local.len() <= 64, "{} octets before the @", local.len());
    if local != "maple" {
        assert_eq!(post.token(&local.to_uppercase()), TokenRead::Ok(token), "ours, in any case");
    }
    let mut changed = local.clone().into_bytes();
    for change in bytes.get(3..).unwrap_or_default().chunks(2) {
        let (place, byte) = (usize::from(change[0]) % changed.len().max(1), change.get(1).copied());
        match byte {
            Some(byte) if place < changed.len() => changed[place] = byte,
            _ => changed.truncate(place),
        }
    }
    let changed = String::from_utf8_lossy(&changed).into_owned();
    if let TokenRead::Ok(opened) = post.token(&changed) {
        assert_eq!(opened, token, "{changed} opens another than {local}");
        let code = |local: &str| local.to_lowercase().rsplit(['+', '-']).next().map(str::to_owned);
        assert_eq!(code(&changed), code(&local), "another code opens");
    }
}
