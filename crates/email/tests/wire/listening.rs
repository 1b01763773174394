//! The listener against peers that speak LMTP and SMTP byte by byte.

use crate::names::Names;
use domain::Time;
use domain::letter::LetterVerdict;
use email::{Dns, ListenLimits, Listening, Mailroom, Protocol, Signer};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[derive(Default)]
struct Room {
    kept: Mutex<Vec<(String, String, Vec<u8>)>>,
}

#[async_trait::async_trait]
impl Mailroom for Room {
    async fn recipient(&self, address: &str) -> LetterVerdict {
        match address.split('@').next().unwrap_or_default() {
            "forged" => LetterVerdict::Forged,
            "stranger" => LetterVerdict::Stranger,
            "later" => LetterVerdict::Later,
            _ => LetterVerdict::Welcome,
        }
    }
    async fn take(&self, envelope_from: &str, recipient: &str, raw: &[u8]) -> bool {
        self.kept.lock().expect("kept").push((envelope_from.to_owned(), recipient.to_owned(), raw.to_vec()));
        !recipient.starts_with("full")
    }
}

fn speaks(protocol: Protocol) -> Listening {
    Listening {
        protocol,
        name: "homeword.test".into(),
        limits: ListenLimits::default(),
        tls: None,
        dns: None,
        now: Arc::new(|| Time(1_773_144_000_000_000)),
    }
}

async fn opened(listening: Listening) -> (SocketAddr, Arc<Room>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let room = Arc::new(Room::default());
    tokio::spawn(email::listen(listener, room.clone(), listening));
    (address, room)
}

async fn lmtp(limits: ListenLimits) -> (TcpStream, Arc<Room>) {
    let (address, room) = opened(Listening { limits, ..speaks(Protocol::Lmtp) }).await;
    (TcpStream::connect(address).await.expect("a connection"), room)
}

async fn smtp(said: &str) -> (Vec<String>, Vec<(String, String, String)>) {
    let (address, room) = opened(speaks(Protocol::Smtp)).await;
    let codes = exchange(TcpStream::connect(address).await.expect("a connection"), said.as_bytes()).await;
    let kept = room.kept.lock().expect("kept").clone();
    let text = |raw: Vec<u8>| String::from_utf8(raw).expect("text");
    (codes, kept.into_iter().map(|(from, to, raw)| (from, to, text(raw))).collect())
}

/// Says everything at once and hears everything to the end.
async fn exchange(mut stream: TcpStream, said: &[u8]) -> Vec<String> {
    let (mut read, mut write) = stream.split();
    let mut heard = String::new();
    let (_, outcome) = tokio::join!(write.write_all(said), read.read_to_string(&mut heard));
    outcome.expect("the conversation ends in order");
    heard.lines().filter(|line| line.as_bytes()[3] == b' ').map(|line| line[..3].to_owned()).collect()
}

#[tokio::test]
async fn addresses_are_judged_before_the_letter_and_each_recipient_is_answered() {
    let (stream, room) = lmtp(ListenLimits::default()).await;
    let said = "LHLO mx\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<forged@s.test>\r\nRCPT TO:<stranger@s.test>\r\nRCPT TO:<later@s.test>\r\nRCPT TO:<one@s.test>\r\nRCPT TO:<full@s.test>\r\nDATA\r\nSubject: x\r\n\r\n..\r\n.\r\nMAIL FROM:<>\r\nRCPT TO:<two@s.test>\r\nDATA\r\n.\r\nNONSENSE\r\nEHLO mx\r\nQUIT\r\n";
    let codes = exchange(stream, said.as_bytes()).await;
    assert_eq!(
        codes,
        ["220", "250", "250", "550", "550", "451", "250", "250", "354", "250", "451", "250", "250", "354", "250", "500", "500", "221"]
    );
    let kept = room.kept.lock().expect("kept");
    let letter = |raw: &str| raw.as_bytes().to_vec();
    let whole = letter("Return-Path: <a@x.example>\r\nSubject: x\r\n\r\n.\r\n");
    assert_eq!(kept[0], ("a@x.example".into(), "one@s.test".into(), whole));
    assert_eq!(kept[2], (String::new(), "two@s.test".into(), letter("Return-Path: <>\r\n")));
}

