//! Whose number an address is, remembered for a second: every text that comes in asks. A number that is nobody's is looked up
//! each time, so that one just added works at once; what another node changes is seen after the second.

use domain::DistrictId;
use domain::people::Sender;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long an answer counts.
const FRESH: Duration = Duration::from_secs(1);

/// See the module.
#[derive(Default)]
pub(crate) struct Numbers {
    known: Mutex<HashMap<String, (Instant, DistrictId, Sender)>>,
}

impl Numbers {
    /// The answer, if it is fresh.
    pub(crate) fn get(&self, address: &str) -> Option<(DistrictId, Sender)> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(address).filter(|found| found.0.elapsed() < FRESH).map(|found| (found.1, found.2.clone()))
    }

    /// Remembers an answer.
    pub(crate) fn keep(&self, address: &str, found: (DistrictId, Sender)) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        // As many as a district has numbers: what is stale goes when somebody new comes.
        known.retain(|_, found| found.0.elapsed() < FRESH);
        known.insert(address.to_owned(), (Instant::now(), found.0, found.1));
    }

    /// This node changed a number.
    pub(crate) fn forget(&self) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
