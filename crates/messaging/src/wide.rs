//! Whole schools and districts: what needs no decision goes in one statement, the rest through the policy. Counting before a
//! send and planning after it read the same rule.

use crate::audience::{Fates, Why, fates};
use crate::render::UNKNOWN;
use crate::*;
use domain::menu::digits;
use domain::message::*;
use domain::people::{District, Sender, SenderUse, Staff};
use std::collections::{BTreeMap, BTreeSet};

/// Adults of a district a slice walks over.
const SLICE: i64 = 2000;
/// Adults of a smaller audience read at once.
const PAGE: i64 = 500;
/// Children kept of an audience: their names must survive in its words, as far as a short list goes.
const CHILDREN: usize = 400;

/// What the policy still has to decide of a slice, and where the next one begins.
pub(crate) struct Rest {
    /// All rows of each adult.
    pub(crate) rows: Vec<Reach>,
    /// `None`: there are no more.
    pub(crate) cursor: Option<GuardianId>,
}

/// What an audience comes to, counted: a million families are never held at once.
#[derive(Default)]
pub(crate) struct Reached {
    /// Contact points by language and channel.
    counts: BTreeMap<(String, Channel), usize>,
    /// Adults who are not written to, by reason.
    missed: BTreeMap<Why, usize>,
    /// Phones that several guardians share.
    pub(crate) shared: usize,
    /// Phones that never answered and were never greeted.
    pub(crate) strange: usize,
    /// Children of those that were looked at one by one; the first [`CHILDREN`].
    pub(crate) children: Vec<Child>,
    /// The longest given name among them all, or names where a family has several children.
    pub(crate) longest: String,
    /// Who is in groups; `None`: there are none.
    pub(crate) rule: Option<PlainRule>,
    /// Some families were counted in groups.
    grouped: bool,
}

impl Reached {
    fn group(&mut self, group: PlainGroup) {
        self.grouped = true;
        *self.counts.entry((group.language, group.channel)).or_default() += group.families;
    }

    fn page(&mut self, fates: Fates) {
        for target in fates.targets {
            self.shared += usize::from(target.shared);
            self.strange += usize::from(target.channel == Channel::Sms && !target.confirmed && target.introduced.is_none());
            // As the text will name them: a family's children together.
            let names = target.children.iter().map(|child| child.given.as_str()).collect::<Vec<_>>().join(", ");
            if names.chars().count() > self.longest.chars().count() {
                self.longest = names;
            }
            for child in target.children {
                if self.children.len() < CHILDREN {
                    self.children.push(child);
                }
            }
            *self.counts.entry((target.language.unwrap_or_else(|| UNKNOWN.into()), target.channel)).or_default() += 1;
        }
        for missed in fates.missed {
            *self.missed.entry(missed.why).or_default() += 1;
        }
    }

    /// Every language and channel that is needed.
    pub(crate) fn wanted(&self) -> Vec<(String, Channel)> {
        self.counts.keys().cloned().collect()
    }

    /// Contact points of a language and channel.
    pub(crate) fn count(&self, language: &str, channel: Channel) -> usize {
        self.counts.get(&(language.to_owned(), channel)).copied().unwrap_or_default()
    }

    /// Contact points in all.
    pub(crate) fn families(&self) -> usize {
        self.counts.values().sum()
    }

    /// Adults who are not written to for this reason.
    pub(crate) fn missed(&self, why: Why) -> usize {
        self.missed.get(&why).copied().unwrap_or_default()
    }
}

/// Who is plain for a message; `None` where its audience is small, or each family needs a person besides.
pub(crate) fn rule(district: &District, senders: &[Sender], message: &Message, now: Time) -> Option<PlainRule> {
    let school = match message.audience {
        Audience::School { school } => Some(school),
        Audience::District => None,
        _ => return None,
    };
    if message.weight == Weight::Urgent {
        return None;
    }
    // As `choose_sender` says for a whole school. From a number of conversations each text makes a route.
    let mine = |channel| senders.iter().filter(move |one| one.channel == channel && !one.paused && one.school == message.school);
    let sms = mine(Channel::Sms).find(|one| one.use_for == SenderUse::Office).map(|one| one.id);
    let email = mine(Channel::Email).next().map(|one| one.id);
    let greeted = district.introduce;
    Some(PlainRule { school, greeted, digits: !digits(message.answers, 1).is_empty(), now, sms, email })
}

