//! Two accounts: what one surely did not take goes over the other, once, and its answer finds its teacher all the same.

use crate::*;
use domain::carrier::*;
use domain::delivery::DeliveryState;
use domain::people::{Channel, Sender, SenderUse};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const SPARE: &str = "+12035550301";
const SECOND: &str = "+12035550302";

/// The account whose company fails.
#[derive(Default)]
struct Town {
    inner: Mutex<Option<Arc<dyn Carrier>>>,
    fault: Mutex<Option<SendFault>>,
    asked: Mutex<usize>,
}

impl Town {
    fn fails(&self, fault: Option<SendFault>) {
        *self.fault.lock().expect("no panic holds it") = fault;
    }
    fn inner(&self) -> Arc<dyn Carrier> {
        self.inner.lock().expect("no panic holds it").clone().expect("wired")
    }
}

#[async_trait::async_trait]
impl Carrier for Town {
    fn abilities(&self) -> Abilities {
        Abilities { repeat: Repeat::Blind, receipts: true, longest: 0, capacity: Capacity::default(), slowest: Duration::from_secs(60) }
    }
    async fn send(&self, set: &[Outgoing]) -> Vec<SendResult> {
        *self.asked.lock().expect("no panic holds it") += set.len();
        let fault = self.fault.lock().expect("no panic holds it").clone();
        match fault {
            Some(fault) => set.iter().map(|_| SendResult::Fault(fault.clone())).collect(),
            None => self.inner().send(set).await,
        }
    }
    async fn find(&self, attempts: &[Attempted]) -> Vec<Found> {
        self.inner().find(attempts).await
    }
}

/// A school whose numbers belong to an account `town`; a spare number of another account stands by, with these weights.
async fn with_spares(weights: &[(&str, i64)]) -> (School, Arc<Town>) {
    let town = Arc::new(Town::default());
    let account = town.clone();
    let school = School::wired(
        |_| {},
        |ports| {
            let air = ports.carriers.get(Channel::Sms, "").expect("texts").clone();
            let mail = ports.carriers.get(Channel::Email, "").expect("letters").clone();
            *account.inner.lock().expect("no panic holds it") = Some(air.clone());
            let texts = messaging::Carriers::default().with(Channel::Sms, "town", account.clone()).with(Channel::Sms, "village", air);
            ports.carriers = texts.with(Channel::Email, "post", mail);
        },
    )
    .await;
    let ports = school.flows.ports();
    let senders = ports.people.senders(school.district).await.expect("senders");
    for sender in senders.iter().filter(|sender| sender.channel == Channel::Sms) {
        let sender = Sender { account: "town".into(), ..sender.clone() };
        ports.directory.save_sender(school.district, &sender).await.expect("saved");
    }
    let first = senders.iter().find(|sender| sender.address == OFFICE).expect("the office's number");
    for (address, weight) in weights {
        let spare = Sender {
            id: SenderId(ports.ids.next()),
            address: (*address).into(),
            use_for: SenderUse::Conversation,
            account: "village".into(),
            weight: *weight,
            // It is there for the other account's texts: a route of its own is never chosen for it while the others work.
            ..first.clone()
        };
        ports.directory.save_sender(school.district, &spare).await.expect("saved");
    }
    (school, town)
}

fn down() -> Option<SendFault> {
    Some(SendFault::NotSent("down".into()))
}

async fn meeting(school: &School) -> testkit::Form {
    let when = [("date", "2026-03-12"), ("time", "17:30"), ("place", "room 12")];
    let mut form = school.to_class("Grade 2 reading", phrase("class-meeting", &when)).await;
    form.answers = AnswerSet::Coming;
    form
}

#[tokio::test]
async fn what_did_not_leave_goes_over_the_other_account_once_and_the_answer_reaches_its_teacher() {
    let (school, town) = with_spares(&[(SPARE, 1)]).await;
    town.fails(down());
    school.sends("Ms Rivera", &meeting(&school).await).await;
    for _ in 0..4 {
        school.later(1).await;
    }
    assert_eq!(school.texts(LUCIA).len(), 1, "once: {:?}", school.texts(LUCIA));
    assert_eq!(school.number(LUCIA), SPARE);
    school.answers(LUCIA, "1").await;
    let thread = school.thread("Ms Rivera", "Lucía").await;
    assert!(thread.bubbles.iter().any(|bubble| bubble.incoming && bubble.text.contains("Coming")), "{:?}", thread.bubbles);
    town.fails(None);
    for _ in 0..30 {
        school.later(10).await;
    }
    assert_eq!(school.texts(LUCIA).iter().filter(|text| text.1.contains("12")).count(), 1, "never over both");
    school.sends("Ms Rivera", &school.to_family("Leo Baker", free("Leo read a whole page today.")).await).await;
    assert_ne!(school.number(JANE), SPARE, "the own number speaks again when it works");
    school.ends().await;
}

