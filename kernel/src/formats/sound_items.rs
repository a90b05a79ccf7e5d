//! Items of a block, one after the other: heads, contents and links.
//!
//! Whatever the bytes are, nothing is read beyond their end. That they are
//! strict is for `dagcbor` to say.

use crate::cid::{CID, LINK, LINK_HEAD};

/// The major type of bytes.
pub const BYTES: u8 = 2;
/// The major type of text.
pub const TEXT: u8 = 3;
/// The major type of arrays.
pub const ARRAY: u8 = 4;
/// The major type of maps.
pub const MAP: u8 = 5;
/// The major type of floats, and of false, true and null.
pub const OTHER: u8 = 7;

/// Read the head of an item: its major type and argument.
#[inline]
pub fn head(rest: &mut &[u8]) -> Option<(u8, u64)> {
    let (&first, behind) = rest.split_first()?;
    let (major, low) = (first >> 5, first & 31);
    if low < 24 {
        *rest = behind;
        return Some((major, u64::from(low)));
    }
    if low > 27 {
        return None;
    }
    let (bytes, behind) = behind.split_at_checked(1 << (low - 24))?;
    *rest = behind;
    let add = |sum, &byte: &u8| sum << 8 | u64::from(byte);
    Some((major, bytes.iter().fold(0, add)))
}

/// Read the head of an item in its shortest form, as `head`; of major type 7, that
/// of a float of 64 bits alone.
#[inline]
pub fn canonical_head(rest: &mut &[u8]) -> Option<(u8, u64)> {
    let before = rest.len();
    let (major, argument) = head(rest)?;
    let size = before - rest.len();
    if major == OTHER {
        return (size == 9).then_some((major, argument));
    }
    let least = match size {
        1 => 0,
        2 => 24,
        3 => 1 << 8,
        5 => 1 << 16,
        _ => 1 << 32,
    };
    (argument >= least).then_some((major, argument))
}

/// Take so many bytes.
#[inline]
pub fn take<'a>(rest: &mut &'a [u8], count: u64) -> Option<&'a [u8]> {
    let (taken, behind) = rest.split_at_checked(usize::try_from(count).ok()?)?;
    *rest = behind;
    Some(taken)
}

/// Take a link, if there is one, and return its CID.
#[inline]
pub fn link<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8; CID]> {
    let (link, behind) = rest.split_first_chunk::<LINK>()?;
    let (head, cid) = link.split_first_chunk()?;
    if *head != LINK_HEAD {
        return None;
    }
    *rest = behind;
    cid.first_chunk()
}
