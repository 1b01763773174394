//! An ear at the door: the store's way in, with what it was told noted down. It changes nothing.

use domain::conversation::{Deadline, Place};
use domain::ports::*;
use domain::*;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// Where an incoming ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    pub place: Place,
    /// Whose thread.
    pub staff: Option<StaffId>,
    /// The delivery whose question it answers by number.
    pub answered: Option<DeliveryId>,
}

/// What was heard.
#[derive(Default)]
pub struct Heard {
    pub keys: BTreeMap<String, IncomingId>,
    pub places: BTreeMap<IncomingId, End>,
    /// (an answer to "who is it for", what it carried along).
    pub carried: Vec<(IncomingId, IncomingId)>,
}

impl Heard {
    fn concluded(&mut self, conclusion: &Conclusion) {
        let staff = conclusion.thread.as_ref().map(|thread| thread.staff);
        let own = staff.filter(|_| conclusion.place == Place::Thread);
        let answered = conclusion.answer.as_ref().map(|answer| answer.delivery);
        self.places.insert(conclusion.incoming, End { place: conclusion.place, staff: own, answered });
        let carried = if staff.is_some() { Place::Thread } else { Place::Office };
        for also in &conclusion.also {
            self.places.insert(*also, End { place: carried, staff, answered: None });
            self.carried.push((conclusion.incoming, *also));
        }
    }
}

pub struct Ear {
    pub behind: Arc<dyn Inbound>,
    pub heard: Arc<Mutex<Heard>>,
}

#[async_trait::async_trait]
impl Inbound for Ear {
    async fn take_in(&self, district: DistrictId, rows: &[NewIncoming]) -> Stored<Vec<bool>> {
        let new = self.behind.take_in(district, rows).await?;
        let mut heard = self.heard.lock().expect("no panic holds it");
        for (row, _) in rows.iter().zip(&new).filter(|(_, new)| **new) {
            heard.keys.insert(row.key.clone(), row.id);
        }
        Ok(new)
    }
    async fn take_part(&self, district: DistrictId, part: &NewPart) -> Stored<()> {
        self.behind.take_part(district, part).await
    }
    async fn open_parts(&self, district: DistrictId, most: i64) -> Stored<Vec<NewPart>> {
        self.behind.open_parts(district, most).await
    }
    async fn join_parts(&self, district: DistrictId, whole: &NewIncoming, parts: &[String]) -> Stored<bool> {
        self.behind.join_parts(district, whole, parts).await
    }
    async fn waiting(&self, district: DistrictId, now: Time, until: Time, most: i64) -> Stored<Vec<NewIncoming>> {
        self.behind.waiting(district, now, until, most).await
    }
    async fn failed(&self, district: DistrictId, incoming: IncomingId, why: &str) -> Stored<()> {
        self.behind.failed(district, incoming, why).await
    }
    async fn poisoned(&self, district: DistrictId, now: Time, most: i64) -> Stored<Vec<(NewIncoming, String)>> {
        self.behind.poisoned(district, now, most).await
    }
    async fn incoming(&self, district: DistrictId, incoming: IncomingId) -> Stored<Option<NewIncoming>> {
        self.behind.incoming(district, incoming).await
    }
    async fn evidence(&self, district: DistrictId, contact: ContactId, sender: SenderId, at: Time) -> Stored<Evidence> {
        self.behind.evidence(district, contact, sender, at).await
    }
    async fn conclude(&self, district: DistrictId, conclusion: &Conclusion) -> Stored<bool> {
        let done = self.behind.conclude(district, conclusion).await?;
        if done {
            self.heard.lock().expect("no panic holds it").concluded(conclusion);
        }
        Ok(done)
    }
    async fn letters_to(&self, district: DistrictId, address: &str, after: Time, until: Time) -> Stored<i64> {
        self.behind.letters_to(district, address, after, until).await
    }
    async fn questions_due(&self, district: DistrictId, asked_before: Time, most: i64) -> Stored<Vec<(IncomingId, ContactId, SenderId)>> {
        self.behind.questions_due(district, asked_before, most).await
    }
    async fn question_to_office(&self, district: DistrictId, incoming: IncomingId, task: &NewTask) -> Stored<bool> {
        let moved = self.behind.question_to_office(district, incoming, task).await?;
        if moved {
            self.heard
                .lock()
                .expect("no panic holds it")
                .places
                .insert(incoming, End { place: Place::Office, staff: None, answered: None });
        }
        Ok(moved)
    }
    async fn thread(&self, district: DistrictId, thread: ThreadId) -> Stored<Option<ThreadInfo>> {
        self.behind.thread(district, thread).await
    }
    async fn open_thread(&self, district: DistrictId, join: &JoinThread) -> Stored<ThreadId> {
        self.behind.open_thread(district, join).await
    }
    async fn answer_thread(&self, district: DistrictId, thread: ThreadId, ready: &Ready, holds: &[NewHold], audit: &Audit) -> Stored<bool> {
        self.behind.answer_thread(district, thread, ready, holds, audit).await
    }
    async fn clocks_due(&self, district: DistrictId, now: Time, most: i64) -> Stored<Vec<ThreadInfo>> {
        self.behind.clocks_due(district, now, most).await
    }
    async fn waiting_with(&self, district: DistrictId, owner: StaffId, most: i64) -> Stored<Vec<ThreadInfo>> {
        self.behind.waiting_with(district, owner, most).await
    }
    async fn hand_over(
        &self,
        district: DistrictId,
        thread: ThreadId,
        clock: Deadline,
        reason: &str,
        notice: Option<&Ready>,
        audit: &Audit,
    ) -> Stored<()> {
        self.behind.hand_over(district, thread, clock, reason, notice, audit).await
    }
    async fn close_thread(&self, district: DistrictId, thread: ThreadId, audit: &Audit) -> Stored<()> {
        self.behind.close_thread(district, thread, audit).await
    }
}
