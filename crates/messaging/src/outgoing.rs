//! What goes out: a claimed delivery as the text or the letter its family reads.

use crate::compose::fill_students;
use crate::*;
use domain::carrier::*;
use domain::letter::{LetterBlock, LetterDraft, List, Token};
use domain::message::*;

impl Flows {
    /// The notice of invariant 5 as a text of its own, on the first attempt.
    pub(crate) fn lead(&self, district: DistrictId, row: &Claimed) -> Option<Outgoing> {
        let first = row.rendition.channel == Channel::Sms && row.attempt == 1 && !row.rendition.notice.is_empty();
        first.then(|| Outgoing {
            attempt: LEAD + row.attempt,
            content: Content::Text(self.ports.texts.economy(&self.notice_with_answers(row)).into()),
            ..self.outgoing(district, row)
        })
    }

    fn notice_with_answers(&self, row: &Claimed) -> String {
        let lines = self.answer_lines(&row.rendition.language, row.message.answers, row.menu_base);
        if lines.is_empty() { row.rendition.notice.clone() } else { format!("{}\n{lines}", row.rendition.notice) }
    }

    pub(crate) fn outgoing(&self, district: DistrictId, row: &Claimed) -> Outgoing {
        let (to, content) = match row.rendition.channel {
            Channel::Sms => {
                let lines = self.answer_lines(&row.rendition.language, row.message.answers, row.menu_base);
                let link = || self.link(district, row.delivery, &row.message);
                let (text, _) =
                    self.body(&row.message, &row.rendition, (&row.speaks_for, &row.students.join(", ")), &lines, &row.account, link);
                // A later attempt does not know whether the notice left: it goes again, in the same text.
                let again = !row.rendition.notice.is_empty() && row.attempt > 1;
                let text = if again { format!("{}\n{text}", self.notice_with_answers(row)) } else { text };
                (Destination::Phone(row.address.clone().into()), Content::Text(self.ports.texts.economy(&text).into()))
            }
            Channel::Email => {
                let letter = self.ports.letters.compose(&self.letter_draft(district, row));
                (Destination::Mailbox(row.address.clone().into()), Content::Letter { raw: letter.raw, envelope_from: letter.envelope_from })
            }
        };
        Outgoing {
            district,
            delivery: row.delivery,
            attempt: row.attempt,
            sender: row.sender,
            from: row.sender_address.clone(),
            to,
            content,
            useful_until: row.useful_until,
            begin_before: self.begin_before(row),
        }
    }

    fn letter_draft(&self, district: DistrictId, row: &Claimed) -> LetterDraft {
        let language = row.rendition.language.clone();
        let rtl = self.speech.right_to_left(&language);
        let domain_part = row.sender_address.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
        let at = |token| self.ports.letters.address(token, &row.sender_address);
        let delivery = row.delivery;
        let block = |language: &str, heading: String, text: String, quiet| LetterBlock {
            language: language.to_owned(),
            right_to_left: self.speech.right_to_left(language),
            heading,
            text,
            quiet,
        };
        let names = row.students.join(", ");
        let mut blocks = Vec::new();
        if !row.rendition.notice.is_empty() {
            blocks.push(block(&language, String::new(), row.rendition.notice.clone(), false));
        }
        let words_language = if row.rendition.from == WordsFrom::OriginalWithNotice { &row.message.language } else { &language };
        let label = self.about_the_last(&row.message, words_language).unwrap_or_default();
        blocks.push(block(words_language, label, fill_students(&row.rendition.text, &names), false));
        if *words_language != row.message.language
            && let Words::Free { text } = &row.message.words
        {
            let heading = self.speech.say(&language, "email-original-label", &[]).unwrap_or_default();
            blocks.push(block(&row.message.language, heading, text.clone(), true));
        }
        if row.message.author != StaffId::HOUSE
            && let Some(footer) = self.speech.say(&language, "email-footer", &[("school", &row.speaks_for)])
        {
            blocks.push(block(&language, String::new(), footer, true));
        }
        let answers = domain::menu::digits(row.message.answers, row.menu_base)
            .into_iter()
            .filter_map(|(digit, answer)| Some((self.speech.answer_word(&language, answer)?, digit)))
            .collect();
        let to_many = matches!(row.message.audience, Audience::School { .. } | Audience::District | Audience::Class { .. });
        LetterDraft {
            from_name: row.speaks_for.clone(),
            from: row.sender_address.clone(),
            reply_to: at(match row.message.answered_in {
                Some((thread, staff)) => Token::Staff { district, thread, staff },
                None => Token::Family { district, delivery },
            }),
            to: row.address.clone().into(),
            subject: row.rendition.subject.clone(),
            marker: self.speech.say(&language, "email-reply-above", &[]).unwrap_or_default(),
            right_to_left: rtl,
            language,
            blocks,
            answers,
            names: row.students.iter().chain([&row.speaks_for]).cloned().collect(),
            message_id: format!("{district}.{delivery}.{}@{domain_part}", row.attempt),
            // Programs put letters together that name one id, even one of a letter nobody has: the conversation's.
            references: [format!("{district}.with.{}.{}@{domain_part}", row.contact, row.answers_to)]
                .into_iter()
                .chain(row.in_reply_to.clone())
                .collect(),
            in_reply_to: row.in_reply_to.clone(),
            envelope_from: at(Token::Bounce { district, delivery }),
            automatic: row.message.author == StaffId::HOUSE || !matches!(row.message.audience, Audience::Thread { .. }),
            list: (to_many && row.message.weight != Weight::Emergency)
                .then(|| self.list(row, at(Token::Stop { district, delivery }), domain_part, district)),
            date: row.at,
        }
    }

    /// What marks a letter to many. An emergency has no button: it reaches whoever stopped the others.
    fn list(&self, row: &Claimed, stop_address: String, domain_part: &str, district: DistrictId) -> List {
        // A plus sign is a space to some programs that handle links.
        let code = stop_address.split('@').next().unwrap_or_default().replacen('+', "-", 1);
        List {
            id: format!("school-{}.{domain_part}", row.message.school),
            stop_link: format!("{}/stop/{code}", self.ports.public_url),
            feedback: [row.message.id.to_string(), district.to_string(), row.message.weight.as_str().to_owned(), "homeword".into()],
            stop_address,
        }
    }
}

/// The delivery that a Message-ID of ours is of, `DISTRICT.DELIVERY.ATTEMPT@…`. Anybody can make one up: it proves nothing.
pub(crate) fn named(message_id: &str) -> Option<(DistrictId, DeliveryId)> {
    let numbers: Vec<i64> = message_id.split('@').next()?.split('.').map_while(|number| number.parse().ok()).collect();
    let [district, delivery, _] = numbers[..] else { return None };
    Some((DistrictId(district), DeliveryId(delivery)))
}
