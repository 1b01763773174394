//! Between Homeword and its mail server. A mail server drops no repeated letter and can't be asked, so what is said of each
//! letter must be true: "not sent" may be tried again, "taken" and "nobody knows" never are.

use crate::proxy::{Behind, Fault, Proxy};
use domain::carrier::*;
use domain::{DeliveryId, DistrictId, SenderId, Time};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

const LETTER: &[u8] = b"From: <school@maple.example>\r\nSubject: Hoy\r\nMessage-ID: <1.2.3@maple.example>\r\n\r\nHola.\r\n";

fn letter(number: usize) -> Outgoing {
    Outgoing {
        district: DistrictId(1),
        delivery: DeliveryId(2),
        attempt: 1,
        sender: SenderId(3),
        from: "school@maple.example".into(),
        to: Destination::Mailbox(format!("family{number:05}@families.example").into()),
        content: Content::Letter { raw: LETTER.to_vec(), envelope_from: "bounce@maple.example".into() },
        useful_until: Time::NEVER,
        begin_before: Time::NEVER,
    }
}

/// A carrier without an open line, a second's patience.
fn carrier(proxy: &Proxy) -> email::SmtpCarrier {
    let (host, port) = proxy.address.rsplit_once(':').expect("a port");
    let second = Duration::from_secs(1);
    email::SmtpCarrier::new(email::SmtpSettings {
        signers: vec![],
        host: host.into(),
        port: port.parse().expect("a port"),
        tls: email::Tls::None,
        login: None,
        name: "maple.example".into(),
        connections: 1,
        limits: email::Limits { connect: second, command: second, last: second, begin: second },
    })
}

struct Post {
    folder: tempfile::TempDir,
    server: sandbox::Running,
    proxy: Proxy,
}

impl Post {
    async fn open() -> Post {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = tempfile::tempdir().expect("a folder");
        let settings = sandbox::Settings {
            account: "AC1".into(),
            token: "a token of the test".into(),
            webhook: None,
            folder: folder.path().to_owned(),
            now: Arc::new(|| 1),
        };
        let server = sandbox::start("127.0.0.1:0".parse().expect("an address"), settings).await.expect("it starts");
        let proxy = Proxy::start(Behind::Tcp(server.smtp.to_string())).await;
        Post { folder, server, proxy }
    }

    /// Letters in each mailbox.
    async fn letters(&self) -> HashMap<String, usize> {
        assert!(self.folder.path().exists());
        let answer = reqwest::get(format!("http://{}/control/mailboxes", self.server.http)).await.expect("an answer");
        let boxes: serde_json::Value = serde_json::from_slice(&answer.bytes().await.expect("a body")).expect("JSON");
        let count = |one: &serde_json::Value| {
            (one["address"].as_str().expect("an address").to_owned(), one["letters"].as_array().expect("letters").len())
        };
        boxes.as_array().expect("mailboxes").iter().map(count).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_cut_at_any_byte_never_says_not_sent_of_a_letter_that_was_taken() {
    let post = Post::open().await;
    let sent = carrier(&post.proxy).send(&[letter(90_000)]).await;
    assert!(matches!(sent[0], SendResult::Accepted(_)), "{sent:?}");
    let whole = post.proxy.passed();
    assert!(whole > 150, "a conversation has {whole} bytes");
    post.proxy.set(Fault::CutEach(whole));
    let mut said = Vec::new();
    for number in 0..=whole {
        said.push(carrier(&post.proxy).send(&[letter(number)]).await.remove(0));
    }
    let letters = post.letters().await;
    let mut unclear = 0;
    let mut again = Vec::new();
    for (number, result) in said.iter().enumerate() {
        let there = letters.get(&format!("family{number:05}@families.example")).copied().unwrap_or_default();
        match result {
            SendResult::Accepted(_) => assert_eq!(there, 1, "cut after {number} bytes: said to be taken"),
            SendResult::Fault(fault) if fault.is_unclear() => {
                unclear += 1;
                assert!(there <= 1, "cut after {number} bytes: {there} letters");
            }
            SendResult::Fault(_) => {
                assert_eq!(there, 0, "cut after {number} bytes: {result:?} of a letter that was taken");
                again.push(number);
            }
        }
    }
    // The last answer: whoever was cut inside it does not know.
    assert!(unclear >= 10 && again.len() > 100, "{unclear} unclear, {} not sent", again.len());
    post.proxy.set(Fault::None);
    let set: Vec<Outgoing> = again.iter().map(|number| letter(*number)).collect();
    assert!(carrier(&post.proxy).send(&set).await.iter().all(|result| matches!(result, SendResult::Accepted(_))), "tried again");
    let letters = post.letters().await;
    for number in again {
        assert_eq!(letters.get(&format!("family{number:05}@families.example")), Some(&1), "lost, or there twice");
    }
    assert!(letters.values().all(|count| *count <= 1), "nobody has a letter twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_drips_is_silent_or_resets_ends_in_time_and_is_not_said_to_have_taken_anything() {
    let post = Post::open().await;
    for (number, fault) in
        [Fault::Drip(Duration::from_millis(300)), Fault::Silent, Fault::Reset(0), Fault::Reset(40)].into_iter().enumerate()
    {
        post.proxy.set(fault);
        let begun = Instant::now();
        let said = carrier(&post.proxy).send(&[letter(number)]).await;
        assert!(matches!(said[0], SendResult::Fault(SendFault::NotSent(_))), "{fault:?}: {said:?}");
        assert!(begun.elapsed() < Duration::from_secs(4), "{fault:?} took {:?}", begun.elapsed());
    }
    assert!(post.letters().await.values().all(|count| *count == 0));
}
