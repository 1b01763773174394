//! Frames: how a record lies in the file, and how a reader tells a whole one from one that was cut or damaged.
//!
//! Length of the payload (4 bytes, little-endian), CRC-32 (IEEE 802.3) over those four bytes and the payload, payload. Must
//! never know what a payload says.

use super::disk::Disk;
use std::io;

/// Bytes before a payload.
pub const HEADER: u64 = 8;
/// The largest payload: a letter as LMTP takes it, with its envelope.
pub const MOST: usize = 32 * 1024 * 1024;

/// What stands at a place of the file.
#[derive(Debug, PartialEq, Eq)]
pub enum Frame {
    /// A payload, and where the next frame begins.
    Whole(Vec<u8>, u64),
    /// Bytes that changed since they were written, in front of a frame that is whole; where that one begins.
    Damaged(u64),
    /// Nothing readable from here to the end: a write that was cut.
    Torn,
}

/// A payload as it is written.
pub fn framed(payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap_or(u32::MAX).to_le_bytes();
    let mut bytes = Vec::with_capacity(payload.len() + HEADER as usize);
    bytes.extend_from_slice(&length);
    bytes.extend_from_slice(&checksum(&[&length, payload]).to_le_bytes());
    bytes.extend_from_slice(payload);
    bytes
}

/// Reads what stands at `at` in a file of `end` bytes.
pub fn read(disk: &dyn Disk, at: u64, end: u64) -> io::Result<Frame> {
    let Some(next) = extent(disk, at, end)? else { return Ok(Frame::Torn) };
    if let Some(payload) = whole(disk, at, next)? {
        return Ok(Frame::Whole(payload, next));
    }
    // A length that leads to a whole frame was true: only this payload is lost, not what stands behind it.
    let follows = match extent(disk, next, end)? {
        Some(after) => whole(disk, next, after)?.is_some(),
        None => false,
    };
    Ok(if follows { Frame::Damaged(next) } else { Frame::Torn })
}

/// Where the frame at `at` says it ends; `None` where that cannot be.
fn extent(disk: &dyn Disk, at: u64, end: u64) -> io::Result<Option<u64>> {
    if end.saturating_sub(at) < HEADER {
        return Ok(None);
    }
    let mut length = [0; 4];
    disk.read_at(at, &mut length)?;
    let length = u32::from_le_bytes(length);
    let next = at + HEADER + u64::from(length);
    // A length of nothing is a hole that a file system filled with zeros.
    Ok((length > 0 && length as usize <= MOST && next <= end).then_some(next))
}

fn whole(disk: &dyn Disk, at: u64, next: u64) -> io::Result<Option<Vec<u8>>> {
    let mut header = [0; HEADER as usize];
    disk.read_at(at, &mut header)?;
    let (length, sum) = header.split_at(4);
    let mut payload = vec![0; usize::try_from(next - at - HEADER).unwrap_or(0)];
    disk.read_at(at + HEADER, &mut payload)?;
    Ok((checksum(&[length, &payload]).to_le_bytes() == sum).then_some(payload))
}

const TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut index = 0;
    while index < 256 {
        let mut value = index as u32;
        let mut bit = 0;
        while bit < 8 {
            value = if value & 1 == 1 { (value >> 1) ^ 0xedb8_8320 } else { value >> 1 };
            bit += 1;
        }
        table[index] = value;
        index += 1;
    }
    table
};

fn checksum(parts: &[&[u8]]) -> u32 {
    let bytes = parts.iter().flat_map(|part| part.iter());
    !bytes.fold(u32::MAX, |sum, byte| TABLE[((sum ^ u32::from(*byte)) & 255) as usize] ^ (sum >> 8))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_checksum_is_the_one_of_the_standard() {
        assert_eq!(super::checksum(&[b"1234", b"56789"]), 0xcbf4_3926);
    }
}
