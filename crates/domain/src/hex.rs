//! Bytes as hexadecimal digits: hashes, keys and secrets as words.

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Lower-case hexadecimal digits, two a byte.
pub fn hex(bytes: &[u8]) -> String {
    // Called for each text and each webhook: a formatter a byte was a thirtieth of what a text costs.
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_byte_is_two_digits() {
        for byte in 0..=255u8 {
            assert_eq!(super::hex(&[byte]), format!("{byte:02x}"));
        }
        assert_eq!((super::hex(&[]), super::hex(&[0, 10, 255])), (String::new(), "000aff".into()));
    }
}
