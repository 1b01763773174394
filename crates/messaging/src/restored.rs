//! After a restore: each delivery that may have gone is settled by its carrier's kind, and by nobody's guess.
//!
//! Look-up: asked under the attempt of the backup and those a next life of the process may have made. Keyed: queued again
//! under its key, while the key lives. Blind: uncertain, until a receipt or a person settles it.

use crate::*;
use domain::carrier::*;
use domain::conversation::TaskKind;
use domain::delivery::DeliveryState;
use domain::verdict::MOST_ATTEMPTS;

/// Asked about in one round: the rounds stand between other work.
const ROUND: i64 = 20;
/// How long one node has them to itself, and when those are asked about again that the carrier did not answer.
const ASKING_SECONDS: i64 = 60;
/// A call that is decided now may wait so many seconds for its turn.
pub(crate) const ON_ITS_WAY: i64 = 30;
const NOBODY_KNOWS: &str = "Queued when the backup was made: it may have gone since, and this carrier cannot be asked.";
const NO_LONGER_USEFUL: &str = "Queued when the backup was made: it may have gone since, and it is of no use any more.";
const KEY_IS_OVER: &str = "Queued when the backup was made: it may have gone since, and its key has run out.";

impl Flows {
    /// Settles a round of deliveries that may have gone since the backup. Gives how many were asked about.
    pub async fn ask_restored(&self, district: DistrictId) -> Flow<usize> {
        let now = self.now();
        let rows = self.ports.restored.to_ask(district, now, now.plus_seconds(ASKING_SECONDS), ROUND).await?;
        if rows.is_empty() {
            return Ok(0);
        }
        let (mut answers, mut tasks) = (Vec::new(), Vec::new());
        for row in &rows {
            let answer = self.ask_about(district, row).await;
            if let Answered::Unknown(_) = answer {
                let words = "After a restore nobody knows which of its texts or letters arrived: the message's page lists them.";
                // One a message: its key holds no contact.
                tasks.push(self.task(TaskKind::Uncertain, &row.message, None, None, None, words));
            }
            answers.push((row.delivery, row.attempt, answer));
        }
        self.ports.restored.answered(district, &answers, self.now()).await?;
        self.ports.outbound.add_tasks(district, &tasks).await?;
        self.ring(district);
        Ok(rows.len())
    }

    async fn ask_about(&self, district: DistrictId, row: &Claimed) -> Answered {
        let Some(carrier) = self.carrier_of(row) else {
            return Answered::NotYet;
        };
        match carrier.abilities().repeat {
            // Past its use the claim would say "too late", though it may have gone in time.
            Repeat::Keyed(_) if row.useful_until <= self.now() => Answered::Unknown(NO_LONGER_USEFUL),
            Repeat::Keyed(_) if self.key_lives(row) => Answered::UnderItsKey,
            Repeat::Keyed(_) => Answered::Unknown(KEY_IS_OVER),
            Repeat::Blind => Answered::Unknown(NOBODY_KNOWS),
            Repeat::LookUp => {
                let numbers: Vec<i16> = (row.attempt..=row.attempt.saturating_add(MOST_ATTEMPTS)).collect();
                let Some((_, outgoing)) = self.made(district, row) else {
                    return Answered::Unknown(NOBODY_KNOWS);
                };
                let attempt = |attempt: &i16| Attempted { outgoing: Outgoing { attempt: *attempt, ..outgoing.clone() }, at: row.at };
                let attempts: Vec<Attempted> = numbers.iter().map(attempt).collect();
                let mut answer = Answered::NotGone;
                for (number, found) in numbers.into_iter().zip(carrier.find(&attempts).await) {
                    match found {
                        Found::Found(accepted) => return Answered::Gone(number, accepted),
                        Found::Absent => {}
                        Found::Unclear => answer = Answered::NotYet,
                    }
                }
                answer
            }
        }
    }

    /// Whether the carrier still drops this delivery if it took it before: not only now, but when a call that is decided now arrives.
    pub(crate) fn key_lives(&self, row: &Claimed) -> bool {
        let repeat = self.carrier_of(row).map(|carrier| carrier.abilities().repeat);
        let arrives = self.now().plus_seconds(self.slowest(row.rendition.channel, &row.account) + ON_ITS_WAY);
        matches!(repeat, Some(Repeat::Keyed(life)) if arrives.0 - row.at.0 < life.as_micros() as i64)
    }

    /// Claimed rows without those of a backup whose key no longer protects them: these stay uncertain.
    pub(crate) async fn still_keyed(&self, district: DistrictId, rows: Vec<Claimed>) -> Flow<Vec<Claimed>> {
        let (go, stay): (Vec<Claimed>, Vec<Claimed>) = rows.into_iter().partition(|row| !row.restored || self.key_lives(row));
        let now = self.now();
        let settlement =
            |row: &Claimed| Settlement { state: DeliveryState::Uncertain, reason: KEY_IS_OVER.into(), ..self.settlement(row, now) };
        let settlements: Vec<Settlement> = stay.iter().map(settlement).collect();
        if !settlements.is_empty() {
            self.ports.outbound.settle(district, &settlements).await?;
        }
        Ok(go)
    }

    /// Does everything whose time passed between backup and restore, while nothing is claimed: what it makes for families is
    /// marked. Gives false where there is still something after many rounds.
    pub async fn catch_up(&self, district: DistrictId) -> Flow<bool> {
        for _ in 0..10_000 {
            let done = self.expand(district).await?
                + self.receive(district).await?
                + self.reconcile(district).await?
                + self.tend(district).await?
                + self.ask_restored(district).await?;
            if done == 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Lets sending start again, with its audit row. False: it was not paused.
    pub async fn resume(&self, district: DistrictId, staff: StaffId) -> Flow<bool> {
        let audit = self.audit(staff, "resumed", format!("district {district}"));
        let done = self.ports.restored.resume(district, &audit).await?;
        self.ring(district);
        Ok(done)
    }
}
