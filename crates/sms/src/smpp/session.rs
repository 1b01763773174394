//! One session: connect, sign in, read and write until it ends. All of it is one future, so that nothing of it outlives it.
//!
//! Who waits for an answer holds the other end of the submission's channel. When the session ends, that end closes; whether the
//! submission had been written by then, its [`Stage`] says.

use super::connect::{Stream, connect};
use super::pdu::{self, Body, Delivered, Frame, HEADER, command};
use super::{Smpp, fault, intake};
use domain::Time;
use domain::carrier::SendFault;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Duration, sleep, timeout};

/// What a session is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Transceiver,
    Transmitter,
    Receiver,
}

impl Role {
    pub fn sends(self) -> bool {
        self != Self::Receiver
    }
    fn bind(self) -> u32 {
        match self {
            Self::Transceiver => command::BIND_TRANSCEIVER,
            Self::Transmitter => command::BIND_TRANSMITTER,
            Self::Receiver => command::BIND_RECEIVER,
        }
    }
}

/// How a session ended.
pub(super) enum End {
    Stopped,
    Fault(SendFault),
}

/// Where submissions go.
#[derive(Clone)]
pub(super) enum WayOut {
    /// Not connected yet.
    Waiting,
    Open(mpsc::UnboundedSender<Out>),
    Closed(SendFault),
}

/// What is to be written.
pub(super) enum Out {
    Submission(Submission),
    /// An answer or a question of the session's own.
    Frame(Vec<u8>),
}

/// A message on its way out.
pub(super) struct Submission {
    pub body: Vec<u8>,
    pub stage: Arc<Stage>,
    /// It must begin before this.
    pub before: Time,
    /// The number of its text, and which part it is.
    pub text: u64,
    pub part: u16,
    pub answer: oneshot::Sender<Answer>,
}

/// A center's answer.
pub(super) struct Answer {
    pub status: u32,
    pub id: String,
}

/// How far a submission came. Only what is begun or whole may have been taken.
#[derive(Default)]
pub(super) struct Stage(AtomicU8);

impl Stage {
    const WAITS: u8 = 0;
    const BEGUN: u8 = 1;
    /// Given up, or not written whole: nobody can have read it.
    const NOT: u8 = 2;

    /// The writer takes it, unless it was given up.
    fn begin(&self) -> bool {
        self.0.compare_exchange(Self::WAITS, Self::BEGUN, Ordering::SeqCst, Ordering::SeqCst).is_ok()
    }
    fn broken_off(&self) {
        self.0.store(Self::NOT, Ordering::SeqCst);
    }
    /// Whoever waits gives it up. True: it has not been and will not be sent.
    pub fn give_up(&self) -> bool {
        self.0.compare_exchange(Self::WAITS, Self::NOT, Ordering::SeqCst, Ordering::SeqCst).is_ok()
            || self.0.load(Ordering::SeqCst) == Self::NOT
    }
}

/// A submission that was written.
struct Pending {
    text: u64,
    part: u16,
    answer: oneshot::Sender<Answer>,
}

/// What a session's futures share.
pub(super) struct Shared {
    pub out: mpsc::UnboundedSender<Out>,
    delivered: mpsc::Sender<intake::Delivery>,
    pending: Mutex<HashMap<u32, Pending>>,
    sequence: AtomicU64,
    /// Frames heard: a center that says something is there.
    heard: AtomicU64,
    unbound: tokio::sync::Notify,
}

impl Shared {
    pub fn new(out: mpsc::UnboundedSender<Out>, delivered: mpsc::Sender<intake::Delivery>) -> Self {
        // 1 was the sign-in's.
        let (sequence, heard, unbound) = (AtomicU64::new(1), AtomicU64::new(0), tokio::sync::Notify::new());
        Self { out, delivered, pending: Mutex::default(), sequence, heard, unbound }
    }
    fn pending(&self) -> std::sync::MutexGuard<'_, HashMap<u32, Pending>> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// 1 … 0x7FFFFFFF, then from 1 again (SMPP 3.4 section 5.1.4).
    fn next(&self) -> u32 {
        (self.sequence.fetch_add(1, Ordering::Relaxed) % 0x7fff_ffff) as u32 + 1
    }
    /// Writes when its turn comes; a session that is over needs no answers.
    pub fn write(&self, command: u32, status: u32, sequence: u32, body: &[u8]) {
        let _ = self.out.send(Out::Frame(pdu::write(command, status, sequence, body)));
    }
}

