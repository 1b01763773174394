//! A carrier that brings texts at once, late, twice, and two of one minute in either order.

use crate::life::{Act, Expect, Life, Wrote};
use crate::screen::Shown;
use domain::Time;
use domain::carrier::Event;

impl Life {
    /// A text is written, and comes at once, late, or twice.
    pub(crate) fn sends(&mut self, phone: usize, number: &str, text: &str, expect: Expect, who: Option<usize>, ordinary: bool) {
        let now = self.school.now();
        let late = if self.dice.once_in(8) { self.dice.roll(120) as i64 } else { 0 };
        self.figures.late += u64::from(late > 0);
        let way = self.way.get(&(phone, number.to_owned())).copied().unwrap_or(now);
        let at = now.plus_minutes(late).max(way);
        self.write(phone, number, text, expect, who, ordinary, at);
    }

    /// A text that no carrier holds up.
    pub(crate) fn now(&mut self, phone: usize, number: &str, text: &str, expect: Expect, who: Option<usize>, ordinary: bool) {
        let at = self.way.get(&(phone, number.to_owned())).copied().unwrap_or(Time(0)).max(self.school.now());
        if at == self.school.now() {
            self.write(phone, number, text, expect, who, ordinary, at);
        }
    }

    #[expect(clippy::too_many_arguments, reason = "a text is what it is")]
    pub(crate) fn write(&mut self, phone: usize, number: &str, text: &str, expect: Expect, who: Option<usize>, ordinary: bool, at: Time) {
        let expect = if self.stray.contains(&phone) { Expect::Office } else { expect };
        let own = Shown { at: self.school.now(), number: number.to_owned(), who, own: true, message: None, digits: vec![] };
        self.screens[phone].lines.push(own);
        self.way.insert((phone, number.to_owned()), at);
        let index = self.wrote.len();
        let key = format!("w{index}");
        let (number, text) = (number.to_owned(), text.to_owned());
        self.wrote.push(Wrote { key, phone, number, text, expect, ordinary, checked: false, arrived: false });
        self.plan(at, Act::Arrives(index));
        if self.dice.once_in(8) {
            self.figures.duplicates += 1;
            let again = at.plus_minutes(self.dice.of_these(&[0, 0, 5, 300]));
            self.plan(again, Act::Arrives(index));
        }
        // Two of one minute, the later first.
        let before = self.agenda.len().checked_sub(2).and_then(|place| self.agenda.get(place)).map(|entry| (entry.0, entry.2.clone()));
        if let Some((when, Act::Arrives(other))) = before
            && when == at
            && other + 1 == index
            && self.wrote[other].phone == phone
            && self.dice.once_in(2)
        {
            let (last, earlier) = (self.agenda.len() - 1, self.agenda.len() - 2);
            (self.agenda[last].1, self.agenda[earlier].1) = (self.agenda[earlier].1, self.agenda[last].1);
        }
    }

    /// Everything on its way comes now.
    pub(crate) async fn all_arrives(&mut self) {
        let (coming, rest): (Vec<_>, Vec<_>) = self.agenda.drain(..).partition(|(_, _, act)| matches!(act, Act::Arrives(_)));
        self.agenda = rest;
        let mut coming = coming;
        coming.sort_by_key(|(at, count, _)| (*at, *count));
        for (_, _, act) in coming {
            if let Act::Arrives(index) = act {
                self.arrives(index).await;
                self.look();
                self.check().await;
            }
        }
    }

    pub(crate) async fn arrives(&mut self, index: usize) {
        let wrote = self.wrote[index].clone();
        let phone = self.town.families[wrote.phone].phone.clone();
        let event = Event::Incoming {
            key: wrote.key,
            from: phone.as_str().into(),
            to: wrote.number.as_str().into(),
            text: wrote.text.as_str().into(),
            media: vec![],
            carrier_answered: false,
            part: None,
        };
        self.school.flows.take_events(vec![event], self.school.now()).await.expect("taken");
        self.wrote[index].arrived = true;
        self.school.rounds(1).await;
    }
}
