//! What must hold of any bytes that a peer says to our listener: each of its lines is an answer, no letter is taken for an address that
//! was refused, and by SMTP none with a bare line end in it, which another server could take for the end of a letter.

use domain::Time;
use domain::letter::LetterVerdict;
use email::{ListenLimits, Listening, Mailroom, Protocol, converse};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Octets of a letter that this house takes.
const LETTER: usize = 2_000;

#[derive(Default)]
struct House(Mutex<Vec<(String, Vec<u8>)>>);

#[async_trait::async_trait]
impl Mailroom for House {
    async fn recipient(&self, address: &str) -> LetterVerdict {
        match address {
            "reply@house.example" => LetterVerdict::Welcome,
            "later@house.example" => LetterVerdict::Later,
            _ => LetterVerdict::Stranger,
        }
    }
    async fn take(&self, _from: &str, recipient: &str, raw: &[u8]) -> bool {
        self.0.lock().expect("nobody holds it").push((recipient.to_owned(), raw.to_vec()));
        true
    }
}

async fn said(protocol: Protocol, bytes: &[u8]) -> (Vec<u8>, Vec<(String, Vec<u8>)>) {
    let house = Arc::new(House::default());
    let limits = ListenLimits { letter: LETTER, recipients: 5, faults: 5, idle: Duration::from_secs(5), ..ListenLimits::default() };
    let now: Arc<dyn Fn() -> Time + Send + Sync> = Arc::new(|| Time(0));
    let listening = Listening { protocol, name: "house.example".into(), limits, tls: None, dns: None, now };
    // As a pipe takes it: who writes all before he reads may have to wait for himself.
    let (peer, ours) = tokio::io::duplex(1 << 20);
    let talk = converse(ours, [192, 0, 2, 1].into(), house.clone(), listening);
    let (mut read, mut write) = tokio::io::split(peer);
    let speak = async {
        let _ = write.write_all(bytes).await;
        let _ = write.shutdown().await;
        let mut answers = Vec::new();
        let _ = read.read_to_end(&mut answers).await;
        answers
    };
    let (_, answers) = tokio::join!(talk, speak);
    let taken = house.0.lock().expect("nobody holds it").clone();
    (answers, taken)
}

/// Says it by both protocols.
pub fn holds(bytes: &[u8]) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    for protocol in [Protocol::Smtp, Protocol::Lmtp] {
        let (answers, taken) = runtime.block_on(said(protocol, bytes));
        let answers = String::from_utf8(answers).expect("answers are text");
        assert!(answers.starts_with("220 ") && answers.ends_with("\r\n"), "no greeting, or an answer without its end");
        for line in answers.split("\r\n").filter(|line| !line.is_empty()) {
            let code = line.get(..3).is_some_and(|code| code.bytes().all(|byte| byte.is_ascii_digit()));
            assert!(code && matches!(line.as_bytes().get(3), Some(b' ' | b'-')), "no answer: {line:?}");
            assert!(!line.contains(['\r', '\n', '\0']) && line.len() <= 512, "an answer that is none: {line:?}");
        }
        for (recipient, raw) in taken {
            assert_eq!(recipient, "reply@house.example", "taken for an address that was refused");
            // What the listener writes on top has its own room.
            assert!(raw.len() <= LETTER + 2_000, "{} octets", raw.len());
            let whole = raw.iter().enumerate().all(|(at, byte)| match byte {
                b'\n' => at > 0 && raw[at - 1] == b'\r',
                b'\r' => raw.get(at + 1) == Some(&b'\n'),
                _ => true,
            });
            // A mail server of the school's own, which speaks LMTP, has looked.
            assert!(whole || protocol == Protocol::Lmtp, "a bare line end was taken: {}", raw.escape_ascii());
        }
    }
}
