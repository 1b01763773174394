//! What families do, each with nothing but the phone's screen in front of it.

use crate::life::{Act, Expect, Life};
use crate::screen::{Meant, Screen, Shown, digits};

impl Life {
    pub(crate) fn office(&self, number: &str) -> bool {
        self.town.office.as_deref() == Some(number)
    }

    pub(crate) fn meant(&self, phone: usize, number: &str) -> Meant {
        self.screens[phone].words(number, self.office(number), self.school.now())
    }

    /// What came to the phones since anybody looked, and what their people will do about it.
    pub(crate) fn look(&mut self) {
        for phone in 0..self.screens.len() {
            let texts = self.school.texts(&self.town.families[phone].phone);
            for (number, text) in texts.iter().skip(self.read[phone]).cloned() {
                let message = token(&text).filter(|message| *message < self.said.len());
                let who = message.map(|message| self.said[message].who);
                // What is said to a family reaches nobody else: no phone that is not theirs, no family of other teachers.
                let theirs = |who: usize| who == self.town.teachers.len() || self.town.families[phone].teachers().contains(&who);
                assert!(who.is_none_or(|who| theirs(who) && !self.stray.contains(&phone)), "a stranger's phone {phone} got: {text}");
                let shown = Shown { at: self.school.now(), number, who, own: false, message, digits: digits(&text) };
                self.screens[phone].lines.push(shown);
                let (line, now) = (self.screens[phone].lines.len() - 1, self.school.now());
                if message.is_some() && !self.stray.contains(&phone) && self.dice.roll(100) < 55 {
                    let at = now.plus_minutes(10 + self.dice.roll(410) as i64);
                    self.plan(at, Act::Replies { phone, line });
                }
                if text.contains("Who is it for?") {
                    let after = match self.dice.roll(10) {
                        0..=7 => 3 + self.dice.roll(60) as i64,
                        8 => 150 + self.dice.roll(200) as i64,
                        _ => continue,
                    };
                    self.plan(now.plus_minutes(after), Act::Chooses { phone, line });
                }
            }
            self.read[phone] = texts.len();
        }
    }

    pub(crate) fn replies(&mut self, phone: usize, line: usize) {
        // The phone has another owner by now.
        let Some(shown) = self.screens[phone].lines.get(line).cloned() else { return };
        let Some(who) = shown.who.filter(|_| !self.stray.contains(&phone)) else { return };
        let number = shown.number.clone();
        let meant = self.meant(phone, &number);
        let offered: Vec<u8> = shown.digits.iter().map(|(digit, _)| *digit).collect();
        let w = self.wrote.len();
        if !offered.is_empty() && self.dice.roll(10) < 6 {
            let digit = self.dice.of_these(&offered);
            let Some(message) = self.screens[phone].digit(&number, digit).and_then(|line| line.message) else { return };
            let words = if digit > 0 && self.dice.once_in(4) { format!("{digit}, as we said w{w}") } else { digit.to_string() };
            let of = self.said[message].who;
            return self.sends(phone, &number, &words, Expect::Digit(message, meant), Some(of), true);
        }
        if !offered.is_empty() && !self.stopped.contains(&phone) && self.dice.once_in(6) {
            // Yes, to whatever stands last.
            let Some(last) = self.screens[phone].newest(&number).cloned() else { return };
            let Some(message) = last.message else { return };
            return self.sends(phone, &number, "Yes", Expect::Digit(message, meant), last.who, true);
        }
        match &meant {
            Meant::One(one) if *one == who => {}
            // Not the last on the screen: most people say to whom they write.
            _ if self.dice.roll(10) < 7 => {
                let text = format!("{}, we have it w{w}", self.title(who));
                return self.sends(phone, &number, &text, Expect::Words(Meant::One(who)), Some(who), true);
            }
            _ => {}
        }
        let intended = if let Meant::One(one) = meant { one } else { who };
        self.figures.unsure += u64::from(meant == Meant::Unsure);
        self.sends(phone, &number, &format!("We have it w{w}"), Expect::Words(meant.clone()), Some(intended), true);
        if self.dice.once_in(5) {
            let text = format!("And one thing more w{}", w + 1);
            self.sends(phone, &number, &text, Expect::Words(meant), Some(intended), true);
        }
    }

