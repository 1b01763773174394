//! A seeded simulation of the rules that are pure: queue, consent, quiet hours, routing, under the faults of a bad week. Nodes die or
//! sleep between every two acts, carriers of each kind lose, delay, repeat and refuse, clocks are set, families stop and start, orders
//! and rosters change. After every step its invariants hold (`checks`), and when the faults stop, everything comes to an end.
//!
//! A failing seed is printed; `HOMEWORD_SEED=… cargo test -p testkit --test simulation` replays exactly that one.
//! The store's SQL is re-stated by `queue`; a part of the steps runs on the real SQLite store as well, and both must agree.

mod checks;
mod company;
mod dice;
mod mirror;
mod node;
mod people;
mod queue;
mod world;

use domain::Time;
use domain::delivery::DeliveryState::*;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use world::World;

/// Steps of one seed.
const STEPS: u64 = 1000;
const VARIABLE: &str = "HOMEWORD_SEED";

/// Runs one seed to its end; gives what was seen.
fn run(seed: u64, steps: u64, on_the_store: bool) -> World {
    let mut world = World::of(seed);
    if on_the_store {
        world.queue.mirror = Some(mirror::Mirror::open(&world.senders));
    }
    let mut done = 0;
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        while done < steps {
            world.step();
            done += 1;
        }
        calm(&mut world);
    }));
    if let Err(panic) = outcome {
        eprintln!("failed at step {done} of seed {seed}: {VARIABLE}={seed} cargo test -p testkit --test simulation");
        resume_unwind(panic);
    }
    world
}

/// The faults stop: everything must come to an end that somebody can see.
fn calm(world: &mut World) {
    world.companies.values_mut().for_each(|company| (company.well, company.down) = (true, false));
    world.nodes.iter_mut().for_each(|node| node.sleeps_until = Time(0));
    let end = world.truth.plus_days(8);
    let mut rounds = 0;
    while !at_rest(world) {
        rounds += 1;
        assert!(world.truth < end && rounds < 20_000, "it does not come to an end:\n{}", unrest(world));
        // An answer from before may pause a number yet: somebody sees it and lets it speak.
        let now = world.now();
        let paused: Vec<i64> = world.queue.speakers.iter().filter(|(_, one)| one.paused).map(|(id, _)| *id).collect();
        paused.into_iter().for_each(|id| world.queue.pause(id, false, now));
        for _ in 0..6 {
            for index in 0..world.nodes.len() {
                world.node_step(index);
            }
            world.a_receipt_comes();
            world.walk();
        }
        // To the next thing that is due, or a little further.
        let now = world.now();
        let due = |row: &queue::Row| match row.state {
            Queued => Some(row.opens),
            Claimed => row.until,
            _ => None,
        };
        let next = world.queue.rows.values().filter_map(due).filter(|at| *at > now).min();
        let wait = next.map_or(600_000_000, |at| (at.0 - now.0).clamp(200_000, 900_000_000));
        let busy = world.queue.rows.values().any(|row| row.state == Queued && row.opens <= now);
        world.truth.0 += if busy { wait.min(20_000_000) } else { wait };
        world.arrivals();
    }
}

fn at_rest(world: &World) -> bool {
    let rows = world.queue.rows.values();
    let ended =
        |row: &queue::Row| !matches!(row.state, Queued | Claimed | Held) && (row.walked || !matches!(row.state, Failed | Withheld | Late));
    rows.into_iter().all(ended) && world.incoming.iter().all(|one| one.place.is_some()) && world.companies.values().all(|one| one.rests())
}

fn unrest(world: &World) -> String {
    let rests =
        |row: &&queue::Row| matches!(row.state, Queued | Claimed | Held) || (!row.walked && matches!(row.state, Failed | Withheld | Late));
    let rows = world.queue.rows.values().filter(rests);
    let rows = rows.map(|row| {
        format!("{} {:?} opens {:?} until {:?} closes {:?} sender {}", row.id, row.state, row.opens, row.until, row.closes, row.sender)
    });
    let waiting = world.incoming.iter().filter(|one| one.place.is_none()).count();
    let rests: Vec<bool> = world.companies.values().map(|one| one.rests()).collect();
    format!("now {:?}, {waiting} incoming, companies at rest: {rests:?}\n{}", world.now(), rows.take(5).collect::<Vec<_>>().join("\n"))
}

