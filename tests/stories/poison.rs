//! One row of a hundred that nothing can be done with: it ends where a person sees it, with words, and the others flow.

use crate::*;
use domain::carrier::{Capacity, Event, Measure, Texts};
use domain::delivery::DeliveryState;
use domain::passage::{NoWords, ToTranslate, Translate, Translated};
use std::sync::Arc;

/// What no step survives.
const MARK: &str = "zanahoria maldita";

/// A translator that fails inside at the mark.
struct Cursed;

#[async_trait::async_trait]
impl Translate for Cursed {
    fn covers(&self, from: &str, to: &str) -> bool {
        from != to
    }
    async fn translate(&self, set: &[ToTranslate]) -> Vec<Result<Translated, NoWords>> {
        assert!(!set.iter().any(|one| one.text.contains(MARK)), "the translator fails inside");
        set.iter().map(|one| Ok(Translated { text: one.text.to_uppercase(), engine: "test".into(), findings: vec![] })).collect()
    }
}

#[tokio::test]
async fn a_text_that_cannot_be_understood_comes_to_the_office_as_it_is_and_the_others_flow() {
    let school = School::wired(|_| {}, |ports| ports.translate = Arc::new(Cursed)).await;
    let phones = [LUCIA, CARMEN, PABLO, JUANA];
    let event = |index: usize| Event::Incoming {
        part: None,
        key: format!("poison{index}"),
        from: phones[index % phones.len()].into(),
        to: OFFICE.into(),
        text: if index == 8 { format!("Hoy no comemos {MARK}") } else { format!("Hoy llegamos tarde, número {index}") }.into(),
        media: vec![],
        carrier_answered: false,
    };
    school.flows.take_events((0..100).map(event).collect(), school.now()).await.expect("taken");
    school.work().await;
    let figures = school.flows.ports().views.inbound_figures(school.district).await.expect("read");
    assert_eq!(figures.received + figures.handled, 99, "the others flow at once: {figures:?}");
    let seen = async || school.tasks("").await.into_iter().filter(|task| task.reason.contains("five times")).collect::<Vec<_>>();
    for _ in 0..4 {
        assert!(seen().await.is_empty(), "it is tried again first");
        school.later(3).await;
    }
    school.later(3).await;
    let tasks = seen().await;
    assert_eq!(tasks.len(), 1, "{tasks:?}");
    let task = &tasks[0];
    assert!(task.reason.contains("failed inside") && task.kind == TaskKind::Attend && task.who.contains("Morales"), "{task:?}");
    assert!(task.wrote.as_ref().is_some_and(|wrote| wrote.0.contains(MARK)), "the office reads it as it came: {task:?}");
    for _ in 0..3 {
        school.later(10).await;
    }
    assert_eq!(seen().await.len(), 1, "once");
    let figures = school.flows.ports().views.inbound_figures(school.district).await.expect("read");
    assert_eq!(figures.received + figures.handled, 100, "{figures:?}");
    school.ends().await;
}

/// A measure of texts that fails inside at a child's name.
struct Tongue;

impl Texts for Tongue {
    fn measure(&self, text: &str, over: Capacity) -> Measure {
        sms::Codec.measure(text, over)
    }
    fn economy(&self, text: &str) -> String {
        assert!(!text.contains("Sofía"), "the codec fails inside");
        sms::Codec.economy(text)
    }
}

#[tokio::test]
async fn a_text_that_cannot_be_put_together_is_told_by_hand_and_the_others_go() {
    let school = School::wired(|_| {}, |ports| ports.texts = Arc::new(Tongue)).await;
    let place = school.flows.ports().people.schools(school.district).await.expect("schools")[0].id;
    let id = school.sends("Ms Okafor", &school.form(Audience::School { school: place }, phrase("reading-at-home", &[]))).await;
    let view = school.flows.ports().views.message_view(school.district, id).await.expect("read").expect("a message");
    let state = |state| view.counts.iter().filter(|row| row.4 == Some(state)).map(|row| row.5).sum::<i64>();
    assert!(state(DeliveryState::Accepted) > 20 && state(DeliveryState::Failed) == 1, "{:?}", view.counts);
    assert_eq!(state(DeliveryState::Queued) + state(DeliveryState::Claimed), 0, "the others go");
    let tasks = school.tasks("Sofía").await;
    assert!(tasks.iter().any(|task| task.kind == TaskKind::NotReached), "somebody tells them: {tasks:?}");
    let reasons: Vec<&str> = view.not_reached.iter().map(|row| row.3.as_str()).collect();
    assert!(reasons.iter().any(|reason| reason.contains("could not be put together")), "{reasons:?}");
    assert!(school.texts(LUCIA).is_empty() && !school.texts(KARIM).is_empty());
    school.ends().await;
}
