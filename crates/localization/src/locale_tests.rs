//! Every language's files against English: keys, attributes, variables, status, script, nothing left in English or taken from
//! another language.

use crate::shipped::{LOCALES, Locale};
use crate::{Catalogue, Languages};
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use std::collections::{BTreeMap, BTreeSet};

/// Short words that two languages may well share.
const MAY_BE_EQUAL: &[&str] = &["answer-", "we-are-learning", "try-at-home", "ask-your-child", "your-child"];
/// What stands in Latin letters in every script.
const LATIN: &[&str] = &["STOP", "START", "HELP", "ID", "PDF"];

#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    words: String,
    variables: BTreeSet<String>,
}

/// `id` and `id.attribute` → its words with `{x}` for variables.
fn lines(text: &str) -> Result<BTreeMap<String, Line>, String> {
    let tree = fluent_syntax::parser::parse(text).map_err(|(_, faults)| format!("{faults:?}"))?;
    let mut all = BTreeMap::new();
    for entry in tree.body {
        let Entry::Message(message) = entry else { continue };
        let id = message.id.name.to_owned();
        if let Some(pattern) = &message.value
            && all.insert(id.clone(), line(pattern)).is_some()
        {
            return Err(format!("{id} is there twice"));
        }
        for attribute in &message.attributes {
            all.insert(format!("{id}.{}", attribute.id.name), line(&attribute.value));
        }
    }
    Ok(all)
}

fn line(pattern: &Pattern<&str>) -> Line {
    let mut line = Line { words: String::new(), variables: BTreeSet::new() };
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => line.words.push_str(value),
            PatternElement::Placeable { expression: Expression::Inline(InlineExpression::VariableReference { id }) } => {
                line.words.push_str("{x}");
                line.variables.insert(id.name.to_owned());
            }
            // Nothing else is written here: a plural or a term would need its own check.
            PatternElement::Placeable { .. } => line.words.push_str("{?}"),
        }
    }
    line
}

/// Emergency phrases may leave an argument to their plain form; nothing else may leave one out, and nothing may invent one.
fn faults_of(locale: &Locale, emergency: &BTreeSet<&str>) -> Vec<String> {
    let mut faults = Vec::new();
    let script = Languages::shipped().get(locale.tag).map(|language| language.script.clone()).unwrap_or_default();
    for (file, (text, source)) in locale.fluent[..2].iter().zip(LOCALES[0].fluent).enumerate() {
        let (mine, english) = match (lines(text), lines(source)) {
            (Ok(mine), Ok(english)) => (mine, english),
            (Err(fault), _) | (_, Err(fault)) => {
                faults.push(fault);
                continue;
            }
        };
        for (id, wanted) in &english {
            let Some(found) = mine.get(id) else {
                faults.push(format!("{id} is missing"));
                continue;
            };
            let whole = english.get(id.split('.').next().unwrap_or(id)).map(|line| &line.variables);
            let invented = found.variables.difference(whole.unwrap_or(&wanted.variables)).next();
            if let Some(name) = invented {
                faults.push(format!("{id} invents ${name}"));
            }
            let may_drop = file == 1 && (id.contains('.') || emergency.contains(id.as_str()));
            if let Some(name) = wanted.variables.difference(&found.variables).next().filter(|_| !may_drop) {
                faults.push(format!("{id} drops ${name}"));
            }
            if found.words.contains("{?}") {
                faults.push(format!("{id} has more than words and variables"));
            }
            if locale.tag != "en" && found.words == wanted.words {
                faults.push(format!("{id} is left in English"));
            }
            if !written_in(&found.words, &script) {
                faults.push(format!("{id} is not in the script {script}"));
            }
        }
        faults.extend(mine.keys().filter(|id| !english.contains_key(*id)).map(|id| format!("{id} is not in English")));
        faults.extend(without_status(text));
    }
    faults.into_iter().map(|fault| format!("{}: {fault}", locale.tag)).collect()
}

/// Each entry has its status on the line above (in English the arguments may stand between).
fn without_status(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let entry = |line: &str| line.split_once(" =").is_some_and(|(id, _)| id.chars().all(|mark| mark.is_ascii_lowercase() || mark == '-'));
    let status =
        |index: usize| lines[..index].iter().rev().take_while(|line| line.starts_with('#')).any(|line| line.starts_with("# status: "));
    (0..lines.len())
        .filter(|index| entry(lines[*index]) && !status(*index))
        .map(|index| format!("no status above {}", lines[index]))
        .collect()
}

fn written_in(words: &str, script: &str) -> bool {
    let mut words = words.replace("{x}", "");
    for latin in LATIN {
        words = words.replace(latin, "");
    }
    let letters: Vec<char> = words.chars().filter(|mark| mark.is_alphabetic()).collect();
    let range: fn(char) -> bool = match script {
        "Arab" => |mark| matches!(mark, '\u{600}'..='\u{6ff}'),
        "Cyrl" => |mark| matches!(mark, '\u{400}'..='\u{4ff}'),
        "Hans" | "Hant" => |mark| matches!(mark, '\u{3400}'..='\u{9fff}'),
        _ => |mark| matches!(mark, '\0'..='\u{24f}' | '\u{1e00}'..='\u{1eff}'),
    };
    letters.iter().filter(|mark| range(**mark)).count() == letters.len()
}

