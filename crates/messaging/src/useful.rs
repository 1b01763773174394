//! Until when a message is of use (DIALOGUE 8): proposed from the dates in it, else by weight. The author sees it and may change it.

use domain::Time;
use domain::message::{Weight, Words};
use jiff::civil::{Date, DateTime, Time as Clock, Weekday};
use jiff::tz::TimeZone;

/// The hour at which a day named without a time is over.
const EVENING: i8 = 20;

/// The proposal; always after `start`.
pub(crate) fn until(words: &Words, weight: Weight, start: Time, zone: &TimeZone) -> Time {
    let days = match weight {
        Weight::Emergency | Weight::Urgent => 1,
        Weight::Essential => 14,
        Weight::Routine | Weight::Community => 3,
    };
    let today = start.in_zone(zone).date();
    let named = match words {
        Words::Phrase { arguments, .. } => {
            let time: Option<Clock> = arguments.get("time").and_then(|text| text.parse().ok());
            let date: Option<Date> = arguments.get("date").and_then(|text| text.parse().ok());
            match (date, time) {
                (Some(date), time) => Some(date.to_datetime(time.unwrap_or(Clock::constant(EVENING, 0, 0, 0)))),
                (None, Some(time)) => Some(today.to_datetime(time)),
                (None, None) => None,
            }
        }
        Words::Free { text } => last_day(text, today).map(|date| date.at(EVENING, 0, 0, 0)),
    };
    let named = named.map(|when: DateTime| Time::of_local(when, zone)).filter(|end| *end > start);
    named.unwrap_or_else(|| start.plus_days(days))
}

/// The last day that an English text names within the next year: "March 12", "Mar. 12", "3/12", a weekday.
fn last_day(text: &str, today: Date) -> Option<Date> {
    let words: Vec<String> = text
        .split(|mark: char| mark.is_whitespace() || ",;()!?".contains(mark))
        .map(|word| word.trim_matches('.').to_lowercase())
        .collect();
    let mut found = Vec::new();
    for (index, word) in words.iter().enumerate() {
        if let Some(month) = month(word)
            && let Some(day) = words.get(index + 1).and_then(|word| word.trim_end_matches(char::is_alphabetic).parse().ok())
        {
            found.extend(next(month, day, today));
        }
        if let Some((month, day)) = word.split_once('/')
            && let (Ok(month), Ok(day)) = (month.parse(), day.parse())
        {
            found.extend(next(month, day, today));
        }
        if let Some(weekday) = weekday(word) {
            found.extend(today.yesterday().ok().and_then(|before| before.nth_weekday(1, weekday).ok()));
        }
    }
    found.into_iter().max()
}

/// The next such day from today on.
fn next(month: i8, day: i8, today: Date) -> Option<Date> {
    let this_year = Date::new(today.year(), month, day).ok()?;
    if this_year >= today { Some(this_year) } else { Date::new(today.year() + 1, month, day).ok() }
}

fn month(word: &str) -> Option<i8> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let long = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
    (0..12).find(|index| word == MONTHS[*index] || word == long[*index] || word == "sept" && *index == 8).map(|index| index as i8 + 1)
}

fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "monday" => Weekday::Monday,
        "tuesday" => Weekday::Tuesday,
        "wednesday" => Weekday::Wednesday,
        "thursday" => Weekday::Thursday,
        "friday" => Weekday::Friday,
        "saturday" => Weekday::Saturday,
        "sunday" => Weekday::Sunday,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proposed_from_the_dates_in_it_else_by_weight() {
        let zone = domain::time::zone("America/New_York");
        let start = Time::of_local(jiff::civil::date(2026, 3, 10).at(10, 0, 0, 0), &zone);
        let free =
            |text: &str| until(&Words::Free { text: text.into() }, Weight::Routine, start, &zone).in_zone(&zone).datetime().to_string();
        assert_eq!(free("Class meeting Thursday at 5:30 PM."), "2026-03-12T20:00:00");
        assert_eq!(free("The trip is on March 20th; money by 3/13, please."), "2026-03-20T20:00:00");
        assert_eq!(free("Tuesday is library day"), "2026-03-10T20:00:00");
        assert_eq!(free("On Jan 5 we start again"), "2027-01-05T20:00:00");
        assert_eq!(free("You may bring 3 books"), "2026-03-13T10:00:00");
        let arguments = [("date", "2026-03-12"), ("time", "17:30")].map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let phrase = Words::Phrase { key: "class-meeting".into(), arguments };
        assert_eq!(until(&phrase, Weight::Routine, start, &zone).in_zone(&zone).datetime().to_string(), "2026-03-12T17:30:00");
    }
}
