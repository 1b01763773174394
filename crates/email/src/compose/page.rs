//! A letter as a page: one column, `lang` and `dir` on every block, names isolated; nothing remote, nothing that tells when it is read.
//! Outlook lays pages out as Word does: frames and paddings stand on table cells, and a font has a name.

use domain::letter::*;
use std::fmt::Write;

/// Ink on paper: a program that darkens pages is given both or neither. 15:1 and 8:1, PAGES.md wants 4.5.
const BODY: &str =
    "margin:0;padding:16px;background:#ffffff;color:#1b1b1f;font-family:Arial,Helvetica,sans-serif;font-size:18px;line-height:1.5";
const QUIET: &str = "color:#4a4a52;font-size:15px;border-top:1px solid #8d8d96;padding-top:12px";

/// The page.
pub(super) fn html(draft: &LetterDraft) -> String {
    let mut all = String::with_capacity(4096);
    let place = place(&draft.language, draft.right_to_left);
    let _ = write!(
        all,
        "<!doctype html><html{place}><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{}</title></head><body{place} style=\"{BODY}\"><div{place} style=\"max-width:36em\">",
        escape(&draft.subject)
    );
    if !draft.marker.is_empty() {
        let _ = write!(all, "<p{place} style=\"color:#4a4a52;font-size:14px\">--- {} ---</p>", escape(&draft.marker));
    }
    // The answers stand under the words they answer; what is quiet, the original among it, is last.
    draft.blocks.iter().filter(|block| !block.quiet).for_each(|words| block(&mut all, words, &draft.names));
    for (words, digit) in &draft.answers {
        let _ = write!(
            all,
            "<table role=\"presentation\"{place} style=\"margin:0 0 12px\"><tr><td style=\"border:2px solid #0b4f6c;padding:12px 16px\"><a href=\"mailto:{}?subject=Re%3A&amp;body={digit}\" style=\"color:#0b4f6c\">{digit} {}</a></td></tr></table>",
            escape(&draft.reply_to),
            escape(words)
        );
    }
    draft.blocks.iter().filter(|block| block.quiet).for_each(|words| block(&mut all, words, &draft.names));
    all.push_str("</div></body></html>");
    all
}

/// One block.
fn block(all: &mut String, block: &LetterBlock, names: &[String]) {
    let style = if block.quiet { format!(" style=\"{QUIET}\"") } else { String::new() };
    let _ = write!(all, "<div{}{style}>", place(&block.language, block.right_to_left));
    if !block.heading.is_empty() {
        let _ = write!(all, "<h2 style=\"font-size:15px\">{}</h2>", escape(&block.heading));
    }
    for paragraph in block.text.split('\n').filter(|paragraph| !paragraph.trim().is_empty()) {
        all.push_str("<p>");
        for piece in pieces(paragraph, names) {
            let _ = match piece {
                Piece::Name(name) => write!(all, "<bdi>{}</bdi>", escape(name)),
                Piece::Words(words) => write!(all, "{}", escape(words)),
            };
        }
        all.push_str("</p>");
    }
    all.push_str("</div>");
}

fn place(language: &str, right_to_left: bool) -> String {
    format!(" lang=\"{}\" dir=\"{}\"", escape(language), if right_to_left { "rtl" } else { "ltr" })
}

/// Whether a sign is of a script written right to left: Hebrew, Arabic and their kin, Adlam.
fn is_right_to_left(mark: char) -> bool {
    matches!(mark, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{1e900}'..='\u{1e95f}')
}

/// Whether a name's first letter is.
pub(super) fn written_right_to_left(name: &str) -> bool {
    name.chars().find(|mark| mark.is_alphabetic()).is_some_and(is_right_to_left)
}

/// A piece of a text: a name, or what stands between two.
pub(super) enum Piece<'a> {
    Name(&'a str),
    Words(&'a str),
}

/// A text in pieces: the names that stand in it by themselves, not within a word or an address; where one holds another, the longer.
pub(super) fn pieces<'a>(text: &'a str, names: &[String]) -> Vec<Piece<'a>> {
    let (mut all, mut done, mut from) = (Vec::new(), 0, 0);
    loop {
        let next =
            names.iter().filter(|name| !name.is_empty()).filter_map(|name| Some((from + text[from..].find(name.as_str())?, name.len())));
        let Some((at, length)) = next.min_by_key(|(at, length)| (*at, usize::MAX - length)) else { break };
        let end = at + length;
        if stands_alone(text, at, end) {
            all.extend([Piece::Words(&text[done..at]), Piece::Name(&text[at..end])]);
            (done, from) = (end, end);
        } else {
            from = at + text[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    all.push(Piece::Words(&text[done..]));
    all
}

/// An Arabic "and" before a Latin name is a word of its own; a letter of the same direction makes both one word. What is within an
/// address stays whole.
fn stands_alone(text: &str, at: usize, end: usize) -> bool {
    let one_word = |outside: Option<char>, inside: Option<char>| {
        let letters = outside.zip(inside).filter(|(outside, _)| outside.is_alphanumeric());
        letters.is_some_and(|(outside, inside)| is_right_to_left(outside) == is_right_to_left(inside))
    };
    let name = &text[at..end];
    let begins = text[..at].rfind(char::is_whitespace).map_or(0, |space| space + 1);
    let ends = text[end..].find(char::is_whitespace).map_or(text.len(), |space| end + space);
    let around = &text[begins..ends];
    !one_word(text[..at].chars().next_back(), name.chars().next())
        && !one_word(text[end..].chars().next(), name.chars().next_back())
        && !around.contains("://")
        && !around.contains('@')
        && !around.contains("www.")
}

fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + text.len() / 8);
    for mark in text.chars() {
        match mark {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            mark => safe.push(mark),
        }
    }
    safe
}
