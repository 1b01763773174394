//! What must hold of any text that is split for an engine, and of any answer of one: nothing of the text is lost, what must survive
//! is seen, and the words kept for one text never come back with another's names or numbers.

use translation::{Passage, Piece, guard};

/// Takes an input for a text and an engine's answer, the first line and the rest.
pub fn holds(bytes: &[u8]) {
    let both = String::from_utf8_lossy(&bytes[..bytes.len().min(2000)]);
    let (source, target) = both.split_once('\n').unwrap_or((&both, &both));
    let names = [" Amina".trim().to_owned(), "ñ".to_owned(), "👍👍".to_owned()];
    let passage = Passage::of(source, &names);
    let joined: String = passage
        .pieces
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) | Piece::Slot(text) => text.as_str(),
        })
        .collect();
    assert_eq!(joined, source, "joined, the pieces are the text");
    let findings = guard(source, target, &passage);
    for slot in passage.slots() {
        assert!(target.contains(slot) || !findings.is_empty(), "a slot is gone, and nobody is told");
    }
}
