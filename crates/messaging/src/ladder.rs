//! The ladder: what will not arrive this way is followed up, once, whoever stopped in the middle: another way of the same
//! guardian, else another guardian, else a person (`domain::ladder` decides); its author is told. Works off what the store says
//! has fallen, so that a process that dies loses no rung.

use crate::audience::Target;
use crate::compose::opens;
use crate::expand::{Going, choose_sender};
use crate::render::{Setting, UNKNOWN};
use crate::*;
use domain::conversation::TaskKind;
use domain::ladder::{Cause, Fall, Hand, Next, Privacy, next};
use domain::message::*;
use domain::people::{District, School, Sender, Staff};
use std::collections::BTreeMap;

/// What every rung of a round needs, read once.
struct Scene {
    district: District,
    schools: Vec<School>,
    senders: Vec<Sender>,
    staff: Vec<Staff>,
    approvals: Vec<PhraseApproval>,
}

impl Flows {
    /// Walks what has fallen. Gives how many.
    pub(crate) async fn walk(&self, district: DistrictId) -> Flow<usize> {
        let fallen = self.ports.outbound.fallen(district, 200).await?;
        if fallen.is_empty() {
            return Ok(0);
        }
        let scene = Scene {
            district: self.district(district).await?,
            schools: self.ports.people.schools(district).await?,
            senders: self.ports.people.senders(district).await?,
            staff: self.ports.people.staff(district).await?,
            approvals: self.ports.words.approvals(district).await?,
        };
        let mut fault = None;
        // An author's newest rung waits for the end of the round: with it goes the letter that says how many there were.
        let mut last: BTreeMap<StaffId, (&DeliveryInfo, Rung, usize)> = BTreeMap::new();
        for info in &fallen {
            let rung = match self.rung(&scene, info).await {
                Ok(rung) => rung,
                Err(why) => {
                    fault.get_or_insert(why);
                    continue;
                }
            };
            let (at, rung) = if rung.tasks.iter().any(|task| task.kind == TaskKind::NotReached) {
                let count = last.get(&info.message.author).map_or(1, |(_, _, count)| count + 1);
                match last.insert(info.message.author, (info, rung, count)) {
                    Some((before, rung, _)) => (before, rung),
                    None => continue,
                }
            } else {
                (info, rung)
            };
            (self.ports.point)("fallen");
            self.walk_one(district, at.delivery, &rung).await?;
        }
        for (author, (info, mut rung, count)) in last {
            if let Some(author) = scene.staff.iter().find(|person| person.id == author && person.active) {
                rung.notices.extend(self.not_reached_letter(&scene.district, author, info, count).await?);
            }
            self.walk_one(district, info.delivery, &rung).await?;
        }
        fault.map_or(Ok(fallen.len()), Err)
    }

    async fn walk_one(&self, district: DistrictId, delivery: DeliveryId, rung: &Rung) -> Flow<()> {
        match self.ports.outbound.walk(district, delivery, rung).await {
            // Another node took a digit of it meanwhile: it is looked at anew in the next round.
            Err(StoreFault::Taken) => Ok(()),
            done => Ok(done.map(drop)?),
        }
    }

