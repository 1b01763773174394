//! What follows a greeting (DIALOGUE 12): an everyday message waits for the greeting's receipt and two hours in which nobody said
//! "wrong number"; an emergency waits for nothing. Asked when a message is claimed, since receipts come later than plans.

use crate::*;
use domain::delivery::DeliveryState;
use domain::message::Weight;
use domain::people::District;

/// Hours after the receipt in which somebody may say "wrong number".
const HOURS: i64 = 2;
/// Until a receipt is looked for again.
const AGAIN_MINUTES: i64 = 30;
/// What an author reads of a number whose greeting was never seen to arrive.
const NOT_SEEN: &str = "The greeting to this number was not reported as arrived: ask whether it is right.";

/// What a greeting allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Then {
    Goes,
    Waits(Time),
    Falls,
}

/// `receipts` = its carrier sends any.
fn then(greeting: &Greeting, receipts: bool, now: Time) -> Then {
    let after = |since: Time| if now >= since.plus_hours(HOURS) { Then::Goes } else { Then::Waits(since.plus_hours(HOURS)) };
    match greeting.state {
        DeliveryState::Delivered => after(greeting.at),
        DeliveryState::Accepted if !receipts => after(greeting.at),
        DeliveryState::Accepted | DeliveryState::Uncertain if now >= greeting.at.plus_days(1) => Then::Falls,
        DeliveryState::Failed | DeliveryState::Withheld | DeliveryState::Late | DeliveryState::Withdrawn => Then::Falls,
        DeliveryState::Accepted | DeliveryState::Uncertain => Then::Waits(now.plus_minutes(AGAIN_MINUTES).min(greeting.at.plus_days(1))),
        // It has not left yet: its own end of use is the end of waiting.
        DeliveryState::Queued | DeliveryState::Claimed | DeliveryState::Held => Then::Waits(now.plus_minutes(AGAIN_MINUTES)),
    }
}

impl Flows {
    /// Rows without those that wait for their greeting, or fall because it never arrived: the ladder finds another way, or a person.
    pub(crate) async fn after_greeting(&self, place: &District, due: &Due, rows: Vec<Claimed>) -> Flow<Vec<Claimed>> {
        let follows = |row: &Claimed| {
            row.rendition.channel == Channel::Sms
                && !row.confirmed
                && row.message.weight > Weight::Urgent
                && row.message.author != StaffId::HOUSE
        };
        let contacts: Vec<ContactId> = rows.iter().filter(|row| place.introduce && follows(row)).map(|row| row.contact).collect();
        if contacts.is_empty() {
            return Ok(rows);
        }
        let greetings: std::collections::HashMap<ContactId, Greeting> =
            self.ports.outbound.greetings(place.id, &contacts).await?.into_iter().map(|greeting| (greeting.contact, greeting)).collect();
        let receipts = self.ports.carriers.get(Channel::Sms, &due.account).is_some_and(|carrier| carrier.abilities().receipts);
        let now = self.now();
        let (mut go, mut stay) = (Vec::new(), Vec::new());
        for row in rows {
            let greeting = greetings.get(&row.contact).filter(|_| follows(&row));
            match greeting.map_or(Then::Goes, |greeting| then(greeting, receipts, now)) {
                Then::Goes => go.push(row),
                Then::Waits(opens) => stay.push(Settlement { state: DeliveryState::Queued, opens, ..self.settlement(&row, now) }),
                Then::Falls => {
                    stay.push(Settlement { state: DeliveryState::Failed, reason: NOT_SEEN.into(), ..self.settlement(&row, now) });
                }
            }
        }
        self.ports.outbound.settle(place.id, &stay).await?;
        Ok(go)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_is_waited_for_a_day_and_where_none_comes_two_hours_must_do() {
        let left = Time(0).plus_days(20);
        let after = |state, hours, receipts| then(&Greeting { contact: ContactId(1), state, at: left }, receipts, left.plus_hours(hours));
        assert_eq!(after(DeliveryState::Delivered, 2, true), Then::Goes);
        assert_eq!(after(DeliveryState::Delivered, 1, true), Then::Waits(left.plus_hours(2)));
        assert_eq!(after(DeliveryState::Accepted, 3, true), Then::Waits(left.plus_hours(3).plus_minutes(30)));
        assert_eq!(after(DeliveryState::Accepted, 24, true), Then::Falls);
        assert_eq!(after(DeliveryState::Accepted, 2, false), Then::Goes);
        assert_eq!(after(DeliveryState::Accepted, 1, false), Then::Waits(left.plus_hours(2)));
        assert_eq!(after(DeliveryState::Failed, 1, true), Then::Falls);
        assert_eq!(after(DeliveryState::Queued, 40, true), Then::Waits(left.plus_hours(40).plus_minutes(30)));
    }
}
