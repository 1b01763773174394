//! How Plivo signs: version 3 covers the address, its query and the form's fields, version 2 the bare address only.
//!
//! Sources: Plivo, "Validating Requests and Responses" (version 2) and "Validation" (version 3); plivo-python
//! `plivo/utils/signature_v3.py` for the exact string. Knows nothing of what the fields mean.

use crate::company::reading::form::Fields;
use crate::company::reading::keys::code;
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::wire::WireCall;
use hmac::Hmac;

/// The strings version 3 may have signed for this call, nonce included; `None` = a body that is no form.
pub(super) fn version_3(call: &WireCall, nonce: &str) -> Option<Vec<Vec<u8>>> {
    let query = Fields::of_query(&call.url);
    let posted = if call.method == "GET" || call.body.is_empty() { None } else { Some(Fields::of(call)?) };
    let forms = posted.as_ref().map_or_else(|| vec![Vec::new()], Fields::signed);
    let mut all = Vec::new();
    for asked in query.signed() {
        for form in &forms {
            let mut text = bare(&call.url).as_bytes().to_vec();
            if !asked.is_empty() || !form.is_empty() {
                text.push(b'?');
            }
            text.extend(joined(&asked, b"=", b"&"));
            if !asked.is_empty() && !form.is_empty() {
                text.push(b'.');
            }
            text.extend(joined(form, b"", b""));
            text.push(b'.');
            text.extend_from_slice(nonce.as_bytes());
            all.push(text);
        }
    }
    Some(all)
}

/// What version 2 signs: neither the query nor the body.
pub(super) fn version_2(call: &WireCall, nonce: &str) -> Vec<u8> {
    format!("{}{nonce}", bare(&call.url)).into_bytes()
}

/// Base64 of HMAC-SHA256 under the auth token.
pub(super) fn signature(token: &str, text: &[u8]) -> String {
    STANDARD.encode(code::<Hmac<sha2::Sha256>>(token, &[text]))
}

fn bare(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or_default()
}

fn joined(fields: &[(&str, &[u8])], inside: &[u8], between: &[u8]) -> Vec<u8> {
    let mut sorted = fields.to_vec();
    sorted.sort_unstable();
    let pairs: Vec<Vec<u8>> = sorted.iter().map(|(name, value)| [name.as_bytes(), inside, value].concat()).collect();
    pairs.join(between)
}
