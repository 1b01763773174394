//! A name server of a test's own, byte by byte (RFC 1035): answers by UDP on loopback, and says no to what it does not know.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use tokio::net::UdpSocket;

const A: u16 = 1;
const PTR: u16 = 12;
const MX: u16 = 15;
const TXT: u16 = 16;

/// What it knows: name and type → contents.
#[derive(Clone, Default)]
pub struct Names(HashMap<(String, u16), Vec<Vec<u8>>>, Option<String>);

impl Names {
    fn with(mut self, name: &str, kind: u16, content: Vec<u8>) -> Self {
        self.0.entry((name.to_lowercase(), kind)).or_default().push(content);
        self
    }

    /// A text, in pieces of 255 octets.
    pub fn text(self, name: &str, text: &str) -> Self {
        let pieces = text.as_bytes().chunks(255);
        self.with(name, TXT, pieces.flat_map(|piece| [&[u8::try_from(piece.len()).expect("a piece")], piece].concat()).collect())
    }

    /// A host's address.
    pub fn address(self, name: &str, address: Ipv4Addr) -> Self {
        self.with(name, A, address.octets().to_vec())
    }

    /// The host that takes a domain's letters; "" for none (RFC 7505).
    pub fn mail_server(self, domain: &str, host: &str) -> Self {
        self.with(domain, MX, [&[0, 10], encoded(host).as_slice()].concat())
    }

    /// The name an address says it has.
    pub fn reverse(self, address: Ipv4Addr, name: &str) -> Self {
        let [a, b, c, d] = address.octets();
        self.with(&format!("{d}.{c}.{b}.{a}.in-addr.arpa"), PTR, encoded(name))
    }

    /// A domain about which it never says anything.
    #[allow(dead_code, reason = "not every test that shares this file has one")]
    pub fn silent(mut self, domain: &str) -> Self {
        self.1 = Some(domain.to_owned());
        self
    }

    /// Answers until the test ends.
    pub async fn serve(self) -> SocketAddr {
        let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a port");
        let address = socket.local_addr().expect("an address");
        tokio::spawn(async move {
            let mut question = [0; 1500];
            while let Ok((count, from)) = socket.recv_from(&mut question).await {
                if let Some(answer) = self.answer(&question[..count]) {
                    let _ = socket.send_to(&answer, from).await;
                }
            }
        });
        address
    }

    fn answer(&self, question: &[u8]) -> Option<Vec<u8>> {
        let (mut labels, mut at) = (Vec::new(), 12);
        while let Some(length) = question.get(at).copied().filter(|length| *length > 0) {
            labels.push(String::from_utf8_lossy(&question[at + 1..=at + usize::from(length)]).to_lowercase());
            at += usize::from(length) + 1;
        }
        let name = labels.join(".");
        if self.1.as_ref().is_some_and(|silent| name.ends_with(silent)) {
            return None;
        }
        let kind = u16::from_be_bytes([question[at + 1], question[at + 2]]);
        let found = self.0.get(&(name.clone(), kind)).cloned().unwrap_or_default();
        let known = self.0.keys().any(|(other, _)| *other == name);
        let mut answer = question[..2].to_vec();
        // An answer, recursion offered; 3: there is no such name.
        answer.extend([0x81, if known { 0x80 } else { 0x83 }, 0, 1, 0, u8::try_from(found.len()).expect("few"), 0, 0, 0, 0]);
        answer.extend(&question[12..at + 5]);
        for content in found {
            answer.extend([0xc0, 12]);
            answer.extend(kind.to_be_bytes());
            answer.extend([0, 1, 0, 0, 0, 60]);
            answer.extend(u16::try_from(content.len()).expect("short").to_be_bytes());
            answer.extend(content);
        }
        Some(answer)
    }
}

fn encoded(name: &str) -> Vec<u8> {
    let labels = name.split('.').filter(|label| !label.is_empty());
    let mut all: Vec<u8> = labels.flat_map(|label| [&[u8::try_from(label.len()).expect("a label")], label.as_bytes()].concat()).collect();
    all.push(0);
    all
}