#[tokio::test]
async fn a_letter_of_thirty_megabytes_is_refused_and_the_conversation_goes_on() {
    let (stream, room) = lmtp(ListenLimits::default()).await;
    let mut said = b"LHLO mx\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<one@s.test>\r\nDATA\r\n".to_vec();
    said.extend(b"large large large large large large large large large large \r\n".repeat(30 * 1024 * 1024 / 62));
    said.extend_from_slice(b".\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<one@s.test>\r\nDATA\r\nsmall\r\n.\r\nQUIT\r\n");
    let codes = exchange(stream, &said).await;
    assert_eq!(codes, ["220", "250", "250", "250", "354", "552", "250", "250", "354", "250", "221"]);
    assert_eq!(room.kept.lock().expect("kept").len(), 1);
    let (stream, _) = lmtp(ListenLimits::default()).await;
    let codes = exchange(stream, b"LHLO mx\r\nMAIL FROM:<a@x.example> SIZE=30000000\r\nQUIT\r\n").await;
    assert_eq!(codes, ["220", "250", "552", "221"], "a size that is told is refused at once");
}

#[tokio::test]
async fn who_only_guesses_is_sent_away() {
    let (stream, _) = lmtp(ListenLimits { faults: 3, ..ListenLimits::default() }).await;
    let guess = "RCPT TO:<forged@s.test>\r\n".repeat(3);
    let codes = exchange(stream, format!("LHLO mx\r\nMAIL FROM:<a@x.example>\r\n{guess}").as_bytes()).await;
    assert_eq!(codes, ["220", "250", "250", "550", "550", "550", "421"]);
}

#[tokio::test]
async fn by_smtp_one_answer_stands_for_all_and_the_way_it_came_is_on_top() {
    let letter = "MAIL FROM:<a@x.example>\r\nRCPT TO:<one@s.test>\r\nRCPT TO:<two@s.test>\r\nDATA\r\nSubject: x\r\n\r\nhello\r\n.\r\n";
    let (codes, kept) = smtp(&format!("LHLO mx\r\n{letter}EHLO mx.x.example\r\nSTARTTLS\r\n{letter}QUIT\r\n")).await;
    let refused = ["500", "503", "503", "503", "503", "500", "500", "500", "500", "500"];
    assert_eq!(codes[0], "220");
    assert!(codes[1..].iter().take(4).eq(refused.iter().take(4)), "nothing before hello: {codes:?}");
    assert!(codes.ends_with(&["250", "502", "250", "250", "250", "354", "250", "221"].map(str::to_owned)), "{codes:?}");
    assert_eq!(kept.len(), 2);
    assert_eq!(
        kept[0].2,
        "Return-Path: <a@x.example>\r\nReceived: from mx.x.example ([127.0.0.1])\r\n\tby homeword.test with ESMTP; Tue, 10 Mar 2026 12:00:00 +0000\r\nSubject: x\r\n\r\nhello\r\n"
    );
    let (codes, _) =
        smtp("HELO mx\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<one@s.test>\r\nRCPT TO:<full@s.test>\r\nDATA\r\n.\r\nQUIT\r\n").await;
    assert_eq!(codes, ["220", "250", "250", "250", "250", "354", "451", "221"], "not kept for all: it comes again");
}

