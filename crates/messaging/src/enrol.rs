//! Enrol: a draft of people out of files, applied as a whole. Ids are kept by roster id; a family's own choice is never overwritten.

use crate::*;
use domain::people::*;
use domain::roster as draft;
use std::collections::{BTreeMap, BTreeSet};

/// What an import changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EnrolReport {
    /// Schools, staff, classes, students, guardians, contact points in the district after it.
    pub schools: usize,
    /// Staff.
    pub staff: usize,
    /// Classes.
    pub classes: usize,
    /// Students.
    pub students: usize,
    /// Guardians.
    pub guardians: usize,
    /// Contact points.
    pub contacts: usize,
    /// Removed.
    pub removed: usize,
}

/// A sender to set up with a school.
#[derive(Clone, Debug)]
pub struct SenderPlan {
    /// Index of the school in the roster's order.
    pub school: usize,
    /// Number or address.
    pub address: String,
    /// Channel.
    pub channel: Channel,
    /// What for.
    pub use_for: SenderUse,
    /// A second.
    pub rate: f64,
}

struct Known {
    ids: BTreeMap<(String, String), i64>,
}

impl Flows {
    /// The draft kept from the last import, with the families' own choices, to compare the next one with.
    pub async fn enrolled(&self, district: DistrictId) -> Flow<draft::Draft> {
        let current = self.ports.people.roster(district).await?;
        let mut kept: draft::Draft = if current.draft_json.is_empty() {
            draft::Draft::default()
        } else {
            serde_json::from_str(&current.draft_json).map_err(|_| FlowFault::Invalid("The kept roster cannot be read.".into()))?
        };
        kept.own_choice = current.own_choices.into_iter().collect();
        Ok(kept)
    }

    /// Applies a whole draft. `gone` names what the files no longer hold.
    pub async fn enrol(&self, district: DistrictId, by: StaffId, draft: &draft::Draft, gone: &[draft::Key]) -> Flow<EnrolReport> {
        let current = self.ports.people.roster(district).await?;
        let own: BTreeSet<(String, String)> = current.own_choices.iter().cloned().collect();
        let disabled = current.disabled.clone();
        let known = Known { ids: current.ids.iter().cloned().map(|(kind, source, id)| ((kind, source), id)).collect() };
        let place = self.district(district).await?;
        let known_staff = self.ports.people.staff(district).await?;
        let mut fresh: BTreeMap<(String, String), i64> = BTreeMap::new();
        let mut id = |kind: &str, source: &str| -> i64 {
            let key = (kind.to_owned(), source.to_owned());
            known.ids.get(&key).copied().unwrap_or_else(|| *fresh.entry(key).or_insert_with(|| self.ports.ids.next()))
        };
        let mut rows = Enrolment { draft_json: serde_json::to_string(draft).unwrap_or_default(), ..Enrolment::default() };
        let mut zones: BTreeMap<String, String> = BTreeMap::new();
        for school in &draft.schools {
            zones.insert(school.source.clone(), school.zone.clone().unwrap_or_else(|| place.zone.clone()));
            let row = School {
                id: SchoolId(id("school", &school.source)),
                name: school.name.clone(),
                short_name: school.short_name.clone(),
                zone: school.zone.clone(),
                phone: school.phone.clone(),
            };
            rows.schools.push((school.source.clone(), row));
        }
        for person in &draft.staff {
            let schools = person.schools.iter().map(|source| SchoolId(id("school", source))).collect();
            let roles: Vec<Role> = person.roles.iter().filter_map(|role| Role::read(role.as_str())).collect();
            let duty = roles.iter().any(|role| matches!(role, Role::Principal | Role::Nurse));
            let id = StaffId(id("staff", &person.source));
            // What people set for themselves, and who was disabled, is not the roster's to change.
            let before = known_staff.iter().find(|known| known.id == id);
            let row = Staff {
                id,
                title: person.title.clone(),
                name: format!("{} {}", person.given, person.family),
                email: person.email.clone().into(),
                roles,
                schools,
                languages: person.languages.clone(),
                active: !disabled.contains(&id),
                backup: before.and_then(|known| known.backup),
                absent: before.is_some_and(|known| known.absent),
                duty: before.map_or(duty, |known| known.duty),
                telling: before.map_or(Telling::Hourly, |known| known.telling),
                phone: before.and_then(|known| known.phone.clone()),
            };
            rows.staff.push((person.source.clone(), row));
        }
        for class in &draft.classes {
            rows.classes.push((
                ClassId(id("class", &class.source)),
                class.source.clone(),
                SchoolId(id("school", &class.school)),
                class.title.clone(),
            ));
        }
        let mut zone_of_student: BTreeMap<&str, &str> = BTreeMap::new();
        for student in &draft.students {
            zone_of_student.insert(&student.source, zones.get(&student.school).map_or(place.zone.as_str(), String::as_str));
            let school = SchoolId(id("school", &student.school));
            rows.students.push((
                StudentId(id("student", &student.source)),
                student.source.clone(),
                student.given.clone(),
                student.family.clone(),
                school,
                student.adult,
            ));
        }
        for guardian in &draft.guardians {
            rows.guardians.push(GuardianRow {
                id: GuardianId(id("guardian", &guardian.source)),
                source: guardian.source.clone(),
                name: format!("{} {}", guardian.given, guardian.family).trim().to_owned(),
                language: guardian.language.clone(),
                language_as_written: guardian.language_as_written.clone(),
                reads: if guardian.reads == draft::Reads::Little { Reads::Little } else { Reads::Written },
                signs: guardian.signs,
                rule: rule(guardian.contact_rule),
            });
        }
        // A language the family chose stays: the store is not told another.
        for row in rows.guardians.iter_mut().filter(|row| own.contains(&(row.source.clone(), "language".into()))) {
            row.language = None;
        }
        for seat in &draft.enrollments {
            let class = ClassId(id("class", &seat.class));
            match seat.seat {
                draft::Seat::Student => rows.attends.push((class, StudentId(id("student", &seat.person)))),
                draft::Seat::Teacher => rows.teaches.push((class, StaffId(id("staff", &seat.person)))),
            }
        }
        for relation in &draft.relations {
            let zone = domain::time::zone(zone_of_student.get(relation.student.as_str()).copied().unwrap_or(&place.zone));
            let (right, order_from, order_until) = rights(&relation.rights, &zone);
            rows.relations.push(RelationRow {
                guardian: GuardianId(id("guardian", &relation.guardian)),
                student: StudentId(id("student", &relation.student)),
                relation: relation.relation.clone(),
                right,
                order_from,
                order_until,
            });
        }
        let mut contacts: BTreeMap<(Channel, String), ContactRow> = BTreeMap::new();
        for contact in &draft.contacts {
            let channel = if contact.kind == draft::ContactKind::Phone { Channel::Sms } else { Channel::Email };
            let guardian = GuardianId(id("guardian", &contact.guardian));
            let row = contacts.entry((channel, contact.value.clone())).or_insert_with(|| ContactRow {
                id: ContactId(id("contact", &contact.value)),
                channel,
                address: contact.value.clone(),
                textable: contact.textable.unwrap_or(true),
                guardians: vec![],
            });
            if !row.guardians.contains(&guardian) {
                row.guardians.push(guardian);
            }
        }
        rows.contacts = contacts.into_values().collect();
        let owners = owners(&current.owners);
        for row in &mut rows.contacts {
            if known.ids.contains_key(&("contact".to_owned(), row.address.clone()))
                && !owners.get(&row.id).is_some_and(|before| stays(before, row, &rows.relations))
            {
                rows.passed_on.push(row.id);
                row.id = ContactId(self.ports.ids.next());
            }
        }
        rows.removed = gone.iter().map(|key| (key.kind.as_str(), key.source.clone())).collect();
        let report = EnrolReport {
            schools: rows.schools.len(),
            staff: rows.staff.len(),
            classes: rows.classes.len(),
            students: rows.students.len(),
            guardians: rows.guardians.len(),
            contacts: rows.contacts.len(),
            removed: rows.removed.len(),
        };
        let audit = self.audit(by, "imported", format!("roster: {} students", report.students));
        self.ports.people.enrol(district, &rows, &audit).await?;
        // Whoever the roster no longer holds is gone: families that wait for them get somebody else at once.
        for key in gone.iter().filter(|key| key.kind == draft::Kind::Staff) {
            if let Some(id) = known.ids.get(&(key.kind.as_str().to_owned(), key.source.clone())) {
                self.hand_over_all(district, StaffId(*id), "Its owner has left: it comes to you.").await?;
            }
        }
        self.ring(district);
        Ok(report)
    }
}

