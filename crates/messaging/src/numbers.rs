//! Our numbers and mail identities, as whoever administers them sees them: added, paused, told how fast they may speak.

use crate::*;
use domain::calls::Calls;
use domain::people::{Channel, NumberKind, Sender, SenderUse};
use domain::rights::{Act, Actor};

/// What may be changed of a number.
#[derive(Clone, Debug, PartialEq)]
pub struct SenderSettings {
    /// What it is to carriers.
    pub kind: NumberKind,
    /// Texts a second; `None`: as is usual for its kind.
    pub rate: Option<f64>,
    /// The account it belongs to; empty where there is only one.
    pub account: String,
    /// Its share of what numbers of another account cannot send.
    pub weight: i64,
    /// The brand it is registered under.
    pub brand: String,
    /// Texts a day the brand may send; 0 = no limit, `None`: as is usual for its kind.
    pub daily: Option<i64>,
    /// Where calls to it go.
    pub calls: Calls,
}

impl Flows {
    /// Adds a number or mail identity of a school.
    pub async fn add_sender(&self, actor: &Actor, school: SchoolId, address: &str, channel: Channel, use_for: SenderUse) -> Flow<()> {
        actor.may(&Act::Administer)?;
        if !self.ports.people.schools(actor.district).await?.iter().any(|known| known.id == school) {
            return Err(FlowFault::Invalid("Choose a school.".into()));
        }
        let address = address.trim().to_lowercase();
        let good = if channel == Channel::Sms { domain::Phone::is_international(&address) } else { address.contains('@') };
        if !good {
            return Err(FlowFault::Invalid("Write a phone number with its area code, or an email address.".into()));
        }
        if let Some((owner, known)) = self.ports.directory.sender_by_address(&address).await? {
            let words =
                if owner == actor.district { format!("{} is there already.", known.address) } else { "This number is not yours.".into() };
            return Err(FlowFault::Invalid(words));
        }
        let sender = Sender {
            id: self.id(),
            school,
            address,
            channel,
            use_for,
            kind: NumberKind::Other,
            rate: 1.0,
            paused: false,
            brand: String::new(),
            daily: 0,
            account: String::new(),
            weight: 1,
            calls: Calls::default(),
        };
        let audit = self.audit(actor.staff, "settings", format!("sender {}", sender.id));
        self.ports.directory.save_sender(actor.district, &sender).await?;
        self.ports.outbound.pause_sender(actor.district, sender.id, false, "", &audit).await?;
        self.ring(actor.district);
        Ok(())
    }

    /// Changes how fast a number may speak, and with whom it shares its work.
    pub async fn change_sender(&self, actor: &Actor, sender: SenderId, wanted: &SenderSettings) -> Flow<()> {
        actor.may(&Act::Administer)?;
        let senders = self.ports.views.senders(actor.district).await?;
        let (known, why) = senders.into_iter().find(|(row, _)| row.id == sender).ok_or(FlowFault::NotFound)?;
        let usual = wanted.kind.usual();
        let (rate, daily) = (wanted.rate.unwrap_or(usual.rate), wanted.daily.unwrap_or(usual.daily));
        if !(0.01..=1000.0).contains(&rate) {
            return Err(FlowFault::Invalid("Texts a second must be from 0.01 (one in 100 seconds) to 1000.".into()));
        }
        if daily < 0 || !(0..=100).contains(&wanted.weight) {
            return Err(FlowFault::Invalid("Texts a day must be 0 (no limit) or more, and the share from 0 to 100.".into()));
        }
        if daily > 0 && wanted.brand.trim().is_empty() {
            return Err(FlowFault::Invalid("A limit a day is its brand's: write the brand, too. Numbers of one brand share it.".into()));
        }
        if !wanted.account.is_empty() && !self.ports.carriers.accounts(known.channel).any(|name| name == wanted.account) {
            return Err(FlowFault::Invalid("This account stands in no configuration.".into()));
        }
        let SenderSettings { kind, account, weight, brand, calls, .. } = wanted.clone();
        let changed = Sender { kind, rate, account, weight, brand: brand.trim().to_owned(), daily, calls, ..known };
        if changed.calls != Calls::Unsaid
            && let Some(why) = self.calls_go_nowhere(&changed)
        {
            return Err(FlowFault::Invalid(why.into()));
        }
        self.ports.directory.save_sender(actor.district, &changed).await?;
        let audit = self.audit(actor.staff, "settings", format!("sender {sender}"));
        // What it stands at is not changed; it goes along so that the audit row and the change are one.
        self.ports.outbound.pause_sender(actor.district, sender, changed.paused, &why, &audit).await?;
        self.ring(actor.district);
        Ok(())
    }

    /// Pauses or resumes a sender.
    pub async fn pause_sender(&self, actor: &Actor, sender: SenderId, paused: bool) -> Flow<()> {
        actor.may(&Act::Administer)?;
        if !self.ports.people.senders(actor.district).await?.iter().any(|row| row.id == sender) {
            return Err(FlowFault::NotFound);
        }
        let audit = self.audit(actor.staff, "paused", format!("sender {sender}"));
        let why = if paused { "Paused by a person." } else { "" };
        self.ports.outbound.pause_sender(actor.district, sender, paused, why, &audit).await?;
        self.ring(actor.district);
        Ok(())
    }
}
