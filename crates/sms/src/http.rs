//! The wrapper that runs a company's translator over the one client. Knows no company and no socket.
//!
//! A text that a company neither cuts nor joins goes in parts that say which they are. Then one delivery is several calls, and no
//! company knows that they belong together: once a part was taken the text is never begun again. What stops the rest leaves it
//! unclear, for a person; only haste is waited out. So whoever numbers is [`Repeat::Blind`], whatever else it could do.

use crate::text::{Limit, Numbered, numbered};
use domain::carrier::*;
use domain::wire::*;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// A text in parts may take as many times as long as one call.
const PARTS: u32 = 4;
/// How long a later part waits when the company says "too fast".
const BREATH: Duration = Duration::from_secs(1);

/// A company behind the waist.
pub struct HttpCarrier {
    provider: Arc<dyn SmsProvider>,
    wire: Arc<dyn Wire>,
    moment: Arc<dyn Fn() -> Moment + Send + Sync>,
    /// Calls under way at once, whatever the number of batches.
    places: Semaphore,
}

impl HttpCarrier {
    /// Wraps a translator; at most so many calls are under way at once.
    pub fn new(provider: Arc<dyn SmsProvider>, wire: Arc<dyn Wire>, moment: Arc<dyn Fn() -> Moment + Send + Sync>, at_once: usize) -> Self {
        Self { provider, wire, moment, places: Semaphore::new(at_once.max(1)) }
    }

    async fn one(&self, outgoing: &Outgoing) -> SendResult {
        let Ok(_place) = self.places.acquire().await else {
            return SendResult::Fault(SendFault::NotSent("the carrier is closing".into()));
        };
        let result = match (self.provider.abilities().capacity.numbered, &outgoing.content) {
            (true, Content::Text(text)) => match numbered(text.reveal(), Limit::default()) {
                parts if parts.len() > 1 => self.several(outgoing, &parts).await,
                _ => self.call(outgoing).await,
            },
            _ => self.call(outgoing).await,
        };
        result.map_or_else(SendResult::Fault, SendResult::Accepted)
    }

    async fn call(&self, outgoing: &Outgoing) -> Result<Accepted, SendFault> {
        let moment = (self.moment)();
        if moment.now >= outgoing.begin_before {
            return Err(SendFault::NotSent("its turn came too late: it is queued again".into()));
        }
        let request = self.provider.submit(outgoing, &moment);
        self.provider.accepted(&self.wire.call(request).await.answered()?)
    }

    /// A text in parts, each taken before the next leaves. The last one speaks for the text: it has the attempt's reference, and its
    /// receipt is the text's, since a family that has it has nearly always the others; those of the parts before name no attempt.
    async fn several(&self, outgoing: &Outgoing, parts: &[Numbered]) -> Result<Accepted, SendFault> {
        // The first begins as any call does; the others while the claim still lasts for one call.
        let longer = self.provider.abilities().slowest * (PARTS - 1);
        let last = domain::Time(outgoing.begin_before.0.saturating_add(i64::try_from(longer.as_micros()).unwrap_or(i64::MAX)));
        let mut accepted = Accepted::default();
        for (index, part) in parts.iter().enumerate() {
            let ends = index + 1 == parts.len();
            // Beside the numbers of notices: a receipt for one of these settles nothing.
            let own = LEAD.saturating_add(outgoing.attempt).saturating_add((index as i16).saturating_mul(100));
            let one = Outgoing {
                attempt: if ends { outgoing.attempt } else { own },
                content: Content::Text(part.whole().into()),
                begin_before: if index == 0 { outgoing.begin_before } else { last },
                ..outgoing.clone()
            };
            accepted = loop {
                match self.call(&one).await {
                    Ok(accepted) => break accepted,
                    Err(SendFault::Throttled { .. }) if index > 0 && (self.moment)().now.plus_seconds(1) < last => {
                        tokio::time::sleep(BREATH).await;
                    }
                    Err(fault) if index == 0 => return Err(fault),
                    Err(_) => {
                        let why = format!("its first {index} parts of {} were taken, then it stopped", parts.len());
                        return Err(SendFault::Unclear(why));
                    }
                }
            };
        }
        Ok(Accepted { segments: u16::try_from(parts.len()).ok(), ..accepted })
    }

