//! A letter handed over to our own listener, for a mail server that starts a program for each letter and cannot speak LMTP itself.

use crate::smtp::stuffed;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// No answer is waited for longer: whoever started the program comes again.
const PATIENCE: Duration = Duration::from_secs(60);

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Handed {
    /// Committed.
    Kept,
    /// Never, and why, as the listener says it.
    Refused(String),
    /// Not now.
    Later(String),
}

/// Hands a letter for one recipient to the listener at `address`, by LMTP. Its line ends become CRLF.
pub async fn hand_over(address: SocketAddr, from: &str, to: &str, raw: &[u8]) -> Handed {
    let safe = |address: &str| !address.chars().any(|mark| mark.is_control() || mark.is_whitespace() || ['<', '>'].contains(&mark));
    if !safe(to) || to.is_empty() {
        return Handed::Refused("this is no address".into());
    }
    // Where it goes back to is nobody's proof of anything: a letter is not lost for an odd one.
    let from = if safe(from) { from } else { "" };
    let said = async {
        let mut stream = BufReader::new(TcpStream::connect(address).await?);
        stream.get_ref().set_nodelay(true)?;
        let mut answer = heard(&mut stream).await?;
        for command in ["LHLO deliver".to_owned(), format!("MAIL FROM:<{from}>"), format!("RCPT TO:<{to}>"), "DATA".to_owned()] {
            if !matches!(answer.as_bytes().first(), Some(b'2' | b'3')) {
                return Ok(answer);
            }
            stream.write_all(format!("{command}\r\n").as_bytes()).await?;
            answer = heard(&mut stream).await?;
        }
        if answer.starts_with("354") {
            stream.write_all(&stuffed(raw)).await?;
            answer = heard(&mut stream).await?;
        }
        std::io::Result::Ok(answer)
    };
    match timeout(PATIENCE, said).await {
        Ok(Ok(answer)) if answer.starts_with('2') => Handed::Kept,
        Ok(Ok(answer)) if answer.starts_with('5') => Handed::Refused(answer),
        Ok(Ok(answer)) => Handed::Later(answer),
        Ok(Err(fault)) => Handed::Later(format!("Homeword does not answer at {address}: {fault}")),
        Err(_) => Handed::Later(format!("Homeword at {address} is too slow")),
    }
}

/// The last line of an answer.
async fn heard(stream: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if line.as_bytes().get(3) != Some(&b'-') {
            return Ok(line.trim_end().to_owned());
        }
    }
}
