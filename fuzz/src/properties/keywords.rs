//! What must hold of any text that is held against the word lists: nothing is too odd to be read, what means STOP means it in every
//! home language and in any dress, and a sentence is never a command.

use localization::{Keyword, Keywords, Languages, fold, language_of};

/// Takes an input for what a family wrote.
pub fn holds(bytes: &[u8]) {
    // Ten parts of a text; nobody writes more.
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(1500)]);
    let words = Keywords::shipped();
    let folded = fold(&text);
    assert!(!folded.starts_with(' ') && !folded.ends_with(' ') && !folded.contains("  "), "folded, spaces are left over");
    let homes = ["en", "es", "ar", "zh-Hans", "vi", "ht", "xx"];
    let everywhere = words.recognise(&text, "en", false);
    for home in homes {
        let said = words.recognise(&text, home, false);
        for one in [Keyword::Stop, Keyword::Start] {
            assert_eq!(said == Some(one), everywhere == Some(one), "{one:?} depends on the home language {home}");
        }
        let stopped = words.recognise(&text, home, true);
        assert!(said != Some(Keyword::Stop) || stopped == said, "STOP of one who has stopped is another word in {home}");
        assert!(said.is_none() || folded.chars().count() <= 40, "a long text is a command in {home}");
        let dressed = format!("\u{200f} {text} .\n");
        assert_eq!(words.recognise(&dressed, home, false), said, "spaces, a full stop and a mark of direction make another word in {home}");
        if said == Some(Keyword::Stop) {
            let risks = words.risks(&text, &[home]);
            assert!(risks.is_empty() || !folded.is_empty(), "a risk in nothing");
        }
        let asked = words.perhaps_stop(&text, home);
        assert!(!asked || folded.chars().count() <= 120 || folded == fold(&folded), "a long text is asked about in {home}");
        let tag = language_of(&text, home, &["en", "es"]);
        assert!(Languages::shipped().get(&tag).is_some() || tag == home, "{tag} is no language");
        let _ = words.yes_no(&text, home);
    }
    if let Some((digit, rest)) = words.digit(&text) {
        assert!(digit <= 9, "{digit} is no digit");
        assert!(rest.trim() == rest, "what follows a digit begins or ends with a space");
    }
}
