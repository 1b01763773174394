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
use std::sync::Arc;
use std::time::Instant;

/// The engines a district has, in order.
#[derive(Clone)]
pub struct Translator {
    engines: Vec<Arc<Apertium>>,
    meter: Arc<dyn Meter>,
}

impl Default for Translator {
    fn default() -> Self {
        Self::new(vec![])
    }
}

impl Translator {
    /// With these engines.
    pub fn new(engines: Vec<Arc<Apertium>>) -> Self {
        Self { engines, meter: Arc::new(()) }
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
            let begun = Instant::now();
            let answer = engine.translate(&wanted.from, &wanted.to, &passage).await;
            self.meter.translated("apertium", begun.elapsed(), answer.is_ok());
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
}
