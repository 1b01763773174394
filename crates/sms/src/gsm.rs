//! The GSM 7-bit default alphabet and its extension table (3GPP TS 23.038 section 6.2.1).

const BASIC: &str =
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const EXTENDED: &str = "\u{c}^{}\\[~]|€";

/// Septets a character takes: 1, 2 (escape and extension), or `None` outside the alphabet.
pub(crate) fn septets(mark: char) -> Option<u32> {
    if BASIC.contains(mark) {
        Some(1)
    } else if EXTENDED.contains(mark) {
        Some(2)
    } else {
        None
    }
}
