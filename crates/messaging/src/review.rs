//! Review: a person reads, corrects, approves; approval feeds the memory. An essential text's author never approves it.

use crate::*;
use domain::conversation::HoldKind;
use domain::message::*;
use domain::rights::{Act, Actor};

/// A shipped phrase for its reviewer.
#[derive(Clone, Debug)]
pub struct PhraseRow {
    /// Key.
    pub key: String,
    /// For staff.
    pub label: String,
    /// Weight.
    pub weight: Weight,
    /// The English words, then plain form and subject, a line each.
    pub english: Vec<(&'static str, String)>,
    /// The same in the language.
    pub words: Vec<(&'static str, String)>,
    /// Who checked or approved it, in words.
    pub status: String,
    /// The district approved exactly these words.
    pub approved: bool,
}

/// An entry as written, without its id and Fluent's marks.
fn shown(source: &str) -> Vec<(&'static str, String)> {
    let line = |line: &str| {
        let (name, words) = line.split_once('=').unwrap_or(("", line));
        let what = match name.trim() {
            ".plain" => "If they answer “not clear”",
            ".subject" => "Email subject",
            _ => "Text",
        };
        (what, words.trim().replace("{ $", "[").replace(" }", "]"))
    };
    source.lines().map(line).collect()
}

impl Flows {
    /// One hold with what a reviewer needs: why, the rendition, the message and the source text.
    pub async fn hold(&self, actor: &Actor, hold: HoldId) -> Flow<(HoldKind, Rendition, Message, String)> {
        actor.may(&Act::Review)?;
        let (kind, rendition, message) = self.ports.outbound.hold(actor.district, hold).await?.ok_or(FlowFault::NotFound)?;
        let source = self.message_source(actor.district, &message).await?;
        Ok((kind, rendition, message, source))
    }

    /// Approves these exact words: they go, and are remembered.
    pub async fn approve(&self, actor: &Actor, hold: HoldId, words: &str) -> Flow<bool> {
        let (_, mut rendition, message, source) = self.hold(actor, hold).await?;
        let words = words.trim();
        if words.is_empty() {
            return Err(FlowFault::Invalid("Write the words first, or say that they cannot be written.".into()));
        }
        if message.author == actor.staff && message.weight == Weight::Essential {
            return Err(FlowFault::Invalid("You wrote this essential message: another reviewer approves it.".into()));
        }
        let outcome = if words == rendition.text { "approved" } else { "corrected" };
        let names = self.names_near(actor.district, &message).await?;
        let key = self.ports.passages.key(&message.language, &source, &names);
        let pattern =
            self.ports.passages.pattern(&message.language, &rendition.language, &source, words, &names).unwrap_or_else(|| words.to_owned());
        let memory =
            NewMemory { key, from: message.language.clone(), to: rendition.language.clone(), pattern, by: actor.staff, at: self.now() };
        let by = self.title(actor.district, actor.staff).await?.unwrap_or_default();
        rendition.text = words.to_owned();
        if matches!(message.audience, Audience::Thread { .. }) && rendition.channel == Channel::Sms {
            // An answer in a conversation begins with who writes, also when a reviewer wrote the words.
            let author = self.title(actor.district, message.author).await?.unwrap_or_default();
            if !author.is_empty() && !words.starts_with(&author) {
                rendition.text = format!("{author}: {words}");
            }
        }
        rendition.notice = String::new();
        rendition.from = WordsFrom::Person;
        rendition.source = by;
        rendition.state = RenditionState::Ready;
        let resolution = Resolution { hold, rendition, memory: Some(memory), outcome, keep_open: false };
        let audit = self.audit(actor.staff, "approved", format!("hold {hold}"));
        let done = self.ports.outbound.resolve(actor.district, &resolution, &audit).await?;
        self.ring(actor.district);
        Ok(done)
    }

    /// A reviewer is not sure: the hold stays for another, who sees that.
    pub async fn not_sure(&self, actor: &Actor, hold: HoldId, why: &str) -> Flow<bool> {
        self.hold(actor, hold).await?;
        let by = self.title(actor.district, actor.staff).await?.unwrap_or_default();
        let why = why.trim();
        let reason =
            if why.is_empty() { format!("{by} was not sure: another reader is needed.") } else { format!("{by} was not sure: {why}") };
        let audit = self.audit(actor.staff, "not-sure", format!("hold {hold}"));
        let done = self.ports.outbound.not_sure(actor.district, hold, &reason, &audit).await?;
        self.ring(actor.district);
        Ok(done)
    }

    /// Every shipped phrase in a language beside English, with its status in this district.
    pub async fn phrase_rows(&self, actor: &Actor, language: &str) -> Flow<Vec<PhraseRow>> {
        actor.may(&Act::Review)?;
        let approvals = self.ports.words.approvals(actor.district).await?;
        let staff_language = self.district(actor.district).await?.staff_language;
        let row = |card: PhraseCard| {
            let source = self.speech.phrase_source(language, &card.key)?;
            let approval = approvals.iter().find(|row| row.key == card.key && row.language == language);
            let status = match approval {
                Some(row) if row.text != source => format!("{} approved other words: a draft again", row.by),
                Some(row) if row.sample => format!("approved by {} (sample)", row.by),
                Some(row) => format!("approved by {}", row.by),
                None => self
                    .speech
                    .checked_by(language, &card.key)
                    .map_or_else(|| "draft: nobody has checked it".into(), |by| format!("checked by {by}")),
            };
            Some(PhraseRow {
                approved: approval.is_some_and(|row| row.text == source),
                english: shown(&self.speech.phrase_source(&staff_language, &card.key)?),
                words: shown(&source),
                key: card.key,
                label: card.label,
                weight: card.weight,
                status,
            })
        };
        Ok(self.speech.phrases().into_iter().filter_map(row).collect())
    }

    /// Approves a shipped phrase in a language, in exactly these words.
    pub async fn approve_phrase(&self, actor: &Actor, language: &str, key: &str) -> Flow<()> {
        actor.may(&Act::Review)?;
        let staff = self.ports.people.staff(actor.district).await?;
        let person = staff.iter().find(|person| person.id == actor.staff).ok_or(FlowFault::NotFound)?;
        if !person.languages.iter().any(|tag| tag == language) {
            return Err(FlowFault::Invalid("Only somebody who reads this language approves it.".into()));
        }
        let text = self.speech.phrase_source(language, key).ok_or(FlowFault::NotFound)?;
        let approval = PhraseApproval { key: key.to_owned(), language: language.to_owned(), text, by: person.title.clone(), sample: false };
        let audit = self.audit(actor.staff, "approved", format!("phrase {key} {language}"));
        self.ports.words.approve(actor.district, &[approval], &audit).await?;
        self.ring(actor.district);
        Ok(())
    }

    /// These words cannot be written: the original goes with a notice, and the hold ends.
    pub async fn cannot_write(&self, actor: &Actor, hold: HoldId) -> Flow<bool> {
        let (_, rendition, message, _) = self.hold(actor, hold).await?;
        let done = self.give_original(actor.district, hold, rendition, &message, "cannot", actor.staff).await?;
        self.ring(actor.district);
        Ok(done)
    }

    /// The original with its notice instead of words that wait.
    pub(crate) async fn give_original(
        &self,
        district: DistrictId,
        hold: HoldId,
        mut rendition: Rendition,
        message: &Message,
        outcome: &'static str,
        by: StaffId,
    ) -> Flow<bool> {
        let source = self.message_source(district, message).await?;
        let place = self.district(district).await?;
        let schools = self.ports.people.schools(district).await?;
        let school = schools.iter().find(|school| school.id == message.school).ok_or(FlowFault::NotFound)?;
        let setting = crate::render::Setting { district: &place, school, title: "", names: &[], reviewed: &[], approvals: &[] };
        self.original_with_notice(&mut rendition, &source, &setting);
        rendition.state = RenditionState::Ready;
        let resolution = Resolution { hold, rendition, memory: None, outcome, keep_open: outcome == "clock" };
        let audit = self.audit(by, "released", format!("hold {hold}"));
        Ok(self.ports.outbound.resolve(district, &resolution, &audit).await?)
    }

    /// The whole text in the author's language.
    pub(crate) async fn message_source(&self, district: DistrictId, message: &Message) -> Flow<String> {
        let place = self.district(district).await?;
        let schools = self.ports.people.schools(district).await?;
        let school = schools.iter().find(|school| school.id == message.school).ok_or(FlowFault::NotFound)?;
        let title = self.title(district, message.author).await?.unwrap_or_default();
        let setting = crate::render::Setting { district: &place, school, title: &title, names: &[], reviewed: &[], approvals: &[] };
        Ok(self.source_text(message, &setting))
    }

    /// Names that must survive in a message's words.
    pub async fn names_near(&self, district: DistrictId, message: &Message) -> Flow<Vec<String>> {
        let reached = self.reached(&self.district(district).await?, message).await?;
        self.names_among(district, message, &reached, &self.ports.people.staff(district).await?).await
    }
}
