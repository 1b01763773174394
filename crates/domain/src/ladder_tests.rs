//! The ladder, rung by rung.

use super::*;
use crate::ports::Child;

const PHONE: ContactId = ContactId(1);
const MAIL: ContactId = ContactId(2);

fn row(guardian: i64, contact: ContactId, channel: Channel) -> Reach {
    let child = Child { id: StudentId(1), given: "Amina".into(), family: "A".into(), school: SchoolId(1), right: Right::Full };
    Reach {
        guardian: GuardianId(guardian),
        name: String::new(),
        contact: Some(contact),
        channel,
        address: String::new(),
        textable: true,
        shared: false,
        suspended: false,
        language: Some("so".into()),
        reads: crate::people::Reads::Written,
        blocked: 0,
        confirmed: true,
        introduced: None,
        children: vec![child],
    }
}

/// A mother with a phone and a mailbox, a father with a phone.
fn family() -> Vec<Reach> {
    vec![row(1, PHONE, Channel::Sms), row(1, MAIL, Channel::Email), row(2, ContactId(3), Channel::Sms)]
}

fn fall() -> Fall<'static> {
    Fall {
        cause: Cause::NotTaken,
        contact: PHONE,
        channel: Channel::Sms,
        language: "so",
        weight: Weight::Routine,
        about_one: false,
        privacy: Privacy::Open,
        ours: false,
        for_all: true,
        opens: Time(10),
        ends: Time(20),
    }
}

/// (contact points it goes to, what a person does, the words).
fn at(fall: &Fall<'_>, rows: &[Reach], carried: &[(ContactId, DeliveryState)]) -> (Vec<i64>, Hand, String) {
    let next = next(fall, rows, carried);
    (next.ways.iter().filter_map(|way| way.contact).map(|contact| contact.0).collect(), next.hand, next.reason)
}

const FELL: (ContactId, DeliveryState) = (PHONE, DeliveryState::Failed);

#[test]
fn other_channel_then_other_guardian_then_by_hand() {
    let mut rows = family();
    rows.insert(1, row(1, ContactId(4), Channel::Sms));
    assert_eq!(at(&fall(), &rows, &[FELL]), (vec![2], Hand::Nobody, "The phone did not take it: it goes by email.".into()));
    let mail = Fall { contact: MAIL, channel: Channel::Email, ..fall() };
    let both = [FELL, (MAIL, DeliveryState::Failed)];
    assert_eq!(at(&mail, &rows, &both), (vec![4], Hand::Nobody, "The mailbox did not take it: it goes by text.".into()));
    let three = [FELL, (MAIL, DeliveryState::Failed), (ContactId(4), DeliveryState::Failed)];
    assert_eq!(at(&mail, &rows, &three), (vec![3], Hand::Nobody, "The mailbox did not take it: it goes to another guardian.".into()));
    let all = [FELL, (MAIL, DeliveryState::Failed), (ContactId(4), DeliveryState::Failed), (ContactId(3), DeliveryState::Accepted)];
    let (ways, hand, words) = at(&mail, &rows, &all);
    assert!(ways.is_empty() && hand == Hand::Family && words.contains("tell them by hand"), "{words}");
}

#[test]
fn what_may_have_arrived_never_falls() {
    for state in DeliveryState::ALL {
        let falls = matches!(state, DeliveryState::Failed | DeliveryState::Withheld | DeliveryState::Late);
        assert_eq!(Cause::of(*state, "", false).is_some(), falls, "{state:?}");
    }
    assert_eq!(Cause::of(DeliveryState::Failed, LANDLINE, false), Some(Cause::Dead(LANDLINE)));
    assert_eq!(Cause::of(DeliveryState::Withheld, NOT_INCLUDED, false), Some(Cause::Ordered));
}

#[test]
fn never_down_a_way_that_is_closed_or_carries_it() {
    for close in [|row: &mut Reach| row.textable = false, |row: &mut Reach| row.suspended = true, |row: &mut Reach| row.blocked = 0b11110] {
        let mut rows = family();
        close(&mut rows[1]);
        assert_eq!(at(&fall(), &rows, &[FELL]).0, [3]);
    }
    let carried = [FELL, (MAIL, DeliveryState::Accepted)];
    assert_eq!(at(&fall(), &family(), &carried), (vec![], Hand::Nobody, "The phone did not take it: it goes another way too.".into()));
    let carried = [FELL, (MAIL, DeliveryState::Uncertain), (ContactId(3), DeliveryState::Delivered)];
    assert_eq!(at(&fall(), &family(), &carried).1, Hand::Family, "nobody knows whether the letter arrived: a person asks");
}

#[test]
fn late_goes_straight_to_a_person_and_so_does_what_would_be_late() {
    let late = Fall { cause: Cause::Late, ..fall() };
    assert_eq!(at(&late, &family(), &[]), (vec![], Hand::Family, "It was no longer useful when it could go: tell them by hand.".into()));
    let (ways, hand, _) = at(&Fall { opens: Time(20), ..fall() }, &family(), &[FELL]);
    assert!(ways.is_empty() && hand == Hand::Family, "quiet hours last longer than its use");
}

