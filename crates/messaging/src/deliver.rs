//! Deliver: claim, ask the carrier, settle. The claim committed before the call; an unclear attempt is never sent again.

use crate::spare::{Breaks, at_once};
use crate::*;
use domain::breaker::Breaker;
use domain::carrier::*;
use domain::delivery::DeliveryState;
use domain::message::*;
use domain::verdict::{Verdict, verdict};

/// How much longer than its carrier's slowest call a claim lasts, in seconds.
const CLAIM_MORE: i64 = 15;

impl Flows {
    /// Claims and sends what is due on one sender and lane, at most so many. Gives how many rows were claimed.
    pub async fn deliver(&self, due: Due, most: i64) -> Flow<usize> {
        let now = self.now();
        let asked = most;
        let most = self.may_try(&due, now, asked);
        if most == 0 {
            return self.hand_over(&due, asked).await;
        }
        let until = now.plus_seconds(self.slowest(due.channel, &due.account) + CLAIM_MORE);
        let day = domain::time::carrier_day(now);
        let ask = Ask { district: due.district, sender: due.sender, lane: due.lane, now, until, most, day };
        let claimed = self.ports.outbound.claim(&ask).await?;
        (self.ports.point)("claimed");
        let count = claimed.len();
        // What the claim withheld or found late, the ladder takes on.
        let go: Vec<Claimed> = claimed.into_iter().filter(|row| row.state == DeliveryState::Claimed).collect();
        let place = self.district(due.district).await?;
        // In rehearsal only the addresses on the list are reached; every page says so (DIALOGUE 21).
        let (claimed, stay): (Vec<Claimed>, Vec<Claimed>) =
            go.into_iter().partition(|row| !place.rehearsal || place.allowed.contains(&row.address));
        self.leave(due.district, &stay, "Rehearsal: nothing leaves this district yet.").await?;
        let claimed = self.not_at_night(&place, claimed).await?;
        let claimed = self.after_greeting(&place, &due, claimed).await?;
        let (mut go, mut seen) = (Vec::new(), Vec::new());
        for mut row in self.still_keyed(due.district, claimed).await? {
            if self.count_now(due.district, &mut row).await? { go.push(row) } else { seen.push(row) }
        }
        self.leave(due.district, &seen, "Its reader had seen everything before it left.").await?;
        for row in go.iter_mut().filter(|row| place.introduce && !row.confirmed && row.rendition.channel == Channel::Sms) {
            self.without_names(row);
        }
        if go.is_empty() {
            self.untried(&due, now);
        }
        self.carry(&due, &go).await?;
        if count > 0 {
            self.ring(due.district);
        }
        Ok(count)
    }

    /// Rows without those that quiet hours hold by now: they wait for the morning (DIALOGUE 7).
    async fn not_at_night(&self, place: &domain::people::District, rows: Vec<Claimed>) -> Flow<Vec<Claimed>> {
        if rows.is_empty() {
            return Ok(rows);
        }
        let schools = self.ports.people.schools(place.id).await?;
        let look = |row: &Claimed| {
            let school = schools.iter().find(|school| school.id == row.message.school);
            let zone = domain::time::zone(school.and_then(|school| school.zone.as_deref()).unwrap_or(&place.zone));
            domain::quiet::holds(&row.message, row.rendition.channel, self.now(), place.quiet, &zone)
        };
        // A batch is of a few messages: each is looked at once.
        let mut known = std::collections::BTreeMap::new();
        let mut held = |row: &Claimed| *known.entry((row.message.id, row.rendition.channel.code())).or_insert_with(|| look(row));
        let now = self.now();
        let wait = |(row, opens): (&Claimed, Time)| Settlement { state: DeliveryState::Queued, opens, ..self.settlement(row, now) };
        let waits: Vec<Settlement> = rows.iter().filter_map(|row| Some((row, held(row)?))).map(wait).collect();
        self.ports.outbound.settle(place.id, &waits).await?;
        Ok(rows.into_iter().filter(|row| waits.iter().all(|wait| wait.delivery != row.delivery)).collect())
    }

    /// Seconds the slowest call over an account may take.
    pub(crate) fn slowest(&self, channel: Channel, account: &str) -> i64 {
        self.ports.carriers.get(channel, account).map_or(60, |carrier| carrier.abilities().slowest.as_secs() as i64)
    }

