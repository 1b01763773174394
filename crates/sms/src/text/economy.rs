//! Punctuation-only economy: what a text loses before it is measured, and nothing else.

use std::borrow::Cow;

/// Curly quotes, dashes, ellipsis and odd spaces become their plain forms. Letters are never changed; joiners (ZWJ, ZWNJ) and
/// the marks of direction (U+200E, U+200F) stay; isolation and embedding marks go, since a phone shows them as boxes or pays
/// for them.
pub fn economy(text: &str) -> String {
    economise(text).into_owned()
}

/// What becomes of a character.
pub(super) enum Plain {
    Kept,
    Gone,
    Become(&'static str),
}

pub(super) fn plain(mark: char) -> Plain {
    match mark {
        '‘' | '’' | '‚' | '‛' | '′' | '`' => Plain::Become("'"),
        '“' | '”' | '„' | '‟' | '″' => Plain::Become("\""),
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '•' | '·' => Plain::Become("-"),
        '…' => Plain::Become("..."),
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' | '\t' => Plain::Become(" "),
        '\u{2028}' | '\u{2029}' => Plain::Become("\n"),
        '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{2066}'..='\u{2069}' | '\u{202a}'..='\u{202e}' | '\u{ad}' | '\0' => Plain::Gone,
        _ => Plain::Kept,
    }
}

/// First octets of everything that `plain` changes: most texts have none of them, and are looked through by octets.
static SUSPECT: [bool; 256] = {
    let mut suspect = [false; 256];
    let mut index = 0;
    let leads = [0x00, b'\t', b'`', 0xC2, 0xE2, 0xE3, 0xEF];
    while index < leads.len() {
        suspect[leads[index] as usize] = true;
        index += 1;
    }
    suspect
};

/// The changes of a text: where, how many octets, and what stands there instead.
fn changes(text: &str) -> impl Iterator<Item = (usize, usize, &'static str)> + Clone {
    let suspects = text.bytes().enumerate().filter(|(_, octet)| SUSPECT[usize::from(*octet)]);
    suspects.filter_map(|(at, _)| {
        let mark = text.get(at..)?.chars().next()?;
        match plain(mark) {
            Plain::Kept => None,
            Plain::Gone => Some((at, mark.len_utf8(), "")),
            Plain::Become(_) if mark == '·' && joins_letters(text, at) => None,
            Plain::Become(other) => Some((at, mark.len_utf8(), other)),
        }
    })
}

/// In Catalan "l·l" is a letter, and in Gascon and Franco-Provençal "n·h" and "s·h".
fn joins_letters(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back().is_some_and(char::is_alphabetic);
    before && text[at..].chars().nth(1).is_some_and(char::is_alphabetic)
}

/// Whether a text goes out as it is.
pub(super) fn is_plain(text: &str) -> bool {
    changes(text).next().is_none()
}

/// The text as it goes out; borrowed where nothing changes.
pub(super) fn economise(text: &str) -> Cow<'_, str> {
    let mut changes = changes(text).peekable();
    if changes.peek().is_none() {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut from = 0;
    for (at, size, other) in changes {
        plain.push_str(&text[from..at]);
        plain.push_str(other);
        from = at + size;
    }
    plain.push_str(&text[from..]);
    Cow::Owned(plain)
}

/// The same, piece by piece, for those who only count.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = &str> + Clone {
    let mut from = 0;
    let after_last = std::iter::once((text.len(), 0, ""));
    changes(text).chain(after_last).flat_map(move |(at, size, other)| {
        let kept = &text[from..at];
        from = at + size;
        [kept, other]
    })
}
