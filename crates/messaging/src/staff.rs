//! Staff: told without an open page (a letter with a count and a link; no child, no content: DIALOGUE 17), away, invited, gone.

use crate::*;
use domain::conversation::Deadline;
use domain::people::{Role, Staff, Telling};
use domain::rights::{Act, Actor};

/// A person to invite.
#[derive(Clone, Debug)]
pub struct NewStaff {
    /// Sign-in name, and where staff letters go.
    pub email: String,
    /// As families call them.
    pub title: String,
    /// Full name.
    pub name: String,
    /// What they do.
    pub roles: Vec<Role>,
    /// Where.
    pub schools: Vec<SchoolId>,
    /// Languages an interpreter reviews.
    pub languages: Vec<String>,
}

/// Days in which an invitation can be taken.
const INVITATION_DAYS: i64 = 7;

/// Stands in the letter of the end of the day until it leaves.
const COUNT: &str = "{count}";

impl Flows {
    /// A letter of ours to a member of staff; `None` without a mail identity to write from, or without such a sentence.
    pub(crate) async fn letter_to_staff(
        &self,
        district: DistrictId,
        school: SchoolId,
        person: &Staff,
        sentence: &str,
        arguments: &[(&str, &str)],
        once: String,
    ) -> Flow<Option<Ready>> {
        let senders = self.ports.people.senders(district).await?;
        let Some(sender) = senders.iter().find(|sender| sender.channel == Channel::Email && !sender.paused) else {
            return Ok(None);
        };
        let place = self.district(district).await?;
        let contact = self.ports.people.strange_contact(district, self.id(), Channel::Email, &person.email.reveal().to_lowercase()).await?;
        let to = crate::notice::NoticeTo {
            contact,
            channel: Channel::Email,
            sender: sender.id,
            school,
            language: &place.staff_language,
            speaks_for: StaffId::HOUSE,
            answers_to: None,
        };
        let mut letter = self.notice(&to, sentence, arguments, vec![], once);
        if let Some(ready) = &mut letter {
            let subject = format!("{sentence}-subject");
            ready.rendition.subject = self.speech.say(&place.staff_language, &subject, &[]).unwrap_or_default();
        }
        Ok(letter)
    }

    /// After a reply reached a thread, its owner is told as often as they wish; a risk always, and the duty list with them.
    pub(crate) async fn tell_owner(&self, district: DistrictId, conclusion: &Conclusion) -> Flow<()> {
        self.tell_duty(district, conclusion).await?;
        // Nobody waits for an answer to what a machine wrote.
        let quiet = conclusion.by_nobody && conclusion.understood.risks.is_empty();
        let Some(thread) = conclusion.thread.as_ref().filter(|_| !quiet) else {
            return Ok(());
        };
        let all = self.ports.people.staff(district).await?;
        let Some(owner) = all.iter().find(|person| person.id == thread.clock.owner && person.active) else {
            return Ok(());
        };
        let risk = !conclusion.understood.risks.is_empty();
        let place = self.district(district).await?;
        let (once, evening) = if risk {
            (format!("risk:{}", conclusion.incoming), None)
        } else {
            self.when_told(&place, owner, "tell", conclusion.incoming.0)
        };
        let counts = self.ports.views.counts(district, owner.id, false, &owner.schools).await?;
        let count = if evening.is_some() { COUNT.to_owned() } else { counts.inbox.max(1).to_string() };
        let sentence = match (risk, evening) {
            (true, _) => "staff-risk",
            (false, Some(_)) => "staff-day",
            (false, None) => "staff-new-reply",
        };
        let alone = match sentence {
            "staff-new-reply" if counts.inbox == 1 && !thread.private && self.ports.letters.knows_writers() => {
                Some(self.ports.inbound.open_thread(district, thread).await?)
            }
            _ => None,
        };
        let link = alone.map_or_else(|| self.ports.public_url.clone(), |thread| self.thread_link(thread));
        let arguments = [("link", link.as_str()), ("count", count.as_str())];
        if let Some(mut ready) = self.letter_to_staff(district, thread.school, owner, sentence, &arguments, once).await? {
            if let Some(thread) = alone {
                self.answered_here(&mut ready, &place.staff_language, (thread, owner.id));
            }
            if let Some(evening) = evening {
                ready.delivery.opens = evening;
                ready.delivery.closes = evening.plus_days(1);
            }
            self.tell_phone(&place, thread.school, owner, &ready, (sentence, count.as_str())).await?;
            let audit = self.audit(StaffId::HOUSE, "told", format!("staff {}", owner.id));
            self.ports.outbound.send_ready(district, &ready, &audit).await?;
        }
        Ok(())
    }

