//! Whether the school's own mail server found a letter to be from whom it says (RFC 8601). Only that server's word counts: anybody
//! can write such a header, and a server takes out those that carry its name before it puts in its own, on top.

use super::headers;
use domain::letter::Authentication;
use mail_parser::Message;

/// As much of a header is read, in bytes.
const MOST: usize = 8_000;

/// What the server called `judge` found out about a letter from `from`.
pub(super) fn authentication(message: &Message<'_>, from: &str, judge: &str) -> Authentication {
    if judge.is_empty() {
        return Authentication::Unknown;
    }
    headers(message, "Authentication-Results").find_map(|raw| results(&String::from_utf8_lossy(&raw[..raw.len().min(MOST)]), judge)).map_or(
        Authentication::Unknown,
        |results| {
            match judged(&results, from) {
                // Of two writers nobody knows which one was looked at.
                Authentication::Pass if headers(message, "From").count() != 1 => Authentication::Unknown,
                judged => judged,
            }
        },
    )
}

/// One method with its result and its properties, in lower case.
struct Found {
    method: String,
    result: String,
    properties: Vec<(String, String)>,
}

/// The results of a header, where it is the judge's.
fn results(raw: &str, judge: &str) -> Option<Vec<Found>> {
    let plain = without_comments(raw);
    let mut parts = plain.split(';').map(|part| part.split_whitespace().collect::<Vec<_>>());
    let named = parts.next()?.first().is_some_and(|name| name.eq_ignore_ascii_case(judge));
    named.then(|| parts.filter_map(|words| found(&words)).collect())
}

fn found(words: &[&str]) -> Option<Found> {
    let pair = |word: &str| word.split_once('=').map(|(name, value)| (name.to_lowercase(), value.trim_matches('"').to_lowercase()));
    let (method, result) = pair(words.first()?)?;
    // "dkim/1": a method may say its version.
    let method = method.split('/').next().unwrap_or_default().to_owned();
    Some(Found { method, result, properties: words[1..].iter().filter_map(|word| pair(word)).collect() })
}

/// Comments may stand anywhere and in one another; a quoted word is no comment. What is unfolded is joined.
fn without_comments(raw: &str) -> String {
    let (mut plain, mut depth, mut quoted, mut escaped) = (String::new(), 0usize, false, false);
    for mark in raw.chars() {
        match mark {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' if depth == 0 => {
                quoted = !quoted;
                plain.push(mark);
            }
            '(' if !quoted => depth += 1,
            ')' if !quoted && depth > 0 => depth -= 1,
            // Nothing in a quoted word parts it.
            ';' if quoted => {}
            _ if quoted && mark.is_whitespace() => {}
            _ if depth == 0 => plain.push(mark),
            _ => {}
        }
    }
    // "dkim = pass" is "dkim=pass".
    let (mut tight, mut behind) = (String::new(), false);
    for mark in plain.chars().filter(|mark| *mark != '\r') {
        match mark {
            '=' => {
                tight.truncate(tight.trim_end().len());
                behind = true;
            }
            _ if mark.is_whitespace() && behind => continue,
            _ => behind = false,
        }
        tight.push(mark);
    }
    tight
}

/// DMARC's word is the last; without one, a signature or an envelope of the writer's own domain.
fn judged(results: &[Found], from: &str) -> Authentication {
    let of = |method: &'static str| results.iter().filter(move |found| found.method == method);
    let domain = from.rsplit_once('@').map_or("", |(_, domain)| domain);
    let aligned = |found: &Found, name: &str| {
        let property = found.properties.iter().find(|(known, _)| known == name);
        property.is_some_and(|(_, value)| related(value.rsplit('@').next().unwrap_or_default(), domain))
    };
    match of("dmarc").next().map(|found| (found.result.as_str(), found)) {
        // About the writer that we read, and no other.
        Some(("pass", found)) if aligned(found, "header.from") => return Authentication::Pass,
        Some(("pass", _)) => return Authentication::Unknown,
        Some(("fail", _)) => return Authentication::Fail,
        _ => {}
    }
    let signed = of("dkim").any(|found| found.result == "pass" && (aligned(found, "header.d") || aligned(found, "header.i")));
    let sent = of("spf").any(|found| found.result == "pass" && aligned(found, "smtp.mailfrom"));
    if signed || sent { Authentication::Pass } else { Authentication::Unknown }
}

