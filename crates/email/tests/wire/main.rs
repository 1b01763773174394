//! Both wires against scripts: a mail server that misbehaves, and a peer that speaks LMTP byte by byte.

mod listening;
mod names;
mod standing;

use domain::carrier::*;
use domain::*;
use email::{Limits, SmtpCarrier, SmtpSettings, Tls};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What a scripted server does with one letter.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Play {
    Take,
    RefuseRecipient,
    Cut,
    CutInside,
    Closing,
    Greylist,
    RefuseSender,
}

#[derive(Default)]
struct Seen {
    connections: usize,
    letters: Vec<Vec<u8>>,
    commands: Vec<String>,
}

/// A server that plays its script, one entry a letter, then ends an idle line after `lines` letters.
async fn server(script: Vec<Play>, pipelining: bool, per_line: usize) -> (u16, Arc<Mutex<Seen>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let seen = Arc::new(Mutex::new(Seen::default()));
    let (noted, script) = (seen.clone(), Arc::new(Mutex::new(script.into_iter())));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            noted.lock().expect("seen").connections += 1;
            let (noted, script) = (noted.clone(), script.clone());
            tokio::spawn(async move {
                let _ = talk(stream, noted, script, pipelining, per_line).await;
            });
        }
    });
    (port, seen)
}

async fn talk(
    stream: TcpStream,
    seen: Arc<Mutex<Seen>>,
    script: Arc<Mutex<std::vec::IntoIter<Play>>>,
    pipelining: bool,
    per_line: usize,
) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 script\r\n").await?;
    let (mut play, mut carried) = (Play::Take, 0);
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        seen.lock().expect("seen").commands.push(line.trim().to_owned());
        let answer = match line.split([' ', '\r']).next().unwrap_or_default() {
            "EHLO" if pipelining => "250-script\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-DSN\r\n250 SIZE 1000000",
            "EHLO" => "250 script",
            "MAIL" => {
                play = script.lock().expect("script").next().unwrap_or(Play::Take);
                match play {
                    Play::Closing => {
                        stream.write_all(b"421 4.7.0 closing\r\n").await?;
                        return Ok(());
                    }
                    Play::RefuseSender => "553 5.7.1 not yours",
                    _ => "250 2.1.0 ok",
                }
            }
            "RCPT" if play == Play::RefuseRecipient => "550 5.1.1 unknown <someone@secret.example>",
            "RCPT" if play == Play::Greylist => "450 4.2.0 greylisted",
            "RCPT" => "250 2.1.5 ok",
            "DATA" if matches!(play, Play::RefuseRecipient | Play::Greylist | Play::RefuseSender) => "554 5.5.1 no recipient",
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                if play == Play::CutInside {
                    stream.read_u8().await?;
                    return Ok(());
                }
                let mut letter = Vec::new();
                while !letter.ends_with(b"\r\n.\r\n") {
                    stream.read_until(b'\n', &mut letter).await?;
                }
                seen.lock().expect("seen").letters.push(letter);
                if play == Play::Cut {
                    return Ok(());
                }
                carried += 1;
                if carried == per_line {
                    stream.write_all(b"250 2.0.0 kept\r\n").await?;
                    return Ok(());
                }
                "250 2.0.0 kept"
            }
            _ => "250 2.0.0 ok",
        };
        stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
}

fn carrier(port: u16, connections: usize) -> SmtpCarrier {
    SmtpCarrier::new(settings(port, connections))
}

fn settings(port: u16, connections: usize) -> SmtpSettings {
    let second = Duration::from_secs(2);
    SmtpSettings {
        signers: vec![],
        host: "127.0.0.1".into(),
        port,
        tls: Tls::None,
        login: None,
        name: "homeword.test".into(),
        connections,
        limits: Limits { connect: second, command: second, last: second, begin: second },
    }
}

fn letter(number: i64, to: &str) -> Outgoing {
    Outgoing {
        district: DistrictId(1),
        delivery: DeliveryId(number),
        attempt: 1,
        sender: SenderId(1),
        from: "school@mail.test".into(),
        to: Destination::Mailbox(Address::new(to)),
        content: Content::Letter {
            raw: format!("Subject: {number}\r\n\r\n.dot\r\nwords\r\n").into_bytes(),
            envelope_from: "bounce+x@mail.test".into(),
        },
        useful_until: Time(i64::MAX),
        begin_before: Time::NEVER,
    }
}

