//! Who an audience really reaches: right to know, channel, consent. Pure policy over [`Reach`] rows; knows no store.

use domain::message::{Audience, Weight};
use domain::people::{Channel, Right};
use domain::ports::{Child, Reach};
use domain::*;
use std::collections::{BTreeMap, BTreeSet};

/// One contact point to write to, in one language.
#[derive(Clone, Debug)]
pub struct Target {
    /// Where.
    pub contact: ContactId,
    /// Phone or mailbox.
    pub channel: Channel,
    /// BCP 47; `None` = not on file.
    pub language: Option<String>,
    /// The children it is about.
    pub children: Vec<Child>,
    /// Several guardians share it.
    pub shared: bool,
    /// A guardian behind it reads little.
    pub reads_little: bool,
    /// A guardian behind it.
    pub guardian: GuardianId,
    /// It has answered before.
    pub confirmed: bool,
    /// When its first contact went or goes.
    pub introduced: Option<Time>,
}

impl Target {
    /// A row as a target, about these children.
    pub(crate) fn of(row: &Reach, contact: ContactId, children: Vec<Child>) -> Target {
        Target {
            contact,
            channel: row.channel,
            language: row.language.clone(),
            children,
            shared: row.shared,
            reads_little: row.reads == domain::people::Reads::Little,
            guardian: row.guardian,
            confirmed: row.confirmed,
            introduced: row.introduced,
        }
    }
}

/// Somebody who cannot be written to, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missed {
    /// Who.
    pub guardian: GuardianId,
    /// A contact point that is blocked or dead, if there is one.
    pub contact: Option<ContactId>,
    /// About whom.
    pub child: Option<StudentId>,
    /// The child's school.
    pub school: Option<SchoolId>,
    /// Why.
    pub why: Why,
}

/// Why somebody is missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// An order forbids it: counted, never explained to teachers.
    NotIncluded,
    /// Rights unknown and the message is about one child: the office decides.
    RightsUnknown,
    /// No contact point that can be used.
    NoWay,
    /// The family stopped.
    Stopped,
}

/// What an audience comes to.
#[derive(Clone, Debug, Default)]
pub struct Fates {
    /// To write to.
    pub targets: Vec<Target>,
    /// Missed.
    pub missed: Vec<Missed>,
}

