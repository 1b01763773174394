//! Passages and the guard against any text: the kept corpus of the fuzz target, and a great many changed texts.

#[path = "../../../fuzz/src/mutation.rs"]
mod mutation;
#[path = "../../../fuzz/src/properties/passages.rs"]
mod passages;

use mutation::{Dice, corpus, mutated, try_one};

#[test]
fn any_text_is_split_and_any_answer_is_guarded() {
    let texts = [
        "Amina comes at 8:15 AM on 3/12.\nAmina viene a las 8:15 AM el 3/12.",
        "{student} owes $5, see https://x.example/y\n{student} $5",
        "+1 (203) 555-0100 a@b.example",
    ];
    let seeds: Vec<Vec<u8>> = corpus("passages").into_iter().chain(texts.map(|text| text.as_bytes().to_vec())).collect();
    for (index, input) in seeds.iter().enumerate() {
        try_one(passages::holds, input, &format!("input {index}"));
    }
    for seed in 0..1_000 {
        try_one(passages::holds, &mutated(&seeds, &mut Dice(seed)), &format!("seed {seed}"));
    }
}
