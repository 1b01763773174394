//! What companies say, taken in: texts and calls committed raw, receipts settled, before anybody is answered. Must never know a
//! company, nor what a text means.

use crate::*;
use domain::calls::CallStage;
use domain::carrier::{Event, Part, ReceiptKind, SendFault};
use domain::conversation::Via;
use domain::delivery::DeliveryState;

/// What a webhook's events came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TakenText {
    /// Committed or settled.
    pub taken: usize,
    /// For numbers that are not ours.
    pub strange: usize,
}

impl Flows {
    /// Takes a company's authentic events, which came at `received`: incoming committed, receipts settled, before anybody is
    /// answered. Taken again after a fault, or after an answer that nobody heard, each comes to the same.
    pub async fn take_events(&self, events: Vec<Event>, received: Time) -> Flow<TakenText> {
        let mut done = TakenText::default();
        for event in events {
            match event {
                Event::Incoming { key, from, to, text, media, carrier_answered, part } => {
                    let Some((district, sender)) = self.ports.directory.sender_by_address(to.reveal()).await? else {
                        done.strange += 1;
                        continue;
                    };
                    // Before the text: a call that is repeated finds them there, and a text is never understood without them.
                    self.attach(district, &sender.account, &key, &media, received).await?;
                    let raw = text.into_inner().into_bytes();
                    let row = self.raw(key, Via::Sms, received, (from.reveal(), to.reveal()), raw, carrier_answered);
                    match part.filter(|part| part.of > 1) {
                        Some(Part { set, number, of }) => self.take_part(district, &NewPart { row, set, number, of }).await?,
                        None => drop(self.ports.inbound.take_in(district, &[row]).await?),
                    }
                    done.taken += 1;
                    self.ring(district);
                }
                // Somebody at the school spoke with the family: nothing is left to do, and its beginning is kept already.
                Event::MissedCall { stage: CallStage::Answered, .. } => {}
                Event::MissedCall { key, from, to, stage } => {
                    let Some((district, _)) = self.ports.directory.sender_by_address(to.reveal()).await? else {
                        done.strange += 1;
                        continue;
                    };
                    let kept = if stage == CallStage::PutThrough { crate::calls::PUT_THROUGH.to_vec() } else { Vec::new() };
                    let row = self.raw(key, Via::Call, received, (from.reveal(), to.reveal()), kept, false);
                    self.ports.inbound.take_in(district, &[row]).await?;
                    done.taken += 1;
                    self.ring(district);
                }
                Event::Receipt { key, reference, provider_id, kind, code, fault, ours } => {
                    let named = reference.as_deref().and_then(domain::carrier::read_reference);
                    let district = match (named, &ours) {
                        (Some((district, ..)), _) => Some(district),
                        // By the company's own id, within the district whose number it names.
                        (None, Some(ours)) => self.ports.directory.sender_by_address(ours.reveal()).await?.map(|(district, _)| district),
                        (None, None) => None,
                    };
                    let Some(district) = district else {
                        done.strange += 1;
                        continue;
                    };
                    if let (Some((_, delivery, _)), Some(SendFault::OptedOut)) = (named, &fault) {
                        self.stopped_by_receipt(district, delivery).await?;
                    }
                    let state = match kind {
                        ReceiptKind::Accepted => DeliveryState::Accepted,
                        ReceiptKind::Delivered => DeliveryState::Delivered,
                        ReceiptKind::Failed => DeliveryState::Failed,
                    };
                    let receipt = NewReceipt {
                        key,
                        attempt: named.map(|(_, delivery, attempt)| (delivery, attempt)),
                        provider_id,
                        state,
                        code: domain::verdict::receipt_code(fault.as_ref(), code.as_deref().unwrap_or_default()),
                        at: received,
                    };
                    self.receipts(district, &[receipt]).await?;
                    done.taken += 1;
                }
                Event::Ignored(_) => {}
            }
        }
        Ok(done)
    }
}
