//! Routing by proof, never by guess (invariant 3): a pure decision over the evidence.

use domain::ports::*;
use domain::*;

/// Where a text goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Exactly one conversation can be meant.
    Thread {
        /// With whom.
        staff: StaffId,
        /// About whom.
        student: Option<StudentId>,
        /// Why, for staff.
        because: Because,
    },
    /// Several could be meant: ask, naming these.
    Ask(Vec<Candidate>),
    /// It joins a question that waits already.
    Waits,
    /// Nobody can be meant: the office.
    Office,
}

/// The proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// The one conversation on this number.
    Route,
    /// The one message this number sent them.
    LastMessage,
}

/// Decides. `known` = guardians stand behind the number.
pub fn decide(evidence: &Evidence, card: &ContactCard, known: bool) -> Decision {
    if !known {
        return Decision::Office;
    }
    if !evidence.pending.is_empty() {
        return Decision::Waits;
    }
    let mut staff: Vec<StaffId> = evidence.routes.iter().map(|route| route.staff).collect();
    staff.extend(evidence.recent.iter().map(|recent| recent.speaks_for));
    staff.retain(|id| *id != StaffId::HOUSE);
    let mut distinct: Vec<StaffId> = Vec::new();
    for id in staff {
        if !distinct.contains(&id) {
            distinct.push(id);
        }
    }
    match distinct.as_slice() {
        [one] => {
            let routes: Vec<&Route> = evidence.routes.iter().filter(|route| route.staff == *one).collect();
            let student = match routes.as_slice() {
                [route] => route.student,
                [] => only(evidence.recent.iter().filter(|recent| recent.speaks_for == *one).map(|recent| recent.student)),
                _ => None,
            };
            let because = if routes.is_empty() { Because::LastMessage } else { Because::Route };
            Decision::Thread { staff: *one, student, because }
        }
        [] => Decision::Ask(candidates(card, &[])),
        several => Decision::Ask(candidates(card, several)),
    }
}

/// The one value all agree on.
fn only(values: impl Iterator<Item = Option<StudentId>>) -> Option<StudentId> {
    let mut all: Vec<Option<StudentId>> = values.collect();
    all.dedup();
    if all.len() == 1 { all[0] } else { None }
}

/// Whom the question names, at most five: those who wrote on this number first, then the children's teachers.
fn candidates(card: &ContactCard, first: &[StaffId]) -> Vec<Candidate> {
    let mut chosen: Vec<Candidate> = Vec::new();
    for id in first {
        if let Some(candidate) = card.candidates.iter().find(|candidate| candidate.staff == *id) {
            chosen.push(candidate.clone());
        } else {
            let school = card.children.first().map_or(SchoolId(0), |child| child.school);
            chosen.push(Candidate { staff: *id, title: String::new(), teaches: String::new(), student: None, school });
        }
    }
    for candidate in &card.candidates {
        if chosen.len() < 5 && !chosen.iter().any(|other| other.staff == candidate.staff) {
            chosen.push(candidate.clone());
        }
    }
    chosen.truncate(5);
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::people::{Channel, Right};

    fn card(teachers: &[i64]) -> ContactCard {
        let child = Child { id: StudentId(1), given: "Amina".into(), family: "A".into(), school: SchoolId(1), right: Right::Full };
        ContactCard {
            contact: ContactId(1),
            channel: Channel::Sms,
            address: String::new(),
            guardians: vec![],
            children: vec![child],
            candidates: teachers
                .iter()
                .map(|id| Candidate {
                    staff: StaffId(*id),
                    title: format!("T{id}"),
                    teaches: String::new(),
                    student: Some(StudentId(1)),
                    school: SchoolId(1),
                })
                .collect(),
            blocked: 0,
            stopped_staff: vec![],
            suspended: false,
            confirmed: true,
        }
    }
    fn route(staff: i64) -> Route {
        Route { staff: StaffId(staff), student: Some(StudentId(1)), at: Time(0) }
    }
    fn recent(staff: i64) -> Recent {
        Recent { delivery: DeliveryId(1), speaks_for: StaffId(staff), student: None, at: Time(0), message: MessageId(1) }
    }

    #[test]
    fn one_conversation_is_proof_and_two_are_a_question() {
        let one = Evidence { routes: vec![route(5)], recent: vec![recent(5)], ..Evidence::default() };
        assert!(matches!(decide(&one, &card(&[5, 6]), true), Decision::Thread { staff: StaffId(5), because: Because::Route, .. }));
        let two = Evidence { routes: vec![route(5), route(6)], ..Evidence::default() };
        let Decision::Ask(named) = decide(&two, &card(&[5, 6]), true) else { panic!("a question") };
        assert_eq!(named.iter().map(|c| c.staff.0).collect::<Vec<_>>(), [5, 6]);
    }

    #[test]
    fn the_newest_message_never_wins_over_an_older_conversation() {
        let mixed = Evidence { routes: vec![route(5)], recent: vec![recent(6), recent(5)], ..Evidence::default() };
        assert!(matches!(decide(&mixed, &card(&[5, 6]), true), Decision::Ask(_)));
    }

    #[test]
    fn a_known_family_without_a_route_is_asked_and_a_stranger_goes_to_the_office() {
        let none = Evidence::default();
        assert!(matches!(decide(&none, &card(&[5]), true), Decision::Ask(named) if named.len() == 1));
        assert_eq!(decide(&none, &card(&[]), false), Decision::Office);
        let waiting = Evidence { pending: vec![IncomingId(1)], ..Evidence::default() };
        assert_eq!(decide(&waiting, &card(&[5]), true), Decision::Waits);
    }
}
