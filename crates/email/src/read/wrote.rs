//! What a person wrote, told from what a mail program put under it. In this order: where the program itself says on its page that a
//! quotation begins; our own words, marker and address, which stand in every letter it quotes, whatever its language; the shape of a
//! quotation's head in any script; tables per language. Nothing is lost: what is not the person's is given back beside it, and a
//! letter that had words is never empty.

use crate::post::MailWords;
use regex::Regex;
use std::sync::OnceLock;

/// How many lines a head may have had before the one that names us.
const HEAD: usize = 2;
/// A line of ours that is shorter says nothing: a family may write "Thank you," too.
const TELLING: usize = 12;

/// What is known of a letter beside its lines.
#[derive(Default)]
pub(super) struct Known<'a> {
    /// The text we sent.
    pub ours: Option<&'a str>,
    /// Our addresses, in lower case: those the letter went to, and the one ours was from. The head of a quotation names us by them.
    pub us: Vec<String>,
    /// The person's own address.
    pub from: String,
    /// The words above the quotation as the program's page has them, without spaces and marks.
    pub above: Option<String>,
    /// The line at which the page says a quotation begins, where these lines are the page's.
    pub quote: Option<usize>,
    /// Lines the program added, without spaces and marks.
    pub signatures: Vec<String>,
}

/// What the person wrote, what was left out, and how sure that is.
pub(super) struct Wrote {
    pub text: String,
    pub elided: String,
    pub confidence: f32,
}

/// See the module.
pub(super) fn wrote(text: &str, known: &Known<'_>, words: &MailWords) -> Wrote {
    let reader = Reader::new(text, known, words);
    let (cut, confidence) = reader.cut();
    let found = match reader.between(cut) {
        Some((text, elided)) => Wrote { text, elided, confidence: 0.5 },
        None => Wrote { text: reader.above(cut), elided: joined(&reader.lines[cut..]), confidence },
    };
    if found.text.is_empty() && !text.trim().is_empty() {
        return Wrote { text: text.trim().to_owned(), elided: String::new(), confidence: 0.2 };
    }
    found
}