fn emergency() -> BTreeSet<&'static str> {
    Catalogue::shipped().phrases().iter().filter(|info| info.weight == "emergency").map(|info| info.key.as_str()).collect()
}

#[test]
fn every_language_has_every_entry_its_variables_its_status_and_words_of_its_own() {
    let emergency = emergency();
    let faults: Vec<String> = LOCALES.iter().flat_map(|locale| faults_of(locale, &emergency)).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_sentence_is_another_languages() {
    let mut seen: BTreeMap<(String, String), &str> = BTreeMap::new();
    let mut faults = Vec::new();
    for locale in LOCALES {
        for text in &locale.fluent[..2] {
            for (id, line) in lines(text).expect("parsed by another test") {
                let short = MAY_BE_EQUAL.iter().any(|start| id.starts_with(start));
                if let Some(other) = seen.insert((id.clone(), line.words), locale.tag).filter(|_| !short) {
                    faults.push(format!("{id} reads the same in {other} and {}", locale.tag));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Faults put in on purpose, each of which the check above must find.
#[test]
fn seeded_faults_are_found() {
    let spanish = LOCALES.iter().find(|locale| locale.tag == "es").expect("Spanish is shipped");
    let (product, phrases) = (spanish.fluent[0], spanish.fluent[1]);
    let seeded: &[(&str, String, &str)] = &[
        ("a lost entry", product.replacen("routed-to =", "routed-too =", 1), phrases),
        ("a renamed variable", product.replacen("{ $teacher }", "{ $maestra }", 1), phrases),
        ("a dropped variable", product.replacen("{ $school }: listo.", "Listo.", 1), phrases),
        ("English left in", product.replacen("Aprendemos:", "We are learning:", 1), phrases),
        ("another script", product.replacen("Aprendemos:", "Учим:", 1), phrases),
        ("no status", product.replacen("# status: draft\nhelp", "help", 1), phrases),
        ("broken syntax", product.replacen("{ $school }", "{ $school ", 1), phrases),
    ];
    let emergency = emergency();
    for (what, product, phrases) in seeded {
        let product: &'static str = Box::leak(product.clone().into_boxed_str());
        let fluent: &'static [&'static str] = Box::leak(Box::new([product, *phrases]));
        let locale = Locale { fluent, ..*spanish };
        assert!(!faults_of(&locale, &emergency).is_empty(), "{what} was not found");
    }
    assert_eq!(faults_of(spanish, &emergency), Vec::<String>::new());
}

#[test]
fn no_word_means_two_things() {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "kebab-case")]
    struct Lists {
        stop: Vec<String>,
        start: Vec<String>,
        help: Vec<String>,
        wrong: Vec<String>,
        yes: Vec<String>,
        no: Vec<String>,
        contact_me: Vec<String>,
    }
    let all: Vec<(&str, Lists)> = LOCALES.iter().map(|locale| (locale.tag, toml::from_str(locale.keywords).expect(locale.tag))).collect();
    let mut faults = Vec::new();
    // STOP and START count in every language: neither may be an everyday answer in another.
    for (tag, lists) in &all {
        for (meaning, words) in [("STOP", &lists.stop), ("START", &lists.start)] {
            for (other, theirs) in &all {
                let everyday = theirs.yes.iter().chain(&theirs.no).chain(&theirs.help).chain(&theirs.wrong).chain(&theirs.contact_me);
                let opposite = if meaning == "STOP" { &theirs.start } else { &theirs.stop };
                for word in everyday.chain(opposite) {
                    if words.iter().any(|mine| crate::fold(mine) == crate::fold(word)) {
                        faults.push(format!("\"{word}\" is {meaning} in {tag} and something else in {other}"));
                    }
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_words_a_text_offers_are_understood() {
    use crate::{Keyword, Keywords};
    for locale in LOCALES {
        let text = Catalogue::shipped().say(locale.tag, "first-contact", &[("school", "Maple")]).expect(locale.tag);
        let heard: BTreeSet<String> = text
            .split(|mark: char| !mark.is_alphanumeric() && !matches!(mark, '\'' | '\u{200c}' | ' '))
            .flat_map(|part| {
                let words: Vec<&str> = part.split_whitespace().collect();
                (0..words.len())
                    .flat_map(|from| (from + 1..=words.len()).map(|to| words[from..to].join(" ")).collect::<Vec<_>>())
                    .collect::<Vec<_>>()
            })
            .filter_map(|words| Keywords::shipped().recognise(&words, locale.tag, false))
            .map(|keyword| format!("{keyword:?}"))
            .collect();
        for wanted in [Keyword::Stop, Keyword::Help, Keyword::Wrong] {
            assert!(heard.contains(&format!("{wanted:?}")), "{}: {wanted:?} is not offered or not understood: {text}", locale.tag);
        }
    }
}
