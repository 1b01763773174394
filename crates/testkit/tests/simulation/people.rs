//! The people of a world: five adults on three phones and two mailboxes, four children, three teachers; orders and rosters change.
//! What is on file is kept twice over: as rows for the house's own rules, and as plain facts for the checks.

use domain::message::*;
use domain::people::*;
use domain::ports::*;
use domain::*;
use std::collections::{BTreeMap, BTreeSet};

pub const SCHOOL: SchoolId = SchoolId(11);
pub const TEACHERS: [i64; 3] = [21, 22, 23];
pub const OFFICE: i64 = 24;
pub const CHILDREN: [i64; 4] = [41, 42, 43, 44];
pub const PHONES: [i64; 3] = [61, 62, 63];
/// (guardian, language, its children, its contact points).
pub const GUARDIANS: [(i64, &str, &[i64], &[i64]); 5] = [
    (51, "es", &[41, 42], &[61, 64]),
    (52, "so", &[41], &[61]),
    (53, "es", &[43], &[62]),
    (54, "ar", &[43, 44], &[63, 65]),
    (55, "ar", &[44], &[63]),
];

pub struct Families {
    /// (teacher, child): a class is a teacher's children.
    pub teaches: BTreeSet<(i64, i64)>,
    /// (guardian, child) → since when an order keeps them apart.
    pub orders: BTreeSet<(i64, i64)>,
    pub suspended: BTreeSet<i64>,
}

impl Families {
    pub fn new() -> Families {
        let teaches = [(21, 41), (21, 43), (22, 42), (22, 43), (22, 44), (23, 44)].into_iter().collect();
        Families { teaches, orders: BTreeSet::new(), suspended: BTreeSet::new() }
    }

    pub fn channel(contact: i64) -> Channel {
        if PHONES.contains(&contact) { Channel::Sms } else { Channel::Email }
    }

    pub fn actor(&self, staff: i64) -> rights::Actor {
        let roles = if staff == OFFICE { vec![Role::Office] } else { vec![Role::Teacher] };
        let classes = if staff == OFFICE { vec![] } else { vec![ClassId(staff)] };
        rights::Actor { district: DistrictId(1), staff: StaffId(staff), roles, schools: vec![SCHOOL], classes }
    }

    /// The children an audience names.
    pub fn children(&self, audience: &Audience) -> Vec<i64> {
        match audience {
            Audience::Family { student } => vec![student.0],
            Audience::Class { class } => CHILDREN.into_iter().filter(|child| self.teaches.contains(&(class.0, *child))).collect(),
            _ => CHILDREN.to_vec(),
        }
    }

    /// Rows for the house's rules.
    pub fn reach(&self, children: &[i64], blocks: &BTreeMap<i64, i16>) -> Vec<Reach> {
        let mut rows = Vec::new();
        for (guardian, language, theirs, contacts) in GUARDIANS {
            let child = |id: &i64| Child {
                id: StudentId(*id),
                given: format!("c{id}"),
                family: String::new(),
                school: SCHOOL,
                right: if self.orders.contains(&(guardian, *id)) { Right::None } else { Right::Full },
            };
            let mine: Vec<Child> = theirs.iter().filter(|id| children.contains(id)).map(child).collect();
            for contact in contacts.iter().filter(|_| !mine.is_empty()) {
                rows.push(Reach {
                    guardian: GuardianId(guardian),
                    name: String::new(),
                    contact: Some(ContactId(*contact)),
                    channel: Families::channel(*contact),
                    address: String::new(),
                    textable: true,
                    shared: GUARDIANS.iter().filter(|other| other.3.contains(contact)).count() > 1,
                    suspended: self.suspended.contains(contact),
                    language: Some(language.to_owned()),
                    reads: Reads::Written,
                    blocked: blocks.get(contact).copied().unwrap_or(0),
                    confirmed: true,
                    introduced: None,
                    children: mine.clone(),
                });
            }
        }
        rows
    }

    /// The card behind a contact point, for routing.
    pub fn card(&self, contact: i64) -> ContactCard {
        let behind: Vec<i64> = GUARDIANS
            .iter()
            .filter(|row| row.3.contains(&contact))
            .flat_map(|row| row.2.iter().copied())
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        let candidate = |(staff, child): &(i64, i64)| Candidate {
            staff: StaffId(*staff),
            title: format!("T{staff}"),
            teaches: String::new(),
            student: Some(StudentId(*child)),
            school: SCHOOL,
        };
        ContactCard {
            contact: ContactId(contact),
            channel: Families::channel(contact),
            address: String::new(),
            guardians: vec![],
            children: vec![],
            candidates: self.teaches.iter().filter(|(_, child)| behind.contains(child)).map(candidate).collect(),
            blocked: 0,
            stopped_staff: vec![],
            suspended: false,
            confirmed: true,
        }
    }

    /// What the claim asks of the rows: an order keeps somebody of this contact from one of these children, and nobody else there who
    /// reads this language may know of that child.
    pub fn forbids(&self, contact: i64, language: &str, children: &[i64]) -> bool {
        let here = || GUARDIANS.iter().filter(|row| row.3.contains(&contact));
        let kept = |row: &(i64, &str, &[i64], &[i64]), child: &i64| row.2.contains(child) && self.orders.contains(&(row.0, *child));
        let told = |row: &(i64, &str, &[i64], &[i64]), child: &i64| row.1 == language && row.2.contains(child) && !kept(row, child);
        children.iter().any(|child| here().any(|row| kept(row, child)) && !here().any(|row| told(row, child)))
    }

    /// Whether this adult may know of at least one of these children: the plain fact.
    pub fn someone_may_know(&self, contact: i64, language: &str, children: &[i64]) -> bool {
        let mut here = GUARDIANS.iter().filter(|row| row.3.contains(&contact) && row.1 == language);
        here.any(|row| row.2.iter().any(|child| children.contains(child) && !self.orders.contains(&(row.0, *child))))
    }
}
