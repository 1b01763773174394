//! OneRoster 1.1 CSV to a draft. Columns of base 1.1, and what it has no column for as `metadata.*` (its extension point).

use crate::files::Files;
use crate::phone;
use crate::table::{Row, Table};
use domain::roster::*;
use localization::Languages;
use std::collections::{BTreeMap, BTreeSet};

/// Which column holds what base OneRoster has none for. Empty = look for it by its name.
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    /// Header of the home language in users.csv.
    pub language: String,
}

/// Reads the files. Total: what cannot be taken stands in the draft's [`Reading`].
pub fn read(files: &Files, mapping: &Mapping) -> Draft {
    let mut reader = Reader { draft: Draft::default(), seen: BTreeMap::new(), related: BTreeMap::new() };
    let manifest = reader.table(files, "manifest.csv");
    let extents = extents(manifest.as_ref(), files);
    reader.draft.reading.extents = extents;
    if let Some(table) = reader.table(files, "orgs.csv") {
        reader.orgs(&table);
    }
    if let Some(table) = reader.table(files, "users.csv") {
        reader.users(&table, mapping);
    }
    if let Some(table) = reader.table(files, "classes.csv") {
        reader.classes(&table);
    }
    if let Some(table) = reader.table(files, "enrollments.csv") {
        reader.enrollments(&table);
    }
    reader.finish()
}

const PARTS: [(Group, &str, &str); 4] = [
    (Group::Schools, "orgs.csv", "file.orgs"),
    (Group::People, "users.csv", "file.users"),
    (Group::Classes, "classes.csv", "file.classes"),
    (Group::Enrollments, "enrollments.csv", "file.enrollments"),
];

fn extents(manifest: Option<&Table>, files: &Files) -> BTreeMap<Group, Extent> {
    let said = |property: &str| {
        let table = manifest?;
        let row = table.rows.iter().find(|row| table.cell(row, "propertyName").eq_ignore_ascii_case(property))?;
        Some(table.cell(row, "value").to_lowercase())
    };
    let extent = |(group, file, property): (Group, &str, &str)| {
        let extent = match (files.0.contains_key(file), said(property).as_deref()) {
            (false, _) | (true, Some("absent")) => Extent::Absent,
            (true, Some("delta")) => Extent::Partial,
            (true, _) => Extent::Bulk,
        };
        (group, extent)
    };
    PARTS.into_iter().map(extent).collect()
}

struct Reader {
    draft: Draft,
    /// Ids seen by kind of file, with the line.
    seen: BTreeMap<(&'static str, String), u64>,
    /// (guardian, student) → index of the relation.
    related: BTreeMap<(String, String), usize>,
}

/// What a role in users.csv makes of a person.
enum Person {
    Staff(StaffRole),
    Student,
    Guardian,
    Nobody,
}

impl Reader {
    fn table(&mut self, files: &Files, name: &'static str) -> Option<Table> {
        let table = Table::read(name, files.0.get(name)?);
        self.draft.reading.notes.extend(table.notes.iter().cloned());
        self.draft.reading.refused.extend(table.faults.iter().cloned());
        if !table.has("sourcedId") && name != "manifest.csv" {
            self.draft.reading.refused.push(RowFault {
                file: name.to_owned(),
                line: 1,
                column: "sourcedId".into(),
                source: None,
                what: "The file has no column sourcedId: none of it was read.".into(),
                what_to_do: "Export as OneRoster 1.1 CSV, with its header line.".into(),
            });
            let group = PARTS.iter().find(|(_, file, _)| *file == name).map(|(group, ..)| *group);
            if let Some(group) = group {
                self.draft.reading.extents.insert(group, Extent::Absent);
            }
            return None;
        }
        Some(table)
    }

    /// A row's id, unless the row is deleted, has none, or repeats one.
    fn id(&mut self, table: &Table, row: &Row, file: &'static str, kind: impl FnOnce(&Table, &Row) -> Kind) -> Option<String> {
        let id = table.cell(row, "sourcedId").to_owned();
        if id.is_empty() {
            let fault = table.fault(row, "sourcedId", "The row has no sourcedId.", "Give it one that stays the same in every export.");
            self.draft.reading.refused.push(fault);
            return None;
        }
        if let Some(line) = self.seen.get(&(file, id.clone())) {
            let what = format!("The same sourcedId stands in line {line}: only that one was taken.");
            self.draft.reading.refused.push(table.fault(row, "sourcedId", what, "Give each row an id of its own."));
            return None;
        }
        self.seen.insert((file, id.clone()), row.line);
        let key = Key::new(kind(table, row), id.clone());
        self.draft.reading.places.insert(key.clone(), table.place(row));
        if matches!(table.cell(row, "status").to_lowercase().as_str(), "tobedeleted" | "inactive" | "deleted") {
            self.draft.reading.gone.insert(key);
            return None;
        }
        Some(id)
    }

