//! What is compiled in. Adding a language is one entry in [`LOCALES`] and a folder in `locales/`.

/// A language's files: (tag, Fluent sources, keywords, risk phrases, mail words).
#[derive(Clone, Copy)]
pub(crate) struct Locale {
    pub tag: &'static str,
    pub fluent: &'static [&'static str],
    pub keywords: &'static str,
    pub risk: &'static str,
    pub mail: &'static str,
}

macro_rules! locale {
    ($tag:literal $(, $more:literal)*) => {
        Locale {
            tag: $tag,
            fluent: &[
                include_str!(concat!("../../../locales/", $tag, "/product.ftl")),
                include_str!(concat!("../../../locales/", $tag, "/phrases.ftl")),
                $(include_str!(concat!("../../../locales/", $tag, "/", $more))),*
            ],
            keywords: include_str!(concat!("../../../locales/", $tag, "/keywords.toml")),
            risk: include_str!(concat!("../../../locales/", $tag, "/risk.toml")),
            mail: include_str!(concat!("../../../locales/", $tag, "/mail.toml")),
        }
    };
}

/// What mail programs say in languages that have no folder yet.
pub(crate) const OTHER_MAIL: &str = include_str!("../../../locales/mail.toml");

/// Languages with words. English first: it is the source.
pub(crate) const LOCALES: &[Locale] = &[
    locale!("en", "staff.ftl"),
    locale!("es"),
    locale!("pt-BR"),
    locale!("ht"),
    locale!("zh-Hans"),
    locale!("zh-Hant"),
    locale!("ar"),
    locale!("vi"),
    locale!("ur"),
    locale!("so"),
    locale!("pl"),
    locale!("fa-AF"),
    locale!("uk"),
    locale!("sw"),
];

/// `config/languages.toml`.
pub(crate) const LANGUAGES: &str = include_str!("../../../config/languages.toml");

/// `locales/phrases.toml`.
pub(crate) const PHRASES: &str = include_str!("../../../locales/phrases.toml");
