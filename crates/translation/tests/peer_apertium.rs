//! The engine Debian ships, both directions: `cargo xtask test` installs it.

use domain::passage::{ToTranslate, Translate};
use std::sync::Arc;
use translation::{Apertium, Translator};

#[tokio::test]
#[ignore = "needs Debian's apertium"]
async fn debians_apertium_translates_both_ways_and_keeps_slots() {
    let engine = Apertium::find("apertium").await.expect("apertium and apertium-eng-spa are installed");
    let translator = Translator::new(vec![Arc::new(engine)]);
    let ask =
        |from: &str, to: &str, text: &str| ToTranslate { from: from.into(), to: to.into(), text: text.into(), names: vec!["Amina".into()] };
    let set = [ask("en", "es", "Amina, the bus is late today. It comes at 8:15 AM."), ask("es", "en", "Amina está enferma hoy. Gracias.")];
    let answers = translator.translate(&set).await;
    let spanish = answers[0].as_ref().expect("Spanish");
    assert!(spanish.text.contains("Amina") && spanish.text.contains("8:15 AM") && spanish.text.contains("autobús"), "{}", spanish.text);
    let english = answers[1].as_ref().expect("English");
    assert!(english.text.contains("Amina") && english.text.to_lowercase().contains("today"), "{}", english.text);
}

/// The pipeline kept open says word for word what a process of its own for each text says.
#[tokio::test]
#[ignore = "needs Debian's apertium"]
async fn a_kept_pipeline_says_what_a_process_for_each_text_says() {
    let engine = Apertium::find("apertium").await.expect("apertium and apertium-eng-spa are installed");
    let texts = [
        "The school is closed today.",
        "Please send a warm coat tomorrow. We go outside!",
        "Can you come to the meeting?",
        "One word",
        "first line\nsecond line",
        "100 % of the class read a book; well done",
    ];
    let begun = std::time::Instant::now();
    let mut kept = Vec::new();
    for text in texts {
        kept.push(
            engine
                .translate("en", "es", &translation::Passage { pieces: vec![translation::Piece::Text(text.into())] })
                .await
                .expect("Spanish"),
        );
    }
    println!("{} texts in {:?}", texts.len(), begun.elapsed());
    for (text, kept) in texts.iter().zip(kept) {
        let mut child = std::process::Command::new("apertium")
            .args(["-u", "-f", "none", "eng-spa"])
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .expect("apertium");
        std::io::Write::write_all(&mut child.stdin.take().expect("its input"), format!("{text}[][\n]").as_bytes()).expect("written");
        let alone = String::from_utf8(child.wait_with_output().expect("its output").stdout).expect("UTF-8");
        assert_eq!(kept, alone.replace("[][\n]", "").replace("[]", "").trim());
    }
}
