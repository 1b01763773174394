//! One connection's conversation (RFC 5321, 2920, 6531, 1870, 4954). What was said is told apart from what may have been
//! heard: before the final dot nothing was sent, after it only the server's answer knows.

use super::{SmtpSettings, Tls};
use crate::secure::{Unsecured, secured};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::carrier::{Accepted, SendFault, SendResult};
use smtp_proto::response::parser::ResponseReceiver;
use smtp_proto::{
    AUTH_LOGIN, AUTH_PLAIN, EXT_8BIT_MIME, EXT_DSN, EXT_PIPELINING, EXT_SIZE, EXT_SMTP_UTF8, EXT_START_TLS, EhloResponse, Error, Response,
};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::{Instant, timeout};

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// Why a conversation ended.
#[derive(Debug)]
pub(crate) enum Broken {
    /// The socket closed or failed, or the time was up.
    Gone(&'static str),
    /// The answer was no SMTP.
    Garbled,
}

/// What became of a letter on a line.
pub(crate) enum Carried {
    /// Settled; the line may go on.
    Done(SendResult),
    /// Settled; the line is finished.
    Last(SendResult),
    /// The server had closed an idle line before it heard anything: nothing was sent.
    Stale,
}

/// A letter as the envelope needs it.
pub(crate) struct Envelope<'a> {
    pub from: &'a str,
    pub to: &'a str,
    pub raw: std::borrow::Cow<'a, [u8]>,
}

/// An open connection.
pub(crate) struct Line {
    stream: Box<dyn Stream>,
    unread: Vec<u8>,
    able: u32,
    /// Largest letter the server takes; 0 = it does not say.
    most: usize,
    command: Duration,
    last: Duration,
    /// When it was opened.
    pub born: Instant,
    /// When it was last used.
    pub used: Instant,
    /// Letters it carried.
    pub carried: usize,
    /// The next letter's commands were said already.
    pub ahead: bool,
}

fn not_sent(why: impl Into<String>) -> SendFault {
    SendFault::NotSent(why.into())
}

impl Line {
    /// Connects, greets, protects, signs in.
    pub async fn open(settings: &SmtpSettings) -> Result<Self, SendFault> {
        let limits = settings.limits;
        let connected = timeout(limits.connect, tokio::net::TcpStream::connect((settings.host.as_str(), settings.port))).await;
        let stream = match connected {
            Ok(Ok(stream)) => stream,
            Ok(Err(_)) | Err(_) => return Err(not_sent("the mail server does not answer")),
        };
        // Without this each letter waits for a delayed acknowledgement.
        stream.set_nodelay(true).map_err(|_| not_sent("the connection failed"))?;
        let now = Instant::now();
        let mut line = Self {
            stream: Box::new(stream),
            unread: Vec::new(),
            able: 0,
            most: 0,
            command: limits.command,
            last: limits.last,
            born: now,
            used: now,
            carried: 0,
            ahead: false,
        };
        if settings.tls == Tls::Whole {
            line = line.protected(settings).await?;
        }
        let greeting = line.answer().await.map_err(|_| not_sent("the mail server did not greet"))?;
        if greeting.code != 220 {
            return Err(not_sent(format!("the mail server greeted with {}", greeting.code)));
        }
        let mut hello = line.hello(&settings.name).await?;
        if settings.tls == Tls::Starttls {
            if hello.capabilities & EXT_START_TLS == 0 {
                return Err(SendFault::Config("the mail server offers no STARTTLS: set letters.tls to \"tls\" or \"none\"".into()));
            }
            let answer = line.ask("STARTTLS\r\n").await.map_err(|_| not_sent("STARTTLS was not answered"))?;
            // What came before the handshake is not protected: it is not believed after it.
            if answer.code != 220 || !line.unread.is_empty() {
                return Err(not_sent(format!("STARTTLS was answered with {}", answer.code)));
            }
            line = line.protected(settings).await?;
            hello = line.hello(&settings.name).await?;
        }
        if let Some((user, password)) = &settings.login {
            line.sign_in(hello.auth_mechanisms, user, password).await?;
        }
        line.able = hello.capabilities;
        line.most = hello.size;
        Ok(line)
    }

    async fn protected(self, settings: &SmtpSettings) -> Result<Self, SendFault> {
        match secured(&settings.host, self.stream, settings.limits.connect).await {
            Ok(stream) => Ok(Self { stream: Box::new(stream), unread: Vec::new(), ..self }),
            Err(Unsecured::Setting(why)) => Err(SendFault::Config(why.into())),
            Err(Unsecured::Server(why)) => Err(not_sent(why)),
        }
    }