#[tokio::test]
async fn what_may_have_left_waits_and_never_goes_over_the_other() {
    let (school, town) = with_spares(&[(SPARE, 1)]).await;
    town.fails(Some(SendFault::Unclear("cut".into())));
    let id = school.sends("Ms Rivera", &meeting(&school).await).await;
    for _ in 0..12 {
        school.later(10).await;
    }
    assert!(school.texts(LUCIA).is_empty());
    let view = school.flows.ports().views.message_view(school.district, id).await.expect("read").expect("a message");
    let mut texts = view.counts.iter().filter(|row| row.1 == Channel::Sms);
    assert!(texts.all(|row| row.4 == Some(DeliveryState::Uncertain)), "{:?}", view.counts);
    town.fails(None);
    school.ends().await;
}

#[tokio::test]
async fn a_refused_account_is_no_silence_where_another_stands_by_and_a_pause_where_none_does() {
    let refused = || Some(SendFault::Config("the company refuses our account".into()));
    let (school, town) = with_spares(&[(SPARE, 1)]).await;
    town.fails(refused());
    school.sends("Ms Rivera", &meeting(&school).await).await;
    school.later(1).await;
    assert_eq!((school.texts(LUCIA).len(), school.number(LUCIA)), (1, SPARE.to_owned()));
    let paused = |senders: Vec<Sender>| senders.iter().filter(|sender| sender.paused).count();
    assert_eq!(paused(school.flows.ports().people.senders(school.district).await.expect("senders")), 0, "it is tried again now and then");
    town.fails(None);
    school.ends().await;
    let (school, town) = with_spares(&[(SPARE, 0)]).await;
    town.fails(refused());
    school.sends("Ms Rivera", &meeting(&school).await).await;
    school.later(1).await;
    assert!(school.texts(LUCIA).is_empty(), "a weight of 0 takes nothing over");
    assert!(paused(school.flows.ports().people.senders(school.district).await.expect("senders")) > 0);
    town.fails(None);
    let office = school.person("Jo Baker").await;
    let senders = school.flows.ports().people.senders(school.district).await.expect("senders");
    for sender in senders.iter().filter(|sender| sender.paused) {
        school.flows.pause_sender(&office, sender.id, false).await.expect("goes on");
    }
    school.later(6).await;
    assert_eq!(school.texts(LUCIA).len(), 1, "nothing was lost");
    school.ends().await;
}

#[tokio::test]
async fn digits_begin_anew_on_the_other_number_and_each_answer_finds_its_message() {
    let (school, town) = with_spares(&[(SPARE, 1)]).await;
    town.fails(down());
    let first = school.sends("Ms Rivera", &meeting(&school).await).await;
    let second = school.sends("Ms Rivera", &meeting(&school).await).await;
    for _ in 0..4 {
        school.later(1).await;
    }
    let over: Vec<String> = school.texts(LUCIA).into_iter().filter(|text| text.0 == SPARE).map(|text| text.1).collect();
    assert_eq!(over.len(), 2, "{over:?}");
    let digits = |text: &str| -> Vec<u8> {
        text.lines()
            .last()
            .unwrap_or_default()
            .split_whitespace()
            .filter_map(|word| word.parse().ok())
            .filter(|digit| *digit != 0)
            .collect()
    };
    let (here, there) = (digits(&over[0]), digits(&over[1]));
    assert!(!here.is_empty() && !there.is_empty() && here.iter().all(|digit| !there.contains(digit)), "{over:?}");
    school.answers(LUCIA, &there[0].to_string()).await;
    let answered = async |id| {
        let view = school.flows.ports().views.message_view(school.district, id).await.expect("read").expect("a message");
        view.answers.len()
    };
    assert_eq!((answered(first).await, answered(second).await), (0, 1), "the digit belongs to the second");
    town.fails(None);
    school.ends().await;
}