    /// Whoever carries a row.
    pub(crate) fn carrier_of(&self, row: &Claimed) -> Option<&Arc<dyn Carrier>> {
        self.ports.carriers.get(row.rendition.channel, &row.account)
    }

    /// Until when a claim's call must begin, so that it ends before the claim does.
    pub(crate) fn begin_before(&self, row: &Claimed) -> Time {
        row.until.plus_seconds(-self.slowest(row.rendition.channel, &row.account))
    }

    /// No child's name to a number that never answered: "your child" instead (DIALOGUE 12).
    fn without_names(&self, row: &mut Claimed) {
        let language = if row.rendition.from == WordsFrom::OriginalWithNotice { &row.message.language } else { &row.rendition.language };
        let said = self.speech.say(language, "your-child", &[]).or_else(|| self.speech.say(&row.message.language, "your-child", &[]));
        row.students = said.into_iter().collect();
    }

    /// Claimed, and not to be sent after all; nobody needs to be told.
    async fn leave(&self, district: DistrictId, rows: &[Claimed], why: &str) -> Flow<()> {
        let now = self.now();
        let settlement =
            |row: &Claimed| Settlement { state: DeliveryState::Withheld, reason: why.into(), walked: true, ..self.settlement(row, now) };
        let settlements: Vec<Settlement> = rows.iter().map(settlement).collect();
        self.ports.outbound.settle(district, &settlements).await?;
        Ok(())
    }

    /// Asks the carrier: the notice of an original first, then the words.
    async fn carry(&self, due: &Due, rows: &[Claimed]) -> Flow<()> {
        let district = due.district;
        if rows.is_empty() {
            return Ok(());
        }
        let Some(carrier) = self.ports.carriers.get(due.channel, &due.account) else {
            let why = || SendResult::Fault(SendFault::Config("its account stands in no configuration".into()));
            return self.settle(district, rows.iter().map(|row| (row, why())).collect()).await;
        };
        let mut results: Vec<Option<SendResult>> = vec![None; rows.len()];
        let mut made: Vec<Option<(Option<Outgoing>, Outgoing)>> = rows.iter().map(|row| self.made(district, row)).collect();
        for (index, _) in made.iter().enumerate().filter(|(_, made)| made.is_none()) {
            results[index] = Some(Flows::unmade());
        }
        let leads: Vec<(usize, Outgoing)> =
            made.iter_mut().enumerate().filter_map(|(index, made)| Some((index, made.as_mut()?.0.take()?))).collect();
        if !leads.is_empty() {
            let set: Vec<Outgoing> = leads.iter().map(|(_, outgoing)| outgoing.clone()).collect();
            for ((index, _), result) in leads.iter().zip(carrier.send(&set).await) {
                // A lead that did not leave stops its text; one that may have left does not.
                if let SendResult::Fault(fault) = result
                    && !fault.is_unclear()
                {
                    results[*index] = Some(SendResult::Fault(fault));
                }
            }
        }
        let open: Vec<usize> = (0..rows.len()).filter(|index| results[*index].is_none()).collect();
        let set: Vec<Outgoing> = open.iter().filter_map(|index| Some(made[*index].take()?.1)).collect();
        for (index, result) in open.iter().zip(carrier.send(&set).await) {
            results[*index] = Some(result);
        }
        (self.ports.point)("carried");
        let unheard = || SendResult::Fault(SendFault::Unclear("no answer".into()));
        let results = results.into_iter().map(|result| result.unwrap_or_else(unheard));
        self.settle(district, rows.iter().zip(results).collect()).await
    }

    /// A settlement that says "accepted"; callers change what differs. One moment for a batch: what says the same is written at once.
    pub(crate) fn settlement(&self, row: &Claimed, now: Time) -> Settlement {
        Settlement {
            delivery: row.delivery,
            attempt: row.attempt,
            until: row.until,
            state: DeliveryState::Accepted,
            opens: now,
            provider_ids: vec![],
            segments: 0,
            claimed: row.at,
            reason: String::new(),
            walked: false,
            over: None,
            at: now,
        }
    }

