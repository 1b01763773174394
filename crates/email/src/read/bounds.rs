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
            head = Some(Head::at(end - start + kept.as_ref().map_or(start, Vec::len)));
        } else if let Some(open) = &mut head {
            // Blanks alone go on with the field before; only where there is none do they end the head.
            if is_end(line) || open.lines == 0 && line.trim_ascii().is_empty() {
                let letter = open.letter || digest && !open.typed;
                if letter && open.coded {
                    // What is inside would be unpacked and taken apart unseen: it is a file like any other.
                    let kept = kept.get_or_insert_with(|| raw[..start].to_vec());
                    kept.truncate(open.at);
                    kept.extend_from_slice(b"Content-Type: application/octet-stream\r\n");
                }
                // A letter inside has a head of its own, right below.
                let inside = letter && !open.coded;
                nested += usize::from(inside);
                parts += usize::from(inside);
                head = inside.then(|| Head::at(end - start + kept.as_ref().map_or(start, Vec::len)));
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
                    if position(line, b"digest").is_some() {
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

/// The line that ends a head, whatever stands in it.
pub(super) fn is_end(line: &[u8]) -> bool {
    matches!(line, b"\r\n" | b"\n" | b"")
}

/// A head that is open.
#[derive(Default)]
struct Head {
    /// Where it begins in what is kept.
    at: usize,
    lines: usize,
    octets: usize,
    /// The field that the line belongs to says what follows.
    kind: bool,
    /// Or how that is packed.
    packing: bool,
    /// What follows is a letter.
    letter: bool,
    /// It is unpacked before it is read.
    coded: bool,
    /// It says what follows. In a digest that is a letter where nobody says.
    typed: bool,
}

impl Head {
    fn at(at: usize) -> Self {
        Self { at, ..Self::default() }
    }

    fn reads(&mut self, line: &[u8]) {
        // Blanks go on with the field before, or begin one where the parser found none.
        let goes_on = matches!(line.first(), Some(b' ' | b'\t'));
        let is = |name: &[u8]| named(line).eq(name.iter().copied());
        self.kind = self.kind && goes_on || is(b"content-type");
        self.packing = self.packing && goes_on || is(b"content-transfer-encoding");
        self.typed |= self.kind;
        self.coded |= self.packing && ["base64", "quoted-printable"].iter().any(|word| position(line, word.as_bytes()).is_some());
        let mut rest = line;
        // "message/rfc822" and its kin, also where a line or a remark ends in between.
        while let Some(at) = position(rest, b"message").filter(|_| self.kind) {
            rest = &rest[at + 7..];
            self.letter |= matches!(rest.trim_ascii_start().first(), None | Some(b'/' | b'('));
        }
    }
}

/// A field's name in lower case as the parser reads it, which forgives colons before it and blanks inside.
fn named(line: &[u8]) -> impl Iterator<Item = u8> {
    let name = line.iter().skip_while(|byte| byte.is_ascii_whitespace() || **byte == b':').take_while(|byte| **byte != b':');
    name.filter(|byte| !byte.is_ascii_whitespace()).map(u8::to_ascii_lowercase)
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

/// Where a word in lower case begins, in either case.
fn position(line: &[u8], word: &[u8]) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = line.get(from..)?.iter().position(|byte| byte | 0x20 == word[0]) {
        if line[from + at..].get(..word.len())?.eq_ignore_ascii_case(word) {
            return Some(from + at);
        }
        from += at + 1;
    }
    None
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
    fn what_other_fields_say_is_no_kind_of_letter() {
        let head = "From: a@b.example\r\nSubject: Re: your message\r\nX-Note: message/rfc822, digest, boundary\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n";
        let raw = [head.as_bytes(), &b"-----\r\n2YbYudmFLCDZhtmC2LHYoyDZhdi52Kc=\r\n".repeat(3_000)].concat();
        assert_eq!(left(&raw), raw.len());
        let raw = head.replace("Content-Type: text/plain; charset=utf-8\r\n", "") + &"eA==\r\n".repeat(3_000);
        assert_eq!(left(raw.as_bytes()), raw.len());
    }

    #[test]
    fn a_letter_that_is_packed_is_a_file() {
        let raw = b"From: a@b.example\r\nMessage-ID: <x@y>\r\nContent-Type: multipart/mixed; boundary=e\r\n\r\n--e\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\nWDogeQ==\r\n--e\r\n\r\nhola\r\n--e--\r\n";
        let read = bounded(raw);
        let text = String::from_utf8_lossy(&read.raw);
        assert!(
            read.cut && !text.contains("rfc822") && text.contains("--e\r\nContent-Type: application/octet-stream\r\n\r\nWDogeQ=="),
            "{text}"
        );
        assert!(text.starts_with("From: a@b.example") && text.ends_with("--e\r\n\r\nhola\r\n--e--\r\n"));
        let blanks = [&b"X: a\r\n \r\n"[..], &b"X: b\r\n".repeat(1_000_000)].concat();
        assert!(left(&blanks) < 20_000, "a line of blanks ends no head");
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
