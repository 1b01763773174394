//! The stop button of a letter to many, in a mail program or on the page behind it. Whoever holds the letter can stop its like and do
//! nothing else with it: RFC 8058 allows no question. Its family is told, and how to take it back.

use crate::render::UNKNOWN;
use crate::speech::Spoke;
use crate::*;
use domain::conversation::Place;
use domain::letter::{LetterKind, Token, TokenRead};
use domain::message::Weight;

/// What the page behind the button says, in the family's language.
#[derive(Clone, Debug)]
pub struct StopButton {
    /// BCP 47 of all of it but the school's name.
    pub language: String,
    /// Whose letters.
    pub school: String,
    /// "Do you want no more letters from …?"
    pub question: String,
    /// The button.
    pub action: String,
    /// What it says afterwards.
    pub stopped: String,
}

impl Flows {
    /// Where a stop goes that was asked for by a link with this code; the domain says nothing. `None`: it is not ours.
    pub fn stop_address(&self, code: &str) -> Option<String> {
        matches!(self.ports.letters.token(code), TokenRead::Ok(Token::Stop { .. })).then(|| format!("{code}@one-click.invalid"))
    }

    /// What the page behind a link says; nothing is written. `None`: the link is not ours, or its letter is gone.
    pub async fn stop_button(&self, code: &str) -> Flow<Option<StopButton>> {
        let TokenRead::Ok(Token::Stop { district, delivery }) = self.ports.letters.token(code) else {
            return Ok(None);
        };
        let Some(info) = self.ports.outbound.delivery(district, delivery).await? else {
            return Ok(None);
        };
        let schools = self.ports.people.schools(district).await?;
        let Some(school) = schools.into_iter().find(|school| school.id == info.message.school).map(|school| school.short_name) else {
            return Ok(None);
        };
        let said = |language: &str| {
            let say = |key| self.speech.say(language, key, &[("school", &school)]);
            let (question, action, stopped) = (say("email-stop-ask")?, say("email-stop-button")?, say("email-stopped")?);
            Some(StopButton { language: language.to_owned(), school: school.clone(), question, action, stopped })
        };
        let home = Some(info.rendition.language.as_str()).filter(|language| *language != UNKNOWN);
        Ok(home.and_then(said).or_else(|| said(&info.message.language)).or_else(|| said("en")))
    }

    /// The stop itself: a mail program's empty letter, or what [`Flows::stop_address`] was told.
    pub(crate) async fn stop_letter(&self, id: DistrictId, incoming: &NewIncoming, delivery: DeliveryId) -> Flow<Conclusion> {
        let Some(info) = self.ports.outbound.delivery(id, delivery).await? else {
            return self.open_letter(id, incoming).await;
        };
        let letter = self.ports.letters.read(&incoming.raw, None);
        let arrival = self.letter_arrival(id, incoming, &letter, info.contact, info.sender, String::new()).await?;
        // A mail program's press says of itself that it is automatic (Apple's does); only reports about a letter are none.
        if matches!(letter.kind, LetterKind::Bounce | LetterKind::Complaint) {
            return Ok(self.by_nobody(&arrival, Place::Handled, "An automatic email of a mail system."));
        }
        // Pressed again and again, by whoever holds the letter, it writes to nobody.
        if arrival.card.blocked & Weight::STOP_BITS == Weight::STOP_BITS {
            return Ok(self.by_nobody(&arrival, Place::Handled, "STOP once more: it was stopped already."));
        }
        self.keyword(&arrival, Spoke::Stop).await
    }
}