    async fn hello(&mut self, name: &str) -> Result<EhloResponse<String>, SendFault> {
        let lost = |_| not_sent("EHLO was not answered");
        self.say(format!("EHLO {name}\r\n").as_bytes()).await.map_err(lost)?;
        loop {
            if !self.unread.is_empty() {
                let mut bytes = self.unread.iter();
                match EhloResponse::parse(&mut bytes) {
                    Ok(hello) => {
                        let left = bytes.len();
                        self.unread.drain(..self.unread.len() - left);
                        return Ok(hello);
                    }
                    Err(Error::NeedsMoreData { .. }) => {}
                    Err(Error::InvalidResponse { code }) => return Err(not_sent(format!("EHLO was answered with {code}"))),
                    Err(_) => return Err(not_sent("EHLO was answered with nonsense")),
                }
            }
            self.fill(self.command).await.map_err(lost)?;
        }
    }

    async fn sign_in(&mut self, offered: u64, user: &str, password: &str) -> Result<(), SendFault> {
        let lost = |_| not_sent("AUTH was not answered");
        let answer = if offered & AUTH_PLAIN != 0 {
            let secret = STANDARD.encode(format!("\0{user}\0{password}"));
            self.ask(&format!("AUTH PLAIN {secret}\r\n")).await.map_err(lost)?
        } else if offered & AUTH_LOGIN != 0 {
            self.ask("AUTH LOGIN\r\n").await.map_err(lost)?;
            self.ask(&format!("{}\r\n", STANDARD.encode(user))).await.map_err(lost)?;
            self.ask(&format!("{}\r\n", STANDARD.encode(password))).await.map_err(lost)?
        } else {
            return Err(SendFault::Config("the mail server offers neither AUTH PLAIN nor AUTH LOGIN".into()));
        };
        match answer.code {
            235 => Ok(()),
            code @ 400..=499 => Err(not_sent(format!("AUTH was answered with {code}"))),
            code => Err(SendFault::Config(format!("the mail server refused letters.user or letters.password ({code})"))),
        }
    }

    /// Whether the server takes such a letter at all.
    fn takes(&self, letter: &Envelope<'_>) -> Result<(), SendFault> {
        if self.most > 0 && letter.raw.len() > self.most {
            return Err(SendFault::Refused { code: "5.3.4".into() });
        }
        if !letter.to.is_ascii() && self.able & EXT_SMTP_UTF8 == 0 {
            return Err(SendFault::BadAddress("the mail server takes no such address".into()));
        }
        Ok(())
    }

    /// What stands before a letter's content.
    fn commands(&self, letter: &Envelope<'_>) -> [String; 3] {
        let mut mail = format!("MAIL FROM:<{}>", letter.from);
        let mut to = format!("RCPT TO:<{}>", letter.to);
        // RFC 3461: told where it fails or is late, with its head alone; what arrived nobody needs to tell.
        if self.able & EXT_DSN != 0 {
            mail += " RET=HDRS";
            to += " NOTIFY=FAILURE,DELAY";
        }
        if self.able & EXT_SIZE != 0 {
            mail += &format!(" SIZE={}", letter.raw.len());
        }
        if self.able & EXT_8BIT_MIME != 0 {
            mail += " BODY=8BITMIME";
        }
        if !letter.to.is_ascii() {
            mail += " SMTPUTF8";
        }
        [format!("{mail}\r\n"), format!("{to}\r\n"), "DATA\r\n".to_owned()]
    }

