//! A whole school at once: what is planned in one statement is what the policy says, family by family.

use crate::*;
use domain::people::{Channel, District};
use messaging::fates;
use std::collections::{BTreeMap, BTreeSet};

/// How many texts or letters an address has got.
fn got(school: &School, address: &str) -> usize {
    if address.contains('@') { school.mailbox(address).len() } else { school.texts(address).len() }
}

/// Sends to the whole school and compares who got something with what the policy says of everybody, at the same moment. Gives
/// how many targets the policy has, and the addresses that got something.
async fn as_the_policy_says(school: &School, weight: Weight, answers: AnswerSet) -> (usize, BTreeSet<String>) {
    let audience = Audience::School { school: school.person("Ms Rivera").await.schools[0] };
    let people = &school.flows.ports().people;
    let rows = people.reach(school.district, &audience, school.now(), GuardianId(0), 1000).await.expect("read");
    let policy = fates(&rows, &audience, weight, domain::people::Channel::Sms);
    // Each address with what it should get: its targets, and whether each is one text (a question of languages, and words nobody
    // checked in an emergency, are several).
    let mut wanted: BTreeMap<&str, (usize, bool)> = BTreeMap::new();
    for target in &policy.targets {
        let row = rows.iter().find(|row| row.contact == Some(target.contact)).expect("a row");
        let entry = wanted.entry(&row.address).or_insert((0, weight != Weight::Emergency));
        entry.0 += 1;
        entry.1 &= target.language.is_some();
    }
    let everybody: BTreeSet<&str> = rows.iter().map(|row| row.address.as_str()).filter(|address| !address.is_empty()).collect();
    let before: BTreeMap<&str, usize> = everybody.iter().map(|address| (*address, got(school, address))).collect();
    let mut form = school.form(audience, phrase("bring-item", &[("date", "2026-12-10"), ("item", "a warm coat")]));
    (form.weight, form.answers) = (weight, answers);
    let preview = school.flows.preview(&school.person("Ms Okafor").await, &form).await.expect("a preview");
    assert_eq!(preview.line.families, policy.targets.len(), "the preview counts as the policy does");
    school.sends("Ms Okafor", &form).await;
    let mut came = BTreeSet::new();
    for address in everybody {
        let count = got(school, address) - before[address];
        let (targets, exact) = wanted.get(address).copied().unwrap_or((0, true));
        assert!(if exact { count == targets } else { count >= targets }, "{address}: {count} of {targets}, {weight:?}, {answers:?}");
        if count > 0 {
            came.insert(address.to_owned());
        }
    }
    (policy.targets.len(), came)
}

fn quiet(district: &mut District) {
    district.introduce = false;
}

#[tokio::test]
async fn a_broadcast_reaches_whom_the_policy_names_however_their_homes_are() {
    let school = School::opened(quiet).await;
    let (all, _) = as_the_policy_says(&school, Weight::Routine, AnswerSet::None).await;
    assert!(all >= 30, "the sample has families of many kinds: {all}");
    // A mailbox beside the phone, though nothing else about the family is to be decided: one of the two, never both.
    crate::ladder::on_file(&school, "Leo Baker", "Jane", Channel::Email, "jane@families.example").await;
    let (both, came) = as_the_policy_says(&school, Weight::Routine, AnswerSet::None).await;
    assert!(both == all && came.contains(JANE) && !came.contains("jane@families.example"), "{came:?}");
    // Digits are open on every phone then: the next digits are others, or none.
    as_the_policy_says(&school, Weight::Routine, AnswerSet::Coming).await;
    as_the_policy_says(&school, Weight::Routine, AnswerSet::Permission).await;
    as_the_policy_says(&school, Weight::Routine, AnswerSet::Absence).await;
    // A family that stopped is decided about.
    school.answers(CARMEN, "ALTO").await;
    let (fewer, came) = as_the_policy_says(&school, Weight::Routine, AnswerSet::Open).await;
    assert!(fewer == all - 1 && !came.contains(CARMEN), "{came:?}");
    let (emergency, _) = as_the_policy_says(&school, Weight::Emergency, AnswerSet::Open).await;
    assert!(emergency > fewer, "an emergency takes every way");
    school.ends().await;
}

#[tokio::test]
async fn digits_of_two_broadcasts_are_read_off_the_deliveries_and_never_overlap() {
    let school = School::opened(quiet).await;
    as_the_policy_says(&school, Weight::Routine, AnswerSet::Coming).await;
    let first = school.reads(JANE);
    as_the_policy_says(&school, Weight::Routine, AnswerSet::Permission).await;
    let second = school.reads(JANE);
    let digits = |text: &str| -> Vec<u32> {
        let last = text.lines().last().unwrap_or_default();
        last.split_whitespace().filter_map(|word| word.parse().ok()).filter(|digit| *digit > 0).collect()
    };
    assert_eq!(digits(&first), [1, 2, 3], "{first}");
    assert_eq!(digits(&second), [4, 5, 6], "{second}");
    school.answers(JANE, "4").await;
    let noted = school.reads(JANE);
    assert!(noted.to_lowercase().contains("permi"), "{noted}");
    school.ends().await;
}