    /// Settles a batch by the one verdict function. What is unclear stays claimed where the carrier can be asked again: its
    /// deadline starts the reconciliation.
    pub(crate) async fn settle(&self, district: DistrictId, rows: Vec<(&Claimed, SendResult)>) -> Flow<()> {
        let again = |row: &Claimed| self.carrier_of(row).is_some_and(|carrier| carrier.abilities().repeat != Repeat::Blind);
        let rows = rows.into_iter().filter(|(row, result)| !matches!(result, SendResult::Fault(fault) if fault.is_unclear() && again(row)));
        self.settle_all(district, rows.collect()).await
    }

    /// As [`Flows::settle`], and what is unclear is said to be so: nobody can be asked any more.
    pub(crate) async fn settle_all(&self, district: DistrictId, rows: Vec<(&Claimed, SendResult)>) -> Flow<()> {
        let now = self.now();
        let mut settlements = Vec::with_capacity(rows.len());
        // What surely did not leave, and may go over another account: (place in `settlements`, row).
        let mut stranded = Vec::new();
        for (row, result) in rows {
            let account = || self.account_of(row.rendition.channel, &row.account);
            let mut settlement = self.settlement(row, now);
            let fault = match result {
                SendResult::Accepted(accepted) => {
                    self.breaker(account(), Breaker::answered);
                    self.breaker(Breaks::Sender(row.sender), Breaker::answered);
                    settlement.segments = accepted.segments.map_or(0, |count| count as i16);
                    settlement.provider_ids = accepted.provider_ids;
                    settlements.push(settlement);
                    continue;
                }
                SendResult::Fault(fault) => fault,
            };
            match fault {
                SendFault::NotSent(_) => self.breaker(account(), |breaker| breaker.failed(now)),
                SendFault::Unclear(_) | SendFault::NotMade => {}
                _ => self.breaker(account(), Breaker::answered),
            }
            match verdict(&fault, row.attempt, now, self.ports.ids.jitter()) {
                Verdict::Uncertain(why) => {
                    settlement.state = DeliveryState::Uncertain;
                    settlement.reason = why;
                }
                Verdict::Retry(at) if at < row.useful_until => {
                    settlement.state = DeliveryState::Queued;
                    settlement.opens = at;
                    if matches!(fault, SendFault::NotSent(_)) && at_once(row) {
                        stranded.push((settlements.len(), row));
                    }
                }
                Verdict::Retry(_) => {
                    settlement.state = DeliveryState::Failed;
                    settlement.reason = "The carrier did not take it while it was useful.".into();
                }
                Verdict::GiveUp(why) => {
                    settlement.state = DeliveryState::Failed;
                    settlement.reason = why;
                }
                Verdict::Block => {
                    settlement.state = DeliveryState::Withheld;
                    settlement.reason = domain::verdict::STOPPED.into();
                    self.stopped_elsewhere(district, row.contact).await?;
                }
                Verdict::PauseSender(why) => {
                    settlement.state = DeliveryState::Queued;
                    settlement.opens = now.plus_minutes(5);
                    stranded.push((settlements.len(), row));
                    self.refused(district, row.sender, &why).await?;
                }
            }
            settlements.push(settlement);
        }
        self.hand_on(district, &mut settlements, &stranded).await?;
        self.ports.outbound.settle(district, &settlements).await?;
        (self.ports.point)("settled");
        Ok(())
    }

    /// The family stopped with the company: nothing from us reaches this phone any more, not even an emergency.
    async fn stopped_elsewhere(&self, district: DistrictId, contact: ContactId) -> Flow<()> {
        let audit = self.audit(StaffId::HOUSE, "consent", format!("contact {contact}"));
        self.ports.outbound.block(district, contact, Weight::ALL_BITS, "carrier", &audit).await?;
        Ok(())
    }

    /// A receipt that says so, once: a repeated one must not undo a START that came meanwhile.
    pub(crate) async fn stopped_by_receipt(&self, district: DistrictId, delivery: DeliveryId) -> Flow<()> {
        match self.ports.outbound.delivery(district, delivery).await? {
            Some(info) if info.state != DeliveryState::Failed => self.stopped_elsewhere(district, info.contact).await,
            _ => Ok(()),
        }
    }

    /// Receipts of a set of events, settled forward; what failed, the ladder takes on.
    pub async fn receipts(&self, district: DistrictId, receipts: &[NewReceipt]) -> Flow<()> {
        let effects = self.ports.outbound.receipts(district, receipts).await?;
        if effects.iter().any(|effect| effect.moved) {
            self.ring(district);
        }
        Ok(())
    }
}
