//! Identifiers: 64-bit, time-ordered, unique with the district; strings in the API; never secrets.
//!
//! 42 bits milliseconds, 9 bits node slot, 12 bits counter. The counter and the clock live in `gateway`.

use std::fmt;

/// Puts an identifier together. `millis` counts from the Unix epoch; `slot` < 512; `counter` < 4096.
pub fn compose(millis: u64, slot: u16, counter: u16) -> i64 {
    let bits = ((millis & ((1 << 42) - 1)) << 21) | (u64::from(slot & 511) << 12) | u64::from(counter & 4095);
    bits as i64
}

/// Ids of one millisecond and slot.
pub const PER_MILLI: i64 = 4096;
/// From one millisecond's ids to the next one's.
pub const MILLI: i64 = 1 << 21;

/// The `n`-th id of a block that begins with the first id of a millisecond.
pub fn nth(first: i64, n: i64) -> i64 {
    first + n / PER_MILLI * MILLI + n % PER_MILLI
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write!(f, "{}", self.0) }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write!(f, concat!(stringify!($name), "({})"), self.0) }
        }
        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(text: &str) -> Result<Self, Self::Err> { text.parse().map($name) }
        }
        impl From<i64> for $name { fn from(raw: i64) -> Self { $name(raw) } }
    )*};
}

ids! {
    /// One school board's data: the tenant.
    DistrictId,
    /// A school of a district.
    SchoolId,
    /// A class of a school.
    ClassId,
    /// A student.
    StudentId,
    /// An adult with a stated relation to a student.
    GuardianId,
    /// A member of staff; 0 is Homeword itself.
    StaffId,
    /// A phone or an email address.
    ContactId,
    /// A number or mail identity of a district.
    SenderId,
    /// What a staff member (or Homeword itself) wrote.
    MessageId,
    /// One message in one language and one form.
    RenditionId,
    /// One rendition on its way to one contact point.
    DeliveryId,
    /// The conversation of one contact point's guardians with one staff member or office.
    ThreadId,
    /// Anything that came in.
    IncomingId,
    /// A thing that waits for a human.
    HoldId,
    /// Work a person does by hand.
    TaskId,
}

impl StaffId {
    /// Homeword itself: author of notices.
    pub const HOUSE: StaffId = StaffId(0);
}

#[cfg(test)]
mod tests {
    #[test]
    fn ids_grow_with_time_and_stay_positive() {
        let early = super::compose(1_700_000_000_000, 511, 4095);
        let late = super::compose(1_700_000_000_001, 0, 0);
        assert!(0 < early && early < late);
        let first = super::compose(1_700_000_000_000, 7, 0);
        assert_eq!(super::nth(first, 4095), super::compose(1_700_000_000_000, 7, 4095));
        assert_eq!(super::nth(first, 4096 * 3 + 2), super::compose(1_700_000_000_003, 7, 2));
    }
}
