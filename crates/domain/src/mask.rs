//! Personal data that prints a mask in `Debug` (invariant 11): phones, addresses, bodies.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! masked {
    ($($(#[$doc:meta])* $name:ident => $mask:expr),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps what was read or typed; nothing is checked here.
            pub fn new(raw: impl Into<String>) -> Self { Self(raw.into()) }
            /// The words themselves, for whoever must carry or show them.
            pub fn reveal(&self) -> &str { &self.0 }
            /// The words themselves, owned.
            pub fn into_inner(self) -> String { self.0 }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let mask: fn(&str) -> String = $mask;
                f.write_str(&mask(&self.0))
            }
        }
        impl From<String> for $name { fn from(raw: String) -> Self { Self(raw) } }
        impl From<&str> for $name { fn from(raw: &str) -> Self { Self(raw.to_owned()) } }
    )*};
}

masked! {
    /// A phone number, E.164 with its plus sign.
    Phone => |raw| format!("…{}", tail(raw, 2)),
    /// An email address.
    Address => |raw| format!("…@{}", raw.rsplit_once('@').map_or("", |(_, domain)| domain)),
    /// What somebody wrote.
    Body => |raw| format!("[{} characters]", raw.chars().count()),
}

impl Phone {
    /// Whether this is a number as the whole world writes it, with its plus sign and long enough to be one.
    pub fn is_international(number: &str) -> bool {
        number.starts_with('+') && number.len() >= 9
    }
}

fn tail(text: &str, count: usize) -> String {
    let skip = text.chars().count().saturating_sub(count);
    text.chars().skip(skip).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_personal_data() {
        assert_eq!(format!("{:?}", Phone::new("+12035550123")), "…23");
        assert_eq!(format!("{:?}", Address::new("amina@families.example")), "…@families.example");
        assert_eq!(format!("{:?}", Body::new("Mi hijo está enfermo")), "[20 characters]");
    }
}