#[tokio::test]
async fn every_refusal_is_told_apart_and_costs_no_other_letter() {
    use Play::*;
    for pipelining in [true, false] {
        let (port, seen) = server(vec![Take, RefuseRecipient, Take, Greylist, Take, Closing, Cut, Take], pipelining, 100).await;
        let carrier = carrier(port, 1);
        let set: Vec<Outgoing> = (0..8).map(|number| letter(number, "a@families.example")).collect();
        let results = carrier.send(&set).await;
        let is = |index: usize| match &results[index] {
            SendResult::Accepted(_) => "accepted",
            SendResult::Fault(SendFault::BadAddress(_)) => "bad address",
            SendResult::Fault(SendFault::NotSent(_)) => "not sent",
            SendResult::Fault(SendFault::Unclear(_)) => "unclear",
            SendResult::Fault(_) => "other",
        };
        let told: Vec<&str> = (0..8).map(is).collect();
        assert_eq!(
            told,
            ["accepted", "bad address", "accepted", "not sent", "accepted", "not sent", "unclear", "accepted"],
            "pipelining {pipelining}"
        );
        let seen = seen.lock().expect("seen");
        assert_eq!(seen.connections, 3, "only a connection that broke is opened again (pipelining {pipelining})");
        assert!(seen.letters[0].windows(6).any(|bytes| bytes == b"\n..dot"), "dots are doubled");
        assert!(!format!("{results:?}").contains("secret.example"), "what servers say of addresses is not kept");
    }
}

#[tokio::test]
async fn a_cut_inside_a_letter_is_known_to_have_sent_nothing() {
    let (port, _) = server(vec![Play::CutInside], false, 100).await;
    let carrier = carrier(port, 1);
    // More than any socket holds: the cut comes while it is written.
    let raw = b"0123456789abcdef\r\n".repeat(2_000_000);
    let content = Content::Letter { raw, envelope_from: "bounce+x@mail.test".into() };
    let results = carrier.send(&[Outgoing { content, ..letter(0, "a@families.example") }, letter(1, "a@families.example")]).await;
    assert!(matches!(&results[0], SendResult::Fault(SendFault::NotSent(_))), "{results:?}");
    assert!(matches!(results[1], SendResult::Accepted(_)), "{results:?}");
}

#[tokio::test]
async fn an_idle_line_the_server_closed_is_opened_again_and_nothing_is_sent_twice() {
    let (port, seen) = server(vec![], true, 1).await;
    let carrier = carrier(port, 1);
    for number in 0..3 {
        let results = carrier.send(&[letter(number, "a@families.example")]).await;
        assert!(matches!(results[0], SendResult::Accepted(_)), "{results:?}");
    }
    let seen = seen.lock().expect("seen");
    assert_eq!((seen.connections, seen.letters.len()), (3, 3));
}

/// A server that answers a letter's content only once it heard what comes behind it, or once `begin` is over. Gives its port and
/// which recipient each whole letter came for.
async fn waits_for_more(begin: Duration) -> (u16, Arc<Mutex<Vec<(String, String)>>>, Arc<Mutex<usize>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let (kept, lines) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(0)));
    let (told, opened) = (kept.clone(), lines.clone());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            *opened.lock().expect("lines") += 1;
            tokio::spawn(one_line(BufReader::new(stream), begin, told.clone()));
        }
    });
    (port, kept, lines)
}

async fn one_line(mut stream: BufReader<TcpStream>, begin: Duration, kept: Arc<Mutex<Vec<(String, String)>>>) -> std::io::Result<()> {
    let begun = std::time::Instant::now();
    stream.write_all(b"220 waits\r\n").await?;
    let (mut line, mut to) = (String::new(), String::new());
    while stream.read_line(&mut line).await? > 0 {
        let said = std::mem::take(&mut line);
        let answer = match said.get(..4).unwrap_or_default() {
            "EHLO" => "250-waits\r\n250 PIPELINING",
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                let mut letter = Vec::new();
                while !letter.ends_with(b"\r\n.\r\n") {
                    if stream.read_until(b'\n', &mut letter).await? == 0 {
                        // Half a letter is none.
                        return Ok(());
                    }
                }
                kept.lock().expect("kept").push((to.trim().to_owned(), String::from_utf8_lossy(&letter).into_owned()));
                while stream.buffer().is_empty() && begun.elapsed() < begin {
                    let _ = tokio::time::timeout(Duration::from_millis(5), stream.fill_buf()).await;
                }
                // The rest of the time is over before the answer where somebody wants it so.
                while begin < Duration::from_secs(1) && begun.elapsed() < begin {
                    tokio::task::yield_now().await;
                }
                "250 2.0.0 kept"
            }
            word => {
                if word == "RCPT" {
                    to = said;
                }
                "250 2.0.0 ok"
            }
        };
        stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}

