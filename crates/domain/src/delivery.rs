//! A rendition on its way to one contact point: states, windows, and which move is legal.

use crate::people::coded;

coded! {
    /// Where a delivery stands. Moves only as [`DeliveryState::may_become`] allows.
    DeliveryState {
        /// Waits for its window and a worker.
        Queued = 0 "queued",
        /// A worker holds it until a deadline; the attempt is on record.
        Claimed = 1 "claimed",
        /// The carrier took it.
        Accepted = 2 "accepted",
        /// At the phone or in the mailbox.
        Delivered = 3 "delivered",
        /// Will not arrive this way.
        Failed = 4 "failed",
        /// May or may not have been taken; never resent by itself.
        Uncertain = 5 "uncertain",
        /// The family stopped, or an order forbids it.
        Withheld = 6 "withheld",
        /// Past its use.
        Late = 7 "late",
        /// Its words wait for a person.
        Held = 8 "held",
        /// Undone or stopped by its author.
        Withdrawn = 9 "withdrawn",
    }
}

impl DeliveryState {
    /// Whether a delivery may move from here to `next` (invariant 2: forward only, within an attempt).
    /// Queued and Held become Uncertain in a restore only; Uncertain becomes Withdrawn where its message was.
    pub fn may_become(self, next: DeliveryState) -> bool {
        use DeliveryState::*;
        match self {
            Held => matches!(next, Queued | Uncertain | Withdrawn | Withheld | Late),
            Queued => matches!(next, Claimed | Uncertain | Withheld | Late | Withdrawn | Held),
            Claimed => matches!(next, Queued | Accepted | Delivered | Failed | Uncertain | Withheld),
            Uncertain => matches!(next, Queued | Accepted | Delivered | Failed | Withdrawn),
            Accepted => matches!(next, Delivered | Failed),
            Delivered | Failed | Withheld | Late | Withdrawn => false,
        }
    }
    /// States from which a receipt may still move it to `next`; the store compares with these.
    pub fn sources_of(next: DeliveryState) -> Vec<i16> {
        DeliveryState::ALL.iter().filter(|from| from.may_become(next)).map(|from| from.code()).collect()
    }
    /// Nothing more happens to it by itself.
    pub fn is_final(self) -> bool {
        use DeliveryState::*;
        matches!(self, Delivered | Failed | Withheld | Late | Withdrawn)
    }
}

#[cfg(test)]
mod tests {
    use super::DeliveryState::*;

    #[test]
    fn a_late_accepted_never_undoes_delivered() {
        assert!(!Delivered.may_become(Accepted));
        assert!(!Withdrawn.may_become(Queued));
        assert!(Uncertain.may_become(Delivered));
    }
}