/// One session from beginning to end; and whether it was signed in.
pub(super) async fn session(link: &Smpp, role: Role, stop: watch::Receiver<bool>) -> (End, bool) {
    let limits = link.settings.limits;
    let mut stopped = stop.clone();
    let signed_in = async {
        let late = |what: &str| SendFault::NotSent(format!("the message center did not answer: {what}"));
        let mut stream = timeout(limits.connect, connect(&link.settings)).await.map_err(|_| late("connection"))??;
        timeout(limits.connect, sign_in(link, role, &mut stream)).await.map_err(|_| late("sign-in"))??;
        Ok(stream)
    };
    let stream = tokio::select! {
        stream = signed_in => stream,
        _ = stopped.wait_for(|stop| *stop) => return (End::Stopped, false),
    };
    let stream = match stream {
        Ok(stream) => stream,
        Err(why) => return (End::Fault(why), false),
    };
    let (reading, writing) = tokio::io::split(stream);
    let (out, queue) = mpsc::unbounded_channel();
    let (delivered, deliveries) = mpsc::channel(1000);
    let shared = Shared::new(out.clone(), delivered);
    link.opened(role, out);
    let end = tokio::select! {
        end = read(link, &shared, reading) => end,
        end = write(link, &shared, queue, writing) => end,
        end = attend(link, &shared) => end,
        end = finish(link, &shared, role, stop) => end,
        () = intake::take(link, &shared, deliveries) => End::Stopped,
    };
    // Before what was queued is dropped: whoever comes now is told so.
    link.closed(role, SendFault::NotSent("the link to the message center was cut".into()));
    (end, true)
}

/// Signs in (SMPP 3.4 section 4.1).
async fn sign_in(link: &Smpp, role: Role, stream: &mut Box<dyn Stream>) -> Result<(), SendFault> {
    let cut = |_| SendFault::NotSent("the message center hung up at the sign-in".into());
    let settings = &link.settings;
    let body = Body::default().string(&settings.system_id).string(&settings.password).string(&settings.system_type);
    // Version 3.4; no type, plan or range of numbers: the center knows which are ours.
    let body = body.octets(&[0x34, 0, 0]).string("");
    stream.write_all(&pdu::write(role.bind(), fault::OK, 1, &body.0)).await.map_err(cut)?;
    stream.flush().await.map_err(cut)?;
    loop {
        let nonsense = || SendFault::NotSent("what answers there is no message center".into());
        let frame = frame(stream).await.map_err(cut)?.ok_or_else(nonsense)?;
        if frame.command == role.bind() | command::ANSWER || frame.command == command::GENERIC_NACK {
            return if frame.status == fault::OK { Ok(()) } else { Err(fault::of_bind(frame.status)) };
        }
    }
}

/// The next PDU; `None` where nobody knows where it ends.
pub(super) async fn frame(stream: &mut (impl AsyncRead + Unpin)) -> std::io::Result<Option<Frame>> {
    let mut octets = [0; HEADER];
    stream.read_exact(&mut octets).await?;
    let Some((length, mut frame)) = pdu::header(octets) else { return Ok(None) };
    frame.body = vec![0; length];
    stream.read_exact(&mut frame.body).await?;
    Ok(Some(frame))
}

fn cut(why: &str) -> End {
    End::Fault(SendFault::NotSent(why.into()))
}

async fn read(link: &Smpp, shared: &Shared, reading: impl AsyncRead + Unpin) -> End {
    let mut reading = tokio::io::BufReader::with_capacity(16 * 1024, reading);
    loop {
        let frame = match frame(&mut reading).await {
            Ok(Some(frame)) => frame,
            Ok(None) => return cut("the message center sent something that is no SMPP"),
            Err(_) => return cut("the message center hung up"),
        };
        shared.heard.fetch_add(1, Ordering::Relaxed);
        let answer = frame.command | command::ANSWER;
        match frame.command {
            command::ENQUIRE_LINK => shared.write(answer, fault::OK, frame.sequence, &[]),
            command::DELIVER_SM | command::DATA_SM => {
                let read = if frame.command == command::DELIVER_SM { Delivered::deliver_sm } else { Delivered::data_sm };
                let (print, delivered) = (super::repeats::print(&frame.body), read(&frame.body));
                let delivery = intake::Delivery { answer, sequence: frame.sequence, print, delivered };
                // More than we can take in: the center keeps it.
                if let Err(full) = shared.delivered.try_send(delivery) {
                    let delivery = full.into_inner();
                    shared.write(delivery.answer, fault::TRY_AGAIN, delivery.sequence, &[0]);
                }
            }
            command::UNBIND => {
                shared.write(answer, fault::OK, frame.sequence, &[]);
                // The answer must leave before the connection ends.
                sleep(Duration::from_millis(50)).await;
                return cut("the message center signed us out");
            }
            command::ALERT_NOTIFICATION | command::OUTBIND => {}
            command if command & command::ANSWER != 0 => answered(link, shared, &frame),
            _ => shared.write(command::GENERIC_NACK, fault::INVALID_COMMAND, frame.sequence, &[]),
        }
    }
}

