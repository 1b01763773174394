//! An IMAP server of one mailbox, with what our reader asks for and one bad moment at a time.

use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// What happens once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bad {
    RefusesFetch,
    RefusesSearch,
    CutsInLetter,
    CutsInIdle,
    SaysNothing,
    SaysBye,
    LetsNobodyIn,
    RefusesFolder,
    RefusesToken,
}

#[derive(Default)]
struct Folder {
    validity: u32,
    letters: Vec<(u32, Vec<u8>)>,
    next: u32,
    /// There when it is looked for, gone when it is fetched.
    vanishing: Vec<u32>,
    bad: Option<Bad>,
    said: Vec<String>,
}

/// See the module.
pub struct Server {
    pub port: u16,
    folder: Arc<Mutex<Folder>>,
    changed: Arc<Notify>,
}

impl Server {
    pub async fn start() -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let folder = Arc::new(Mutex::new(Folder { validity: 7, next: 40, ..Folder::default() }));
        let changed = Arc::new(Notify::new());
        let server = Server { port, folder: folder.clone(), changed: changed.clone() };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (folder, changed) = (folder.clone(), changed.clone());
                tokio::spawn(async move {
                    let _ = talk(stream, folder, changed).await;
                });
            }
        });
        server
    }

    pub fn put(&self, words: &str) {
        let mut folder = self.folder.lock().expect("a folder");
        let uid = folder.next;
        folder.next += 3;
        let head = "Return-Path: <rosa@families.example>\r\nDelivered-To: reply+abc@maple.example\r\nTo: Office <office@maple.example>";
        folder.letters.push((uid, format!("{head}\r\n\r\n{words}").into_bytes()));
        drop(folder);
        self.changed.notify_waiters();
    }

    pub fn vanish(&self) {
        let mut folder = self.folder.lock().expect("a folder");
        let uid = folder.next;
        folder.next += 3;
        folder.letters.push((uid, b"gone".to_vec()));
        folder.vanishing.push(uid);
    }

    pub fn renumber(&self) {
        let mut folder = self.folder.lock().expect("a folder");
        folder.validity += 1;
        for (at, letter) in folder.letters.iter_mut().enumerate() {
            letter.0 = at as u32 + 1;
        }
        folder.next = folder.letters.len() as u32 + 1;
    }

    pub fn once(&self, bad: Bad) {
        self.folder.lock().expect("a folder").bad = Some(bad);
    }

    pub fn said(&self) -> Vec<String> {
        self.folder.lock().expect("a folder").said.clone()
    }
}

async fn talk(stream: TcpStream, folder: Arc<Mutex<Folder>>, changed: Arc<Notify>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"* OK here\r\n").await?;
    let mut line = String::new();
    while read(&mut stream, &mut line).await? {
        let (tag, command) = line.split_once(' ').unwrap_or(("", &line));
        let (tag, command) = (tag.to_owned(), command.to_owned());
        let happens = {
            let mut folder = folder.lock().expect("a folder");
            folder.said.push(command.clone());
            let of = |bad: Bad| match bad {
                Bad::RefusesFetch | Bad::CutsInLetter => command.starts_with("UID FETCH"),
                Bad::RefusesSearch => command.starts_with("UID SEARCH"),
                Bad::CutsInIdle => command.starts_with("IDLE"),
                Bad::SaysNothing | Bad::SaysBye | Bad::RefusesFolder => command.starts_with("EXAMINE"),
                Bad::LetsNobodyIn => command.starts_with("LOGIN"),
                Bad::RefusesToken => command.starts_with("AUTHENTICATE"),
            };
            folder.bad.take_if(|bad| of(*bad))
        };
        let mut answer = match happens {
            Some(Bad::RefusesFetch | Bad::RefusesSearch | Bad::RefusesFolder) => format!("{tag} NO [SERVERBUG] later\r\n").into_bytes(),
            Some(Bad::LetsNobodyIn) => format!("{tag} NO [UNAVAILABLE] the database of users is away\r\n").into_bytes(),
            Some(Bad::SaysNothing) => Vec::new(),
            Some(Bad::CutsInIdle) => return stream.write_all(b"+ idling\r\n").await,
            Some(Bad::SaysBye) => return stream.write_all(b"* BYE shutting down\r\n").await,
            Some(Bad::RefusesToken) => {
                stream.write_all(b"+ \r\n").await?;
                read(&mut stream, &mut line).await?;
                // {"status":"400"}
                stream.write_all(b"+ eyJzdGF0dXMiOiI0MDAifQ==\r\n").await?;
                read(&mut stream, &mut line).await?;
                assert_eq!(line, "", "the second challenge wants an empty answer");
                format!("{tag} NO [AUTHENTICATIONFAILED] invalid credentials\r\n").into_bytes()
            }
            Some(Bad::CutsInLetter) | None => Vec::new(),
        };
        if happens.is_none() && command.starts_with("IDLE") {
            let heard = changed.notified();
            stream.write_all(b"+ idling\r\n* OK Still here\r\n").await?;
            tokio::select! {
                () = heard => {
                    stream.write_all(b"* 1 EXISTS\r\n").await?;
                    read(&mut stream, &mut line).await?;
                }
                _ = read(&mut stream, &mut line) => {}
            }
            if line.is_empty() {
                return Ok(());
            }
            folder.lock().expect("a folder").said.push(line.clone());
            answer = format!("{tag} OK done\r\n").into_bytes();
        } else if happens.is_none() && command.starts_with("AUTHENTICATE XOAUTH2") {
            stream.write_all(b"+ \r\n").await?;
            read(&mut stream, &mut line).await?;
            folder.lock().expect("a folder").said.push(line.clone());
            answer = format!("{tag} OK in\r\n").into_bytes();
        } else if matches!(happens, None | Some(Bad::CutsInLetter)) {
            answer = answered(&tag, &command, &folder);
        }
        if happens == Some(Bad::CutsInLetter) {
            return stream.write_all(&answer[..answer.len() / 2]).await;
        }
        stream.write_all(&answer).await?;
    }
    Ok(())
}