/// Decides for a page of reach rows (all rows of a guardian are in one page). `first`: the channel of what goes one way only.
pub fn fates(rows: &[Reach], audience: &Audience, weight: Weight, first: Channel) -> Fates {
    let mut by_guardian: BTreeMap<GuardianId, Vec<&Reach>> = BTreeMap::new();
    for row in rows {
        by_guardian.entry(row.guardian).or_default().push(row);
    }
    let mut fates = Fates::default();
    let direct =
        matches!(audience, Audience::Thread { .. } | Audience::Contact { .. } | Audience::SameAs { .. } | Audience::Unanswered { .. });
    for (guardian, rows) in by_guardian {
        let children: Vec<Child> = rows[0].children.iter().filter(|child| child.right != Right::None).cloned().collect();
        let miss = |why, child: Option<&Child>, contact| Missed {
            guardian,
            contact,
            child: child.map(|c| c.id),
            school: child.map(|c| c.school),
            why,
        };
        if children.is_empty() && !rows[0].children.is_empty() {
            fates.missed.push(miss(Why::NotIncluded, rows[0].children.first(), None));
            continue;
        }
        let about_one = matches!(audience, Audience::Family { .. });
        if about_one && children.iter().all(|child| child.right == Right::Unknown) && !children.is_empty() {
            fates.missed.push(miss(Why::RightsUnknown, children.first(), None));
            continue;
        }
        let usable: Vec<&&Reach> = rows.iter().filter(|row| row.contact.is_some() && row.textable && !row.suspended).collect();
        let open: Vec<&&Reach> = usable.iter().copied().filter(|row| row.blocked & weight.bit() == 0).collect();
        let chosen: Vec<&&Reach> = if direct || weight <= Weight::Urgent {
            open
        } else {
            let one = open.iter().find(|row| row.channel == first).or_else(|| open.first());
            one.copied().into_iter().collect()
        };
        let closed = usable.iter().find(|row| row.blocked & weight.bit() != 0);
        if let Some(closed) = closed.filter(|_| !chosen.is_empty() && weight == Weight::Emergency) {
            // A carrier blocks this phone even for an emergency: its other ways get it, and somebody calls (DIALOGUE 6).
            fates.missed.push(miss(Why::Stopped, children.first(), closed.contact));
        }
        if chosen.is_empty() {
            let why = if usable.is_empty() { Why::NoWay } else { Why::Stopped };
            fates.missed.push(miss(why, children.first(), rows.iter().find_map(|row| row.contact)));
        }
        for row in chosen {
            let Some(contact) = row.contact else { continue };
            let same = fates.targets.iter_mut().find(|target| target.contact == contact && target.language == row.language);
            match same {
                Some(target) => {
                    let known: BTreeSet<StudentId> = target.children.iter().map(|child| child.id).collect();
                    target.children.extend(children.iter().filter(|child| !known.contains(&child.id)).cloned());
                    target.shared = true;
                }
                None => fates.targets.push(Target::of(row, contact, children.clone())),
            }
        }
    }
    fates
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::people::Reads;

    fn row(guardian: i64, contact: i64, channel: Channel) -> Reach {
        let child = Child { id: StudentId(1), given: "Amina".into(), family: "A".into(), school: SchoolId(1), right: Right::Full };
        Reach {
            guardian: GuardianId(guardian),
            name: String::new(),
            contact: Some(ContactId(contact)),
            channel,
            address: String::new(),
            textable: true,
            shared: false,
            suspended: false,
            language: Some("so".into()),
            reads: Reads::Written,
            blocked: 0,
            confirmed: true,
            introduced: None,
            children: vec![child],
        }
    }
    const CLASS: Audience = Audience::Class { class: ClassId(1) };

    fn fates(rows: &[Reach], audience: &Audience, weight: Weight) -> Fates {
        super::fates(rows, audience, weight, Channel::Sms)
    }

    #[test]
    fn one_way_per_guardian_and_every_way_in_an_emergency() {
        let rows = [row(1, 1, Channel::Sms), row(1, 2, Channel::Email)];
        assert_eq!(fates(&rows, &CLASS, Weight::Routine).targets.len(), 1);
        assert_eq!(fates(&rows, &CLASS, Weight::Emergency).targets.len(), 2);
    }

    #[test]
    fn where_email_is_first_only_what_can_wait_goes_so() {
        let rows = [row(1, 1, Channel::Sms), row(1, 2, Channel::Email)];
        let ways = |rows: &[Reach], weight| -> Vec<Channel> {
            super::fates(rows, &CLASS, weight, Channel::Email).targets.into_iter().map(|target| target.channel).collect()
        };
        assert_eq!((ways(&rows, Weight::Routine), ways(&rows, Weight::Community)), (vec![Channel::Email], vec![Channel::Email]));
        assert_eq!(ways(&rows, Weight::Urgent), [Channel::Sms, Channel::Email]);
        assert_eq!(ways(&rows[..1], Weight::Routine), [Channel::Sms], "who has no mailbox gets a text");
        let dead = [rows[0].clone(), Reach { suspended: true, ..rows[1].clone() }];
        assert_eq!(ways(&dead, Weight::Routine), [Channel::Sms], "nor does one that is dead");
    }

    #[test]
    fn a_stopped_phone_gives_way_to_the_mailbox() {
        let mut rows = [row(1, 1, Channel::Sms), row(1, 2, Channel::Email)];
        rows[0].blocked = Weight::STOP_BITS;
        assert_eq!(fates(&rows, &CLASS, Weight::Routine).targets[0].channel, Channel::Email);
        assert_eq!(fates(&rows[..1], &CLASS, Weight::Routine).missed[0].why, Why::Stopped);
        assert_eq!(fates(&rows[..1], &CLASS, Weight::Emergency).targets.len(), 1, "STOP does not stop emergencies");
    }

    #[test]
    fn orders_act_and_unknown_rights_wait_only_for_what_is_about_one_child() {
        let mut rows = [row(1, 1, Channel::Sms)];
        rows[0].children[0].right = Right::None;
        assert_eq!(fates(&rows, &CLASS, Weight::Emergency).missed[0].why, Why::NotIncluded);
        rows[0].children[0].right = Right::Unknown;
        assert_eq!(fates(&rows, &CLASS, Weight::Routine).targets.len(), 1);
        let family = Audience::Family { student: StudentId(1) };
        assert_eq!(fates(&rows, &family, Weight::Routine).missed[0].why, Why::RightsUnknown);
    }

    #[test]
    fn two_guardians_of_one_language_on_one_phone_get_one_text() {
        let rows = [row(1, 1, Channel::Sms), row(2, 1, Channel::Sms)];
        assert_eq!(fates(&rows, &CLASS, Weight::Routine).targets.len(), 1);
        let mut other = rows.clone();
        other[1].language = Some("en".into());
        assert_eq!(fates(&other, &CLASS, Weight::Routine).targets.len(), 2);
    }
}
