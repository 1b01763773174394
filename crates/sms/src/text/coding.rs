//! The codings the air knows, and how many units of each one message holds.

use super::language::Language;
use super::table::Table;
use super::{header, latin};

/// How many bits the number has that joins the parts of one text (TS 23.040 sections 9.2.3.24.1 and 9.2.3.24.8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Width {
    /// Eight: what companies use.
    #[default]
    Octet,
    /// Sixteen: one octet less in each part.
    Word,
}

/// Which national tables a link carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shifts {
    /// None: every company that takes plain text over HTTP.
    #[default]
    None,
    /// Those of one language.
    Of(Language),
    /// The extension tables of these languages; letters stay those of the default alphabet.
    Extensions(Languages),
    /// All.
    All,
}

/// Languages that have tables, as a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Languages(u16);

impl Languages {
    /// With one more.
    pub fn with(self, language: Language) -> Self {
        Self(self.0 | (1 << language.number()))
    }

    /// Whether it is among them.
    pub fn has(self, language: Language) -> bool {
        (self.0 >> language.number()) & 1 == 1
    }
}

/// What a link to a carrier can do. The default is what every carrier does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// The joining number.
    pub width: Width,
    /// National tables.
    pub shifts: Shifts,
}

/// The tables of a 7-bit text. The default is the default alphabet with its extension.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shift {
    /// Whose letters stand in for the default alphabet.
    pub locking: Option<Language>,
    /// Whose letters stand in for the extension.
    pub single: Option<Language>,
}

impl Shift {
    pub(super) fn tables(self) -> (&'static Table, &'static Table) {
        (self.locking.and_then(Language::locking).unwrap_or(&latin::DEFAULT), self.single.map_or(&latin::EXTENSION, Language::single))
    }

    /// How many of the two the header has to name.
    pub(super) fn named(self) -> u32 {
        u32::from(self.locking.is_some()) + u32::from(self.single.is_some())
    }
}

/// How a text is coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// Septets.
    Gsm7(Shift),
    /// UTF-16 units. TS 23.038 says UCS-2; phones read surrogate pairs.
    Ucs2,
}

impl Coding {
    /// The default alphabet with its extension and no national table.
    pub const PLAIN: Coding = Coding::Gsm7(Shift { locking: None, single: None });

    /// Whether it has every character of a text.
    pub fn has(self, text: &str) -> bool {
        text.chars().all(|mark| self.cost(mark).is_some())
    }

    /// `gsm7`, `gsm7-shift` or `ucs2`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gsm7(shift) if shift == Shift::default() => "gsm7",
            Self::Gsm7(_) => "gsm7-shift",
            Self::Ucs2 => "ucs2",
        }
    }

    /// Units of a character: septets (1, or 2 with the escape) or UTF-16 units; `None` where the coding does not have it.
    #[inline]
    pub fn cost(self, mark: char) -> Option<u32> {
        match self {
            Self::Ucs2 => Some(mark.len_utf16() as u32),
            Self::Gsm7(Shift { locking: None, single: None }) => Some(latin::septets(mark)).filter(|cost| *cost > 0),
            Self::Gsm7(shift) => {
                let (letters, extension) = shift.tables();
                if letters.code(mark).is_some() { Some(1) } else { extension.code(mark).map(|_| 2) }
            }
        }
    }

    /// Units that a message of its own holds: 160 septets, 155 with one national table, 152 with two; 70 UTF-16 units.
    pub fn single(self) -> u32 {
        self.room(header::octets(None, self.shift()))
    }

    /// Units that each of several joined messages holds: 153, 149, 146 septets and 67 UTF-16 units; with a number of sixteen
    /// bits 152, 148, 145 and 66.
    pub fn part(self, width: Width) -> u32 {
        self.room(header::octets(Some(width), self.shift()))
    }

    /// A message is 140 octets, header and all; septets begin anew after the header.
    fn room(self, header: u32) -> u32 {
        let octets = 140 - header;
        if self == Self::Ucs2 { octets / 2 } else { octets * 8 / 7 }
    }

    pub(super) fn shift(self) -> Shift {
        match self {
            Self::Gsm7(shift) => shift,
            Self::Ucs2 => Shift::default(),
        }
    }
}