    /// How often a person is told of one kind of thing (DIALOGUE 17): the key under which it is said once, and, for the end of the
    /// day, when it may leave.
    fn when_told(&self, place: &domain::people::District, person: &Staff, kind: &str, each: i64) -> (String, Option<Time>) {
        let now = self.now();
        let local = now.in_zone(&domain::time::zone(&place.zone));
        match person.telling {
            Telling::Each => (format!("{kind}:{}:{each}", person.id), None),
            Telling::Hourly => (format!("{kind}:{}:{}", person.id, now.seconds() / 3600), None),
            Telling::Daily => {
                let end = local.date().at(0, 0, 0, 0).saturating_add(jiff::Span::new().minutes(place.hours.1));
                let evening = Some(Time::of_local(end, &domain::time::zone(&place.zone))).filter(|end| *end > now);
                (format!("{kind}:{}:{}:{}", person.id, local.date(), evening.is_some()), evening)
            }
        }
    }

    /// Tells an author that a message did not reach every family: how many, and where to look; no child, no content.
    pub(crate) async fn not_reached_letter(
        &self,
        place: &domain::people::District,
        author: &Staff,
        info: &DeliveryInfo,
        count: usize,
    ) -> Flow<Option<Ready>> {
        let (once, evening) = self.when_told(place, author, "missed", info.delivery.0);
        let link = format!("{}/sent", self.ports.public_url);
        let count = count.to_string();
        let arguments = [("link", link.as_str()), ("count", count.as_str())];
        let letter = self.letter_to_staff(place.id, info.message.school, author, "staff-not-reached", &arguments, once).await?;
        Ok(letter.map(|mut letter| {
            if let Some(evening) = evening {
                letter.delivery.opens = evening;
                letter.delivery.closes = evening.plus_days(1);
            }
            letter
        }))
    }

    /// The letter at the end of the day says how many conversations have something new then, not when the first of them came.
    /// False: its reader has seen them all.
    pub(crate) async fn count_now(&self, district: DistrictId, row: &mut Claimed) -> Flow<bool> {
        if row.message.author != StaffId::HOUSE || !row.rendition.text.contains(COUNT) {
            return Ok(true);
        }
        let staff = self.ports.people.staff(district).await?;
        let theirs = |person: &&Staff| {
            person.email.reveal().eq_ignore_ascii_case(&row.address)
                || person.own_phone().is_some_and(|phone| phone.reveal() == row.address)
        };
        let Some(person) = staff.iter().find(theirs) else {
            return Ok(false);
        };
        let new = self.ports.views.counts(district, person.id, false, &person.schools).await?.inbox;
        let rendition = Arc::make_mut(&mut row.rendition);
        rendition.text = rendition.text.replace(COUNT, &new.to_string());
        Ok(new > 0)
    }

    async fn staff_member(&self, district: DistrictId, staff: StaffId) -> Flow<Staff> {
        let all = self.ports.people.staff(district).await?;
        all.into_iter().find(|person| person.id == staff).ok_or(FlowFault::NotFound)
    }

