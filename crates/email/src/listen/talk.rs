//! One conversation, from the greeting to its end.

use super::{ListenLimits, Listening, Mailroom, Protocol};
use crate::dns::Client;
use domain::letter::LetterVerdict;
use smtp_proto::request::receiver::{DataReceiver, DummyDataReceiver, RequestReceiver};
use smtp_proto::{Error, Request};
use std::net::IpAddr;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};

const MEGABYTE: usize = 1024 * 1024;

pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Sync + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Sync + Unpin> Stream for T {}

/// Holds it.
pub(super) async fn hold(
    stream: impl Stream + 'static,
    address: IpAddr,
    mailroom: Arc<dyn Mailroom>,
    listening: Listening,
    room: Arc<Semaphore>,
) -> std::io::Result<()> {
    let mut talk = Talk {
        stream: Box::new(stream),
        address,
        mailroom,
        listening,
        room,
        envelope: Envelope::default(),
        hello: None,
        protected: false,
        faults: 0,
        out: Vec::new(),
    };
    talk.hold().await?;
    // Under TLS this says that nothing was cut off.
    talk.stream.shutdown().await
}

#[derive(Default)]
struct Envelope {
    from: Option<String>,
    to: Vec<String>,
}

struct Talk {
    stream: Box<dyn Stream>,
    address: IpAddr,
    mailroom: Arc<dyn Mailroom>,
    listening: Listening,
    /// Megabytes that letters may take, of all conversations together.
    room: Arc<Semaphore>,
    envelope: Envelope,
    /// What the peer calls itself, once it has said so.
    hello: Option<String>,
    /// By TLS.
    protected: bool,
    faults: usize,
    /// Answers not yet written: a pipelined group is answered in one write.
    out: Vec<u8>,
}

enum After {
    Go,
    Data,
    Tls,
    End,
}

/// A whole letter, with the room it takes until it is kept; or what is said in its place.
type Came = Result<(Vec<u8>, Vec<OwnedSemaphorePermit>), &'static str>;

