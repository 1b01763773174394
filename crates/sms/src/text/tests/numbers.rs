//! Numbered parts.

use super::super::measure::choose;
use super::super::*;
use super::any_text;
use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

fn wholes(text: &str) -> Vec<String> {
    numbered(text, Limit::default()).iter().map(Numbered::whole).collect()
}

#[test]
fn a_short_text_has_no_number() {
    assert_eq!(wholes("School is closed today."), ["School is closed today."]);
    assert_eq!(wholes(&"a".repeat(160)).len(), 1);
    assert_eq!(wholes(""), [""]);
}

#[test]
fn parts_are_numbered_and_end_after_a_word() {
    let words = "word ".repeat(50);
    let parts = wholes(&words);
    assert_eq!(parts, [format!("1/2 {}", "word ".repeat(31)), format!("2/2 {}", "word ".repeat(19))]);
    let letters = wholes(&"a".repeat(313));
    assert_eq!(letters.iter().map(String::len).collect::<Vec<_>>(), [160, 160, 5], "one letter too many for two");
}

#[test]
fn nine_and_ten() {
    let at = |count: usize| wholes(&"a".repeat(count));
    let nine = at(156 * 9);
    assert_eq!((nine.len(), nine[8].as_str()), (9, format!("9/9 {}", "a".repeat(156)).as_str()));
    let ten = at(156 * 9 + 1);
    assert_eq!(ten.len(), 10, "the number is one digit longer in each");
    assert_eq!(ten[0], format!("1/10 {}", "a".repeat(155)));
    assert!(ten[9].starts_with("10/10 a"));
    let hundred = at(155 * 9 + 154 * 90 + 1);
    assert!(hundred[0].starts_with(&format!("1/{} ", hundred.len())) && hundred.len() >= 100);
}

#[test]
fn from_right_to_left_the_mark_stands_before_the_number() {
    let text = format!("\u{200f}Maple: {}", "قف 5:30 ".repeat(30));
    let parts = numbered(&text, Limit::default());
    assert!(parts.len() > 2);
    let total = parts.len();
    for (index, part) in parts.iter().enumerate() {
        assert!(part.whole().starts_with(&format!("\u{200f}{}/{total} ", index + 1)));
        assert_eq!(part.whole().matches('\u{200f}').count(), 1, "paid for once");
    }
    let unmarked = wholes(&"قف ".repeat(40));
    assert!(unmarked[0].starts_with("1/2 قف"), "{unmarked:?}");
}

#[test]
fn one_emoji_makes_one_part_short() {
    let parts = wholes(&format!("{}😀{}", "a".repeat(200), "b".repeat(200)));
    assert_eq!(parts.len(), 4);
    assert_eq!(parts.iter().filter(|part| segments(part).encoding == "ucs2").count(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn each_fits_and_joined_they_are_the_text(text in any_text(), septets in 24..161_u32, units in 24..71_u32) {
        let parts = numbered(&text, Limit { septets, units });
        let words: String = parts.iter().map(|part| part.words.as_str()).collect();
        prop_assert_eq!(&words, &economy(&text));
        let total = parts.len();
        let mut at = 0;
        for (index, part) in parts.iter().enumerate() {
            if total > 1 {
                prop_assert_eq!(part.number.trim_start_matches('\u{200f}'), format!("{}/{total} ", index + 1));
            }
            let (coding, found) = choose(&part.whole(), Link::default());
            let most = if coding == Coding::Ucs2 { units } else { septets };
            prop_assert!(found <= most, "{} of {}", found, most);
            let (place, cluster) = words.grapheme_indices(true).rfind(|(place, _)| *place <= at).unwrap_or((0, ""));
            prop_assert!(place == at || choose(cluster, Link::default()).1 > most - 14, "{:?} is cut", cluster);
            at += part.words.len();
        }
    }
}
