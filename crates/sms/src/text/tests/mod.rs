//! What must hold of any text, and texts that other splitters get wrong.

mod bytes;
mod cuts;
mod economy;
mod numbers;
mod tables;

use proptest::prelude::*;

/// What stands side by side in families' texts and in nobody's: clusters, halves of them, what steers direction, NUL, escape.
const PIECES: &[&str] = &[
    "a",
    "Ms Rivera: ",
    "{",
    "€",
    "\r\n",
    "\r",
    "\n",
    "\0",
    "\u{1b}",
    "é",
    "e\u{301}",
    "sí",
    "ñ",
    "👨‍👩‍👧‍👦",
    "\u{200d}",
    "🇪🇸",
    "🇪",
    "👍🏽",
    "1️⃣",
    "\u{fe0f}",
    "क्षि",
    "क्",
    "\u{93f}",
    "ড়",
    "ನಿ",
    "\u{200c}",
    "\u{200f}",
    "\u{202e}",
    "\u{2066}",
    "قف",
    "각",
    "\u{1100}",
    "…",
    "“",
    "l·l",
    "ğ",
    "ã",
    "\u{10ffff}",
    "\u{ffff}",
    "\u{d7ff}",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L",
];

/// Any text: of all planes, of the pieces above, of what is left of bytes that are no text, and of the alphabet.
fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![proptest::sample::select(PIECES).prop_map(str::to_owned), any::<char>().prop_map(String::from)];
    prop_oneof![
        proptest::collection::vec(piece, 0..250).prop_map(|pieces| pieces.concat()),
        proptest::collection::vec(any::<u8>(), 0..600).prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
        "[a-zA-Z0-9 .,{}\\[\\]~€éèñü\n]{0,500}",
        "\\PC{0,400}",
    ]
}
