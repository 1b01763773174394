//! Asked to end: nothing is begun, what is under way settles, and the process is gone within ten seconds.

mod common;

use common::{House, Stub, until};
use domain::delivery::DeliveryState;
use std::time::{Duration, Instant};

#[tokio::test]
async fn calls_under_way_settle_the_rest_goes_back_and_nothing_new_is_claimed() {
    let carrier = Stub::slow();
    let house = House::new(&carrier, "").await;
    let (busy, other) = (house.sender(100.0).await, house.sender(100.0).await);
    let mut texts = Vec::new();
    for _ in 0..20 {
        texts.push(house.queue(busy).await);
    }
    let mut served = house.serve("warn");
    // Twenty are claimed at once; sixteen calls fit beside each other.
    until("sixteen calls are under way", 20, async || carrier.calls() == 16).await;
    served.ask_to_end();
    let begun = Instant::now();
    until("nobody new is let in", 5, async || !served.accepts()).await;
    let late = house.queue(other).await;
    // Workers look twice a second: one that still worked would have claimed this by then.
    while begun.elapsed() < Duration::from_millis(1500) && house.state(late).await == DeliveryState::Queued {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    carrier.let_answer();
    let (_, well) = served.ended(10).await;
    assert!(well && begun.elapsed() < Duration::from_secs(10), "after {:?}: {}", begun.elapsed(), served.log());
    assert_eq!(house.claim_and_die(other).await, [1], "nothing was claimed after the signal: the first claim is ours");
    let mut states = Vec::new();
    for text in texts {
        states.push(house.state(text).await);
    }
    let count = |state| states.iter().filter(|known| **known == state).count();
    assert_eq!((count(DeliveryState::Accepted), count(DeliveryState::Queued)), (16, 4), "{states:?}");
    assert_eq!(carrier.calls(), 16, "no call is begun after the signal");
}

#[tokio::test]
async fn a_carrier_that_never_answers_holds_up_no_exit_and_its_row_stays_claimed() {
    let carrier = Stub::slow();
    let house = House::new(&carrier, "").await;
    let text = house.queue(house.sender(1.0).await).await;
    let mut served = house.serve("warn");
    until("a call is under way", 20, async || carrier.calls() == 1).await;
    served.ask_to_end();
    let (took, well) = served.ended(12).await;
    assert!(well && took < Duration::from_secs(10), "after {took:?}: {}", served.log());
    assert_eq!(house.state(text).await, DeliveryState::Claimed, "its deadline, not the exit, decides");
    assert!(served.log().contains("stays claimed"), "the operator is told: {}", served.log());
}

#[tokio::test]
async fn an_open_page_ends_at_once() {
    let carrier = Stub::slow();
    let house = House::new(&carrier, "").await;
    let mut served = house.serve("warn");
    let mut stream = served.open_page().await;
    let first = stream.chunk().await.expect("a chunk").expect("the first line comes at once");
    assert!(String::from_utf8_lossy(&first).contains("news"));
    served.ask_to_end();
    let rest = async { while let Ok(Some(_)) = stream.chunk().await {} };
    tokio::time::timeout(Duration::from_secs(5), rest).await.expect("the stream ends");
    let (took, well) = served.ended(10).await;
    assert!(well && took < Duration::from_secs(5), "after {took:?}");
}

#[tokio::test]
async fn a_repeat_that_did_not_leave_keeps_its_claim() {
    let carrier = Stub::slow();
    let house = House::new(&carrier, "").await;
    let sender = house.sender(1.0).await;
    let text = house.queue(sender).await;
    assert_eq!(house.claim_and_die(sender).await, [1]);
    // Nobody listens there any more: the repeat with the same key cannot leave.
    drop(carrier);
    let mut served = house.serve("warn");
    until("the repeat was tried", 20, async || served.get(&served.metrics, "/metrics").await.1.contains("outcome=\"not-sent\"")).await;
    // What follows the answer is finished before the process ends.
    served.ask_to_end();
    served.ended(10).await;
    assert_eq!(house.state(text).await, DeliveryState::Claimed, "queued again it would go under a new key, perhaps twice");
}

#[tokio::test]
async fn a_house_with_nothing_to_do_rests() {
    let carrier = Stub::slow();
    let house = House::new(&carrier, "").await;
    let served = house.serve("warn");
    until("it is ready", 20, async || served.get(&served.pages, "/healthz/ready").await.0 == 200).await;
    let (begun, before) = (Instant::now(), served.worked());
    // Over two seconds it may look four times what is due; a loop that never waits would fill two hundred hundredths.
    until("two seconds passed", 5, async || begun.elapsed() > Duration::from_secs(2)).await;
    let worked = served.worked() - before;
    assert!(worked < 60, "{worked} hundredths of a second of work in two seconds");
}