    fn refuse(&mut self, table: &Table, row: &Row, column: &str, what: impl Into<String>, what_to_do: &str) {
        self.draft.reading.refused.push(table.fault(row, column, what, what_to_do));
    }

    fn remark(&mut self, table: &Table, row: &Row, column: &str, what: impl Into<String>, what_to_do: &str) {
        self.draft.reading.remarks.push(table.fault(row, column, what, what_to_do));
    }

    fn orgs(&mut self, table: &Table) {
        for row in &table.rows {
            let Some(source) = self.id(table, row, "orgs.csv", |_, _| Kind::School) else { continue };
            let name = table.cell(row, "name").to_owned();
            if !table.cell(row, "type").eq_ignore_ascii_case("school") {
                self.draft.reading.passed_over.insert(source);
                continue;
            }
            let phone = table.cell(row, "metadata.phone");
            let short = table.cell(row, "metadata.shortName");
            let short_name: String = if short.is_empty() { shortened(&name) } else { short.chars().take(18).collect() };
            if short.is_empty() && name.chars().count() > 18 {
                let what = format!("The school has no short name for texts: \"{short_name}\" is used.");
                self.remark(table, row, "metadata.shortName", what, "Add a column metadata.shortName of at most 18 characters.");
            }
            let zone = table.cell(row, "metadata.timezone");
            let zone = match (zone.is_empty(), jiff::tz::TimeZone::get(zone).is_ok()) {
                (true, _) => None,
                (false, true) => Some(zone.to_owned()),
                (false, false) => {
                    self.remark(
                        table,
                        row,
                        "metadata.timezone",
                        "The time zone is not known: the district's is used.",
                        "Write it as in America/New_York.",
                    );
                    None
                }
            };
            self.draft.schools.push(DraftSchool {
                source,
                name,
                short_name,
                zone,
                phone: phone::e164(phone).map_or_else(String::new, |_| phone.to_owned()),
                within: table.list(row, "parentSourcedId"),
            });
        }
    }

    fn users(&mut self, table: &Table, mapping: &Mapping) {
        let language = language_column(table, mapping, &mut self.draft.reading.notes);
        let fields = [
            ("language", language.is_some()),
            ("reads", table.has("metadata.reads")),
            ("signs", table.has("metadata.signs")),
            ("contact-rule", table.has("metadata.contactRule")),
            ("rights", table.has("metadata.rights")),
        ];
        self.draft.reading.fields = fields.into_iter().filter(|(_, has)| *has).map(|(name, _)| name.to_owned()).collect();
        for row in &table.rows {
            let role = |table: &Table, row: &Row| match person(table.cell(row, "role"), table.cell(row, "metadata.role")) {
                Person::Student => Kind::Student,
                Person::Guardian => Kind::Guardian,
                Person::Staff(_) | Person::Nobody => Kind::Staff,
            };
            let Some(source) = self.id(table, row, "users.csv", role) else { continue };
            if table.cell(row, "enabledUser").eq_ignore_ascii_case("false") {
                self.draft.reading.passed_over.insert(source);
                continue;
            }
            match person(table.cell(row, "role"), table.cell(row, "metadata.role")) {
                Person::Staff(role) => self.staff(table, row, source, role),
                Person::Student => self.student(table, row, source, language.as_deref()),
                Person::Guardian => self.guardian(table, row, source, language.as_deref()),
                Person::Nobody => {
                    self.draft.reading.passed_over.insert(source);
                }
            }
        }
    }

    fn language(&mut self, table: &Table, row: &Row, column: Option<&str>) -> (Option<String>, String) {
        let Some(column) = column else { return (None, String::new()) };
        let written = table.cell(row, column).to_owned();
        let found = Languages::shipped().from_roster(&written).map(|language| language.tag.clone());
        if found.is_none() && !written.is_empty() {
            self.remark(
                table,
                row,
                column,
                "Homeword does not know this language: it stands as \"language unknown\".",
                "The family is asked in a text; staff can set it on the family's page.",
            );
        }
        (found, written)
    }