impl Flows {
    /// Every fate of an audience.
    pub(crate) async fn reached(&self, district: &District, message: &Message) -> Flow<Reached> {
        let now = self.now();
        let mut all = Reached::default();
        let senders = self.ports.people.senders(district.id).await?;
        let rule = rule(district, &senders, message, now);
        if let Some(rule) = &rule {
            // Each reads the whole audience: beside each other, so that a teacher waits for one of them only.
            let (groups, adults) =
                futures_util::future::try_join(self.ports.wide.groups(district.id, rule), self.ports.wide.adults(district.id, rule))
                    .await?;
            for group in groups {
                all.group(group);
            }
            if all.families() == adults {
                return Ok(Reached { rule: Some(*rule), ..all });
            }
        }
        let mut next = Some(GuardianId(0));
        while let Some(after) = next {
            let page = match &rule {
                Some(rule) => {
                    let slice = self.ports.wide.special(district.id, rule, after, SLICE).await?;
                    next = slice.upto;
                    if slice.special.is_empty() {
                        continue;
                    }
                    self.ports.people.reach_these(district.id, &message.audience, now, &slice.special).await?
                }
                None => {
                    let page = self.ports.people.reach(district.id, &message.audience, now, after, PAGE).await?;
                    next = page.iter().map(|row| row.guardian).max();
                    page
                }
            };
            all.page(fates(&page, &message.audience, message.weight, district.first()));
        }
        Ok(Reached { rule, ..all })
    }

    /// Names that must survive in a message's words: the children's and the staff's, as far as a short list goes; of plain
    /// families those that stand in the words.
    pub(crate) async fn names_among(
        &self,
        district: DistrictId,
        message: &Message,
        reached: &Reached,
        staff: &[Staff],
    ) -> Flow<Vec<String>> {
        let children = reached.children.iter().flat_map(|child| [child.given.clone(), child.family.clone()]);
        let mut all: BTreeSet<String> =
            children.chain(staff.iter().map(|person| person.title.clone())).filter(|name| !name.is_empty()).take(400).collect();
        if let (Words::Free { text }, false) = (&message.words, !reached.grouped) {
            all.extend(self.ports.wide.names(district, &perhaps_names(text)).await?);
        }
        Ok(all.into_iter().collect())
    }

    /// Plans the plain families of the next slice. `None`: the slice is done.
    pub(crate) async fn plain(&self, district: DistrictId, expansion: &Expansion, rule: PlainRule, opens: Time) -> Flow<Option<Rest>> {
        let message = &expansion.message;
        let slice = PlainSlice {
            message: message.id,
            rule,
            after: expansion.cursor,
            most: SLICE,
            ids: self.ports.ids.block(SLICE),
            lane: crate::expand::lane(message),
            weight: message.weight,
            opens,
            closes: message.useful_until,
            offers: message.answers,
            speaks_for: message.author,
        };
        let done = self.ports.wide.plan_plain(district, &slice).await?;
        (self.ports.point)("planned");
        match done {
            Some(PlainDone { upto, special }) if !special.is_empty() => {
                let rows = self.ports.people.reach_these(district, &message.audience, self.now(), &special).await?;
                Ok(Some(Rest { rows, cursor: upto }))
            }
            _ => Ok(None),
        }
    }
}

/// Words of a text, and two together, as a roster may write a name.
fn perhaps_names(text: &str) -> Vec<String> {
    let words: Vec<&str> = text.split(|mark: char| !mark.is_alphanumeric() && !matches!(mark, '-' | '\'' | '’')).collect();
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    let two = words.windows(2).map(|two| two.join(" "));
    words.iter().map(|word| (*word).to_owned()).chain(two).collect::<BTreeSet<_>>().into_iter().collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_name_of_two_words_is_looked_for_too() {
        let all = super::perhaps_names("Mary Ann reads. O'Neil too!");
        assert!(["Mary Ann", "Mary", "O'Neil"].iter().all(|name| all.iter().any(|word| word == name)), "{all:?}");
    }
}
