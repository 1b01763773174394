//! Numbers and addresses as schools write them.

/// E.164 of a number as a school in this country writes it; `None` if it is none.
pub(crate) fn e164(written: &str) -> Option<String> {
    let number = phonenumber::parse(Some(phonenumber::country::US), written).ok()?;
    // Fictional numbers (555-01xx) are not valid, and samples need them: possible is enough. The carrier judges the rest.
    let national = number.national().value().to_string();
    let plausible = if number.code().value() == 1 { national.len() == 10 } else { (6..=14).contains(&national.len()) };
    plausible.then(|| number.format().mode(phonenumber::Mode::E164).to_string())
}

/// The longest address: RFC 5321 section 4.5.3.1 has 64 octets before the @ and 255 behind it.
const LONGEST: usize = 320;

/// An address in lower case; `None` if it is none.
pub(crate) fn address(written: &str) -> Option<String> {
    let (local, domain) = written.trim().rsplit_once('@')?;
    let plain =
        |part: &str| !part.is_empty() && !part.chars().any(|mark| mark.is_whitespace() || mark.is_control() || "<>(),;\"".contains(mark));
    (written.len() <= LONGEST
        && plain(local)
        && plain(domain)
        && domain.contains('.')
        && !domain.starts_with('.')
        && !domain.ends_with('.'))
    .then(|| format!("{local}@{domain}").to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_schools_write_them() {
        for written in ["203-555-0123", "(203) 555-0123", "1 203 555 0123", "+1 203.555.0123", "2035550123"] {
            assert_eq!(e164(written).as_deref(), Some("+12035550123"), "{written}");
        }
        assert_eq!(e164("+52 55 1234 5678").as_deref(), Some("+525512345678"));
        for written in ["", "555-0123", "none", "call the aunt", "203-555-01234567"] {
            assert_eq!(e164(written), None, "{written}");
        }
        assert_eq!(address(" Layla@Families.Example ").as_deref(), Some("layla@families.example"));
        assert_eq!(address(&format!("{}@x.example", "a".repeat(3000))), None, "no index takes it");
        for written in ["", "layla", "layla@", "@x.example", "a b@x.example", "a@example"] {
            assert_eq!(address(written), None, "{written}");
        }
    }
}
