//! A letter of ours taken apart, for companies that want its pieces and put it together again.

use mail_parser::MessageParser;

/// The pieces.
pub(super) struct Apart {
    pub from: (String, String),
    pub reply_to: String,
    pub subject: String,
    pub text: String,
    pub page: String,
    /// What else stands in the head and means something to whoever gets it, unfolded.
    pub headers: Vec<(&'static str, String)>,
}

/// Headers that go along; all others are the company's own to write.
const ALONG: [&str; 9] = [
    "Message-ID",
    "In-Reply-To",
    "References",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "Content-Language",
    "Auto-Submitted",
    "Feedback-ID",
];

/// Of what we composed; `None` where that is no letter.
pub(super) fn apart(raw: &[u8]) -> Option<Apart> {
    let message = MessageParser::default().parse(raw)?;
    let from = message.from()?.first()?;
    let page = (0..message.html_body_count()).find_map(|at| message.body_html(at)).unwrap_or_default();
    Some(Apart {
        from: (from.name().unwrap_or_default().to_owned(), from.address()?.to_owned()),
        reply_to: message.reply_to().and_then(|to| to.first()).and_then(|to| to.address()).unwrap_or_default().to_owned(),
        subject: message.subject().unwrap_or_default().to_owned(),
        text: message.body_text(0).unwrap_or_default().into_owned(),
        page: page.into_owned(),
        headers: ALONG.iter().filter_map(|name| Some((*name, unfolded(message.header_raw(*name)?)))).collect(),
    })
}

fn unfolded(value: &str) -> String {
    value.split_whitespace().collect::<Vec<_>>().join(" ")
}
