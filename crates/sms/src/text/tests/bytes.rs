//! Text to bytes and back.

use super::super::*;
use super::any_text;
use proptest::prelude::*;

fn plain() -> Coding {
    Coding::Gsm7(Shift::default())
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02X}")).collect()
}

#[test]
fn octets_that_others_publish() {
    let packed = |text| plain().encode(text, None, Packing::Packed).map(|data| (hex(&data.octets), data.length));
    // The example that every description of the packing gives.
    assert_eq!(packed("hellohello"), Some(("E8329BFD4697D9EC37".to_owned(), 10)));
    assert_eq!(packed("€"), Some(("9B32".to_owned(), 2)));
    assert_eq!(packed(""), Some((String::new(), 0)));
    assert_eq!(packed("í"), None);
    let join = Some(Join { reference: 0x0102, width: Width::Octet, total: 2, number: 1 });
    let data = plain().encode("A", join, Packing::Packed).expect("in the alphabet");
    assert_eq!((hex(&data.octets), data.length, data.header), ("05000302020182".to_owned(), 8, true), "one bit of filling");
    let wide = join.map(|join| Join { width: Width::Word, ..join });
    let data = plain().encode("A", wide, Packing::Packed).expect("in the alphabet");
    assert_eq!((hex(&data.octets), data.length), ("0608040102020141".to_owned(), 9), "seven octets are eight septets");
    assert_eq!(Coding::Ucs2.encode("ع😀", None, Packing::Packed).map(|data| hex(&data.octets)).as_deref(), Some("0639D83DDE00"));
    let turkish = Coding::Gsm7(Shift { locking: Some(Language::Turkish), single: Some(Language::Turkish) });
    let data = turkish.encode("ğ{", None, Packing::Unpacked).expect("in the alphabet");
    assert_eq!(hex(&data.octets), "062401012501010C1B28");
}

#[test]
fn what_is_unknown_is_still_read() {
    let text = |octets: &[u8]| read(octets, Form::Unpacked, false, None).text;
    assert_eq!(text(&[0x1B]), " ");
    assert_eq!(text(&[0x1B, 0x1B, 0x41]), " A");
    assert_eq!(text(&[0x1B, 0x41]), "A", "a code that the extension lacks is the letter");
    assert_eq!(text(&[0x80, 0xFF]), "\u{fffd}\u{fffd}");
    assert_eq!(read(&[0xD8, 0x3D, 0x00], Form::Ucs2, false, None).text, "\u{fffd}\u{fffd}");
    assert_eq!(read(&[0x09, 0x41], Form::Unpacked, true, None).text, "ÇA", "a header longer than everything is none");
    let odd = read(&[0x05, 0x00, 0x03, 0x07, 0x02, 0x03, 0x41], Form::Unpacked, true, None);
    assert_eq!((odd.text.as_str(), odd.join), ("A", None), "part 3 of 2 is no part");
    let cut_off = read(&[0x04, 0x25, 0x01, 0x03, 0x24, 0x15], Form::Unpacked, true, None);
    assert_eq!((cut_off.text.as_str(), cut_off.shift.locking), ("∞", Some(Language::Portuguese)));
    let blank = read(&[0x03, 0x25, 0x01, 0x04, 0x0C], Form::Unpacked, true, None);
    assert_eq!(blank.text, "\u{fffd}");
    let spanish = read(&[0x03, 0x25, 0x01, 0x02, 0x41], Form::Unpacked, true, None);
    assert_eq!((spanish.text.as_str(), spanish.shift.locking), ("A", None), "Spanish has no letters of its own");
    assert_eq!(read(&[0x03, 0x25, 0x01, 0x07, 0x24], Form::Unpacked, true, None).text, "ಡ", "read as Android does");
    assert!(!format!("{odd:?}").contains('A'), "no words in a log");
}

#[test]
fn filling_is_not_an_at_sign() {
    let data = plain().encode("seven77", None, Packing::Packed).expect("in the alphabet");
    assert_eq!(data.octets.len(), 7);
    assert_eq!(read(&data.octets, Form::Packed, false, None).text, "seven77");
    let at = plain().encode("eight@8@", None, Packing::Packed).expect("in the alphabet");
    assert_eq!(read(&at.octets, Form::Packed, false, Some(at.length)).text, "eight@8@");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_is_sent_is_what_is_read(text in any_text(), tables: bool, wide: bool, reference: u16) {
        let (width, shifts) = (if wide { Width::Word } else { Width::Octet }, if tables { Shifts::All } else { Shifts::None });
        let split = split(&text, Link { width, shifts });
        let total = split.segments() as u8;
        let reference = if wide { reference } else { reference & 0xFF };
        for (index, part) in split.parts().enumerate().take(255) {
            let join = (split.segments() > 1).then(|| Join { reference, width, total: total.max(1), number: (index as u8 + 1).min(total.max(1)) });
            for packing in [Packing::Packed, Packing::Unpacked] {
                let data = split.coding.encode(part, join, packing).ok_or_else(|| TestCaseError::fail("not in the coding"))?;
                let form = match (split.coding, packing) {
                    (Coding::Ucs2, _) => Form::Ucs2,
                    (_, Packing::Packed) => Form::Packed,
                    (_, Packing::Unpacked) => Form::Unpacked,
                };
                prop_assert!(form == Form::Unpacked || data.octets.len() <= 140, "{} octets", data.octets.len());
                let back = read(&data.octets, form, data.header, Some(data.length));
                prop_assert_eq!(&back.text, part);
                prop_assert_eq!(back.join, join);
                prop_assert_eq!(Coding::Gsm7(back.shift), if split.coding == Coding::Ucs2 { plain() } else { split.coding });
            }
        }
    }

    #[test]
    fn any_bytes_are_read(octets in proptest::collection::vec(any::<u8>(), 0..300), length in proptest::option::of(0..400_usize)) {
        for form in [Form::Packed, Form::Unpacked, Form::Ucs2] {
            for with_header in [false, true] {
                let found = read(&octets, form, with_header, length);
                prop_assert!(found.text.chars().count() <= octets.len() * 8 / 7);
            }
        }
    }

    #[test]
    fn any_header_is_read(header in proptest::collection::vec(any::<u8>(), 0..40), text in proptest::collection::vec(any::<u8>(), 0..40)) {
        let octets: Vec<u8> = std::iter::once(header.len() as u8).chain(header).chain(text).collect();
        for form in [Form::Packed, Form::Unpacked, Form::Ucs2] {
            read(&octets, form, true, None);
        }
    }
}
