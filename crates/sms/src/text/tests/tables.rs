//! The alphabets. What each code stands for is compared with others in `tests/peers`.

use super::super::table::{BLANK, ESCAPE, Table};
use super::super::*;

fn tables() -> impl Iterator<Item = (String, &'static Table)> {
    let default = Shift::default().tables();
    let national = Language::ALL.into_iter().flat_map(|language| {
        let single = (format!("{language:?} extension"), language.single());
        language.locking().map(|table| (format!("{language:?}"), table)).into_iter().chain([single])
    });
    [("default".to_owned(), default.0), ("extension".to_owned(), default.1)].into_iter().chain(national)
}

#[test]
fn every_code_leads_back() {
    assert_eq!(tables().count(), 27);
    for (name, table) in tables() {
        let mut unsure = Vec::new();
        for code in 0..128 {
            let Some(mark) = table.mark(code) else { continue };
            match table.code(mark) {
                Some(back) => assert_eq!(table.mark(back), Some(mark), "{name} {code:#x}"),
                None => unsure.push(code),
            }
        }
        let known: &[u8] = match name.as_str() {
            "Kannada" => &[0x24],
            "Telugu extension" => &[0x65],
            _ => &[],
        };
        assert_eq!(unsure, known, "{name}");
        assert_eq!(table.mark(ESCAPE), None);
        assert_eq!(table.mark(128), None);
        assert_eq!(table.code('\u{ffff}'), None, "{BLANK:#x} is no character");
    }
}

#[test]
fn letters_of_each_language() {
    let in_locking = |language: Language, text: &str| {
        let table = language.locking().expect("a locking table");
        text.chars().all(|mark| table.code(mark).is_some())
    };
    assert!(in_locking(Language::Turkish, "Çocuğunuz bugün okula gelmedi, lütfen arayın. İŞ"[2..].trim()));
    assert!(in_locking(Language::Portuguese, "Sua reunião é às 5; não falte, avó e avô virão."));
    assert!(in_locking(Language::Hindi, "कल स्कूल बंद है, कृपया फ़ोन करें"));
    assert!(in_locking(Language::Bengali, "আজ স্কুল বন্ধ"));
    assert!(in_locking(Language::Gujarati, "આજે શાળા બંધ છે"));
    assert!(in_locking(Language::Malayalam, "ഇന്ന് സ്കൂൾ".trim_end_matches('ൾ')));
    assert!(in_locking(Language::Oriya, "ଆଜି ସ୍କୁଲ ବନ୍ଦ"));
    assert!(in_locking(Language::Punjabi, "ਅੱਜ ਸਕੂਲ ਬੰਦ"));
    assert!(in_locking(Language::Tamil, "இன்று பள்ளி விடுமுறை"));
    assert!(in_locking(Language::Telugu, "ఈ రోజు పాఠశాల"));
    assert!(in_locking(Language::Urdu, "آج سکول بند ہے"));
    assert!(!in_locking(Language::Kannada, "ಡ"), "phones disagree about its code");
}

#[test]
fn tables_are_chosen_where_they_save() {
    let all = Link { shifts: Shifts::All, ..Link::default() };
    let of = |tag| Link { shifts: Language::tagged(tag).map_or(Shifts::All, Shifts::Of), ..Link::default() };
    let coding = |text: &str, link| split(text, link).coding;
    let spanish = "Mañana la reunión es a las cinco. Traiga el libro, por favor; si no puede venir, llámenos al 203-555-0100.";
    assert_eq!(segments(spanish).segments, 2);
    assert_eq!(segments_over(spanish, all).segments, 1);
    assert_eq!(segments_over(spanish, all).encoding, "gsm7-shift");
    assert_eq!(coding(spanish, of("es-MX")), Coding::Gsm7(Shift { single: Some(Language::Spanish), locking: None }));
    assert_eq!(segments_over(spanish, of("tr")).encoding, "ucs2", "Turkish has no ó");
    assert_eq!(segments_over(spanish, of("en")).encoding, "gsm7-shift", "a language without tables: all are tried");
    let hindi = "कल स्कूल बंद रहेगा, कृपया बच्चे को घर पर रखें और फोन पर खबर करें; गणित की किताब साथ रखें";
    assert_eq!(coding(hindi, of("hi")), Coding::Gsm7(Shift { locking: Some(Language::Hindi), single: None }));
    assert_eq!(
        coding(&format!("{hindi}। १"), of("hi")),
        Coding::Gsm7(Shift { locking: Some(Language::Hindi), single: Some(Language::Hindi) })
    );
    assert_eq!(segments_over("कल", all).encoding, "ucs2", "one segment either way");
    assert_eq!(segments_over(&"a".repeat(170), all).encoding, "gsm7", "a table costs a header");
    assert_eq!(segments_over(&"€".repeat(100), all).encoding, "gsm7-shift", "the euro is one septet in Turkish");
}

#[test]
fn room_beside_the_header() {
    let (tr, both) = (Some(Language::Turkish), Shift { locking: Some(Language::Turkish), single: Some(Language::Turkish) });
    let room = |coding: Coding| (coding.single(), coding.part(Width::Octet), coding.part(Width::Word));
    assert_eq!(room(Coding::Gsm7(Shift::default())), (160, 153, 152));
    assert_eq!(room(Coding::Gsm7(Shift { locking: tr, single: None })), (155, 149, 148));
    assert_eq!(room(Coding::Gsm7(Shift { locking: None, single: tr })), (155, 149, 148));
    assert_eq!(room(Coding::Gsm7(both)), (152, 146, 145));
    assert_eq!(room(Coding::Ucs2), (70, 67, 66));
    let fits = |count: usize| segments_over(&"ğ".repeat(count), Link { shifts: Shifts::Of(Language::Turkish), ..Link::default() }).segments;
    assert_eq!([fits(155), fits(156), fits(298), fits(299)], [1, 2, 2, 3]);
}

#[test]
fn tags_and_numbers() {
    for (index, language) in Language::ALL.into_iter().enumerate() {
        assert_eq!(usize::from(language.number()), index + 1);
        assert_eq!(Language::numbered(language.number()), Some(language));
    }
    assert_eq!([0, 14, 255].map(Language::numbered), [None; 3]);
    assert_eq!(Language::tagged("pt-BR"), Some(Language::Portuguese));
    assert_eq!(Language::tagged("PA"), Some(Language::Punjabi));
    assert_eq!(Language::tagged("pa-Arab-PK"), None);
    assert_eq!(Language::tagged(""), None);
}
