//! What happens in a town: teachers write, families answer with nothing but their phone's screen in front of them, carriers bring texts
//! late, twice and out of order, families stop and start, numbers change hands. Each incoming is held against what the screen says.
//!
//! A carrier may bring one phone's texts to one of our numbers up to two hours late and any of them twice, but in order, save for two of
//! the same minute: a text that is overtaken by a later one to another teacher on the same number, nobody could tell from an answer.

use crate::dice::Dice;
use crate::ear::{Ear, Heard};
use crate::screen::{Meant, Screen};
use crate::town::{Pool, Town};
use domain::people::{Channel, SenderUse};
use domain::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use testkit::School;

/// School days of a town.
const DAYS: i64 = 10;

/// What is going to happen.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// A teacher writes to the class, or to one child's family.
    Writes(usize),
    /// The principal writes to the school.
    Announces,
    /// Somebody of the staff answers what a family wrote.
    Answers,
    /// A person answers a text on the screen.
    Replies { phone: usize, line: usize },
    /// A person answers "who is it for".
    Chooses { phone: usize, line: usize },
    /// A person begins something.
    Begins(usize),
    /// A person types a digit of an old text.
    OldDigit(usize),
    /// Says a word: STOP, START.
    Says(usize, &'static str),
    /// Says that the number is wrong.
    Wrong(usize),
    /// The office puts this phone down for another family.
    ChangesHands(usize),
    /// Nobody writes for half a year.
    Summer,
    /// A carrier brings a text.
    Arrives(usize),
}

/// What a text must come to.
#[derive(Clone, Debug)]
pub(crate) enum Expect {
    Words(Meant),
    /// An answer to this message, or else as words.
    Digit(usize, Meant),
    /// Everything that waits goes to this person, or to the office.
    Choice(Option<usize>, Meant),
    Keyword,
    /// The office's: it is not known who has this phone.
    Office,
}

#[derive(Clone, Debug)]
pub(crate) struct Wrote {
    pub(crate) key: String,
    pub(crate) phone: usize,
    pub(crate) number: String,
    pub(crate) text: String,
    pub(crate) expect: Expect,
    pub(crate) ordinary: bool,
    pub(crate) checked: bool,
    pub(crate) arrived: bool,
}

/// A message or an answer somebody of the staff wrote.
pub(crate) struct Said {
    pub(crate) id: MessageId,
    pub(crate) who: usize,
}

/// What was seen, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    pub incoming: u64,
    pub ordinary: u64,
    pub asked: u64,
    pub threads: u64,
    pub digits: u64,
    pub chosen: u64,
    pub carried: u64,
    pub unsure: u64,
    pub office: u64,
    pub duplicates: u64,
    pub late: u64,
    pub stops: u64,
    pub hands: u64,
    pub summers: u64,
}

impl Figures {
    pub fn add(&mut self, other: &Figures) {
        let pairs = [
            (&mut self.incoming, other.incoming),
            (&mut self.ordinary, other.ordinary),
            (&mut self.asked, other.asked),
            (&mut self.threads, other.threads),
            (&mut self.digits, other.digits),
            (&mut self.chosen, other.chosen),
            (&mut self.carried, other.carried),
            (&mut self.unsure, other.unsure),
            (&mut self.office, other.office),
            (&mut self.duplicates, other.duplicates),
            (&mut self.late, other.late),
            (&mut self.stops, other.stops),
            (&mut self.hands, other.hands),
            (&mut self.summers, other.summers),
        ];
        pairs.into_iter().for_each(|(sum, more)| *sum += more);
    }
}

pub struct Life {
    pub(crate) town: Town,
    pub(crate) school: School,
    pub(crate) heard: Arc<Mutex<Heard>>,
    pub(crate) dice: Dice,
    pub(crate) agenda: Vec<(Time, u64, Act)>,
    pub(crate) count: u64,
    pub(crate) screens: Vec<Screen>,
    /// Texts of each phone that were read.
    pub(crate) read: Vec<usize>,
    /// Phones that stopped: a yes from there is another word.
    pub(crate) stopped: BTreeSet<usize>,
    /// Phones nobody on file has.
    pub(crate) stray: BTreeSet<usize>,
    pub(crate) said: Vec<Said>,
    pub(crate) wrote: Vec<Wrote>,
    pub(crate) staff: Vec<StaffId>,
    /// Until when a carrier holds what one phone wrote to one number.
    pub(crate) way: BTreeMap<(usize, String), Time>,
    pub figures: Figures,
}

