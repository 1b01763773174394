//! A company that calls as fast as it is answered: signed webhooks made beforehand, over a fixed number of connections.

use anyhow::ensure;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What was seen.
pub(crate) struct Seen {
    /// Calls a second.
    pub(crate) rate: f64,
    /// Milliseconds of each call, sorted.
    pub(crate) times: Vec<f64>,
    /// Calls that were answered otherwise than wanted.
    pub(crate) refused: usize,
}

/// Whole requests, head and body, of texts from the phones of these families to one number; texts of another series
/// are other texts. `url` is what the company signs.
pub(crate) fn requests(url: &str, number: &str, families: &[u32], series: u64, text: impl Fn(u32) -> String) -> Vec<Vec<u8>> {
    let mut all = Vec::with_capacity(families.len());
    for index in families.iter().copied() {
        let phone = format!("+1475{:03}{:04}", 200 + index / 10_000 % 800, index % 10_000);
        let (body, sid) = (text(index), format!("SM{:032x}", u64::from(index) | series << 40));
        let fields = [
            ("AccountSid", "ACbench"),
            ("Body", &body),
            ("From", &phone),
            ("MessageSid", &sid),
            ("NumMedia", "0"),
            ("SmsStatus", "received"),
            ("To", number),
        ];
        let signature = crate::company::signature(url, &fields);
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        all.push(
            format!(
                "POST /hooks/sms/twilio HTTP/1.1\r\nhost: homeword.example\r\ncontent-type: application/x-www-form-urlencoded\r\nx-twilio-signature: {signature}\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            )
            .into_bytes(),
        );
    }
    all
}

/// Posts them all; `wanted` is the status of a good answer.
pub(crate) async fn post(port: u16, connections: usize, requests: Arc<Vec<Vec<u8>>>, wanted: u16) -> anyhow::Result<Seen> {
    let next = Arc::new(AtomicUsize::new(0));
    let begun = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..connections {
        let (next, requests) = (next.clone(), requests.clone());
        tasks.spawn(async move { one(port, &next, &requests, wanted).await });
    }
    let (mut times, mut refused) = (Vec::with_capacity(requests.len()), 0);
    while let Some(done) = tasks.join_next().await {
        let (mine, not) = done??;
        times.extend(mine);
        refused += not;
    }
    let rate = requests.len() as f64 / begun.elapsed().as_secs_f64();
    times.sort_by(f64::total_cmp);
    Ok(Seen { rate, times, refused })
}

/// A connection that carries one call after the other.
pub(crate) struct Line {
    socket: TcpStream,
    read: Vec<u8>,
}

impl Line {
    /// Opens it.
    pub(crate) async fn open(port: u16) -> anyhow::Result<Line> {
        let socket = TcpStream::connect(("127.0.0.1", port)).await?;
        socket.set_nodelay(true)?;
        Ok(Line { socket, read: Vec::with_capacity(4096) })
    }

    /// Writes a whole request and reads its answer; whether that has the wanted status.
    pub(crate) async fn call(&mut self, request: &[u8], wanted: u16) -> anyhow::Result<bool> {
        self.socket.write_all(request).await?;
        self.read.clear();
        while !whole(&self.read) {
            ensure!(self.socket.read_buf(&mut self.read).await? > 0, "the server went away");
        }
        Ok(self.read.starts_with(format!("HTTP/1.1 {wanted}").as_bytes()))
    }
}

async fn one(port: u16, next: &AtomicUsize, requests: &[Vec<u8>], wanted: u16) -> anyhow::Result<(Vec<f64>, usize)> {
    let mut line = Line::open(port).await?;
    let (mut times, mut refused) = (Vec::new(), 0);
    while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
        let begun = Instant::now();
        let good = line.call(request, wanted).await?;
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
        refused += usize::from(!good);
    }
    Ok((times, refused))
}

/// Whether an answer is complete: its head, and as many bytes as it says.
fn whole(read: &[u8]) -> bool {
    let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") else { return false };
    let name = b"content-length: ";
    // Homeword writes it in lower case, Kannel with capitals.
    let Some(at) = read[..end].windows(name.len()).position(|some| some.eq_ignore_ascii_case(name)) else { return false };
    let digits = read[at + name.len()..].iter().take_while(|byte| byte.is_ascii_digit());
    let length = digits.fold(0, |length, digit| length * 10 + usize::from(digit - b'0'));
    read.len() >= end + 4 + length
}
