//! Dates and times as a family reads them: Gregorian, Latin digits, twelve hours, ordinary spaces (a narrow no-break space
//! would force UCS-2).

use icu_calendar::Date;
use icu_datetime::fieldsets::{MDE, T};
use icu_datetime::{DateTimeFormatter, NoCalendarFormatter};
use icu_locale::Locale;
use icu_time::Time;

/// "jueves, 12 de marzo"; `None` for a date that does not exist or a language ICU has no data for.
pub fn date(language: &str, year: i32, month: u8, day: u8) -> Option<String> {
    let date = Date::try_new_iso(year, month, day).ok()?;
    let formatter = DateTimeFormatter::try_new(locale(language)?.into(), MDE::long()).ok()?;
    Some(squeeze(&formatter.format(&date).to_string()))
}

/// "5:30 PM", "5:30 p. m.", "5:30 م".
pub fn time(language: &str, hour: u8, minute: u8) -> Option<String> {
    let time = Time::try_new(hour, minute, 0, 0).ok()?;
    let formatter = NoCalendarFormatter::try_new(locale(language)?.into(), T::hm()).ok()?;
    Some(squeeze(&formatter.format(&time).to_string()))
}

/// The region of the district's families: twelve-hour clock, Gregorian calendar, Latin digits.
fn locale(language: &str) -> Option<Locale> {
    let region = match language {
        "en" | "es" => "-US",
        // Without CLDR data ICU would print "2026 M11 5": their own tables, or none.
        "ht" => return None,
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
    fn gregorian_latin_digits_twelve_hours_ordinary_spaces() {
        assert_eq!(date("es", 2026, 3, 12).as_deref(), Some("jueves, 12 de marzo"));
        assert_eq!(date("en", 2026, 3, 12).as_deref(), Some("Thursday, March 12"));
        assert_eq!(date("ar", 2026, 3, 12).as_deref(), Some("الخميس، 12 مارس"));
        assert_eq!(date("fa-AF", 2026, 11, 5).map(|text| text.contains('5')), Some(true));
        assert_eq!(time("en", 17, 30).as_deref(), Some("5:30 PM"));
        assert!(time("es", 17, 30).is_some_and(|text| text.starts_with("5:30") && text.is_ascii()));
        assert_eq!(date("ht", 2026, 3, 12), None);
        assert_eq!(date("es", 2026, 2, 30), None);
    }
}