    /// One letter, one recipient. Where the server allows it, the commands of the letter that follows go with this one's content
    /// (RFC 2920, 3.1): then `ahead` says so, and nothing else than that letter may go over this line.
    pub async fn carry(&mut self, letter: &Envelope<'_>, follows: Option<&Envelope<'_>>) -> Carried {
        use Carried::{Done, Last, Stale};
        let reused = self.carried > 0;
        let said = std::mem::take(&mut self.ahead);
        self.carried += 1;
        self.used = Instant::now();
        if let Err(fault) = self.takes(letter) {
            return Done(SendResult::Fault(fault));
        }
        let commands = self.commands(letter);
        let together = self.able & EXT_PIPELINING != 0;
        if together && !said && self.say(commands.concat().as_bytes()).await.is_err() {
            return if reused { Stale } else { Last(SendResult::Fault(not_sent("the connection failed"))) };
        }
        let mut answers: Vec<Response<String>> = Vec::with_capacity(3);
        for (index, command) in commands.iter().enumerate() {
            let answer = if together { self.answer().await } else { self.ask(command).await };
            match answer {
                Ok(answer) if answer.code == 421 => return Last(SendResult::Fault(not_sent("the mail server closes (421)"))),
                Ok(answer) => answers.push(answer),
                Err(_) if index == 0 && reused => return Stale,
                Err(_) => return Last(SendResult::Fault(not_sent("the connection ended before the letter"))),
            }
            if !together && !answers[index].is_positive_completion() {
                break;
            }
        }
        let refused = answers.iter().take(2).position(|answer| !(200..300).contains(&answer.code));
        let open = answers.get(2).is_some_and(|answer| answer.code == 354);
        if let Some(at) = refused {
            let fault = refusal(if at == 0 { Stage::Sender } else { Stage::Recipient }, &answers[at]);
            // A server that wants the letter all the same gets an empty one, which it must refuse.
            let closed = if open { self.ask(".\r\n").await } else { self.ask("RSET\r\n").await };
            return if closed.is_ok() { Done(SendResult::Fault(fault)) } else { Last(SendResult::Fault(fault)) };
        }
        if !open {
            let fault = answers.get(2).map_or_else(|| not_sent("DATA was not answered"), |answer| refusal(Stage::Letter, answer));
            let closed = self.ask("RSET\r\n").await;
            return if closed.is_ok() { Done(SendResult::Fault(fault)) } else { Last(SendResult::Fault(fault)) };
        }
        let mut content = stuffed(&letter.raw);
        let whole = content.len();
        if let Some(follows) = follows.filter(|follows| together && self.takes(follows).is_ok()) {
            content.extend_from_slice(self.commands(follows).concat().as_bytes());
            self.ahead = true;
        }
        let left = self.write(&content).await;
        if left < whole {
            return Last(SendResult::Fault(not_sent("the connection ended inside the letter")));
        }
        // From here on the server may have the letter, whatever we hear.
        let result = match self.hear(self.last).await {
            Ok(answer) if answer.is_positive_completion() => SendResult::Accepted(Accepted::default()),
            Ok(answer) if answer.code == 421 => return Last(SendResult::Fault(refusal(Stage::Letter, &answer))),
            Ok(answer) => SendResult::Fault(refusal(Stage::Letter, &answer)),
            Err(Broken::Gone(why)) => return Last(SendResult::Fault(SendFault::Unclear(format!("no answer to the whole letter: {why}")))),
            Err(Broken::Garbled) => {
                return Last(SendResult::Fault(SendFault::Garbled("the answer to the whole letter was no SMTP".into())));
            }
        };
        if left < content.len() { Last(result) } else { Done(result) }
    }

    /// Says goodbye; nobody waits for the answer. Where a letter's commands were said ahead, the server waits for its content and
    /// would take the word for that: it forgets both with the line.
    pub async fn close(mut self) {
        if self.ahead {
            return;
        }
        let _ = timeout(Duration::from_secs(1), self.stream.write_all(b"QUIT\r\n")).await;
    }

    async fn say(&mut self, bytes: &[u8]) -> Result<(), Broken> {
        let write = async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        };
        match timeout(self.command, write).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(Broken::Gone("the connection failed")),
            Err(_) => Err(Broken::Gone("the time was up")),
        }
    }

    /// Writes what may be cut off: how many bytes the connection took within the time.
    async fn write(&mut self, bytes: &[u8]) -> usize {
        let mut left = 0;
        let write = async {
            while left < bytes.len() {
                match self.stream.write(&bytes[left..]).await {
                    Ok(0) | Err(_) => return,
                    Ok(count) => left += count,
                }
            }
            // Where it fails, nothing will be heard either.
            let _ = self.stream.flush().await;
        };
        let _ = timeout(self.command, write).await;
        left
    }

    async fn ask(&mut self, command: &str) -> Result<Response<String>, Broken> {
        self.say(command.as_bytes()).await?;
        self.answer().await
    }

    async fn answer(&mut self) -> Result<Response<String>, Broken> {
        self.hear(self.command).await
    }

    async fn hear(&mut self, limit: Duration) -> Result<Response<String>, Broken> {
        let mut receiver = ResponseReceiver::default();
        let until = Instant::now() + limit;
        loop {
            let mut bytes = self.unread.iter();
            let outcome = receiver.parse(&mut bytes);
            let left = bytes.len();
            self.unread.drain(..self.unread.len() - left);
            match outcome {
                Ok(answer) => return Ok(answer),
                Err(Error::NeedsMoreData { .. }) => self.fill(until.saturating_duration_since(Instant::now())).await?,
                Err(_) => return Err(Broken::Garbled),
            }
        }
    }

    async fn fill(&mut self, limit: Duration) -> Result<(), Broken> {
        let mut bytes = [0; 4096];
        match timeout(limit, self.stream.read(&mut bytes)).await {
            Ok(Ok(0)) => Err(Broken::Gone("the server closed")),
            Ok(Ok(count)) => {
                self.unread.extend_from_slice(&bytes[..count]);
                Ok(())
            }
            Ok(Err(_)) => Err(Broken::Gone("the connection failed")),
            Err(_) => Err(Broken::Gone("the time was up")),
        }
    }
}