async fn read(stream: &mut BufReader<TcpStream>, line: &mut String) -> std::io::Result<bool> {
    line.clear();
    let count = stream.read_line(line).await?;
    line.truncate(line.trim_end_matches(['\r', '\n']).len());
    Ok(count > 0)
}

fn answered(tag: &str, command: &str, folder: &Arc<Mutex<Folder>>) -> Vec<u8> {
    let folder = folder.lock().expect("a folder");
    let words: Vec<&str> = command.split(' ').collect();
    let known: Vec<u32> = folder.letters.iter().map(|(uid, _)| *uid).collect();
    let list = |found: &[u32]| found.iter().map(u32::to_string).collect::<Vec<_>>().join(" ");
    let done = match words[..] {
        ["CAPABILITY"] => "* CAPABILITY IMAP4rev1 IDLE\r\n".to_owned(),
        ["LOGIN", .., "\"wrong\""] => return format!("{tag} NO [AUTHENTICATIONFAILED] wrong\r\n").into_bytes(),
        ["LOGIN", ..] => String::new(),
        ["EXAMINE", "\"INBOX\""] => {
            let Folder { validity, next, .. } = *folder;
            format!("* {} EXISTS\r\n* OK [UIDVALIDITY {validity}] valid\r\n* OK [UIDNEXT {next}] next\r\n", known.len())
        }
        ["EXAMINE", ..] => return format!("{tag} NO [NONEXISTENT] no such folder\r\n").into_bytes(),
        // As RFC 3501 has it: "n:*" always has the last letter in it.
        ["UID", "SEARCH", "UID", range] => {
            let first: u32 = range.strip_suffix(":*").and_then(|first| first.parse().ok()).expect("n:*");
            let found: Vec<u32> = known.iter().copied().filter(|uid| *uid >= first || Some(uid) == known.last()).rev().collect();
            format!("* SEARCH {}\r\n", list(&found))
        }
        ["UID", "SEARCH", "SINCE", _] => format!("* SEARCH {}\r\n", list(&known)),
        ["UID", "FETCH", uid, ..] => {
            let uid: u32 = uid.parse().expect("a number");
            let most: usize = command.split_once("<0.").and_then(|(_, rest)| rest.trim_end_matches(">)").parse().ok()).expect("a length");
            let at = known.iter().position(|known| *known == uid).filter(|_| !folder.vanishing.contains(&uid));
            // Somebody else's flag, in between.
            let mut answer = b"* 9 FETCH (FLAGS (\\Seen))\r\n".to_vec();
            if let Some(at) = at {
                let raw = &folder.letters[at].1;
                let raw = &raw[..raw.len().min(most)];
                answer.extend(format!("* {} FETCH (UID {uid} BODY[]<0> {{{}}}\r\n", at + 1, raw.len()).bytes());
                answer.extend(raw);
                answer.extend(b")\r\n");
            }
            answer.extend(format!("{tag} OK done\r\n").bytes());
            return answer;
        }
        _ => return format!("{tag} BAD what\r\n").into_bytes(),
    };
    format!("{done}{tag} OK done\r\n").into_bytes()
}
