//! Fail-over: what a number cannot send, another number of the school sends, over another account. Only what surely did not leave
//! is handed over: an attempt that may have gone stays with its number until that is known (invariant 2). Where a reply is
//! expected the new number takes a route with it, so that the answer finds its thread.

use crate::render::UNKNOWN;
use crate::*;
use domain::breaker::Breaker;
use domain::delivery::DeliveryState;
use domain::menu::base;
use domain::message::{AnswerSet, Weight};
use domain::people::Sender;

/// What may be down: a whole account, or one of its numbers.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Breaks {
    Account(Channel, String),
    Sender(SenderId),
}

impl Flows {
    pub(crate) fn breaker<T>(&self, what: Breaks, with: impl FnOnce(&mut Breaker) -> T) -> T {
        let mut all = self.breakers.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        with(all.entry(what).or_default())
    }

    /// What a number's account is called here, whether it names it or not.
    pub(crate) fn account_of(&self, channel: Channel, account: &str) -> Breaks {
        Breaks::Account(channel, self.ports.carriers.account(channel, account).unwrap_or(account).to_owned())
    }

    /// How many rows may be tried over this number now; the one try of a broken account or number is taken by whoever asks.
    pub(crate) fn may_try(&self, due: &Due, now: Time, most: i64) -> i64 {
        match self.breaker(self.account_of(due.channel, &due.account), |breaker| breaker.allows(now, most)) {
            0 => 0,
            most => self.breaker(Breaks::Sender(due.sender), |breaker| breaker.allows(now, most)),
        }
    }

    /// Nothing was left to try with.
    pub(crate) fn untried(&self, due: &Due, now: Time) {
        self.breaker(self.account_of(due.channel, &due.account), |breaker| breaker.untried(now));
        self.breaker(Breaks::Sender(due.sender), |breaker| breaker.untried(now));
    }

    /// Numbers that take over from this one: of its school, over another account that works.
    pub(crate) async fn spares(&self, district: DistrictId, from: SenderId) -> Flow<Vec<Sender>> {
        let senders = self.ports.people.senders(district).await?;
        let Some(own) = senders.iter().find(|sender| sender.id == from) else {
            return Ok(Vec::new());
        };
        let account = |sender: &Sender| self.ports.carriers.account(sender.channel, &sender.account);
        let works = |sender: &&Sender| {
            sender.school == own.school
                && sender.channel == own.channel
                && !sender.paused
                && sender.weight > 0
                && account(sender).is_some()
                && account(sender) != account(own)
                && self.breaker(self.account_of(sender.channel, &sender.account), |breaker| breaker.closed())
                && self.breaker(Breaks::Sender(sender.id), |breaker| breaker.closed())
        };
        Ok(senders.iter().filter(works).cloned().collect())
    }

    /// Claims what waits for a number that is down, and hands over what may go another way. What may not goes back, not to be
    /// looked at again for a while. Gives how many rows were claimed for it.
    pub(crate) async fn hand_over(&self, due: &Due, most: i64) -> Flow<usize> {
        let spares = self.spares(due.district, due.sender).await?;
        if spares.is_empty() {
            return Ok(0);
        }
        let now = self.now();
        let until = now.plus_seconds(crate::restored::ON_ITS_WAY);
        let day = domain::time::carrier_day(now);
        let ask = Ask { district: due.district, sender: due.sender, lane: due.lane, now, until, most, day };
        let claimed = self.ports.outbound.claim_over(&ask).await?;
        let rows: Vec<&Claimed> = claimed.iter().filter(|row| row.state == DeliveryState::Claimed).collect();
        let over = self.over(due.district, &rows, &spares).await?;
        let settlement = |(row, over): (&&Claimed, Option<Over>)| {
            let opens = if over.is_some() { now } else { now.plus_seconds(WAITS) };
            Settlement { state: DeliveryState::Queued, opens, over, ..self.settlement(row, now) }
        };
        let settlements: Vec<Settlement> = rows.iter().zip(over).map(settlement).collect();
        self.ports.outbound.settle(due.district, &settlements).await?;
        self.ring(due.district);
        Ok(claimed.len())
    }

