//! Changed inputs for the plain tests: what a wire, a careless program and a forger do to a good one. The same number makes the same
//! change on every machine. Must never know what an input means.

/// What is put somewhere in an input, or in the place of a value.
const PIECES: &[&[u8]] = &[
    b"",
    b"\0",
    b"%00",
    b"\\u0000",
    // Lone surrogates: in JSON, in a form, and as the bytes that no UTF-8 has.
    b"\\ud800",
    b"\\udc00\\ud83d",
    b"%ED%A0%80",
    b"\xed\xa0\x80",
    b"\xff\xfe",
    // Bidi overrides and isolates, a mark of order, joiners.
    "\u{202e}".as_bytes(),
    "\u{2066}\u{202d}".as_bytes(),
    b"%E2%80%AE",
    "\u{feff}".as_bytes(),
    "👩\u{200d}👧\u{fe0f}".as_bytes(),
    // Numbers that are none, or too large.
    b"-1",
    b"0",
    b"65536",
    b"99999999999999999999999999",
    b"1e999",
    b"0x7fffffffffffffff",
    b"NaN",
    // Numbers of phones in somebody's own way.
    b"(203) 555-0100",
    b"00 44 7700 900123",
    b"tel:+1;ext=2",
    b"+",
    b"anonymous",
    // JSON where words were promised, and half of it.
    b"null",
    b"[]",
    b"{}",
    b"[[[[[[[[",
    b"\"",
    b"\\",
    b"}",
    // A form's and a query's own marks.
    b"&",
    b"=",
    b"%",
    b"%4",
    b"#?&=",
    // Base64 with spaces, url-safe, without its end, and of what is no text.
    b"SGVs bG8g d29y bGQ=",
    b"_-8_-w",
    b"SGVsbG8",
    b"/////w==",
    b"<html><body>502 Bad Gateway</body></html>",
    b"\r\n\r\n",
    b"; charset=",
];

/// Names of character sets, right and wrong.
const CHARSETS: [&str; 10] =
    ["UTF-8", "utf-16le", "UTF-16BE", "windows-1256", "iso-8859-1", "gsm", "ucs-2", "8-bit", "klingon", "iso-2022-kr"];

/// A row of numbers that a seed begins (SplitMix64).
pub struct Dice(pub u64);

impl Dice {
    /// A number below `end`, or 0.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % end.max(1) as u64) as usize
    }
}

/// One to three changes of one of these.
pub fn mutated(seeds: &[Vec<u8>], dice: &mut Dice) -> Vec<u8> {
    let mut input = seeds[dice.below(seeds.len())].clone();
    for _ in 0..=dice.below(3) {
        input = once(input, seeds, dice);
    }
    input
}

fn once(mut input: Vec<u8>, seeds: &[Vec<u8>], dice: &mut Dice) -> Vec<u8> {
    let at = dice.below(input.len() + 1);
    let piece = PIECES[dice.below(PIECES.len())];
    match dice.below(12) {
        0 => input.truncate(at),
        1 | 2 => {
            if let Some(byte) = input.get_mut(at) {
                *byte ^= 1 << dice.below(8);
            }
        }
        3 | 4 => drop(input.splice(at..at, piece.iter().copied())),
        5 | 6 => {
            let (from, to) = value_at(&input, at);
            input.splice(from..to, piece.iter().copied());
        }
        // A key twice, with the same value or another.
        7 => {
            let (from, to) = pair_at(&input, at);
            let mut twice = input[from..to].to_vec();
            let mark = if input[..from].last() == Some(&b'&') || input.get(to) == Some(&b'&') { b'&' } else { b',' };
            twice.insert(0, mark);
            input.splice(to..to, twice);
        }
        8 => {
            let end = at + dice.below(40);
            input.drain(at..end.min(input.len()));
        }
        // Two inputs in one.
        9 => {
            let other = &seeds[dice.below(seeds.len())];
            let from = dice.below(other.len() + 1);
            input.truncate(at);
            input.extend_from_slice(&other[from..]);
        }
        // Ten thousand characters in the place of a value.
        10 => {
            let (from, to) = value_at(&input, at);
            let letter = ["x", "ع", "9", "👍", "%41"][dice.below(5)];
            input.splice(from..to, letter.repeat(10_000).into_bytes());
        }
        _ => {
            let set = CHARSETS[dice.below(CHARSETS.len())];
            let place = input.windows(14).position(|window| window.eq_ignore_ascii_case(b"content-type: "));
            let end = place.and_then(|place| input[place..].iter().position(|byte| *byte == b'\n').map(|end| place + end));
            if let Some(end) = end {
                input.splice(end..end, format!("; charset={set}").into_bytes());
            }
        }
    }
    // Larger bodies are refused before anybody reads them.
    input.truncate(64 * 1024);
    input
}

/// The value around a place: what stands between marks of a form, of JSON or of a header.
fn value_at(input: &[u8], at: usize) -> (usize, usize) {
    around(input, at, |byte| matches!(byte, b'"' | b'=' | b'&' | b',' | b':' | b'\n' | b'{' | b'}' | b'[' | b']' | b'>' | b'<' | b';'))
}

/// A name with its value.
fn pair_at(input: &[u8], at: usize) -> (usize, usize) {
    around(input, at, |byte| matches!(byte, b'&' | b',' | b'\n' | b'{' | b'}' | b'?'))
}

fn around(input: &[u8], at: usize, mark: impl Fn(u8) -> bool) -> (usize, usize) {
    let from = input[..at].iter().rposition(|byte| mark(*byte)).map_or(0, |place| place + 1);
    let to = input[at..].iter().position(|byte| mark(*byte)).map_or(input.len(), |place| at + place);
    (from, to)
}

/// The inputs kept for a target, in the order of their names: those that found something, and those that reach far.
pub fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().find(|folder| folder.join("fuzz/corpus").is_dir());
    let folder = folder.expect("fuzz/corpus stands beside crates").join("fuzz/corpus").join(target);
    let files = std::fs::read_dir(&folder).unwrap_or_else(|_| panic!("{} is there", folder.display()));
    let mut paths: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).expect("readable")).collect()
}

/// Holds an input against a property, and says which it was if it does not hold.
pub fn try_one(property: fn(&[u8]), input: &[u8], which: &str) {
    let held = std::panic::catch_unwind(|| property(input));
    assert!(held.is_ok(), "{which}: {}", input.escape_ascii());
}
