//! Pictures, papers and spoken messages that come with texts (DIALOGUE 19): fetched after the text was acknowledged, kept with it, seen
//! by whoever may read it. A spoken message is work for somebody who speaks the language. Must never know how anything is fetched.

use crate::*;
use domain::conversation::TaskKind;
use domain::media::MediaKind;
use domain::rights::{Act, Actor};

/// Fetched at a time.
const AT_ONCE: i64 = 4;
/// Tries before a person is told; the waits between them double from a minute, to an hour in all.
const TRIES: i64 = 7;
/// A try that hangs is somebody else's after so long.
const CLAIM_MINUTES: i64 = 3;
/// Hours in which a spoken message is listened to.
const LISTEN_HOURS: i64 = 4;
/// Links of one text that are kept.
const MOST: usize = 10;

/// What the page of an attachment shows.
pub struct Media {
    /// By its first bytes.
    pub kind: MediaKind,
    /// All of it.
    pub bytes: Vec<u8>,
}

impl Flows {
    /// Keeps the links of a text that is taken in next.
    pub(crate) async fn attach(&self, district: DistrictId, account: &str, key: &str, links: &[String], at: Time) -> Flow<()> {
        let row = |(number, link): (usize, &String)| NewAttachment {
            key: key.to_owned(),
            number: number as i16,
            account: account.to_owned(),
            link: link.clone(),
            at,
        };
        let rows: Vec<NewAttachment> = links.iter().take(MOST).enumerate().map(row).collect();
        if !rows.is_empty() {
            self.ports.attachments.attach(district, &rows).await?;
        }
        Ok(())
    }

    /// Fetches what came. Gives how many were tried.
    pub async fn fetch(&self, district: DistrictId) -> Flow<usize> {
        let now = self.now();
        let rows = self.ports.attachments.to_fetch(district, now, now.plus_minutes(CLAIM_MINUTES), AT_ONCE).await?;
        for row in &rows {
            let tried = match self.ports.fetch.fetch(&row.account, &row.link).await {
                Ok(bytes) => Tried::Here { kind: MediaKind::sniff(&bytes), bytes },
                Err(NotFetched::Never(why)) => Tried::GivenUp(why.into()),
                Err(NotFetched::Later(why)) if row.tries >= TRIES => Tried::GivenUp(why.into()),
                Err(NotFetched::Later(_)) => Tried::Again(self.now().plus_minutes(1 << row.tries.clamp(1, 6) >> 1)),
            };
            let task = match &tried {
                Tried::Here { kind, .. } if kind.may_speak() => match self.listens(district, row).await? {
                    Some(task) => Some(task),
                    // Not understood yet, so nobody knows whose it is: in a moment.
                    None => {
                        self.ports.attachments.tried(district, row, &Tried::Again(self.now().plus_minutes(1)), None).await?;
                        continue;
                    }
                },
                _ => None,
            };
            self.ports.attachments.tried(district, row, &tried, task.as_ref()).await?;
        }
        if !rows.is_empty() {
            self.ring(district);
        }
        Ok(rows.len())
    }

    /// Somebody who speaks the family's language listens and writes down what was said.
    async fn listens(&self, district: DistrictId, row: &ToFetch) -> Flow<Option<NewTask>> {
        let Some((incoming, contact, sender)) = self.ports.attachments.owner(district, &row.key).await? else {
            return Ok(None);
        };
        let senders = self.ports.people.senders(district).await?;
        let Some(school) = senders.iter().find(|known| Some(known.id) == sender).or(senders.first()).map(|sender| sender.school) else {
            return Ok(None);
        };
        let now = self.now();
        let card = match contact {
            Some(contact) => self.ports.people.card(district, contact, now).await?,
            None => None,
        };
        Ok(Some(NewTask {
            id: self.id(),
            kind: TaskKind::Listen,
            school,
            contact,
            guardian: card.as_ref().and_then(|card| card.guardians.first()).map(|guardian| guardian.id),
            student: card.as_ref().and_then(|card| if let [child] = card.children.as_slice() { Some(child.id) } else { None }),
            message: None,
            incoming: Some(incoming),
            reason: "A spoken message: somebody who speaks the language listens, and writes down what was said.".into(),
            due: now.plus_hours(LISTEN_HOURS),
            made: now,
            key: format!("{}:{incoming}:{}", TaskKind::Listen.as_str(), row.number),
        }))
    }

    /// One attachment of a conversation, for whoever may read that.
    pub async fn media(&self, actor: &Actor, thread: ThreadId, incoming: IncomingId, number: i16) -> Flow<Media> {
        self.in_thread(actor, thread, incoming).await?;
        let found = self.ports.attachments.bytes(actor.district, incoming, number).await?;
        found.map(|(kind, bytes)| Media { kind, bytes }).ok_or(FlowFault::NotFound)
    }

    /// One attachment of what a task is about, for whoever works on that.
    pub async fn media_of_task(&self, actor: &Actor, task: TaskId, incoming: IncomingId, number: i16) -> Flow<Media> {
        if self.open_task(actor, task).await?.incoming != Some(incoming) {
            return Err(FlowFault::NotFound);
        }
        let found = self.ports.attachments.bytes(actor.district, incoming, number).await?;
        found.map(|(kind, bytes)| Media { kind, bytes }).ok_or(FlowFault::NotFound)
    }

    /// Tries once more what was given up.
    pub async fn fetch_again(&self, actor: &Actor, thread: ThreadId, incoming: IncomingId, number: i16) -> Flow<()> {
        self.in_thread(actor, thread, incoming).await?;
        self.ports.attachments.fetch_again(actor.district, incoming, number, self.now()).await?;
        self.ring(actor.district);
        Ok(())
    }

    /// Rights first; a foreign one answers like an absent one.
    async fn in_thread(&self, actor: &Actor, thread: ThreadId, incoming: IncomingId) -> Flow<()> {
        let info = self.ports.inbound.thread(actor.district, thread).await?.ok_or(FlowFault::NotFound)?;
        actor.may(&Act::ReadThread { owner: info.owner, school: info.school, private: info.private })?;
        let here = self.ports.attachments.stands_in(actor.district, incoming, thread).await?;
        if here { Ok(()) } else { Err(FlowFault::NotFound) }
    }
}
