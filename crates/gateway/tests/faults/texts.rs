//! Between Homeword and the company that carries texts.

use crate::carrier::{Carrier, Kind};
use crate::common::{House, until};
use crate::proxy::{Behind, Fault, Proxy};
use domain::delivery::DeliveryState::{self, *};
use domain::{DeliveryId, SenderId};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// Everything between a queue and a carrier.
struct Scene {
    carrier: Arc<Carrier>,
    proxy: Proxy,
    house: House,
    sender: SenderId,
}

impl Drop for Scene {
    fn drop(&mut self) {
        self.carrier.stop();
    }
}

impl Scene {
    async fn set(kind: Kind) -> Scene {
        let carrier = Carrier::start(kind).await;
        let proxy = Proxy::start(Behind::Tcp(carrier.address.clone())).await;
        let house = House::of(&proxy.address, kind.outcome(), None).await;
        let sender = house.sender(10_000.0).await;
        Scene { carrier, proxy, house, sender }
    }

    async fn queue(&self, count: usize) -> Vec<DeliveryId> {
        let mut texts = Vec::with_capacity(count);
        for _ in 0..count {
            texts.push(self.house.queue(self.sender).await);
        }
        texts
    }

    async fn states(&self, texts: &[DeliveryId]) -> BTreeMap<&'static str, usize> {
        let mut states = BTreeMap::new();
        for text in texts {
            *states.entry(self.house.state(*text).await.as_str()).or_default() += 1;
        }
        states
    }

    /// Waits until each of these is where it should be.
    async fn all(&self, texts: &[DeliveryId], seconds: u64, what: &str, may: &[DeliveryState]) {
        until(what, seconds, async || {
            for text in texts {
                if !may.contains(&self.house.state(*text).await) {
                    return false;
                }
            }
            true
        })
        .await;
    }

    /// Each of these went to its phone once.
    fn once(&self, texts: &[DeliveryId]) {
        let sent = self.carrier.sent();
        for text in texts {
            assert_eq!(sent.get(&text.0).copied().unwrap_or_default(), 1, "delivery {text}: lost, or sent twice");
        }
    }
}

/// The carrier's answer is cut at every place it has, twice over; then the line is good again.
async fn cut_at_every_byte(kind: Kind) {
    let scene = Scene::set(kind).await;
    let first = scene.queue(1).await;
    let _served = scene.house.serve("warn");
    scene.all(&first, 20, "a good line carries", &[Accepted]).await;
    let whole = scene.proxy.passed();
    assert!(whole > 100, "an answer has {whole} bytes");

    // The last place is the end of a whole answer. One more: the connection that is open takes a place, and may not be used.
    scene.proxy.set(Fault::CutEach(whole));
    let mut texts = scene.queue(2 * (whole + 1)).await;
    // An answer that came whole frees its connection, which ends right then: a text that is quick enough goes over it and takes no
    // place of its own. Then another one does.
    let begun = std::time::Instant::now();
    let mut more = Duration::from_secs(15);
    while scene.proxy.cuts() < 2 * (whole + 1) {
        assert!(begun.elapsed() < Duration::from_secs(60), "not in 60 s: every place was cut twice");
        if begun.elapsed() > more {
            texts.extend(scene.queue(1).await);
            more += Duration::from_secs(5);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    if kind == Kind::Blind {
        scene.all(&texts, 30, "each is settled", &[Accepted, Uncertain]).await;
        let states = scene.states(&texts).await;
        assert!(states["uncertain"] >= 2 * whole - 1, "a cut answer is uncertain, visibly: {states:?}");
        scene.once(&texts);
        // Nothing more comes of it by itself on a good line.
        scene.proxy.set(Fault::None);
        let more = scene.queue(3).await;
        scene.all(&more, 20, "others flow", &[Accepted]).await;
        scene.once(&texts);
        assert_eq!(scene.states(&texts).await, states);
    } else {
        scene.proxy.set(Fault::None);
        scene.all(&texts, 60, "each is resolved after its deadline", &[Accepted]).await;
        scene.once(&texts);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_cut_at_any_byte_is_never_sent_again_to_a_blind_carrier() {
    cut_at_every_byte(Kind::Blind).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_cut_at_any_byte_is_resolved_by_the_same_key() {
    cut_at_every_byte(Kind::Keyed).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_cut_at_any_byte_is_resolved_by_asking() {
    cut_at_every_byte(Kind::LookUp).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_answer_counts_and_one_that_drips_is_silent_or_is_reset_is_uncertain_in_time() {
    let scene = Scene::set(Kind::Blind).await;
    let _served = scene.house.serve("warn");
    scene.proxy.set(Fault::Delay(Duration::from_millis(300)));
    let late = scene.queue(3).await;
    scene.all(&late, 10, "late, and in time", &[Accepted]).await;
    let mut all = late;
    for fault in [Fault::Drip(Duration::from_millis(100)), Fault::Silent, Fault::Reset(0), Fault::Reset(20)] {
        // Only what the carrier took whole can be silent afterwards: before that, nothing reaches it.
        scene.proxy.set(fault);
        let texts = scene.queue(3).await;
        // A call may take a second; workers look twice a second.
        scene.all(&texts, 8, &format!("{fault:?} ends at the time-out"), &[Uncertain]).await;
        if fault != Fault::Silent {
            all.extend(texts);
        }
    }
    scene.proxy.set(Fault::None);
    let good = scene.queue(3).await;
    scene.all(&good, 10, "others flow", &[Accepted]).await;
    all.extend(good);
    scene.once(&all);
    assert!(scene.carrier.sent().values().all(|times| *times == 1), "{:?}", scene.carrier.sent());
}