    async fn rung(&self, scene: &Scene, info: &DeliveryInfo) -> Flow<Rung> {
        let message = &info.message;
        let mut rows = self.family_of(scene.district.id, info).await?;
        let contacts: Vec<ContactId> = rows.iter().filter_map(|row| row.contact).collect();
        let standing = self.ports.outbound.standing(scene.district.id, message.id, &contacts).await?;
        let suspended = rows.iter().any(|row| row.contact == Some(info.contact) && row.suspended);
        let (Some(standing), Some(cause)) = (standing, Cause::of(info.state, &info.reason, suspended)) else {
            return Ok(Rung::default());
        };
        if standing.state == MessageState::Withdrawn {
            // Its author took it back: nobody is told any more.
            return Ok(Rung::default());
        }
        // Nothing leaves by a channel the school has no number or identity for.
        for row in &mut rows {
            let target = row.contact.map(|contact| Target::of(row, contact, vec![]));
            row.textable &= target.is_some_and(|target| choose_sender(&scene.senders, message, &target, &[]).is_some());
        }
        let school = scene.schools.iter().find(|school| school.id == message.school);
        let again = Message { not_before: message.not_before.max(self.now()), ..message.clone() };
        let fall = Fall {
            cause,
            contact: info.contact,
            channel: info.channel,
            language: &info.rendition.language,
            weight: message.weight,
            about_one: message.about.is_some(),
            privacy: self.privacy(scene.district.id, info).await?,
            ours: message.author == StaffId::HOUSE,
            for_all: matches!(
                message.audience,
                Audience::Family { .. } | Audience::Class { .. } | Audience::School { .. } | Audience::District
            ),
            opens: school.map_or(message.useful_until, |school| opens(&again, &scene.district, school)),
            ends: message.useful_until,
        };
        let next = next(&fall, &rows, &standing.carried);
        let mut rung = self.by_hand(info, &next);
        if let Some(school) = school {
            let setting = Away { scene, school, info, standing: &standing, opens: fall.opens };
            self.take_ways(&setting, &next, &rows, &mut rung).await?;
        }
        Ok(rung)
    }

    /// Every guardian of the children a delivery is about, with every contact point.
    async fn family_of(&self, district: DistrictId, info: &DeliveryInfo) -> Flow<Vec<Reach>> {
        let now = self.now();
        let mut students = info.students.clone();
        if students.is_empty() && info.message.author != StaffId::HOUSE {
            let card = self.ports.people.card(district, info.contact, now).await?;
            students = card.map(|card| card.children.iter().map(|child| child.id).collect()).unwrap_or_default();
        }
        let mut rows: Vec<Reach> = Vec::new();
        for student in students {
            let audience = Audience::Family { student };
            for row in self.ports.people.reach(district, &audience, now, GuardianId(0), 100).await? {
                match rows.iter_mut().find(|known| known.guardian == row.guardian && known.contact == row.contact) {
                    Some(known) => known.children.extend(row.children),
                    None => rows.push(row),
                }
            }
        }
        Ok(rows)
    }

    async fn privacy(&self, district: DistrictId, info: &DeliveryInfo) -> Flow<Privacy> {
        if let Audience::Thread { thread } = info.message.audience {
            let private = self.ports.inbound.thread(district, thread).await?.is_none_or(|thread| thread.private);
            return Ok(if private { Privacy::InPerson } else { Privacy::Open });
        }
        Ok(if info.message.reach_only { Privacy::Reserved } else { Privacy::Open })
    }

    /// What a person does about it, and why.
    fn by_hand(&self, info: &DeliveryInfo, next: &Next<'_>) -> Rung {
        let message = &info.message;
        let student = info.students.first().copied();
        let urgent = message.weight == Weight::Urgent;
        let kind = match next.hand {
            Hand::Nobody => None,
            Hand::Rights => Some(TaskKind::RightsUnknown),
            Hand::Office => Some(TaskKind::Attend),
            // The call that goes with everything urgent is this call.
            Hand::Family if urgent && !next.ways.is_empty() => Some(TaskKind::ContactFamily),
            Hand::Family => Some(TaskKind::NotReached),
        };
        let mut tasks = Vec::new();
        if let Some(kind) = kind {
            let mut task = self.task(kind, message, Some(info.contact), next.guardian, student, &next.reason);
            if kind == TaskKind::NotReached {
                // Not the key of what planning found out about this adult: that task may have ended since.
                task.key = format!("fell:{}:{}", message.id, next.guardian.map_or(info.contact.0, |guardian| guardian.0));
            }
            task.due = self.now().plus_hours(if message.weight <= Weight::Urgent { 0 } else { 4 });
            tasks.push(task);
        } else if next.dead {
            // One a day for a number, however many messages fell on it.
            let mut task = self.task(TaskKind::Attend, message, Some(info.contact), next.guardian, student, &next.reason);
            task.key = format!("number:{}:{}", info.contact, self.now().seconds() / 86_400);
            tasks.push(task);
        }
        Rung {
            reason: next.reason.clone(),
            another_way: next.hand == Hand::Nobody && info.message.author != StaffId::HOUSE,
            suspend: next.dead.then(|| self.audit(StaffId::HOUSE, "contact", format!("contact {}", info.contact))),
            tasks,
            at: self.now(),
            ..Rung::default()
        }
    }

