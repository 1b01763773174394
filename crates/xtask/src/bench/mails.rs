//! A mail server that only counts, and the fastest bare client for it: commands pipelined, two round trips a letter.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Letters a ceiling sends.
const LETTERS: u64 = 100_000;

/// A mail server; gives its port and what it counts.
pub(crate) async fn start() -> anyhow::Result<(u16, Arc<AtomicU64>)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    let count = Arc::new(AtomicU64::new(0));
    let counted = count.clone();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let count = counted.clone();
            // A client that went away ends its own conversation only.
            tokio::spawn(async move { talk(socket, &count).await.ok() });
        }
    });
    Ok((port, count))
}

async fn talk(mut socket: TcpStream, count: &AtomicU64) -> std::io::Result<()> {
    socket.set_nodelay(true)?;
    socket.write_all(b"220 sink.example ESMTP\r\n").await?;
    let mut read = Vec::with_capacity(64 * 1024);
    let mut in_letter = false;
    let mut answers: Vec<u8> = Vec::new();
    loop {
        if socket.read_buf(&mut read).await? == 0 {
            return Ok(());
        }
        let mut used = 0;
        loop {
            let rest = &read[used..];
            if in_letter {
                let Some(end) = rest.windows(5).position(|five| five == b"\r\n.\r\n") else { break };
                used += end + 5;
                in_letter = false;
                let number = count.fetch_add(1, Ordering::Relaxed);
                answers.extend_from_slice(format!("250 2.0.0 queued as S{number:x}\r\n").as_bytes());
                continue;
            }
            let Some(end) = rest.iter().position(|byte| *byte == b'\n') else { break };
            let word = rest[..end].get(..4).unwrap_or_default().to_ascii_uppercase();
            used += end + 1;
            match word.as_slice() {
                b"EHLO" => answers.extend_from_slice(b"250-sink.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-ENHANCEDSTATUSCODES\r\n250 SIZE 10485760\r\n"),
                b"DATA" => {
                    in_letter = true;
                    answers.extend_from_slice(b"354 go on\r\n");
                }
                b"QUIT" => {
                    answers.extend_from_slice(b"221 2.0.0 bye\r\n");
                    return socket.write_all(&answers).await;
                }
                _ => answers.extend_from_slice(b"250 2.0.0 ok\r\n"),
            }
        }
        read.drain(..used);
        if !answers.is_empty() {
            socket.write_all(&answers).await?;
            answers.clear();
        }
    }
}

/// Sends letters of the size of ours as fast as it goes; prints how many a second.
pub(crate) async fn pipelined(port: u16, connections: u64) -> anyhow::Result<()> {
    let next = Arc::new(AtomicU64::new(0));
    let begun = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..connections {
        let next = next.clone();
        tasks.spawn(async move { one(port, &next).await });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    println!("{:.0}", LETTERS as f64 / begun.elapsed().as_secs_f64());
    Ok(())
}

async fn one(port: u16, next: &AtomicU64) -> anyhow::Result<()> {
    let mut socket = TcpStream::connect(("127.0.0.1", port)).await?;
    socket.set_nodelay(true)?;
    let mut read = Vec::new();
    answers(&mut socket, &mut read, 1).await?;
    socket.write_all(b"EHLO bench.example\r\n").await?;
    answers(&mut socket, &mut read, 6).await?;
    let letter = format!(
        "Subject: x\r\nFrom: a@a.example\r\nTo: b@b.example\r\n\r\n{}\r\n.\r\n",
        "words of a letter that goes home \r\n".repeat(70)
    );
    while next.fetch_add(1, Ordering::Relaxed) < LETTERS {
        socket.write_all(b"MAIL FROM:<a@a.example>\r\nRCPT TO:<b@b.example>\r\nDATA\r\n").await?;
        answers(&mut socket, &mut read, 3).await?;
        socket.write_all(letter.as_bytes()).await?;
        answers(&mut socket, &mut read, 1).await?;
    }
    Ok(())
}

async fn answers(socket: &mut TcpStream, read: &mut Vec<u8>, lines: usize) -> anyhow::Result<()> {
    while read.iter().filter(|byte| **byte == b'\n').count() < lines {
        anyhow::ensure!(socket.read_buf(read).await? > 0, "the server went away");
    }
    read.clear();
    Ok(())
}