    async fn ask(&self, attempted: &Attempted) -> Found {
        let age = u128::try_from((self.moment)().now.0.saturating_sub(attempted.at.0)).unwrap_or(0);
        if age > self.provider.remembers().as_micros() {
            return Found::Unclear;
        }
        let (Some(request), Ok(_place)) = (self.provider.look_up(&attempted.outgoing), self.places.acquire().await) else {
            return Found::Unclear;
        };
        match self.wire.call(request).await {
            WireOutcome::Answer(answer) => self.provider.found(&answer),
            WireOutcome::NotSent(_) | WireOutcome::Unclear(_) => Found::Unclear,
        }
    }
}

#[async_trait::async_trait]
impl Carrier for HttpCarrier {
    fn abilities(&self) -> Abilities {
        let abilities = self.provider.abilities();
        if !abilities.capacity.numbered {
            return abilities;
        }
        Abilities { repeat: Repeat::Blind, slowest: abilities.slowest * PARTS, ..abilities }
    }

    async fn send(&self, set: &[Outgoing]) -> Vec<SendResult> {
        futures_util::future::join_all(set.iter().map(|outgoing| self.one(outgoing))).await
    }

    async fn find(&self, attempts: &[Attempted]) -> Vec<Found> {
        futures_util::future::join_all(attempts.iter().map(|attempted| self.ask(attempted))).await
    }

