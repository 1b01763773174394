//! What the center delivers: read, handed to the sink in batches, and acknowledged when the sink has committed it.
//!
//! A receipt may come before the answer to its own submission. It then waits here, unacknowledged, until every submission that
//! was under way when it came has been answered or given up; after that it goes out with the center's id alone.

use super::known::About;
use super::pdu::{Delivered, Number};
use super::receipt::{self, Receipt};
use super::repeats::Print;
use super::session::Shared;
use super::{Heard, Smpp, fault, text};
use domain::carrier::Event;
use domain::mask::{Body, Phone};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};

/// The most that is handed to the sink at once.
const BATCH: usize = 100;
/// The most characters of a number.
const LONGEST_NUMBER: usize = 64;
/// After so many refusals in a row the rest of a batch is not tried.
const MOST_REFUSED: usize = 3;
/// The most receipts that wait; later ones do not.
const MOST_HELD: usize = 5000;

/// A delivery to be acknowledged.
pub(super) struct Delivery {
    /// The command and number of its answer.
    pub answer: u32,
    pub sequence: u32,
    pub print: Print,
    pub delivered: Delivered,
}

/// A receipt that waits.
struct Held {
    delivery: Delivery,
    receipt: Receipt,
    mark: u64,
    until: Instant,
}

/// Runs with the session.
pub(super) async fn take(link: &Smpp, shared: &Shared, mut deliveries: mpsc::Receiver<Delivery>) {
    let mut held: Vec<Held> = Vec::new();
    loop {
        let mut batch = Vec::new();
        tokio::select! {
            count = deliveries.recv_many(&mut batch, BATCH) => if count == 0 { return },
            () = link.answered.notified(), if !held.is_empty() => {}
            () = sleep(Duration::from_millis(500)), if !held.is_empty() => {}
        }
        let mut ready = Vec::new();
        for one in std::mem::take(&mut held) {
            if link.may_go(&one) {
                ready.push((link.settled(&one.delivery, &one.receipt), one.delivery));
            } else {
                held.push(one);
            }
        }
        for delivery in batch {
            if !receipt::is_receipt(&delivery.delivered) {
                ready.push((link.incoming(&delivery), delivery));
                continue;
            }
            let Some(receipt) = receipt::read(&delivery.delivered) else {
                ready.push((link.unreadable(&delivery), delivery));
                continue;
            };
            let one = Held { mark: link.known().mark(), until: Instant::now() + link.settings.limits.hold, delivery, receipt };
            if held.len() >= MOST_HELD || link.may_go(&one) {
                ready.push((link.settled(&one.delivery, &one.receipt), one.delivery));
            } else {
                held.push(one);
            }
        }
        commit(link, shared, ready).await;
    }
}

/// Hands a batch to the sink; one that is not taken must not hold the others.
async fn commit(link: &Smpp, shared: &Shared, ready: Vec<(Heard, Delivery)>) {
    if ready.is_empty() {
        return;
    }
    let answer = |delivery: &Delivery, taken: bool| {
        if taken {
            link.repeats().acknowledged(&delivery.print, (link.moment)().now);
        }
        let status = if taken { fault::OK } else { fault::TRY_AGAIN };
        shared.write(delivery.answer, status, delivery.sequence, &[0]);
    };
    if link.sink.take(ready.iter().map(|(heard, _)| heard.clone()).collect()).await.is_ok() {
        ready.iter().for_each(|(_, delivery)| answer(delivery, true));
        return;
    }
    // Each by itself, until it is plain that nothing is taken.
    let mut refused = if ready.len() == 1 { MOST_REFUSED } else { 0 };
    for (heard, delivery) in ready {
        let taken = refused < MOST_REFUSED && link.sink.take(vec![heard]).await.is_ok();
        refused = if taken { 0 } else { refused + 1 };
        answer(&delivery, taken);
    }
}

impl Smpp {
    fn may_go(&self, held: &Held) -> bool {
        let known = self.known();
        let phones = [held.delivery.delivered.from.digits.as_str(), held.delivery.delivered.to.digits.as_str()];
        known.knows(&held.receipt, self.settings.ids, phones) || known.answered(held.mark) || Instant::now() >= held.until
    }

    /// A receipt as an event.
    pub(super) fn settled(&self, delivery: &Delivery, receipt: &Receipt) -> Heard {
        let Delivered { from, to, .. } = &delivery.delivered;
        let phones = [from.digits.as_str(), to.digits.as_str()];
        let About { reference, id, kind } = self.known().about(receipt, self.settings.ids, phones);
        let provider_id = self.named(&id);
        let key = short(format!("{provider_id}:{}:{}", receipt.state, receipt.done));
        let event = Event::Receipt {
            ours: Some(self.phone(to)),
            key,
            reference,
            provider_id,
            kind,
            code: receipt.reason(),
            fault: receipt.fault(),
        };
        Heard { event, ours: self.phone(to) }
    }

    fn unreadable(&self, delivery: &Delivery) -> Heard {
        Heard { event: Event::Ignored("a receipt without an id or a state"), ours: self.phone(&delivery.delivered.to) }
    }

    /// A family's text as an event.
    pub(super) fn incoming(&self, delivery: &Delivery) -> Heard {
        let Delivered { from, to, octets, .. } = &delivery.delivered;
        if from.digits.is_empty() && octets.is_empty() {
            return Heard { event: Event::Ignored("a delivery without a number and a text"), ours: self.phone(to) };
        }
        let (words, part) = text::read(&delivery.delivered);
        let key = self.named(&self.repeats().key(delivery.print, (self.moment)().now));
        let (from, ours) = (self.phone(from), self.phone(to));
        let (media, text) = (Vec::new(), Body::from(words));
        let event = Event::Incoming { key, from, to: ours.clone(), text, media, carrier_answered: false, part };
        Heard { event, ours }
    }

    /// A number in E.164: international as it is; national with the configured code before it and without its leading zeros; of
    /// an unknown type as international, unless a code is configured and it begins with a zero. Short numbers and names stay.
    fn phone(&self, number: &Number) -> Phone {
        let country = self.settings.country.as_str();
        let whole = number.digits.trim();
        // An address has 20 octets at most (SMPP 3.4 section 5.2.9); a center that sends more is read as far as an index takes it.
        let digits = whole.char_indices().nth(LONGEST_NUMBER).map_or(whole, |(end, _)| &whole[..end]);
        let bare = digits.strip_prefix('+').or_else(|| digits.strip_prefix("00")).unwrap_or(digits);
        let all_digits = !bare.is_empty() && bare.bytes().all(|octet| octet.is_ascii_digit());
        if !all_digits || bare.len() <= 6 {
            return Phone::from(digits);
        }
        let marked = bare.len() != digits.len();
        let national = !marked && !country.is_empty() && (number.ton == 2 || (number.ton != 1 && bare.starts_with('0')));
        Phone::from(if national { format!("+{country}{}", bare.trim_start_matches('0')) } else { format!("+{bare}") })
    }
}

/// A key fits the store's column.
fn short(key: String) -> String {
    key.chars().take(200).collect()
}
