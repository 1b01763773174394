//! Letters in: a listener for the school's own mail server (LMTP, RFC 2033).
//!
//! An address is judged at RCPT, before a byte of the letter; 250 is said only after the commit. What is behind an address
//! is asked of a [`Mailroom`]; this module must never know.

use domain::letter::LetterVerdict;
use smtp_proto::request::receiver::{DataReceiver, DummyDataReceiver, RequestReceiver};
use smtp_proto::{Error, Request};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// Who takes letters.
#[async_trait::async_trait]
pub trait Mailroom: Send + Sync {
    /// Whether a letter to this address is taken.
    async fn recipient(&self, address: &str) -> LetterVerdict;
    /// Keeps a letter for one recipient; true once it is committed.
    async fn take(&self, envelope_from: &str, recipient: &str, raw: &[u8]) -> bool;
}

/// Limits of the listener.
#[derive(Clone, Copy, Debug)]
pub struct LmtpLimits {
    /// Bytes of a letter.
    pub letter: usize,
    /// Recipients of a letter.
    pub recipients: usize,
    /// Conversations at once.
    pub lines: usize,
    /// Silence after which a conversation is ended.
    pub idle: Duration,
    /// Refused commands after which a conversation is ended.
    pub faults: usize,
}

impl Default for LmtpLimits {
    fn default() -> Self {
        Self { letter: 25 * 1024 * 1024, recipients: 100, lines: 32, idle: Duration::from_secs(300), faults: 20 }
    }
}

/// Answers conversations until it is aborted. A conversation cut short loses nothing: what got no 250 is sent again.
pub async fn listen(listener: TcpListener, mailroom: Arc<dyn Mailroom>, limits: LmtpLimits) {
    let lines = Arc::new(Semaphore::new(limits.lines));
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of descriptors, most likely: others end soon.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let (mailroom, permit) = (mailroom.clone(), lines.clone().try_acquire_owned());
        tokio::spawn(async move {
            let mut talk = Talk { stream, mailroom, limits, envelope: Envelope::default(), greeted: false, faults: 0, out: Vec::new() };
            // A peer that goes away ends its own conversation and nothing else.
            let _ = match permit {
                Ok(_permit) => talk.hold().await,
                Err(_) => talk.stream.write_all(b"421 4.3.2 Too many conversations, try again\r\n").await,
            };
        });
    }
}

#[derive(Default)]
struct Envelope {
    from: Option<String>,
    to: Vec<String>,
}

struct Talk {
    stream: TcpStream,
    mailroom: Arc<dyn Mailroom>,
    limits: LmtpLimits,
    envelope: Envelope,
    greeted: bool,
    faults: usize,
    /// Answers not yet written: a pipelined group is answered in one write.
    out: Vec<u8>,
}

enum After {
    Go,
    Data,
    End,
}

impl Talk {
    async fn hold(&mut self) -> std::io::Result<()> {
        self.stream.set_nodelay(true)?;
        self.stream.write_all(b"220 Homeword LMTP\r\n").await?;
        let mut commands = RequestReceiver::default();
        let mut input = vec![0; 64 * 1024];
        loop {
            let Some(count) = self.read(&mut input).await? else { return Ok(()) };
            let mut bytes = input[..count].iter();
            loop {
                let after = match commands.ingest(&mut bytes) {
                    Ok(request) => self.command(request).await,
                    Err(Error::NeedsMoreData { .. }) => break,
                    Err(fault) => self.misunderstood(&fault),
                };
                match after {
                    After::Go => {}
                    After::Data => {
                        self.flush().await?;
                        let rest = bytes.as_slice().to_vec();
                        let Some(left) = self.data(rest).await? else { return Ok(()) };
                        // What came after the letter in the same packet are commands again.
                        input.splice(..0, left.iter().copied());
                        bytes = input[..left.len()].iter();
                    }
                    After::End => return self.flush().await,
                }
            }
            self.flush().await?;
            input.truncate(64 * 1024);
        }
    }

    async fn read(&mut self, input: &mut [u8]) -> std::io::Result<Option<usize>> {
        match timeout(self.limits.idle, self.stream.read(input)).await {
            Ok(Ok(0)) => Ok(None),
            Ok(outcome) => outcome.map(Some),
            Err(_) => {
                self.stream.write_all(b"421 4.4.2 Silent for too long\r\n").await?;
                Ok(None)
            }
        }
    }

    fn say(&mut self, line: &str) -> After {
        self.out.extend_from_slice(line.as_bytes());
        self.out.extend_from_slice(b"\r\n");
        After::Go
    }

    async fn flush(&mut self) -> std::io::Result<()> {
        let out = std::mem::take(&mut self.out);
        self.stream.write_all(&out).await
    }

    fn refuse(&mut self, line: &str) -> After {
        self.faults += 1;
        self.say(line);
        if self.faults < self.limits.faults {
            return After::Go;
        }
        self.say("421 4.7.0 Too many faults");
        After::End
    }

