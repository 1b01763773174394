//! Claims past their deadline: a worker died, slept or never heard an answer. The carrier's kind decides what may be done: the
//! same key again, a question, or nothing but to say that nobody knows (invariant 2). Nothing here sends an attempt anew.

use crate::restored::ON_ITS_WAY;
use crate::*;
use domain::carrier::*;
use domain::delivery::DeliveryState;

/// How long a carrier that can be asked is asked before a person is told that nobody knows, in hours.
const ASKING: i64 = 24;

impl Flows {
    /// Resends with the same key, looks up, or leaves uncertain. Gives how many claims were past their deadline.
    pub async fn reconcile(&self, district: DistrictId) -> Flow<usize> {
        let now = self.now();
        // Only who can be asked: a channel without a carrier asks nobody.
        let longest = self.ports.carriers.all().map(|carrier| carrier.abilities().slowest.as_secs() as i64).max().unwrap_or_default();
        let rows = self.ports.outbound.reclaim(district, now, now.plus_seconds(longest + ON_ITS_WAY), 200).await?;
        (self.ports.point)("reclaimed");
        let mut accounts: std::collections::BTreeMap<(Channel, &str), Vec<&Claimed>> = std::collections::BTreeMap::new();
        for row in &rows {
            accounts.entry((row.rendition.channel, &row.account)).or_default().push(row);
        }
        for ((channel, account), mine) in accounts {
            let Some(carrier) = self.ports.carriers.get(channel, account) else {
                continue;
            };
            let asked = |row: &&&Claimed| now < row.at.plus_hours(ASKING);
            let nobody_knows =
                || SendResult::Fault(SendFault::Unclear("nobody knows whether it left: its worker stopped during the call".into()));
            let (open, closed): (Vec<&Claimed>, Vec<&Claimed>) = match carrier.abilities().repeat {
                // A family that stopped meanwhile gets nothing more, not even under the same key.
                Repeat::Keyed(_) => mine.iter().partition(|row| row.state == DeliveryState::Claimed && self.key_lives(row)),
                Repeat::LookUp => mine.iter().partition(|row| asked(row)),
                Repeat::Blind => (Vec::new(), mine),
            };
            self.settle_all(district, closed.into_iter().map(|row| (row, nobody_knows())).collect()).await?;
            match carrier.abilities().repeat {
                Repeat::Keyed(_) => {
                    // One whose words can't be put together any more waits until its key's life is over.
                    let (mut leads, mut set, mut mine) = (Vec::new(), Vec::new(), Vec::new());
                    for row in open {
                        if let Some((lead, outgoing)) = self.made(district, row) {
                            leads.extend(lead);
                            set.push(outgoing);
                            mine.push(row);
                        }
                    }
                    carrier.send(&leads).await;
                    let results = carrier.send(&set).await;
                    // A repeat that did not leave says nothing of the first call: the row stays claimed, never queued under a new key.
                    let left =
                        |result: &SendResult| !matches!(result, SendResult::Fault(SendFault::NotSent(_) | SendFault::Throttled { .. }));
                    self.settle(district, mine.into_iter().zip(results).filter(|(_, result)| left(result)).collect()).await?;
                }
                Repeat::LookUp => {
                    let (attempts, open): (Vec<Attempted>, Vec<&Claimed>) = open
                        .into_iter()
                        .filter_map(|row| Some((Attempted { outgoing: self.made(district, row)?.1, at: row.at }, row)))
                        .unzip();
                    let found = carrier.find(&attempts).await;
                    let result = |found| match found {
                        Found::Found(accepted) => Some(SendResult::Accepted(accepted)),
                        Found::Absent => Some(SendResult::Fault(SendFault::Lost)),
                        Found::Unclear => None,
                    };
                    let rows = open.into_iter().zip(found).filter_map(|(row, found)| Some((row, result(found)?)));
                    self.settle(district, rows.collect()).await?;
                }
                Repeat::Blind => {}
            }
        }
        Ok(rows.len())
    }
}