/// An answer to something of ours. One to a submission nobody waits for any more is learned all the same: its receipt will name it.
fn answered(link: &Smpp, shared: &Shared, frame: &Frame) {
    if frame.command == command::UNBIND | command::ANSWER {
        shared.unbound.notify_one();
    }
    let submission = frame.command == command::SUBMIT_SM | command::ANSWER || frame.command == command::GENERIC_NACK;
    let pending = if submission { shared.pending().remove(&frame.sequence) } else { None };
    let Some(Pending { text, part, answer }) = pending else { return };
    let id = pdu::Fields(&frame.body).string();
    if frame.status == fault::OK && !id.is_empty() {
        link.known().learn(text, part, &id, link.settings.ids);
        link.answered.notify_one();
    }
    let status = if frame.command == command::GENERIC_NACK { frame.status.max(1) } else { frame.status };
    let _ = answer.send(Answer { status, id });
}

/// Writes what is queued. What was begun and not written whole is marked: half a PDU is none.
pub(super) async fn write(
    link: &Smpp,
    shared: &Shared,
    mut queue: mpsc::UnboundedReceiver<Out>,
    mut writing: impl AsyncWrite + Unpin,
) -> End {
    while let Some(out) = queue.recv().await {
        let (octets, stage) = match out {
            Out::Frame(octets) => (octets, None),
            Out::Submission(submission) => {
                // The last look at the clock: a machine may have slept.
                if (link.moment)().now >= submission.before || !submission.stage.begin() {
                    submission.stage.give_up();
                    continue;
                }
                let Submission { body, stage, text, part, answer, .. } = submission;
                let sequence = shared.next();
                let mut pending = shared.pending();
                if pending.len() > 4 * link.settings.window + 1000 {
                    pending.retain(|_, one| !one.answer.is_closed());
                }
                pending.insert(sequence, Pending { text, part, answer });
                (pdu::write(command::SUBMIT_SM, fault::OK, sequence, &body), Some(stage))
            }
        };
        let mut written = 0;
        let whole = timeout(link.settings.limits.answer, async {
            while written < octets.len() {
                match writing.write(&octets[written..]).await {
                    Ok(0) | Err(_) => return false,
                    Ok(count) => written += count,
                }
            }
            writing.flush().await.is_ok()
        });
        if !matches!(whole.await, Ok(true)) {
            if let Some(stage) = stage.filter(|_| written < octets.len()) {
                stage.broken_off();
            }
            return cut("nothing could be written to the message center");
        }
    }
    cut("the link was given up")
}

/// Asks from time to time whether the center is still there. Whatever it says meanwhile is an answer.
async fn attend(link: &Smpp, shared: &Shared) -> End {
    loop {
        sleep(link.settings.limits.enquire).await;
        let before = shared.heard.load(Ordering::Relaxed);
        shared.write(command::ENQUIRE_LINK, fault::OK, shared.next(), &[]);
        sleep(link.settings.limits.answer.min(link.settings.limits.enquire)).await;
        if shared.heard.load(Ordering::Relaxed) == before {
            return cut("the message center is silent");
        }
    }
}

/// Once the end is asked for: nothing new begins, what is under way may be answered, then we sign out.
async fn finish(link: &Smpp, shared: &Shared, role: Role, mut stop: watch::Receiver<bool>) -> End {
    let _ = stop.wait_for(|stop| *stop).await;
    link.closed(role, SendFault::NotSent("the link is being ended".into()));
    let _ = timeout(Duration::from_secs(5), async {
        while shared.pending().values().any(|one| !one.answer.is_closed()) {
            sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
    shared.write(command::UNBIND, fault::OK, shared.next(), &[]);
    let _ = timeout(Duration::from_secs(2), shared.unbound.notified()).await;
    End::Stopped
}
