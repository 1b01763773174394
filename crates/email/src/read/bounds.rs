//! What a letter may have before anybody takes it apart. The parser has no limits of its own: it keeps every head it finds, many times
//! over, and takes letters inside letters down one within the other, as deep as they are, on a stack that ends.
//!
//! Here lines are counted, in one pass; what is over is left out of what is read. The letter itself is kept whole elsewhere.

use std::borrow::Cow;

/// Lines of one head, and its octets: five times what mail servers allow.
const LINES: usize = 2_000;
const HEAD: usize = 512 * 1024;
/// Octets of all heads together.
const HEADS: usize = 2 * 1024 * 1024;
/// Parts, with those of letters inside.
const PARTS: usize = 1_000;
/// Letters inside letters.
const NESTED: usize = 50;
/// Different edges of parts. Whoever has more has every line that could be one taken for one.
const EDGES: usize = 64;

/// A letter as it may be taken apart.
pub(super) struct Bounded<'a> {
    /// Its bytes, or those that are read of it.
    pub raw: Cow<'a, [u8]>,
    /// Something was left out.
    pub cut: bool,
}

/// See the module.
pub(super) fn bounded(raw: &[u8]) -> Bounded<'_> {
    let mut kept: Option<Vec<u8>> = None;
    let mut head = Some(Head::default());
    let (mut edges, mut loose): (Vec<Vec<u8>>, bool) = (Vec::new(), false);
    let (mut parts, mut nested, mut octets, mut digest) = (0, 0, 0, false);
    let mut start = 0;
    while start < raw.len() {
        let end = raw[start..].iter().position(|byte| *byte == b'\n').map_or(raw.len(), |at| start + at + 1);
        let line = &raw[start..end];
        let edge = line.starts_with(b"--") && (loose || edges.iter().any(|edge| line[2..].starts_with(edge)));
        let mut keep = true;
        if edge {
            parts += 1;
            head = Some(Head::default());
        } else if let Some(open) = &mut head {
            if line.trim_ascii().is_empty() {
                // A letter inside has a head of its own, right below.
                let inside = open.letter || digest && !open.typed;
                nested += usize::from(inside);
                parts += usize::from(inside);
                head = inside.then(Head::default);
            } else {
                // One line that does not fit is no reason to leave out those below it.
                keep = open.lines < LINES && open.octets + line.len() <= HEAD && octets + line.len() <= HEADS;
                if keep {
                    (open.lines, open.octets, octets) = (open.lines + 1, open.octets + line.len(), octets + line.len());
                    open.reads(line);
                }
                if keep && open.kind {
                    match edge_in(line) {
                        Some(Some(_)) if edges.len() >= EDGES => loose = true,
                        Some(Some(edge)) => edges.push(edge),
                        Some(None) => loose = true,
                        None => {}
                    }
                    if contains(line, b"multipart/digest") {
                        (digest, nested) = (true, nested + 1);
                    }
                }
            }
        }
        if parts > PARTS || nested > NESTED {
            let whole = kept.unwrap_or_else(|| raw[..start].to_vec());
            return Bounded { raw: Cow::Owned(whole), cut: true };
        }
        match (&mut kept, keep) {
            (Some(kept), true) => kept.extend_from_slice(line),
            (None, false) => kept = Some(raw[..start].to_vec()),
            _ => {}
        }
        start = end;
    }
    let cut = kept.is_some();
    Bounded { raw: kept.map_or(Cow::Borrowed(raw), Cow::Owned), cut }
}

/// A head that is open.
#[derive(Default)]
struct Head {
    lines: usize,
    octets: usize,
    /// What follows is a letter.
    letter: bool,
    /// It says what follows. In a digest that is a letter where nobody says.
    typed: bool,
    /// The field that the line belongs to says what kind of thing follows.
    kind: bool,
}

impl Head {
    fn reads(&mut self, line: &[u8]) {
        if !line.starts_with(b" ") && !line.starts_with(b"\t") {
            self.kind = line.get(..12).is_some_and(|name| name.eq_ignore_ascii_case(b"content-type"));
        }
        self.typed |= self.kind;
        self.letter |= self.kind && contains(line, b"message");
    }
}

