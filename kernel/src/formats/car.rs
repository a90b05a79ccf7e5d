//! Find the sections of a CAR: `section := varint(length) cid data`.

use crate::cid::{CID, PLAIN_PREFIX, RAW_PREFIX};
use crate::varint::{Varint, read_varint};

/// One section that is plainly framed, by its place in the buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section {
    /// Where its varint begins.
    pub start: u32,
    /// Where its CID begins.
    pub body: u32,
    /// Bytes of CID and data together.
    pub length: u32,
}

/// Why the search for sections came to an end; see `seam.Stop`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The buffer is used up.
    End,
    /// The next section is not wholly in the buffer.
    Cut,
    /// The next section is not plainly framed.
    HandedOver,
}

/// Append the sections of `data` from `start` on, and return where they end.
///
/// Buffers are far below 4 GiB: the caller reads a MiB at a time, and sections
/// of over 32 MiB never reach the kernel.
pub fn sections(data: &[u8], start: usize, found: &mut Vec<Section>) -> (usize, Stop) {
    let mut position = start;
    while position < data.len() {
        let (length, body) = match read_varint(data, position) {
            Varint::Number(length, body) => (length, body),
            Varint::Cut => return (position, Stop::Cut),
            Varint::TooLong => return (position, Stop::HandedOver),
        };
        let padded = body - position > 1 && data[body - 1] == 0;
        if padded || length < CID as u64 {
            return (position, Stop::HandedOver);
        }
        let rest = &data[body..];
        if length > rest.len() as u64 {
            return (position, Stop::Cut);
        }
        if !rest.starts_with(&PLAIN_PREFIX) && !rest.starts_with(&RAW_PREFIX) {
            return (position, Stop::HandedOver);
        }
        let (Ok(begin), Ok(at), Ok(size)) = (
            u32::try_from(position),
            u32::try_from(body),
            u32::try_from(length),
        ) else {
            return (position, Stop::HandedOver);
        };
        found.push(Section {
            start: begin,
            body: at,
            length: size,
        });
        position = body + size as usize;
    }
    (position, Stop::End)
}
