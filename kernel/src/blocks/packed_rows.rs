//! Rows in packed form, as the cache keeps them: tag, offset, length, head and
//! mark, little-endian. Without the number of the type.

use crate::blocks::block::Block;
use crate::blocks::kind::Kind;

/// Bytes of a row in packed form.
pub const PACKED: usize = 30;

/// Append a row.
pub fn pack(block: &Block, out: &mut Vec<u8>) {
    out.extend(block.tag.to_le_bytes());
    out.extend(block.offset.to_le_bytes());
    out.extend(block.length.to_le_bytes());
    out.extend([block.head, block.mark]);
}

/// Return the row that was packed.
#[must_use]
pub fn unpacked(row: &[u8; PACKED]) -> Block {
    let mut tag = [0; 16];
    tag.copy_from_slice(&row[..16]);
    let mut offset = [0; 8];
    offset.copy_from_slice(&row[16..24]);
    let mut length = [0; 4];
    length.copy_from_slice(&row[24..28]);
    Block {
        tag: u128::from_le_bytes(tag),
        offset: u64::from_le_bytes(offset),
        length: u32::from_le_bytes(length),
        kind: Kind::None,
        head: row[28],
        mark: row[29],
    }
}