    pub(crate) fn chooses(&mut self, phone: usize, line: usize) {
        let Some(shown) = self.screens[phone].lines.get(line).cloned() else { return };
        if shown.message.is_some() || shown.digits.is_empty() || self.stray.contains(&phone) {
            return;
        }
        let number = shown.number.clone();
        // For whom the newest of their own texts there was.
        let own = self.screens[phone].lines[..line].iter().rev().find(|line| line.own && line.number == number);
        let Some(wanted) = own.and_then(|line| line.who) else { return };
        let title = self.title(wanted);
        let meant = self.meant(phone, &number);
        if self.dice.once_in(8) && shown.digits.iter().any(|(_, said)| said.starts_with(title)) {
            return self.sends(phone, &number, &format!("{title}, please"), Expect::Choice(Some(wanted), meant), Some(wanted), true);
        }
        let (digit, chosen) = match shown.digits.iter().find(|(_, said)| said.starts_with(title)) {
            Some((digit, _)) => (*digit, Some(wanted)),
            None => (9, None),
        };
        // A newer question or message has this digit too: a person goes by the newest.
        let same = self.screens[phone].digit(&number, digit).is_some_and(|newest| newest.at == shown.at && newest.message.is_none());
        if same {
            self.sends(phone, &number, &digit.to_string(), Expect::Choice(chosen, meant), chosen, true);
        }
    }

    pub(crate) fn begins(&mut self, phone: usize) {
        let w = self.wrote.len();
        let text = format!("A new thing to say w{w}");
        let last = self.screens[phone].lines.iter().filter(|line| line.who.is_some()).map(|line| line.number.clone()).collect::<Vec<_>>();
        if last.is_empty() {
            // Nothing on the screen: they know the number from the school's page.
            let number = self.town.office.clone().unwrap_or_else(|| self.town.numbers[0].clone());
            let expect = if self.stray.contains(&phone) { Expect::Office } else { Expect::Words(Meant::Unsure) };
            return self.sends(phone, &number, &text, expect, None, false);
        }
        let number = self.dice.of_these(&last);
        match self.meant(phone, &number) {
            Meant::One(who) => self.now(phone, &number, &text, Expect::Words(Meant::One(who)), Some(who), true),
            Meant::Unsure => {
                let here: Vec<usize> =
                    self.screens[phone].lines.iter().filter(|line| line.number == number).filter_map(|line| line.who).collect();
                let who = self.dice.of_these(&here);
                let text = format!("{}: {text}", self.title(who));
                self.now(phone, &number, &text, Expect::Words(Meant::One(who)), Some(who), true);
            }
        }
    }

    pub(crate) fn old_digit(&mut self, phone: usize) {
        let menus: Vec<Shown> =
            self.screens[phone].lines.iter().filter(|line| line.message.is_some() && !line.digits.is_empty()).cloned().collect();
        if menus.is_empty() {
            return;
        }
        let shown = self.dice.of_these(&menus);
        let offered: Vec<u8> = shown.digits.iter().map(|(digit, _)| *digit).collect();
        let digit = self.dice.of_these(&offered);
        let newest = self.screens[phone].digit(&shown.number, digit).cloned();
        let Some(message) = newest.and_then(|line| line.message) else { return };
        let meant = self.meant(phone, &shown.number);
        let who = self.said[message].who;
        self.sends(phone, &shown.number, &digit.to_string(), Expect::Digit(message, meant), Some(who), false);
    }

    pub(crate) async fn changes_hands(&mut self, phone: usize) {
        let other = self.dice.roll(self.town.families.len());
        if other == phone {
            return;
        }
        self.all_arrives().await;
        self.figures.hands += 1;
        // The families change phones: each roster row keeps its people and has the other's number.
        let (mine, theirs) = (self.town.families[phone].phone.clone(), self.town.families[other].phone.clone());
        self.town.families[phone].phone = theirs;
        self.town.families[other].phone = mine;
        self.screens.swap(phone, other);
        self.read.swap(phone, other);
        // A STOP is the phone's.
        let stopped = [phone, other].map(|place| self.stopped.remove(&place));
        self.stopped.extend([(other, stopped[0]), (phone, stopped[1])].into_iter().filter(|(_, was)| *was).map(|(place, _)| place));
        // A phone that was given on shows nothing of what its last owner read; what they planned to answer, they do not.
        for place in [phone, other] {
            self.screens[place] = Screen::default();
            self.stray.remove(&place);
        }
        self.agenda.retain(|(_, _, act)| {
            !matches!(act, Act::Replies { phone: at, .. } | Act::Chooses { phone: at, .. } | Act::Says(at, _) if [phone, other].contains(at))
        });
        let files = self.town.files();
        self.school.takes_in(&files).await;
        self.school.rounds(1).await;
    }
}

/// The number of a message, as its words say it: "m17".
fn token(text: &str) -> Option<usize> {
    text.split(|mark: char| !mark.is_alphanumeric()).find_map(|word| word.strip_prefix('m')?.parse().ok())
}
