//! The word lists against any text: the kept corpus of the fuzz target, and a great many changed texts.

#[path = "../../../fuzz/src/properties/keywords.rs"]
mod keywords;
#[path = "../../../fuzz/src/mutation.rs"]
mod mutation;

use mutation::{Dice, corpus, mutated, try_one};

#[test]
fn any_text_is_held_against_the_word_lists() {
    let words = [
        "STOP",
        "قف",
        "parar.",
        "1 but late",
        "٣",
        "Ｓｔｏｐ",
        "不要再发",
        "no more texts please",
        "arrêt",
        "我们会来",
        "ABC\u{200d}",
        "kanpe",
    ];
    let seeds: Vec<Vec<u8>> = corpus("keywords").into_iter().chain(words.map(|word| word.as_bytes().to_vec())).collect();
    for (index, input) in seeds.iter().enumerate() {
        try_one(keywords::holds, input, &format!("input {index}"));
    }
    for seed in 0..1_000 {
        try_one(keywords::holds, &mutated(&seeds, &mut Dice(seed)), &format!("seed {seed}"));
    }
}
