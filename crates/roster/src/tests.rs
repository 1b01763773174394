//! Rosters as schools export them: odd files, deltas, choices of families, the brake.

use crate::*;
use domain::roster::*;

const ORGS: &str = "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId,metadata.shortName\nD1,active,,District,district,,,\nS1,active,,Maple Street School,school,,D1,Maple Street\n";
const CLASSES: &str = "sourcedId,status,title,classType,schoolSourcedId\nC1,active,Grade 2 reading,scheduled,S1\n";
const ENROLLMENTS: &str = "sourcedId,status,classSourcedId,schoolSourcedId,userSourcedId,role,primary\nE1,active,C1,S1,T1,teacher,true\nE2,active,C1,S1,K1,student,false\nE3,active,C1,S1,K2,student,false\n";
const USERS: &str = "sourcedId,status,enabledUser,orgSourcedIds,role,username,givenName,familyName,email,sms,phone,agentSourcedIds,metadata.homeLanguage,metadata.rights,extra\n\
T1,active,true,S1,teacher,t1,Elena,Rivera,RIVERA@maple.example,,,,,,x\n\
K1,active,true,S1,student,k1,Sofía,Morales,,,,G1,,,\n\
K2,active,true,S1,student,k2,Leo,Baker,,,,,English,,\n\
G1,active,true,S1,guardian,g1,Lucía,Morales,,(203) 555-0101,,K1,Spanish,,\n\
G2,active,true,S1,parent,g2,Jane,Baker,jane@families.example,,203-555-0103,K2,,none:2026-01-10::family court,\n";

fn files(users: &str) -> Files {
    Files::of(&[("orgs.csv", ORGS), ("users.csv", users), ("classes.csv", CLASSES), ("enrollments.csv", ENROLLMENTS)])
}

fn draft(users: &str) -> Draft {
    read(&files(users), &Mapping::default())
}

fn first() -> Draft {
    compare(&Draft::default(), draft(USERS), 10).expect("nothing to remove").draft
}

#[test]
fn a_plain_export_is_read_whole() {
    let draft = draft(USERS);
    assert_eq!((draft.schools.len(), draft.staff.len(), draft.students.len(), draft.guardians.len()), (1, 1, 2, 2));
    assert_eq!(draft.guardians[0].language.as_deref(), Some("es"));
    assert_eq!(draft.guardians[1].language.as_deref(), Some("en"), "the child's row says it where the guardian's does not");
    let contacts: Vec<&str> = draft.contacts.iter().map(|contact| contact.value.as_str()).collect();
    assert_eq!(contacts, ["+12035550101", "+12035550103", "jane@families.example"]);
    assert!(draft.relations.iter().any(|relation| relation.guardian == "G1" && relation.by_guardian && relation.by_student));
    assert!(
        matches!(&draft.relations[1].rights, Rights::None { since: Some(since), until: None, order } if since == "2026-01-10" && order == "family court")
    );
    assert_eq!(draft.staff[0].email, "rivera@maple.example");
    assert!(draft.reading.refused.is_empty() && draft.reading.remarks.is_empty(), "{:?}", draft.reading);
}

#[test]
fn byte_order_marks_line_ends_charsets_and_other_dividers_change_nothing() {
    let plain = draft(USERS);
    let windows = USERS.replace('\n', "\r\n");
    assert_eq!(draft(&format!("\u{feff}{windows}")).guardians, plain.guardians);
    let semicolons = USERS.replace(',', ";");
    assert_eq!(draft(&semicolons).contacts, plain.contacts);
    let mut old = files(USERS);
    let bytes = encoding_rs::WINDOWS_1252.encode(USERS).0.into_owned();
    old.0.insert("users.csv".into(), bytes);
    let read = read(&old, &Mapping::default());
    assert_eq!(read.guardians, plain.guardians);
    assert!(read.reading.notes.iter().any(|note| note.contains("windows-1252")));
}

#[test]
fn each_row_that_cannot_be_taken_is_told_and_costs_no_other() {
    let bad = format!(
        "{USERS},active,true,S1,guardian,x,No,Id,,,,,,,\nG1,active,true,S1,guardian,x,Twice,Same,,,,,,,\nG3,active,true,S1,guardian,x,Ana,Ixcoy,not an address,call the aunt,,K9,K'iche',maybe,\nK3,active,true,S9,student,x,Omar,Farah,,,,,,,\nA1,active,true,S1,aide,x,Pat,Lee,,,,,,,\n"
    );
    let delta = compare(&Draft::default(), draft(&bad), 10).expect("nothing to remove");
    assert_eq!(delta.draft.guardians.len(), 3);
    assert_eq!(
        delta.draft.guardians.iter().find(|row| row.source == "G3").map(|row| (row.language.clone(), row.language_as_written.as_str())),
        Some((None, "K'iche'"))
    );
    let all: Vec<String> = delta.lines.iter().map(ToString::to_string).collect();
    let told = |place: &str, words: &str| all.iter().any(|line| line.starts_with(place) && line.contains(words));
    assert!(told("users.csv:7  refused", "has no sourcedId"), "{all:#?}");
    assert!(told("users.csv:8  refused", "line 5"), "{all:#?}");
    assert!(told("users.csv:9  noted", "does not know this language"));
    assert!(told("users.csv:9  noted", "no phone number") && told("users.csv:9  noted", "no email address"));
    assert!(told("users.csv:9  refused", "somebody who is in no file"));
    assert!(told("users.csv:10  refused", "school is in no file"));
    assert!(!all.iter().any(|line| line.contains("Ixcoy") || line.contains("aunt")), "no person in a report");
    assert!(!delta.draft.relations.iter().any(|row| row.guardian == "G3"), "without a child on file there is no relation");
}

