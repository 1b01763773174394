//! STOP, START, HELP, "wrong number", yes and no, digits: in every shipped language, whole messages only.

use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::OnceLock;
use unicode_normalization::UnicodeNormalization;

/// A longer text tells of something else, and is read by a person anyway.
const MOST_WORDS: usize = 12;
const MOST_CHARACTERS: usize = 90;

/// What a whole message can mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keyword {
    /// Stop everything but emergencies.
    Stop,
    /// Again.
    Start,
    /// Help.
    Help,
    /// Not this family.
    Wrong,
    /// A person, please.
    ContactMe,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Written {
    stop: Vec<String>,
    start: Vec<String>,
    help: Vec<String>,
    wrong: Vec<String>,
    yes: Vec<String>,
    no: Vec<String>,
    contact_me: Vec<String>,
    /// Words that follow an answer's digit rather than what it counts: "1 but late".
    joins: Vec<String>,
    /// Whole messages that may want the texts to end, and may be an everyday answer.
    asks: Vec<String>,
    /// Beginnings of words that say "enough".
    ends: Vec<String>,
    /// Beginnings of words that name what should end.
    texts: Vec<String>,
}

/// One language's lists, folded once: every text that comes in is held against them.
#[derive(Debug)]
struct Lists {
    help: HashSet<String>,
    wrong: HashSet<String>,
    yes: HashSet<String>,
    no: HashSet<String>,
    contact_me: HashSet<String>,
    asks: HashSet<String>,
    ends: Vec<String>,
    texts: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Risk {
    phrases: Vec<String>,
}

/// The lists of every shipped language.
#[derive(Debug)]
pub struct Keywords {
    lists: BTreeMap<&'static str, Lists>,
    /// Of every language: a family that stops may do so in another one.
    stop: HashSet<String>,
    start: HashSet<String>,
    risk: BTreeMap<&'static str, Vec<String>>,
    joins: BTreeSet<String>,
}

impl Lists {
    fn of(tag: &str, written: &Written) -> Lists {
        let set = |words: &[String]| words.iter().map(|word| fold(word)).collect();
        let Written { help, wrong, yes, no, contact_me, asks, ends, texts, .. } = written;
        let list = |words: &[String]| words.iter().map(|word| hurried(word, tag)).collect();
        Lists {
            help: set(help),
            wrong: set(wrong),
            yes: set(yes),
            no: set(no),
            contact_me: set(contact_me),
            asks: asks.iter().map(|word| hurried(word, tag)).collect(),
            ends: list(ends),
            texts: list(texts),
        }
    }
}

impl Keywords {
    /// Those compiled in.
    pub fn shipped() -> &'static Keywords {
        static SHIPPED: OnceLock<Keywords> = OnceLock::new();
        SHIPPED.get_or_init(|| {
            let written: BTreeMap<&'static str, Written> = crate::shipped::LOCALES
                .iter()
                .map(|locale| (locale.tag, toml::from_str(locale.keywords).expect("keywords.toml is checked by a test of this crate")))
                .collect();
            let all = |pick: fn(&Written) -> &Vec<String>| written.values().flat_map(pick).map(|word| fold(word)).collect();
            let (stop, start) = (all(|lists| &lists.stop), all(|lists| &lists.start));
            let joins = written.values().flat_map(|lists| &lists.joins).map(|word| fold(word)).collect();
            let lists = written.iter().map(|(tag, written)| (*tag, Lists::of(tag, written))).collect();
            let risk = crate::shipped::LOCALES.iter().map(|locale| {
                let risk: Risk = toml::from_str(locale.risk).expect("risk.toml is checked by a test of this crate");
                (locale.tag, risk.phrases)
            });
            Keywords { lists, stop, start, risk: risk.collect(), joins }
        })
    }

    /// STOP and START are understood in *every* shipped language and the carriers' own words always; HELP and "wrong" in the
    /// home language and English. A plain yes is START only for a family that stopped.
    pub fn recognise(&self, text: &str, home: &str, opted_out: bool) -> Option<Keyword> {
        let folded = fold(text);
        if folded.is_empty() || folded.chars().count() > 40 {
            return None;
        }
        if self.stop.contains(&folded) {
            return Some(Keyword::Stop);
        }
        if self.start.contains(&folded) {
            return Some(Keyword::Start);
        }
        let mine: Vec<&Lists> = ["en", home].iter().filter_map(|tag| self.lists.get(*tag)).collect();
        let any = |pick: fn(&Lists) -> &HashSet<String>| mine.iter().any(|lists| pick(lists).contains(&folded));
        if opted_out && any(|lists| &lists.yes) {
            return Some(Keyword::Start);
        }
        if any(|lists| &lists.help) {
            return Some(Keyword::Help);
        }
        if any(|lists| &lists.wrong) {
            return Some(Keyword::Wrong);
        }
        any(|lists| &lists.contact_me).then_some(Keyword::ContactMe)
    }

