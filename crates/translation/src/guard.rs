//! The guard: cheap checks, in order, that catch corruption (not bad style). A finding means the words wait for a person.

use crate::passage::Passage;

/// What is wrong with a translation, in words for a reviewer; empty = nothing noticed.
pub fn guard(source: &str, target: &str, passage: &Passage) -> Vec<String> {
    let mut findings = Vec::new();
    let slots = passage.slots();
    for slot in &slots {
        let wanted = slots.iter().filter(|other| other == &slot).count();
        if target.matches(slot).count() != wanted {
            findings.push(format!("\"{slot}\" is not there exactly {wanted} time(s)"));
        }
    }
    let count = |text: &str| text.chars().filter(char::is_ascii_digit).count();
    if count(source) != count(target) {
        findings.push("a number was lost or added".into());
    }
    let (from, to) = (source.trim().chars().count().max(1), target.trim().chars().count());
    if to * 2 < from || to > from * 3 + 20 {
        findings.push("much shorter or longer than the original".into());
    }
    let same = source.trim().eq_ignore_ascii_case(target.trim());
    if same && source.split_whitespace().count() > 2 {
        findings.push("it was not translated".into());
    }
    if repeats(target) && !repeats(source) {
        findings.push("words are repeated".into());
    }
    let questions = |text: &str| text.matches(['?', '؟', '？']).count().min(1);
    if questions(source) != questions(target) {
        findings.push("a question became a statement, or the reverse".into());
    }
    if target.split_whitespace().any(|word| word.starts_with(['*', '@', '#']) && word.len() > 1) {
        findings.push("the engine did not know a word".into());
    }
    findings.dedup();
    findings
}

fn repeats(text: &str) -> bool {
    let word = |word: &str| word.trim_matches(|mark: char| !mark.is_alphanumeric()).to_lowercase();
    let words: Vec<String> = text.split_whitespace().map(word).collect();
    words.windows(4).any(|four| four[..2] == four[2..]) || words.windows(6).any(|six| six[..3] == six[3..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, target: &str) -> Vec<String> {
        guard(source, target, &Passage::of(source, &["Amina".to_owned()]))
    }

    #[test]
    fn corruption_is_found_and_a_good_translation_passes() {
        let source = "Amina reads well. Class is at 8:15 AM on 3/12. Can you come?";
        assert_eq!(check(source, "Amina lee bien. La clase es a las 8:15 AM el 3/12. ¿Puede venir?"), Vec::<String>::new());
        for bad in [
            "Amina lee bien. La clase es a las 8:15 SOY el 3/12. ¿Puede venir?",
            "Amasse lee bien. La clase es a las 8:15 AM el 3/12. ¿Puede venir?",
            "Amina lee bien. La clase es a las 8:15 AM el 3/21. ¿Puede venir?",
            "Amina lee bien.",
            source,
            "Amina lee bien. La clase es a las 8:15 AM el 3/12. Puede venir.",
            "Amina lee bien lee bien lee bien. La clase es a las 8:15 AM el 3/12. ¿Puede venir la la la?",
            "Amina lee *bien. La clase es a las 8:15 AM el 3/12. ¿Puede venir?",
        ] {
            assert!(!check(source, bad).is_empty(), "{bad}");
        }
    }
}
