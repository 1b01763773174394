//! What the DNS says of a mail domain of ours, asked of a name server of our own.

use crate::names::Names;
use email::{Dns, Signer, Word};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

const RSA: &str = include_str!("../../fixtures/dkim/rsa.pem");
const US: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 25);

fn signer() -> Signer {
    Signer::new("maple.example", "one", RSA).expect("a key")
}

fn good() -> Names {
    Names::default()
        .text("mail.maple.example", "some-site-verification=1")
        .text("mail.maple.example", "v=spf1 ip4:192.0.2.0/28 include:_spf.host.example -all")
        .text("_spf.host.example", "v=spf1 ip4:192.0.2.25 ~all")
        .text("one._domainkey.maple.example", &signer().record().replace("; ", ";"))
        .text("_dmarc.maple.example", "v=DMARC1; p=reject; rua=mailto:x@maple.example")
        .mail_server("mail.maple.example", "mx.maple.example")
        .address("mx.maple.example", US)
        .reverse(US, "mx.maple.example")
}

/// (good, look, bad) of what it is about, and what was said.
async fn found(names: Names, signers: &[Signer], from: &[IpAddr]) -> Vec<(&'static str, Word, String)> {
    asked(names.serve().await, signers, from).await
}

async fn asked(server: SocketAddr, signers: &[Signer], from: &[IpAddr]) -> Vec<(&'static str, Word, String)> {
    Dns::new(Some(server)).expect("a resolver").standing("mail.maple.example", "mail.maple.example", signers, from).await
}

fn of<'a>(all: &'a [(&'static str, Word, String)], about: &str) -> (Word, &'a str) {
    let (_, word, said) = all.iter().find(|(found, ..)| *found == about).unwrap_or_else(|| panic!("nothing about {about}: {all:?}"));
    (*word, said)
}

#[tokio::test]
async fn a_domain_that_is_set_up_is_good_in_every_line() {
    let all = found(good(), &[signer()], &[IpAddr::V4(US)]).await;
    assert_eq!(all.iter().map(|(about, ..)| *about).collect::<Vec<_>>(), ["spf", "dkim", "dmarc", "answers", "reverse"]);
    assert!(all.iter().all(|(_, word, _)| *word == Word::Good), "{all:?}");
}

#[tokio::test]
async fn an_empty_dns_says_in_every_line_what_to_set() {
    let all = found(Names::default(), &[signer()], &[IpAddr::V4(US)]).await;
    assert!(all.iter().all(|(_, word, _)| *word == Word::Bad), "{all:?}");
    assert!(of(&all, "dkim").1.contains(&signer().record()), "the record itself");
    assert!(of(&all, "dmarc").1.contains("v=DMARC1; p=none") && of(&all, "answers").1.contains("get lost"));
    let all = found(Names::default(), &[], &[]).await;
    assert_eq!((of(&all, "dkim").0, all.len()), (Word::Look, 4), "somebody else may sign: {all:?}");
}

#[tokio::test]
async fn what_is_half_right_is_told_apart() {
    let elsewhere = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 9));
    let all = found(good(), &[signer()], &[IpAddr::V4(US), elsewhere]).await;
    let (word, said) = of(&all, "spf");
    assert!(word == Word::Bad && said.contains("203.0.113.9") && !said.contains("192.0.2.25 ("), "{said}");
    assert_eq!(of(&found(good(), &[signer()], &[]).await, "spf").0, Word::Look, "nothing to try it with");
    let twice = good().text("mail.maple.example", "v=spf1 mx -all");
    assert!(of(&found(twice, &[], &[IpAddr::V4(US)]).await, "spf").1.contains("2 records"));
    let anybody = Names::default().text("mail.maple.example", "v=spf1 +all");
    assert!(of(&found(anybody, &[], &[]).await, "spf").1.contains("anybody"));

    let other = Names::default().text("one._domainkey.maple.example", "v=DKIM1; k=rsa; p=AAAA");
    let all = found(other, &[signer()], &[]).await;
    assert!(of(&all, "dkim").0 == Word::Bad && of(&all, "dkim").1.contains("another key"));

    for (record, word) in
        [("v=DMARC1; p=none", Word::Look), ("v=DMARC1;p=reject;sp=none", Word::Look), ("v=DMARC1; p=quarantine", Word::Good)]
    {
        let all = found(Names::default().text("_dmarc.maple.example", record), &[], &[]).await;
        assert_eq!(of(&all, "dmarc").0, word, "{record}: {all:?}");
    }
    // Its own record goes before the one above it.
    let both = good().text("_dmarc.mail.maple.example", "v=DMARC1; p=none");
    assert_eq!(of(&found(both, &[], &[]).await, "dmarc").0, Word::Look);

    let none = Names::default().mail_server("mail.maple.example", "").address("mail.maple.example", US);
    assert_eq!(of(&found(none, &[], &[]).await, "answers").0, Word::Bad, "it takes no letters");
    let itself = Names::default().address("mail.maple.example", US);
    assert_eq!(of(&found(itself, &[], &[]).await, "answers").0, Word::Good, "the domain itself takes them");
    let stranger = Names::default().reverse(US, "dsl-25.cheap.example").address("dsl-25.cheap.example", Ipv4Addr::new(192, 0, 2, 26));
    let all = found(stranger, &[], &[IpAddr::V4(US)]).await;
    assert!(of(&all, "reverse").1.contains("not its own"), "{all:?}");
}

#[tokio::test]
async fn where_nobody_answers_nothing_is_called_bad() {
    let silent = tokio::net::UdpSocket::bind("127.0.0.1:0").await.expect("a port");
    let address = silent.local_addr().expect("an address");
    drop(silent);
    let all = asked(address, &[signer()], &[IpAddr::V4(US)]).await;
    assert!(all.iter().all(|(_, word, said)| *word == Word::Look && said.contains("did not answer")), "{all:?}");
}
