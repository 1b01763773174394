//! What applying a draft to the current one would do: merged, checked, counted, told row by row, with a brake.

use domain::roster::*;
use std::collections::{BTreeMap, BTreeSet};

/// Compares. `limit_percent`: the most that may go of any kind.
pub fn compare(current: &Draft, new: Draft, limit_percent: u8) -> Result<Delta, TooManyRemovals> {
    let reading = new.reading.clone();
    let mut delta = Delta::default();
    let mut draft = new;
    for fault in &reading.refused {
        delta.lines.push(told(fault, Outcome::Refused));
    }
    for fault in &reading.remarks {
        delta.lines.push(told(fault, Outcome::Noted));
    }
    keep_what_is_absent(current, &mut draft, &reading);
    keep_choices(current, &mut draft, &reading, &mut delta.lines);
    drop_dangling(&mut draft, &reading, &mut delta.lines);
    changes(current, &draft, &reading, &mut delta);
    brake(current, &draft, &delta.counts, limit_percent)?;
    delta.lines.sort();
    draft.own_choice = current.own_choice.clone();
    draft.reading = reading;
    delta.draft = draft;
    Ok(delta)
}

fn told(fault: &RowFault, outcome: Outcome) -> ReportLine {
    let column = if fault.column.is_empty() { String::new() } else { format!("{}: ", fault.column) };
    let source = fault.source.as_ref().map_or_else(String::new, |source| format!("{source}: "));
    ReportLine {
        place: Place { file: fault.file.clone(), line: fault.line },
        outcome,
        words: format!("{source}{column}{} {}", fault.what, fault.what_to_do),
    }
}

/// Sorted by `id`, the new one's rows over the current one's, which stay unless the files hold everything or mark them gone.
fn merged<T: Clone>(current: &[T], new: Vec<T>, id: impl Fn(&T) -> String, extent: Extent, gone: impl Fn(&str) -> bool) -> Vec<T> {
    let kept = current.iter().filter(|row| extent != Extent::Bulk && !gone(&id(row))).cloned();
    let mut rows: BTreeMap<String, T> = kept.map(|row| (id(&row), row)).collect();
    rows.extend(new.into_iter().map(|row| (id(&row), row)));
    rows.into_values().collect()
}

fn keep_what_is_absent(current: &Draft, draft: &mut Draft, reading: &Reading) {
    let extent = |group| reading.extents.get(&group).copied().unwrap_or_default();
    let gone = |kind: Kind| move |source: &str| reading.gone.contains(&Key::new(kind, source));
    draft.schools =
        merged(&current.schools, std::mem::take(&mut draft.schools), |row| row.source.clone(), extent(Group::Schools), gone(Kind::School));
    let people = extent(Group::People);
    draft.staff = merged(&current.staff, std::mem::take(&mut draft.staff), |row| row.source.clone(), people, gone(Kind::Staff));
    draft.students = merged(&current.students, std::mem::take(&mut draft.students), |row| row.source.clone(), people, gone(Kind::Student));
    let told: BTreeSet<String> = draft.guardians.iter().map(|guardian| guardian.source.clone()).collect();
    draft.guardians =
        merged(&current.guardians, std::mem::take(&mut draft.guardians), |row| row.source.clone(), people, gone(Kind::Guardian));
    if people != Extent::Bulk {
        // A guardian whose row came again is told anew, with all relations and contacts; the others stay.
        let stays = |guardian: &str| !told.contains(guardian) && !gone(Kind::Guardian)(guardian);
        let relations = current.relations.iter().filter(|row| stays(&row.guardian)).cloned();
        let mut all: BTreeMap<(String, String), DraftRelation> =
            relations.map(|row| ((row.guardian.clone(), row.student.clone()), row)).collect();
        for row in std::mem::take(&mut draft.relations) {
            all.entry((row.guardian.clone(), row.student.clone())).or_insert(row);
        }
        draft.relations = all.into_values().collect();
        let contacts = current.contacts.iter().filter(|row| stays(&row.guardian)).cloned();
        draft.contacts.extend(contacts);
        draft.contacts.sort_by(|a, b| (&a.guardian, a.kind, &a.value).cmp(&(&b.guardian, b.kind, &b.value)));
    }
    draft.classes =
        merged(&current.classes, std::mem::take(&mut draft.classes), |row| row.source.clone(), extent(Group::Classes), gone(Kind::Class));
    draft.enrollments = merged(
        &current.enrollments,
        std::mem::take(&mut draft.enrollments),
        |row| row.source.clone(),
        extent(Group::Enrollments),
        gone(Kind::Enrollment),
    );
}