#[tokio::test]
async fn weights_share_it_out() {
    let (school, town) = with_spares(&[(SPARE, 3), (SECOND, 1)]).await;
    town.fails(down());
    let mut over = [0, 0];
    let mut on = std::collections::BTreeMap::new();
    for round in 0..40 {
        let words = format!("Leo read page {round} today, all alone and aloud.");
        school.writes_down("Ms Rivera", &school.to_family("Leo Baker", free(&words)).await).await;
        school.later(1).await;
        school.later(1).await;
    }
    for _ in 0..10 {
        school.later(1).await;
    }
    for (number, text) in school.texts(JANE) {
        *on.entry((number.clone(), text.contains("\n1 "))).or_insert(0) += 1;
        over[usize::from(number == SECOND)] += 1;
    }
    assert_eq!(over[0] + over[1], 40, "each once: {over:?}");
    assert!(over[0] > over[1] && over[1] > 0, "{over:?}");
    assert!(on.iter().all(|((_, first), count)| !first || *count == 1), "a digit stands for one thing on a number: {on:?}");
    town.fails(None);
    school.ends().await;
}

#[tokio::test]
async fn who_administers_says_how_fast_a_number_speaks_and_who_helps_out() {
    let (school, _town) = with_spares(&[(SPARE, 1)]).await;
    let ports = school.flows.ports();
    let number = async || {
        let all = ports.people.senders(school.district).await.expect("senders");
        all.into_iter().find(|sender| sender.address == SPARE).expect("the spare")
    };
    let id = number().await.id;
    let good = messaging::SenderSettings {
        kind: domain::people::NumberKind::Other,
        rate: Some(0.05),
        account: "village".into(),
        weight: 0,
        brand: "maple".into(),
        daily: Some(200),
        calls: domain::calls::Calls::default(),
    };
    let admin = school.person("Jo Baker").await;
    for (wrong, words) in [
        (messaging::SenderSettings { rate: Some(0.0), ..good.clone() }, "Texts a second"),
        (messaging::SenderSettings { weight: 101, ..good.clone() }, "share"),
        (messaging::SenderSettings { brand: " ".into(), ..good.clone() }, "write the brand"),
        (messaging::SenderSettings { account: "elsewhere".into(), ..good.clone() }, "stands in no configuration"),
    ] {
        let fault = school.flows.change_sender(&admin, id, &wrong).await.expect_err("refused").to_string();
        assert!(fault.contains(words), "{fault}");
    }
    assert_eq!(number().await.rate, 500.0, "nothing of a wrong form is kept");
    let teacher = school.person("Ms Rivera").await;
    assert!(school.flows.change_sender(&teacher, id, &good).await.is_err(), "a teacher may not");
    school.flows.change_sender(&admin, id, &good).await.expect("changed");
    let changed = number().await;
    assert_eq!(
        (changed.rate, changed.account.as_str(), changed.weight, changed.brand.as_str(), changed.daily),
        (0.05, "village", 0, "maple", 200)
    );
    // Nothing said: as is usual for its kind; a kind with a limit a day wants the brand that shares it.
    use domain::people::NumberKind;
    let usual = |kind, brand: &str| messaging::SenderSettings { kind, rate: None, daily: None, brand: brand.into(), ..good.clone() };
    for (kind, rate, daily) in [(NumberKind::Registered, 3.75, 2_000), (NumberKind::TollFree, 3.0, 0), (NumberKind::ShortCode, 100.0, 0)] {
        school.flows.change_sender(&admin, id, &usual(kind, "maple")).await.expect("changed");
        let changed = number().await;
        assert_eq!((changed.kind, changed.rate, changed.daily), (kind, rate, daily));
    }
    let nobodys = school.flows.change_sender(&admin, id, &usual(NumberKind::Sole, "")).await.expect_err("refused").to_string();
    assert!(nobodys.contains("write the brand"), "{nobodys}");
    let own = messaging::SenderSettings { rate: Some(12.0), daily: Some(0), ..usual(NumberKind::Registered, "") };
    school.flows.change_sender(&admin, id, &own).await.expect("a better score");
    assert_eq!((number().await.rate, number().await.daily), (12.0, 0), "what is said counts");
    school.ends().await;
}