/// The edge that a line of a head names: `Some(None)` where it names one in a way that is not read here.
fn edge_in(line: &[u8]) -> Option<Option<Vec<u8>>> {
    let at = position(line, b"boundary")?;
    let rest = line[at + 8..].trim_ascii_start();
    let Some(value) = rest.strip_prefix(b"=") else { return Some(None) };
    let value = value.trim_ascii_start();
    let value = match value.strip_prefix(b"\"") {
        Some(quoted) => quoted.split(|byte| *byte == b'"').next(),
        None => value.split(|byte| byte.is_ascii_whitespace() || *byte == b';').next(),
    };
    let edge = value.unwrap_or_default().trim_ascii();
    Some((!edge.is_empty() && !edge.contains(&b'\\')).then(|| edge.to_vec()))
}

fn contains(line: &[u8], word: &[u8]) -> bool {
    position(line, word).is_some()
}

fn position(line: &[u8], word: &[u8]) -> Option<usize> {
    line.windows(word.len()).position(|window| window.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(raw: &[u8]) -> usize {
        let bounded = bounded(raw);
        assert_eq!(bounded.cut, bounded.raw.len() < raw.len());
        bounded.raw.len()
    }

    #[test]
    fn an_ordinary_letter_is_left_as_it_is() {
        let plain = b"From: a@b.example\r\nSubject: x\r\n\r\n-- \r\n--- not an edge\r\nboundary=x\r\n--x\r\n".repeat(3);
        assert_eq!(left(&plain), plain.len());
        let mut parts = b"Content-Type: multipart/mixed;\r\n boundary=\"a b\"\r\n\r\n".to_vec();
        for _ in 0..900 {
            parts.extend(b"--a b\r\nContent-Type: text/plain\r\n\r\nx\r\n");
        }
        assert_eq!(left(&parts), parts.len());
        assert_eq!(left(b""), 0);
        assert!(matches!(bounded(&plain).raw, Cow::Borrowed(_)), "nothing is copied");
    }

    #[test]
    fn what_is_over_is_left_out_and_what_comes_after_a_long_head_is_read() {
        let head = [&b"From: a@b.example\r\n"[..], &b"X-A: b\r\n".repeat(50_000), b"Subject: far below\r\n\r\nhola\r\n"].concat();
        let read = bounded(&head);
        assert!(read.cut && read.raw.len() < 20_000 && read.raw.ends_with(b"\r\n\r\nhola\r\n"));
        let one = [&b"Subject: "[..], &b"=?utf-8?q?a?=\r\n ".repeat(1_000_000), b"\r\nTo: x\r\n\r\nhola\r\n"].concat();
        assert!(left(&one) < 2 * HEAD && bounded(&one).raw.ends_with(b"\r\n\r\nhola\r\n"));
        let heads = b"--e\r\nX-A: b\r\nX-A: b\r\nX-A: b\r\n\r\nx\r\n";
        let parts = [&b"Content-Type: multipart/mixed; boundary=e\r\n\r\n"[..], &heads.repeat(5_000)].concat();
        assert!(left(&parts) < 1_010 * heads.len());
        // Edges that are named in a way of their own are edges all the same.
        for name in ["boundary*0=e", "boundary =  e", "BOUNDARY=\"e\"", "boundary=\"e\\\\x\""] {
            let head = format!("Content-Type: multipart/mixed; {name}\r\n\r\n");
            assert!(left(&[head.as_bytes(), &heads.repeat(5_000)].concat()) < 1_010 * heads.len(), "{name}");
        }
        let many: Vec<u8> =
            (0..20_000).flat_map(|at| format!("Content-Type: multipart/mixed; boundary=e{at}\r\n\r\n--e{at}\r\n").into_bytes()).collect();
        assert!(left(&many) < 100_000);
    }

    #[test]
    fn letters_inside_letters_end_somewhere() {
        for inside in
            ["Content-Type: message/rfc822\r\n\r\n", "content-type:\r\n Message/RFC822\r\n\r\n", "Content-Type: message/global; x=y\n\n"]
        {
            let raw = inside.repeat(100_000);
            assert!(left(raw.as_bytes()) <= (NESTED + 1) * inside.len(), "{inside}");
        }
        let digest: Vec<u8> = (0..5_000)
            .flat_map(|at| format!("Content-Type: multipart/digest; boundary=d{at}\r\n\r\n--d{at}\r\n\r\n").into_bytes())
            .collect();
        assert!(left(&digest) < 5_000);
    }
}