    fn misunderstood(&mut self, fault: &Error) -> After {
        self.refuse(match fault {
            Error::UnknownCommand => "500 5.5.1 There is no such command",
            Error::InvalidSenderAddress => "501 5.1.7 This is no sender's address",
            Error::InvalidRecipientAddress => "501 5.1.3 This is no recipient's address",
            Error::ResponseTooLong => "500 5.5.2 The line is too long",
            _ => "501 5.5.4 Not understood",
        })
    }

    async fn command(&mut self, request: Request<std::borrow::Cow<'_, str>>) -> After {
        match request {
            Request::Lhlo { .. } => {
                self.greeted = true;
                self.envelope = Envelope::default();
                let size = self.limits.letter;
                self.say(&format!(
                    "250-Homeword\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE {size}"
                ))
            }
            Request::Ehlo { .. } | Request::Helo { .. } => self.refuse("500 5.5.1 This is LMTP: say LHLO"),
            Request::Mail { .. } if !self.greeted => self.refuse("503 5.5.1 Say LHLO first"),
            Request::Mail { .. } if self.envelope.from.is_some() => self.refuse("503 5.5.1 One letter at a time"),
            Request::Mail { from } if from.size > self.limits.letter => self.say("552 5.3.4 The letter is too large"),
            Request::Mail { from } => {
                self.envelope.from = Some(from.address.into_owned());
                self.say("250 2.1.0 Sender taken")
            }
            Request::Rcpt { .. } if self.envelope.from.is_none() => self.refuse("503 5.5.1 Say MAIL first"),
            Request::Rcpt { .. } if self.envelope.to.len() >= self.limits.recipients => self.say("452 4.5.3 Too many recipients"),
            Request::Rcpt { to } => match self.mailroom.recipient(&to.address).await {
                LetterVerdict::Welcome => {
                    self.envelope.to.push(to.address.into_owned());
                    self.say("250 2.1.5 Recipient taken")
                }
                LetterVerdict::Forged => self.refuse("550 5.1.1 This answer address is not valid"),
                LetterVerdict::Stranger => self.refuse("550 5.1.1 There is no such address here"),
                LetterVerdict::Later => self.say("451 4.3.0 Try again"),
            },
            Request::Data if self.envelope.from.is_none() => self.refuse("503 5.5.1 Say MAIL first"),
            Request::Data if self.envelope.to.is_empty() => self.refuse("503 5.5.1 No recipient was taken"),
            Request::Data => {
                self.say("354 End with a dot alone");
                After::Data
            }
            Request::Rset => {
                self.envelope = Envelope::default();
                self.say("250 2.0.0 Forgotten")
            }
            Request::Noop { .. } => self.say("250 2.0.0 Here"),
            Request::Vrfy { .. } => self.say("252 2.5.0 Send, and it is judged"),
            Request::Quit => {
                self.say("221 2.0.0 Goodbye");
                After::End
            }
            _ => self.refuse("502 5.5.1 Not offered"),
        }
    }

    /// Reads a letter to its end and keeps it, with an answer for each recipient. Gives what came after it; `None` where the
    /// peer went away.
    async fn data(&mut self, rest: Vec<u8>) -> std::io::Result<Option<Vec<u8>>> {
        let envelope = std::mem::take(&mut self.envelope);
        let mut raw = Vec::new();
        let mut receiver = DataReceiver::new();
        // The line DATA itself ended: a dot alone may be the first line.
        receiver.ingest(&mut b"\r\n".iter(), &mut raw);
        raw.clear();
        let mut over: Option<DummyDataReceiver> = None;
        let mut input = rest;
        let mut buffer = vec![0; 64 * 1024];
        let left = loop {
            let mut bytes = input.iter();
            let ended = match &mut over {
                Some(receiver) => receiver.ingest(&mut bytes),
                None => receiver.ingest(&mut bytes, &mut raw),
            };
            if ended {
                break bytes.as_slice().to_vec();
            }
            if raw.len() > self.limits.letter && over.is_none() {
                // The rest is read past, so that the answer is heard.
                over = Some(DummyDataReceiver::new_data(&receiver));
                raw = Vec::new();
            }
            let Some(count) = self.read(&mut buffer).await? else { return Ok(None) };
            input.clear();
            input.extend_from_slice(&buffer[..count]);
        };
        if over.is_some() || raw.len() > self.limits.letter {
            for _ in &envelope.to {
                self.say("552 5.3.4 The letter is too large");
            }
            return Ok(Some(left));
        }
        let from = envelope.from.as_deref().unwrap_or_default();
        // RFC 5321 section 4.4: whoever takes a letter over for good writes where it goes back to, on top.
        let path: String = from.chars().filter(|mark| !mark.is_control() && !['<', '>'].contains(mark)).collect();
        raw.splice(0..0, format!("Return-Path: <{path}>\r\n").into_bytes());
        for recipient in &envelope.to {
            let kept = self.mailroom.take(from, recipient, &raw).await;
            self.say(if kept { "250 2.0.0 Kept" } else { "451 4.3.0 Not kept, try again" });
        }
        Ok(Some(left))
    }
}