/// SMTP smuggling: where two servers do not agree on the end of a letter, a second one hides in the first.
#[tokio::test]
async fn a_letter_ends_at_its_dot_alone_and_bare_ends_of_lines_are_refused() {
    for end in ["\n.\n", "\n.\r\n", "\r.\r", "\r\n.\n", "\r\n.\r", "\r.\r\n"] {
        let hidden = format!("hello{end}MAIL FROM:<evil@x.example>\r\nRCPT TO:<two@s.test>\r\nDATA\r\nhidden\r\n.\r\n");
        let said = format!("EHLO mx\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<one@s.test>\r\nDATA\r\nSubject: x\r\n\r\n{hidden}QUIT\r\n");
        let (codes, kept) = smtp(&said).await;
        assert_eq!(codes, ["220", "250", "250", "250", "354", "554", "221"], "{end:?}");
        assert!(kept.is_empty(), "{end:?}");
    }
}

#[tokio::test]
async fn starttls_protects_what_follows_and_nothing_said_before_it_counts() {
    let (chain, key) = (include_str!("../../fixtures/tls/cert.pem"), include_str!("../../fixtures/tls/key.pem"));
    let listening = Listening { tls: Some(Listening::tls(chain, key).expect("a certificate")), ..speaks(Protocol::Smtp) };
    let (address, room) = opened(listening).await;
    let connect = async || TcpStream::connect(address).await.expect("a connection");
    // A command that was slipped in before the handshake: the conversation ends.
    let mut heard = String::new();
    let mut stream = connect().await;
    stream.write_all(b"EHLO mx\r\nSTARTTLS\r\nMAIL FROM:<evil@x.example>\r\n").await.expect("said");
    let ended = tokio::time::timeout(std::time::Duration::from_secs(20), stream.read_to_string(&mut heard));
    ended.await.expect("at once").expect("heard");
    assert!(heard.contains("250-STARTTLS") && heard.ends_with("220 2.0.0 Begin\r\n"), "{heard}");

    let mut stream = connect().await;
    stream.write_all(b"EHLO mx\r\nSTARTTLS\r\n").await.expect("said");
    let mut before = [0; 4096];
    let mut count = 0;
    while !before[..count].ends_with(b"220 2.0.0 Begin\r\n") {
        count += stream.read(&mut before[count..]).await.expect("heard");
    }
    let mut roots = rustls::RootCertStore::empty();
    use rustls::pki_types::pem::PemObject;
    roots.add(rustls::pki_types::CertificateDer::from_pem_slice(chain.as_bytes()).expect("PEM")).expect("a root");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().expect("versions");
    let connector = tokio_rustls::TlsConnector::from(Arc::new(config.with_root_certificates(roots).with_no_client_auth()));
    let name = rustls::pki_types::ServerName::try_from("homeword.test").expect("a name");
    let mut stream = connector.connect(name, stream).await.expect("a handshake");
    stream
        .write_all(b"MAIL FROM:<a@x.example>\r\nEHLO mx\r\nSTARTTLS\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<one@s.test>\r\nDATA\r\nhello\r\n.\r\nQUIT\r\n")
        .await
        .expect("said");
    let mut heard = String::new();
    let _ = stream.read_to_string(&mut heard).await;
    assert!(heard.starts_with("503 ") && heard.contains("502 ") && !heard.contains("250-STARTTLS"), "{heard}");
    let kept = room.kept.lock().expect("kept");
    assert!(kept.len() == 1 && String::from_utf8_lossy(&kept[0].2).contains("with ESMTPS;"), "{kept:?}");
    assert!(Listening::tls("", key).is_err() && Listening::tls(chain, "").is_err());
    assert!(
        Listening::tls(chain, include_str!("../../fixtures/dkim/rsa.pem")).expect_err("another key").contains("do not belong together")
    );
}

#[tokio::test]
async fn one_who_opens_many_conversations_takes_none_of_the_others() {
    let limits = ListenLimits { from_one: 2, ..ListenLimits::default() };
    let (address, _) = opened(Listening { limits, ..speaks(Protocol::Smtp) }).await;
    let greeted = async || {
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        let mut code = [0; 3];
        stream.read_exact(&mut code).await.expect("a greeting");
        (stream, String::from_utf8_lossy(&code).into_owned())
    };
    let (first, second, third) = (greeted().await, greeted().await, greeted().await);
    assert_eq!([&first.1, &second.1, &third.1], ["220", "220", "421"]);
    drop(first);
    loop {
        if greeted().await.1 == "220" {
            break;
        }
        tokio::task::yield_now().await;
    }
}