/// What a family chose stays, and what the files have no column for.
fn keep_choices(current: &Draft, draft: &mut Draft, reading: &Reading, lines: &mut Vec<ReportLine>) {
    let before: BTreeMap<&str, &DraftGuardian> = current.guardians.iter().map(|row| (row.source.as_str(), row)).collect();
    for guardian in &mut draft.guardians {
        let Some(known) = before.get(guardian.source.as_str()) else { continue };
        let own = |field: &str| current.own_choice.contains(&(guardian.source.clone(), field.to_owned()));
        let silent = |field: &str| !reading.fields.contains(field);
        if own("language") && guardian.language != known.language {
            let place = reading.places.get(&Key::new(Kind::Guardian, guardian.source.clone())).cloned();
            if let Some(place) = place {
                let words = format!("{}: the family chose its language itself; the roster's is not taken.", guardian.source);
                lines.push(ReportLine { place, outcome: Outcome::Kept, words });
            }
        }
        if own("language") || silent("language") {
            guardian.language.clone_from(&known.language);
            guardian.language_as_written.clone_from(&known.language_as_written);
        }
        if own("reads") || silent("reads") {
            guardian.reads = known.reads;
        }
        if own("signs") || silent("signs") {
            guardian.signs = known.signs;
        }
        if own("contact-rule") || silent("contact-rule") {
            guardian.contact_rule = known.contact_rule;
        }
    }
    if !reading.fields.contains("rights") {
        let rights: BTreeMap<(&str, &str), &Rights> =
            current.relations.iter().map(|row| ((row.guardian.as_str(), row.student.as_str()), &row.rights)).collect();
        for relation in &mut draft.relations {
            // An order on file does not vanish because a file has no column for it.
            if let Some(known) = rights.get(&(relation.guardian.as_str(), relation.student.as_str())) {
                relation.rights = (*known).clone();
            }
        }
    }
}

