//! The one port that reaches across districts: numbers, sign-in names, sessions, senders with work due. No family data.

use super::*;
use crate::letter::Bookmark;
use crate::message::Lane;
use crate::people::{Channel, District, Sender};

/// A sign-in name's owner.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// The tenant.
    pub district: DistrictId,
    /// Who.
    pub staff: StaffId,
    /// argon2id, PHC string.
    pub password_hash: String,
}

/// An open session.
#[derive(Clone, Debug)]
pub struct Session {
    /// The tenant.
    pub district: DistrictId,
    /// Who.
    pub staff: StaffId,
    /// The form token of this session.
    pub form_token: String,
    /// Ends then.
    pub until: Time,
}

/// A sender and lane with rows due.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Due {
    /// The tenant.
    pub district: DistrictId,
    /// Which sender.
    pub sender: SenderId,
    /// What it carries.
    pub channel: Channel,
    /// Which lane; the list comes sorted by lane.
    pub lane: Lane,
    /// The account it belongs to; empty where there is only one.
    pub account: String,
}

/// How much of something waits, and since when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Rows, counted up to [`Backlog::MOST`] a place in the index: more than that is "at least".
    pub rows: i64,
    /// Since when the oldest waits; `None` where nothing does.
    pub oldest: Option<Time>,
}

/// What waits in the whole house, for whoever operates it. Numbers only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Deliveries that may leave now and did not, by lane, every lane; a paused sender's as well.
    pub lanes: Vec<(Lane, Waiting)>,
    /// What came in and was not concluded.
    pub incoming: Waiting,
    /// Renditions that wait for a person; `oldest` is the earliest moment the wait ends by itself.
    pub holds: Waiting,
    /// Claims past their deadline: a worker stopped in the middle, and nobody reconciled yet.
    pub late_claims: Waiting,
    /// Node slots held now, of 512.
    pub nodes: i64,
}

impl Backlog {
    /// Where counting stops: in one lane of one sender, or in one district. A count is an index walk, never a whole table.
    pub const MOST: i64 = 10_000;
}

/// See the module.
#[async_trait::async_trait]
pub trait Directory: Send + Sync {
    /// Every district.
    async fn districts(&self) -> Stored<Vec<District>>;
    /// Makes or changes a district.
    async fn save_district(&self, district: &District) -> Stored<()>;
    /// Changes a district's settings, with its audit row in the same transaction.
    async fn change_district(&self, district: &District, audit: &Audit) -> Stored<()>;
    /// Makes or changes a sender, and its address in the directory. Refused if another district has the address.
    async fn save_sender(&self, district: DistrictId, sender: &Sender) -> Stored<()>;
    /// Whose number or mail address this is (addresses compared in lower case).
    async fn sender_by_address(&self, address: &str) -> Stored<Option<(DistrictId, Sender)>>;
    /// Whose sign-in name this is (lower case). Only active staff with a password.
    async fn sign_in(&self, name: &str) -> Stored<Option<SignIn>>;
    /// Sets a password hash under a sign-in name, and closes the person's other sessions.
    async fn set_password(&self, district: DistrictId, staff: StaffId, name: &str, hash: &str, audit: &Audit) -> Stored<()>;
    /// Opens a session under the hash of its secret.
    async fn open_session(&self, secret_hash: &str, session: &Session) -> Stored<()>;
    /// The session of this secret, if it is open at `now` and its owner active.
    async fn session(&self, secret_hash: &str, now: Time) -> Stored<Option<Session>>;
    /// Closes it.
    async fn close_session(&self, secret_hash: &str) -> Stored<()>;
    /// Keeps an invitation under the hash of its secret.
    async fn invite(&self, secret_hash: &str, district: DistrictId, staff: StaffId, until: Time) -> Stored<()>;
    /// Takes an invitation, once.
    async fn take_invitation(&self, secret_hash: &str, now: Time) -> Stored<Option<(DistrictId, StaffId)>>;
    /// Unpaused senders with queued rows whose window is open at `now`, by lane, oldest first; at most `most`.
    async fn due(&self, now: Time, most: i64) -> Stored<Vec<Due>>;
    /// Districts that have something to do at `now`: messages to plan, incoming that waits, claims, holds or clocks past due.
    async fn busy(&self, now: Time) -> Stored<Vec<DistrictId>>;
    /// Takes a free node slot (0..512) until then, or renews the one given.
    async fn node_slot(&self, mine: Option<i16>, now: Time, until: Time) -> Stored<i16>;
    /// Takes or renews what only one holder may have, such as a session with a message center, until then; whether it is this
    /// holder's now. Another's is taken over once its time is up. With `until` not after `now` it is given back.
    async fn lease(&self, name: &str, holder: &str, now: Time, until: Time) -> Stored<bool>;
    /// How far a mailbox was read; `None` where it never was.
    async fn bookmark(&self, mailbox: &str) -> Stored<Option<Bookmark>>;
    /// Keeps that.
    async fn set_bookmark(&self, mailbox: &str, bookmark: Bookmark) -> Stored<()>;
    /// Says to other nodes that something changed in these districts; each one's number after that.
    async fn ring(&self, districts: &[DistrictId]) -> Stored<Vec<(DistrictId, i64)>>;
    /// How often each district was rung; those that never were are left out.
    async fn rung(&self) -> Stored<Vec<(DistrictId, i64)>>;
    /// The database's own clock, to be held against this node's (invariant 10). The one statement that may say the database's
    /// time; nothing is stored from it. SQLite runs in this process: there it is this machine's clock, and only says that the
    /// database answers.
    async fn clock(&self) -> Stored<Time>;
    /// What waits at `now`; see [`Backlog`].
    async fn backlog(&self, now: Time) -> Stored<Backlog>;
}