    /// One's own settings: away, who answers meanwhile, how often to be told. Away, what waits goes to the backup at once.
    pub async fn set_own(&self, actor: &Actor, absent: bool, backup: Option<StaffId>, telling: Telling) -> Flow<()> {
        let mut person = self.staff_member(actor.district, actor.staff).await?;
        if backup == Some(actor.staff) {
            return Err(FlowFault::Invalid("Choose somebody else to answer for you.".into()));
        }
        if let Some(backup) = backup {
            self.staff_member(actor.district, backup).await?;
        }
        let leaves = absent && !person.absent;
        (person.absent, person.backup, person.telling) = (absent, backup, telling);
        let audit = self.audit(actor.staff, "staff", format!("staff {}", actor.staff));
        self.ports.people.save_staff(actor.district, &person, &audit).await?;
        if leaves {
            self.hand_over_all(actor.district, actor.staff, "Its owner is away: it comes to you.").await?;
        }
        self.ring(actor.district);
        Ok(())
    }

    /// On or off the duty list.
    pub async fn set_duty(&self, actor: &Actor, staff: StaffId, duty: bool) -> Flow<()> {
        actor.may(&Act::Administer)?;
        let mut person = self.staff_member(actor.district, staff).await?;
        person.duty = duty;
        let audit = self.audit(actor.staff, "staff", format!("staff {staff}"));
        self.ports.people.save_staff(actor.district, &person, &audit).await?;
        self.ring(actor.district);
        Ok(())
    }

    /// Adds a person (or finds the one with this address) and gives the secret of an invitation for seven days.
    pub async fn invite(&self, district: DistrictId, by: StaffId, new: &NewStaff) -> Flow<(StaffId, String)> {
        let email = new.email.trim().to_lowercase();
        if !email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.')) {
            return Err(FlowFault::Invalid("Write the person's email address.".into()));
        }
        let all = self.ports.people.staff(district).await?;
        let known = all.into_iter().find(|person| person.email.reveal().eq_ignore_ascii_case(&email));
        let staff = match known {
            Some(mut person) if !person.active => {
                person.active = true;
                person
            }
            Some(person) => person,
            None if new.roles.is_empty() || new.title.trim().is_empty() => {
                return Err(FlowFault::Invalid("Say what families call this person, and what they do.".into()));
            }
            None => Staff {
                id: self.id(),
                title: new.title.trim().to_owned(),
                name: if new.name.trim().is_empty() { new.title.trim().to_owned() } else { new.name.trim().to_owned() },
                email: email.into(),
                roles: new.roles.clone(),
                schools: new.schools.clone(),
                languages: new.languages.clone(),
                active: true,
                backup: None,
                absent: false,
                duty: false,
                telling: Telling::Hourly,
                phone: None,
            },
        };
        let audit = self.audit(by, "staff", format!("staff {} invited", staff.id));
        self.ports.people.save_staff(district, &staff, &audit).await?;
        let secret = self.ports.ids.secret();
        self.ports.directory.invite(&hashed(&secret), district, staff.id, self.now().plus_days(INVITATION_DAYS)).await?;
        Ok((staff.id, secret))
    }

    /// Takes an invitation, once: whose sign-in may be set now. The hash is made from the password by the caller.
    pub async fn accept_invitation(&self, secret: &str, password_hash: &str) -> Flow<bool> {
        let Some((district, staff)) = self.ports.directory.take_invitation(&hashed(secret), self.now()).await? else {
            return Ok(false);
        };
        let person = self.staff_member(district, staff).await?;
        let audit = self.audit(staff, "password", format!("staff {staff}"));
        self.ports.directory.set_password(district, staff, person.email.reveal(), password_hash, &audit).await?;
        Ok(true)
    }

    /// A person who left: signed out, and every family that waits for them gets somebody else at once.
    pub async fn disable(&self, district: DistrictId, by: StaffId, staff: StaffId) -> Flow<usize> {
        let mut person = self.staff_member(district, staff).await?;
        person.active = false;
        let audit = self.audit(by, "staff", format!("staff {staff} disabled"));
        self.ports.people.save_staff(district, &person, &audit).await?;
        self.hand_over_all(district, staff, "Its owner has left: it comes to you.").await
    }

    /// Hands everything that waits with a person to their backup, else the office, else the principal.
    pub(crate) async fn hand_over_all(&self, district: DistrictId, staff: StaffId, reason: &str) -> Flow<usize> {
        let all = self.ports.people.staff(district).await?;
        let waiting = self.ports.inbound.waiting_with(district, staff, 1000).await?;
        let place = self.district(district).await?;
        let schools = self.ports.people.schools(district).await?;
        let mut count = 0;
        for thread in &waiting {
            let Some(school) = schools.iter().find(|school| school.id == thread.school) else { continue };
            // A nurse's conversation is nobody else's: it waits, and its clock tells the office that it does.
            let Some(owner) = self.substitute(&all, staff, thread.school).filter(|_| !thread.private) else { continue };
            let zone = domain::time::zone(school.zone.as_deref().unwrap_or(&place.zone));
            let clock = Deadline { owner, due: domain::quiet::due(self.now(), 240, place.hours, &zone) };
            let notice = self.who_answers_now(district, school, thread, owner).await?;
            let audit = self.audit(StaffId::HOUSE, "handed-over", format!("thread {}", thread.id));
            self.ports.inbound.hand_over(district, thread.id, clock, reason, notice.as_ref(), &audit).await?;
            count += 1;
        }
        self.ring(district);
        Ok(count)
    }
}