/// Where in the conversation the server said no.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Sender,
    Recipient,
    Letter,
}

/// What a refusal means. Only codes are kept: servers repeat addresses in their words.
fn refusal(stage: Stage, answer: &Response<String>) -> SendFault {
    let [class, subject, detail] = answer.esc;
    let code = if class == 0 { answer.code.to_string() } else { format!("{class}.{subject}.{detail}") };
    match (answer.code, stage) {
        (400..=499, _) => not_sent(format!("the mail server said {code}")),
        (500..=599, Stage::Sender) if answer.code != 552 => SendFault::Config(format!("the mail server refuses our address ({code})")),
        (550 | 551 | 553, Stage::Recipient) if class == 0 || subject == 1 => SendFault::BadAddress(format!("no such mailbox ({code})")),
        (500..=599, _) => SendFault::Refused { code },
        _ => SendFault::Garbled(format!("the mail server said {}", answer.code)),
    }
}

/// The letter with CRLF line ends and dots doubled (RFC 5321, 4.5.2), and the dot that ends it: until its last byte is written,
/// no server has a whole letter.
pub(crate) fn stuffed(raw: &[u8]) -> Vec<u8> {
    let mut body = Vec::with_capacity(raw.len() + raw.len() / 8 + 512);
    let mut rest = raw;
    while !rest.is_empty() {
        // A bare CR must not pass for a line end anywhere on the way: it becomes one.
        let end = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(rest.len());
        if rest[0] == b'.' {
            body.push(b'.');
        }
        body.extend_from_slice(&rest[..end]);
        body.extend_from_slice(b"\r\n");
        let both = rest[end..].starts_with(b"\r\n");
        rest = rest.get(end + 1 + usize::from(both)..).unwrap_or_default();
    }
    body.extend_from_slice(b".\r\n");
    body
}

#[cfg(test)]
mod tests {
    use super::*;
    use smtp_proto::request::receiver::DataReceiver;

    proptest::proptest! {
        #[test]
        fn a_letter_never_ends_early_and_reads_back(raw in proptest::collection::vec(proptest::sample::select(b"a.\r\n x".to_vec()), 0..60)) {
            let wire = stuffed(&raw);
            let mut out = Vec::new();
            let mut bytes = wire.iter();
            let mut receiver = DataReceiver::new();
            receiver.ingest(&mut b"\r\n".iter(), &mut Vec::new());
            proptest::prop_assert!(receiver.ingest(&mut bytes, &mut out), "it ends");
            proptest::prop_assert_eq!(bytes.len(), 0, "and only at its end");
            proptest::prop_assert!(!wire[..wire.len() - 3].windows(5).any(|five| five == b"\r\n.\r\n"));
            let flat = |bytes: &[u8]| bytes.iter().copied().filter(|byte| !b"\r\n".contains(byte)).collect::<Vec<u8>>();
            proptest::prop_assert_eq!(flat(&out), flat(&raw));
        }
    }

    #[test]
    fn refusals_mean_what_the_stage_says() {
        let answer = |code, esc| Response { code, esc, message: String::new() };
        assert!(matches!(refusal(Stage::Recipient, &answer(550, [5, 1, 1])), SendFault::BadAddress(_)));
        assert!(matches!(refusal(Stage::Recipient, &answer(550, [5, 7, 1])), SendFault::Refused { .. }));
        assert!(matches!(refusal(Stage::Recipient, &answer(450, [4, 2, 0])), SendFault::NotSent(_)));
        assert!(matches!(refusal(Stage::Sender, &answer(530, [5, 7, 0])), SendFault::Config(_)));
        assert!(matches!(refusal(Stage::Letter, &answer(554, [5, 6, 0])), SendFault::Refused { .. }));
    }
}