/// A line without its spaces, punctuation and case: survives re-wrapping by clients.
pub(crate) fn flat(line: &str) -> String {
    line.chars().filter(|mark| mark.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn joined(lines: &[&str]) -> String {
    lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n").trim_matches('\n').to_owned()
}

fn is_empty(line: &str) -> bool {
    line.chars().all(|mark| mark.is_whitespace() || is_invisible(mark))
}

/// Marks of direction and the like, which programs put around what they add.
fn is_invisible(mark: char) -> bool {
    matches!(mark, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn is_quoted(line: &str) -> bool {
    line.trim_start().starts_with('>')
}

/// A line as it was before it was quoted.
fn bare(line: &str) -> &str {
    line.trim_start_matches(|mark: char| mark == '>' || mark.is_whitespace() || is_invisible(mark)).trim_end()
}

/// A line with an address or a clock time and a date's digits, ending in a colon: "On 3/9/26 at 5:01 PM Ms R <a@b> wrote:".
fn attribution() -> &'static Regex {
    static ATTRIBUTION: OnceLock<Regex> = OnceLock::new();
    ATTRIBUTION.get_or_init(|| {
        Regex::new(r"(?:\d{1,4}\D{1,12}\d{1,4}.*(?:\d{1,2}[:.]\d{2}|@).*|<[^<>\s]+@[^<>\s]+>.*)[:：]\s*$")
            .expect("a constant pattern, covered by tests")
    })
}

struct Reader<'a> {
    lines: Vec<&'a str>,
    known: &'a Known<'a>,
    words: &'a MailWords,
    /// Our text without spaces and marks.
    ours: String,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, known: &'a Known<'a>, words: &'a MailWords) -> Self {
        let ours = known.ours.map(flat).unwrap_or_default();
        Self { lines: text.lines().collect(), known, words, ours }
    }

    fn is_empty(&self, at: usize) -> bool {
        is_empty(self.lines[at])
    }

    /// A line of the letter we sent: its marker, or words of it however they were wrapped.
    fn is_ours(&self, line: &str) -> bool {
        let flat = flat(bare(line));
        self.words.markers.iter().any(|marker| flat.contains(marker)) || (flat.chars().count() > TELLING && self.ours.contains(&flat))
    }

    /// A line that names us as the mail program knows us.
    fn names_us(&self, line: &str) -> bool {
        line.contains('@') && {
            let lower = line.to_lowercase();
            self.known.us.iter().any(|address| lower.contains(address))
        }
    }

    /// Where what the person did not write begins, and how sure that is.
    fn cut(&self) -> (usize, f32) {
        if let Some(at) = self.known.quote.or_else(|| self.where_the_page_says()) {
            return (self.attribution_above(at.min(self.lines.len())), 0.95);
        }
        for at in 0..self.lines.len() {
            if self.is_empty(at) {
                continue;
            }
            if self.names_us(self.lines[at]) || self.is_ours(self.lines[at]) {
                return (self.head_above(at), 0.95);
            }
            if self.is_head(at) || self.is_separator(at) || self.is_fields(at) {
                return (at, 0.8);
            }
        }
        (self.last_quotation(), 0.6)
    }

    /// The line after which the words are those that the page has above its quotation.
    fn where_the_page_says(&self) -> Option<usize> {
        let above = self.known.above.as_deref().filter(|above| !above.is_empty())?;
        let mut so_far = 0;
        for (at, line) in self.lines.iter().enumerate() {
            // A link's address stands in the text and not on the page.
            let line = flat(line.split("<http").next().unwrap_or_default());
            let rest = &above[so_far..];
            if !rest.starts_with(&line) {
                return None;
            }
            so_far += line.len();
            if so_far == above.len() && !line.is_empty() {
                return Some(at + 1);
            }
        }
        None
    }

    /// From a line that is surely not the person's, up to where its head begins.
    fn head_above(&self, at: usize) -> usize {
        let mut at = at;
        // The line that names us may be the second of two, and its first one has the date.
        if self.names_us(self.lines[at]) && !self.is_field(self.lines[at]) {
            let mut up = 0;
            while up < HEAD && at > 0 && self.has_no_date(at) && !self.is_empty(at - 1) && self.lines[at - 1].chars().any(char::is_numeric)
            {
                at -= 1;
                up += 1;
            }
        }
        while at > 0 && self.is_field(self.lines[at]) && self.is_known_field(self.lines[at - 1]) {
            at -= 1;
        }
        self.attribution_above(at)
    }

    /// An attribution line often stands above a quotation, and may name nobody.
    fn attribution_above(&self, at: usize) -> usize {
        (at.saturating_sub(4)..at).find(|above| self.is_whole_head(*above, at)).unwrap_or(at)
    }

    /// These lines are one head, broken or not.
    fn is_whole_head(&self, at: usize, until: usize) -> bool {
        let lines = &self.lines[at..until];
        let whole = lines[0].chars().count() > 10 && lines.iter().all(|line| !is_empty(line)) && !self.is_signature(lines[0]);
        whole && attribution().is_match(&lines.join(" "))
    }

    /// Nothing like a date stands before the address in this line: it is the rest of the line above.
    fn has_no_date(&self, at: usize) -> bool {
        let start = self.lines[at].split(['@', '<']).next().unwrap_or_default();
        start.chars().filter(|mark| mark.is_numeric()).count() < 3
    }

    /// The head of a quotation in any script, by its shape.
    fn is_head(&self, at: usize) -> bool {
        let line = self.lines[at];
        let joined = self.lines[at..self.lines.len().min(at + 2)].join(" ");
        let shape = attribution().is_match(line) || (line.chars().count() > 10 && attribution().is_match(&joined));
        // Looked for only where it decides.
        let next = || self.lines[at + 1..].iter().find(|line| !is_empty(line));
        let quoted = || next().is_none_or(|line| is_quoted(line) || self.is_ours(line));
        let word = || {
            let lower = line.to_lowercase();
            lower.contains('@') && self.words.attribution.iter().any(|word| lower.contains(word))
        };
        shape && (word() || quoted())
    }

    /// "-----Original message-----", "_____", or the same words without the strokes.
    fn is_separator(&self, at: usize) -> bool {
        let line = bare(self.lines[at]);
        let stroke = |mark: char| matches!(mark, '-' | '_' | '=' | '—') || mark.is_whitespace();
        let name = flat(&line.trim_matches(stroke).replace("&nbsp;", " "));
        let drawn = line.starts_with("-----") && line.ends_with("-----") && line.len() > 10 || line.starts_with("________");
        drawn || self.words.separators.contains(&name)
    }

    /// A name, a colon and a value, as the fields of a head are in every language.
    fn is_field(&self, line: &str) -> bool {
        let line = bare(line).trim_start_matches('*');
        let Some((name, value)) = line.split_once([':', '：']) else { return false };
        let plain = |mark: char| mark.is_alphabetic() || mark.is_whitespace() || matches!(mark, '*' | '-' | '\'' | '’') || is_mark(mark);
        !value.trim().is_empty()
            && !name.trim().is_empty()
            && name.chars().count() <= 24
            && name.chars().all(plain)
            && name.split_whitespace().count() <= 3
    }

    fn is_known_field(&self, line: &str) -> bool {
        let line = bare(line).trim_start_matches('*').to_lowercase();
        self.words.separators.iter().any(|name| is_field_name(name) && line.starts_with(name))
    }

    /// One field's name may be a family's own words ("From: my brother"); a head has several, and an address of the two of us.
    fn is_fields(&self, at: usize) -> bool {
        let line = self.lines[at];
        if !self.is_field(line) {
            return false;
        }
        let after: Vec<&str> = self.lines[at..].iter().take(5).take_while(|line| !is_empty(line)).copied().collect();
        let fields = after.iter().filter(|line| self.is_field(line)).count();
        let known = self.is_known_field(line) && after.iter().skip(1).any(|line| self.is_known_field(line));
        let named = || {
            after.iter().any(|line| self.names_us(line) || (!self.known.from.is_empty() && line.to_lowercase().contains(&self.known.from)))
        };
        known || (fields >= 3 && named())
    }

    /// Where a quotation begins that goes to the letter's end, under no head.
    fn last_quotation(&self) -> usize {
        let mut cut = self.lines.len();
        let mut quoted = false;
        for at in (0..self.lines.len()).rev() {
            if is_quoted(self.lines[at]) {
                quoted = true;
                cut = at;
            } else if !self.is_empty(at) {
                break;
            }
        }
        if quoted { cut } else { self.lines.len() }
    }

    /// Whether this line is the program's or the phone's own.
    fn is_signature(&self, line: &str) -> bool {
        let lower = bare(line).to_lowercase();
        if self.words.sent_from.iter().any(|start| lower.starts_with(start)) {
            return true;
        }
        let flat = flat(line);
        !flat.is_empty() && self.known.signatures.iter().any(|known| !known.is_empty() && flat.starts_with(known))
    }

    /// The lines above a cut, without what the phone added.
    fn above(&self, cut: usize) -> String {
        let mut lines = &self.lines[..cut];
        if let Some(at) = lines.iter().position(|line| *line == "-- ") {
            lines = &lines[..at];
        }
        loop {
            let Some(last) = lines.iter().rposition(|line| !is_empty(line)) else { return String::new() };
            let whole = &lines[..=last];
            let signed = self.is_signature(lines[last]) && whole.iter().any(|line| !is_empty(line) && !self.is_signature(line));
            if !signed {
                return joined(whole).trim_matches(is_invisible).trim().to_owned();
            }
            lines = &lines[..last];
            // The strokes a program draws above its own line.
            while let Some(at) = lines.iter().rposition(|line| !is_empty(line)).filter(|at| matches!(lines[*at].trim(), "--" | "—" | "-"))
            {
                lines = &lines[..at];
            }
        }
    }

    /// Answers that stand between what they answer, with everything around them; `None` where the letter is not of that kind. What
    /// follows the last answer is left out.
    fn between(&self, cut: usize) -> Option<(String, String)> {
        let rest = &self.lines[cut..];
        let marks = rest.iter().any(|line| is_quoted(line));
        let nothing_above = self.lines[..cut].iter().all(|line| is_empty(line));
        // Where the program marks no quotation, only what we know of our letter tells them apart: not all of it, so that an answer on
        // top is the answer.
        if !marks && (self.ours.is_empty() || !nothing_above) {
            return None;
        }
        let mut head = true;
        let theirs: Vec<usize> = (0..rest.len())
            .filter(|at| {
                let line = rest[*at];
                // The head itself is not quoted.
                head &= !is_quoted(line) && !self.is_ours(line);
                let quoted = if marks { is_quoted(line) } else { self.ours.contains(&flat(line)) };
                !head && !is_empty(line) && !quoted && !self.is_signature(line)
            })
            .collect();
        let last = *theirs.last()?;
        let quoted_after = |at: usize| rest[at..].iter().any(|line| if marks { is_quoted(line) } else { self.is_ours(line) });
        // One answer under the whole letter.
        if nothing_above && !quoted_after(theirs[0]) {
            return Some((joined(&rest[theirs[0]..=last]), joined(&rest[..theirs[0]])));
        }
        let end = cut + last;
        Some((joined(&self.lines[..=end]).trim_start().to_owned(), joined(&self.lines[end + 1..])))
    }
}

/// Of the separators, those that name a field of a head: "From:".
pub(crate) fn is_field_name(separator: &str) -> bool {
    separator.ends_with([':', '：'])
}

/// Marks that belong to the letter before them, in scripts whose words are not made of letters alone.
fn is_mark(mark: char) -> bool {
    use unicode_normalization::char::is_combining_mark;
    is_combining_mark(mark)
}
