//! One case's figures, as a line of a table and as JSON.

use serde_json::{Value, json};

/// What the bare machine did.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ceiling {
    /// A second.
    pub(crate) rate: f64,
    /// Below this the machine was too busy to say anything.
    pub(crate) least: f64,
}

/// See the module. Rates are a second; what a case does not measure is `None`.
#[derive(Default)]
pub(crate) struct Figure {
    pub(crate) case: String,
    pub(crate) rate: f64,
    pub(crate) ceiling: Option<Ceiling>,
    pub(crate) p50_ms: Option<f64>,
    pub(crate) p99_ms: Option<f64>,
    pub(crate) cpu_us_per_op: Option<f64>,
    pub(crate) peak_rss_mb: Option<f64>,
    /// Who was to get it.
    pub(crate) recipients: Option<u64>,
    /// Who did.
    pub(crate) reach: Option<u64>,
    /// What waits for a person.
    pub(crate) held: Option<u64>,
    pub(crate) bytes_per_delivery: Option<f64>,
    pub(crate) engine_asks: Option<u64>,
    /// What else was seen.
    pub(crate) note: String,
}

fn round(value: Option<f64>, places: i32) -> Value {
    let scale = 10f64.powi(places);
    value.map_or(Value::Null, |value| json!((value * scale).round() / scale))
}

impl Figure {
    /// Rate by ceiling.
    pub(crate) fn ratio(&self) -> Option<f64> {
        self.ceiling.map(|ceiling| self.rate / ceiling.rate)
    }

    /// The machine was too busy.
    pub(crate) fn void(&self) -> bool {
        self.ceiling.is_some_and(|ceiling| ceiling.rate < ceiling.least)
    }

    /// One object.
    pub(crate) fn json(&self) -> Value {
        json!({
            "case": self.case,
            "rate": round(Some(self.rate), 0),
            "ceiling": round(self.ceiling.map(|ceiling| ceiling.rate), 0),
            "ratio": round(self.ratio(), 3),
            "p50_ms": round(self.p50_ms, 2),
            "p99_ms": round(self.p99_ms, 2),
            "cpu_us_per_op": round(self.cpu_us_per_op, 1),
            "peak_rss_mb": round(self.peak_rss_mb, 0),
            "recipients": self.recipients,
            "reach": self.reach,
            "held": self.held,
            "bytes_per_delivery": round(self.bytes_per_delivery, 0),
            "engine_asks": self.engine_asks,
            "void": self.void(),
            "note": self.note,
        })
    }
}

/// A table for people.
pub(crate) fn table(figures: &[Figure]) -> String {
    let mut text = format!(
        "{:<20}{:>9}{:>9}{:>7}{:>9}{:>9}{:>8}{:>7}  note\n",
        "case", "rate/s", "ceiling", "ratio", "p50 ms", "p99 ms", "cpu us", "MB"
    );
    let show = |value: Option<f64>, places: usize| value.map_or("-".to_owned(), |value| format!("{value:.places$}"));
    for one in figures {
        let mut note = one.note.clone();
        if let Some(bytes) = one.bytes_per_delivery {
            note = format!("{bytes:.0} bytes a queued delivery; {note}");
        }
        if one.void() {
            note = format!("VOID: the machine was too busy; {note}");
        }
        text.push_str(&format!(
            "{:<20}{:>9.0}{:>9}{:>7}{:>9}{:>9}{:>8}{:>7}  {}\n",
            one.case,
            one.rate,
            show(one.ceiling.map(|ceiling| ceiling.rate), 0),
            show(one.ratio(), 2),
            show(one.p50_ms, 2),
            show(one.p99_ms, 2),
            show(one.cpu_us_per_op, 1),
            show(one.peak_rss_mb, 0),
            note
        ));
    }
    text
}

/// The value below which so many of a hundred lie.
pub(crate) fn percentile(sorted: &[f64], of_hundred: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    sorted.get(((last as f64) * of_hundred / 100.0).round() as usize).copied()
}
