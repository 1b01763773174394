//! What must hold of any bytes that come as a letter: something is read, never nothing where words were, of a size that a page and a
//! database take; and nobody's address opens a token that we did not make.

use domain::letter::{Letters, Ours, TokenRead};
use email::{MailWords, Post};
use std::sync::OnceLock;

/// Text kept of a letter, in bytes, with room for what Unicode's composition adds.
const MOST: usize = 600_000;

fn post() -> &'static Post {
    static POST: OnceLock<Post> = OnceLock::new();
    let list = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    POST.get_or_init(|| {
        let words = MailWords {
            attribution: list(&["wrote", "escribió", "كتب", "写道"]),
            sent_from: list(&["Sent from my", "Enviado desde mi"]),
            automatic: list(&["Automatic reply", "Respuesta automática"]),
            separators: list(&["Original Message", "From:", "Sent:", "De:", "Enviado:"]),
            markers: list(&["Write your answer above this line"]),
            ..MailWords::default()
        };
        Post::new(vec![(1, b"a key that no input holds".to_vec())], words)
    })
}

/// Takes an input for a letter, and for the local part of an address.
pub fn holds(bytes: &[u8]) {
    for text in [None, Some("We learn to tell time this week, please practise.")] {
        let ours = text.map(|text| Ours { text, from: "school@mail.example" });
        let read = post().read(bytes, ours);
        let again = post().read(bytes, ours);
        assert_eq!(
            (read.text.reveal(), read.elided.reveal()),
            (again.text.reveal(), again.elided.reveal()),
            "read twice, it says two things"
        );
        for (words, what) in [(read.text.reveal(), "the text"), (read.elided.reveal(), "what was trimmed"), (&read.subject, "the subject")]
        {
            assert!(!words.contains('\0'), "{what} with NUL, which no database takes");
            assert!(words.len() <= MOST, "{} octets of {what}", words.len());
        }
        for (words, what) in [(read.from.reveal(), "the sender"), (read.message_id.as_deref().unwrap_or_default(), "the id")] {
            assert!(!words.contains('\0'), "{what} with NUL, which no database takes");
            assert!(words.chars().count() <= 1000, "{what} of {} characters, which no index takes", words.chars().count());
        }
        for name in &read.answers {
            assert!(!name.contains('\0') && name.chars().count() <= 1000, "an id it answers, of {} characters", name.chars().count());
        }
        if let Some(bounce) = &read.bounce {
            for words in [bounce.recipient.reveal(), &bounce.status] {
                assert!(!words.contains('\0') && words.chars().count() <= 1000, "a report's words of {} characters", words.chars().count());
            }
        }
        assert!(
            read.attachments.len() <= 50 && read.attachments.iter().all(|(name, _)| !name.contains('\0') && name.chars().count() <= 500)
        );
        assert!((0.0..=1.0).contains(&read.confidence));
        assert!(!read.text.reveal().is_empty() || read.elided.reveal().trim().is_empty(), "all that was written is trimmed");
    }
    let address = String::from_utf8_lossy(bytes);
    let local = address.lines().next().unwrap_or_default();
    assert!(matches!(post().token(local), TokenRead::Absent | TokenRead::Forged), "an address that nobody made opens");
}
