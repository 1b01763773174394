//! Review: a person reads, corrects, approves; approval feeds the memory. An essential text's author never approves it.

use crate::*;
use domain::conversation::HoldKind;
use domain::message::*;
use domain::rights::{Act, Actor};

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

    async fn names_near(&self, district: DistrictId, message: &Message) -> Flow<Vec<String>> {
        let fates = self.all_fates(district, &message.audience, message.weight).await?;
        let staff = self.ports.people.staff(district).await?;
        let children =
            fates.targets.iter().flat_map(|target| &target.children).flat_map(|child| [child.given.clone(), child.family.clone()]);
        let all: std::collections::BTreeSet<String> =
            children.chain(staff.iter().map(|person| person.title.clone())).filter(|name| !name.is_empty()).take(400).collect();
        Ok(all.into_iter().collect())
    }
}