    fn staff(&mut self, table: &Table, row: &Row, source: String, role: StaffRole) {
        let (given, family) = (table.cell(row, "givenName").to_owned(), table.cell(row, "familyName").to_owned());
        let title = table.cell(row, "metadata.title");
        let title = if title.is_empty() { format!("{given} {family}").trim().to_owned() } else { title.to_owned() };
        let written = table.cell(row, "email");
        let email = phone::address(written).unwrap_or_default();
        if email.is_empty() {
            self.remark(table, row, "email", "No email address: this person cannot sign in.", "Add the address and import again.");
        }
        let mut roles = vec![role];
        if role == StaffRole::Office
            && table.cell(row, "role").eq_ignore_ascii_case("administrator")
            && table.cell(row, "metadata.role").is_empty()
        {
            self.remark(
                table,
                row,
                "role",
                "An administrator without metadata.role is taken for the office.",
                "Write principal, office, nurse, interpreter or district into metadata.role.",
            );
        }
        roles.dedup();
        let mut languages = Vec::new();
        for written in table.list(row, "metadata.languages") {
            match Languages::shipped().from_roster(&written) {
                Some(language) => languages.push(language.tag.clone()),
                None => self.remark(
                    table,
                    row,
                    "metadata.languages",
                    "A language was not understood and left out.",
                    "Write its code, such as es.",
                ),
            }
        }
        self.draft.staff.push(DraftStaff {
            source,
            given,
            family,
            title,
            email,
            roles,
            schools: table.list(row, "orgSourcedIds"),
            languages,
        });
    }

    fn student(&mut self, table: &Table, row: &Row, source: String, language: Option<&str>) {
        let Some(school) = table.list(row, "orgSourcedIds").into_iter().next() else {
            return self.refuse(table, row, "orgSourcedIds", "The student has no school.", "Write the school's sourcedId.");
        };
        let given = table.cell(row, "givenName").to_owned();
        if given.is_empty() {
            return self.refuse(table, row, "givenName", "The student has no given name.", "Families know a child by it: write it.");
        }
        let (home_language, _) = self.language(table, row, language);
        let adult = yes(table.cell(row, "metadata.adult"));
        for guardian in table.list(row, "agentSourcedIds") {
            self.relate(&guardian, &source, "", Rights::Full, false);
        }
        self.draft.students.push(DraftStudent {
            source,
            given,
            family: table.cell(row, "familyName").to_owned(),
            school,
            adult,
            home_language,
        });
    }

    fn guardian(&mut self, table: &Table, row: &Row, source: String, language: Option<&str>) {
        let (tag, written) = self.language(table, row, language);
        let relations = table.list(row, "metadata.relation");
        let rights = table.list(row, "metadata.rights");
        for (index, student) in table.list(row, "agentSourcedIds").iter().enumerate() {
            let relation = relations.get(index).or(relations.first()).cloned().unwrap_or_default();
            let right = match rights.get(index).or(rights.first()).map(|text| right(text)) {
                None => Rights::Full,
                Some(Some(right)) => right,
                Some(None) => {
                    // What is not understood is never taken for consent.
                    self.remark(
                        table,
                        row,
                        "metadata.rights",
                        "The right to know was not understood: it stands as unknown, and the office decides.",
                        "Write full, unknown, or none:FIRST DAY:LAST DAY:ORDER, such as none:2026-01-10::family court.",
                    );
                    Rights::Unknown
                }
            };
            self.relate(&source, student, &relation, right, true);
        }
        let reads = match table.cell(row, "metadata.reads").to_lowercase().as_str() {
            "" => Reads::Unknown,
            "little" | "no" | "none" => Reads::Little,
            _ => Reads::Written,
        };
        let contact_rule = match table.cell(row, "metadata.contactRule").to_lowercase().as_str() {
            "no-voice" => ContactRule::NoVoice,
            "voice-only" => ContactRule::VoiceOnly,
            "relay" => ContactRule::Relay,
            "" | "any" => ContactRule::Any,
            _ => {
                self.remark(
                    table,
                    row,
                    "metadata.contactRule",
                    "The contact rule was not understood and left out.",
                    "Write any, no-voice, voice-only or relay.",
                );
                ContactRule::Any
            }
        };
        self.contacts(table, row, &source);
        self.draft.guardians.push(DraftGuardian {
            given: table.cell(row, "givenName").to_owned(),
            family: table.cell(row, "familyName").to_owned(),
            language: tag,
            language_as_written: written,
            reads,
            signs: yes(table.cell(row, "metadata.signs")),
            contact_rule,
            source,
        });
    }

