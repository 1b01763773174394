//! What must hold of each text that came in, and of all of them at the end.

use crate::ear::End;
use crate::life::{Expect, Figures, Life};
use crate::screen::{Meant, Shown};
use domain::conversation::Place;
use domain::*;
use std::collections::BTreeMap;

impl Life {
    /// Every text that came in is in one place, and that is the right one.
    pub(crate) async fn check(&mut self) {
        for index in 0..self.wrote.len() {
            if self.wrote[index].checked || !self.wrote[index].arrived {
                continue;
            }
            self.wrote[index].checked = true;
            let wrote = self.wrote[index].clone();
            let (id, end, carried) = {
                let heard = self.heard.lock().expect("no panic holds it");
                let id = *heard.keys.get(&wrote.key).unwrap_or_else(|| panic!("lost: {wrote:?}"));
                let end = *heard.places.get(&id).unwrap_or_else(|| panic!("nowhere: {wrote:?}"));
                let carried: Vec<IncomingId> = heard.carried.iter().filter(|(by, _)| *by == id).map(|(_, what)| *what).collect();
                (id, end, carried)
            };
            self.figures.incoming += 1;
            self.figures.ordinary += u64::from(wrote.ordinary);
            self.figures.asked += u64::from(wrote.ordinary && end.place == Place::Question);
            self.figures.threads += u64::from(end.place == Place::Thread);
            self.figures.office += u64::from(end.place == Place::Office);
            let answered = match end.answered {
                Some(delivery) => {
                    let info = self.school.flows.ports().outbound.delivery(self.school.district, delivery).await.expect("read");
                    let message = info.expect("a delivery").message.id;
                    Some(self.said.iter().position(|said| said.id == message).expect("a message of this town"))
                }
                None => None,
            };
            let told = format!(
                "{wrote:?} ended as {end:?} ({id:?}), answered {answered:?}; what was written before:\n{}\nthe screen:\n{}",
                self.before(index),
                self.screen(wrote.phone, &wrote.number)
            );
            match &wrote.expect {
                Expect::Words(meant) => {
                    assert_eq!(answered, None, "words were taken for a digit: {}", told);
                    self.right(meant, None, &end, &told);
                }
                Expect::Digit(message, meant) => {
                    assert!(answered.is_none_or(|found| found == *message), "a digit was given to another message: {}", told);
                    match answered {
                        Some(_) => self.figures.digits += 1,
                        None => self.right(meant, Some(self.said[*message].who), &end, &told),
                    }
                }
                Expect::Choice(chosen, meant) => {
                    assert_eq!(answered, None, "a choice was taken for an answer: {}", told);
                    let heard = self.heard.lock().expect("no panic holds it");
                    for what in &carried {
                        let there = heard.places[what];
                        let staff = chosen.map(|who| self.staff[who]);
                        assert!(there.staff == staff, "what waited went to {there:?}: {}", told);
                    }
                    let waits = heard.places.iter().filter(|(_, end)| end.place == Place::Question).map(|(id, _)| *id);
                    let theirs = |id: &IncomingId| {
                        let key = heard.keys.iter().find(|(_, other)| *other == id).map(|(key, _)| key);
                        self.wrote.iter().any(|one| Some(&one.key) == key && one.phone == wrote.phone && one.number == wrote.number)
                    };
                    let left = waits.filter(theirs).count();
                    assert!(carried.is_empty() || left == 0, "{left} texts still wait: {}", told);
                    drop(heard);
                    self.figures.chosen += u64::from(!carried.is_empty());
                    self.figures.carried += carried.len() as u64;
                    if carried.is_empty() {
                        self.right(meant, *chosen, &end, &told);
                    }
                }
                Expect::Keyword => assert_eq!(end.place, Place::Handled, "a keyword: {}", told),
                Expect::Office => assert!(matches!(end.place, Place::Office | Place::Handled), "nobody knows who that is: {}", told),
            }
        }
    }

    /// What this person wrote to this number, and where it is by now.
    fn before(&self, index: usize) -> String {
        let (phone, number) = (self.wrote[index].phone, &self.wrote[index].number);
        let heard = self.heard.lock().expect("no panic holds it");
        let theirs = self.wrote.iter().filter(|one| one.phone == phone && one.number == *number);
        let line = |one: &crate::life::Wrote| {
            let end = heard.keys.get(&one.key).and_then(|id| heard.places.get(id));
            format!("  {} {:?} {:?} {end:?}", one.key, one.text, one.expect)
        };
        theirs.map(line).collect::<Vec<_>>().join("\n")
    }

    /// In no other teacher's thread.
    pub(crate) fn right(&self, meant: &Meant, also: Option<usize>, end: &End, told: &str) {
        match end.place {
            Place::Thread => {
                let staff = end.staff.expect("a thread is somebody's");
                let who = self.staff.iter().position(|one| *one == staff);
                let fits = matches!(meant, Meant::One(one) if Some(*one) == who) || (also.is_some() && also == who);
                assert!(fits, "a text reached the wrong person, or a guess: {}", told);
            }
            Place::Question | Place::Office => {}
            other => panic!("it ended as {other:?}: {}", told),
        }
    }

    pub(crate) fn screen(&self, phone: usize, number: &str) -> String {
        let lines: Vec<&Shown> = self.screens[phone].lines.iter().filter(|line| line.number == number).collect();
        let said =
            lines.iter().rev().take(20).rev().map(|line| format!("  {:?} {} {:?}", line.at, if line.own { "own" } else { "got" }, line));
        said.collect::<Vec<_>>().join("\n")
    }

    /// The end: what the house keeps says the same as what was heard, and nothing is in two threads.
    pub async fn ends(mut self) -> Figures {
        self.all_arrives().await;
        self.school.work().await;
        let ports = self.school.flows.ports();
        let figures = ports.views.inbound_figures(self.school.district).await.expect("figures");
        let arrived = self.wrote.iter().filter(|one| one.arrived).count() as i64;
        assert_eq!(figures.received + figures.handled, arrived, "every text is there once: {figures:?}");
        let place = ports.people.schools(self.school.district).await.expect("schools")[0].id;
        let mut seen: BTreeMap<(String, i64), Vec<StaffId>> = BTreeMap::new();
        for row in ports.views.inbox(self.school.district, self.staff[0], true, &[place], self.school.now()).await.expect("an inbox") {
            let view = ports.views.thread_view(self.school.district, row.thread).await.expect("read").expect("a thread");
            let info = ports.inbound.thread(self.school.district, row.thread).await.expect("read").expect("a thread");
            for bubble in view.bubbles.iter().filter(|bubble| bubble.incoming) {
                let text = if bubble.original.is_empty() { bubble.text.clone() } else { bubble.original.clone() };
                seen.entry((text, bubble.at.0)).or_default().push(info.staff);
            }
        }
        {
            let heard = self.heard.lock().expect("no panic holds it");
            for wrote in self.wrote.iter().filter(|one| one.arrived && one.text.contains(" w")) {
                let end = heard.places[&heard.keys[&wrote.key]];
                let places: Vec<StaffId> = seen
                    .iter()
                    .filter(|((text, _), _)| *text == wrote.text || text.ends_with(&wrote.text))
                    .flat_map(|(_, staff)| staff.clone())
                    .collect();
                let wanted: Vec<StaffId> = if end.place == Place::Thread { end.staff.into_iter().collect() } else { vec![] };
                assert!(places == wanted || (end.answered.is_some() && places.len() <= 1), "{wrote:?} is in {places:?}, heard {end:?}");
            }
        }
        let figures = self.figures;
        self.school.ends().await;
        figures
    }
}
