//! Languages that have tables of their own in TS 23.038 annex A.

use super::table::Table;
use super::{indic, latin};

/// A national language; its number is the one that stands in the header (TS 23.038 section 6.2.1.2.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Language {
    /// Turkish.
    Turkish = 1,
    /// Spanish: an extension table only.
    Spanish = 2,
    /// Portuguese.
    Portuguese = 3,
    /// Bengali and Assamese.
    Bengali = 4,
    /// Gujarati.
    Gujarati = 5,
    /// Hindi.
    Hindi = 6,
    /// Kannada.
    Kannada = 7,
    /// Malayalam.
    Malayalam = 8,
    /// Oriya.
    Oriya = 9,
    /// Punjabi in Gurmukhi.
    Punjabi = 10,
    /// Tamil.
    Tamil = 11,
    /// Telugu.
    Telugu = 12,
    /// Urdu.
    Urdu = 13,
}

impl Language {
    /// All thirteen, by number.
    pub const ALL: [Self; 13] = [
        Self::Turkish,
        Self::Spanish,
        Self::Portuguese,
        Self::Bengali,
        Self::Gujarati,
        Self::Hindi,
        Self::Kannada,
        Self::Malayalam,
        Self::Oriya,
        Self::Punjabi,
        Self::Tamil,
        Self::Telugu,
        Self::Urdu,
    ];

    /// The number in the header.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The language of a number, `None` for the default (0) and what is reserved.
    pub fn numbered(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number).checked_sub(1)?).copied()
    }

    /// The language of a BCP 47 tag, if it has tables. Punjabi in another script than Gurmukhi has none.
    pub fn tagged(tag: &str) -> Option<Self> {
        let lower = tag.to_ascii_lowercase();
        let mut subtags = lower.split(['-', '_']);
        Some(match subtags.next()? {
            "tr" => Self::Turkish,
            "es" => Self::Spanish,
            "pt" => Self::Portuguese,
            "bn" | "as" => Self::Bengali,
            "gu" => Self::Gujarati,
            "hi" => Self::Hindi,
            "kn" => Self::Kannada,
            "ml" => Self::Malayalam,
            "or" => Self::Oriya,
            "pa" if !subtags.any(|subtag| subtag == "arab" || subtag == "pk") => Self::Punjabi,
            "ta" => Self::Tamil,
            "te" => Self::Telugu,
            "ur" => Self::Urdu,
            _ => return None,
        })
    }

    /// The table that stands in for the default alphabet.
    pub(super) fn locking(self) -> Option<&'static Table> {
        Some(match self {
            Self::Turkish => &latin::TURKISH,
            Self::Spanish => return None,
            Self::Portuguese => &latin::PORTUGUESE,
            Self::Bengali => &indic::BENGALI,
            Self::Gujarati => &indic::GUJARATI,
            Self::Hindi => &indic::HINDI,
            Self::Kannada => &indic::KANNADA,
            Self::Malayalam => &indic::MALAYALAM,
            Self::Oriya => &indic::ORIYA,
            Self::Punjabi => &indic::PUNJABI,
            Self::Tamil => &indic::TAMIL,
            Self::Telugu => &indic::TELUGU,
            Self::Urdu => &indic::URDU,
        })
    }

    /// The table that stands in for the extension.
    pub(super) fn single(self) -> &'static Table {
        match self {
            Self::Turkish => &latin::TURKISH_SINGLE,
            Self::Spanish => &latin::SPANISH_SINGLE,
            Self::Portuguese => &latin::PORTUGUESE_SINGLE,
            Self::Bengali => &indic::BENGALI_SINGLE,
            Self::Gujarati => &indic::GUJARATI_SINGLE,
            Self::Hindi => &indic::HINDI_SINGLE,
            Self::Kannada => &indic::KANNADA_SINGLE,
            Self::Malayalam => &indic::MALAYALAM_SINGLE,
            Self::Oriya => &indic::ORIYA_SINGLE,
            Self::Punjabi => &indic::PUNJABI_SINGLE,
            Self::Tamil => &indic::TAMIL_SINGLE,
            Self::Telugu => &indic::TELUGU_SINGLE,
            Self::Urdu => &indic::URDU_SINGLE,
        }
    }
}
