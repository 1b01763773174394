//! Fresh ids and randomness.

use crate::node::Slot;
use domain::ports::{Clock, Ids};
use std::sync::{Arc, Mutex};

/// Ids of one node: the slot comes from the database.
pub struct NodeIds {
    clock: Arc<dyn Clock>,
    slot: Arc<Slot>,
    last: Mutex<(u64, u16)>,
}

impl NodeIds {
    /// For this slot.
    pub fn new(clock: Arc<dyn Clock>, slot: Arc<Slot>) -> Self {
        Self { clock, slot, last: Mutex::new((0, 0)) }
    }
}

impl Ids for NodeIds {
    fn next(&self) -> i64 {
        let mut last = self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        // A clock that jumps back, or 4,096 ids in a millisecond: go on from the last one.
        let now = self.clock.now().millis().max(last.0);
        *last = match (now == last.0, last.1) {
            (true, 4095) => (now + 1, 0),
            (true, count) => (now, count + 1),
            (false, _) => (now, 0),
        };
        domain::id::compose(last.0, self.slot.number(), last.1)
    }

    fn block(&self, count: i64) -> i64 {
        let mut last = self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        // Whole milliseconds of this slot, the last of them taken as if it were used up.
        let first = self.clock.now().millis().max(last.0 + 1);
        *last = (first + count.max(1).unsigned_abs().div_ceil(4096) - 1, 4095);
        domain::id::compose(first, self.slot.number(), 0)
    }

    fn jitter(&self) -> f64 {
        getrandom::u32().map_or(0.5, |number| f64::from(number) / f64::from(u32::MAX))
    }

    fn secret(&self) -> String {
        random_hex()
    }
}

/// A random value for what is no secret, such as how long to wait: without asking the operating system each time.
pub fn chance() -> u64 {
    use std::hash::{BuildHasher, Hasher};
    std::collections::hash_map::RandomState::new().build_hasher().finish()
}

/// 128 random bits in hex.
pub fn random_hex() -> String {
    let mut bytes = [0u8; 16];
    // Without the system's randomness nothing here is safe: better to stop than to hand out a guessable secret.
    getrandom::fill(&mut bytes).expect("the operating system gives randomness");
    domain::hex(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Time;

    struct Still;
    impl Clock for Still {
        fn now(&self) -> Time {
            Time(1_700_000_000_000_000)
        }
    }

    #[test]
    fn ids_grow_even_when_the_clock_stands_still() {
        let ids = NodeIds::new(Arc::new(Still), Arc::new(Slot::of(7, Time(0))));
        let mut last = 0;
        for _ in 0..10_000 {
            let next = ids.next();
            assert!(next > last);
            last = next;
        }
        let first = ids.block(5000);
        assert!(first > last && ids.next() > domain::id::nth(first, 4999));
        assert!(ids.block(1) > domain::id::nth(first, 4999));
    }
}
