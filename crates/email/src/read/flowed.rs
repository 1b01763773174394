//! Lines that a mail program broke softly (RFC 3676, `format=flowed`), put together again.

/// Joins lines that end in a space; with `delsp` the space was not the writer's. A quotation's lines keep their `>`.
pub(super) fn joined(text: &str, delsp: bool) -> String {
    let mut all: Vec<(usize, String)> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        let depth = line.chars().take_while(|mark| *mark == '>').count();
        let words = &line[depth..];
        // A space was put before what would else be taken for a quotation.
        let words = words.strip_prefix(' ').unwrap_or(words);
        match all.last_mut() {
            Some((before, so_far)) if open && *before == depth => so_far.push_str(words),
            _ => all.push((depth, words.to_owned())),
        }
        // "-- " begins a signature and is a whole line.
        open = words.ends_with(' ') && words != "-- ";
        if open
            && delsp
            && let Some((_, so_far)) = all.last_mut()
        {
            so_far.pop();
        }
    }
    let line = |(depth, words): (usize, String)| match depth {
        0 => words,
        depth => format!("{} {words}", ">".repeat(depth)),
    };
    all.into_iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn soft_breaks_are_undone_and_hard_ones_stay() {
        assert_eq!(joined("Yes, we \nwill come.\n\n-- \nAmina", false), "Yes, we will come.\n\n-- \nAmina");
        assert_eq!(joined("これは \n長い。\n次", true), "これは長い。\n次");
        assert_eq!(joined("> one \n> two\n>> three \nfour\n >five", false), "> one two\n>> three \nfour\n>five");
    }
}
