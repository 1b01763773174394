//! Rehearsal and going live (DIALOGUE 21): one act with a checklist. A real district begins with nothing leaving it.

use crate::*;
use domain::message::Weight;
use domain::people::{Channel, District, SenderUse};
use domain::rights::{Act, Actor};

/// One line of the checklist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What it is about.
    pub name: &'static str,
    /// Whether it holds.
    pub good: bool,
    /// What is there, or what to do.
    pub words: String,
    /// Whether going live waits for it.
    pub must: bool,
}

/// What an administrator may change.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Phones and mailboxes of staff that rehearsal reaches.
    pub allowed: Vec<String>,
    /// Greet numbers that never answered.
    pub introduce: bool,
    /// What can wait goes by email first where an adult has a mailbox besides a phone.
    pub email_first: bool,
    /// Engine words may go without a person, for routine and community, labelled.
    pub machine_words_may_go: bool,
    /// Hours words wait for a reviewer.
    pub review_hours: i64,
}

impl Flows {
    /// The district's settings, for whoever administers it.
    pub async fn settings(&self, actor: &Actor) -> Flow<District> {
        actor.may(&Act::Administer)?;
        self.district(actor.district).await
    }

    /// Changes them.
    pub async fn change_settings(&self, actor: &Actor, settings: &Settings) -> Flow<()> {
        let mut district = self.settings(actor).await?;
        if !(1..=24 * 7).contains(&settings.review_hours) {
            return Err(FlowFault::Invalid("Words may wait for a reviewer from 1 hour to 7 days.".into()));
        }
        district.allowed = settings.allowed.iter().map(|line| line.trim().to_lowercase()).filter(|line| !line.is_empty()).collect();
        district.introduce = settings.introduce;
        district.email_first = settings.email_first;
        district.machine_words_may_go = settings.machine_words_may_go;
        district.review_minutes = settings.review_hours * 60;
        let audit = self.audit(actor.staff, "settings", format!("district {}", district.id));
        self.ports.directory.change_district(&district, &audit).await?;
        self.ring(actor.district);
        Ok(())
    }

    /// What stands between rehearsal and going live.
    pub async fn checklist(&self, actor: &Actor) -> Flow<Vec<Check>> {
        let district = self.settings(actor).await?;
        let schools = self.ports.people.schools(actor.district).await?;
        let staff = self.ports.people.staff(actor.district).await?;
        let senders = self.ports.people.senders(actor.district).await?;
        let mut checks = Vec::new();
        let without = |missing: &dyn Fn(SchoolId) -> bool| {
            schools.iter().filter(|school| missing(school.id)).map(|school| school.name.clone()).collect::<Vec<_>>().join(", ")
        };
        let numbers =
            without(&|id| !senders.iter().any(|row| row.school == id && row.channel == Channel::Sms && row.use_for == SenderUse::Office));
        checks.push(Check {
            name: "Numbers",
            good: numbers.is_empty() && !schools.is_empty(),
            words: if schools.is_empty() {
                "There are no schools yet: take in a roster.".into()
            } else if numbers.is_empty() {
                "Every school has an office number.".into()
            } else {
                format!("No office number: {numbers}. Add one under Numbers.")
            },
            must: true,
        });
        let deaf: Vec<&str> = senders.iter().filter(|row| self.calls_go_nowhere(row).is_some()).map(|row| row.address.as_str()).collect();
        checks.push(Check {
            name: "Calls",
            good: deaf.is_empty(),
            words: if deaf.is_empty() {
                "Every number says where calls to it go.".into()
            } else {
                format!("Calls to some numbers go nowhere ({} of them). Say where they go under Numbers.", deaf.len())
            },
            must: true,
        });
        let duty = without(&|id| !staff.iter().any(|person| person.active && person.duty && person.schools.contains(&id)));
        checks.push(Check {
            name: "Duty list",
            good: duty.is_empty(),
            words: if duty.is_empty() {
                "Every school has somebody who is told at once when a family writes about danger.".into()
            } else {
                format!("Nobody is told at once when a family writes about danger: {duty}. Choose somebody under People.")
            },
            must: true,
        });
        checks.push(self.emergency_words(actor.district).await?);
        checks.push(Check {
            name: "First contact",
            good: district.introduce,
            words: if district.introduce {
                "Each number is greeted once in its language; everyday messages follow two hours later.".into()
            } else {
                "New numbers get no greeting first. Turn greeting on, unless every family was told another way.".into()
            },
            must: false,
        });
        let seen = self.ports.views.receipts_seen(actor.district).await?;
        checks.push(Check {
            name: "Proof of arrival",
            good: seen > 0,
            words: if seen > 0 {
                format!("{seen} messages were reported as arrived.")
            } else {
                "No message was reported as arrived yet: put your own phone on the rehearsal list and write to it.".into()
            },
            must: false,
        });
        Ok(checks)
    }

    /// Which languages of families have every emergency phrase approved by a person.
    async fn emergency_words(&self, district: DistrictId) -> Flow<Check> {
        let approvals = self.ports.words.approvals(district).await?;
        let phrases: Vec<String> =
            self.speech.phrases().into_iter().filter(|card| card.weight == Weight::Emergency).map(|card| card.key).collect();
        let staff_language = self.district(district).await?.staff_language;
        let mut open = Vec::new();
        for (language, families) in self.ports.views.languages(district, &[]).await? {
            // Families whose language is unknown are asked for it: no approval can cover them.
            if language == staff_language || language == crate::render::UNKNOWN {
                continue;
            }
            let covered = |key: &&String| {
                approvals.iter().any(|row| {
                    row.key == **key && row.language == language && self.speech.phrase_source(&language, key).as_deref() == Some(&row.text)
                })
            };
            let missing = phrases.iter().filter(|key| !covered(key)).count();
            if missing > 0 {
                open.push(format!("{} ({families} adults, {missing} phrases)", self.speech.language_name(&language)));
            }
        }
        Ok(Check {
            name: "Emergency phrases",
            good: open.is_empty(),
            words: if open.is_empty() {
                "A person approved every emergency phrase in every language of your families.".into()
            } else {
                format!(
                    "These languages still get an unchecked draft in an emergency, with the original under it: {}. A speaker can approve them under Review.",
                    open.join(", ")
                )
            },
            must: false,
        })
    }

    /// Goes live. `voice` = the administrator says that calls to every number reach somebody.
    pub async fn go_live(&self, actor: &Actor, voice: bool) -> Flow<()> {
        let checks = self.checklist(actor).await?;
        if let Some(open) = checks.iter().find(|check| check.must && !check.good) {
            return Err(FlowFault::Invalid(format!("Not yet. {}: {}", open.name, open.words)));
        }
        if !voice {
            return Err(FlowFault::Invalid("Call each number first: a family that calls must reach somebody. Then tick the box.".into()));
        }
        let mut district = self.settings(actor).await?;
        district.rehearsal = false;
        let audit = self.audit(actor.staff, "live", format!("district {}", district.id));
        self.ports.directory.change_district(&district, &audit).await?;
        self.ring(actor.district);
        Ok(())
    }
}
