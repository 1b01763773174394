//! A town from a seed: a school's teachers, its families with their phones, and how many numbers it has. The roster is written as the
//! files an office would upload, so that people get here as they get into the house.

use crate::dice::Dice;

/// Names that no two share, and none of which is a word of a text.
const TEACHERS: [&str; 7] = ["Ms Rivera", "Mr Chen", "Ms Dubois", "Mr Haile", "Ms Petrov", "Mr Kim", "Ms Novak"];
const GIVEN: [&str; 10] = ["Ada", "Ben", "Cleo", "Dan", "Eva", "Finn", "Gil", "Hana", "Ivo", "Jun"];

/// Which numbers a school has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pool {
    /// As many as the most teachers one family has, and the office's.
    Full,
    /// Fewer than that, and the office's.
    Short,
    /// One for everything: a phone on the office's desk.
    One,
}

pub struct Family {
    pub phone: String,
    pub guardians: usize,
    /// Each child's teachers, as places in [`Town::teachers`].
    pub children: Vec<Vec<usize>>,
}

impl Family {
    pub fn teachers(&self) -> Vec<usize> {
        let mut all: Vec<usize> = self.children.concat();
        all.sort_unstable();
        all.dedup();
        all
    }
}

pub struct Town {
    pub teachers: Vec<&'static str>,
    pub families: Vec<Family>,
    /// Numbers for conversations.
    pub numbers: Vec<String>,
    /// None where there is one number only.
    pub office: Option<String>,
}

impl Town {
    pub fn of(dice: &mut Dice, pool: Pool) -> Town {
        let teachers: Vec<&str> = TEACHERS[..3 + dice.roll(4)].to_vec();
        let mut families = Vec::new();
        for index in 0..4 + dice.roll(3) {
            let mut child = || {
                let mut theirs = Vec::new();
                for _ in 0..1 + dice.roll(2) {
                    let teacher = dice.roll(teachers.len());
                    if !theirs.contains(&teacher) {
                        theirs.push(teacher);
                    }
                }
                theirs
            };
            let children = if index % 3 == 2 { vec![child(), child()] } else { vec![child()] };
            families.push(Family { phone: format!("+1203555{:04}", 100 + index), guardians: 1 + dice.roll(4) / 3, children });
        }
        let most = families.iter().map(|family| family.teachers().len()).max().unwrap_or(1);
        let count = match pool {
            Pool::Full => most,
            Pool::Short => (most / 2).max(1),
            Pool::One => 1,
        };
        let numbers = (0..count).map(|index| format!("+1203555{:04}", 900 + index)).collect();
        Town { teachers, families, numbers, office: (pool != Pool::One).then(|| "+12035550890".to_owned()) }
    }

    /// The roster as files.
    pub fn files(&self) -> Vec<(&'static str, String)> {
        let mut users = vec![USERS.to_owned(), user("p1", "administrator", "Okafor", "principal", "Ms Okafor", "", "", "")];
        users.push(user("o1", "administrator", "Front", "office", "Maple office", "", "", ""));
        let mut classes = vec![CLASSES.to_owned()];
        let mut seats = vec![SEATS.to_owned()];
        for (index, title) in self.teachers.iter().enumerate() {
            users.push(user(&format!("t{index}"), "teacher", title, "", title, "", "", ""));
            classes.push(format!("c{index},active,,{},,,,scheduled,,s1,,learning,", class(index)));
            seats.push(format!("e-c{index},active,,c{index},s1,t{index},teacher,true,2025-08-31,2027-06-15"));
        }
        for (number, family) in self.families.iter().enumerate() {
            let child = |place: usize| format!("k{number}-{place}");
            for (place, teachers) in family.children.iter().enumerate() {
                let given = GIVEN[(number * 2 + place) % GIVEN.len()];
                users.push(user(&child(place), "student", given, "", "", "", "", ""));
                for teacher in teachers {
                    let (class, student) = (format!("c{teacher}"), child(place));
                    seats.push(format!("e-{class}-{student},active,,{class},s1,{student},student,false,2025-08-31,2027-06-15"));
                }
            }
            let children: Vec<String> = (0..family.children.len()).map(child).collect();
            let mothers = vec!["mother"; children.len()].join(",");
            for adult in 0..family.guardians {
                let source = format!("g{number}-{adult}");
                users.push(user(&source, "guardian", &source, "", "", &family.phone, &children.join(","), &mothers));
            }
        }
        vec![
            ("orgs.csv", ORGS.to_owned()),
            ("users.csv", users.join("\n")),
            ("classes.csv", classes.join("\n")),
            ("enrollments.csv", seats.join("\n")),
        ]
    }
}

/// What a teacher's class is called; without a digit, which would look like a choice.
pub fn class(teacher: usize) -> String {
    format!("Class {}", char::from(b'A' + teacher as u8))
}

const ORGS: &str =
    "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId,metadata.shortName,metadata.phone,metadata.timezone
D1,active,,Maple district,district,,,,,
s1,active,,Maple Street School,school,1001,D1,Maple Street,203-555-0100,America/New_York";
const USERS: &str = "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,givenName,familyName,identifier,email,sms,phone,agentSourcedIds,grades,metadata.role,metadata.title,metadata.languages,metadata.homeLanguage,metadata.relation,metadata.rights,metadata.reads,metadata.signs,metadata.contactRule,metadata.phoneType,metadata.bus";
const CLASSES: &str = "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes";
const SEATS: &str = "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate";

#[expect(clippy::too_many_arguments, reason = "a row of a file is what it is")]
fn user(id: &str, role: &str, name: &str, role_here: &str, title: &str, phone: &str, agents: &str, relations: &str) -> String {
    let family = name.rsplit(' ').next().unwrap_or(name);
    let email = if phone.is_empty() && role != "student" { format!("{id}@maple.example") } else { String::new() };
    let language = if phone.is_empty() { "" } else { "English" };
    format!(
        "{id},active,,true,s1,{role},{id},{name},{family},,{email},{phone},,\"{agents}\",,{role_here},{title},,{language},\"{relations}\",,,,,,"
    )
}