/// The hash a secret (an invitation, a session) is kept under: SHA-256 in hexadecimal.
pub fn hashed(secret: &str) -> String {
    use sha2::{Digest, Sha256};
    hex(&Sha256::digest(secret.as_bytes()))
}

/// The US school grade of an English text (Flesch-Kincaid), for its author: never a gate. `None` for fewer than five words.
pub fn reading_level(text: &str) -> Option<u8> {
    let links = text.split_whitespace().filter(|word| !word.contains("://") && !word.contains('@'));
    let words: Vec<String> = links
        .map(|word| word.chars().filter(|mark| mark.is_alphabetic()).collect::<String>().to_lowercase())
        .filter(|word| !word.is_empty())
        .collect();
    if words.len() < 5 {
        return None;
    }
    let sentences = text.split(['.', '!', '?', ':', '\n']).filter(|part| part.chars().any(char::is_alphabetic)).count().max(1);
    let syllables: usize = words.iter().map(|word| syllables(word)).sum();
    let grade = 0.39 * words.len() as f64 / sentences as f64 + 11.8 * syllables as f64 / words.len() as f64 - 15.59;
    Some(grade.round().clamp(1.0, 16.0) as u8)
}

/// Groups of vowels, without a silent e.
fn syllables(word: &str) -> usize {
    let vowel = |mark: char| "aeiouy".contains(mark);
    let groups =
        word.chars().zip(std::iter::once(' ').chain(word.chars())).filter(|(mark, before)| vowel(*mark) && !vowel(*before)).count();
    let silent = word.ends_with('e') && !word.ends_with("le") && groups > 1;
    (groups - usize::from(silent)).max(1)
}

#[cfg(test)]
mod tests {
    use super::reading_level;

    #[test]
    fn plain_words_read_at_a_low_grade_and_jargon_does_not() {
        let plain = reading_level("We learn to tell time. Tonight ask your child to read a clock with you.").expect("a grade");
        let jargon = reading_level(
            "The individualized education program committee will reconvene to deliberate regarding supplementary accommodations.",
        )
        .expect("a grade");
        assert!(plain <= 4 && jargon >= 12, "{plain} {jargon}");
        assert_eq!(reading_level("See https://x.example/a"), None);
    }
}
