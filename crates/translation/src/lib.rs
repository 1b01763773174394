//! People's free text: passages, slots, the guard, engines, memory keys.
//!
//! Must never know deliveries: it is handed a text, two languages and names, and gives words with what it noticed.

mod apertium;
mod guard;
mod passage;
mod slots;

pub use apertium::Apertium;
pub use guard::guard;
pub use passage::{Passage, Piece, fill, memory_key, pattern};
pub use slots::Slots;

use domain::passage::{NoWords, ToTranslate, Translate, Translated};
use domain::ports::Meter;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// Answers remembered; a few days' messages.
const REMEMBERED: usize = 2000;

/// From, to, passage.
type Asked = (String, String, Vec<Piece>);

/// The engines a district has, in order.
#[derive(Clone)]
pub struct Translator {
    engines: Vec<Arc<Apertium>>,
    meter: Arc<dyn Meter>,
    /// What an engine said of (from, to, passage): a preview, its send and a reminder ask once. Of this process; never of a fault.
    said: Arc<Mutex<HashMap<Asked, String>>>,
}

impl Default for Translator {
    fn default() -> Self {
        Self::new(vec![])
    }
}

impl Translator {
    /// With these engines.
    pub fn new(engines: Vec<Arc<Apertium>>) -> Self {
        Self { engines, meter: Arc::new(()), said: Arc::default() }
    }

    /// Tells a meter how long each text took.
    pub fn measured(self, meter: Arc<dyn Meter>) -> Self {
        Self { meter, ..self }
    }
}

#[async_trait::async_trait]
impl Translate for Translator {
    fn covers(&self, from: &str, to: &str) -> bool {
        self.engines.iter().any(|engine| engine.covers(from, to))
    }

    async fn translate(&self, set: &[ToTranslate]) -> Vec<Result<Translated, NoWords>> {
        let mut answers = Vec::with_capacity(set.len());
        for one in set {
            answers.push(self.one(one).await);
        }
        answers
    }
}

impl Translator {
    async fn one(&self, wanted: &ToTranslate) -> Result<Translated, NoWords> {
        let passage = Passage::of(&wanted.text, &wanted.names);
        let mut fault = NoWords::NotCovered;
        for engine in self.engines.iter().filter(|engine| engine.covers(&wanted.from, &wanted.to)) {
            let key = (wanted.from.clone(), wanted.to.clone(), passage.pieces.clone());
            let known = self.said.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
            let answer = match known {
                Some(text) => Ok(text),
                None => self.ask(engine, &passage, key).await,
            };
            match answer {
                Ok(text) => {
                    let findings = guard(&wanted.text, &text, &passage);
                    return Ok(Translated { text, engine: "apertium".into(), findings });
                }
                Err(why) => fault = NoWords::Failed(why),
            }
        }
        Err(fault)
    }

    async fn ask(&self, engine: &Apertium, passage: &Passage, key: Asked) -> Result<String, String> {
        let begun = Instant::now();
        let answer = engine.translate(&key.0, &key.1, passage).await;
        self.meter.translated("apertium", begun.elapsed(), answer.is_ok());
        if let Ok(text) = &answer {
            let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
            if said.len() >= REMEMBERED {
                said.clear();
            }
            said.insert(key, text.clone());
        }
        answer
    }
}
