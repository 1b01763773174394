//! A table of 128 codes and its way back. Built while compiling: a table that is not one does not compile.

/// A code that stands for no character.
pub(super) const BLANK: u16 = 0xFFFF;
/// The code that says: the next code is of the extension table.
pub(super) const ESCAPE: u8 = 0x1B;
const NONE: u8 = 0xFF;

/// Codes to characters and back. Every character is of the basic plane.
#[derive(Debug)]
pub(super) struct Table {
    marks: [u16; 128],
    /// Codes of the characters below U+0100.
    low: [u8; 256],
    /// Codes of all others by their low octet: within one table no two share it, and `new` refuses one where two do.
    high: [u8; 256],
}

impl Table {
    /// `unsure` codes are read, but never written. A character that has two codes is written as the first.
    pub(super) const fn new(marks: [u16; 128], unsure: &[u8]) -> Self {
        let mut table = Self { marks, low: [NONE; 256], high: [NONE; 256] };
        let mut code = 0;
        while code < 128 {
            let mark = marks[code];
            let place = (mark & 0xFF) as usize;
            if mark != BLANK && code as u8 != ESCAPE && !among(unsure, code as u8) {
                let codes = if mark < 0x100 { &mut table.low } else { &mut table.high };
                if codes[place] == NONE {
                    codes[place] = code as u8;
                }
                assert!(marks[codes[place] as usize] == mark, "two characters share a low octet");
            }
            code += 1;
        }
        table
    }

    /// The code of a character, if it has one.
    #[inline]
    pub(super) const fn code(&self, mark: char) -> Option<u8> {
        let point = mark as u32;
        let code = if point < 0x100 { self.low[point as usize] } else { self.high[(point & 0xFF) as usize] };
        if code == NONE || self.marks[code as usize] as u32 != point { None } else { Some(code) }
    }

    /// The character of a code below 128, if it stands for one.
    pub(super) fn mark(&self, code: u8) -> Option<char> {
        let mark = *self.marks.get(usize::from(code))?;
        if mark == BLANK || code == ESCAPE { None } else { char::from_u32(u32::from(mark)) }
    }
}

const fn among(codes: &[u8], code: u8) -> bool {
    let mut index = 0;
    while index < codes.len() {
        if codes[index] == code {
            return true;
        }
        index += 1;
    }
    false
}

/// The characters of a table, written in the order of their codes; `\0` is a blank.
pub(super) const fn marks(text: &str) -> [u16; 128] {
    let bytes = text.as_bytes();
    let mut marks = [BLANK; 128];
    let (mut at, mut code) = (0, 0);
    while at < bytes.len() {
        let lead = bytes[at] as u16;
        let (mark, size) = if lead < 0x80 {
            (lead, 1)
        } else if lead < 0xE0 {
            ((lead & 0x1F) << 6 | (bytes[at + 1] & 0x3F) as u16, 2)
        } else {
            assert!(lead < 0xF0, "the tables are of the basic plane");
            ((lead & 0x0F) << 12 | ((bytes[at + 1] & 0x3F) as u16) << 6 | (bytes[at + 2] & 0x3F) as u16, 3)
        };
        marks[code] = if mark == 0 { BLANK } else { mark };
        at += size;
        code += 1;
    }
    assert!(code == 128, "a table has 128 codes");
    marks
}

/// A table that differs from another in a few codes.
pub(super) const fn with(mut marks: [u16; 128], changes: &[(u8, char)]) -> [u16; 128] {
    let mut index = 0;
    while index < changes.len() {
        marks[changes[index].0 as usize] = changes[index].1 as u16;
        index += 1;
    }
    marks
}