fn numbered(number: i64) -> Outgoing {
    letter(number, &format!("{number}@families.example"))
}

fn all_came_to_whom_they_are_for(kept: &[(String, String)]) -> Vec<String> {
    let number = |letter: &str| letter.lines().next().and_then(|line| line.strip_prefix("Subject: ")).unwrap_or_default().to_owned();
    for (to, letter) in kept {
        assert_eq!(*to, format!("RCPT TO:<{}@families.example>", number(letter)));
    }
    kept.iter().map(|(_, letter)| number(letter)).collect()
}

#[tokio::test]
async fn a_server_that_offers_reports_is_asked_for_those_of_failure_and_delay_and_another_is_not() {
    for (offered, pipelining) in [(true, true), (false, false)] {
        let (port, seen) = server(vec![], pipelining, 100).await;
        carrier(port, 1).send(&[letter(1, "a@x.example")]).await;
        let commands = seen.lock().expect("seen").commands.clone();
        let asked = |begin: &str, what: &str| commands.iter().any(|command| command.starts_with(begin) && command.contains(what));
        assert_eq!(asked("MAIL FROM:<", " RET=HDRS"), offered, "{commands:?}");
        assert_eq!(asked("RCPT TO:<a@x.example>", " NOTIFY=FAILURE,DELAY"), offered, "{commands:?}");
    }
}

#[tokio::test]
async fn the_commands_of_the_next_letter_come_with_the_content_of_the_one_before() {
    let begun = std::time::Instant::now();
    let (port, kept, lines) = waits_for_more(Duration::from_secs(60)).await;
    let set: Vec<Outgoing> = (0..3).map(numbered).collect();
    let sending = carrier(port, 1);
    // The last one has nothing behind it: the server would wait for it, and is not asked to.
    let results = sending.send(&set).await;
    let accepted = results.iter().filter(|result| matches!(result, SendResult::Accepted(_))).count();
    assert_eq!(accepted, 2, "{results:?} after {:?}", begun.elapsed());
    assert!(matches!(&results[2], SendResult::Fault(SendFault::Unclear(_))));
    assert_eq!(all_came_to_whom_they_are_for(&kept.lock().expect("kept")), ["0", "1", "2"]);
    assert_eq!(*lines.lock().expect("lines"), 1);
}

#[tokio::test]
async fn a_line_that_heard_of_a_letter_that_does_not_come_carries_no_other() {
    let begin = Duration::from_millis(300);
    let (port, kept, lines) = waits_for_more(begin).await;
    let carrier = SmtpCarrier::new(SmtpSettings {
        limits: Limits { connect: begin * 9, command: begin * 9, last: begin * 9, begin },
        ..settings(port, 1)
    });
    let results = carrier.send(&[numbered(0), numbered(1)]).await;
    assert!(matches!(results[0], SendResult::Accepted(_)), "{results:?}");
    assert!(matches!(&results[1], SendResult::Fault(SendFault::NotSent(_))), "its time was over: {results:?}");
    let results = carrier.send(&[numbered(2)]).await;
    assert!(matches!(results[0], SendResult::Accepted(_)), "{results:?}");
    assert_eq!(all_came_to_whom_they_are_for(&kept.lock().expect("kept")), ["0", "2"]);
    assert_eq!(*lines.lock().expect("lines"), 2);
}

#[tokio::test]
async fn a_server_that_is_away_and_a_login_it_wants_are_told_as_what_they_are() {
    let free = TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("an address").port();
    let results = carrier(free, 2).send(&[letter(1, "a@x.example"), letter(2, "b@x.example")]).await;
    assert!(results.iter().all(|result| matches!(result, SendResult::Fault(SendFault::NotSent(_)))), "{results:?}");
    let (port, _) = server(vec![Play::RefuseSender], true, 100).await;
    let results = carrier(port, 1).send(&[letter(1, "a@x.example")]).await;
    assert!(matches!(results[0], SendResult::Fault(SendFault::Config(_))), "{results:?}");
    let (port, seen) = server(vec![], true, 100).await;
    let results = carrier(port, 1).send(&[letter(1, "a@x.example> RCPT TO:<b@x.example"), letter(2, "ünï@x.example")]).await;
    assert!(results.iter().all(|result| matches!(result, SendResult::Fault(SendFault::BadAddress(_)))), "{results:?}");
    assert!(seen.lock().expect("seen").letters.is_empty());
}