    fn relate(&mut self, guardian: &str, student: &str, relation: &str, rights: Rights, by_guardian: bool) {
        let next = self.draft.relations.len();
        let at = *self.related.entry((guardian.to_owned(), student.to_owned())).or_insert(next);
        match self.draft.relations.get_mut(at) {
            // The guardian's own row says more than the student's list.
            Some(row) if by_guardian => {
                *row = DraftRelation { relation: relation.to_owned(), rights, by_guardian, ..row.clone() };
            }
            Some(row) => row.by_student = true,
            None => self.draft.relations.push(DraftRelation {
                guardian: guardian.to_owned(),
                student: student.to_owned(),
                relation: relation.to_owned(),
                rights,
                by_guardian,
                by_student: !by_guardian,
            }),
        }
    }

    fn contacts(&mut self, table: &Table, row: &Row, guardian: &str) {
        let landline = table.cell(row, "metadata.phoneType").eq_ignore_ascii_case("landline");
        let mut phones: Vec<(String, String, Option<bool>)> = Vec::new();
        for (column, textable) in [("sms", Some(true)), ("phone", landline.then_some(false))] {
            for written in table.list(row, column) {
                match phone::e164(&written) {
                    Some(number) if phones.iter().all(|(other, ..)| *other != number) => phones.push((number, written, textable)),
                    Some(_) => {}
                    None => self.remark(
                        table,
                        row,
                        column,
                        "This is no phone number that can be reached; it was left out.",
                        "Write it with its area code, or with + and the country.",
                    ),
                }
            }
        }
        for (value, original, textable) in phones {
            self.draft.contacts.push(DraftContact { guardian: guardian.to_owned(), kind: ContactKind::Phone, value, original, textable });
        }
        let written = table.cell(row, "email");
        match phone::address(written) {
            Some(value) => self.draft.contacts.push(DraftContact {
                guardian: guardian.to_owned(),
                kind: ContactKind::Email,
                value,
                original: written.to_owned(),
                textable: None,
            }),
            None if written.is_empty() => {}
            None => self.remark(table, row, "email", "This is no email address; it was left out.", "Write it as name@example.org."),
        }
    }

    fn classes(&mut self, table: &Table) {
        for row in &table.rows {
            let Some(source) = self.id(table, row, "classes.csv", |_, _| Kind::Class) else { continue };
            let school = table.cell(row, "schoolSourcedId").to_owned();
            if school.is_empty() {
                self.refuse(table, row, "schoolSourcedId", "The class has no school.", "Write the school's sourcedId.");
                continue;
            }
            let title = table.cell(row, "title").to_owned();
            let subject = table.list(row, "subjects").into_iter().next().unwrap_or_default();
            self.draft.classes.push(DraftClass { title: if title.is_empty() { source.clone() } else { title }, source, school, subject });
        }
    }

    fn enrollments(&mut self, table: &Table) {
        for row in &table.rows {
            let Some(source) = self.id(table, row, "enrollments.csv", |_, _| Kind::Enrollment) else { continue };
            let seat = match table.cell(row, "role").to_lowercase().as_str() {
                "student" => Seat::Student,
                "teacher" => Seat::Teacher,
                _ => {
                    self.draft.reading.passed_over.insert(source);
                    continue;
                }
            };
            let (class, person) = (table.cell(row, "classSourcedId").to_owned(), table.cell(row, "userSourcedId").to_owned());
            if class.is_empty() || person.is_empty() {
                self.refuse(table, row, "classSourcedId", "The seat names no class or no person.", "Write both sourcedIds.");
                continue;
            }
            self.draft.enrollments.push(Enrollment { source, class, person, seat, primary: yes(table.cell(row, "primary")) });
        }
    }