#[test]
fn a_stop_is_respected_and_an_emergency_goes_every_other_way() {
    let mut rows = family();
    rows[0].blocked = Weight::STOP_BITS;
    rows.insert(1, row(1, ContactId(4), Channel::Sms));
    let stopped = Fall { cause: Cause::Stopped, ..fall() };
    assert_eq!(at(&stopped, &rows, &[FELL]).0, [2], "the mailbox was not stopped, and no other phone of hers is tried");
    let only_phones: Vec<Reach> = rows.iter().filter(|row| row.channel == Channel::Sms && row.guardian == GuardianId(1)).cloned().collect();
    assert_eq!(at(&stopped, &only_phones, &[FELL]).1, Hand::Family);
    let alarm = Fall { weight: Weight::Emergency, ..stopped };
    assert_eq!(
        at(&alarm, &rows, &[FELL]),
        (vec![2, 4, 3], Hand::Family, "The family stopped texts: it goes every other way; call them as well.".into())
    );
    let carried = [FELL, (MAIL, DeliveryState::Accepted), (ContactId(4), DeliveryState::Accepted), (ContactId(3), DeliveryState::Accepted)];
    assert_eq!(at(&alarm, &rows, &carried).1, Hand::Family, "a call task beside the letter");
}

#[test]
fn an_order_and_unknown_rights_are_kept() {
    let mut rows = family();
    rows.remove(1);
    rows[1].children[0].right = Right::None;
    assert_eq!(at(&fall(), &rows, &[FELL]).0, [0i64; 0], "an order on the other guardian");
    rows[1].children[0].right = Right::Unknown;
    assert_eq!(at(&fall(), &rows, &[FELL]).0, [3], "class messages go");
    assert_eq!(at(&Fall { about_one: true, ..fall() }, &rows, &[FELL]).0, [0i64; 0], "what is about one child does not");
    rows[0].children[0].right = Right::None;
    assert_eq!(at(&fall(), &rows, &[FELL]), (vec![], Hand::Nobody, NOT_INCLUDED.into()), "nobody is asked to call them either");
    rows[0].children[0].right = Right::Unknown;
    assert_eq!(at(&Fall { about_one: true, ..fall() }, &rows, &[FELL]).1, Hand::Rights);
}

#[test]
fn a_way_shared_with_somebody_who_may_not_know_is_closed() {
    let mut rows = vec![row(1, PHONE, Channel::Sms), row(1, MAIL, Channel::Email), row(2, MAIL, Channel::Email)];
    rows[2].children[0].right = Right::None;
    let (ways, hand, _) = at(&fall(), &rows, &[FELL]);
    assert!(ways.is_empty() && hand == Hand::Family);
}

#[test]
fn answers_corrections_and_our_own_notices_stay_with_whom_they_were_for() {
    let rows = [row(1, PHONE, Channel::Sms), row(2, ContactId(3), Channel::Sms)];
    assert_eq!(at(&Fall { for_all: false, ..fall() }, &rows, &[FELL]).1, Hand::Family);
    let (ways, hand, _) = at(&Fall { ours: true, ..fall() }, &family(), &[FELL]);
    assert!(ways.is_empty() && hand == Hand::Office);
}

#[test]
fn a_private_matter_goes_to_a_mailbox_of_one_adult_that_answered_or_to_a_person() {
    let private = Fall { privacy: Privacy::Reserved, ..fall() };
    let mut rows = family();
    rows.truncate(2);
    assert_eq!(at(&private, &rows, &[FELL]).0, [2]);
    for open in [|row: &mut Reach| row.shared = true, |row: &mut Reach| row.confirmed = false] {
        let mut rows = rows.clone();
        open(&mut rows[1]);
        let (ways, hand, words) = at(&private, &rows, &[FELL]);
        assert!(ways.is_empty() && hand == Hand::Family && words.contains("in person"), "{words}");
    }
    assert_eq!(at(&Fall { privacy: Privacy::InPerson, ..fall() }, &rows, &[FELL]).0, [0i64; 0], "an answer in a private thread");
}

#[test]
fn a_dead_number_is_asked_about_and_two_languages_on_one_phone_are_two_adults() {
    let dead = Fall { cause: Cause::Dead(LANDLINE), ..fall() };
    let rows = family();
    let next = next(&dead, &rows, &[FELL]);
    assert!(next.dead);
    assert_eq!(next.reason, "Landline: ask for another number. It goes by email.");
    let mut rows = vec![row(1, PHONE, Channel::Sms), row(2, PHONE, Channel::Sms), row(1, MAIL, Channel::Email)];
    rows[1].language = Some("en".into());
    assert_eq!(at(&fall(), &rows, &[FELL]).0, [2]);
    assert_eq!(at(&Fall { language: "en", ..fall() }, &rows, &[FELL, (MAIL, DeliveryState::Accepted)]).1, Hand::Family);
}