/// Who had a contact point until now.
#[derive(Default)]
struct Before {
    guardians: BTreeSet<GuardianId>,
    children: BTreeSet<StudentId>,
    by_office: bool,
}

fn owners(rows: &[(ContactId, GuardianId, Option<StudentId>, bool)]) -> BTreeMap<ContactId, Before> {
    let mut all: BTreeMap<ContactId, Before> = BTreeMap::new();
    for (contact, guardian, child, by_office) in rows {
        let before = all.entry(*contact).or_default();
        before.guardians.insert(*guardian);
        before.children.extend(child);
        before.by_office |= by_office;
    }
    all
}

/// Whether a contact point is still its family's: somebody who had it, or an adult of the same child (rosters give people new ids),
/// or whom the office wrote down.
fn stays(before: &Before, row: &ContactRow, relations: &[RelationRow]) -> bool {
    let theirs = |relation: &RelationRow| row.guardians.contains(&relation.guardian) && before.children.contains(&relation.student);
    before.by_office || row.guardians.iter().any(|guardian| before.guardians.contains(guardian)) || relations.iter().any(theirs)
}

fn rule(rule: draft::ContactRule) -> ContactRule {
    match rule {
        draft::ContactRule::Any => ContactRule::Any,
        draft::ContactRule::NoVoice => ContactRule::NoVoice,
        draft::ContactRule::VoiceOnly => ContactRule::VoiceOnly,
        draft::ContactRule::Relay => ContactRule::Relay,
    }
}

/// Days of an order in the school's zone: both belong to it.
fn rights(rights: &draft::Rights, zone: &jiff::tz::TimeZone) -> (Right, Option<Time>, Option<Time>) {
    let day = |text: &Option<String>, add: i64| {
        let date: jiff::civil::Date = text.as_ref()?.parse().ok()?;
        let date = date.checked_add(jiff::Span::new().days(add)).ok()?;
        Some(Time::of_local(date.at(0, 0, 0, 0), zone))
    };
    match rights {
        draft::Rights::Full => (Right::Full, None, None),
        draft::Rights::Unknown => (Right::Unknown, None, None),
        draft::Rights::None { since: None, until: None, .. } => (Right::None, None, None),
        draft::Rights::None { since, until, .. } => {
            (Right::Full, Some(day(since, 0).unwrap_or(Time(0))), Some(day(until, 1).unwrap_or(Time::NEVER)))
        }
    }
}