    /// A guardian whose row says no language gets the child's; an adult student is a guardian too; lists are sorted.
    fn finish(mut self) -> Draft {
        let draft = &mut self.draft;
        let homes: BTreeMap<&str, &str> =
            draft.students.iter().filter_map(|student| Some((student.source.as_str(), student.home_language.as_deref()?))).collect();
        for guardian in draft.guardians.iter_mut().filter(|guardian| guardian.language.is_none() && guardian.language_as_written.is_empty())
        {
            let of_children: BTreeSet<&str> = draft
                .relations
                .iter()
                .filter(|relation| relation.guardian == guardian.source)
                .filter_map(|relation| homes.get(relation.student.as_str()).copied())
                .collect();
            // Two children with two languages prove nothing.
            if of_children.len() == 1 {
                guardian.language = of_children.first().map(|tag| (*tag).to_owned());
            }
        }
        draft.schools.sort_by(|a, b| a.source.cmp(&b.source));
        draft.staff.sort_by(|a, b| a.source.cmp(&b.source));
        draft.classes.sort_by(|a, b| a.source.cmp(&b.source));
        draft.students.sort_by(|a, b| a.source.cmp(&b.source));
        draft.guardians.sort_by(|a, b| a.source.cmp(&b.source));
        draft.enrollments.sort_by(|a, b| a.source.cmp(&b.source));
        draft.relations.sort_by(|a, b| (&a.guardian, &a.student).cmp(&(&b.guardian, &b.student)));
        draft.contacts.sort_by(|a, b| (&a.guardian, a.kind, &a.value).cmp(&(&b.guardian, b.kind, &b.value)));
        self.draft
    }
}

fn person(role: &str, more: &str) -> Person {
    let more = more.to_lowercase();
    match role.to_lowercase().as_str() {
        "student" => Person::Student,
        "guardian" | "parent" | "relative" => Person::Guardian,
        "teacher" => Person::Staff(StaffRole::read(&more).unwrap_or(StaffRole::Teacher)),
        "administrator" => Person::Staff(StaffRole::read(&more).unwrap_or(StaffRole::Office)),
        // An aide may be an interpreter or a nurse, if the roster says so.
        _ => StaffRole::read(&more).map_or(Person::Nobody, Person::Staff),
    }
}

fn yes(written: &str) -> bool {
    matches!(written.to_lowercase().as_str(), "true" | "yes" | "y" | "1")
}

/// `full`, `unknown`, `none`, `none:SINCE:UNTIL:ORDER`; `None` = not understood.
fn right(written: &str) -> Option<Rights> {
    let mut parts = written.split(':').map(str::trim);
    match parts.next()?.to_lowercase().as_str() {
        "full" | "" => Some(Rights::Full),
        "unknown" => Some(Rights::Unknown),
        "none" => {
            let day = |text: Option<&str>| match text.unwrap_or_default() {
                "" => Some(None),
                text => text.parse::<jiff::civil::Date>().ok().map(|date| Some(date.to_string())),
            };
            Some(Rights::None { since: day(parts.next())?, until: day(parts.next())?, order: parts.next().unwrap_or_default().to_owned() })
        }
        _ => None,
    }
}

fn shortened(name: &str) -> String {
    let mut short = String::new();
    for word in name.split_whitespace() {
        if !short.is_empty() && short.chars().count() + 1 + word.chars().count() > 18 {
            break;
        }
        if !short.is_empty() {
            short.push(' ');
        }
        short.push_str(word);
    }
    short.chars().take(18).collect()
}

fn language_column(table: &Table, mapping: &Mapping, notes: &mut Vec<String>) -> Option<String> {
    if !mapping.language.is_empty() {
        if table.has(&mapping.language) {
            return Some(mapping.language.clone());
        }
        notes.push(format!("users.csv has no column \"{}\" for the home language.", mapping.language));
        return None;
    }
    // Correspondence says what a family reads; home what it speaks; anything with "language" is better than nothing.
    let rank = |header: &str| match header {
        header if header.contains("correspondence") => 0,
        "metadata.homelanguage" | "metadata.home_language" => 1,
        header if header.contains("home") && header.contains("lang") => 2,
        "metadata.languages" => 9,
        header if header.contains("language") || header.ends_with("lang") || header.contains("idioma") => 3,
        _ => 9,
    };
    let found = table.headers().filter(|header| rank(header) < 9).min_by_key(|header| rank(header)).map(str::to_owned);
    notes.push(match &found {
        Some(header) => format!("users.csv: the home language is read from the column \"{header}\"."),
        None => {
            "users.csv has no column that looks like a home language: every family's language is unknown. Name one with --language-column."
                .into()
        }
    });
    found
}
