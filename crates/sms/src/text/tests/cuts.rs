//! Counts and cuts.

use super::super::*;
use super::{PIECES, any_text};
use domain::carrier::{Capacity, Tables, Texts};
use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

fn links() -> impl Iterator<Item = Link> {
    let shifts = [Shifts::None, Shifts::All, Shifts::Of(Language::Spanish), Shifts::Of(Language::Hindi)];
    [Width::Octet, Width::Word].into_iter().flat_map(move |width| shifts.map(|shifts| Link { width, shifts }))
}

fn counted(text: &str) -> (&'static str, usize) {
    let found = segments(text);
    (found.encoding, found.segments)
}

#[test]
fn counts_where_other_splitters_go_wrong() {
    let a = |count: usize| "a".repeat(count);
    assert_eq!(counted(""), ("gsm7", 1));
    assert_eq!(counted(&a(160)), ("gsm7", 1));
    assert_eq!(counted(&a(161)), ("gsm7", 2));
    assert_eq!(counted(&a(306)), ("gsm7", 2));
    assert_eq!(counted(&a(307)), ("gsm7", 3));
    assert_eq!(counted(&"€".repeat(80)), ("gsm7", 1));
    assert_eq!(counted(&"€".repeat(152)), ("gsm7", 2), "the last septet of 153 stays empty");
    assert_eq!(counted(&"€".repeat(153)), ("gsm7", 3));
    assert_eq!(counted(&format!("{}{{{}", a(152), a(152))), ("gsm7", 3), "an escape pair is never cut");
    assert_eq!(counted(&"ع".repeat(70)), ("ucs2", 1));
    assert_eq!(counted(&"ع".repeat(134)), ("ucs2", 2));
    assert_eq!(counted(&"ع".repeat(135)), ("ucs2", 3));
    assert_eq!(counted(&"😀".repeat(35)), ("ucs2", 1));
    assert_eq!(counted(&"😀".repeat(36)), ("ucs2", 2));
    assert_eq!(counted(&"😀".repeat(67)), ("ucs2", 3), "a surrogate pair is never cut");
    assert_eq!(counted("ñ¿¡éüà"), ("gsm7", 1));
    assert_eq!(counted("sí"), ("ucs2", 1), "an accent is never dropped to save a segment");
}

#[test]
fn a_longer_number_leaves_less_room() {
    let wide = Link { width: Width::Word, ..Link::default() };
    let count = |text: String| (segments(&text).segments, segments_over(&text, wide).segments);
    assert_eq!(count("a".repeat(304)), (2, 2));
    assert_eq!(count("a".repeat(305)), (2, 3));
    assert_eq!(count("ع".repeat(132)), (2, 2));
    assert_eq!(count("ع".repeat(133)), (2, 3));
}

#[test]
fn what_belongs_together_stays_together() {
    let unshifted = ["👨‍👩‍👧‍👦", "🇪🇸", "👍🏽", "e\u{301}", "क्षि", "각", "1️⃣"];
    for cluster in unshifted {
        let before = 68 - cluster.encode_utf16().count();
        let found = segments(&format!("{}{cluster}{}", "ع".repeat(before), "ع".repeat(10)));
        assert_eq!(found.parts[0].chars().count(), before, "{cluster} begins the second part");
        assert!(found.parts[1].starts_with(cluster));
    }
    let lines = segments(&format!("{}\r\n{}", "a".repeat(152), "a".repeat(20)));
    assert_eq!(lines.parts[0], "a".repeat(152), "the end of a line is one cluster");
    let flags = segments(&"🇪🇸🇲🇽".repeat(20));
    assert!(flags.parts.iter().all(|part| part.chars().count() % 2 == 0), "flags are counted from the first: {:?}", flags.parts);
}

#[test]
fn a_cluster_longer_than_a_part_is_cut_between_characters() {
    let monster = format!("a{}", "\u{301}".repeat(200));
    assert_eq!(monster.graphemes(true).count(), 1);
    let found = segments(&monster);
    assert_eq!(found.segments, 3);
    assert_eq!(found.parts.concat(), monster);
    let joined = vec!["👩"; 60].join("\u{200d}");
    assert_eq!(segments(&joined).parts.concat(), joined);
}

#[test]
fn ten_thousand_characters() {
    for piece in PIECES {
        let text = piece.repeat(10_000 / piece.chars().count());
        for link in links() {
            let found = segments_over(&text, link);
            assert_eq!(found.parts.concat(), found.economy);
        }
        assert_eq!(usize::from(Codec.measure(&text, Capacity::default()).segments), segments(&text).segments);
        numbered(&text, Limit::default());
    }
}

