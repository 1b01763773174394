//! Routing by proof, never by guess (invariant 3): a pure decision over the evidence. On a number of one conversation the number is the
//! proof. On one that several share, or the office's, it is what stands on the family's screen: whom the text addresses, else whose
//! text is the last one, where nothing else there can be meant. Knows no store and no clock.

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
    /// It begins with their name, as a letter does.
    Addressed,
    /// On a number that several share, theirs is the exchange on the screen.
    InFront,
}

/// What is known of a text beside the evidence.
#[derive(Clone, Copy, Debug)]
pub struct Came {
    /// When.
    pub at: Time,
    /// Guardians stand behind the number, and nobody said that it is not theirs.
    pub known: bool,
    /// It came to the office's number, which is nobody's conversation: only what stands on the screen says who is meant.
    pub office: bool,
    /// Whom it addresses by name.
    pub addressed: Option<StaffId>,
}

/// Somebody whose text left less than so long before, or to whom the family wrote, may be meant too. Twice as long as a text of
/// yesterday afternoon lies back in the evening, so that carriers may bring an answer hours late.
const NEAR_HOURS: i64 = 12;
/// What is older than this stands in front of nobody.
const FRESH_DAYS: i64 = 7;

/// Decides.
pub fn decide(evidence: &Evidence, card: &ContactCard, came: &Came) -> Decision {
    if !came.known {
        return Decision::Office;
    }
    let here = talking(evidence);
    let thread = |staff, because| Decision::Thread { staff, student: about(evidence, card, staff), because };
    if let Some(named) = came.addressed {
        return match here.as_slice() {
            // It is written to one and comes to the number of another.
            [other] if *other != named && !came.office && evidence.pending.is_empty() => Decision::Ask(candidates(card, &[named, *other])),
            [other] if *other != named && !came.office => Decision::Waits,
            _ => thread(named, Because::Addressed),
        };
    }
    if !evidence.pending.is_empty() {
        return Decision::Waits;
    }
    match here.as_slice() {
        [] => Decision::Ask(candidates(card, &[])),
        [one] if !came.office => {
            let routed = evidence.routes.iter().any(|route| route.staff == *one);
            thread(*one, if routed { Because::Route } else { Because::LastMessage })
        }
        several => match in_front(evidence, several, came.at) {
            Some(staff) if several.len() == 1 => thread(staff, Because::LastMessage),
            Some(staff) => thread(staff, Because::InFront),
            None => Decision::Ask(candidates(card, several)),
        },
    }
}

/// With whom this family talks or talked on this number; a tombstone counts like any other.
fn talking(evidence: &Evidence) -> Vec<StaffId> {
    let routes = evidence.routes.iter().map(|route| route.staff);
    let staff = routes.chain(evidence.recent.iter().map(|recent| recent.speaks_for)).chain(evidence.heard.iter().map(|(staff, _)| *staff));
    let mut distinct: Vec<StaffId> = Vec::new();
    for id in staff.filter(|id| *id != StaffId::HOUSE) {
        if !distinct.contains(&id) {
            distinct.push(id);
        }
    }
    distinct
}

/// Whose exchange stands last on the screen, if nobody else's is near enough to be meant as well. Somebody else's is not, once the
/// family itself has written to this one after it.
fn in_front(evidence: &Evidence, here: &[StaffId], at: Time) -> Option<StaffId> {
    let heard = |staff: StaffId| evidence.heard.iter().filter(|(id, _)| *id == staff).map(|(_, when)| *when).max();
    let wrote = |staff: StaffId| evidence.recent.iter().filter(|recent| recent.speaks_for == staff).map(|recent| recent.at).max();
    let last = |staff: StaffId| heard(staff).max(wrote(staff));
    let (newest, when) = here.iter().filter_map(|staff| Some((*staff, last(*staff)?))).max_by_key(|(_, when)| *when)?;
    let near = |other: StaffId| last(other).is_some_and(|last| last > at.plus_hours(-NEAR_HOURS) && heard(newest) <= Some(last));
    // Nor while it is not known whom the family meant a day ago: it may go on with that.
    let alone = here.iter().all(|other| *other == newest || (!near(*other) && evidence.asked.is_empty()));
    (alone && when > at.plus_days(-FRESH_DAYS)).then_some(newest)
}

