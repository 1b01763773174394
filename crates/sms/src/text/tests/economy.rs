//! What economy changes, and what it never does.

use super::super::*;
use super::any_text;
use proptest::prelude::*;

#[test]
fn punctuation_becomes_plain() {
    assert_eq!(economy("“don’t” — 5:30\u{202f}PM…"), "\"don't\" - 5:30 PM...");
    assert_eq!(economy("‘a’ ‚b‛ „c‟ 1′ 2″ `d`"), "'a' 'b' \"c\" 1' 2\" 'd'");
    assert_eq!(economy("• one\u{2028}· two\u{a0}\tthree"), "- one\n- two  three");
    assert_eq!(economy("\u{2066}Ms Rivera\u{2069} \u{202b}a\u{202c}\u{ad}\u{feff}\u{200b}\0"), "Ms Rivera a");
}

#[test]
fn letters_stay() {
    for text in [
        "sí",
        "papá",
        "col·lecció",
        "çé",
        "Ёлка",
        "می\u{200c}خواهم",
        "র\u{200d}্য",
        "\u{200f}Maple: قف",
        "a\u{200e}b",
        "👨‍👩‍👧",
        "ʻokina",
        "«oui»",
    ] {
        assert_eq!(economy(text), text);
    }
}

proptest! {
    #[test]
    fn what_is_plain_stays_plain(text in any_text()) {
        let once = economy(&text);
        prop_assert_eq!(economy(&once), once);
    }

    #[test]
    fn no_letter_or_digit_or_mark_is_changed(text in any_text()) {
        let kept = |text: &str| text.chars().filter(|mark| mark.is_alphanumeric() || !mark.is_ascii() && mark.is_control()).collect::<String>();
        prop_assert_eq!(kept(&economy(&text)), kept(&text));
    }
}
