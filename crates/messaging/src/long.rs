//! Long messages. A text of more segments than its account says, or longer than its company takes, goes as its first words with a link, and
//! whoever opens the link reads that one message whole. What must be readable without internet never goes so: emergencies, urgent
//! words to one family, our own notices. A link is a proof of one delivery and a day; looking at it changes nothing.

use crate::render::{Setting, UNKNOWN};
use crate::*;
use domain::letter::PageLink;
use domain::message::*;

/// A link opens its message for so many days at least; longer only where the message itself is of use for longer.
const DAYS: i64 = 30;
/// And never for longer than this.
const MOST_DAYS: i64 = 366;
/// A part of any coding holds more octets of UTF-8 than this: shorter texts need not be measured.
const PART: usize = 60;

/// What stands behind a link.
#[derive(Clone, Debug)]
pub enum Whole {
    /// Nothing: it is none of ours, or was altered.
    Absent,
    /// Nothing any more.
    Ended {
        /// BCP 47 of the words.
        language: String,
        /// What to do.
        words: String,
    },
    /// A message.
    Here(WholeMessage),
}

/// One message as its family reads it whole. It names no child, no adult and no other message.
#[derive(Clone, Debug)]
pub struct WholeMessage {
    /// The family's language, BCP 47.
    pub language: String,
    /// "Message from Maple Street", in that language.
    pub title: String,
    /// As families call the author.
    pub author: String,
    /// The school's full name.
    pub school: String,
    /// The notice before an original, in the family's language; may be empty.
    pub notice: String,
    /// The words.
    pub text: String,
    /// Their language.
    pub text_language: String,
    /// The original beneath: its heading in the family's language, its words, and their language.
    pub original: Option<(String, String, String)>,
}

/// Whether a message may go as a link at all.
fn may_link(message: &Message, rendition: &Rendition) -> bool {
    let by_text = rendition.channel == Channel::Sms && rendition.from != WordsFrom::ReachOnly && !message.reach_only;
    by_text && message.weight > Weight::Urgent && message.author != StaffId::HOUSE
}

impl Flows {
    /// The text of a delivery, without a notice before it, and whether it goes as first words and a link. `who`: as families call
    /// the author, and the children's names; `lines`: its answers, which stand under the notice where there is one.
    pub(crate) fn body(
        &self,
        message: &Message,
        rendition: &Rendition,
        who: (&str, &str),
        lines: &str,
        account: &str,
        link: impl Fn() -> String,
    ) -> (String, bool) {
        let dressed = self.dressed(message, rendition, who.0, who.1);
        let tail = if lines.is_empty() || !rendition.notice.is_empty() { String::new() } else { format!("\n{lines}") };
        let whole = format!("{dressed}{tail}");
        let most = self.ports.carriers.link_after(account);
        let measured = |text: &str| self.ports.texts.measure(text, self.ports.carriers.capacity(account));
        let longest = Some(self.ports.carriers.longest(account)).filter(|longest| *longest > 0).unwrap_or(usize::MAX);
        let perhaps = whole.len() > longest.min(PART * usize::from(most));
        if most == 0 || !perhaps || !may_link(message, rendition) {
            return (whole, false);
        }
        // What its company would refuse is too long, however few segments it is.
        if measured(&whole).segments <= most && whole.encode_utf16().count() <= longest {
            return (whole, false);
        }
        let sentence = self.speech.say(&rendition.language, "whole-message", &[]);
        let sentence = sentence.or_else(|| self.speech.say(&message.language, "whole-message", &[])).unwrap_or_default();
        let end = format!("\n{sentence}\n{}", link());
        let mut short = String::new();
        for cut in cuts(&dressed) {
            let words = dressed[..cut].trim_end_matches(|mark: char| mark.is_whitespace() || mark.is_ascii_punctuation());
            short = format!("{words} ...{end}");
            // As product sentences: one segment of septets, or two others.
            let cost = measured(&short);
            if cost.segments <= if cost.ucs2 { 2 } else { 1 } {
                break;
            }
        }
        (format!("{short}{tail}"), true)
    }

    /// The address of one message, whole.
    pub(crate) fn link(&self, district: DistrictId, delivery: DeliveryId, message: &Message) -> String {
        let last = message.not_before.plus_days(DAYS).max(message.useful_until).min(message.not_before.plus_days(MOST_DAYS));
        let link = PageLink { district, delivery, last_day: day(last) };
        format!("{}/m/{}", self.ports.public_url, self.ports.letters.page_code(link))
    }