    /// Settlements of rows that did not leave, with the number that takes each of them over now, where one does.
    pub(crate) async fn hand_on(&self, district: DistrictId, settlements: &mut [Settlement], stranded: &[(usize, &Claimed)]) -> Flow<()> {
        let senders: std::collections::BTreeSet<SenderId> = stranded.iter().map(|(_, row)| row.sender).collect();
        for sender in senders {
            let spares = self.spares(district, sender).await?;
            let (places, rows): (Vec<usize>, Vec<&Claimed>) = stranded.iter().copied().filter(|(_, row)| row.sender == sender).unzip();
            for (place, over) in places.into_iter().zip(self.over(district, &rows, &spares).await?) {
                if over.is_some() {
                    settlements[place] = Settlement { opens: self.now(), over, ..settlements[place].clone() };
                }
            }
        }
        Ok(())
    }

    /// The company refuses our account or this number. Where another number takes over, this one is tried again now and then, and
    /// what waits for it goes the other way; where none does, it is paused until somebody looks.
    pub(crate) async fn refused(&self, district: DistrictId, sender: SenderId, why: &str) -> Flow<()> {
        if self.spares(district, sender).await?.is_empty() {
            let audit = self.audit(StaffId::HOUSE, "paused", format!("sender {sender}"));
            self.ports.outbound.pause_sender(district, sender, true, why, &audit).await?;
        } else {
            self.breaker(Breaks::Sender(sender), |breaker| breaker.refused(self.now()));
        }
        Ok(())
    }

    /// For each row the number that takes it over, drawn by weight.
    pub(crate) async fn over(&self, district: DistrictId, rows: &[&Claimed], spares: &[Sender]) -> Flow<Vec<Option<Over>>> {
        if spares.is_empty() || rows.is_empty() {
            return Ok(rows.iter().map(|_| None).collect());
        }
        let contacts: Vec<ContactId> = rows.iter().map(|row| row.contact).collect();
        let mut lines = self.ports.outbound.lines(district, &contacts, self.now()).await?;
        let mut all = Vec::with_capacity(rows.len());
        for row in rows {
            all.push(self.over_one(row, spares, &mut lines));
        }
        Ok(all)
    }

    fn over_one(&self, row: &Claimed, spares: &[Sender], lines: &mut Vec<Line>) -> Option<Over> {
        // Its digits belong to its own number: a question of ours, or the choice of a language. What a backup says of it, only its own
        // account can tell.
        if row.answers_to == StaffId::HOUSE || row.rendition.language == UNKNOWN || row.restored {
            return None;
        }
        let sender = drawn(spares, row.delivery)?;
        if row.rendition.channel == Channel::Email {
            return Some(Over { sender: sender.id, route: None, menu_base: row.menu_base, offers: AnswerSet::None });
        }
        // No words of it left: its digits begin anew, behind those that are open on the other number.
        let open: Vec<u8> = lines
            .iter()
            .filter(|line| line.contact == row.contact && line.sender == sender.id)
            .flat_map(|line| line.digits.clone())
            .collect();
        let menu_base = base(&open, domain::menu::digits(row.message.answers, 1).len().saturating_sub(1));
        let digits: Vec<u8> = domain::menu::digits(row.message.answers, menu_base).into_iter().map(|(digit, _)| digit).collect();
        let offers = if digits.is_empty() { AnswerSet::None } else { row.message.answers };
        lines.push(Line { contact: row.contact, sender: sender.id, staff: vec![row.answers_to], past: vec![], digits });
        let route = NewRoute { contact: row.contact, sender: sender.id, staff: row.answers_to, student: row.about, at: self.now() };
        Some(Over { sender: sender.id, route: Some(route), menu_base, offers })
    }
}

/// Seconds until what no other number may take is looked at again.
const WAITS: i64 = 20;

/// Whether a text that surely did not leave goes over another number at once: what is urgent does, anything else when it failed twice.
pub(crate) fn at_once(row: &Claimed) -> bool {
    row.attempt > 1 || row.message.weight <= Weight::Urgent
}

/// One of them, by weight; the same one whenever this delivery is drawn for.
fn drawn(able: &[Sender], delivery: DeliveryId) -> Option<&Sender> {
    let total: i64 = able.iter().map(|sender| sender.weight).sum();
    // Ids are neighbours: multiplied by 2^64 divided by the golden ratio, their high bits are spread evenly.
    let spread = (delivery.0 as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    let mut left = (spread as i64).checked_rem(total)?;
    for sender in able {
        left -= sender.weight;
        if left < 0 {
            return Some(sender);
        }
    }
    able.last()
}
