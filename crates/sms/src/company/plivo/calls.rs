//! Calls in Plivo's format: what its answer URL says, and the document that answers it. Must never know whose number rings.
//!
//! Sources: Plivo's XML pages "Speak" and "Dial"; plivo/plivo-examples-php `voice/dial_status.php` for `action` and `DialStatus`;
//! plivo-go `utils_test.go` for a call's fields. A language that none of its own voices speaks is never read out by another's.

use super::super::reading::form::Fields;
use super::super::reading::keys::key;
use super::super::reading::numbers;
use super::super::reading::xml::escaped;
use domain::calls::{CallAnswer, CallStage, Line};
use domain::carrier::Event;
use domain::wire::WireReply;

/// Seconds the school's phone rings.
const RINGS: u32 = 25;

/// Our languages with a voice: (BCP 47, the company's language).
const VOICES: &[(&str, &str)] = &[("en", "en-US"), ("es", "es-US"), ("pt-BR", "pt-BR"), ("pl", "pl-PL")];

/// A call's beginning, the end of one that was put through, or the end of one we were not asked about.
pub(super) fn event(fields: &Fields, id: &str) -> Event {
    let get = |name: &str| fields.get(name).unwrap_or_default();
    if get("Direction") == "outbound" {
        return Event::Ignored("a call of our own account");
    }
    let (name, stage) = match (get("DialStatus").as_str(), get("CallStatus").as_str()) {
        ("", "completed" | "busy" | "failed" | "no-answer" | "cancel" | "timeout") => ("call", CallStage::Missed),
        ("", _) => ("call", CallStage::Ringing),
        ("completed", _) => ("dial", CallStage::Answered),
        _ => ("dial", CallStage::Missed),
    };
    Event::MissedCall { key: key(name, id), from: numbers::read(&get("From"), ""), to: numbers::read(&get("To"), ""), stage }
}

/// The document. `hook` is told how a call that was put through ended.
pub(super) fn answer(answer: &CallAnswer, hook: &str) -> WireReply {
    let said = |line: &Line| {
        let (_, language) = VOICES.iter().find(|(tag, _)| *tag == line.language)?;
        Some(format!("<Speak language=\"{language}\">{}</Speak>", escaped(&line.words)))
    };
    let inside = match answer {
        CallAnswer::Forward { to } => {
            let to = to.reveal().trim_start_matches('+');
            format!("<Dial action=\"{}\" method=\"POST\" timeout=\"{RINGS}\"><Number>{}</Number></Dial>", escaped(hook), escaped(to))
        }
        CallAnswer::Say { lines, spare } => {
            let all: Vec<String> = lines.iter().filter_map(said).collect();
            if all.is_empty() { said(spare).unwrap_or_default() } else { all.concat() }
        }
        CallAnswer::End => "<Hangup/>".into(),
    };
    WireReply { status: 200, content_type: "application/xml", body: format!("<Response>{inside}</Response>") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_said_in_a_language_with_a_voice_or_put_through_by_digits() {
        let line = |language: &str, words: &str| Line { language: language.into(), words: words.into() };
        let both = CallAnswer::Say { lines: vec![line("uk", "Напишіть"), line("es", "Escríbanos")], spare: line("en", "Text us") };
        assert_eq!(answer(&both, "").body, "<Response><Speak language=\"es-US\">Escríbanos</Speak></Response>");
        let none = CallAnswer::Say { lines: vec![line("uk", "Напишіть")], spare: line("en", "Text us") };
        assert_eq!(answer(&none, "").body, "<Response><Speak language=\"en-US\">Text us</Speak></Response>");
        let through = answer(&CallAnswer::Forward { to: "+12035550180".into() }, "https://homeword.example/hooks/sms/plivo");
        let dial = "<Dial action=\"https://homeword.example/hooks/sms/plivo\" method=\"POST\" timeout=\"25\"><Number>12035550180</Number>";
        assert!(through.body.contains(dial), "{}", through.body);
    }
}