/// The same domain, or one within the other; a bare "com" is nobody's.
fn related(one: &str, other: &str) -> bool {
    let within = |outer: &str, inner: &str| {
        outer.contains('.') && inner.strip_suffix(outer).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    within(one, other) || within(other, one)
}

#[cfg(test)]
mod tests {
    use super::*;
    use mail_parser::MessageParser;

    fn judged_by(judge: &str, from: &str, headers: &str) -> Authentication {
        let raw = format!("{}From: <{from}>\r\nSubject: x\r\n\r\nhello\r\n", headers.replace('\n', "\r\n"));
        authentication(&MessageParser::default().parse(raw.as_bytes()).expect("a letter"), from, judge)
    }

    /// RFC 8601, appendix B: its examples, each with its own server and writer.
    #[test]
    fn the_examples_of_the_rfc_are_read() {
        use Authentication::{Pass, Unknown};
        let examples = [
            ("example.org", "sender@example.com", "Authentication-Results: example.org 1; none\n", Unknown),
            (
                "example.com",
                "sender@example.net",
                "Authentication-Results: example.com;\n          spf=pass smtp.mailfrom=example.net\n",
                Pass,
            ),
            (
                "example.com",
                "sender@example.com",
                "Authentication-Results: example.com;\n          auth=pass (cleartext) smtp.auth=sender@example.net;\n          spf=pass smtp.mailfrom=example.net\n",
                Unknown,
            ),
            (
                "example.com",
                "sender@example.com",
                "Authentication-Results: example.com;\n          dkim=pass (good signature) header.d=example.com\n",
                Pass,
            ),
            (
                "example.com",
                "sender@example.net",
                "Authentication-Results: example.com;\n      dkim=pass reason=\"good signature\"\n        header.i=@mail-router.example.net;\n      dkim=fail reason=\"bad signature\"\n        header.i=@newyork.example.com\n",
                Pass,
            ),
            (
                "foo.example.net",
                "sender@example.com",
                "Authentication-Results: foo.example.net (foobar) 1 (baz);\n    dkim (Because I like it) / 1 (One yay) = (wait for it) fail\n      policy (A dot can go here) . (like that) expired\n      (this surprised me) = (as I wasn't expecting it) 1362471462\n",
                Unknown,
            ),
        ];
        for (judge, from, headers, wanted) in examples {
            assert_eq!(judged_by(judge, from, headers), wanted, "{headers}");
        }
    }

    #[test]
    fn only_the_schools_own_server_is_believed_and_its_topmost_word() {
        use Authentication::{Fail, Pass, Unknown};
        let pass = |name: &str| format!("Authentication-Results: {name}; dmarc=pass header.from=a.example\n");
        let fail = |name: &str| {
            format!("Authentication-Results: {name}; spf=pass smtp.mailfrom=a.example; dmarc=fail (p=none) header.from=a.example\n")
        };
        let from = "rosa@a.example";
        assert_eq!(judged_by("mx.school", from, &(fail("mx.school") + &pass("mx.school"))), Fail, "the lower one came with the letter");
        assert_eq!(judged_by("mx.school", from, &(pass("evil.example") + &fail("MX.School"))), Fail);
        assert_eq!(judged_by("mx.school", from, &pass("mx.school.evil.example")), Unknown);
        assert_eq!(judged_by("mx.school", from, &pass("\"x; mx.school\"")), Unknown);
        assert_eq!(judged_by("", from, &pass("")), Unknown);
        assert_eq!(judged_by("mx.school", from, ""), Unknown);
        assert_eq!(judged_by("mx.school", from, &pass("mx.school")), Pass);
        let spf = "Authentication-Results: mx.school; spf=pass smtp.mailfrom=bounce@";
        assert_eq!(judged_by("mx.school", from, &format!("{spf}lists.a.example\n")), Pass, "a domain within");
        assert_eq!(judged_by("mx.school", from, &format!("{spf}nota.example\n")), Unknown);
        assert_eq!(judged_by("mx.school", from, &format!("{spf}example\n")), Unknown);
        let other = "Authentication-Results: mx.school; dmarc=pass header.from=evil.example\n";
        assert_eq!(judged_by("mx.school", from, other), Unknown, "about another writer");
        assert_eq!(judged_by("mx.school", from, &(pass("mx.school") + "From: x@a.example\n")), Unknown, "two writers");
        let quoted = "Authentication-Results: mx.school; spf=pass smtp.mailfrom=\"rosa@a.example b\"@evil.example\n";
        assert_eq!(judged_by("mx.school", from, quoted), Unknown);
        assert_eq!(judged_by("mx.school", from, "Authentication-Results: mx.school; dkim=pass; (((; = \"\n"), Unknown);
    }
}