fn check(text: &str, link: Link) -> Result<(), TestCaseError> {
    let split = split(text, link);
    let parts: Vec<&str> = split.parts().collect();
    prop_assert_eq!(parts.concat(), &*split.economy);
    prop_assert_eq!(&*split.economy, economy(text));
    prop_assert_eq!(parts.len(), split.segments() as usize);
    let cost = |part: &str| part.chars().map(|mark| split.coding.cost(mark)).sum::<Option<u32>>();
    let costs: Vec<Option<u32>> = parts.iter().map(|part| cost(part)).collect();
    prop_assert_eq!(costs.iter().copied().sum::<Option<u32>>(), Some(split.units), "every character is in the coding");
    let most = if parts.len() == 1 { split.coding.single() } else { split.coding.part(link.width) };
    prop_assert!(costs.iter().all(|cost| cost.is_some_and(|cost| cost <= most)), "{:?} of {}", costs, most);
    if parts.len() > 1 {
        prop_assert!(split.units > split.coding.single());
        let whole = |at: usize| split.economy.grapheme_indices(true).find(|(place, cluster)| *place <= at && at < place + cluster.len());
        let mut at = 0;
        for (index, part) in parts.iter().enumerate().skip(1) {
            at += parts[index - 1].len();
            let (place, cluster) = whole(at).ok_or_else(|| TestCaseError::fail("a cut inside the text"))?;
            prop_assert!(place == at || cost(cluster) > Some(most), "{:?} is cut", cluster);
            // No part could have taken more: the cluster behind it does not fit.
            let next = if place == at { cluster } else { &part[..part.chars().next().map_or(0, char::len_utf8)] };
            prop_assert!(costs[index - 1].zip(cost(next)).is_some_and(|(had, next)| had + next > most), "room was left");
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn join_of_split_is_the_text_and_no_cluster_is_cut(text in any_text()) {
        for link in links() {
            check(&text, link)?;
        }
    }

    #[test]
    fn measure_says_what_segments_says(text in any_text()) {
        let (found, measured) = (segments(&text), Codec.measure(&text, Capacity::default()));
        prop_assert_eq!(usize::from(measured.segments), found.segments);
        prop_assert_eq!(measured.ucs2, found.encoding == "ucs2");
        prop_assert_eq!(measured.units, found.units);
    }

    #[test]
    fn national_tables_only_where_they_save_a_segment(text in any_text()) {
        let of = |shifts| split(&text, Link { shifts, ..Link::default() });
        let (plain, best) = (of(Shifts::None), of(Shifts::All));
        if best.coding.name() == "gsm7-shift" {
            prop_assert!(best.segments() < plain.segments());
        } else {
            prop_assert_eq!((best.coding, best.units), (plain.coding, plain.units));
        }
        for language in Language::ALL {
            prop_assert!(of(Shifts::Of(language)).segments() >= best.segments());
        }
    }
}

#[test]
fn a_text_is_measured_by_what_its_carrier_does() {
    let by = |text: &str, tables, numbered| Codec.measure(text, Capacity { tables, numbered }).segments;
    let spanish = "Mañana no habrá clases por la nieve; los autobuses saldrán el miércoles, según el horario de siempre.";
    let latin = Tables::Extensions(&["tr", "es", "pt"]);
    assert_eq!((by(spanish, Tables::None, false), by(spanish, latin, false), by(spanish, Tables::All, false)), (2, 1, 1));
    assert_eq!(by(spanish, Tables::Extensions(&["tr"]), false), 2, "á is not in the Turkish extension");
    // Hindi letters stand in the tables that replace the default letters: extensions alone do not help.
    let hindi = "कल स्कूल बंद है, कृपया फ़ोन करें ".repeat(3);
    assert_eq!((by(&hindi, Tables::None, false), by(&hindi, latin, false), by(&hindi, Tables::All, false)), (2, 2, 1));
    // Joined parts have a header, numbered ones a number; one that fits has neither.
    let (long, short) = ("a".repeat(306), "a".repeat(160));
    assert_eq!((by(&long, Tables::None, false), by(&long, Tables::None, true)), (2, 2));
    assert_eq!((by(&"a".repeat(313), Tables::None, false), by(&"a".repeat(313), Tables::None, true)), (3, 3));
    assert_eq!((by(&"a".repeat(310), Tables::None, false), by(&"a".repeat(310), Tables::None, true)), (3, 2), "156 beside \"1/2 \"");
    assert_eq!(
        (by(&short, Tables::None, true), by(&spanish.repeat(4), Tables::None, true)),
        (1, numbered(&spanish.repeat(4), Limit::default()).len() as u16)
    );
}