/// The child a conversation is about, where only one can be.
fn about(evidence: &Evidence, card: &ContactCard, staff: StaffId) -> Option<StudentId> {
    let routes: Vec<&Route> = evidence.routes.iter().filter(|route| route.staff == staff).collect();
    let mut texts = evidence.recent.iter().filter(|recent| recent.speaks_for == staff).map(|recent| recent.student).peekable();
    match routes.as_slice() {
        [route] => route.student,
        [] if texts.peek().is_some() => only(texts),
        [] => card.candidates.iter().find(|candidate| candidate.staff == staff).and_then(|candidate| candidate.student),
        _ => None,
    }
}

/// The one value all agree on.
fn only(values: impl Iterator<Item = Option<StudentId>>) -> Option<StudentId> {
    let mut all: Vec<Option<StudentId>> = values.collect();
    all.dedup();
    if all.len() == 1 { all[0] } else { None }
}

/// Whom a text addresses, of these people and their titles ("Ms Rivera"): it begins with the title, or with the family name alone, or
/// with one word before the title ("Dear Ms Rivera"), and a mark or its end follows, as in a letter. "Mr Chen said" speaks of somebody;
/// and where another of them is named as well, nobody is sure.
pub fn addressed(text: &str, people: &[(StaffId, String)]) -> Option<StaffId> {
    let words = words(text);
    let begins = |title: &[String]| {
        let at = |from: usize, name: &[String]| {
            let end = from + name.len();
            end <= words.len() && words[from..end].iter().map(|(word, _)| word).eq(name.iter()) && words[end - 1].1
        };
        at(0, title) || at(1, title) || at(0, &title[title.len() - 1..])
    };
    let mut found = Vec::new();
    for (staff, title) in people {
        let title: Vec<String> = self::words(title).into_iter().map(|(word, _)| word).collect();
        let Some(family) = title.last() else { continue };
        if !found.iter().any(|(known, _)| known == staff) && words.iter().any(|(word, _)| word == family) {
            found.push((*staff, begins(&title)));
        }
    }
    if let [(staff, true)] = found.as_slice() { Some(*staff) } else { None }
}

/// Whether a text that addresses somebody says nothing else: the name, and a "please" at most. Only that answers "who is it for?": words
/// of their own do not say whom the earlier ones were for.
pub fn only_named(text: &str, title: &str) -> bool {
    words(text).len() <= words(title).len() + 1
}

