//! The ladder: what will not arrive this way is followed up, once, whoever stopped in the middle: it is told to its author and
//! goes on the call list. Works off what the store says has fallen, so that a process that dies loses no rung.

use crate::*;
use domain::conversation::TaskKind;
use domain::delivery::DeliveryState;

impl Flows {
    /// Walks what has fallen. Gives how many.
    pub(crate) async fn walk(&self, district: DistrictId) -> Flow<usize> {
        let fallen = self.ports.outbound.fallen(district, 200).await?;
        for info in &fallen {
            let rung = Rung { tasks: vec![self.by_hand(info)], ..Rung::default() };
            (self.ports.point)("fallen");
            self.ports.outbound.walk(district, info.delivery, &rung).await?;
        }
        Ok(fallen.len())
    }

    /// The last rung: a person. One of our own notices is the office's matter.
    fn by_hand(&self, info: &DeliveryInfo) -> NewTask {
        let kind = if info.message.author == StaffId::HOUSE { TaskKind::Attend } else { TaskKind::NotReached };
        let reason = match info.state {
            DeliveryState::Withheld => "The family stopped texts: tell them by hand.",
            DeliveryState::Late => "It was no longer useful when it could go: tell them by hand.",
            _ if info.reason.contains("Landline") || info.reason.contains("does not exist") => &info.reason,
            _ => "It did not arrive: tell them by hand, or ask for another number or address.",
        };
        let mut task = self.task(kind, &info.message, Some(info.contact), None, info.students.first().copied(), reason);
        task.due = self.now().plus_hours(4);
        task
    }
}
