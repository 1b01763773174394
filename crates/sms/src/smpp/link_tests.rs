//! The link against a center of our own that does what it is told, on loopback. Waits are on conditions.

use super::pdu::{Body, Frame, command, tag, write};
use super::session::{self, Out, Shared, Stage, Submission};
use super::tests::{NOW, outgoing, settings};
use super::*;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(10);

/// Keeps what it hears; refuses as often as it is told; takes nothing while its gate is shut.
struct Keeps {
    heard: Mutex<Vec<Event>>,
    refuse: AtomicUsize,
    gate: Semaphore,
}

impl Keeps {
    fn heard(&self) -> Vec<Event> {
        self.heard.lock().expect("heard").clone()
    }
}

#[async_trait::async_trait]
impl Sink for Keeps {
    async fn take(&self, heard: Vec<Heard>) -> Result<(), NotTaken> {
        let _open = self.gate.acquire().await.expect("open");
        if self.refuse.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok() {
            return Err(NotTaken);
        }
        let ours = |one: &Heard| matches!(one.event, Event::Receipt { .. }) && one.ours.reveal() != "+12035550199";
        assert!(!heard.iter().any(ours), "a receipt names our number");
        self.heard.lock().expect("heard").extend(heard.into_iter().map(|one| one.event));
        Ok(())
    }
}

struct Fixture {
    link: Arc<Smpp>,
    sink: Arc<Keeps>,
    listener: TcpListener,
    stop: watch::Sender<bool>,
    running: JoinHandle<()>,
}

impl Drop for Fixture {
    fn drop(&mut self) {
        self.running.abort();
    }
}

impl Fixture {
    async fn with(change: &[(&str, &str)], answer: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("address").port().to_string();
        let mut settings = settings(&[change, &[("port", &port), ("rate", "10000")]].concat()).expect("settings");
        settings.limits = Limits {
            answer,
            again: Duration::from_millis(10),
            again_at_most: Duration::from_millis(50),
            hold: Duration::from_secs(20),
            ..Limits::usual(Duration::from_secs(20))
        };
        settings.limits.enquire = Duration::from_millis(300);
        let sink = Arc::new(Keeps { heard: Mutex::default(), refuse: AtomicUsize::new(0), gate: Semaphore::new(1) });
        let moment = Arc::new(|| Moment { now: NOW, nonce: 1 << 32 });
        let link = Arc::new(Smpp::new(settings, moment, sink.clone()));
        let (stop, stopped) = watch::channel(false);
        let run = link.clone();
        let running = tokio::spawn(async move { run.run(stopped).await });
        Self { link, sink, listener, stop, running }
    }

    async fn new() -> Self {
        Self::with(&[], Duration::from_secs(5)).await
    }

    async fn accept(&self) -> Center {
        let stream = timeout(PATIENCE, self.listener.accept()).await.expect("a connection in time").expect("a connection").0;
        Center { stream }
    }

    /// The next connection, signed in.
    async fn signed_in(&self) -> Center {
        let mut center = self.accept().await;
        center.sign_in(0).await;
        self.until(|| self.link.state() == State::Bound).await;
        center
    }

    fn send(&self, numbers: std::ops::Range<i64>) -> JoinHandle<Vec<SendResult>> {
        let set: Vec<Outgoing> = numbers.map(|number| outgoing(number, "Reading folder tomorrow.")).collect();
        let link = self.link.clone();
        tokio::spawn(async move { link.send(&set).await })
    }

