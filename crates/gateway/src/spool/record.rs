//! What one record of the spool holds: a call that was acknowledged before the database had it. Prints nothing of it.
//!
//! A payload is a version, a kind, the time (8 bytes, little-endian microseconds UTC), then JSON for events, or for a letter
//! the two envelope addresses, each with its length (4 bytes), and the raw letter.

use domain::Time;
use domain::carrier::Event;

/// A record as it is kept and taken in again.
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    /// When it came, which is not when the database gets it.
    pub received: Time,
    /// What came.
    pub call: Call,
}

/// What came.
#[derive(Clone, PartialEq, Eq)]
pub enum Call {
    /// A company's authentic events, in its order.
    Events(Vec<Event>),
    /// A letter for one recipient.
    Letter {
        /// Envelope sender.
        from: String,
        /// Envelope recipient.
        to: String,
        /// RFC 5322 bytes.
        raw: Vec<u8>,
    },
}

const VERSION: u8 = 1;
const EVENTS: u8 = 1;
const LETTER: u8 = 2;

impl Record {
    /// As bytes; `None` where this cannot be written, which no event of ours is.
    pub fn encode(&self) -> Option<Vec<u8>> {
        let mut bytes = vec![VERSION, if matches!(self.call, Call::Events(_)) { EVENTS } else { LETTER }];
        bytes.extend_from_slice(&self.received.0.to_le_bytes());
        match &self.call {
            Call::Events(events) => {
                let said: Vec<&Event> = events.iter().filter(|event| !matches!(event, Event::Ignored(_))).collect();
                serde_json::to_writer(&mut bytes, &said).ok()?;
            }
            Call::Letter { from, to, raw } => {
                for address in [from, to] {
                    bytes.extend_from_slice(&u32::try_from(address.len()).ok()?.to_le_bytes());
                    bytes.extend_from_slice(address.as_bytes());
                }
                bytes.extend_from_slice(raw);
            }
        }
        Some(bytes)
    }

    /// From bytes; `None` for what this version cannot read.
    pub fn decode(bytes: &[u8]) -> Option<Record> {
        let ([VERSION, kind], rest) = bytes.split_first_chunk()? else { return None };
        let (received, rest) = rest.split_first_chunk()?;
        let call = match *kind {
            EVENTS => Call::Events(serde_json::from_slice(rest).ok()?),
            LETTER => {
                let (from, rest) = address(rest)?;
                let (to, raw) = address(rest)?;
                Call::Letter { from, to, raw: raw.to_vec() }
            }
            _ => return None,
        };
        Some(Record { received: Time(i64::from_le_bytes(*received)), call })
    }
}

fn address(bytes: &[u8]) -> Option<(String, &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    let (text, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    Some((String::from_utf8(text.to_vec()).ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::calls::CallStage;
    use domain::carrier::{ReceiptKind, SendFault};

    #[test]
    fn every_call_comes_back_as_it_was_and_no_bytes_make_a_panic() {
        let text = Event::Incoming {
            key: "SM1".into(),
            from: "+12035550101".into(),
            to: "+12035550190".into(),
            text: "¿mañana? 👍 \0".into(),
            media: vec!["https://media.example/1".into()],
            carrier_answered: true,
            part: None,
        };
        let receipt = Event::Receipt {
            ours: None,
            key: "SM2:failed".into(),
            reference: Some("1-2-3".into()),
            provider_id: "SM2".into(),
            kind: ReceiptKind::Failed,
            code: Some("30007".into()),
            fault: Some(SendFault::Throttled { after: Some(std::time::Duration::from_secs(3)) }),
        };
        let call =
            Event::MissedCall { key: "CA1".into(), from: "+12035550101".into(), to: "+12035550190".into(), stage: CallStage::PutThrough };
        let letter = Call::Letter { from: String::new(), to: "reply+x@mail.example".into(), raw: b"\xff\0raw".to_vec() };
        for call in [Call::Events(vec![text.clone(), receipt, call]), letter] {
            let record = Record { received: Time(1_700_000_000_000_001), call };
            let bytes = record.encode().expect("written");
            assert!(Record::decode(&bytes) == Some(record), "the same again");
            for end in 0..bytes.len() {
                let _ = Record::decode(&bytes[..end]);
            }
        }
        let ignored = Record { received: Time(1), call: Call::Events(vec![Event::Ignored("nothing to do"), text.clone()]) };
        let read = Record::decode(&ignored.encode().expect("written"));
        assert!(read == Some(Record { received: Time(1), call: Call::Events(vec![text]) }), "what is ignored is not kept");
    }
}
