//! Calls in Twilio's format: what its voice webhook says, and the document that answers it. Must never know whose number rings.
//!
//! Sources: Twilio's "Request to your application" page for `CallStatus`; its "Dial" page for `action` and `DialCallStatus`; its "Say"
//! and "Text-to-Speech" pages for voices. A language that no voice speaks is never read out by another's.

use super::super::reading::form::Fields;
use super::super::reading::keys::key;
use super::super::reading::xml::escaped;
use domain::Phone;
use domain::calls::{CallAnswer, CallStage, Line};
use domain::carrier::Event;
use domain::wire::WireReply;

/// Seconds the school's phone rings.
const RINGS: u32 = 25;

/// Our languages with a voice: (BCP 47, the company's language, voice).
const VOICES: &[(&str, &str, &str)] = &[
    ("en", "en-US", "Polly.Joanna"),
    ("es", "es-US", "Polly.Penelope"),
    ("pt-BR", "pt-BR", "Polly.Vitoria"),
    ("pl", "pl-PL", "Polly.Ewa"),
    ("ar", "arb", "Polly.Zeina"),
    ("zh-Hans", "cmn-CN", "Polly.Zhiyu"),
    ("zh-Hant", "cmn-TW", "Google.cmn-TW-Standard-A"),
    ("uk", "uk-UA", "Google.uk-UA-Standard-A"),
    ("vi", "vi-VN", "Google.vi-VN-Standard-A"),
];

/// A call's beginning, the end of one that was put through, or the end of one we were not asked about.
pub(super) fn event(fields: &Fields, sid: &str) -> Event {
    let get = |name: &str| fields.get(name).unwrap_or_default();
    let (name, stage) = match (get("DialCallStatus").as_str(), get("CallStatus").as_str()) {
        ("", "completed" | "busy" | "failed" | "no-answer" | "canceled") => ("call", CallStage::Missed),
        ("", _) => ("call", CallStage::Ringing),
        ("completed" | "answered", _) => ("dial", CallStage::Answered),
        _ => ("dial", CallStage::Missed),
    };
    Event::MissedCall { key: key(name, sid), from: Phone::new(get("From")), to: Phone::new(get("To")), stage }
}

/// The document. `hook` is told how a call that was put through ended.
pub(super) fn answer(answer: &CallAnswer, hook: &str) -> WireReply {
    let said = |line: &Line| {
        let (_, language, voice) = VOICES.iter().find(|(tag, ..)| *tag == line.language)?;
        Some(format!("<Say voice=\"{voice}\" language=\"{language}\">{}</Say>", escaped(&line.words)))
    };
    let inside = match answer {
        CallAnswer::Forward { to } => {
            let (hook, to) = (escaped(hook), escaped(to.reveal()));
            format!("<Dial action=\"{hook}\" method=\"POST\" timeout=\"{RINGS}\" answerOnBridge=\"true\"><Number>{to}</Number></Dial>")
        }
        CallAnswer::Say { lines, spare } => {
            let all: Vec<String> = lines.iter().filter_map(said).collect();
            if all.is_empty() { said(spare).unwrap_or_default() } else { all.concat() }
        }
        CallAnswer::End => "<Hangup/>".into(),
    };
    let body = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>{inside}</Response>");
    WireReply { status: 200, content_type: "text/xml", body }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(language: &str, words: &str) -> Line {
        Line { language: language.into(), words: words.into() }
    }

    #[test]
    fn a_line_is_said_by_a_voice_of_its_language_or_not_at_all() {
        let spare = line("en", "Maple & Harbor <text us>");
        let both = CallAnswer::Say { lines: vec![line("es", "Mándenos un texto"), line("so", "Noo soo qor")], spare: spare.clone() };
        let reply = answer(&both, "https://homeword.example/hooks/sms/twilio");
        assert_eq!((reply.status, reply.content_type), (200, "text/xml"));
        let said = "<Response><Say voice=\"Polly.Penelope\" language=\"es-US\">Mándenos un texto</Say></Response>";
        assert!(reply.body.ends_with(said), "{}", reply.body);
        let none = answer(&CallAnswer::Say { lines: vec![line("so", "Noo soo qor")], spare }, "");
        assert!(none.body.contains("language=\"en-US\">Maple &amp; Harbor &lt;text us&gt;</Say>"), "{}", none.body);
        assert!(!none.body.contains("Noo soo"), "Somali read by an English voice is nobody's language");
    }

    #[test]
    fn a_call_is_put_through_and_its_end_is_asked_for() {
        let reply = answer(&CallAnswer::Forward { to: "+12035550180".into() }, "https://homeword.example/hooks/sms/twilio?a=1&b=2");
        assert!(reply.body.contains("action=\"https://homeword.example/hooks/sms/twilio?a=1&amp;b=2\""), "{}", reply.body);
        assert!(reply.body.contains("<Number>+12035550180</Number>"), "{}", reply.body);
    }
}