/// Nothing is applied that names what is not there.
fn drop_dangling(draft: &mut Draft, reading: &Reading, lines: &mut Vec<ReportLine>) {
    let schools: BTreeSet<String> = draft.schools.iter().map(|row| row.source.clone()).collect();
    let within = |above: &str| {
        draft
            .schools
            .iter()
            .filter(|school| school.within.iter().any(|org| org == above))
            .map(|school| school.source.clone())
            .collect::<Vec<_>>()
    };
    let mut refuse = |key: Key, what: &str| {
        if let Some(place) = reading.places.get(&key) {
            lines.push(ReportLine { place: place.clone(), outcome: Outcome::Refused, words: format!("{}: {what}", key.source) });
        }
    };
    for person in &mut draft.staff {
        // Staff of an organisation above the schools work in each of them.
        let named = std::mem::take(&mut person.schools);
        person.schools = named
            .into_iter()
            .flat_map(|org| if schools.contains(&org) { vec![org] } else { within(&org) })
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
    }
    draft.students.retain(|row| {
        let known = schools.contains(&row.school);
        if !known {
            refuse(Key::new(Kind::Student, row.source.clone()), "its school is in no file. Add the school to orgs.csv.");
        }
        known
    });
    draft.classes.retain(|row| {
        let known = schools.contains(&row.school);
        if !known {
            refuse(Key::new(Kind::Class, row.source.clone()), "its school is in no file. Add the school to orgs.csv.");
        }
        known
    });
    let students: BTreeSet<&str> = draft.students.iter().map(|row| row.source.as_str()).collect();
    let staff: BTreeSet<&str> = draft.staff.iter().map(|row| row.source.as_str()).collect();
    let classes: BTreeSet<&str> = draft.classes.iter().map(|row| row.source.as_str()).collect();
    let guardians: BTreeSet<&str> = draft.guardians.iter().map(|row| row.source.as_str()).collect();
    draft.enrollments.retain(|row| {
        let person = match row.seat {
            Seat::Student => students.contains(row.person.as_str()),
            Seat::Teacher => staff.contains(row.person.as_str()),
        };
        let known = person && classes.contains(row.class.as_str());
        if !known && !reading.passed_over.contains(&row.person) && !reading.gone.iter().any(|key| key.source == row.person) {
            refuse(Key::new(Kind::Enrollment, row.source.clone()), "its class or its person is in no file.");
        }
        known
    });
    draft.relations.retain(|row| {
        let known = students.contains(row.student.as_str()) && guardians.contains(row.guardian.as_str());
        let deliberate = [&row.student, &row.guardian]
            .iter()
            .any(|source| reading.passed_over.contains(*source) || reading.gone.iter().any(|key| key.source == **source));
        if !known && !deliberate {
            let key =
                if row.by_guardian { Key::new(Kind::Guardian, row.guardian.clone()) } else { Key::new(Kind::Student, row.student.clone()) };
            refuse(key, "agentSourcedIds names somebody who is in no file; that relation was left out.");
        }
        known
    });
    draft.contacts.retain(|row| guardians.contains(row.guardian.as_str()));
}

fn changes(current: &Draft, draft: &Draft, reading: &Reading, delta: &mut Delta) {
    let mut removed = Vec::new();
    for kind in Kind::ALL {
        let (before, after) = (rows(current, kind), rows(draft, kind));
        let counts = delta.counts.entry(kind).or_default();
        for (source, fields) in &after {
            let key = Key::new(kind, source.clone());
            let (outcome, words) = match before.get(source) {
                None => {
                    counts.added += 1;
                    delta.changes.push(Change::Added(key.clone()));
                    (Outcome::Added, format!("{key} is new."))
                }
                Some(known) => {
                    let differ: Vec<&'static str> =
                        fields.iter().filter(|(name, value)| known.get(*name) != Some(value)).map(|(name, _)| *name).collect();
                    if differ.is_empty() {
                        counts.unchanged += 1;
                        continue;
                    }
                    counts.changed += 1;
                    delta.changes.push(Change::Changed(key.clone(), differ.clone()));
                    (Outcome::Changed, format!("{key}: {} differ.", differ.join(", ")))
                }
            };
            if let Some(place) = reading.places.get(&key) {
                delta.lines.push(ReportLine { place: place.clone(), outcome, words });
            }
        }
        for source in before.keys().filter(|source| !after.contains_key(*source)) {
            counts.removed += 1;
            let key = Key::new(kind, source.clone());
            let file = match kind.group() {
                Group::Schools => "orgs.csv",
                Group::People => "users.csv",
                Group::Classes => "classes.csv",
                Group::Enrollments => "enrollments.csv",
            };
            let place = reading.places.get(&key).cloned().unwrap_or(Place { file: file.to_owned(), line: 0 });
            delta.lines.push(ReportLine { place, outcome: Outcome::Removed, words: format!("{key} is gone.") });
            removed.push(Change::Removed(key));
        }
    }
    delta.changes.extend(removed.into_iter().rev());
}

