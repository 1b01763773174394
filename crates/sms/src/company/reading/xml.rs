//! Words in the documents that answer a call. Must never know a company.

/// As the text or an attribute of XML; marks that XML cannot hold are spaces.
pub(in crate::company) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for mark in text.chars() {
        match mark {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            mark if mark.is_control() || matches!(mark, '\u{fffe}' | '\u{ffff}') => safe.push(' '),
            mark => safe.push(mark),
        }
    }
    safe
}