/// Many seeds on all threads; the first failing one is printed by [`run`].
fn many(first: u64, seeds: u64, steps: u64, on_the_store: bool) -> Vec<(String, u64)> {
    let next = AtomicU64::new(first);
    let sums = std::sync::Mutex::new(std::collections::BTreeMap::<&'static str, u64>::new());
    let threads = std::thread::available_parallelism().map_or(2, usize::from).min(if on_the_store { 2 } else { 16 });
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + seeds {
                        return;
                    }
                    let world = run(seed, steps, on_the_store);
                    let mut sums = sums.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                    for (name, count) in seen(&world) {
                        *sums.entry(name).or_default() += count;
                    }
                }
            });
        }
    });
    let sums = sums.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    sums.into_iter().map(|(name, count)| (name.to_owned(), count)).collect()
}

fn seen(world: &World) -> Vec<(&'static str, u64)> {
    let state = |wanted| world.queue.rows.values().filter(|row| row.state == wanted).count() as u64;
    let checks = &world.checks;
    vec![
        ("deliveries", world.queue.rows.len() as u64),
        ("claims", checks.claims),
        ("taken over", checks.taken_over),
        ("texts taken", checks.texts),
        ("taken twice because a clock was set", u64::from(checks.excused)),
        ("digits with two meanings", checks.clashes),
        ("withheld at the claim", checks.withheld),
        ("late at the claim", checks.late_at_claim),
        ("settlements refused", checks.refused_settlements),
        ("replies routed", checks.routed),
        ("digits understood", checks.chosen),
        ("rungs", checks.rungs),
        ("delivered", state(Delivered)),
        ("accepted", state(Accepted)),
        ("uncertain", state(Uncertain)),
        ("failed", state(Failed)),
        ("withheld", state(Withheld)),
        ("late", state(Late)),
        ("withdrawn", state(Withdrawn)),
        ("compared with the store", world.queue.mirror.as_ref().map_or(0, |mirror| mirror.compared)),
    ]
}

/// Gaps that are known, and what the model alone does not do.
const MAY_BE_NONE: [&str; 3] = ["taken twice because a clock was set", "digits with two meanings", "compared with the store"];

/// One seed by hand, if the variable names it.
fn by_hand() -> Option<u64> {
    std::env::var(VARIABLE).ok().map(|text| text.parse().expect("HOMEWORD_SEED is a number"))
}

#[test]
fn a_million_steps_break_no_invariant() {
    if let Some(seed) = by_hand() {
        println!("seed {seed}: {:?}", seen(&run(seed, STEPS, false)));
        return;
    }
    let begun = std::time::Instant::now();
    let sums = many(1, 1_000_000 / STEPS, STEPS, false);
    println!("1,000,000 steps in {:?}: {sums:?}", begun.elapsed());
    for (name, count) in &sums {
        assert!(MAY_BE_NONE.contains(&name.as_str()) || *count > 100, "{name} was hardly ever seen: {count}");
    }
}

#[test]
fn twenty_two_thousand_steps_on_the_real_store_come_to_the_same() {
    if let Some(seed) = by_hand() {
        println!("seed {seed}: {:?}", seen(&run(seed, STEPS, true)));
        return;
    }
    let begun = std::time::Instant::now();
    let sums = many(5_000, 22, STEPS, true);
    println!("22,000 steps on SQLite in {:?}: {sums:?}", begun.elapsed());
    let compared = sums.iter().find(|(name, _)| name == "compared with the store").map_or(0, |(_, count)| *count);
    assert!(compared > 10_000, "only {compared} answers and states were compared");
}

#[test]
fn a_seed_replays_exactly() {
    let (one, two) = (run(77, STEPS, false), run(77, STEPS, false));
    let rows = |world: &World| world.queue.rows.values().map(|row| format!("{row:?}")).collect::<Vec<_>>();
    assert_eq!((one.truth, seen(&one), rows(&one)), (two.truth, seen(&two), rows(&two)));
}
