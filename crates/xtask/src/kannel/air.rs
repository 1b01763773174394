//! What fakesmsc writes of a text, read as a phone would: its coding, its parts, its words. Knows nothing of Homeword.

use anyhow::{Context, bail, ensure};
use std::collections::HashMap;

/// GSM 7-bit, basic table and extension (3GPP TS 23.038 section 6.2.1), without its escape.
const BASIC: &str =
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const EXTENSION: &str = "\u{c}^{}\\[~]|€";

/// One line of fakesmsc: a text, or a part of one.
struct Piece {
    /// Reference, of how many, which.
    place: Option<[u8; 3]>,
    /// `text`, `data`, `ucs-2`; of a part always `data`.
    kind: String,
    bytes: Vec<u8>,
}

/// What one phone got.
#[derive(Default)]
pub(crate) struct Phone(Vec<Piece>);

/// A whole text.
pub(crate) struct Text {
    /// GSM 7-bit, or else UCS-2.
    pub(crate) gsm: bool,
    /// How many parts it came in.
    pub(crate) parts: usize,
    /// Its words.
    pub(crate) words: String,
}

impl Phone {
    /// The one text of a phone; two of them, or a part too few or too many, are a fault.
    pub(crate) fn text(&self) -> anyhow::Result<Text> {
        let first = self.0.first().context("nothing came")?;
        let Some([set, of, _]) = first.place else {
            ensure!(self.0.len() == 1, "{} texts came", self.0.len());
            let gsm = first.kind != "ucs-2";
            return Ok(Text { gsm, parts: 1, words: if gsm { String::from_utf8(first.bytes.clone())? } else { utf16(&first.bytes)? } });
        };
        let mut parts: Vec<Option<&[u8]>> = vec![None; of.into()];
        for piece in &self.0 {
            let Some([its, all, number]) = piece.place else { bail!("a text came beside the parts") };
            ensure!((its, all) == (set, of), "two texts in parts came");
            let slot = number.checked_sub(1).and_then(|index| parts.get_mut(usize::from(index))).context("a part without a place")?;
            ensure!(slot.replace(&piece.bytes).is_none(), "part {number} of {of} came twice");
        }
        let parts: Vec<&[u8]> = parts.into_iter().collect::<Option<_>>().context("a part is missing")?;
        let all = parts.concat();
        // Kannel hands over GSM 7-bit as UTF-8. UCS-2 of these languages is not UTF-8: its high bytes are zeros or half letters.
        let gsm = String::from_utf8(all.clone()).ok().filter(|words| !words.contains('\0') && septets(words).is_some());
        let words = match &gsm {
            Some(words) => words.clone(),
            None => utf16(&all)?,
        };
        let fits = |part: &&[u8]| match &gsm {
            Some(_) => std::str::from_utf8(part).ok().and_then(septets).is_some_and(|septets| septets <= 153),
            None => part.len() <= 134,
        };
        ensure!(parts.iter().all(fits), "a part is longer than a phone takes");
        Ok(Text { gsm: gsm.is_some(), parts: parts.len(), words })
    }
}

/// Everything in fakesmsc's log, by the number it went to. `from` is what each text begins with, its sender.
pub(crate) fn heard(log: &str, from: &str) -> anyhow::Result<HashMap<String, Phone>> {
    let mut texts: Vec<String> = Vec::new();
    for line in log.lines() {
        let Some((_, rest)) = line.split_once("Got message ") else { continue };
        let said = rest.split_once(": <").and_then(|(_, said)| said.strip_suffix('>')).with_context(|| format!("fakesmsc: {line}"))?;
        match texts.last_mut() {
            // It takes the second line of a text for another text.
            Some(last) if !said.starts_with(&format!("{from} ")) => *last = format!("{last}\n{said}"),
            _ => texts.push(said.to_owned()),
        }
    }
    let mut phones: HashMap<String, Phone> = HashMap::new();
    for said in &texts {
        let (to, piece) = piece(said).with_context(|| format!("fakesmsc: {said}"))?;
        phones.entry(to).or_default().0.push(piece);
    }
    Ok(phones)
}

/// `sender receiver text words`, `… ucs-2 coded`, `… udh coded data coded`.
fn piece(said: &str) -> Option<(String, Piece)> {
    let mut words = said.splitn(4, ' ');
    let (_, to, kind, rest) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let piece = match kind {
        "text" => Piece { place: None, kind: kind.into(), bytes: rest.as_bytes().to_vec() },
        "data" | "ucs-2" => Piece { place: None, kind: kind.into(), bytes: decoded(rest)? },
        "udh" => {
            let (header, rest) = rest.split_once(' ')?;
            let (kind, coded) = rest.split_once(' ')?;
            // Concatenation with a reference of eight bits (3GPP TS 23.040 section 9.2.3.24.1).
            let [5, 0, 3, set, of, number] = decoded(header)?[..] else { return None };
            Piece { place: Some([set, of, number]), kind: kind.into(), bytes: decoded(coded)? }
        }
        _ => return None,
    };
    Some((to.to_owned(), piece))
}

/// How many places a text takes in GSM 7-bit; none where a letter is not in it.
pub(crate) fn septets(words: &str) -> Option<usize> {
    let places = |letter| if BASIC.contains(letter) { Some(1) } else { EXTENSION.contains(letter).then_some(2) };
    words.chars().map(places).sum()
}

/// UTF-16 with a percent sign before every byte, as fakesmsc wants it.
pub(crate) fn encoded(words: &str) -> String {
    words.encode_utf16().flat_map(u16::to_be_bytes).map(|byte| format!("%{byte:02X}")).collect()
}

fn utf16(bytes: &[u8]) -> anyhow::Result<String> {
    ensure!(bytes.len().is_multiple_of(2), "half a letter of UCS-2");
    let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
    String::from_utf16(&units).context("not UTF-16")
}

/// Percent signs and plus signs undone.
fn decoded(coded: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut rest) = (Vec::new(), coded.as_bytes());
    while let [first, after @ ..] = rest {
        rest = after;
        bytes.push(match first {
            b'+' => b' ',
            b'%' => {
                let (digits, after) = rest.split_at_checked(2)?;
                rest = after;
                u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?
            }
            other => *other,
        });
    }
    Some(bytes)
}