    async fn until(&self, condition: impl Fn() -> bool) {
        timeout(PATIENCE, async {
            while !condition() {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        })
        .await
        .expect("the condition in time");
    }

    async fn heard(&self, count: usize) -> Vec<Event> {
        self.until(|| self.sink.heard().len() >= count).await;
        self.sink.heard()
    }
}

/// The center's end of a connection.
struct Center {
    stream: TcpStream,
}

impl Center {
    /// The next PDU that is no question whether we are there; those are answered.
    async fn read(&mut self) -> Frame {
        loop {
            let frame = timeout(PATIENCE, session::frame(&mut self.stream)).await.expect("a PDU in time").expect("open").expect("a PDU");
            if frame.command != command::ENQUIRE_LINK {
                return frame;
            }
            self.write(command::ENQUIRE_LINK | command::ANSWER, 0, frame.sequence, &[]).await;
        }
    }
    async fn write(&mut self, command: u32, status: u32, sequence: u32, body: &[u8]) {
        self.stream.write_all(&write(command, status, sequence, body)).await.expect("written");
    }
    async fn sign_in(&mut self, status: u32) -> Frame {
        let bind = self.read().await;
        self.write(bind.command | command::ANSWER, status, bind.sequence, if status == 0 { b"center\0" } else { b"" }).await;
        bind
    }
    async fn submission(&mut self) -> u32 {
        let frame = self.read().await;
        assert_eq!(frame.command, command::SUBMIT_SM);
        frame.sequence
    }
    async fn answer(&mut self, sequence: u32, status: u32, id: &str) {
        let body = if status == 0 { [id.as_bytes(), b"\0"].concat() } else { Vec::new() };
        self.write(command::SUBMIT_SM | command::ANSWER, status, sequence, &body).await;
    }
    /// Delivers; gives the status of the answer.
    async fn deliver(&mut self, sequence: u32, body: &[u8]) {
        self.write(command::DELIVER_SM, 0, sequence, body).await;
    }
    async fn acknowledged(&mut self) -> (u32, u32) {
        let frame = self.read().await;
        assert_eq!(frame.command, command::DELIVER_SM | command::ANSWER);
        (frame.sequence, frame.status)
    }
}

fn body(from: &str, esm_class: u8, words: &str) -> Body {
    let body = Body::default().string("").octets(&[1, 1]).string(from).octets(&[1, 1]).string("12035550199").octets(&[esm_class, 0, 0]);
    body.string("").string("").octets(&[0, 0, 3, 0, words.len() as u8]).octets(words.as_bytes())
}

fn receipt(from: &str, id: &str) -> Vec<u8> {
    body(from, 4, &format!("id:{id} sub:001 dlvrd:001 submit date:2611270100 done date:2611270101 stat:DELIVRD err:000 text:Read")).0
}

fn accepted(id: &str) -> SendResult {
    SendResult::Accepted(Accepted { provider_ids: vec![format!("center:{id}")], segments: Some(1) })
}

#[tokio::test]
async fn a_text_is_accepted_under_the_centers_id_and_refused_by_its_status() {
    let fixture = Fixture::new().await;
    let mut center = fixture.accept().await;
    let bind = center.sign_in(0).await;
    assert_eq!(bind.command, command::BIND_TRANSCEIVER);
    assert_eq!(bind.body, b"school\0secret08\0\0\x34\0\0\0");
    fixture.until(|| fixture.link.state() == State::Bound).await;
    let sent = fixture.send(1..5);
    for (status, id) in [(0, "A1"), (0x58, ""), (0x0b, ""), (0, "")] {
        let sequence = center.submission().await;
        center.answer(sequence, status, id).await;
    }
    let results = sent.await.expect("sent");
    assert_eq!(results[0], accepted("A1"));
    assert_eq!(results[1], SendResult::Fault(SendFault::Throttled { after: None }));
    assert!(matches!(&results[2], SendResult::Fault(SendFault::BadAddress(_))));
    assert!(matches!(&results[3], SendResult::Fault(SendFault::Garbled(_))), "no id is no acceptance");
}

#[tokio::test]
async fn what_was_written_is_unclear_after_a_cut_and_what_waited_was_not_sent() {
    let fixture = Fixture::with(&[("window", "2")], Duration::from_secs(5)).await;
    let mut center = fixture.signed_in().await;
    let sent = fixture.send(1..4);
    center.submission().await;
    center.submission().await;
    drop(center);
    // The third had no place in the window; it is asked again on the next session, or told that there is none.
    let mut again = fixture.accept().await;
    again.sign_in(0).await;
    let answering = tokio::spawn(async move {
        let sequence = again.submission().await;
        again.answer(sequence, 0, "B1").await;
        again
    });
    let results = sent.await.expect("sent");
    let unclear = results.iter().filter(|one| matches!(one, SendResult::Fault(SendFault::Unclear(_)))).count();
    assert_eq!(unclear, 2, "{results:?}");
    assert!(results.iter().any(|one| matches!(one, SendResult::Fault(SendFault::NotSent(_))) || *one == accepted("B1")), "{results:?}");
    if !results.contains(&accepted("B1")) {
        fixture.until(|| fixture.link.state() == State::Bound).await;
        assert_eq!(fixture.send(9..10).await.expect("sent"), [accepted("B1")]);
    }
    answering.await.expect("answered");
}

#[tokio::test]
async fn a_wrong_password_is_ours_to_mend_and_an_absent_center_is_not() {
    let fixture = Fixture::new().await;
    fixture.accept().await.sign_in(0x0e).await;
    fixture.until(|| matches!(fixture.link.state(), State::Down(_))).await;
    assert!(matches!(fixture.link.state(), State::Down(SendFault::Config(_))));
    assert!(matches!(fixture.send(1..2).await.expect("sent")[..], [SendResult::Fault(SendFault::Config(_))]));
    let absent = Fixture::new().await;
    drop(absent.accept().await);
    absent.until(|| matches!(absent.link.state(), State::Down(_))).await;
    assert!(matches!(absent.send(1..2).await.expect("sent")[..], [SendResult::Fault(SendFault::NotSent(_))]));
}

#[tokio::test]
async fn no_more_is_under_way_than_the_window() {
    let fixture = Fixture::with(&[("window", "3")], Duration::from_secs(5)).await;
    let mut center = fixture.signed_in().await;
    let sent = fixture.send(0..20);
    let mut open = Vec::new();
    for number in 0..20 {
        if open.len() == 3 {
            let early = timeout(Duration::from_millis(20), center.submission()).await;
            assert!(early.is_err(), "a fourth is under way");
            center.answer(open.remove(0), 0, &format!("W{number}")).await;
        }
        open.push(center.submission().await);
    }
    for sequence in open {
        center.answer(sequence, 0, &format!("L{sequence}")).await;
    }
    assert!(sent.await.expect("sent").iter().all(|one| matches!(one, SendResult::Accepted(_))));
}

#[tokio::test]
async fn a_receipt_before_its_answer_waits_for_it() {
    let fixture = Fixture::new().await;
    let mut center = fixture.signed_in().await;
    center.deliver(1, &receipt("12035550001", "F0")).await;
    assert_eq!(center.acknowledged().await, (1, 0), "nothing is under way that it could belong to");
    let sent = fixture.send(2..4);
    let (first, second) = (center.submission().await, center.submission().await);
    center.deliver(2, &receipt("12035550002", "299")).await;
    center.answer(second, 0, "12C").await;
    center.deliver(3, &receipt("12035550003", "300")).await;
    assert_eq!(center.acknowledged().await, (3, 0), "the second text's, found by its converted id");
    assert_eq!(fixture.sink.heard().len(), 2, "the first text's waits");
    center.answer(first, 0, "12B").await;
    assert_eq!(center.acknowledged().await, (2, 0));
    sent.await.expect("sent");
    let heard = fixture.heard(3).await;
    let said = heard.iter().map(|event| match event {
        Event::Receipt { reference, provider_id, kind, .. } => (reference.as_deref(), provider_id.as_str(), *kind),
        _ => panic!("a receipt"),
    });
    let delivered = ReceiptKind::Delivered;
    let expected = [(None, "center:F0", delivered), (Some("1.3.1"), "center:12C", delivered), (Some("1.2.1"), "center:12B", delivered)];
    assert_eq!(said.collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn a_late_answer_still_names_the_text_its_receipt_is_about() {
    let fixture = Fixture::with(&[], Duration::from_millis(200)).await;
    let mut center = fixture.signed_in().await;
    let sent = fixture.send(7..8);
    let sequence = center.submission().await;
    assert!(matches!(sent.await.expect("sent")[..], [SendResult::Fault(SendFault::Unclear(_))]));
    center.answer(sequence, 0, "LATE").await;
    center.deliver(1, &receipt("12035550007", "LATE")).await;
    assert!(matches!(&fixture.heard(1).await[..], [Event::Receipt { reference: Some(reference), .. }] if reference == "1.7.1"));
}

#[tokio::test]
async fn a_delivery_is_acknowledged_after_it_is_committed_and_repeated_when_it_is_not() {
    let fixture = Fixture::new().await;
    let mut center = fixture.signed_in().await;
    let shut = fixture.sink.gate.acquire().await.expect("shut");
    center.deliver(1, &body("12035550100", 0, "Hola").0).await;
    assert!(timeout(Duration::from_millis(100), center.acknowledged()).await.is_err(), "nothing is committed yet");
    drop(shut);
    assert_eq!(center.acknowledged().await, (1, 0));
    fixture.sink.refuse.store(1, Ordering::SeqCst);
    center.deliver(2, &body("12035550100", 0, "Gracias").0).await;
    assert_eq!(center.acknowledged().await, (2, fault::TRY_AGAIN));
    center.deliver(3, &body("12035550100", 0, "Gracias").0).await;
    assert_eq!(center.acknowledged().await, (3, 0));
    center.deliver(4, &body("12035550100", 0, "Gracias").0).await;
    assert_eq!(center.acknowledged().await, (4, 0));
    let heard = fixture.heard(3).await;
    let words = heard.iter().map(|event| match event {
        Event::Incoming { text, from, .. } => (text.reveal().to_owned(), from.reveal().to_owned()),
        _ => panic!("a text"),
    });
    let from = || "+12035550100".to_owned();
    assert_eq!(words.collect::<Vec<_>>(), [("Hola".into(), from()), ("Gracias".into(), from()), ("Gracias".into(), from())]);
}

#[tokio::test]
async fn a_delivery_repeated_after_a_cut_has_the_key_it_had() {
    let fixture = Fixture::new().await;
    let mut center = fixture.signed_in().await;
    center.deliver(1, &body("12035550100", 0, "yes").0).await;
    center.acknowledged().await;
    drop(center);
    let mut center = fixture.signed_in().await;
    center.deliver(1, &body("12035550100", 0, "yes").0).await;
    center.acknowledged().await;
    let heard = fixture.heard(2).await;
    assert_eq!(heard[0], heard[1]);
}

#[tokio::test]
async fn nothing_that_a_center_sends_ends_the_link() {
    let fixture = Fixture::new().await;
    let mut center = fixture.signed_in().await;
    let foreign = body("12035550100", 0, "after the noise");
    for (sequence, noise) in [&b""[..], b"\xff", &[0xff; 200], b"\0\x05\0Se\xf1ora\0", b"\0\x01\x01123\0\x01\x01"].into_iter().enumerate() {
        center.deliver(sequence as u32, noise).await;
        assert_eq!(center.acknowledged().await, (sequence as u32, 0));
    }
    center.write(0x7777, 0, 50, b"what is this").await;
    let nack = center.read().await;
    assert_eq!((nack.command, nack.status, nack.sequence), (command::GENERIC_NACK, fault::INVALID_COMMAND, 50));
    center.write(command::SUBMIT_SM | command::ANSWER, 0, 4711, b"nobody asked\0").await;
    center.write(command::ALERT_NOTIFICATION, 0, 51, b"").await;
    center.write(command::ENQUIRE_LINK, 0, 52, b"").await;
    let there = center.read().await;
    assert_eq!((there.command, there.sequence), (command::ENQUIRE_LINK | command::ANSWER, 52));
    center.deliver(60, &foreign.option(tag::SAR_TOTAL, &[1, 2, 3, 4, 5]).octets(&[0, 1, 0xff]).0).await;
    assert_eq!(center.acknowledged().await, (60, 0));
    let heard = fixture.heard(6).await;
    assert!(matches!(heard[..2], [Event::Ignored(_), Event::Ignored(_)]), "nothing can be read in these");
    let last = heard.last();
    assert!(matches!(last, Some(Event::Incoming { text, .. }) if text.reveal() == "after the noise"));
}

#[tokio::test]
async fn a_silent_center_is_left_and_one_that_is_no_center_too() {
    let fixture = Fixture::with(&[], Duration::from_millis(200)).await;
    let silent = fixture.signed_in().await;
    let mut next = fixture.signed_in().await;
    drop(silent);
    next.stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.expect("written");
    fixture.signed_in().await;
}

#[tokio::test]
async fn the_end_waits_for_answers_and_signs_out() {
    let fixture = Fixture::new().await;
    let mut center = fixture.signed_in().await;
    let sent = fixture.send(1..2);
    let sequence = center.submission().await;
    fixture.stop.send_replace(true);
    fixture.until(|| matches!(fixture.link.state(), State::Down(_))).await;
    assert!(matches!(fixture.send(5..6).await.expect("sent")[..], [SendResult::Fault(SendFault::NotSent(_))]));
    center.answer(sequence, 0, "END").await;
    assert_eq!(sent.await.expect("sent"), [accepted("END")]);
    let unbind = center.read().await;
    assert_eq!(unbind.command, command::UNBIND);
    center.write(command::UNBIND | command::ANSWER, 0, unbind.sequence, &[]).await;
    fixture.until(|| fixture.running.is_finished()).await;
}

#[tokio::test]
async fn a_text_whose_turn_comes_too_late_is_not_sent() {
    let fixture = Fixture::new().await;
    let mut center = fixture.signed_in().await;
    let late = Outgoing { begin_before: NOW, ..outgoing(1, "late") };
    assert!(matches!(fixture.link.send(&[late]).await[..], [SendResult::Fault(SendFault::NotSent(_))]));
    assert!(timeout(Duration::from_millis(50), center.submission()).await.is_err(), "and nothing is written");
}

#[tokio::test]
async fn a_later_part_waits_out_a_center_in_haste_and_a_refused_one_refuses_the_text() {
    let fixture = Fixture::new().await;
    let mut center = fixture.signed_in().await;
    let (link, long) = (fixture.link.clone(), outgoing(1, &"The school is closed. ".repeat(10)));
    let twice = tokio::spawn(async move { [link.one(&long).await, link.one(&long).await] });
    for (status, id) in [(0, "P1"), (0x58, ""), (0, "P2"), (0, "Q1"), (0x45, "")] {
        let sequence = center.submission().await;
        center.answer(sequence, status, id).await;
    }
    let [first, second] = twice.await.expect("sent");
    let ids = vec!["center:P1".to_owned(), "center:P2".to_owned()];
    assert_eq!(first, SendResult::Accepted(Accepted { provider_ids: ids, segments: Some(2) }));
    assert!(matches!(second, SendResult::Fault(SendFault::NotSent(_))));
}

#[tokio::test]
async fn two_connections_where_the_center_wants_them() {
    let fixture = Fixture::with(&[("bind", "separate")], Duration::from_secs(5)).await;
    let (mut one, mut two) = (fixture.accept().await, fixture.accept().await);
    let (first, second) = (one.sign_in(0).await.command, two.sign_in(0).await.command);
    assert_eq!(first.min(second), command::BIND_RECEIVER);
    assert_eq!(first.max(second), command::BIND_TRANSMITTER);
    let (mut sends, mut receives) = if first == command::BIND_TRANSMITTER { (one, two) } else { (two, one) };
    fixture.until(|| fixture.link.state() == State::Bound).await;
    let sent = fixture.send(1..2);
    let sequence = sends.submission().await;
    receives.deliver(1, &receipt("12035550001", "T1")).await;
    sends.answer(sequence, 0, "T1").await;
    assert_eq!(receives.acknowledged().await, (1, 0), "a receipt on the other connection waits for the answer too");
    assert_eq!(sent.await.expect("sent"), [accepted("T1")]);
    assert!(matches!(&fixture.heard(1).await[..], [Event::Receipt { reference: Some(_), .. }]));
    drop(receives);
    fixture.until(|| matches!(fixture.link.state(), State::Down(_))).await;
}

#[tokio::test]
async fn half_a_pdu_is_not_sent() {
    let fixture = Fixture::with(&[], Duration::from_millis(50)).await;
    let (out, queue) = tokio::sync::mpsc::unbounded_channel();
    let (delivered, _deliveries) = tokio::sync::mpsc::channel(1);
    let shared = Shared::new(out, delivered);
    let (writing, _unread) = tokio::io::duplex(40);
    let stage = Arc::new(Stage::default());
    let (answer, heard) = tokio::sync::oneshot::channel();
    let body = vec![0; 100];
    let submission = Submission { body, stage: stage.clone(), before: domain::Time::NEVER, text: 1, part: 0, answer };
    assert!(shared.out.send(Out::Submission(submission)).is_ok());
    session::write(&fixture.link, &shared, queue, writing).await;
    assert!(stage.give_up(), "40 of 116 octets were written: nobody can have read it");
    drop(shared);
    assert!(heard.await.is_err());
}
