//! The school's own mail server, as far as Homeword meets it: it hands letters over by LMTP (RFC 2033).

use crate::state::Sandbox;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// Hands one letter over for one recipient. Gives the code that settled it; 0 where nobody answered.
pub(crate) async fn hand_over(sandbox: &Sandbox, from: &str, to: &str, raw: &[u8]) -> u16 {
    let Some(target) = sandbox.memory().lmtp.clone() else { return 0 };
    let mut status = 0;
    for _ in 0..3 {
        let talk = tokio::time::timeout(Duration::from_secs(15), talk(&target, from, to, raw));
        status = talk.await.ok().and_then(Result::ok).unwrap_or(0);
        if status >= 500 || (200..300).contains(&status) {
            break;
        }
    }
    status
}

async fn talk(target: &str, from: &str, to: &str, raw: &[u8]) -> std::io::Result<u16> {
    let mut stream = BufReader::new(TcpStream::connect(target).await?);
    stream.get_ref().set_nodelay(true)?;
    let greeting = answer(&mut stream).await?;
    if greeting != 220 {
        return Ok(greeting);
    }
    for (command, wanted) in [
        ("LHLO families.example".to_owned(), 250),
        (format!("MAIL FROM:<{from}>"), 250),
        (format!("RCPT TO:<{to}>"), 250),
        ("DATA".to_owned(), 354),
    ] {
        stream.write_all(format!("{command}\r\n").as_bytes()).await?;
        let code = answer(&mut stream).await?;
        if code != wanted {
            return Ok(code);
        }
    }
    let mut body = Vec::with_capacity(raw.len() + 64);
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(b".") {
            body.push(b'.');
        }
        body.extend_from_slice(line);
    }
    body.extend_from_slice(if body.ends_with(b"\r\n") { b".\r\n" } else { b"\r\n.\r\n" });
    stream.write_all(&body).await?;
    let code = answer(&mut stream).await?;
    stream.write_all(b"QUIT\r\n").await?;
    Ok(code)
}

async fn answer(stream: &mut BufReader<TcpStream>) -> std::io::Result<u16> {
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(0);
        }
        if line.as_bytes().get(3) != Some(&b'-') {
            return Ok(line.get(..3).and_then(|code| code.parse().ok()).unwrap_or(0));
        }
    }
}