    /// Whether a text that is no keyword may want the texts to end all the same, in the home language or English: it says
    /// "enough" and names the texts, is short, and asks nothing. It is a reason to ask, never to act.
    pub fn perhaps_stop(&self, text: &str, home: &str) -> bool {
        if text.contains(['?', '؟', '？']) {
            return false;
        }
        ["en", home].iter().filter_map(|tag| Some((tag, self.lists.get(*tag)?))).any(|(tag, lists)| {
            let folded = hurried(text, tag);
            let long = folded.split_whitespace().count() > MOST_WORDS || folded.chars().count() > MOST_CHARACTERS;
            let holds = |words: &[String]| words.iter().any(|word| begins_a_word(&folded, word));
            lists.asks.contains(&folded) || !long && holds(&lists.ends) && holds(&lists.texts)
        })
    }

    /// A whole message that is yes or no, in the home language or English.
    pub fn yes_no(&self, text: &str, home: &str) -> Option<bool> {
        let folded = fold(text);
        for tag in [home, "en"] {
            let Some(lists) = self.lists.get(tag) else {
                continue;
            };
            if lists.yes.contains(&folded) {
                return Some(true);
            }
            if lists.no.contains(&folded) {
                return Some(false);
            }
        }
        None
    }

    /// Risk phrases in a text, in these languages.
    pub fn risks(&self, text: &str, languages: &[&str]) -> Vec<String> {
        let folded = lower(text);
        let mut found: Vec<String> = Vec::new();
        for (_, phrases) in self.risk.iter().filter(|(tag, _)| languages.contains(tag)) {
            for phrase in phrases {
                if begins_a_word(&folded, &lower(phrase)) && !found.contains(phrase) {
                    found.push(phrase.clone());
                }
            }
        }
        found
    }

    /// A digit at the start: `1`, `١`, `۱`, `１`, `1️⃣`, `1.`, `1) but late` → (1, "but late"). Never part of a number, a time
    /// or an amount ("10", "3:30", "2.5"), and never a sentence that only begins with a count ("2 kids are ill").
    pub fn digit(&self, text: &str) -> Option<(u8, String)> {
        let (value, tail) = leading_digit(text)?;
        let starts = tail.chars().next();
        if starts.is_some_and(|mark| mark.is_numeric()) {
            return None;
        }
        if matches!(starts, Some(':' | '.' | ',' | '/' | '-')) && tail.chars().nth(1).is_some_and(char::is_numeric) {
            return None;
        }
        let outer = |mark: char| mark.is_whitespace() || matches!(mark, '.' | ')' | ',' | ':' | ';' | '-' | '،' | '。' | '、');
        let words = tail.trim_start_matches(outer).trim();
        if words.is_empty() {
            return Some((value, String::new()));
        }
        // After a bare space the words must not be what the digit counts: "1 but late" yes, "2 kids are ill" no.
        let separated = starts.is_some_and(|mark| !mark.is_whitespace() && !mark.is_alphabetic());
        (separated || self.joined(words)).then(|| (value, words.to_owned()))
    }

    /// Whether the first word joins an answer rather than being counted. Chinese has no space after it.
    fn joined(&self, words: &str) -> bool {
        let first = words.split_whitespace().next().map(fold).unwrap_or_default();
        self.joins.contains(&first)
            || words.chars().next().is_some_and(han)
                && self.joins.iter().any(|join| join.chars().all(han) && words.starts_with(join.as_str()))
    }
}

