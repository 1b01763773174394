//! Texts as our codec splits and encodes them, a JSON object a line: programs of others read and judge them (`tests/peers`).
//! The texts are drawn from a fixed seed, so that a fault is seen again.

use serde_json::{Value, json};
use sms::text::{Coding, Form, Join, Language, Link, Packing, Shift, Shifts, Width, read, split};
use std::fmt::Write as _;

/// Marsaglia's xorshift: enough for drawing letters.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % most as u64) as usize
    }

    /// A text of up to 400 characters, two thirds of them of the common ones.
    fn text(&mut self, common: &[char], rare: &[char]) -> String {
        let length = self.below(401);
        (0..length).map(|_| if self.below(3) < 2 { common[self.below(common.len())] } else { rare[self.below(rare.len())] }).collect()
    }
}

fn hex(octets: &[u8]) -> String {
    octets.iter().fold(String::new(), |mut hex, octet| {
        let _ = write!(hex, "{octet:02x}");
        hex
    })
}

/// What the codes mean in a pair of tables: each alone, then each after an escape.
fn meanings(shift: Shift) -> Vec<String> {
    let header = Coding::Gsm7(shift).encode("", None, Packing::Unpacked).map_or(vec![], |data| data.octets);
    let with_header = !header.is_empty();
    let codes = (0..128_u8).map(|code| vec![code]).chain((0..128).map(|code| vec![0x1B, code]));
    codes.map(|code| read(&[header.clone(), code].concat(), Form::Unpacked, with_header, None).text).collect()
}

fn letters(shift: Shift) -> Vec<char> {
    let known = |mark: &char| *mark != '\u{fffd}' && Coding::Gsm7(shift).cost(*mark).is_some();
    meanings(shift).iter().flat_map(|text| text.chars()).filter(known).collect()
}

fn case(kind: &str, text: &str, link: Link, reference: u16) -> Value {
    let split = split(text, link);
    let total = u8::try_from(split.segments()).unwrap_or(u8::MAX);
    let parts: Vec<Value> = split
        .parts()
        .zip(1..)
        .map(|(part, number)| {
            let join = (total > 1).then_some(Join { reference, width: link.width, total, number });
            let octets = |packing| split.coding.encode(part, join, packing).map(|data| (hex(&data.octets), data.length, data.header));
            json!({ "text": part, "packed": octets(Packing::Packed), "unpacked": octets(Packing::Unpacked) })
        })
        .collect();
    let shift = if let Coding::Gsm7(shift) = split.coding { shift } else { Shift::default() };
    let number = |language: Option<Language>| language.map_or(0, Language::number);
    json!({
        "kind": kind, "text": split.economy, "encoding": split.coding.name(), "units": split.units, "reference": reference,
        "wide": link.width == Width::Word, "locking": number(shift.locking), "single": number(shift.single), "parts": parts,
    })
}

fn main() {
    let mut dice = Dice(0x5EED_2026);
    let range = |from: char, to: char| (from..=to).collect::<Vec<char>>();
    let gsm = letters(Shift::default());
    let plain: Vec<char> = (' '..='z').filter(|mark| gsm.contains(mark)).collect();
    // No combining marks, joiners, flags or Hangul: others do not see these clusters as Unicode does now.
    let others =
        [range('А', 'я'), range('ء', 'غ'), range('á', 'ő'), range('一', '丿'), range('あ', 'ん'), range('😀', '😿'), range('𐐀', '𐐧')]
            .concat();
    for number in 0..1500 {
        let width = if number % 3 == 0 { Width::Word } else { Width::Octet };
        let link = Link { width, shifts: Shifts::None };
        println!("{}", case("gsm", &dice.text(&plain, &gsm), link, number));
        println!("{}", case("ucs2", &dice.text(&plain, &others), link, number));
    }
    for language in Language::ALL {
        let of = |locking: bool, single: bool| Shift { locking: locking.then_some(language), single: single.then_some(language) };
        let no_locking = language == Language::Spanish;
        for shift in [of(false, true), of(true, false), of(true, true)] {
            if no_locking && shift.locking.is_some() {
                continue;
            }
            println!(
                "{}",
                json!({ "kind": "table", "locking": language.number() * u8::from(shift.locking.is_some()), "single": language.number() * u8::from(shift.single.is_some()), "means": meanings(shift) })
            );
        }
        let (some, all) = (letters(of(!no_locking, false)), letters(of(!no_locking, true)));
        for number in 0..100 {
            let width = if number % 3 == 0 { Width::Word } else { Width::Octet };
            let link = Link { width, shifts: Shifts::Of(language) };
            println!("{}", case("shift", &dice.text(&some, &all), link, number));
        }
    }
}
