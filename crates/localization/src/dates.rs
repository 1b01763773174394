//! Dates and times as a family reads them: Gregorian, Latin digits, twelve hours, ordinary spaces (a narrow no-break space
//! would force UCS-2).

use icu_calendar::Date;
use icu_datetime::fieldsets::{MDE, T};
use icu_datetime::{DateTimeFormatter, NoCalendarFormatter};
use icu_locale::Locale;
use icu_time::Time;

/// Without CLDR data ICU prints "2026 M11 5": these languages have tables of their own, Monday and January first.
const OWN: &[(&str, [&str; 7], [&str; 12])] = &[(
    "ht",
    ["lendi", "madi", "mèkredi", "jedi", "vandredi", "samdi", "dimanch"],
    ["janvye", "fevriye", "mas", "avril", "me", "jen", "jiyè", "out", "septanm", "oktòb", "novanm", "desanm"],
)];

/// "jueves, 12 de marzo"; `None` for a date that does not exist or a language there is no data for.
pub fn date(language: &str, year: i32, month: u8, day: u8) -> Option<String> {
    let date = Date::try_new_iso(year, month, day).ok()?;
    if let Some((_, days, months)) = OWN.iter().find(|(tag, _, _)| *tag == language) {
        let weekday = days.get(date.weekday() as usize - 1)?;
        return Some(format!("{weekday} {day} {}", months.get(usize::from(month) - 1)?));
    }
    let formatter = DateTimeFormatter::try_new(locale(language)?.into(), MDE::long()).ok()?;
    Some(squeeze(&formatter.format(&date).to_string()))
}

/// "5:30 PM", "5:30 p. m.", "5:30 م". A language with tables of its own writes times as families read them on US phones.
pub fn time(language: &str, hour: u8, minute: u8) -> Option<String> {
    let language = if OWN.iter().any(|(tag, _, _)| *tag == language) { "en" } else { language };
    let time = Time::try_new(hour, minute, 0, 0).ok()?;
    let formatter = NoCalendarFormatter::try_new(locale(language)?.into(), T::hm()).ok()?;
    Some(squeeze(&formatter.format(&time).to_string()))
}

/// The region of the district's families: twelve-hour clock, Gregorian calendar, Latin digits.
fn locale(language: &str) -> Option<Locale> {
    let region = match language {
        "en" | "es" => "-US",
        _ => "",
    };
    format!("{language}{region}-u-ca-gregory-hc-h12-nu-latn").parse().ok()
}

fn squeeze(text: &str) -> String {
    text.chars()
        .filter(|mark| !matches!(mark, '\u{200e}' | '\u{200f}' | '\u{61c}'))
        .map(|mark| if matches!(mark, '\u{202f}' | '\u{a0}') { ' ' } else { mark })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_with_words_has_dates_and_times() {
        for tag in crate::Catalogue::shipped().languages() {
            let (date, time) = (date(tag, 2026, 3, 11).expect(tag), time(tag, 17, 30).expect(tag));
            assert!(date.contains("11") && !date.contains("M0") && !date.contains("2026"), "{tag}: {date}");
            assert!(time.contains("5:30"), "{tag}: {time}");
            assert!(!date.chars().chain(time.chars()).any(|mark| matches!(mark, '\u{202f}' | '\u{a0}' | '\u{200f}')), "{tag}");
        }
    }

    #[test]
    fn gregorian_latin_digits_twelve_hours_ordinary_spaces() {
        assert_eq!(date("es", 2026, 3, 12).as_deref(), Some("jueves, 12 de marzo"));
        assert_eq!(date("en", 2026, 3, 12).as_deref(), Some("Thursday, March 12"));
        assert_eq!(date("ar", 2026, 3, 12).as_deref(), Some("الخميس، 12 مارس"));
        assert_eq!(date("fa-AF", 2026, 11, 5).map(|text| text.contains('5')), Some(true));
        assert_eq!(time("en", 17, 30).as_deref(), Some("5:30 PM"));
        assert!(time("es", 17, 30).is_some_and(|text| text.starts_with("5:30") && text.is_ascii()));
        assert_eq!(date("ht", 2026, 3, 12).as_deref(), Some("jedi 12 mas"));
        assert_eq!(date("ht", 2026, 12, 6).as_deref(), Some("dimanch 6 desanm"));
        assert_eq!(time("ht", 17, 30).as_deref(), Some("5:30 PM"));
        assert_eq!(date("es", 2026, 2, 30), None);
    }
}