    /// What stands behind a link; nothing is written.
    pub async fn whole(&self, code: &str) -> Flow<Whole> {
        let Some(link) = self.ports.letters.page_link(code) else {
            return Ok(Whole::Absent);
        };
        let found = self.ports.outbound.delivery(link.district, link.delivery).await?;
        let Some(info) = found.filter(|info| may_link(&info.message, &info.rendition)) else {
            return Ok(Whole::Absent);
        };
        let (message, rendition) = (&info.message, &info.rendition);
        let language = if rendition.language == UNKNOWN { message.language.clone() } else { rendition.language.clone() };
        if day(self.now()) > link.last_day {
            let said = |language: &str| Some((language.to_owned(), self.speech.say(language, "link-ended", &[])?));
            let (language, words) = said(&language).or_else(|| said(&message.language)).unwrap_or_default();
            return Ok(Whole::Ended { language, words });
        }
        let district = self.district(link.district).await?;
        let schools = self.ports.people.schools(link.district).await?;
        let Some(school) = schools.into_iter().find(|school| school.id == message.school) else {
            return Ok(Whole::Absent);
        };
        let author = self.title(link.district, info.speaks_for).await?.unwrap_or_default();
        let setting = Setting { district: &district, school: &school, title: &author, names: &[], reviewed: &[], approvals: &[] };
        let child = |language: &str| self.speech.say(language, "your-child", &[]).unwrap_or_default();
        let as_written = rendition.from == WordsFrom::OriginalWithNotice;
        let text_language = if as_written { message.language.clone() } else { language.clone() };
        let original = (text_language != message.language).then(|| {
            let heading = self.speech.say(&language, "email-original-label", &[]).unwrap_or_default();
            let text = crate::compose::fill_students(&self.source_text(message, &setting), &child(&message.language));
            (heading, text, message.language.clone())
        });
        let title = self.speech.say(&language, "email-subject-from", &[("school", &school.short_name)]);
        Ok(Whole::Here(WholeMessage {
            title: title.unwrap_or_else(|| school.short_name.clone()),
            notice: if rendition.language == UNKNOWN { String::new() } else { rendition.notice.clone() },
            text: self.dressed(message, rendition, "", &child(&text_language)),
            school: school.name,
            author,
            language,
            text_language,
            original,
        }))
    }
}

/// A day, in days since 1970, UTC.
fn day(at: Time) -> u16 {
    u16::try_from(at.seconds().div_euclid(86_400)).unwrap_or(if at.0 < 0 { 0 } else { u16::MAX })
}

/// Where the first words of a text may end, the longest beginning first: before a space, and after a sign of a script that writes
/// none. Not within the first few signs, which name the author.
fn cuts(text: &str) -> Vec<usize> {
    let wide = |mark: char| matches!(mark, '\u{3001}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff01}'..='\u{ff60}');
    let signs: Vec<(usize, char)> = text.char_indices().take(150).collect();
    let pairs = signs.windows(2).skip(12);
    let ends = pairs.filter(|pair| pair[1].1.is_whitespace() || wide(pair[0].1)).map(|pair| pair[1].0);
    let mut all: Vec<usize> = ends.collect();
    if all.is_empty() {
        all.push(signs.get(30).map_or(text.len(), |(at, _)| *at));
    }
    all.reverse();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_words_end_with_a_word_or_a_sign() {
        let english = "Ms Rivera: On Thursday we go to the museum";
        let words: Vec<&str> = cuts(english).into_iter().map(|cut| &english[..cut]).collect();
        assert_eq!(words.first(), Some(&"Ms Rivera: On Thursday we go to the"));
        assert_eq!(words.last(), Some(&"Ms Rivera: On"));
        let chinese = "Ms Rivera: 周四我们去博物馆参观";
        assert_eq!(cuts(chinese).len(), 8, "after each sign but the first and the last");
        let run = "x".repeat(200);
        assert_eq!(cuts(&run), [30]);
        assert_eq!(cuts("short"), [5], "all of it, rather than nothing");
    }

    #[test]
    fn a_day_never_wraps() {
        assert_eq!((day(Time(0)), day(Time::NEVER), day(Time(-1))), (0, u16::MAX, 0));
        assert_eq!(day(Time(86_400_000_000)), 1);
    }
}
