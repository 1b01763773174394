//! What must hold of any text that is cut, brought into bytes and read back, and of any bytes that are read as a text.

use domain::carrier::{Capacity, Texts};
use sms::text::*;
use unicode_segmentation::UnicodeSegmentation;

/// Takes an input for a text, and for the bytes of one.
pub fn holds(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for width in [Width::Octet, Width::Word] {
        for shifts in [Shifts::None, Shifts::All, Shifts::Of(Language::Turkish)] {
            cut(&text, Link { width, shifts });
        }
    }
    alone(&text);
    let (found, measured) = (segments(&text), Codec.measure(&text, Capacity::default()));
    assert_eq!(usize::from(measured.segments), found.segments.min(usize::from(u16::MAX)), "what is said before is what is sent");
    assert_eq!((measured.units, measured.ucs2), (found.units, found.encoding == "ucs2"));
    any_bytes(bytes);
}

/// Parts are the text, each fits, no cluster is cut that could be whole, and each comes back from its bytes.
fn cut(text: &str, link: Link) {
    let split = split(text, link);
    let parts: Vec<&str> = split.parts().collect();
    assert_eq!(parts.concat(), *split.economy, "joined, the parts are the text");
    assert_eq!(&*split.economy, economy(text));
    assert_eq!(economy(&split.economy), *split.economy, "economy is done once");
    assert_eq!(parts.len(), split.segments() as usize, "counted as cut");
    let cost = |part: &str| part.chars().map(|mark| split.coding.cost(mark)).sum::<Option<u32>>();
    let most = if parts.len() == 1 { split.coding.single() } else { split.coding.part(link.width) };
    for part in &parts {
        assert!(cost(part).is_some_and(|cost| cost <= most), "{:?} of {most} units in a part", cost(part));
    }
    assert_eq!(cost(&split.economy), Some(split.units));
    let mut places: Vec<(usize, usize)> =
        parts.iter().scan(0, |at, part| Some((*at, std::mem::replace(at, *at + part.len()) + part.len()))).collect();
    places.pop();
    let mut clusters = split.economy.grapheme_indices(true).peekable();
    for (_, end) in places {
        while clusters.next_if(|(at, cluster)| at + cluster.len() <= end).is_some() {}
        let Some((at, cluster)) = clusters.peek() else { continue };
        assert!(*at >= end || cost(cluster) > Some(most), "a cluster of {} octets is cut", cluster.len());
    }
    let total = u8::try_from(parts.len()).ok().filter(|total| *total > 1);
    for (index, part) in parts.iter().enumerate().take(255) {
        let join = total.map(|total| Join { reference: 7, width: link.width, total, number: index as u8 + 1 });
        comes_back(part, split.coding, join);
    }
}

/// What is brought into bytes is read as it was.
fn comes_back(part: &str, coding: Coding, join: Option<Join>) {
    for packing in [Packing::Packed, Packing::Unpacked] {
        let data = coding.encode(part, join, packing).expect("the coding has every character");
        let (form, length) = match (coding, packing) {
            (Coding::Ucs2, _) => (Form::Ucs2, None),
            (_, Packing::Packed) => (Form::Packed, Some(data.length)),
            (_, Packing::Unpacked) => (Form::Unpacked, None),
        };
        assert!(join.is_none() || data.octets.len() <= 140 || packing == Packing::Unpacked, "{} octets in a message", data.octets.len());
        let read = read(&data.octets, form, data.header, length);
        assert_eq!(read.text, part, "read back");
        assert_eq!(read.join, join, "its place is read back");
    }
}

/// Parts that are messages of their own.
fn alone(text: &str) {
    let limit = Limit::default();
    let parts = numbered(text, limit);
    assert_eq!(parts.iter().map(|part| part.words.as_str()).collect::<String>(), economy(text), "joined, the words are the text");
    for part in &parts {
        let found = segments(&part.whole());
        let fits = if found.encoding == "ucs2" { found.units <= limit.units } else { found.units <= limit.septets };
        assert!(fits, "{} units of {} in a message of its own", found.units, found.encoding);
    }
}

/// Bytes of anybody are read, and a part's place is one that can be.
fn any_bytes(bytes: &[u8]) {
    for form in [Form::Packed, Form::Unpacked, Form::Ucs2] {
        for with_header in [false, true] {
            for length in [None, bytes.first().map(|first| usize::from(*first))] {
                let read = read(bytes, form, with_header, length);
                assert!(read.text.chars().count() <= bytes.len() * 8 / 7 + 1, "more is read than came");
                assert!(read.join.is_none_or(|join| (1..=join.total).contains(&join.number)));
            }
        }
    }
}
