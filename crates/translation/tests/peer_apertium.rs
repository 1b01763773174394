//! The engine Debian ships, both directions. Run with `--features peers`.
#![cfg(feature = "peers")]

use domain::passage::{ToTranslate, Translate};
use std::sync::Arc;
use translation::{Apertium, Translator};

#[tokio::test]
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
