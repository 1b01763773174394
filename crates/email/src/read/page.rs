//! A letter that is a page: its lines as a person sees them, and where a mail program put the letter it quotes. One walk over the
//! page's tags, without a tree, so that no page is too deep. Must never load, follow or keep anything a page points to.

use html5gum::{DefaultEmitter, Token, Tokenizer};

/// Marks of what a program quotes, as Gmail, Outlook, Yahoo, Apple Mail, Mail.ru, Proton, Zoho and Thunderbird set them: in the name of
/// a class or an id, or as part of one where the program puts a number around it.
const QUOTES: &[&str] = &[
    "gmail_quote",
    "gmail_extra",
    "yahoo_quoted",
    "divrplyfwdmsg",
    "appendonsend",
    "mail-editor-reference-message-container",
    "ms-outlook-mobile-reference-message",
    "mail-app-auto-quote",
    "composewebview_previouse_content",
    "moz-cite-prefix",
    "protonmail_quote",
    "zmail_extra",
];
/// Marks of lines a program or a phone adds under what was written.
const SIGNATURES: &[&str] = &[
    "ms-outlook-mobile-signature",
    "composer_signature",
    "mail-app-auto-signature",
    "ymail_android_signature",
    "linebreakatbeginningofsignature",
];
/// The line Outlook's Word draws over the letter it quotes, without its spaces: today's and the older colour.
const RULES: &[&str] = &["border-top:solid#e1e1e1", "border-top:solid#b5c4df"];
/// Elements that begin and end a line.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "blockquote",
    "body",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "tr",
    "ul",
];
/// Elements whose words nobody sees.
const UNSEEN: &[&str] = &["script", "style", "title", "head", "template", "noscript"];
/// Elements that never hold anything.
const EMPTY: &[&str] = &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];
/// How far an end tag looks for its beginning: one that belongs to nothing must not cost the whole depth of the page.
const REACH: usize = 32;

/// Bytes of a page that are looked at: marks may be many times the words, but not without end.
const MOST_PAGE: usize = 2 * 1024 * 1024;
/// How deep a line's quotation is told, and how many lines a program may add: a page made to be long must not become longer.
const DEEPEST: usize = 8;
const MOST_SIGNED: usize = 20;

/// See the module.
#[derive(Default)]
pub(super) struct Page {
    /// Lines; those of quotations begin with `>`.
    pub lines: Vec<String>,
    /// The first line of what the program says it quotes.
    pub quote: Option<usize>,
    /// Lines the program added by itself.
    pub signature: Vec<usize>,
}

/// Reads a page; what is past so many bytes of text is left out.
pub(super) fn read(html: &str, most: usize) -> Page {
    let html = &html[..html.floor_char_boundary(MOST_PAGE)];
    let mut walk = Walk { flush: has_no_margins(html), ..Walk::default() };
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    for Ok(token) in Tokenizer::new_with_emitter(html, emitter) {
        match token {
            Token::StartTag(tag) => {
                let attribute = |name: &[u8]| {
                    let value = tag.attributes.iter().find(|(key, _)| key.as_slice() == name);
                    value.map(|(_, value)| String::from_utf8_lossy(value).to_lowercase()).unwrap_or_default()
                };
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                walk.begin(
                    name,
                    &Marks { class: attribute(b"class"), id: attribute(b"id"), style: attribute(b"style"), kind: attribute(b"type") },
                );
            }
            Token::EndTag(tag) => walk.end(&String::from_utf8_lossy(&tag.name)),
            Token::String(text) if walk.size < most => walk.say(&String::from_utf8_lossy(&text)),
            _ => {}
        }
    }
    walk.break_line();
    walk.page
}

/// Outlook on the web says for the whole page that paragraphs have no space between them.
fn has_no_margins(html: &str) -> bool {
    let start: String = html.chars().take(4_000).filter(|mark| !mark.is_whitespace()).flat_map(char::to_lowercase).collect();
    start.contains("p{margin-top:0;margin-bottom:0") || start.contains("p{margin:0")
}

/// What an element is known by.
struct Marks {
    class: String,
    id: String,
    style: String,
    kind: String,
}

impl Marks {
    fn has_any(&self, of: &[&str]) -> bool {
        of.iter().any(|mark| self.class.contains(mark) || self.id.contains(mark))
    }

    fn quotes(&self, name: &str) -> bool {
        let style: String = self.style.chars().filter(|mark| !mark.is_whitespace()).collect();
        self.has_any(QUOTES) || (name == "blockquote" && self.kind == "cite") || RULES.iter().any(|rule| style.contains(rule))
    }

    /// Whether a paragraph stands apart from the next by an empty line.
    fn stands_apart(&self) -> bool {
        !self.class.contains("mso") && !self.style.contains("margin")
    }
}

/// An element that is open.
struct Open {
    name: String,
    unseen: bool,
    signature: bool,
    apart: bool,
}

