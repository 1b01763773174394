//! Every reader of this room against any bytes: the kept corpus of its fuzz target, and a great many changed inputs.

#[path = "../../../fuzz/src/properties/conversation.rs"]
mod conversation;
#[path = "../../../fuzz/src/properties/letter.rs"]
mod letter;
#[path = "../../../fuzz/src/mutation.rs"]
mod mutation;
#[path = "../../../fuzz/src/properties/page.rs"]
mod page;
#[path = "../../../fuzz/src/properties/token.rs"]
mod token;

use mutation::{Dice, corpus, mutated, try_one};
use std::time::{Duration, Instant};

#[test]
fn any_letter_is_read() {
    any("letter", letter::holds, 3_000);
}

/// Runs a target's corpus, and so many changed inputs.
fn any(target: &str, property: fn(&[u8]), changes: u64) {
    let seeds = corpus(target);
    assert!(seeds.len() > 2, "inputs to begin with");
    for (index, input) in seeds.iter().enumerate() {
        try_one(property, input, &format!("input {index}"));
    }
    for seed in 0..changes {
        try_one(property, &mutated(&seeds, &mut Dice(seed)), &format!("seed {seed}"));
    }
}

#[test]
fn any_peer_is_answered_and_no_letter_ends_where_it_does_not() {
    any("conversation", conversation::holds, 3_000);
}

#[test]
fn any_page_and_any_report_is_read() {
    any("page", page::holds, 1_000);
    any("report", page::report_holds, 1_000);
}

#[test]
fn no_changed_address_opens_anything_else() {
    any("token", token::holds, 20_000);
}

#[test]
fn a_long_letter_is_read_in_time() {
    let head = b"From: a@families.example\r\nSubject: x\r\n\r\n";
    for filling in ["\n", ">\n", "On 3/9/26 at 5:01 PM <a@b.example> wrote:\n", "From:\n", " \u{3000}\n", "-----x-----\n", "a"] {
        let raw = [&head[..], filling.repeat(150_000 / filling.len()).as_bytes(), b"Thank you."].concat();
        let begun = Instant::now();
        letter::holds(&raw);
        // Four reads of a build for tests, on a machine that does other things.
        assert!(begun.elapsed() < Duration::from_secs(20), "{:?} for {:?}", begun.elapsed(), filling);
    }
}

#[test]
fn a_page_that_was_made_to_be_long_is_read_in_time() {
    let head = b"From: a@families.example\r\nContent-Type: text/html; charset=utf-8\r\nSubject: x\r\n\r\n";
    for filling in [
        "<div>x",
        "<blockquote>x",
        "</blockquote>",
        "<p>x</p>",
        "<br>",
        "<br id=lineBreakAtBeginningOfSignature>x",
        "<div class=gmail_quote>x<blockquote type=cite>",
        "&lt;",
        "<!--",
        "<style>",
    ] {
        let raw = [&head[..], filling.repeat(200_000 / filling.len()).as_bytes(), b"Thank you."].concat();
        let begun = Instant::now();
        letter::holds(&raw);
        assert!(begun.elapsed() < Duration::from_secs(30), "{:?} for {:?}", begun.elapsed(), filling);
    }
}
