//! A text to a staff member's own phone, if they wish (DIALOGUE 17): confirmed by a code first; then a count and a link, no child and no
//! content, never more often than their letters. What comes back from such a phone is no family's.

use crate::*;
use domain::Phone;
use domain::people::{District, OwnPhone, Staff};
use domain::rights::Actor;
use domain::{quiet, time};

/// Minutes in which a code is good.
const CODE_MINUTES: i64 = 15;
/// Wrong codes after which another one is needed.
const WRONG: i16 = 5;
/// Codes sent to a person a day.
const CODES: i64 = 3;

impl Flows {
    async fn me(&self, actor: &Actor) -> Flow<Staff> {
        let all = self.ports.people.staff(actor.district).await?;
        all.into_iter().find(|person| person.id == actor.staff && person.active).ok_or(FlowFault::NotFound)
    }

    async fn keep_phone(&self, actor: &Actor, mut person: Staff, phone: Option<OwnPhone>) -> Flow<()> {
        person.phone = phone;
        let audit = self.audit(actor.staff, "staff", format!("staff {}", actor.staff));
        self.ports.people.save_staff(actor.district, &person, &audit).await?;
        self.ring(actor.district);
        Ok(())
    }

    /// Sends a code to the phone somebody wishes to be told on.
    pub async fn wish_phone(&self, actor: &Actor, number: &str) -> Flow<()> {
        let all = self.ports.people.staff(actor.district).await?;
        let person = all.iter().find(|person| person.id == actor.staff && person.active).cloned().ok_or(FlowFault::NotFound)?;
        let number = number.trim();
        if !Phone::is_international(number) {
            return Err(FlowFault::Invalid("Write your phone's number with its area code.".into()));
        }
        if self.ports.directory.sender_by_address(number).await?.is_some() {
            return Err(FlowFault::Invalid("This is a number of the school's, not a phone.".into()));
        }
        // A family's answers from there would be taken for the staff member's.
        if self.of_a_family(actor.district, number).await? {
            return Err(FlowFault::Invalid("This phone is on file as a family's: its texts are the family's. Use another one.".into()));
        }
        if all.iter().any(|other| other.id != actor.staff && other.own_phone().is_some_and(|phone| phone.reveal() == number)) {
            return Err(FlowFault::Invalid("Somebody else is told on this phone.".into()));
        }
        let now = self.now();
        let today = now.in_zone(&time::zone("UTC")).date().to_string();
        let sent = person.phone.as_ref().filter(|phone| phone.day == today).map_or(0, |phone| phone.codes);
        if sent >= CODES {
            return Err(FlowFault::Invalid("Three codes were sent today: try again tomorrow.".into()));
        }
        let code = self.code();
        let district = self.district(actor.district).await?;
        let arguments = [("code", code.as_str())];
        let once = format!("code:{}:{today}:{sent}", actor.staff);
        let Some(text) = self.text_to_staff(&district, &person, number, "staff-code", &arguments, once).await? else {
            return Err(FlowFault::Invalid("The school has no number to text you from yet.".into()));
        };
        let hash = crate::staff::hashed(&format!("{}:{code}", actor.staff));
        let until = now.plus_minutes(CODE_MINUTES);
        let phone = OwnPhone { number: Phone::new(number), confirmed: false, hash, until, wrong: 0, day: today, codes: sent + 1 };
        self.keep_phone(actor, person, Some(phone)).await?;
        let audit = self.audit(StaffId::HOUSE, "told", format!("staff {}", actor.staff));
        self.ports.outbound.send_ready(actor.district, &text, &audit).await?;
        Ok(())
    }

    /// Six digits.
    fn code(&self) -> String {
        let drawn = crate::staff::hashed(&self.ports.ids.secret());
        let drawn = u64::from_str_radix(drawn.get(..12).unwrap_or_default(), 16).unwrap_or_default();
        format!("{:06}", drawn % 1_000_000)
    }

    /// The code that came: from now on this phone is told.
    pub async fn confirm_phone(&self, actor: &Actor, code: &str) -> Flow<()> {
        let person = self.me(actor).await?;
        let Some(phone) = person.phone.clone().filter(|phone| !phone.confirmed) else {
            return Err(FlowFault::Invalid("Write your phone's number first.".into()));
        };
        if phone.wrong >= WRONG || self.now() >= phone.until {
            return Err(FlowFault::Invalid("This code is over: ask for another one.".into()));
        }
        let code: String = code.chars().filter(|mark| !mark.is_whitespace()).collect();
        let right = crate::staff::hashed(&format!("{}:{code}", actor.staff)) == phone.hash;
        let wrong = phone.wrong + i16::from(!right);
        self.keep_phone(actor, person, Some(OwnPhone { confirmed: right, wrong, ..phone })).await?;
        if right { Ok(()) } else { Err(FlowFault::Invalid("That is not the code we sent.".into())) }
    }