    fn answers_calls(&self) -> bool {
        self.provider.answer_call(&domain::calls::CallAnswer::End).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{DeliveryId, DistrictId, SenderId, Time};
    use std::collections::VecDeque;
    use std::sync::Mutex;

    /// Answers as it is told, and keeps what was asked.
    #[derive(Default)]
    struct Script {
        answers: Mutex<VecDeque<WireOutcome>>,
        bodies: Mutex<Vec<String>>,
    }

    #[async_trait::async_trait]
    impl Wire for Script {
        async fn call(&self, request: WireRequest) -> WireOutcome {
            self.bodies.lock().expect("one at a time").push(String::from_utf8_lossy(&request.body).into_owned());
            let next = self.answers.lock().expect("one at a time").pop_front();
            next.unwrap_or_else(|| said(200, r#"{"id":"c-9"}"#))
        }
    }

    fn said(status: u16, body: &str) -> WireOutcome {
        WireOutcome::Answer(WireAnswer { status, headers: vec![], body: body.as_bytes().to_vec() })
    }

    /// A company that was described in the configuration, and how long texts go there.
    fn carrier(long: &str, script: Arc<Script>) -> HttpCarrier {
        carrier_at(long, script, || Time(0))
    }

    fn carrier_at(long: &str, script: Arc<Script>, now: impl Fn() -> Time + Send + Sync + 'static) -> HttpCarrier {
        let kind = crate::kind("http").expect("a kind");
        let mut values: std::collections::BTreeMap<String, String> =
            kind.settings.iter().map(|setting| (setting.name.into(), setting.default.unwrap_or_default().into())).collect();
        let fields = r#"{"to":"{to}","from":"{from}","text":"{text}","ref":"{reference}"}"#;
        let own = [
            ("url", "https://company.example/send"),
            ("fields", fields),
            ("id", "id"),
            ("errors", "http 429=throttled, http 503=not-sent"),
        ];
        for (name, value) in own.into_iter().chain([("hook_secret", "0f1e2d3c4b5a69788796a5b4c3d2e1f0"), ("long", long)]) {
            values.insert(name.into(), value.into());
        }
        let given = crate::Given { hook: "https://homeword.example/hooks/sms/town".into(), slowest: Duration::from_secs(10), values };
        let provider = kind.make(&given).unwrap_or_else(|wrong| panic!("{wrong}"));
        HttpCarrier::new(provider, script, Arc::new(move || Moment { now: now(), nonce: 0x5f0c }), 4)
    }

    fn long(begin_before: Time) -> Outgoing {
        Outgoing {
            district: DistrictId(1),
            delivery: DeliveryId(2),
            attempt: 3,
            sender: SenderId(3),
            from: "+12035550100".into(),
            to: Destination::Phone("+12035550101".into()),
            content: Content::Text("word ".repeat(90).trim_end().into()),
            useful_until: Time(i64::from(u32::MAX) * 1_000_000),
            begin_before,
        }
    }

    async fn sent(long_texts: &str, answers: Vec<WireOutcome>) -> (SendResult, Vec<String>) {
        let script = Arc::new(Script { answers: Mutex::new(answers.into()), ..Script::default() });
        let result = carrier(long_texts, script.clone()).send(&[long(Time::NEVER)]).await.remove(0);
        let bodies = script.bodies.lock().expect("one at a time").clone();
        (result, bodies)
    }

    #[tokio::test]
    async fn a_company_that_joins_gets_one_request_and_one_that_does_not_gets_numbered_texts() {
        let (whole, bodies) = sent("joins", vec![said(200, r#"{"id":"c-1"}"#)]).await;
        assert!(matches!(whole, SendResult::Accepted(accepted) if accepted.provider_ids == ["c-1"]));
        assert_eq!(bodies.len(), 1);
        let ids = ["c-1", "c-2", "c-3"].map(|id| said(200, &format!(r#"{{"id":"{id}"}}"#))).to_vec();
        let (parts, bodies) = sent("numbered", ids).await;
        assert_eq!(parts, SendResult::Accepted(Accepted { provider_ids: vec!["c-3".into()], segments: Some(3) }));
        assert_eq!(bodies.len(), 3);
        for (index, body) in bodies.iter().enumerate() {
            assert!(body.contains(&format!(r#""text":"{}/3 word"#, index + 1)), "{body}");
        }
        // Only the last one's receipt is the text's.
        let references = ["1.2.1003", "1.2.1103", "1.2.3"];
        assert!(bodies.iter().zip(references).all(|(body, own)| body.contains(&format!(r#""ref":"{own}""#))), "{bodies:?}");
    }

    #[tokio::test]
    async fn a_first_part_that_did_not_leave_may_go_again_and_a_later_one_never_begins_the_text_anew() {
        let down = || WireOutcome::NotSent("refused");
        let (first, bodies) = sent("numbered", vec![down()]).await;
        assert!(matches!(first, SendResult::Fault(SendFault::NotSent(_))) && bodies.len() == 1, "{first:?}");
        for stops in [down(), said(503, "{}"), said(400, r#"{"error":"x"}"#), WireOutcome::Unclear("cut")] {
            let (second, bodies) = sent("numbered", vec![said(200, r#"{"id":"c-1"}"#), stops]).await;
            assert!(matches!(&second, SendResult::Fault(fault) if fault.is_unclear()), "{second:?}");
            assert_eq!(bodies.len(), 2, "nothing goes after it");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn haste_is_waited_out_between_parts_and_the_claim_is_long_enough_for_several_calls() {
        let answers = vec![said(200, r#"{"id":"c-1"}"#), said(429, "{}"), said(429, "{}"), said(200, r#"{"id":"c-2"}"#)];
        let (taken, bodies) = sent("numbered", answers).await;
        assert!(matches!(taken, SendResult::Accepted(_)) && bodies.len() == 5, "{taken:?}");
        let abilities = carrier("numbered", Arc::default()).abilities();
        assert_eq!((abilities.repeat, abilities.slowest), (Repeat::Blind, Duration::from_secs(40)));
        assert_eq!(carrier("joins", Arc::default()).abilities().slowest, Duration::from_secs(10));
        // One that may not begin any more does not; a later part may as long as the claim lasts for it.
        let clock = std::sync::atomic::AtomicI64::new(0);
        let slow = move || Time(clock.fetch_add(9_000_000, std::sync::atomic::Ordering::Relaxed));
        let (script, begin_before) = (Arc::new(Script::default()), Time(10_000_000));
        let taken = carrier_at("numbered", script, slow).send(&[long(begin_before)]).await.remove(0);
        assert!(matches!(&taken, SendResult::Accepted(accepted) if accepted.segments == Some(3)), "{taken:?}");
        let late = carrier("numbered", Arc::default()).send(&[long(Time(0))]).await.remove(0);
        assert!(matches!(late, SendResult::Fault(SendFault::NotSent(_))), "{late:?}");
    }
}
