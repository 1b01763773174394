//! A report as mail servers write it (RFC 3464, RFC 5965), made of what a company told in its own words: so that there is one way for
//! letters that came back, whoever says so.

use domain::carrier::{MailHappened, MailReport};
use domain::letter::BounceClass;

/// The letter; `None` where the company says nothing that changes anything.
pub fn report(said: &MailReport) -> Option<Vec<u8>> {
    let recipient: String =
        said.recipient.reveal().chars().filter(|mark| mark.is_ascii_graphic() && !"<>".contains(*mark)).take(254).collect();
    let (kind, part, fields) = match &said.happened {
        MailHappened::Delivered | MailHappened::Late => return None,
        MailHappened::Failed { class, status } => {
            let fields = format!("Action: failed\r\nStatus: {}\r\n", written(*class, status));
            (
                "delivery-status",
                "message/delivery-status",
                format!("Reporting-MTA: dns; homeword.invalid\r\n\r\nFinal-Recipient: rfc822; {recipient}\r\n{fields}"),
            )
        }
        MailHappened::Unwanted => (
            "feedback-report",
            "message/feedback-report",
            format!("Feedback-Type: abuse\r\nUser-Agent: Homeword\r\nVersion: 1\r\nOriginal-Rcpt-To: {recipient}\r\n"),
        ),
    };
    let edge = "=_homeword-report";
    Some(
        format!(
            "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type={kind}; boundary=\"{edge}\"\r\n\r\n--{edge}\r\nContent-Type: text/plain\r\n\r\nAs the mail company told it.\r\n--{edge}\r\nContent-Type: {part}\r\n\r\n{fields}\r\n--{edge}--\r\n"
        )
        .into_bytes(),
    )
}

/// A status that says of the address what the company says of it: theirs where it does.
fn written(class: BounceClass, status: &str) -> &str {
    let (begins, otherwise): (&[&str], _) = match class {
        BounceClass::Hard => (&["5.1."], "5.1.1"),
        BounceClass::Policy => (&["5.7."], "5.7.1"),
        BounceClass::Soft => (&["4.", "5.2.2"], "5.0.0"),
    };
    if begins.iter().any(|begin| status.starts_with(begin)) { status } else { otherwise }
}
