//! The port: composes, reads, and knows tokens.

use crate::token::Tokens;
use domain::letter::*;

/// Word tables of the shipped languages, handed in.
#[derive(Clone, Debug, Default)]
pub struct MailWords {
    /// "wrote", "escribió", "كتب": words of attribution lines.
    pub attribution: Vec<String>,
    /// "Sent from my iPhone" and the like, as line beginnings.
    pub sent_from: Vec<String>,
    /// Beginnings of subjects of automatic answers.
    pub automatic: Vec<String>,
    /// Lines between an answer and the letter under it; those that end in a colon are names of its fields, as Outlook prints them.
    pub separators: Vec<String>,
    /// Our own markers ("Write your answer above this line").
    pub markers: Vec<String>,
}

/// See the module.
pub struct Post {
    tokens: Tokens,
    words: MailWords,
}

impl Post {
    /// With keys (id, secret; the first signs) and word tables.
    pub fn new(keys: Vec<(u8, Vec<u8>)>, words: MailWords) -> Self {
        Self { tokens: Tokens::new(keys), words }
    }
}

impl Letters for Post {
    fn compose(&self, draft: &LetterDraft) -> ComposedLetter {
        crate::compose::compose(draft)
    }
    fn read(&self, raw: &[u8], ours: Option<&str>) -> IncomingLetter {
        crate::read::read_letter(raw, ours, &self.words)
    }
    fn local_part(&self, token: Token) -> String {
        self.tokens.local_part(token)
    }
    fn page_code(&self, link: PageLink) -> String {
        self.tokens.page_code(link)
    }
    fn page_link(&self, code: &str) -> Option<PageLink> {
        self.tokens.page_link(code)
    }
    fn token(&self, local_part: &str) -> TokenRead {
        self.tokens.read(local_part)
    }
}
