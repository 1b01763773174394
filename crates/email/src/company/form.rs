//! Forms as they were sent, byte by byte: a letter in a field is in whatever charset its writer's program chose, and what a general form
//! reader makes of it is another letter. Both forms are read only whole.
//!
//! Sources: WHATWG URL Standard, "application/x-www-form-urlencoded"; RFC 7578 and RFC 2046 section 5.1.1.

use domain::wire::{Refusal, WireCall};

/// Fields in their order.
pub(super) struct Form(Vec<(String, Vec<u8>)>);

/// More fields than any company sends.
const MOST: usize = 200;

impl Form {
    /// Of a call's body, whichever of the two it is.
    pub(super) fn of(call: &WireCall) -> Result<Self, Refusal> {
        let kind = call.header("content-type").unwrap_or_default();
        if call.body.is_empty() {
            return Err(Refusal::Garbled("no body"));
        }
        if kind.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded") {
            return Ok(Self::plain(&call.body));
        }
        if !kind.to_ascii_lowercase().starts_with("multipart/form-data") {
            return Err(Refusal::Garbled("no form"));
        }
        Self::parts(boundary(kind).ok_or(Refusal::Garbled("a form without its boundary"))?, &call.body)
    }

    fn plain(body: &[u8]) -> Self {
        let pairs = body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()).take(MOST);
        let field = |pair: &[u8]| {
            let end = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
            let name = unescaped(&pair[..end]);
            (String::from_utf8_lossy(&name).into_owned(), unescaped(pair.get(end + 1..).unwrap_or_default()))
        };
        Self(pairs.map(field).collect())
    }

    /// The closing line must be there: what was cut off on its way is not half a letter.
    fn parts(boundary: &str, body: &[u8]) -> Result<Self, Refusal> {
        let cut = Refusal::Garbled("the form breaks off");
        let (first, next) = (format!("--{boundary}"), format!("\r\n--{boundary}"));
        let mut rest = match body.strip_prefix(first.as_bytes()) {
            Some(rest) => rest,
            None => &body[find(body, next.as_bytes()).ok_or(cut.clone())? + next.len()..],
        };
        let mut fields = Vec::new();
        while !rest.starts_with(b"--") {
            let start = find(rest, b"\r\n\r\n").ok_or(cut.clone())?;
            let end = start + find(&rest[start..], next.as_bytes()).ok_or(cut.clone())?;
            let head = String::from_utf8_lossy(&rest[..start]).into_owned();
            // A field may be empty: then its end is where its content would begin.
            let content = rest.get(start + 4..end).unwrap_or_default();
            if let Some(name) = named(&head) {
                fields.push((name, content.to_vec()));
            }
            if fields.len() > MOST {
                return Err(Refusal::Garbled("too many fields"));
            }
            rest = &rest[end + next.len()..];
        }
        Ok(Self(fields))
    }

    /// The bytes of the only field of that name; `None` where there is none, or two: nobody knows which one is meant.
    pub(super) fn bytes(&self, name: &str) -> Option<&[u8]> {
        let mut all = self.0.iter().filter(|(field, _)| field == name);
        match (all.next(), all.next()) {
            (Some((_, value)), None) => Some(value),
            _ => None,
        }
    }

    /// The same as a word; empty where there is none.
    pub(super) fn text(&self, name: &str) -> String {
        self.bytes(name).map(|bytes| String::from_utf8_lossy(bytes).trim().to_owned()).unwrap_or_default()
    }

    /// Whether two fields have one name that counts once.
    pub(super) fn doubles(&self, name: &str) -> bool {
        self.0.iter().filter(|(field, _)| field == name).count() > 1
    }
}

fn boundary(kind: &str) -> Option<&str> {
    let found = kind.split(';').skip(1).find_map(|part| {
        let (name, value) = part.trim().split_once('=')?;
        name.eq_ignore_ascii_case("boundary").then(|| value.trim().trim_matches('"'))
    });
    found.filter(|found| (1..=70).contains(&found.len()))
}

fn named(head: &str) -> Option<String> {
    let line = head.split("\r\n").find(|line| line.to_ascii_lowercase().starts_with("content-disposition:"))?;
    let value = line.split(';').skip(1).find_map(|part| part.trim().strip_prefix("name="))?;
    Some(value.trim_matches('"').to_owned())
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    // Boundaries begin with a line end, which letters have few of for their length.
    let first = *what.first()?;
    let mut from = 0;
    while let Some(at) = bytes.get(from..)?.iter().position(|byte| *byte == first) {
        if bytes[from + at..].starts_with(what) {
            return Some(from + at);
        }
        from += at + 1;
    }
    None
}

fn unescaped(text: &[u8]) -> Vec<u8> {
    let spaced: Vec<u8> = text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    percent_encoding::percent_decode(&spaced).collect()
}

/// A form of several parts with fields and one file, and its content type.
pub(super) fn written(boundary: &str, fields: &[(&str, &str)], file: (&str, &[u8])) -> (String, Vec<u8>) {
    let mut body = Vec::with_capacity(file.1.len() + 1024);
    for (name, value) in fields {
        body.extend(format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    let head = "Content-Type: message/rfc822";
    body.extend(
        format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"letter.eml\"\r\n{head}\r\n\r\n", file.0).bytes(),
    );
    body.extend_from_slice(file.1);
    body.extend(format!("\r\n--{boundary}--\r\n").bytes());
    (format!("multipart/form-data; boundary={boundary}"), body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_whole_or_not_at_all() {
        let (kind, body) =
            written("edge", &[("to", "a@b.example"), ("empty", "")], ("message", b"From: x\r\n\r\n--edg is no edge\r\n\xff\r\n"));
        let call = |body: &[u8]| WireCall {
            method: "POST".into(),
            url: String::new(),
            headers: vec![("content-type".into(), kind.clone())],
            body: body.to_vec(),
        };
        let form = Form::of(&call(&body)).unwrap_or_else(|refusal| panic!("{refusal:?}"));
        assert_eq!((form.text("to"), form.bytes("empty")), ("a@b.example".into(), Some(&b""[..])));
        assert_eq!(form.bytes("message"), Some(&b"From: x\r\n\r\n--edg is no edge\r\n\xff\r\n"[..]));
        // Without the line end after the last edge it is whole.
        for cut in 0..body.len() - 2 {
            assert!(Form::of(&call(&body[..cut])).is_err(), "cut at {cut}");
        }
    }

    #[test]
    fn bytes_of_any_charset_come_out_of_a_plain_form_as_they_went_in() {
        let form = Form::plain(b"a=1+2%203&b=%C3%A1%FF&c&a%20b=x%2");
        assert_eq!((form.text("a"), form.bytes("b"), form.bytes("c")), ("1 2 3".into(), Some(&b"\xc3\xa1\xff"[..]), Some(&b""[..])));
        assert_eq!(form.text("a b"), "x%2");
    }
}