/// Words in lower case, and whether each is the last before a mark, a new line or the end.
fn words(text: &str) -> Vec<(String, bool)> {
    let inside = |mark: char| mark.is_alphanumeric() || matches!(mark, '\'' | '’' | '-');
    let mut all: Vec<(String, bool)> = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(inside) {
        let length = rest[start..].find(|mark| !inside(mark)).unwrap_or(rest.len() - start);
        let after = &rest[start + length..];
        let ends = after.chars().find(|mark| *mark == '\n' || !mark.is_whitespace()).is_none_or(|mark| !inside(mark));
        all.push((rest[start..start + length].to_lowercase(), ends));
        rest = after;
    }
    all
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
    fn recent(staff: i64, at: Time) -> Recent {
        Recent { delivery: DeliveryId(1), speaks_for: StaffId(staff), student: None, at, message: MessageId(1) }
    }
    const NOW: Time = Time(1_773_151_200_000_000);
    const CAME: Came = Came { at: NOW, known: true, office: false, addressed: None };
    fn ago(hours: i64) -> Time {
        NOW.plus_hours(-hours)
    }
    fn goes_to(evidence: &Evidence, came: &Came) -> Option<(i64, Because)> {
        match decide(evidence, &card(&[5, 6]), came) {
            Decision::Thread { staff, because, .. } => Some((staff.0, because)),
            _ => None,
        }
    }

    #[test]
    fn one_conversation_is_proof_and_two_without_a_text_in_front_are_a_question() {
        let one = Evidence { routes: vec![route(5)], recent: vec![recent(5, ago(900))], ..Evidence::default() };
        assert_eq!(goes_to(&one, &CAME), Some((5, Because::Route)));
        let two = Evidence { routes: vec![route(5), route(6)], ..Evidence::default() };
        let Decision::Ask(named) = decide(&two, &card(&[5, 6]), &CAME) else { panic!("a question") };
        assert_eq!(named.iter().map(|c| c.staff.0).collect::<Vec<_>>(), [5, 6]);
    }

    #[test]
    fn of_two_the_last_text_is_proof_only_where_the_other_is_not_near() {
        let two = |six, five| Evidence { recent: vec![recent(6, ago(six)), recent(5, ago(five))], ..Evidence::default() };
        assert_eq!(goes_to(&two(1, 3), &CAME), None);
        assert_eq!(goes_to(&two(1, 20), &CAME), Some((6, Because::InFront)));
        assert_eq!(goes_to(&two(24 * 8, 24 * 9), &CAME), None, "nothing stands in front");
        let chosen = Evidence { heard: vec![(StaffId(6), ago(2))], ..two(1, 3) };
        assert_eq!(goes_to(&chosen, &CAME), Some((6, Because::InFront)), "the family wrote to 6 since 5 did");
        let both = Evidence { heard: vec![(StaffId(6), ago(4))], ..two(1, 3) };
        assert_eq!(goes_to(&both, &CAME), None, "5 wrote after that");
    }

    #[test]
    fn a_tombstone_is_understood_and_a_newer_owner_is_never_guessed() {
        let old = Evidence { routes: vec![Route { at: ago(24 * 300), ..route(5) }], ..Evidence::default() };
        assert_eq!(goes_to(&old, &CAME), Some((5, Because::Route)));
        let taken = Evidence { routes: vec![Route { at: ago(24 * 20), ..route(6) }, Route { at: ago(24 * 300), ..route(5) }], ..old };
        assert_eq!(goes_to(&taken, &CAME), None);
    }

    #[test]
    fn the_office_s_number_is_nobody_s_conversation() {
        let office = Came { office: true, ..CAME };
        let one = |hours| Evidence { routes: vec![route(5)], recent: vec![recent(5, ago(hours))], ..Evidence::default() };
        assert_eq!(goes_to(&one(30), &office), Some((5, Because::LastMessage)));
        assert_eq!(goes_to(&one(24 * 9), &office), None);
    }

    #[test]
    fn a_text_addressed_to_another_than_its_number_s_is_a_question() {
        let one = Evidence { routes: vec![route(5)], ..Evidence::default() };
        let Decision::Ask(named) = decide(&one, &card(&[5, 6]), &Came { addressed: Some(StaffId(6)), ..CAME }) else {
            panic!("a question")
        };
        assert_eq!(named.iter().map(|c| c.staff.0).collect::<Vec<_>>(), [6, 5]);
        let two = Evidence { routes: vec![route(5), route(6)], ..Evidence::default() };
        assert_eq!(goes_to(&two, &Came { addressed: Some(StaffId(6)), ..CAME }), Some((6, Because::Addressed)));
    }

    #[test]
    fn a_letter_s_beginning_addresses_and_a_mention_does_not() {
        let people = [(StaffId(5), "Ms Rivera".to_owned()), (StaffId(6), "Mr Chen".to_owned())];
        for text in ["Ms Rivera, she is ill", "Dear Ms. Rivera: hello", "rivera\nshe is ill", "Ms Rivera", "أستاذة Ms Rivera، شكرا"]
        {
            assert_eq!(addressed(text, &people), Some(StaffId(5)), "{text}");
        }
        for text in
            ["Ms Rivera said so", "I asked her, Ms Rivera, twice", "Ms Rivera, is Mr Chen ill?", "Riverage, hello", "", "he likes Chen"]
        {
            assert_eq!(addressed(text, &people), None, "{text}");
        }
        let twins = [(StaffId(5), "Ms Rivera".to_owned()), (StaffId(7), "Mr Rivera".to_owned())];
        assert_eq!(addressed("Rivera, hello", &twins), None);
    }

    #[test]
    fn what_waits_in_a_question_goes_with_a_bare_name_and_not_with_other_words() {
        let evidence = Evidence { routes: vec![route(1), route(2)], pending: vec![IncomingId(9)], ..Evidence::default() };
        let came = Came { at: ago(0), known: true, office: false, addressed: Some(StaffId(2)) };
        assert_eq!(goes_to(&evidence, &came), Some((2, Because::Addressed)), "its own words say for whom they are");
        assert_eq!(decide(&evidence, &card(&[1, 2]), &Came { addressed: None, ..came }), Decision::Waits);
        assert!(only_named("Ms Rivera, please", "Ms Rivera") && only_named("rivera", "Ms Rivera"));
        assert!(!only_named("Ms Rivera, we have it", "Ms Rivera"));
    }

    #[test]
    fn a_known_family_without_a_route_is_asked_and_a_stranger_goes_to_the_office() {
        let none = Evidence::default();
        assert!(matches!(decide(&none, &card(&[5]), &CAME), Decision::Ask(named) if named.len() == 1));
        assert_eq!(decide(&none, &card(&[]), &Came { known: false, ..CAME }), Decision::Office);
        let waiting = Evidence { pending: vec![IncomingId(1)], ..Evidence::default() };
        assert_eq!(decide(&waiting, &card(&[5]), &CAME), Decision::Waits);
    }
}
