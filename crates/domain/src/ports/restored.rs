//! After a restore: nothing is claimed until somebody resumes, and what may have gone since the backup is asked about, never
//! sent anew.

use super::*;
use crate::carrier::Accepted;

/// A district that waits for "resume".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// When the backup began.
    pub backup: Time,
    /// When it was restored.
    pub restored: Time,
    /// How many deliveries were under way or queued in it.
    pub marked: i64,
}

/// Where the deliveries of a restored backup stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RestoreFigures {
    /// Known to have gone: the carrier found it, or a receipt came.
    pub gone: i64,
    /// Still to be asked about.
    pub to_ask: i64,
    /// Nobody can be asked: a receipt or a person settles them.
    pub uncertain: i64,
    /// Queued: they go once sending is resumed, each when its window opens.
    pub will_go: i64,
}

/// What became of a delivery that may have gone.
#[derive(Clone, Debug)]
pub enum Answered {
    /// The carrier took it, as this attempt.
    Gone(i16, Accepted),
    /// The carrier does not know it: it is queued as if the backup had never been old.
    NotGone,
    /// Queued again under its old key, which the carrier drops if it took it before.
    UnderItsKey,
    /// Nobody can say; why, in words for staff.
    Unknown(&'static str),
    /// Not known yet: it is asked about again.
    NotYet,
}

/// See the module.
#[async_trait::async_trait]
pub trait Restored: Send + Sync {
    /// Whether the district waits for "resume".
    async fn pause(&self, district: DistrictId) -> Stored<Option<Pause>>;
    /// Deliveries that may have gone and have to be asked about; nobody else gets them before `until`. `at` is since when.
    async fn to_ask(&self, district: DistrictId, now: Time, until: Time, most: i64) -> Stored<Vec<Claimed>>;
    /// Writes down what became of them: (which, the attempt as handed out, what). A row that moved meanwhile stays as it is.
    async fn answered(&self, district: DistrictId, answers: &[(DeliveryId, i16, Answered)], now: Time) -> Stored<()>;
    /// Counts.
    async fn standing(&self, district: DistrictId) -> Stored<RestoreFigures>;
    /// Sending starts again. False: it was not paused.
    async fn resume(&self, district: DistrictId, audit: &Audit) -> Stored<bool>;
}