impl Talk {
    async fn hold(&mut self) -> std::io::Result<()> {
        let greeting = match self.listening.protocol {
            Protocol::Lmtp => format!("220 {} Homeword LMTP\r\n", self.listening.name),
            Protocol::Smtp => format!("220 {} ESMTP Homeword\r\n", self.listening.name),
        };
        self.stream.write_all(greeting.as_bytes()).await?;
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
                    After::Tls => {
                        self.flush().await?;
                        // What was said before the handshake is not protected: it is not believed after it.
                        if !bytes.as_slice().is_empty() || !self.protect().await? {
                            return Ok(());
                        }
                        break;
                    }
                    After::End => return self.flush().await,
                }
            }
            self.flush().await?;
            input.truncate(64 * 1024);
        }
    }

    async fn read(&mut self, input: &mut [u8]) -> std::io::Result<Option<usize>> {
        match timeout(self.limits().idle, self.stream.read(input)).await {
            Ok(Ok(0)) => Ok(None),
            Ok(outcome) => outcome.map(Some),
            Err(_) => {
                self.stream.write_all(b"421 4.4.2 Silent for too long\r\n").await?;
                Ok(None)
            }
        }
    }

    fn limits(&self) -> ListenLimits {
        self.listening.limits
    }

    /// The handshake; false where it failed.
    async fn protect(&mut self) -> std::io::Result<bool> {
        let Some(config) = self.listening.tls.clone() else { return Ok(false) };
        // In its place meanwhile: a stream that has ended.
        let plain = std::mem::replace(&mut self.stream, Box::new(tokio::io::join(tokio::io::empty(), tokio::io::sink())));
        match timeout(self.limits().idle, tokio_rustls::TlsAcceptor::from(config).accept(plain)).await {
            Ok(Ok(stream)) => self.stream = Box::new(stream),
            _ => return Ok(false),
        }
        (self.protected, self.hello, self.envelope) = (true, None, Envelope::default());
        Ok(true)
    }

    fn say(&mut self, line: &str) -> After {
        self.out.extend_from_slice(line.as_bytes());
        self.out.extend_from_slice(b"\r\n");
        After::Go
    }

    async fn flush(&mut self) -> std::io::Result<()> {
        let out = std::mem::take(&mut self.out);
        let write = async {
            self.stream.write_all(&out).await?;
            self.stream.flush().await
        };
        // Who does not read what it hears is gone.
        timeout(self.listening.limits.idle, write).await.unwrap_or(Err(std::io::ErrorKind::TimedOut.into()))
    }

    fn refuse(&mut self, line: &str) -> After {
        self.faults += 1;
        self.say(line);
        if self.faults < self.limits().faults {
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
            Request::Lhlo { host } if self.listening.protocol == Protocol::Lmtp => self.greet(host.into_owned(), true),
            Request::Ehlo { host } if self.listening.protocol == Protocol::Smtp => self.greet(host.into_owned(), true),
            Request::Helo { host } if self.listening.protocol == Protocol::Smtp => self.greet(host.into_owned(), false),
            Request::Lhlo { .. } => self.refuse("500 5.5.1 This is SMTP: say EHLO"),
            Request::Ehlo { .. } | Request::Helo { .. } => self.refuse("500 5.5.1 This is LMTP: say LHLO"),
            Request::StartTls if self.listening.tls.is_some() && !self.protected => {
                self.say("220 2.0.0 Begin");
                After::Tls
            }
            Request::Mail { .. } if self.hello.is_none() => self.refuse("503 5.5.1 Say hello first"),
            Request::Mail { .. } if self.envelope.from.is_some() => self.refuse("503 5.5.1 One letter at a time"),
            Request::Mail { from } if from.size > self.limits().letter => self.say("552 5.3.4 The letter is too large"),
            Request::Mail { from } => {
                self.envelope.from = Some(from.address.into_owned());
                self.say("250 2.1.0 Sender taken")
            }
            Request::Rcpt { .. } if self.envelope.from.is_none() => self.refuse("503 5.5.1 Say MAIL first"),
            Request::Rcpt { .. } if self.envelope.to.len() >= self.limits().recipients => self.say("452 4.5.3 Too many recipients"),
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

    fn greet(&mut self, host: String, extended: bool) -> After {
        self.hello = Some(host);
        self.envelope = Envelope::default();
        if !extended {
            return self.say(&format!("250 {}", self.listening.name));
        }
        let tls = if self.listening.tls.is_some() && !self.protected { "250-STARTTLS\r\n" } else { "" };
        self.say(&format!(
            "250-{}\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n{tls}250 SIZE {}",
            self.listening.name,
            self.limits().letter
        ))
    }

    /// Reads a letter to its end and keeps it, with an answer for each recipient or for all. Gives what came after it; `None` where
    /// the peer went away.
    async fn data(&mut self, rest: Vec<u8>) -> std::io::Result<Option<Vec<u8>>> {
        let envelope = std::mem::take(&mut self.envelope);
        let Some((came, left)) = self.letter(rest).await? else { return Ok(None) };
        let (mut raw, _room) = match came {
            Ok(whole) => whole,
            Err(refused) => {
                let answers = if self.listening.protocol == Protocol::Lmtp { envelope.to.len() } else { 1 };
                (0..answers).for_each(|_| _ = self.say(refused));
                return Ok(Some(left));
            }
        };
        let top = self.top(&envelope, &raw).await;
        raw.splice(0..0, top.into_bytes());
        let from = envelope.from.as_deref().unwrap_or_default();
        let mut all = true;
        for recipient in &envelope.to {
            let kept = self.mailroom.take(from, recipient, &raw).await;
            all &= kept;
            if self.listening.protocol == Protocol::Lmtp {
                self.say(taken(kept));
            }
        }
        // Who hears 451 sends it again to all of them: those who have it drop it.
        if self.listening.protocol == Protocol::Smtp {
            self.say(taken(all));
        }
        Ok(Some(left))
    }

    /// What is written on top of a letter: where it goes back to (RFC 5321 section 4.4), who wrote it as far as the DNS tells, and the
    /// way it came.
    async fn top(&self, envelope: &Envelope, raw: &[u8]) -> String {
        let from = envelope.from.as_deref().unwrap_or_default();
        let path: String = from.chars().filter(|mark| !mark.is_control() && !['<', '>'].contains(mark)).collect();
        let mut top = format!("Return-Path: <{path}>\r\n");
        let smtp = self.listening.protocol == Protocol::Smtp;
        if let Some(dns) = &self.listening.dns {
            // Over LMTP the peer is the school's own mail server, not the writer's.
            let hello = self.hello.as_deref().unwrap_or_default();
            let client = smtp.then_some(Client { address: self.address, hello, envelope_from: from });
            top += &dns.who_wrote(raw, client).await;
        }
        if smtp {
            let hello: String = self.hello.iter().flat_map(|name| name.chars()).filter(|mark| mark.is_ascii_graphic()).take(255).collect();
            let by = if self.protected { "ESMTPS" } else { "ESMTP" };
            let date = mail_parser::DateTime::from_timestamp((self.listening.now)().seconds()).to_rfc822();
            top += &format!("Received: from {hello} ([{}])\r\n\tby {} with {by}; {date}\r\n", self.address, self.listening.name);
        }
        top
    }

    /// The bytes up to the dot, and what came after it.
    async fn letter(&mut self, rest: Vec<u8>) -> std::io::Result<Option<(Came, Vec<u8>)>> {
        let most = self.limits().letter;
        let until = Instant::now() + self.limits().whole;
        let mut raw = Vec::new();
        let mut receiver = DataReceiver::new();
        // The line DATA itself ended: a dot alone may be the first line.
        receiver.ingest(&mut b"\r\n".iter(), &mut raw);
        raw.clear();
        let mut over: Option<DummyDataReceiver> = None;
        let (mut held, mut no_room) = (Vec::new(), false);
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
            while raw.len() > held.len() * MEGABYTE && !no_room {
                match self.room.clone().try_acquire_owned() {
                    Ok(permit) => held.push(permit),
                    Err(_) => no_room = true,
                }
            }
            if (raw.len() > most || no_room) && over.is_none() {
                // The rest is read past, so that the answer is heard.
                over = Some(DummyDataReceiver::new_data(&receiver));
                raw = Vec::new();
                held.clear();
            }
            if Instant::now() > until {
                self.stream.write_all(b"421 4.4.2 The letter takes too long\r\n").await?;
                return Ok(None);
            }
            let Some(count) = self.read(&mut buffer).await? else { return Ok(None) };
            input.clear();
            input.extend_from_slice(&buffer[..count]);
        };
        let came = if no_room {
            Err("451 4.3.1 Too many letters at once, try again")
        } else if over.is_some() || raw.len() > most {
            Err("552 5.3.4 The letter is too large")
        } else if self.listening.protocol == Protocol::Smtp && has_bare_end(&raw) {
            // Two mail servers may not agree where such a letter ends (SMTP smuggling). One of the school's own is trusted to have looked.
            Err("554 5.6.0 A line of the letter ends in CR or LF alone")
        } else {
            Ok((raw, held))
        };
        Ok(Some((came, left)))
    }
}

fn taken(kept: bool) -> &'static str {
    if kept { "250 2.0.0 Kept" } else { "451 4.3.0 Not kept, try again" }
}

/// Whether a line ends in CR or LF alone.
fn has_bare_end(raw: &[u8]) -> bool {
    let mut before = 0;
    let mut ends = raw.iter().chain([&0]).map(move |byte| (std::mem::replace(&mut before, *byte), *byte));
    ends.any(|(before, byte)| (byte == b'\n') != (before == b'\r'))
}
