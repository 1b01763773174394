//! Pictures, papers and spoken messages that come with texts (DIALOGUE 19) and letters: fetched after the text was acknowledged, kept with
//! it, seen by whoever may read it. A spoken message is work for somebody who speaks the language. From a letter, which anybody may
//! write, only what is known to be harmless is passed on, and both sides are told of the rest. Must never know how anything is fetched.

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
/// Links of one text, or files of one letter, that are kept.
pub(crate) const MOST: usize = 10;
/// Bytes of one file of a letter.
const LARGEST: usize = 10 * 1024 * 1024;
/// Why a file of a letter is not passed on, for staff.
const TOO_LARGE: &str = "it is larger than 10 MB";
const UNKNOWN_KIND: &str = "only pictures, PDFs and recordings are passed on from emails: other files may do harm";

/// A try that is to be kept, and the letter whose writer must hear that a file was not passed on.
struct Found {
    tried: Tried,
    withheld: Option<(Owner, NewIncoming)>,
}

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
            let Found { tried, withheld } = match row.link.strip_prefix(IN_LETTER) {
                // One that ends the process each time it is looked at must not be looked at for ever.
                _ if row.tries > TRIES => Found { tried: Tried::GivenUp("it could not be opened".into()), withheld: None },
                Some(number) => self.in_letter(district, row, number).await?,
                None => Found { tried: self.behind_link(row).await, withheld: None },
            };
            if let Some((owner, incoming)) = withheld {
                self.tell_withheld(district, owner, &incoming).await?;
            }
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

    async fn behind_link(&self, row: &ToFetch) -> Tried {
        match self.ports.fetch.fetch(&row.account, &row.link).await {
            Ok(bytes) => {
                let kind = MediaKind::sniff(&bytes);
                // A broken picture is still a file that somebody may be able to open.
                let (kind, bytes) = if kind.is_picture() {
                    self.ports.redraw.redraw(kind, bytes.clone()).await.unwrap_or((MediaKind::Other, bytes))
                } else {
                    (kind, bytes)
                };
                Tried::Here { kind, bytes }
            }
            Err(NotFetched::Never(why)) => Tried::GivenUp(why.into()),
            Err(NotFetched::Later(why)) if row.tries >= TRIES => Tried::GivenUp(why.into()),
            Err(NotFetched::Later(_)) => self.again(row),
        }
    }

    fn again(&self, row: &ToFetch) -> Tried {
        Tried::Again(self.now().plus_minutes(1 << row.tries.clamp(1, 6) >> 1))
    }

    /// A file of a letter that is kept raw, once it is known whose letter it is.
    async fn in_letter(&self, district: DistrictId, row: &ToFetch, number: &str) -> Flow<Found> {
        let kept = |tried| Ok(Found { tried, withheld: None });
        let Some(owner) = self.ports.attachments.owner(district, &row.key).await? else {
            return kept(self.again(row));
        };
        let damaged = || kept(Tried::GivenUp("the email is damaged".into()));
        let Some(incoming) = self.ports.inbound.incoming(district, owner.incoming).await? else {
            return damaged();
        };
        let Some(bytes) = number.parse().ok().and_then(|number| self.ports.letters.attachment(&incoming.raw, number)) else {
            return damaged();
        };
        let withheld = |why: &str| Ok(Found { tried: Tried::GivenUp(why.into()), withheld: Some((owner, incoming)) });
        if bytes.len() > LARGEST {
            return withheld(TOO_LARGE);
        }
        match MediaKind::sniff(&bytes) {
            MediaKind::Other => withheld(UNKNOWN_KIND),
            kind if kind.is_picture() => match self.ports.redraw.redraw(kind, bytes).await {
                Some((kind, bytes)) => kept(Tried::Here { kind, bytes }),
                None => withheld(UNKNOWN_KIND),
            },
            kind => kept(Tried::Here { kind, bytes }),
        }
    }

    /// The family hears once a day that a file was not passed on, and what to do; nobody else does by letter.
    async fn tell_withheld(&self, district: DistrictId, owner: Owner, incoming: &NewIncoming) -> Flow<()> {
        // What no teacher got was perhaps not theirs.
        let Owner { contact: Some(contact), sender, thread: Some(_), .. } = owner else {
            return Ok(());
        };
        let letter = self.ports.letters.read(&incoming.raw, None);
        let sender = sender.unwrap_or(SenderId(0));
        let arrival = match self.letter_arrival(district, incoming, &letter, contact, sender, String::new()).await {
            Ok(arrival) if !arrival.card.guardians.is_empty() => arrival,
            // Nobody to tell, or nowhere to tell it from.
            Ok(_) | Err(FlowFault::NotFound) => return Ok(()),
            Err(fault) => return Err(fault),
        };
        let arguments = [("school", arrival.school.short_name.as_str()), ("phone", arrival.school.phone.as_str())];
        let today = self.now().in_zone(&domain::time::zone(&arrival.district.zone)).date();
        let once = format!("withheld:{contact}:{today}");
        if let Some(notice) = self.notice(&arrival.notice_to(), "email-file-withheld", &arguments, vec![], once) {
            let audit = self.audit(StaffId::HOUSE, "told", format!("incoming {}", incoming.id));
            self.ports.outbound.send_ready(district, &notice, &audit).await?;
        }
        Ok(())
    }

    /// Somebody who speaks the family's language listens and writes down what was said.
    async fn listens(&self, district: DistrictId, row: &ToFetch) -> Flow<Option<NewTask>> {
        let Some(Owner { incoming, contact, sender, .. }) = self.ports.attachments.owner(district, &row.key).await? else {
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
