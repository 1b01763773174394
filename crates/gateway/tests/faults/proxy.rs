//! A bad line of our own, between Homeword and whatever answers it: late, cut after so many bytes, reset, silent, dripping.
//! Faults are done to the answers. Knows no protocol.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;

/// What is done to answers from now on, on open connections too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// Each piece waits first.
    Delay(Duration),
    /// The first connection passes on no byte of an answer and ends, the next one byte, up to so many; then from nothing again.
    CutEach(usize),
    /// Ends after so many bytes without a farewell: the other side reads a reset.
    Reset(usize),
    /// Takes everything, gives nothing, stays open: nobody is told that the other side is gone.
    Silent,
    /// Connections that are open now are silent for good; new ones are good.
    Forgotten,
    /// A byte at a time.
    Drip(Duration),
}

/// What stands behind it.
pub enum Behind {
    /// An address.
    Tcp(String),
    /// A socket in the file system.
    Unix(PathBuf),
}

struct Line {
    behind: Behind,
    /// The next connection's place to cut.
    cut: AtomicUsize,
    passed: AtomicUsize,
}

/// See the module.
pub struct Proxy {
    /// Where it listens.
    pub address: String,
    line: Arc<Line>,
    fault: watch::Sender<Fault>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Proxy {
    /// In front of something; no fault yet.
    pub async fn start(behind: Behind) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let line = Arc::new(Line { behind, cut: AtomicUsize::new(0), passed: AtomicUsize::new(0) });
        let (fault, hears) = watch::channel(Fault::None);
        let shared = line.clone();
        let task = tokio::spawn(async move {
            // Dropped with this task, each connection ends with it.
            let mut open = tokio::task::JoinSet::new();
            loop {
                tokio::select! {
                    Ok((stream, _)) = listener.accept() => { open.spawn(connection(stream, shared.clone(), hears.clone())); }
                    Some(_) = open.join_next() => {}
                }
            }
        });
        Proxy { address, line, fault, task }
    }

    /// From now on.
    pub fn set(&self, fault: Fault) {
        self.fault.send_replace(fault);
    }

    /// Bytes of answers that went through.
    pub fn passed(&self) -> usize {
        self.line.passed.load(Ordering::SeqCst)
    }

    /// Connections that were given a place to be cut at.
    pub fn cuts(&self) -> usize {
        self.line.cut.load(Ordering::SeqCst)
    }
}

async fn connection(mut near: TcpStream, line: Arc<Line>, hears: watch::Receiver<Fault>) {
    let _ = near.set_nodelay(true);
    match &line.behind {
        Behind::Tcp(address) => {
            let Ok(mut far) = TcpStream::connect(address).await else { return };
            let _ = far.set_nodelay(true);
            talk(&mut near, far.split(), &line, hears).await;
        }
        Behind::Unix(path) => {
            let Ok(mut far) = UnixStream::connect(path).await else { return };
            talk(&mut near, far.split(), &line, hears).await;
        }
    }
}

async fn talk<R: AsyncRead + Unpin, W: AsyncWrite + Unpin>(
    near: &mut TcpStream,
    far: (R, W),
    line: &Line,
    mut hears: watch::Receiver<Fault>,
) {
    // One that begins after others were forgotten is good.
    let mut fault = *hears.borrow_and_update();
    if fault == Fault::Forgotten {
        fault = Fault::None;
    }
    let (mut answers, mut questions) = far;
    let reset = {
        let (mut read, mut write) = near.split();
        let mut left = most(fault, line);
        let (mut question, mut answer) = (vec![0; 16 * 1024], vec![0; 16 * 1024]);
        loop {
            let silent = matches!(fault, Fault::Silent | Fault::Forgotten);
            tokio::select! {
                changed = hears.changed() => {
                    let next = *hears.borrow_and_update();
                    // Nothing brings a forgotten one back.
                    if changed.is_err() {
                        break false;
                    } else if fault != Fault::Forgotten {
                        fault = next;
                        left = most(fault, line);
                    }
                }
                count = read.read(&mut question), if !silent => {
                    let count = count.unwrap_or_default();
                    if count == 0 || questions.write_all(&question[..count]).await.is_err() {
                        break false;
                    }
                }
                count = answers.read(&mut answer), if !silent => {
                    let count = count.unwrap_or_default();
                    let may = count.min(left);
                    if let Fault::Delay(time) = fault {
                        tokio::time::sleep(time).await;
                    }
                    let piece = if let Fault::Drip(_) = fault { 1 } else { may.max(1) };
                    let mut gone = count == 0;
                    for part in answer[..may].chunks(piece) {
                        if let Fault::Drip(time) = fault {
                            tokio::time::sleep(time).await;
                        }
                        gone |= write.write_all(part).await.is_err();
                        line.passed.fetch_add(part.len(), Ordering::SeqCst);
                    }
                    left -= may;
                    if gone || left == 0 {
                        break matches!(fault, Fault::Reset(_));
                    }
                }
            }
        }
    };
    if reset {
        let _ = near.set_zero_linger();
    }
}

/// How many bytes of answers a connection passes on.
fn most(fault: Fault, line: &Line) -> usize {
    match fault {
        Fault::CutEach(longest) => line.cut.fetch_add(1, Ordering::SeqCst) % (longest + 1),
        Fault::Reset(most) => most,
        _ => usize::MAX,
    }
}
