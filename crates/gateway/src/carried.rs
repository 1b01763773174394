//! A carrier as the gateway wires it: its answers are counted under the company's name, which no flow knows, and nothing new
//! is begun once the process was asked to end. What was not begun goes back to the queue, for whoever claims it next.

use crate::ending::Ending;
use crate::metrics::Metrics;
use domain::carrier::*;
use domain::people::Channel;
use std::sync::Arc;
use std::time::Duration;

/// See the module.
pub struct Carried {
    /// The carrier itself.
    pub inner: Arc<dyn Carrier>,
    /// The account with a company, or the protocol, as metrics call it.
    pub account: String,
    /// What it carries.
    pub channel: Channel,
    /// Where answers are counted.
    pub metrics: Arc<Metrics>,
    /// Whether the end was asked for.
    pub ending: Ending,
}

/// "Not begun": unlike a fault of the carrier it never uses up the attempts of a row.
fn later() -> SendResult {
    SendResult::Fault(SendFault::Throttled { after: Some(Duration::from_secs(1)) })
}

fn outcome(result: &SendResult) -> &'static str {
    match result {
        SendResult::Accepted(_) => "accepted",
        SendResult::Fault(SendFault::Config(_)) => "config",
        SendResult::Fault(SendFault::BadAddress(_)) => "bad-address",
        SendResult::Fault(SendFault::OptedOut) => "opted-out",
        SendResult::Fault(SendFault::Refused { .. }) => "refused",
        SendResult::Fault(SendFault::Throttled { .. }) => "throttled",
        SendResult::Fault(SendFault::NotSent(_) | SendFault::Lost) => "not-sent",
        SendResult::Fault(SendFault::NotMade) => "not-made",
        SendResult::Fault(SendFault::Unclear(_)) => "unclear",
        SendResult::Fault(SendFault::Garbled(_)) => "garbled",
    }
}

#[async_trait::async_trait]
impl Carrier for Carried {
    fn abilities(&self) -> Abilities {
        self.inner.abilities()
    }

    async fn send(&self, set: &[Outgoing]) -> Vec<SendResult> {
        if self.ending.begun() {
            return set.iter().map(|_| later()).collect();
        }
        let results = self.inner.send(set).await;
        let ending = self.ending.begun();
        let told = |result: SendResult| {
            // While the end waits, the client says "not sent" of calls it did not begin.
            let result = if ending && matches!(result, SendResult::Fault(SendFault::NotSent(_))) { later() } else { result };
            self.metrics.carried(&self.account, self.channel, outcome(&result));
            result
        };
        results.into_iter().map(told).collect()
    }

    async fn find(&self, attempts: &[Attempted]) -> Vec<Found> {
        if self.ending.begun() { vec![Found::Unclear; attempts.len()] } else { self.inner.find(attempts).await }
    }

    fn answers_calls(&self) -> bool {
        self.inner.answers_calls()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{DeliveryId, DistrictId, SenderId, Time};
    use std::sync::Mutex;
    use tokio::sync::watch;

    /// Was called so often; asks for the end in the middle of a call.
    struct Cut {
        asked: watch::Sender<u8>,
        calls: Mutex<usize>,
    }

    #[async_trait::async_trait]
    impl Carrier for Cut {
        fn abilities(&self) -> Abilities {
            Abilities { repeat: Repeat::LookUp, receipts: true, longest: 0, capacity: Capacity::default(), slowest: Duration::from_secs(1) }
        }
        async fn send(&self, set: &[Outgoing]) -> Vec<SendResult> {
            *self.calls.lock().expect("one at a time") += 1;
            self.asked.send_replace(1);
            let not_begun = SendResult::Fault(SendFault::NotSent("this node is ending".into()));
            set.iter().map(|one| if one.attempt == 1 { SendResult::Accepted(Accepted::default()) } else { not_begun.clone() }).collect()
        }
        async fn find(&self, attempts: &[Attempted]) -> Vec<Found> {
            vec![Found::Absent; attempts.len()]
        }
    }

    fn outgoing(attempt: i16) -> Outgoing {
        Outgoing {
            district: DistrictId(1),
            delivery: DeliveryId(2),
            attempt,
            sender: SenderId(3),
            from: "+1".into(),
            to: Destination::Phone("+1".into()),
            content: Content::Text("text".into()),
            useful_until: Time(0),
            begin_before: Time::NEVER,
        }
    }

    #[tokio::test]
    async fn what_the_end_cut_off_uses_up_no_attempt_and_nothing_is_looked_up_or_begun() {
        let (asked, ending) = Ending::by_hand();
        let inner = Arc::new(Cut { asked, calls: Mutex::default() });
        let carried = Carried { inner: inner.clone(), account: "twilio".into(), channel: Channel::Sms, metrics: Arc::default(), ending };
        // The eighth attempt is the last one: as a fault of the carrier it would be given up.
        let set = [outgoing(1), outgoing(8)];
        assert_eq!(carried.send(&set).await, [SendResult::Accepted(Accepted::default()), later()]);
        assert_eq!(carried.send(&set).await, [later(), later()]);
        assert_eq!(*inner.calls.lock().expect("one at a time"), 1);
        assert_eq!(carried.find(&[Attempted { outgoing: outgoing(1), at: Time(0) }]).await, [Found::Unclear], "absent would send it again");
    }
}