impl Life {
    pub async fn of(seed: u64, pool: Pool) -> Life {
        let mut dice = Dice::of(seed);
        let town = Town::of(&mut dice, pool);
        let heard: Arc<Mutex<Heard>> = Arc::default();
        let ear = heard.clone();
        let school = School::empty(|_| {}, move |ports| ports.inbound = Arc::new(Ear { behind: ports.inbound.clone(), heard: ear })).await;
        school.takes_in(&town.files()).await;
        let place = school.flows.ports().people.schools(school.district).await.expect("schools")[0].id;
        for number in &town.numbers {
            school.speaks_from(place, number.clone(), Channel::Sms, SenderUse::Conversation).await;
        }
        if let Some(number) = &town.office {
            school.speaks_from(place, number.clone(), Channel::Sms, SenderUse::Office).await;
        }
        let mut staff = Vec::new();
        for title in town.teachers.iter().copied().chain(["Ms Okafor"]) {
            staff.push(school.person(title).await.staff);
        }
        let phones = town.families.len();
        let screens = (0..phones).map(|_| Screen::default()).collect();
        let (stray, stopped, way, figures) = (BTreeSet::new(), BTreeSet::new(), BTreeMap::new(), Figures::default());
        let (agenda, said, wrote) = (Vec::new(), Vec::new(), Vec::new());
        let mut life = Life {
            town,
            school,
            heard,
            dice,
            agenda,
            count: 0,
            screens,
            read: vec![0; phones],
            stopped,
            stray,
            said,
            wrote,
            staff,
            way,
            figures,
        };
        life.schedule();
        life
    }

    /// The staff's plans and the rare things, over all days.
    fn schedule(&mut self) {
        let first = self.school.now();
        let teachers = self.town.teachers.len();
        for day in 0..DAYS {
            let morning = first.plus_hours(-1).plus_days(day + day / 5 * 2);
            for teacher in 0..teachers {
                // Twice a week each.
                if self.dice.once_in(5) || self.dice.once_in(4) {
                    let at = self.within(morning, 480);
                    self.plan(at, Act::Writes(teacher));
                }
            }
            for _ in 0..2 {
                let at = self.within(morning, 480);
                self.plan(at, Act::Answers);
            }
            if self.dice.once_in(10) {
                let at = self.within(morning, 480);
                self.plan(at, Act::Announces);
            }
            let phone = self.dice.roll(self.screens.len());
            let at = self.within(morning, 700);
            match self.dice.roll(14) {
                0..=5 => self.plan(at, Act::Begins(phone)),
                6..=8 => self.plan(at, Act::OldDigit(phone)),
                9 => {
                    self.plan(at, Act::Says(phone, "STOP"));
                    let again = at.plus_hours(3);
                    self.plan(again, Act::Says(phone, "START"));
                }
                10 => self.plan(at, Act::Wrong(phone)),
                11 => self.plan(at, Act::ChangesHands(phone)),
                12 if day > 3 => self.plan(at, Act::Summer),
                _ => {}
            }
        }
    }

    fn within(&mut self, from: Time, minutes: i64) -> Time {
        from.plus_minutes(self.dice.between(0, minutes))
    }

    pub(crate) fn plan(&mut self, at: Time, act: Act) {
        self.count += 1;
        self.agenda.push((at, self.count, act));
    }

    /// The next thing happens. False: nothing is left.
    pub async fn step(&mut self) -> bool {
        let Some(next) = (0..self.agenda.len()).min_by_key(|index| (self.agenda[*index].0, self.agenda[*index].1)) else {
            return false;
        };
        let (at, _, act) = self.agenda.swap_remove(next);
        let minutes = (at.0 - self.school.now().0) / 60_000_000;
        if minutes > 0 {
            self.school.waits(minutes);
            // What was due on the way, before anybody writes.
            self.school.rounds(1).await;
            self.look();
        }
        self.act(act).await;
        self.look();
        self.check().await;
        true
    }

    async fn act(&mut self, act: Act) {
        match act {
            Act::Writes(teacher) => self.writes(teacher).await,
            Act::Announces => self.announces().await,
            Act::Answers => self.answers().await,
            Act::Replies { phone, line } => self.replies(phone, line),
            Act::Chooses { phone, line } => self.chooses(phone, line),
            Act::Begins(phone) => self.begins(phone),
            Act::OldDigit(phone) => self.old_digit(phone),
            Act::Says(phone, word) => {
                let Some(number) = self.screens[phone].lines.last().map(|line| line.number.clone()) else { return };
                self.figures.stops += u64::from(word == "STOP");
                if word == "STOP" {
                    self.stopped.insert(phone)
                } else {
                    self.stopped.remove(&phone)
                };
                self.sends(phone, &number, word, Expect::Keyword, None, false);
            }
            Act::Wrong(phone) => {
                let Some(number) = self.screens[phone].lines.last().map(|line| line.number.clone()) else { return };
                self.sends(phone, &number, "WRONG", Expect::Keyword, None, false);
                self.all_arrives().await;
                self.stray.insert(phone);
                self.screens[phone] = Screen::default();
            }
            Act::ChangesHands(phone) => self.changes_hands(phone).await,
            Act::Summer => {
                // Everybody is away: what was planned comes after it.
                self.all_arrives().await;
                self.figures.summers += 1;
                let half = 183 * 24 * 60;
                self.agenda.retain(|(_, _, act)| !matches!(act, Act::Replies { .. } | Act::Chooses { .. }));
                self.school.waits(half);
                self.agenda.iter_mut().for_each(|(at, ..)| *at = at.plus_minutes(half));
                self.school.rounds(2).await;
            }
            Act::Arrives(index) => self.arrives(index).await,
        }
    }
}