    /// No more texts to one's own phone.
    pub async fn forget_phone(&self, actor: &Actor) -> Flow<()> {
        let person = self.me(actor).await?;
        // What was sent today is kept: three codes a day are three, whoever asks.
        let phone = person.phone.clone().map(|phone| OwnPhone { number: Phone::new(""), confirmed: false, hash: String::new(), ..phone });
        self.keep_phone(actor, person, phone).await
    }

    async fn of_a_family(&self, district: DistrictId, number: &str) -> Flow<bool> {
        let Some(contact) = self.ports.people.contact_at(district, Channel::Sms, number).await? else {
            return Ok(false);
        };
        let card = self.ports.people.card(district, contact, self.now()).await?;
        Ok(card.is_some_and(|card| !card.guardians.is_empty()))
    }

    /// Whether a phone nobody of a family has is one that staff are told on.
    pub(crate) async fn is_staffs(&self, district: DistrictId, number: &str) -> Flow<bool> {
        let all = self.ports.people.staff(district).await?;
        Ok(all.iter().any(|person| person.own_phone().is_some_and(|phone| phone.reveal() == number)))
    }

    /// A text of ours to a member of staff; `None` without a number to write from, or where the phone wants none.
    async fn text_to_staff(
        &self,
        district: &District,
        person: &Staff,
        number: &str,
        sentence: &str,
        arguments: &[(&str, &str)],
        once: String,
    ) -> Flow<Option<Ready>> {
        let senders = self.ports.people.senders(district.id).await?;
        let near = |sender: &&domain::people::Sender| person.schools.is_empty() || person.schools.contains(&sender.school);
        let office = |sender: &&domain::people::Sender| sender.use_for == domain::people::SenderUse::Office;
        let texts: Vec<_> = senders.iter().filter(|sender| sender.channel == Channel::Sms && !sender.paused).collect();
        let Some(sender) = texts.iter().copied().filter(office).find(near).or(texts.first().copied()) else {
            return Ok(None);
        };
        let contact = self.ports.people.strange_contact(district.id, self.id(), Channel::Sms, number).await?;
        let card = self.ports.people.card(district.id, contact, self.now()).await?;
        // STOP from one's own phone is STOP; and a roster may have given the phone to a family since.
        if card.is_some_and(|card| card.blocked != 0 || !card.guardians.is_empty()) {
            return Ok(None);
        }
        let to = crate::notice::NoticeTo {
            contact,
            channel: Channel::Sms,
            sender: sender.id,
            school: sender.school,
            language: &district.staff_language,
            speaks_for: StaffId::HOUSE,
            answers_to: None,
        };
        Ok(self.notice(&to, sentence, arguments, vec![], once))
    }

    /// The text that goes with a letter to the same person, in their own hours unless it may mean danger.
    pub(crate) async fn tell_phone(
        &self,
        district: &District,
        school: SchoolId,
        person: &Staff,
        letter: &Ready,
        (sentence, count): (&str, &str),
    ) -> Flow<()> {
        let Some(number) = person.own_phone() else { return Ok(()) };
        let arguments = [("link", self.ports.public_url.as_str()), ("count", count)];
        let once = format!("text:{}", letter.once);
        let Some(mut text) = self.text_to_staff(district, person, number.reveal(), sentence, &arguments, once).await? else {
            return Ok(());
        };
        text.delivery.opens = letter.delivery.opens;
        if sentence != "staff-risk" {
            let schools = self.ports.people.schools(district.id).await?;
            let school = schools.iter().find(|known| known.id == school);
            let zone = time::zone(school.and_then(|school| school.zone.as_deref()).unwrap_or(&district.zone));
            let (opens, hours) = (text.delivery.opens, district.hours);
            // The end of the day is theirs, too.
            let evening = letter.delivery.opens > self.now();
            text.delivery.opens = if evening || quiet::in_hours(opens, hours, &zone) { opens } else { quiet::due(opens, 1, hours, &zone) };
        }
        text.delivery.closes = text.delivery.opens.plus_days(1);
        let audit = self.audit(StaffId::HOUSE, "told", format!("staff {}", person.id));
        self.ports.outbound.send_ready(district.id, &text, &audit).await?;
        Ok(())
    }
}