#[derive(Default)]
struct Walk {
    page: Page,
    open: Vec<Open>,
    line: String,
    /// Something visible stands in the line, be it a space that is kept.
    touched: bool,
    /// How many quotations, unseen elements and signatures are open.
    depth: usize,
    unseen: usize,
    signed: usize,
    flush: bool,
    /// A paragraph ended: an empty line goes before whatever comes next.
    apart: bool,
    size: usize,
}

impl Walk {
    fn begin(&mut self, name: String, marks: &Marks) {
        if BLOCKS.contains(&name.as_str()) {
            self.break_line();
        }
        let apart = name == "p" && !self.flush && marks.stands_apart();
        self.apart |= apart && !self.page.lines.is_empty();
        if marks.quotes(&name) {
            self.break_line();
            self.page.quote.get_or_insert(self.page.lines.len());
        }
        if name == "br" {
            // The phone's own line follows this one, and ends where the quotation begins.
            if marks.has_any(SIGNATURES) {
                self.signed += 1;
            }
            return self.push_line();
        }
        if EMPTY.contains(&name.as_str()) {
            return;
        }
        let open = Open { unseen: UNSEEN.contains(&name.as_str()), signature: marks.has_any(SIGNATURES), apart, name };
        self.depth += usize::from(open.name == "blockquote");
        self.unseen += usize::from(open.unseen);
        self.signed += usize::from(open.signature);
        self.open.push(open);
    }

    fn end(&mut self, name: &str) {
        if BLOCKS.contains(&name) {
            self.break_line();
        }
        let from = self.open.len().saturating_sub(REACH);
        let Some(at) = self.open[from..].iter().rposition(|open| open.name == name) else { return };
        for open in self.open.drain(from + at..) {
            self.depth -= usize::from(open.name == "blockquote");
            self.unseen -= usize::from(open.unseen);
            self.signed -= usize::from(open.signature);
            self.apart |= open.apart;
        }
    }

    fn say(&mut self, text: &str) {
        if self.unseen > 0 {
            return;
        }
        self.size += text.len();
        for mark in text.chars() {
            match mark {
                ' ' | '\t' | '\n' | '\r' | '\u{c}' => {
                    if self.touched && !self.line.ends_with(' ') {
                        self.line.push(' ');
                    }
                }
                '\u{feff}' | '\u{200b}' | '\u{ad}' => {}
                mark => {
                    if self.apart {
                        self.apart = false;
                        self.empty_line();
                    }
                    self.line.push(if mark == '\u{a0}' { ' ' } else { mark });
                    self.touched = true;
                }
            }
        }
    }

    /// Ends the line where there is one.
    fn break_line(&mut self) {
        if self.touched {
            self.push_line();
        }
        self.line.clear();
    }

    fn empty_line(&mut self) {
        if self.page.lines.last().is_some_and(|line| !line.trim_matches(['>', ' ']).is_empty()) {
            self.page.lines.push(">".repeat(self.depth.min(DEEPEST)));
        }
    }

    fn push_line(&mut self) {
        let quoted = ">".repeat(self.depth.min(DEEPEST));
        let line = self.line.trim_end();
        let line = if self.depth > 0 && !line.is_empty() { format!("{quoted} {line}") } else { format!("{quoted}{line}") };
        if self.signed > 0 && self.page.quote.is_none() && self.page.signature.len() < MOST_SIGNED {
            self.page.signature.push(self.page.lines.len());
        }
        self.page.lines.push(line);
        self.line.clear();
        self.touched = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_as_it_is_seen() {
        let cases = [
            ("<div>One</div><div><br></div><div>Two&nbsp;<br></div>", "One||Two"),
            ("<p>One</p><p>Two<br>Three</p>", "One||Two|Three"),
            ("<p class=MsoNormal>One</p><p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>Two</p>", "One||Two"),
            ("<style> P {margin-top:0;margin-bottom:0;} </style><p>One</p><p>Two</p>", "One|Two"),
            ("  One\n two <b>three</b><script>x('<div>')</script>", "One two three"),
            ("<blockquote><div>One</div><blockquote>Two</blockquote></blockquote>Three", "> One|>> Two|Three"),
            ("</div></p>One</blockquote><blockquote>Two", "One|> Two"),
            ("&lt;b&gt; &#x0645;", "<b> م"),
        ];
        for (html, seen) in cases {
            assert_eq!(read(html, 1000).lines.join("|"), seen, "{html}");
        }
    }

    #[test]
    fn a_page_of_any_depth_and_length_is_read_in_time() {
        let begun = std::time::Instant::now();
        for html in ["<div>".repeat(200_000), "</x>".repeat(200_000), format!("{}{}", "<b>".repeat(100_000), "</i>".repeat(100_000))] {
            assert!(read(&(html + "Thank you."), 1000).lines.concat().ends_with("Thank you."));
        }
        assert!(begun.elapsed() < std::time::Duration::from_secs(10), "{:?}", begun.elapsed());
    }
}
