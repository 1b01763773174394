//! The duty list: a risk phrase reaches a person, who takes it within five minutes, else the next (DIALOGUE 2).

use crate::*;
use domain::conversation::TaskKind;
use domain::people::{Role, Staff};

/// Minutes a person has to take it.
pub(crate) const MINUTES: i64 = 5;
/// After so many letters only the page still says so.
const MOST: i64 = 24;

/// Who is on duty at a school, in order; without a list, who leads it.
fn on_duty(all: &[Staff], school: SchoolId) -> Vec<&Staff> {
    let here = |person: &&Staff| person.active && !person.absent && person.schools.contains(&school);
    let list: Vec<&Staff> = all.iter().filter(here).filter(|person| person.duty).collect();
    if !list.is_empty() {
        return list;
    }
    let leads = |person: &&Staff| person.roles.iter().any(|role| matches!(role, Role::Principal | Role::Office));
    all.iter().filter(here).filter(leads).collect()
}

impl Flows {
    /// The letter to the person whose turn it is, and the text to their own phone, if they wish one, on its way; `None` where there is
    /// nobody, or no mail identity to write from.
    async fn duty_letter(&self, district: DistrictId, school: SchoolId, turn: i64, task: TaskId) -> Flow<Option<Ready>> {
        let all = self.ports.people.staff(district).await?;
        let list = on_duty(&all, school);
        let Some(person) = list.get(turn as usize % list.len().max(1)) else {
            return Ok(None);
        };
        let link = format!("{}/by-hand", self.ports.public_url);
        let once = format!("duty:{task}:{turn}");
        let letter = self.letter_to_staff(district, school, person, "staff-risk", &[("link", &link)], once).await?;
        if let Some(letter) = &letter {
            // Five minutes are short for a mailbox.
            self.tell_phone(&self.district(district).await?, school, person, letter, ("staff-risk", "")).await?;
        }
        Ok(letter)
    }

    /// Tells the first on duty of every risk a conclusion found.
    pub(crate) async fn tell_duty(&self, district: DistrictId, conclusion: &Conclusion) -> Flow<()> {
        for task in conclusion.tasks.iter().filter(|task| task.kind == TaskKind::Risk) {
            if let Some(letter) = self.duty_letter(district, task.school, 0, task.id).await? {
                let audit = self.audit(StaffId::HOUSE, "told", format!("task {}", task.id));
                self.ports.outbound.send_ready(district, &letter, &audit).await?;
            }
        }
        Ok(())
    }

    /// Risks nobody took in time go to the next.
    pub(crate) async fn pass_risks_on(&self, district: DistrictId) -> Flow<usize> {
        let due = self.ports.outbound.risks_due(district, self.now(), 50).await?;
        for (task, school, passed) in &due {
            let letter = if *passed < MOST { self.duty_letter(district, *school, passed + 1, *task).await? } else { None };
            let minutes = if *passed < MOST { MINUTES } else { 60 };
            let audit = self.audit(StaffId::HOUSE, "told", format!("task {task}"));
            self.ports.outbound.pass_risk(district, *task, self.now().plus_minutes(minutes), letter.as_ref(), &audit).await?;
        }
        Ok(due.len())
    }
}