/// A digit of any script at the start of a text, and what stands after it.
fn leading_digit(text: &str) -> Option<(u8, String)> {
    let folded: String = text.nfkc().collect();
    // Phones of right-to-left languages put marks of direction around a digit.
    let beside = |mark: char| {
        mark.is_whitespace() || matches!(mark, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let mut rest = folded.trim_matches(beside).chars().peekable();
    let first = rest.next()?;
    let value = match first {
        '0'..='9' => first as u32 - '0' as u32,
        '\u{660}'..='\u{669}' => first as u32 - 0x660,
        '\u{6f0}'..='\u{6f9}' => first as u32 - 0x6f0,
        _ => return None,
    };
    while rest.peek().is_some_and(|mark| matches!(mark, '\u{fe0f}' | '\u{20e3}')) {
        rest.next();
    }
    Some((value as u8, rest.collect()))
}

fn han(mark: char) -> bool {
    matches!(mark, '\u{3400}'..='\u{9fff}')
}

/// NFKC, lower case, without outer punctuation, symbols and doubled spaces. Arabic script without its vowel marks, and with one
/// letter for those that keyboards of its languages exchange.
pub fn fold(text: &str) -> String {
    let lower: String = lower(text);
    let trimmed = lower.trim_matches(|mark: char| !mark.is_alphanumeric());
    trimmed.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn lower(text: &str) -> String {
    let said =
        |mark: &char| !matches!(mark, '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2069}' | '\u{640}' | '\u{64b}'..='\u{652}' | '\u{670}');
    text.nfkc().flat_map(char::to_lowercase).filter(said).map(one_letter).collect()
}

/// Folded, and as a hurried thumb writes it: without the accents of Latin letters. In Vietnamese they make another word.
fn hurried(text: &str, tag: &str) -> String {
    let folded = fold(text);
    if tag == "vi" {
        return folded;
    }
    let bare = |mark: char| match mark {
        'ł' => 'l',
        '\u{c0}'..='\u{24f}' => mark.to_string().nfd().next().unwrap_or(mark),
        other => other,
    };
    folded.chars().map(bare).collect()
}

/// Letters of the Arabic script that look alike and stand on different keyboards.
fn one_letter(mark: char) -> char {
    match mark {
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ي' | 'ى' => 'ی',
        'ك' => 'ک',
        'ة' | 'ہ' | 'ۂ' | 'ۀ' => 'ه',
        other => other,
    }
}

/// A phrase at the beginning of a word; scripts without spaces match anywhere.
fn begins_a_word(text: &str, phrase: &str) -> bool {
    if phrase.chars().next().is_some_and(han) {
        return text.contains(phrase);
    }
    text.match_indices(phrase).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        // Arabic writes "and", "in", "the" onto the word.
        before.is_none_or(|mark| !mark.is_alphanumeric() || !mark.is_ascii() && !mark.is_lowercase())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stop_is_understood_in_every_language_and_only_as_a_whole_message() {
        let keywords = Keywords::shipped();
        for text in ["STOP", "stop.", " Stop! ", "PARAR", "قف", "Ｓｔｏｐ", "arrêt", "unsubscribe"] {
            assert_eq!(keywords.recognise(text, "ar", false), Some(Keyword::Stop), "{text}");
        }
        for text in ["Stop by at 3?", "the bus stop is closed", "Amina will quit piano", ""] {
            assert_eq!(keywords.recognise(text, "es", false), None, "{text}");
        }
        assert_eq!(keywords.recognise("sí", "es", true), Some(Keyword::Start));
        assert_eq!(keywords.recognise("sí", "es", false), None, "a yes is an answer, not START");
        assert_eq!(keywords.recognise("AYUDA", "es", false), Some(Keyword::Help));
    }

    #[test]
    fn digits_in_every_dress_and_never_a_number_a_time_or_a_count() {
        let keywords = Keywords::shipped();
        let digit = |text: &str| keywords.digit(text);
        for (text, expected) in [("1", 1), (" ١ ", 1), ("۲", 2), ("３", 3), ("4️⃣", 4), ("1.", 1), ("0", 0), ("\u{200f}1\u{200f}", 1)]
        {
            assert_eq!(digit(text), Some((expected, String::new())), "{text}");
        }
        assert_eq!(digit("1 but late"), Some((1, "but late".into())));
        assert_eq!(digit("1, llego tarde"), Some((1, "llego tarde".into())));
        assert_eq!(digit("1但是会迟到"), Some((1, "但是会迟到".into())));
        for text in ["10", "3:30", "2.5", "2 kids are ill", "2个孩子病了", "1/2", "hello 1", ""] {
            assert_eq!(digit(text), None, "{text}");
        }
    }

    #[test]
    fn risk_phrases_begin_a_word() {
        let keywords = Keywords::shipped();
        assert!(!keywords.risks("Mi hijo dice que le pega un niño", &["es"]).is_empty());
        assert!(!keywords.risks("معه سكين في المدرسة", &["ar"]).is_empty());
        assert!(!keywords.risks("Amina自杀", &["zh-Hans"]).is_empty(), "Chinese has no word edges");
        assert!(keywords.risks("We are dismissing the class early", &["en"]).is_empty());
    }
}
