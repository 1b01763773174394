//! The families' mail server: letters come in by SMTP and lie in mailboxes. Line by line, as RFC 5321 is read.

use crate::letter::{self, Letter};
use crate::lmtp;
use crate::state::{Faults, Sandbox};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// Bytes of a letter.
const MOST: usize = 35 * 1024 * 1024;

/// Answers until it is aborted.
pub(crate) async fn listen(listener: TcpListener, sandbox: Arc<Sandbox>) {
    while let Ok((stream, _)) = listener.accept().await {
        let sandbox = sandbox.clone();
        tokio::spawn(async move {
            // A peer that goes away ends its own conversation.
            let _ = talk(stream, sandbox).await;
        });
    }
}

fn address(line: &str) -> String {
    line.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(address, _)| address.to_lowercase()).unwrap_or_default()
}

async fn talk(stream: TcpStream, sandbox: Arc<Sandbox>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read);
    write.write_all(b"220 families.example sandbox\r\n").await?;
    let (mut from, mut to): (Option<String>, Vec<String>) = (None, Vec::new());
    loop {
        let mut line = Vec::new();
        if (&mut lines).take(4096).read_until(b'\n', &mut line).await? == 0 {
            return Ok(());
        }
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        let verb = line.split(' ').next().unwrap_or_default().to_uppercase();
        let answer = match verb.as_str() {
            "EHLO" => {
                "250-families.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-ENHANCEDSTATUSCODES\r\n250 SIZE 36700160"
            }
            "HELO" | "NOOP" => "250 2.0.0 families.example",
            "MAIL" => {
                (from, to) = (Some(address(&line)), Vec::new());
                "250 2.1.0 Ok"
            }
            "RCPT" if from.is_none() => "503 5.5.1 MAIL first",
            "RCPT" => {
                let address = address(&line);
                if address.is_empty() || !address.contains('@') {
                    "501 5.1.3 Bad address"
                } else if sandbox.memory().faults.get(&address).is_some_and(|faults| faults.unknown) {
                    "550 5.1.1 User unknown"
                } else {
                    to.push(address);
                    "250 2.1.5 Ok"
                }
            }
            "DATA" if to.is_empty() => "503 5.5.1 RCPT first",
            "DATA" => {
                write.write_all(b"354 End with a dot alone\r\n").await?;
                let Some(raw) = data(&mut lines).await? else { return Ok(()) };
                let Some(answer) = keep(&sandbox, from.take().unwrap_or_default(), &to, &raw).await else {
                    // Taken and never answered.
                    return Ok(());
                };
                answer
            }
            "RSET" => {
                (from, to) = (None, Vec::new());
                "250 2.0.0 Ok"
            }
            "QUIT" => {
                write.write_all(b"221 2.0.0 Bye\r\n").await?;
                return Ok(());
            }
            _ => "500 5.5.1 Unknown command",
        };
        write.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
}

/// The letter up to the dot; `None` where the peer went away inside it.
async fn data(lines: &mut BufReader<tokio::net::tcp::OwnedReadHalf>) -> std::io::Result<Option<Vec<u8>>> {
    let mut raw = Vec::new();
    loop {
        let mut line = Vec::new();
        if lines.read_until(b'\n', &mut line).await? == 0 {
            return Ok(None);
        }
        if line == b".\r\n" {
            return Ok(Some(raw));
        }
        if raw.len() < MOST {
            raw.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
        }
    }
}

async fn keep(sandbox: &Arc<Sandbox>, from: String, to: &[String], raw: &[u8]) -> Option<&'static str> {
    let mut answer = Some("250 2.0.0 Ok: kept");
    for mailbox in to {
        let faults = sandbox.take_fault(mailbox);
        if faults.slow > 0 {
            tokio::time::sleep(Duration::from_millis(u64::from(faults.slow))).await;
        }
        if faults.refuse > 0 {
            answer = Some("451 4.3.0 Try again later");
            continue;
        }
        let state = if faults.bounce { "bounced" } else { "kept" };
        let letter = Letter {
            id: sandbox.sid(),
            mailbox: mailbox.clone(),
            envelope_from: from.clone(),
            at: (sandbox.settings.now)(),
            state: state.to_owned(),
            ..letter::read(raw)
        };
        sandbox.keep_letter(letter.clone());
        if faults.cut > 0 {
            answer = None;
        }
        reports(sandbox.clone(), letter, faults);
    }
    answer
}

/// A mailbox that turns out not to exist says so in a letter of its own.
fn reports(sandbox: Arc<Sandbox>, letter: Letter, faults: Faults) {
    if !faults.bounce || letter.envelope_from.is_empty() {
        return;
    }
    tokio::spawn(async move {
        let raw = letter::report(&letter, (sandbox.settings.now)());
        for _ in 0..if faults.twice { 2 } else { 1 } {
            lmtp::hand_over(&sandbox, "", &letter.envelope_from, &raw).await;
        }
    });
}

/// A family writes from its mailbox. Gives the letter's id and what the school's server said.
pub(crate) async fn answer(
    sandbox: &Sandbox,
    mailbox: &str,
    to: &str,
    subject: &str,
    body: &str,
    meant_for: &str,
    automatic: bool,
) -> (String, u16) {
    let (answered, name, twice) = {
        let memory = sandbox.memory();
        let answered =
            memory.letters.iter().rev().find(|letter| !letter.answered && letter.mailbox == mailbox && letter.other == to).cloned();
        let name = memory.owners.get(mailbox).map(|owner| owner.name.clone()).unwrap_or_default();
        (answered, name, memory.faults.get(mailbox).is_some_and(|faults| faults.twice))
    };
    let id = sandbox.sid();
    let subject = match &answered {
        Some(letter) if subject.is_empty() => format!("Re: {}", letter.subject),
        _ => subject.to_owned(),
    };
    let letter = Letter {
        message_id: format!("{id}@families.example"),
        id: id.clone(),
        mailbox: mailbox.to_owned(),
        other: to.to_owned(),
        other_name: answered.as_ref().map(|letter| letter.other_name.clone()).unwrap_or_default(),
        answered: true,
        subject,
        body: body.to_owned(),
        at: (sandbox.settings.now)(),
        meant_for: meant_for.to_owned(),
        ..Letter::default()
    };
    sandbox.keep_letter(letter.clone());
    let raw = letter::write(&letter, &name, answered.as_ref(), automatic);
    let mut status = 0;
    for _ in 0..if twice { 2 } else { 1 } {
        status = lmtp::hand_over(sandbox, mailbox, to, &raw).await;
    }
    sandbox.settle_letter(&id, &status.to_string());
    (id, status)
}
