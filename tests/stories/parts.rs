//! Long texts that a company hands over in parts: one text in the thread, whatever order they came in.

use crate::*;
use domain::carrier::{Event, Part};

fn part(key: &str, from: &str, to: &str, number: u16, of: u16, text: &str) -> Event {
    Event::Incoming {
        key: key.into(),
        from: from.into(),
        to: to.into(),
        text: text.into(),
        media: vec![],
        carrier_answered: false,
        part: Some(Part { set: "77".into(), number, of }),
    }
}

async fn wrote(school: &School) -> Vec<String> {
    let thread = school.thread("Ms Rivera", "Jane").await;
    thread.bubbles.into_iter().filter(|bubble| bubble.incoming).map(|bubble| bubble.text).collect()
}

#[tokio::test]
async fn parts_in_any_order_and_twice_are_one_text() {
    let school = School::open().await;
    school.sends("Ms Rivera", &school.to_family("Leo Baker", phrase("reading-at-home", &[])).await).await;
    let number = school.number(JANE);
    let events = [
        part("p2", JANE, &number, 2, 3, "was read twice, "),
        part("p3", JANE, &number, 3, 3, "by him."),
        part("p2", JANE, &number, 2, 3, "was read twice, "),
    ];
    for event in events {
        school.flows.take_events(vec![event], school.now()).await.expect("taken");
        school.work().await;
    }
    assert!(school.inbox("Ms Rivera").await.is_empty(), "half a text is nobody's to read yet");
    school.flows.take_events(vec![part("p1", JANE, &number, 1, 3, "The long book ")], school.now()).await.expect("taken");
    school.work().await;
    assert_eq!(wrote(&school).await, ["The long book was read twice, by him."]);
    school.flows.take_events(vec![part("p1", JANE, &number, 1, 3, "The long book ")], school.now()).await.expect("dropped");
    school.later(15).await;
    assert_eq!(wrote(&school).await.len(), 1, "a part that comes again after that makes no second text");
    school.ends().await;
}

#[tokio::test]
async fn what_came_of_a_text_is_read_though_a_part_never_comes() {
    let school = School::open().await;
    school.sends("Ms Rivera", &school.to_family("Leo Baker", phrase("reading-at-home", &[])).await).await;
    let number = school.number(JANE);
    school.flows.take_events(vec![part("p1", JANE, &number, 1, 2, "Leo is ill and")], school.now()).await.expect("taken");
    for _ in 0..3 {
        school.later(4).await;
    }
    assert_eq!(wrote(&school).await, ["Leo is ill and […]"]);
    school.ends().await;
}