    /// Makes the deliveries of the ways that were chosen, with the words they need.
    async fn take_ways(&self, away: &Away<'_>, next: &Next<'_>, rows: &[Reach], rung: &mut Rung) -> Flow<()> {
        let info = away.info;
        let phones: Vec<ContactId> = next.ways.iter().filter(|way| way.channel == Channel::Sms).filter_map(|way| way.contact).collect();
        let mut lines =
            if phones.is_empty() { Vec::new() } else { self.ports.outbound.lines(away.scene.district.id, &phones, self.now()).await? };
        let going = Going {
            message: &info.message,
            district: &away.scene.district,
            school: away.school,
            senders: &away.scene.senders,
            speaks_for: info.speaks_for,
            opens: away.opens,
        };
        let mut slice = Slice::default();
        for way in &next.ways {
            let Some(contact) = way.contact else { continue };
            let allowed = |child: &&Child| child.right != domain::people::Right::None && info.students.contains(&child.id);
            let target = Target::of(way, contact, way.children.iter().filter(allowed).cloned().collect());
            let language = target.language.clone().unwrap_or_else(|| UNKNOWN.into());
            let made = rung.renditions.iter().find(|words| words.language == language && words.channel == target.channel).cloned();
            let rendition = match made {
                Some(made) => made,
                None => self.words_for_way(away, &language, target.channel, rows, rung).await?,
            };
            self.aim(&mut slice, &mut lines, &going, &target, &rendition);
        }
        rung.another_way |= !slice.deliveries.is_empty();
        rung.deliveries = slice.deliveries;
        rung.routes = slice.routes;
        rung.menus = slice.menus;
        rung.notices = slice.notices;
        rung.tasks.extend(slice.tasks);
        Ok(())
    }

    /// The message's words in a language and form: those it has, else those that fell in the other form, else new ones under the
    /// same rules as all words, holds included.
    async fn words_for_way(&self, away: &Away<'_>, language: &str, channel: Channel, rows: &[Reach], rung: &mut Rung) -> Flow<Rendition> {
        let ready = |words: &&Rendition| words.state != RenditionState::Withdrawn;
        let known = away.standing.renditions.iter().filter(ready).find(|words| words.language == language && words.channel == channel);
        if let Some(known) = known {
            return Ok(known.clone());
        }
        let Scene { district, staff, approvals, .. } = away.scene;
        let message = &away.info.message;
        let title = staff.iter().find(|person| person.id == message.author).map(|person| person.title.clone()).unwrap_or_default();
        let children = rows.iter().flat_map(|row| &row.children).flat_map(|child| [child.given.clone(), child.family.clone()]);
        let names: Vec<String> =
            children.chain(staff.iter().map(|person| person.title.clone())).filter(|name| !name.is_empty()).take(400).collect();
        let reviewed = crate::render::reviewed(staff);
        let setting = Setting { district, school: away.school, title: &title, names: &names, reviewed: &reviewed, approvals };
        let fell = &away.info.rendition;
        let words = match (fell.language == language).then(|| self.reformed(fell, channel, message, &setting)).flatten() {
            Some(words) => words,
            None => {
                let mut rendered = self.render(message, &[(language.to_owned(), channel)], &setting).await?;
                let rendered = rendered.pop().ok_or(FlowFault::NotFound)?;
                rung.holds.extend(rendered.hold);
                rendered.rendition
            }
        };
        rung.renditions.push(words.clone());
        Ok(words)
    }
}

/// Where other ways begin: what fell, in its school, and what its message has.
struct Away<'a> {
    scene: &'a Scene,
    school: &'a School,
    info: &'a DeliveryInfo,
    standing: &'a Standing,
    opens: Time,
}
