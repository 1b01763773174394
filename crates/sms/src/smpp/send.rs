//! One text on its way out: its messages one after the other, each answered before the next leaves, so that what is refused or
//! cut leaves as little of a text behind as can be.

use super::pdu::{Body, tag};
use super::session::{Answer, Out, Stage, Submission, WayOut};
use super::text::{self, Message};
use super::{Smpp, fault, known};
use domain::carrier::*;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep, timeout_at};

/// How long a later part waits when the center says "too fast".
const BREATH: Duration = Duration::from_secs(1);

/// A text under way; dropped with whoever waits for it.
struct UnderWay<'a> {
    link: &'a Smpp,
    text: u64,
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.link.known().end(self.text);
        self.link.answered.notify_one();
    }
}

impl Smpp {
    /// Sends one text.
    pub(super) async fn one(&self, outgoing: &Outgoing) -> SendResult {
        match self.whole(outgoing).await {
            Ok(accepted) => SendResult::Accepted(accepted),
            Err(why) => SendResult::Fault(why),
        }
    }

    async fn whole(&self, outgoing: &Outgoing) -> Result<Accepted, SendFault> {
        let (Destination::Phone(to), Content::Text(words)) = (&outgoing.to, &outgoing.content) else {
            return Err(SendFault::NotMade);
        };
        let end = Instant::now() + self.settings.limits.slowest;
        let reference = self.reference.fetch_add(1, Ordering::Relaxed);
        let (messages, segments) =
            text::messages(words.reveal(), self.settings.long, self.settings.tables, reference).ok_or(SendFault::NotMade)?;
        let text = self.known().begin(outgoing.reference(), to.reveal(), messages.len());
        let _under_way = UnderWay { link: self, text };
        let mut provider_ids = Vec::with_capacity(messages.len());
        for (part, message) in (0..).zip(&messages) {
            let body = self.body(outgoing, to.reveal(), message);
            let id = loop {
                match self.submit(&body, outgoing, (text, part), end).await {
                    // Its first parts are with the center: the text is not refused for a moment's haste.
                    Err(SendFault::Throttled { .. }) if part > 0 && Instant::now() + BREATH < end => sleep(BREATH).await,
                    other => break other?,
                }
            };
            provider_ids.push(self.named(&known::canonical(&id, self.settings.ids)));
        }
        Ok(Accepted { provider_ids, segments: Some(segments) })
    }

    /// The body of `submit_sm` (SMPP 3.4 section 4.4.1).
    pub(super) fn body(&self, outgoing: &Outgoing, to: &str, message: &Message) -> Vec<u8> {
        let settings = &self.settings;
        let validity = validity(outgoing.useful_until.seconds() - (self.moment)().now.seconds());
        let body = Body::default().string("").octets(&[settings.source_ton, settings.source_npi]);
        let body = body.string(outgoing.from.trim_start_matches('+')).octets(&[1, 1]).string(to.trim_start_matches('+'));
        let body = body.octets(&[message.esm_class, 0, 0]).string("").string(&validity);
        // A receipt for success and failure; nothing is replaced.
        let body = body.octets(&[1, 0, message.data_coding, 0]);
        match u8::try_from(message.octets.len()) {
            Ok(length) if !message.payload => body.octets(&[length]).octets(&message.octets),
            _ => body.octets(&[0]).option(tag::MESSAGE_PAYLOAD, &message.octets),
        }
        .0
    }

    /// Sends one message and waits for its answer: the center's id.
    async fn submit(&self, body: &[u8], outgoing: &Outgoing, (text, part): (u64, u16), end: Instant) -> Result<String, SendFault> {
        let not_sent = |why: &str| SendFault::NotSent(why.into());
        let crowded = |_| not_sent("too much was under way: it is queued again");
        let _place = timeout_at(end, self.window.acquire()).await.map_err(crowded)?.map_err(|_| not_sent("the link is closing"))?;
        timeout_at(end, self.pace.turn()).await.map_err(crowded)?;
        let (answer, heard) = oneshot::channel();
        let stage = Arc::new(Stage::default());
        let submission = Submission { body: body.to_vec(), stage: stage.clone(), before: outgoing.begin_before, text, part, answer };
        let gone = |_| not_sent("the link to the message center was cut");
        self.open(end).await?.send(Out::Submission(submission)).map_err(gone)?;
        let patience = end.min(Instant::now() + self.settings.limits.answer);
        let Answer { status, id } = match timeout_at(patience, heard).await {
            Ok(Ok(answer)) => answer,
            _ if stage.give_up() => return Err(not_sent("its turn did not come: it is queued again")),
            Ok(Err(_)) => return Err(SendFault::Unclear("the link was cut before the message center answered".into())),
            Err(_) => return Err(SendFault::Unclear("the message center did not answer in time".into())),
        };
        match fault::of_submit(status) {
            _ if status == fault::OK && !id.is_empty() => Ok(id),
            _ if status == fault::OK => Err(SendFault::Garbled("the message center gave no id".into())),
            why => {
                if matches!(why, SendFault::Throttled { .. }) {
                    self.pace.pause(BREATH).await;
                }
                Err(why)
            }
        }
    }

    /// The way to the session; a link that is about to connect is waited for a little.
    async fn open(&self, end: Instant) -> Result<tokio::sync::mpsc::UnboundedSender<Out>, SendFault> {
        let mut state = self.way_out.subscribe();
        let soon = end.min(Instant::now() + Duration::from_secs(5));
        let found = timeout_at(soon, state.wait_for(|state| !matches!(state, WayOut::Waiting))).await;
        match found.ok().and_then(Result::ok).as_deref() {
            Some(WayOut::Open(out)) => Ok(out.clone()),
            Some(WayOut::Closed(why)) => Err(why.clone()),
            _ => Err(SendFault::NotSent("the link to the message center is not up".into())),
        }
    }
}

/// Time from now as SMPP writes it (section 7.1.1): years, months, days, hours, minutes, seconds, `000R`. At most thirty days.
fn validity(seconds: i64) -> String {
    let left = seconds.clamp(60, 30 * 86_400);
    format!("0000{:02}{:02}{:02}{:02}000R", left / 86_400, left / 3600 % 24, left / 60 % 60, left % 60)
}
