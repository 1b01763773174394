//! Long texts that a company hands over in parts: each part is kept when it comes, in any order and any number of times; the text is
//! understood once it is whole. A part that never comes must not keep the others: after a while they go on without it, and the gap
//! is shown.

use crate::*;
use std::collections::BTreeMap;

/// Minutes after which a text goes on without what is missing.
const WAIT_MINUTES: i64 = 10;
/// What stands where a part is missing.
const GAP: &str = "[…]";

impl Flows {
    /// Keeps a part, and joins what is whole.
    pub(crate) async fn take_part(&self, district: DistrictId, part: &NewPart) -> Flow<()> {
        self.ports.inbound.take_part(district, part).await?;
        self.join_parts(district).await?;
        Ok(())
    }

    /// Joins what is whole or has waited long enough. Gives how many texts.
    pub(crate) async fn join_parts(&self, district: DistrictId) -> Flow<usize> {
        let open = self.ports.inbound.open_parts(district, 1000).await?;
        if open.is_empty() {
            return Ok(0);
        }
        let mut done = 0;
        for (whole, parts) in whole(open, self.now()) {
            let whole = NewIncoming { id: self.id(), ..whole };
            done += usize::from(self.ports.inbound.join_parts(district, &whole, &parts).await?);
        }
        Ok(done)
    }
}

/// Texts that can be read now, each with the replay keys of its parts. The whole has the first part's key, and no id yet.
fn whole(open: Vec<NewPart>, now: Time) -> Vec<(NewIncoming, Vec<String>)> {
    let mut texts: BTreeMap<(String, String, String, u16), BTreeMap<u16, NewPart>> = BTreeMap::new();
    for part in open {
        let text = (part.row.from.clone(), part.row.to.clone(), part.set.clone(), part.of);
        // A name that is used again while a part of it is open: the older text is finished first.
        texts.entry(text).or_default().entry(part.number).or_insert(part);
    }
    let mut all = Vec::new();
    for ((_, _, _, of), parts) in texts {
        let Some(received) = parts.values().map(|part| part.row.received).min() else {
            continue;
        };
        let complete = (1..=of).all(|number| parts.contains_key(&number));
        if !complete && now < received.plus_minutes(WAIT_MINUTES) {
            continue;
        }
        let mut raw = Vec::new();
        let mut expected = 1;
        for (number, part) in &parts {
            if *number != expected {
                raw.extend_from_slice(if expected == 1 { format!("{GAP} ") } else { format!(" {GAP} ") }.as_bytes());
            }
            raw.extend_from_slice(&part.row.raw);
            expected = number.saturating_add(1);
        }
        if expected <= of {
            raw.extend_from_slice(format!(" {GAP}").as_bytes());
        }
        let answered = parts.values().any(|part| part.row.carrier_answered);
        let keys: Vec<String> = parts.values().map(|part| part.row.key.clone()).collect();
        let Some(first) = parts.into_values().next() else {
            continue;
        };
        let whole = NewIncoming { raw, received, carrier_answered: answered, key: format!("parts:{}", first.row.key), ..first.row };
        all.push((whole, keys));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::conversation::Via;

    fn part(set: &str, number: u16, of: u16, text: &str, at: i64) -> NewPart {
        let key = format!("{set}/{number}/{at}");
        let row = NewIncoming {
            id: IncomingId(0),
            key,
            via: Via::Sms,
            received: Time(0).plus_minutes(at),
            from: "+1".into(),
            to: "+2".into(),
            raw: text.into(),
            carrier_answered: false,
        };
        NewPart { row, set: set.into(), number, of }
    }

    fn read(parts: Vec<NewPart>, at: i64) -> Vec<(String, usize)> {
        let now = Time(0).plus_minutes(at);
        whole(parts, now).into_iter().map(|(row, keys)| (String::from_utf8_lossy(&row.raw).into_owned(), keys.len())).collect()
    }

    #[test]
    fn a_text_is_read_once_it_is_whole_in_whatever_order_it_came() {
        let parts = || vec![part("7", 3, 3, "c", 0), part("7", 1, 3, "a", 0), part("8", 1, 2, "other", 0)];
        assert_eq!(read(parts(), 1), []);
        let all = [parts(), vec![part("7", 2, 3, "b", 0)]].concat();
        assert_eq!(read(all, 1), [("abc".to_owned(), 3)]);
    }

    #[test]
    fn what_never_came_is_shown_as_a_gap() {
        let parts = vec![part("7", 2, 4, "b", 0), part("7", 3, 4, "c", 2)];
        assert_eq!(read(parts.clone(), 9), []);
        assert_eq!(read(parts, 10), [("[…] bc […]".to_owned(), 2)]);
    }

    #[test]
    fn a_name_that_is_used_again_never_mixes_two_texts() {
        let parts = vec![part("7", 1, 2, "a", 0), part("7", 1, 2, "A", 3), part("7", 2, 2, "b", 4)];
        assert_eq!(read(parts, 5), [("ab".to_owned(), 2)]);
    }
}
