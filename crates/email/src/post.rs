//! The port: composes, reads, and knows tokens.

use crate::read::wrote::{flat, is_field_name};
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
    /// Beginnings of subjects of reports that a letter did not arrive.
    pub undelivered: Vec<String>,
    /// Beginnings of subjects of reports that it is late.
    pub late: Vec<String>,
    /// What reports say of a box that is full or a letter that may go later.
    pub full: Vec<String>,
    /// What they say of an address that is not there.
    pub gone: Vec<String>,
    /// What they say of a letter that is refused for what it or its sender is thought to be.
    pub unwanted: Vec<String>,
    /// Lines between an answer and the letter under it; those that end in a colon are names of its fields, as Outlook prints them.
    pub separators: Vec<String>,
    /// Our own markers ("Write your answer above this line").
    pub markers: Vec<String>,
}

impl MailWords {
    /// As lines are compared with them, made once since every line of every letter is: in lower case, and of what stands between two
    /// letters and our markers the letters and digits alone.
    pub(crate) fn folded(mut self) -> Self {
        let lists = [&mut self.attribution, &mut self.sent_from, &mut self.automatic, &mut self.undelivered, &mut self.late];
        for word in lists.into_iter().chain([&mut self.full, &mut self.gone, &mut self.unwanted]).flatten() {
            *word = word.to_lowercase();
        }
        for word in &mut self.separators {
            *word = if is_field_name(word) { word.to_lowercase() } else { flat(word) };
        }
        self.markers.iter_mut().for_each(|marker| *marker = flat(marker));
        for list in [&mut self.separators, &mut self.markers] {
            list.retain(|word| !word.is_empty());
        }
        self
    }
}

/// See the module.
pub struct Post {
    tokens: Tokens,
    words: MailWords,
    judge: String,
    answers: Answers,
}

/// Where families answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Answers {
    /// At `reply+…@DOMAIN`.
    #[default]
    Plus,
    /// At `reply-…@SUBDOMAIN.DOMAIN`, for a mail host that takes any address there and knows no plus-addresses.
    Subdomain(String),
    /// At `OURS+r-…@DOMAIN`, for a school that has one mailbox and nothing else.
    Mailbox,
}

impl Post {
    /// With keys (id, secret; the first signs) and word tables.
    pub fn new(keys: Vec<(u8, Vec<u8>)>, words: MailWords) -> Self {
        Self { tokens: Tokens::new(keys), words: words.folded(), judge: String::new(), answers: Answers::Plus }
    }

    /// With the name by which the school's own mail server says whether a letter is from whom it says (RFC 8601's authserv-id).
    pub fn judged_by(self, judge: &str) -> Self {
        Self { judge: judge.to_owned(), ..self }
    }

    /// With answers elsewhere than at plus-addresses of the domain.
    pub fn answered_at(self, answers: Answers) -> Self {
        Self { answers, ..self }
    }

    /// What the addresses in a letter's head carry, where nobody says which of them it came to: a token of ours before a forged one.
    pub fn token_in(&self, raw: &[u8]) -> TokenRead {
        let found = crate::read::recipients(raw).into_iter().map(|to| self.tokens.read(to.split('@').next().unwrap_or_default()));
        found.fold(TokenRead::Absent, |best, next| match (best, next) {
            (TokenRead::Ok(_), _) | (TokenRead::Forged, TokenRead::Absent) => best,
            _ => next,
        })
    }
}

impl Letters for Post {
    fn compose(&self, draft: &LetterDraft) -> ComposedLetter {
        crate::compose::compose(draft)
    }
    fn read(&self, raw: &[u8], ours: Option<Ours<'_>>) -> IncomingLetter {
        crate::read::read_letter(raw, ours, &self.words, &self.judge)
    }
    fn attachment(&self, raw: &[u8], number: usize) -> Option<Vec<u8>> {
        crate::read::attachment(raw, number)
    }
    fn address(&self, token: Token, ours: &str) -> String {
        let (mailbox, domain) = ours.rsplit_once('@').unwrap_or(("", ours));
        match &self.answers {
            Answers::Plus => format!("{}@{domain}", self.tokens.local_part(token, '+')),
            Answers::Subdomain(subdomain) => format!("{}@{subdomain}.{domain}", self.tokens.local_part(token, '-')),
            // What comes to the mailbox itself finds its conversation by the letter it answers.
            Answers::Mailbox => self.tokens.beside(mailbox, token).map_or(ours.to_owned(), |local| format!("{local}@{domain}")),
        }
    }
    fn page_code(&self, link: PageLink) -> String {
        self.tokens.page_code(link)
    }
    fn page_link(&self, code: &str) -> Option<PageLink> {
        self.tokens.page_link(code)
    }
    fn knows_writers(&self) -> bool {
        !self.judge.is_empty()
    }

    fn token(&self, local_part: &str) -> TokenRead {
        self.tokens.read(local_part)
    }
}
