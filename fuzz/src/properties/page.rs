//! What must hold of any page that comes as a letter, and of any report of a mail server: what holds of a letter. A target of its own
//! reaches further into each than one that has to find the heads first.

use super::letter;

/// Takes an input for a page.
#[allow(dead_code, reason = "each target has one of the two")]
pub fn holds(bytes: &[u8]) {
    letter::holds(&[b"From: a@families.example\r\nContent-Type: text/html; charset=utf-8\r\nSubject: x\r\n\r\n", bytes].concat());
}

/// Takes it for what a report tells machines.
#[allow(dead_code, reason = "each target has one of the two")]
pub fn report_holds(bytes: &[u8]) {
    for kind in ["delivery-status", "feedback-report"] {
        let head = format!(
            "From: MAILER-DAEMON@mx.example\r\nContent-Type: multipart/report; report-type={kind}; boundary=e\r\n\r\n--e\r\n\r\nx\r\n--e\r\nContent-Type: message/{kind}\r\n\r\n"
        );
        letter::holds(&[head.as_bytes(), bytes, b"\r\n--e--\r\n"].concat());
    }
}
