//! The languages Homeword knows, and what rosters call them.

use crate::keywords::fold;
use serde::Deserialize;
use std::sync::OnceLock;

/// A language of `config/languages.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Language {
    /// BCP 47.
    pub tag: String,
    /// Name in English, for staff.
    pub name: String,
    /// Its own name.
    pub autonym: String,
    /// `ltr` or `rtl`.
    pub direction: String,
    /// ISO 15924.
    pub script: String,
    /// How far a machine is trusted: A, B or C.
    pub tier: String,
    /// What rosters write.
    pub codes: Vec<String>,
}

#[derive(Deserialize)]
struct File {
    language: Vec<Language>,
}

/// All of them.
#[derive(Debug)]
pub struct Languages {
    all: Vec<Language>,
}

impl Languages {
    /// Those compiled in.
    pub fn shipped() -> &'static Languages {
        static SHIPPED: OnceLock<Languages> = OnceLock::new();
        SHIPPED.get_or_init(|| {
            let file: File = toml::from_str(crate::shipped::LANGUAGES).expect("config/languages.toml is checked by a test of this crate");
            Languages { all: file.language }
        })
    }
    /// Every language, in the file's order.
    pub fn all(&self) -> &[Language] {
        &self.all
    }
    /// By tag, case ignored.
    pub fn get(&self, tag: &str) -> Option<&Language> {
        self.all.iter().find(|language| language.tag.eq_ignore_ascii_case(tag))
    }
    /// What a roster wrote: a code, a name in English or in the language; case and outer space ignored. `None` = unknown.
    pub fn from_roster(&self, written: &str) -> Option<&Language> {
        let wanted = fold(written);
        self.all.iter().find(|language| {
            fold(&language.tag) == wanted
                || fold(&language.name) == wanted
                || fold(&language.autonym) == wanted
                || language.codes.iter().any(|code| fold(code) == wanted)
        })
    }
    /// Whether it is written from right to left.
    pub fn right_to_left(&self, tag: &str) -> bool {
        self.get(tag).is_some_and(|language| language.direction == "rtl")
    }
    /// Its own name, or the tag.
    pub fn autonym<'a>(&'a self, tag: &'a str) -> &'a str {
        self.get(tag).map_or(tag, |language| &language.autonym)
    }
    /// Its English name, or the tag.
    pub fn name<'a>(&'a self, tag: &'a str) -> &'a str {
        self.get(tag).map_or(tag, |language| &language.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rosters_names_map_and_what_does_not_is_unknown() {
        let tag = |written: &str| Languages::shipped().from_roster(written).map(|language| language.tag.as_str());
        for (written, expected) in [
            ("Spanish", "es"),
            (" ESPAÑOL ", "es"),
            ("prs", "fa-AF"),
            ("Haitian Creole", "ht"),
            ("zh-TW", "zh-Hant"),
            ("chi", "zh-Hans"),
            ("Soomaali", "so"),
        ] {
            assert_eq!(tag(written), Some(expected), "{written}");
        }
        assert_eq!(tag("K'iche'"), None);
        assert_eq!(tag(""), None);
    }
}