#[test]
fn rights_that_are_not_understood_are_unknown_and_never_consent() {
    let draft = draft(&USERS.replace("none:2026-01-10::family court", "court says no"));
    assert_eq!(draft.relations[1].rights, Rights::Unknown);
    assert_eq!(draft.reading.remarks.len(), 1);
}

#[test]
fn the_same_roster_again_changes_nothing() {
    let delta = compare(&first(), draft(USERS), 0).expect("nothing to remove");
    assert!(delta.changes.is_empty(), "{:?}", delta.changes);
    assert_eq!(delta.draft, first());
}

#[test]
fn a_familys_own_choice_and_what_a_file_has_no_column_for_stay() {
    let mut current = first();
    current.own_choice.insert(("G1".into(), "language".into()));
    current.guardians[0].language = Some("ar".into());
    let delta = compare(&current, draft(USERS), 10).expect("nothing to remove");
    assert_eq!(delta.draft.guardians[0].language.as_deref(), Some("ar"));
    assert!(delta.lines.iter().any(|line| line.outcome == Outcome::Kept));
    let bare = USERS.replace("metadata.rights", "something").replace("metadata.homeLanguage", "other");
    let delta = compare(&first(), draft(&bare), 10).expect("nothing to remove");
    assert_eq!(delta.draft.guardians[0].language.as_deref(), Some("es"));
    assert!(matches!(delta.draft.relations[1].rights, Rights::None { .. }), "an order does not vanish with its column");
}

#[test]
fn a_delta_file_changes_only_what_it_holds() {
    let manifest = "propertyName,value\nfile.users,delta\nfile.orgs,absent\nfile.classes,absent\nfile.enrollments,absent\n";
    let users = "sourcedId,status,enabledUser,orgSourcedIds,role,givenName,familyName,email,sms,phone,agentSourcedIds,metadata.homeLanguage\nG1,active,true,S1,guardian,Lucía,Morales,,203-555-0999,,K1,Spanish\nK2,tobedeleted,,,student,,,,,,,\n";
    let part = read(&Files::of(&[("manifest.csv", manifest), ("users.csv", users)]), &Mapping::default());
    let delta = compare(&first(), part, 60).expect("one student of two");
    assert_eq!(delta.draft.students.len(), 1);
    assert_eq!((delta.draft.schools.len(), delta.draft.classes.len(), delta.draft.guardians.len()), (1, 1, 2));
    assert!(delta.draft.contacts.iter().any(|contact| contact.value == "+12035550999"));
    assert!(!delta.draft.contacts.iter().any(|contact| contact.value == "+12035550101"), "a row that came again is told anew");
    assert_eq!(delta.draft.enrollments.len(), 2, "the seat of who left is gone");
    assert!(delta.changes.contains(&Change::Removed(Key::new(Kind::Student, "K2"))));
}

#[test]
fn a_roster_that_takes_away_too_much_is_asked_about() {
    let short: String = USERS.lines().filter(|line| !line.starts_with("G2")).map(|line| format!("{line}\n")).collect();
    let refused = compare(&first(), draft(&short), 10).expect_err("half of the guardians");
    assert_eq!((refused.what, refused.removed, refused.of), ("guardians", 1, 2));
    let silent = USERS.replace("Spanish", "Klingon");
    assert_eq!(compare(&first(), draft(&silent), 10).expect_err("half of the languages").what, "languages");
    assert!(compare(&first(), draft(&short), 70).is_ok());
    let nothing = read(&Files::of(&[("users.csv", "name\nx\n")]), &Mapping::default());
    assert!(compare(&first(), nothing, 0).expect("a file that is no roster removes nothing").changes.is_empty());
}

#[test]
fn a_zip_is_read_at_any_depth_and_a_folder_as_well() {
    use std::io::Write;
    let folder = std::env::temp_dir().join(format!("homeword-roster-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("roster.zip");
    let mut archive = zip::ZipWriter::new(std::fs::File::create(&path).expect("a file"));
    for (name, text) in [("export/orgs.csv", ORGS), ("export/Users.CSV", USERS), ("__MACOSX/export/._users.csv", "x")] {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).expect("an entry");
        archive.write_all(text.as_bytes()).expect("written");
    }
    archive.finish().expect("a zip");
    let zipped = read(&Files::open(&path).expect("opened"), &Mapping::default());
    assert_eq!(zipped.guardians, draft(USERS).guardians);
    std::fs::write(folder.join("users.csv"), USERS).expect("written");
    assert_eq!(read(&Files::open(&folder).expect("opened"), &Mapping::default()).guardians.len(), 2);
    std::fs::write(folder.join("bad.zip"), "no zip").expect("written");
    assert!(matches!(Files::open(&folder.join("bad.zip")), Err(Fault::Zip(_))));
    std::fs::remove_dir_all(&folder).expect("removed");
}