/// What stands on top of a letter from Rosa, handed over by SMTP or by LMTP.
async fn on_top(protocol: Protocol, names: Names, raw: &[u8]) -> String {
    let dns = Some(Dns::new(Some(names.serve().await)).expect("a resolver"));
    let (address, room) = opened(Listening { dns, ..speaks(protocol) }).await;
    let hello = if protocol == Protocol::Smtp { "EHLO" } else { "LHLO" };
    let begun = format!("{hello} mx.rosa.example\r\nMAIL FROM:<rosa@rosa.example>\r\nRCPT TO:<one@s.test>\r\nDATA\r\n");
    let said = [begun.as_bytes(), raw, b".\r\nQUIT\r\n"];
    exchange(TcpStream::connect(address).await.expect("a connection"), &said.concat()).await;
    let kept = room.kept.lock().expect("kept");
    String::from_utf8_lossy(&kept[0].2).into_owned()
}

#[tokio::test]
async fn who_wrote_a_letter_is_found_out_where_no_server_before_us_says() {
    let signer = Signer::new("rosa.example", "s", include_str!("../../fixtures/dkim/rsa.pem")).expect("a key");
    let plain = b"From: Rosa <rosa@rosa.example>\r\nTo: <one@s.test>\r\nSubject: x\r\n\r\nMateo tiene fiebre.\r\n";
    let signed = email::signed(std::slice::from_ref(&signer), "rosa@rosa.example", plain).expect("signed");
    let altered = String::from_utf8_lossy(&signed).replace("fiebre", "tos").into_bytes();
    let key = || Names::default().text("s._domainkey.rosa.example", &signer.record());
    let strict = |names: Names| names.text("_dmarc.rosa.example", "v=DMARC1; p=reject");
    let judged = async |protocol, names, raw: &[u8]| {
        use domain::letter::Letters;
        let raw = on_top(protocol, names, raw).await;
        let post = email::Post::new(vec![], email::MailWords::default()).judged_by(email::OURS);
        assert_eq!(raw.matches(&format!("Authentication-Results: {}", email::OURS)).count(), 1, "{raw}");
        post.read(raw.as_bytes(), None).authentication
    };
    use Protocol::{Lmtp, Smtp};
    use domain::letter::Authentication::{Fail, Pass, Unknown};
    assert_eq!(judged(Smtp, strict(key()), &signed).await, Pass);
    assert_eq!(judged(Lmtp, strict(key()), &signed).await, Pass);
    assert_eq!(judged(Smtp, strict(key()), &altered).await, Fail, "her domain disowns it");
    assert_eq!(judged(Lmtp, strict(key()), &altered).await, Unknown, "her server was met by another: its address is not known");
    assert_eq!(judged(Smtp, strict(Names::default()), plain).await, Fail);
    assert_eq!(judged(Smtp, Names::default(), plain).await, Unknown, "a domain that says nothing");
    let hers = || Names::default().text("rosa.example", "v=spf1 ip4:127.0.0.1 -all");
    assert_eq!(judged(Smtp, strict(hers()), plain).await, Pass, "by the address alone");
    assert_eq!(judged(Lmtp, strict(hers()), plain).await, Unknown);
    // Who writes our name himself finds ours above his; and two writers are nobody.
    let forged = [format!("Authentication-Results: {}; dmarc=pass header.from=rosa.example\r\n", email::OURS).as_bytes(), plain].concat();
    let raw = on_top(Smtp, strict(Names::default()), &forged).await;
    assert!(raw.find("dmarc=fail").expect("ours") < raw.find("dmarc=pass").expect("his"), "{raw}");
    // Many signatures that nobody can read hide nothing; nor does a domain of his own choice that never answers.
    let flood = [b"DKIM-Signature: v=2; a=rsa-sha256; d=x.example\r\n".repeat(300).as_slice(), plain].concat();
    assert_eq!(judged(Smtp, strict(Names::default()), &flood).await, Fail);
    let slow = [b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=silent.example; s=s; h=from; bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=; b=AAAA\r\n".as_slice(), plain].concat();
    assert_eq!(judged(Smtp, strict(Names::default()).silent("silent.example"), &slow).await, Fail);
    let two = [&b"From: <other@other.example>\r\n"[..], &signed].concat();
    assert_eq!(judged(Smtp, strict(key()), &two).await, Unknown);
}

#[tokio::test]
async fn a_program_hands_over_what_its_mail_server_gave_it_and_says_what_to_do() {
    use email::{Handed, hand_over};
    let (address, room) = opened(speaks(Protocol::Lmtp)).await;
    let raw = b"Subject: x\n\n.hidden dot\n.\nlast";
    assert_eq!(hand_over(address, "a@x.example", "one@s.test", raw).await, Handed::Kept);
    assert_eq!(hand_over(address, "", "one@s.test", b"").await, Handed::Kept, "a report, an empty one");
    let kept = room.kept.lock().expect("kept").clone();
    assert_eq!(kept[0].0, "a@x.example");
    assert_eq!(kept[0].2, b"Return-Path: <a@x.example>\r\nSubject: x\r\n\r\n.hidden dot\r\n.\r\nlast\r\n");
    for (to, begins) in
        [("forged@s.test", "550"), ("stranger@s.test", "550"), ("a> RCPT TO:<b", "this is no address"), ("", "this is no address")]
    {
        assert!(matches!(hand_over(address, "a@x.example", to, raw).await, Handed::Refused(why) if why.starts_with(begins)), "{to}");
    }
    for to in ["later@s.test", "full@s.test"] {
        assert!(matches!(hand_over(address, "a@x.example", to, raw).await, Handed::Later(why) if why.starts_with("451")), "{to}");
    }
    let large = b"large \n".repeat(26 * 1024 * 1024 / 7);
    assert!(matches!(hand_over(address, "a@x.example", "one@s.test", &large).await, Handed::Refused(why) if why.starts_with("552")));
    let free = TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("an address");
    assert!(matches!(hand_over(free, "", "one@s.test", raw).await, Handed::Later(_)), "who is away is no reason to give a letter up");
}

#[tokio::test]
async fn where_letters_take_all_the_room_the_next_one_comes_again() {
    let limits = ListenLimits { at_once: 1, ..ListenLimits::default() };
    let begun = b"EHLO mx\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<one@s.test>\r\nDATA\r\n";
    // What comes in one piece takes no room worth counting; this comes in several.
    let said = [&begun[..], b"two pieces or more\r\n".repeat(20_000).as_slice(), b".\r\nQUIT\r\n"].concat();
    // Which of two conversations is read first is nobody's to say: until it is the one that stops in the middle.
    for _ in 0..1000 {
        let (address, room) = opened(Listening { limits, ..speaks(Protocol::Smtp) }).await;
        let codes = async || exchange(TcpStream::connect(address).await.expect("a connection"), &said).await;
        let mut first = TcpStream::connect(address).await.expect("a connection");
        first.write_all(&[&begun[..], b"and on\r\n"].concat()).await.expect("said");
        tokio::task::yield_now().await;
        if codes().await[5] != "451" {
            continue;
        }
        assert!(room.kept.lock().expect("kept").is_empty());
        first.write_all(b".\r\nQUIT\r\n").await.expect("said");
        let mut heard = String::new();
        first.read_to_string(&mut heard).await.expect("heard");
        assert!(heard.contains("250 2.0.0 Kept"), "{heard}");
        assert_eq!(codes().await[5], "250", "it is free again");
        return;
    }
    panic!("no letter ever found all the room taken");
}