/// A kind's rows as comparable fields.
fn rows(draft: &Draft, kind: Kind) -> BTreeMap<String, BTreeMap<&'static str, String>> {
    let text = |value: &dyn std::fmt::Debug| format!("{value:?}");
    match kind {
        Kind::School => draft
            .schools
            .iter()
            .map(|row| {
                let fields = [
                    ("name", row.name.clone()),
                    ("short name", row.short_name.clone()),
                    ("time zone", text(&row.zone)),
                    ("phone", row.phone.clone()),
                ];
                (row.source.clone(), fields.into())
            })
            .collect(),
        Kind::Staff => draft
            .staff
            .iter()
            .map(|row| {
                let fields = [
                    ("name", format!("{}|{}|{}", row.given, row.family, row.title)),
                    ("email", row.email.clone()),
                    ("roles", text(&row.roles)),
                    ("schools", text(&row.schools)),
                    ("languages", text(&row.languages)),
                ];
                (row.source.clone(), fields.into())
            })
            .collect(),
        Kind::Class => draft
            .classes
            .iter()
            .map(|row| (row.source.clone(), [("title", row.title.clone()), ("school", row.school.clone())].into()))
            .collect(),
        Kind::Student => draft
            .students
            .iter()
            .map(|row| {
                let fields =
                    [("name", format!("{}|{}", row.given, row.family)), ("school", row.school.clone()), ("adult", text(&row.adult))];
                (row.source.clone(), fields.into())
            })
            .collect(),
        Kind::Guardian => {
            let mut all: BTreeMap<String, BTreeMap<&'static str, String>> = draft
                .guardians
                .iter()
                .map(|row| {
                    let fields = [
                        ("name", format!("{}|{}", row.given, row.family)),
                        ("language", text(&row.language)),
                        ("reads", text(&row.reads)),
                        ("signs", text(&row.signs)),
                        ("contact rule", text(&row.contact_rule)),
                        ("relations", String::new()),
                        ("contacts", String::new()),
                    ];
                    (row.source.clone(), fields.into())
                })
                .collect();
            for row in &draft.relations {
                if let Some(list) = all.get_mut(&row.guardian).and_then(|fields| fields.get_mut("relations")) {
                    *list += &format!("{}|{}|{:?};", row.student, row.relation, row.rights);
                }
            }
            for row in &draft.contacts {
                if let Some(list) = all.get_mut(&row.guardian).and_then(|fields| fields.get_mut("contacts")) {
                    *list += &format!("{}|{:?};", row.value, row.textable);
                }
            }
            all
        }
        Kind::Enrollment => draft
            .enrollments
            .iter()
            .map(|row| (row.source.clone(), [("seat", format!("{}|{}|{:?}|{}", row.class, row.person, row.seat, row.primary))].into()))
            .collect(),
    }
}

fn brake(current: &Draft, draft: &Draft, counts: &BTreeMap<Kind, Counts>, limit_percent: u8) -> Result<(), TooManyRemovals> {
    let refuse = |what: &'static str, removed: usize, of: usize| {
        if removed * 100 > of * usize::from(limit_percent) { Err(TooManyRemovals { what, removed, of, limit_percent }) } else { Ok(()) }
    };
    for (kind, what, of) in [
        (Kind::School, "schools", current.schools.len()),
        (Kind::Staff, "staff", current.staff.len()),
        (Kind::Class, "classes", current.classes.len()),
        (Kind::Student, "students", current.students.len()),
        (Kind::Guardian, "guardians", current.guardians.len()),
        (Kind::Enrollment, "seats in classes", current.enrollments.len()),
    ] {
        refuse(what, counts.get(&kind).map_or(0, |counts| counts.removed), of)?;
    }
    let contacts: BTreeSet<(&str, &str)> = draft.contacts.iter().map(|row| (row.guardian.as_str(), row.value.as_str())).collect();
    let lost = current.contacts.iter().filter(|row| !contacts.contains(&(row.guardian.as_str(), row.value.as_str()))).count();
    refuse("phones and mailboxes", lost, current.contacts.len())?;
    let after: BTreeMap<&str, bool> = draft.guardians.iter().map(|row| (row.source.as_str(), row.language.is_some())).collect();
    let known: Vec<&DraftGuardian> = current.guardians.iter().filter(|row| row.language.is_some()).collect();
    let lost = known.iter().filter(|row| after.get(row.source.as_str()) == Some(&false)).count();
    refuse("languages", lost, known.len())
}
