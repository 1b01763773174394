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
    for block in &draft.blocks {
        let style = if block.quiet { format!(" style=\"{QUIET}\"") } else { String::new() };
        let _ = write!(all, "<div{}{style}>", self::place(&block.language, block.right_to_left));
        if !block.heading.is_empty() {
            let _ = write!(all, "<h2 style=\"font-size:15px\">{}</h2>", escape(&block.heading));
        }
        for paragraph in block.text.split('\n').filter(|paragraph| !paragraph.trim().is_empty()) {
            let words = parted(&escape(paragraph), &draft.names, |all, name| _ = write!(all, "<bdi>{name}</bdi>"));
            let _ = write!(all, "<p>{words}</p>");
        }
        all.push_str("</div>");
    }
    for (words, digit) in &draft.answers {
        let _ = write!(
            all,
            "<table role=\"presentation\"{place} style=\"margin:0 0 12px\"><tr><td style=\"border:2px solid #0b4f6c;padding:12px 16px\"><a href=\"mailto:{}?subject=Re%3A&amp;body={digit}\" style=\"color:#0b4f6c\">{digit} {}</a></td></tr></table>",
            escape(&draft.reply_to),
            escape(words)
        );
    }
    all.push_str("</div></body></html>");
    all
}

fn place(language: &str, right_to_left: bool) -> String {
    format!(" lang=\"{}\" dir=\"{}\"", escape(language), if right_to_left { "rtl" } else { "ltr" })
}

/// A text with each of the names in it put down by `put`; where one name holds another, the longer one.
pub(super) fn parted(text: &str, names: &[String], put: impl Fn(&mut String, &str)) -> String {
    let mut all = String::with_capacity(text.len() + 16);
    let mut rest = text;
    loop {
        let next = names.iter().filter(|name| !name.is_empty()).filter_map(|name| Some((rest.find(name.as_str())?, name)));
        let Some((at, name)) = next.min_by_key(|(at, name)| (*at, usize::MAX - name.len())) else { break };
        all.push_str(&rest[..at]);
        put(&mut all, name);
        rest = &rest[at + name.len()..];
    }
    all.push_str(rest);
    all
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
